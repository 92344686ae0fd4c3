"""The health that health checks report here.

Nothing is reached from an offline account, so an endpoint answers every check. An exercise makes it fail as AWS suggests
for tests: `Inverted`. An alarm and the children of a calculated check count as they are.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
"""

from __future__ import annotations

from moto.route53.models import HealthCheck

from ..gate import Call
from .record_sets import state


def is_healthy(call: Call, identifier: str) -> bool:
    """Whether Route 53 would count this health check as healthy; one that has been deleted always is."""
    check = state(call).health_checks.get(identifier)
    if check is None:
        return True
    if check.disabled:
        # A disabled check counts as healthy, or as unhealthy if it is inverted.
        return not check.inverted
    return _status(call, check) != bool(check.inverted)


def _status(call: Call, check: HealthCheck) -> bool:
    if check.type_ == "CALCULATED":
        healthy = sum(is_healthy(call, child) for child in check.children or ())
        return healthy >= (check.health_threshold if check.health_threshold is not None else len(check.children or ()))
    if check.type_ == "CLOUDWATCH_METRIC":
        alarm = check.__dict__.get("alarm_identifier") or {}
        alarms = call.backend_of("cloudwatch", alarm.get("Region")).alarms
        state = getattr(alarms.get(alarm.get("Name")), "state_value", "INSUFFICIENT_DATA")
        if state == "INSUFFICIENT_DATA":
            return check.__dict__.get("insufficient_data", "LastKnownStatus") != "Unhealthy"
        return state != "ALARM"
    return True
