"""Spot requests and fleets: kinds of request, what happens at an interruption, allocation strategies.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-requests.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-allocation-strategy.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.responses.spot_fleets import SpotFleets

from course.data import value

from ..gate import Call, Refused, corrects, refuses, replaces
from .launch_requests import requested

_BEHAVIOURS = ("terminate", "stop", "hibernate")


def require_request(kind: str | None, behaviour: str | None, price: str | None) -> None:
    """Raise Refused for a Spot request that AWS does not know, or that could not resume after an interruption."""
    for parameter, given, known in (
        ("type", kind, ("one-time", "persistent")),
        ("instanceInterruptionBehavior", behaviour, _BEHAVIOURS),
    ):
        if given not in (None, *known):
            raise Refused(
                "InvalidParameterValue",
                f"Value ({given}) for parameter {parameter} is invalid. Valid values are: {', '.join(known)}.",
            )
    if behaviour in ("stop", "hibernate") and kind != "persistent":
        raise Refused(
            "InvalidParameterCombination",
            f"The interruption behavior '{behaviour}' is supported only for persistent Spot requests, not for one-time ones.",
        )
    require_price(price)


def require_price(price: str | None) -> None:
    """Raise Refused for a maximum price that is none; leaving it out means the On-Demand price."""
    if price is None:
        return
    least = value("ec2.spot.least_price")
    try:
        possible = float(price) > least
    except ValueError:
        possible = False
    if not possible:
        raise Refused(
            "InvalidParameterValue", f"Value ({price}) for parameter price is invalid. It must be more than {least}."
        )


@refuses("ec2", "RequestSpotInstances")
def impossible_request(call: Call) -> None:
    """stop and hibernate need a persistent request."""
    params = call.params
    require_request(params.get("Type"), params.get("InstanceInterruptionBehavior"), params.get("SpotPrice"))
    if params.get("InstanceCount", 1) < 1:
        raise Refused(
            "InvalidParameterValue", f"Value ({params['InstanceCount']}) for parameter instanceCount is invalid."
        )
    if params.get("InstanceInterruptionBehavior") in ("stop", "hibernate") and params.get("LaunchGroup"):
        raise Refused(
            "InvalidParameterCombination",
            "A launch group is not supported with the interruption behaviors stop and hibernate.",
        )
    image = params.get("LaunchSpecification", {}).get("ImageId")
    if image and image not in call.backend.amis:
        raise Refused("InvalidAMIID.NotFound", f"The image id '[{image}]' does not exist")


def _spot_options(call: Call) -> dict[str, Any] | None:
    market = requested(call).get("InstanceMarketOptions") or {}
    if market.get("MarketType") not in (None, "spot", "capacity-block"):
        raise Refused("InvalidParameterValue", f"Value ({market['MarketType']}) for parameter marketType is invalid.")
    return (market.get("SpotOptions") or {}) if market.get("MarketType") == "spot" else None


@refuses("ec2", "RunInstances")
def impossible_market(call: Call) -> None:
    """The same for a Spot launch, which has no termination protection and no host."""
    options, params = _spot_options(call), requested(call)
    if options is None:
        return
    require_request(
        options.get("SpotInstanceType"), options.get("InstanceInterruptionBehavior"), options.get("MaxPrice")
    )
    if params.get("DisableApiTermination"):
        raise Refused("InvalidParameterCombination", "Termination protection is not supported for Spot Instances.")
    if params.get("Placement", {}).get("Tenancy") == "host":
        raise Refused("InvalidParameterCombination", "The tenancy 'host' is not supported for Spot Instances.")


@corrects("ec2", "RunInstances")
def kind_of_spot(call: Call, reservation: Any) -> None:
    """Whether a Spot Instance can be stopped depends on the kind of its request."""
    options = _spot_options(call)
    if options is not None:
        for instance in reservation.instances:
            instance.__dict__["spot_type"] = options.get("SpotInstanceType") or "one-time"


@refuses("ec2", "CancelSpotInstanceRequests")
def unknown_request(call: Call) -> None:
    """The requests must be there."""
    for request_id in call.params["SpotInstanceRequestIds"]:
        if request_id not in call.backend.spot_instance_requests:
            raise Refused(
                "InvalidSpotInstanceRequestID.NotFound", f"The spot instance request ID '{request_id}' does not exist"
            )


def _require_strategy(strategy: str | None, known: list[str], pools: int | None, cheapest: str) -> None:
    if strategy is not None and strategy not in known:
        raise Refused(
            "InvalidParameterValue",
            f"Value ({strategy}) for parameter allocationStrategy is invalid. Valid values are: {', '.join(known)}.",
        )
    if pools is not None and strategy not in (None, cheapest):
        raise Refused(
            "InvalidParameterCombination",
            f"instancePoolsToUseCount is valid only for the allocation strategy {cheapest}.",
        )


@refuses("ec2", "RequestSpotFleet")
def impossible_spot_fleet(call: Call) -> None:
    """A Spot Fleet has one of five strategies; only a maintained one can stop what is interrupted."""
    config = call.params["SpotFleetRequestConfig"]
    known = value("ec2.spot.fleet_strategies")
    _require_strategy(config.get("AllocationStrategy"), known, config.get("InstancePoolsToUseCount"), "lowestPrice")
    kind, behaviour = config.get("Type") or "maintain", config.get("InstanceInterruptionBehavior")
    if kind not in ("request", "maintain"):
        raise Refused(
            "InvalidParameterValue",
            f"Value ({kind}) for parameter type is invalid. Valid values are: request, maintain.",
        )
    if behaviour not in (None, *_BEHAVIOURS):
        raise Refused(
            "InvalidParameterValue", f"Value ({behaviour}) for parameter instanceInterruptionBehavior is invalid."
        )
    if behaviour in ("stop", "hibernate") and kind != "maintain":
        raise Refused(
            "InvalidSpotFleetRequestConfig",
            f"The interruption behavior '{behaviour}' is supported only for a fleet of the type maintain.",
        )
    if bool(config.get("LaunchSpecifications")) == bool(config.get("LaunchTemplateConfigs")):
        raise Refused(
            "InvalidSpotFleetRequestConfig",
            "Either launchSpecifications or launchTemplateConfigs is required, and not both.",
        )
    require_price(config.get("SpotPrice"))


@refuses("ec2", "CreateFleet")
def impossible_fleet(call: Call) -> None:
    """An EC2 Fleet writes the strategies with hyphens, and has a kind."""
    params = call.params
    spot, on_demand = params.get("SpotOptions", {}), params.get("OnDemandOptions", {})
    known = value("ec2.spot.ec2_fleet_strategies")
    _require_strategy(spot.get("AllocationStrategy"), known, spot.get("InstancePoolsToUseCount"), "lowest-price")
    _require_strategy(on_demand.get("AllocationStrategy"), ["lowest-price", "prioritized"], None, "lowest-price")
    kind, behaviour = params.get("Type") or "maintain", spot.get("InstanceInterruptionBehavior")
    if kind not in ("request", "maintain", "instant"):
        raise Refused("InvalidParameterValue", f"Value ({kind}) for parameter type is invalid.")
    if behaviour in ("stop", "hibernate") and kind != "maintain":
        raise Refused(
            "InvalidParameterCombination",
            f"The interruption behavior '{behaviour}' is supported only for a fleet of the type maintain.",
        )


@replaces(SpotFleets, "request_spot_fleet")
def cheapest_by_default(moto: Any, response: SpotFleets) -> Any:
    """The API's default strategy, which AWS does not recommend, is lowestPrice; moto has none."""
    response._get_param("SpotFleetRequestConfig", {}).setdefault("AllocationStrategy", "lowestPrice")
    return moto(response)
