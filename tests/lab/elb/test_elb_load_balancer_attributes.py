"""The attributes of each type of load balancer."""

import pytest


@pytest.fixture
def change(elb):
    return lambda arn, key, given: {"LoadBalancerArn": arn, "Attributes": [{"Key": key, "Value": given}]}


@pytest.mark.parametrize(
    ("kind", "key", "given", "code"),
    [
        ("application", "idle_timeout.timeout_seconds", "0", "ValidationError"),
        ("application", "idle_timeout.timeout_seconds", "4001", "ValidationError"),
        ("application", "idle_timeout.timeout_seconds", "1 h", "ValidationError"),
        ("network", "idle_timeout.timeout_seconds", "60", "InvalidConfigurationRequest"),
        ("network", "waf.fail_open.enabled", "true", "InvalidConfigurationRequest"),
        ("gateway", "access_logs.s3.enabled", "false", "InvalidConfigurationRequest"),
        ("application", "deletion_protection.enabled", "yes", "ValidationError"),
        ("application", "deletion_protection", "true", "ValidationError"),
        ("application", "load_balancing.cross_zone.enabled", "false", "InvalidConfigurationRequest"),
        ("application", "routing.http.xff_header_processing.mode", "replace", "ValidationError"),
        ("application", "access_logs.s3.enabled", "true", "InvalidConfigurationRequest"),
    ],
)
def test_values_that_are_refused(elb, balancer, refused, change, kind, key, given, code):
    """Has each type its own attributes, each with its own values?"""
    refused(elb.modify_load_balancer_attributes, code, **change(balancer(Type=kind), key, given))


@pytest.mark.parametrize(
    ("kind", "key", "given"),
    [
        ("application", "idle_timeout.timeout_seconds", "4000"),
        ("application", "routing.http.xff_header_processing.mode", "remove"),
        ("network", "load_balancing.cross_zone.enabled", "true"),
        ("gateway", "load_balancing.cross_zone.enabled", "true"),
    ],
)
def test_values_that_are_legal(elb, balancer, change, kind, key, given):
    """Is the change seen afterwards?"""
    arn = balancer(Type=kind)
    elb.modify_load_balancer_attributes(**change(arn, key, given))
    shown = elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    assert {"Key": key, "Value": given} in shown


def test_cross_zone_is_on_for_an_alb_and_off_for_the_others(elb, balancer):
    """What does each type begin with?"""
    for kind, on in (("application", "true"), ("network", "false"), ("gateway", "false")):
        shown = elb.describe_load_balancer_attributes(LoadBalancerArn=balancer(kind, Type=kind))["Attributes"]
        assert {"Key": "load_balancing.cross_zone.enabled", "Value": on} in shown


def test_an_attribute_is_named_once(elb, balancer, refused):
    """Is the same key twice refused?"""
    twice = [{"Key": "idle_timeout.timeout_seconds", "Value": one} for one in ("60", "90")]
    arn = balancer()
    refused(elb.modify_load_balancer_attributes, "ValidationError", "once", LoadBalancerArn=arn, Attributes=twice)
