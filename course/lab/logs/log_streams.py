"""Log streams: a name once per group, and reading one that exists.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html
"""

from __future__ import annotations

from ..gate import Call, Refused, refuses
from .names import invalid, log_group, log_group_of, log_stream


@refuses("logs", "CreateLogStream")
def taken_name(call: Call) -> None:
    """moto speaks of a log group when the log stream exists."""
    group = log_group(call.backend, call.params["logGroupName"])
    if call.params["logStreamName"] in group.streams:
        raise Refused("ResourceAlreadyExistsException", "The specified log stream already exists")


@refuses("logs", "DeleteLogStream", "GetLogEvents")
def unknown_log_stream(call: Call) -> None:
    """moto speaks of a log group here too."""
    log_stream(log_group_of(call), call.params["logStreamName"])


@refuses("logs", "DescribeLogStreams")
def order_with_a_prefix(call: Call) -> None:
    """Streams of a prefix come by name."""
    log_group_of(call)
    if call.params.get("orderBy") == "LastEventTime" and call.params.get("logStreamNamePrefix"):
        raise invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
