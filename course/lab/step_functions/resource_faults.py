"""The Resource of a Task: a function, an activity, or a service integration with the parameters that it needs.

https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
"""

from __future__ import annotations

import re
from typing import Any

from .payload_faults import schema

# The optimized integrations whose actions and required parameters are known here: action -> groups, one of each needed.
_ACTIONS: dict[str, dict[str, tuple[tuple[str, ...], ...]]] = {
    "lambda": {"invoke": (("FunctionName",),)},
    "sqs": {"sendMessage": (("QueueUrl",), ("MessageBody",))},
    "sns": {"publish": (("TopicArn", "TargetArn", "PhoneNumber"), ("Message",))},
    "dynamodb": {
        "getItem": (("TableName",), ("Key",)),
        "putItem": (("TableName",), ("Item",)),
        "updateItem": (("TableName",), ("Key",)),
        "deleteItem": (("TableName",), ("Key",)),
    },
    "events": {"putEvents": (("Entries",),)},
    "states": {"startExecution": (("StateMachineArn",),)},
}
_OTHERS = {
    *("aws-sdk", "apigateway", "athena", "batch", "bedrock", "codebuild", "databrew", "ecs", "eks", "elasticmapreduce"),
    *("emr-containers", "emr-serverless", "glue", "http", "mediaconvert", "sagemaker"),
}
_TOKEN = {
    "lambda",
    "sqs",
    "sns",
    "events",
    "states",
    "ecs",
    "apigateway",
    "aws-sdk",
    "eks",
    "emr-containers",
    "bedrock",
}
_SYNC = {
    *("states", "ecs", "batch", "glue", "athena", "codebuild", "databrew", "eks", "elasticmapreduce", "emr-containers"),
    *("emr-serverless", "mediaconvert", "sagemaker", "bedrock"),
}
_INTEGRATION = re.compile(r"arn:aws[a-z-]*:states:::([a-z0-9-]+):([A-Za-z0-9:]+?)(\.sync(?::2)?|\.waitForTaskToken)?")


def resource_faults(state: dict, here: str, language: str, kind: str) -> list[str]:
    """The faults of a Task's Resource and parameters. kind: STANDARD or EXPRESS."""
    given, place = state["Resource"], f"{here}/Resource"
    if not isinstance(given, str) or not re.fullmatch(r"arn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:\d*:.+", given):
        return [schema("Value is not a valid resource ARN", place)]
    if re.fullmatch(r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?", given):
        return []
    if re.fullmatch(r"arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:activity:.+", given):
        return [schema("Express state machine does not support Activity ARN", place)] if kind == "EXPRESS" else []
    found = _INTEGRATION.fullmatch(given)
    if not found or not _known(*found.groups()):
        told = (
            f"The resource provided {given} not recognized. The value is not a valid resource ARN, or the resource is not "
            "available in this region."
        )
        return [schema(told, place)]
    if kind == "EXPRESS" and found[3]:
        return [schema(f"Express state machine does not support '{found[3]}' service integration", place)]
    return _parameter_faults(state, here, language, found[1], found[2])


def _known(service: str, action: str, pattern: str | None) -> bool:
    if pattern and service not in (_TOKEN if pattern == ".waitForTaskToken" else _SYNC):
        return False
    if service in _ACTIONS:
        return action in _ACTIONS[service]
    if service == "aws-sdk":
        # The action as in AWS's SDK for Java: it begins small.
        return bool(re.fullmatch(r"[a-z0-9]+:[a-z][A-Za-z0-9]*", action))
    return service in _OTHERS


def _parameter_faults(state: dict, here: str, language: str, service: str, action: str) -> list[str]:
    needed = _ACTIONS.get(service, {}).get(action, ())
    field = "Arguments" if language == "JSONata" else "Parameters"
    given: Any = state.get(field, {})
    if not isinstance(given, dict):
        return []
    names = {name.removesuffix(".$") for name in given}
    return [
        schema(f'The field "{group[0]}" is required but was missing', f"{here}/{field}")
        for group in needed
        if not names & set(group)
    ]
