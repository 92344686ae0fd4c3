"""Which scans are on: EC2, ECR, LAMBDA (dependencies), LAMBDA_CODE (own code), CODE_REPOSITORY.

https://docs.aws.amazon.com/inspector/v2/APIReference/API_Enable.html
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import get_service_model

from ..gate import Call, Refused, answers

_FIELDS = {
    "EC2": "ec2",
    "ECR": "ecr",
    "LAMBDA": "lambda",
    "LAMBDA_CODE": "lambdaCode",
    "CODE_REPOSITORY": "codeRepository",
}


def scans(call: Call) -> set[str]:
    """The resource types that are scanned in this Region."""
    return call.backend.__dict__.setdefault("scans", set())


def _wanted(call: Call) -> list[str]:
    """The resource types of the request; moto asks for account ids, which AWS does not."""
    known = get_service_model("inspector2").shape_for("ResourceScanType").enum
    wanted = call.params.get("resourceTypes") or ([] if call.operation == "Enable" else known)
    for one in wanted:
        if one not in known:
            raise Refused(
                "ValidationException",
                f"1 validation error detected: Value '{one}' at 'resourceTypes' failed to satisfy constraint: Member must "
                f"satisfy enum value set: [{', '.join(known)}]",
            )
    if not wanted:
        raise Refused("ValidationException", "At least one resource type must be specified.")
    return wanted


def _account(call: Call) -> dict[str, Any]:
    on = scans(call)
    return {
        "accountId": call.account_id,
        "status": "ENABLED" if on else "DISABLED",
        "resourceStatus": {field: "ENABLED" if one in on else "DISABLED" for one, field in _FIELDS.items()},
    }


def _others(call: Call) -> list[dict[str, Any]]:
    return [
        {
            "accountId": one,
            "errorCode": "ACCESS_DENIED",
            "errorMessage": "Invoking account is not the account's administrator.",
        }
        for one in call.params.get("accountIds") or ()
        if one != call.account_id
    ]


@answers("inspector2", "Enable")
def enable(call: Call) -> dict:
    """Switch scans on; LAMBDA_CODE comes with LAMBDA."""
    wanted = set(_wanted(call))
    scans(call).update(wanted | ({"LAMBDA"} if "LAMBDA_CODE" in wanted else set()))
    return {"accounts": [_account(call)], "failedAccounts": _others(call)}


@answers("inspector2", "Disable")
def disable(call: Call) -> dict:
    """Switch scans off, all if none is named; without LAMBDA there is no LAMBDA_CODE."""
    wanted = set(_wanted(call))
    scans(call).difference_update(wanted | ({"LAMBDA_CODE"} if "LAMBDA" in wanted else set()))
    return {"accounts": [_account(call)], "failedAccounts": _others(call)}


@answers("inspector2", "BatchGetAccountStatus")
def batch_get_account_status(call: Call) -> dict:
    """The scans of this account."""
    account = _account(call)

    return {
        "accounts": [
            {
                "accountId": call.account_id,
                "state": {"status": account["status"]},
                "resourceState": {field: {"status": one} for field, one in account["resourceStatus"].items()},
            }
        ],
        "failedAccounts": _others(call),
    }
