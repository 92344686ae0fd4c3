"""Why a request is allowed or denied: every policy type, statement and element with its own verdict.

The evaluation itself stops as soon as it knows; the explanation looks at everything, and is made when it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

from course.iam.decision import ALLOWED, EXPLICIT_DENY, IMPLICIT_DENY, Decision
from course.iam.evaluation import applying_types
from course.iam.grammar import POLICY_TYPES
from course.iam.policies import Policies, first
from course.iam.request import Request
from course.iam.statements import ElementMatch

__all__ = ["PolicyTypeExplanation", "StatementExplanation", "as_data", "as_text", "explain"]


@dataclass(frozen=True)
class StatementExplanation:
    """One statement: `matched` if all its elements match, else `failed` names the first that does not."""

    policy: str
    position: int
    sid: str
    effect: str
    elements: tuple[ElementMatch, ...]

    @property
    def matched(self) -> bool:
        return all(element.matched for element in self.elements)

    @property
    def failed(self) -> list[ElementMatch]:
        """The elements that do not match."""
        return [element for element in self.elements if not element.matched]

    @property
    def name(self) -> str:
        """Such as: policy 1, Statement[0] "ReadPhotos"."""
        return f"{self.policy}, Statement[{self.position}]" + (f' "{self.sid}"' if self.sid else "")

    def __repr__(self) -> str:
        verdict = "applies" if self.matched else f"does not apply: {self.failed[0]!r}"
        return f"{self.name} ({self.effect}) {verdict}"


@dataclass(frozen=True)
class PolicyTypeExplanation:
    """One policy type: its own verdict, whether it counts for this principal, and its statements."""

    policy_type: str
    verdict: str
    evaluated: bool
    statements: tuple[StatementExplanation, ...]

    def __repr__(self) -> str:
        title = POLICY_TYPES[self.policy_type] + ("" if self.evaluated else " (does not restrict this principal)")
        lines = [f"{title}: {self.verdict}", *(f"  {statement!r}" for statement in self.statements)]
        return "\n".join(lines)


def explain(request: Request, policies: Policies) -> list[PolicyTypeExplanation]:
    """Each policy type that is given, whether it counts or not, in AWS's order."""
    counted = applying_types(request, policies)
    has_boundary = bool(policies.boundary)
    found = []
    for policy_type in ("rcp", "scp", "resource", "trust", "identity", "boundary", "session"):
        named = policies.of(policy_type)
        given = bool(named) or (policy_type == "session" and policies.session is not None)
        if not given and not (policy_type == "identity" and policy_type in counted):
            continue
        statements = tuple(
            StatementExplanation(
                name,
                statement.position,
                statement.sid,
                statement.effect,
                tuple(statement.explain(request, has_boundary)),
            )
            for name, document in named
            for statement in document.statements
        )
        found.append(
            PolicyTypeExplanation(
                policy_type, _verdict(request, policies, policy_type), policy_type in counted, statements
            )
        )
    return found


def _verdict(request: Request, policies: Policies, policy_type: str) -> str:
    """What this policy type says alone."""
    named, has_boundary = policies.of(policy_type), bool(policies.boundary)
    if first(named, request, "Deny", has_boundary):
        return EXPLICIT_DENY
    if policy_type == "rcp":
        return ALLOWED
    levels = policies.service_control if policy_type == "scp" else (named,)
    return ALLOWED if all(first(level, request, "Allow", has_boundary) for level in levels) else IMPLICIT_DENY


def as_text(decision: Decision) -> str:
    """The decision in a terminal: the outcome, the reason, and every statement."""
    request = decision.request
    lines = [f"{decision.decision}: {request.action} on {request.resource} by {request.principal.arn}", decision.reason]
    if decision.found:
        statement = decision.found.statement
        sid = f' "{statement.sid}"' if statement.sid else ""
        lines[-1] += f" ({decision.found.policy}, Statement[{statement.position}]{sid})"
    return "\n".join([*lines, *map(repr, decision.explanation)])


def as_data(decision: Decision) -> dict:
    """Plain data; `deciding_statement` is None where the decision is the lack of an allow."""
    found = decision.found
    deciding = None
    if found:
        deciding = {"policy": found.policy, "position": found.statement.position, "sid": found.statement.sid}
    return {
        "decision": decision.decision,
        "decided_by": decision.decided_by,
        "reason": decision.reason,
        "deciding_statement": deciding,
        "principal": decision.request.principal.arn,
        "action": decision.request.action,
        "resource": decision.request.resource,
        "policy_types": [
            {
                "policy_type": part.policy_type,
                "name": POLICY_TYPES[part.policy_type],
                "verdict": part.verdict,
                "evaluated": part.evaluated,
                "statements": [_statement(statement) for statement in part.statements],
            }
            for part in decision.explanation
        ],
    }


def _statement(statement: StatementExplanation) -> dict:
    return {
        "policy": statement.policy,
        "position": statement.position,
        "sid": statement.sid,
        "effect": statement.effect,
        "matched": statement.matched,
        "elements": [dict(vars(element)) for element in statement.elements],
    }
