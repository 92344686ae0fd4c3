"""Reading an OpenAPI document with API Gateway's extensions, as SAM writes them: plain data in, plain data out.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from course.serverless.api_routes import METHODS

from ..gate import Refused

_X = "x-amazon-apigateway-"


def document(body: Any) -> dict[str, Any]:
    """The document, from JSON or YAML. BadRequestException for what is no OpenAPI 2.0 or 3.0 document."""
    text = body.decode(errors="replace") if isinstance(body, (bytes, bytearray)) else body
    if hasattr(text, "read"):
        text = text.read()
        text = text.decode() if isinstance(text, bytes) else text
    try:
        found = json.loads(text)
    except (ValueError, TypeError):
        found = _from_yaml(text)
    version = str(found.get("swagger") or found.get("openapi") or "") if isinstance(found, dict) else ""
    if not version.startswith(("2.", "3.")):
        raise Refused("BadRequestException", "Invalid OpenAPI input.")
    if not isinstance(found.get("paths", {}), dict) or not isinstance(found.get("info", {}), dict):
        raise Refused("BadRequestException", "Invalid OpenAPI input.")
    return found


def _from_yaml(text: Any) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        raise Refused("BadRequestException", "Invalid OpenAPI input.") from None


def extension(part: dict[str, Any], name: str, default: Any = None) -> Any:
    """The value of x-amazon-apigateway-{name}."""
    return part.get(f"{_X}{name}", default)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation of everything in the document; ANY for x-amazon-apigateway-any-method."""
    for path, item in (document.get("paths") or {}).items():
        item = item or {}
        shared = item.get("parameters") or []
        for key, operation in item.items():
            verb = "ANY" if key == f"{_X}any-method" else key.upper()
            if verb in (*METHODS, "ANY") and isinstance(operation, dict):
                parameters = [resolved(document, one) for one in [*shared, *(operation.get("parameters") or [])]]
                yield path, verb, {**operation, "parameters": parameters}


def resolved(document: dict[str, Any], part: Any) -> Any:
    """What a "$ref" within the document stands for."""
    seen = 0
    while isinstance(part, dict) and str(part.get("$ref", "")).startswith("#/") and seen < 10:
        target: Any = document
        for step in part["$ref"][2:].split("/"):
            target = target.get(step, {}) if isinstance(target, dict) else {}
        part, seen = target, seen + 1
    return part


def schemas(document: dict[str, Any]) -> dict[str, Any]:
    """The schemas of the document by name."""
    return (document.get("components") or {}).get("schemas") or document.get("definitions") or {}


def security_schemes(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The security schemes by name, with API Gateway's authorizers in them."""
    return (document.get("components") or {}).get("securitySchemes") or document.get("securityDefinitions") or {}


def security_of(document: dict[str, Any], operation: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Names and scopes of the schemes that an operation asks for; its own, else those of the document."""
    asked = operation["security"] if "security" in operation else document.get("security")
    return [(name, scopes or []) for one in asked or [] for name, scopes in one.items()]


def body_schemas(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    """The schema of the request's body by media type."""
    content = (resolved(document, operation.get("requestBody") or {}) or {}).get("content") or {}
    found = {kind: one["schema"] for kind, one in content.items() if isinstance(one, dict) and "schema" in one}
    for parameter in operation["parameters"]:
        if parameter.get("in") == "body" and "schema" in parameter:
            found["application/json"] = parameter["schema"]
    return found
