"""The offline account for other processes: `!aws` in a cell, `aws` in a terminal, a Python script.

A small HTTP server on 127.0.0.1 hands every request to the door that this process's own clients use (`transport`).
Clients find it by AWS_ENDPOINT_URL: children of this process by their environment, terminals by a file to read in.
This process's own os.environ does not have it: its clients need no detour.
https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
"""

from __future__ import annotations

import atexit
import json
import os
import re
import socketserver
import threading
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from . import transport, web
from .terminals import account_file, tell_children

__all__ = ["account_file", "address", "aws_url", "close_endpoint", "open_endpoint", "open_if_offline"]

_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)
_LARGEST_BODY = 256 * 1024 * 1024
_NOT_SENT_ON = {"connection", "content-length", "date", "server", "status", "transfer-encoding"}

# Services whose host name is not <signing name>.<Region>.amazonaws.com; from botocore's endpoint rules of 2026-11.
_HOSTS = {
    "aws-marketplace": "metering.marketplace.{region}",
    "budgets": "budgets",
    "cloudfront": "cloudfront",
    "cloudhsm": "cloudhsmv2.{region}",
    "ecr": "api.ecr.{region}",
    "iam": "iam",
    "iotdata": "data-ats.iot.{region}",
    "lex": "models-v2-lex.{region}",
    "memorydb": "memory-db.{region}",
    "mobiletargeting": "pinpoint.{region}",
    "payment-cryptography": "controlplane.payment-cryptography.{region}",
    "route53": "route53",
    "sagemaker": "api.sagemaker.{region}",
    "ses": "email.{region}",
    "timestream": "ingest.timestream.{region}",
}

_server: _Server | None = None


def open_endpoint(port: int = 0) -> str:
    """Begin to answer on 127.0.0.1, at a free port unless one is named; the address. Open already: its address.

    RuntimeError when the port is taken.
    """
    global _server
    if address() is None:
        try:
            _server = _Server(("127.0.0.1", port), _Request)
        except OSError as error:
            wanted = f"port {port} of 127.0.0.1" if port else "a port of 127.0.0.1"
            raise RuntimeError(f"the offline account cannot answer at {wanted}: {error.strerror}") from error
        threading.Thread(target=_server.serve_forever, args=(0.2,), name="aws endpoint", daemon=True).start()
        atexit.register(close_endpoint)
    elif port and port != _server.server_address[1]:
        raise RuntimeError(f"the offline account answers at {address()} already; lab.stop() ends that")
    tell_children(address())
    return address()


def open_if_offline() -> None:
    """Open the endpoint at first need: when the offline account runs, and without a word."""
    if transport.is_open() and address() is None:
        try:
            open_endpoint()
        except RuntimeError:
            pass  # A sandbox may forbid sockets; `aws` in the cell then says that it cannot connect.


def address() -> str | None:
    """Where it answers; None while it is closed."""
    # A forked process inherits the server, not the thread; it must not send its children to its parent's account.
    is_mine = _server is not None and _server.owner == os.getpid()
    return f"http://127.0.0.1:{_server.server_address[1]}" if is_mine else None


def close_endpoint() -> None:
    """Answer no more: the port is free again, and children started from now on know no endpoint."""
    global _server
    if _server is None:
        return
    server, _server = _server, None
    atexit.unregister(close_endpoint)
    for name in ("AWS_ENDPOINT_URL", "AWS_DISABLE_HOST_PREFIX_INJECTION"):
        os.unsetenv(name)
    os.putenv("PATH", os.environ.get("PATH", os.defpath))
    if server.owner == os.getpid():
        server.shutdown()
    server.server_close()


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *args: Any):
        self.owner = os.getpid()
        super().__init__(*args)

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # A client that went away; nothing a learner should read about.


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # for Expect: 100-continue, which S3 uploads send
    timeout = 60
    wbufsize = -1
    disable_nagle_algorithm = True

    def handle_one_request(self) -> None:
        super().handle_one_request()
        self.close_connection = True

    def handle_expect_100(self) -> bool:
        # Without the flush a client waits a second for the word to go on.
        passed = super().handle_expect_100()
        self.wfile.flush()
        return passed

    def _answer(self) -> None:
        refusal = self._refusal()
        if refusal:
            return self._send(403, {"content-type": "text/plain"}, refusal.encode())
        try:
            body = self._body()
        except ValueError as wrong:
            return self._send(400, {"content-type": "text/plain"}, str(wrong).encode())
        # What a browser would ask without a signature: an API or a function URL.
        url = web.url_at_endpoint(self.path) or aws_url(self.path, self.headers, body)
        try:
            if url is None:
                raise _Unsigned("Request is missing Authentication Token")
            status, headers, answer = transport.answer(_prepared(self.command, url, self.headers, body))
        except Exception as failed:
            status, headers, answer = _error(failed, url or self.path, self.headers)
        self._send(status, headers, answer.encode() if isinstance(answer, str) else answer or b"")

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = _answer

    def _refusal(self) -> str | None:
        # A web page open in a browser on this machine must not reach the account, by another name of it or by its own.
        if not _LOOPBACK.fullmatch(self.headers.get("Host", "")):
            return "only requests to 127.0.0.1 or localhost are answered"
        if "Origin" in self.headers or self.headers.get("Sec-Fetch-Site", "none") != "none":
            return "requests of web pages are not answered"
        return None

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            return b"".join(self._chunks())
        length = self.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > _LARGEST_BODY:
            raise ValueError(f"a body of {length} bytes is not accepted")
        return self.rfile.read(int(length))

    def _chunks(self) -> Any:
        total = 0
        while size := int(self.rfile.readline(100).split(b";")[0], 16):
            total += size
            if size < 0 or total > _LARGEST_BODY:
                raise ValueError(f"a body of more than {_LARGEST_BODY} bytes is not accepted")
            yield self.rfile.read(size)
            self.rfile.readline(100)
        while self.rfile.readline(1000).strip():
            pass

    def _send(self, status: int, headers: Any, body: bytes) -> None:
        self.send_response(int(status))
        length = str(len(body))
        for name, value in dict(headers).items():
            if name.lower() == "content-length" and self.command == "HEAD":
                length = str(value)
            if name.lower() not in _NOT_SENT_ON:
                for one in value if isinstance(value, (list, tuple)) else [value]:
                    self.send_header(name, re.sub(r"[\r\n]+", " ", str(one)))
        if status not in (204, 304):
            self.send_header("Content-Length", length)
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


class _Unsigned(Exception):
    """What AWS answers to a request without a signature, where it wants one."""


def aws_url(path: str, headers: Any, body: bytes = b"") -> str | None:
    """The address at AWS that a request to the endpoint would have gone to, by the service and Region it is signed for.

    `path` is the request's target with its query; `headers` and `body` are the request's. Without a signature it can
    only be S3 or an AssumeRoleWith... of STS; None for any other.
    """
    service, region = _signed_for(path, headers)
    if service is None:
        if b"Action=AssumeRoleWith" in body:
            service = "sts"
        elif b"Action=" in body or "X-Amz-Target" in headers:
            return None
        else:
            service = "s3"
    host = _HOSTS.get(service, f"{service}.{{region}}").format(region=region)
    if headers.get("X-Amz-Target", "").startswith("DynamoDBStreams"):
        host = f"streams.{host}"
    if service == "appconfig" and urlsplit(path).path in ("/configuration", "/configurationsessions"):
        host = f"appconfigdata.{region}"
    if service == "s3" and path.startswith("/v20180820/"):
        host = f"{headers.get('x-amz-account-id', '123456789012')}.s3-control.{region}"
    return f"https://{host}.amazonaws.com{path}"


def _signed_for(path: str, headers: Any) -> tuple[str | None, str]:
    scope = re.search(r"Credential=[^/,\s]*/\d+/([\w-]+)/([\w.-]+)/aws4_request", headers.get("Authorization", ""))
    if scope is None:
        presigned = parse_qs(urlsplit(path).query).get("X-Amz-Credential", [""])[0]
        scope = re.fullmatch(r"[^/]*/\d+/([\w-]+)/([\w.-]+)/aws4_request", unquote(presigned))
    return (scope[2].lower(), scope[1]) if scope else (None, os.environ.get("AWS_DEFAULT_REGION", "us-east-1"))


def _prepared(method: str, url: str, headers: Any, body: bytes) -> Any:
    from botocore.awsrequest import AWSPreparedRequest, HeadersDict

    sent = HeadersDict()
    for name, value in headers.items():
        if name.lower() not in ("host", "connection", "expect", "transfer-encoding"):
            sent[name] = value
    return AWSPreparedRequest(method, url, sent, body, False)


def _error(failed: Exception, url: str, headers: Any) -> tuple[int, dict, bytes]:
    """An error as the service's protocol has it, with a status that no client retries."""
    code, status = type(failed).__name__, 501
    if isinstance(failed, _Unsigned):
        code, status = "MissingAuthenticationToken", 403
    elif not isinstance(failed, transport.NotOffline):
        code = "InternalFailure"
    message = str(failed) or type(failed).__name__
    host, is_form = urlsplit(url).netloc, "urlencoded" in headers.get("Content-Type", "")
    inner = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    if host.startswith("ec2."):
        body = f"<Response><Errors>{inner}</Errors></Response>"
    elif is_form or host.startswith(("route53.", "cloudfront.")):
        body = f"<ErrorResponse>{inner}</ErrorResponse>"
    elif "s3" in host:
        body = inner
    else:
        body = json.dumps({"__type": code, "message": message})
        return status, {"Content-Type": "application/json", "x-amzn-ErrorType": code}, body.encode()
    return status, {"Content-Type": "text/xml"}, body.encode()
