"""The account's own settings, and tags: the role by which REST APIs write to CloudWatch Logs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from ..gate import Call, Refused, answers, refuses
from ..iam.caller import entity_by_arn
from ..iam.service_principals import service_may_assume
from .function_calls import SERVICE
from .patches import patches


@refuses("apigateway", "UpdateAccount")
def role_not_for_api_gateway(call: Call) -> None:
    """The role is there, and its trust policy lets API Gateway assume it."""
    for patch in patches(call, {"/cloudwatchRoleArn": "replace remove", "/features": "add remove"}):
        if patch.steps[0] != "cloudwatchRoleArn" or not patch.value:
            continue
        role = entity_by_arn(call.backend_of("iam", "aws"), patch.value)
        if role is None or not service_may_assume(SERVICE, role.assume_role_policy_document, patch.value):
            raise Refused(
                "BadRequestException",
                "The role ARN does not have required permissions configured. Please grant trust "
                "permission for API Gateway and add the required role policy.",
            )


def _tagged(call: Call) -> dict[str, str]:
    """The tags of an API, a stage, a key or a usage plan by its ARN; moto knows those of stages."""
    arn = unquote(call.params["resourceArn"])
    steps = arn.split("::/", 1)[-1].split("/")
    backend: Any = call.backend
    held: Any = None
    if steps[0] == "restapis" and len(steps) > 1:
        held = backend.apis.get(steps[1])
        if held is not None and len(steps) == 4 and steps[2] == "stages":
            held = held.stages.get(steps[3])
    elif steps[0] in ("apikeys", "usageplans") and len(steps) == 2:
        held = (backend.keys if steps[0] == "apikeys" else backend.usage_plans).get(steps[1])
    if held is None or not arn.startswith("arn:aws"):
        raise Refused("NotFoundException", f"Invalid resource ARN specified: {arn}", 404)
    held.tags = dict(held.tags or {})
    return held.tags


@answers("apigateway", "TagResource")
def tag_resource(call: Call) -> dict:
    """Add or change tags."""
    _tagged(call).update(call.params.get("tags") or {})
    return {}


@answers("apigateway", "UntagResource")
def untag_resource(call: Call) -> dict:
    """Take tags away."""
    held = _tagged(call)
    for key in call.params.get("tagKeys") or ():
        held.pop(key, None)
    return {}


@answers("apigateway", "GetTags")
def get_tags(call: Call) -> dict:
    """The tags of a resource."""
    return {"tags": dict(_tagged(call))}
