"""Request validation of REST APIs: required parameters are there, the body is as its model says.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from course.serverless.http_messages import HttpRequest

from .answers import GatewayError


def require_parameters(parameters: Mapping[str, bool], request: HttpRequest, path: Mapping[str, str]) -> None:
    """400 that names the parameters which are missing. parameters: "method.request.header.X" -> is it required."""
    missing = []
    for name, needed in parameters.items():
        _, _, place, key = name.split(".", 3)
        held = {"header": request.headers, "querystring": request.parameters, "path": path}[place]
        if needed and not held.get(key):
            missing.append(key)
    if missing:
        raise GatewayError("BAD_REQUEST_PARAMETERS", f"Missing required request parameters: [{', '.join(missing)}]")


def require_body(models: Mapping[str, str], schemas: Mapping[str, str], request: HttpRequest) -> None:
    """400 for a body that its model refuses; a media type without a model is not looked at.

    models: media type -> name of the model. schemas: name -> its schema in JSON.
    """
    kind = request.content_type or "application/json"
    name = models.get(kind, models.get("$default"))
    if name is None or name not in schemas:
        return
    from jsonschema import Draft4Validator

    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        raise GatewayError("BAD_REQUEST_BODY", "Invalid request body") from None
    known = {one: _rewritten(json.loads(text)) for one, text in schemas.items() if _is_json(text)}
    schema = {**known.get(name, {}), "definitions": known}
    error = next(iter(Draft4Validator(schema).iter_errors(body)), None)
    if error is not None:
        raise GatewayError("BAD_REQUEST_BODY", "Invalid request body", reason=error.message)


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, TypeError):
        return False


def _rewritten(part: Any) -> Any:
    """A schema whose references to other models, by URL or within OpenAPI, point to where they stand here."""
    if isinstance(part, dict):
        return {
            key: f"#/definitions/{one.rpartition('/')[2]}"
            if key == "$ref" and isinstance(one, str)
            else _rewritten(one)
            for key, one in part.items()
            if not (key in ("id", "$id") and isinstance(one, str))
        }
    return [_rewritten(one) for one in part] if isinstance(part, list) else part
