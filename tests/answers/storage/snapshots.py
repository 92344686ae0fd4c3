"""Answers to the exercises on snapshots."""

from __future__ import annotations

from tests.answers import Answers, Right, Wrong

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


ANSWERS = {
    "snapshots-incremental": _FREED,
    "snapshots-copy-region": _COPY_TO,
    "snapshots-archive": _ARCHIVE,
    "snapshots-bin": _BIN,
}
