"""Where functions and instances answer CloudFormation: a small HTTP server on 127.0.0.1 in place of a presigned S3 URL.

It is started with the first address asked for, takes PUT requests to addresses it gave out, and keeps what they say.
"""

from __future__ import annotations

import atexit
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from moto.core.base_backend import BackendDict, BaseBackend

_lock = threading.Lock()
_server: ThreadingHTTPServer | None = None
_owner = 0
_LARGEST = 4096  # bytes, as AWS allows a custom resource


class _Box(BaseBackend):
    """Letters by path; in a backend, so that they go when the account does."""

    def __init__(self, region_name: str, account_id: str):
        super().__init__(region_name, account_id)
        self.letters: dict[str, list[dict[str, Any]]] = {}


_boxes = BackendDict(_Box, "cloudformation-mailbox", use_boto3_regions=False, additional_regions=["aws"])


def _letters() -> dict[str, list[dict[str, Any]]]:
    return _boxes["mailbox"]["aws"].letters


def address(path: str) -> str:
    """A URL that an answer can be PUT to. `path` must not be guessed: end it with an id."""
    with _lock:
        _letters().setdefault(f"/{path}", [])
        return f"http://127.0.0.1:{_port()}/{path}"


def received(url: str) -> list[dict[str, Any]]:
    """What came to an address, in order; empty for one that was never given out."""
    with _lock:
        return list(_letters().get(urlsplit(url).path, ()))


def _port() -> int:
    global _server, _owner
    if _server is None or _owner != os.getpid():
        _server = ThreadingHTTPServer(("127.0.0.1", 0), _Letter)
        _server.daemon_threads = True
        _owner = os.getpid()
        threading.Thread(target=_server.serve_forever, name="cloudformation mailbox", daemon=True).start()
        atexit.register(close)
    return _server.server_address[1]


def close() -> None:
    """Take no more letters; the port is free again."""
    global _server
    if _server is not None and _owner == os.getpid():
        _server.shutdown()
        _server.server_close()
    _server = None


class _Letter(BaseHTTPRequestHandler):
    def do_PUT(self) -> None:
        size = self.headers.get("Content-Length", "")
        body = self.rfile.read(int(size)) if size.isdigit() and int(size) <= _LARGEST else None
        with _lock:
            box = _letters().get(urlsplit(self.path).path)
            status = 403 if box is None or body is None or "Origin" in self.headers else 200
            if status == 200:
                try:
                    letter = json.loads(body)
                    box.append(letter if isinstance(letter, dict) else {})
                except ValueError:
                    box.append({"Status": "FAILED", "Reason": "Invalid response: it is no JSON"})
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: Any) -> None:
        pass
