"""Associations: what a web ACL can protect, one web ACL for each.

https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html
"""

from __future__ import annotations

import re
from typing import Any

from ..gate import Call, Refused, answers, corrects, refuses
from .scopes import invalid

# Regional resources; CloudFront distributions name their web ACL themselves.
_PROTECTED = re.compile(
    r"arn:aws:(elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer/app/.+|apigateway:[a-z0-9-]+::/restapis/[^/]+/stages/.+"
    r"|appsync:[a-z0-9-]+:\d{12}:apis/.+|cognito-idp:[a-z0-9-]+:\d{12}:userpool/.+|apprunner:[a-z0-9-]+:\d{12}:service/.+"
    r"|ec2:[a-z0-9-]+:\d{12}:verified-access-instance/.+|amplify:[a-z0-9-]+:\d{12}:apps/.+)"
)
_ARN = (
    "The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or slashes."
)


@refuses("wafv2", "AssociateWebACL", "DisassociateWebACL", "GetWebACLForResource")
def impossible_resource(call: Call) -> None:
    """Application Load Balancers, stages of REST APIs and a few more; no Network Load Balancer, no HTTP API."""
    arn = call.params["ResourceArn"]
    balancer = call.backend_of("elbv2").load_balancers.get(arn)
    # moto writes /app/ into the ARN of every load balancer, so that its type has to say what it is.
    if not _PROTECTED.fullmatch(arn) or (balancer and balancer.type != "application"):
        raise invalid(_ARN, "RESOURCE_ARN", arn)


@refuses("wafv2", "AssociateWebACL")
def impossible_association(call: Call) -> None:
    """A regional web ACL and a load balancer that exist; moto looks at neither's scope."""
    acl, arn = call.params["WebACLArn"], call.params["ResourceArn"]
    if ":global/" in acl:
        raise invalid("The scope is not valid.", "WEB_ACL_ARN", acl)
    if acl not in call.backend.wacls:
        raise _missing()
    if arn.startswith("arn:aws:elasticloadbalancing:"):
        if arn not in call.backend_of("elbv2").load_balancers:
            raise _missing()


@corrects("wafv2", "AssociateWebACL")
def one_web_acl(call: Call, result: Any) -> None:
    """A resource has one web ACL: the new one takes the place of the old, once."""
    arn = call.params["ResourceArn"]
    for acl in call.backend.wacls.values():
        others = [one for one in acl.associated_resources if one != arn]
        acl.associated_resources = [*others, arn] if acl.arn == call.params["WebACLArn"] else others


# Type of a resource -> how its ARN begins, after the partition.
_TYPES = {
    "APPLICATION_LOAD_BALANCER": "elasticloadbalancing",
    "API_GATEWAY": "apigateway",
    "APPSYNC": "appsync",
    "COGNITO_USER_POOL": "cognito-idp",
    "APP_RUNNER_SERVICE": "apprunner",
    "VERIFIED_ACCESS_INSTANCE": "ec2",
    "AMPLIFY": "amplify",
}


@answers("wafv2", "ListResourcesForWebACL")
def list_resources(call: Call) -> dict:
    """What a regional web ACL protects of one type, load balancers unless another is named; moto lacks it."""
    acl = call.backend.wacls.get(call.params["WebACLArn"])
    if acl is None:
        raise _missing()
    kind = call.params.get("ResourceType", "APPLICATION_LOAD_BALANCER")
    if kind not in _TYPES:
        raise invalid("The parameter value isn't supported.", "RESOURCE_TYPE", kind)
    return {"ResourceArns": sorted(one for one in acl.associated_resources if one.split(":")[2] == _TYPES[kind])}


def _missing() -> Refused:
    return Refused(
        "WAFNonexistentItemException", "AWS WAF couldn’t perform the operation because your resource doesn’t exist."
    )
