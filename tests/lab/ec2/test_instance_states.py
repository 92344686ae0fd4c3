"""Start, stop, reboot, terminate."""

import pytest


@pytest.fixture
def state(ec2):
    """The state of an instance."""

    def state(instance):
        (found,) = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"]
        return found["State"]["Name"]

    return state


def test_a_terminated_instance_stays_so(ec2, launch, state, refused):
    """Can it neither start nor stop, and does a reboot or a second termination change nothing?"""
    gone, ids = launch(), {}
    ids["InstanceIds"] = [gone]
    ec2.terminate_instances(**ids)
    refused(ec2.start_instances, "IncorrectInstanceState", gone, "started", **ids)
    refused(ec2.stop_instances, "IncorrectInstanceState", gone, "stopped", **ids)
    ec2.reboot_instances(**ids)
    ec2.terminate_instances(**ids)
    assert state(gone) == "terminated"


def test_said_twice(ec2, launch, state):
    """Are start and stop idempotent, with the public address kept?"""
    server = launch()

    def public():
        return ec2.describe_instances()["Reservations"][0]["Instances"][0].get("PublicIpAddress")

    before = public()
    ec2.start_instances(InstanceIds=[server])
    assert public() == before
    ec2.stop_instances(InstanceIds=[server])
    ec2.stop_instances(InstanceIds=[server])
    assert state(server) == "stopped"
    ec2.start_instances(InstanceIds=[server])
    ec2.reboot_instances(InstanceIds=[server])
    assert state(server) == "running"


def test_reboot_needs_a_running_instance(ec2, launch, refused):
    """Is a stopped instance not started by a reboot?"""
    server = launch()
    ec2.stop_instances(InstanceIds=[server])
    refused(ec2.reboot_instances, "IncorrectState", server, InstanceIds=[server])


@pytest.mark.parametrize("name", ["start_instances", "stop_instances", "reboot_instances", "terminate_instances"])
def test_ids(ec2, launch, refused, name):
    """Does an unknown or malformed id stop the whole call?"""
    call, server = getattr(ec2, name), launch()
    unknown = "i-0123456789abcdef0"
    refused(call, "InvalidInstanceID.NotFound", f"'{unknown}' does not exist", InstanceIds=[server, unknown])
    refused(call, "InvalidInstanceID.Malformed", "server", InstanceIds=[server, "server"])


def test_protection(ec2, launch, state, refused):
    """Does one protected instance keep the whole call from ending any, in either way of setting it?"""
    free, kept, typed = launch(), launch(DisableApiTermination=True), launch()
    ec2.modify_instance_attribute(InstanceId=typed, Attribute="disableApiTermination", Value="true")
    terminate, code = ec2.terminate_instances, "OperationNotPermitted"
    refused(terminate, code, kept, "disableApiTermination", InstanceIds=[free, kept])
    refused(terminate, code, typed, InstanceIds=[typed])
    ec2.stop_instances(InstanceIds=[kept])
    ec2.modify_instance_attribute(InstanceId=kept, DisableApiTermination={"Value": False})
    terminate(InstanceIds=[free, kept])
    assert state(kept) == "terminated"
    held = launch(DisableApiStop=True)
    refused(ec2.stop_instances, code, held, "disableApiStop", InstanceIds=[held])
    ec2.terminate_instances(InstanceIds=[held])


def test_a_one_time_spot_instance_cannot_stop(ec2, image, launch, spot_request, refused):
    """Is the stop refused for a one-time request, and accepted for a persistent one?"""
    once = launch(InstanceMarketOptions={"MarketType": "spot"})
    refused(ec2.stop_instances, "UnsupportedOperation", "one-time", InstanceIds=[once])
    wanted = {"ImageId": image, "InstanceType": "t3.micro"}
    request = spot_request(LaunchSpecification=wanted, Type="persistent")
    ec2.stop_instances(InstanceIds=[request["InstanceId"]])
    options = {"MarketType": "spot", "SpotOptions": {"SpotInstanceType": "persistent"}}
    ec2.stop_instances(InstanceIds=[launch(InstanceMarketOptions=options)])
    refused(
        ec2.modify_instance_attribute,
        "UnsupportedOperation",
        once,
        InstanceId=once,
        DisableApiTermination={"Value": True},
    )
