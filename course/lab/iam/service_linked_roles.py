"""Service-linked roles: named by their service, made once, and changed by nobody else.

https://docs.aws.amazon.com/IAM/latest/UserGuide/create-service-linked-role.html
"""

from __future__ import annotations

import json

from moto.iam.models import iam_backends

from ..gate import Call, Refused, answers, refuses

# Service -> the name after AWSServiceRoleFor, where that is not the service's first word with a capital.
_NAMES = {
    "elasticloadbalancing": "ElasticLoadBalancing", "autoscaling": "AutoScaling", "spot": "EC2Spot",
    "spotfleet": "EC2SpotFleet", "ec2fleet": "EC2Fleet", "ecs": "AmazonECS", "eks": "AmazonEKS", "rds": "RDS",
    "elasticache": "ElastiCache", "elasticfilesystem": "AmazonElasticFileSystem", "ops.apigateway": "APIGateway",
    "guardduty": "AmazonGuardDuty", "inspector2": "AmazonInspector2", "securityhub": "SecurityHub",
    "cloudtrail": "CloudTrail", "globalaccelerator": "GlobalAccelerator", "elasticbeanstalk": "ElasticBeanstalk",
    "events": "CloudWatchEvents", "ssm": "AmazonSSM", "access-analyzer": "AccessAnalyzer",
    "dynamodb.application-autoscaling": "ApplicationAutoScaling_DynamoDBTable",
    "lambda.application-autoscaling": "ApplicationAutoScaling_LambdaConcurrency",
    "ecs.application-autoscaling": "ApplicationAutoScaling_ECSService",
    "replicator.lambda": "LambdaReplicator", "logger.cloudfront": "CloudFrontLogger",
    "email.cognito-idp": "AmazonCognitoIdpEmail", "wafv2": "WAFV2Logging", "sso": "SSO",
}  # fmt: skip


@answers("iam", "CreateServiceLinkedRole")
def create_service_linked_role(call: Call) -> dict:
    """InvalidInput when the service has its role already."""
    service, suffix = call.params["AWSServiceName"], call.params.get("CustomSuffix")
    backend = iam_backends[call.account_id]["aws"]
    short = service.removesuffix(".amazonaws.com")
    if short == service or not short:
        raise Refused("InvalidInput", f"Service {service} does not exist.")
    name = "AWSServiceRoleFor" + _NAMES.get(short, short[:1].upper() + short[1:])
    name += f"_{suffix}" if suffix else ""
    if any(role.name == name for role in backend.roles.values()):
        message = f"Service role name {name} has been taken in this account, please try a different suffix."
        raise Refused("InvalidInput", message)
    trust = {"Effect": "Allow", "Principal": {"Service": [service]}, "Action": ["sts:AssumeRole"]}
    role = backend.create_role(
        name,
        json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        f"/aws-service-role/{service}/",
        permissions_boundary=None,
        description=call.params.get("Description", ""),
        tags=[],
        max_session_duration="3600",
        linked_service=service,
    )
    return {"Role": role}


@refuses(
    "iam",
    "DeleteRole",
    "UpdateAssumeRolePolicy",
    "PutRolePolicy",
    "DeleteRolePolicy",
    "AttachRolePolicy",
    "DetachRolePolicy",
    "PutRolePermissionsBoundary",
    "DeleteRolePermissionsBoundary",
)
def protected_role(call: Call) -> None:
    """UnmodifiableEntity."""
    name = call.params["RoleName"]
    for role in iam_backends[call.account_id]["aws"].roles.values():
        if role.name == name and role.path.startswith("/aws-service-role/"):
            message = (
                f"Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS"
            )
            raise Refused("UnmodifiableEntity", message)
