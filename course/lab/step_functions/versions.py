"""Versions and aliases of state machines: which definition an execution gets. moto executes versions only by halves.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-cd-aliasing-versioning.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.core.utils import utcnow

from course.data import value

from .. import ids
from ..gate import Call, Refused, answers, refuses

_ARN = re.compile(r"(arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:stateMachine:[^:/]+)(?::([^:/]+))?")


def chosen(backend: Any, arn: str) -> tuple[Any, Any, dict[str, str]]:
    """The state machine, what of it runs, and the ARNs of version and alias; an alias draws among its versions."""
    found = _ARN.fullmatch(arn)
    if not found:
        raise Refused("InvalidArn", f"Invalid Arn: 'Invalid ARN prefix: {arn}'")
    machine = existing(backend, found[1], arn)
    qualifier = found[2]
    if qualifier is None:
        return machine, machine, {}
    if qualifier.isdigit():
        version = machine.versions.get(int(qualifier))
        if version is None:
            raise _missing(arn)
        return machine, version, {"stateMachineVersionArn": version.arn}
    alias = machine.aliases.get(qualifier)
    if alias is None:
        raise _missing(arn)
    draw, sum_ = ids.stream(f"states routing {arn}").random() * 100, 0
    for route in alias.routing_configuration:
        sum_ += route["weight"]
        if draw < sum_:
            break
    version = machine.versions[int(route["stateMachineVersionArn"].rpartition(":")[2])]
    return machine, version, {"stateMachineVersionArn": version.arn, "stateMachineAliasArn": arn}


def existing(backend: Any, arn: str, named: str = "") -> Any:
    """The state machine with this ARN; Refused if there is none."""
    machine = next((one for one in backend.state_machines if one.arn == arn), None)
    if machine is None:
        raise _missing(named or arn)
    return machine


def _missing(arn: str) -> Refused:
    return Refused("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")


@answers("stepfunctions", "PublishStateMachineVersion")
def publish_version(call: Call) -> dict:
    """The definition and role of now become the next version; unchanged ones are no new version."""
    machine = existing(call.backend, call.params["stateMachineArn"])
    revision = call.params.get("revisionId")
    if revision and revision != getattr(machine, "revision", "INITIAL"):
        raise Refused(
            "ConflictException",
            f"Failed to publish the State Machine version for revision {revision}. The current State Machine revision is "
            f"{getattr(machine, 'revision', 'INITIAL')}.",
        )
    latest = machine.versions.get(machine.latest_version_number)
    if latest is None or (latest.definition, latest.roleArn) != (machine.definition, machine.roleArn):
        most = value("step_functions.versions.versions")
        if len(machine.versions) >= most:
            raise Refused("ServiceQuotaExceededException", f"At most {most} versions of a state machine are kept.")
        machine.publish(call.params.get("description"))
        latest = machine.latest_version
    return {"creationDate": latest.creation_date, "stateMachineVersionArn": latest.arn}


@answers("stepfunctions", "ListStateMachineVersions")
def list_versions(call: Call) -> dict:
    """The newest first."""
    machine = existing(call.backend, call.params["stateMachineArn"])
    shown = [
        {"stateMachineVersionArn": version.arn, "creationDate": version.creation_date}
        for _, version in sorted(machine.versions.items(), reverse=True)
    ]
    return {"stateMachineVersions": shown}


@answers("stepfunctions", "DeleteStateMachineVersion")
def delete_version(call: Call) -> dict:
    """A version that an alias uses stays; one that is not there is no error."""
    arn = call.params["stateMachineVersionArn"]
    found = _ARN.fullmatch(arn)
    if not found or not (found[2] or "").isdigit():
        raise Refused("InvalidArn", f"Invalid Arn: '{arn}'")
    machine = next((one for one in call.backend.state_machines if one.arn == found[1]), None)
    if machine is None:
        return {}
    used = [alias.arn for alias in machine.aliases.values() if arn in _routes(alias)]
    if used:
        raise Refused(
            "ConflictException",
            "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: "
            f"[{', '.join(one.rpartition(':')[2] for one in used)}]",
        )
    machine.versions.pop(int(found[2]), None)
    return {}


def _routes(alias: Any) -> list[str]:
    return [route["stateMachineVersionArn"] for route in alias.routing_configuration]


@refuses("stepfunctions", "CreateStateMachineAlias")
def impossible_alias(call: Call) -> None:
    """A name that is no number, and not taken by an alias with other routes."""
    name = call.params["name"]
    if not re.fullmatch(r"(?=.*[a-zA-Z_\-.])[a-zA-Z0-9_\-.]{1,80}", name):
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: Member must satisfy "
            r"regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$",
        )
    first = call.params["routingConfiguration"][0]["stateMachineVersionArn"]
    machine = next((one for one in call.backend.state_machines if first.startswith(one.arn + ":")), None)
    held = machine.aliases.get(name) if machine else None
    if held is not None and held.routing_configuration != call.params["routingConfiguration"]:
        raise Refused(
            "ConflictException", f"State Machine Alias '{name}' already exists with a different configuration."
        )


@refuses("stepfunctions", "CreateStateMachineAlias", "UpdateStateMachineAlias")
def impossible_routes(call: Call) -> None:
    """Each weight is from 0 to 100, and each version is there."""
    for route in call.params.get("routingConfiguration") or ():
        weight, arn = route["weight"], route["stateMachineVersionArn"]
        if not 0 <= weight <= 100:
            raise Refused(
                "ValidationException",
                f"1 validation error detected: Value '{weight}' at 'routingConfiguration.weight' failed to satisfy "
                "constraint: Member must have value between 0 and 100",
            )
        found = _ARN.fullmatch(arn)
        if not found or not (found[2] or "").isdigit():
            raise Refused("InvalidArn", f"Invalid Arn: '{arn}'")
        if int(found[2]) not in existing(call.backend, found[1]).versions:
            raise Refused("ResourceNotFound", f"Request references a resource that does not exist: '{arn}'")


@refuses("stepfunctions", "DeleteStateMachine")
def forget_machine(call: Call) -> None:
    """An ARN that is none; a state machine that is not there is no error."""
    if not _ARN.fullmatch(call.params["stateMachineArn"]):
        raise Refused("InvalidArn", f"Invalid Arn: '{call.params['stateMachineArn']}'")


def changed(machine: Any) -> None:
    """A new revision of the state machine, after an update."""
    machine.revision = ids.stream("state machine revisions").randbytes(16).hex()
    machine.update_date = utcnow()
