"""Answers to the exercises on Amazon EFS."""

from __future__ import annotations

from tests.answers import Answers, Right, Wrong

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


ANSWERS = {
    "efs-throughput": _BURSTING,
    "efs-create": _SHARED,
    "efs-lifecycle": _CLASSES,
}
