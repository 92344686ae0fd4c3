"""Recycle Bin: retention rules of a Region, and deleted snapshots that a rule keeps. moto has none of it.

https://docs.aws.amazon.com/ebs/latest/userguide/recycle-bin-create-rule.html
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models.elastic_block_store import EBSBackend, Snapshot
from moto.moto_api._internal import mock_random

from course.data import value

from ..gate import Call, Refused, answers, refuses, replaces

_LONGEST = {"EBS_SNAPSHOT": "max_days_snapshot", "EC2_IMAGE": "max_days_image", "EBS_VOLUME": "max_days_volume"}


def rules(backend: Any) -> dict[str, dict]:
    """The retention rules of a Region by identifier; they live with moto's EC2 state."""
    return backend.__dict__.setdefault("retention_rules", {})


def binned(backend: Any) -> dict[str, dict]:
    """What lies in the bin: snapshot id -> snapshot, entered, leaves. What has left by now is gone."""
    bin_ = backend.__dict__.setdefault("recycle_bin", {})
    for snapshot_id in [one for one, entry in bin_.items() if entry["leaves"] <= utcnow()]:
        del bin_[snapshot_id]
    return bin_


def keeps(rule: dict, resource_type: str, tags: dict[str, str]) -> bool:
    """Whether a rule applies: a tag-level rule to resources with one of its tags, a Region-level rule to all but the excluded."""

    def matches(wanted: list[dict]) -> bool:
        return any(tags.get(tag["ResourceTagKey"], object()) == tag.get("ResourceTagValue", "") for tag in wanted)

    if rule["ResourceType"] != resource_type:
        return False
    return (
        matches(rule["ResourceTags"]) if rule.get("ResourceTags") else not matches(rule.get("ExcludeResourceTags", []))
    )


@refuses("rbin", "CreateRule")
def impossible_rule(call: Call) -> None:
    """The retention period depends on the type of resource; the number of rules per Region is limited."""
    params = call.params
    if params["RetentionPeriod"]["RetentionPeriodUnit"] != "DAYS":
        raise Refused("ValidationException", "RetentionPeriodUnit must be DAYS.")
    require_period(params["ResourceType"], params["RetentionPeriod"]["RetentionPeriodValue"])
    if params.get("ResourceTags") and params.get("ExcludeResourceTags"):
        raise Refused("ValidationException", "Exclusion tags are for Region-level rules, which have no resource tags.")
    most = value("ebs.recycle_bin.rules_per_region")
    if len(rules(call.backend_of("ec2"))) >= most:
        raise Refused("ServiceQuotaExceededException", f"At most {most} retention rules per Region.")


def require_period(resource_type: str, days: int) -> None:
    """Raise Refused for a retention period AWS does not offer for this type."""
    least, most = value("ebs.recycle_bin.min_days"), value(f"ebs.recycle_bin.{_LONGEST[resource_type]}")
    if not least <= days <= most:
        raise Refused(
            "ValidationException",
            f"RetentionPeriodValue of {days} days is not between {least} and {most} for {resource_type}.",
        )


@answers("rbin", "CreateRule")
def create_rule(call: Call) -> dict:
    """The new rule; it holds for what is deleted from now on."""
    identifier = mock_random.get_random_string(11)
    kept = ("RetentionPeriod", "Description", "ResourceType", "ResourceTags", "ExcludeResourceTags", "Tags")
    rule = {name: call.params[name] for name in kept if name in call.params}
    rule.update(
        Identifier=identifier,
        Status="available",
        RuleArn=f"arn:aws:rbin:{call.region}:{call.account_id}:rule/{identifier}",
    )
    rules(call.backend_of("ec2"))[identifier] = rule
    return rule


@refuses("rbin", "GetRule", "DeleteRule", "UpdateRule")
def unknown_rule(call: Call) -> None:
    """ResourceNotFoundException; a changed period obeys the same limits."""
    identifier = call.params["Identifier"]
    found = rules(call.backend_of("ec2")).get(identifier)
    if found is None:
        raise Refused("ResourceNotFoundException", f"Rule {identifier} does not exist.", 404)
    if call.params.get("RetentionPeriod"):
        require_period(found["ResourceType"], call.params["RetentionPeriod"]["RetentionPeriodValue"])


@answers("rbin", "GetRule")
def get_rule(call: Call) -> dict:
    """One rule."""
    return rules(call.backend_of("ec2"))[call.params["Identifier"]]


@answers("rbin", "UpdateRule")
def update_rule(call: Call) -> dict:
    """Change a rule; what lies in the bin keeps its day."""
    rule = rules(call.backend_of("ec2"))[call.params["Identifier"]]
    for name in ("RetentionPeriod", "Description", "ResourceTags", "ExcludeResourceTags"):
        if name in call.params:
            rule[name] = call.params[name]
    return rule


@answers("rbin", "DeleteRule")
def delete_rule(call: Call) -> dict:
    """Delete a rule; what lies in the bin stays until its day."""
    del rules(call.backend_of("ec2"))[call.params["Identifier"]]
    return {}


@answers("rbin", "ListRules")
def list_rules(call: Call) -> dict:
    """The rules for one type of resource."""
    found = [
        rule for rule in rules(call.backend_of("ec2")).values() if rule["ResourceType"] == call.params["ResourceType"]
    ]
    return {"Rules": found}


@replaces(EBSBackend, "delete_snapshot")
def delete_into_bin(moto: Any, backend: EBSBackend, snapshot_id: str) -> Snapshot:
    """A deleted snapshot that a rule keeps goes into the bin, for the longest period of the rules that match."""
    tags = {tag["key"]: tag["value"] for tag in backend.get_snapshot(snapshot_id).get_tags()}
    snapshot = moto(backend, snapshot_id)
    periods = [
        r["RetentionPeriod"]["RetentionPeriodValue"] for r in rules(backend).values() if keeps(r, "EBS_SNAPSHOT", tags)
    ]
    if periods:
        now = utcnow()
        binned(backend)[snapshot_id] = {
            "snapshot": snapshot,
            "entered": now,
            "leaves": now + timedelta(days=max(periods)),
        }
    return snapshot


@answers("ec2", "ListSnapshotsInRecycleBin")
def list_binned(call: Call) -> dict:
    """The snapshots in the bin with the times they came and will leave."""
    wanted, bin_ = call.params.get("SnapshotIds"), binned(call.backend)
    return {
        "Snapshots": [
            {
                "SnapshotId": snapshot_id,
                "RecycleBinEnterTime": entry["entered"],
                "RecycleBinExitTime": entry["leaves"],
                "Description": entry["snapshot"].description,
                "VolumeId": entry["snapshot"].volume_id,
            }
            for snapshot_id, entry in bin_.items()
            if not wanted or snapshot_id in wanted
        ]
    }


@refuses("ec2", "RestoreSnapshotFromRecycleBin")
def not_in_bin(call: Call) -> None:
    """InvalidSnapshot.NotFound for what is not in the bin."""
    if call.params["SnapshotId"] not in binned(call.backend):
        raise Refused(
            "InvalidSnapshot.NotFound", f"The snapshot '{call.params['SnapshotId']}' is not in the Recycle Bin."
        )


@answers("ec2", "RestoreSnapshotFromRecycleBin")
def restore(call: Call) -> dict:
    """The snapshot comes back with its tags, id and encryption."""
    snapshot = binned(call.backend).pop(call.params["SnapshotId"])["snapshot"]
    call.backend.snapshots[snapshot.id] = snapshot
    return {
        "SnapshotId": snapshot.id,
        "Description": snapshot.description,
        "Encrypted": snapshot.encrypted,
        "OwnerId": snapshot.owner_id,
        "Progress": "100%",
        "StartTime": snapshot.start_time,
        "State": "completed",
        "VolumeId": snapshot.volume_id,
        "VolumeSize": snapshot.volume_size,
    }
