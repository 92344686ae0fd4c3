"""Answers to the exercises on EBS encryption."""

from __future__ import annotations

from tests.answers import Answers, Right, Wrong
from tests.answers.storage.ebs_volumes import _BOUGHT


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


ANSWERS = {
    "ebs-encryption-existing": _ENCRYPT,
    "ebs-encryption-default": _ALWAYS_ENCRYPT,
}
