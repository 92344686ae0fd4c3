"""Target groups: which protocol, port and type go together, and what a health check may be.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.elbv2.models import ELBv2Backend, FakeTargetGroup

from course.data import value

from ..gate import Call, Refused, corrects, refuses, replaces
from .load_balancers import not_in, require_name
from .target_group_attributes import default_attributes

_HTTP = ("HTTP", "HTTPS")


def side_of(protocol: str | None, target_type: str) -> str:
    """The load balancers a target group is made for: application, network, gateway, or lambda for functions."""
    if target_type == "lambda":
        return "lambda"
    return {"HTTP": "application", "HTTPS": "application", "GENEVE": "gateway"}.get(protocol or "", "network")


def default_check(side: str, target_type: str, given: dict[str, Any]) -> dict[str, Any]:
    """The health check of a target group where `given` (parameters of CreateTargetGroup) says nothing."""
    by_http = side in ("application", "lambda") or target_type == "alb"
    protocol = given.get("HealthCheckProtocol") or ("HTTP" if by_http else "TCP")
    grpc = given.get("ProtocolVersion") == "GRPC"
    timeout = {
        "application": value("elb.health_checks.default_timeout"),
        "network": 6 if protocol == "HTTP" else 10,
        "gateway": 5,
        "lambda": 30,
    }[side]
    check = {
        "HealthCheckProtocol": protocol,
        "HealthCheckIntervalSeconds": {"gateway": 10, "lambda": 35}.get(
            side, value("elb.health_checks.default_interval")
        ),
        "HealthCheckTimeoutSeconds": timeout,
        "HealthyThresholdCount": value("elb.health_checks.default_healthy_threshold"),
        "UnhealthyThresholdCount": value(
            f"elb.health_checks.{'lambda' if side == 'lambda' else 'default'}_unhealthy_threshold"
        ),
        "HealthCheckPort": "80" if side == "gateway" else "traffic-port",
        "HealthCheckEnabled": side != "lambda",
    }
    if protocol in _HTTP:
        code = value(f"elb.health_checks.{'alb' if side in ('application', 'lambda') else 'nlb'}_code")
        check["HealthCheckPath"] = "/AWS.ALB/healthcheck" if grpc else "/"
        check["Matcher"] = {"GrpcCode": value("elb.health_checks.grpc_code")} if grpc else {"HttpCode": code}
    if side == "lambda":
        del check["HealthCheckProtocol"], check["HealthCheckPort"]
    return {**check, **{key: one for key, one in given.items() if key in check}}


def require_range(where: str, given: int | None, bounds: list[int]) -> None:
    """Raise Refused, as AWS words it, for a number outside its bounds."""
    if given is None or bounds[0] <= given <= bounds[1]:
        return
    rule = f"less than or equal to {bounds[1]}" if given > bounds[1] else f"greater than or equal to {bounds[0]}"
    raise Refused(
        "ValidationError",
        f"1 validation error detected: Value '{given}' at '{where}' failed to satisfy constraint: "
        f"Member must have value {rule}",
    )


def require_check(side: str, target_type: str, given: dict[str, Any], version: str | None) -> None:
    """Raise Refused unless the health check `given` can be made for such a target group; what is left out is AWS's."""
    require_range(
        "healthCheckIntervalSeconds", given.get("HealthCheckIntervalSeconds"), value("elb.health_checks.interval")
    )
    require_range(
        "healthCheckTimeoutSeconds", given.get("HealthCheckTimeoutSeconds"), value("elb.health_checks.timeout")
    )
    for name in ("HealthyThresholdCount", "UnhealthyThresholdCount"):
        require_range(name[0].lower() + name[1:], given.get(name), value("elb.health_checks.threshold"))
    check = default_check(side, target_type, {**given, **({"ProtocolVersion": version} if version else {})})
    require_check_protocol(side, target_type, given, check)
    timeout, interval = check["HealthCheckTimeoutSeconds"], check["HealthCheckIntervalSeconds"]
    if timeout > interval or (timeout == interval and side in ("application", "lambda")):
        less = "smaller than" if side in ("application", "lambda") else "smaller than or equal to"
        raise Refused("ValidationError", f"Health check timeout '{timeout}' must be {less} the interval '{interval}'")
    if given.get("HealthCheckEnabled") is False and side != "lambda":
        raise Refused(
            "ValidationError", f"Health check enabled must be true for target groups with target type '{target_type}'"
        )
    if "HealthCheckPath" in given and not given["HealthCheckPath"].startswith("/"):
        raise Refused(
            "ValidationError", f"Health check path '{given['HealthCheckPath']}' must begin with a '/' character"
        )
    port = given.get("HealthCheckPort", "traffic-port")
    if port != "traffic-port" and not (re.fullmatch(r"\d{1,5}", port) and 1 <= int(port) <= 65535):
        raise Refused(
            "ValidationError", f"Health check port '{port}' must be 'traffic-port' or between '1-65535' inclusive"
        )
    if given.get("Matcher"):
        require_matcher(side, given["Matcher"], version)


def require_check_protocol(side: str, target_type: str, given: dict[str, Any], check: dict[str, Any]) -> None:
    """Raise Refused for a protocol that checks nothing, or none of this target group; a path is for HTTP checks only."""
    protocol = given.get("HealthCheckProtocol")
    allowed = list(_HTTP) if side == "application" or target_type == "alb" else value("elb.health_checks.protocols")
    if protocol is not None and protocol not in allowed:
        raise Refused(
            "InvalidConfigurationRequest" if protocol == "TCP" else "ValidationError",
            f"Health check protocol '{protocol}' must be one of '{', '.join(allowed)}'",
        )
    if check.get("HealthCheckProtocol") == "TCP" and (given.get("HealthCheckPath") or given.get("Matcher")):
        raise Refused(
            "InvalidConfigurationRequest", "Health check path and matcher are not supported for the protocol 'TCP'"
        )


def require_matcher(side: str, matcher: dict[str, str], version: str | None) -> None:
    """Raise Refused for success codes of another protocol version, misspelt, or outside the side's range."""
    grpc = version == "GRPC"
    kind, other = ("GrpcCode", "HttpCode") if grpc else ("HttpCode", "GrpcCode")
    if matcher.get(other):
        raise Refused(
            "ValidationError", f"Health check matcher '{other}' is not supported for protocol version '{version}'"
        )
    codes = matcher.get(kind, "")
    if not re.fullmatch(r"\d{1,3}(-\d{1,3})?(,\d{1,3}(-\d{1,3})?)*", codes):
        raise Refused("ValidationError", f"Health check matcher '{codes}' must be like 200 | 200-399 | 200,201")
    table = {"application": "alb", "lambda": "alb", "network": "nlb", "gateway": "gwlb"}[side]
    least, most = value(f"elb.health_checks.{'grpc' if grpc else table}_codes")
    for code in re.findall(r"\d+", codes):
        if not least <= int(code) <= most:
            name = "gRPC" if grpc else "HTTP"
            raise Refused(
                "ValidationError",
                f"Health check matcher {name} code '{code}' must be within '{least}-{most}' inclusive",
            )
    for first, last in re.findall(r"(\d+)-(\d+)", codes):
        if int(first) > int(last):
            raise Refused("ValidationError", f"Health check matcher range '{first}-{last}' runs backwards")


@refuses("elbv2", "CreateTargetGroup")
def impossible_target_group(call: Call) -> None:
    """Name, type, protocol, port and VPC, then the health check."""
    params = call.params
    target_type, protocol = params.get("TargetType", "instance"), params.get("Protocol")
    require_name("Target group", params["Name"], value("elb.target_groups.name_length"))
    for where, given, known in (("targetType", target_type, "types"), ("protocol", protocol, "protocols")):
        if given is not None and given not in value(f"elb.target_groups.{known}"):
            raise not_in(value(f"elb.target_groups.{known}"), given, where)
    if target_type == "lambda":
        for name in ("Protocol", "Port", "VpcId"):
            if params.get(name) is not None:
                word = "VPC ID" if name == "VpcId" else name
                raise Refused(
                    "ValidationError", f"{word} cannot be specified for target groups with target type 'lambda'"
                )
    else:
        for name, word in (("Protocol", "protocol"), ("Port", "port"), ("VpcId", "VPC ID")):
            if params.get(name) is None:
                raise Refused("ValidationError", f"A {word} must be specified")
        require_range("port", params["Port"], value("elb.listeners.ports"))
        require_combination(protocol, params["Port"], target_type)
    version, versions = params.get("ProtocolVersion"), value("elb.target_groups.protocol_versions")
    if version is not None and (version not in versions or protocol not in _HTTP):
        raise Refused(
            "ValidationError",
            f"Protocol version '{version}' must be one of '{', '.join(versions)}', for HTTP and HTTPS target groups only",
        )
    require_check(side_of(protocol, target_type), target_type, params, version)


def require_combination(protocol: str, port: int, target_type: str) -> None:
    """Raise Refused for a protocol that the target type does not take, or GENEVE on another port than its own."""
    if target_type == "alb" and protocol != "TCP":
        raise Refused(
            "InvalidConfigurationRequest",
            f"Protocol '{protocol}' is not supported for target groups with target type 'alb'; it must be 'TCP'",
        )
    geneve = value("elb.target_groups.geneve_port")
    if protocol == "GENEVE" and port != geneve:
        raise Refused(
            "ValidationError", f"Port '{port}' is not supported for the protocol GENEVE; the port must be '{geneve}'"
        )


@refuses("elbv2", "ModifyTargetGroup")
def impossible_check(call: Call) -> None:
    """The rules of a new health check, for what it would be afterwards."""
    group = call.backend.target_groups.get(call.params["TargetGroupArn"])
    if group is None:
        raise Refused("TargetGroupNotFound", f"Target group '{call.params['TargetGroupArn']}' not found")
    side = side_of(group.protocol, group.target_type)
    now = {
        "HealthCheckProtocol": group.health_check_protocol if side != "lambda" else None,
        "HealthCheckIntervalSeconds": group.health_check_interval_seconds,
        "HealthCheckTimeoutSeconds": group.health_check_timeout_seconds,
    }
    after = {**{key: one for key, one in now.items() if one is not None}, **call.params}
    require_check(side, group.target_type, after, group.protocol_version)


@corrects("elbv2", "CreateTargetGroup")
def defaults_of_the_side(call: Call, result: dict) -> None:
    """moto's defaults are those of an ALB for most groups."""
    (group,) = result["TargetGroups"]
    _set_check(group, default_check(side_of(group.protocol, group.target_type), group.target_type, call.params))


@corrects("elbv2", "ModifyTargetGroup")
def matcher_of_any_group(call: Call, result: dict) -> None:
    """moto changes the matcher of HTTP and HTTPS groups only, and leaves one behind for TCP checks."""
    group = call.backend.target_groups[call.params["TargetGroupArn"]]
    if group.health_check_protocol == "TCP":
        group.health_check_path, group.matcher = None, None
    elif call.params.get("Matcher"):
        group.matcher = dict(call.params["Matcher"])
    elif not getattr(group, "matcher", None):
        shown = {"HealthCheckProtocol": group.health_check_protocol}
        default = default_check(side_of(group.protocol, group.target_type), group.target_type, shown)
        group.matcher = default["Matcher"]
        group.health_check_path = group.health_check_path or default["HealthCheckPath"]


def _set_check(group: FakeTargetGroup, check: dict[str, Any]) -> None:
    group.health_check_protocol = check.get("HealthCheckProtocol")
    group.health_check_interval_seconds = check["HealthCheckIntervalSeconds"]
    group.health_check_timeout_seconds = check["HealthCheckTimeoutSeconds"]
    group.healthy_threshold_count = check["HealthyThresholdCount"]
    group.unhealthy_threshold_count = check["UnhealthyThresholdCount"]
    group.health_check_port = check.get("HealthCheckPort")
    group.health_check_path = check.get("HealthCheckPath")
    group.health_check_enabled = check["HealthCheckEnabled"]
    group.matcher = check.get("Matcher")


@replaces(ELBv2Backend, "create_target_group")
def with_newer_protocols(moto: Any, backend: ELBv2Backend, name: str, **kwargs: Any) -> FakeTargetGroup:
    """moto does not know QUIC and TCP_QUIC."""
    asked = kwargs.get("protocol")
    if asked in ("QUIC", "TCP_QUIC"):
        kwargs["protocol"] = "TCP"
    group = moto(backend, name, **kwargs)
    if asked in ("QUIC", "TCP_QUIC"):
        group.protocol = asked
    return group


@replaces(FakeTargetGroup, "__init__")
def with_attributes_of_its_side(moto: Any, group: FakeTargetGroup, *args: Any, **kwargs: Any) -> None:
    """moto gives every target group the attributes of an ALB's."""
    moto(group, *args, **kwargs)
    group.attributes = default_attributes(side_of(group.protocol, group.target_type), group.protocol, group.target_type)
