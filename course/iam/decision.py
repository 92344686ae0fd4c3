"""The outcome of an evaluation: what was decided, by which policy type and statement, and why, in AWS's words.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from course.iam.grammar import POLICY_TYPES
from course.iam.policies import Found, Policies
from course.iam.request import Request

if TYPE_CHECKING:
    from course.iam.explanation import PolicyTypeExplanation

__all__ = ["ALLOWED", "EXPLICIT_DENY", "IMPLICIT_DENY", "Decision", "access_denied_message"]

# The three values of EvalDecision in IAM's policy simulator.
ALLOWED, EXPLICIT_DENY, IMPLICIT_DENY = "allowed", "explicitDeny", "implicitDeny"


@dataclass(frozen=True)
class Decision:
    """`decision` is "allowed", "explicitDeny" or "implicitDeny". `decided_by` is the policy type that decided:
    "identity", "resource", "trust", "boundary", "session", "scp", "rcp", or "root" for the root user's own power.
    `found` is the deciding statement with its policy; None where the decision is the lack of an allow.
    """

    decision: str
    decided_by: str
    found: Found | None
    request: Request
    policies: Policies

    @property
    def allowed(self) -> bool:
        """May the request be made?"""
        return self.decision == ALLOWED

    @property
    def reason(self) -> str:
        """Why, as AWS words it: "because no identity-based policy allows the iam:ListUsers action"."""
        name = POLICY_TYPES.get(self.decided_by, "")
        if self.decision == EXPLICIT_DENY:
            article = "the" if self.decided_by == "trust" else "an" if name[0] in "aeiou" else "a"
            return f"with an explicit deny in {article} {name}"
        if self.decision == IMPLICIT_DENY:
            return f"because no {name} allows the {self.request.action} action"
        if self.found is None:
            return "because the root user of the account has full access"
        return f"because {'the' if self.decided_by == 'trust' else 'a' if name[0] not in 'aeiou' else 'an'} {name} allows it"

    @cached_property
    def explanation(self) -> list[PolicyTypeExplanation]:
        """Each policy type that was evaluated, with each statement and each element: computed when asked for."""
        from course.iam.explanation import explain

        return explain(self.request, self.policies)

    def as_data(self) -> dict:
        """The decision and its explanation as plain dicts, lists, texts and Booleans, for pictures and checks."""
        from course.iam.explanation import as_data

        return as_data(self)

    def __repr__(self) -> str:
        from course.iam.explanation import as_text

        return as_text(self)


def access_denied_message(decision: Decision, on_resource: bool = True, policy_arn: bool = False) -> str:
    """The message of AWS's access denied error; services put it under codes of their own.

    `on_resource=False` leaves the resource out, as some services do. `policy_arn=True` adds the name of the denying
    policy where it is an ARN, as AWS does for some requests. ValueError if the request is allowed.
    """
    if decision.allowed:
        raise ValueError(f"{decision.request.action} is allowed, so there is no access denied message")
    request, reason = decision.request, decision.reason
    if policy_arn and decision.found and decision.found.policy.startswith("arn:"):
        reason += f": {decision.found.policy}"
    caller = "anonymous" if request.principal.kind == "anonymous" else request.principal.arn
    where = f" on resource: {request.resource}" if on_resource else ""
    return f"User: {caller} is not authorized to perform: {request.action}{where} {reason}"
