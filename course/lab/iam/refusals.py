"""How each service says no: code, wording and HTTP status of a denial, and of credentials that are not valid.

course.iam words the reason as IAM does; here stands what services change. Sources: EC2
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html, S3 (the ARN in quotation marks)
https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html; SQS (the action in lower case) and
SNS (AuthorizationError, the prefix in capitals) as their users report them.
"""

from __future__ import annotations

from moto.core.utils import get_service_model

from course.iam.evaluation import Decision, access_denied_message

from ..gate import Refused
from .encoded_messages import encoded

_QUERY = ("query", "rest-xml", "ec2")
# Services that name the resource also where the action has none: "on resource: *".
_SHOW_ALL = {"iam", "lambda"}
# Lists that are evaluated against "*", and what their services name instead.
_LISTED = {
    "dynamodb:ListTables": "arn:aws:dynamodb:{region}:{account}:table/*",
    "sns:ListTopics": "arn:aws:sns:{region}:{account}:*",
    "ssm:DescribeParameters": "arn:aws:ssm:{region}:{account}:*",
    "cloudwatch:DescribeAlarms": "arn:aws:cloudwatch:{region}:{account}:alarm:*",
    "logs:DescribeLogGroups": "arn:aws:logs:{region}:{account}:log-group::log-stream:",
}
_ACTION_AS_SHOWN = {"sqs": str.lower, "sns": lambda action: action.replace("sns:", "SNS:", 1)}


def denial(service: str, decision: Decision) -> Refused:
    """The error that this service answers for a denied request."""
    request = decision.request
    on_resource = request.resource != "*" or service in _SHOW_ALL
    message = access_denied_message(decision, on_resource)
    if service == "efs":
        message = access_denied_message(decision, False)
        message = message.replace(request.action, f"{request.action} on the specified resource", 1)
    elif request.action in _LISTED and not on_resource:
        region, account = request.context.get("aws:RequestedRegion", "*"), request.principal.account
        named = _LISTED[request.action].format(region=region, account=account)
        message = message.replace(request.action, f"{request.action} on resource: {named}", 1)
    if service == "ec2":
        text = f"You are not authorized to perform this operation. {message}"
        # What only reads is refused without it.
        if not request.action.startswith(("ec2:Describe", "ec2:Get")):
            text = f"{text.rstrip('.')}. {encoded(decision)}"
        return Refused("UnauthorizedOperation", text, 403)
    if service == "s3":
        # S3 explains a denial within an account only.
        if request.is_cross_account or request.principal.kind == "anonymous":
            return Refused("AccessDenied", "Access Denied", 403)
        quoted = message.replace(f"on resource: {request.resource}", f'on resource: "{request.resource}"')
        return Refused("AccessDenied", quoted, 403)
    if service == "secretsmanager" and request.action.startswith("kms:"):
        return access_denied(service, "Access to KMS is not allowed")
    shown = _ACTION_AS_SHOWN.get(service)
    if shown and request.action.startswith(f"{service}:"):
        message = message.replace(request.action, shown(request.action))
    if service == "sns":
        return Refused("AuthorizationError", message, 403)
    return access_denied(service, message)


def access_denied(service: str, message: str) -> Refused:
    """AccessDenied in the spelling and with the status of the service's protocol."""
    protocol = protocol_of(service)
    if protocol in _QUERY:
        return Refused("AccessDenied", message, 403)
    # SQS speaks JSON, but keeps the codes of its query protocol.
    if service == "sqs":
        return Refused("AccessDenied", message, 403)
    return Refused("AccessDeniedException", message, 400 if protocol == "json" else 403)


def invalid_credentials(service: str, refusal: Refused) -> Refused:
    """What this service answers for a key that IAM does not accept."""
    expired = refusal.code == "ExpiredToken"
    if service == "ec2":
        if expired:
            return Refused("RequestExpired", "Request has expired.", 400)
        return Refused("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
    if service == "s3":
        if expired:
            return Refused("ExpiredToken", "The provided token has expired.", 400)
        return Refused("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403)
    protocol = protocol_of(service)
    if protocol in _QUERY or service == "sqs":
        return refusal
    code = "ExpiredTokenException" if expired else "UnrecognizedClientException"
    return Refused(code, refusal.message, 400 if protocol == "json" else 403)


def unsigned(service: str) -> Refused:
    """A request without any signature."""
    return Refused("MissingAuthenticationToken", "Request is missing Authentication Token", 403)


def protocol_of(service: str) -> str:
    try:
        return get_service_model(service).metadata["protocol"]
    except Exception:
        return "json"
