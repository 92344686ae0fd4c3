"""One offline account for all tests of the lab, emptied before each of them."""

from functools import cache

import boto3
import pytest
from botocore.exceptions import ClientError

from course import lab


@pytest.fixture(scope="package", autouse=True)
def _started():
    lab.start()
    yield
    lab.stop()


@pytest.fixture(autouse=True)
def _fresh(_started):
    lab.reset() if lab._started else lab.start()
    yield


@cache
def client(name, region="us-east-1"):
    """Clients survive a reset, and making one costs more than most tests."""
    return boto3.client(name, region_name=region)


@pytest.fixture
def ec2(_fresh):
    return client("ec2")


@pytest.fixture
def efs(_fresh):
    return client("efs")


@pytest.fixture
def rbin(_fresh):
    return client("rbin")


@pytest.fixture
def image(ec2):
    """Amazon Linux 2023 for x86_64: root volume /dev/xvda, 8 GiB, gp3."""
    found = ec2.describe_images(Filters=[{"Name": "name", "Values": ["al2023-ami-2023*-kernel-6.1-x86_64"]}])["Images"]
    return found[0]["ImageId"]


@pytest.fixture
def launch(ec2, image):
    """Launch one instance and give its id; keyword arguments go to run_instances."""

    def launch(zone="us-east-1a", **more):
        more = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, **more}
        return ec2.run_instances(Placement={"AvailabilityZone": zone}, **more)["Instances"][0]["InstanceId"]

    return launch


@pytest.fixture
def volume(ec2):
    """Create a volume and give its id; keyword arguments go to create_volume."""

    def volume(**more):
        if "SnapshotId" not in more:
            more.setdefault("Size", 10)
        if "AvailabilityZoneId" not in more:
            more.setdefault("AvailabilityZone", "us-east-1a")
        return ec2.create_volume(**more)["VolumeId"]

    return volume


@pytest.fixture
def shown(ec2):
    """Describe one volume."""
    return lambda volume_id: ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]


EC2 = {
    "Volumes": "describe_volumes",
    "VolumesModifications": "describe_volumes_modifications",
    "Snapshots": "describe_snapshots",
    "Reservations": "describe_instances",
    "NetworkInterfaces": "describe_network_interfaces",
    "FastSnapshotRestores": "describe_fast_snapshot_restores",
    "Bin": "list_snapshots_in_recycle_bin",
    "SecurityGroups": "describe_security_groups",
    "Addresses": "describe_addresses",
    "KeyPairs": "describe_key_pairs",
    "Hosts": "describe_hosts",
    "PlacementGroups": "describe_placement_groups",
    "CapacityReservations": "describe_capacity_reservations",
    "SpotFleetRequestConfigs": "describe_spot_fleet_requests",
    "SpotInstanceRequests": "describe_spot_instance_requests",
}


def account(service, regions):
    """What a call to the service could change in these Regions, as plain data."""
    seen = {}
    for region in regions:
        ec2, efs, rbin = (client(name, region) for name in ("ec2", "efs", "rbin"))
        if service == "ec2":
            seen[region] = {name: getattr(ec2, call)() for name, call in EC2.items()}
            seen[region]["Images"] = ec2.describe_images(Owners=["self"])
        elif service == "rbin":
            seen[region] = {
                "Rules": [rbin.list_rules(ResourceType=one) for one in ("EBS_SNAPSHOT", "EC2_IMAGE", "EBS_VOLUME")]
            }
        else:
            seen[region] = {"Files": efs.describe_file_systems(), "Interfaces": ec2.describe_network_interfaces()}
            for fs in seen[region]["Files"]["FileSystems"]:
                fs["SizeInBytes"].pop("Timestamp", None)
                one = {"FileSystemId": fs["FileSystemId"]}
                seen[region][one["FileSystemId"]] = [
                    efs.describe_mount_targets(**one),
                    efs.describe_lifecycle_configuration(**one),
                ]
    return _without_metadata(seen)


def _without_metadata(answer):
    if isinstance(answer, dict):
        return {key: _without_metadata(one) for key, one in answer.items() if key != "ResponseMetadata"}
    return [_without_metadata(one) for one in answer] if isinstance(answer, list) else answer


@pytest.fixture
def refused(_fresh):
    """Make a call that must be refused with this code and these words, and leave the account as it was."""

    def refused(call, code, *words, status=None, **params):
        meta = call.__self__.meta
        service, regions = meta.service_model.service_name, {"us-east-1", meta.region_name}
        before = account(service, regions)
        with pytest.raises(ClientError) as caught:
            call(**params)
        error, meta = caught.value.response["Error"], caught.value.response["ResponseMetadata"]
        assert error["Code"] == code, error
        for word in words:
            assert str(word) in error["Message"], error
        assert len(meta["RequestId"]) == 36
        assert meta["HTTPStatusCode"] == (status or 400)
        assert account(service, regions) == before
        return caught.value

    return refused
