"""The attributes of target groups: stickiness, deregistration delay, slow start, algorithm, by side and protocol.

The side is the load balancer a group is made for: application, network, gateway, or lambda for functions of an ALB.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.elbv2.models import ELBv2Backend

from course.data import value

from ..gate import Call, Refused, corrects, refuses, replaces
from .load_balancer_attributes import require_once, require_value

_ON_OFF = ["true", "false"]
_HEALTH = {
    "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
}
_CROSS_ZONE = {"load_balancing.cross_zone.enabled": "use_load_balancer_configuration"}
_SIDES = ("application", "network", "gateway", "lambda")


def default_attributes(side: str, protocol: str | None = "TCP", target_type: str = "instance") -> dict[str, str]:
    """What a new target group begins with; the keys are those it has."""
    if side == "lambda":
        return {"lambda.multi_value_headers.enabled": "false", **_CROSS_ZONE, **_HEALTH}
    every = {
        "deregistration_delay.timeout_seconds": str(value("elb.attributes.default_deregistration_delay")),
        "stickiness.enabled": "false",
    }
    if side == "gateway":
        return {
            **every,
            "stickiness.type": "source_ip_dest_ip_proto",
            "target_failover.on_deregistration": "no_rebalance",
            "target_failover.on_unhealthy": "no_rebalance",
        }
    every |= {**_CROSS_ZONE, **_HEALTH}
    if side == "network":
        datagrams = protocol in ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC")
        return {
            **every,
            "stickiness.type": "source_ip",
            "deregistration_delay.connection_termination.enabled": "true" if datagrams else "false",
            "preserve_client_ip.enabled": "false" if target_type == "ip" and not datagrams else "true",
            "proxy_protocol_v2.enabled": "false",
            "target_health_state.unhealthy.connection_termination.enabled": "true",
            "target_health_state.unhealthy.draining_interval_seconds": "0",
        }
    day = str(value("elb.attributes.default_cookie_duration"))
    return {
        **every,
        "stickiness.type": "lb_cookie",
        "stickiness.lb_cookie.duration_seconds": day,
        "stickiness.app_cookie.duration_seconds": day,
        "stickiness.app_cookie.cookie_name": "",
        "load_balancing.algorithm.type": "round_robin",
        "load_balancing.algorithm.anomaly_mitigation": "off",
        "slow_start.duration_seconds": "0",
    }


@refuses("elbv2", "ModifyTargetGroupAttributes")
def attributes_of_the_side(call: Call) -> None:
    """Each side has its own attributes, each with its own values, and some exclude others."""
    from .target_groups import side_of

    arn = call.params["TargetGroupArn"]
    group = call.backend.target_groups.get(arn)
    if group is None:
        raise Refused("TargetGroupNotFound", f"Target group '{arn}' not found")
    side, asked = side_of(group.protocol, group.target_type), require_once(call.params["Attributes"])
    every = set().union(*map(default_attributes, _SIDES))
    for key, given in asked.items():
        if key not in every:
            raise Refused("ValidationError", f"Target group attribute key '{key}' is not recognized")
        if key not in default_attributes(side):
            what = f"target type '{group.target_type}'" if side == "lambda" else f"the {group.protocol} protocol"
            raise Refused(
                "InvalidConfigurationRequest", f"A target group with {what} does not support the attribute {key}"
            )
        require_attribute(key, given)
    after = {**group.attributes, **asked}
    if "stickiness.type" in asked:
        require_stickiness_type(side, group.protocol, asked["stickiness.type"])
    require_together(side, group.protocol, after)


def require_attribute(key: str, given: str) -> None:
    """Raise Refused for a value the attribute does not have."""
    bounds = {
        "deregistration_delay.timeout_seconds": value("elb.attributes.deregistration_delay"),
        "stickiness.lb_cookie.duration_seconds": value("elb.attributes.cookie_duration"),
        "stickiness.app_cookie.duration_seconds": value("elb.attributes.cookie_duration"),
    }
    choices = {
        "load_balancing.algorithm.type": value("elb.attributes.algorithms"),
        "load_balancing.algorithm.anomaly_mitigation": ["on", "off"],
        "load_balancing.cross_zone.enabled": [*_ON_OFF, "use_load_balancer_configuration"],
        "target_failover.on_deregistration": ["rebalance", "no_rebalance"],
        "target_failover.on_unhealthy": ["rebalance", "no_rebalance"],
    }
    allowed = choices.get(key) or (_ON_OFF if key.endswith(".enabled") else None)
    require_value(key, given, allowed, bounds.get(key))
    if key == "slow_start.duration_seconds" and given != "0":
        least, most = value("elb.attributes.slow_start")
        if not (re.fullmatch(r"\d{1,9}", given) and least <= int(given) <= most):
            raise Refused("ValidationError", f"'{key}' value '{given}' must be 0 or between '{least}-{most}' inclusive")
    if key == "stickiness.app_cookie.cookie_name":
        reserved = [one for one in value("elb.attributes.reserved_cookies") if given.startswith(one)]
        if reserved:
            raise Refused(
                "InvalidConfigurationRequest",
                f"The cookie name '{given}' begins with '{reserved[0]}', which is reserved",
            )


def require_stickiness_type(side: str, protocol: str | None, given: str) -> None:
    """Raise Refused for a stickiness that does not exist, or not for this protocol."""
    own = value(f"elb.attributes.{side}_stickiness")
    if given in own:
        return
    known = [
        one for name in ("application", "network", "gateway") for one in value(f"elb.attributes.{name}_stickiness")
    ]
    if given in known:
        raise Refused(
            "InvalidConfigurationRequest",
            f"Stickiness type '{given}' is not supported for target groups with the {protocol} protocol",
        )
    raise Refused("ValidationError", f"'{given}' must be one of [{', '.join(own)}]")


def require_together(side: str, protocol: str | None, after: dict[str, Any]) -> None:
    """Raise Refused for attributes that exclude each other; `after` is what all of them would be."""
    sticky = after.get("stickiness.enabled") == "true"
    if sticky and protocol == "TLS":
        raise Refused(
            "InvalidConfigurationRequest", "You cannot enable stickiness on target groups with the TLS protocol"
        )
    if protocol in ("UDP", "TCP_UDP") and after.get("preserve_client_ip.enabled") == "false":
        raise Refused(
            "InvalidConfigurationRequest", f"Client IP preservation cannot be disabled for the {protocol} protocol"
        )
    if side != "application":
        return
    if after["stickiness.type"] == "app_cookie" and not after["stickiness.app_cookie.cookie_name"]:
        raise Refused(
            "InvalidConfigurationRequest",
            "You must set an application cookie name to enable stickiness of type 'app_cookie'",
        )
    if sticky and after["load_balancing.cross_zone.enabled"] == "false":
        raise Refused(
            "InvalidConfigurationRequest",
            "You cannot enable stickiness on a target group with cross-zone load balancing turned off",
        )
    algorithm = after["load_balancing.algorithm.type"]
    if after["slow_start.duration_seconds"] != "0" and algorithm != "round_robin":
        raise Refused(
            "InvalidConfigurationRequest",
            f"Slow start is not supported with the load balancing algorithm '{algorithm}'",
        )
    if after["load_balancing.algorithm.anomaly_mitigation"] == "on" and algorithm != "weighted_random":
        raise Refused(
            "InvalidConfigurationRequest",
            f"Anomaly mitigation is not supported with the load balancing algorithm '{algorithm}'",
        )


@replaces(ELBv2Backend, "modify_target_group_attributes")
def changed(moto: Any, backend: ELBv2Backend, target_group_arn: str, attributes: dict[str, Any]) -> None:
    """moto refuses a deregistration delay of 3,600 s; `attributes_of_the_side` has looked already."""
    backend.target_groups[target_group_arn].attributes.update(attributes)


@corrects("elbv2", "ModifyTargetGroupAttributes")
def all_attributes(call: Call, result: dict) -> dict:
    """AWS answers with all attributes, moto with those of the request."""
    attributes = call.backend.target_groups[call.params["TargetGroupArn"]].attributes
    return {"Attributes": dict(attributes)}
