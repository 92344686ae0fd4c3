"""EC2 Fleets: what an answer holds, and fleets that are not there.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFleet.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteFleets.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.fleets import FleetsBackend

from ..gate import Call, Refused, answers, corrects, refuses, replaces


@replaces(FleetsBackend, "create_fleet")
def default_strategies(moto: Any, backend: FleetsBackend, **given: Any) -> Any:
    """The API's own defaults, which AWS does not recommend."""
    spot = {"AllocationStrategy": "lowest-price", "InstanceInterruptionBehavior": "terminate"}
    given["spot_options"] = {**spot, **(given.get("spot_options") or {})}
    given["on_demand_options"] = {"AllocationStrategy": "lowest-price", **(given.get("on_demand_options") or {})}
    return moto(backend, **given)


@corrects("ec2", "CreateFleet")
def no_errors(call: Call, result: dict) -> dict | None:
    """An instant fleet says at once what it could not launch: here nothing."""
    return {**result, "Errors": []} if "Instances" in result else None


@refuses("ec2", "DescribeFleets", "DescribeFleetInstances", "ModifyFleet")
def unknown_fleet(call: Call) -> None:
    """A fleet that is named must be there."""
    named = [call.params["FleetId"]] if call.params.get("FleetId") else call.params.get("FleetIds") or []
    for one in named:
        if one not in call.backend.fleets:
            raise Refused("InvalidFleetId.NotFound", f"The fleet ID '{one}' does not exist")


@answers("ec2", "DeleteFleets")
def delete(call: Call) -> dict:
    """Each fleet by itself: what is not there is told, not refused."""
    known = [one for one in call.params["FleetIds"] if one in call.backend.fleets]
    missing = [one for one in call.params["FleetIds"] if one not in known]
    terminate = bool(call.params.get("TerminateInstances"))
    before = {one: call.backend.fleets[one].state for one in known}
    deleted = call.backend.delete_fleets(known, terminate)
    error = {"Code": "fleetIdDoesNotExist", "Message": "The fleet ID does not exist"}
    return {
        "SuccessfulFleetDeletions": [
            {"FleetId": one.id, "CurrentFleetState": one.state, "PreviousFleetState": before[one.id]} for one in deleted
        ],
        "UnsuccessfulFleetDeletions": [{"FleetId": one, "Error": error} for one in missing],
    }
