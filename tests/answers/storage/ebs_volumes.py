"""Answers to the exercises on EBS volumes."""

from __future__ import annotations

from tests.answers import Answers, Right, Wrong

_BOUGHT = """{
        key: old[key]
        for key in {"gp3": ["Iops", "Throughput"], "io1": ["Iops"], "io2": ["Iops"]}.get(old["VolumeType"], [])
    }"""


def _data_volume(
    zone: str = 'found["Placement"]["AvailabilityZone"]',
    size: str = "size_gib",
    instance: str = "instance_id",
    first: str = "",
) -> str:
    """The usual way to a data volume, with one thing done otherwise."""
    return f"""
def add_data_volume(instance_id, size_gib):
    {first}
    found = ec2.describe_instances(InstanceIds=[{instance}])["Reservations"][0]["Instances"][0]
    volume = ec2.create_volume(AvailabilityZone={zone}, Size={size}, VolumeType="gp3")
    ec2.attach_volume(VolumeId=volume["VolumeId"], InstanceId={instance}, Device="/dev/sdf")
    return volume["VolumeId"]
"""


_CREATE = Answers(
    wrong=[
        Wrong(
            "takes the API's default type",
            refused_by="The type is asked for: the API's default is gp2",
            code="""
def add_data_volume(instance_id, size_gib):
    found = ec2.describe_instances(InstanceIds=[instance_id])
    zone = found["Reservations"][0]["Instances"][0]["Placement"]["AvailabilityZone"]
    volume = ec2.create_volume(AvailabilityZone=zone, Size=size_gib)
    ec2.attach_volume(VolumeId=volume["VolumeId"], InstanceId=instance_id, Device="/dev/sdf")
    return volume["VolumeId"]
""",
        ),
        Wrong(
            "writes the zone of the example into the function",
            refused_by="A volume is created in the instance's Availability Zone, whichever it is",
            code="""
def add_data_volume(instance_id, size_gib):
    volume = ec2.create_volume(AvailabilityZone="us-east-1a", Size=size_gib, VolumeType="gp3")
    ec2.attach_volume(VolumeId=volume["VolumeId"], InstanceId=instance_id, Device="/dev/sdf")
    return volume["VolumeId"]
""",
        ),
        Wrong(
            "creates the volume and never attaches it",
            refused_by="The volume is attached to the server as /dev/sdf",
            code="""
def add_data_volume(instance_id, size_gib):
    found = ec2.describe_instances(InstanceIds=[instance_id])
    zone = found["Reservations"][0]["Instances"][0]["Placement"]["AvailabilityZone"]
    return ec2.create_volume(AvailabilityZone=zone, Size=size_gib, VolumeType="gp3")["VolumeId"]
""",
        ),
        Wrong(
            "prints the id instead of returning it",
            refused_by="The volume is attached to the server as /dev/sdf",
            code="""
def add_data_volume(instance_id, size_gib):
    found = ec2.describe_instances(InstanceIds=[instance_id])
    zone = found["Reservations"][0]["Instances"][0]["Placement"]["AvailabilityZone"]
    volume = ec2.create_volume(AvailabilityZone=zone, Size=size_gib, VolumeType="gp3")
    ec2.attach_volume(VolumeId=volume["VolumeId"], InstanceId=instance_id, Device="/dev/sdf")
    print(volume["VolumeId"])
""",
        ),
        Wrong(
            "takes the size for decimal GB and converts it",
            refused_by="The volume has the size that was asked for",
            code="""
def add_data_volume(instance_id, size_gib):
    found = ec2.describe_instances(InstanceIds=[instance_id])
    zone = found["Reservations"][0]["Instances"][0]["Placement"]["AvailabilityZone"]
    size = round(size_gib * 1000**3 / 1024**3)
    volume = ec2.create_volume(AvailabilityZone=zone, Size=size, VolumeType="gp3")
    ec2.attach_volume(VolumeId=volume["VolumeId"], InstanceId=instance_id, Device="/dev/sdf")
    return volume["VolumeId"]
""",
        ),
        Wrong(
            "writes the size of the example into the function",
            refused_by="One volume of the asked size is made, and the server runs on",
            code=_data_volume(size="40"),
        ),
        Wrong(
            "takes the zone of the account's first instance",
            refused_by="A volume is created in the instance's Availability Zone, whichever it is",
            code=_data_volume(
                zone='ec2.describe_instances()["Reservations"][0]["Instances"][0]["Placement"]["AvailabilityZone"]'
            ),
        ),
        Wrong(
            "tries one zone after the other and leaves the volumes over",
            refused_by="One volume of the asked size is made, and the server runs on",
            code="""
def add_data_volume(instance_id, size_gib):
    for letter in "abcdef":
        volume = ec2.create_volume(AvailabilityZone=f"us-east-1{letter}", Size=size_gib, VolumeType="gp3")
        try:
            ec2.attach_volume(VolumeId=volume["VolumeId"], InstanceId=instance_id, Device="/dev/sdf")
            return volume["VolumeId"]
        except ec2.exceptions.ClientError:
            pass
""",
        ),
        Wrong(
            "makes a volume and attaches another one",
            refused_by="One volume of the asked size is made, and the server runs on",
            code="""
def add_data_volume(instance_id, size_gib):
    found = ec2.describe_instances(InstanceIds=[instance_id])
    zone = found["Reservations"][0]["Instances"][0]["Placement"]["AvailabilityZone"]
    made = [ec2.create_volume(AvailabilityZone=zone, Size=size_gib, VolumeType="gp3") for _ in range(2)]
    ec2.attach_volume(VolumeId=made[1]["VolumeId"], InstanceId=instance_id, Device="/dev/sdf")
    return made[1]["VolumeId"]
""",
        ),
        Wrong(
            "stops the server first and leaves it stopped",
            refused_by="One volume of the asked size is made, and the server runs on",
            code=_data_volume(first="ec2.stop_instances(InstanceIds=[instance_id])"),
        ),
        Wrong(
            "takes the notebook's server instead of the one that is given",
            refused_by="The volume is attached to the server as /dev/sdf",
            code=_data_volume(instance="server"),
        ),
    ],
    right=[
        Right(
            "uses boto3's resources instead of the client",
            code="""
def add_data_volume(instance_id, size_gib):
    resource = boto3.resource("ec2")
    instance = resource.Instance(instance_id)
    volume = resource.create_volume(
        AvailabilityZone=instance.placement["AvailabilityZone"], Size=size_gib, VolumeType="gp3"
    )
    volume.attach_to_instance(InstanceId=instance_id, Device="/dev/sdf")
    return volume.id
""",
        ),
        Right(
            "states the included performance, adds a tag and waits until the volume is there and in use",
            code="""
def add_data_volume(instance_id, size_gib):
    statuses = ec2.describe_instance_status(InstanceIds=[instance_id], IncludeAllInstances=True)["InstanceStatuses"]
    volume_id = ec2.create_volume(
        AvailabilityZone=statuses[0]["AvailabilityZone"],
        Size=size_gib,
        VolumeType="gp3",
        Iops=3000,
        Throughput=125,
        TagSpecifications=[{"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": "data"}]}],
    )["VolumeId"]
    ec2.get_waiter("volume_available").wait(VolumeIds=[volume_id])
    ec2.attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device="/dev/sdf")
    ec2.get_waiter("volume_in_use").wait(VolumeIds=[volume_id])
    return volume_id
""",
        ),
        Right(
            "finds the zone through the instance's subnet",
            code="""
def add_data_volume(instance_id, size_gib):
    instance = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
    (subnet,) = ec2.describe_subnets(SubnetIds=[instance["SubnetId"]])["Subnets"]
    volume = ec2.create_volume(AvailabilityZoneId=subnet["AvailabilityZoneId"], Size=size_gib, VolumeType="gp3")
    ec2.attach_volume(VolumeId=volume["VolumeId"], InstanceId=instance_id, Device="/dev/sdf")
    return volume["VolumeId"]
""",
        ),
        Right(
            "makes the default type, changes it to gp3 and waits in a loop",
            code="""
import time


def add_data_volume(instance_id, size_gib=8, *, device="/dev/sdf"):
    wanted = [{"Name": "instance-id", "Values": [instance_id]}]
    (found,) = [i for r in ec2.describe_instances(Filters=wanted)["Reservations"] for i in r["Instances"]]
    volume_id = ec2.create_volume(AvailabilityZone=found["Placement"]["AvailabilityZone"], Size=size_gib)["VolumeId"]
    ec2.modify_volume(VolumeId=volume_id, VolumeType="gp3")
    while ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]["State"] != "available":
        time.sleep(1)
    ec2.attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device=device)
    flag = {"DeviceName": device, "Ebs": {"DeleteOnTermination": True}}
    ec2.modify_instance_attribute(InstanceId=instance_id, BlockDeviceMappings=[flag])
    return volume_id
""",
        ),
    ],
)


def _moved(
    volume: str = "volume_id",
    zone: str = "zone",
    data: str = "SnapshotId=snapshot_id, ",
    bought: str = _BOUGHT,
    last: str = "",
) -> str:
    """The usual way to another zone, with one thing done otherwise."""
    return f"""
def move_to_zone(volume_id, zone):
    old = ec2.describe_volumes(VolumeIds=[{volume}])["Volumes"][0]
    snapshot_id = ec2.create_snapshot(VolumeId={volume})["SnapshotId"]
    bought = {bought}
    new = ec2.create_volume(
        {data}AvailabilityZone={zone}, Size=old["Size"], VolumeType=old["VolumeType"], **bought
    )["VolumeId"]
    {last}
    return new
"""


_MOVE = Answers(
    wrong=[
        Wrong(
            "deletes every old volume but gp3 ones",
            refused_by="Every type can be moved, HDD and Provisioned IOPS too",
            code=_moved(last='if old["VolumeType"] != "gp3": ec2.delete_volume(VolumeId=volume_id)'),
        ),
        Wrong(
            "leaves a volume in every Availability Zone",
            refused_by="Every type can be moved, HDD and Provisioned IOPS too",
            code=_moved(last='[ec2.create_volume(AvailabilityZone=f"us-east-1{z}", Size=1) for z in "abc"]'),
        ),
        Wrong(
            "knows no io1",
            refused_by="Every type can be moved, HDD and Provisioned IOPS too",
            code=_moved(
                bought='{"gp2": {}, "st1": {}, "sc1": {}, "io2": {"Iops": old["Iops"]}, "gp3": {"Iops": old["Iops"], "Throughput": old.get("Throughput")}}[old["VolumeType"]]'
            ),
        ),
        Wrong(
            "makes empty volumes of the HDD types",
            refused_by="Every type can be moved, HDD and Provisioned IOPS too",
            code=_moved(data='**({} if old["VolumeType"] == "st1" else {"SnapshotId": snapshot_id}), '),
        ),
        Wrong(
            "makes an empty volume of the same shape",
            refused_by="The new volume holds the old one's data",
            code="""
def move_to_zone(volume_id, zone):
    old = ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]
    bought = {key: old[key] for key in ("Iops", "Throughput") if old["VolumeType"] == "gp3"}
    return ec2.create_volume(AvailabilityZone=zone, Size=old["Size"], VolumeType=old["VolumeType"], **bought)["VolumeId"]
""",
        ),
        Wrong(
            "thinks that a snapshot remembers the bought performance",
            refused_by="Provisioned performance is not part of a snapshot",
            code="""
def move_to_zone(volume_id, zone):
    old = ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]
    snapshot_id = ec2.create_snapshot(VolumeId=volume_id)["SnapshotId"]
    ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[snapshot_id])
    return ec2.create_volume(
        SnapshotId=snapshot_id, AvailabilityZone=zone, Size=old["Size"], VolumeType=old["VolumeType"]
    )["VolumeId"]
""",
        ),
        Wrong(
            "passes the IOPS of gp2 too",
            refused_by="Only gp3, io1 and io2 take a number of IOPS",
            code="""
def move_to_zone(volume_id, zone):
    old = ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]
    snapshot_id = ec2.create_snapshot(VolumeId=volume_id)["SnapshotId"]
    ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[snapshot_id])
    bought = {key: old[key] for key in ("Iops", "Throughput") if key in old}
    return ec2.create_volume(
        SnapshotId=snapshot_id, AvailabilityZone=zone, Size=old["Size"], VolumeType=old["VolumeType"], **bought
    )["VolumeId"]
""",
        ),
        Wrong(
            "copies the volume directly, which stays in its zone",
            refused_by="A volume made from a snapshot can be in any Availability Zone of the Region",
            code="""
def move_to_zone(volume_id, zone):
    old = ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]
    bought = {key: old[key] for key in ("Iops", "Throughput") if old["VolumeType"] == "gp3"}
    return ec2.copy_volumes(SourceVolumeId=volume_id, VolumeType=old["VolumeType"], **bought)["Volumes"][0]["VolumeId"]
""",
        ),
        Wrong(
            "returns the snapshot's id",
            refused_by="A volume made from a snapshot can be in any Availability Zone of the Region",
            code="""
def move_to_zone(volume_id, zone):
    old = ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]
    snapshot_id = ec2.create_snapshot(VolumeId=volume_id)["SnapshotId"]
    bought = {key: old[key] for key in ("Iops", "Throughput") if old["VolumeType"] == "gp3"}
    ec2.create_volume(
        SnapshotId=snapshot_id, AvailabilityZone=zone, Size=old["Size"], VolumeType=old["VolumeType"], **bought
    )
    return snapshot_id
""",
        ),
        Wrong(
            "deletes the old volume at once",
            refused_by="The old volume is left where it is",
            code=_moved(last="ec2.delete_volume(VolumeId=volume_id)"),
        ),
        Wrong(
            "writes the zone of the example into the function",
            refused_by="Volume and Availability Zone are parameters",
            code=_moved(zone='"us-east-1d"'),
        ),
        Wrong(
            "makes an empty volume where the type is gp2",
            refused_by="Volume and Availability Zone are parameters",
            code=_moved(data='**({"SnapshotId": snapshot_id} if old["VolumeType"] != "gp2" else {}), '),
        ),
        Wrong(
            "takes the last volume of the account",
            refused_by="Volume and Availability Zone are parameters",
            code=_moved(volume='ec2.describe_volumes()["Volumes"][-1]["VolumeId"]'),
        ),
        Wrong(
            "passes the IOPS of every type but gp2",
            refused_by="Every type can be moved, HDD and Provisioned IOPS too",
            code=_moved(
                bought='{} if old["VolumeType"] == "gp2" else {"Iops": old["Iops"], "Throughput": old.get("Throughput", 0)}'
            ),
        ),
        Wrong(
            "buys IOPS for gp3 only, so io2 is refused",
            refused_by="Every type can be moved, HDD and Provisioned IOPS too",
            code=_moved(bought='{key: old[key] for key in ("Iops", "Throughput") if old["VolumeType"] == "gp3"}'),
        ),
        Wrong(
            "moves the notebook's volume instead of the one that is given",
            refused_by="The new volume holds the old one's data",
            code=_moved(volume='volume["VolumeId"]'),
        ),
    ],
    right=[
        Right(
            "asks the type for what it takes, and deletes the snapshot afterwards",
            code="""
def move_to_zone(volume_id, zone):
    (old,) = ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"]
    keys = {"gp3": ["Iops", "Throughput"], "io1": ["Iops"], "io2": ["Iops"]}.get(old["VolumeType"], [])
    snapshot_id = ec2.create_snapshot(VolumeId=volume_id, Description="on the way")["SnapshotId"]
    ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[snapshot_id])
    new = ec2.create_volume(
        SnapshotId=snapshot_id,
        AvailabilityZone=zone,
        Size=old["Size"],
        VolumeType=old["VolumeType"],
        Encrypted=old["Encrypted"],
        **{key: old[key] for key in keys},
    )["VolumeId"]
    ec2.get_waiter("volume_available").wait(VolumeIds=[new])
    ec2.delete_snapshot(SnapshotId=snapshot_id)
    return new
""",
        ),
        Right(
            "uses boto3's resources, and the size that the snapshot brings",
            code="""
def move_to_zone(volume_id, zone):
    resource = boto3.resource("ec2")
    old = resource.Volume(volume_id)
    snapshot = old.create_snapshot()
    snapshot.wait_until_completed()
    wanted = {"SnapshotId": snapshot.id, "AvailabilityZone": zone, "VolumeType": old.volume_type}
    if old.volume_type in {"gp3", "io1", "io2"}:
        wanted["Iops"] = old.iops
    if old.throughput:
        wanted["Throughput"] = old.throughput
    return resource.create_volume(**wanted).id
""",
        ),
        Right(
            "sets type and performance after the volume is made",
            code="""
def move_to_zone(volume_id, zone):
    old = ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]
    snapshot_id = ec2.create_snapshot(VolumeId=volume_id)["SnapshotId"]
    ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[snapshot_id])
    new = ec2.create_volume(SnapshotId=snapshot_id, AvailabilityZone=zone, VolumeType="gp3")["VolumeId"]
    wanted = {"VolumeType": old["VolumeType"]}
    if old["VolumeType"] in ("gp3", "io1", "io2"):
        wanted["Iops"] = old["Iops"]
    if old["VolumeType"] == "gp3":
        wanted["Throughput"] = old["Throughput"]
    ec2.modify_volume(VolumeId=new, **wanted)
    return new
""",
        ),
        Right(
            "makes the volume from a copy of the snapshot, which it deletes with the first",
            code="""
def move_to_zone(volume_id, zone):
    (old,) = ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"]
    first = ec2.create_snapshot(VolumeId=volume_id)["SnapshotId"]
    second = ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=first)["SnapshotId"]
    ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[first, second])
    bought = {} if old["VolumeType"] == "gp2" else {key: old[key] for key in ("Iops", "Throughput") if key in old}
    new = ec2.create_volume(SnapshotId=second, AvailabilityZone=zone, VolumeType=old["VolumeType"], **bought)["VolumeId"]
    for snapshot_id in (second, first):
        ec2.delete_snapshot(SnapshotId=snapshot_id)
    return new
""",
        ),
    ],
)


def _audit(
    volumes: str = 'ec2.describe_volumes()["Volumes"]',
    unattached: str = '[v["VolumeId"] for v in volumes if not v["Attachments"]]',
    wasted: str = 'sum(v["Size"] for v in volumes if not v["Attachments"])',
    unencrypted: str = '[v["VolumeId"] for v in attached if not v["Encrypted"]]',
    gp2: str = '[v["VolumeId"] for v in attached if v["VolumeType"] == "gp2"]',
    first: str = "",
    last: str = "",
) -> str:
    """The usual audit, with one thing done otherwise."""
    return f"""
{first}
def audit():
    volumes = {volumes}
    attached = [v for v in volumes if v["Attachments"]]
    found = {{"unattached": {unattached}, "wasted_gib": {wasted}, "unencrypted": {unencrypted}, "gp2": {gp2}}}
    {last}
    return found
"""


_AUDIT = Answers(
    wrong=[
        Wrong(
            "switches encryption by default on while it is there",
            refused_by="An audit changes nothing",
            code=_audit(last="ec2.enable_ebs_encryption_by_default()"),
        ),
        Wrong(
            "takes a snapshot of what it finds",
            refused_by="An audit changes nothing",
            code=_audit(last='[ec2.create_snapshot(VolumeId=v["VolumeId"]) for v in attached]'),
        ),
        Wrong(
            "reads only the first page of eight volumes",
            refused_by="The audit reads the account it is run in",
            code=_audit(volumes='ec2.describe_volumes(MaxResults=8)["Volumes"]'),
        ),
        Wrong(
            "lists the unattached gp2 volumes too",
            refused_by="Only attached volumes count in the list of gp2 volumes",
            code=_audit(gp2='[v["VolumeId"] for v in volumes if v["VolumeType"] == "gp2"]'),
        ),
        Wrong(
            "puts each volume into one list only",
            refused_by="Only attached volumes count in the list of gp2 volumes",
            code="""
def audit():
    found = {"unattached": [], "wasted_gib": 0, "unencrypted": [], "gp2": []}
    for volume in ec2.describe_volumes()["Volumes"]:
        if volume["State"] == "available":
            found["unattached"].append(volume["VolumeId"])
            found["wasted_gib"] += volume["Size"]
        elif not volume["Encrypted"]:
            found["unencrypted"].append(volume["VolumeId"])
        elif volume["VolumeType"] == "gp2":
            found["gp2"].append(volume["VolumeId"])
    return found
""",
        ),
        Wrong(
            "asks the account's switch whether volumes are encrypted",
            refused_by="Encryption belongs to each volume, not to the account or the instance",
            code=_audit(
                unencrypted='[v["VolumeId"] for v in attached if not switch["EbsEncryptionByDefault"]]',
                first="switch = ec2.get_ebs_encryption_by_default()",
            ),
        ),
        Wrong(
            "returns how many there are instead of which",
            refused_by="A volume is billed from creation to deletion, attached or not",
            code=_audit(
                unattached='sum(1 for v in volumes if not v["Attachments"])',
                unencrypted='sum(1 for v in attached if not v["Encrypted"])',
                gp2='sum(1 for v in attached if v["VolumeType"] == "gp2")',
            ),
        ),
        Wrong(
            "takes every volume without a stated throughput for gp2",
            refused_by="Only attached volumes count in the list of gp2 volumes",
            code=_audit(gp2='[v["VolumeId"] for v in attached if not v.get("Throughput")]'),
        ),
        Wrong(
            "lists the unattached volumes that are not encrypted too",
            refused_by="Encryption belongs to each volume, not to the account or the instance",
            code=_audit(unencrypted='[v["VolumeId"] for v in volumes if not v["Encrypted"]]'),
        ),
        Wrong(
            "writes down the ids of the first run",
            refused_by="The audit reads the account it is run in",
            code="""
def audit():
    return {
        "unattached": ["vol-837b5ad1347120363", "vol-c2b310653f610a8b2", "vol-49ad94107e6a5c4b4"],
        "wasted_gib": 270,
        "unencrypted": ["vol-4a7cb1cfa1c7b4a6e", "vol-d1f4a33fbdd48ae5f"],
        "gp2": ["vol-4a7cb1cfa1c7b4a6e", "vol-8e1ab0b6ff0cf9d3c"],
    }
""",
        ),
        Wrong(
            "writes down the GiB of the first run",
            refused_by="The audit reads the account it is run in",
            code=_audit(wasted="270"),
        ),
        Wrong(
            "remembers the first answer for ever",
            refused_by="The audit reads the account it is run in",
            code=_audit(first="import functools\n\n\n@functools.cache"),
        ),
        Wrong(
            "deletes what is unattached",
            refused_by="An audit changes nothing",
            code=_audit(last='[ec2.delete_volume(VolumeId=volume_id) for volume_id in found["unattached"]]'),
        ),
        Wrong(
            "counts the GiB of the attached volumes too",
            refused_by="What is provisioned is billed, full or empty",
            code=_audit(wasted='sum(v["Size"] for v in volumes)'),
        ),
        Wrong(
            "returns the GiB as a text",
            refused_by="What is provisioned is billed, full or empty",
            code=_audit(wasted="f\"{sum(v['Size'] for v in volumes if not v['Attachments'])} GiB\""),
        ),
        Wrong(
            "takes the number of volumes for the GiB",
            refused_by="What is provisioned is billed, full or empty",
            code=_audit(wasted='sum(1 for v in volumes if not v["Attachments"])'),
        ),
    ],
    right=[
        Right(
            "lets AWS filter, and reads no pages",
            code="""
def audit():
    def some(**filters):
        wanted = [{"Name": name.replace("_", "-"), "Values": [text]} for name, text in filters.items()]
        return {volume["VolumeId"]: volume for volume in ec2.describe_volumes(Filters=wanted)["Volumes"]}

    spare = some(status="available")
    return {
        "unattached": list(spare),
        "wasted_gib": sum(volume["Size"] for volume in spare.values()),
        "unencrypted": list(some(status="in-use", encrypted="false")),
        "gp2": list(some(status="in-use", volume_type="gp2")),
    }
""",
        ),
        Right(
            "uses boto3's resources and collects sets",
            code="""
def audit():
    found = {"gp2": set(), "unencrypted": set(), "unattached": set(), "wasted_gib": 0}
    for volume in boto3.resource("ec2").volumes.all():
        if volume.state == "available":
            found["unattached"].add(volume.id)
            found["wasted_gib"] += volume.size
            continue
        if not volume.encrypted:
            found["unencrypted"].add(volume.id)
        if volume.volume_type == "gp2":
            found["gp2"].add(volume.id)
    return found
""",
        ),
        Right(
            "sorts into tuples, the last volume first, and counts GiB as a float",
            code="""
def audit():
    volumes = {v["VolumeId"]: v for v in ec2.describe_volumes(MaxResults=500)["Volumes"]}
    used = {i: v for i, v in volumes.items() if len(v["Attachments"]) > 0}
    spare = volumes.keys() - used.keys()
    return dict(
        unattached=tuple(sorted(spare, reverse=True)),
        wasted_gib=sum((volumes[i]["Size"] for i in spare), 0.0),
        unencrypted=tuple(sorted((i for i, v in used.items() if v["Encrypted"] is False), reverse=True)),
        gp2=tuple(sorted((i for i, v in used.items() if v["VolumeType"] == "gp2"), reverse=True)),
    )
""",
        ),
        Right(
            "goes on with the token until there are no more pages",
            code="""
def audit():
    volumes, token = [], ""
    while token is not None:
        page = ec2.describe_volumes(MaxResults=5, **({"NextToken": token} if token else {}))
        volumes += page["Volumes"]
        token = page.get("NextToken")
    ids = {"unattached": [], "unencrypted": [], "gp2": []}
    for volume in volumes:
        if not volume["Attachments"]:
            ids["unattached"].append(volume["VolumeId"])
        else:
            if not volume["Encrypted"]:
                ids["unencrypted"].append(volume["VolumeId"])
            if volume["VolumeType"] == "gp2":
                ids["gp2"].append(volume["VolumeId"])
    return ids | {"wasted_gib": sum(v["Size"] for v in volumes if v["VolumeId"] in ids["unattached"])}
""",
        ),
    ],
)


ANSWERS = {
    "ebs-volumes-create": _CREATE,
    "ebs-volumes-move-zone": _MOVE,
    "ebs-volumes-audit": _AUDIT,
}
