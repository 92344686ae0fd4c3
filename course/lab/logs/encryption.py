"""Encryption of log groups: the KMS key exists, can be used, and its key policy lets CloudWatch Logs use it.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
"""

from __future__ import annotations

from ..gate import Call, answers, refuses
from ..iam.service_principals import service_may
from .names import invalid, log_group, name_of


def require_usable_key(call: Call, key_arn: str, group_name: str) -> None:
    """Raise Refused unless CloudWatch Logs may encrypt with the key, in the encryption context of the log group."""
    group_arn = f"arn:aws:logs:{call.region}:{call.account_id}:log-group:{group_name}"
    key = call.backend_of("kms").keys.get(key_arn.rpartition("/")[2]) if ":key/" in key_arn else None
    may = (
        key is not None
        and key.enabled
        and not getattr(key, "deletion_date", None)
        and key.key_spec == "SYMMETRIC_DEFAULT"
        and service_may(
            f"logs.{call.region}.amazonaws.com",
            "kms:GenerateDataKey",
            key.arn,
            key.policy,
            call.account_id,
            {"kms:EncryptionContext:aws:logs:arn": group_arn, "aws:SourceAccount": call.account_id},
        )
    )
    if not may:
        raise invalid(f"The specified KMS key does not exist or is not allowed to be used with LogGroup '{group_arn}'")


@refuses("logs", "CreateLogGroup", "AssociateKmsKey")
def unusable_key(call: Call) -> None:
    """The default key policy lets the account's own principals in, and no service."""
    key = call.params.get("kmsKeyId")
    name = call.params.get("logGroupName") or name_of(call.params.get("resourceIdentifier", ""))
    if call.operation == "AssociateKmsKey":
        log_group(call.backend, name)
    if key:
        require_usable_key(call, key, name)


@answers("logs", "AssociateKmsKey")
def associate_key(call: Call) -> dict:
    """Encrypt what comes from now on."""
    name = call.params.get("logGroupName") or call.params.get("resourceIdentifier")
    log_group(call.backend, name).kms_key_id = call.params["kmsKeyId"]
    return {}


@answers("logs", "DisassociateKmsKey")
def disassociate_key(call: Call) -> dict:
    """Encrypt with the key of CloudWatch Logs again."""
    name = call.params.get("logGroupName") or call.params.get("resourceIdentifier")
    log_group(call.backend, name).kms_key_id = None
    return {}
