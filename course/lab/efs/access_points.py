"""EFS access points belong to a file system that is there.

https://docs.aws.amazon.com/efs/latest/ug/API_CreateAccessPoint.html
"""

from __future__ import annotations

from ..gate import Call, Refused, refuses


@refuses("efs", "CreateAccessPoint")
def no_file_system(call: Call) -> None:
    """FileSystemNotFound; AccessPointAlreadyExists for a token used before is moto's."""
    fs = call.params["FileSystemId"]
    if fs not in call.backend.file_systems_by_id:
        raise Refused("FileSystemNotFound", f"File system '{fs}' does not exist.", 404)
