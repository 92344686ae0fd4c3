"""Reading parameters: one, up to ten, a path, and what a list shows; public parameters are not the account's own.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.secretsmanager.models import SecretsManagerBackend
from moto.ssm.models import Parameter, ParameterDict

from course.data import value

from ..gate import Call, Refused, answers, refuses, replaces
from .names import versions_of
from .parameter_policies import policies_in, remove_expired

_PUBLIC = "/aws/"


@refuses(
    "ssm",
    *("GetParameter", "GetParameters", "GetParametersByPath", "GetParameterHistory", "DescribeParameters"),
    *("PutParameter", "LabelParameterVersion", "DeleteParameter", "DeleteParameters"),
)
def expired_parameters(call: Call) -> None:
    """What has expired by now is gone, whatever is asked."""
    remove_expired(call.backend)


@replaces(Parameter, "response_object")
def shown(moto: Any, parameter: Parameter, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """Policies as text with their type, which moto leaves as objects."""
    found = moto(parameter, *args, **kwargs)
    found.pop("Policies", None)
    if parameter.name.startswith("/aws/service/") and "ARN" in found:
        # A public parameter belongs to no account.
        found["ARN"] = found["ARN"].replace(f":{parameter.account_id}:", "::")
    if parameter.policies and policies_in(parameter.policies):
        found["Policies"] = [
            {"PolicyText": json.dumps(one), "PolicyType": one.get("Type"), "PolicyStatus": "Pending"}
            for one in policies_in(parameter.policies)
        ]
    return found


@refuses("ssm", "GetParameter")
def two_selectors(call: Call) -> None:
    """A name has one version or label; moto answers nothing."""
    name = call.params["Name"]
    if not name.startswith(("arn:", _PUBLIC)) and name.count(":") > 1:
        raise Refused("ValidationException", f"Invalid parameter name {name}: use name:version or name:label.")


@answers("ssm", "GetParameter")
def get_parameter(call: Call) -> dict:
    """With the version or label that was asked for."""
    name, decrypt = call.params["Name"].strip(), call.params.get("WithDecryption", False)
    if name.startswith("/aws/reference/secretsmanager/") and not decrypt:
        raise Refused("ValidationException", "WithDecryption flag must be True for retrieving a Secret Manager secret.")
    found = call.backend.get_parameter(name)
    if found is None:
        raise Refused("ParameterNotFound", f"Parameter {name} not found.")
    shown, selector = found.response_object(decrypt, call.region), _selector(name)
    return {"Parameter": {**shown, "Selector": selector} if selector else shown}


@answers("ssm", "GetParameters")
def get_parameters(call: Call) -> dict:
    """In alphabetical order; moto's order changes from run to run."""
    names, decrypt = call.params["Names"], call.params.get("WithDecryption", False)
    repeated = sorted({one for one in names if names.count(one) > 1})
    if repeated:
        raise Refused(
            "ValidationException", f"The following names are duplicated in the request: {', '.join(repeated)}."
        )
    found = call.backend.get_parameters(names)
    shown = []
    for name in sorted(found):
        one = found[name].response_object(decrypt, call.region)
        selector = _selector(name)
        shown.append({**one, "Selector": selector} if selector else one)
    return {"Parameters": shown, "InvalidParameters": [name for name in names if name not in found]}


def _selector(name: str) -> str:
    last = name.rpartition("/")[2] if not name.startswith("arn:") else name.split(":parameter", 1)[-1]
    return f":{last.partition(':')[2]}" if ":" in last else ""


@answers("ssm", "GetParametersByPath")
def get_by_path(call: Call) -> dict:
    """A page of at most 10; public parameters only below /aws/."""
    params = call.params
    size, path = params.get("MaxResults", value("ssm.requests.by_path")), params["Path"]
    start = int(params.get("NextToken") or 0)
    everything: list[Parameter] = []
    more: str | None = "0"
    while more is not None:
        page, more = call.backend.get_parameters_by_path(
            path, params.get("Recursive", False), params.get("ParameterFilters"), more, 10
        )
        everything += [one for one in page if path.startswith(_PUBLIC) or not one.name.startswith(_PUBLIC)]
    everything.sort(key=lambda one: one.name)
    shown = [one.response_object(params.get("WithDecryption", False), call.region) for one in everything]
    following = {"NextToken": str(start + size)} if start + size < len(shown) else {}
    return {"Parameters": shown[start : start + size], **following}


@answers("ssm", "DescribeParameters")
def describe_parameters(call: Call) -> dict:
    """The account's own parameters, without values."""
    params = call.params
    found = call.backend.describe_parameters(params.get("Filters"), params.get("ParameterFilters"))
    size = params.get("MaxResults", value("ssm.requests.described"))
    start = int((params.get("NextToken") or "0").strip() or 0)
    own = [one for one in found if not one.name.startswith(_PUBLIC)]
    following = {"NextToken": str(start + size)} if start + size < len(own) else {}
    shown = []
    for one in own[start : start + size]:
        described = one.describe_response_object(False)
        described["LastModifiedUser"] = getattr(one, "last_modified_user", described["LastModifiedUser"])
        described["ARN"] = f"arn:aws:ssm:{call.region}:{call.account_id}:parameter/{one.name.lstrip('/')}"
        shown.append(described)
    return {"Parameters": shown, **following}


@replaces(ParameterDict, "_get_secretsmanager_parameter")
def parameter_that_is_a_secret(moto: Any, parameters: ParameterDict, secret_name: str) -> list[Parameter]:
    """/aws/reference/secretsmanager/...: moto fails for a secret with a version that has no value yet."""
    from moto.secretsmanager.models import secretsmanager_backends

    backend: SecretsManagerBackend = secretsmanager_backends[parameters.account_id][parameters.region_name]
    secret = backend.secrets.get(secret_name)
    empty = []
    if secret is not None:
        empty = [name for name, one in secret.versions.items() if not {"secret_string", "secret_binary"} & set(one)]
    set_aside = {name: secret.versions.pop(name) for name in empty}
    try:
        return moto(parameters, secret_name)
    finally:
        if set_aside:
            secret.versions.update(set_aside)


@refuses("ssm", "GetParameterHistory")
def no_history(call: Call) -> None:
    """ParameterNotFound."""
    if not versions_of(call, call.params["Name"]):
        raise Refused("ParameterNotFound", f"Parameter {call.params['Name']} not found.")
