"""Invoke runs the learner's code: environments kept warm per function version, logs in CloudWatch, AWS's error payloads.

moto alone echoes the event. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.backends import get_backend

from course.data import value

from ..gate import NotOffline, Refused
from . import environments
from . import logs as lambda_logs
from .environment import ExecutionEnvironment, Outcome, exit_reason
from .environments import lock, new_id

_running: dict[tuple, int] = {}


@dataclass
class Invocation:
    """One finished invocation: the payload as AWS returns it, and whether it is the payload of an error."""

    payload: str
    failed: bool
    log: str
    request_id: str
    version: str


def run(function: LambdaFunction, event: str, arn: str, request_id: str = "", client_context: Any = None) -> Invocation:
    """Run one invocation of a version and wait for its end. Refused(TooManyRequestsException) when throttled.

    event: JSON text. arn: as it was invoked, with the alias or version. NotOffline for runtimes that are not Python.
    """
    if function.package_type == "Image":
        raise NotOffline(
            f"the offline account runs functions from zip archives; {function.function_name} is a container image, which "
            "needs Docker"
        )
    if not (function.run_time or "").startswith("python"):
        raise NotOffline(f"the offline account runs Python functions; {function.function_name} is {function.run_time}")
    request_id = request_id or new_id()
    name = (function.account_id, function.region, function.function_name)
    generation = _enter(function, name)
    try:
        return _invoke(function, event, arn, request_id, client_context, generation)
    finally:
        _leave(name)


def _enter(function: LambdaFunction, name: tuple) -> int:
    latest = get_backend("lambda")[function.account_id][function.region].get_function(function.function_name)
    with lock:
        reserved = latest.reserved_concurrency
        if reserved is not None and _running.get(name, 0) >= int(reserved):
            raise throttled("ReservedFunctionConcurrentInvocationLimitExceeded")
        if sum(_running.values()) >= value("lab.lambda.running"):
            raise throttled("ConcurrentInvocationLimitExceeded")
        _running[name] = _running.get(name, 0) + 1
        return environments.generation()


def _leave(name: tuple) -> None:
    with lock:
        _running[name] = _running.get(name, 1) - 1
        if not _running[name]:
            del _running[name]


def busy() -> bool:
    """Whether any function runs at this moment."""
    with lock:
        return bool(_running)


def throttled(reason: str) -> Refused:
    """AWS's TooManyRequestsException."""
    refusal = Refused("TooManyRequestsException", "Rate Exceeded.", 429)
    refusal.Reason = reason
    return refusal


def _invoke(
    function: LambdaFunction, event: str, arn: str, request_id: str, client_context: Any, generation: int
) -> Invocation:
    version, log, started = str(function.version), [], None
    environment = environments.warm(function)
    if environment is None:
        begun = time.monotonic()
        environment = environments.cold(function)
        log.append(lambda_logs.init_start(function))
        outcome = environment.initialised()
        started = (time.monotonic() - begun) * 1000
        log += lambda_logs.lines(environment.take_printed())
        if outcome.ended or outcome.frame.get("error"):
            environment.end()
            _require_same_account(generation)
            return _failed_init(function, environment, outcome, log, request_id, started)
    log.append(lambda_logs.start(function, request_id))
    context = {
        "function_name": function.function_name,
        "function_version": version,
        "invoked_function_arn": arn,
        "memory_limit_in_mb": str(function.memory_size),
        "aws_request_id": request_id,
        "log_group_name": function.logs_group_name,
        "log_stream_name": environment.log_stream,
        "client_context": client_context,
    }
    outcome = environment.invoke(event, context, float(function.timeout), lambda_logs.trace(request_id))
    if generation != environments.generation():
        environment.end()
    _require_same_account(generation)
    log += lambda_logs.lines(environment.take_printed())
    payload, error = _told(function, outcome, request_id)
    if outcome.frame:
        if error and outcome.frame.get("error"):
            log.append(lambda_logs.logged(function, error))
        environments.keep(function, environment)
    status = {"time": "timeout"}.get(outcome.ended, "error" if outcome.ended else "")
    if outcome.ended:
        log.append(
            f"{lambda_logs.now()} {request_id} {error['errorMessage'].split('Error: ')[-1]}\n"
            if outcome.ended == "time"
            else f"{error['errorMessage']}\n{error['errorType']}\n"
        )
        environments.forget(environment)
    log += lambda_logs.report(function, environment, request_id, outcome.seconds * 1000, started, status, error)
    text = lambda_logs.write(function, environment.log_stream, log)
    return Invocation(payload, error is not None, text, request_id, version)


def _require_same_account(generation: int) -> None:
    if generation != environments.generation():
        raise Refused("ServiceException", "The account was emptied while the function ran.", 500)


def _told(function: LambdaFunction, outcome: Outcome, request_id: str) -> tuple[str, dict | None]:
    """The payload of the answer, and the error in it if there is one."""
    if outcome.frame and "result" in outcome.frame:
        result = str(outcome.frame["result"])
        if len(result.encode()) <= value("lambda.limits.response_bytes"):
            return result, None
        outcome = Outcome(ended="size")
    if outcome.frame:
        error = outcome.frame["error"]
    elif outcome.ended == "size":
        most = value("lambda.limits.response_bytes")
        error = {
            "errorType": "Function.ResponseSizeTooLarge",
            "errorMessage": f"Response payload size exceeded maximum allowed payload size ({most} bytes).",
        }
    elif outcome.ended == "time":
        error = {
            "errorType": "Sandbox.Timedout",
            "errorMessage": f"RequestId: {request_id} Error: Task timed out after {float(function.timeout):.2f} seconds",
        }
    else:
        reason = exit_reason(137 if outcome.ended == "memory" else outcome.exit_code)
        error = {"errorType": "Runtime.ExitError", "errorMessage": f"RequestId: {request_id} Error: {reason}"}
    return json.dumps(error), error


def _failed_init(
    function: LambdaFunction,
    environment: ExecutionEnvironment,
    outcome: Outcome,
    log: list[str],
    request_id: str,
    started: float,
) -> Invocation:
    environments.forget(environment)
    payload, error = _told(function, outcome, request_id)
    if outcome.frame:
        error = {**error, "requestId": request_id}
        payload = json.dumps(error)
        log.append(lambda_logs.logged(function, error))
    status = "timeout" if outcome.ended == "time" else "error"
    log.append(
        f"INIT_REPORT Init Duration: {started:.2f} ms\tPhase: init\tStatus: {status}\tError Type: {error['errorType']}\n"
    )
    log.append(lambda_logs.start(function, request_id))
    if not outcome.frame:
        log.append(f"{error['errorMessage']}\n{error['errorType']}\n")
    log += lambda_logs.report(function, environment, request_id, started, None, status, error)
    text = lambda_logs.write(function, environment.log_stream, log)
    return Invocation(payload, True, text, request_id, str(function.version))
