"""Event source mappings: what AWS refuses of a queue or stream that is to call a function.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
"""

from __future__ import annotations

from typing import Any

from course.data import value

from ..gate import Call, Refused, corrects, refuses
from . import queues
from .aliases import existing, split
from .event_filters import is_pattern
from .execution_role import role_lets

_STREAMS_ONLY = (
    *("StartingPosition", "StartingPositionTimestamp", "BisectBatchOnFunctionError", "MaximumRecordAgeInSeconds"),
    *("MaximumRetryAttempts", "ParallelizationFactor", "TumblingWindowInSeconds", "DestinationConfig"),
)
_STREAM_ACTIONS = {
    "dynamodb": ("GetRecords", "GetShardIterator", "DescribeStream", "ListStreams"),
    "kinesis": ("GetRecords", "GetShardIterator", "DescribeStream", "ListShards"),
}
_POSITIONS = {"dynamodb": ("TRIM_HORIZON", "LATEST"), "kinesis": ("TRIM_HORIZON", "LATEST", "AT_TIMESTAMP")}


def kind_of(arn: str) -> str:
    """ "sqs", "sqs-fifo", "dynamodb" or "kinesis"; Refused for another service's ARN."""
    service = arn.split(":")[2] if arn.count(":") >= 5 else ""
    if service == "sqs":
        return "sqs-fifo" if arn.endswith(".fifo") else "sqs"
    if service not in _STREAM_ACTIONS:
        raise Refused("InvalidParameterValueException", "Unrecognized event source.")
    return service


def _mapping(call: Call) -> Any:
    mapping = call.backend._event_source_mappings.get(call.params["UUID"])
    if mapping is None:
        raise Refused("ResourceNotFoundException", "The resource you requested does not exist.", 404)
    return mapping


@refuses("lambda", "GetEventSourceMapping", "UpdateEventSourceMapping", "DeleteEventSourceMapping")
def missing_mapping(call: Call) -> None:
    """Only what is there can be shown, changed or deleted."""
    _mapping(call)


@refuses("lambda", "CreateEventSourceMapping")
def missing_source(call: Call) -> None:
    """The function and the source must be there."""
    name, qualifier = split(call.params["FunctionName"])
    existing(call.backend, name, qualifier)
    arn = call.params.get("EventSourceArn", "")
    kind = kind_of(arn)
    if kind.startswith("sqs") and not any(one.queue_arn == arn for one in call.backend_of("sqs").queues.values()):
        raise Refused(
            "InvalidParameterValueException",
            "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error "
            "Message: The specified queue does not exist.",
        )
    if kind == "dynamodb" and not any(
        table.stream_shard is not None and table.latest_stream_label and arn.endswith(table.latest_stream_label)
        for table in call.backend_of("dynamodb").tables.values()
    ):
        raise Refused("InvalidParameterValueException", f"Stream not found: {arn}")
    if kind == "kinesis" and not any(one.arn == arn for one in call.backend_of("kinesis").streams.values()):
        raise Refused("InvalidParameterValueException", f"Stream not found: {arn}")


def _require_range(params: dict, name: str, limit: str) -> None:
    given = params.get(name)
    if given is None:
        return
    least, most = value(f"lambda.event_sources.{limit}")
    if not least <= given <= most:
        bound = f"less than or equal to {most}" if given > most else f"greater than or equal to {least}"
        place = name[0].lower() + name[1:]
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{given}' at '{place}' failed to satisfy constraint: Member must have "
            f"value {bound}",
        )


@refuses("lambda", "CreateEventSourceMapping", "UpdateEventSourceMapping")
def impossible_mapping(call: Call) -> None:
    """Batches, windows and retries in their ranges, and nothing that the kind of source does not have."""
    params = call.params
    held = _mapping(call) if call.operation == "UpdateEventSourceMapping" else None
    kind = kind_of(held.event_source_arn if held else params["EventSourceArn"])
    for name, limit in (
        ("BatchSize", "batch_stream"),
        ("MaximumBatchingWindowInSeconds", "window"),
        ("ParallelizationFactor", "parallelization"),
        ("MaximumRetryAttempts", "retries"),
        ("TumblingWindowInSeconds", "tumbling_window"),
    ):
        _require_range(params, name, limit)
    if params.get("MaximumRecordAgeInSeconds") not in (None, -1):
        _require_range(params, "MaximumRecordAgeInSeconds", "record_age")
    _require_filters(params)
    if kind.startswith("sqs"):
        _require_queue(params, kind, held)
    else:
        _require_stream(params, kind, held)


def _require_filters(params: dict) -> None:
    filters = (params.get("FilterCriteria") or {}).get("Filters") or ()
    most = value("lambda.event_sources.filters")
    if len(filters) > most:
        raise Refused(
            "InvalidParameterValueException", f"An event source mapping has at most {most} filters, not {len(filters)}."
        )
    if not all(is_pattern(one.get("Pattern")) for one in filters):
        raise Refused("InvalidParameterValueException", "Invalid filter pattern definition.")
    kinds = params.get("FunctionResponseTypes") or ()
    if not set(kinds) <= {"ReportBatchItemFailures"}:
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{list(kinds)}' at 'functionResponseTypes' failed to satisfy constraint: "
            "Member must satisfy constraint: [Member must satisfy enum value set: [ReportBatchItemFailures]]",
        )


def _require_queue(params: dict, kind: str, held: Any) -> None:
    for name in _STREAMS_ONLY:
        # boto3 sends no empty values; an empty DestinationConfig says nothing.
        if params.get(name):
            raise Refused("InvalidParameterValueException", f"{name} is not valid for SQS event sources.")
    size = params.get("BatchSize", held.batch_size if held else 10)
    window = params.get("MaximumBatchingWindowInSeconds", (held.max_batch_window or 0) if held else 0)
    if kind == "sqs-fifo":
        most = value("lambda.event_sources.batch_fifo")[1]
        if size > most:
            raise Refused(
                "InvalidParameterValueException", f"Batch size cannot be greater than {most} for FIFO queues."
            )
        if window:
            raise Refused("InvalidParameterValueException", "Batching window is not supported for FIFO queues.")
    elif size > value("lambda.event_sources.batch_without_window") and not window:
        raise Refused(
            "InvalidParameterValueException",
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
        )
    concurrency = (params.get("ScalingConfig") or {}).get("MaximumConcurrency")
    least, most = value("lambda.event_sources.concurrency")
    if concurrency is not None and not least <= concurrency <= most:
        bound = f"less than or equal to {most}" if concurrency > most else f"greater than or equal to {least}"
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{concurrency}' at 'scalingConfig.maximumConcurrency' failed to satisfy "
            f"constraint: Member must have value {bound}",
        )


def _require_stream(params: dict, kind: str, held: Any) -> None:
    if params.get("ScalingConfig"):
        raise Refused("InvalidParameterValueException", "ScalingConfig is valid for SQS event sources only.")
    if held is not None:
        return
    position = params.get("StartingPosition")
    if position is None:
        raise Refused(
            "InvalidParameterValueException",
            "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not "
            "be null.",
        )
    if position not in _POSITIONS[kind]:
        raise Refused(
            "InvalidParameterValueException",
            f"Unsupported starting position for arn type: {params['EventSourceArn']}",
        )
    if position == "AT_TIMESTAMP" and not params.get("StartingPositionTimestamp"):
        raise Refused(
            "InvalidParameterValueException",
            "StartingPositionTimestamp is required when StartingPosition is AT_TIMESTAMP.",
        )


@refuses("lambda", "CreateEventSourceMapping")
def role_may_not_read(call: Call) -> None:
    """Lambda reads the source with the function's role."""
    name, qualifier = split(call.params["FunctionName"])
    function = existing(call.backend, name, qualifier)
    arn = call.params["EventSourceArn"]
    kind = kind_of(arn)
    if kind.startswith("sqs"):
        for action in queues.ACTIONS:
            if not role_lets(function, action, arn):
                raise Refused(
                    "InvalidParameterValueException",
                    f"The provided execution role does not have permissions to call {action.split(':')[1]} on SQS",
                )
        return
    actions = _STREAM_ACTIONS[kind]
    # ListStreams is asked of all streams.
    if not all(role_lets(function, f"{kind}:{one}", "*" if one == "ListStreams" else arn) for one in actions):
        raise Refused(
            "InvalidParameterValueException",
            f"Cannot access stream {arn}. Please ensure the role can perform the {', '.join(actions[:-1])}, and "
            f"{actions[-1]} Actions on your stream in IAM.",
        )


@refuses("lambda", "CreateEventSourceMapping")
def short_visibility_timeout(call: Call) -> None:
    """While a function works on a message, no other may see it; and a source is mapped to a function once."""
    name, qualifier = split(call.params["FunctionName"])
    function, arn = existing(call.backend, name, qualifier), call.params["EventSourceArn"]
    for queue in call.backend_of("sqs").queues.values():
        if queue.queue_arn == arn and int(queue.visibility_timeout) < int(function.timeout):
            raise Refused(
                "InvalidParameterValueException",
                f"Queue visibility timeout: {queue.visibility_timeout} seconds is less than Function timeout: "
                f"{function.timeout} seconds",
            )
    for one in call.backend._event_source_mappings.values():
        if one.event_source_arn == arn and split(one.function_name) == (name, qualifier):
            raise Refused(
                "ResourceConflictException",
                f'The event source arn (" {arn} ") and function (" {name} ") provided mapping already exists. Please '
                f"update or delete the existing mapping with UUID {one.uuid}",
                409,
            )


@corrects("lambda", "CreateEventSourceMapping", "UpdateEventSourceMapping")
def mapped_as_named(call: Call, result: Any) -> dict:
    """A mapping of an alias is the alias's, where moto shows the version it points to; AWS is at work for a moment."""
    held = call.backend._event_source_mappings
    mapping = held[call.params["UUID"]] if "UUID" in call.params else list(held.values())[-1]
    named = call.params.get("FunctionName")
    if named:
        name, qualifier = split(named)
        arn = f"arn:aws:lambda:{call.region}:{call.account_id}:function:{name}"
        mapping.function_name = named
        mapping.function_arn = f"{arn}:{qualifier}" if qualifier else arn
    return {**mapping.get_configuration(), "State": "Updating" if "UUID" in call.params else "Creating"}
