"""GetRandomPassword: kinds of characters, and at least one of each kind unless told otherwise.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
"""

from __future__ import annotations

import string
from typing import Any

from course.data import value

from .. import ids
from ..gate import Call, Refused, answers, refuses

_KINDS = {
    "ExcludeLowercase": string.ascii_lowercase,
    "ExcludeUppercase": string.ascii_uppercase,
    "ExcludeNumbers": string.digits,
    "ExcludePunctuation": string.punctuation,
}


def _kinds(params: dict[str, Any]) -> list[str]:
    left_out = set(params.get("ExcludeCharacters", ""))
    kinds = [characters for name, characters in _KINDS.items() if not params.get(name)]
    if params.get("IncludeSpace"):
        kinds.append(" ")
    return ["".join(one for one in characters if one not in left_out) for characters in kinds]


@refuses("secretsmanager", "GetRandomPassword")
def impossible_password(call: Call) -> None:
    """Some characters must be left, and the password long enough for one of each kind."""
    kinds = _kinds(call.params)
    if not any(kinds):
        raise Refused(
            "InvalidParameterException",
            "A password can't be generated: all character types and characters are excluded.",
        )
    if not call.params.get("RequireEachIncludedType", True):
        return
    if not all(kinds):
        raise Refused(
            "InvalidParameterException", "All characters of a required character type are excluded from the password."
        )
    if call.params.get("PasswordLength", value("secretsmanager.passwords.default_length")) < len(kinds):
        raise Refused("InvalidParameterException", "Password length is too short based on the required types.")


@answers("secretsmanager", "GetRandomPassword")
def random_password(call: Call) -> dict:
    """Drawn from a stream of its own, so the same seed gives the same passwords and no other id changes."""
    params, drawn = call.params, ids.stream("secretsmanager passwords")
    kinds = [one for one in _kinds(params) if one]
    length = params.get("PasswordLength", value("secretsmanager.passwords.default_length"))
    chosen = [drawn.choice(one) for one in kinds] if params.get("RequireEachIncludedType", True) else []
    everything = "".join(kinds)
    chosen += [drawn.choice(everything) for _ in range(length - len(chosen))]
    drawn.shuffle(chosen)
    return {"RandomPassword": "".join(chosen)}
