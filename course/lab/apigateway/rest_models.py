"""Models and request validators: what the body of a request must look like, and whether anybody checks.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from ..gate import Call, Refused, answers, corrects, refuses
from .found import missing, rest_api
from .patches import patches
from .wire import shaped


@refuses("apigateway", "CreateModel")
def impossible_model(call: Call) -> None:
    """A name of letters and digits that no other has, and a schema."""
    name = call.params.get("name") or ""
    if not name:
        raise Refused("BadRequestException", "Model name must be non-empty")
    if not re.fullmatch(r"[a-zA-Z0-9]+", name):
        raise Refused("BadRequestException", f"Model name must be alphanumeric: {name}")
    if name in rest_api(call).models:
        raise Refused("ConflictException", "Model name already exists for this REST API", 409)
    require_schema(call.params.get("schema"), call.params.get("contentType"))


def require_schema(text: str | None, content_type: str | None = "application/json") -> None:
    """A JSON schema of draft 4."""
    if not text:
        raise Refused("BadRequestException", "Model schema must have at least 1 property or array items defined")
    if content_type not in (None, "application/json"):
        return
    # Imported here: it takes a while, and most APIs have no models.
    from jsonschema import Draft4Validator
    from jsonschema.exceptions import SchemaError

    try:
        schema = json.loads(text)
        Draft4Validator.check_schema(schema)
    except (ValueError, SchemaError, TypeError) as error:
        reason = getattr(error, "message", str(error))
        raise Refused(
            "BadRequestException",
            f"Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified. {reason}]",
        ) from None


@refuses("apigateway", "GetModel", "UpdateModel", "DeleteModel")
def missing_model(call: Call) -> None:
    """The model is there."""
    name = call.params["modelName"]
    if name not in rest_api(call).models:
        raise Refused("NotFoundException", f"Invalid model name specified: {name}", 404)


@refuses("apigateway", "DeleteModel")
def model_in_use(call: Call) -> None:
    """A method's request or response names it."""
    name = call.params["modelName"]
    for resource in rest_api(call).resources.values():
        for verb, method in resource.resource_methods.items():
            where = f"{resource.get_path()}/{verb}"
            if name in (method.request_models or {}).values():
                raise Refused(
                    "ConflictException", f"Cannot delete model '{name}', is referenced in method request: {where}", 409
                )
            for status, response in method.method_responses.items():
                if name in (response.response_models or {}).values():
                    raise Refused(
                        "ConflictException",
                        f"Cannot delete model '{name}', is referenced in method response: {where}/{status}",
                        409,
                    )


@answers("apigateway", "UpdateModel")
def update_model(call: Call) -> dict:
    """Change the description or the schema."""
    changed = rest_api(call).models[call.params["modelName"]]
    new = {}
    for patch in patches(call, {"/description": "replace", "/schema": "replace"}):
        if patch.path == "/schema":
            require_schema(patch.value, changed.content_type)
        new[patch.path[1:]] = patch.value
    changed.__dict__.update(new)
    return shaped(call, changed.to_json())


@refuses("apigateway", "CreateRequestValidator")
def nameless_validator(call: Call) -> None:
    """A validator has a name that no other has."""
    name = call.params.get("name")
    if not name:
        raise Refused("BadRequestException", "Request Validator name cannot be blank")
    if any(one.name == name for one in rest_api(call).request_validators.values()):
        raise Refused("ConflictException", "A request validator with this name already exists.", 409)


@corrects("apigateway", "CreateRequestValidator")
def what_is_not_asked_is_not_checked(call: Call, result: Any) -> dict:
    """A validator says false for what was left out."""
    made = list(rest_api(call).request_validators.values())[-1]
    made.validate_request_body = bool(made.validate_request_body)
    made.validate_request_parameters = bool(made.validate_request_parameters)
    return shaped(call, made.to_dict())


@refuses("apigateway", "GetRequestValidator", "UpdateRequestValidator", "DeleteRequestValidator")
def missing_validator(call: Call) -> None:
    """The validator is there."""
    if call.params["requestValidatorId"] not in rest_api(call).request_validators:
        raise missing("Request Validator")


@answers("apigateway", "UpdateRequestValidator")
def update_validator(call: Call) -> dict:
    """Change what is checked."""
    changed = rest_api(call).request_validators[call.params["requestValidatorId"]]
    new: dict[str, Any] = {}
    allowed = dict.fromkeys(("/name", "/validateRequestBody", "/validateRequestParameters"), "replace")
    for patch in patches(call, allowed):
        if patch.path == "/name":
            if not patch.value:
                raise Refused("BadRequestException", "Request Validator name cannot be blank")
            new["name"] = patch.value
        else:
            new["validate_request_" + ("body" if patch.path.endswith("Body") else "parameters")] = patch.is_true
    changed.__dict__.update(new)
    return shaped(call, changed.to_dict())
