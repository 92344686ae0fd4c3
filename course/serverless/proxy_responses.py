"""How API Gateway and function URLs read what a function answers: formats 1.0 and 2.0.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from .http_messages import Headers, HttpResponse

__all__ = ["Malformed", "read_response_v1", "read_response_v2"]

_RESPONSE_KEYS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
# What an API sets itself, or carries under another name.
_REMAPPED = {"connection", "content-length", "transfer-encoding", "date", "server"}


class Malformed(ValueError):
    """The function's answer is none that the API can make a response of."""


def read_response_v1(payload: str, accepts_binary: bool = False) -> HttpResponse:
    """The response of format 1.0: an object with statusCode, headers, body and no other keys. Malformed if not.

    accepts_binary: whether the client accepts one of the API's binary media types; without, base64 stays as it is.
    """
    answer = _object(payload)
    if set(answer) - _RESPONSE_KEYS:
        raise Malformed(f"a proxy response has no {', '.join(sorted(set(answer) - _RESPONSE_KEYS))}")
    return _response(answer, answer.get("isBase64Encoded") is True and accepts_binary, {})


def read_response_v2(payload: str) -> HttpResponse:
    """The response of format 2.0. What has no statusCode is itself the body of a 200 in JSON, text stays text."""
    try:
        answer = json.loads(payload)
    except ValueError:
        raise Malformed("the function's answer is no JSON") from None
    if not isinstance(answer, dict) or "statusCode" not in answer:
        body = answer if isinstance(answer, str) else json.dumps(answer)
        return HttpResponse(200, Headers({"content-type": "application/json"}), body.encode())
    cookies = answer.get("cookies") or []
    if not isinstance(cookies, list):
        raise Malformed("cookies are a list of texts")
    return _response(answer, answer.get("isBase64Encoded") is True, {"set-cookie": cookies} if cookies else {})


def _object(payload: str) -> dict:
    try:
        answer = json.loads(payload)
    except ValueError:
        raise Malformed("the function's answer is no JSON") from None
    if not isinstance(answer, dict):
        raise Malformed("the function's answer is no object with statusCode, headers and body")
    return answer


def _response(answer: dict, decode: bool, more: dict[str, list[str]]) -> HttpResponse:
    status, body = answer.get("statusCode", 200), answer.get("body")
    try:
        status = int(status)
    except (TypeError, ValueError):
        raise Malformed(f"statusCode is a number, not {status!r}") from None
    if isinstance(answer.get("statusCode"), bool) or not 100 <= status <= 599:
        raise Malformed(f"statusCode is a status of HTTP, not {status!r}")
    if body is not None and not isinstance(body, str):
        raise Malformed("body is a text: json.dumps() it")
    contents = (body or "").encode()
    if decode:
        try:
            contents = base64.b64decode(body or "", validate=True)
        except (binascii.Error, ValueError):
            raise Malformed("isBase64Encoded, but body is no base64") from None
    pairs: list[tuple[str, str]] = []
    several = _fields(answer, "multiValueHeaders")
    for name, value in _fields(answer, "headers").items():
        if name.lower() not in {one.lower() for one in several}:
            pairs.append((name, _value(value)))
    for name, values in {**several, **more}.items():
        pairs += [(name, _value(one)) for one in (values if isinstance(values, list) else [values])]
    pairs = [(name, value) for name, value in pairs if name.lower() not in _REMAPPED]
    if not any(name.lower() == "content-type" for name, _ in pairs):
        pairs.append(("Content-Type", "application/json"))
    return HttpResponse(status, Headers(pairs), contents)


def _fields(answer: dict, key: str) -> dict:
    fields = answer.get(key) or {}
    if not isinstance(fields, dict):
        raise Malformed(f"{key} is an object")
    return fields


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise Malformed(f"the value of a header is a text, not {value!r}")
