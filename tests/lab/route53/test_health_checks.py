"""Health checks: what each type needs, and caller references."""

import pytest

pytest_plugins = ("dns_fixtures",)


NAME = {"FullyQualifiedDomainName": "example.com"}
REFUSED = {
    "an interval between": {"Type": "HTTP", "RequestInterval": 20, **NAME},
    "eleven failures": {"Type": "HTTP", "FailureThreshold": 11, **NAME},
    "no endpoint": {"Type": "HTTPS"},
    "no port": {"Type": "TCP", "IPAddress": "192.0.2.1"},
    "a private address": {"Type": "HTTP", "IPAddress": "10.0.0.1"},
    "no address": {"Type": "HTTP", "IPAddress": "example.com"},
    "nothing to search": {"Type": "HTTP_STR_MATCH", **NAME},
    "a search nobody makes": {"Type": "HTTP", "SearchString": "ok", **NAME},
    "a path of TCP": {"Type": "TCP", "Port": 443, "ResourcePath": "/", **NAME},
    "an unknown type": {"Type": "PING", **NAME},
    "calculated from nothing": {"Type": "CALCULATED", "HealthThreshold": 1},
    "calculated from what is not there": {"Type": "CALCULATED", "ChildHealthChecks": ["none"]},
    "calculated with an endpoint": {"Type": "CALCULATED", "ChildHealthChecks": ["none"], **NAME},
    "an alarm without name": {"Type": "CLOUDWATCH_METRIC"},
}


@pytest.mark.parametrize("which", REFUSED)
def test_an_impossible_health_check_is_refused(refused, route53, which):
    """Does each type need what it checks with?"""
    refused(route53.create_health_check, "InvalidInput", CallerReference="1", HealthCheckConfig=REFUSED[which])


ACCEPTED = [
    {"Type": "HTTPS", "RequestInterval": 10, "FailureThreshold": 1, "ResourcePath": "/health", **NAME},
    {"Type": "TCP", "IPAddress": "192.0.2.1", "Port": 25},
    {"Type": "HTTPS_STR_MATCH", "SearchString": "ok", "EnableSNI": True, **NAME},
    {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Region": "us-east-1", "Name": "errors"}},
]


@pytest.mark.parametrize("config", ACCEPTED)
def test_a_health_check_shows_what_it_was_given(route53, config):
    """Is the configuration kept, the alarm too?"""
    made = route53.create_health_check(CallerReference="1", HealthCheckConfig=config)["HealthCheck"]
    shown = route53.get_health_check(HealthCheckId=made["Id"])["HealthCheck"]["HealthCheckConfig"]
    assert config.items() <= shown.items()


def test_a_caller_reference_makes_one_health_check(refused, route53, check):
    """Does the same request give the same check, and another one an error?"""
    first = check()
    assert check() == first and len(route53.list_health_checks()["HealthChecks"]) == 1
    other = {"Type": "HTTPS", **NAME}
    refused(
        route53.create_health_check,
        "HealthCheckAlreadyExists",
        status=409,
        CallerReference="check",
        HealthCheckConfig=other,
    )
    route53.delete_health_check(HealthCheckId=first)
    refused(
        route53.create_health_check,
        "HealthCheckAlreadyExists",
        status=409,
        CallerReference="check",
        HealthCheckConfig={"Type": "HTTP", **NAME},
    )
    refused(route53.delete_health_check, "NoSuchHealthCheck", first, status=404, HealthCheckId=first)


def test_a_change_leaves_a_possible_health_check(refused, route53, check):
    """Are the rules of creation those of a change, and is the version counted?"""
    one = check()
    refused(route53.update_health_check, "InvalidInput", HealthCheckId=one, FailureThreshold=11)
    refused(
        route53.update_health_check, "HealthCheckVersionMismatch", status=409, HealthCheckId=one, HealthCheckVersion=7
    )
    changed = route53.update_health_check(HealthCheckId=one, FailureThreshold=5)["HealthCheck"]
    assert changed["HealthCheckVersion"] == 2 and changed["HealthCheckConfig"]["FailureThreshold"] == 5


def test_calculated_checks_do_not_nest(refused, route53, check):
    """Can a calculated check watch endpoints, but no calculated one?"""
    child = check()
    parent = check(
        "parent", Type="CALCULATED", ChildHealthChecks=[child], HealthThreshold=1, FullyQualifiedDomainName=""
    )
    config = {"Type": "CALCULATED", "ChildHealthChecks": [parent]}
    refused(route53.create_health_check, "InvalidInput", parent, CallerReference="2", HealthCheckConfig=config)
