"""The grammar of the policy language: every problem of a document, with its place.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from course.data import figures, value
from course.iam.elements import action_problems, condition_problems, principal_problems, resource_problems
from course.iam.malformed import SYNTAX, MalformedPolicyDocument, Problem
from course.iam.policy_json import read_json, size_problems

__all__ = ["POLICY_TYPES", "problems", "validate"]

# Our short name, and AWS's name in prose and in error messages.
POLICY_TYPES = {
    "identity": "identity-based policy",
    "resource": "resource-based policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "trust": "role trust policy",
    "scp": "service control policy",
    "rcp": "resource control policy",
}
WITH_PRINCIPAL = ("resource", "trust", "rcp")
_ORGANIZATIONS = "The provided policy document does not meet the requirements of the specified policy type."
_TOP = ("Version", "Id", "Statement")
_ELEMENTS = (
    *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
    *("Resource", "NotResource", "Condition"),
)


def validate(document: str | dict, policy_type: str = "identity", stored_as: str = "") -> None:
    """Raise MalformedPolicyDocument with the first of `problems(...)`, if there is one."""
    found = problems(document, policy_type, stored_as)
    if found:
        raise MalformedPolicyDocument(found[0])


def problems(document: str | dict, policy_type: str = "identity", stored_as: str = "") -> list[Problem]:
    """All problems of a document, in the order in which AWS names them: syntax first, then meaning, then size.

    `policy_type` is one of `POLICY_TYPES`. `stored_as` adds the rules of the place where the document is put: "managed"
    (size, and Version 2012-10-17), or "user", "group", "role", "trust", "session", "scp", "rcp" (size).
    """
    sizes = figures("iam.policy_size")
    if stored_as and stored_as not in sizes:
        raise ValueError(f"a document is stored as one of {', '.join(sizes)}, not {stored_as!r}")
    if policy_type not in POLICY_TYPES:
        raise ValueError(f"a policy type is one of {', '.join(POLICY_TYPES)}, not {policy_type!r}")
    if not isinstance(document, (str, dict)):
        raise TypeError(f"a policy document is JSON text or a dict, not {document!r}")
    try:
        text = document if isinstance(document, str) else json.dumps(document)
        parsed = read_json(text, policy_type)
    except MalformedPolicyDocument as error:
        return [error.problem]
    except (TypeError, ValueError, RecursionError) as error:
        raise TypeError(f"a policy document holds what JSON can hold: {error}") from None
    found = list(_document(parsed, policy_type))
    if stored_as:
        found += size_problems(text, parsed, stored_as)
    return sorted(found, key=lambda problem: (problem.code == "LimitExceeded", problem.message != SYNTAX))


def _document(policy: Any, policy_type: str) -> Iterator[Problem]:
    if not isinstance(policy, dict):
        yield Problem(SYNTAX, "the document", f"a policy is a JSON object, not {_kind(policy)}")
        return
    yield from _twice(policy, "the document")
    for name in policy:
        if name not in _TOP:
            yield Problem(SYNTAX, str(name), f"a policy has Version, Id and Statement, not {name}{_case(name, _TOP)}")
    versions = value("iam.grammar.versions")
    if "Version" in policy and policy["Version"] not in versions:
        yield Problem(SYNTAX, "Version", f"Version is {' or '.join(versions)}, not {policy['Version']!r}")
    if "Id" in policy and not isinstance(policy["Id"], str):
        yield Problem(SYNTAX, "Id", f"Id is text, not {_kind(policy['Id'])}")
    elif "Id" in policy and policy_type in ("identity", "boundary", "session"):
        yield Problem(SYNTAX, "Id", "Id belongs to resource-based policies only")
    statements = policy.get("Statement")
    single = isinstance(statements, dict)
    if not single and (not isinstance(statements, list) or not statements):
        rule = "Statement is missing" if "Statement" not in policy else "Statement holds at least one statement"
        yield Problem(SYNTAX, "Statement" if "Statement" in policy else "the document", rule)
        return
    sids: dict[str, str] = {}
    for number, statement in enumerate([statements] if single else statements):
        place = "Statement" if single else f"Statement[{number}]"
        if not isinstance(statement, dict) or not statement:
            yield Problem(SYNTAX, place, "a statement is a JSON object with Effect, Action and the rest")
            continue
        yield from _statement(statement, place, policy_type)
        sid = statement.get("Sid")
        if isinstance(sid, str) and sid:
            if sid in sids:
                rule = f"the Sid {sid!r} is already that of {sids[sid]}"
                yield Problem("Statement IDs (SID) in a single policy must be unique.", f"{place}.Sid", rule)
            sids.setdefault(sid, place)


def _statement(statement: dict, place: str, policy_type: str) -> Iterator[Problem]:
    yield from _twice(statement, place)
    for name in statement:
        if name not in _ELEMENTS:
            rule = f"a statement has no element {name}{_case(name, _ELEMENTS)}"
            yield Problem(SYNTAX, f"{place}.{name}", rule)
    for name in ("Principal", "Action", "Resource"):
        if name in statement and f"Not{name}" in statement:
            yield Problem(SYNTAX, f"{place}.Not{name}", f"a statement has {name} or Not{name}, not both")
    effect = statement.get("Effect")
    if effect not in ("Allow", "Deny"):
        rule = "Effect is missing" if "Effect" not in statement else f'Effect is "Allow" or "Deny", not {effect!r}'
        misspelt = isinstance(effect, str) and effect.lower() in ("allow", "deny")
        message = "The policy failed legacy parsing" if misspelt else SYNTAX
        yield Problem(message, f"{place}.Effect" if "Effect" in statement else place, rule)
    sid = statement.get("Sid", "")
    if not isinstance(sid, str):
        yield Problem(SYNTAX, f"{place}.Sid", f"Sid is text, not {_kind(sid)}")
    elif policy_type not in ("resource", "scp", "rcp") and not re.fullmatch("[0-9A-Za-z]*", sid):
        message = "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
        yield Problem(message, f"{place}.Sid", f"a Sid holds letters and digits only, not {sid!r}")
    yield from principal_problems(statement, place, policy_type)
    yield from action_problems(statement, place, policy_type)
    yield from resource_problems(statement, place, policy_type)
    yield from condition_problems(statement, place)
    if policy_type == "rcp" and (statement.get("Principal") != "*" or effect == "Allow"):
        rule = 'a resource control policy has Effect "Deny" and Principal "*" only'
        if not _is_full_access(statement):
            yield Problem(_ORGANIZATIONS, place, rule)


def _is_full_access(statement: dict) -> bool:
    wanted = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    return {name: statement.get(name) for name in wanted} == wanted and "Condition" not in statement


def _twice(found: dict, place: str) -> Iterator[Problem]:
    for name in getattr(found, "twice", ()):
        yield Problem(SYNTAX, place, f"{name} stands here twice")


def _case(name: Any, known: tuple[str, ...]) -> str:
    meant = [word for word in known if isinstance(name, str) and word.lower().rstrip("s") == name.lower().rstrip("s")]
    return f"; it is spelt {meant[0]}" if meant else ""


def _kind(given: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "a Boolean", type(None): "null"}
    return next((name for kind, name in names.items() if isinstance(given, kind)), "a number")
