"""Streams of DynamoDB and Kinesis that Lambda reads: batches in order, retries, bisected batches, a failure destination.

AWS polls; here a batch is read as soon as no function runs after a record was written, so most batches are small.
https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.awslambda.models import LambdaBackend
from moto.backends import get_backend
from moto.core.exceptions import HTTPException, ServiceException
from moto.core.utils import unix_time

from course.data import value

from ..gate import Call, corrects, replaces
from . import execution
from .aliases import existing, target
from .destinations import deliver
from .environments import new_id
from .event_filters import matches
from .events import later

Record = dict[str, Any]


@replaces(LambdaBackend, "send_dynamodb_items")
def read_table_stream(original: Any, backend: LambdaBackend, function_arn: str, items: list[Any], source: str) -> bool:
    """What was written to a table, for each mapping of its stream."""
    for mapping in _mappings(backend, source):
        later(lambda mapping=mapping: _read(backend, mapping, lambda: [_changed(item, source) for item in items]))
    return False  # moto would empty the stream, which others read too


@replaces(LambdaBackend, "send_kinesis_message")
def read_data_stream(original: Any, backend: LambdaBackend, **sent: Any) -> None:
    """What was put into a data stream, for each mapping of it."""
    record = _put(
        sent["kinesis_stream"],
        sent["kinesis_shard_id"],
        sent["kinesis_partition_key"],
        sent["kinesis_sequence_number"],
        sent["kinesis_data"],
        backend.region_name,
    )
    for mapping in _mappings(backend, sent["kinesis_stream"]):
        waiting = mapping.__dict__.setdefault("_records", [])
        waiting.append(record)
        later(lambda mapping=mapping, waiting=waiting: _read(backend, mapping, lambda: waiting))


def _put(source: str, shard: str, key: str, number: str, data: Any, region: str) -> Record:
    """A record of a data stream."""
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": key,
            "sequenceNumber": str(number),
            "data": data.decode() if isinstance(data, bytes) else data,
            "approximateArrivalTimestamp": round(time.time(), 3),
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"{shard}:{number}",
        "eventName": "aws:kinesis:record",
        "awsRegion": region,
        "eventSourceARN": source,
    }


@corrects("lambda", "CreateEventSourceMapping")
def where_reading_begins(call: Call, result: Any) -> None:
    """LATEST begins with the next record, the other positions with what lies in the stream."""
    mapping = list(call.backend._event_source_mappings.values())[-1]
    records = _held(call, mapping.event_source_arn)
    if mapping.starting_position == "LATEST":
        mapping.__dict__.setdefault("_read", set()).update(map(_sequence_number, records))
    elif records:
        later(lambda: _read(call.backend, mapping, lambda: records))


def _held(call: Call, source: str) -> list[Record]:
    """What lies in a stream of DynamoDB or Kinesis now."""
    if ":dynamodb:" in source:
        for table in call.backend_of("dynamodb").tables.values():
            if table.stream_shard is not None and source.endswith(str(table.latest_stream_label)):
                return [_changed(item, source) for item in table.stream_shard.items]
    for stream in call.backend_of("kinesis").streams.values():
        if stream.arn == source:
            return [
                _put(source, shard.shard_id, record.partition_key, record.sequence_number, record.data, call.region)
                for shard in stream.shards.values()
                for record in shard.records.values()
            ]
    return []


def _mappings(backend: LambdaBackend, source: str) -> list[Any]:
    return [one for one in backend._event_source_mappings.values() if one.event_source_arn == source and one.enabled]


def _changed(item: Any, source: str) -> Record:
    record = item.to_json()
    changed = dict(record["dynamodb"])
    if isinstance(changed.get("ApproximateCreationDateTime"), datetime):
        changed["ApproximateCreationDateTime"] = unix_time(changed["ApproximateCreationDateTime"])
    kept = ("eventID", "eventName", "eventVersion", "eventSource")
    region = source.split(":")[3]
    return {**{key: record[key] for key in kept}, "awsRegion": region, "dynamodb": changed, "eventSourceARN": source}


def _sequence_number(record: Record) -> str:
    return record["kinesis"]["sequenceNumber"] if "kinesis" in record else record["dynamodb"]["SequenceNumber"]


def _read(backend: LambdaBackend, mapping: Any, records: Callable[[], list[Record]]) -> None:
    """Bring all records that this mapping has not read yet, in batches."""
    done: set[str] = mapping.__dict__.setdefault("_read", set())
    if mapping.uuid not in backend._event_source_mappings or not mapping.enabled:
        return
    fresh = [one for one in records() if _sequence_number(one) not in done]
    done.update(map(_sequence_number, fresh))
    wanted = [one for one in fresh if matches(mapping, one)]
    size = int(mapping.batch_size)
    for start in range(0, len(wanted), size):
        _bring(backend, mapping, wanted[start : start + size])


def _bring(backend: LambdaBackend, mapping: Any, batch: list[Record]) -> None:
    """Invoke until the batch succeeds or its retries are over; half and half, if the mapping bisects."""
    retries = mapping.max_retry_attempts
    tries = 1 + (value("lab.lambda.stream_retries") if retries in (None, -1) else int(retries))
    for number in range(tries):
        first = _failed_from(backend, mapping, batch)
        if first is None:
            return
        if first > 0:
            # Records before the one reported have succeeded.
            return _bring(backend, mapping, batch[first:])
        if mapping.bisect_on_error and len(batch) > 1 and number + 1 < tries:
            middle = len(batch) // 2
            _bring(backend, mapping, batch[:middle])
            return _bring(backend, mapping, batch[middle:])
    _give_up(backend, mapping, batch, tries)


def _failed_from(backend: LambdaBackend, mapping: Any, batch: list[Record]) -> int | None:
    """Invoke once: None when the batch succeeded, else the place of the first record that failed."""
    try:
        function, arn = target(backend, mapping.function_name)
        event = json.dumps({"Records": [{**one, "invokeIdentityArn": function.role} for one in batch]})
        invocation = execution.run(function, event, arn)
    except (ServiceException, HTTPException):
        return 0
    if invocation.failed:
        return 0
    if "ReportBatchItemFailures" not in (mapping.function_response_types or ()):
        return None
    answer = json.loads(invocation.payload)
    named = answer.get("batchItemFailures") if isinstance(answer, dict) else None
    places = {_sequence_number(one): place for place, one in enumerate(batch)}
    try:
        failed = [places[one["itemIdentifier"]] for one in named or ()]
    except (TypeError, KeyError):
        return 0
    return min(failed) if failed else None


def _shard(backend: LambdaBackend, record: Record) -> str:
    if "kinesis" in record:
        return record["eventID"].partition(":")[0]
    tables = get_backend("dynamodb")[backend.account_id][backend.region_name].tables.values()
    source = record["eventSourceARN"]
    return next(
        (one.stream_shard.id for one in tables if one.stream_shard and source.endswith(str(one.latest_stream_label))),
        "",
    )


def _give_up(backend: LambdaBackend, mapping: Any, batch: list[Record], tries: int) -> None:
    """Send the facts of the batch, not its records, to the destination for failures."""
    destination = ((mapping.destination_config or {}).get("OnFailure") or {}).get("Destination")
    if not destination:
        return
    function = existing(backend, mapping.function_name)
    numbers = [_sequence_number(one) for one in batch]
    kind = "KinesisBatchInfo" if "kinesis" in batch[0] else "DDBStreamBatchInfo"
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    record = {
        "requestContext": {
            "requestId": new_id(),
            "functionArn": mapping.function_arn,
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": tries,
        },
        "responseContext": {"statusCode": 200, "executedVersion": str(function.version), "functionError": "Unhandled"},
        "version": "1.0",
        "timestamp": moment,
        kind: {
            "shardId": _shard(backend, batch[0]),
            "startSequenceNumber": numbers[0],
            "endSequenceNumber": numbers[-1],
            "batchSize": len(batch),
            "streamArn": mapping.event_source_arn,
        },
    }
    deliver(function, destination, record, "OnFailure")
