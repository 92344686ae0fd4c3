"""Who a task is: the session that Step Functions has with the state machine's role, or with the one in `Credentials`.

https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html
"""

from __future__ import annotations

from string import ascii_letters
from typing import Any
from uuid import UUID

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ClientError

from .. import ids
from ..iam.service_principals import service_may_assume
from ..iam.service_roles import role_by_arn, role_decision, service_session

SERVICE = "states.amazonaws.com"
CANNOT_ASSUME = (
    "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the "
    "provided role."
)


def may_assume(role_arn: str, machine_arn: str) -> bool:
    """Whether the role's trust policy lets Step Functions in for this state machine, by its global or regional name."""
    role = role_by_arn(role_arn)
    region = machine_arn.split(":")[3]
    return role is not None and any(
        service_may_assume(name, role.assume_role_policy_document, role_arn, {"aws:SourceArn": machine_arn})
        for name in (SERVICE, f"states.{region}.amazonaws.com")
    )


def client_for(region: str, service: str, state_credentials: Any = None) -> BaseClient:
    """A client of the service for one task; its calls are evaluated as those of the role's session.

    ClientError where Step Functions may not assume the role, which fails the task.
    """
    account = state_credentials.role_arn.split(":")[4]
    machine = getattr(state_credentials, "machine", f"arn:aws:states:{region}:{account}:stateMachine:*")
    own = getattr(state_credentials, "own_role", state_credentials.role_arn)
    role_arn = state_credentials.role_arn
    if not may_assume(own, machine):
        raise _denied(CANNOT_ASSUME)
    draw = ids.stream("state machine sessions")
    session = "".join(draw.choices(ascii_letters, k=32))
    if role_arn != own and not _may_switch(own, role_arn, region, session):
        raise _denied(
            f"The state machine's role {own} is not authorized to perform: sts:AssumeRole on resource: {role_arn}"
        )
    key, secret, token = service_session(SERVICE, role_by_arn(role_arn), session, draw)
    return boto3.client(
        service,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(parameter_validation=False, retries={"max_attempts": 0, "total_max_attempts": 1}),
    )


def _may_switch(own: str, role_arn: str, region: str, session: str) -> bool:
    decision = role_decision(own, session, "sts:AssumeRole", role_arn, region)
    return decision is not None and decision.allowed


def _denied(message: str) -> ClientError:
    request = str(UUID(int=ids.stream("state machine sessions").getrandbits(128), version=4))
    metadata = {"HTTPStatusCode": 400, "RequestId": request, "RetryAttempts": 0}
    return ClientError(
        {"Error": {"Code": "AccessDeniedException", "Message": message}, "ResponseMetadata": metadata}, "AssumeRole"
    )


def remember_machine() -> None:
    """Let a task's credentials say which state machine they are for; moto keeps the role only."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task import StateTask

    original = StateTask._eval_state_credentials

    def with_machine(task: StateTask, env: Any) -> Any:
        credentials = original(task, env)
        credentials.own_role = env.aws_execution_details.role_arn
        credentials.machine = env.states.context_object.context_object_data["StateMachine"]["Id"]
        return credentials

    StateTask._eval_state_credentials = with_machine
