"""Amazon EBS volumes, snapshots and images, the Recycle Bin, and Amazon EFS."""

from __future__ import annotations

import datetime as dt

import boto3

from course import lab

from .account import ACCOUNT, policy
from .notation import Probes

probes = Probes()
probe = probes
not_yet: set[str] = {
    "a_volume_is_answered_whole",
    "attach_and_detach_as_answered",
    "modifications_of_a_volume_never_modified",
    "a_volume_grows_as_answered",
    "modify_twice_within_six_hours",
    "the_health_of_a_volume",
    "flags_as_an_attribute",
    "a_snapshot_is_answered_whole",
    "share_a_snapshot_and_take_it_back",
    "make_a_snapshot_public_against_the_block",
    "an_own_image_from_first_to_last",
    "deregister_an_image_of_amazon",
    "deregister_a_protected_image",
    "disable_an_image",
    "images_to_be_deprecated",
    "a_file_system_is_answered_whole",
    "delete_an_access_point_that_is_not_there",
    "a_table_is_made_and_waited_for",
}


def described(aws, volume):
    return aws.ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]


# Volumes and their types


def create(aws, **params):
    """Create a volume, and look at it."""
    shown = params.pop("shown", {})
    made = aws.ec2.create_volume(**{"AvailabilityZone": "us-east-1a", **params})["VolumeId"]
    found = described(aws, made)
    assert {key: found.get(key) for key in shown} == shown, found


BAD = "InvalidParameterValue"
COMBINATION = "InvalidParameterCombination"
probes.table(
    "volume-types",
    create,
    {
        "gp2_is_the_default": ("ok", {"Size": 100, "shown": {"VolumeType": "gp2", "Iops": 300}}),
        "gp2_of_1_gib_has_100_iops": ("ok", {"Size": 1, "VolumeType": "gp2", "shown": {"Iops": 100}}),
        "gp2_of_34_gib_has_102_iops": ("ok", {"Size": 34, "VolumeType": "gp2", "shown": {"Iops": 102}}),
        "gp2_of_5334_gib_has_16000_iops": ("ok", {"Size": 5334, "VolumeType": "gp2", "shown": {"Iops": 16000}}),
        "gp2_of_16384_gib": ("ok", {"Size": 16384, "VolumeType": "gp2", "shown": {"Iops": 16000}}),
        "gp2_of_16385_gib": (BAD, {"Size": 16385, "VolumeType": "gp2"}),
        "gp2_with_iops": (f"{COMBINATION}|{BAD}", {"Size": 100, "VolumeType": "gp2", "Iops": 3000}),
        "gp2_with_throughput": (f"{COMBINATION}|{BAD}", {"Size": 100, "VolumeType": "gp2", "Throughput": 250}),
        "gp3_as_it_comes": ("ok", {"Size": 10, "VolumeType": "gp3", "shown": {"Iops": 3000, "Throughput": 125}}),
        "gp3_with_more_of_both": (
            "ok",
            {"Size": 100, "VolumeType": "gp3", "Iops": 10000, "Throughput": 1000, "shown": {"Throughput": 1000}},
        ),
        "gp3_with_80000_iops": ("ok", {"Size": 160, "VolumeType": "gp3", "Iops": 80000, "shown": {"Iops": 80000}}),
        "gp3_with_80001_iops": (BAD, {"Size": 1000, "VolumeType": "gp3", "Iops": 80001}),
        "gp3_with_100000_iops": (BAD, {"Size": 1000, "VolumeType": "gp3", "Iops": 100000}),
        "gp3_with_2999_iops": (BAD, {"Size": 100, "VolumeType": "gp3", "Iops": 2999}),
        "gp3_with_501_iops_a_gib": (BAD, {"Size": 10, "VolumeType": "gp3", "Iops": 5001}),
        "gp3_with_500_iops_a_gib": ("ok", {"Size": 10, "VolumeType": "gp3", "Iops": 5000}),
        "gp3_with_3000_iops_on_1_gib": ("ok", {"Size": 1, "VolumeType": "gp3", "Iops": 3000}),
        "gp3_with_2001_mib_s": (BAD, {"Size": 1000, "VolumeType": "gp3", "Iops": 16000, "Throughput": 2001}),
        "gp3_with_2000_mib_s": ("ok", {"Size": 1000, "VolumeType": "gp3", "Iops": 8000, "Throughput": 2000}),
        "gp3_with_1000_mib_s_on_3000_iops": (BAD, {"Size": 100, "VolumeType": "gp3", "Iops": 3000, "Throughput": 1000}),
        "gp3_with_751_mib_s_on_3000_iops": (BAD, {"Size": 100, "VolumeType": "gp3", "Iops": 3000, "Throughput": 751}),
        "gp3_with_750_mib_s_on_3000_iops": ("ok", {"Size": 100, "VolumeType": "gp3", "Iops": 3000, "Throughput": 750}),
        "gp3_with_124_mib_s": (BAD, {"Size": 100, "VolumeType": "gp3", "Throughput": 124}),
        "gp3_of_64_tib": ("ok", {"Size": 65536, "VolumeType": "gp3"}),
        "gp3_of_more_than_64_tib": (BAD, {"Size": 65537, "VolumeType": "gp3"}),
        "io1_without_iops": (f"{BAD}|{COMBINATION}|MissingParameter", {"Size": 100, "VolumeType": "io1"}),
        "io1_with_50_iops_a_gib": ("ok", {"Size": 100, "VolumeType": "io1", "Iops": 5000, "shown": {"Iops": 5000}}),
        "io1_with_51_iops_a_gib": (BAD, {"Size": 100, "VolumeType": "io1", "Iops": 5100}),
        "io1_of_3_gib": (BAD, {"Size": 3, "VolumeType": "io1", "Iops": 100}),
        "io1_of_4_gib": ("ok", {"Size": 4, "VolumeType": "io1", "Iops": 200}),
        "io1_with_64000_iops": ("ok", {"Size": 1280, "VolumeType": "io1", "Iops": 64000}),
        "io1_with_64001_iops": (BAD, {"Size": 2000, "VolumeType": "io1", "Iops": 64001}),
        "io1_with_99_iops": (BAD, {"Size": 100, "VolumeType": "io1", "Iops": 99}),
        "io1_of_16385_gib": (BAD, {"Size": 16385, "VolumeType": "io1", "Iops": 1000}),
        "io2_with_1000_iops_a_gib": ("ok", {"Size": 10, "VolumeType": "io2", "Iops": 10000}),
        "io2_with_1001_iops_a_gib": (BAD, {"Size": 10, "VolumeType": "io2", "Iops": 10010}),
        "io2_with_256000_iops": ("ok", {"Size": 256, "VolumeType": "io2", "Iops": 256000}),
        "io2_with_256001_iops": (BAD, {"Size": 1000, "VolumeType": "io2", "Iops": 256001}),
        "io2_of_64_tib": ("ok", {"Size": 65536, "VolumeType": "io2", "Iops": 1000}),
        "st1_of_124_gib": (BAD, {"Size": 124, "VolumeType": "st1"}),
        "st1_of_125_gib": ("ok", {"Size": 125, "VolumeType": "st1"}),
        "st1_with_iops": (f"{COMBINATION}|{BAD}", {"Size": 500, "VolumeType": "st1", "Iops": 500}),
        "st1_of_16385_gib": (BAD, {"Size": 16385, "VolumeType": "st1"}),
        "sc1_of_100_gib": (BAD, {"Size": 100, "VolumeType": "sc1"}),
        "sc1_of_125_gib": ("ok", {"Size": 125, "VolumeType": "sc1"}),
        "standard_of_1_tib": ("ok", {"Size": 1024, "VolumeType": "standard"}),
        "standard_of_1025_gib": (BAD, {"Size": 1025, "VolumeType": "standard"}),
        "a_type_that_is_none": (f"{BAD}|UnknownVolumeType", {"Size": 10, "VolumeType": "gp4"}),
        "a_size_of_0": (BAD, {"Size": 0}),
        "neither_size_nor_snapshot": ("MissingParameter", {}),
        "a_zone_that_is_none": ("InvalidZone.NotFound", {"Size": 10, "AvailabilityZone": "us-east-1z"}),
        "a_zone_of_another_region": ("InvalidZone.NotFound", {"Size": 10, "AvailabilityZone": "eu-west-1a"}),
        "a_snapshot_that_is_none": ("InvalidSnapshot.NotFound", {"SnapshotId": "snap-0123456789abcdef0"}),
    },
)


@probe("ebs-volumes")
def a_new_volume_is_available(aws):
    found = described(aws, aws.volume())
    assert (found["State"], found["Attachments"], found["Encrypted"]) == ("available", [], False)


@probe("ebs-volumes")
def attach_and_detach(aws):
    instance, volume = aws.instance(), aws.volume()
    aws.ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdf")
    found = described(aws, volume)
    assert found["State"] == "in-use" and found["Attachments"][0]["Device"] == "/dev/sdf"
    assert found["Attachments"][0]["DeleteOnTermination"] is False
    aws.ec2.detach_volume(VolumeId=volume)
    assert described(aws, volume)["State"] == "available"


@probe("ebs-volumes", "InvalidVolume.ZoneMismatch")
def attach_across_zones(aws):
    instance, volume = aws.instance(zone="b"), aws.volume("a")
    yield
    aws.ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdf")


@probe("ebs-volumes", "VolumeInUse")
def attach_to_a_second_instance(aws):
    volume = aws.attached_volume()
    other = aws.instance()
    yield
    aws.ec2.attach_volume(VolumeId=volume, InstanceId=other, Device="/dev/sdf")


@probe("ebs-volumes", "InvalidParameterValue")
def attach_at_a_device_in_use(aws):
    instance = aws.instance()
    aws.attached_volume(instance)
    second = aws.volume()
    yield
    aws.ec2.attach_volume(VolumeId=second, InstanceId=instance, Device="/dev/sdf")


@probe("ebs-volumes")
def attach_to_a_stopped_instance(aws):
    instance, volume = aws.instance(), aws.volume()
    aws.ec2.stop_instances(InstanceIds=[instance])
    aws.ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdf")
    assert described(aws, volume)["State"] == "in-use"


@probe("ebs-volumes", "IncorrectState|IncorrectInstanceState")
def attach_to_a_terminated_instance(aws):
    instance, volume = aws.instance(), aws.volume()
    aws.ec2.terminate_instances(InstanceIds=[instance])
    yield
    aws.ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdf")


@probe("ebs-volumes", "InvalidInstanceID.NotFound")
def attach_to_no_instance(aws):
    volume = aws.volume()
    yield
    aws.ec2.attach_volume(VolumeId=volume, InstanceId="i-0123456789abcdef0", Device="/dev/sdf")


@probe("ebs-volumes", "InvalidVolume.NotFound")
def attach_no_volume(aws):
    instance = aws.instance()
    yield
    aws.ec2.attach_volume(VolumeId="vol-0123456789abcdef0", InstanceId=instance, Device="/dev/sdf")


@probe("ebs-volumes", "IncorrectState")
def detach_what_is_not_attached(aws):
    volume = aws.volume()
    yield
    aws.ec2.detach_volume(VolumeId=volume)


@probe("ebs-volumes", "OperationNotPermitted|IncorrectState")
def detach_the_root_while_running(aws):
    root = aws.root_volume(aws.instance())
    yield
    aws.ec2.detach_volume(VolumeId=root)


@probe("ebs-volumes")
def detach_the_root_while_stopped(aws):
    instance = aws.instance()
    root = aws.root_volume(instance)
    aws.ec2.stop_instances(InstanceIds=[instance])
    aws.ec2.detach_volume(VolumeId=root)
    assert described(aws, root)["State"] == "available"


@probe("ebs-volumes", "VolumeInUse")
def delete_a_volume_in_use(aws):
    volume = aws.attached_volume()
    yield
    aws.ec2.delete_volume(VolumeId=volume)


@probe("ebs-volumes", "InvalidVolume.NotFound")
def delete_a_volume_twice(aws):
    volume = aws.volume()
    aws.ec2.delete_volume(VolumeId=volume)
    yield
    aws.ec2.delete_volume(VolumeId=volume)


@probe("ebs-volumes", "InvalidParameterValue|InvalidVolumeID.Malformed")
def describe_a_volume_by_name(aws):
    aws.ec2.describe_volumes(VolumeIds=["data"])


@probe("ebs-volumes")
def move_a_volume_to_another_zone(aws):
    volume = aws.volume("a", Size=100, VolumeType="gp3", Iops=5000)
    snapshot = aws.snapshot(volume)
    moved = aws.ec2.create_volume(SnapshotId=snapshot, AvailabilityZone="us-east-1b", VolumeType="gp3", Iops=5000)[
        "VolumeId"
    ]
    found = described(aws, moved)
    assert (found["AvailabilityZone"], found["Size"], found["SnapshotId"]) == ("us-east-1b", 100, snapshot)


# Modifications


@probe("ebs-volumes")
def grow_a_volume(aws):
    volume = aws.volume()
    change = aws.ec2.modify_volume(VolumeId=volume, Size=20)["VolumeModification"]
    assert (change["OriginalSize"], change["TargetSize"]) == (10, 20)
    assert described(aws, volume)["Size"] == 20


@probe("volume-types")
def from_gp2_to_gp3(aws):
    volume = aws.volume(Size=100)
    aws.ec2.modify_volume(VolumeId=volume, VolumeType="gp3", Iops=4000, Throughput=250)
    found = described(aws, volume)
    assert (found["VolumeType"], found["Iops"], found["Throughput"]) == ("gp3", 4000, 250)


def _modify(aws, volume, change):
    made = aws.volume(**volume)
    yield
    aws.ec2.modify_volume(VolumeId=made, **change)


for _name, _expected, _volume, _change in [
    ("shrink_a_volume", BAD, {}, {"Size": 5}),
    ("modify_to_a_type_that_is_none", f"{BAD}|UnknownVolumeType", {}, {"VolumeType": "gp4"}),
    ("modify_gp3_beyond_500_iops_a_gib", BAD, {"VolumeType": "gp3"}, {"Iops": 6000}),
    ("modify_to_st1_below_125_gib", BAD, {"Size": 100}, {"VolumeType": "st1"}),
    ("modify_to_io2_without_iops", f"{BAD}|{COMBINATION}|MissingParameter|ok", {"Size": 100}, {"VolumeType": "io2"}),
]:
    if "|ok" not in _expected:
        probes.add(_name, "volume-types", _expected, lambda aws, a=_volume, b=_change: (yield from _modify(aws, a, b)))


@probe("ebs-volumes", "InvalidVolume.NotFound")
def modify_a_volume_that_is_not_there(aws):
    aws.ec2.modify_volume(VolumeId="vol-0123456789abcdef0", Size=20)


@probe("ebs-volumes")
def modifications_are_listed(aws):
    volume = aws.volume()
    aws.ec2.modify_volume(VolumeId=volume, Size=20)
    found = aws.ec2.describe_volumes_modifications(VolumeIds=[volume])["VolumesModifications"][0]
    assert found["ModificationState"] in ("modifying", "optimizing", "completed") and found["TargetSize"] == 20


# Multi-Attach


@probe("multi-attach")
def attach_io2_to_two_instances(aws):
    volume = aws.volume(Size=100, VolumeType="io2", Iops=1000, MultiAttachEnabled=True)
    for instance in aws.instances(2):
        aws.ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdf")
    found = described(aws, volume)
    assert found["MultiAttachEnabled"] and len(found["Attachments"]) == 2


@probe("multi-attach", "InvalidVolume.ZoneMismatch")
def attach_io2_across_zones(aws):
    volume = aws.volume(Size=100, VolumeType="io2", Iops=1000, MultiAttachEnabled=True)
    instance = aws.instance(zone="b")
    yield
    aws.ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdf")


@probe("multi-attach", f"{COMBINATION}|{BAD}")
def multi_attach_gp3(aws):
    aws.volume(VolumeType="gp3", MultiAttachEnabled=True)


@probe("multi-attach", f"{COMBINATION}|{BAD}")
def multi_attach_st1(aws):
    aws.volume(Size=500, VolumeType="st1", MultiAttachEnabled=True)


@probe("multi-attach", "AttachmentLimitExceeded|VolumeInUse")
def attach_io2_to_seventeen_instances(aws):
    volume = aws.volume(Size=100, VolumeType="io2", Iops=1000, MultiAttachEnabled=True)
    instances = aws.instances(17)
    for instance in instances[:16]:
        aws.ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdf")
    yield
    aws.ec2.attach_volume(VolumeId=volume, InstanceId=instances[16], Device="/dev/sdf")


# At launch


def mapping(device="/dev/sdf", **ebs):
    return {"DeviceName": device, "Ebs": ebs}


def launched(aws, *mappings, **more):
    return aws.instance(BlockDeviceMappings=list(mappings), **more)


@probe("ebs-volumes")
def the_root_volume_of_the_image(aws):
    found = described(aws, aws.root_volume(aws.instance()))
    assert (found["Size"], found["VolumeType"], found["State"]) == (8, "gp3", "in-use")


@probe("ebs-volumes")
def a_larger_root(aws):
    found = described(aws, aws.root_volume(launched(aws, mapping("/dev/xvda", VolumeSize=30))))
    assert found["Size"] == 30


@probe("volume-types", f"{BAD}|{COMBINATION}|BootForVolumeTypeUnsupported|InvalidBlockDeviceMapping")
def boot_from_st1(aws):
    launched(aws, mapping("/dev/xvda", VolumeSize=500, VolumeType="st1"))


@probe("volume-types", f"{BAD}|{COMBINATION}|BootForVolumeTypeUnsupported|InvalidBlockDeviceMapping")
def boot_from_sc1(aws):
    launched(aws, mapping("/dev/xvda", VolumeSize=500, VolumeType="sc1"))


@probe("volume-types")
def st1_as_second_volume(aws):
    launched(aws, mapping(VolumeSize=500, VolumeType="st1"))
    assert sorted(one["VolumeType"] for one in aws.ec2.describe_volumes()["Volumes"]) == ["gp3", "st1"]


@probe("volume-types", f"{BAD}|InvalidBlockDeviceMapping")
def launch_with_gp3_beyond_its_limits(aws):
    launched(aws, mapping(VolumeSize=100, VolumeType="gp3", Iops=100000))


@probe("snapshots", "InvalidBlockDeviceMapping")
def a_root_smaller_than_its_snapshot(aws):
    launched(aws, mapping("/dev/xvda", VolumeSize=4))


# Delete on termination


def left(aws):
    return {one["VolumeId"] for one in aws.ec2.describe_volumes()["Volumes"]}


@probe("delete-on-termination")
def the_root_goes_by_default(aws):
    instance = aws.instance()
    aws.ec2.terminate_instances(InstanceIds=[instance])
    assert left(aws) == set()


@probe("delete-on-termination")
def the_root_goes_where_a_mapping_leaves_it_open(aws):
    instance = launched(aws, mapping("/dev/xvda", VolumeSize=20))
    assert aws.shown(instance)["BlockDeviceMappings"][0]["Ebs"]["DeleteOnTermination"] is True


@probe("delete-on-termination")
def the_root_stays_on_demand(aws):
    instance = launched(aws, mapping("/dev/xvda", DeleteOnTermination=False))
    root = aws.root_volume(instance)
    aws.ec2.terminate_instances(InstanceIds=[instance])
    assert left(aws) == {root} and described(aws, root)["State"] == "available"


@probe("delete-on-termination")
def a_volume_attached_later_stays(aws):
    instance = aws.instance()
    volume = aws.attached_volume(instance)
    aws.ec2.terminate_instances(InstanceIds=[instance])
    assert left(aws) == {volume}


@probe("delete-on-termination")
def a_volume_of_the_launch_goes(aws):
    instance = launched(aws, mapping(VolumeSize=10))
    aws.ec2.terminate_instances(InstanceIds=[instance])
    assert left(aws) == set()


@probe("delete-on-termination")
def keep_the_root_drop_the_scratch(aws):
    instance = aws.instance()
    root = aws.root_volume(instance)
    scratch = aws.attached_volume(instance)
    aws.ec2.modify_instance_attribute(
        InstanceId=instance,
        BlockDeviceMappings=[
            {"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": False}},
            {"DeviceName": "/dev/sdf", "Ebs": {"DeleteOnTermination": True}},
        ],
    )
    aws.ec2.terminate_instances(InstanceIds=[instance])
    assert left(aws) == {root} and scratch not in left(aws)


@probe("delete-on-termination", "InvalidInstanceAttributeValue|InvalidParameterValue|InvalidBlockDeviceMapping")
def set_the_flag_of_a_device_that_is_not_there(aws):
    instance = aws.instance()
    yield
    aws.ec2.modify_instance_attribute(
        InstanceId=instance,
        BlockDeviceMappings=[{"DeviceName": "/dev/sdz", "Ebs": {"DeleteOnTermination": False}}],
    )


# Snapshots


def snapshot(aws, id):
    return aws.ec2.describe_snapshots(SnapshotIds=[id])["Snapshots"][0]


@probe("snapshots")
def a_snapshot_of_a_volume(aws):
    volume = aws.volume(Size=20)
    made = aws.snapshot(volume, Description="before the upgrade")
    found = snapshot(aws, made)
    assert (found["VolumeId"], found["VolumeSize"], found["Encrypted"]) == (volume, 20, False)
    assert found["OwnerId"] == ACCOUNT and found["StorageTier"] == "standard"


@probe("snapshots")
def a_snapshot_outlives_its_volume(aws):
    volume = aws.volume()
    made = aws.snapshot(volume)
    aws.ec2.delete_volume(VolumeId=volume)
    assert snapshot(aws, made)["VolumeId"] == volume


@probe("snapshots", "InvalidVolume.NotFound")
def a_snapshot_of_no_volume(aws):
    aws.ec2.create_snapshot(VolumeId="vol-0123456789abcdef0")


@probe("snapshots", BAD)
def a_volume_smaller_than_its_snapshot(aws):
    made = aws.snapshot(aws.volume(Size=20))
    yield
    aws.ec2.create_volume(SnapshotId=made, Size=10, AvailabilityZone="us-east-1a")


@probe("snapshots")
def a_volume_larger_than_its_snapshot(aws):
    made = aws.snapshot(aws.volume(Size=20))
    assert aws.ec2.create_volume(SnapshotId=made, Size=30, AvailabilityZone="us-east-1b")["Size"] == 30


@probe("snapshots", "InvalidSnapshot.InUse")
def delete_the_snapshot_of_an_image(aws):
    image = aws.ec2.create_image(InstanceId=aws.instance(), Name="golden")["ImageId"]
    found = aws.ec2.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    yield
    aws.ec2.delete_snapshot(SnapshotId=found)


@probe("snapshots", "InvalidSnapshot.NotFound")
def delete_a_snapshot_that_is_not_there(aws):
    aws.ec2.delete_snapshot(SnapshotId="snap-0123456789abcdef0")


@probe("snapshots")
def copy_a_snapshot_to_another_region(aws):
    made = aws.snapshot(aws.volume(Size=20))
    west = aws("ec2", "us-west-2")
    copy = west.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=made)["SnapshotId"]
    found = west.describe_snapshots(SnapshotIds=[copy])["Snapshots"][0]
    assert copy != made and found["VolumeSize"] == 20


@probe("snapshots", "InvalidSnapshot.NotFound")
def copy_a_snapshot_that_is_not_there(aws):
    aws.ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId="snap-0123456789abcdef0")


@probe("snapshots", "InvalidSnapshot.NotFound")
def a_volume_from_a_snapshot_of_another_region(aws):
    made = aws.snapshot()
    yield
    aws("ec2", "eu-west-1").create_volume(SnapshotId=made, AvailabilityZone="eu-west-1a")


@probe("snapshots")
def share_a_snapshot(aws):
    made = aws.snapshot()
    aws.ec2.modify_snapshot_attribute(
        SnapshotId=made, Attribute="createVolumePermission", OperationType="add", UserIds=["210987654321"]
    )
    found = aws.ec2.describe_snapshot_attribute(SnapshotId=made, Attribute="createVolumePermission")
    assert found["CreateVolumePermissions"] == [{"UserId": "210987654321"}]


@probe("snapshots")
def archive_a_snapshot(aws):
    made = aws.snapshot()
    aws.ec2.modify_snapshot_tier(SnapshotId=made, StorageTier="archive")
    assert aws.ec2.describe_snapshot_tier_status()["SnapshotTierStatuses"][0]["SnapshotId"] == made


@probe("snapshots")
def snapshots_of_all_volumes_of_an_instance(aws):
    instance = aws.instance()
    aws.attached_volume(instance)
    made = aws.ec2.create_snapshots(InstanceSpecification={"InstanceId": instance})["Snapshots"]
    assert len(made) == 2 and len({one["VolumeId"] for one in made}) == 2


@probe("snapshots")
def fast_snapshot_restore(aws):
    made = aws.snapshot()
    answer = aws.ec2.enable_fast_snapshot_restores(
        AvailabilityZones=["us-east-1a", "us-east-1b"], SourceSnapshotIds=[made]
    )
    assert len(answer["Successful"]) == 2 and answer.get("Unsuccessful", []) == []
    found = aws.ec2.describe_fast_snapshot_restores()["FastSnapshotRestores"]
    assert {one["AvailabilityZone"] for one in found} == {"us-east-1a", "us-east-1b"}


# Recycle Bin


def keep(aws, days=7, kind="EBS_SNAPSHOT", **more):
    return aws.rbin.create_rule(
        RetentionPeriod={"RetentionPeriodValue": days, "RetentionPeriodUnit": "DAYS"}, ResourceType=kind, **more
    )


@probe("snapshots")
def a_deleted_snapshot_comes_back(aws):
    keep(aws)
    made = aws.snapshot()
    aws.ec2.delete_snapshot(SnapshotId=made)
    assert [one["SnapshotId"] for one in aws.ec2.list_snapshots_in_recycle_bin()["Snapshots"]] == [made]
    aws.ec2.restore_snapshot_from_recycle_bin(SnapshotId=made)
    assert snapshot(aws, made)["SnapshotId"] == made


@probe("snapshots", "InvalidSnapshot.NotFound")
def a_deleted_snapshot_without_a_rule(aws):
    made = aws.snapshot()
    aws.ec2.delete_snapshot(SnapshotId=made)
    yield
    aws.ec2.describe_snapshots(SnapshotIds=[made])


probes.table(
    "snapshots",
    keep,
    {
        "keep_for_365_days": ("ok", {"days": 365}),
        "keep_for_400_days": ("ValidationException", {"days": 400}),
        "keep_images": ("ok", {"kind": "EC2_IMAGE"}),
        "keep_what_cannot_be_kept": ("ValidationException", {"kind": "EC2_INSTANCE"}),
        "keep_volumes_for_7_days": ("ok", {"kind": "EBS_VOLUME", "days": 7}),
        "keep_volumes_for_8_days": ("ValidationException", {"kind": "EBS_VOLUME", "days": 8}),
    },
)


@probe("snapshots", "ResourceNotFoundException")
def a_rule_that_is_not_there(aws):
    aws.rbin.get_rule(Identifier="abcdefghijk")


def lifecycle_policy(aws, resource="VOLUME", **schedule):
    role = aws.role("dlm", {"Service": "dlm.amazonaws.com"})
    rule = {"CreateRule": {"Interval": 24, "IntervalUnit": "HOURS", "Times": ["03:00"]}, "RetainRule": {"Count": 7}}
    return aws.dlm.create_lifecycle_policy(
        ExecutionRoleArn=role,
        Description="daily",
        State="ENABLED",
        PolicyDetails={
            "ResourceTypes": [resource],
            "TargetTags": [{"Key": "backup", "Value": "daily"}],
            "Schedules": [{"Name": "daily", **rule, **schedule}],
        },
    )["PolicyId"]


@probe("snapshots")
def snapshots_each_day(aws):
    made = lifecycle_policy(aws)
    found = aws.dlm.get_lifecycle_policy(PolicyId=made)["Policy"]
    assert found["State"] == "ENABLED" and found["PolicyDetails"]["Schedules"][0]["RetainRule"] == {"Count": 7}


@probe("snapshots", "InvalidRequestException")
def snapshots_each_day_of_what_has_none(aws):
    lifecycle_policy(aws, "BUCKET")


@probe("snapshots", "InvalidRequestException")
def keep_1001_snapshots(aws):
    lifecycle_policy(aws, RetainRule={"Count": 1001})


@probe("snapshots", "ResourceNotFoundException")
def a_lifecycle_policy_that_is_not_there(aws):
    aws.dlm.get_lifecycle_policy(PolicyId="policy-0123456789abcdef0")


# Encryption


@probe("ebs-encryption")
def an_encrypted_volume(aws):
    volume = aws.volume(Encrypted=True)
    found = described(aws, volume)
    assert found["Encrypted"] and found["KmsKeyId"].startswith(f"arn:aws:kms:us-east-1:{ACCOUNT}:key/")
    assert snapshot(aws, aws.snapshot(volume))["Encrypted"]


@probe("ebs-encryption")
def encrypt_by_copying_the_snapshot(aws):
    made = aws.snapshot()
    copy = aws.ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=made, Encrypted=True)["SnapshotId"]
    assert snapshot(aws, copy)["Encrypted"] and not snapshot(aws, made)["Encrypted"]
    volume = aws.volume(SnapshotId=copy)
    assert described(aws, volume)["Encrypted"]


@probe("ebs-encryption")
def an_encrypted_volume_from_an_unencrypted_snapshot(aws):
    volume = aws.volume(SnapshotId=aws.snapshot(), Encrypted=True)
    assert described(aws, volume)["Encrypted"]


@probe("ebs-encryption")
def a_volume_of_an_encrypted_snapshot_is_encrypted(aws):
    made = aws.snapshot(aws.volume(Encrypted=True))
    assert described(aws, aws.volume(SnapshotId=made))["Encrypted"]


@probe("ebs-encryption")
def a_copy_of_an_encrypted_snapshot_stays_encrypted(aws):
    made = aws.snapshot(aws.volume(Encrypted=True))
    copy = aws.ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=made)["SnapshotId"]
    assert snapshot(aws, copy)["Encrypted"]


@probe("ebs-encryption")
def encryption_by_default(aws):
    assert aws.ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is False
    aws.ec2.enable_ebs_encryption_by_default()
    assert described(aws, aws.volume())["Encrypted"]
    assert described(aws, aws.root_volume(aws.instance()))["Encrypted"]
    assert not aws("ec2", "eu-west-1").get_ebs_encryption_by_default()["EbsEncryptionByDefault"]


@probe("ebs-encryption")
def a_key_of_ones_own(aws):
    key = aws.kms.create_key()["KeyMetadata"]["Arn"]
    assert described(aws, aws.volume(Encrypted=True, KmsKeyId=key))["KmsKeyId"] == key


@probe("ebs-encryption", "InvalidParameterCombination|InvalidParameterDependency|InvalidParameterValue")
def a_key_without_encryption(aws):
    key = aws.kms.create_key()["KeyMetadata"]["Arn"]
    yield
    aws.volume(Encrypted=False, KmsKeyId=key)


@probe("ebs-encryption", "OperationNotPermitted|InvalidParameterValue|UnsupportedOperation")
def share_what_the_default_key_encrypts(aws):
    made = aws.snapshot(aws.volume(Encrypted=True))
    yield
    aws.ec2.modify_snapshot_attribute(
        SnapshotId=made, Attribute="createVolumePermission", OperationType="add", UserIds=["210987654321"]
    )


# Images


@probe("amis")
def an_image_has_a_snapshot(aws):
    instance = aws.instance()
    image = aws.ec2.create_image(InstanceId=instance, Name="golden")["ImageId"]
    found = aws.ec2.describe_images(ImageIds=[image])["Images"][0]
    assert found["State"] == "available" and found["OwnerId"] == ACCOUNT and not found["Public"]
    made = found["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    assert snapshot(aws, made)["VolumeId"] == aws.root_volume(instance)


@probe("amis", "InvalidAMIName.Duplicate")
def the_same_image_name_twice(aws):
    instance = aws.instance()
    aws.ec2.create_image(InstanceId=instance, Name="golden")
    yield
    aws.ec2.create_image(InstanceId=instance, Name="golden")


@probe("amis", "InvalidAMIName.Malformed")
def an_image_name_with_a_star(aws):
    instance = aws.instance()
    yield
    aws.ec2.create_image(InstanceId=instance, Name="golden*")


@probe("amis", "InvalidInstanceID.NotFound")
def an_image_of_no_instance(aws):
    aws.ec2.create_image(InstanceId="i-0123456789abcdef0", Name="golden")


@probe("amis")
def copy_an_image_and_launch_it(aws):
    image = aws.ec2.create_image(InstanceId=aws.instance(), Name="golden")["ImageId"]
    ireland = aws("ec2", "eu-west-1")
    copy = ireland.copy_image(SourceRegion="us-east-1", SourceImageId=image, Name="golden")["ImageId"]
    assert copy != image
    made = ireland.run_instances(ImageId=copy, InstanceType="t3.micro", MinCount=1, MaxCount=1)
    assert made["Instances"][0]["ImageId"] == copy


@probe("amis", "InvalidAMIID.NotFound")
def copy_an_image_that_is_not_there(aws):
    aws.ec2.copy_image(SourceRegion="eu-west-1", SourceImageId="ami-0123456789abcdef0", Name="golden")


@probe("amis", "InvalidAMIID.Unavailable|InvalidAMIID.NotFound")
def launch_a_deregistered_image(aws):
    image = aws.ec2.create_image(InstanceId=aws.instance(), Name="golden")["ImageId"]
    aws.ec2.deregister_image(ImageId=image)
    yield
    aws.ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)


@probe("amis")
def deregistering_keeps_the_snapshot(aws):
    image = aws.ec2.create_image(InstanceId=aws.instance(), Name="golden")["ImageId"]
    made = aws.ec2.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    aws.ec2.deregister_image(ImageId=image)
    assert snapshot(aws, made)
    aws.ec2.delete_snapshot(SnapshotId=made)


@probe("amis")
def share_an_image(aws):
    image = aws.ec2.create_image(InstanceId=aws.instance(), Name="golden")["ImageId"]
    aws.ec2.modify_image_attribute(ImageId=image, LaunchPermission={"Add": [{"UserId": "210987654321"}]})
    found = aws.ec2.describe_image_attribute(ImageId=image, Attribute="launchPermission")
    assert found["LaunchPermissions"] == [{"UserId": "210987654321"}]


@probe("amis")
def images_by_owner(aws):
    image = aws.ec2.create_image(InstanceId=aws.instance(), Name="golden")["ImageId"]
    assert [one["ImageId"] for one in aws.ec2.describe_images(Owners=["self"])["Images"]] == [image]
    assert image not in [one["ImageId"] for one in aws.ec2.describe_images(Owners=["amazon"])["Images"]]


# Instance store


@probe("instance-store")
def types_with_instance_store(aws):
    found = aws.ec2.describe_instance_types(InstanceTypes=["m5d.large"])["InstanceTypes"][0]
    assert found["InstanceStorageInfo"]["TotalSizeInGB"] == 75
    assert found["InstanceStorageInfo"]["NvmeSupport"] == "required"


# EFS


@probe("efs")
def a_regional_file_system(aws):
    made = aws.efs.create_file_system(CreationToken="files", Encrypted=True)
    assert made["LifeCycleState"] in ("creating", "available") and made["NumberOfMountTargets"] == 0
    found = aws.efs.describe_file_systems(FileSystemId=made["FileSystemId"])["FileSystems"][0]
    assert (found["PerformanceMode"], found["ThroughputMode"], found["Encrypted"]) == (
        "generalPurpose",
        "bursting",
        True,
    )
    assert "AvailabilityZoneName" not in found


@probe("efs", "FileSystemAlreadyExists")
def the_same_token_twice(aws):
    aws.file_system()
    yield
    aws.file_system()


probes.table(
    "efs",
    lambda aws, **params: aws.efs.create_file_system(CreationToken="files", **params),
    {
        "one_zone": ("ok", {"AvailabilityZoneName": "us-east-1a"}),
        "elastic": ("ok", {"ThroughputMode": "elastic"}),
        "provisioned": ("ok", {"ThroughputMode": "provisioned", "ProvisionedThroughputInMibps": 100}),
        "provisioned_without_throughput": ("BadRequest", {"ThroughputMode": "provisioned"}),
        "throughput_without_provisioned": (
            "BadRequest",
            {"ThroughputMode": "bursting", "ProvisionedThroughputInMibps": 100},
        ),
        "elastic_with_max_io": ("BadRequest", {"ThroughputMode": "elastic", "PerformanceMode": "maxIO"}),
        "one_zone_with_max_io": (
            "BadRequest",
            {"AvailabilityZoneName": "us-east-1a", "PerformanceMode": "maxIO"},
        ),
        "max_io": ("ok", {"PerformanceMode": "maxIO"}),
        "a_throughput_mode_that_is_none": ("BadRequest|ValidationException", {"ThroughputMode": "fast"}),
        "a_performance_mode_that_is_none": ("BadRequest|ValidationException", {"PerformanceMode": "fast"}),
    },
)


def target(aws, files, zone="a", **more):
    return aws.efs.create_mount_target(FileSystemId=files, SubnetId=aws.subnets(zone)[0], **more)


@probe("efs")
def mount_targets_in_two_zones(aws):
    files = aws.file_system()
    group = aws.security_group()
    for zone in "ab":
        target(aws, files, zone, SecurityGroups=[group])
    found = aws.efs.describe_mount_targets(FileSystemId=files)["MountTargets"]
    assert {one["AvailabilityZoneName"] for one in found} == {"us-east-1a", "us-east-1b"}
    groups = aws.efs.describe_mount_target_security_groups(MountTargetId=found[0]["MountTargetId"])
    assert groups["SecurityGroups"] == [group]
    assert aws.efs.describe_file_systems(FileSystemId=files)["FileSystems"][0]["NumberOfMountTargets"] == 2


@probe("efs", "MountTargetConflict")
def a_second_mount_target_in_a_zone(aws):
    files = aws.file_system()
    target(aws, files)
    yield
    target(aws, files)


@probe("efs", "MountTargetConflict")
def a_mount_target_in_another_vpc(aws):
    files = aws.file_system()
    target(aws, files)
    _, subnets = aws.other_vpc("b")
    yield
    aws.efs.create_mount_target(FileSystemId=files, SubnetId=subnets[0])


@probe("efs", "AvailabilityZonesMismatch")
def a_mount_target_outside_the_one_zone(aws):
    files = aws.file_system(AvailabilityZoneName="us-east-1a")
    yield
    target(aws, files, "b")


@probe("efs", "FileSystemNotFound")
def a_mount_target_of_no_file_system(aws):
    target(aws, "fs-0123456789abcdef0")


@probe("efs", "SubnetNotFound")
def a_mount_target_in_no_subnet(aws):
    files = aws.file_system()
    yield
    aws.efs.create_mount_target(FileSystemId=files, SubnetId="subnet-0123456789abcdef0")


@probe("efs", "SecurityGroupNotFound")
def a_mount_target_with_no_group(aws):
    files = aws.file_system()
    yield
    target(aws, files, SecurityGroups=["sg-0123456789abcdef0"])


@probe("efs", "FileSystemInUse")
def delete_a_file_system_in_use(aws):
    files = aws.file_system()
    target(aws, files)
    yield
    aws.efs.delete_file_system(FileSystemId=files)


@probe("efs")
def delete_a_file_system(aws):
    files = aws.file_system()
    made = target(aws, files)["MountTargetId"]
    aws.efs.delete_mount_target(MountTargetId=made)
    aws.efs.delete_file_system(FileSystemId=files)
    assert aws.efs.describe_file_systems()["FileSystems"] == []


@probe("efs", "MountTargetNotFound")
def delete_a_mount_target_that_is_not_there(aws):
    aws.efs.delete_mount_target(MountTargetId="fsmt-0123456789abcdef0")


def lifecycle(aws, *policies):
    files = aws.file_system(ThroughputMode="elastic")
    return aws.efs.put_lifecycle_configuration(FileSystemId=files, LifecyclePolicies=list(policies))


@probe("efs")
def lifecycle_policies(aws):
    answer = lifecycle(
        aws,
        {"TransitionToIA": "AFTER_30_DAYS"},
        {"TransitionToArchive": "AFTER_90_DAYS"},
        {"TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
    )
    assert len(answer["LifecyclePolicies"]) == 3


@probe("efs", "BadRequest|ValidationException")
def lifecycle_after_31_days(aws):
    lifecycle(aws, {"TransitionToIA": "AFTER_31_DAYS"})


@probe("efs", "BadRequest")
def archive_before_infrequent_access(aws):
    lifecycle(aws, {"TransitionToIA": "AFTER_90_DAYS"}, {"TransitionToArchive": "AFTER_30_DAYS"})


@probe("efs", "FileSystemNotFound")
def lifecycle_of_no_file_system(aws):
    aws.efs.put_lifecycle_configuration(FileSystemId="fs-0123456789abcdef0", LifecyclePolicies=[])


@probe("efs")
def change_to_elastic(aws):
    files = aws.file_system()
    aws.efs.update_file_system(FileSystemId=files, ThroughputMode="elastic")
    assert aws.efs.describe_file_systems(FileSystemId=files)["FileSystems"][0]["ThroughputMode"] == "elastic"


@probe("efs", "BadRequest")
def change_to_provisioned_without_throughput(aws):
    files = aws.file_system()
    yield
    aws.efs.update_file_system(FileSystemId=files, ThroughputMode="provisioned")


@probe("efs", "TooManyRequests")
def change_the_throughput_mode_twice_a_day(aws):
    files = aws.file_system()
    aws.efs.update_file_system(FileSystemId=files, ThroughputMode="provisioned", ProvisionedThroughputInMibps=100)
    yield
    aws.efs.update_file_system(FileSystemId=files, ThroughputMode="bursting")


@probe("efs")
def an_access_point(aws):
    files = aws.file_system()
    made = aws.efs.create_access_point(
        FileSystemId=files,
        PosixUser={"Uid": 1000, "Gid": 1000},
        RootDirectory={"Path": "/app", "CreationInfo": {"OwnerUid": 1000, "OwnerGid": 1000, "Permissions": "755"}},
    )["AccessPointId"]
    found = aws.efs.describe_access_points(FileSystemId=files)["AccessPoints"]
    assert [one["AccessPointId"] for one in found] == [made]


@probe("efs", "FileSystemNotFound")
def an_access_point_of_no_file_system(aws):
    aws.efs.create_access_point(FileSystemId="fs-0123456789abcdef0")


@probe("efs")
def a_backup_policy(aws):
    files = aws.file_system(Backup=True)
    assert aws.efs.describe_backup_policy(FileSystemId=files)["BackupPolicy"]["Status"] in ("ENABLED", "ENABLING")


@probe("efs", "PolicyNotFound")
def a_file_system_policy_that_is_not_there(aws):
    files = aws.file_system()
    yield
    aws.efs.describe_file_system_policy(FileSystemId=files)


# Asked from another side: what a learner types first, with the usual slips


@probe("ebs-volumes")
def a_volume_is_answered_whole(aws):
    one = aws.ec2.create_volume(AvailabilityZone="us-east-1a", Size=20)
    assert one["VolumeType"] == "gp2" and one["Iops"] == 100 and one["State"] == "creating"
    assert one["Encrypted"] is False and one["MultiAttachEnabled"] is False and one["SnapshotId"] == ""
    shown = aws.ec2.describe_volumes(VolumeIds=[one["VolumeId"]])["Volumes"][0]
    assert shown["State"] == "available" and shown["Attachments"] == [] and shown["CreateTime"]


@probe("ebs-volumes")
def a_gp3_volume_has_its_baseline(aws):
    made = aws.volume(VolumeType="gp3", Size=100)
    shown = aws.ec2.describe_volumes(VolumeIds=[made])["Volumes"][0]
    assert (shown["Iops"], shown["Throughput"]) == (3000, 125)


probes.table(
    "ebs-volumes",
    lambda aws, **more: aws.ec2.create_volume(**{"AvailabilityZone": "us-east-1a", **more}),
    {
        "volume_without_size_or_snapshot": ("MissingParameter", {}),
        "volume_in_a_region": (
            "InvalidZone.NotFound|InvalidParameterValue",
            {"AvailabilityZone": "us-east-1", "Size": 10},
        ),
        "volume_of_a_type_that_is_none": ("InvalidParameterValue|UnknownVolumeType", {"Size": 10, "VolumeType": "gp4"}),
        "volume_from_a_snapshot_that_is_not_there": (
            "InvalidSnapshot.NotFound",
            {"SnapshotId": "snap-0123456789abcdef0"},
        ),
        "io2_without_iops": ("MissingParameter|InvalidParameterCombination", {"Size": 10, "VolumeType": "io2"}),
        "volume_with_a_key_that_is_not_encrypted": (
            "InvalidParameterDependency",
            {"Size": 10, "KmsKeyId": "alias/aws/ebs"},
        ),
    },
)


@probe("ebs-volumes", "InvalidVolume.NotFound")
def attach_a_volume_that_is_not_there(aws):
    instance = aws.instance()
    yield
    aws.ec2.attach_volume(VolumeId="vol-0123456789abcdef0", InstanceId=instance, Device="/dev/sdf")


@probe("ebs-volumes", "InvalidParameterValue")
def a_device_name_in_use(aws):
    instance = aws.instance()
    aws.attached_volume(instance)
    volume = aws.volume()
    yield
    aws.ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdf")


@probe("ebs-volumes", "IncorrectState")
def detach_a_volume_that_is_not_attached(aws):
    volume = aws.volume()
    yield
    aws.ec2.detach_volume(VolumeId=volume)


@probe("ebs-volumes", "OperationNotPermitted")
def detach_the_root_of_a_running_instance(aws):
    instance = aws.instance()
    root = aws.root_volume(instance)
    yield
    aws.ec2.detach_volume(VolumeId=root)


@probe("ebs-volumes")
def attach_and_detach_as_answered(aws):
    instance, volume = aws.instance(), aws.volume()
    made = aws.ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdf")
    assert made["State"] == "attaching" and made["DeleteOnTermination"] is False and made["AttachTime"]
    aws.ec2.get_waiter("volume_in_use").wait(VolumeIds=[volume])
    attachment = aws.ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]["Attachments"][0]
    assert attachment["State"] == "attached" and attachment["InstanceId"] == instance
    gone = aws.ec2.detach_volume(VolumeId=volume)
    assert gone["State"] == "detaching" and gone["Device"] == "/dev/sdf"
    aws.ec2.get_waiter("volume_available").wait(VolumeIds=[volume])
    aws.ec2.delete_volume(VolumeId=volume)
    aws.ec2.get_waiter("volume_deleted").wait(VolumeIds=[volume])


@probe("ebs-volumes", "VolumeInUse")
def one_volume_on_two_instances(aws):
    first, second = aws.instances(2)
    volume = aws.attached_volume(first)
    yield
    aws.ec2.attach_volume(VolumeId=volume, InstanceId=second, Device="/dev/sdf")


@probe("ebs-volumes", "VolumeModificationNotFound|InvalidVolumeModification.NotFound|InvalidParameterValue")
def modifications_of_a_volume_never_modified(aws):
    volume = aws.volume()
    yield
    aws.ec2.describe_volumes_modifications(VolumeIds=[volume])


@probe("ebs-volumes")
def a_volume_grows_as_answered(aws):
    volume = aws.volume(VolumeType="gp3")
    made = aws.ec2.modify_volume(VolumeId=volume, Size=20)["VolumeModification"]
    assert made["ModificationState"] in ("modifying", "optimizing") and made["OriginalSize"] == 10
    assert made["TargetSize"] == 20 and made["TargetVolumeType"] == "gp3" and made["Progress"] == 0
    assert aws.ec2.describe_volumes_modifications(VolumeIds=[volume])["VolumesModifications"][0]["VolumeId"] == volume


@probe("ebs-volumes", "InvalidParameterValue")
def a_volume_cannot_shrink(aws):
    volume = aws.volume(Size=20)
    yield
    aws.ec2.modify_volume(VolumeId=volume, Size=10)


@probe("ebs-volumes", "VolumeModificationRateExceeded")
def modify_twice_within_six_hours(aws):
    volume = aws.volume(VolumeType="gp3")
    aws.ec2.modify_volume(VolumeId=volume, Size=20)
    yield
    aws.ec2.modify_volume(VolumeId=volume, Size=30)


@probe("ebs-volumes")
def volumes_by_filter(aws):
    instance = aws.instance()
    volume = aws.attached_volume(instance)
    aws.volume("b")

    def found(name, *values):
        answer = aws.ec2.describe_volumes(Filters=[{"Name": name, "Values": list(values)}])
        return {one["VolumeId"] for one in answer["Volumes"]}

    assert len(found("attachment.instance-id", instance)) == 2 and volume in found("status", "in-use")
    assert found("attachment.device", "/dev/sdf") == {volume}
    assert len(found("status", "available")) == 1 and len(found("size", "10")) == 2


@probe("ebs-volumes")
def the_health_of_a_volume(aws):
    volume = aws.volume()
    shown = aws.ec2.describe_volume_status(VolumeIds=[volume])["VolumeStatuses"][0]
    assert shown["VolumeStatus"]["Status"] == "ok" and shown["AvailabilityZone"] == "us-east-1a"


@probe("delete-on-termination")
def keep_a_root_by_the_command_line(aws):
    instance = aws.instance()
    root = aws.root_volume(instance)
    mapping = '[{"DeviceName":"/dev/xvda","Ebs":{"DeleteOnTermination":false}}]'
    found = lab.aws(
        ["aws", "ec2", "modify-instance-attribute", "--instance-id", instance, "--block-device-mappings", mapping]
    )
    assert found.exit_code == 0, found.error
    aws.ec2.terminate_instances(InstanceIds=[instance])
    assert aws.ec2.describe_volumes(VolumeIds=[root])["Volumes"][0]["State"] == "available"


@probe("delete-on-termination")
def flags_as_an_attribute(aws):
    instance = aws.instance()
    aws.attached_volume(instance)
    found = aws.ec2.describe_instance_attribute(InstanceId=instance, Attribute="blockDeviceMapping")
    flags = {one["DeviceName"]: one["Ebs"]["DeleteOnTermination"] for one in found["BlockDeviceMappings"]}
    assert flags == {"/dev/xvda": True, "/dev/sdf": False}


# Snapshots


@probe("snapshots")
def a_snapshot_is_answered_whole(aws):
    volume = aws.volume()
    one = aws.ec2.create_snapshot(VolumeId=volume, Description="before the upgrade")
    assert one["State"] == "pending" and one["VolumeSize"] == 10 and one["OwnerId"] == "123456789012"
    assert one["Encrypted"] is False and one["Progress"] == "" and one["StartTime"]
    aws.ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[one["SnapshotId"]])
    shown = aws.ec2.describe_snapshots(SnapshotIds=[one["SnapshotId"]])["Snapshots"][0]
    assert shown["Progress"] == "100%" and shown["StorageTier"] == "standard" and shown["VolumeId"] == volume


@probe("snapshots")
def snapshots_of_both_volumes_at_once(aws):
    instance = aws.instance()
    aws.attached_volume(instance)
    found = aws.ec2.create_snapshots(
        InstanceSpecification={"InstanceId": instance, "ExcludeBootVolume": True}, Description="data"
    )["Snapshots"]
    assert len(found) == 1 and found[0]["VolumeSize"] == 10


@probe("snapshots", "InvalidSnapshot.InUse")
def delete_a_snapshot_of_an_image(aws):
    image = aws.ec2.create_image(InstanceId=aws.instance(), Name="web-1")["ImageId"]
    shown = aws.ec2.describe_images(ImageIds=[image])["Images"][0]
    yield
    aws.ec2.delete_snapshot(SnapshotId=shown["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"])


@probe("snapshots", "InvalidSnapshot.NotFound")
def delete_a_snapshot_twice(aws):
    snapshot = aws.snapshot()
    aws.ec2.delete_snapshot(SnapshotId=snapshot)
    yield
    aws.ec2.delete_snapshot(SnapshotId=snapshot)


@probe("snapshots", "InvalidSnapshot.NotFound")
def copy_a_snapshot_from_the_wrong_region(aws):
    snapshot = aws.snapshot()
    yield
    aws("ec2", "eu-west-1").copy_snapshot(SourceRegion="eu-central-1", SourceSnapshotId=snapshot)


@probe("snapshots")
def share_a_snapshot_and_take_it_back(aws):
    snapshot = aws.snapshot()
    given = {"SnapshotId": snapshot, "Attribute": "createVolumePermission"}
    aws.ec2.modify_snapshot_attribute(**given, OperationType="add", UserIds=["111122223333"])
    found = aws.ec2.describe_snapshot_attribute(**given)
    assert found["CreateVolumePermissions"] == [{"UserId": "111122223333"}]
    aws.ec2.reset_snapshot_attribute(**given)
    assert aws.ec2.describe_snapshot_attribute(**given)["CreateVolumePermissions"] == []


@probe("snapshots", "OperationNotPermitted|InvalidParameterValue|InvalidParameter")
def make_an_encrypted_snapshot_public(aws):
    snapshot = aws.snapshot(aws.volume(Encrypted=True))
    yield
    aws.ec2.modify_snapshot_attribute(
        SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"]
    )


@probe("snapshots", "OperationNotPermitted")
def make_a_snapshot_public_against_the_block(aws):
    snapshot = aws.snapshot()
    aws.ec2.enable_snapshot_block_public_access(State="block-all-sharing")
    yield
    aws.ec2.modify_snapshot_attribute(
        SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"]
    )


@probe("snapshots")
def a_snapshot_out_of_the_recycle_bin(aws):
    rule = aws.rbin.create_rule(
        ResourceType="EBS_SNAPSHOT",
        RetentionPeriod={"RetentionPeriodValue": 7, "RetentionPeriodUnit": "DAYS"},
        ResourceTags=[{"ResourceTagKey": "keep", "ResourceTagValue": "yes"}],
    )
    assert rule["Status"] in ("pending", "available") and rule["Identifier"]
    kept, lost = aws.snapshot(), aws.snapshot()
    aws.ec2.create_tags(Resources=[kept], Tags=[{"Key": "keep", "Value": "yes"}])
    for one in (kept, lost):
        aws.ec2.delete_snapshot(SnapshotId=one)
    found = aws.ec2.list_snapshots_in_recycle_bin()["Snapshots"]
    assert [one["SnapshotId"] for one in found] == [kept]
    assert aws.ec2.restore_snapshot_from_recycle_bin(SnapshotId=kept)["SnapshotId"] == kept
    assert aws.ec2.describe_snapshots(SnapshotIds=[kept])["Snapshots"][0]["State"] == "completed"


@probe("snapshots", "ResourceNotFoundException")
def a_retention_rule_that_is_not_there(aws):
    aws.rbin.get_rule(Identifier="abcdefghijk")


@probe("snapshots")
def archive_a_snapshot_and_restore_it(aws):
    snapshot = aws.snapshot()
    aws.ec2.modify_snapshot_tier(SnapshotId=snapshot, StorageTier="archive")
    assert aws.ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]["StorageTier"] == "archive"
    restored = aws.ec2.restore_snapshot_tier(SnapshotId=snapshot, TemporaryRestoreDays=5)
    assert restored["SnapshotId"] == snapshot and restored["IsPermanentRestore"] is False


@probe("snapshots")
def own_snapshots_only(aws):
    snapshot = aws.snapshot()
    found = aws.ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]
    assert [one["SnapshotId"] for one in found] == [snapshot]
    pages = aws.ec2.get_paginator("describe_snapshots").paginate(OwnerIds=["self"])
    assert len([one for page in pages for one in page["Snapshots"]]) == 1


@probe("snapshots")
def snapshots_by_the_resource_interface(aws):
    ec2 = boto3.resource("ec2")
    made = ec2.Volume(aws.volume()).create_snapshot(Description="one")
    made.wait_until_completed()
    made.reload()
    assert made.state == "completed" and made.volume_size == 10
    made.delete()


# Images


@probe("amis", "InvalidAMIName.Duplicate")
def an_image_name_twice(aws):
    instance = aws.instance()
    aws.ec2.create_image(InstanceId=instance, Name="web-1")
    yield
    aws.ec2.create_image(InstanceId=instance, Name="web-1")


@probe("amis")
def an_own_image_from_first_to_last(aws):
    instance = aws.instance()
    image = aws.ec2.create_image(InstanceId=instance, Name="web-1", NoReboot=True)["ImageId"]
    aws.ec2.get_waiter("image_available").wait(ImageIds=[image])
    shown = aws.ec2.describe_images(Owners=["self"])["Images"]
    assert [one["ImageId"] for one in shown] == [image]
    one = shown[0]
    assert one["Public"] is False and one["OwnerId"] == "123456789012" and one["RootDeviceName"] == "/dev/xvda"
    assert one["ImageLocation"] == "123456789012/web-1" and one["SourceInstanceId"] == instance
    assert one["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"].startswith("snap-")
    launched = aws.instance(ImageId=image)
    aws.ec2.deregister_image(ImageId=image)
    assert aws.shown(launched)["State"]["Name"] == "running"
    assert aws.ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]


@probe("amis", "InvalidAMIID.NotFound")
def an_image_id_is_of_one_region(aws):
    image = aws.ec2.create_image(InstanceId=aws.instance(), Name="web-1")["ImageId"]
    yield
    aws("ec2", "eu-west-1").describe_images(ImageIds=[image])


@probe("amis")
def copy_an_image_to_another_region(aws):
    image = aws.ec2.create_image(InstanceId=aws.instance(), Name="web-1")["ImageId"]
    there = aws("ec2", "eu-west-1")
    copy = there.copy_image(SourceRegion="us-east-1", SourceImageId=image, Name="web-1", Encrypted=True)["ImageId"]
    there.get_waiter("image_available").wait(ImageIds=[copy])
    shown = there.describe_images(ImageIds=[copy])["Images"][0]
    assert copy != image and shown["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True


@probe("amis")
def share_an_image_with_an_account(aws):
    image = aws.ec2.create_image(InstanceId=aws.instance(), Name="web-1")["ImageId"]
    aws.ec2.modify_image_attribute(ImageId=image, LaunchPermission={"Add": [{"UserId": "111122223333"}]})
    found = aws.ec2.describe_image_attribute(ImageId=image, Attribute="launchPermission")["LaunchPermissions"]
    assert found == [{"UserId": "111122223333"}]


@probe("amis", "AuthFailure|UnauthorizedOperation|OperationNotPermitted")
def deregister_an_image_of_amazon(aws):
    image = aws.image()
    yield
    aws.ec2.deregister_image(ImageId=image)


@probe("amis", "OperationNotPermitted")
def deregister_a_protected_image(aws):
    image = aws.ec2.create_image(InstanceId=aws.instance(), Name="web-1")["ImageId"]
    aws.ec2.enable_image_deregistration_protection(ImageId=image)
    yield
    aws.ec2.deregister_image(ImageId=image)


@probe("amis")
def disable_an_image(aws):
    image = aws.ec2.create_image(InstanceId=aws.instance(), Name="web-1")["ImageId"]
    assert aws.ec2.disable_image(ImageId=image)["Return"]
    assert aws.ec2.describe_images(Owners=["self"])["Images"] == []
    shown = aws.ec2.describe_images(Owners=["self"], IncludeDisabled=True)["Images"]
    assert shown[0]["State"] == "disabled"


@probe("amis")
def images_to_be_deprecated(aws):
    image = aws.ec2.create_image(InstanceId=aws.instance(), Name="web-1")["ImageId"]
    aws.ec2.enable_image_deprecation(ImageId=image, DeprecateAt=dt.datetime(2027, 6, 1, 12, 0, tzinfo=dt.UTC))
    shown = aws.ec2.describe_images(ImageIds=[image])["Images"][0]
    assert shown["DeprecationTime"].startswith("2027-06-01T12:00")


@probe("amis")
def the_newest_image_by_the_command_line(aws):
    found = lab.aws(
        [
            "aws",
            "ec2",
            "describe-images",
            "--owners",
            "amazon",
            "--filters",
            "Name=name,Values=al2023-ami-2023*-x86_64",
            "--query",
            "sort_by(Images, &CreationDate)[-1].ImageId",
            "--output",
            "text",
        ]
    )
    assert found.exit_code == 0 and found.output.startswith("ami-")


# Encryption and multi-attach


@probe("ebs-encryption")
def encrypt_by_default_from_now_on(aws):
    assert aws.ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is False
    assert aws.ec2.enable_ebs_encryption_by_default()["EbsEncryptionByDefault"] is True
    assert aws.ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == "alias/aws/ebs"
    one = aws.ec2.create_volume(AvailabilityZone="us-east-1a", Size=10)
    assert one["Encrypted"] is True and ":key/" in one["KmsKeyId"]


@probe("multi-attach", "InvalidParameterCombination|InvalidParameterValue|InvalidParameter")
def multi_attach_on_gp3(aws):
    aws.ec2.create_volume(AvailabilityZone="us-east-1a", Size=10, VolumeType="gp3", MultiAttachEnabled=True)


@probe("multi-attach")
def multi_attach_on_two_instances(aws):
    first, second = aws.instances(2, InstanceType="m5.large")
    volume = aws.volume(VolumeType="io2", Iops=1000, MultiAttachEnabled=True)
    for one in (first, second):
        aws.ec2.attach_volume(VolumeId=volume, InstanceId=one, Device="/dev/sdf")
    shown = aws.ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]
    assert {one["InstanceId"] for one in shown["Attachments"]} == {first, second}


# EFS


@probe("efs")
def a_file_system_is_answered_whole(aws):
    one = aws.efs.create_file_system(CreationToken="t", Encrypted=True, Tags=[{"Key": "Name", "Value": "web"}])
    assert one["LifeCycleState"] == "creating" and one["NumberOfMountTargets"] == 0 and one["Name"] == "web"
    assert one["SizeInBytes"]["Value"] >= 0 and one["PerformanceMode"] == "generalPurpose"
    assert one["ThroughputMode"] == "bursting" and one["Encrypted"] and ":key/" in one["KmsKeyId"]
    assert one["FileSystemArn"].endswith(f"file-system/{one['FileSystemId']}") and one["OwnerId"] == "123456789012"
    shown = aws.efs.describe_file_systems(CreationToken="t")["FileSystems"][0]
    assert shown["LifeCycleState"] == "available"


@probe("efs", "MountTargetConflict")
def two_mount_targets_in_a_zone(aws):
    files, subnet = aws.file_system(), aws.subnets("a")[0]
    aws.efs.create_mount_target(FileSystemId=files, SubnetId=subnet)
    yield
    aws.efs.create_mount_target(FileSystemId=files, SubnetId=subnet)


@probe("efs", "FileSystemInUse")
def delete_a_file_system_with_a_mount_target(aws):
    files = aws.file_system()
    aws.efs.create_mount_target(FileSystemId=files, SubnetId=aws.subnets("a")[0])
    yield
    aws.efs.delete_file_system(FileSystemId=files)


@probe("efs", "SecurityGroupNotFound")
def a_mount_target_behind_no_group(aws):
    files = aws.file_system()
    yield
    aws.efs.create_mount_target(
        FileSystemId=files, SubnetId=aws.subnets("a")[0], SecurityGroups=["sg-0123456789abcdef0"]
    )


@probe("efs")
def a_mount_target_is_an_interface(aws):
    files = aws.file_system()
    made = aws.efs.create_mount_target(FileSystemId=files, SubnetId=aws.subnets("a")[0])
    assert made["LifeCycleState"] in ("creating", "available") and made["IpAddress"].startswith("172.31.")
    card = aws.ec2.describe_network_interfaces(NetworkInterfaceIds=[made["NetworkInterfaceId"]])
    assert card["NetworkInterfaces"][0]["PrivateIpAddress"] == made["IpAddress"]
    assert aws.efs.describe_file_systems(FileSystemId=files)["FileSystems"][0]["NumberOfMountTargets"] == 1
    groups = aws.efs.describe_mount_target_security_groups(MountTargetId=made["MountTargetId"])["SecurityGroups"]
    assert len(groups) == 1


@probe("efs", "PolicyNotFound")
def the_policy_of_a_file_system_without_one(aws):
    files = aws.file_system()
    yield
    aws.efs.describe_file_system_policy(FileSystemId=files)


@probe("efs")
def lifecycle_of_files(aws):
    files = aws.file_system(ThroughputMode="elastic")
    rules = [
        {"TransitionToIA": "AFTER_30_DAYS"},
        {"TransitionToArchive": "AFTER_90_DAYS"},
        {"TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
    ]
    aws.efs.put_lifecycle_configuration(FileSystemId=files, LifecyclePolicies=rules)
    found = aws.efs.describe_lifecycle_configuration(FileSystemId=files)["LifecyclePolicies"]
    assert sorted(map(str, found)) == sorted(map(str, rules))


@probe("efs", "BadRequest")
def lifecycle_of_two_rules_in_one(aws):
    files = aws.file_system()
    yield
    rules = [{"TransitionToIA": "AFTER_30_DAYS", "TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"}]
    aws.efs.put_lifecycle_configuration(FileSystemId=files, LifecyclePolicies=rules)


@probe("efs", "AccessPointNotFound")
def delete_an_access_point_that_is_not_there(aws):
    aws.efs.delete_access_point(AccessPointId="fsap-0123456789abcdef0")


@probe("efs")
def backups_and_replication_of_files(aws):
    files = aws.file_system()
    aws.efs.put_backup_policy(FileSystemId=files, BackupPolicy={"Status": "ENABLED"})
    found = aws.efs.describe_backup_policy(FileSystemId=files)["BackupPolicy"]["Status"]
    assert found in ("ENABLING", "ENABLED")


# S3


@probe("choosing-storage", "BucketAlreadyOwnedByYou")
def a_bucket_twice_elsewhere(aws):
    there = aws("s3", "eu-west-1")
    given = {"Bucket": "ana-files", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    there.create_bucket(**given)
    yield
    there.create_bucket(**given)


@probe("choosing-storage", "IllegalLocationConstraintException")
def a_bucket_elsewhere_without_saying_so(aws):
    aws("s3", "eu-west-1").create_bucket(Bucket="ana-files")


@probe("choosing-storage", "InvalidBucketName")
def a_bucket_name_in_capitals(aws):
    aws.s3.create_bucket(Bucket="Ana-Files")


@probe("choosing-storage", "NoSuchKey")
def get_an_object_that_is_not_there(aws):
    bucket = aws.bucket()
    yield
    aws.s3.get_object(Bucket=bucket, Key="none")


@probe("choosing-storage", "404")
def head_an_object_that_is_not_there(aws):
    bucket = aws.bucket()
    yield
    aws.s3.head_object(Bucket=bucket, Key="none")


@probe("choosing-storage", "NoSuchBucket")
def list_a_bucket_that_is_not_there(aws):
    aws.s3.list_objects_v2(Bucket="ana-none")


@probe("choosing-storage")
def a_new_bucket_is_private_and_encrypted(aws):
    bucket = aws.bucket()
    block = aws.s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    rule = aws.s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    owner = aws.s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"][0]["ObjectOwnership"]
    assert owner == "BucketOwnerEnforced"
    assert "Status" not in aws.s3.get_bucket_versioning(Bucket=bucket)
    assert aws.s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] is None


@probe("choosing-storage", "AccessControlListNotSupported")
def an_object_with_a_public_acl(aws):
    bucket = aws.bucket()
    yield
    aws.s3.put_object(Bucket=bucket, Key="a", Body=b"1", ACL="public-read")


@probe("choosing-storage", "AccessDenied")
def a_public_bucket_policy(aws):
    bucket = aws.bucket()
    yield
    aws.s3.put_bucket_policy(
        Bucket=bucket,
        Policy=policy(
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
        ),
    )


@probe("choosing-storage", "NoSuchBucketPolicy")
def the_policy_of_a_bucket_without_one(aws):
    bucket = aws.bucket()
    yield
    aws.s3.get_bucket_policy(Bucket=bucket)


@probe("choosing-storage", "NoSuchTagSet")
def the_tags_of_a_bucket_without_any(aws):
    bucket = aws.bucket()
    yield
    aws.s3.get_bucket_tagging(Bucket=bucket)


@probe("choosing-storage", "NoSuchLifecycleConfiguration")
def the_lifecycle_of_a_bucket_without_one(aws):
    bucket = aws.bucket()
    yield
    aws.s3.get_bucket_lifecycle_configuration(Bucket=bucket)


@probe("choosing-storage")
def versions_and_a_delete_marker(aws):
    bucket = aws.bucket()
    aws.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = aws.s3.put_object(Bucket=bucket, Key="a", Body=b"1")["VersionId"]
    aws.s3.put_object(Bucket=bucket, Key="a", Body=b"2")
    gone = aws.s3.delete_object(Bucket=bucket, Key="a")
    assert gone["DeleteMarker"] is True and gone["VersionId"]
    assert aws.s3.get_object(Bucket=bucket, Key="a", VersionId=first)["Body"].read() == b"1"
    found = aws.s3.list_object_versions(Bucket=bucket)
    assert len(found["Versions"]) == 2 and found["DeleteMarkers"][0]["IsLatest"] is True


@probe("choosing-storage")
def objects_by_prefix_and_page(aws):
    bucket = aws.bucket()
    for key in ("a/1", "a/2", "b/1", "top"):
        aws.s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    found = aws.s3.list_objects_v2(Bucket=bucket, Delimiter="/")
    assert [one["Prefix"] for one in found["CommonPrefixes"]] == ["a/", "b/"] and found["KeyCount"] == 3
    page = aws.s3.list_objects_v2(Bucket=bucket, MaxKeys=2)
    assert page["IsTruncated"] and page["NextContinuationToken"]
    assert "Contents" not in aws.s3.list_objects_v2(Bucket=bucket, Prefix="none")


@probe("choosing-storage")
def the_command_line_copies_files(aws):
    lab.aws("aws s3 mb s3://ana-files")
    aws.s3.put_object(Bucket="ana-files", Key="logs/a.txt", Body=b"hello")
    found = lab.aws("aws s3 ls s3://ana-files")
    assert found.exit_code == 0 and "PRE logs/" in found.output
    removed = lab.aws("aws s3 rb s3://ana-files")
    assert removed.exit_code == 1 and "(BucketNotEmpty)" in removed.error
    assert lab.aws("aws s3 rb s3://ana-files --force").exit_code == 0


@probe("choosing-storage")
def a_signed_address_of_an_object(aws):
    bucket = aws.bucket()
    aws.s3.put_object(Bucket=bucket, Key="a", Body=b"hello")
    url = aws.s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a"}, ExpiresIn=60)
    assert bucket in url and "Expires" in url


# DynamoDB


def _items(aws, **more):
    given = {
        "TableName": "orders",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
        **more,
    }
    return aws.dynamodb.create_table(**{key: one for key, one in given.items() if one is not None})


probes.table(
    "choosing-storage",
    _items,
    {
        "table_on_demand_with_capacity": (
            "ValidationException",
            {"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}},
        ),
        "table_provisioned_without_capacity": ("ValidationException", {"BillingMode": "PROVISIONED"}),
        "table_with_an_attribute_no_key_uses": (
            "ValidationException",
            {
                "AttributeDefinitions": [
                    {"AttributeName": "id", "AttributeType": "S"},
                    {"AttributeName": "day", "AttributeType": "S"},
                ]
            },
        ),
        "table_with_a_key_not_defined": (
            "ValidationException",
            {"KeySchema": [{"AttributeName": "key", "KeyType": "HASH"}]},
        ),
    },
)


@probe("choosing-storage", "ResourceInUseException")
def a_table_twice(aws):
    _items(aws)
    yield
    _items(aws)


@probe("choosing-storage")
def a_table_is_made_and_waited_for(aws):
    made = _items(aws)["TableDescription"]
    assert made["TableStatus"] == "CREATING" and made["TableArn"].endswith("table/orders")
    assert made["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST" and made["DeletionProtectionEnabled"] is False
    aws.dynamodb.get_waiter("table_exists").wait(TableName="orders")
    shown = aws.dynamodb.describe_table(TableName="orders")["Table"]
    assert shown["TableStatus"] == "ACTIVE" and shown["ItemCount"] == 0 and shown["TableId"]


@probe("choosing-storage", "ResourceNotFoundException")
def get_from_a_table_that_is_not_there(aws):
    aws.dynamodb.get_item(TableName="none", Key={"id": {"S": "1"}})


@probe("choosing-storage", "ValidationException")
def put_without_the_key(aws):
    _items(aws)
    yield
    aws.dynamodb.put_item(TableName="orders", Item={"name": {"S": "x"}})


@probe("choosing-storage", "ConditionalCheckFailedException")
def put_only_if_new(aws):
    _items(aws)
    aws.dynamodb.put_item(TableName="orders", Item={"id": {"S": "1"}})
    yield
    aws.dynamodb.put_item(TableName="orders", Item={"id": {"S": "1"}}, ConditionExpression="attribute_not_exists(id)")


@probe("choosing-storage")
def a_missing_item_is_no_error(aws):
    _items(aws)
    assert "Item" not in aws.dynamodb.get_item(TableName="orders", Key={"id": {"S": "1"}})


@probe("choosing-storage", "ValidationException")
def update_a_reserved_word(aws):
    _items(aws)
    aws.dynamodb.put_item(TableName="orders", Item={"id": {"S": "1"}})
    yield
    aws.dynamodb.update_item(
        TableName="orders",
        Key={"id": {"S": "1"}},
        UpdateExpression="SET status = :s",
        ExpressionAttributeValues={":s": {"S": "paid"}},
    )


@probe("choosing-storage", "ValidationException")
def delete_a_protected_table(aws):
    _items(aws, DeletionProtectionEnabled=True)
    yield
    aws.dynamodb.delete_table(TableName="orders")


@probe("choosing-storage")
def a_table_by_the_resource_interface(aws):
    from boto3.dynamodb.conditions import Key

    _items(aws)
    table = boto3.resource("dynamodb").Table("orders")
    table.put_item(Item={"id": "1", "pieces": 12})
    assert table.get_item(Key={"id": "1"})["Item"]["pieces"] == 12
    assert table.query(KeyConditionExpression=Key("id").eq("1"))["Count"] == 1
    answer = table.update_item(
        Key={"id": "1"},
        UpdateExpression="ADD pieces :n",
        ExpressionAttributeValues={":n": 3},
        ReturnValues="UPDATED_NEW",
    )
    assert answer["Attributes"] == {"pieces": 15} and table.scan()["ScannedCount"] == 1
