"""iam:PassRole: who hands a role to a service must be allowed to.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

from collections.abc import Iterator

from ..gate import Call

# Operation -> the parameters that hold a role's ARN, and the service that gets it (iam:PassedToService).
_ROLES = {
    ("lambda", "CreateFunction"): (("Role",), "lambda.amazonaws.com"),
    ("lambda", "UpdateFunctionConfiguration"): (("Role",), "lambda.amazonaws.com"),
    ("stepfunctions", "CreateStateMachine"): (("roleArn",), "states.amazonaws.com"),
    ("stepfunctions", "UpdateStateMachine"): (("roleArn",), "states.amazonaws.com"),
    ("stepfunctions", "TestState"): (("roleArn",), "states.amazonaws.com"),
    ("events", "PutRule"): (("RoleArn",), "events.amazonaws.com"),
    ("cloudformation", "CreateStack"): (("RoleARN",), "cloudformation.amazonaws.com"),
    ("cloudformation", "UpdateStack"): (("RoleARN",), "cloudformation.amazonaws.com"),
    ("cloudformation", "CreateChangeSet"): (("RoleARN",), "cloudformation.amazonaws.com"),
    ("cloudformation", "DeleteStack"): (("RoleARN",), "cloudformation.amazonaws.com"),
    ("ecs", "RegisterTaskDefinition"): (("taskRoleArn", "executionRoleArn"), "ecs-tasks.amazonaws.com"),
    ("rds", "CreateDBInstance"): (("MonitoringRoleArn",), "monitoring.rds.amazonaws.com"),
    ("ssm", "SendCommand"): (("ServiceRoleArn",), "ssm.amazonaws.com"),
}
_PROFILES = {"RunInstances", "AssociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation"}


def passed_roles(call: Call) -> Iterator[tuple[str, str]]:
    """(ARN of the role, service it is passed to) for each role that the request hands over."""
    if call.service == "events" and call.operation == "PutTargets":
        for target in call.params.get("Targets", ()):
            if target.get("RoleArn"):
                yield target["RoleArn"], "events.amazonaws.com"
    if call.service == "ec2" and call.operation in _PROFILES:
        wanted = call.params.get("IamInstanceProfile", {})
        name = wanted.get("Name") or wanted.get("Arn", "").rpartition("/")[2]
        if name:
            yield from ((arn, "ec2.amazonaws.com") for arn in _roles_in(name, call))
    if call.service == "autoscaling" and call.operation == "CreateLaunchConfiguration":
        name = call.params.get("IamInstanceProfile", "").rpartition("/")[2]
        if name:
            yield from ((arn, "ec2.amazonaws.com") for arn in _roles_in(name, call))
    parameters, service = _ROLES.get((call.service, call.operation), ((), ""))
    for parameter in parameters:
        if call.params.get(parameter):
            yield call.params[parameter], service


def _roles_in(profile: str, call: Call) -> list[str]:
    from moto.iam.models import iam_backends

    held = iam_backends[call.account_id]["aws"].instance_profiles.values()
    return [role.arn for one in held if one.name == profile for role in one.roles]
