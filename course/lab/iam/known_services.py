"""Which service principals there are: botocore's services by their names, endpoints and signing names, and some more.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
"""

from __future__ import annotations

from functools import cache

import boto3

_DOMAINS = (".amazonaws.com", ".amazonaws.com.cn", ".amazon.com", ".aws.internal", ".aws.com", ".api.aws")
# Principals whose first word is no service of botocore's.
_OTHERS = {
    "spot", "spotfleet", "ec2fleet", "ecs-tasks", "edgelambda", "vpc-flow-logs", "export", "vmie", "dlm", "backup",
    "delivery.logs", "billing", "trustedadvisor", "contributorinsights", "continuousexport", "autoscaling-plans",
    "cloudwatch", "cloudwatch-crossaccount", "lambda-edge", "monitoring", "opsworks", "opsworks-cm", "apprunner",
    "build.apprunner", "tasks.apprunner", "config", "config-multiaccountsetup", "ssm-incidents", "iot", "pods.eks",
    "eks-fargate-pods", "eks-fargate", "eks-nodegroup", "scheduler", "pipes", "reports", "sso", "membership",
    "access-analyzer", "wafv2", "waf", "waf-regional", "privatelink", "transitgateway", "route53resolver",
    "codestar-notifications", "codebuild", "codedeploy", "codepipeline", "codecommit", "cloud9", "amplify", "s3",
    "batchoperations.s3", "elasticmapreduce", "elasticbeanstalk", "elasticfilesystem", "elasticloadbalancing",
    "logger.cloudfront", "cloudfront", "inspector2", "fms", "ds", "macie", "mgn", "drs", "dms", "im", "channels.lex",
    "lexv2", "lex", "alexa-appkit", "internal.alexa", "credentials.iot", "robomaker", "gamelift", "mediaconvert",
    "managedservices", "diode", "bugbust", "honeycode", "workdocs", "worklink", "aps", "grafana", "profiler",
    "resource-groups", "ram", "license-manager", "servicecatalog", "cassandra", "airflow-env", "cks.kms", "crl.acm-pca",
}  # fmt: skip


def is_service(principal: str) -> bool:
    """False only for what is no principal of any service: a word without a domain, or an unknown one before it.

    A principal of more than one word, as ops.apigateway.amazonaws.com or logs.eu-west-1.amazonaws.com, is let pass.
    """
    domain = next((one for one in _DOMAINS if principal.endswith(one)), None)
    if domain is None:
        return False
    short = principal.removesuffix(domain)
    return domain != ".amazonaws.com" or "." in short or short in _known()


@cache
def _known() -> set[str]:
    session = boto3.Session()._session
    found = set(session.get_available_services()) | _OTHERS
    for partition in session.get_component("data_loader").load_data("endpoints")["partitions"]:
        found |= set(partition["services"])
    found |= set(_prefixes())
    return found


def _prefixes() -> list[str]:
    from .resources import PREFIXES

    return list(PREFIXES.values())
