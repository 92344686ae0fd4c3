"""Client tokens: the same request again is answered with what the first one made; another one is refused.

https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
"""

from __future__ import annotations

from typing import Any

from ..gate import Answered, Call, Refused, corrects, refuses


def _requests(call: Call) -> dict[tuple[str, str], tuple[dict, Any]]:
    return call.backend.__dict__.setdefault("client_tokens", {})


def _key(call: Call) -> tuple[str, str]:
    return call.operation, call.params.get("ClientToken", "")


def _asked(call: Call) -> dict[str, Any]:
    return {name: given for name, given in call.params.items() if name != "ClientToken"}


@refuses("ec2", "RunInstances", "CreateVolume")
def repeated(call: Call) -> None:
    """IdempotentParameterMismatch for other parameters, IdempotentInstanceTerminated for instances that are gone."""
    if not call.params.get("ClientToken") or _key(call) not in _requests(call):
        return
    asked, result = _requests(call)[_key(call)]
    if asked != _asked(call):
        raise Refused(
            "IdempotentParameterMismatch",
            "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
        )
    instances = getattr(result, "instances", [])
    if instances and all(one.state == "terminated" for one in instances):
        raise Refused(
            "IdempotentInstanceTerminated",
            "The client token you have provided is associated with a resource that is already deleted.",
        )
    raise Answered(result)


@corrects("ec2", "RunInstances", "CreateVolume")
def remember(call: Call, result: Any) -> None:
    """Keep what a request with a token made."""
    if call.params.get("ClientToken"):
        _requests(call)[_key(call)] = _asked(call), result
