"""The values of records: what each type holds, in the words of AWS's FATAL problems.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
"""

from __future__ import annotations

import ipaddress
import re

from course.data import value

# Printable ASCII but blank and the two signs that write other bytes.
_HOST = re.compile(r"[!-~]+")
_STRINGS = re.compile(r'"((?:[^"\\]|\\.)*)"')
_PORTS = 65535


def problem(type: str, given: str) -> str:
    """What AWS says against a value of this record type, "" if nothing."""
    check = _CHECKS.get(type)
    found = check(given) if check else ""
    return f"Invalid Resource Record: 'FATAL problem: {found} encountered with '{given}''" if found else ""


def name_problem(name: str) -> str:
    """What AWS says against a domain name, "" if nothing."""
    bare = name.removesuffix(".")
    if not bare:
        return f"FATAL problem: DomainNameEmpty (Domain name is empty) encountered with '{name}'"
    for label in bare.split("."):
        if not label:
            return f"FATAL problem: DomainLabelEmpty (Domain label is empty) encountered with '{name}'"
        # \052 and the like are one character each.
        if len(re.sub(r"\\\d{3}", "?", label)) > value("route53.records.label"):
            return f"FATAL problem: DomainLabelTooLong (Domain label is too long) encountered with '{label}'"
    if len(bare) > value("route53.records.name"):
        return f"FATAL problem: DomainNameTooLong (Domain name is too long) encountered with '{name}'"
    if not _HOST.fullmatch(bare):
        return f"FATAL problem: UnsupportedCharacter (Value contains unsupported characters) encountered with '{name}'"
    return ""


def _ipv4(given: str) -> str:
    try:
        ipaddress.IPv4Address(given)
    except ValueError:
        return "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"
    return ""


def _ipv6(given: str) -> str:
    try:
        address = ipaddress.IPv6Address(given)
    except ValueError:
        return "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)"
    return "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)" if address.scope_id else ""


def _host(given: str) -> str:
    found = name_problem(given.strip())
    return found.removeprefix("FATAL problem: ").partition(" encountered")[0]


def _mail(given: str) -> str:
    fields = given.split()
    if len(fields) != 2:
        return "MXRRDATANotTwoFields (MX record doesn't have 2 fields)"
    if not _number(fields[0], _PORTS):
        return "MXRRDATAIllegalPriority (MX priority is not a number from 0 to 65535)"
    return _host(fields[1])


def _service(given: str) -> str:
    fields = given.split()
    if len(fields) != 4:
        return "SRVRRDATANotFourFields (SRV record doesn't have 4 fields)"
    if not all(_number(one, _PORTS) for one in fields[:3]):
        return "SRVRRDATAIllegalNumber (Priority, weight and port are numbers from 0 to 65535)"
    return _host(fields[3])


def _text(given: str) -> str:
    rest = given.strip()
    if not rest.startswith('"'):
        return "InvalidCharacterString (Value should be enclosed in quotation marks)"
    while rest:
        string = _STRINGS.match(rest)
        if not string:
            return "InvalidCharacterString (Value should be enclosed in quotation marks)"
        if len(re.sub(r"\\(\d{3}|.)", "?", string[1])) > value("route53.records.txt_string"):
            return "CharacterStringTooLong (Value is too long)"
        rest = rest[string.end() :].lstrip()
    return ""


def _authority(given: str) -> str:
    fields = given.split(None, 2)
    if len(fields) != 3:
        return "CAARRDATANotThreeFields (CAA record doesn't have 3 fields)"
    if not _number(fields[0], 255):
        return "CAARRDATAIllegalFlags (CAA flags are a number from 0 to 255)"
    return _text(fields[2])


def _number(given: str, most: int) -> bool:
    return given.isascii() and given.isdigit() and int(given) <= most


_CHECKS = {
    "A": _ipv4,
    "AAAA": _ipv6,
    "CNAME": _host,
    "NS": _host,
    "PTR": _host,
    "MX": _mail,
    "SRV": _service,
    "TXT": _text,
    "SPF": _text,
    "CAA": _authority,
}
