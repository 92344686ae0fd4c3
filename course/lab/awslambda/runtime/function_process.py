"""The process in which a function's code runs: INIT, then one invocation after the other until the other side hangs up.

Loaded by path by supervisor.py; nothing of the course can be imported here.
"""

import os
import sys
import time


def environment(socket_fd: int, configuration: str, sibling) -> None:
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

    handlers, files, bundled = sibling("handler"), sibling("files"), sibling("bundled")
    _limit(resource, settings)
    files.map_paths(settings)
    sys.meta_path.append(bundled.Bundled(settings, ask))
    own = f"/python/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    sys.path[:] = [
        settings["task"],
        settings["opt"] + "/python",
        settings["opt"] + own,
        *(p for p in sys.path if p and p != settings["here"]),
    ]
    os.chdir(settings["task"])
    current = {"id": ""}
    _log_to_stdout(current, settings)

    begun = time.perf_counter()
    handler, fault = handlers.load(settings)
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
        result = handlers.run(handler, frame, settings)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError, AttributeError):
                pass
        send({**result, "peak": _peak(resource)})


def _log_to_stdout(current: dict, settings: dict) -> None:
    import logging

    class Handler(logging.StreamHandler):
        def emit(self, record):
            record.aws_request_id = current["id"]
            super().emit(record)

    handler = Handler(sys.stdout)
    formatter = logging.Formatter("[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s")
    formatter.datefmt, formatter.converter = "%Y-%m-%dT%H:%M:%S", time.gmtime
    if settings["log_format"] == "JSON":
        formatter = _json_formatter(logging)
        logging.addLevelName(5, "TRACE")
        logging.getLogger().setLevel(
            {"TRACE": 5, "FATAL": "CRITICAL"}.get(settings["log_level"], settings["log_level"])
        )
    handler.setFormatter(formatter)
    logging.getLogger().addHandler(handler)


def _json_formatter(logging):
    import json

    class Formatter(logging.Formatter):
        converter = time.gmtime

        def format(self, record):
            told = {
                "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
                "level": record.levelname,
                "message": record.getMessage(),
                "logger": record.name,
                "requestId": record.aws_request_id,
            }
            if record.exc_info:
                told["errorType"] = record.exc_info[0].__name__
                told["errorMessage"] = str(record.exc_info[1])
                told["stackTrace"] = self.formatException(record.exc_info).splitlines()
            return json.dumps({name: one for name, one in told.items() if one != ""})

    return Formatter()


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
    return peak if sys.platform.startswith("linux") else peak // 1024
