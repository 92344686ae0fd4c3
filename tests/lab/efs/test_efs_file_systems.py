"""EFS file systems."""

from datetime import timedelta

import pytest
from botocore.exceptions import ParamValidationError

from course.data import value
from course.lab.efs import file_systems


@pytest.fixture
def file_system(efs):
    names = iter("abcdefgh")
    return lambda **more: efs.create_file_system(CreationToken=next(names), **more)["FileSystemId"]


@pytest.fixture
def shown(efs):
    return lambda one: efs.describe_file_systems(FileSystemId=one)["FileSystems"][0]


def test_provisioned_throughput(efs, file_system, shown, refused):
    """Must provisioned mode state a throughput in range, and no other mode any?"""
    most = value("efs.provisioned.max_throughput")
    for mibps in (1, most):
        made = file_system(ThroughputMode="provisioned", ProvisionedThroughputInMibps=mibps)
        assert shown(made)["ProvisionedThroughputInMibps"] == mibps
    create = efs.create_file_system
    refused(create, "BadRequest", "ProvisionedThroughputInMibps", CreationToken="x", ThroughputMode="provisioned")
    above = {"ThroughputMode": "provisioned", "ProvisionedThroughputInMibps": most + 1}
    refused(create, "ThroughputLimitExceeded", most, CreationToken="x", **above)
    for mode in ("bursting", "elastic"):
        more = {"ThroughputMode": mode, "ProvisionedThroughputInMibps": 10}
        refused(create, "BadRequest", mode, CreationToken="x", **more)


def test_max_io(efs, file_system, shown, refused):
    """Is Max I/O refused with Elastic throughput and in One Zone?"""
    create, max_io = efs.create_file_system, {"CreationToken": "x", "PerformanceMode": "maxIO"}
    refused(create, "BadRequest", "elastic", ThroughputMode="elastic", **max_io)
    refused(create, "BadRequest", "One Zone", AvailabilityZoneName="us-east-1a", **max_io)
    made = file_system(PerformanceMode="maxIO")
    assert (shown(made)["PerformanceMode"], shown(made)["ThroughputMode"]) == ("maxIO", "bursting")
    refused(efs.update_file_system, "BadRequest", "elastic", FileSystemId=made, ThroughputMode="elastic")


def test_zone_and_key(efs, file_system, shown, refused):
    """Must a One Zone file system's zone exist, and a key go with encryption, which has a default key?"""
    refused(efs.create_file_system, "BadRequest", "us-east-1z", CreationToken="x", AvailabilityZoneName="us-east-1z")
    refused(
        efs.create_file_system, "BadRequest", "Encrypted", CreationToken="x", KmsKeyId="alias/aws/elasticfilesystem"
    )
    assert shown(file_system(Encrypted=True))["KmsKeyId"].startswith("arn:aws:kms:us-east-1:123456789012:key/")
    assert shown(file_system(AvailabilityZoneName="us-east-1a"))["AvailabilityZoneName"] == "us-east-1a"


def test_update(efs, file_system, shown, refused):
    """Can the mode be changed, under the limits of the new mode?"""
    made = file_system()
    refused(efs.update_file_system, "BadRequest", "Provisioned", FileSystemId=made, ThroughputMode="provisioned")
    refused(efs.update_file_system, "BadRequest", "bursting", FileSystemId=made, ProvisionedThroughputInMibps=10)
    refused(
        efs.update_file_system,
        "FileSystemNotFound",
        "fs-0",
        status=404,
        FileSystemId="fs-01234567",
        ThroughputMode="elastic",
    )
    answer = efs.update_file_system(FileSystemId=made, ThroughputMode="elastic")
    assert (answer["FileSystemId"], answer["ThroughputMode"]) == (made, "elastic")
    assert shown(made)["ThroughputMode"] == "elastic"


def test_pause_between_decreases(efs, file_system, shown, refused, monkeypatch):
    """Does a second change of mode or decrease wait 24 hours, while an increase does not?"""
    made = file_system(ThroughputMode="provisioned", ProvisionedThroughputInMibps=100)

    def set_to(mibps):
        return {"FileSystemId": made, "ProvisionedThroughputInMibps": mibps}

    efs.update_file_system(**set_to(50))
    efs.update_file_system(**set_to(200))
    refused(efs.update_file_system, "TooManyRequests", 24, status=429, **set_to(199))
    refused(efs.update_file_system, "TooManyRequests", status=429, FileSystemId=made, ThroughputMode="elastic")
    now = file_systems.utcnow()
    monkeypatch.setattr(file_systems, "utcnow", lambda: now + timedelta(hours=24))
    efs.update_file_system(**set_to(199))
    assert shown(made)["ProvisionedThroughputInMibps"] == 199


def test_encryption_cannot_change(efs, file_system):
    """Has the update no way to encrypt?"""
    with pytest.raises(ParamValidationError):
        efs.update_file_system(FileSystemId=file_system(), Encrypted=True)


@pytest.mark.parametrize(
    "policies, words",
    [
        ([{"TransitionToIA": "AFTER_30_DAYS", "TransitionToArchive": "AFTER_90_DAYS"}], "exactly one"),
        ([{"TransitionToIA": "AFTER_30_DAYS"}, {"TransitionToIA": "AFTER_60_DAYS"}], "more than once"),
        ([{"TransitionToIA": "AFTER_90_DAYS"}, {"TransitionToArchive": "AFTER_90_DAYS"}], "later than"),
        ([{"TransitionToIA": "AFTER_30_DAYS"}, {"TransitionToArchive": "AFTER_7_DAYS"}], "later than"),
        ([{}], "exactly one"),
    ],
)
def test_lifecycle_refused(efs, file_system, refused, policies, words):
    """Is each transition a policy of its own, given once, Archive after IA?"""
    made = file_system(ThroughputMode="elastic")
    refused(efs.put_lifecycle_configuration, "BadRequest", words, FileSystemId=made, LifecyclePolicies=policies)


def test_lifecycle(efs, file_system, refused):
    """Are the documented policies accepted, and Archive only with Elastic throughput in a Regional file system?"""
    three = [
        {"TransitionToIA": "AFTER_30_DAYS"},
        {"TransitionToArchive": "AFTER_60_DAYS"},
        {"TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
    ]
    put = efs.put_lifecycle_configuration
    assert (
        put(FileSystemId=file_system(ThroughputMode="elastic"), LifecyclePolicies=three)["LifecyclePolicies"] == three
    )
    for made in (file_system(), file_system(ThroughputMode="elastic", AvailabilityZoneName="us-east-1a")):
        refused(put, "BadRequest", "elastic", FileSystemId=made, LifecyclePolicies=three)
        put(FileSystemId=made, LifecyclePolicies=three[:1])
        put(FileSystemId=made, LifecyclePolicies=[])


def test_delete_in_use(efs, ec2, file_system, refused):
    """Must mount targets go before the file system?"""
    made, subnet = file_system(), ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    target = efs.create_mount_target(FileSystemId=made, SubnetId=subnet)["MountTargetId"]
    refused(efs.delete_file_system, "FileSystemInUse", status=409, FileSystemId=made)
    efs.delete_mount_target(MountTargetId=target)
    efs.delete_file_system(FileSystemId=made)
    refused(efs.delete_file_system, "FileSystemNotFound", made, status=404, FileSystemId=made)


def test_backup_policy(efs, file_system):
    """Can automatic backups be switched on?"""
    made = file_system()
    efs.put_backup_policy(FileSystemId=made, BackupPolicy={"Status": "ENABLED"})
    assert efs.describe_backup_policy(FileSystemId=made)["BackupPolicy"]["Status"] == "ENABLED"
