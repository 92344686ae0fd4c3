"""Names of parameters: characters, hierarchies, and what is reserved for AWS.

https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
"""

from __future__ import annotations

import re

from moto.ssm.models import Parameter

from course.data import value

from ..constraints import require_constraints
from ..gate import Call, Refused, refuses

_CHARACTERS = re.compile(r"/?[a-zA-Z0-9_.-]+(/[a-zA-Z0-9_.-]+)*")
_FORM = (
    'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths '
    "divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_"
)
PATH = (
    "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash "
    '"/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the '
    "following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if "
    'specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.'
)


def versions_of(call: Call, name: str) -> list[Parameter]:
    """All versions of a parameter, oldest first; none if it does not exist. moto would note an empty one."""
    backend = call.backend_of("ssm")
    name = backend._strip_parameter_arn(name)
    return list(backend._parameters[name]) if name in backend._parameters else []


@refuses(
    "ssm",
    *("PutParameter", "GetParameter", "GetParameters", "GetParametersByPath", "GetParameterHistory"),
    *("LabelParameterVersion", "UnlabelParameterVersion", "DeleteParameter", "DeleteParameters", "DescribeParameters"),
)
def outside_the_model(call: Call) -> None:
    """ValidationException for lengths, ranges and enums."""
    # moto words the errors of filters as AWS does.
    require_constraints(call, without=("ParameterFilters", "Filters"))


@refuses("ssm", "PutParameter")
def impossible_name(call: Call) -> None:
    """A name of its own, or a path that begins with a slash and has at most 15 levels."""
    name = call.params["Name"].strip()
    if name.startswith("arn:"):
        raise Refused("ValidationException", _FORM)
    if "/" in name and not name.startswith("/"):
        raise Refused("ValidationException", "Parameter name must be a fully qualified name")
    if not _CHARACTERS.fullmatch(name):
        raise Refused("ValidationException", _FORM)
    levels = value("ssm.names.levels")
    if name.count("/") > levels:
        raise Refused(
            "HierarchyLevelLimitExceededException",
            f"A hierarchy can have a maximum of {levels} levels; {name} has {name.count('/')}.",
        )
    most = value("ssm.names.with_arn")
    if len(f"arn:aws:ssm:{call.region}:{call.account_id}:parameter/{name.lstrip('/')}") > most:
        raise Refused(
            "ValidationException", f"The parameter name is too long: with the ARN before it, at most {most} characters."
        )


@refuses("ssm", "DeleteParameter", "LabelParameterVersion", "UnlabelParameterVersion")
def unknown_parameter(call: Call) -> None:
    """ParameterNotFound; moto notes an empty parameter of that name."""
    if not versions_of(call, call.params["Name"]):
        raise Refused("ParameterNotFound", f"Parameter {call.params['Name']} not found.")


@refuses("ssm", "GetParametersByPath")
def impossible_path(call: Call) -> None:
    """A path begins with a slash."""
    path = call.params["Path"]
    if not path.startswith("/") or "//" in path or not re.fullmatch(r"[a-zA-Z0-9_.\-/]*", path):
        raise Refused("ValidationException", PATH)


@refuses("ssm", "AddTagsToResource")
def too_many_tags(call: Call) -> None:
    """At most 50 tags per parameter."""
    params, most = call.params, value("ssm.requests.tags")
    if params["ResourceType"] != "Parameter" or not versions_of(call, params["ResourceId"]):
        return
    held = call.backend.list_tags_for_resource("Parameter", params["ResourceId"])
    if len({*held, *(tag["Key"] for tag in params["Tags"])}) > most:
        raise Refused("TooManyTagsError", f"A parameter can have at most {most} tags.")
