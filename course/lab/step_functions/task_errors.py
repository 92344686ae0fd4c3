"""The names of a task's errors, as Retry and Catch know them: "Lambda.TooManyRequestsException".

Step Functions names an error after the class of AWS's Java SDK. What that SDK has no class for, as a denied request, has
the class of the whole service: Lambda.AWSLambdaException, DynamoDB.AmazonDynamoDBException.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

# Of each integration: first part of the name, class of the whole service, and how the cause names the service.
_SERVICES = {
    "lambda": ("Lambda", "AWSLambdaException", "AWSLambda"),
    "sqs": ("SQS", "AmazonSQSException", "AmazonSQS"),
    "dynamodb": ("DynamoDB", "AmazonDynamoDBException", "AmazonDynamoDBv2"),
    "states": ("StepFunctions", "AWSStepFunctionsException", "AWSStepFunctions"),
    "events": ("EventBridge", "AmazonEventBridgeException", "AmazonEventBridge"),
}


def name_and_cause(service: str, error: ClientError) -> tuple[str, str]:
    """Error and Cause of a failed request of an integration."""
    prefix, whole, shown = _SERVICES[service]
    # botocore makes a class for each error of the service's model; others are plain ClientErrors.
    known = type(error).__name__
    name = whole if known == "ClientError" else known if known.endswith("Exception") else f"{known}Exception"
    response = error.response
    cause = (
        f"{response['Error']['Message']} (Service: {shown}; Status Code: "
        f"{response['ResponseMetadata']['HTTPStatusCode']}; Error Code: {response['Error']['Code']}; Request ID: "
        f"{response['ResponseMetadata'].get('RequestId', '')}; Proxy: null)"
    )
    return f"{prefix}.{name}", cause


def name_as_aws_does() -> None:
    """Let moto's tasks name the errors of requests so."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
        state_task_service_dynamodb,
        state_task_service_events,
        state_task_service_lambda,
        state_task_service_sfn,
        state_task_service_sqs,
    )
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task_lambda import StateTaskLambda

    for service, owner in {
        "dynamodb": state_task_service_dynamodb.StateTaskServiceDynamoDB,
        "events": state_task_service_events.StateTaskServiceEvents,
        "lambda": state_task_service_lambda.StateTaskServiceLambda,
        "sqs": state_task_service_sqs.StateTaskServiceSqs,
        "states": state_task_service_sfn.StateTaskServiceSfn,
    }.items():
        owner._from_error = _of_integration(service, owner._from_error)
    StateTaskLambda._from_error = _of_function(StateTaskLambda._from_error)


def _of_integration(service: str, original: Any) -> Any:
    def from_error(task: Any, env: Any, ex: Exception) -> Any:
        if not isinstance(ex, ClientError):
            return original(task, env=env, ex=ex)
        error, cause = name_and_cause(service, ex)
        details = {
            "error": error,
            "cause": cause,
            "resource": task._get_sfn_resource(),
            "resourceType": task._get_sfn_resource_type(),
        }
        return failure(env, error, "TaskFailed", {"taskFailedEventDetails": details})

    return from_error


def _of_function(original: Any) -> Any:
    def from_error(task: Any, env: Any, ex: Exception) -> Any:
        if not isinstance(ex, ClientError):
            return original(task, env=env, ex=ex)
        error, cause = name_and_cause("lambda", ex)
        details = {"error": error, "cause": cause}
        return failure(env, error, "LambdaFunctionFailed", {"lambdaFunctionFailedEventDetails": details})

    return from_error


def failure(env: Any, error: str, event: str, details: dict) -> Any:
    """The failure of a task, with the details of its event in the history."""
    from moto.stepfunctions.parser.api import HistoryEventType
    from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
    from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent
    from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

    return FailureEvent(
        env=env,
        error_name=CustomErrorName(error),
        event_type=HistoryEventType[event],
        event_details=EventDetails(**details),
    )
