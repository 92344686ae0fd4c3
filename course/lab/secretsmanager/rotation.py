"""Rotation: the learner's function is called for the steps createSecret, setSecret, testSecret and finishSecret.

A step that fails ends the rotation and leaves AWSPENDING where it is, as on AWS, which tries again later.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from moto.backends import get_backend
from moto.core.exceptions import HTTPException, ServiceException
from moto.moto_api._internal import mock_random
from moto.secretsmanager.models import FakeSecret

from course.data import value

from ..awslambda import aliases, events, execution
from ..gate import Call, NotOffline, Refused, answers, refuses
from ..iam.context import now
from ..iam.service_principals import service_may
from .secrets import MARKED, find_secret, require_primary
from .versions import CURRENT, PENDING, add_version, labelled

SERVICE = "secretsmanager.amazonaws.com"
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
_RATE = re.compile(r"rate\((\d+) (hours?|days?)\)")
_CRON = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")
_NO_FUNCTION = (
    "You tried to enable rotation on a secret that doesn't already have a Lambda function ARN configured "
    "and you didn't include such an ARN as a parameter in this call."
)


@refuses("secretsmanager", "RotateSecret", "CancelRotateSecret")
def no_rotation_here(call: Call) -> None:
    """Not for a replica or a deleted secret, and not without a function."""
    secret = find_secret(call)
    require_primary(secret)
    if secret.is_deleted():
        raise Refused("InvalidRequestException", MARKED)
    arn = secret.rotation_lambda_arn or (
        call.params.get("RotationLambdaARN") if call.operation == "RotateSecret" else ""
    )
    if not arn:
        raise Refused("InvalidRequestException", _NO_FUNCTION)


@refuses("secretsmanager", "RotateSecret")
def impossible_schedule(call: Call) -> None:
    """Days or an expression, rate(...) in hours or days, cron(...) with minute 0, and no year but *."""
    rules = call.params.get("RotationRules") or {}
    expression = rules.get("ScheduleExpression")
    if expression is None:
        return
    if "AutomaticallyAfterDays" in rules:
        raise Refused(
            "InvalidParameterException",
            "You can't specify both AutomaticallyAfterDays and ScheduleExpression in RotationRules.",
        )
    rate, cron = _RATE.fullmatch(expression), _CRON.fullmatch(expression)
    wrong = Refused("InvalidParameterException", f"The ScheduleExpression {expression} is not valid.")
    if rate:
        number, hours = int(rate[1]), rate[2].startswith("hour")
        least = value("secretsmanager.rotation.least_hours") if hours else 1
        if not least <= number <= value("secretsmanager.rotation.most"):
            raise wrong
    elif not cron or "?" not in (cron[3], cron[5]) or cron[6] != "*" or cron[1] != "0":
        raise wrong


@refuses("secretsmanager", "RotateSecret")
def function_that_does_not_let_in(call: Call) -> None:
    """The function exists, and its policy lets Secrets Manager invoke it for this secret."""
    secret = find_secret(call)
    arn = call.params.get("RotationLambdaARN") or secret.rotation_lambda_arn
    fields = arn.split(":")
    if len(fields) < 7 or fields[2] != "lambda":
        raise Refused("InvalidParameterException", f"The RotationLambdaARN {arn} is not the ARN of a Lambda function.")
    try:
        function, _ = aliases.target(get_backend("lambda")[fields[4]][fields[3]], arn)
    except (ServiceException, HTTPException):
        raise Refused("ResourceNotFoundException", f"Resource not found for ARN '{arn}'.") from None
    statements = function.policy.statements
    policy = {"Version": "2012-10-17", "Statement": statements} if statements else None
    keys = {"aws:SourceArn": secret.arn, "aws:SourceAccount": secret.account_id}
    if not service_may(SERVICE, "lambda:InvokeFunction", arn, policy, fields[4], keys):
        raise Refused(
            "AccessDeniedException",
            "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access "
            f"to the principal {SERVICE}.",
        )


@answers("secretsmanager", "RotateSecret")
def rotate_secret(call: Call) -> dict:
    """Store the configuration, then rotate at once unless told otherwise.

    A rotation that is not complete is tried again, and the request refused, as AWS says in its message.
    """
    params, secret = call.params, find_secret(call)
    unfinished = labelled(secret, PENDING)
    if unfinished is not None and CURRENT not in secret.versions[unfinished]["version_stages"]:
        events.later(lambda: _run(secret, unfinished, STEPS))
        raise Refused(
            "InvalidRequestException", "A previous rotation isn't complete. That rotation will be reattempted."
        )
    if params.get("RotationLambdaARN"):
        secret.rotation_lambda_arn = params["RotationLambdaARN"]
    if params.get("RotationRules"):
        secret.rotation_rules = dict(params["RotationRules"])
    secret.rotation_requested = secret.rotation_enabled = True
    secret.auto_rotate_after_days = _rules(secret).get("AutomaticallyAfterDays", 0)
    secret.next_rotation_date = _next(secret)
    shown = {"ARN": secret.arn, "Name": secret.name}
    if not secret.versions:
        return shown
    token = params.get("ClientRequestToken") or str(mock_random.uuid4())
    if params.get("RotateImmediately", True):
        add_version(secret, token, {}, [PENDING])
        events.later(lambda: _run(secret, token, STEPS))
        shown["VersionId"] = token
    else:
        events.later(lambda: _test(secret, token))
    return shown


def _rules(secret: FakeSecret) -> dict[str, Any]:
    return getattr(secret, "rotation_rules", {})


def _next(secret: FakeSecret) -> float | None:
    rules = _rules(secret)
    rate = _RATE.fullmatch(rules.get("ScheduleExpression", ""))
    if rate:
        unit = timedelta(hours=1) if rate[2].startswith("hour") else timedelta(days=1)
        return (now() + int(rate[1]) * unit).timestamp()
    days = rules.get("AutomaticallyAfterDays")
    return (now() + timedelta(days=days)).timestamp() if days else None


def _run(secret: FakeSecret, token: str, steps: tuple[str, ...]) -> bool:
    """Invoke the function for each step, until one fails; gives whether all went well."""
    arn = secret.rotation_lambda_arn
    fields = arn.split(":")
    for step in steps:
        event = json.dumps({"Step": step, "SecretId": secret.arn, "ClientRequestToken": token})
        try:
            function, invoked = aliases.target(get_backend("lambda")[fields[4]][fields[3]], arn)
            if execution.run(function, event, invoked).failed:
                return False
        except (ServiceException, HTTPException, NotOffline):
            return False
    if labelled(secret, CURRENT) == token:
        secret.last_rotation_date = now().timestamp()
        secret.next_rotation_date = _next(secret)
    return True


def _test(secret: FakeSecret, token: str) -> None:
    """RotateImmediately=False: the step testSecret on a version that is removed again."""
    current = secret.versions.get(labelled(secret, CURRENT) or "", {})
    contents = {name: current[name] for name in ("secret_string", "secret_binary") if name in current}
    add_version(secret, token, contents, [PENDING])
    _run(secret, token, ("testSecret",))
    secret.versions.pop(token, None)


@answers("secretsmanager", "CancelRotateSecret")
def cancel_rotation(call: Call) -> dict:
    """No rotation from now on; labels stay as they are."""
    secret = find_secret(call)
    secret.rotation_enabled, secret.next_rotation_date = False, None
    return {"ARN": secret.arn, "Name": secret.name}
