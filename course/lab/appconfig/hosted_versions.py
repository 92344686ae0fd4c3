"""Versions of a configuration in the hosted store: numbered, never changed, labelled if one likes.

https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_CreateHostedConfigurationVersion.html
"""

from __future__ import annotations

from typing import Any

from course.data import value

from ..gate import Call, Refused, answers, refuses
from .profiles import FLAGS
from .store import Profile, Version, bad_request, checked, not_found, page, profile_of, shown
from .validators import require_flags


@refuses("appconfig", "CreateHostedConfigurationVersion", "ListHostedConfigurationVersions")
def outside_the_model(call: Call) -> None:
    """BadRequestException for lengths and patterns."""
    checked(call)


@refuses("appconfig", "CreateHostedConfigurationVersion")
def impossible_version(call: Call) -> None:
    """A hosted profile, the latest number if given, a label of its own, and not too large."""
    params, profile = call.params, profile_of(call)
    if profile.location != "hosted":
        raise bad_request(f"The configuration profile {profile.id} is not hosted by AWS AppConfig.")
    latest = params.get("LatestVersionNumber")
    if latest is not None and latest != profile.last_version:
        raise Refused(
            "ConflictException",
            f"The latest version number is {profile.last_version}, not {latest}: another version was created.",
            409,
        )
    label = params.get("VersionLabel")
    if label is not None and any(one.label == label for one in profile.versions.values()):
        raise Refused("ConflictException", f"The version label {label} already exists.", 409)
    content, most = _content(params), value("appconfig.quotas.hosted") * 1024
    if len(content) > most * 1024:
        refusal = Refused("PayloadTooLargeException", "The configuration size is too large.", 413)
        refusal.Measure, refusal.Limit, refusal.Size = "KILOBYTES", float(most), len(content) / 1024
        raise refusal
    if profile.type == FLAGS:
        if params["ContentType"].split(";")[0] != "application/json":
            raise bad_request(f"The content type of feature flags is application/json, not {params['ContentType']}.")
        require_flags(content)


def _content(params: dict[str, Any]) -> bytes:
    content = params.get("Content") or b""
    return content.encode() if isinstance(content, str) else content


def _described(application_id: str, profile: Profile, version: Version) -> dict[str, Any]:
    return shown(
        ApplicationId=application_id,
        ConfigurationProfileId=profile.id,
        VersionNumber=version.number,
        Description=version.description,
        ContentType=version.content_type,
        VersionLabel=version.label,
    )


@answers("appconfig", "CreateHostedConfigurationVersion")
def create_version(call: Call) -> dict:
    """The next number; numbers are not used twice."""
    params, profile = call.params, profile_of(call)
    profile.last_version += 1
    made = Version(
        profile.last_version,
        _content(params),
        params["ContentType"],
        params.get("Description"),
        params.get("VersionLabel"),
    )
    profile.versions[made.number] = made
    return {**_described(params["ApplicationId"], profile, made), "Content": made.content}


def version_of(call: Call) -> Version:
    """The version with the number in the request."""
    found = profile_of(call).versions.get(int(call.params["VersionNumber"]))
    if found is None:
        raise not_found("HostedConfigurationVersion", str(call.params["VersionNumber"]))
    return found


@answers("appconfig", "GetHostedConfigurationVersion")
def get_version(call: Call) -> dict:
    """With its content."""
    version = version_of(call)
    return {**_described(call.params["ApplicationId"], profile_of(call), version), "Content": version.content}


@answers("appconfig", "ListHostedConfigurationVersions")
def list_versions(call: Call) -> dict:
    """Newest first, with one label or those that begin alike."""
    profile, label = profile_of(call), call.params.get("VersionLabel")

    def wanted(version: Version) -> bool:
        if label is None:
            return True
        if label.endswith("*"):
            return (version.label or "").startswith(label[:-1]) and version.label is not None
        return version.label == label

    found = sorted((one for one in profile.versions.values() if wanted(one)), key=lambda one: -one.number)
    return page(call, [_described(call.params["ApplicationId"], profile, one) for one in found])


@answers("appconfig", "DeleteHostedConfigurationVersion")
def delete_version(call: Call) -> dict:
    """What is deployed stays deployed."""
    del profile_of(call).versions[version_of(call).number]
    return {}
