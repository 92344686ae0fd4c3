"""New EBS volumes: refusals at the boundaries, and the defaults."""

import pytest

from course.data import value

ZONE = "us-east-1a"
TYPES = value("ebs.types.known")


def _iops(volume_type):
    return {"Iops": value(f"ebs.{volume_type}.min_iops")} if volume_type in value("ebs.types.needs_iops") else {}


@pytest.mark.parametrize("volume_type", TYPES)
def test_size_range(ec2, refused, volume, shown, volume_type):
    """Is the last legal size made and the first illegal one refused, at both ends?"""
    least, most = value(f"ebs.{volume_type}.min_size"), value(f"ebs.{volume_type}.max_size")
    more = {"AvailabilityZone": ZONE, "VolumeType": volume_type, **_iops(volume_type)}
    for size in (least, most):
        assert shown(volume(Size=size, VolumeType=volume_type, **_iops(volume_type)))["Size"] == size
    refused(ec2.create_volume, "InvalidParameterValue", f"at least {least} GiB", Size=least - 1, **more)
    refused(ec2.create_volume, "InvalidParameterValue", f"at most {most} GiB", Size=most + 1, **more)


def test_unknown_type(ec2, refused):
    """Is a type that does not exist refused?"""
    refused(ec2.create_volume, "UnknownVolumeType", "gp9", AvailabilityZone=ZONE, Size=10, VolumeType="gp9")


@pytest.mark.parametrize("volume_type", ["io1", "io2"])
def test_iops_missing(ec2, refused, volume_type):
    """Must IOPS be named for provisioned IOPS volumes?"""
    words = f"The parameter iops must be specified for {volume_type} volumes."
    refused(
        ec2.create_volume, "InvalidParameterCombination", words, AvailabilityZone=ZONE, Size=10, VolumeType=volume_type
    )


@pytest.mark.parametrize("volume_type", ["gp2", "st1", "sc1", "standard"])
def test_iops_not_supported(ec2, refused, volume_type):
    """Are IOPS refused for types that have none to choose?"""
    words = f"The parameter iops is not supported for {volume_type} volumes."
    more = {"AvailabilityZone": ZONE, "Size": 500, "VolumeType": volume_type, "Iops": 3000}
    refused(ec2.create_volume, "InvalidParameterCombination", words, **more)


def test_iops_of_the_default_type(ec2, refused):
    """Is IOPS without a type refused, since the API's default is gp2?"""
    refused(ec2.create_volume, "InvalidParameterCombination", "gp2", AvailabilityZone=ZONE, Size=500, Iops=3000)


@pytest.mark.parametrize("volume_type", ["gp3", "io1", "io2"])
def test_iops_range(ec2, refused, volume, shown, volume_type):
    """Are the lowest and highest IOPS accepted and one less or more refused?"""
    least, most = value(f"ebs.{volume_type}.min_iops"), value(f"ebs.{volume_type}.max_iops")
    size = value(f"ebs.{volume_type}.max_size")
    for iops in (least, most):
        assert shown(volume(Size=size, VolumeType=volume_type, Iops=iops))["Iops"] == iops
    more = {"AvailabilityZone": ZONE, "Size": size, "VolumeType": volume_type}
    refused(ec2.create_volume, "InvalidParameterValue", f"too low; minimum is {least}", Iops=least - 1, **more)
    refused(ec2.create_volume, "InvalidParameterValue", f"too high; maximum is {most}", Iops=most + 1, **more)


@pytest.mark.parametrize("volume_type, size", [("gp3", 100), ("io1", 100), ("io2", 10)])
def test_iops_to_size_ratio(ec2, refused, volume, shown, volume_type, size):
    """Is the ratio of IOPS to GiB kept?"""
    ratio = value(f"ebs.{volume_type}.max_iops_per_gib")
    assert shown(volume(Size=size, VolumeType=volume_type, Iops=ratio * size))["Iops"] == ratio * size
    more = {"AvailabilityZone": ZONE, "Size": size, "VolumeType": volume_type, "Iops": ratio * size + 1}
    refused(ec2.create_volume, "InvalidParameterValue", f"is too high; maximum is {ratio}", "ratio", **more)


def test_gp3_minimum_is_included_at_every_size(volume, shown, ec2, refused):
    """Has a 1 GiB gp3 volume 3,000 IOPS although the ratio would give 500, and not one more?"""
    assert shown(volume(Size=1, VolumeType="gp3", Iops=3000))["Iops"] == 3000
    refused(
        ec2.create_volume, "InvalidParameterValue", "ratio", AvailabilityZone=ZONE, Size=1, VolumeType="gp3", Iops=3001
    )


@pytest.mark.parametrize("volume_type", ["gp2", "io2", "st1", "standard"])
def test_throughput_only_for_gp3(ec2, refused, volume_type):
    """Is throughput refused for other types?"""
    more = {"AvailabilityZone": ZONE, "Size": 500, "VolumeType": volume_type, **_iops(volume_type), "Throughput": 125}
    refused(
        ec2.create_volume, "InvalidParameterCombination", "throughput can only be specified for volumeType gp3", **more
    )


def test_throughput_range_and_ratio(ec2, refused, volume, shown):
    """Are the limits of gp3 throughput kept: range, and MiB/s per IOPS?"""
    gp3 = {"AvailabilityZone": ZONE, "Size": 100, "VolumeType": "gp3"}
    assert shown(volume(Size=100, VolumeType="gp3", Throughput=750))["Throughput"] == 750
    refused(ec2.create_volume, "InvalidParameterValue", "0.250333", "maximum is 0.250000", Throughput=751, **gp3)
    assert shown(volume(Size=100, VolumeType="gp3", Iops=8000, Throughput=2000))["Throughput"] == 2000
    refused(ec2.create_volume, "InvalidParameterValue", "maximum is 2000", Iops=20000, Throughput=2001, **gp3)
    refused(ec2.create_volume, "InvalidParameterValue", "minimum is 125", Throughput=124, **gp3)


@pytest.mark.parametrize("zone", ["us-east-1z", "eu-west-1a", "nowhere"])
def test_zone_of_another_region(ec2, refused, zone):
    """Is a zone that is not in this Region unknown?"""
    refused(
        ec2.create_volume, "InvalidZone.NotFound", f"The zone '{zone}' does not exist.", AvailabilityZone=zone, Size=1
    )


def test_zone_by_id(ec2, volume, shown, refused):
    """Can the zone be named by its id, but not by both or by none?"""
    assert shown(volume(Size=1, AvailabilityZoneId="use1-az1"))["AvailabilityZone"].startswith("us-east-1")
    both = {"AvailabilityZone": ZONE, "AvailabilityZoneId": "use1-az1"}
    refused(ec2.create_volume, "InvalidParameterCombination", "availabilityZoneId", Size=1, **both)
    refused(ec2.create_volume, "MissingParameter", "zone", Size=1)


def test_size_or_snapshot(ec2, volume, shown, refused):
    """Must size or snapshot be named, and may the size not be below the snapshot's?"""
    refused(ec2.create_volume, "MissingParameter", "size/snapshot", AvailabilityZone=ZONE)
    snapshot = ec2.create_snapshot(VolumeId=volume(Size=10))["SnapshotId"]
    assert shown(volume(SnapshotId=snapshot))["Size"] == 10
    assert (
        shown(volume(SnapshotId=snapshot, Size=10, AvailabilityZone="us-east-1b"))["AvailabilityZone"] == "us-east-1b"
    )
    refused(
        ec2.create_volume,
        "InvalidParameterValue",
        snapshot,
        ">= 10GB",
        AvailabilityZone=ZONE,
        SnapshotId=snapshot,
        Size=9,
    )
    refused(ec2.create_volume, "InvalidSnapshot.NotFound", "snap-0123", AvailabilityZone=ZONE, SnapshotId="snap-0123")


def test_initialization_rate(ec2, volume, refused):
    """Does a provisioned initialization rate need a snapshot and lie in its range?"""
    snapshot = ec2.create_snapshot(VolumeId=volume())["SnapshotId"]
    for rate in (100, 300):
        volume(SnapshotId=snapshot, VolumeInitializationRate=rate)
    for rate in (99, 301):
        more = {"AvailabilityZone": ZONE, "SnapshotId": snapshot, "VolumeInitializationRate": rate}
        refused(ec2.create_volume, "InvalidParameterValue", rate, **more)
    refused(
        ec2.create_volume,
        "InvalidParameterCombination",
        "snapshots",
        AvailabilityZone=ZONE,
        Size=1,
        VolumeInitializationRate=100,
    )


def test_multi_attach_types_and_regions(ec2, volume, shown, refused):
    """Is Multi-Attach for io1 and io2 only, and for io1 only in its Regions?"""
    import boto3

    for volume_type in ("io1", "io2"):
        assert shown(volume(VolumeType=volume_type, Iops=100, MultiAttachEnabled=True))["MultiAttachEnabled"]
    gp3 = {"AvailabilityZone": ZONE, "Size": 10, "VolumeType": "gp3", "MultiAttachEnabled": True}
    refused(ec2.create_volume, "InvalidParameterCombination", "MultiAttachEnabled is not supported for gp3", **gp3)
    ireland = boto3.client("ec2", region_name="eu-west-1")
    wanted = {"AvailabilityZone": "eu-west-1a", "Size": 10, "Iops": 100, "MultiAttachEnabled": True}
    refused(ireland.create_volume, "InvalidParameterCombination", "eu-west-1", VolumeType="io1", **wanted)
    assert ireland.create_volume(VolumeType="io2", **wanted)["VolumeId"]


@pytest.mark.parametrize(
    "size, iops", [(1, 100), (33, 100), (34, 102), (1000, 3000), (5333, 15999), (5334, 16000), (16384, 16000)]
)
def test_gp2_shows_its_baseline(volume, shown, size, iops):
    """Does a gp2 volume show 3 IOPS per GiB, at least 100 and at most 16,000?"""
    assert shown(volume(Size=size))["Iops"] == iops


def test_defaults(ec2, volume, shown):
    """What has a volume when nothing is said: type gp2, gp3 with 3,000 IOPS and 125 MiB/s, HDD with neither?"""
    assert shown(volume())["VolumeType"] == "gp2"
    made = ec2.create_volume(AvailabilityZone=ZONE, Size=10, VolumeType="gp3")
    assert (made["Iops"], made["Throughput"]) == (3000, 125)
    assert not {"Iops", "Throughput"} & set(shown(volume(Size=500, VolumeType="st1")))
    assert "Throughput" not in shown(volume())
