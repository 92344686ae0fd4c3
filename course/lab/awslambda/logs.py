"""What an invocation writes to CloudWatch Logs: one stream per environment, START, END and REPORT around the output.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

from __future__ import annotations

import json
import math
import time
from datetime import UTC, datetime
from uuid import UUID

from moto.awslambda.models import LambdaFunction
from moto.backends import get_backend

from .configuration import log_format, runtime_version_arn
from .environment import ExecutionEnvironment


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def trace(request_id: str) -> str:
    number = UUID(request_id).hex
    return f"Root=1-{int(time.time()):08x}-{number[:24]};Parent={number[16:]};Sampled=0"


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _event(kind: str, record: dict) -> str:
    """A line of the platform in the JSON format."""
    return json.dumps({"time": now(), "type": f"platform.{kind}", "record": record}) + "\n"


def logged(function: LambdaFunction, error: dict) -> str:
    """The error of an invocation, as the runtime logs it."""
    trace = error.get("stackTrace", ())
    if log_format(function) == "JSON":
        told = {
            "timestamp": now(),
            "level": "ERROR",
            "message": error["errorMessage"],
            "logger": "",
            "requestId": error.get("requestId", ""),
            "errorType": error["errorType"],
            "stackTrace": list(trace),
        }
        return json.dumps(told) + "\n"
    return (
        f"[ERROR] {error['errorType']}: {error['errorMessage']}\nTraceback (most recent call last):\n{''.join(trace)}".rstrip()
        + "\n"
    )


def init_start(function: LambdaFunction) -> str:
    """The first line of a cold start."""
    runtime = (function.run_time or "").replace("python", "python:")
    arn = runtime_version_arn(function)
    if log_format(function) == "JSON":
        record = {"initializationType": "on-demand", "phase": "init", "runtimeVersion": f"{runtime}.v1"}
        return _event("initStart", {**record, "runtimeVersionArn": arn, "functionName": function.function_name})
    return f"INIT_START Runtime Version: {runtime}.v1\tRuntime Version ARN: {arn}\n"


def start(function: LambdaFunction, request_id: str) -> str:
    """The line before the handler is called."""
    if log_format(function) == "JSON":
        return _event("start", {"requestId": request_id, "version": str(function.version)})
    return f"START RequestId: {request_id} Version: {function.version}\n"


def report(
    function: LambdaFunction,
    environment: ExecutionEnvironment,
    request_id: str,
    duration: float,
    started: float | None,
    status: str,
    error: dict | None,
) -> list[str]:
    """The lines after an invocation: how long it took, what is billed, the memory it used."""
    # INIT is billed for managed runtimes since 1 August 2025.
    billed = math.ceil(duration + (started or 0))
    used = min(math.ceil(environment.peak), int(function.memory_size))
    if log_format(function) == "JSON":
        metrics = {
            "durationMs": round(duration, 3),
            "billedDurationMs": billed,
            "memorySizeMB": int(function.memory_size),
            "maxMemoryUsedMB": used,
        }
        if started is not None:
            metrics["initDurationMs"] = round(started, 3)
        record = {"requestId": request_id, "metrics": metrics, "status": status or "success"}
        if status == "error":
            record["errorType"] = error["errorType"]
        return [_event("report", record)]
    parts = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {duration:.2f} ms",
        f"Billed Duration: {billed} ms",
        f"Memory Size: {function.memory_size} MB",
        f"Max Memory Used: {used} MB",
    ]
    if started is not None:
        parts.append(f"Init Duration: {started:.2f} ms")
    if status:
        parts.append(f"Status: {status}")
        if status == "error":
            parts.append(f"Error Type: {error['errorType']}")
    return [f"END RequestId: {request_id}\n", "\t".join(parts) + "\t\n"]


def write(function: LambdaFunction, stream: str, log: list[str]) -> str:
    logs = get_backend("logs")[function.account_id][function.region]
    logs.ensure_log_group(function.logs_group_name)
    logs.ensure_log_stream(function.logs_group_name, stream)
    at = int(time.time() * 1000)
    events = [{"timestamp": at, "message": message} for message in log]
    logs.put_log_events(function.logs_group_name, stream, events)
    return "".join(log)
