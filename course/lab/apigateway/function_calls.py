"""How API Gateway and function URLs call a function: its policy must let them in, and they do not wait for ever.

https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.backends import get_backend
from moto.core.exceptions import HTTPException, ServiceException

from ..awslambda import aliases, events, execution
from ..gate import Refused
from ..iam.caller import Caller, entity_by_arn
from ..iam.service_principals import service_may, service_may_assume

SERVICE = "apigateway.amazonaws.com"


class NotCalled(Exception):
    """The function was not called: it is not there, or nothing lets API Gateway in. The reason, for the test console."""


class Throttled(Exception):
    """Lambda refused the invocation: too many at once."""


class TimedOut(Exception):
    """The function works on, but nobody waits for it any longer."""


@dataclass(frozen=True)
class Called:
    """What came back: the payload as JSON text, and whether the function failed."""

    payload: str
    failed: bool

    @property
    def error(self) -> dict[str, Any]:
        """The error in the payload of a function that failed."""
        found = json.loads(self.payload) if self.failed else {}
        return found if isinstance(found, dict) else {}


def call(
    arn: str, event: dict[str, Any] | str, source_arns: Sequence[str], seconds: float, credentials: str | None = None
) -> Called:
    """Invoke a function as API Gateway for an API with one of these source ARNs, and wait at most `seconds`.

    source_arns: AWS does not say whether ANY stands there as * or as the request's method; either is enough here.
    credentials: a role that API Gateway assumes; then its policies count, and not the function's.
    """
    function, invoked = function_at(arn)
    account_id = arn.split(":")[4]
    policy = policy_of(function, arn)
    if credentials:
        _require_role(credentials, arn)
    elif not any(
        service_may(SERVICE, "lambda:InvokeFunction", arn, policy, account_id, {"aws:SourceArn": source})
        for source in source_arns
    ):
        raise NotCalled("Invalid permissions on Lambda function")
    text = event if isinstance(event, str) else json.dumps(event)
    return run(function, text, invoked, seconds)


def run(function: LambdaFunction, event: str, arn: str, seconds: float) -> Called:
    """Run a function and wait; TimedOut after `seconds`, Throttled when Lambda refuses."""
    if float(function.timeout) <= seconds:
        called = _invoke(function, event, arn)
    else:
        called = _in_time(function, event, arn, seconds)
    events.drain()
    return called


def _invoke(function: LambdaFunction, event: str, arn: str) -> Called:
    try:
        invocation = execution.run(function, event, arn)
    except Refused as refusal:
        if refusal.code == "TooManyRequestsException":
            raise Throttled(refusal.message) from None
        raise NotCalled(refusal.message) from None
    return Called(invocation.payload, invocation.failed)


def _in_time(function: LambdaFunction, event: str, arn: str, seconds: float) -> Called:
    outcome: dict[str, Any] = {}

    def work() -> None:
        try:
            outcome["called"] = _invoke(function, event, arn)
        except Exception as failure:  # handed to the thread that waits
            outcome["failure"] = failure

    worker = threading.Thread(target=work, name="api gateway integration", daemon=True)
    worker.start()
    worker.join(seconds)
    if worker.is_alive():
        raise TimedOut
    if "failure" in outcome:
        raise outcome["failure"]
    return outcome["called"]


def function_at(arn: str) -> tuple[LambdaFunction, str]:
    """The version that an ARN reaches now, and the ARN as the function sees it. NotCalled if there is none."""
    fields = arn.split(":")
    try:
        return aliases.target(get_backend("lambda")[fields[4]][fields[3]], arn)
    except (KeyError, ServiceException, HTTPException):
        raise NotCalled("Invalid permissions on Lambda function") from None


def policy_of(function: LambdaFunction, arn: str) -> dict[str, Any] | None:
    """The resource-based policy of what an ARN names: the function, or one of its versions or aliases."""
    backend = get_backend("lambda")[function.account_id][function.region]
    held = [function]
    with contextlib.suppress(ServiceException, HTTPException):
        held.append(backend.get_function(function.function_name))
        held.append(backend.get_function(*aliases.split(arn)))
    statements: list[dict[str, Any]] = []
    for one in held:
        statements += [statement for statement in one.policy.statements if statement not in statements]
    # A Sid may stand in the policy of the function and again in that of its alias.
    statements = [one for one in statements if one.get("Resource") == arn.removesuffix(":$LATEST")]
    return {"Version": "2012-10-17", "Statement": [_sound(one) for one in statements]} if statements else None


def _sound(statement: dict[str, Any]) -> dict[str, Any]:
    """A statement as AWS stores it; moto leaves the account id of a principal bare."""
    principal = statement.get("Principal")
    kept = {key: one for key, one in statement.items() if key in _ELEMENTS}
    if isinstance(principal, str) and principal != "*":
        kept["Principal"] = {"AWS": principal}
    return kept


_ELEMENTS = {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}


def _require_role(role_arn: str, function_arn: str) -> None:
    from course.iam.evaluation import Principal, Request, evaluate

    from ..iam.policies import policies_for

    account_id = role_arn.split(":")[4] if role_arn.count(":") >= 5 else ""
    backends = get_backend("iam")
    role = entity_by_arn(backends[account_id]["aws"], role_arn) if account_id in backends else None
    if role is None or not service_may_assume(SERVICE, role.assume_role_policy_document, role_arn):
        raise NotCalled("API Gateway does not have permission to assume the provided role")
    name = role_arn.rpartition("/")[2]
    session = Principal(f"arn:aws:sts::{account_id}:assumed-role/{name}/BackplaneAssumeRoleSession", role_arn=role_arn)
    request = Request(session, "lambda:InvokeFunction", function_arn)
    if not evaluate(request, policies_for(Caller(session, account_id, role))).allowed:
        raise NotCalled("The role of the integration may not invoke the function")
