"""When each user and role last used each service, and the two operations that show it, which moto lacks.

Attempts count, also denied ones, as on AWS; iam:PassRole is not tracked there either.
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.moto_api._internal import mock_random

from ..gate import Call, Refused, answers
from ..looking import only_looking
from .caller import ADMINISTRATOR, Caller, entity_by_arn
from .context import now
from .resources import PREFIXES, action_of

# Service names as the console shows them; others show their prefix.
_NAMES = {
    "iam": "AWS Identity and Access Management",
    "ec2": "Amazon EC2",
    "s3": "Amazon S3",
    "sqs": "Amazon SQS",
    "sns": "Amazon SNS",
    "lambda": "AWS Lambda",
    "dynamodb": "Amazon DynamoDB",
    "kms": "AWS Key Management Service",
    "secretsmanager": "AWS Secrets Manager",
    "ssm": "AWS Systems Manager",
    "sts": "AWS Security Token Service",
    "elasticfilesystem": "Amazon Elastic File System",
    "elasticloadbalancing": "AWS Elastic Load Balancing",
    "autoscaling": "Amazon EC2 Auto Scaling",
    "logs": "Amazon CloudWatch Logs",
    "cloudwatch": "Amazon CloudWatch",
    "states": "AWS Step Functions",
    "rds": "Amazon RDS",
    "cloudformation": "AWS CloudFormation",
    "route53": "Amazon Route 53",
}


def record(caller: Caller, prefix: str, operation: str, region: str) -> None:
    """Remember that this user or role asked for something of a service."""
    entity = caller.entity
    if entity is not None:
        _calls(entity.account_id).setdefault(entity.arn, {})[prefix] = (now(), region, caller.principal.arn, operation)


def record_administrator(service: str, operation: str, region: str) -> None:
    """The same for the lab's own key, whose requests are not evaluated."""
    if only_looking():
        return
    arn = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:user/{ADMINISTRATOR}"
    prefix = PREFIXES.get(service, service)
    _calls(DEFAULT_ACCOUNT_ID).setdefault(arn, {})[prefix] = (now(), region, arn, operation)


def _calls(account: str) -> dict[str, dict[str, tuple[datetime, str, str, str]]]:
    return iam_backends[account]["aws"].__dict__.setdefault("_lab_calls", {})


def _jobs(account: str) -> dict[str, dict[str, Any]]:
    return iam_backends[account]["aws"].__dict__.setdefault("_lab_jobs", {})


@answers("iam", "GenerateServiceLastAccessedDetails")
def generate(call: Call) -> dict:
    """A report about a user, group, role or policy; it is ready at once."""
    backend, arn = iam_backends[call.account_id]["aws"], call.params["Arn"]
    holders = _holders(backend, arn)
    if holders is None:
        raise Refused("NoSuchEntity", f"ARN {arn} not found.", 404)
    made, services = now(), {}
    for prefix in sorted(_granted(backend, arn)):
        seen = [(entity, _calls(call.account_id).get(entity, {}).get(prefix)) for entity in holders]
        services[prefix] = [(entity, one) for entity, one in seen if one]
    job = str(mock_random.uuid4())
    _jobs(call.account_id)[job] = {"made": made, "services": services, "granularity": call.params.get("Granularity")}
    return {"JobId": job}


@answers("iam", "GetServiceLastAccessedDetails")
def show(call: Call) -> dict:
    """The services that the policies allow something of; LastAuthenticated is absent for those never used."""
    job = _jobs(call.account_id).get(call.params["JobId"])
    if job is None:
        raise Refused("NoSuchEntity", f"Job {call.params['JobId']} not found.", 404)
    listed = []
    for prefix, seen in job["services"].items():
        entry: dict[str, Any] = {
            "ServiceName": _NAMES.get(prefix, prefix),
            "ServiceNamespace": prefix,
            "TotalAuthenticatedEntities": len(seen),
        }
        if seen:
            entity, (moment, region, _, operation) = max(seen, key=lambda one: one[1][0])
            entry |= {"LastAuthenticated": moment, "LastAuthenticatedEntity": entity, "LastAuthenticatedRegion": region}
            if job["granularity"] == "ACTION_LEVEL":
                entry["TrackedActionsLastAccessed"] = [
                    {
                        "ActionName": action_of(prefix, operation).partition(":")[2],
                        "LastAccessedEntity": entity,
                        "LastAccessedTime": moment,
                        "LastAccessedRegion": region,
                    }
                ]
        listed.append(entry)
    return {
        "JobStatus": "COMPLETED",
        "JobType": job["granularity"] or "SERVICE_LEVEL",
        "JobCreationDate": job["made"],
        "JobCompletionDate": job["made"],
        "ServicesLastAccessed": listed,
        "IsTruncated": False,
    }


def _holders(backend: Any, arn: str) -> list[str] | None:
    """The ARNs of the users and roles whose calls count for this ARN; None if there is no such thing."""
    if ":policy/" in arn:
        policy = backend.managed_policies.get(arn)
        entities = [*backend.users.values(), *backend.roles.values()]
        return None if policy is None else [one.arn for one in entities if arn in one.managed_policies]
    if ":group/" in arn:
        group = next((one for one in backend.groups.values() if one.arn == arn), None)
        return None if group is None else [user.arn for user in group.users]
    entity = entity_by_arn(backend, arn) if "/" in arn else None
    return None if entity is None else [entity.arn]


def _granted(backend: Any, arn: str) -> set[str]:
    """The services that the policies behind this ARN name in an Allow; a bare * stands for all that the course knows."""
    from course.iam.policy_document import policy_document

    from .policies import identity_policies, managed_document

    if ":policy/" in arn:
        documents = [policy_document(managed_document(backend.managed_policies[arn]))]
    elif ":group/" in arn:
        group = next(one for one in backend.groups.values() if one.arn == arn)
        texts = [*group.policies.values(), *(managed_document(one) for one in group.managed_policies.values())]
        documents = [policy_document(text) for text in texts]
    else:
        documents = list(identity_policies(entity_by_arn(backend, arn)).values())
    granted: set[str] = set()
    for document in documents:
        for statement in document.statements:
            if statement.effect == "Allow":
                actions = statement.source.get("Action", "*")
                for action in [actions] if isinstance(actions, str) else actions:
                    prefix = action.partition(":")[0].lower()
                    granted |= set(_NAMES) if "*" in prefix else {prefix}
    return granted
