"""Placement groups."""

import pytest


@pytest.fixture
def group(ec2):
    """Create a group and give its name."""

    def group(strategy="spread", name="apart", **more):
        ec2.create_placement_group(GroupName=name, Strategy=strategy, **more)
        return name

    return group


@pytest.fixture
def into(ec2, image):
    """Launch into a group: the parameters, and the launch."""

    def parameters(name="apart", zone="us-east-1a", least=1, most=None, kind="m5.large", **placement):
        return {
            "ImageId": image,
            "InstanceType": kind,
            "MinCount": least,
            "MaxCount": most or least,
            "Placement": {"GroupName": name, "AvailabilityZone": zone, **placement},
        }

    def into(*args, **more):
        return ec2.run_instances(**parameters(*args, **more))["Instances"]

    into.parameters = parameters
    return into


def test_create_describe_delete(ec2, group, refused):
    """Is a group described as it was made, by name and by filter, until it is deleted?"""
    tags = [{"ResourceType": "placement-group", "Tags": [{"Key": "team", "Value": "db"}]}]
    made = ec2.create_placement_group(GroupName="racks", Strategy="partition", PartitionCount=3, TagSpecifications=tags)
    shown = made["PlacementGroup"]
    assert (shown["State"], shown["Strategy"], shown["PartitionCount"]) == ("available", "partition", 3)
    assert shown["GroupId"].startswith("pg-")
    group("cluster", "close")
    assert ec2.describe_placement_groups(GroupNames=["racks"])["PlacementGroups"] == [shown]
    for one in ({"Name": "strategy", "Values": ["partition"]}, {"Name": "tag:team", "Values": ["db"]}):
        assert ec2.describe_placement_groups(Filters=[one])["PlacementGroups"] == [shown]
    refused(ec2.describe_placement_groups, "InvalidPlacementGroup.Unknown", "far", GroupNames=["far"])
    ec2.delete_placement_group(GroupName="racks")
    refused(ec2.delete_placement_group, "InvalidPlacementGroup.Unknown", "racks", GroupName="racks")


@pytest.mark.parametrize(
    "bad, code, word",
    [
        ({"Strategy": "scatter"}, "InvalidParameterValue", "scatter"),
        ({"Strategy": "partition", "PartitionCount": 8}, "InvalidParameterValue", "1 to 7"),
        ({"Strategy": "partition", "PartitionCount": 0}, "InvalidParameterValue", "1 to 7"),
        ({"Strategy": "spread", "PartitionCount": 2}, "InvalidParameterCombination", "partitionCount"),
        ({"Strategy": "spread", "SpreadLevel": "host"}, "InvalidParameterCombination", "Outpost"),
        ({"Strategy": "cluster", "SpreadLevel": "rack"}, "InvalidParameterCombination", "spread"),
        ({"GroupName": "x" * 256, "Strategy": "cluster"}, "InvalidParameterValue", "255"),
        ({"GroupName": "old", "Strategy": "cluster"}, "InvalidPlacementGroup.Duplicate", "'old' already exists"),
        ({}, "MissingParameter", "strategy"),
    ],
)
def test_impossible_groups(ec2, group, refused, bad, code, word):
    """Are unknown strategies, partitions and names refused?"""
    group("spread", "old")
    refused(ec2.create_placement_group, code, word, **{"GroupName": "new", **bad})


def test_possible_groups(ec2):
    """Are the neighbours accepted, and the fourth strategy?"""
    for number, good in enumerate(
        (
            {"Strategy": "partition", "PartitionCount": 7},
            {"Strategy": "partition", "PartitionCount": 1},
            {"Strategy": "spread", "SpreadLevel": "rack"},
            {"Strategy": "precision-time"},
        )
    ):
        assert ec2.create_placement_group(GroupName=f"g{number}", **good)
    assert ec2.create_placement_group(GroupName="x" * 255, Strategy="cluster")


def test_seven_running_in_a_zone(ec2, group, into, refused):
    """Is the eighth instance of a zone refused, another zone free, and does only a running one hold a place?"""
    group()
    first = into(least=7)[0]["InstanceId"]
    refused(ec2.run_instances, "InsufficientInstanceCapacity", "at most 7", **into.parameters())
    assert len(into(zone="us-east-1b", least=1, most=10)) == 7
    ec2.stop_instances(InstanceIds=[first])
    into()
    refused(ec2.start_instances, "InsufficientInstanceCapacity", "7 run", InstanceIds=[first])
    refused(ec2.run_instances, "InsufficientInstanceCapacity", **into.parameters("apart", "us-east-1c", 8))


def test_a_cluster_stays_in_one_zone(ec2, group, into, refused):
    """Is a second zone refused while the first is in use, and a type that clusters do not take?"""
    group("cluster", "close")
    (one,) = into("close")
    refused(ec2.run_instances, "InvalidPlacementGroup.InUse", "us-east-1a", **into.parameters("close", "us-east-1b"))
    wrong = into.parameters("close", kind="t3.micro")
    refused(ec2.run_instances, "InvalidParameterCombination", "Cluster", "t3.micro", **wrong)
    into("close", least=9)
    ids = [found["InstanceId"] for many in ec2.describe_instances()["Reservations"] for found in many["Instances"]]
    assert one["InstanceId"] in ids
    ec2.terminate_instances(InstanceIds=ids)
    into("close", "us-east-1b")


def test_partitions(ec2, group, into, refused):
    """Does an instance go into the partition it names, else into the emptiest, and show it?"""
    group("partition", "racks", PartitionCount=3)
    numbers = [one["Placement"]["PartitionNumber"] for one in into("racks", least=6)]
    assert sorted(numbers) == [1, 1, 2, 2, 3, 3]
    (one,) = into("racks", PartitionNumber=2)
    assert (one["Placement"]["GroupName"], one["Placement"]["PartitionNumber"]) == ("racks", 2)
    code = "InvalidParameterValue"
    refused(ec2.run_instances, code, "1 to 3", **into.parameters("racks", PartitionNumber=4))
    group()
    refused(ec2.run_instances, "InvalidParameterCombination", "partition", **into.parameters(PartitionNumber=1))


def test_launch_and_delete(ec2, group, into, image, refused):
    """Is an unknown group refused, dedicated tenancy in a spread group, and deleting a group in use?"""
    refused(ec2.run_instances, "InvalidPlacementGroup.Unknown", "apart", **into.parameters())
    group()
    refused(ec2.run_instances, "InvalidParameterCombination", "dedicated", **into.parameters(Tenancy="dedicated"))
    (one,) = into()
    refused(ec2.delete_placement_group, "InvalidPlacementGroup.InUse", "apart", GroupName="apart")
    ec2.terminate_instances(InstanceIds=[one["InstanceId"]])
    ec2.delete_placement_group(GroupName="apart")


def test_a_launch_template_names_the_group(ec2, group, into):
    """Does the placement of a template count?"""
    group()
    wanted = into.parameters()
    counts = {name: wanted.pop(name) for name in ("MinCount", "MaxCount")}
    ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=wanted)
    (one,) = ec2.run_instances(LaunchTemplate={"LaunchTemplateName": "web"}, **counts)["Instances"]
    assert one["Placement"]["GroupName"] == "apart"


def test_move(ec2, group, launch, refused):
    """Does only a stopped instance move into a group, and out of it?"""
    group()
    server = launch()
    wanted = {"InstanceId": server, "GroupName": "apart"}
    refused(ec2.modify_instance_placement, "IncorrectInstanceState", "stopped", **wanted)
    ec2.stop_instances(InstanceIds=[server])
    refused(ec2.modify_instance_placement, "InvalidPlacementGroup.Unknown", "b", InstanceId=server, GroupName="b")
    refused(ec2.modify_instance_placement, "MissingParameter", "groupName", InstanceId=server)
    ec2.modify_instance_placement(**wanted)

    def placement():
        return ec2.describe_instances(InstanceIds=[server])["Reservations"][0]["Instances"][0]["Placement"]

    assert placement()["GroupName"] == "apart"
    ec2.modify_instance_placement(InstanceId=server, GroupName="")
    assert not placement().get("GroupName")
