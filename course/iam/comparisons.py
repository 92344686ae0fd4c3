"""What each condition operator compares: one value of the policy with one value of the request.

`COMPARISONS` maps the operator's name (without set operator, without IfExists) to a `Comparison`. Its `prepare` turns
a policy's value into a function of the request's value, and raises ValueError when the value has the wrong type.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from course.iam.matching import arn_pattern, pattern

__all__ = ["COMPARISONS", "Comparison"]

Test = Callable[[str], bool]
_CACHED = 4096


@dataclass(frozen=True)
class Comparison:
    """`takes` is "pieces" (text with wildcards), "text" (text with variables) or "value" (no variables)."""

    prepare: Callable[..., Test]
    takes: str = "value"
    negated: bool = False


def _equals(text: str) -> Test:
    return text.__eq__


def _equals_ignoring_case(text: str) -> Test:
    lowered = text.lower()
    return lambda given: given.lower() == lowered


def _true_or_false(text: str) -> str:
    if text.lower() not in ("true", "false"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text.lower()


def _bool(text: str) -> Test:
    wanted = _true_or_false(text)
    return lambda given: given.lower() == wanted


@lru_cache(maxsize=_CACHED)
def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(f"{text!r} is no number") from None
    if not number.is_finite():
        raise ValueError(f"{text!r} is no number")
    return number


_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?)?)?)?", re.ASCII
)


@lru_cache(maxsize=_CACHED)
def _moment(text: str) -> Decimal:
    """Seconds since 1970: from a W3C form of ISO 8601 (UTC where no zone is given), or from epoch seconds."""
    found = _DATE.fullmatch(text.strip())
    if not found:
        try:
            return _number(text)
        except ValueError:
            raise ValueError(f"{text!r} is no date: write 2026-11-23T12:00:00Z or epoch seconds") from None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    offset = "+00:00" if zone in (None, "Z", "z") else zone
    whole = f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}{offset}"
    try:
        moment = datetime.fromisoformat(whole).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no date that exists") from None
    return Decimal(int(moment.timestamp())) + Decimal(fraction or 0)


def _ordered(read: Callable[[str], Decimal], compare: Callable) -> Callable[[str], Test]:
    def prepare(text: str) -> Test:
        limit = read(text)

        def test(given: str) -> bool:
            try:
                return compare(read(given), limit)
            except ValueError:
                return False

        return test

    return prepare


def _binary(text: str) -> Test:
    wanted = _bytes(text)

    def test(given: str) -> bool:
        try:
            return _bytes(given) == wanted
        except ValueError:
            return False

    return test


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"{text!r} is no base64 text") from None


@lru_cache(maxsize=_CACHED)
def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is no IP address or CIDR range") from None


@lru_cache(maxsize=_CACHED)
def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        return None


def _within(text: str) -> Test:
    network = _network(text)

    def test(given: str) -> bool:
        address = _address(given)
        return address is not None and address in network

    return test


_ORDERS = {
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}

COMPARISONS: dict[str, Comparison] = {
    "StringEquals": Comparison(_equals, "text"),
    "StringNotEquals": Comparison(_equals, "text", True),
    "StringEqualsIgnoreCase": Comparison(_equals_ignoring_case, "text"),
    "StringNotEqualsIgnoreCase": Comparison(_equals_ignoring_case, "text", True),
    "StringLike": Comparison(pattern, "pieces"),
    "StringNotLike": Comparison(pattern, "pieces", True),
    # "The ArnEquals and ArnLike condition operators behave identically."
    "ArnEquals": Comparison(arn_pattern, "pieces"),
    "ArnLike": Comparison(arn_pattern, "pieces"),
    "ArnNotEquals": Comparison(arn_pattern, "pieces", True),
    "ArnNotLike": Comparison(arn_pattern, "pieces", True),
    "Bool": Comparison(_bool, "text"),
    "BinaryEquals": Comparison(_binary),
    "IpAddress": Comparison(_within),
    "NotIpAddress": Comparison(_within, negated=True),
    "Null": Comparison(_bool),
}
for _kind, _read in (("Numeric", _number), ("Date", _moment)):
    COMPARISONS[f"{_kind}Equals"] = Comparison(_ordered(_read, operator.eq))
    COMPARISONS[f"{_kind}NotEquals"] = Comparison(_ordered(_read, operator.eq), negated=True)
    for _name, _order in _ORDERS.items():
        COMPARISONS[f"{_kind}{_name}"] = Comparison(_ordered(_read, _order))
