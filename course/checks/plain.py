"""Plain data: the only thing that checks compare. What a learner's class says about equality plays no part."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict, defaultdict
from datetime import date, datetime
from decimal import Decimal

_SCALARS = (type(None), bool, int, float, str, bytes, date, datetime)
_SEQUENCES = (list, tuple, range, type({}.keys()), type({}.values()))
_MOST_ITEMS = 100_000
_MOST_DEPTH = 50


class NotPlain(ValueError):
    """The value is not plain data; the message says what it is."""


def plain(value, depth: int = 0):
    """A copy of `value` made only of None, bool, int, float, str, bytes, dates, lists, sets and dicts.

    Exact types only: an instance of a subclass could lie about equality. What the standard library and NumPy offer
    for the same thing (Counter, defaultdict, namedtuple, Decimal, arrays) becomes plain.
    Raises NotPlain for anything else, for more than 100,000 items in one container and for nesting over 50 levels.
    """
    kind = type(value)
    if kind in _SCALARS:
        return value
    if depth > _MOST_DEPTH:
        raise NotPlain(f"data nested more than {_MOST_DEPTH} levels deep")
    if kind in (*_SEQUENCES, dict, set, frozenset):
        if len(value) > _MOST_ITEMS:
            raise NotPlain(f"a {kind.__name__} with more than {_MOST_ITEMS:,} items")
        if kind is dict:
            return {_key(k): plain(v, depth + 1) for k, v in value.items()}
        if kind in (set, frozenset):
            return {_key(item) for item in value}
        return [plain(item, depth + 1) for item in value]
    if kind in (defaultdict, OrderedDict, Counter):
        return plain(dict(dict.items(value)), depth)
    if kind.__bases__ == (tuple,) and hasattr(kind, "_fields"):
        return plain(list(tuple.__iter__(value)), depth)
    if kind is Decimal:
        return float(value)
    if kind.__module__ == "numpy" and hasattr(value, "tolist"):
        return plain(value.tolist(), depth + 1)
    raise NotPlain(f"an object of type {kind.__name__}, not plain data such as a number, a text, a list or a dict")


def _key(value):
    if type(value) is tuple:
        return tuple(_key(item) for item in value)
    if type(value) not in _SCALARS:
        raise NotPlain(f"a key or set member of type {type(value).__name__}")
    return value


def same(got, expected, tolerance: float = 1e-6) -> bool:
    """Whether plain `got` is `expected`: numbers within a relative `tolerance`, True and 1 kept apart.

    Where a set is expected, a list with the same members, each once, in any order, is as good.
    """
    if isinstance(expected, bool) or isinstance(got, bool):
        return got is expected
    if isinstance(expected, (int, float)) and isinstance(got, (int, float)):
        return math.isclose(got, expected, rel_tol=tolerance, abs_tol=tolerance * 1e-3)
    if isinstance(expected, (set, frozenset)):
        if not isinstance(got, (set, list)):
            return False
        try:
            return Counter(map(_tagged, got)) == Counter(map(_tagged, expected))
        except TypeError:
            return False
    if isinstance(expected, (list, tuple)):
        return (
            isinstance(got, list)
            and len(got) == len(expected)
            and all(map(lambda g, e: same(g, e, tolerance), got, expected))
        )
    if isinstance(expected, dict):
        return (
            isinstance(got, dict)
            and set(map(_tagged, got)) == set(map(_tagged, expected))
            and all(same(got[key], expected[key], tolerance) for key in expected)
        )
    return type(got) is type(expected) and got == expected


def _tagged(member):
    # True == 1 in Python, so a bare comparison of sets would take one for the other.
    return (type(member) is bool, member)
