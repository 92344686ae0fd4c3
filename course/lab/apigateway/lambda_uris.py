"""The URIs by which API Gateway names a function.

arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{function ARN}/invocations; HTTP APIs take the function's
ARN as well. A part may be a stage variable, ${stageVariables.name}.
https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_INVOCATIONS = re.compile(
    r"arn:aws[\w-]*:apigateway:[\w-]+:lambda:path/2015-03-31/functions/(?P<function>.+)/invocations/?"
)
_FUNCTION = re.compile(r"arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w-]+(:(\$LATEST|[\w-]+))?")
_VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}")


def function_of(uri: str, variables: Mapping[str, str] | None = None) -> str | None:
    """The function's ARN in a URI; None if it names none. Without `variables`, stage variables count as a name."""
    found = _INVOCATIONS.fullmatch(uri or "")
    named = found["function"] if found else uri or ""
    named = with_variables(named, variables) if variables is not None else _VARIABLE.sub("name", named)
    return named if _FUNCTION.fullmatch(named) else None


def is_invocations(uri: str) -> bool:
    """Is this the URI of an invocation, as authorizers and REST APIs need it?"""
    return bool(_INVOCATIONS.fullmatch(uri or "")) and function_of(uri) is not None


def with_variables(text: str, variables: Mapping[str, str]) -> str:
    """The text with the stage's variables filled in; one that the stage has not becomes nothing, as on AWS."""
    return _VARIABLE.sub(lambda found: variables.get(found[1], ""), text)
