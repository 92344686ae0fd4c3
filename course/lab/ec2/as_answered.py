"""A resource as the call that made it answers: not yet as the next Describe call shows it."""

from __future__ import annotations

import copy
from typing import Any


def as_answered(resource: Any, **fields: Any) -> Any:
    """A shallow copy of one of moto's resources with some attributes of its own; the resource stays as it is.

    The copy's class has the same name, which moto's serializer looks at; its attributes hide moto's properties.
    """
    shown, kind = copy.copy(resource), type(resource)
    shown.__class__ = type(kind.__name__, (kind,), fields)
    shown.__dict__.update(fields)
    return shown
