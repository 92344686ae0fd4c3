"""Answers to the exercises on Multi-Attach."""

from __future__ import annotations

from tests.answers import Answers, Right, Wrong


def _cluster_volume(
    zone: str = 'found["Placement"]["AvailabilityZone"]',
    size: str = "size_gib",
    settings: str = 'VolumeType="io2", Iops=1000, MultiAttachEnabled=True',
    over: str = "instance_ids",
) -> str:
    """The usual way to a shared volume, with one thing done otherwise."""
    return f"""
def shared_volume(instance_ids, size_gib):
    found = ec2.describe_instances(InstanceIds=instance_ids)["Reservations"][0]["Instances"][0]
    volume = ec2.create_volume(AvailabilityZone={zone}, Size={size}, {settings})
    for instance_id in {over}:
        ec2.attach_volume(VolumeId=volume["VolumeId"], InstanceId=instance_id, Device="/dev/sdf")
    return volume["VolumeId"]
"""


_CLUSTER = Answers(
    wrong=[
        Wrong(
            "stops the instances before it attaches",
            refused_by="Size and IOPS are those that were asked for",
            code=_cluster_volume(
                over='instance_ids + ec2.stop_instances(InstanceIds=instance_ids)["StoppingInstances"][:0]'
            ),
        ),
        Wrong(
            "leaves a second volume over",
            refused_by="Size and IOPS are those that were asked for",
            code=_cluster_volume(
                over='[i for i in instance_ids if ec2.create_volume(AvailabilityZone=volume["AvailabilityZone"], Size=9)]'
            ),
        ),
        Wrong(
            "forgets to ask for Multi-Attach",
            refused_by="A volume serves several instances only if it was created for that",
            code=_cluster_volume(settings='VolumeType="io2", Iops=1000'),
        ),
        Wrong(
            "takes io1, which has no I/O fencing",
            refused_by="Multi-Attach with I/O fencing needs io2",
            code=_cluster_volume(settings='VolumeType="io1", Iops=1000, MultiAttachEnabled=True'),
        ),
        Wrong(
            "makes a volume for each instance",
            refused_by="A volume serves several instances only if it was created for that",
            code="""
def shared_volume(instance_ids, size_gib):
    found = ec2.describe_instances(InstanceIds=instance_ids)["Reservations"][0]["Instances"][0]
    for instance_id in instance_ids:
        volume = ec2.create_volume(
            AvailabilityZone=found["Placement"]["AvailabilityZone"], Size=size_gib, VolumeType="io2", Iops=1000
        )
        ec2.attach_volume(VolumeId=volume["VolumeId"], InstanceId=instance_id, Device="/dev/sdf")
    return volume["VolumeId"]
""",
        ),
        Wrong(
            "attaches it to two instances, as in the example",
            refused_by="All instances of the cluster get the volume, in whichever Availability Zone they are",
            code=_cluster_volume(over="instance_ids[:2]"),
        ),
        Wrong(
            "writes the zone of the example into the function",
            refused_by="All instances of the cluster get the volume, in whichever Availability Zone they are",
            code=_cluster_volume(zone='"us-east-1b"'),
        ),
        Wrong(
            "writes the size of the example into the function",
            refused_by="Size and IOPS are those that were asked for",
            code=_cluster_volume(size="100"),
        ),
        Wrong(
            "makes the IOPS follow the size",
            refused_by="Size and IOPS are those that were asked for",
            code=_cluster_volume(settings='VolumeType="io2", Iops=10 * size_gib, MultiAttachEnabled=True'),
        ),
        Wrong(
            "attaches it to every instance of the account",
            refused_by="All instances of the cluster get the volume, in whichever Availability Zone they are",
            code=_cluster_volume(
                over='[i["InstanceId"] for r in ec2.describe_instances()["Reservations"] for i in r["Instances"]]'
            ),
        ),
    ],
    right=[
        Right(
            "uses boto3's resources",
            code="""
def shared_volume(instance_ids, size_gib):
    resource = boto3.resource("ec2")
    instances = [resource.Instance(instance_id) for instance_id in instance_ids]
    volume = resource.create_volume(
        AvailabilityZone=instances[0].placement["AvailabilityZone"],
        Size=size_gib,
        VolumeType="io2",
        Iops=1000,
        MultiAttachEnabled=True,
    )
    for instance in instances:
        instance.attach_volume(VolumeId=volume.id, Device="/dev/sdf")
    return volume.id
""",
        ),
        Right(
            "attaches from the last instance to the first, and tags the volume",
            code="""
def shared_volume(instance_ids, size_gib):
    pages = ec2.get_paginator("describe_instances").paginate(InstanceIds=instance_ids)
    zones = {i["Placement"]["AvailabilityZone"] for p in pages for r in p["Reservations"] for i in r["Instances"]}
    (zone,) = zones
    volume_id = ec2.create_volume(
        AvailabilityZone=zone,
        Size=size_gib,
        VolumeType="io2",
        Iops=1_000,
        MultiAttachEnabled=True,
        TagSpecifications=[{"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": "cluster"}]}],
    )["VolumeId"]
    ec2.get_waiter("volume_available").wait(VolumeIds=[volume_id])
    for instance_id in reversed(instance_ids):
        ec2.attach_volume(Device="/dev/sdf", InstanceId=instance_id, VolumeId=volume_id)
    return volume_id
""",
        ),
        Right(
            "switches Multi-Attach on before the first attachment, and empties the list",
            code="""
def shared_volume(instance_ids, size_gib):
    (reservation, *_) = ec2.describe_instances(InstanceIds=instance_ids)["Reservations"]
    zone = reservation["Instances"][0]["Placement"]["AvailabilityZone"]
    volume_id = ec2.create_volume(AvailabilityZone=zone, Size=size_gib, VolumeType="io2", Iops=1000)["VolumeId"]
    ec2.modify_volume(VolumeId=volume_id, MultiAttachEnabled=True)
    while instance_ids:
        ec2.attach_volume(VolumeId=volume_id, InstanceId=instance_ids.pop(), Device="/dev/sdf")
    return volume_id
""",
        ),
    ],
)


ANSWERS = {
    "multi-attach-cluster": _CLUSTER,
}
