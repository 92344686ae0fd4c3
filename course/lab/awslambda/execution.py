"""Invoke runs the learner's code: environments kept warm per function version, logs in CloudWatch, AWS's error payloads.

moto alone echoes the event. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

from __future__ import annotations

import atexit
import json
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zipfile import BadZipFile

from moto.awslambda.models import LambdaFunction
from moto.backends import get_backend

from course.data import value

from .. import ids
from ..gate import Call, NotOffline, Refused, corrects
from ..iam.sessions import remember_service_session
from . import logs as lambda_logs
from .environment import ExecutionEnvironment, Outcome, exit_reason

_lock = threading.RLock()
_idle: dict[tuple, list[ExecutionEnvironment]] = {}
_running: dict[tuple, int] = {}
_every: set[ExecutionEnvironment] = set()
_generation = 0


@dataclass
class Invocation:
    """One finished invocation: the payload as AWS returns it, and whether it is the payload of an error."""

    payload: str
    failed: bool
    log: str
    request_id: str
    version: str


def new_id() -> str:
    """A request id from a stream of its own, so that invocations change no other id."""
    return str(UUID(int=ids.stream("lambda").getrandbits(128), version=4))


def run(function: LambdaFunction, event: str, arn: str, request_id: str = "", client_context: Any = None) -> Invocation:
    """Run one invocation of a version and wait for its end. Refused(TooManyRequestsException) when throttled.

    event: JSON text. arn: as it was invoked, with the alias or version. NotOffline for runtimes that are not Python.
    """
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
    with _lock:
        reserved = latest.reserved_concurrency
        if reserved is not None and _running.get(name, 0) >= int(reserved):
            raise throttled("ReservedFunctionConcurrentInvocationLimitExceeded")
        if sum(_running.values()) >= value("lab.lambda.running"):
            raise throttled("ConcurrentInvocationLimitExceeded")
        _running[name] = _running.get(name, 0) + 1
        return _generation


def _leave(name: tuple) -> None:
    with _lock:
        _running[name] = _running.get(name, 1) - 1
        if not _running[name]:
            del _running[name]


def busy() -> bool:
    """Whether any function runs at this moment."""
    with _lock:
        return bool(_running)


def throttled(reason: str) -> Refused:
    """AWS's TooManyRequestsException."""
    refusal = Refused("TooManyRequestsException", "Rate Exceeded.", 429)
    refusal.Reason = reason
    return refusal


def _invoke(
    function: LambdaFunction, event: str, arn: str, request_id: str, client_context: Any, generation: int
) -> Invocation:
    key = (function.account_id, function.region, function.function_name, str(function.version), _state(function))
    version, log, started = str(function.version), [], None
    environment = _warm(key)
    if environment is None:
        begun = time.monotonic()
        environment = _cold(function)
        log.append(lambda_logs.init_start(function))
        outcome = environment.initialised()
        started = (time.monotonic() - begun) * 1000
        log += lambda_logs.lines(environment.take_printed())
        if outcome.ended or outcome.frame.get("error"):
            environment.end()
            _require_same_account(generation)
            return _failed_init(function, environment, outcome, log, request_id, started)
    log.append(f"START RequestId: {request_id} Version: {version}\n")
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
    if generation != _generation:
        environment.end()
    _require_same_account(generation)
    log += lambda_logs.lines(environment.take_printed())
    payload, error = _told(function, outcome, request_id)
    if outcome.frame:
        if error and outcome.frame.get("error"):
            log.append(lambda_logs.logged(error))
        with _lock:
            _idle.setdefault(key, []).append(environment)
            _trim()
    status = {"time": "timeout"}.get(outcome.ended, "error" if outcome.ended else "")
    if outcome.ended:
        log.append(
            f"{lambda_logs.now()} {request_id} {error['errorMessage'].split('Error: ')[-1]}\n"
            if outcome.ended == "time"
            else f"{error['errorMessage']}\n{error['errorType']}\n"
        )
        with _lock:
            _every.discard(environment)
    log += lambda_logs.report(function, environment, request_id, outcome.seconds * 1000, started, status, error)
    text = lambda_logs.write(function, environment.log_stream, log)
    return Invocation(payload, error is not None, text, request_id, version)


def _require_same_account(generation: int) -> None:
    if generation != _generation:
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
    with _lock:
        _every.discard(environment)
    payload, error = _told(function, outcome, request_id)
    if outcome.frame:
        error = {**error, "requestId": request_id}
        payload = json.dumps(error)
        log.append(lambda_logs.logged(error))
    status = "timeout" if outcome.ended == "time" else "error"
    log.append(
        f"INIT_REPORT Init Duration: {started:.2f} ms\tPhase: init\tStatus: {status}\tError Type: {error['errorType']}\n"
    )
    log.append(f"START RequestId: {request_id} Version: {function.version}\n")
    if not outcome.frame:
        log.append(f"{error['errorMessage']}\n{error['errorType']}\n")
    log += lambda_logs.report(function, environment, request_id, started, None, status, error)
    text = lambda_logs.write(function, environment.log_stream, log)
    return Invocation(payload, True, text, request_id, str(function.version))


# Environments ---------------------------------------------------------------------------------------------------------


def _state(function: LambdaFunction) -> str:
    """What makes an environment stale: code and configuration. A published version never changes."""
    if str(function.version) != "$LATEST":
        return function.code_sha_256
    return json.dumps(
        [
            *(function.code_sha_256, function.code.get("UUID"), function.handler, function.run_time, function.role),
            *(function.environment_vars, function.memory_size, function.timeout, function.ephemeral_storage),
            [layer["Arn"] for layer in function.layers],
        ],
        default=str,
    )


def _warm(key: tuple) -> ExecutionEnvironment | None:
    with _lock:
        for other in [other for other in _idle if other[:4] == key[:4] and other != key]:
            _end(_idle.pop(other))
        environments = _idle.get(key, [])
        while environments:
            environment = environments.pop()
            if environment.alive:
                return environment
            _end([environment])
    return None


def _cold(function: LambdaFunction) -> ExecutionEnvironment:
    stream = f"{datetime.now(UTC):%Y/%m/%d}/[{function.version}]{UUID(new_id()).hex}"
    settings = {
        "handler": function.handler or "",
        "memory": int(function.memory_size),
        "storage": int(function.ephemeral_storage),
    }
    backend = get_backend("lambda")[function.account_id][function.region]
    layers = [backend.layers_versions_by_arn(layer["Arn"]) for layer in function.layers]
    try:
        environment = ExecutionEnvironment(
            settings, _variables(function, stream), function.code_bytes, [one.code_bytes for one in layers if one]
        )
    except BadZipFile:
        raise Refused("InvalidZipFileException", "Lambda could not unzip the deployment package.", 502) from None
    environment.log_stream = stream
    with _lock:
        _every.add(environment)
    return environment


def _variables(function: LambdaFunction, stream: str) -> dict[str, str]:
    """The whole environment of the process: nothing of the host's gets in."""
    sts = get_backend("sts")[function.account_id][
        "global" if "global" in get_backend("sts")[function.account_id] else "aws"
    ]
    session = sts.assume_role(function.region, function.function_name, function.role, "", 43200, "")
    remember_service_session(session, function.role)
    own = {str(name): str(text) for name, text in (function.environment_vars or {}).items()}
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "en_US.UTF-8",
        "PYTHONUTF8": "1",
        "TZ": ":UTC",
        "LAMBDA_TASK_ROOT": "/var/task",
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
        **own,
        "_HANDLER": function.handler or "",
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.run_time}",
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": str(function.version),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": function.logs_group_name,
        "AWS_LAMBDA_LOG_STREAM_NAME": stream,
        "AWS_ACCESS_KEY_ID": session.access_key_id,
        "AWS_SECRET_ACCESS_KEY": session.secret_access_key,
        "AWS_SESSION_TOKEN": session.session_token,
        # Not AWS's: without them botocore would look for a profile and for an instance's credentials on this machine.
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _trim() -> None:
    while sum(map(len, _idle.values())) > value("lab.lambda.idle"):
        oldest = next(key for key, environments in _idle.items() if environments)
        _end([_idle[oldest].pop(0)])
        if not _idle[oldest]:
            del _idle[oldest]


def _end(environments: list[ExecutionEnvironment]) -> None:
    for environment in environments:
        environment.end()
        _every.discard(environment)


def end_environments(name: str = "") -> None:
    """End the environments of a function, idle ones only; without a name all there are, running or not."""
    global _generation
    with _lock:
        if name:
            for key in [key for key in _idle if key[2] == name]:
                _end(_idle.pop(key))
            return
        _generation += 1
        idle = [environment for environments in _idle.values() for environment in environments]
        _idle.clear()
        # All are told before one is waited for: they end at the same time.
        running = _every.difference(idle)
        for environment in _every:
            environment.hang_up(wait=False)
        for environment in running:
            environment.hang_up()
        _every.clear()
    for environment in idle:
        environment.end()


atexit.register(end_environments)


@corrects("lambda", "DeleteFunction")
def environments_end_with_the_function(call: Call, result: Any) -> None:
    """A deleted function keeps no process."""
    end_environments(call.params["FunctionName"].split(":function:")[-1].split(":")[0])
