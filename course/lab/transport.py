"""The one door between a botocore client and the offline account: a request goes in, a response comes out.

`open_door(answer)` takes the place of the network in botocore's HTTP session, so clients made before `lab.start()` are
caught as well, and no request of botocore can leave this process. `answer` is a function from a prepared request to
(status, headers, body); `moto_answer` serves it in this process, a grader may pass one that asks another process.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import EndpointConnectionError
from botocore.httpsession import URLLib3Session

Answer = Callable[[AWSPreparedRequest], tuple[int, dict, Any]]

_real_send = URLLib3Session.send
_answer: Answer | None = None
# Hosts that moto does not know or that it should not answer, and boto3's name of the service behind each.
_SERVED_BY_THE_LAB = {
    "rbin": "rbin",
    "dlm": "dlm",
    "sync-states": "stepfunctions",
    "appconfig": "appconfig",
    "appconfigdata": "appconfigdata",
    "cloudformation": "cloudformation",
    "xray": "xray",
}
_HOST = re.compile(r"https?://(?P<host>[a-z0-9-]+)\.[^.]+\.amazonaws\.com(/|$)")
# APIs and function URLs: what a browser would ask. WebSocket APIs are posted to by boto3 (@connections), which moto has.
_OWN_ADDRESS = re.compile(
    r"https?://[a-z0-9]+\.(execute-api\.[a-z0-9-]+\.amazonaws\.com|lambda-url\.[a-z0-9-]+\.on\.aws)"
    r"(:443)?([/?#](?![^?#]*/@connections/).*)?",
    re.IGNORECASE | re.DOTALL,
)


class NotOffline(NotImplementedError):
    """The offline account does not have this; nothing was sent anywhere."""


class _Body(BytesIO):
    """What botocore reads a response from."""

    def stream(self, **kwargs: Any) -> Iterator[bytes]:
        while contents := self.read():
            yield contents


def open_door(answer: Answer) -> None:
    """From now on `answer` serves every request of every botocore client in this process."""
    global _answer
    _answer = answer

    def send(self: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
        status, headers, body = answer(request)
        if request.method == "HEAD":
            body = b""  # HTTP has none there, so that AWS's error is 404 and no more; moto writes one
        raw = _Body(body.encode() if isinstance(body, str) else body)
        return AWSResponse(request.url, status, headers, raw)

    URLLib3Session.send = send


def close_door() -> None:
    """Give botocore its network back."""
    global _answer
    _answer = None
    URLLib3Session.send = _real_send


def is_open() -> bool:
    """Whether an offline account is behind the door."""
    return _answer is not None


def is_own_address(url: str) -> bool:
    """Whether this is the address of an API or of a function URL, of this account or another."""
    return isinstance(url, str) and _OWN_ADDRESS.fullmatch(url) is not None


def answer(request: AWSPreparedRequest) -> tuple[int, dict, Any]:
    """What a client in this process would be answered; for requests that come from another process."""
    if _answer is None:
        raise NotOffline("the offline account is not running")
    return _answer(request)


def moto_answer(request: AWSPreparedRequest) -> tuple[int, dict, Any]:
    """The response of the account in this process.

    Raises NotOffline for an address that is not AWS's, and for a service neither moto nor the lab has.
    """
    # Imported here, so that a process whose account lives elsewhere can open its door without moto.
    from moto.core.models import botocore_stubber
    from moto.core.request import normalize_request
    from moto.core.responses import BaseResponse

    if is_own_address(request.url):
        from .apigateway.invocations import answer_prepared

        return answer_prepared(request)
    host = _HOST.match(request.url)
    if host and host["host"] in _SERVED_BY_THE_LAB:
        return BaseResponse(_SERVED_BY_THE_LAB[host["host"]])._dispatch(normalize_request(request))
    try:
        found = botocore_stubber.process_request(request)
    except KeyError as unknown:
        # moto looks a Region up by name. boto3 on AWS finds no address for one that does not exist.
        if f".{unknown.args[0]}." in request.url:
            raise EndpointConnectionError(endpoint_url=request.url) from None
        raise
    if found is None or (found[0] == 404 and found[2] == "Not yet implemented"):
        raise NotOffline(
            f"the offline account does not serve {request.url.split('?')[0]}; nothing was sent to the network"
        )
    return found
