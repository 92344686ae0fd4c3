"""EFS file systems: throughput and performance modes, lifecycle, and the update that moto lacks.

Throughput is MiBps. https://docs.aws.amazon.com/efs/latest/ug/performance.html
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from moto.core.utils import utcnow

from course.data import value

from ..gate import Call, Refused, answers, corrects, refuses


def require_throughput(mode: str, mibps: float | None) -> None:
    """Raise Refused unless provisioned mode, and only it, states a throughput within the quota."""
    if mode == "provisioned" and mibps is None:
        raise Refused(
            "BadRequest", "ProvisionedThroughputInMibps must be specified when ThroughputMode is provisioned."
        )
    if mode != "provisioned" and mibps is not None:
        raise Refused("BadRequest", f"ProvisionedThroughputInMibps cannot be specified when ThroughputMode is {mode}.")
    least, most = value("efs.provisioned.min_throughput"), value("efs.provisioned.max_throughput")
    if mibps is not None and mibps < least:
        raise Refused("BadRequest", f"ProvisionedThroughputInMibps of {mibps:g} is too low; minimum is {least}.")
    if mibps is not None and mibps > most:
        raise Refused(
            "ThroughputLimitExceeded", f"ProvisionedThroughputInMibps of {mibps:g} is above the limit of {most} MiBps."
        )


def require_modes(performance: str, mode: str, one_zone: bool) -> None:
    """Raise Refused for Max I/O where AWS has no Max I/O: with Elastic throughput and in One Zone."""
    if performance == "maxIO" and mode == "elastic":
        raise Refused("BadRequest", "PerformanceMode maxIO is not supported with ThroughputMode elastic.")
    if performance == "maxIO" and one_zone:
        raise Refused("BadRequest", "PerformanceMode maxIO is not supported for One Zone file systems.")


@refuses("efs", "CreateFileSystem")
def impossible_file_system(call: Call) -> None:
    """Modes that do not go together, a zone that does not exist, a key without encryption."""
    params = call.params
    mode, zone = params.get("ThroughputMode") or "bursting", params.get("AvailabilityZoneName")
    require_throughput(mode, params.get("ProvisionedThroughputInMibps"))
    require_modes(params.get("PerformanceMode") or "generalPurpose", mode, bool(zone))
    if zone and call.backend_of("ec2").get_zone_by_name(zone) is None:
        raise Refused("BadRequest", f"The Availability Zone '{zone}' does not exist in {call.region}.")
    if params.get("KmsKeyId") and not params.get("Encrypted"):
        raise Refused("BadRequest", "KmsKeyId can be specified only when Encrypted is true.")


@corrects("efs", "CreateFileSystem")
def default_key(call: Call, result: Any) -> dict | None:
    """An encrypted file system has a key: without one named, the key behind alias aws/elasticfilesystem."""
    file_system = next(
        fs for fs in call.backend.file_systems_by_id.values() if fs.creation_token == call.params["CreationToken"]
    )
    if not file_system.encrypted:
        return None
    from ..ec2.ebs_encryption import key_arn

    kms, alias = call.backend_of("kms"), "alias/aws/elasticfilesystem"
    if not file_system.kms_key_id and not kms.alias_exists(alias):
        key = kms.create_key(
            "", "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "Default key that protects my EFS file systems", None
        )
        kms.create_alias(key.id, alias)
    file_system.kms_key_id = key_arn(call.backend, file_system.kms_key_id or alias)
    return file_system.info_json()


@refuses("efs", "UpdateFileSystem")
def impossible_update(call: Call) -> None:
    """The same limits as at creation; a change of mode or a decrease at most once in 24 hours."""
    fs = _file_system(call)
    mode, mibps = _wanted(call, fs)
    require_throughput(mode, mibps)
    require_modes(fs.performance_mode, mode, bool(fs.availability_zone_name))
    hours = value("efs.provisioned.hours_between_decreases")
    last = fs.__dict__.get("_throughput_lowered")
    if last and _needs_pause(fs, mode, mibps) and utcnow() - last < timedelta(hours=hours):
        raise Refused(
            "TooManyRequests",
            f"Wait at least {hours} hours before changing the throughput mode or decreasing the provisioned throughput again.",
            429,
        )


@answers("efs", "UpdateFileSystem")
def update_file_system(call: Call) -> dict:
    """Change throughput mode or provisioned throughput; nothing else of a file system can be changed."""
    fs = _file_system(call)
    mode, mibps = _wanted(call, fs)
    if _needs_pause(fs, mode, mibps):
        fs._throughput_lowered = utcnow()
    fs.throughput_mode, fs.provisioned_throughput_in_mibps = mode, mibps
    return fs.info_json()


@refuses("efs", "PutLifecycleConfiguration")
def impossible_lifecycle(call: Call) -> None:
    """One transition per policy and each at most once; Archive after IA, and only with Elastic throughput in a Regional one."""
    fs, days, seen = _file_system(call), {}, []
    policies = call.params.get("LifecyclePolicies", [])
    most = value("lab.efs.lifecycle_policies")
    if len(policies) > most:
        raise Refused("BadRequest", f"At most {most} lifecycle policies.")
    for policy in policies:
        if len(policy) != 1:
            raise Refused("BadRequest", "Each LifecyclePolicy object must have exactly one transition.")
        ((name, rule),) = policy.items()
        if name in seen:
            raise Refused("BadRequest", f"{name} is given more than once.")
        seen.append(name)
        if name != "TransitionToPrimaryStorageClass":
            days[name] = _days(rule)
    if "TransitionToArchive" not in days:
        return
    if fs.throughput_mode != "elastic" or fs.availability_zone_name:
        raise Refused("BadRequest", "TransitionToArchive needs a Regional file system with ThroughputMode elastic.")
    if days["TransitionToArchive"] <= days.get("TransitionToIA", 0):
        raise Refused("BadRequest", "TransitionToArchive must be later than TransitionToIA.")


@answers("efs", "PutBackupPolicy")
def put_backup_policy(call: Call) -> dict:
    """Switch automatic backups on or off; moto can only show them."""
    status = call.params["BackupPolicy"]["Status"]
    _file_system(call)._backup = status in ("ENABLED", "ENABLING")
    return {"BackupPolicy": {"Status": status}}


@refuses("efs", "PutBackupPolicy", "DeleteFileSystem")
def unknown_file_system(call: Call) -> None:
    """FileSystemNotFound."""
    _file_system(call)


def _file_system(call: Call) -> Any:
    wanted = call.params["FileSystemId"]
    if wanted not in call.backend.file_systems_by_id:
        raise Refused("FileSystemNotFound", f"File system '{wanted}' does not exist.", 404)
    return call.backend.file_systems_by_id[wanted]


def _wanted(call: Call, fs: Any) -> tuple[str, float | None]:
    mode = call.params.get("ThroughputMode") or fs.throughput_mode
    kept = fs.provisioned_throughput_in_mibps if mode == fs.throughput_mode else None
    return mode, call.params.get("ProvisionedThroughputInMibps", kept)


def _needs_pause(fs: Any, mode: str, mibps: float | None) -> bool:
    return mode != fs.throughput_mode or (mibps or 0) < (fs.provisioned_throughput_in_mibps or 0)


def _days(rule: str) -> int:
    days = int(rule.split("_")[1])
    if days not in value("efs.lifecycle.days"):
        raise Refused("BadRequest", f"{rule} is not a lifecycle transition.")
    return days
