"""Dedicated Hosts."""

import pytest

GOOD = {"AvailabilityZone": "us-east-1a", "InstanceType": "m5.large", "Quantity": 1, "AutoPlacement": "on"}


@pytest.fixture
def host(ec2):
    """Allocate a host and give its id."""
    return lambda **more: ec2.allocate_hosts(**{**GOOD, **more})["HostIds"][0]


@pytest.fixture
def asked(image):
    """A launch with this placement."""

    def asked(kind="m5.large", zone="us-east-1a", **placement):
        where = {"AvailabilityZone": zone, **placement}
        return {"ImageId": image, "InstanceType": kind, "MinCount": 1, "MaxCount": 1, "Placement": where}

    return asked


@pytest.mark.parametrize(
    "bad, code, word",
    [
        ({"AvailabilityZone": None}, "MissingParameter", "availabilityZone"),
        ({"AvailabilityZone": "us-east-1x"}, "InvalidParameterValue", "us-east-1x"),
        ({"InstanceType": None}, "MissingParameter", "instanceFamily"),
        ({"InstanceFamily": "m5"}, "InvalidParameterCombination", "not both"),
        ({"InstanceType": "m99.large"}, "InvalidParameterValue", "m99.large"),
        ({"InstanceType": "t2.micro"}, "UnsupportedHostConfiguration", "t2.micro"),
        ({"Quantity": 0}, "InvalidParameterValue", "quantity"),
        ({"AutoPlacement": "maybe"}, "InvalidParameterValue", "on or off"),
    ],
)
def test_impossible_hosts(ec2, refused, bad, code, word):
    """Is the host refused?"""
    wanted = {name: what for name, what in {**GOOD, **bad}.items() if what is not None}
    refused(ec2.allocate_hosts, code, word, **wanted)


def test_instances_on_a_host(ec2, host, asked, refused):
    """Does host tenancy need a host of the type in the zone, and show it?"""
    refused(ec2.run_instances, "InsufficientHostCapacity", "m5.large", **asked(Tenancy="host"))
    one = host()
    refused(ec2.run_instances, "InvalidHostConfiguration", "us-east-1b", **asked(zone="us-east-1b", HostId=one))
    refused(ec2.run_instances, "InvalidHostConfiguration", "m5.xlarge", **asked("m5.xlarge", HostId=one))
    refused(ec2.run_instances, "InvalidParameterCombination", "dedicated", **asked(HostId=one, Tenancy="dedicated"))
    refused(ec2.run_instances, "InvalidHostID.NotFound", "h-0abc", **asked(HostId="h-0abc"))
    for wanted in (asked(HostId=one), asked(Tenancy="host")):
        (made,) = ec2.run_instances(**wanted)["Instances"]
        assert (made["Placement"]["Tenancy"], made["Placement"]["HostId"]) == ("host", one)
    off = host(AutoPlacement="off", InstanceType="c5.large")
    refused(ec2.run_instances, "InsufficientHostCapacity", "c5.large", **asked("c5.large", Tenancy="host"))
    assert ec2.run_instances(**asked("c5.large", Tenancy="host", HostId=off))


def test_release(ec2, host, asked):
    """Does an occupied host stay until its instances end?"""
    one = host()
    (made,) = ec2.run_instances(**asked(HostId=one))["Instances"]
    failed = ec2.release_hosts(HostIds=[one, "h-0abc"])["Unsuccessful"]
    assert [found["Error"]["Code"] for found in failed] == [
        "Client.InvalidHost.Occupied",
        "Client.InvalidHost.NotFound",
    ]
    ec2.terminate_instances(InstanceIds=[made["InstanceId"]])
    assert ec2.release_hosts(HostIds=[one])["Successful"] == [one]


def test_unknown_host(ec2, refused):
    """Is a host that is not there named?"""
    refused(ec2.modify_hosts, "InvalidHostID.NotFound", "h-0abc", HostIds=["h-0abc"], AutoPlacement="off")
