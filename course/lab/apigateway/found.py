"""The parts of an API that a call names, or AWS's refusal of one that is not there."""

from __future__ import annotations

from typing import Any

from ..gate import Call, Refused
from .moto_models import http, rest


def missing(kind: str) -> Refused:
    """NotFoundException as API Gateway words it."""
    return Refused("NotFoundException", f"Invalid {kind} identifier specified", 404)


def rest_api(call: Call) -> rest.RestAPI:
    """The REST API of the call."""
    wanted = call.params.get("restApiId", "")
    if wanted not in call.backend.apis:
        raise Refused("NotFoundException", f"Invalid API identifier specified {call.account_id}:{wanted}", 404)
    return call.backend.apis[wanted]


def resource(call: Call) -> rest.Resource:
    """The resource of the call."""
    found = rest_api(call).resources.get(call.params["resourceId"])
    if found is None:
        raise missing("Resource")
    return found


def method(call: Call) -> rest.Method:
    """The method of the call."""
    found = resource(call).resource_methods.get(call.params["httpMethod"])
    if found is None:
        raise missing("Method")
    return found


def integration(call: Call) -> rest.Integration:
    """The integration of the call's method."""
    found = method(call).method_integration
    if found is None:
        raise missing("Integration")
    return found


def http_api(call: Call) -> http.Api:
    """The HTTP or WebSocket API of the call."""
    wanted = call.params.get("ApiId", "")
    if wanted not in call.backend.apis:
        raise Refused("NotFoundException", f"Invalid API identifier specified {call.account_id}:{wanted}", 404)
    return call.backend.apis[wanted]


def part(call: Call, held: str, parameter: str, kind: str) -> Any:
    """A route, an integration, ... of an HTTP API."""
    found = getattr(http_api(call), held).get(call.params[parameter])
    if found is None:
        raise missing(kind)
    return found
