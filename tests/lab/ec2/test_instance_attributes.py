"""Changing instances."""

import base64

import pytest


@pytest.fixture
def shown(ec2):
    return lambda server: ec2.describe_instances(InstanceIds=[server])["Reservations"][0]["Instances"][0]


@pytest.mark.parametrize(
    "change",
    [
        {"InstanceType": {"Value": "t3.small"}},
        {"Attribute": "instanceType", "Value": "t3.small"},
        {"UserData": {"Value": b"#!/bin/sh"}},
        {"EbsOptimized": {"Value": True}},
    ],
)
def test_only_while_stopped(ec2, launch, refused, change):
    """Is a change refused while the instance runs, and accepted once it is stopped?"""
    server = launch()
    refused(ec2.modify_instance_attribute, "IncorrectInstanceState", server, "'stopped'", InstanceId=server, **change)
    ec2.stop_instances(InstanceIds=[server])
    ec2.modify_instance_attribute(InstanceId=server, **change)


def test_values(ec2, launch, shown, refused):
    """Are an unknown type, another architecture, too much user data and two attributes refused?"""
    server, change = launch(), ec2.modify_instance_attribute
    ec2.stop_instances(InstanceIds=[server])

    def kind(name):
        return {"InstanceId": server, "InstanceType": {"Value": name}}

    refused(change, "InvalidInstanceAttributeValue", "t9.micro", **kind("t9.micro"))
    refused(change, "InvalidInstanceAttributeValue", "'arm64'", **kind("t4g.small"))
    refused(change, "InvalidParameterValue", "16384", InstanceId=server, UserData={"Value": b"#" * 16385})
    refused(change, "InvalidParameterCombination", "multiple", **kind("t3.small"), UserData={"Value": b"#"})
    change(InstanceId=server, UserData={"Value": b"#" * 16384})
    found = ec2.describe_instance_attribute(InstanceId=server, Attribute="userData")["UserData"]["Value"]
    assert base64.b64decode(found) == b"#" * 16384
    change(**kind("t3.small"))
    assert shown(server)["InstanceType"] == "t3.small"
    ec2.terminate_instances(InstanceIds=[server])
    refused(change, "IncorrectInstanceState", server, InstanceId=server, SourceDestCheck={"Value": False})


def test_shutdown_behaviour_leaves_the_groups(ec2, launch, shown, refused):
    """Does a change of the shutdown behaviour change nothing else?"""
    server, change = launch(), ec2.modify_instance_attribute
    before = shown(server)["SecurityGroups"]
    change(InstanceId=server, InstanceInitiatedShutdownBehavior={"Value": "terminate"})
    found = ec2.describe_instance_attribute(InstanceId=server, Attribute="instanceInitiatedShutdownBehavior")
    assert found["InstanceInitiatedShutdownBehavior"]["Value"] == "terminate"
    assert shown(server)["SecurityGroups"] == before
    refused(
        change,
        "InvalidInstanceAttributeValue",
        "reboot",
        InstanceId=server,
        InstanceInitiatedShutdownBehavior={"Value": "reboot"},
    )
    change(InstanceId=server, SourceDestCheck={"Value": False})
