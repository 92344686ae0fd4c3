"""Answers to the exercises on delete on termination."""

from __future__ import annotations

from tests.answers import Answers, Right, Wrong

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


ANSWERS = {
    "delete-on-termination-defaults": _DEFAULTS,
    "delete-on-termination-keep-root": _KEEP_ROOT,
}
