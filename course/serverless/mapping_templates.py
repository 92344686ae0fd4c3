"""Mapping templates: the references of VTL with which API Gateway makes one body out of another.

`$input.json('$.name')`, `$input.path('$.a.b')`, `$input.params('id')`, `$input.body`, `$context.requestId`,
`$stageVariables.name` and `$util.escapeJavaScript(...)` and its like. Directives (#set, #if, #foreach) are not here.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, unquote_plus

__all__ = ["Directive", "TemplateInput", "json_path", "render"]

_DIRECTIVE = re.compile(r"#(set|if|elseif|else|end|foreach|define|macro|parse|include|stop)\b")
_STRING = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_NAME = re.compile(r"[A-Za-z_][\w-]*")


class Directive(ValueError):
    """A template with #set, #if and the like, which is not evaluated here."""


@dataclass(frozen=True)
class TemplateInput:
    """What a template sees. `parameters` by place: path, querystring, header."""

    body: str = ""
    parameters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    stage_variables: Mapping[str, str] = field(default_factory=dict)


def json_path(document: Any, path: str) -> Any:
    """The part of a document at a JSONPath of names and numbers, such as $.pets[0].name; None if there is none."""
    for name, quoted, number in re.findall(r"\.([\w-]+)|\['([^']*)'\]|\[(\d+)\]", path.removeprefix("$")):
        if number:
            document = document[int(number)] if isinstance(document, list) and int(number) < len(document) else None
        else:
            document = document.get(name or quoted) if isinstance(document, dict) else None
    return document


def render(template: str, given: TemplateInput) -> str:
    """The template with its references replaced; one that stands for nothing stays as it is written, as in VTL."""
    if _DIRECTIVE.search(re.sub(r"##.*", "", template)):
        raise Directive("mapping templates with #set, #if or #foreach are not evaluated")
    return _Reader(re.sub(r"##.*(\n|$)", "", template), given).text()


class _Reader:
    def __init__(self, template: str, given: TemplateInput):
        self.template, self.given, self.at = template, given, 0

    def text(self) -> str:
        parts = []
        while self.at < len(self.template):
            start = self.template.find("$", self.at)
            if start < 0:
                parts.append(self.template[self.at :])
                break
            parts.append(self.template[self.at : start])
            self.at = start
            found = self._reference()
            if found is None:
                self.at = max(self.at, start + 1)
                parts.append(self.template[start : self.at])
            else:
                parts.append(_shown(found))
        return "".join(parts)

    def _reference(self) -> Any:
        """The value of the reference that begins here; None, with the position behind it, if it stands for nothing."""
        opened = re.compile(r"\$!?(\{)?").match(self.template, self.at)
        self.at = opened.end()
        name = self._name()
        value = {
            "input": self.given,
            "context": self.given.context,
            "stageVariables": self.given.stage_variables,
            "util": _UTIL,
        }.get(name)
        while value is not None and self.at < len(self.template):
            if self.template[self.at] == "." and _NAME.match(self.template, self.at + 1):
                self.at += 1
                name = self._name()
                if self.template[self.at : self.at + 1] == "(":
                    value = self._call(value, name, self._arguments())
                else:
                    value = self._member(value, name)
            elif self.template[self.at] == "[":
                self.at += 1
                value = self._member(value, self._argument())
                self.at += 1
            else:
                break
        if opened[1] and self.template[self.at : self.at + 1] == "}":
            self.at += 1
        return value

    def _name(self) -> str:
        found = _NAME.match(self.template, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def _arguments(self) -> list[Any]:
        self.at += 1
        values = []
        while self.at < len(self.template) and self.template[self.at] != ")":
            if self.template[self.at] in ", ":
                self.at += 1
            else:
                values.append(self._argument())
        self.at += 1
        return values

    def _argument(self) -> Any:
        text = _STRING.match(self.template, self.at)
        if text:
            self.at = text.end()
            return text[1] if text[1] is not None else text[2]
        if self.template[self.at] == "$":
            return self._reference()
        word = re.compile(r"[^,)\]]*").match(self.template, self.at)
        self.at = max(word.end(), self.at + 1)
        return int(word[0]) if word[0].strip().isdigit() else word[0].strip()

    def _member(self, value: Any, name: Any) -> Any:
        if isinstance(value, TemplateInput):
            return value.body if name == "body" else None
        if isinstance(value, list) and isinstance(name, int):
            return value[name] if name < len(value) else None
        return value.get(name) if isinstance(value, Mapping) else None

    def _call(self, value: Any, name: str, arguments: list[Any]) -> Any:
        if isinstance(value, TemplateInput):
            if name == "params":
                return self._parameters(arguments)
            if name in ("json", "path") and arguments:
                found = json_path(_read(value.body), str(arguments[0]))
                return json.dumps(found, separators=(",", ":")) if name == "json" else found
            return None
        if value is _UTIL:
            function = _UTIL.get(name)
            return function(arguments[0]) if function and arguments and arguments[0] is not None else None
        if isinstance(value, Mapping) and name == "get" and arguments:
            return value.get(arguments[0])
        if name == "size" and isinstance(value, (list, Mapping)):
            return len(value)
        return None

    def _parameters(self, arguments: list[Any]) -> Any:
        places = self.given.parameters
        if not arguments:
            return places
        # Path, query string and headers are searched in this order; what is not sent is empty.
        for place in ("path", "querystring", "header"):
            held = places.get(place, {})
            if arguments[0] in held:
                return held[arguments[0]]
        return places.get(arguments[0], "")


def _read(body: str) -> Any:
    try:
        return json.loads(body or "{}")
    except ValueError:
        return body


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, (list, dict)) else str(value)


_UTIL = {
    "escapeJavaScript": lambda text: json.dumps(_shown(text))[1:-1].replace("'", "\\'").replace("/", "\\/"),
    "urlEncode": lambda text: quote_plus(_shown(text)),
    "urlDecode": lambda text: unquote_plus(_shown(text)),
    "base64Encode": lambda text: base64.b64encode(_shown(text).encode()).decode(),
    "base64Decode": lambda text: base64.b64decode(_shown(text)).decode(errors="replace"),
    "parseJson": lambda text: _read(_shown(text)),
}
