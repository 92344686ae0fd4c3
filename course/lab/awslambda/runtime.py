"""The process of one execution environment: a supervisor, and under it the learner's code.

Run by path as `python -I -S runtime.py <configuration>`, never imported: nothing of the course is loaded, and a
bare interpreter is ready in about 20 ms. The supervisor adopts whatever the function leaves behind and ends all of it
when the function's process ends or when the other side hangs up, even if the notebook itself was killed.

Both sides speak over one socket: four bytes length, then JSON. Never pickle: the function's side is not trusted.
"""

import os
import select
import signal
import sys
import time

SUPERVISED_BY_KERNEL = sys.platform.startswith("linux")


def supervise(socket_fd: int, lifeline_fd: int, configuration: str) -> None:
    """Fork the environment, wait until it ends or the lifeline breaks, then leave no process behind."""
    prctl = _prctl()
    prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: a process that leaves the group is still ours to end
    wake, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    child = os.fork()
    if child == 0:
        prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: should the function kill its supervisor, it dies as well
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for fd in (wake, waker, lifeline_fd):
            os.close(fd)
        os.setsid()
        environment(socket_fd, configuration)
        os._exit(0)
    os.close(socket_fd)
    for fd in (0, 1, 2):
        os.close(fd)
    status = None
    while status is None:
        ready, _, _ = select.select([wake, lifeline_fd], [], [])
        if lifeline_fd in ready:
            break
        os.read(wake, 4096)
        while True:
            try:
                pid, code = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            if pid == child:
                status = code
    _end_all(child)
    if status is None:
        # The account may have been killed and unable to do it.
        import json
        import shutil

        shutil.rmtree(json.loads(configuration)["scratch"], ignore_errors=True)
    code = -signal.SIGKILL if status is None else os.waitstatus_to_exitcode(status)
    # A signal is told as 128 + its number, as a shell does.
    os._exit(code if code >= 0 else 128 - code)


def _end_all(child: int) -> None:
    for _ in range(500):
        for kill, target in ((os.killpg, child), *((os.kill, pid) for pid in _children())):
            try:
                kill(target, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.002)


def _children() -> list:
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as listed:
            return [int(pid) for pid in listed.read().split()]
    except OSError:
        return []


def _prctl():
    if not SUPERVISED_BY_KERNEL:
        return lambda *_: 0
    import ctypes

    return ctypes.CDLL(None).prctl


def environment(socket_fd: int, configuration: str) -> None:
    """INIT the function, say how that went, then run one invocation after the other until the other side hangs up."""
    import json
    import resource
    import socket
    import struct
    import threading

    settings = json.loads(configuration)
    channel = socket.socket(fileno=socket_fd)
    writing, reading = threading.Lock(), threading.Lock()
    answers, arrived = {}, threading.Condition()

    def send(frame: dict) -> None:
        body = json.dumps(frame).encode()
        with writing:
            channel.sendall(struct.pack(">I", len(body)) + body)

    def exactly(count: int) -> bytes:
        parts = []
        while count:
            part = channel.recv(min(count, 1 << 20))
            if not part:
                os._exit(0)
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def receive() -> dict:
        return json.loads(exactly(struct.unpack(">I", exactly(4))[0]))

    def ask(request) -> tuple:
        """Carry one request of botocore to the account and its answer back."""
        import base64

        body = request.body
        body = body.read() if hasattr(body, "read") else body
        body = body.encode() if isinstance(body, str) else body or b""
        number = threading.get_ident()
        headers = {k: v.decode() if isinstance(v, bytes) else str(v) for k, v in request.headers.items()}
        send(
            {
                "request": number,
                "method": request.method,
                "url": request.url,
                "headers": headers,
                "body": base64.b64encode(body).decode(),
            }
        )
        while True:
            with arrived:
                if number in answers:
                    answer = answers.pop(number)
                    break
            # One thread reads for all; the others wait until it has put their answer down.
            if reading.acquire(timeout=0.001):
                try:
                    with arrived:
                        waiting = number not in answers
                    if waiting:
                        frame = receive()
                        with arrived:
                            answers[frame["answer"]] = frame
                finally:
                    reading.release()
        if "failure" in answer:
            from botocore.exceptions import EndpointConnectionError

            if answer["failure"] == "EndpointConnectionError":
                raise EndpointConnectionError(endpoint_url=request.url)
            raise NotImplementedError(answer["message"])
        return answer["status"], answer["headers"], base64.b64decode(answer["body"])

    _limit(resource, settings)
    _paths(settings)
    sys.meta_path.append(_Bundled(settings, ask))
    sys.path[:] = [settings["task"], settings["opt"] + "/python", *(p for p in sys.path if p and p != settings["here"])]
    os.chdir(settings["task"])
    current = {"id": ""}
    _log_to_stdout(current)

    begun = time.perf_counter()
    handler, fault = _load(settings)
    send({"init": (time.perf_counter() - begun) * 1000, "error": fault, "peak": _peak(resource)})
    if fault:
        os._exit(1)
    while True:
        with reading:
            frame = receive()
        if "answer" in frame:  # for a thread that outlived the invocation it was started in
            with arrived:
                answers[frame["answer"]] = frame
            continue
        current["id"] = frame["context"]["aws_request_id"]
        os.environ["_X_AMZN_TRACE_ID"] = frame["trace"]
        result = _run(handler, frame, settings)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError, AttributeError):
                pass
        send({**result, "peak": _peak(resource)})


def _run(handler, frame: dict, settings: dict) -> dict:
    import json

    context = LambdaContext(frame["context"], frame["deadline"])
    try:
        result = handler(json.loads(frame["event"]), context)
    except Exception as error:
        return {"error": _described(error, settings, frame["context"]["aws_request_id"])}
    try:
        return {"result": json.dumps(result, default=_number, allow_nan=False)}
    except (TypeError, ValueError, RecursionError) as error:
        fault = {
            "errorMessage": f"Unable to marshal response: {error}",
            "errorType": "Runtime.MarshalError",
            "requestId": frame["context"]["aws_request_id"],
            "stackTrace": [],
        }
        return {"error": fault}


def _number(value):
    # AWS's runtime writes the decimals that DynamoDB gives as numbers.
    from decimal import Decimal

    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _load(settings: dict) -> tuple:
    import importlib

    name = settings["handler"]

    def fault(kind: str, message: str) -> tuple:
        return None, {"errorMessage": message, "errorType": kind, "requestId": "", "stackTrace": []}

    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        return fault(
            "Runtime.MalformedHandlerName", f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)"
        )
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        return fault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}")
    except SyntaxError as error:
        return fault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}")
    except Exception as error:
        return None, _described(error, settings, "")
    if not hasattr(module, function_name):
        return fault("Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'")
    return getattr(module, function_name), None


def _described(error: BaseException, settings: dict, request_id: str) -> dict:
    import traceback

    # As plain tuples, as AWS's runtime formats them: without the marks under the line.
    frames = [
        (frame.filename, frame.lineno, frame.name, frame.line)
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith((__file__, "<frozen"))
    ]
    try:
        message = str(error)
    except Exception:
        message = ""
    lines = [line.replace(settings["task"], "/var/task") for line in traceback.format_list(frames)]
    return {
        "errorMessage": message.replace(settings["task"], "/var/task"),
        "errorType": type(error).__name__,
        "requestId": request_id,
        "stackTrace": lines,
    }


class LambdaContext:
    """What AWS's Python runtime gives a handler as its second argument."""

    def __init__(self, facts: dict, deadline: float):
        self.__dict__.update(facts)
        self.identity = None
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the time-out, never below 0."""
        return max(0, int((self._deadline - time.time()) * 1000))

    def log(self, message: object) -> None:
        """Write to the log without a new line, as AWS's runtime does."""
        sys.stdout.write(str(message))

    def __repr__(self) -> str:
        facts = {key: value for key, value in self.__dict__.items() if key != "_deadline"}
        return f"LambdaContext({', '.join(f'{key}={value}' for key, value in facts.items())})"


def _log_to_stdout(current: dict) -> None:
    import logging

    class Handler(logging.StreamHandler):
        def emit(self, record):
            record.aws_request_id = current["id"]
            super().emit(record)

    handler = Handler(sys.stdout)
    formatter = logging.Formatter("[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s")
    formatter.datefmt, formatter.converter = "%Y-%m-%dT%H:%M:%S", time.gmtime
    handler.setFormatter(formatter)
    logging.getLogger().addHandler(handler)


def _limit(resource, settings: dict) -> None:
    # Address space is a second line only: AWS limits what is used, and the other side watches that. One huge
    # allocation would be over before anyone looks, so it fails here.
    mib = 1 << 20
    for name, most in (
        ("RLIMIT_AS", settings["memory"] * mib + 1024 * mib),
        ("RLIMIT_FSIZE", settings["storage"] * mib),
        ("RLIMIT_NOFILE", 1024),
        ("RLIMIT_CORE", 0),
    ):
        try:
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError, AttributeError):
            pass


def _peak(resource) -> int:
    """The most memory this process has used, in KiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if SUPERVISED_BY_KERNEL else peak // 1024


def _paths(settings: dict) -> None:
    """Let Python's file functions find the environment's own /tmp, /var/task and /opt; a mount would need privileges."""
    import builtins
    import functools
    import io

    roots = {"/tmp": settings["tmp"], "/var/task": settings["task"], "/opt": settings["opt"]}
    kept = tuple(settings["kept"])

    def mapped(path):
        try:
            name = os.fspath(path)
        except TypeError:
            return path
        if not isinstance(name, str) or not name.startswith("/") or name.startswith(kept):
            return path
        for root, own in roots.items():
            if name == root or name.startswith(root + "/"):
                return own + name[len(root) :]
        return path

    def wrapped(function, count):
        @functools.wraps(function)
        def with_own_paths(*args, **more):
            return function(*map(mapped, args[:count]), *args[count:], **more)

        return with_own_paths

    builtins.open = io.open = wrapped(io.open, 1)
    one = "open stat lstat access chmod chdir listdir scandir mkdir rmdir remove unlink readlink truncate utime statvfs"
    for name in one.split():
        setattr(os, name, wrapped(getattr(os, name), 1))
    for name in ("rename", "replace", "link", "symlink"):
        setattr(os, name, wrapped(getattr(os, name), 2))


class _Bundled:
    """AWS's Python runtime brings boto3 and nothing else; what is not in the zip or a layer is not there."""

    NAMES = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six")

    def __init__(self, settings: dict, ask):
        self.settings, self.ask = settings, ask

    def find_spec(self, name, path=None, target=None):
        from importlib.machinery import PathFinder

        if path is None and name in self.NAMES:
            spec = PathFinder.find_spec(name, self.settings["site"])
            if spec is not None and name == "botocore":
                self._open_the_door_after(spec)
            return spec
        return None

    def _open_the_door_after(self, spec) -> None:
        # botocore.httpsession is needed by every client, and by nothing before botocore is loaded.
        run = spec.loader.exec_module

        def exec_module(module):
            run(module)
            from importlib.util import module_from_spec, spec_from_file_location

            transport = spec_from_file_location("transport", self.settings["transport"])
            door = module_from_spec(transport)
            transport.loader.exec_module(door)
            door.open_door(self.ask)

        spec.loader.exec_module = exec_module


if __name__ == "__main__":
    supervise(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
