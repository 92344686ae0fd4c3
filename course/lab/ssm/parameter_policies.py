"""Policies of advanced parameters: expiration, and notifications before it or when nothing changed.

https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-policies.html
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from moto.ssm.models import SimpleSystemManagerBackend

from course.data import value

from ..gate import Call, Refused, refuses
from ..iam.context import now

_ATTRIBUTES = {
    "Expiration": {"Timestamp"},
    "ExpirationNotification": {"Before", "Unit"},
    "NoChangeNotification": {"After", "Unit"},
}


def policies_in(text: str | None) -> list[dict[str, Any]]:
    """The policies of a parameter; none for what is no list of them."""
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def expires(text: str | None) -> datetime | None:
    """When a parameter with these policies expires."""
    for policy in policies_in(text):
        if policy.get("Type") == "Expiration":
            return _moment(policy["Attributes"]["Timestamp"])
    return None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def remove_expired(backend: SimpleSystemManagerBackend) -> None:
    """Parameters whose time has come are deleted."""
    for name, held in list(backend._parameters.items()):
        end = expires(held[-1].policies) if held and held[-1].policies else None
        if end is not None and end <= now():
            backend.delete_parameter(name)


@refuses("ssm", "PutParameter")
def impossible_policies(call: Call) -> None:
    """A JSON list of at most 10, of known types with their attributes, and one expiration."""
    text = call.params.get("Policies")
    if text is None:
        return
    try:
        policies = json.loads(text)
    except ValueError:
        raise Refused("InvalidPolicyAttributeException", "The parameter policies are not valid JSON.") from None
    if not isinstance(policies, list) or not all(isinstance(one, dict) for one in policies):
        raise Refused("InvalidPolicyAttributeException", "The parameter policies must be a JSON array of policies.")
    most = value("ssm.parameters.policies")
    if len(policies) > most:
        raise Refused("PoliciesLimitExceededException", f"A parameter can have at most {most} policies.")
    for policy in policies:
        kind = policy.get("Type")
        if kind not in _ATTRIBUTES:
            raise Refused(
                "InvalidPolicyTypeException",
                f"The policy type {kind} isn't supported. Parameter Store supports {', '.join(_ATTRIBUTES)}.",
            )
        attributes = policy.get("Attributes")
        if not isinstance(attributes, dict) or not _ATTRIBUTES[kind] <= set(attributes):
            needed = " and ".join(sorted(_ATTRIBUTES[kind]))
            raise Refused("InvalidPolicyAttributeException", f"A policy of type {kind} needs the attributes {needed}.")
        _require_attributes(kind, attributes)
    if sum(one["Type"] == "Expiration" for one in policies) > 1:
        raise Refused("IncompatiblePolicyException", "You can't specify two Expiration policies for a parameter.")


def _require_attributes(kind: str, attributes: dict[str, Any]) -> None:
    wrong = Refused(
        "InvalidPolicyAttributeException", f"The attributes {attributes} of the {kind} policy are not valid."
    )
    if kind == "Expiration":
        try:
            moment = _moment(str(attributes["Timestamp"]))
        except ValueError:
            raise wrong from None
        if moment <= now():
            raise wrong
        return
    number = str(attributes.get("Before", attributes.get("After")))
    if attributes["Unit"] not in ("Days", "Hours") or not number.isdigit() or int(number) < 1:
        raise wrong
