"""Prepared accounts for the storage exercises, and plain views of what an account holds.

They use boto3 as anybody would; only the emptying of an account is the lab's.
"""

from course.storage.accounts.comparison import changes, inventory
from course.storage.accounts.ebs import (
    attached_volume,
    attachments,
    bin_after_deleting,
    create_volume,
    encrypting_regions,
    is_encrypted_when_new,
    retention_rules,
    shape,
    snapshot,
    snapshots,
    volume,
    volumes,
)
from course.storage.accounts.ec2_instances import (
    flags,
    instances,
    left_after_terminating,
    root_device,
    root_volume,
    state,
)
from course.storage.accounts.efs import allowed_in, file_system
from course.storage.accounts.prepared import empty, launch, mixed_volumes, servers, web_network

__all__ = [
    "allowed_in",
    "attached_volume",
    "attachments",
    "bin_after_deleting",
    "changes",
    "create_volume",
    "empty",
    "encrypting_regions",
    "file_system",
    "flags",
    "instances",
    "inventory",
    "is_encrypted_when_new",
    "launch",
    "left_after_terminating",
    "mixed_volumes",
    "retention_rules",
    "root_device",
    "root_volume",
    "servers",
    "shape",
    "snapshot",
    "snapshots",
    "state",
    "volume",
    "volumes",
    "web_network",
]
