"""The offline AWS account: plain boto3 in a notebook, answered in this process, refused where AWS refuses.

    from course import lab
    lab.start()
    import boto3
    boto3.client("ec2").describe_vpcs()

The keys in the environment are those of the IAM user `administrator`, who may do everything. Keys made with
create_access_key, assume_role, get_session_token or get_federation_token may what their policies allow, as on AWS, in
every service (S3 too); `lab.context(mfa=True, source_ip=..., time=...)` sets what their conditions see.

moto is the engine; `gate` stands in front of it. Nothing here reaches the network, and no real credential is read.
"""

from __future__ import annotations

from importlib import import_module

from .iam_context import context

__all__ = ["context", "data_sources", "describe", "reset", "start", "stop"]

# Modules with rules. They import moto, so they are imported by start() and not with this package.
_RULES = (
    "ids",
    "managed_policies",
    "images",
    "ebs_volumes",
    "ebs_encryption",
    "ebs_modifications",
    "ebs_attachments",
    "ebs_multi_attach",
    "ebs_launch",
    "ebs_images",
    "ebs_snapshots",
    "ebs_descriptions",
    "ebs_volume_copies",
    "fast_snapshot_restore",
    "snapshot_tiers",
    "recycle_bin",
    "efs_file_systems",
    "efs_mount_targets",
    "lineage",
    "security_groups",
    "iam_caller",
    "iam_sessions",
    "iam_enforcement",
    "iam_last_accessed",
    "iam_s3",
    "iam_users",
    "iam_documents",
    "iam_simulator",
)

_started = False


def start(region: str = "us-east-1", seed: int = 0) -> None:
    """Begin with a fresh offline account: default VPC in every Region, a few images, nothing else.

    region: where boto3 clients work unless they name another. seed: the same seed and calls give the same ids.
    Called again, it gives a fresh account again. ValueError for a Region that does not exist; no account runs then.
    """
    global _started
    from . import environment

    environment.enter(region)
    from . import speed

    speed.read_models_once()
    import boto3
    import moto.core.models
    from moto.core.config import default_user_config

    from . import gate, transport

    known = boto3.Session().get_available_regions("ec2")
    if region not in known:
        stop() if _started else environment.leave()
        raise ValueError(f"there is no Region {region!r}; there are: {', '.join(known)}")
    environment.switch_moto()
    speed.count_regions_once()
    for name in _RULES:
        import_module(f"{__name__}.{name}")
    # moto's own start() would patch 12,000 addresses of `requests`; the door in botocore is enough.
    default_user_config["iam"] = {"load_aws_managed_policies": True}
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    # A default session made earlier would go on with its own profile and Region.
    boto3.DEFAULT_SESSION = None
    moto.core.models.botocore_stubber.enabled = False
    gate.stand()
    transport.open_door(transport.moto_answer)
    _started = True
    reset(seed)


def reset(seed: int = 0) -> None:
    """Empty the account again, in milliseconds; clients stay usable. RuntimeError before `start()`."""
    if not _started:
        raise RuntimeError("the offline account is not running: call lab.start() first")
    from moto.core.base_backend import BackendDict, backend_lock
    from moto.core.model_instances import reset_model_data

    from . import ids

    with backend_lock:
        # moto's reset() builds every backend anew before it throws it away: a default VPC per Region, for nothing.
        for backend in BackendDict._instances:
            backend.clear()
            # Who owns a bucket's name, and who belongs to which organization, moto keeps beside the accounts.
            for beside in ("bucket_accounts", "master_accounts"):
                getattr(backend, beside, {}).clear()
        BackendDict._instances.clear()
    reset_model_data()
    ids.seed(seed)


def stop() -> None:
    """End the offline account: environment and network are as before `start()`. Without a start it does nothing."""
    global _started
    if not _started:
        return
    import boto3

    from . import environment, gate, transport

    reset()
    transport.close_door()
    gate.leave()
    environment.leave()
    boto3.DEFAULT_SESSION = None
    _started = False


def describe() -> dict[str, list[str]]:
    """What the lab adds to moto: operation -> names of its rules, answers and corrections. Needs `start()`."""
    if not _started:
        raise RuntimeError("the offline account is not running: call lab.start() first")
    from . import gate

    return gate.operations()


def data_sources(resource_id: str, region: str = "us-east-1") -> list[str]:
    """The ids of the volumes whose data a volume or snapshot holds, oldest first; empty if it is not there."""
    if not _started:
        raise RuntimeError("the offline account is not running: call lab.start() first")
    from . import lineage

    return lineage.data_sources(resource_id, region)
