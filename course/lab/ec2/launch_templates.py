"""Versions of a launch template: a new one begins as a copy of the version it names.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.launch_templates import LaunchTemplateVersion

from ..gate import Call, Refused, corrects, refuses


def _template(call: Call) -> Any:
    name, id = call.params.get("LaunchTemplateName"), call.params.get("LaunchTemplateId")
    return call.backend.get_launch_template_by_name(name) if name else call.backend.get_launch_template(id)


@refuses("ec2", "CreateLaunchTemplateVersion")
def unknown_source(call: Call) -> None:
    """The version to copy must be there."""
    wanted = call.params.get("SourceVersion")
    if wanted is not None and not str(wanted).startswith("$"):
        template = _template(call)
        if str(wanted) not in {str(one.number) for one in template.versions}:
            message = f"Could not find the specified version {wanted} for the launch template with ID {template.id}."
            raise Refused("InvalidLaunchTemplateId.VersionNotFound", message)


@corrects("ec2", "CreateLaunchTemplateVersion")
def copied_from_its_source(call: Call, result: Any) -> dict | None:
    """moto takes the new version's own data only."""
    wanted = call.params.get("SourceVersion")
    if wanted is None:
        return None
    template = _template(call)
    made: LaunchTemplateVersion = template.versions[-1]
    source = template.versions[-2] if str(wanted) == "$Latest" else template.get_version(wanted)
    made.data = {**source.data, **made.data}
    return {"LaunchTemplateVersion": {**result["LaunchTemplateVersion"], "LaunchTemplateData": made.data}}
