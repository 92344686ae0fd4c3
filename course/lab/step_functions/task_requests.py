"""A task's parameters as boto3 wants them, and its response as Step Functions shows it: StateMachineArn, not stateMachineArn.

Step Functions writes every parameter and every field of a response with a capital, whatever the service does.
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from botocore import xform_name
from moto.core.utils import get_service_model

# Names of services in a Resource, which are those of AWS's SDK for Java, where boto3 has others.
_BOTO3 = {
    "sfn": "stepfunctions",
    "states": "stepfunctions",
    "cloudwatchlogs": "logs",
    "eventbridge": "events",
    "elasticloadbalancingv2": "elbv2",
    "cognitoidentityprovider": "cognito-idp",
    "applicationautoscaling": "application-autoscaling",
    "resourcegroupstaggingapi": "resourcegroupstaggingapi",
}


def boto3_name(service: str) -> str:
    """boto3's name of a service that a Resource names."""
    return _BOTO3.get(service, service)


def error_prefix(service: str) -> str:
    """The service as the names of errors begin: "DynamoDb" for dynamodb, "SecretsManager", "S3", "Sfn"."""
    try:
        identifier = get_service_model(boto3_name(service)).metadata["serviceId"]
    except Exception:
        return service
    words = re.findall(r"[A-Z]+[0-9]*(?![a-z])|[A-Z]?[a-z0-9]+", identifier)
    return "".join(word[:1].upper() + word[1:].lower() for word in words)


def cased_as_aws_does() -> None:
    """Let moto's tasks translate both ways; it leaves what it is given as it is."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import (
        StateTaskService,
    )
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
        StateTaskServiceAwsSdk,
    )
    from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor

    StateTaskService._SERVICE_NAME_SFN_TO_BOTO_OVERRIDES.update(_BOTO3)
    StateTaskService._normalise_parameters = _to_boto3
    StateTaskService._normalise_response = _from_boto3
    StateTaskServiceAwsSdk._normalise_service_error_name = staticmethod(error_prefix)
    StateTaskServiceAwsSdk._normalise_exception_name = staticmethod(_error_name)
    Preprocessor._inner_string_of = staticmethod(_text_of(Preprocessor._inner_string_of))


def _error_name(prefix: str, error: Exception) -> str:
    name = type(error).__name__
    # AWS's SDK for Java has no class of its own for a denied request.
    if name == "ClientError" or name.startswith("AccessDenied"):
        name = prefix
    return f"{prefix}.{name}" if name.endswith("Exception") else f"{prefix}.{name}Exception"


def _shape(task: Any, service: str | None, action: str | None, side: str) -> Any:
    try:
        model = get_service_model(task._get_boto_service_name(service))
        wanted = xform_name(action or task.resource.api_action)
        name = next(one for one in model.operation_names if xform_name(one) == wanted)
        return getattr(model.operation_model(name), side)
    except Exception:
        # A service or operation that there is not fails when it is called, with a name for the error.
        return None


def _to_boto3(
    task: Any, parameters: dict, boto_service_name: str | None = None, service_action_name: str | None = None
) -> None:
    shape = _shape(task, boto_service_name, service_action_name, "input_shape")
    if shape is not None:
        task._to_boto_request(parameters, shape)


def _from_boto3(
    task: Any, response: Any, boto_service_name: str | None = None, service_action_name: str | None = None
) -> None:
    shape = _shape(task, boto_service_name, service_action_name, "output_shape")
    if shape is not None:
        task._from_boto_response(response, shape)


def _text_of(original: Any) -> Any:
    def text_of(parser_rule_context: Any) -> str | None:
        """The text of a JSON string; moto leaves its escapes in it."""
        raw = parser_rule_context.getText()
        if raw.startswith('"') and raw.endswith('"') and "\\" in raw:
            return json.loads(raw)
        return original(parser_rule_context)

    return text_of
