"""AWS managed keys (alias/aws/...): made when first needed, used through their service only, changed by nobody.

https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
"""

from __future__ import annotations

import json
from typing import Any

from moto.kms.models import Key, KmsBackend

from ..gate import replaces

RESERVED = "alias/aws/"
# Where the name in the alias is not that in kms:ViaService.
_SERVICES = {"ebs": "ec2", "s3": "s3", "es": "es"}


def policy_of_managed_key(service: str, region: str, account_id: str) -> str:
    """The key policy that AWS gives the managed key of a service; it cannot be changed."""
    via = f"{_SERVICES.get(service, service)}.{region}.amazonaws.com"
    use = {
        "Sid": f"Allow access through {service} for all principals in the account that are authorized to use {service}",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [
            *("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"),
            *("kms:CreateGrant", "kms:DescribeKey"),
        ],
        "Resource": "*",
        "Condition": {"StringEquals": {"kms:CallerAccount": account_id, "kms:ViaService": via}},
    }
    look = {
        "Sid": "Allow direct access to key metadata to the account",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
        "Action": ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"],
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Id": f"auto-{service}-2", "Statement": [use, look]})


@replaces(KmsBackend, "create_alias")
def becomes_managed(moto: Any, backend: KmsBackend, target_key_id: str, alias_name: str) -> Any:
    """A key behind alias/aws/... is AWS's, with AWS's policy and yearly rotation; no request can make such an alias."""
    alias = moto(backend, target_key_id, alias_name)
    if alias_name.startswith(RESERVED):
        key: Key = backend.keys[backend.get_key_id(target_key_id)]
        service = alias_name.removeprefix(RESERVED)
        key.key_manager, key.key_rotation_status = "AWS", True
        key.policy = policy_of_managed_key(service, backend.region_name, backend.account_id)
        key.description = key.description or f"Default key that protects my {service} data when no other key is defined"
    return alias
