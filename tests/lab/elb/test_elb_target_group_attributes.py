"""Attributes of target groups."""

import pytest

APP_COOKIE = {
    "stickiness.enabled": "true",
    "stickiness.type": "app_cookie",
    "stickiness.app_cookie.cookie_name": "session",
    "stickiness.app_cookie.duration_seconds": "3600",
}


@pytest.fixture
def group(target_group):
    """A target group of a protocol, or of Lambda functions."""

    def group(protocol):
        if protocol == "lambda":
            return target_group(TargetType="lambda")
        return target_group(Protocol=protocol, Port=6081 if protocol == "GENEVE" else 80)

    return group


def pairs(attributes):
    return [{"Key": key, "Value": one} for key, one in attributes.items()]


@pytest.mark.parametrize(
    ("protocol", "attributes", "code", "words"),
    [
        ("HTTP", {"stickiness.type": "cookie"}, "ValidationError", "'cookie' must be one of"),
        ("HTTP", {"stickiness.type": "source_ip"}, "InvalidConfigurationRequest", "HTTP protocol"),
        ("TCP", {"stickiness.type": "lb_cookie"}, "InvalidConfigurationRequest", "TCP protocol"),
        ("GENEVE", {"stickiness.type": "source_ip"}, "InvalidConfigurationRequest", "GENEVE"),
        ("TLS", {"stickiness.enabled": "true"}, "InvalidConfigurationRequest", "TLS"),
        ("HTTP", {"stickiness.type": "app_cookie"}, "InvalidConfigurationRequest", "cookie name"),
        (
            "HTTP",
            {**APP_COOKIE, "stickiness.app_cookie.cookie_name": "AWSALBX"},
            "InvalidConfigurationRequest",
            "reserved",
        ),
        ("HTTP", {"stickiness.lb_cookie.duration_seconds": "0"}, "ValidationError", "1-604800"),
        ("HTTP", {"stickiness.lb_cookie.duration_seconds": "604801"}, "ValidationError", "604801"),
        ("HTTP", {"stickiness.lb_cookie.duration_seconds": "1 h"}, "ValidationError", "1 h"),
        ("HTTP", {"stickiness.enabled": "yes"}, "ValidationError", "yes"),
        ("HTTP", {"deregistration_delay.timeout_seconds": "3601"}, "ValidationError", "0-3600"),
        ("lambda", {"deregistration_delay.timeout_seconds": "30"}, "InvalidConfigurationRequest", "lambda"),
        ("HTTP", {"slow_start.duration_seconds": "29"}, "ValidationError", "30-900"),
        ("HTTP", {"slow_start.duration_seconds": "901"}, "ValidationError", "901"),
        ("TCP", {"slow_start.duration_seconds": "30"}, "InvalidConfigurationRequest", "TCP"),
        ("HTTP", {"load_balancing.algorithm.type": "random"}, "ValidationError", "random"),
        (
            "HTTP",
            {"load_balancing.algorithm.type": "least_outstanding_requests", "slow_start.duration_seconds": "30"},
            "InvalidConfigurationRequest",
            "low start",
        ),
        ("HTTP", {"load_balancing.algorithm.anomaly_mitigation": "on"}, "InvalidConfigurationRequest", "nomaly"),
        (
            "HTTP",
            {"stickiness.enabled": "true", "load_balancing.cross_zone.enabled": "false"},
            "InvalidConfigurationRequest",
            "ross-zone",
        ),
        ("UDP", {"preserve_client_ip.enabled": "false"}, "InvalidConfigurationRequest", "UDP"),
        ("HTTP", {"sticky": "true"}, "ValidationError", "not recognized"),
    ],
)
def test_attributes_that_are_refused(elb, group, refused, protocol, attributes, code, words):
    """Has each protocol its own attributes and values, and do some exclude others?"""
    given = {"TargetGroupArn": group(protocol), "Attributes": pairs(attributes)}
    refused(elb.modify_target_group_attributes, code, words, **given)


@pytest.mark.parametrize(
    ("protocol", "attributes"),
    [
        ("HTTP", APP_COOKIE),
        ("HTTP", {"stickiness.enabled": "true", "stickiness.lb_cookie.duration_seconds": "604800"}),
        ("TCP", {"stickiness.enabled": "true", "stickiness.type": "source_ip"}),
        ("GENEVE", {"stickiness.enabled": "true", "stickiness.type": "source_ip_dest_ip"}),
        ("HTTP", {"deregistration_delay.timeout_seconds": "3600"}),
        ("TCP", {"deregistration_delay.timeout_seconds": "0"}),
        ("HTTP", {"slow_start.duration_seconds": "30"}),
        (
            "HTTP",
            {"load_balancing.algorithm.type": "weighted_random", "load_balancing.algorithm.anomaly_mitigation": "on"},
        ),
        ("TCP", {"preserve_client_ip.enabled": "false"}),
        ("lambda", {"lambda.multi_value_headers.enabled": "true"}),
    ],
)
def test_attributes_that_are_legal(elb, group, protocol, attributes):
    """Does the answer, like the description, have all attributes with the changed ones among them?"""
    arn = group(protocol)
    answer = elb.modify_target_group_attributes(TargetGroupArn=arn, Attributes=pairs(attributes))["Attributes"]
    shown = elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    assert answer == shown and all(one in shown for one in pairs(attributes)) and len(shown) > len(attributes)


def test_an_attribute_is_named_once_of_a_group_that_exists(elb, group, refused):
    """Is the same key twice refused, and an unknown target group?"""
    arn, change = group("HTTP"), elb.modify_target_group_attributes
    twice = [{"Key": "slow_start.duration_seconds", "Value": one} for one in ("30", "60")]
    refused(change, "ValidationError", "once", TargetGroupArn=arn, Attributes=twice)
    refused(change, "TargetGroupNotFound", TargetGroupArn=arn.replace("app", "gone"), Attributes=twice[:1])
