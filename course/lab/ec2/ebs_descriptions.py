"""What the Describe operations of EBS say that moto does not: pages, and who is missing.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.elastic_block_store import EBSBackend

from ..gate import Call, Refused, corrects, replaces

_LISTS = {"DescribeVolumes": "Volumes", "DescribeSnapshots": "Snapshots"}


@replaces(EBSBackend, "describe_volumes")
def missing_volume(moto: Any, backend: EBSBackend, volume_ids: list[str] | None = None, filters: Any = None) -> list:
    """InvalidVolume.NotFound names the volumes that are not there; moto shows a Python set of all of them."""
    missing = [volume_id for volume_id in volume_ids or [] if volume_id not in backend.volumes]
    if missing:
        which = f"volume '{missing[0]}' does" if len(missing) == 1 else f"volumes '{', '.join(missing)}' do"
        raise Refused("InvalidVolume.NotFound", f"The {which} not exist.")
    return moto(backend, volume_ids, filters)


@corrects("ec2", *_LISTS)
def page(call: Call, result: dict) -> None:
    """moto gives everything at once; AWS at most MaxResults, and a NextToken while there is more."""
    name = _LISTS[call.operation]
    start = int(call.params.get("NextToken") or 0)
    everything = result[name]
    end = start + (call.params.get("MaxResults") or len(everything))
    result[name] = everything[start:end]
    if end < len(everything):
        result["NextToken"] = str(end)
