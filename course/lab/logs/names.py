"""Names and other values of requests to CloudWatch Logs, and which log group or log stream a request is about.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import get_service_model
from moto.logs.models import LogGroup, LogsBackend, LogStream

from course.data import value

from ..constraints import require_constraints
from ..gate import Call, Refused, refuses, replaces


def invalid(message: str) -> Refused:
    """CloudWatch Logs' answer to most of what it does not take."""
    return Refused("InvalidParameterException", message)


def name_of(identifier: str) -> str:
    """The name in an ARN of a log group, with or without `:*` at its end; a name is left as it is."""
    if not identifier.startswith("arn:"):
        return identifier
    return identifier.split(":log-group:", 1)[-1].split(":")[0]


def log_group(backend: LogsBackend, identifier: str | None) -> LogGroup:
    """The log group with this name or ARN; Refused if it does not exist."""
    found = backend.groups.get(name_of(identifier or ""))
    if found is None:
        raise Refused("ResourceNotFoundException", "The specified log group does not exist.")
    return found


def log_group_of(call: Call) -> LogGroup:
    """The log group of a request that names one, by name or by identifier."""
    name, identifier = call.params.get("logGroupName"), call.params.get("logGroupIdentifier")
    if bool(name) == bool(identifier):
        raise invalid("Exactly one of logGroupName and logGroupIdentifier must be specified.")
    return log_group(call.backend, name or identifier)


def log_stream(group: LogGroup, name: str) -> LogStream:
    """A log stream of a group; Refused if it does not exist."""
    if name not in group.streams:
        raise Refused("ResourceNotFoundException", "The specified log stream does not exist.")
    return group.streams[name]


@refuses("logs", *get_service_model("logs").operation_names)
def impossible_values(call: Call) -> None:
    """Lengths, patterns and lists of values; the lengths of the two names are refused in a sentence of their own."""
    most = value("logs.groups.name_length")
    for name in ("logGroupName", "logStreamName"):
        if len(call.params.get(name) or "") > most:
            raise invalid(f"Invalid LogGroup or LogStream, both must have length less than or equal to {most}.")
    require_constraints(call, "InvalidParameterException")


@replaces(LogsBackend, "_find_log_group")
def found_by_identifier(
    moto: Any, backend: LogsBackend, log_group_id: str | None = None, log_group_name: str | None = None
) -> LogGroup:
    """moto takes the last group for any ARN."""
    return log_group(backend, log_group_name or log_group_id)
