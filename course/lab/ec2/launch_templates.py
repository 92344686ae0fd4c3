"""Versions of a launch template: a new one begins as a copy of the version it names.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import InvalidLaunchTemplateVersionNotFound
from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateVersion

from ..gate import Call, Refused, answers, corrects, refuses, replaces


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


def _wanted(call: Call) -> Any:
    """The template a call names, or Refused."""
    id, name = call.params.get("LaunchTemplateId"), call.params.get("LaunchTemplateName")
    if id is not None and id not in call.backend.launch_templates:
        raise Refused(
            "InvalidLaunchTemplateId.NotFound", f"The specified launch template, with template ID {id}, does not exist."
        )
    if name is not None and name not in call.backend.launch_template_name_to_ids:
        raise Refused(
            "InvalidLaunchTemplateName.NotFoundException",
            f"The specified launch template, with template name {name}, does not exist.",
        )
    return _template(call)


@refuses("ec2", "DeleteLaunchTemplate", "ModifyLaunchTemplate")
def unknown_template(call: Call) -> None:
    """By id or by name: each has a code of its own."""
    if call.params.get("LaunchTemplateId") or call.params.get("LaunchTemplateName"):
        _wanted(call)


@answers("ec2", "DeleteLaunchTemplateVersions")
def delete_versions(call: Call) -> dict:
    """Each version by itself; the default version stays."""
    template, done, failed = _wanted(call), [], []
    for wanted in call.params["Versions"]:
        version = next((one for one in template.versions if str(one.number) == str(wanted)), None)
        shown = {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name, "VersionNumber": int(wanted)}
        if version is None:
            code, message = "launchTemplateVersionDoesNotExist", f"Could not find the specified version {wanted}."
        elif version.number == template.default_version_number:
            code, message = "unexpectedError", f"Version {wanted} is the default version and cannot be deleted."
        else:
            template.versions.remove(version)
            done.append(shown)
            continue
        failed.append({**shown, "ResponseError": {"Code": code, "Message": message}})
    return {"SuccessfullyDeletedLaunchTemplateVersions": done, "UnsuccessfullyDeletedLaunchTemplateVersions": failed}


@replaces(LaunchTemplate, "create_version")
def counting_on(moto: Any, template: LaunchTemplate, *args: Any, **kwargs: Any) -> LaunchTemplateVersion:
    """The number of a deleted version is not given again."""
    made = moto(template, *args, **kwargs)
    made.number = template.__dict__["last_number"] = template.__dict__.get("last_number", 0) + 1
    return made


@replaces(LaunchTemplate, "get_version")
def by_number(moto: Any, template: LaunchTemplate, number: Any) -> LaunchTemplateVersion:
    """moto counts places, which move when a version is deleted."""
    if str(number).startswith("$"):
        return moto(template, number)
    for one in template.versions:
        if str(one.number) == str(number):
            return one
    raise InvalidLaunchTemplateVersionNotFound(template_id=template.id, version=number)


@replaces(LaunchTemplate, "default_version")
def default_by_number(moto: Any, template: LaunchTemplate) -> LaunchTemplateVersion:
    """The same for the default version."""
    return template.get_version(template.default_version_number)
