"""The prepared accounts, and the views that checks compare."""

import boto3
import pytest

from course import lab
from course.storage import accounts


@pytest.fixture(autouse=True)
def account():
    lab.start()
    yield
    lab.stop()


def test_no_two_accounts_have_the_same_ids():
    """Can an answer that wrote down the ids of one account pass in the next?"""
    assert set(accounts.servers(count=3)).isdisjoint(accounts.servers(count=3))


def test_mixed_volumes_are_wrong_as_said_and_nothing_else_is():
    """Is each volume in the lists it belongs to, and are the ones in order in none?"""
    wrong = accounts.mixed_volumes(in_order=11)
    found = accounts.volumes()
    assert wrong["unattached"] == {one for one, volume in found.items() if not volume["Attachments"]}
    attached = {one: volume for one, volume in found.items() if volume["Attachments"]}
    assert wrong["unencrypted"] == {one for one, volume in attached.items() if not volume["Encrypted"]}
    assert wrong["gp2"] == {one for one, volume in attached.items() if volume["VolumeType"] == "gp2"}
    assert wrong["wasted_gib"] == sum(found[one]["Size"] for one in wrong["unattached"])
    assert len(found) > 17


def test_changes_are_told_by_kind_and_id():
    """Does the comparison see what was added, removed, altered and switched, and only that?"""
    (server,) = accounts.servers()
    volume = accounts.create_volume("us-east-1a", Size=8, VolumeType="gp3")
    gone = accounts.create_volume("us-east-1a", Size=8, VolumeType="gp3")
    before = accounts.inventory()
    assert accounts.changes(before) == {}
    ec2 = boto3.client("ec2")
    ec2.attach_volume(VolumeId=volume, InstanceId=server, Device="/dev/sdf")
    ec2.delete_volume(VolumeId=gone)
    snapshot = accounts.snapshot(volume)
    assert accounts.changes(before) == {"volumes": {volume, gone}, "snapshots": {snapshot}}
    assert accounts.changes(before, apart_from=["snapshots"]) == {"volumes": {volume, gone}}
    ec2.enable_ebs_encryption_by_default()
    ec2.stop_instances(InstanceIds=[server])
    assert {"encryption by default", "instances"} <= accounts.changes(before).keys()
    assert accounts.encrypting_regions() == {"us-east-1"}


def test_flags_of_attachments_are_no_change():
    """May an answer set DeleteOnTermination, which is what one exercise asks for?"""
    (server,) = accounts.servers()
    before = accounts.inventory()
    flags = [{"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": False}}]
    boto3.client("ec2").modify_instance_attribute(InstanceId=server, BlockDeviceMappings=flags)
    assert accounts.changes(before) == {}


def test_what_is_left_after_a_termination():
    """Are survivors told, and is an instance that does not run or is protected answered with nothing?"""
    (server,) = accounts.servers(scratch="/dev/sdb")
    _, root = accounts.root_device(server)
    flags = [{"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": False}}]
    ec2 = boto3.client("ec2")
    ec2.modify_instance_attribute(InstanceId=server, BlockDeviceMappings=flags)
    assert accounts.left_after_terminating(server) == {root}
    assert accounts.left_after_terminating(server) == set()
    (server,) = accounts.servers()
    ec2.modify_instance_attribute(InstanceId=server, DisableApiTermination={"Value": True})
    assert accounts.left_after_terminating(server) == set()
    assert accounts.state(server) == "running"


@pytest.mark.parametrize("odd", [None, 7, "", "vol-1", ["vol-1"], {}])
def test_an_odd_result_of_an_answer_is_no_volume_and_no_file_system(odd):
    """Do views take whatever a learner returned?"""
    accounts.empty()
    assert accounts.volume(odd) == {}
    assert accounts.shape(odd) == (None,) * 4
    assert accounts.attachments(odd) == {}
    assert accounts.file_system(odd) == {}


def test_who_may_reach_a_file_system_is_told_for_each_zone():
    """Does a mount target that lets everybody in hide behind one that does not?"""
    network = accounts.web_network()
    efs, ec2 = boto3.client("efs"), boto3.client("ec2")
    made = efs.create_file_system(Encrypted=True)["FileSystemId"]
    open_group = ec2.create_security_group(GroupName="open", Description="open", VpcId=network["vpc"])["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=open_group, IpPermissions=[rule])
    for zone, group in (("us-east-1a", network["web"]), ("us-east-1b", open_group)):
        efs.create_mount_target(FileSystemId=made, SubnetId=network["subnets"][zone], SecurityGroups=[group])
    clients = accounts.file_system(made)["clients"]
    assert clients == {"us-east-1a": set(), "us-east-1b": {("0.0.0.0/0", "tcp", 2049, 2049)}}
