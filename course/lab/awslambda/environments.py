"""The execution environments that are kept warm, per version of a function; cold starts, and their ends.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

from __future__ import annotations

import atexit
import json
import threading
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zipfile import BadZipFile

from moto.awslambda.models import LambdaFunction
from moto.backends import get_backend

from course.data import value

from .. import ids
from ..gate import Call, Refused, corrects
from ..iam.sessions import remember_service_session
from .configuration import kept, log_format
from .environment import ExecutionEnvironment

lock = threading.RLock()
_idle: dict[tuple, list[ExecutionEnvironment]] = {}
_every: set[ExecutionEnvironment] = set()
_generation = 0


def generation() -> int:
    """Which account this is: it changes when the account is emptied."""
    return _generation


def new_id() -> str:
    """A request id from a stream of its own, so that invocations change no other id."""
    return str(UUID(int=ids.stream("lambda").getrandbits(128), version=4))


def _key(function: LambdaFunction) -> tuple:
    return (function.account_id, function.region, function.function_name, str(function.version), _state(function))


def _state(function: LambdaFunction) -> str:
    """What makes an environment stale: code and configuration. A published version never changes."""
    if str(function.version) != "$LATEST":
        return function.code_sha_256
    return json.dumps(
        [
            *(function.code_sha_256, function.code.get("UUID"), function.handler, function.run_time, function.role),
            *(function.environment_vars, function.memory_size, function.timeout, function.ephemeral_storage),
            *([layer["Arn"] for layer in function.layers], kept(function).get("LoggingConfig")),
        ],
        default=str,
    )


def warm(function: LambdaFunction) -> ExecutionEnvironment | None:
    """An environment that waits for this version, or None; it is the caller's until `keep`."""
    key = _key(function)
    with lock:
        for other in [other for other in _idle if other[:4] == key[:4] and other != key]:
            _end(_idle.pop(other))
        environments = _idle.get(key, [])
        while environments:
            environment = environments.pop()
            if environment.alive:
                return environment
            _end([environment])
    return None


def cold(function: LambdaFunction, initialization: str = "on-demand") -> ExecutionEnvironment:
    """A new environment, which has begun with INIT. Refused(InvalidZipFileException) for code that is no zip."""
    stream = f"{datetime.now(UTC):%Y/%m/%d}/[{function.version}]{UUID(new_id()).hex}"
    settings = {
        "handler": function.handler or "",
        "memory": int(function.memory_size),
        "storage": int(function.ephemeral_storage),
        "log_format": log_format(function),
        "log_level": kept(function).get("LoggingConfig", {}).get("ApplicationLogLevel", "INFO"),
    }
    backend = get_backend("lambda")[function.account_id][function.region]
    layers = [backend.layers_versions_by_arn(layer["Arn"]) for layer in function.layers]
    variables = _variables(function, stream, initialization)
    try:
        environment = ExecutionEnvironment(
            settings, variables, function.code_bytes, [one.code_bytes for one in layers if one]
        )
    except BadZipFile:
        raise Refused("InvalidZipFileException", "Lambda could not unzip the deployment package.", 502) from None
    environment.log_stream = stream
    with lock:
        _every.add(environment)
    return environment


def _variables(function: LambdaFunction, stream: str, initialization: str) -> dict[str, str]:
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
        "AWS_LAMBDA_INITIALIZATION_TYPE": initialization,
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


def keep(function: LambdaFunction, environment: ExecutionEnvironment) -> None:
    """Put an environment back that can serve again. Past the account's limit the one longest unused ends."""
    with lock:
        _idle.setdefault(_key(function), []).append(environment)
        while sum(map(len, _idle.values())) > value("lab.lambda.idle"):
            oldest = next(key for key, environments in _idle.items() if environments)
            _end([_idle[oldest].pop(0)])
            if not _idle[oldest]:
                del _idle[oldest]


def forget(environment: ExecutionEnvironment) -> None:
    """An environment has ended by itself."""
    with lock:
        _every.discard(environment)


def waiting(function: LambdaFunction) -> int:
    """How many environments wait for this version."""
    with lock:
        return len(_idle.get(_key(function), ()))


def _end(environments: list[ExecutionEnvironment]) -> None:
    for environment in environments:
        environment.end()
        _every.discard(environment)


def end_environments(name: str = "") -> None:
    """End the environments of a function, idle ones only; without a name all there are, running or not."""
    global _generation
    with lock:
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
