"""Documents of the type AWS.AppConfig.FeatureFlags: flags, their attributes with constraints, and values.

https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-type-reference-feature-flags.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from course.data import value

_KEY = re.compile(r"[a-z][a-zA-Z\d_-]{0,63}")
_TYPES: dict[str, Any] = {"string": str, "number": (int, float), "boolean": bool, "array": list}
_OF_AWS = {"enabled", "_createdAt", "_updatedAt", "_variants"}
Problem = dict[str, str]


def problems(content: bytes) -> list[Problem]:
    """What is wrong with a document, each with its place, the constraint and the reason; none if nothing is."""
    try:
        document = json.loads(content)
    except ValueError as error:
        return [_problem("$", "json", f"the document is not valid JSON: {error}")]
    return list(_document(document))


def _problem(place: str, constraint: str, reason: str, given: Any = None) -> Problem:
    shown = {"Location": place, "Constraint": constraint, "Reason": reason, "Type": "INVALID"}
    return {**shown, "Value": json.dumps(given)} if given is not None else shown


def _document(document: Any) -> Iterator[Problem]:
    if not isinstance(document, dict):
        yield _problem("$", "type", "the document must be an object")
        return
    wanted = value("appconfig.feature_flags.version")
    if document.get("version") != wanted:
        yield _problem("$.version", "required", f'version must be "{wanted}"', document.get("version"))
    for name in set(document) - {"version", "flags", "values"}:
        yield _problem(f"$.{name}", "additionalProperties", f"{name} is not one of version, flags, values")
    flags, values = document.get("flags", {}), document.get("values", {})
    if not isinstance(flags, dict) or not isinstance(values, dict):
        yield _problem("$", "type", "flags and values must be objects")
        return
    for name, flag in flags.items():
        yield from _flag(name, flag)
    for name, held in values.items():
        if name not in flags:
            yield _problem(f"$.values.{name}", "required", f"{name} has a value and no definition in flags")
        elif isinstance(flags[name], dict):
            yield from _value(f"$.values.{name}", flags[name].get("attributes") or {}, held)


def _flag(name: str, flag: Any) -> Iterator[Problem]:
    place = f"$.flags.{name}"
    if not _KEY.fullmatch(name):
        yield _problem(place, "pattern", "a flag's key begins with a small letter and has at most 64 characters", name)
    if not isinstance(flag, dict):
        yield _problem(place, "type", "a flag must be an object")
        return
    attributes = flag.get("attributes", {})
    if not isinstance(attributes, dict):
        yield _problem(f"{place}.attributes", "type", "attributes must be an object")
        return
    most = value("appconfig.feature_flags.attributes")
    if len(attributes) > most:
        yield _problem(f"{place}.attributes", "maxProperties", f"a flag has at most {most} attributes")
    for attribute, definition in attributes.items():
        at = f"{place}.attributes.{attribute}"
        if not _KEY.fullmatch(attribute):
            yield _problem(at, "pattern", "an attribute's key begins with a small letter", attribute)
        constraints = definition.get("constraints", {}) if isinstance(definition, dict) else None
        if not isinstance(constraints, dict) or constraints.get("type", "string") not in _TYPES:
            yield _problem(at, "type", f"an attribute's constraints have a type: {', '.join(_TYPES)}")


def _value(place: str, attributes: dict[str, Any], held: Any) -> Iterator[Problem]:
    if not isinstance(held, dict):
        yield _problem(place, "type", "a flag's value must be an object")
        return
    if "_variants" in held:
        return
    if not isinstance(held.get("enabled"), bool):
        yield _problem(f"{place}.enabled", "type", "enabled must be true or false", held.get("enabled"))
    for name in set(held) - _OF_AWS - set(attributes):
        yield _problem(f"{place}.{name}", "additionalProperties", f"the flag has no attribute {name}")
    for name, definition in attributes.items():
        constraints = definition.get("constraints", {}) if isinstance(definition, dict) else {}
        if name in held:
            yield from _attribute(f"{place}.{name}", constraints, held[name])
        elif constraints.get("required") and held.get("enabled"):
            yield _problem(f"{place}.{name}", "required", f"the attribute {name} is required")


def _attribute(place: str, constraints: dict[str, Any], given: Any) -> Iterator[Problem]:
    wanted = constraints.get("type")
    boolean_as_number = wanted == "number" and isinstance(given, bool)
    if wanted in _TYPES and (not isinstance(given, _TYPES[wanted]) or boolean_as_number):
        yield _problem(place, "type", f"the value must be of type {wanted}", given)
        return
    if "enum" in constraints and given not in constraints["enum"]:
        yield _problem(place, "enum", f"the value must be one of {constraints['enum']}", given)
    if "pattern" in constraints and isinstance(given, str) and not re.search(constraints["pattern"], given):
        yield _problem(place, "pattern", f"the value must match {constraints['pattern']}", given)
    if wanted == "number":
        if "minimum" in constraints and given < constraints["minimum"]:
            yield _problem(place, "minimum", f"the value must be at least {constraints['minimum']}", given)
        if "maximum" in constraints and given > constraints["maximum"]:
            yield _problem(place, "maximum", f"the value must be at most {constraints['maximum']}", given)


def retrieved(content: bytes) -> bytes:
    """What an application gets of a flag document: each flag's state, and its attributes where it is enabled."""
    document = json.loads(content)
    values, found = document.get("values", {}), {}
    for name in document.get("flags", {}):
        held = {key: one for key, one in values.get(name, {}).items() if key not in ("_createdAt", "_updatedAt")}
        if "_variants" not in held and not held.get("enabled"):
            held = {"enabled": False}
        found[name] = held
    return json.dumps(found, separators=(",", ":")).encode()
