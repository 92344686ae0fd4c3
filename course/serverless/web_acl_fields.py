"""The parts of a request that AWS WAF looks at, and the text transformations before it does.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-fields.html
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote_plus

__all__ = ["parts", "transformed"]


class _Request(Protocol):
    path: str
    query: str
    method: str
    headers: Mapping[str, str]
    body: str


def parts(field: Mapping[str, Any], request: _Request) -> list[str]:
    """The texts of a FieldToMatch; ValueError for a field that is not modelled."""
    ((kind, content),) = field.items()
    headers = {name.lower(): value for name, value in request.headers.items()}
    if kind == "SingleHeader":
        name = content["Name"].lower()
        return [headers[name]] if name in headers else []
    if kind in ("SingleQueryArgument", "AllQueryArguments"):
        given = parse_qsl(request.query, keep_blank_values=True)
        if kind == "AllQueryArguments":
            return [one for pair in given for one in pair]
        return [value for name, value in given if name.lower() == content["Name"].lower()]
    if kind == "Headers":
        return [one for pair in headers.items() for one in pair]
    if kind == "Cookies":
        return [one for one in re.split(r"[;=]\s*", headers.get("cookie", "")) if one]
    simple = {
        "UriPath": request.path,
        "QueryString": request.query,
        "Method": request.method,
        "Body": request.body,
        "JsonBody": request.body,
    }
    if kind not in simple:
        raise ValueError(f"{kind} is not modelled here; there are: {', '.join([*simple, 'SingleHeader', 'Cookies'])}")
    return [simple[kind]]


def transformed(text: str, transformations: Sequence[Mapping[str, Any]]) -> str:
    """The text after its transformations, those of low priority first; ValueError for one that is not modelled."""
    for one in sorted(transformations, key=lambda given: given["Priority"]):
        if one["Type"] not in _TRANSFORMATIONS:
            raise ValueError(f"{one['Type']} is not modelled here; there are: {', '.join(_TRANSFORMATIONS)}")
        text = _TRANSFORMATIONS[one["Type"]](text)
    return text


_TRANSFORMATIONS: dict[str, Callable[[str], str]] = {
    "NONE": lambda text: text,
    "LOWERCASE": str.lower,
    "UPPERCASE": str.upper,
    "URL_DECODE": unquote_plus,
    "HTML_ENTITY_DECODE": html.unescape,
    "COMPRESS_WHITE_SPACE": lambda text: re.sub(r"\s+", " ", text),
    "REMOVE_WHITESPACE": lambda text: re.sub(r"\s+", "", text),
    "REMOVE_NULLS": lambda text: text.replace("\0", ""),
    "TRIM": str.strip,
}
