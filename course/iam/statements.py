"""One statement of a policy, compiled: does it apply to a request, and if not, which element does not match?

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from course.iam.conditions import conditions
from course.iam.matching import ARN_FIELDS, Matches, any_action, any_of, pattern, resource_pattern
from course.iam.principals import PrincipalElement
from course.iam.request import Request
from course.iam.variables import PolicyText

__all__ = ["ElementMatch", "Statement"]


@dataclass(frozen=True)
class ElementMatch:
    """Whether one element of a statement matches: what the policy says, and what the request shows.

    `element` is "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal" or "Condition"; for a
    condition `operator` and `key` say which one. `seen` is None where the request has no such condition key.
    """

    element: str
    matched: bool
    expected: Any
    seen: Any
    operator: str = ""
    key: str = ""

    def __repr__(self) -> str:
        seen = "absent" if self.seen is None else _shown(self.seen)
        if self.element == "Condition":
            verdict = "holds" if self.matched else "fails"
            return f"Condition {self.operator} {self.key} {_shown(self.expected)} {verdict}: the request has {seen}"
        verb = "matches" if self.matched else "does not match"
        return f"{self.element} {_shown(self.expected)} {verb} {seen}"


class Statement:
    """A statement that a policy's grammar allows; `position` counts from 0, as in Statement[0]."""

    __slots__ = ("position", "sid", "effect", "source", "conditions", "_action", "_resource", "_principal", "_negated")

    def __init__(self, source: Mapping[str, Any], position: int, with_variables: bool):
        self.position, self.source = position, source
        self.sid, self.effect = source.get("Sid", ""), source["Effect"]
        self._negated = {name for name in ("NotAction", "NotResource", "NotPrincipal") if name in source}
        self._action = any_action(_listed(source.get("Action", source.get("NotAction"))))
        resources = source.get("Resource", source.get("NotResource"))
        self._resource = None if resources is None else _resources(_listed(resources), with_variables)
        principal = source.get("Principal", source.get("NotPrincipal"))
        self._principal = None if principal is None else PrincipalElement(principal)
        self.conditions = conditions(source.get("Condition", {}), with_variables)

    def applies(self, request: Request, has_boundary: bool = False) -> bool:
        """Do all elements match? `has_boundary` matters to NotPrincipal only."""
        if not self._action_matches(request) or not self._resource_matches(request):
            return False
        if self._principal is not None and not self._principal_matches(request, has_boundary):
            return False
        return all(condition.holds(request.keys) for condition in self.conditions)

    def grants(self, request: Request) -> str:
        """How the Principal element names who asks: "direct", "role", "account" or ""."""
        return self._principal.named_as(request.principal) if self._principal else "direct"

    def explain(self, request: Request, has_boundary: bool = False) -> list[ElementMatch]:
        """Every element of the statement with its own verdict."""
        matches = [
            self._element("Action", self._action_matches(request), request.action),
            self._element("Resource", self._resource_matches(request), request.resource),
        ]
        if self._principal is not None:
            principal = self._principal_matches(request, has_boundary)
            matches.append(self._element("Principal", principal, request.principal.arn))
        for condition in self.conditions:
            holds, seen = condition.holds(request.keys), condition.seen(request.keys)
            matches.append(ElementMatch("Condition", holds, condition.values, seen, condition.operator, condition.key))
        return [match for match in matches if match is not None]

    def _element(self, name: str, matched: bool, seen: str) -> ElementMatch | None:
        name = f"Not{name}" if f"Not{name}" in self._negated else name
        return ElementMatch(name, matched, self.source[name], seen) if name in self.source else None

    def _action_matches(self, request: Request) -> bool:
        return self._action(request.lowered_action) != ("NotAction" in self._negated)

    def _resource_matches(self, request: Request) -> bool:
        # A trust policy has no Resource: the role it is attached to is the resource.
        return self._resource is None or self._resource(request) != ("NotResource" in self._negated)

    def _principal_matches(self, request: Request, has_boundary: bool) -> bool:
        if "NotPrincipal" in self._negated:
            return not self._principal.spares(request.principal, has_boundary)
        return bool(self._principal.named_as(request.principal))


def _listed(value: Any) -> list:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def _shown(value: Any) -> str:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return f'"{value}"' if isinstance(value, str) else repr(value).replace("'", '"')


def _resources(patterns: list[str], with_variables: bool) -> Any:
    """A function of the request. Variables count after the fifth colon of an ARN only, as AWS documents."""
    tests, filled = [], []
    for text in patterns:
        fields = text.split(":", ARN_FIELDS - 1)
        if not text.startswith("arn:"):
            header, tail = None, PolicyText(text, with_variables)
        else:
            # "AWS automatically completes the ARN by adding wildcard characters (*) to all missing fields."
            fields += ["*"] * (ARN_FIELDS - len(fields))
            header, tail = tuple(fields[:-1]), PolicyText(fields[-1], with_variables)
        if tail.fixed:
            tests.append(_resource(header, tail.pieces({})))
        else:
            filled.append((header, tail))
    fixed = any_of(tests) if tests else lambda resource: False
    if not filled:
        return lambda request: fixed(request.resource)

    def matches(request: Request) -> bool:
        if fixed(request.resource):
            return True
        for header, tail in filled:
            pieces = tail.pieces(request.keys)
            # "the resource that includes a policy variable with no value will not match any resource"
            if pieces is not None and _resource(header, pieces)(request.resource):
                return True
        return False

    return matches


def _resource(header: tuple[str, ...] | None, pieces: tuple) -> Matches:
    return pattern(pieces) if header is None else resource_pattern(header, pieces)
