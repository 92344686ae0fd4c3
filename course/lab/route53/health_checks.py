"""Health checks: what each type needs, and caller references.

AWS refuses addresses of documentation (192.0.2.0/24) too; here they stand for public ones.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
"""

from __future__ import annotations

import ipaddress
from typing import Any

from moto.core.utils import get_service_model
from moto.route53.models import HealthCheck

from course.data import value

from ..gate import Call, Refused, corrects, refuses, replaces
from .record_sets import state

_ENDPOINT = ("HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP")
_ENDPOINT_ONLY = ("IPAddress", "Port", "FullyQualifiedDomainName", "RequestInterval", "FailureThreshold", "Regions")


def require_config(call: Call, config: dict[str, Any]) -> None:
    """Raise Refused (InvalidInput) unless a health check could be configured like this."""
    kind = config["Type"]
    known = get_service_model("route53").shape_for("HealthCheckType").enum
    if kind not in known:
        raise _invalid(f"Value '{kind}' at 'healthCheckConfig.type' must be one of [{', '.join(known)}]")
    intervals = value("route53.health_checks.intervals")
    if config.get("RequestInterval", intervals[0]) not in intervals:
        allowed = " or ".join(map(str, intervals))
        raise _invalid(f"RequestInterval must be {allowed} seconds, not {config['RequestInterval']}")
    for field, fact in (("FailureThreshold", "failure_threshold"), ("Port", "port")):
        least, most = value(f"route53.health_checks.{fact}")
        if not least <= config.get(field, least) <= most:
            raise _invalid(f"{field} must be between {least} and {most}, not {config[field]}")
    if kind in _ENDPOINT:
        _require_endpoint(config)
    else:
        for field in _ENDPOINT_ONLY:
            if config.get(field) not in (None, "", []):
                raise _invalid(f"{field} can't be specified for a health check of type {kind}")
    _require_children(call, config)
    if (kind == "CLOUDWATCH_METRIC") != bool(config.get("AlarmIdentifier")):
        raise _invalid(f"AlarmIdentifier {_must(kind == 'CLOUDWATCH_METRIC')} for a health check of type {kind}")


def _require_endpoint(config: dict[str, Any]) -> None:
    kind = config["Type"]
    if not (config.get("IPAddress") or config.get("FullyQualifiedDomainName")):
        raise _invalid("You must specify either IPAddress or FullyQualifiedDomainName for the endpoint")
    if kind == "TCP" and not config.get("Port"):
        raise _invalid("Port must be specified for a health check of type TCP")
    if kind.endswith("_STR_MATCH") != bool(config.get("SearchString")):
        raise _invalid(f"SearchString {_must(kind.endswith('_STR_MATCH'))} for a health check of type {kind}")
    most = value("route53.health_checks.search_string")
    if len(config.get("SearchString", "")) > most:
        raise _invalid(f"SearchString must have at most {most} characters")
    if kind == "TCP" and config.get("ResourcePath"):
        raise _invalid("ResourcePath can't be specified for a health check of type TCP")
    if config.get("EnableSNI") and not kind.startswith("HTTPS"):
        raise _invalid(f"EnableSNI can't be true for a health check of type {kind}")
    if config.get("IPAddress"):
        _require_public(config["IPAddress"])


def _require_public(given: str) -> None:
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        raise _invalid(f"'{given}' is not a valid IP address") from None
    documentation = any(address in ipaddress.ip_network(one) for one in _DOCUMENTATION)
    if not documentation and (address.is_private or address.is_multicast or address.is_reserved):
        raise _invalid(f"IP address {given} is in a local, private, nonroutable or multicast range")


_DOCUMENTATION = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")


def _require_children(call: Call, config: dict[str, Any]) -> None:
    kind, children = config["Type"], config.get("ChildHealthChecks")
    if kind != "CALCULATED":
        if children or config.get("HealthThreshold") is not None:
            raise _invalid(
                f"ChildHealthChecks and HealthThreshold can't be specified for a health check of type {kind}"
            )
        return
    if not children:
        raise _invalid("ChildHealthChecks must be specified for a health check of type CALCULATED")
    most = value("route53.health_checks.children")
    if len(children) > most:
        raise _invalid(f"A calculated health check can have at most {most} child health checks")
    for child in children:
        found = state(call).health_checks.get(child)
        if found is None:
            raise _invalid(f"Child health check {child} does not exist")
        if found.type_ == "CALCULATED":
            raise _invalid(f"Child health check {child} is itself a calculated health check")
    least, most = value("route53.health_checks.threshold")
    if not least <= config.get("HealthThreshold", least) <= most:
        raise _invalid(f"HealthThreshold must be between {least} and {most}")


def _must(needed: bool) -> str:
    return "must be specified" if needed else "can't be specified"


def _invalid(what: str) -> Refused:
    return Refused("InvalidInput", f"Invalid request: {what}")


@refuses("route53", "CreateHealthCheck")
def impossible_health_check(call: Call) -> None:
    """What its type needs and forbids; a caller reference makes one health check."""
    reference, config = call.params["CallerReference"], call.params["HealthCheckConfig"]
    made = state(call).__dict__.get("health_check_references", {}).get(reference)
    if made:
        identifier, before = made
        if before != config or identifier not in state(call).health_checks:
            raise Refused(
                "HealthCheckAlreadyExists", f"A health check with caller reference {reference} already exists.", 409
            )
        return
    require_config(call, config)


@corrects("route53", "CreateHealthCheck")
def one_per_reference(call: Call, result: dict[str, Any]) -> dict:
    """The same request again gives the health check it made before."""
    reference, config = call.params["CallerReference"], call.params["HealthCheckConfig"]
    references = state(call).__dict__.setdefault("health_check_references", {})
    check = result["HealthCheck"]
    if reference in references:
        state(call).health_checks.pop(check.id)
        check = state(call).health_checks[references[reference][0]]
    else:
        references[reference] = (check.id, config)
        check.port = config.get("Port") or {"HTTPS": 443, "HTTPS_STR_MATCH": 443}.get(check.type_, check.port)
        check.alarm_identifier = config.get("AlarmIdentifier")
        check.insufficient_data = config.get("InsufficientDataHealthStatus")
    return {"HealthCheck": check, "Location": f"https://route53.amazonaws.com/2013-04-01/healthcheck/{check.id}"}


@replaces(HealthCheck, "health_check_config")
def shown_config(original: Any, check: HealthCheck) -> dict[str, Any]:
    """With the alarm, and without what a check of an alarm or of other checks does not have."""
    config = original(check)
    if check.type_ not in _ENDPOINT:
        for field in ("IPAddress", "Port", "RequestInterval", "FailureThreshold", "MeasureLatency", "EnableSNI"):
            config.pop(field, None)
    extra = {"AlarmIdentifier": "alarm_identifier", "InsufficientDataHealthStatus": "insufficient_data"}
    config.update({field: check.__dict__[name] for field, name in extra.items() if check.__dict__.get(name)})
    return config


@refuses("route53", "UpdateHealthCheck")
def impossible_change(call: Call) -> None:
    """A change leaves a health check that could have been created."""
    check = state(call).get_health_check(call.params["HealthCheckId"])
    version = call.params.get("HealthCheckVersion")
    if version is not None and version != check.health_check_version:
        raise Refused(
            "HealthCheckVersionMismatch",
            f"The value of HealthCheckVersion in the request, {version}, doesn't match the value in the health check, "
            f"{check.health_check_version}.",
            409,
        )
    present = {field: one for field, one in check.health_check_config.items() if one not in (None, False)}
    changes = {field: one for field, one in call.params.items() if not field.startswith("HealthCheck")}
    changes.pop("ResetElements", None)
    require_config(call, {**present, **changes})


@corrects("route53", "UpdateHealthCheck")
def next_version(call: Call, result: dict[str, Any]) -> None:
    """Each change counts; moto changes no alarm and no interval."""
    check = result["HealthCheck"]
    check.health_check_version += 1
    if "AlarmIdentifier" in call.params:
        check.alarm_identifier = call.params["AlarmIdentifier"]
    if "InsufficientDataHealthStatus" in call.params:
        check.insufficient_data = call.params["InsufficientDataHealthStatus"]


@refuses("route53", "DeleteHealthCheck")
def unknown_health_check(call: Call) -> None:
    """moto deletes what does not exist."""
    state(call).get_health_check(call.params["HealthCheckId"])
