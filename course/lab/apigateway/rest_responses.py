"""Integration responses and gateway responses: what a client gets to see of what came back, or of an error.

https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

from __future__ import annotations

import re
from typing import Any

from ..gate import Call, Refused, answers, corrects, refuses
from .found import integration, rest_api
from .patches import patches
from .rest_methods import missing_status
from .wire import shaped

TEMPLATE = '{"message":$context.error.messageString}'
# What API Gateway answers by itself, with its status; the two defaults have none of their own.
GATEWAY_RESPONSES = {
    "ACCESS_DENIED": "403",
    "API_CONFIGURATION_ERROR": "500",
    "AUTHORIZER_CONFIGURATION_ERROR": "500",
    "AUTHORIZER_FAILURE": "500",
    "BAD_REQUEST_BODY": "400",
    "BAD_REQUEST_PARAMETERS": "400",
    "DEFAULT_4XX": "",
    "DEFAULT_5XX": "",
    "EXPIRED_TOKEN": "403",
    "INTEGRATION_FAILURE": "504",
    "INTEGRATION_TIMEOUT": "504",
    "INVALID_API_KEY": "403",
    "INVALID_SIGNATURE": "403",
    "MISSING_AUTHENTICATION_TOKEN": "403",
    "QUOTA_EXCEEDED": "429",
    "REQUEST_TOO_LARGE": "413",
    "RESOURCE_NOT_FOUND": "404",
    "THROTTLED": "429",
    "UNAUTHORIZED": "401",
    "UNSUPPORTED_MEDIA_TYPE": "415",
    "WAF_FILTERED": "403",
}


@corrects("apigateway", "PutIntegrationResponse")
def integration_response_as_given(call: Call, result: Any) -> dict:
    """An empty selection pattern is the default response, and is shown; moto leaves it out."""
    made = integration(call).integration_responses[str(call.params["statusCode"])]
    return shaped(call, {**made.to_json(), "selectionPattern": call.params.get("selectionPattern")})


@refuses("apigateway", "GetIntegrationResponse", "DeleteIntegrationResponse", "UpdateIntegrationResponse")
def missing_integration_response(call: Call) -> None:
    """The integration has a response with this status."""
    if str(call.params["statusCode"]) not in (integration(call).integration_responses or {}):
        raise missing_status()


@answers("apigateway", "UpdateIntegrationResponse")
def update_integration_response(call: Call) -> dict:
    """Change the selection, the headers and the templates of a response."""
    changed = integration(call).integration_responses[str(call.params["statusCode"])]
    new = dict(changed.__dict__)
    new["response_parameters"] = dict(changed.response_parameters or {})
    new["response_templates"] = dict(changed.response_templates or {})
    both = "add replace remove"
    allowed = {
        "/selectionPattern": "replace",
        "/contentHandling": "replace remove",
        "/responseParameters/{name+}": both,
        "/responseTemplates/{type+}": both,
    }
    for patch in patches(call, allowed):
        name = re.sub("([A-Z])", lambda found: f"_{found[1].lower()}", patch.steps[0])
        if len(patch.steps) == 1:
            new[name] = patch.value if patch.op == "replace" else None
        elif patch.op == "remove":
            new[name].pop("/".join(patch.steps[1:]), None)
        else:
            new[name]["/".join(patch.steps[1:])] = patch.value
    changed.__dict__.update(new)
    return shaped(call, changed.to_json())


@refuses("apigateway", "PutGatewayResponse", "GetGatewayResponse", "UpdateGatewayResponse", "DeleteGatewayResponse")
def unknown_gateway_response(call: Call) -> None:
    """One of the kinds of errors that API Gateway answers by itself."""
    kind = call.params["responseType"]
    if kind not in GATEWAY_RESPONSES:
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{kind}' at 'responseType' failed to satisfy constraint: Member must "
            f"satisfy enum value set: [{', '.join(GATEWAY_RESPONSES)}]",
        )
    status = call.params.get("statusCode")
    if status is not None and not re.fullmatch(r"[1-5]\d\d", str(status)):
        raise Refused("BadRequestException", f"Invalid status code {status} specified")


def gateway_response(api: Any, kind: str) -> dict[str, Any]:
    """What is sent for this kind of error: the API's own response, its default for the class, or API Gateway's."""
    own = api.gateway_responses.get(kind)
    if own is not None:
        return own.to_json()
    status = GATEWAY_RESPONSES[kind]
    default = api.gateway_responses.get(f"DEFAULT_{status[:1]}XX") if status else None
    shown = default.to_json() if default is not None else {}
    answer = {
        "responseType": kind,
        "defaultResponse": True,
        "responseParameters": shown.get("responseParameters") or {},
        "responseTemplates": shown.get("responseTemplates") or {"application/json": TEMPLATE},
    }
    status = shown.get("statusCode") or status
    return {**answer, "statusCode": status} if status else answer


@answers("apigateway", "GetGatewayResponse")
def get_gateway_response(call: Call) -> dict:
    """API Gateway's own where the API has none."""
    return shaped(call, gateway_response(rest_api(call), call.params["responseType"]))


@answers("apigateway", "GetGatewayResponses")
def get_gateway_responses(call: Call) -> dict:
    """All kinds, not only those that were changed."""
    return shaped(call, {"item": [gateway_response(rest_api(call), kind) for kind in GATEWAY_RESPONSES]})


@refuses("apigateway", "DeleteGatewayResponse")
def unchanged_gateway_response(call: Call) -> None:
    """Only a response of the API's own can be deleted."""
    if call.params["responseType"] not in rest_api(call).gateway_responses:
        raise Refused("NotFoundException", "Gateway response type not defined on api", 404)


@answers("apigateway", "UpdateGatewayResponse")
def update_gateway_response(call: Call) -> dict:
    """Change the status, headers and templates of an error."""
    api, kind = rest_api(call), call.params["responseType"]
    shown = gateway_response(api, kind)
    status, held = shown.get("statusCode"), {}
    for name in ("responseParameters", "responseTemplates"):
        held[name] = dict(shown.get(name) or {})
    both = "add replace remove"
    allowed = {
        "/statusCode": "replace",
        "/responseParameters/{name+}": both,
        "/responseTemplates/{type+}": both,
    }
    for patch in patches(call, allowed):
        key = "/".join(patch.steps[1:])
        if patch.path == "/statusCode":
            status = patch.value
        elif patch.op == "remove":
            held[patch.steps[0]].pop(key, None)
        elif patch.value is None:
            raise Refused("BadRequestException", f"Invalid null or empty value in {patch.steps[0]}")
        else:
            held[patch.steps[0]][key] = patch.value
    api.put_gateway_response(kind, status, held["responseParameters"], held["responseTemplates"])
    return shaped(call, gateway_response(api, kind))
