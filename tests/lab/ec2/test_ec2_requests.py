"""What is common to EC2's requests: ids, filters, tags, client tokens, Regions and zones, networks."""

import pytest
from conftest import client


@pytest.mark.parametrize(
    "call, params, code",
    [
        ("describe_instances", {"InstanceIds": ["web"]}, "InvalidInstanceID.Malformed"),
        ("describe_volumes", {"VolumeIds": ["data"]}, "InvalidParameterValue"),
        ("describe_images", {"ImageIds": ["linux"]}, "InvalidAMIID.Malformed"),
        ("describe_subnets", {"SubnetIds": ["a"]}, "InvalidSubnetID.Malformed"),
        ("delete_snapshot", {"SnapshotId": "backup"}, "InvalidSnapshotID.Malformed"),
        ("delete_vpc", {"VpcId": "mine"}, "InvalidVpcID.Malformed"),
    ],
)
def test_ids_that_are_none(ec2, refused, call, params, code):
    """Malformed comes before NotFound."""
    refused(getattr(ec2, call), code, **params)


def test_filters(ec2, refused, launch):
    """A filter of the operation, a tag, and neither."""
    launch()
    every = {"Filters": [{"Name": "instance-state-name", "Values": ["running"]}]}
    assert len(ec2.describe_instances(**every)["Reservations"]) == 1
    assert ec2.describe_instances(Filters=[{"Name": "tag:team", "Values": ["web"]}])["Reservations"] == []
    wrong = {"Filters": [{"Name": "colour", "Values": ["red"]}]}
    refused(ec2.describe_instances, "InvalidParameterValue", "colour", **wrong)
    refused(ec2.describe_volumes, "InvalidParameterValue", "colour", **wrong)


def test_tags(ec2, refused, launch):
    """On what is there, with keys that are not AWS's."""
    instance, tag = launch(), [{"Key": "team", "Value": "web"}]
    ec2.create_tags(Resources=[instance], Tags=tag)
    for resource, code in (
        ("i-0123456789abcdef0", "InvalidInstanceID.NotFound"),
        ("vol-0123456789abcdef0", "InvalidVolume.NotFound"),
        ("subnet-0123456789abcdef0", "InvalidSubnetID.NotFound"),
    ):
        refused(ec2.create_tags, code, resource, Resources=[instance, resource], Tags=tag)
    own = [{"Key": "aws:team", "Value": "web"}]
    refused(ec2.create_tags, "InvalidParameterValue", "reserved", Resources=[instance], Tags=own)
    specified = [{"ResourceType": "volume", "Tags": own}]
    size = {"AvailabilityZone": "us-east-1a", "Size": 1}
    refused(ec2.create_volume, "InvalidParameterValue", "reserved", TagSpecifications=specified, **size)


def test_client_tokens(ec2, refused, image):
    """The same again gives the same; something else is refused; what has ended is not started again."""
    given = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "ClientToken": "once"}
    first = ec2.run_instances(**given)["Instances"][0]["InstanceId"]
    assert ec2.run_instances(**given)["Instances"][0]["InstanceId"] == first
    refused(ec2.run_instances, "IdempotentParameterMismatch", **{**given, "InstanceType": "t3.small"})
    assert ec2.run_instances(**{**given, "ClientToken": "twice"})["Instances"][0]["InstanceId"] != first
    ec2.terminate_instances(InstanceIds=[first])
    refused(ec2.run_instances, "IdempotentInstanceTerminated", **given)
    volume = {"AvailabilityZone": "us-east-1a", "Size": 1, "ClientToken": "v"}
    assert ec2.create_volume(**volume)["VolumeId"] == ec2.create_volume(**volume)["VolumeId"]


def test_regions(ec2, refused):
    """Seventeen are enabled, the others to opt in to; names and filters find one."""
    enabled = ec2.describe_regions()["Regions"]
    assert len(enabled) == 17 and {one["OptInStatus"] for one in enabled} == {"opt-in-not-required"}
    every = {one["RegionName"]: one["OptInStatus"] for one in ec2.describe_regions(AllRegions=True)["Regions"]}
    assert len(every) > 30 and every["af-south-1"] == "not-opted-in"
    north = ec2.describe_regions(Filters=[{"Name": "endpoint", "Values": ["*north-1*"]}])["Regions"]
    assert [one["RegionName"] for one in north] == ["eu-north-1"]
    refused(ec2.describe_regions, "InvalidParameterValue", "us-east-9", RegionNames=["us-east-9"])


def test_zones(ec2, refused):
    """Those of the Region only, with all that AWS says of them."""
    zones = ec2.describe_availability_zones(ZoneNames=["us-east-1b"])["AvailabilityZones"]
    assert zones[0]["NetworkBorderGroup"] == "us-east-1" and zones[0]["OptInStatus"] == "opt-in-not-required"
    by_id = ec2.describe_availability_zones(ZoneIds=[zones[0]["ZoneId"]])["AvailabilityZones"]
    assert [one["ZoneName"] for one in by_id] == ["us-east-1b"]
    refused(ec2.describe_availability_zones, "InvalidParameterValue", "eu-west-1a", ZoneNames=["eu-west-1a"])
    refused(ec2.describe_availability_zones, "InvalidParameterValue", "use1-az99", ZoneIds=["use1-az99"])


def test_networks(ec2, refused, elsewhere_subnets, image):
    """Five VPCs a Region with the default one; a subnet goes when nothing is in it."""
    for n in range(3):
        ec2.create_vpc(CidrBlock=f"10.{n + 1}.0.0/16")
    refused(ec2.create_vpc, "VpcLimitExceeded", CidrBlock="10.9.0.0/16")
    client("ec2", "eu-west-1").create_vpc(CidrBlock="10.9.0.0/16")
    one = ec2.run_instances(
        ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=elsewhere_subnets[0]
    )["Instances"][0]["InstanceId"]
    refused(ec2.delete_subnet, "DependencyViolation", SubnetId=elsewhere_subnets[0])
    ec2.delete_subnet(SubnetId=elsewhere_subnets[1])
    ec2.terminate_instances(InstanceIds=[one])
    ec2.delete_subnet(SubnetId=elsewhere_subnets[0])


def test_launch_template_versions(ec2, refused, image):
    """A new version begins with the one it names; one that is not there is refused."""
    ec2.create_launch_template(
        LaunchTemplateName="web", LaunchTemplateData={"ImageId": image, "InstanceType": "t3.micro"}
    )
    small = {"LaunchTemplateName": "web", "LaunchTemplateData": {"InstanceType": "t3.small"}}
    made = ec2.create_launch_template_version(SourceVersion="1", **small)["LaunchTemplateVersion"]
    assert made["LaunchTemplateData"] == {"ImageId": image, "InstanceType": "t3.small"}
    alone = ec2.create_launch_template_version(**small)["LaunchTemplateVersion"]
    assert alone["LaunchTemplateData"] == {"InstanceType": "t3.small"}
    refused(ec2.create_launch_template_version, "InvalidLaunchTemplateId.VersionNotFound", SourceVersion="9", **small)


def test_images_of_ones_own(ec2, refused, launch):
    """Names with allowed characters, once."""
    instance = launch()
    image = ec2.create_image(InstanceId=instance, Name="golden (1)")["ImageId"]
    refused(ec2.create_image, "InvalidAMIName.Duplicate", image, InstanceId=instance, Name="golden (1)")
    refused(ec2.create_image, "InvalidAMIName.Malformed", InstanceId=instance, Name="golden*")
    client("ec2", "eu-west-1").copy_image(SourceRegion="us-east-1", SourceImageId=image, Name="golden (1)")


def test_snapshots_with_the_default_key(ec2, refused, volume):
    """Not shared; with a key of one's own they are, but never with everybody."""
    sharing = {"Attribute": "createVolumePermission", "OperationType": "add"}
    managed = ec2.create_snapshot(VolumeId=volume(Encrypted=True))["SnapshotId"]
    one = {"SnapshotId": managed, "UserIds": ["210987654321"], **sharing}
    refused(ec2.modify_snapshot_attribute, "OperationNotPermitted", "default key", **one)
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    own = ec2.create_snapshot(VolumeId=volume(Encrypted=True, KmsKeyId=key))["SnapshotId"]
    ec2.modify_snapshot_attribute(SnapshotId=own, UserIds=["210987654321"], **sharing)
    everybody = {"SnapshotId": own, "GroupNames": ["all"], **sharing}
    refused(ec2.modify_snapshot_attribute, "OperationNotPermitted", "publicly", **everybody)


def test_tier_status_of_ones_own(ec2, volume):
    """Not of the snapshots behind Amazon's images."""
    made = ec2.create_snapshot(VolumeId=volume())["SnapshotId"]
    assert [one["SnapshotId"] for one in ec2.describe_snapshot_tier_status()["SnapshotTierStatuses"]] == [made]


def test_nothing_changes_twice(ec2, launch):
    """Stopping what is stopped and starting what runs says so."""
    instance = launch()
    started = ec2.start_instances(InstanceIds=[instance])["StartingInstances"][0]
    assert started["CurrentState"]["Name"] == "running"
    assert ec2.stop_instances(InstanceIds=[instance])["StoppingInstances"][0]["CurrentState"]["Name"] == "stopping"
    assert ec2.stop_instances(InstanceIds=[instance])["StoppingInstances"][0]["CurrentState"]["Name"] == "stopped"


def test_kinds_of_keys(ec2):
    """rsa unless said otherwise, and the public key on demand."""
    ec2.create_key_pair(KeyName="a")
    ec2.create_key_pair(KeyName="b", KeyType="ed25519")
    pairs = {one["KeyName"]: one for one in ec2.describe_key_pairs(IncludePublicKey=True)["KeyPairs"]}
    assert (pairs["a"]["KeyType"], pairs["b"]["KeyType"]) == ("rsa", "ed25519")
    assert pairs["b"]["PublicKey"].startswith("ssh-ed25519")
    assert "PublicKey" not in ec2.describe_key_pairs()["KeyPairs"][0]


def test_imdsv2_by_image(ec2, launch, image):
    """Amazon Linux 2023 asks for tokens; a launch may say otherwise; Ubuntu's own setting is not known here."""

    def options(instance):
        return ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]["MetadataOptions"]

    found = options(launch())
    assert (found["HttpTokens"], found["HttpPutResponseHopLimit"]) == ("required", 2)
    assert options(launch(MetadataOptions={"HttpTokens": "optional"}))["HttpTokens"] == "optional"


def test_hosts_show_their_instances(ec2, refused, image, subnets):
    """And one that is not there is refused."""
    host = ec2.allocate_hosts(InstanceType="m5.large", AvailabilityZone="us-east-1a", Quantity=1)["HostIds"][0]
    made = ec2.run_instances(
        ImageId=image, InstanceType="m5.large", MinCount=1, MaxCount=1, SubnetId=subnets[0], Placement={"HostId": host}
    )["Instances"][0]["InstanceId"]
    assert ec2.describe_hosts(HostIds=[host])["Hosts"][0]["Instances"][0]["InstanceId"] == made
    refused(ec2.describe_hosts, "InvalidHostID.NotFound", HostIds=["h-0123456789abcdef0"])


def test_another_profile(ec2, launch):
    """Does the instance show the profile that replaced the first?"""
    iam = client("iam")
    arns = [iam.create_instance_profile(InstanceProfileName=name)["InstanceProfile"]["Arn"] for name in ("one", "two")]
    instance = launch(IamInstanceProfile={"Name": "one"})
    association = ec2.describe_iam_instance_profile_associations()["IamInstanceProfileAssociations"][0]
    ec2.replace_iam_instance_profile_association(
        AssociationId=association["AssociationId"], IamInstanceProfile={"Name": "two"}
    )
    shown = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    assert shown["IamInstanceProfile"]["Arn"] == arns[1]
