"""Names of state machines, executions, activities and aliases.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
"""

from __future__ import annotations

import re

from course.data import value

from ..gate import Refused

_FORBIDDEN = re.compile(r'[\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ufffe\uffff]')


def require_name(name: str) -> None:
    """Raise Refused for a name that is empty, too long, or holds spaces, brackets, wildcards or control characters."""
    most = value("step_functions.names.length")
    if not 1 <= len(name) <= most:
        bound = f"less than or equal to {most}" if name else "greater than or equal to 1"
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: Member must have "
            f"length {bound}",
        )
    if _FORBIDDEN.search(name):
        raise Refused("InvalidName", f"Invalid Name: '{name}'")
