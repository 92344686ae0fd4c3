"""A second, slow and naive evaluator, read straight from AWS's grammar: it shares nothing with course.iam.

Patterns are matched character by character, decisions are Boolean algebra over what each policy type says. Users and
role sessions only, without NotPrincipal.
"""

import ipaddress
import re
from functools import cache


def decide(case):
    """ "allowed", "explicitDeny" or "implicitDeny" for a case of test_against_oracle.py."""
    says = {
        kind: [(s, how) for doc in docs for s in statements(doc) if (how := applies(s, doc, case))]
        for kind, docs in case["policies"].items()
    }
    effects = {kind: {s["Effect"] for s, _ in found} for kind, found in says.items()}
    if any("Deny" in found for found in effects.values()):
        return "explicitDeny"
    identity, boundary, session, scp = (
        kind not in case["policies"] if kind != "identity" and kind not in effects else "Allow" in effects[kind]
        for kind in ("identity", "boundary", "session", "scp")
    )
    hows = {how for s, how in says.get("resource", ()) if s["Effect"] == "Allow"}
    if case["account"] != case["resource_account"]:
        allowed = scp and identity and boundary and session and bool(hows)
    else:
        allowed = scp and ("self" in hows or ((identity or "role" in hows) and boundary and session))
    return "allowed" if allowed else "implicitDeny"


def statements(doc):
    return doc["Statement"] if isinstance(doc["Statement"], list) else [doc["Statement"]]


def applies(s, doc, case):
    """False, or how the statement names the principal: "self", "role" or "account"."""
    new = doc.get("Version") == "2012-10-17"
    how = named(s["Principal"], case) if "Principal" in s else "self"
    act = any(glob(letters(p.lower(), False, {}), case["action"].lower()) for p in many(s, "Action"))
    res = any(arn(p, case, new) for p in many(s, "Resource"))
    if act != ("Action" in s) or res != ("Resource" in s) or not how:
        return False
    for name, keys in s.get("Condition", {}).items():
        for key, wanted in keys.items():
            if not holds(name, wanted, case["context"].get(key.lower()), case["context"], new):
                return False
    return how


def many(s, name):
    found = s[name] if name in s else s["Not" + name]
    return found if isinstance(found, list) else [found]


def named(principal, case):
    names = ["*"] if principal == "*" else principal["AWS"]
    if "*" in names or case["principal"] in names:
        return "self"
    if case["role"] in names:
        return "role"
    return "account" if {case["account"], f"arn:aws:iam::{case['account']}:root"} & set(names) else False


def letters(text, variables, context):
    """A list of (character, is it literal), or None where a variable has no value."""
    found = []
    for part in re.findall(r"\$\{[^}]*\}|.", text, re.DOTALL) if variables else text:
        if len(part) == 1:
            found.append((part, part not in "*?"))
            continue
        inside = part[2:-1]
        key, _, default = inside.partition(", ")
        value = inside if inside in "*?$" else context.get(key.lower()) or ([default[1:-1]] if default else None)
        if value is None or (not isinstance(value, str) and len(value) != 1):
            return None
        found += [(letter, True) for letter in value[0]]
    return found


def glob(pattern, text):
    """Does the text fit, letter by letter? None fits nothing."""
    if pattern is None:
        return False

    @cache
    def fits(i, j):
        if i == len(pattern):
            return j == len(text)
        letter, literal = pattern[i]
        if letter == "*" and not literal:
            return fits(i + 1, j) or (j < len(text) and fits(i, j + 1))
        return j < len(text) and (letter == text[j] or (letter == "?" and not literal)) and fits(i + 1, j + 1)

    return fits(0, 0)


def arn(pattern, case, variables):
    """All fields of the cases' resources are plain, so that a pattern may be compared field by field."""
    if pattern == "*":
        return True
    wanted, given = pattern.split(":", 5), case["resource"].split(":", 5)
    wanted += ["*"] * (6 - len(wanted))
    return len(given) == 6 and all(
        glob(letters(w, variables and place == 5, case["context"]), g)
        for place, (w, g) in enumerate(zip(wanted, given, strict=True))
    )


def holds(name, wanted, seen, context, new):
    quantifier, _, operator = name.rpartition(":")
    if_exists, operator = operator.endswith("IfExists"), operator.replace("IfExists", "")
    wanted = wanted if isinstance(wanted, list) else [wanted]
    if operator == "Null":
        return any((w == "true") == (not seen) for w in wanted)
    negative = "Not" in operator
    if not seen:
        return if_exists or quantifier == "ForAllValues" or (negative and not quantifier)
    one = [any(compare(operator.replace("Not", ""), w, v, context, new) for w in wanted) != negative for v in seen]
    return all(one) if quantifier == "ForAllValues" or (negative and not quantifier) else any(one)


def compare(operator, wanted, value, context, new):
    filled = letters(wanted, new, context)
    if operator == "StringLike":
        return glob(filled, value)
    if operator == "StringEquals":
        return filled is not None and "".join(letter for letter, _ in filled) == value
    if operator == "StringEqualsIgnoreCase":
        return filled is not None and "".join(letter for letter, _ in filled).lower() == value.lower()
    if operator == "NumericLessThan":
        return float(value) < float(wanted)
    if operator == "NumericEquals":
        return float(value) == float(wanted)
    if operator == "Bool":
        return value == wanted
    return ipaddress.ip_address(value) in ipaddress.ip_network(wanted)
