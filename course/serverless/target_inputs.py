"""What EventBridge hands to a target: the event, a constant, a part of the event, or what an input transformer makes.

>>> target_input({"InputPath": "$.detail"}, {"detail": {"total": 12}})
'{"total": 12}'

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["target_input"]


def target_input(target: Mapping[str, Any], event: dict[str, Any], facts: Mapping[str, Any] | None = None) -> str:
    """The text that a target gets.

    target: as PutTargets takes it, with at most one of Input, InputPath and InputTransformer. facts: the values of the
    predefined variables, by the name after "aws.events.": rule-arn, rule-name, event.ingestion-time.
    """
    if target.get("Input"):
        return target["Input"]
    if target.get("InputPath"):
        return json.dumps(_by_path(event, target["InputPath"]))
    if target.get("InputTransformer"):
        return _transformed(target["InputTransformer"], event, facts or {})
    return json.dumps(event)


def _by_path(event: Any, path: str) -> Any:
    """What a JSONPath such as $.detail.items[0]['name'] points at; None if there is nothing."""
    for name, quoted, index in re.findall(r"\.?([\w-]+)|\['([^']+)'\]|\[(\d+)\]", path.removeprefix("$")):
        if index:
            event = event[int(index)] if isinstance(event, list) and int(index) < len(event) else None
        else:
            event = event.get(name or quoted) if isinstance(event, dict) else None
    return event


def _transformed(given: Mapping[str, Any], event: dict[str, Any], facts: Mapping[str, Any]) -> str:
    found = {name: _by_path(event, path) for name, path in (given.get("InputPathsMap") or {}).items()}
    found |= {f"aws.events.{name}": one for name, one in facts.items()}
    found["aws.events.event"] = {name: one for name, one in event.items() if name != "detail"}
    found["aws.events.event.json"] = event
    template = given["InputTemplate"]

    def fill(match: re.Match) -> str:
        if match[1] not in found:
            return match[0]
        held = found[match[1]]
        # A text stands without quotation marks inside a string of the template, and with them elsewhere.
        inside = len(re.findall(r'(?<!\\)"', template[: match.start()])) % 2 == 1
        if isinstance(held, str):
            return json.dumps(held)[1:-1] if inside or not _is_json(template) else json.dumps(held)
        return "" if held is None and inside else json.dumps(held)

    return re.sub(r"<([^<>\s]+)>", fill, template)


def _is_json(template: str) -> bool:
    return template.lstrip()[:1] in ("{", "[")
