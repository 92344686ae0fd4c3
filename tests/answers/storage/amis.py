"""Answers to the exercises on AMIs."""

from __future__ import annotations

from tests.answers import Answers, Right, Wrong


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


ANSWERS = {
    "amis-golden-image": _LAUNCH_COPY,
}
