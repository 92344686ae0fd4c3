"""The attributes of a load balancer: what each type has, what it begins with, and which values AWS takes.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.elbv2.models import ELBv2Backend

from course.data import value

from ..gate import Call, Refused, refuses, replaces

_EVERY = {"deletion_protection.enabled": "false", "load_balancing.cross_zone.enabled": "false"}
_LOGS = {"access_logs.s3.enabled": "false", "access_logs.s3.bucket": "", "access_logs.s3.prefix": ""}


def default_attributes(kind: str) -> dict[str, str]:
    """What a new load balancer of a type begins with; the keys are those it has. Cross-zone is always on for an ALB."""
    if kind == "gateway":
        return dict(_EVERY)
    both = {**_EVERY, **_LOGS, "ipv6.deny_all_igw_traffic": "false", "zonal_shift.config.enabled": "false"}
    if kind == "network":
        return {
            **both,
            "dns_record.client_routing_policy": "any_availability_zone",
            "secondary_ips.auto_assigned.per_subnet": "0",
        }
    return {
        **both,
        "load_balancing.cross_zone.enabled": "true",
        "idle_timeout.timeout_seconds": str(value("elb.attributes.default_idle_timeout")),
        "client_keep_alive.seconds": "3600",
        "connection_logs.s3.enabled": "false",
        "connection_logs.s3.bucket": "",
        "connection_logs.s3.prefix": "",
        "health_check_logs.s3.enabled": "false",
        "health_check_logs.s3.bucket": "",
        "health_check_logs.s3.prefix": "",
        "routing.http.desync_mitigation_mode": "defensive",
        "routing.http.drop_invalid_header_fields.enabled": "false",
        "routing.http.preserve_host_header.enabled": "false",
        "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
        "routing.http.xff_client_port.enabled": "false",
        "routing.http.xff_header_processing.mode": "append",
        "routing.http2.enabled": "true",
        "waf.fail_open.enabled": "false",
    }


_CHOICES = {
    "routing.http.desync_mitigation_mode": ["monitor", "defensive", "strictest"],
    "routing.http.xff_header_processing.mode": ["append", "preserve", "remove"],
    "dns_record.client_routing_policy": [
        "availability_zone_affinity",
        "partial_availability_zone_affinity",
        "any_availability_zone",
    ],
}


def require_value(key: str, given: str, allowed: list[str] | None = None, bounds: list[int] | None = None) -> None:
    """Raise Refused unless the value of an attribute is one of `allowed`, or a whole number within `bounds`."""
    if allowed is not None and given not in allowed:
        raise Refused("ValidationError", f"'{key}' value '{given}' must be one of [{', '.join(allowed)}]")
    if bounds is not None and not (re.fullmatch(r"\d{1,9}", given) and bounds[0] <= int(given) <= bounds[1]):
        raise Refused("ValidationError", f"'{key}' value '{given}' must be between '{bounds[0]}-{bounds[1]}' inclusive")


def require_once(attributes: list[dict[str, str]]) -> dict[str, str]:
    """The attributes of a request by key; Refused if a key is given twice."""
    found: dict[str, str] = {}
    for one in attributes:
        if one["Key"] in found:
            raise Refused("ValidationError", f"Attribute key '{one['Key']}' was specified more than once")
        found[one["Key"]] = one.get("Value", "")
    return found


@refuses("elbv2", "ModifyLoadBalancerAttributes")
def attributes_of_the_type(call: Call) -> None:
    """Each type has its own attributes; the cross-zone setting of an ALB cannot be switched off."""
    arn = call.params["LoadBalancerArn"]
    balancer = call.backend.load_balancers.get(arn)
    if balancer is None:
        raise Refused("LoadBalancerNotFound", f"Load balancer '{arn}' not found")
    asked, has = require_once(call.params["Attributes"]), default_attributes(balancer.type)
    every = set().union(*map(default_attributes, value("elb.load_balancers.types")))
    for key, given in asked.items():
        if key not in every:
            raise Refused("ValidationError", f"Load balancer attribute key '{key}' is not recognized")
        if key not in has:
            raise Refused(
                "InvalidConfigurationRequest",
                f"Load balancer attribute key '{key}' is not supported on load balancers with type '{balancer.type}'",
            )
        require_value(
            key,
            given,
            ["true", "false"] if key.endswith(".enabled") else _CHOICES.get(key),
            {"idle_timeout.timeout_seconds": value("elb.attributes.idle_timeout")}.get(key),
        )
        if key == "load_balancing.cross_zone.enabled" and balancer.type == "application" and given == "false":
            raise Refused(
                "InvalidConfigurationRequest",
                "Cross-zone load balancing cannot be disabled on an Application Load Balancer; target groups can do so",
            )
    for kind in ("access_logs", "connection_logs", "health_check_logs"):
        after = {**balancer.attrs, **asked}
        if after.get(f"{kind}.s3.enabled") == "true" and not after.get(f"{kind}.s3.bucket"):
            raise Refused("InvalidConfigurationRequest", f"{kind}.s3.bucket must be set when {kind}.s3.enabled is true")


@replaces(ELBv2Backend, "modify_load_balancer_attributes")
def changed(moto: Any, backend: ELBv2Backend, arn: str, attrs: dict[str, str]) -> dict[str, str]:
    """moto's own list of keys is not that of the type; `attributes_of_the_type` has looked already."""
    balancer = backend.describe_load_balancers([arn], None)[0]
    balancer.attrs.update(attrs)
    return balancer.attrs
