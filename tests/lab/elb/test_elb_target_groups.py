"""Target groups and their health checks."""

import pytest


@pytest.fixture
def group(vpc):
    """The arguments of create_target_group: HTTP on port 80 unless said otherwise; None leaves one out."""

    def group(**more):
        given = {"Name": "app", "Protocol": "HTTP", "Port": 80, "VpcId": vpc, **more}
        return {key: one for key, one in given.items() if one is not None}

    return group


LAMBDA = {"TargetType": "lambda", "Protocol": None, "Port": None, "VpcId": None}


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"Name": "a" * 33}, "ValidationError", "longer than '32'"),
        ({"Name": "my_app"}, "ValidationError", "alphanumeric"),
        ({"Name": "-app"}, "ValidationError", "begin or end"),
        ({"TargetType": "container"}, "ValidationError", "container"),
        ({"Protocol": "SSL"}, "ValidationError", "SSL"),
        ({"Protocol": None}, "ValidationError", "A protocol must be specified"),
        ({"Port": None}, "ValidationError", "A port must be specified"),
        ({"Port": 65536}, "ValidationError", "65536"),
        ({"VpcId": None}, "ValidationError", "A VPC ID must be specified"),
        ({"VpcId": "vpc-01234567"}, "ValidationError", "vpc-01234567"),
        ({**LAMBDA, "Port": 80}, "ValidationError", "Port cannot be specified"),
        ({"TargetType": "alb"}, "InvalidConfigurationRequest", "TCP"),
        ({"Protocol": "GENEVE"}, "ValidationError", "6081"),
        ({"Protocol": "TCP", "ProtocolVersion": "HTTP2"}, "ValidationError", "HTTP2"),
        ({"ProtocolVersion": "HTTP3"}, "ValidationError", "HTTP3"),
    ],
)
def test_target_groups_that_are_refused(elb, group, refused, more, code, words):
    """Do name, type, protocol, port and VPC go together?"""
    refused(elb.create_target_group, code, words, **group(**more))


@pytest.mark.parametrize(
    "more",
    [
        {"Name": "a" * 32},
        {"TargetType": "ip", "Port": 65535},
        LAMBDA,
        {"TargetType": "alb", "Protocol": "TCP"},
        {"Protocol": "GENEVE", "Port": 6081},
        {"ProtocolVersion": "GRPC"},
        {"Protocol": "TCP_QUIC", "Port": 443},
    ],
)
def test_target_groups_that_are_legal(elb, group, more):
    """Are the neighbours of what is refused accepted, and shown with the protocol asked for?"""
    made = elb.create_target_group(**group(**more))["TargetGroups"][0]
    assert made.get("Protocol") == more.get("Protocol", "HTTP")


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"HealthCheckIntervalSeconds": 301}, "ValidationError", "less than or equal to 300"),
        ({"HealthCheckTimeoutSeconds": 121, "HealthCheckIntervalSeconds": 300}, "ValidationError", "120"),
        ({"HealthyThresholdCount": 11}, "ValidationError", "healthyThresholdCount"),
        ({"UnhealthyThresholdCount": 11}, "ValidationError", "unhealthyThresholdCount"),
        ({"HealthCheckTimeoutSeconds": 30}, "ValidationError", "smaller than the interval '30'"),
        ({"HealthCheckIntervalSeconds": 5}, "ValidationError", "timeout '5'"),
        ({"HealthCheckProtocol": "TCP"}, "InvalidConfigurationRequest", "HTTP, HTTPS"),
        ({"HealthCheckProtocol": "UDP", "Protocol": "UDP"}, "ValidationError", "UDP"),
        ({"HealthCheckEnabled": False}, "ValidationError", "instance"),
        ({"HealthCheckPath": "health"}, "ValidationError", "/"),
        ({"HealthCheckPort": "http"}, "ValidationError", "traffic-port"),
        ({"HealthCheckPort": "0"}, "ValidationError", "1-65535"),
        ({"Protocol": "TCP", "HealthCheckPath": "/health"}, "InvalidConfigurationRequest", "TCP"),
        ({"Matcher": {"HttpCode": "199"}}, "ValidationError", "'200-499'"),
        ({"Matcher": {"HttpCode": "200-500"}}, "ValidationError", "'500'"),
        ({"Matcher": {"HttpCode": "2xx"}}, "ValidationError", "2xx"),
        ({"Matcher": {"HttpCode": "300-200"}}, "ValidationError", "backwards"),
        ({"Matcher": {"GrpcCode": "0"}}, "ValidationError", "GrpcCode"),
        ({"ProtocolVersion": "GRPC", "Matcher": {"GrpcCode": "100"}}, "ValidationError", "'0-99'"),
        ({"TargetType": "alb", "Protocol": "TCP", "HealthCheckProtocol": "TCP"}, "InvalidConfigurationRequest", "HTTP"),
    ],
)
def test_health_checks_that_are_refused(elb, group, refused, more, code, words):
    """Are the most of intervals, timeouts, thresholds, and paths and codes those of AWS? botocore knows the least."""
    refused(elb.create_target_group, code, words, **group(**more))


@pytest.mark.parametrize(
    "more",
    [
        {"HealthCheckIntervalSeconds": 300, "HealthCheckTimeoutSeconds": 120},
        {"HealthCheckIntervalSeconds": 5, "HealthCheckTimeoutSeconds": 4},
        {"HealthyThresholdCount": 2, "UnhealthyThresholdCount": 10},
        {"Protocol": "TCP", "HealthCheckIntervalSeconds": 10, "HealthCheckTimeoutSeconds": 10},
        {"Protocol": "TCP", "HealthCheckProtocol": "HTTP", "Matcher": {"HttpCode": "200-599"}},
        {"Matcher": {"HttpCode": "200,301-399,499"}},
        {"HealthCheckPort": "8080", "HealthCheckPath": "/health"},
        {**LAMBDA, "HealthCheckEnabled": True},
    ],
)
def test_health_checks_that_are_legal(elb, group, more):
    """Are the limits themselves accepted, and shown?"""
    made = elb.create_target_group(**group(**more))["TargetGroups"][0]
    assert {key: made.get(key) for key in more if more[key] is not None} == {
        key: one for key, one in more.items() if one is not None
    }


@pytest.mark.parametrize(
    ("more", "protocol", "interval", "timeout", "matcher"),
    [
        ({}, "HTTP", 30, 5, "200"),
        ({"Protocol": "HTTPS"}, "HTTP", 30, 5, "200"),
        ({"Protocol": "TCP"}, "TCP", 30, 10, None),
        ({"Protocol": "TCP", "HealthCheckProtocol": "HTTP"}, "HTTP", 30, 6, "200-399"),
        ({"Protocol": "GENEVE", "Port": 6081}, "TCP", 10, 5, None),
        (LAMBDA, None, 35, 30, "200"),
    ],
)
def test_defaults(elb, group, more, protocol, interval, timeout, matcher):
    """Has each kind of target group the health check AWS gives it?"""
    made = elb.create_target_group(**group(**more))["TargetGroups"][0]
    assert made.get("HealthCheckProtocol") == protocol
    assert (made["HealthCheckIntervalSeconds"], made["HealthCheckTimeoutSeconds"]) == (interval, timeout)
    assert (made.get("Matcher") or {}).get("HttpCode") == matcher
    assert made["HealthyThresholdCount"] == 5
    assert made["UnhealthyThresholdCount"] == (5 if more is LAMBDA else 2)
    assert made["HealthCheckEnabled"] is (more is not LAMBDA)


def test_changing_a_health_check(elb, target_group, refused):
    """Do the rules hold for what a health check would be afterwards?"""
    arn, tcp = target_group(), target_group("tcp", Protocol="TCP")
    change = elb.modify_target_group
    refused(change, "ValidationError", "smaller", TargetGroupArn=arn, HealthCheckIntervalSeconds=5)
    refused(change, "ValidationError", "301", TargetGroupArn=arn, HealthCheckIntervalSeconds=301)
    refused(change, "ValidationError", "500", TargetGroupArn=arn, Matcher={"HttpCode": "500"})
    refused(change, "TargetGroupNotFound", TargetGroupArn=arn.replace("app", "gone"), HealthyThresholdCount=3)
    made = change(TargetGroupArn=arn, HealthCheckIntervalSeconds=10, Matcher={"HttpCode": "200-299"})["TargetGroups"][0]
    assert (made["HealthCheckIntervalSeconds"], made["Matcher"]) == (10, {"HttpCode": "200-299"})
    made = change(TargetGroupArn=tcp, HealthCheckProtocol="HTTP")["TargetGroups"][0]
    assert (made["HealthCheckPath"], made["Matcher"]) == ("/", {"HttpCode": "200-399"})


def test_names_are_taken_once_and_used_groups_stay(elb, balancer, target_group, listener, group, refused):
    """Is a second group of the same name refused, and the deletion of one in use?"""
    arn = target_group()
    refused(elb.create_target_group, "DuplicateTargetGroupName", **group())
    used = listener(balancer(), arn)
    refused(elb.delete_target_group, "ResourceInUse", arn, TargetGroupArn=arn)
    elb.delete_listener(ListenerArn=used)
    elb.delete_target_group(TargetGroupArn=arn)
