"""boto3 calls in the name of whoever a stack acts for: the caller, or the stack's service role.

They pass the account's gate as every call does, so AWS's refusals, and those of IAM, become reasons of resources.
"""

from __future__ import annotations

import contextvars
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError

from ..gate import Call, NotOffline, Refused

_acting: contextvars.ContextVar[Credentials] = contextvars.ContextVar("cloudformation_caller")


class Failed(Exception):
    """A resource that could not be made, changed or deleted; the text is the reason that its event shows."""

    def __init__(self, reason: str, code: str = ""):
        super().__init__(reason)
        self.reason, self.code = reason, code


class _Acting(Credentials):
    """Credentials that are those of the stack at work when a request is signed, so that one client serves all."""

    def __init__(self) -> None:
        self.method, self.account_id = "explicit", None

    access_key = property(lambda self: _acting.get().access_key)
    secret_key = property(lambda self: _acting.get().secret_key)
    token = property(lambda self: _acting.get().token)

    def get_frozen_credentials(self) -> Any:
        return _acting.get().get_frozen_credentials()


@cache
def _client(service: str, region: str) -> Any:
    session = botocore.session.Session()
    session._credentials = _Acting()
    config = Config(retries={"max_attempts": 0}, ignore_configured_endpoint_urls=True, parameter_validation=True)
    return session.create_client(service, region_name=region, config=config)


def client(service: str, region: str) -> Any:
    """A client whose requests are signed as the stack's caller."""
    return _client(service, region)


def credentials_of(call: Call, role_arn: str | None) -> Credentials:
    """The caller's own, or a session of the role that the stack was given."""
    if role_arn is None:
        return Credentials(call.access_key, "of-the-caller", call.token)
    return _role_session(call, role_arn)


def _role_session(call: Call, role_arn: str) -> Credentials:
    from moto.backends import get_backend
    from moto.iam.models import iam_backends

    from course.iam.evaluation import Request, evaluate
    from course.iam.principals import Principal

    from ..iam.caller import Caller, entity_by_arn
    from ..iam.policies import policies_for
    from ..iam.sessions import remember_service_session

    refusal = Refused("ValidationError", f"Role {role_arn} is invalid or cannot be assumed")
    fields = role_arn.split(":", 5)
    if len(fields) != 6 or fields[4] != call.account_id:
        raise refusal
    role = entity_by_arn(iam_backends[call.account_id]["aws"], role_arn)
    if role is None or ":role/" not in role_arn:
        raise refusal
    service = Principal("cloudformation.amazonaws.com")
    request = Request(service, "sts:AssumeRole", role_arn, call.account_id, {})
    trust = policies_for(Caller(service, call.account_id), None, role.assume_role_policy_document)
    if not evaluate(request, trust).allowed:
        raise refusal
    backends = get_backend("sts")[call.account_id]
    session = backends["global" if "global" in backends else "aws"].assume_role(
        call.region, "AWSCloudFormation", role_arn, "", 3600, ""
    )
    remember_service_session(session, role_arn)
    return Credentials(session.access_key_id, session.secret_access_key, session.session_token)


@contextmanager
def acting_as(credentials: Credentials) -> Iterator[None]:
    """Calls inside are made with these credentials."""
    token = _acting.set(credentials)
    try:
        yield
    finally:
        _acting.reset(token)


def ask(service: str, region: str, operation: str, **params: Any) -> Any:
    """One call, such as ask("sqs", "us-east-1", "create_queue", QueueName="q"); texts become numbers where AWS wants one.

    Parameters that are None are left out. Failed with AWS's refusal as CloudFormation words it.
    """
    from .shapes import shaped

    caller = client(service, region)
    params = shaped(caller, operation, {name: one for name, one in params.items() if one is not None})
    try:
        return getattr(caller, operation)(**params)
    except ClientError as refused:
        raise _failed(service, refused) from None
    except (BotoCoreError, NotOffline, NotImplementedError) as missing:
        raise Failed(str(missing).replace("\n", " "), type(missing).__name__) from None


def _failed(service: str, refused: ClientError) -> Failed:
    from .state import new_uuid

    error, meta = refused.response["Error"], refused.response["ResponseMetadata"]
    code, status = error.get("Code", ""), meta.get("HTTPStatusCode", 400)
    shown = client_name(service)
    reason = (
        f'Resource handler returned message: "{error.get("Message", "")} (Service: {shown}, Status Code: {status}, '
        f'Request ID: {meta.get("RequestId", "")})" (RequestToken: {new_uuid()}, HandlerErrorCode: {_handler_code(code, status)})'
    )
    return Failed(reason, code)


def client_name(service: str) -> str:
    """As the Java SDK, which AWS's handlers use, names the service: Ec2, Lambda, DynamoDb."""
    known = {
        "dynamodb": "DynamoDb",
        "elbv2": "ElasticLoadBalancingV2",
        "stepfunctions": "Sfn",
        "logs": "CloudWatchLogs",
    }
    known |= {"events": "EventBridge", "apigateway": "ApiGateway", "apigatewayv2": "ApiGatewayV2"}
    known |= {"secretsmanager": "SecretsManager", "autoscaling": "AutoScaling", "codedeploy": "CodeDeploy"}
    return known.get(service, service.capitalize())


def _handler_code(code: str, status: int) -> str:
    """The error code of the resource type's handler, as cloudformation-cli lists them."""
    lower = code.lower()
    if any(one in lower for one in ("alreadyexist", "duplicate", "inuse", "conflict", "alreadyowned")):
        return "AlreadyExists" if "inuse" not in lower else "ResourceConflict"
    if "notfound" in lower or "nosuch" in lower or "nonexist" in lower or "does not exist" in lower:
        return "NotFound"
    if "accessdenied" in lower or "unauthorized" in lower or "authorizationerror" in lower:
        return "AccessDenied"
    if "limitexceeded" in lower or "quota" in lower:
        return "ServiceLimitExceeded"
    if "throttl" in lower or "toomany" in lower:
        return "Throttling"
    if any(one in lower for one in ("invalid", "validation", "malformed", "missing", "badrequest", "unsupported")):
        return "InvalidRequest"
    return "GeneralServiceException"
