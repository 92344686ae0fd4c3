"""What stands behind a method: a function (AWS_PROXY, AWS), an address (HTTP_PROXY, HTTP), or API Gateway itself (MOCK).

https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
"""

from __future__ import annotations

import re
from typing import Any

from course.data import value

from ..gate import Call, Refused, answers, corrects, refuses
from .found import integration, method, missing
from .lambda_uris import function_of
from .moto_models import rest
from .patches import patches, whole_number
from .rest_methods import missing_status, require_parameters
from .wire import shaped

_TYPES = ("HTTP", "MOCK", "AWS_PROXY", "HTTP_PROXY", "AWS")
_BEHAVIOURS = ("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER")


def timeout_refusal(table: str = "rest") -> str:
    """AWS's words for a time-out outside the quota."""
    least, most = value(f"apigateway.{table}.integration_timeout")
    return f"Timeout should be between {least} ms and {most} ms"


@refuses("apigateway", "PutIntegration")
def impossible_integration(call: Call) -> None:
    """A type, a URI, a method or a time-out that is none."""
    given = call.params
    require_integration(
        given.get("type"),
        given.get("uri") or "",
        given.get("integrationHttpMethod"),
        given.get("timeoutInMillis"),
        given.get("passthroughBehavior"),
        given.get("connectionType"),
        given.get("connectionId"),
    )
    require_parameters(
        given.get("requestParameters") or {},
        r"integration\.request\.(path|querystring|header)\.[a-zA-Z0-9._$\-\[\]]+",
    )


def require_integration(
    kind: str | None,
    uri: str,
    verb: str | None,
    timeout: Any = None,
    behaviour: str | None = None,
    connection: str | None = None,
    link: str | None = None,
) -> None:
    """Refused for an integration that API Gateway cannot have."""
    if kind not in _TYPES:
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{kind}' at 'putIntegrationInput.type' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{', '.join(_TYPES)}]",
        )
    if kind != "MOCK" and not verb:
        raise Refused("BadRequestException", "Enumeration value for HttpMethod must be non-empty")
    if kind in ("AWS", "AWS_PROXY"):
        _require_aws(kind, uri)
    elif kind in ("HTTP", "HTTP_PROXY") and not re.match(r"https?://[^/\s]+", uri):
        raise Refused("BadRequestException", "Invalid HTTP endpoint specified for URI")
    if behaviour is not None and behaviour.upper() not in _BEHAVIOURS:
        raise Refused(
            "BadRequestException",
            f"Invalid passthrough behavior specified. Valid options are {', '.join(_BEHAVIOURS)}",
        )
    least, most = value("apigateway.rest.integration_timeout")
    if timeout is not None and not least <= int(timeout) <= most:
        raise Refused("BadRequestException", timeout_refusal())
    if connection == "VPC_LINK" and not link:
        raise Refused("BadRequestException", "Connection id is required when the connection type is VPC_LINK")


def _require_aws(kind: str, uri: str) -> None:
    fields = uri.split(":", 5)
    if fields[0] != "arn" or len(fields) < 6:
        raise Refused("BadRequestException", "Invalid ARN specified in the request")
    service, rest_of_it = fields[4], fields[5]
    if fields[2] != "apigateway" or not rest_of_it.startswith(("path/", "action/")):
        raise Refused("BadRequestException", "AWS ARN for integration must contain path or action")
    functions = rest_of_it.startswith("path/2015-03-31/functions/")
    if kind == "AWS_PROXY" and (service != "lambda" or not functions) and service != "firehose":
        raise Refused(
            "BadRequestException",
            "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
        )
    if service == "lambda" and functions and function_of(uri) is None:
        raise Refused("BadRequestException", "Invalid function ARN or invalid uri")


@corrects("apigateway", "PutIntegration")
def integration_defaults(call: Call, result: Any) -> dict:
    """What AWS fills in; moto leaves it out, and forgets the VPC link."""
    made = integration(call)
    made.passthrough_behaviour = made.passthrough_behaviour or "WHEN_NO_MATCH"
    made.timeout_in_millis = int(made.timeout_in_millis or value("apigateway.rest.integration_timeout")[1])
    made.cache_namespace = made.cache_namespace or call.params["resourceId"]
    made.cache_key_parameters = list(call.params.get("cacheKeyParameters") or ())
    made.connection_id = call.params.get("connectionId")
    if made.integration_type.startswith("HTTP"):
        made.connection_type = made.connection_type or "INTERNET"
    return described(call, made)


def described(call: Call, of: rest.Integration) -> dict:
    """An integration as boto3 shows it."""
    return shaped(call, {**of.to_json(), "connectionId": of.__dict__.get("connection_id")})


@answers("apigateway", "GetIntegration")
def get_integration(call: Call) -> dict:
    """NotFoundException where there is none; moto shows an empty one."""
    return described(call, integration(call))


@refuses("apigateway", "DeleteIntegration", "UpdateIntegration")
def missing_integration(call: Call) -> None:
    """The method has an integration."""
    integration(call)


_CHANGES = {
    "/uri": "replace",
    "/httpMethod": "replace",
    "/credentials": "replace remove",
    "/passthroughBehavior": "replace",
    "/timeoutInMillis": "replace",
    "/contentHandling": "replace remove",
    "/connectionType": "replace",
    "/connectionId": "replace remove",
    "/cacheNamespace": "replace",
    "/cacheKeyParameters/{name+}": "add remove",
    "/cacheKeyParameters": "add remove",
    "/requestParameters/{name+}": "add replace remove",
    "/requestTemplates/{type+}": "add replace remove",
    "/tlsConfig/insecureSkipVerification": "replace",
}
_NAMES = {
    "/uri": "uri",
    "/httpMethod": "http_method",
    "/credentials": "credentials",
    "/passthroughBehavior": "passthrough_behaviour",
    "/contentHandling": "content_handling",
    "/connectionType": "connection_type",
    "/connectionId": "connection_id",
    "/cacheNamespace": "cache_namespace",
}


@answers("apigateway", "UpdateIntegration")
def update_integration(call: Call) -> dict:
    """Change an integration; its type stays."""
    changed = integration(call)
    new = dict(changed.__dict__)
    new["request_parameters"] = dict(changed.request_parameters or {})
    new["request_templates"] = dict(changed.request_templates or {})
    least, most = value("apigateway.rest.integration_timeout")
    for patch in patches(call, _CHANGES):
        key = "/".join(patch.steps[1:])
        if patch.path in _NAMES:
            new[_NAMES[patch.path]] = None if patch.op == "remove" else patch.value
        elif patch.path == "/timeoutInMillis":
            new["timeout_in_millis"] = whole_number(patch, least, most, timeout_refusal())
        elif patch.steps[0] == "cacheKeyParameters":
            named = key or patch.value
            kept = [one for one in new["cache_key_parameters"] if one != named]
            new["cache_key_parameters"] = kept + ([named] if patch.op == "add" else [])
        elif patch.steps[0] == "tlsConfig":
            new["tls_config"] = {"insecureSkipVerification": patch.is_true}
        else:
            held = new["request_parameters" if patch.steps[0] == "requestParameters" else "request_templates"]
            if patch.op == "remove":
                held.pop(key, None)
            else:
                held[key] = patch.value
    require_integration(changed.integration_type, new["uri"] or "", new["http_method"])
    changed.__dict__.update(new)
    return described(call, changed)


@refuses("apigateway", "PutIntegrationResponse")
def impossible_integration_response(call: Call) -> None:
    """The method has an integration, and a response of its own with this status."""
    of = method(call)
    if of.method_integration is None:
        raise missing("Integration")
    if str(call.params["statusCode"]) not in of.method_responses:
        raise missing_status()
