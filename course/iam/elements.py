"""The rules of single elements: what Principal, Action, Resource and Condition may hold in which policy type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from course.iam.comparisons import COMPARISONS
from course.iam.conditions import parse_operator, value_texts
from course.iam.malformed import SYNTAX, Problem

__all__ = ["action_problems", "condition_problems", "principal_problems", "resource_problems"]

_PREFACED = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
_PARTITIONS = re.compile(r"aws(-[a-z]+)*|\*")
_AWS_PRINCIPAL = re.compile(
    r"\*|\d{12}|arn:aws[a-z-]*:iam::(\d{12}:(root|(user|role)/[^*?]+)|cloudfront:user/[^*?]+)"
    r"|arn:aws[a-z-]*:sts::\d{12}:(assumed-role/[^*?/]+/[^*?]+|federated-user/[^*?]+)|A[A-Z]{3}[A-Z0-9]{12,}"
)


def principal_problems(statement: dict, place: str, policy_type: str) -> Iterator[Problem]:
    """Principal and NotPrincipal: required in resource-based and trust policies, forbidden in the others."""
    present = [name for name in ("Principal", "NotPrincipal") if name in statement]
    if policy_type not in ("resource", "trust", "rcp"):
        for name in present:
            rule = f"{name} does not belong here: the principal is whoever the policy is attached to"
            yield Problem("Policy document should not specify a principal.", f"{place}.{name}", rule)
        return
    if not present:
        yield Problem("Missing required field Principal", place, "Principal is missing: say who may do it")
        return
    name = present[0]
    at, element = f"{place}.{name}", statement[name]
    if name == "NotPrincipal" and policy_type != "resource":
        yield Problem("Has prohibited field NotPrincipal", at, "NotPrincipal belongs to resource-based policies only")
    elif name == "NotPrincipal" and statement.get("Effect") == "Allow":
        yield Problem(SYNTAX, at, 'NotPrincipal is used with "Effect": "Deny" only')
    if element == "*":
        return
    if not isinstance(element, dict) or not element:
        rule = f'{name} is "*" or an object such as {{"AWS": "111122223333"}}, not {element!r}'
        yield Problem("Invalid principal in policy.", at, rule)
        return
    for kind, names in element.items():
        if kind not in ("AWS", "Service", "Federated", "CanonicalUser"):
            rule = f"{name} lists AWS, Service, Federated or CanonicalUser, not {kind}"
            yield Problem("Invalid principal in policy.", f"{at}.{kind}", rule)
            continue
        for where, text in _texts(names, f"{at}.{kind}"):
            fits = isinstance(text, str) and (bool(_AWS_PRINCIPAL.fullmatch(text)) if kind == "AWS" else bool(text))
            if not fits or (kind == "Service" and not re.fullmatch(r"[a-z0-9.-]+\.[a-z.]+", text)):
                rule = f"{text!r} is no {kind} principal" + _principal_hint(kind, text)
                yield Problem(f'Invalid principal in policy: "{kind}":"{text}"', where, rule)


def _principal_hint(kind: str, text: Any) -> str:
    if kind == "AWS" and isinstance(text, str) and ":group/" in text:
        return ": a group cannot be a principal"
    if kind == "AWS" and isinstance(text, str) and ("*" in text or "?" in text):
        return ": a wildcard cannot match part of a name or ARN"
    return ""


def action_problems(statement: dict, place: str, policy_type: str) -> Iterator[Problem]:
    """Action and NotAction: a service, one colon and a name; in a trust policy of AWS STS only."""
    present = [name for name in ("Action", "NotAction") if name in statement]
    if not present:
        yield Problem("Policy statement must contain actions.", place, "Action or NotAction is missing")
    for name in present:
        if statement[name] == []:
            yield Problem("Policy statement must contain actions.", f"{place}.{name}", f"{name} is empty")
        for where, text in _texts(statement[name], f"{place}.{name}"):
            if not isinstance(text, str):
                yield Problem(SYNTAX, where, f"{name} is text or a list of texts, not {text!r}")
                continue
            vendor, colon, operation = text.partition(":")
            if text != "*" and not colon:
                yield Problem(_PREFACED, where, f'{text!r} lacks its service, as in "s3:GetObject"')
            elif ":" in operation:
                message = "Actions/Condition can contain only one colon."
                yield Problem(message, where, f"{text!r} has more than one colon")
            elif vendor != "*" and not re.fullmatch("[A-Za-z0-9.-]+", vendor):
                yield Problem(f"Vendor {vendor} is not valid", where, f"{vendor!r} is no service prefix")
            elif policy_type == "trust" and vendor.lower() != "sts":
                message = "AssumeRole policy may only specify STS AssumeRole actions."
                yield Problem(message, where, f"{text!r} is no action of AWS STS such as sts:AssumeRole")


def resource_problems(statement: dict, place: str, policy_type: str) -> Iterator[Problem]:
    """Resource and NotResource: ARNs or "*"; forbidden in a trust policy, whose resource is the role."""
    present = [name for name in ("Resource", "NotResource") if name in statement]
    if policy_type == "trust":
        for name in present:
            rule = f"a role trust policy has no {name}: the role is the resource"
            yield Problem(f"Has prohibited field {name}", f"{place}.{name}", rule)
        return
    if not present:
        yield Problem("Policy statement must contain resources.", place, "Resource or NotResource is missing")
    for name in present:
        if statement[name] == []:
            yield Problem("Policy statement must contain resources.", f"{place}.{name}", f"{name} is empty")
        for where, text in _texts(statement[name], f"{place}.{name}"):
            if not isinstance(text, str):
                yield Problem(SYNTAX, where, f"{name} is text or a list of texts, not {text!r}")
            elif text != "*":
                yield from _arn_problems(text, where, policy_type)


def _arn_problems(text: str, place: str, policy_type: str) -> Iterator[Problem]:
    fields = text.split(":", 5)
    if fields[0] != "arn" or len(fields) < 2:
        if policy_type != "resource" or not text:  # some services, such as API Gateway, complete relative names
            yield Problem(
                f'Resource {text} must be in ARN format or "*".', place, f'{text!r} is neither an ARN nor "*"'
            )
        return
    if not _PARTITIONS.fullmatch(fields[1]):
        whole = ":".join([*fields, *["*"] * (6 - len(fields))])
        message = f'Partition "{fields[1]}" is not valid for resource "{whole}".'
        yield Problem(message, place, f"{fields[1]!r} is no partition such as aws, aws-cn or aws-us-gov")
    elif len(fields) < 3 or not re.fullmatch("[A-Za-z0-9-]+", fields[2]):
        message = "Resource vendor must be fully qualified and cannot contain regexes."
        yield Problem(message, place, f"the service of {text!r} must be named, without wildcards")
    elif len(fields) < 6 and policy_type == "session":
        message = f'Resource {text} must be in ARN format or "*".'
        yield Problem(
            message, place, f"a session policy needs all six fields of an ARN, and {text!r} has {len(fields)}"
        )
    elif fields[2] == "iam" and len(fields) > 3 and fields[3] not in ("", "*"):
        yield Problem(f"IAM resource {text} cannot contain region information.", place, "IAM has no Regions")


def condition_problems(statement: dict, place: str) -> Iterator[Problem]:
    """Condition: operators that exist, keys with a prefix, values that the operator can compare."""
    if "Condition" not in statement:
        return
    place, element = f"{place}.Condition", statement["Condition"]
    if not isinstance(element, dict):
        yield Problem(SYNTAX, place, f"Condition is an object of operators, not {element!r}")
        return
    for operator, keys in element.items():
        at = f"{place}.{operator}"
        try:
            plain = parse_operator(operator)[1]
        except ValueError as error:
            yield Problem(SYNTAX, at, str(error))
            continue
        if not isinstance(keys, dict):
            yield Problem(SYNTAX, at, f"{operator} holds condition keys with their values, not {keys!r}")
            continue
        for key, values in keys.items():
            if ":" not in key:
                yield Problem(_PREFACED, f"{at}.{key}", f'{key!r} lacks its prefix, as in "aws:SourceIp"')
            yield from _value_problems(plain, values, f"{at}.{key}")


def _value_problems(operator: str, values: Any, place: str) -> Iterator[Problem]:
    for where, given in _texts(values, place):
        if not isinstance(given, (str, int, float)):
            yield Problem(SYNTAX, where, f"a condition value is text, a number or a Boolean, not {given!r}")
            continue
        text = value_texts(given)[0]
        if COMPARISONS[operator].takes == "pieces" or (operator == "Bool" and "${" in text):
            continue
        try:
            COMPARISONS[operator].prepare(text)
        except ValueError as error:
            yield Problem("The policy failed legacy parsing", where, f"{operator} cannot compare this: {error}")


def _texts(given: Any, place: str) -> list[tuple[str, Any]]:
    if isinstance(given, list):
        return [(f"{place}[{number}]", text) for number, text in enumerate(given)]
    return [(place, given)]
