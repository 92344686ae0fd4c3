"""Pages of volumes and snapshots, and what is said of ids that are not there."""


def test_a_page_is_no_longer_than_asked_and_all_pages_hold_everything(ec2, volume):
    """Does code that reads only the first page miss something, as it would on AWS?"""
    made = {volume() for _ in range(12)}
    first = ec2.describe_volumes(MaxResults=5)
    assert len(first["Volumes"]) == 5
    assert "NextToken" in first
    pages = ec2.get_paginator("describe_volumes").paginate(PaginationConfig={"PageSize": 5})
    ids = [one["VolumeId"] for page in pages for one in page["Volumes"]]
    assert set(ids) == made
    assert len(ids) == 12


def test_snapshots_have_pages_too_after_the_owner_is_chosen(ec2, volume):
    """Are Amazon's snapshots gone before pages are counted?"""
    one = volume()
    made = {ec2.create_snapshot(VolumeId=one)["SnapshotId"] for _ in range(7)}
    pages = ec2.get_paginator("describe_snapshots").paginate(OwnerIds=["self"], PaginationConfig={"PageSize": 5})
    found = [[snapshot["SnapshotId"] for snapshot in page["Snapshots"]] for page in pages]
    assert [len(page) for page in found] == [5, 2]
    assert set(sum(found, [])) == made


def test_missing_volumes_are_named(ec2, volume, refused):
    """Does the message name the volume as AWS does, and only the one that is not there?"""
    there, gone = volume(), "vol-0123456789abcdef0"
    refused(
        ec2.describe_volumes, "InvalidVolume.NotFound", f"The volume '{gone}' does not exist.", VolumeIds=[there, gone]
    )
