"""Answers to the storage exercises: misconceptions of learners, and right answers that go another way."""

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

_DEFAULTS = Answers(
    wrong=[
        Wrong(
            "thinks that EBS data always outlives its instance",
            refused_by="The root volume goes, a volume attached later stays",
            code='deleted = {"A": False, "B": False, "C": False, "D": False}',
        ),
        Wrong(
            "thinks that only the root volume ever goes",
            refused_by="For a data volume named at launch, console and API have different defaults",
            code='deleted = {"A": True, "B": False, "C": False, "D": False}',
        ),
        Wrong(
            "thinks that everything named at launch goes",
            refused_by="For a data volume named at launch, console and API have different defaults",
            code='deleted = {"A": True, "B": True, "C": True, "D": False}',
        ),
        Wrong(
            "swaps the defaults of console and API",
            refused_by="For a data volume named at launch, console and API have different defaults",
            code='deleted = {"A": True, "B": True, "C": False, "D": False}',
        ),
        Wrong(
            "says what survives instead of what is deleted",
            refused_by="The root volume goes, a volume attached later stays",
            code='deleted = {"A": False, "B": True, "C": False, "D": True}',
        ),
    ],
    right=[
        Right(
            "builds the dict from the letters that go",
            code='deleted = {letter: letter in ("A", "C") for letter in "ABCD"}',
        ),
    ],
)


def _only_root(instance: str = "instance_id", last: str = "") -> str:
    """The usual way to keep the root volume only, with one thing done otherwise."""
    return f"""
def keep_only_root(instance_id):
    found = ec2.describe_instances(InstanceIds=[{instance}])["Reservations"][0]["Instances"][0]
    flags = [
        {{"DeviceName": d["DeviceName"], "Ebs": {{"DeleteOnTermination": d["DeviceName"] != found["RootDeviceName"]}}}}
        for d in found["BlockDeviceMappings"]
    ]
    ec2.modify_instance_attribute(InstanceId={instance}, BlockDeviceMappings=flags)
    {last}
"""


_KEEP_ROOT = Answers(
    wrong=[
        Wrong(
            "takes /dev/xvda for the root device of every AMI",
            refused_by="The name of the root device depends on the AMI",
            code="""
def keep_only_root(instance_id):
    found = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
    for device in found["BlockDeviceMappings"]:
        flag = {"DeviceName": device["DeviceName"], "Ebs": {"DeleteOnTermination": device["DeviceName"] != "/dev/xvda"}}
        ec2.modify_instance_attribute(InstanceId=instance_id, BlockDeviceMappings=[flag])
""",
        ),
        Wrong(
            "keeps the root volume and forgets the rest",
            refused_by="A volume attached later stays unless its flag says otherwise",
            code="""
def keep_only_root(instance_id):
    found = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
    flag = {"DeviceName": found["RootDeviceName"], "Ebs": {"DeleteOnTermination": False}}
    ec2.modify_instance_attribute(InstanceId=instance_id, BlockDeviceMappings=[flag])
""",
        ),
        Wrong(
            "reads the flag the wrong way round",
            refused_by="A root volume is deleted unless its flag says otherwise",
            code="""
def keep_only_root(instance_id):
    found = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
    flags = [
        {"DeviceName": d["DeviceName"], "Ebs": {"DeleteOnTermination": d["DeviceName"] == found["RootDeviceName"]}}
        for d in found["BlockDeviceMappings"]
    ]
    ec2.modify_instance_attribute(InstanceId=instance_id, BlockDeviceMappings=flags)
""",
        ),
        Wrong(
            "terminates the server too",
            refused_by="A root volume is deleted unless its flag says otherwise",
            code=_only_root(last="ec2.terminate_instances(InstanceIds=[instance_id])"),
        ),
        Wrong(
            "keeps every volume",
            refused_by="A volume attached later stays unless its flag says otherwise",
            code="""
def keep_only_root(instance_id):
    found = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
    flags = [{"DeviceName": d["DeviceName"], "Ebs": {"DeleteOnTermination": False}} for d in found["BlockDeviceMappings"]]
    ec2.modify_instance_attribute(InstanceId=instance_id, BlockDeviceMappings=flags)
""",
        ),
        Wrong(
            "writes the data device of the example into the function",
            refused_by="The name of the root device depends on the AMI",
            code="""
def keep_only_root(instance_id):
    found = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
    for device, goes in ((found["RootDeviceName"], False), ("/dev/sdf", True)):
        flag = {"DeviceName": device, "Ebs": {"DeleteOnTermination": goes}}
        ec2.modify_instance_attribute(InstanceId=instance_id, BlockDeviceMappings=[flag])
""",
        ),
        Wrong(
            "detaches and deletes the data volumes at once",
            refused_by="Flags are set, nothing else: the server runs on with all its volumes",
            code="""
def keep_only_root(instance_id):
    found = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
    flag = {"DeviceName": found["RootDeviceName"], "Ebs": {"DeleteOnTermination": False}}
    ec2.modify_instance_attribute(InstanceId=instance_id, BlockDeviceMappings=[flag])
    for device in found["BlockDeviceMappings"]:
        if device["DeviceName"] != found["RootDeviceName"]:
            ec2.detach_volume(VolumeId=device["Ebs"]["VolumeId"])
            ec2.delete_volume(VolumeId=device["Ebs"]["VolumeId"])
""",
        ),
        Wrong(
            "terminates the instance itself when the root is not xvda",
            refused_by="Flags are set, nothing else: the server runs on with all its volumes",
            code=_only_root(
                last='found["RootDeviceName"] == "/dev/xvda" or ec2.terminate_instances(InstanceIds=[instance_id])'
            ),
        ),
        Wrong(
            "sets the flags of the notebook's server",
            refused_by="A root volume is deleted unless its flag says otherwise",
            code=_only_root(instance="server"),
        ),
    ],
    right=[
        Right(
            "sets the flags one by one, and only those that are wrong",
            code="""
def keep_only_root(instance_id):
    (reservation,) = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"]
    (instance,) = reservation["Instances"]
    for device in instance["BlockDeviceMappings"]:
        goes = device["DeviceName"] != instance["RootDeviceName"]
        if device["Ebs"]["DeleteOnTermination"] != goes:
            change = [{"DeviceName": device["DeviceName"], "Ebs": {"DeleteOnTermination": goes}}]
            ec2.modify_instance_attribute(InstanceId=instance_id, BlockDeviceMappings=change)
""",
        ),
        Right(
            "uses boto3's resources and returns the device names",
            code="""
def keep_only_root(instance_id):
    instance = boto3.resource("ec2").Instance(instance_id)
    devices = [mapping["DeviceName"] for mapping in instance.block_device_mappings]
    for name in devices:
        instance.modify_attribute(
            BlockDeviceMappings=[{"DeviceName": name, "Ebs": {"DeleteOnTermination": name != instance.root_device_name}}]
        )
    return devices
""",
        ),
        Right(
            "finds the devices through the volumes",
            code="""
def keep_only_root(instance_id):
    root = ec2.describe_instance_attribute(InstanceId=instance_id, Attribute="rootDeviceName")["RootDeviceName"]["Value"]
    mine = [{"Name": "attachment.instance-id", "Values": [instance_id]}]
    for volume in ec2.describe_volumes(Filters=mine)["Volumes"]:
        device = volume["Attachments"][0]["Device"]
        flag = {"VolumeId": volume["VolumeId"], "DeleteOnTermination": device != root}
        mapping = [{"DeviceName": device, "Ebs": flag}]
        ec2.modify_instance_attribute(InstanceId=instance_id, BlockDeviceMappings=mapping)
""",
        ),
    ],
)

_FREED = Answers(
    wrong=[
        Wrong(
            "compares with the two neighbours only",
            refused_by="A block that was never written is not stored, and the newest snapshot is no exception",
            code="""
def freed_by_deleting(snapshots, name):
    names = list(snapshots)
    at = names.index(name)
    near = [snapshots[other] for other in names[max(0, at - 1) : at + 2] if other != name]
    return sum(1 for i, v in enumerate(snapshots[name]) if v and all(other[i] != v for other in near))
""",
        ),
        Wrong(
            "counts blocks that were never written",
            refused_by="A block that was never written is not stored, and the newest snapshot is no exception",
            code="""
def freed_by_deleting(snapshots, name):
    others = {(i, v) for other, blocks in snapshots.items() if other != name for i, v in enumerate(blocks)}
    return sum(1 for i, v in enumerate(snapshots[name]) if (i, v) not in others)
""",
        ),
        Wrong(
            "thinks that a snapshot takes all its blocks with it",
            refused_by="Blocks that another snapshot refers to are kept",
            code="""
def freed_by_deleting(snapshots, name):
    return sum(1 for version in snapshots[name] if version)
""",
        ),
        Wrong(
            "frees what the snapshot had stored when it was taken",
            refused_by="Deleting the first snapshot does not delete what the later ones build on",
            code="""
def freed_by_deleting(snapshots, name):
    names = list(snapshots)
    position = names.index(name)
    before = snapshots[names[position - 1]] if position else [0] * len(snapshots[name])
    return sum(1 for new, old in zip(snapshots[name], before) if new and new != old)
""",
        ),
        Wrong(
            "takes equal numbers in different places for one block",
            refused_by="Deleting the first snapshot does not delete what the later ones build on",
            code="""
def freed_by_deleting(snapshots, name):
    others = {version for other, blocks in snapshots.items() if other != name for version in blocks}
    return len(set(snapshots[name]) - others - {0})
""",
        ),
        Wrong(
            "takes blocks that were written together for one",
            refused_by="A block that was never written is not stored, and the newest snapshot is no exception",
            code="""
def freed_by_deleting(snapshots, name):
    others = {(i, v) for other, blocks in snapshots.items() if other != name for i, v in enumerate(blocks)}
    return len({v for i, v in enumerate(snapshots[name]) if v and (i, v) not in others})
""",
        ),
    ],
    right=[
        Right(
            "subtracts what is stored afterwards from what is stored before",
            code="""
def freed_by_deleting(snapshots, name):
    def stored(kept):
        return len({(place, version) for blocks in kept for place, version in enumerate(blocks) if version != 0})

    return stored(snapshots.values()) - stored([blocks for other, blocks in snapshots.items() if other != name])
""",
        ),
        Right(
            "compares block by block",
            code="""
def freed_by_deleting(snapshots, name):
    freed = 0
    for place, version in enumerate(snapshots[name]):
        if version == 0:
            continue
        used = False
        for other in snapshots:
            if other != name and snapshots[other][place] == version:
                used = True
        if not used:
            freed += 1
    return freed
""",
        ),
    ],
)


def _copied(also: str = "") -> str:
    """The usual copy, and something else with it."""
    return f"""
def copy_to(snapshot_id, source, destination):
    there = boto3.client("ec2", region_name=destination)
    copy = there.copy_snapshot(SourceRegion=source, SourceSnapshotId=snapshot_id)["SnapshotId"]
    {also}
    return copy
"""


_COPY_TO = Answers(
    wrong=[
        Wrong(
            "copies to further Regions to be safe",
            refused_by="The copy is the only new snapshot, and the source stays",
            code=_copied(
                also='boto3.client("ec2", region_name="eu-west-1").copy_snapshot(SourceRegion=source, SourceSnapshotId=snapshot_id)'
            ),
        ),
        Wrong(
            "calls the source and names the destination",
            refused_by="CopySnapshot is called in the Region that gets the copy",
            code="""
def copy_to(snapshot_id, source, destination):
    here = boto3.client("ec2", region_name=source)
    return here.copy_snapshot(SourceRegion=source, SourceSnapshotId=snapshot_id, DestinationRegion=destination)["SnapshotId"]
""",
        ),
        Wrong(
            "swaps source and destination",
            refused_by="CopySnapshot is called in the Region that gets the copy",
            code="""
def copy_to(snapshot_id, source, destination):
    client = boto3.client("ec2", region_name=source)
    return client.copy_snapshot(SourceRegion=destination, SourceSnapshotId=snapshot_id)["SnapshotId"]
""",
        ),
        Wrong(
            "returns the id of the source",
            refused_by="CopySnapshot is called in the Region that gets the copy",
            code="""
def copy_to(snapshot_id, source, destination):
    there = boto3.client("ec2", region_name=destination)
    there.copy_snapshot(SourceRegion=source, SourceSnapshotId=snapshot_id)
    return snapshot_id
""",
        ),
        Wrong(
            "always copies from us-east-1",
            refused_by="Both Regions are parameters",
            code="""
def copy_to(snapshot_id, source, destination):
    there = boto3.client("ec2", region_name=destination)
    return there.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=snapshot_id)["SnapshotId"]
""",
        ),
        Wrong(
            "takes a snapshot of a new, empty volume there",
            refused_by="The copy holds the data of the source",
            code="""
def copy_to(snapshot_id, source, destination):
    here, there = (boto3.client("ec2", region_name=region) for region in (source, destination))
    (snapshot,) = here.describe_snapshots(SnapshotIds=[snapshot_id])["Snapshots"]
    empty = there.create_volume(AvailabilityZone=f"{destination}a", Size=snapshot["VolumeSize"], VolumeType="gp3")
    return there.create_snapshot(VolumeId=empty["VolumeId"])["SnapshotId"]
""",
        ),
        Wrong(
            "deletes the source after the copy",
            refused_by="The copy is the only new snapshot, and the source stays",
            code=_copied('boto3.client("ec2", region_name=source).delete_snapshot(SnapshotId=snapshot_id)'),
        ),
        Wrong(
            "copies within the source's Region too",
            refused_by="The copy is the only new snapshot, and the source stays",
            code=_copied(
                'boto3.client("ec2", region_name=source).copy_snapshot(SourceRegion=source, SourceSnapshotId=snapshot_id)'
            ),
        ),
        Wrong(
            "makes two copies",
            refused_by="The copy is the only new snapshot, and the source stays",
            code=_copied("there.copy_snapshot(SourceRegion=source, SourceSnapshotId=snapshot_id)"),
        ),
    ],
    right=[
        Right(
            "uses boto3's resources in the destination, and waits",
            code="""
def copy_to(snapshot_id, source, destination):
    there = boto3.resource("ec2", region_name=destination)
    copy = there.Snapshot(snapshot_id).copy(SourceRegion=source)
    there.Snapshot(copy["SnapshotId"]).wait_until_completed()
    return copy["SnapshotId"]
""",
        ),
        Right(
            "uses a session, names the destination once more, and encrypts and tags the copy",
            code="""
def copy_to(snapshot_id, source, destination):
    there = boto3.Session(region_name=destination).client("ec2")
    return there.copy_snapshot(
        SourceRegion=source,
        SourceSnapshotId=snapshot_id,
        DestinationRegion=destination,
        Encrypted=True,
        TagSpecifications=[{"ResourceType": "snapshot", "Tags": [{"Key": "from", "Value": source}]}],
    )["SnapshotId"]
""",
        ),
    ],
)

_ARCHIVE = Answers(
    wrong=[
        Wrong(
            "archives only what had changed",
            refused_by="An archived snapshot is a full one, however little had changed",
            code="""
def archive_saving(changed_gib, full_gib, days, standard, archive):
    return changed_gib * standard * days / 30 - changed_gib * archive * max(days, 90) / 30
""",
        ),
        Wrong(
            "forgets that 90 days are billed at least",
            refused_by="The archive bills at least 90 days",
            code="""
def archive_saving(changed_gib, full_gib, days, standard, archive):
    return (changed_gib * standard - full_gib * archive) * days / 30
""",
        ),
        Wrong(
            "bills at least 90 days in both tiers",
            refused_by="The archive bills at least 90 days",
            code="""
def archive_saving(changed_gib, full_gib, days, standard, archive):
    months = max(days, 90) / 30
    return changed_gib * standard * months - full_gib * archive * months
""",
        ),
        Wrong(
            "subtracts the wrong way round",
            refused_by="A full snapshot kept for a year is cheaper in the archive",
            code="""
def archive_saving(changed_gib, full_gib, days, standard, archive):
    return full_gib * archive * max(days, 90) / 30 - changed_gib * standard * days / 30
""",
        ),
        Wrong(
            "believes that the archive always saves 75 %",
            refused_by="An archived snapshot is a full one, however little had changed",
            code="""
def archive_saving(changed_gib, full_gib, days, standard, archive):
    return 0.75 * changed_gib * standard * days / 30
""",
        ),
        Wrong(
            "counts whole months only",
            refused_by="Sizes, days and prices are parameters, and parts of a month count",
            code="""
def archive_saving(changed_gib, full_gib, days, standard, archive):
    months = days // 30
    return changed_gib * standard * months - full_gib * archive * max(months, 3)
""",
        ),
        Wrong(
            "rounds to whole dollars",
            refused_by="Sizes, days and prices are parameters, and parts of a month count",
            code="""
def archive_saving(changed_gib, full_gib, days, standard, archive):
    return round(changed_gib * standard * days / 30 - full_gib * archive * max(days, 90) / 30)
""",
        ),
        Wrong(
            "writes the standard price of the example into the function",
            refused_by="Sizes, days and prices are parameters, and parts of a month count",
            code="""
def archive_saving(changed_gib, full_gib, days, standard, archive):
    return changed_gib * 0.05 * days / 30 - full_gib * archive * max(days, 90) / 30
""",
        ),
    ],
    right=[
        Right(
            "computes with prices for a day",
            code="""
def archive_saving(changed_gib, full_gib, days, standard, archive):
    billed = days if days > 90 else 90
    return days * (standard / 30) * changed_gib - billed * (archive / 30) * full_gib
""",
        ),
        Right(
            "adds the days that are missing to the 90",
            code="""
def archive_saving(changed_gib, full_gib, days, standard, archive):
    months, missing = days / 30, max(0, 90 - days) / 30
    return months * (changed_gib * standard - full_gib * archive) - missing * full_gib * archive
""",
        ),
    ],
)


def _retention(
    kind: str = "EBS_SNAPSHOT",
    days: str = "days",
    unit: str = "DAYS",
    more: str = "",
    client: str = 'boto3.client("rbin", region_name=region)',
    over: str = "region in [region]",
) -> str:
    """The usual retention rule, with one thing done otherwise."""
    return f"""
def keep_deleted_snapshots(region, days):
    for {over}:
        {client}.create_rule(
            ResourceType="{kind}",
            RetentionPeriod={{"RetentionPeriodValue": {days}, "RetentionPeriodUnit": "{unit}"}},
            {more}
        )
"""


_BIN = Answers(
    wrong=[
        Wrong(
            "counts the period in hours",
            refused_by="The rule keeps snapshots, for the days that were asked for",
            code="""
def keep_deleted_snapshots(region, days):
    period = {"RetentionPeriodValue": days * 24, "RetentionPeriodUnit": "HOURS"}
    boto3.client("rbin", region_name=region).create_rule(ResourceType="EBS_SNAPSHOT", RetentionPeriod=period)
""",
        ),
        Wrong(
            "leaves tagged snapshots out",
            refused_by="The rule keeps snapshots, for the days that were asked for",
            code="""
def keep_deleted_snapshots(region, days):
    boto3.client("rbin", region_name=region).create_rule(
        ResourceType="EBS_SNAPSHOT",
        RetentionPeriod={"RetentionPeriodValue": days, "RetentionPeriodUnit": "DAYS"},
        ExcludeResourceTags=[{"ResourceTagKey": "scratch", "ResourceTagValue": "yes"}],
    )
""",
        ),
        Wrong(
            "makes a rule for images, which hold snapshots",
            refused_by="A deleted snapshot goes to the bin if a rule for snapshots covers it",
            code=_retention(kind="EC2_IMAGE"),
        ),
        Wrong(
            "makes a rule for volumes, as the snapshot is of one",
            refused_by="A deleted snapshot goes to the bin if a rule for snapshots covers it",
            code=_retention(kind="EBS_VOLUME"),
        ),
        Wrong(
            "writes the days of the example into the function",
            refused_by="No other Region gets a rule, and a year is 365 days",
            code=_retention(days="14"),
        ),
        Wrong(
            "covers only snapshots with a tag",
            refused_by="A deleted snapshot goes to the bin if a rule for snapshots covers it",
            code=_retention(more='ResourceTags=[{"ResourceTagKey": "keep", "ResourceTagValue": "yes"}],'),
        ),
        Wrong(
            "makes the rule in the Region it works in",
            refused_by="A rule lives in one Region and covers all of it",
            code=_retention(client='boto3.client("rbin")'),
        ),
        Wrong(
            "makes a rule for each Availability Zone",
            refused_by="The rule keeps snapshots, for the days that were asked for",
            code=_retention(over='_ in "abc"'),
        ),
        Wrong(
            "calls the bin of an Availability Zone",
            refused_by="A deleted snapshot goes to the bin if a rule for snapshots covers it",
            code=_retention(client='boto3.client("rbin", region_name=region + "a")'),
        ),
        Wrong(
            "makes the rule in all Regions it knows",
            refused_by="No other Region gets a rule, and a year is 365 days",
            code=_retention(over='region in {region, "us-east-1", "eu-west-1"}'),
        ),
        Wrong(
            "counts the days in weeks",
            refused_by="The rule keeps snapshots, for the days that were asked for",
            code=_retention(days="days // 7"),
        ),
        Wrong(
            "gives the days as hours",
            refused_by="The rule keeps snapshots, for the days that were asked for",
            code=_retention(days="days * 24", unit="HOURS"),
        ),
        Wrong(
            "says in a tag how long a snapshot is kept",
            refused_by="A deleted snapshot goes to the bin if a rule for snapshots covers it",
            code="""
def keep_deleted_snapshots(region, days):
    there = boto3.client("ec2", region_name=region)
    for snapshot in there.describe_snapshots(OwnerIds=["self"])["Snapshots"]:
        there.create_tags(Resources=[snapshot["SnapshotId"]], Tags=[{"Key": "keep", "Value": f"{days} days"}])
""",
        ),
        Wrong(
            "writes into the description what the rule should do",
            refused_by="A deleted snapshot goes to the bin if a rule for snapshots covers it",
            code="""
def keep_deleted_snapshots(region, days):
    boto3.client("rbin", region_name=region).create_rule(
        ResourceType="EC2_IMAGE",
        RetentionPeriod={"RetentionPeriodValue": 1, "RetentionPeriodUnit": "DAYS"},
        Description=f"EBS_SNAPSHOT: {days} days",
    )
""",
        ),
    ],
    right=[
        Right(
            "describes and tags the rule",
            code=_retention(
                more='Description=f"deleted by mistake: {days} days", Tags=[{"Key": "team", "Value": "storage"}],'
            ),
        ),
        Right(
            "uses a session, and changes the rule that is there already",
            code="""
def keep_deleted_snapshots(region, days):
    rbin = boto3.Session(region_name=region).client("rbin")
    wanted = {"RetentionPeriod": dict(RetentionPeriodValue=days, RetentionPeriodUnit="DAYS"), "ResourceType": "EBS_SNAPSHOT"}
    for rule in rbin.list_rules(ResourceType="EBS_SNAPSHOT")["Rules"]:
        return rbin.update_rule(Identifier=rule["Identifier"], **wanted)["Identifier"]
    return rbin.create_rule(ResourceTags=[], **wanted)["Identifier"]
""",
        ),
    ],
)


def _twin(settings: str = 'InstanceType="t3.micro", MinCount=1, MaxCount=1') -> str:
    """The usual way to a server from a copied image, launched otherwise."""
    return f"""
def launch_copy(instance_id, destination):
    image = ec2.create_image(InstanceId=instance_id, Name="golden")["ImageId"]
    there = boto3.client("ec2", region_name=destination)
    copy = there.copy_image(Name="golden", SourceImageId=image, SourceRegion="us-east-1")["ImageId"]
    return there.run_instances(ImageId=copy, {settings})["Instances"][0]["InstanceId"]
"""


_LAUNCH_COPY = Answers(
    wrong=[
        Wrong(
            "uses the id from us-east-1 in the other Region",
            refused_by="The new instance runs in the other Region",
            code="""
def launch_copy(instance_id, destination):
    image = ec2.create_image(InstanceId=instance_id, Name="golden")["ImageId"]
    there = boto3.client("ec2", region_name=destination)
    there.copy_image(Name="golden", SourceImageId=image, SourceRegion="us-east-1")
    launched = there.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)
    return launched["Instances"][0]["InstanceId"]
""",
        ),
        Wrong(
            "launches from Amazon's image there",
            refused_by="It has the disk of the first: the AMI was built from that instance",
            code="""
def launch_copy(instance_id, destination):
    there = boto3.client("ec2", region_name=destination)
    image = there.describe_images(Owners=["amazon"], Filters=[{"Name": "name", "Values": ["al2023-ami-*-x86_64"]}])["Images"][0]
    launched = there.run_instances(ImageId=image["ImageId"], InstanceType="t3.micro", MinCount=1, MaxCount=1)
    return launched["Instances"][0]["InstanceId"]
""",
        ),
        Wrong(
            "launches in us-east-1 from the first image",
            refused_by="The new instance runs in the other Region",
            code="""
def launch_copy(instance_id, destination):
    image = ec2.create_image(InstanceId=instance_id, Name="golden")["ImageId"]
    there = boto3.client("ec2", region_name=destination)
    there.copy_image(Name="golden", SourceImageId=image, SourceRegion="us-east-1")
    launched = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)
    return launched["Instances"][0]["InstanceId"]
""",
        ),
        Wrong(
            "stops the first instance for its image and leaves it stopped",
            refused_by="Building an image leaves the first instance as it was",
            code="""
def launch_copy(instance_id, destination):
    ec2.stop_instances(InstanceIds=[instance_id])
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[instance_id])
    image = ec2.create_image(InstanceId=instance_id, Name="golden")["ImageId"]
    there = boto3.client("ec2", region_name=destination)
    copy = there.copy_image(Name="golden", SourceImageId=image, SourceRegion="us-east-1")["ImageId"]
    launched = there.run_instances(ImageId=copy, InstanceType="t3.micro", MinCount=1, MaxCount=1)
    return launched["Instances"][0]["InstanceId"]
""",
        ),
        Wrong(
            "writes the Region of the example into the function",
            refused_by="An AMI has another id in each Region",
            code="""
def launch_copy(instance_id, destination):
    image = ec2.create_image(InstanceId=instance_id, Name="golden")["ImageId"]
    there = boto3.client("ec2", region_name="eu-west-1")
    copy = there.copy_image(Name="golden", SourceImageId=image, SourceRegion="us-east-1")["ImageId"]
    launched = there.run_instances(ImageId=copy, InstanceType="t3.micro", MinCount=1, MaxCount=1)
    return launched["Instances"][0]["InstanceId"]
""",
        ),
        Wrong(
            "launches a far larger type",
            refused_by="One t3.micro is launched",
            code=_twin('InstanceType="m5.4xlarge", MinCount=1, MaxCount=1'),
        ),
        Wrong(
            "leaves the type to the API's default",
            refused_by="One t3.micro is launched",
            code=_twin("MinCount=1, MaxCount=1"),
        ),
        Wrong(
            "launches three",
            refused_by="One t3.micro is launched",
            code=_twin('InstanceType="t3.micro", MinCount=3, MaxCount=3'),
        ),
    ],
    right=[
        Right(
            "uses boto3's resources, waits for both images, and does not reboot",
            code="""
def launch_copy(instance_id, destination):
    here, there = boto3.resource("ec2"), boto3.resource("ec2", region_name=destination)
    image = here.Instance(instance_id).create_image(Name="golden", NoReboot=True)
    image.wait_until_exists(Filters=[{"Name": "state", "Values": ["available"]}])
    copied = there.meta.client.copy_image(Name="golden", SourceImageId=image.id, SourceRegion="us-east-1")["ImageId"]
    there.meta.client.get_waiter("image_available").wait(ImageIds=[copied])
    (twin,) = there.create_instances(ImageId=copied, InstanceType="t3.micro", MinCount=1, MaxCount=1)
    return twin.id
""",
        ),
        Right(
            "stops the instance for the image and starts it again",
            code="""
def launch_copy(instance_id, destination):
    ec2.stop_instances(InstanceIds=[instance_id])
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[instance_id])
    image_id = ec2.create_image(InstanceId=instance_id, Name="master image")["ImageId"]
    ec2.get_waiter("image_available").wait(ImageIds=[image_id])
    ec2.start_instances(InstanceIds=[instance_id])
    there = boto3.client("ec2", region_name=destination)
    image_id = there.copy_image(Name="copy", SourceImageId=image_id, SourceRegion="us-east-1", Encrypted=True)["ImageId"]
    there.get_waiter("image_available").wait(ImageIds=[image_id])
    launched = there.run_instances(ImageId=image_id, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"][0]
    there.get_waiter("instance_running").wait(InstanceIds=[launched["InstanceId"]])
    return launched["InstanceId"]
""",
        ),
        Right(
            "copies a snapshot of the root volume and registers an image of it there",
            code="""
def launch_copy(instance_id, destination):
    instance = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
    root = {d["DeviceName"]: d["Ebs"]["VolumeId"] for d in instance["BlockDeviceMappings"]}[instance["RootDeviceName"]]
    snapshot_id = ec2.create_snapshot(VolumeId=root)["SnapshotId"]
    there = boto3.client("ec2", region_name=destination)
    snapshot_id = there.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=snapshot_id)["SnapshotId"]
    image_id = there.register_image(
        Name="golden",
        Architecture="x86_64",
        VirtualizationType="hvm",
        EnaSupport=True,
        RootDeviceName=instance["RootDeviceName"],
        BlockDeviceMappings=[{"DeviceName": instance["RootDeviceName"], "Ebs": {"SnapshotId": snapshot_id}}],
    )["ImageId"]
    launched = there.run_instances(ImageId=image_id, InstanceType="t3.micro", MinCount=1, MaxCount=1)
    return launched["Instances"][0]["InstanceId"]
""",
        ),
    ],
)

_SURVIVES = Answers(
    wrong=[
        Wrong(
            "loses instance store at a reboot",
            refused_by="Instance store is lost when the instance leaves its host, and a reboot does not move it",
            code="""
def survives(storage, event, delete_on_termination=False):
    if storage == "instance store":
        return False
    return not (storage == "ebs" and event == "terminate" and delete_on_termination)
""",
        ),
        Wrong(
            "keeps instance store at a stop",
            refused_by="Instance store is lost when the instance leaves its host, and a reboot does not move it",
            code="""
def survives(storage, event, delete_on_termination=False):
    if storage == "instance store":
        return event in ("reboot", "stop")
    return not (storage == "ebs" and event == "terminate" and delete_on_termination)
""",
        ),
        Wrong(
            "thinks that hibernating saves the instance store",
            refused_by="Hibernating saves the memory, not the instance store, and the flag is for EBS and termination only",
            code="""
def survives(storage, event, delete_on_termination=False):
    if storage == "instance store":
        return event in ("reboot", "hibernate")
    return not (storage == "ebs" and event == "terminate" and delete_on_termination)
""",
        ),
        Wrong(
            "applies the flag to a file system",
            refused_by="Hibernating saves the memory, not the instance store, and the flag is for EBS and termination only",
            code="""
def survives(storage, event, delete_on_termination=False):
    if storage == "instance store":
        return event == "reboot"
    return not (event == "terminate" and delete_on_termination)
""",
        ),
        Wrong(
            "believes that EBS always persists",
            refused_by="An EBS volume outlives its instance unless its flag says otherwise",
            code="""
def survives(storage, event, delete_on_termination=False):
    return storage != "instance store" or event == "reboot"
""",
        ),
        Wrong(
            "loses a flagged EBS volume at a stop too",
            refused_by="Hibernating saves the memory, not the instance store, and the flag is for EBS and termination only",
            code="""
def survives(storage, event, delete_on_termination=False):
    if storage == "instance store":
        return event == "reboot"
    return not (storage == "ebs" and event in ("stop", "terminate") and delete_on_termination)
""",
        ),
        Wrong(
            "loses a file system when the instance stops",
            refused_by="Hibernating saves the memory, not the instance store, and the flag is for EBS and termination only",
            code="""
def survives(storage, event, delete_on_termination=False):
    if storage == "ebs":
        return not (event == "terminate" and delete_on_termination)
    return event == "reboot" or (storage == "efs" and event != "stop")
""",
        ),
        Wrong(
            "loses an EBS volume when the host fails",
            refused_by="Hibernating saves the memory, not the instance store, and the flag is for EBS and termination only",
            code="""
def survives(storage, event, delete_on_termination=False):
    if storage == "instance store":
        return event == "reboot"
    if storage == "ebs" and event == "host failure":
        return False
    return not (storage == "ebs" and event == "terminate" and delete_on_termination)
""",
        ),
    ],
    right=[
        Right(
            "looks the events up that end each storage",
            code="""
def survives(storage, event, delete_on_termination=False):
    ends = {
        "instance store": {"stop", "hibernate", "terminate", "host failure"},
        "ebs": {"terminate"} if delete_on_termination else set(),
        "efs": set(),
    }
    return event not in ends[storage]
""",
        ),
        Right(
            "asks for the event first",
            code="""
def survives(storage, event, delete_on_termination=False):
    if event == "reboot":
        return True
    if event == "terminate" and storage == "ebs":
        return not delete_on_termination
    return storage in ["ebs", "efs"]
""",
        ),
    ],
)

_BASELINE = Answers(
    wrong=[
        Wrong(
            "forgets the floor of 100 IOPS",
            refused_by="No gp2 volume has less than 100 IOPS",
            code="""
def baseline_iops(size_gib):
    if not 1 <= size_gib <= 16_384:
        raise ValueError(size_gib)
    return min(16_000, 3 * size_gib)
""",
        ),
        Wrong(
            "forgets the ceiling",
            refused_by="gp2 ends at 16,000 IOPS, which 5,334 GiB reach",
            code="""
def baseline_iops(size_gib):
    if not 1 <= size_gib <= 16_384:
        raise ValueError(size_gib)
    return max(100, 3 * size_gib)
""",
        ),
        Wrong(
            "takes the burst for the baseline",
            refused_by="gp2 delivers 3 IOPS for each GiB",
            code="""
def baseline_iops(size_gib):
    if not 1 <= size_gib <= 16_384:
        raise ValueError(size_gib)
    return min(16_000, max(3_000, 3 * size_gib))
""",
        ),
        Wrong(
            "returns the error instead of raising it",
            refused_by="A volume of 0 GiB does not exist",
            code="""
def baseline_iops(size_gib):
    if not 1 <= size_gib <= 16_384:
        return ValueError("no such gp2 volume")
    return min(16_000, max(100, 3 * size_gib))
""",
        ),
        Wrong(
            "takes 16 TiB for 16,000 GiB",
            refused_by="gp2 ends at 16,000 IOPS, which 5,334 GiB reach",
            code="""
def baseline_iops(size_gib):
    if not 1 <= size_gib <= 16_000:
        raise ValueError(size_gib)
    return min(16_000, max(100, 3 * size_gib))
""",
        ),
        Wrong(
            "knows no largest volume",
            refused_by="gp2 ends at 16,384 GiB",
            code="""
def baseline_iops(size_gib):
    if size_gib < 1:
        raise ValueError(size_gib)
    return min(16_000, max(100, 3 * size_gib))
""",
        ),
        Wrong(
            "refuses the smallest volume",
            refused_by="No gp2 volume has less than 100 IOPS",
            code="""
def baseline_iops(size_gib):
    if not 1 < size_gib <= 16_384:
        raise ValueError(size_gib)
    return min(16_000, max(100, 3 * size_gib))
""",
        ),
        Wrong(
            "raises an error of another kind",
            refused_by="A volume of 0 GiB does not exist",
            code="""
def baseline_iops(size_gib):
    if not 1 <= size_gib <= 16_384:
        raise IndexError(size_gib)
    return min(16_000, max(100, 3 * size_gib))
""",
        ),
        Wrong(
            "accepts negative sizes",
            refused_by="gp2 ends at 16,384 GiB",
            code="""
def baseline_iops(size_gib):
    if not size_gib or size_gib > 16_384:
        raise ValueError(size_gib)
    return min(16_000, max(100, 3 * size_gib))
""",
        ),
    ],
    right=[
        Right(
            "takes the middle one of three figures",
            code="""
def baseline_iops(size_gib):
    if size_gib < 1 or size_gib > 16 * 1024:
        raise ValueError("gp2 volumes have 1 to 16,384 GiB")
    return int(sorted([100, 3 * size_gib, 16_000])[1])
""",
        ),
        Right(
            "goes through the ranges",
            code="""
def baseline_iops(size_gib):
    if size_gib < 1 or size_gib > 16_384:
        raise ValueError
    if size_gib <= 33:
        return 100
    if size_gib >= 5334:
        return 16_000
    return size_gib * 3
""",
        ),
    ],
)

_BURST = Answers(
    wrong=[
        Wrong(
            "forgets what is earned while it bursts",
            refused_by="While a volume bursts it goes on earning its baseline",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    baseline = min(16_000, max(100, 3 * size_gib))
    demand = min(demand_iops, 3000)
    return 5_400_000 / demand if demand > baseline else float("inf")
""",
        ),
        Wrong(
            "forgets the floor of 100 IOPS",
            refused_by="The smallest volumes earn 100 credits a second, not 3 for each GiB",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    lost = min(demand_iops, 3000) - 3 * size_gib
    return 5_400_000 / lost if lost > 0 else float("inf")
""",
        ),
        Wrong(
            "always bursts at 3,000 IOPS",
            refused_by="A smaller demand lasts longer, and more than 3,000 IOPS cannot be burst",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    baseline = max(100, 3 * size_gib)
    return 5_400_000 / (3000 - baseline) if baseline < min(demand_iops, 3000) else float("inf")
""",
        ),
        Wrong(
            "lets more than 3,000 IOPS burst",
            refused_by="A smaller demand lasts longer, and more than 3,000 IOPS cannot be burst",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    lost = demand_iops - max(100, 3 * size_gib)
    return 5_400_000 / lost if lost > 0 else float("inf")
""",
        ),
        Wrong(
            "thinks that only volumes of 1,000 GiB spend nothing",
            refused_by="A demand up to the baseline spends nothing",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    if size_gib >= 1000:
        return float("inf")
    return 5_400_000 / (min(demand_iops, 3000) - max(100, 3 * size_gib))
""",
        ),
        Wrong(
            "divides by nothing where the baseline is enough",
            refused_by="From 1,000 GiB the baseline is 3,000 IOPS and nothing is spent",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    return 5_400_000 / (min(demand_iops, 3000) - max(100, 3 * size_gib))
""",
        ),
        Wrong(
            "subtracts a baseline above 3,000 from the demand that counts as 3,000",
            refused_by="A smaller demand lasts longer, and more than 3,000 IOPS cannot be burst",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    baseline = min(16_000, max(100, 3 * size_gib))
    if demand_iops <= baseline or size_gib == 1000:
        return float("inf")
    return 5_400_000 / (min(demand_iops, 3000) - baseline)
""",
        ),
    ],
    right=[
        Right(
            "looks at the baseline first",
            code="""
import math


def burst_seconds(size_gib, demand_iops=3000):
    baseline = 100 if size_gib < 34 else 3 * size_gib
    demand = 3000 if demand_iops > 3000 else demand_iops
    if baseline >= demand:
        return math.inf
    return 5.4e6 / (demand - baseline)
""",
        ),
        Right(
            "lets a division by nothing be the infinite case",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    try:
        return 5_400_000 / max(0, min(3000, demand_iops) - max(100, size_gib * 3))
    except ZeroDivisionError:
        return float("inf")
""",
        ),
        Right(
            "rounds to whole seconds",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    lost = min(demand_iops, 3000) - max(100, 3 * size_gib)
    return round(5_400_000 / lost) if lost > 0 else float("inf")
""",
        ),
    ],
)


def _cost(
    gp2_size: str = "math.ceil(iops / 3) if iops > 100 else 0",
    gp2_most: str = "16_000",
    gp3_size: str = "math.ceil(iops / 500) if iops > 3000 else 0",
    gp3_most: str = "80_000",
    paid: str = "max(0, iops - 3000)",
) -> str:
    """The usual comparison of two types, with one thing done otherwise."""
    return f"""
import math


def monthly_cost(size_gib, iops):
    gp2 = max(size_gib, {gp2_size}) * 0.10
    gp3 = max(size_gib, {gp3_size}) * 0.08 + ({paid}) * 0.005
    return {{"gp2": gp2 if iops <= {gp2_most} else None, "gp3": gp3 if iops <= {gp3_most} else None}}
"""


_COST = Answers(
    wrong=[
        Wrong(
            "lets gp2 burst for ever",
            refused_by="gp3 includes 3,000 IOPS; gp2 must grow to 1,000 GiB for them",
            code=_cost(gp2_size="math.ceil(iops / 3) if iops > 3000 else 0"),
        ),
        Wrong(
            "pays for the included IOPS too",
            refused_by="Above the included 3,000 only the difference is paid",
            code=_cost(paid="iops if iops > 3000 else 0"),
        ),
        Wrong(
            "knows the gp3 of before September 2025",
            refused_by="gp2 ends at 16,000 IOPS; gp3 goes on to 80,000",
            code=_cost(gp3_most="16_000"),
        ),
        Wrong(
            "rounds both sizes down",
            refused_by="Sizes are whole GiB, rounded up, and 3,000 IOPS of gp3 fit into any size",
            code=_cost(gp2_size="iops // 3 if iops > 100 else 0", gp3_size="iops // 500 if iops > 3000 else 0"),
        ),
        Wrong(
            "forgets that gp3 has a ratio too",
            refused_by="80,000 IOPS need 160 GiB of gp3, and more cannot be had",
            code=_cost(gp3_size="0"),
        ),
        Wrong(
            "counts only the bought IOPS for the ratio of gp3",
            refused_by="80,000 IOPS need 160 GiB of gp3, and more cannot be had",
            code=_cost(gp3_size="math.ceil(max(0, iops - 3000) / 500)"),
        ),
        Wrong(
            "forgets the 100 IOPS of the smallest gp2",
            refused_by="Any gp2 volume has 100 IOPS",
            code=_cost(gp2_size="math.ceil(iops / 3)"),
        ),
        Wrong(
            "ends gp2 at the 10,000 IOPS of 2018",
            refused_by="gp2 ends at 16,000 IOPS; gp3 goes on to 80,000",
            code=_cost(gp2_most="10_000"),
        ),
        Wrong(
            "rounds the size of gp3 down",
            refused_by="Sizes are whole GiB, rounded up, and 3,000 IOPS of gp3 fit into any size",
            code=_cost(gp3_size="iops // 500 if iops > 3000 else 0"),
        ),
        Wrong(
            "makes gp3 grow for the included IOPS",
            refused_by="Sizes are whole GiB, rounded up, and 3,000 IOPS of gp3 fit into any size",
            code=_cost(gp3_size="math.ceil(iops / 500)"),
        ),
        Wrong(
            "makes gp2 grow only above 300 IOPS",
            refused_by="Any gp2 volume has 100 IOPS",
            code=_cost(gp2_size="math.ceil(iops / 3) if iops > 300 else 0"),
        ),
        Wrong(
            "buys parts of a GiB",
            refused_by="Sizes are whole GiB, rounded up, and 3,000 IOPS of gp3 fit into any size",
            code=_cost(gp2_size="iops / 3 if iops > 100 else 0", gp3_size="iops / 500 if iops > 3000 else 0"),
        ),
    ],
    right=[
        Right(
            "tries sizes until one delivers",
            code="""
def monthly_cost(size_gib, iops):
    def gp2(size):
        return min(16_000, max(100, 3 * size))

    def gp3(size):
        return min(80_000, max(3_000, 500 * size))

    def smallest(delivers):
        return next((size for size in range(size_gib, 16_385) if delivers(size) >= iops), None)

    old, new = smallest(gp2), smallest(gp3)
    return {
        "gp2": None if old is None else old * 0.10,
        "gp3": None if new is None else new * 0.08 + 0.005 * max(iops - 3_000, 0),
    }
""",
        ),
        Right(
            "computes in tenths of a cent, with whole numbers",
            code="""
def monthly_cost(size_gib, iops):
    gp2 = gp3 = None
    if iops <= 16_000:
        gp2 = 100 * max(size_gib, -(-iops // 3) if iops > 100 else 1) / 1000
    if iops <= 80_000:
        extra = iops - 3_000 if iops > 3_000 else 0
        gp3 = (80 * max(size_gib, -(-iops // 500) if extra else 1) + 5 * extra) / 1000
    return {"gp3": gp3, "gp2": gp2}
""",
        ),
    ],
)


def _smallest(
    gp3: str = "(500, 80_000, 1, 3000)",
    io1: str = "(50, 64_000, 4, 0)",
    io2: str = "(1000, 256_000, 4, 0)",
    size: str = "math.ceil(iops / ratio)",
    too_much: str = "raise ValueError(iops)",
) -> str:
    """The usual look-up of ratio, ceiling, smallest size and included IOPS, with one thing done otherwise."""
    return f"""
import math


def smallest_size(volume_type, iops):
    ratio, most, least, included = {{"gp3": {gp3}, "io1": {io1}, "io2": {io2}}}[volume_type]
    if iops > most:
        {too_much}
    return least if iops <= included else max(least, {size})
"""


_SMALLEST = Answers(
    wrong=[
        Wrong(
            "rounds the size down",
            refused_by="Sizes are whole GiB, rounded up",
            code=_smallest(size="iops // ratio"),
        ),
        Wrong(
            "knows the gp3 of before September 2025",
            refused_by="80,000 IOPS of gp3 need 160 GiB",
            code=_smallest(gp3="(500, 16_000, 1, 3000)"),
        ),
        Wrong(
            "takes the limits of instances without Nitro",
            refused_by="io1 has 50 IOPS for each GiB, io2 1,000",
            code=_smallest(io1="(50, 32_000, 4, 0)", io2="(1000, 32_000, 4, 0)"),
        ),
        Wrong(
            "forgets that io1 and io2 begin at 4 GiB",
            refused_by="io1 and io2 begin at 4 GiB, and gp3 includes 3,000 IOPS at any size",
            code=_smallest(io1="(50, 64_000, 1, 0)", io2="(1000, 256_000, 1, 0)"),
        ),
        Wrong(
            "makes gp3 larger for the IOPS that are included",
            refused_by="io1 and io2 begin at 4 GiB, and gp3 includes 3,000 IOPS at any size",
            code=_smallest(gp3="(500, 80_000, 1, 0)"),
        ),
        Wrong(
            "returns None where no size is enough",
            refused_by="Above its ceiling a type cannot deliver at any size",
            code=_smallest(too_much="return None"),
        ),
        Wrong(
            "knows no ceiling for gp3",
            refused_by="Above its ceiling a type cannot deliver at any size",
            code=_smallest(gp3='(500, float("inf"), 1, 3000)'),
        ),
        Wrong(
            "knows no ceiling for io2",
            refused_by="Above its ceiling a type cannot deliver at any size",
            code=_smallest(io2='(1000, float("inf"), 4, 0)'),
        ),
        Wrong(
            "counts only the bought IOPS for the ratio of gp3",
            refused_by="80,000 IOPS of gp3 need 160 GiB",
            code=_smallest(size="math.ceil((iops - included) / ratio)"),
        ),
    ],
    right=[
        Right(
            "tries sizes until one has enough",
            code="""
def smallest_size(volume_type, iops):
    def most(size):
        if volume_type == "gp3":
            return min(80_000, max(3_000, 500 * size))
        return min(64_000, 50 * size) if volume_type == "io1" else min(256_000, 1_000 * size)

    for size in range(1 if volume_type == "gp3" else 4, 65_537):
        if most(size) >= iops:
            return size
    raise ValueError(f"{iops} IOPS are too many for {volume_type}")
""",
        ),
        Right(
            "rounds up with whole numbers",
            code="""
def smallest_size(volume_type, iops):
    if volume_type == "gp3":
        ceiling, size = 80_000, -(-iops // 500) if iops > 3_000 else 1
    elif volume_type == "io1":
        ceiling, size = 64_000, max(4, -(-iops // 50))
    else:
        ceiling, size = 256_000, max(4, -(-iops // 1_000))
    if iops > ceiling:
        raise ValueError("no size is enough")
    return size
""",
        ),
    ],
)

_SCAN = Answers(
    wrong=[
        Wrong(
            "reads at the base rate",
            refused_by="Burst throughput grows with the size: 250 or 80 MiB/s for each TiB",
            code="""
def scan_hours(volume_type, size_tib):
    if size_tib * 1024 < 125:
        raise ValueError(size_tib)
    per_tib, ceiling = {"st1": (40, 500), "sc1": (12, 250)}[volume_type]
    return size_tib * 1024 * 1024 / min(ceiling, per_tib * size_tib) / 3600
""",
        ),
        Wrong(
            "takes a TiB for 1,000 times 1,000 MiB",
            refused_by="Burst throughput grows with the size: 250 or 80 MiB/s for each TiB",
            code="""
def scan_hours(volume_type, size_tib):
    if size_tib * 1000 < 125:
        raise ValueError(size_tib)
    per_tib, ceiling = {"st1": (250, 500), "sc1": (80, 250)}[volume_type]
    return size_tib * 1000 * 1000 / min(ceiling, per_tib * size_tib) / 3600
""",
        ),
        Wrong(
            "forgets the ceiling",
            refused_by="st1 ends at 500 MiB/s and sc1 at 250, however large the volume",
            code="""
def scan_hours(volume_type, size_tib):
    if size_tib * 1024 < 125:
        raise ValueError(size_tib)
    return size_tib * 1024 * 1024 / ({"st1": 250, "sc1": 80}[volume_type] * size_tib) / 3600
""",
        ),
        Wrong(
            "rounds the size up to whole TiB",
            refused_by="Up to the cap, the time does not depend on the size",
            code="""
import math


def scan_hours(volume_type, size_tib):
    if size_tib * 1024 < 125:
        raise ValueError(size_tib)
    per_tib, ceiling = {"st1": (250, 500), "sc1": (80, 250)}[volume_type]
    return size_tib * 1024 * 1024 / min(ceiling, per_tib * math.ceil(size_tib)) / 3600
""",
        ),
        Wrong(
            "accepts a volume of any size",
            refused_by="An HDD volume has at least 125 GiB",
            code="""
def scan_hours(volume_type, size_tib):
    per_tib, ceiling = {"st1": (250, 500), "sc1": (80, 250)}[volume_type]
    return size_tib * 1024 * 1024 / min(ceiling, per_tib * size_tib) / 3600
""",
        ),
        Wrong(
            "takes 125 GiB for an eighth of a TiB and refuses it",
            refused_by="An HDD volume has at least 125 GiB",
            code="""
def scan_hours(volume_type, size_tib):
    if size_tib < 1 / 8:
        raise ValueError(size_tib)
    per_tib, ceiling = {"st1": (250, 500), "sc1": (80, 250)}[volume_type]
    return size_tib * 1024 * 1024 / min(ceiling, per_tib * size_tib) / 3600
""",
        ),
        Wrong(
            "rounds to one decimal",
            refused_by="Burst throughput grows with the size: 250 or 80 MiB/s for each TiB",
            code="""
def scan_hours(volume_type, size_tib):
    if size_tib * 1024 < 125:
        raise ValueError(size_tib)
    per_tib, ceiling = {"st1": (250, 500), "sc1": (80, 250)}[volume_type]
    return round(size_tib * 1024 * 1024 / min(ceiling, per_tib * size_tib) / 3600, 1)
""",
        ),
        Wrong(
            "knows the smallest size of st1 only",
            refused_by="An HDD volume has at least 125 GiB",
            code="""
def scan_hours(volume_type, size_tib):
    if volume_type == "st1" and size_tib * 1024 < 125:
        raise ValueError(size_tib)
    per_tib, ceiling = {"st1": (250, 500), "sc1": (80, 250)}[volume_type]
    return size_tib * 1024 * 1024 / min(ceiling, per_tib * size_tib) / 3600
""",
        ),
    ],
    right=[
        Right(
            "counts in GiB and seconds",
            code="""
def scan_hours(volume_type, size_tib):
    gib = 1024 * size_tib
    if gib < 125:
        raise ValueError(volume_type)
    if volume_type == "st1":
        rate = min(500, gib * 250 / 1024)
    elif volume_type == "sc1":
        rate = min(250, gib * 80 / 1024)
    return gib * 1024 / rate / 60 / 60
""",
        ),
        Right(
            "knows that up to the ceiling the time is always the same",
            code="""
def scan_hours(volume_type, size_tib):
    if size_tib < 125 / 1024:
        raise ValueError("too small")
    tib_per_hour = {"st1": 500, "sc1": 250}[volume_type] * 3600 / 2**20
    at_least = 2**20 / {"st1": 250, "sc1": 80}[volume_type] / 3600
    return max(at_least, size_tib / tib_per_hour)
""",
        ),
        Right(
            "rounds to two decimals, as AWS prints the hours",
            code="""
def scan_hours(volume_type, size_tib):
    if size_tib * 1024 < 125:
        raise ValueError(f"{size_tib} TiB is too small")
    mib_per_second = min(250 * size_tib, 500) if volume_type == "st1" else min(80 * size_tib, 250)
    return round(size_tib * 1024**2 / mib_per_second / 3600, 2)
""",
        ),
    ],
)


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


def _encrypted(
    data: str = "SnapshotId=snapshot_id, ",
    encrypted: str = "Encrypted=True, ",
    kind: str = 'VolumeType=old["VolumeType"], ',
    bought: str = _BOUGHT,
    device: str = 'place["Device"]',
    first: str = "ec2.detach_volume(VolumeId=volume_id)",
    last: str = "",
) -> str:
    """The usual way to an encrypted volume, with one thing done otherwise."""
    return f"""
def encrypt(volume_id):
    old = ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]
    place = old["Attachments"][0]
    {first}
    snapshot_id = ec2.create_snapshot(VolumeId=volume_id)["SnapshotId"]
    bought = {bought}
    new = ec2.create_volume(
        {data}{encrypted}{kind}Size=old["Size"], AvailabilityZone=old["AvailabilityZone"], **bought
    )["VolumeId"]
    ec2.attach_volume(VolumeId=new, InstanceId=place["InstanceId"], Device={device})
    {last}
    return new
"""


_ENCRYPT = Answers(
    wrong=[
        Wrong(
            "forgets the bought IOPS of gp3",
            refused_by="The new volume has the old one's type, size and performance",
            code=_encrypted(
                bought='{"gp3": {"Throughput": old.get("Throughput")}, "io2": {"Iops": old["Iops"]}}.get(old["VolumeType"], {})'
            ),
        ),
        Wrong(
            "makes an empty volume for gp2",
            refused_by="Only gp3, io1 and io2 take a number of IOPS",
            code=_encrypted(data='**({} if old["VolumeType"] == "gp2" else {"SnapshotId": snapshot_id}), '),
        ),
        Wrong(
            "leaves an unattached encrypted copy over",
            refused_by="Nothing else changes: the server runs with two volumes, and new volumes are as before",
            code=_encrypted(
                last='ec2.create_volume(SnapshotId=snapshot_id, Encrypted=True, AvailabilityZone=old["AvailabilityZone"])'
            ),
        ),
        Wrong(
            "encrypts a copy of the snapshot and then uses the plain one",
            refused_by="The volume in use is encrypted",
            code=_encrypted(
                encrypted="",
                last='ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=snapshot_id, Encrypted=True)',
            ),
        ),
        Wrong(
            "leaves the old volume in its place and takes another device",
            refused_by="The old volume is detached and kept",
            code=_encrypted(first="", device='"/dev/sdz"'),
        ),
        Wrong(
            "makes an empty encrypted volume",
            refused_by="It holds the old volume's data",
            code=_encrypted(data=""),
        ),
        Wrong(
            "deletes the old volume at once",
            refused_by="The old volume is detached and kept",
            code=_encrypted(last="ec2.delete_volume(VolumeId=volume_id)"),
        ),
        Wrong(
            "writes the device of the example into the function",
            refused_by="The new volume has the old one's place: instance, device and Availability Zone",
            code=_encrypted(device='"/dev/sdf"'),
        ),
        Wrong(
            "takes the API's default type",
            refused_by="The new volume has the old one's type, size and performance",
            code=_encrypted(kind="", bought="{}"),
        ),
        Wrong(
            "passes the IOPS of every type",
            refused_by="Only gp3, io1 and io2 take a number of IOPS",
            code=_encrypted(bought='{key: old[key] for key in ("Iops", "Throughput") if key in old}'),
        ),
        Wrong(
            "makes gp3 of a gp2 volume",
            refused_by="Only gp3, io1 and io2 take a number of IOPS",
            code=_encrypted(
                kind='VolumeType=old["VolumeType"].replace("gp2", "gp3"), ',
            ),
        ),
        Wrong(
            "forgets the bought throughput of gp3",
            refused_by="The new volume has the old one's type, size and performance",
            code=_encrypted(bought='{"Iops": old["Iops"]} if old["VolumeType"] in ("gp3", "io1", "io2") else {}'),
        ),
        Wrong(
            "makes an empty volume where the type is io2",
            refused_by="Data and performance come along whatever the type, and the old volume stays",
            code=_encrypted(data='**({"SnapshotId": snapshot_id} if old["VolumeType"] != "io2" else {}), '),
        ),
        Wrong(
            "deletes the old volume unless it is gp3",
            refused_by="Data and performance come along whatever the type, and the old volume stays",
            code=_encrypted(last='old["VolumeType"] == "gp3" or ec2.delete_volume(VolumeId=volume_id)'),
        ),
        Wrong(
            "leaves encryption by default switched on",
            refused_by="Nothing else changes: the server runs with two volumes, and new volumes are as before",
            code=_encrypted(
                encrypted="", first="ec2.enable_ebs_encryption_by_default()\n    ec2.detach_volume(VolumeId=volume_id)"
            ),
        ),
        Wrong(
            "stops the server first and leaves it stopped",
            refused_by="Nothing else changes: the server runs with two volumes, and new volumes are as before",
            code=_encrypted(
                first='ec2.stop_instances(InstanceIds=[place["InstanceId"]])\n    ec2.detach_volume(VolumeId=volume_id)'
            ),
        ),
        Wrong(
            "attaches a second encrypted copy",
            refused_by="Nothing else changes: the server runs with two volumes, and new volumes are as before",
            code=_encrypted(
                last="""spare = ec2.create_volume(
        SnapshotId=snapshot_id, Encrypted=True, AvailabilityZone=old["AvailabilityZone"], VolumeType="gp3"
    )["VolumeId"]
    ec2.attach_volume(VolumeId=spare, InstanceId=place["InstanceId"], Device="/dev/sdz")"""
            ),
        ),
        Wrong(
            "launches another server to try the new volume",
            refused_by="Nothing else changes: the server runs with two volumes, and new volumes are as before",
            code=_encrypted(
                last='ec2.run_instances(ImageId=ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"], MinCount=1, MaxCount=1)'
            ),
        ),
    ],
    right=[
        Right(
            "encrypts a copy of the snapshot first, and deletes both snapshots afterwards",
            code="""
def encrypt(volume_id):
    old = ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]
    (place,) = old["Attachments"]
    plain = ec2.create_snapshot(VolumeId=volume_id)["SnapshotId"]
    ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[plain])
    sealed = ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=plain, Encrypted=True)["SnapshotId"]
    ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[sealed])
    wanted = {"VolumeType": old["VolumeType"], "AvailabilityZone": old["AvailabilityZone"], "Size": old["Size"]}
    if old["VolumeType"] in ("gp3", "io1", "io2"):
        wanted["Iops"] = old["Iops"]
    if old.get("Throughput"):
        wanted["Throughput"] = old["Throughput"]
    new = ec2.create_volume(SnapshotId=sealed, **wanted)["VolumeId"]
    ec2.get_waiter("volume_available").wait(VolumeIds=[new])
    ec2.detach_volume(VolumeId=volume_id, InstanceId=place["InstanceId"], Device=place["Device"])
    ec2.get_waiter("volume_available").wait(VolumeIds=[volume_id])
    ec2.attach_volume(VolumeId=new, InstanceId=place["InstanceId"], Device=place["Device"])
    for snapshot_id in (plain, sealed):
        ec2.delete_snapshot(SnapshotId=snapshot_id)
    return new
""",
        ),
        Right(
            "copies the volume directly, encrypted, without a snapshot",
            code="""
def encrypt(volume_id):
    old = ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]
    place = old["Attachments"][0]
    ec2.detach_volume(VolumeId=volume_id)
    ec2.get_waiter("volume_available").wait(VolumeIds=[volume_id])
    wanted = {"Iops": old["Iops"]} if old["VolumeType"] in ("gp3", "io1", "io2") else {}
    if "Throughput" in old:
        wanted["Throughput"] = old["Throughput"]
    (copy,) = ec2.copy_volumes(SourceVolumeId=volume_id, Encrypted=True, VolumeType=old["VolumeType"], **wanted)["Volumes"]
    ec2.get_waiter("volume_available").wait(VolumeIds=[copy["VolumeId"]])
    ec2.attach_volume(VolumeId=copy["VolumeId"], InstanceId=place["InstanceId"], Device=place["Device"])
    return copy["VolumeId"]
""",
        ),
        Right(
            "uses boto3's resources, stops the server meanwhile and starts it again",
            code="""
def encrypt(volume_id):
    resource = boto3.resource("ec2")
    old = resource.Volume(volume_id)
    instance, device = resource.Instance(old.attachments[0]["InstanceId"]), old.attachments[0]["Device"]
    instance.stop()
    instance.wait_until_stopped()
    instance.detach_volume(VolumeId=volume_id)
    snapshot = old.create_snapshot()
    snapshot.wait_until_completed()
    wanted = {"Iops": old.iops} if old.volume_type in ("gp3", "io1", "io2") else {}
    if old.volume_type == "gp3":
        wanted["Throughput"] = old.throughput
    new = resource.create_volume(
        SnapshotId=snapshot.id,
        AvailabilityZone=old.availability_zone,
        Encrypted=True,
        KmsKeyId="alias/aws/ebs",
        VolumeType=old.volume_type,
        **wanted,
    )
    new.attach_to_instance(InstanceId=instance.id, Device=device)
    instance.start()
    return new.id
""",
        ),
        Right(
            "switches encryption by default on for the new volume only",
            code=_encrypted(
                encrypted="",
                first="ec2.detach_volume(VolumeId=volume_id)\n    ec2.enable_ebs_encryption_by_default()",
                last="ec2.disable_ebs_encryption_by_default()",
            ),
        ),
    ],
)

_ALWAYS_ENCRYPT = Answers(
    wrong=[
        Wrong(
            "switches a Region on that nobody named",
            refused_by="Only the Regions that were named are switched",
            code="""
def always_encrypt(regions):
    for region in [*regions, "eu-north-1"]:
        boto3.client("ec2", region_name=region).enable_ebs_encryption_by_default()
""",
        ),
        Wrong(
            "asks the client of us-east-1 again and again",
            refused_by="The switch is set for each Region",
            code="""
def always_encrypt(regions):
    for region in regions:
        ec2.enable_ebs_encryption_by_default()
""",
        ),
        Wrong(
            "returns after the first Region",
            refused_by="The switch is set for each Region",
            code="""
def always_encrypt(regions):
    for region in regions:
        client = boto3.client("ec2", region_name=region)
        return client.enable_ebs_encryption_by_default()["EbsEncryptionByDefault"]
""",
        ),
        Wrong(
            "switches the Region it works in as well",
            refused_by="Only the Regions that were named are switched",
            code="""
def always_encrypt(regions):
    ec2.enable_ebs_encryption_by_default()
    for region in regions:
        boto3.client("ec2", region_name=region).enable_ebs_encryption_by_default()
""",
        ),
        Wrong(
            "chooses a default key and switches nothing on",
            refused_by="A new volume is encrypted without being asked to be",
            code="""
def always_encrypt(regions):
    for region in regions:
        boto3.client("ec2", region_name=region).modify_ebs_default_kms_key_id(KmsKeyId="alias/aws/ebs")
""",
        ),
        Wrong(
            "makes one encrypted volume in each Region",
            refused_by="A new volume is encrypted without being asked to be",
            code="""
def always_encrypt(regions):
    for region in regions:
        client = boto3.client("ec2", region_name=region)
        client.create_volume(AvailabilityZone=f"{region}a", Size=1, VolumeType="gp3", Encrypted=True)
""",
        ),
        Wrong(
            "switches a Region on that nobody named",
            refused_by="Only the Regions that were named are switched",
            code="""
def always_encrypt(regions):
    for region in {*regions, "us-west-2"}:
        boto3.client("ec2", region_name=region).enable_ebs_encryption_by_default()
""",
        ),
    ],
    right=[
        Right(
            "uses sessions and returns what AWS answers",
            code="""
def always_encrypt(regions):
    clients = {region: boto3.Session(region_name=region).client("ec2") for region in regions}
    return {region: client.enable_ebs_encryption_by_default()["EbsEncryptionByDefault"] for region, client in clients.items()}
""",
        ),
        Right(
            "switches only where it is off",
            code="""
def always_encrypt(regions):
    for region in set(regions):
        there = boto3.resource("ec2", region_name=region).meta.client
        if not there.get_ebs_encryption_by_default()["EbsEncryptionByDefault"]:
            there.enable_ebs_encryption_by_default()
""",
        ),
    ],
)

_BURSTING = Answers(
    wrong=[
        Wrong(
            "takes KiB for MiB",
            refused_by="1 TiB gives 50 MiB/s all the time and bursts to 100",
            code="""
def bursting(standard_gib):
    return max(1, standard_gib * 50), max(100, standard_gib * 100 / 1024)
""",
        ),
        Wrong(
            "takes a TiB for 1,000 GiB",
            refused_by="1 TiB gives 50 MiB/s all the time and bursts to 100",
            code="""
def bursting(standard_gib):
    return max(1, standard_gib * 50 / 1000), max(100, standard_gib * 100 / 1000)
""",
        ),
        Wrong(
            "thinks that every burst ends at 100 MiB/s",
            refused_by="Burst throughput grows with the size above 1 TiB",
            code="""
def bursting(standard_gib):
    return max(1, standard_gib * 50 / 1024), 100
""",
        ),
        Wrong(
            "forgets that everybody may burst to 100",
            refused_by="Every file system may burst to 100 MiB/s",
            code="""
def bursting(standard_gib):
    return max(1, standard_gib * 50 / 1024), standard_gib * 100 / 1024
""",
        ),
        Wrong(
            "forgets that everybody may use 1 MiB/s",
            refused_by="Every file system may use 1 MiB/s",
            code="""
def bursting(standard_gib):
    return standard_gib * 50 / 1024, max(100, standard_gib * 100 / 1024)
""",
        ),
        Wrong(
            "counts whole TiB only for the burst",
            refused_by="Parts of a TiB count",
            code="""
def bursting(standard_gib):
    return max(1, standard_gib * 50 / 1024), max(100, standard_gib // 1024 * 100)
""",
        ),
    ],
    right=[
        Right(
            "computes in KiB and returns a list",
            code="""
def bursting(standard_gib):
    kib = [max(1024, 50 * standard_gib), max(100 * 1024, 100 * standard_gib)]
    return [amount / 1024 for amount in kib]
""",
        ),
        Right(
            "counts in TiB and lifts what is too low",
            code="""
def bursting(standard_gib):
    tib = standard_gib / 1024
    always, burst = 51_200 * tib / 1024, 100 * tib
    if always < 1:
        always = 1.0
    if tib < 1:
        burst = 100.0
    return always, burst
""",
        ),
    ],
)


def _file_system(
    rule: str = '{"IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049, "UserIdGroupPairs": [{"GroupId": web_group_id}]}',
    settings: str = 'Encrypted=True, ThroughputMode="elastic"',
    targets: str = "for subnet_id in subnet_ids",
    groups: str = ", SecurityGroups=[group]",
    policies: str = '[[{"TransitionToIA": "AFTER_30_DAYS"}, {"TransitionToArchive": "AFTER_90_DAYS"}]]',
    last: str = "",
) -> str:
    """The usual way to the shared file system, with one thing done otherwise."""
    return f"""
def create_file_system(vpc_id, subnet_ids, web_group_id):
    efs = boto3.client("efs")
    group = ec2.create_security_group(GroupName="files", Description="NFS", VpcId=vpc_id)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{rule}])
    file_system_id = efs.create_file_system({settings})["FileSystemId"]
    {targets}:
        efs.create_mount_target(FileSystemId=file_system_id, SubnetId=subnet_id{groups})
    for policies in {policies}:
        efs.put_lifecycle_configuration(FileSystemId=file_system_id, LifecyclePolicies=policies)
    {last}
    return file_system_id
"""


_SHARED = Answers(
    wrong=[
        Wrong(
            "takes the web servers' way out",
            refused_by="One file system and one security group are made, and no other group is touched",
            code=_file_system(
                last='ec2.revoke_security_group_egress(GroupId=web_group_id, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])'
            ),
        ),
        Wrong(
            "opens the default group to the world",
            refused_by="One file system and one security group are made, and no other group is touched",
            code=_file_system(
                last='ec2.authorize_security_group_ingress(GroupId=ec2.describe_security_groups(GroupNames=["default"])["SecurityGroups"][0]["GroupId"], IpPermissions=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])'
            ),
        ),
        Wrong(
            "opens NFS to the whole world",
            refused_by="Only the web servers' group is let in, on TCP port 2049",
            code=_file_system(
                rule='{"IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}'
            ),
        ),
        Wrong(
            "lets the web servers in on every port",
            refused_by="Only the web servers' group is let in, on TCP port 2049",
            code=_file_system(rule='{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": web_group_id}]}'),
        ),
        Wrong(
            "gives the mount targets the web servers' own group",
            refused_by="Only the web servers' group is let in, on TCP port 2049",
            code=_file_system(groups=", SecurityGroups=[web_group_id]"),
        ),
        Wrong(
            "makes one mount target for all zones",
            refused_by="There is a mount target in each Availability Zone that was asked for",
            code=_file_system(targets="for subnet_id in subnet_ids[:1]"),
        ),
        Wrong(
            "makes mount targets in two zones, as in the example",
            refused_by="Three subnets get three mount targets",
            code=_file_system(targets="for subnet_id in subnet_ids[:2]"),
        ),
        Wrong(
            "leaves encryption to the default",
            refused_by="Encryption at rest is chosen at creation",
            code=_file_system(settings='ThroughputMode="elastic"'),
        ),
        Wrong(
            "replaces the first lifecycle policy by the second",
            refused_by="Files move only if a lifecycle policy says so",
            code=_file_system(
                policies='[[{"TransitionToIA": "AFTER_30_DAYS"}], [{"TransitionToArchive": "AFTER_90_DAYS"}]]'
            ),
        ),
        Wrong(
            "takes the API's default throughput mode, which has no Archive",
            refused_by="The API's default throughput mode is Bursting, so Elastic is asked for",
            code=_file_system(settings="Encrypted=True", policies='[[{"TransitionToIA": "AFTER_30_DAYS"}]]'),
        ),
        Wrong(
            "gives the mount targets no group",
            refused_by="Only the web servers' group is let in, on TCP port 2049",
            code=_file_system(groups=""),
        ),
        Wrong(
            "gives the other mount targets an empty group",
            refused_by="Only the web servers' group is let in, on TCP port 2049",
            code=_file_system(
                groups=", SecurityGroups=[group if subnet_id == subnet_ids[0] else empty]",
                targets="""empty = ec2.create_security_group(GroupName="empty", Description="NFS", VpcId=vpc_id)["GroupId"]
    for subnet_id in subnet_ids""",
            ),
        ),
        Wrong(
            "gives the mount targets the VPC's default group too",
            refused_by="Only the web servers' group is let in, on TCP port 2049",
            code=_file_system(
                groups=", SecurityGroups=[group, default]",
                targets="""groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["SecurityGroups"]
    (default,) = (one["GroupId"] for one in groups if one["GroupName"] == "default")
    for subnet_id in subnet_ids""",
            ),
        ),
        Wrong(
            "encrypts only the file system of the example",
            refused_by="Three subnets get three mount targets",
            code=_file_system(settings='Encrypted=len(subnet_ids) == 2, ThroughputMode="elastic"'),
        ),
        Wrong(
            "leaves a second file system over",
            refused_by="One file system and one security group are made, and no other group is touched",
            code=_file_system(last="efs.create_file_system()"),
        ),
        Wrong(
            "opens SSH on the web servers' group",
            refused_by="One file system and one security group are made, and no other group is touched",
            code=_file_system(
                last='ec2.authorize_security_group_ingress(GroupId=web_group_id, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0")'
            ),
        ),
    ],
    right=[
        Right(
            "gives the mount targets their group afterwards, and waits for the file system",
            code="""
import time


def create_file_system(vpc_id, subnet_ids, web_group_id):
    efs = boto3.client("efs", region_name="us-east-1")
    made = efs.create_file_system(
        CreationToken="shared",
        PerformanceMode="generalPurpose",
        Encrypted=True,
        ThroughputMode="elastic",
        Tags=[{"Key": "Name", "Value": "shared"}],
    )["FileSystemId"]
    while efs.describe_file_systems(FileSystemId=made)["FileSystems"][0]["LifeCycleState"] != "available":
        time.sleep(0.1)
    efs.put_lifecycle_configuration(
        FileSystemId=made,
        LifecyclePolicies=[{"TransitionToArchive": "AFTER_90_DAYS"}, {"TransitionToIA": "AFTER_30_DAYS"}],
    )
    group = boto3.resource("ec2").create_security_group(GroupName="nfs", Description="nfs", VpcId=vpc_id)
    source = [{"GroupId": web_group_id, "Description": "web servers"}]
    group.authorize_ingress(
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049, "UserIdGroupPairs": source}]
    )
    targets = [efs.create_mount_target(FileSystemId=made, SubnetId=subnet)["MountTargetId"] for subnet in subnet_ids]
    for target in targets:
        efs.modify_mount_target_security_groups(MountTargetId=target, SecurityGroups=[group.id])
    return made
""",
        ),
        Right(
            "switches to Elastic after the file system was made",
            code="""
def create_file_system(vpc_id, subnet_ids, web_group_id):
    efs = boto3.client("efs")
    made = efs.create_file_system(Encrypted=True, KmsKeyId="alias/aws/elasticfilesystem")["FileSystemId"]
    efs.update_file_system(FileSystemId=made, ThroughputMode="elastic")
    group = ec2.create_security_group(GroupName="files", Description="NFS", VpcId=vpc_id)["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049}
    ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{**rule, "UserIdGroupPairs": [{"GroupId": web_group_id}]}]
    )
    for subnet_id in reversed(subnet_ids):
        efs.create_mount_target(FileSystemId=made, SubnetId=subnet_id, SecurityGroups=[group])
    days = {"TransitionToIA": 30, "TransitionToArchive": 90}
    efs.put_lifecycle_configuration(
        FileSystemId=made, LifecyclePolicies=[{key: f"AFTER_{number}_DAYS"} for key, number in days.items()]
    )
    return made
""",
        ),
        Right(
            "brings files back to Standard at the first access",
            code=_file_system(
                policies="""[
        [
            {"TransitionToIA": "AFTER_30_DAYS"},
            {"TransitionToArchive": "AFTER_90_DAYS"},
            {"TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
        ]
    ]"""
            ),
        ),
        Right(
            "names the protocol by its number, and waits for the mount targets",
            code=_file_system(
                rule='{"IpProtocol": "6", "FromPort": 2049, "ToPort": 2049, "IpRanges": [], "UserIdGroupPairs": [{"GroupId": web_group_id, "VpcId": vpc_id}]}',
                last="""while any(
        target["LifeCycleState"] != "available"
        for target in efs.describe_mount_targets(FileSystemId=file_system_id)["MountTargets"]
    ):
        pass""",
            ),
        ),
    ],
)

_CLASSES = Answers(
    wrong=[
        Wrong(
            "moves files a day too late",
            refused_by="A file moves on the day that is named, not the day after",
            code="""
def classes(files, ia_days, archive_days):
    kept = {"standard": 0, "ia": 0, "archive": 0}
    for idle, gib in files:
        if archive_days is not None and idle > archive_days:
            kept["archive"] += gib
        elif ia_days is not None and idle > ia_days:
            kept["ia"] += gib
        else:
            kept["standard"] += gib
    return kept
""",
        ),
        Wrong(
            "compares with None",
            refused_by="Without a policy everything stays in Standard",
            code="""
def classes(files, ia_days, archive_days):
    kept = {"standard": 0, "ia": 0, "archive": 0}
    for idle, gib in files:
        kept["archive" if idle >= archive_days else "ia" if idle >= ia_days else "standard"] += gib
    return kept
""",
        ),
        Wrong(
            "counts files instead of GiB",
            refused_by="A file moves by the days since its last access",
            code="""
def classes(files, ia_days, archive_days):
    kept = {"standard": 0, "ia": 0, "archive": 0}
    for idle, gib in files:
        if archive_days is not None and idle >= archive_days:
            kept["archive"] += 1
        elif ia_days is not None and idle >= ia_days:
            kept["ia"] += 1
        else:
            kept["standard"] += 1
    return kept
""",
        ),
        Wrong(
            "asks for Infrequent Access first, so nothing reaches Archive",
            refused_by="A file moves by the days since its last access",
            code="""
def classes(files, ia_days, archive_days):
    kept = {"standard": 0, "ia": 0, "archive": 0}
    for idle, gib in files:
        if ia_days is not None and idle >= ia_days:
            kept["ia"] += gib
        elif archive_days is not None and idle >= archive_days:
            kept["archive"] += gib
        else:
            kept["standard"] += gib
    return kept
""",
        ),
        Wrong(
            "archives only what was in Infrequent Access before",
            refused_by="Each of the two transitions works alone",
            code="""
def classes(files, ia_days, archive_days):
    kept = {"standard": 0, "ia": 0, "archive": 0}
    for idle, gib in files:
        if ia_days is None or idle < ia_days:
            kept["standard"] += gib
        elif archive_days is None or idle < archive_days:
            kept["ia"] += gib
        else:
            kept["archive"] += gib
    return kept
""",
        ),
        Wrong(
            "returns the sum as a fourth entry",
            refused_by="A file moves by the days since its last access",
            code="""
def classes(files, ia_days, archive_days):
    kept = {"standard": 0, "ia": 0, "archive": 0, "total": sum(gib for _, gib in files)}
    for idle, gib in files:
        if archive_days is not None and idle >= archive_days:
            kept["archive"] += gib
        elif ia_days is not None and idle >= ia_days:
            kept["ia"] += gib
        else:
            kept["standard"] += gib
    return kept
""",
        ),
    ],
    right=[
        Right(
            "sums what has passed each day, and subtracts",
            code="""
def classes(files, ia_days, archive_days):
    def since(days):
        return sum(gib for idle, gib in files if days is not None and idle >= days)

    archive = since(archive_days)
    moved = sum(
        gib for idle, gib in files if any(days is not None and idle >= days for days in (ia_days, archive_days))
    )
    return {"archive": archive, "ia": moved - archive, "standard": sum(gib for _, gib in files) - moved}
""",
        ),
        Right(
            "takes None for a day that never comes, and counts in decimals",
            code="""
def classes(files, ia_days, archive_days):
    never = float("inf")
    ia_days = never if ia_days is None else ia_days
    archive_days = never if archive_days is None else archive_days
    kept = dict.fromkeys(("standard", "ia", "archive"), 0.0)
    for idle, gib in files:
        name = "archive" if idle >= archive_days else "ia" if idle >= ia_days else "standard"
        kept[name] += gib
    return kept
""",
        ),
    ],
)

_WORKLOADS = Answers(
    wrong=[
        Wrong(
            "boots from an HDD because it is cheap",
            refused_by="A: an HDD volume cannot boot, and 30 GiB need no bought IOPS",
            code='choice = {"A": "st1", "B": "io2", "C": "st1", "D": "efs", "E": "instance store", "F": "sc1"}',
        ),
        Wrong(
            "makes gp3 large enough for any number of IOPS",
            refused_by="B: General Purpose SSD ends at 80,000 IOPS, whatever the size",
            code='choice = {"A": "gp3", "B": "gp3", "C": "st1", "D": "efs", "E": "instance store", "F": "sc1"}',
        ),
        Wrong(
            "lets the burst of Cold HDD last all day",
            refused_by="C: sequential reads suit HDD, and 150 MiB/s must last without credits",
            code='choice = {"A": "gp3", "B": "io2", "C": "sc1", "D": "efs", "E": "instance store", "F": "sc1"}',
        ),
        Wrong(
            "shares a volume across zones with Multi-Attach",
            refused_by="D: an EBS volume stays in one Availability Zone, even with Multi-Attach",
            code='choice = {"A": "gp3", "B": "io2", "C": "st1", "D": "io2", "E": "instance store", "F": "sc1"}',
        ),
        Wrong(
            "buys the fastest volume for what may be lost",
            refused_by="E: what may be lost can live on the host's own disks",
            code='choice = {"A": "gp3", "B": "io2", "C": "st1", "D": "efs", "E": "io2", "F": "sc1"}',
        ),
        Wrong(
            "takes the throughput type for data that is seldom read",
            refused_by="F: the cheapest type that still delivers the base throughput",
            code='choice = {"A": "gp3", "B": "io2", "C": "st1", "D": "efs", "E": "instance store", "F": "st1"}',
        ),
    ],
    right=[
        Right(
            "zips the letters with the choices",
            code='choice = dict(zip("ABCDEF", ["gp3", "io2", "st1", "efs", "instance store", "sc1"]))',
        ),
    ],
)

ANSWERS = {
    "ebs-volumes-create": _CREATE,
    "ebs-volumes-move-zone": _MOVE,
    "ebs-volumes-audit": _AUDIT,
    "delete-on-termination-defaults": _DEFAULTS,
    "delete-on-termination-keep-root": _KEEP_ROOT,
    "snapshots-incremental": _FREED,
    "snapshots-copy-region": _COPY_TO,
    "snapshots-archive": _ARCHIVE,
    "snapshots-bin": _BIN,
    "amis-golden-image": _LAUNCH_COPY,
    "instance-store-survival": _SURVIVES,
    "volume-types-gp2-baseline": _BASELINE,
    "volume-types-gp2-burst": _BURST,
    "volume-types-gp3-or-gp2": _COST,
    "volume-types-provisioned": _SMALLEST,
    "volume-types-hdd": _SCAN,
    "multi-attach-cluster": _CLUSTER,
    "ebs-encryption-existing": _ENCRYPT,
    "ebs-encryption-default": _ALWAYS_ENCRYPT,
    "efs-throughput": _BURSTING,
    "efs-create": _SHARED,
    "efs-lifecycle": _CLASSES,
    "choosing-storage-workloads": _WORKLOADS,
}
