"""A function's own policy: who but its account may invoke it. Services that call functions ask `lets`.

One policy belongs to the function, one to each version and alias; AWS shows and asks the one that is named.
https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from moto.awslambda.models import LayerVersion
from moto.awslambda.policy import Policy
from moto.backends import get_backend
from moto.core.exceptions import HTTPException, ServiceException
from moto.iam.models import iam_backends
from moto.moto_api._internal import mock_random

from course.data import value

from ..gate import Call, Refused, answers, replaces
from ..iam.caller import entity_by_arn
from ..iam.service_principals import service_may
from .aliases import existing, split

_SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?")
# What AddPermission may add to a statement: parameter -> operator and condition key, as AWS writes them.
_CONDITIONS = {
    "SourceArn": ("ArnLike", "AWS:SourceArn"),
    "SourceAccount": ("StringEquals", "AWS:SourceAccount"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "InvokedViaFunctionUrl": ("Bool", "lambda:InvokedViaFunctionUrl"),
}


def lets(arn: str, service: str, source_arn: str, **keys: Any) -> bool:
    """Whether a function's policy lets a service invoke it for this source; course.iam decides.

    arn: the function as it would be invoked, with the version or alias. keys: further condition keys, as
    `**{"lambda:EventSourceToken": "..."}`. False for a function that does not exist.
    """
    fields = arn.split(":")
    if len(fields) < 7:
        return False
    account, region = fields[4], fields[3]
    try:
        function = get_backend("lambda")[account][region].get_function(fields[6])
    except (ServiceException, HTTPException, KeyError):
        return False
    asked = arn.removesuffix(":$LATEST")
    # Those of its other versions and aliases are policies of their own, in which a Sid may stand again.
    statements = _statements(function.policy, asked)
    policy = {"Version": "2012-10-17", "Statement": statements} if statements else None
    return service_may(service, "lambda:InvokeFunction", asked, policy, account, {"aws:SourceArn": source_arn, **keys})


def _named(call: Call) -> tuple[str, str, str | None]:
    """ARN of the function or of the version or alias that the request names, the function's name, the qualifier."""
    name, own = split(call.params["FunctionName"])
    qualifier = own or call.params.get("Qualifier")
    existing(call.backend, name, qualifier)
    if qualifier == "$LATEST":
        raise Refused("InvalidParameterValueException", "We currently do not support adding policies for $LATEST.")
    arn = f"arn:aws:lambda:{call.region}:{call.account_id}:function:{name}"
    return (f"{arn}:{qualifier}" if qualifier else arn), name, qualifier


def _invalid(given: str, place: str, pattern: str) -> Refused:
    return Refused(
        "ValidationException",
        f"1 validation error detected: Value '{given}' at '{place}' failed to satisfy constraint: Member must satisfy "
        f"regular expression pattern: {pattern}",
    )


@answers("lambda", "AddPermission")
def add_permission(call: Call) -> dict:
    """One more statement; its id is new, its principal and action are possible."""
    arn, name, qualifier = _named(call)
    params = call.params
    for parameter, place, pattern in (
        ("StatementId", "statementId", "([a-zA-Z0-9-_]+)"),
        ("Action", "action", "(lambda:[*]|lambda:[a-zA-Z]+|[*])"),
        ("SourceAccount", "sourceAccount", r"\d{12}"),
    ):
        if parameter in params and not re.fullmatch(pattern, params[parameter]):
            raise _invalid(params[parameter], place, pattern)
    if params.get("FunctionUrlAuthType") and params["Action"] != "lambda:InvokeFunctionUrl":
        raise Refused(
            "InvalidParameterValueException",
            "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action",
        )
    policy = existing(call.backend, name).policy
    held = _statements(policy, arn)
    _require_revision(policy, params.get("RevisionId"))
    if any(one["Sid"] == params["StatementId"] for one in held):
        raise Refused(
            "ResourceConflictException",
            f"The statement id ({params['StatementId']}) provided already exists. Please provide a new statement id, or "
            "remove the existing statement.",
            409,
        )
    made = statement(arn, params)
    size = len(
        json.dumps({"Version": "2012-10-17", "Id": "default", "Statement": [*held, made]}, separators=(",", ":"))
    )
    most = value("lambda.limits.policy") * 1024
    if size > most:
        raise Refused(
            "PolicyLengthExceededException", f"The final policy size ({size}) is bigger than the limit ({most})."
        )
    policy.statements.append(made)
    policy.revision = str(mock_random.uuid4())
    return {"Statement": json.dumps(made, separators=(",", ":"))}


def statement(arn: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The statement that AddPermission's parameters mean."""
    condition: dict[str, dict[str, str]] = {}
    for parameter, (operator, key) in _CONDITIONS.items():
        if params.get(parameter) is not None:
            given = params[parameter]
            condition.setdefault(operator, {})[key] = str(given).lower() if isinstance(given, bool) else given
    made = {
        "Sid": params["StatementId"],
        "Effect": "Allow",
        "Principal": principal(params["Principal"]),
        "Action": params["Action"],
        "Resource": arn,
    }
    return {**made, "Condition": condition} if condition else made


def principal(given: str) -> Any:
    """The Principal element for a service, an account, the ARN of a user or role, or "*"."""
    if given == "*":
        return "*"
    if _SERVICE.fullmatch(given):
        return {"Service": given}
    if re.fullmatch(r"\d{12}", given):
        return {"AWS": f"arn:aws:iam::{given}:root"}
    fields = given.split(":")
    if re.fullmatch(r"arn:aws[\w-]*:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)/.+)", given):
        elsewhere = fields[4] not in iam_backends or not fields[5].startswith(("user/", "role/"))
        if elsewhere or entity_by_arn(iam_backends[fields[4]]["aws"], given) is not None:
            return {"AWS": given}
    raise Refused(
        "InvalidParameterValueException",
        "The provided principal was invalid. Please check the principal and try again.",
    )


def _statements(policy: Policy, arn: str) -> list[dict]:
    return [one for one in policy.statements if one["Resource"] == arn]


def _require_revision(policy: Policy, revision: str | None) -> None:
    if revision and revision != policy.revision:
        raise Refused(
            "PreconditionFailedException",
            "The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the "
            "latest Revision Id",
            412,
        )


@answers("lambda", "RemovePermission")
def remove_permission(call: Call) -> dict:
    """One statement less; it must be there."""
    arn, name, _ = _named(call)
    policy = existing(call.backend, name).policy
    found = [one for one in _statements(policy, arn) if one["Sid"] == call.params["StatementId"]]
    if not found:
        raise Refused(
            "ResourceNotFoundException",
            f"Statement {call.params['StatementId']} is not found in resource policy.",
            404,
        )
    _require_revision(policy, call.params.get("RevisionId"))
    policy.statements.remove(found[0])
    policy.revision = str(mock_random.uuid4())
    return {}


@answers("lambda", "GetPolicy")
def get_policy(call: Call) -> dict:
    """The policy of the function, or of the version or alias that is named."""
    arn, name, _ = _named(call)
    policy = existing(call.backend, name).policy
    held = _statements(policy, arn)
    if not held:
        raise Refused("ResourceNotFoundException", "The resource you requested does not exist.", 404)
    document = {"Version": "2012-10-17", "Id": "default", "Statement": held}
    return {"Policy": json.dumps(document, separators=(",", ":")), "RevisionId": policy.revision}


@replaces(Policy, "add_statement")
def statement_of_a_stack(original: Any, policy: Policy, raw: str, qualifier: str | None = None) -> Any:
    """A template's permission becomes the same statement; moto loses one of two conditions with the same operator."""
    if isinstance(policy.parent, LayerVersion):
        return original(policy, raw, qualifier)
    params = {"StatementId": str(mock_random.uuid4()), **json.loads(raw)}
    arn = policy.parent.function_arn.removesuffix(":$LATEST")
    qualifier = qualifier or split(params.get("FunctionName", ""))[1]
    made = statement(f"{arn}:{qualifier}" if qualifier else arn, params)
    policy.statements.append(made)
    policy.revision = str(mock_random.uuid4())
    return made, policy.revision
