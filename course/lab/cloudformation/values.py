"""What a function may return besides data: nothing, or what only a resource still to be made will tell."""

from __future__ import annotations

from typing import Any


class NoValue:
    """`AWS::NoValue`: the property is taken out."""

    def __repr__(self) -> str:
        return "AWS::NoValue"


NO_VALUE = NoValue()


class Unknown:
    """A value that only a resource still to be made will tell; `of` names it, as Queue.Arn."""

    def __init__(self, *of: str):
        self.of = tuple(dict.fromkeys(of))

    def __repr__(self) -> str:
        return "{{changeSet:KNOWN_AFTER_APPLY}}"


def text(value: Any) -> str:
    """A scalar as CloudFormation writes it into a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def unknown(*values: Any) -> Unknown | None:
    """What these values still wait for; None when they are all known."""
    of = [name for value in values for name in _of(value)]
    return Unknown(*of) if of else None


def _of(value: Any) -> list[str]:
    if isinstance(value, Unknown):
        return list(value.of)
    if isinstance(value, dict):
        value = list(value.values())
    return [name for one in value for name in _of(one)] if isinstance(value, list) else []


def unknowns(value: Any) -> list[str]:
    """What a resolved value still waits for, as Queue.Arn."""
    return list(dict.fromkeys(_of(value)))
