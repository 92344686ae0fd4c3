"""What AppConfig keeps in a Region, how requests name it, and how AppConfig words its errors.

It lives with moto's AppConfig state, so it vanishes with it. moto's own has applications and profiles only.
https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/Welcome.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.moto_api._internal import mock_random

from ..constraints import require_constraints
from ..gate import Call, Refused


@dataclass
class Version:
    """One hosted configuration version."""

    number: int
    content: bytes
    content_type: str
    description: str | None = None
    label: str | None = None


@dataclass
class Profile:
    """A configuration profile: where a configuration lies and what checks it."""

    id: str
    name: str
    location: str
    type: str
    description: str | None = None
    role: str | None = None
    validators: list[dict[str, str]] = field(default_factory=list)
    key: str | None = None
    versions: dict[int, Version] = field(default_factory=dict)
    last_version: int = 0


@dataclass
class Deployment:
    """One deployment to an environment; `ended` is the time and state of a stop, rollback or revert."""

    number: int
    profile: Profile
    strategy: dict[str, Any]
    version: str
    label: str | None
    content: bytes
    content_type: str
    started: datetime
    description: str | None = None
    ended: tuple[datetime, str, str] | None = None


@dataclass
class Environment:
    """A group of targets with the alarms that stop a deployment."""

    id: str
    name: str
    description: str | None = None
    monitors: list[dict[str, str]] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)


@dataclass
class Application:
    """An application with its environments and profiles by id."""

    id: str
    name: str
    description: str | None = None
    environments: dict[str, Environment] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)


@dataclass
class Store:
    """One Region of one account."""

    applications: dict[str, Application] = field(default_factory=dict)
    strategies: dict[str, dict[str, Any]] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    sessions: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)


def store(call: Call) -> Store:
    """The state of the Region."""
    return call.backend_of("appconfig").__dict__.setdefault("lab_store", Store())


def new_id() -> str:
    """An id as AppConfig's are: seven letters and digits."""
    return mock_random.get_random_hex(7)


def checked(call: Call) -> None:
    """BadRequestException for parameters outside the service's model."""
    require_constraints(call, "BadRequestException")


def bad_request(message: str, details: list[dict[str, str]] | None = None) -> Refused:
    """BadRequestException, with what is wrong with a configuration where that is the reason."""
    refusal = Refused("BadRequestException", message)
    if details is not None:
        refusal.Reason = "InvalidConfiguration"
        refusal.Details = {"InvalidConfiguration": details}
    return refusal


def not_found(kind: str, name: str) -> Refused:
    """ResourceNotFoundException."""
    refusal = Refused("ResourceNotFoundException", f"{kind} not found", 404)
    refusal.ResourceName = name
    return refusal


def application_of(call: Call, named: str = "") -> Application:
    """The application with this id; Refused if there is none."""
    named = named or call.params["ApplicationId"]
    found = store(call).applications.get(named)
    if found is None:
        raise not_found("Application", named)
    return found


def environment_of(call: Call) -> Environment:
    """The environment with the id in the request."""
    found = application_of(call).environments.get(call.params["EnvironmentId"])
    if found is None:
        raise not_found("Environment", call.params["EnvironmentId"])
    return found


def profile_of(call: Call) -> Profile:
    """The configuration profile with the id in the request."""
    found = application_of(call).profiles.get(call.params["ConfigurationProfileId"])
    if found is None:
        raise not_found("ConfigurationProfile", call.params["ConfigurationProfileId"])
    return found


def by_id_or_name(held: dict[str, Any], named: str) -> Any:
    """What has this id, or this name; None if nothing has."""
    return held.get(named) or next((one for one in held.values() if one.name == named), None)


def arn(call: Call, *path: str) -> str:
    """The ARN of an AppConfig resource."""
    return f"arn:aws:appconfig:{call.region}:{call.account_id}:{'/'.join(path)}"


def page(call: Call, items: list[dict[str, Any]]) -> dict[str, Any]:
    """One page of a list."""
    size, start = call.params.get("MaxResults", 50), int(call.params.get("NextToken") or 0)
    more = {"NextToken": str(start + size)} if start + size < len(items) else {}
    return {"Items": items[start : start + size], **more}


def shown(**members: Any) -> dict[str, Any]:
    """The members that have a value."""
    return {name: one for name, one in members.items() if one is not None}


def tag(call: Call, resource: str) -> None:
    """Note the tags that a new resource is given."""
    if call.params.get("Tags"):
        store(call).tags[resource] = dict(call.params["Tags"])
