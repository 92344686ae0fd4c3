"""The resources of a request to IAM and STS.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..gate import Call
from .action_table import table


def iam_arns(name: str, call: Call, caller_arn: str) -> Iterator[str]:
    """Users, groups, roles, policies and profiles that a request to IAM names."""
    from moto.iam.models import iam_backends

    params, backend, account = call.params, iam_backends[call.account_id]["aws"], call.account_id

    def of(kind: str, held: dict[str, Any], called: str) -> str:
        found = held.get(called)
        path = params.get("Path", "/") if name.startswith("Create") else "/"
        return (
            found.arn if found is not None and hasattr(found, "arn") else f"arn:aws:iam::{account}:{kind}{path}{called}"
        )

    kinds = table()["iam"]["actions"][name].replace("*", "").split(", ")
    if "policy" in kinds:
        if "PolicyArn" in params:
            yield params["PolicyArn"]
        elif name == "CreatePolicy":
            yield f"arn:aws:iam::{account}:policy{params.get('Path', '/')}{params['PolicyName']}"
    if "user" in kinds:
        if "UserName" in params:
            yield of("user", backend.users, params["UserName"])
        elif ":user/" in caller_arn:
            # Without a name the request is about the caller: "implicitly based on the access key".
            yield caller_arn
    if "group" in kinds and "GroupName" in params:
        yield of("group", backend.groups, params["GroupName"])
    if "role" in kinds and "RoleName" in params:
        role = next((role for role in backend.roles.values() if role.name == params["RoleName"]), None)
        path = params.get("Path", "/") if name == "CreateRole" else "/"
        yield role.arn if role else f"arn:aws:iam::{account}:role{path}{params['RoleName']}"
    if "instance-profile" in kinds and "InstanceProfileName" in params:
        wanted = params["InstanceProfileName"]
        profile = next((one for one in backend.instance_profiles.values() if one.name == wanted), None)
        yield profile.arn if profile else f"arn:aws:iam::{account}:instance-profile{params.get('Path', '/')}{wanted}"
    if "mfa" in kinds:
        if "VirtualMFADeviceName" in params:
            yield f"arn:aws:iam::{account}:mfa{params.get('Path', '/')}{params['VirtualMFADeviceName']}"
        elif "SerialNumber" in params:
            yield params["SerialNumber"]
    for parameter in ("PolicySourceArn", "Arn", "OpenIDConnectProviderArn", "SAMLProviderArn"):
        if parameter in params:
            yield params[parameter]


def sts_arns(name: str, call: Call, caller_arn: str) -> Iterator[str]:
    if "RoleArn" in call.params:
        yield call.params["RoleArn"]
    elif name == "GetFederationToken":
        yield f"arn:aws:sts::{call.account_id}:federated-user/{call.params['Name']}"
