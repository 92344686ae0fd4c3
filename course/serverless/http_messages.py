"""An HTTP request and its response as plain values: what a client sends to an API, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

__all__ = ["Headers", "HttpRequest", "HttpResponse"]


class Headers(Mapping[str, str]):
    """Header fields: `headers["content-type"]` finds them in any case; several of one name are joined with a comma."""

    def __init__(self, fields: Mapping[str, Any] | Iterable[tuple[str, str]] = ()):
        """fields: a dict, whose values may be lists, or pairs of name and value in the order of the message."""
        pairs = fields.items() if isinstance(fields, Mapping) else fields
        self.pairs: list[tuple[str, str]] = [
            (str(name), str(one))
            for name, value in pairs
            for one in (value if isinstance(value, (list, tuple)) else [value])
        ]

    def all(self, name: str) -> list[str]:
        """Every value of a field, in order."""
        return [value for key, value in self.pairs if key.lower() == name.lower()]

    def __getitem__(self, name: str) -> str:
        found = self.all(name)
        if not found:
            raise KeyError(name)
        return ",".join(found)

    def __iter__(self) -> Iterator[str]:
        seen: dict[str, str] = {}
        for name, _ in self.pairs:
            seen.setdefault(name.lower(), name)
        return iter(seen.values())

    def __len__(self) -> int:
        return len({name.lower() for name, _ in self.pairs})

    def __repr__(self) -> str:
        return f"Headers({dict(self)!r})"


@dataclass(frozen=True)
class HttpRequest:
    """`path` and `query` as they stand in the URL, still percent-encoded; `source_ip` is the client's address."""

    method: str
    path: str
    query: str = ""
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    source_ip: str = "198.51.100.7"

    @cached_property
    def parameters(self) -> dict[str, list[str]]:
        """The query string's parameters, decoded; each name with all its values."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            found.setdefault(name, []).append(value)
        return found

    @property
    def content_type(self) -> str:
        """The media type of the body in lower case, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True)
class HttpResponse:
    """`status` is the number, `body` the bytes; `text` and `json()` read them as UTF-8."""

    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode(errors="replace")

    def json(self) -> Any:
        """The body, read as JSON. ValueError if it is none."""
        return json.loads(self.body)

    def __repr__(self) -> str:
        shown = self.text if len(self.text) <= 300 else f"{self.text[:300]}..."
        return f"<{self.status} {shown}>"
