"""The life of a Spot request: active with its instance, disabled while that is stopped, closed or open when it is gone.

A one-time request ends with its instance; a persistent one is submitted again, until it is cancelled.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models.instances import Instance
from moto.ec2.models.spot_requests import SpotInstanceRequest, SpotRequestBackend

from ..gate import Call, Refused, corrects, refuses, replaces
from .as_answered import as_answered
from .launch_requests import requested

# The instance that a request made by RunInstances has already.
_LAUNCHED: list[Instance] = []
_ENDED = ("closed", "cancelled", "failed")


def request_of(instance: Instance) -> SpotInstanceRequest | None:
    """The request that an instance belongs to."""
    requests = instance.ec2_backend.spot_instance_requests.values()
    return next((one for one in requests if getattr(one, "instance", None) is instance), None)


def _to(request: SpotInstanceRequest, state: str, code: str) -> None:
    request.state, request._status_code, request.changed = state, code, utcnow()


@corrects("ec2", "RunInstances")
def a_launch_has_a_request(call: Call, reservation: Any) -> None:
    """moto marks the instance as Spot, but there is no request to look at or to cancel."""
    market = requested(call).get("InstanceMarketOptions") or {}
    if market.get("MarketType") != "spot":
        return
    options = market.get("SpotOptions") or {}
    for instance in reservation.instances:
        _LAUNCHED.append(instance)
        request = call.backend.request_spot_instances(
            price=options.get("MaxPrice"),
            image_id=instance.image_id,
            count=1,
            spot_instance_type=options.get("SpotInstanceType") or "one-time",
            valid_from=None,
            valid_until=options.get("ValidUntil"),
            launch_group=None,
            availability_zone_group=None,
            key_name=instance.key_name,
            security_groups=[group.id for group in instance.security_groups],
            user_data=instance.user_data,
            instance_type=instance.instance_type,
            placement=instance.placement.zone,
            kernel_id=None,
            ramdisk_id=None,
            monitoring_enabled=False,
            subnet_id=instance.subnet_id,
            instance_interruption_behaviour=options.get("InstanceInterruptionBehavior"),
        )[0]
        instance.spot_instance_request_id = request.id


@replaces(SpotInstanceRequest, "launch_instance")
def launch(moto: Any, request: SpotInstanceRequest) -> Instance:
    """The instance shows its request, and the request when it was made."""
    request.created = request.changed = utcnow()
    instance = _LAUNCHED.pop() if _LAUNCHED else moto(request)
    instance.lifecycle, instance.spot_instance_request_id = "spot", request.id
    return instance


@corrects("ec2", "RequestSpotInstances")
def evaluated_first(call: Call, result: Any) -> dict:
    """The answer comes before the instance; spot_instance_request_fulfilled waits for it."""
    message = "Your Spot request has been submitted for review, and is pending evaluation."
    return {
        "SpotInstanceRequests": [
            as_answered(
                one,
                state="open",
                status={"Code": "pending-evaluation", "Message": message, "UpdateTime": one.created},
                instance_id=None,
                instance=None,
            )
            for one in result["SpotInstanceRequests"]
        ]
    }


@replaces(SpotInstanceRequest, "create_time")
def created(moto: Any, request: SpotInstanceRequest) -> Any:
    """moto says 2015."""
    return request.created


@replaces(SpotInstanceRequest, "status")
def status(moto: Any, request: SpotInstanceRequest) -> dict[str, Any]:
    """With the time of the last change."""
    return {**moto(request), "UpdateTime": request.changed}


@replaces(SpotRequestBackend, "cancel_spot_instance_requests")
def cancel(moto: Any, backend: SpotRequestBackend, request_ids: list[str]) -> list[SpotInstanceRequest]:
    """A cancelled request stays to be seen. Its running instance goes on; one that is stopped is terminated."""
    requests = [backend.spot_instance_requests[one] for one in request_ids]
    for request in requests:
        if request.state in _ENDED:
            continue
        state = request.instance.state
        _to(request, "cancelled", f"request-canceled-and-instance-{'running' if state == 'running' else 'terminated'}")
        if state == "stopped":
            request.instance.terminate()
    return requests


@refuses("ec2", "DescribeSpotInstanceRequests")
def unknown_request(call: Call) -> None:
    """Requests that are named must be there."""
    for one in call.params.get("SpotInstanceRequestIds", []):
        if one not in call.backend.spot_instance_requests:
            message = f"The spot instance request ID '{one}' does not exist"
            raise Refused("InvalidSpotInstanceRequestID.NotFound", message)


@refuses("ec2", "DescribeSpotFleetInstances", "DescribeSpotFleetRequestHistory", "ModifySpotFleetRequest")
def unknown_fleet(call: Call) -> None:
    """A fleet must be there."""
    fleet = call.params["SpotFleetRequestId"]
    if fleet not in call.backend.spot_fleet_requests:
        raise Refused("InvalidSpotFleetRequestId.NotFound", f"The spot fleet request ID '{fleet}' does not exist")


@replaces(Instance, "terminate")
def instance_ends(moto: Any, instance: Instance) -> Any:
    """One-time: closed. Persistent: submitted again, and fulfilled at once. A fleet's requests are the fleet's."""
    was = instance.state
    result = moto(instance)
    request = request_of(instance)
    if request is None or was == "terminated" or request.state in _ENDED:
        return result
    if request.type == "persistent" and not request.spot_fleet_id:
        request.instance = request.launch_instance()
        _to(request, "active", "fulfilled")
    else:
        _to(request, "closed", "instance-terminated-by-user")
    return result


@replaces(Instance, "stop")
def instance_stops(moto: Any, instance: Instance, *args: Any, **kwargs: Any) -> Any:
    """A persistent request is disabled meanwhile."""
    result = moto(instance, *args, **kwargs)
    request = request_of(instance) if instance.lifecycle == "spot" else None
    if request is not None and request.state == "active":
        _to(request, "disabled", "instance-stopped-by-user")
    return result


@replaces(Instance, "start")
def instance_starts(moto: Any, instance: Instance, *args: Any, **kwargs: Any) -> Any:
    """And active again afterwards."""
    result = moto(instance, *args, **kwargs)
    request = request_of(instance) if instance.lifecycle == "spot" else None
    if request is not None and request.state == "disabled":
        _to(request, "active", "fulfilled")
    return result
