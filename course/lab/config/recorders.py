"""Recorders and delivery channels: a bucket that exists, and a recorder before the first rule.

https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigRule.html
"""

from __future__ import annotations

from ..gate import Call, Refused, refuses
from ..iam.service_principals import service_may_assume


@refuses("config", "PutConfigurationRecorder")
def role_of_the_recorder(call: Call) -> None:
    """A role that is one; if the account has it, it trusts AWS Config. The service-linked role need not be made."""
    arn = call.params["ConfigurationRecorder"].get("roleARN", "")
    roles = call.backend_of("iam", "aws").roles.values()
    role = next((one for one in roles if one.arn == arn), None)
    if not arn.startswith("arn:aws:iam::") or (
        role and not service_may_assume("config.amazonaws.com", role.assume_role_policy_document, role.arn)
    ):
        raise Refused(
            "InvalidRoleException",
            "You have provided a null or empty role ARN." if not arn else f"The role {arn} is invalid.",
        )


@refuses("config", "PutDeliveryChannel")
def missing_bucket(call: Call) -> None:
    """The bucket of the channel exists, once there is a recorder."""
    name = call.params["DeliveryChannel"].get("s3BucketName")
    if call.backend.recorders and name and name not in call.backend_of("s3", "aws").buckets:
        raise Refused("NoSuchBucketException", f"Cannot find a S3 bucket with the name {name}.")


@refuses("config", "PutConfigRule")
def no_recorder(call: Call) -> None:
    """Rules look at what a recorder records."""
    if not call.backend.recorders:
        raise Refused(
            "NoAvailableConfigurationRecorderException", "Configuration recorder is not available to put config rule."
        )
