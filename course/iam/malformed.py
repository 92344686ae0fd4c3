"""What is wrong with a policy document: AWS's message, the place in the JSON, and the rule in one sentence.

AWS answers the first problem only, with the code MalformedPolicyDocument or LimitExceeded, and mostly without a place;
place and rule are this course's addition. The messages are those that IAM returns.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SYNTAX", "MalformedPolicyDocument", "Problem"]

SYNTAX = "Syntax errors in policy."


@dataclass(frozen=True)
class Problem:
    """`message` is AWS's own, `place` such as "Statement[1].Action" or "line 3, column 5", `rule` what to change."""

    message: str
    place: str
    rule: str
    code: str = "MalformedPolicyDocument"

    def __str__(self) -> str:
        return f"{self.message} At {self.place}: {self.rule}."


class MalformedPolicyDocument(ValueError):
    """A document that AWS refuses. `message` and `code` are AWS's; `place` and `rule` say where and why."""

    def __init__(self, problem: Problem):
        super().__init__(str(problem))
        self.problem = problem
        self.message, self.place, self.rule, self.code = problem.message, problem.place, problem.rule, problem.code
