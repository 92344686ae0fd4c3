"""Access points of EFS."""


def test_an_access_point_needs_its_file_system(efs, refused):
    """One that is there, and one that is not."""
    fs = efs.create_file_system(CreationToken="t")["FileSystemId"]
    assert efs.create_access_point(FileSystemId=fs)["FileSystemId"] == fs
    refused(efs.create_access_point, "FileSystemNotFound", status=404, FileSystemId="fs-0123456789abcdef0")
