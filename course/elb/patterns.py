"""How an ALB compares the patterns of a rule with a request.

`*` stands for any number of characters, `?` for exactly one. Paths are compared case by case, everything else without
regard to case, methods letter by letter and without wildcards.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address, ip_network
from urllib.parse import unquote_plus

__all__ = ["condition_matches", "matches", "wildcards"]


@lru_cache(maxsize=4096)
def _expression(pattern: str, ignore_case: bool) -> re.Pattern:
    parts, escaped = [], False
    for letter in pattern:
        if escaped:
            parts.append(re.escape(letter) if letter in "*?\\" else r"\\" + re.escape(letter))
            escaped = False
        elif letter == "\\":
            escaped = True
        else:
            parts.append({"*": ".*", "?": "."}.get(letter, re.escape(letter)))
    if escaped:
        parts.append(r"\\")
    return re.compile("".join(parts), re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def matches(pattern: str, text: str, ignore_case: bool = False) -> bool:
    r"""Whether the whole of `text` fits `pattern`; `\*` and `\?` in the pattern stand for themselves.

    >>> matches("/img/*", "/img/cats/1.png"), matches("/img/*", "/img"), matches("/user?", "/users")
    (True, False, True)
    """
    return _expression(pattern, ignore_case).fullmatch(text) is not None


def wildcards(pattern: str) -> int:
    """How many wildcards a pattern has, as AWS counts them against its quota of five per rule."""
    return len(re.findall(r"[*?]", re.sub(r"\\[*?]", "", pattern)))


def condition_matches(condition: dict, request) -> bool:
    """Whether a request satisfies one condition of `describe_rules`. ValueError for a field that ALB does not know."""
    field = condition["Field"]
    if field not in _FIELDS:
        raise ValueError(f"a condition has no field {field!r}; there are: {', '.join(_FIELDS)}")
    return _FIELDS[field](condition, request)


def _values(condition: dict, config: str) -> list:
    return condition.get(config, {}).get("Values") or condition.get("Values") or []


def _regexes(condition: dict, config: str) -> list[str]:
    return condition.get(config, {}).get("RegexValues") or condition.get("RegexValues") or []


def _host(condition: dict, request) -> bool:
    host = request.host.rsplit(":", 1)[0] if re.search(r":\d+$", request.host) else request.host
    return any(matches(one, host, ignore_case=True) for one in _values(condition, "HostHeaderConfig")) or any(
        re.search(one, host, re.IGNORECASE) for one in _regexes(condition, "HostHeaderConfig")
    )


def _path(condition: dict, request) -> bool:
    return any(matches(one, request.path) for one in _values(condition, "PathPatternConfig")) or any(
        re.search(one, request.path) for one in _regexes(condition, "PathPatternConfig")
    )


def _header(condition: dict, request) -> bool:
    config = condition["HttpHeaderConfig"]
    sent = [text for name, text in request.headers if name.lower() == config["HttpHeaderName"].lower()]
    return any(matches(one, text, ignore_case=True) for text in sent for one in config.get("Values", [])) or any(
        re.search(one, text, re.IGNORECASE) for text in sent for one in _regexes(condition, "HttpHeaderConfig")
    )


def _query(condition: dict, request) -> bool:
    pairs = [tuple(map(unquote_plus, one.partition("=")[::2])) for one in request.query.split("&") if one]
    return any(
        ("Key" not in wanted or matches(wanted["Key"], key, ignore_case=True))
        and matches(wanted["Value"], text, ignore_case=True)
        for wanted in _values(condition, "QueryStringConfig")
        for key, text in pairs
    )


def _method(condition: dict, request) -> bool:
    return request.method in _values(condition, "HttpRequestMethodConfig")


def _source(condition: dict, request) -> bool:
    address = ip_address(request.source_ip)
    return any(address in ip_network(one, strict=False) for one in _values(condition, "SourceIpConfig"))


_FIELDS = {
    "host-header": _host,
    "path-pattern": _path,
    "http-header": _header,
    "query-string": _query,
    "http-request-method": _method,
    "source-ip": _source,
}
