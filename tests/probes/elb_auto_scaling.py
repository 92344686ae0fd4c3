"""Elastic Load Balancing (application, network, gateway, classic) and Amazon EC2 Auto Scaling."""

from __future__ import annotations

import datetime as dt
from datetime import UTC, datetime, timedelta

from course import lab

from .notation import Probes

probes = Probes()
probe = probes
not_yet: set[str] = {
    "the_same_load_balancer_again",
    "a_target_group_is_answered_whole",
    "a_listener_is_answered_with_a_default_rule",
    "describe_a_rule_by_path",
    "attributes_of_a_new_nlb",
    "a_classic_load_balancer_is_described",
    "a_classic_health_check_too_slow",
    "want_during_the_cooldown",
    "an_instance_waits_for_its_hook",
    "complete_no_lifecycle_action",
    "a_warm_pool_beside_spot",
    "a_mixed_group_is_described",
    "refresh_twice",
    "activities_say_why",
    "interfaces_of_a_load_balancer",
}

INVALID = "ValidationError|InvalidConfigurationRequest"


# Load balancers


def shown(aws, arn):
    return aws.elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]


@probe("application-load-balancer")
def an_application_load_balancer(aws):
    found = shown(aws, aws.balancer())
    assert (found["Type"], found["Scheme"], found["IpAddressType"]) == ("application", "internet-facing", "ipv4")
    assert found["State"]["Code"] in ("provisioning", "active") and found["DNSName"].startswith("web-")
    assert len(found["AvailabilityZones"]) == 2 and len(found["SecurityGroups"]) == 1


@probe("application-load-balancer", "ValidationError|SubnetNotFound|InvalidConfigurationRequest")
def one_subnet(aws):
    aws.balancer(Subnets=aws.subnets("a"))


@probe("application-load-balancer", "InvalidConfigurationRequest|ValidationError")
def two_subnets_of_one_zone(aws):
    vpc, subnets = aws.other_vpc("a")
    other = aws.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.9.0/24", AvailabilityZone="us-east-1a")
    yield
    aws.balancer(Subnets=[subnets[0], other["Subnet"]["SubnetId"]], Scheme="internal")


@probe("application-load-balancer", "InvalidSubnet")
def an_internet_facing_one_without_internet_gateway(aws):
    _, subnets = aws.other_vpc()
    yield
    aws.balancer(Subnets=subnets)


@probe("why-load-balancing")
def an_internal_one_without_internet_gateway(aws):
    _, subnets = aws.other_vpc()
    assert shown(aws, aws.balancer(Subnets=subnets, Scheme="internal"))["DNSName"].startswith("internal-web-")


@probe("application-load-balancer", "SubnetNotFound|InvalidSubnet")
def a_subnet_that_is_not_there(aws):
    subnet = aws.subnets("a")[0]
    yield
    aws.balancer(Subnets=[subnet, "subnet-0123456789abcdef0"])


@probe("load-balancer-security-groups", "InvalidSecurityGroup|InvalidConfigurationRequest|ValidationError")
def a_group_that_is_not_there(aws):
    aws.balancer(SecurityGroups=["sg-0123456789abcdef0"])


@probe("load-balancer-security-groups")
def a_group_of_ones_own(aws):
    group = aws.security_group()
    assert shown(aws, aws.balancer(SecurityGroups=[group]))["SecurityGroups"] == [group]


@probe("load-balancer-security-groups")
def change_the_groups(aws):
    arn, group = aws.balancer(), aws.security_group()
    aws.elb.set_security_groups(LoadBalancerArn=arn, SecurityGroups=[group])
    assert shown(aws, arn)["SecurityGroups"] == [group]


@probe("load-balancer-security-groups", "DependencyViolation")
def delete_the_group_of_a_load_balancer(aws):
    group = aws.security_group()
    aws.balancer(SecurityGroups=[group])
    yield
    aws.ec2.delete_security_group(GroupId=group)


@probe("load-balancer-security-groups")
def instances_let_in_the_load_balancer_only(aws):
    front, back = aws.security_group("front"), aws.security_group("back")
    rule = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": [{"GroupId": front}]}
    aws.ec2.authorize_security_group_ingress(GroupId=back, IpPermissions=[rule])
    found = aws.ec2.describe_security_groups(GroupIds=[back])["SecurityGroups"][0]["IpPermissions"]
    assert [one["UserIdGroupPairs"][0]["GroupId"] for one in found] == [front]


probes.table(
    "application-load-balancer",
    lambda aws, **params: aws.balancer(**params),
    {
        "name_of_33_letters": ("ValidationError", {"name": "a" * 33}),
        "name_that_begins_with_internal": ("ValidationError", {"name": "internal-web"}),
        "name_with_an_underscore": ("ValidationError", {"name": "my_web"}),
        "name_that_ends_with_a_hyphen": ("ValidationError", {"name": "web-"}),
        "scheme_that_is_none": ("ValidationError|InvalidScheme", {"Scheme": "public"}),
        "type_that_is_none": ("ValidationError", {"Type": "classic"}),
    },
)


@probe("application-load-balancer", "DuplicateLoadBalancerName")
def the_same_name_for_another(aws):
    aws.balancer()
    yield
    aws.balancer(Scheme="internal")


@probe("application-load-balancer", "LoadBalancerNotFound")
def a_load_balancer_that_is_not_there(aws):
    aws.elb.describe_load_balancers(Names=["web"])


@probe("application-load-balancer", "OperationNotPermitted")
def delete_a_protected_one(aws):
    arn = aws.balancer()
    aws.elb.modify_load_balancer_attributes(
        LoadBalancerArn=arn, Attributes=[{"Key": "deletion_protection.enabled", "Value": "true"}]
    )
    yield
    aws.elb.delete_load_balancer(LoadBalancerArn=arn)


@probe("application-load-balancer")
def delete_one_with_its_listeners(aws):
    arn = aws.balancer()
    aws.listener(arn)
    aws.elb.delete_load_balancer(LoadBalancerArn=arn)
    assert aws.elb.describe_load_balancers()["LoadBalancers"] == []


def attributes(aws, arn):
    found = aws.elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    return {one["Key"]: one["Value"] for one in found}


@probe("stickiness-cross-zone-draining")
def attributes_of_an_application_load_balancer(aws):
    found = attributes(aws, aws.balancer())
    assert found["idle_timeout.timeout_seconds"] == "60" and found["load_balancing.cross_zone.enabled"] == "true"
    assert found["routing.http.xff_header_processing.mode"] == "append"
    assert found["deletion_protection.enabled"] == "false"


def _attribute(aws, kind, key, value):
    arn = aws.balancer(Type=kind)
    yield
    aws.elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[{"Key": key, "Value": value}])


for _name, _expected, _kind, _key, _value in [
    ("idle_for_4000_seconds", "ok", "application", "idle_timeout.timeout_seconds", "4000"),
    ("idle_for_4001_seconds", INVALID, "application", "idle_timeout.timeout_seconds", "4001"),
    ("idle_for_no_second", INVALID, "application", "idle_timeout.timeout_seconds", "0"),
    ("an_attribute_that_is_none", INVALID, "application", "idle_timeout", "60"),
    ("cross_zone_of_an_nlb", "ok", "network", "load_balancing.cross_zone.enabled", "true"),
    ("idle_timeout_of_an_nlb", INVALID, "network", "idle_timeout.timeout_seconds", "60"),
]:
    probes.add(
        _name,
        "stickiness-cross-zone-draining",
        _expected,
        lambda aws, a=_kind, b=_key, c=_value: (yield from _attribute(aws, a, b, c)),
    )


# Target groups


@probe("health-checks")
def defaults_of_a_health_check(aws):
    arn = aws.target_group()
    found = aws.elb.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
    assert (found["HealthCheckPath"], found["HealthCheckPort"], found["HealthCheckProtocol"]) == (
        "/",
        "traffic-port",
        "HTTP",
    )
    assert (found["HealthCheckIntervalSeconds"], found["HealthCheckTimeoutSeconds"]) == (30, 5)
    assert (found["HealthyThresholdCount"], found["UnhealthyThresholdCount"]) == (5, 2)
    assert found["Matcher"] == {"HttpCode": "200"} and found["TargetType"] == "instance"


probes.table(
    "health-checks",
    lambda aws, **params: aws.target_group(**params),
    {
        "check_every_5_seconds": ("ok", {"HealthCheckIntervalSeconds": 5, "HealthCheckTimeoutSeconds": 4}),
        "check_every_301_seconds": ("ValidationError", {"HealthCheckIntervalSeconds": 301}),
        "timeout_longer_than_interval": (
            "ValidationError",
            {"HealthCheckIntervalSeconds": 10, "HealthCheckTimeoutSeconds": 11},
        ),
        "timeout_of_121_seconds": (
            "ValidationError",
            {"HealthCheckIntervalSeconds": 300, "HealthCheckTimeoutSeconds": 121},
        ),
        "eleven_healthy_answers": ("ValidationError", {"HealthyThresholdCount": 11}),
        "eleven_unhealthy_answers": ("ValidationError", {"UnhealthyThresholdCount": 11}),
        "matcher_200_299": ("ok", {"Matcher": {"HttpCode": "200-299,301"}}),
        "matcher_600": ("ValidationError", {"Matcher": {"HttpCode": "600"}}),
        "check_path_without_slash": ("ValidationError", {"HealthCheckPath": "health"}),
        "check_on_another_port": ("ok", {"HealthCheckPort": "4567", "HealthCheckPath": "/health"}),
        "check_on_port_70000": ("ValidationError", {"HealthCheckPort": "70000"}),
        "target_group_on_port_70000": ("ValidationError", {"Port": 70000}),
        "target_group_of_protocol_ftp": ("ValidationError", {"Protocol": "FTP"}),
        "target_group_type_that_is_none": ("ValidationError", {"TargetType": "container"}),
        "target_group_in_no_vpc": (
            "ValidationError|InvalidConfigurationRequest",
            {"VpcId": "vpc-0123456789abcdef0"},
        ),
        "target_group_name_of_33_letters": ("ValidationError", {"name": "a" * 33}),
        "target_group_for_tcp": ("ok", {"Protocol": "TCP"}),
        "target_group_for_geneve": ("ok", {"Protocol": "GENEVE", "Port": 6081}),
        "target_group_for_geneve_on_port_80": ("ValidationError", {"Protocol": "GENEVE", "Port": 80}),
        "target_group_for_an_alb": ("ok", {"Protocol": "TCP", "TargetType": "alb"}),
        "target_group_for_an_alb_with_http": (
            "ValidationError|InvalidConfigurationRequest",
            {"Protocol": "HTTP", "TargetType": "alb"},
        ),
        "target_group_for_a_function": ("ok", {"TargetType": "lambda"}),
    },
)


@probe("application-load-balancer", "DuplicateTargetGroupName")
def the_same_target_group_name(aws):
    aws.target_group()
    yield
    aws.target_group(Port=8080)


@probe("application-load-balancer", "TargetGroupNotFound")
def a_target_group_that_is_not_there(aws):
    aws.elb.describe_target_groups(Names=["app"])


@probe("application-load-balancer", "ResourceInUse")
def delete_a_target_group_in_use(aws):
    group = aws.target_group()
    aws.listener(DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])
    yield
    aws.elb.delete_target_group(TargetGroupArn=group)


@probe("application-load-balancer", "TargetGroupAssociationLimit")
def a_target_group_of_two_load_balancers(aws):
    group = aws.target_group()
    forward = [{"Type": "forward", "TargetGroupArn": group}]
    aws.listener(aws.balancer("one"), DefaultActions=forward)
    other = aws.balancer("two")
    yield
    aws.listener(other, DefaultActions=forward)


@probe("health-checks")
def change_a_health_check(aws):
    arn = aws.target_group()
    aws.elb.modify_target_group(TargetGroupArn=arn, HealthCheckPath="/health", HealthyThresholdCount=2)
    found = aws.elb.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
    assert (found["HealthCheckPath"], found["HealthyThresholdCount"]) == ("/health", 2)


# Targets


def register(aws, group, *ids, **more):
    aws.elb.register_targets(TargetGroupArn=group, Targets=[{"Id": one, **more} for one in ids])


def health(aws, group):
    found = aws.elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    return {one["Target"]["Id"]: one["TargetHealth"] for one in found}


@probe("health-checks")
def a_target_without_a_load_balancer_is_unused(aws):
    group, instance = aws.target_group(), aws.instance()
    register(aws, group, instance)
    found = health(aws, group)[instance]
    assert (found["State"], found["Reason"]) == ("unused", "Target.NotInUse")


@probe("health-checks")
def a_target_behind_a_load_balancer(aws):
    group, instance = aws.target_group(), aws.instance()
    aws.listener(DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])
    register(aws, group, instance)
    assert health(aws, group)[instance]["State"] in ("initial", "healthy")


@probe("health-checks")
def a_stopped_target_is_unused(aws):
    group, instance = aws.target_group(), aws.instance()
    aws.listener(DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])
    register(aws, group, instance)
    aws.ec2.stop_instances(InstanceIds=[instance])
    found = health(aws, group)[instance]
    assert (found["State"], found["Reason"]) == ("unused", "Target.InvalidState")


@probe("application-load-balancer")
def one_instance_on_two_ports(aws):
    group, instance = aws.target_group(), aws.instance()
    for port in (8080, 8081):
        register(aws, group, instance, Port=port)
    found = aws.elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert {one["Target"]["Port"] for one in found} == {8080, 8081}


@probe("application-load-balancer", "InvalidTarget")
def a_target_that_is_not_there(aws):
    group = aws.target_group()
    yield
    register(aws, group, "i-0123456789abcdef0")


@probe("application-load-balancer", "InvalidTarget")
def a_terminated_target(aws):
    group, instance = aws.target_group(), aws.instance()
    aws.ec2.terminate_instances(InstanceIds=[instance])
    yield
    register(aws, group, instance)


@probe("application-load-balancer", "InvalidTarget")
def a_target_in_another_vpc(aws):
    group = aws.target_group()
    _, subnets = aws.other_vpc("a")
    instance = aws.instance(SubnetId=subnets[0])
    yield
    register(aws, group, instance)


@probe("application-load-balancer", "ValidationError|InvalidTarget")
def a_public_address_as_target(aws):
    group = aws.target_group(TargetType="ip")
    yield
    register(aws, group, "8.8.8.8")


@probe("application-load-balancer")
def a_private_address_as_target(aws):
    group = aws.target_group(TargetType="ip")
    register(aws, group, "172.31.0.10")
    assert "172.31.0.10" in health(aws, group)


@probe("application-load-balancer", "ValidationError|InvalidTarget")
def an_address_where_instances_belong(aws):
    group = aws.target_group()
    yield
    register(aws, group, "172.31.0.10")


@probe("stickiness-cross-zone-draining")
def a_deregistered_target_drains(aws):
    group, instance = aws.target_group(), aws.instance()
    aws.listener(DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])
    register(aws, group, instance)
    health(aws, group)
    aws.elb.deregister_targets(TargetGroupArn=group, Targets=[{"Id": instance}])
    assert health(aws, group).get(instance, {"State": "draining"})["State"] == "draining"


def group_attributes(aws, arn):
    found = aws.elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    return {one["Key"]: one["Value"] for one in found}


@probe("stickiness-cross-zone-draining")
def attributes_of_a_target_group(aws):
    found = group_attributes(aws, aws.target_group())
    assert found["deregistration_delay.timeout_seconds"] == "300" and found["stickiness.enabled"] == "false"
    assert found["stickiness.type"] == "lb_cookie" and found["stickiness.lb_cookie.duration_seconds"] == "86400"
    assert found["load_balancing.algorithm.type"] == "round_robin" and found["slow_start.duration_seconds"] == "0"


def _group_attributes(aws, given, group):
    arn = aws.target_group(**group)
    yield
    aws.elb.modify_target_group_attributes(
        TargetGroupArn=arn, Attributes=[{"Key": key, "Value": value} for key, value in given.items()]
    )


def sticky(kind, **more):
    return {"stickiness.enabled": "true", "stickiness.type": kind, **{k.replace("__", "."): v for k, v in more.items()}}


NLB_GROUP = {"Protocol": "TCP"}
for _name, _expected, _given, _group in [
    ("drain_for_an_hour", "ok", {"deregistration_delay.timeout_seconds": "3600"}, {}),
    ("drain_for_longer_than_an_hour", INVALID, {"deregistration_delay.timeout_seconds": "3601"}, {}),
    ("drain_not_at_all", "ok", {"deregistration_delay.timeout_seconds": "0"}, {}),
    ("slow_start_of_30_seconds", "ok", {"slow_start.duration_seconds": "30"}, {}),
    ("slow_start_of_29_seconds", INVALID, {"slow_start.duration_seconds": "29"}, {}),
    ("slow_start_of_901_seconds", INVALID, {"slow_start.duration_seconds": "901"}, {}),
    ("sticky_by_load_balancer", "ok", sticky("lb_cookie", stickiness__lb_cookie__duration_seconds="3600"), {}),
    ("sticky_for_7_days", "ok", sticky("lb_cookie", stickiness__lb_cookie__duration_seconds="604800"), {}),
    ("sticky_for_8_days", INVALID, sticky("lb_cookie", stickiness__lb_cookie__duration_seconds="691200"), {}),
    ("sticky_by_application", "ok", sticky("app_cookie", stickiness__app_cookie__cookie_name="SESSION"), {}),
    ("sticky_by_application_without_name", INVALID, sticky("app_cookie"), {}),
    ("sticky_by_a_reserved_cookie", INVALID, sticky("app_cookie", stickiness__app_cookie__cookie_name="AWSALB"), {}),
    ("sticky_by_what_is_none", INVALID, sticky("header"), {}),
    ("sticky_by_source_on_an_alb", INVALID, sticky("source_ip"), {}),
    ("sticky_by_source_on_an_nlb", "ok", sticky("source_ip"), NLB_GROUP),
    ("sticky_by_cookie_on_an_nlb", INVALID, sticky("lb_cookie"), NLB_GROUP),
    ("least_outstanding_requests", "ok", {"load_balancing.algorithm.type": "least_outstanding_requests"}, {}),
    ("an_algorithm_that_is_none", INVALID, {"load_balancing.algorithm.type": "random"}, {}),
    ("a_target_group_attribute_that_is_none", INVALID, {"deregistration.delay": "60"}, {}),
]:
    probes.add(
        _name,
        "stickiness-cross-zone-draining",
        _expected,
        lambda aws, a=_given, b=_group: (yield from _group_attributes(aws, a, b)),
    )


# Listeners and rules


@probe("application-load-balancer")
def a_listener_forwards(aws):
    group = aws.target_group()
    arn = aws.listener(DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])
    found = aws.elb.describe_listeners(ListenerArns=[arn])["Listeners"][0]
    assert (found["Port"], found["Protocol"]) == (80, "HTTP")
    assert found["DefaultActions"][0]["TargetGroupArn"] == group
    rules = aws.elb.describe_rules(ListenerArn=arn)["Rules"]
    assert [(one["Priority"], one["IsDefault"]) for one in rules] == [("default", True)]


FIXED = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}


def redirect(**more):
    return {"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301", **more}}


probes.table(
    "application-load-balancer",
    lambda aws, **params: aws.listener(**params),
    {
        "https_without_certificate": ("ValidationError|CertificateNotFound", {"Protocol": "HTTPS", "Port": 443}),
        "https_with_a_certificate_that_is_not_there": (
            "CertificateNotFound|ValidationError",
            {
                "Protocol": "HTTPS",
                "Port": 443,
                "Certificates": [{"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/none"}],
            },
        ),
        "tcp_on_an_alb": (f"{INVALID}|UnsupportedProtocol", {"Protocol": "TCP"}),
        "protocol_ftp": (f"{INVALID}|UnsupportedProtocol", {"Protocol": "FTP"}),
        "listener_on_port_70000": ("ValidationError", {"Port": 70000}),
        "redirect_to_https": ("ok", {"DefaultActions": [redirect(Protocol="HTTPS", Port="443")]}),
        "redirect_to_itself": ("InvalidLoadBalancerAction|ValidationError", {"DefaultActions": [redirect()]}),
        "redirect_with_303": (
            "ValidationError",
            {"DefaultActions": [redirect(Protocol="HTTPS", Port="443", StatusCode="HTTP_303")]},
        ),
        "fixed_response": ("ok", {"DefaultActions": [FIXED]}),
        "fixed_response_999": (
            "ValidationError|InvalidLoadBalancerAction",
            {"DefaultActions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "999"}}]},
        ),
        "action_that_is_none": ("ValidationError|InvalidLoadBalancerAction", {"DefaultActions": [{"Type": "drop"}]}),
        "forward_to_no_target_group": (
            "TargetGroupNotFound",
            {
                "DefaultActions": [
                    {
                        "Type": "forward",
                        "TargetGroupArn": "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/none/0123456789abcdef",
                    }
                ]
            },
        ),
        "listener_of_no_load_balancer": (
            "LoadBalancerNotFound",
            {"balancer": "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/none/0123456789abcdef"},
        ),
    },
)


@probe("application-load-balancer", "DuplicateListener")
def two_listeners_on_a_port(aws):
    arn = aws.balancer()
    aws.listener(arn)
    yield
    aws.listener(arn, DefaultActions=[FIXED])


@probe("network-load-balancer", f"{INVALID}|IncompatibleProtocols")
def http_to_a_tcp_target_group(aws):
    group = aws.target_group(Protocol="TCP")
    yield
    aws.listener(DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])


@probe("application-load-balancer")
def https_with_a_certificate(aws):
    certificate = aws.acm.request_certificate(DomainName="example.com", ValidationMethod="DNS")["CertificateArn"]
    aws.acm.describe_certificate(CertificateArn=certificate)
    try:
        aws.acm.get_waiter("certificate_validated").wait(
            CertificateArn=certificate, WaiterConfig={"Delay": 0, "MaxAttempts": 5}
        )
    except Exception:
        pass
    arn = aws.listener(Protocol="HTTPS", Port=443, Certificates=[{"CertificateArn": certificate}])
    found = aws.elb.describe_listeners(ListenerArns=[arn])["Listeners"][0]
    assert found["SslPolicy"].startswith("ELBSecurityPolicy-")


def path(*values):
    return {"Field": "path-pattern", "PathPatternConfig": {"Values": list(values)}}


def rule(aws, listener, priority=10, conditions=None, actions=None):
    return aws.elb.create_rule(
        ListenerArn=listener, Priority=priority, Conditions=conditions or [path("/users*")], Actions=actions or [FIXED]
    )["Rules"][0]["RuleArn"]


def _rule(aws, **params):
    listener = aws.listener()
    yield
    rule(aws, listener, **params)


def condition(field, **config):
    return [{"Field": field, **config}]


for _name, _expected, _params in [
    ("rule_by_path", "ok", {}),
    ("rule_by_host", "ok", {"conditions": condition("host-header", HostHeaderConfig={"Values": ["*.example.com"]})}),
    (
        "rule_by_header",
        "ok",
        {
            "conditions": condition(
                "http-header", HttpHeaderConfig={"HttpHeaderName": "User-Agent", "Values": ["*Mobile*"]}
            )
        },
    ),
    (
        "rule_by_query",
        "ok",
        {"conditions": condition("query-string", QueryStringConfig={"Values": [{"Key": "v", "Value": "1"}]})},
    ),
    (
        "rule_by_method",
        "ok",
        {"conditions": condition("http-request-method", HttpRequestMethodConfig={"Values": ["GET"]})},
    ),
    ("rule_by_source", "ok", {"conditions": condition("source-ip", SourceIpConfig={"Values": ["203.0.113.0/24"]})}),
    (
        "rule_by_a_source_that_is_none",
        "ValidationError|InvalidLoadBalancerAction",
        {"conditions": condition("source-ip", SourceIpConfig={"Values": ["everywhere"]})},
    ),
    ("rule_by_colour", "ValidationError", {"conditions": condition("colour", Values=["red"])}),
    ("rule_with_priority_0", "ValidationError", {"priority": 0}),
    ("rule_with_priority_50000", "ok", {"priority": 50000}),
    ("rule_with_priority_50001", "ValidationError", {"priority": 50001}),
    (
        "rule_with_six_values",
        "TooManyUniqueTargetGroupsPerLoadBalancer|ValidationError|TooManyConditionValues|InvalidConfigurationRequest",
        {"conditions": [path(*(f"/{n}" for n in range(6)))]},
    ),
    ("rule_with_five_values", "ok", {"conditions": [path(*(f"/{n}" for n in range(5)))]}),
    ("rule_with_two_paths", "ValidationError|InvalidConfigurationRequest", {"conditions": [path("/a"), path("/b")]}),
    ("rule_with_path_of_129_letters", "ValidationError", {"conditions": [path("/" + "a" * 128)]}),
]:
    if _name != "rule_with_priority_0":  # botocore itself refuses it
        probes.add(_name, "application-load-balancer", _expected, lambda aws, a=_params: (yield from _rule(aws, **a)))


@probe("application-load-balancer", "PriorityInUse")
def the_same_priority_twice(aws):
    listener = aws.listener()
    rule(aws, listener)
    yield
    rule(aws, listener, conditions=[path("/orders*")])


@probe("application-load-balancer")
def swap_priorities(aws):
    listener = aws.listener()
    first, second = rule(aws, listener, 10), rule(aws, listener, 20, [path("/orders*")])
    aws.elb.set_rule_priorities(
        RulePriorities=[{"RuleArn": first, "Priority": 20}, {"RuleArn": second, "Priority": 10}]
    )
    found = {one["RuleArn"]: one["Priority"] for one in aws.elb.describe_rules(ListenerArn=listener)["Rules"]}
    assert (found[first], found[second]) == ("20", "10")


@probe("application-load-balancer", "OperationNotPermitted")
def delete_the_default_rule(aws):
    listener = aws.listener()
    default = aws.elb.describe_rules(ListenerArn=listener)["Rules"][0]["RuleArn"]
    yield
    aws.elb.delete_rule(RuleArn=default)


@probe("application-load-balancer", "RuleNotFound")
def delete_a_rule_twice(aws):
    made = rule(aws, aws.listener())
    aws.elb.delete_rule(RuleArn=made)
    yield
    aws.elb.delete_rule(RuleArn=made)


@probe("application-load-balancer", "ListenerNotFound")
def rules_of_a_deleted_listener(aws):
    listener = aws.listener()
    aws.elb.delete_listener(ListenerArn=listener)
    yield
    aws.elb.describe_rules(ListenerArn=listener)


@probe("deployment-strategies")
def forward_by_weight(aws):
    blue, green = aws.target_group("blue"), aws.target_group("green")
    groups = [{"TargetGroupArn": blue, "Weight": 90}, {"TargetGroupArn": green, "Weight": 10}]
    arn = aws.listener(DefaultActions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}])
    found = aws.elb.describe_listeners(ListenerArns=[arn])["Listeners"][0]["DefaultActions"][0]["ForwardConfig"]
    assert {one["TargetGroupArn"]: one["Weight"] for one in found["TargetGroups"]} == {blue: 90, green: 10}


@probe("deployment-strategies", "ValidationError|InvalidLoadBalancerAction")
def forward_by_a_weight_of_1000(aws):
    blue, green = aws.target_group("blue"), aws.target_group("green")
    groups = [{"TargetGroupArn": blue, "Weight": 1000}, {"TargetGroupArn": green, "Weight": 10}]
    yield
    aws.listener(DefaultActions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}])


@probe(
    "deployment-strategies",
    "ValidationError|InvalidLoadBalancerAction|TooManyUniqueTargetGroupsPerLoadBalancer|InvalidConfigurationRequest|TooManyTargetGroups",
)
def forward_to_six_target_groups(aws):
    groups = [{"TargetGroupArn": aws.target_group(f"app{n}"), "Weight": 1} for n in range(6)]
    yield
    aws.listener(DefaultActions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}])


# Network and Gateway Load Balancers


@probe("network-load-balancer")
def a_network_load_balancer(aws):
    group = aws.target_group(Protocol="TCP")
    arn = aws.balancer(Type="network")
    aws.listener(arn, Protocol="TCP", Port=443, DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])
    found = attributes(aws, arn)
    assert shown(aws, arn)["Type"] == "network" and found["load_balancing.cross_zone.enabled"] == "false"


@probe("network-load-balancer")
def one_zone_is_enough_for_an_nlb(aws):
    assert len(shown(aws, aws.balancer(Type="network", Subnets=aws.subnets("a")))["AvailabilityZones"]) == 1


@probe("network-load-balancer", f"{INVALID}|UnsupportedProtocol")
def http_on_an_nlb(aws):
    arn = aws.balancer(Type="network")
    group = aws.target_group()
    yield
    aws.listener(arn, DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])


@probe("network-load-balancer", f"{INVALID}|InvalidLoadBalancerAction")
def a_redirect_on_an_nlb(aws):
    arn = aws.balancer(Type="network")
    yield
    aws.listener(arn, Protocol="TCP", DefaultActions=[redirect(Protocol="HTTPS", Port="443")])


@probe("network-load-balancer")
def a_fixed_address_in_each_zone(aws):
    mappings = [{"SubnetId": one, "AllocationId": aws.address()} for one in aws.subnets()]
    arn = aws.balancer(Type="network", SubnetMappings=mappings)
    zones = shown(aws, arn)["AvailabilityZones"]
    addresses = {one["LoadBalancerAddresses"][0]["AllocationId"] for one in zones}
    assert addresses == {one["AllocationId"] for one in mappings}
    assert all("AssociationId" in one for one in aws.ec2.describe_addresses()["Addresses"])


@probe("network-load-balancer", "AllocationIdNotFound|InvalidConfigurationRequest|ValidationError")
def a_fixed_address_that_is_not_there(aws):
    mapping = {"SubnetId": aws.subnets("a")[0], "AllocationId": "eipalloc-0123456789abcdef0"}
    yield
    aws.balancer(Type="network", SubnetMappings=[mapping])


@probe("network-load-balancer", "ValidationError|InvalidConfigurationRequest")
def a_fixed_address_on_an_alb(aws):
    mappings = [{"SubnetId": one, "AllocationId": aws.address()} for one in aws.subnets()]
    yield
    aws.balancer(SubnetMappings=mappings)


@probe("network-load-balancer", "InvalidConfigurationRequest|ValidationError")
def groups_on_an_nlb_made_without(aws):
    arn, group = aws.balancer(Type="network"), aws.security_group()
    yield
    aws.elb.set_security_groups(LoadBalancerArn=arn, SecurityGroups=[group])


@probe("network-load-balancer")
def an_alb_behind_an_nlb(aws):
    alb = aws.balancer("inner")
    aws.listener(alb)
    group = aws.target_group(Protocol="TCP", TargetType="alb")
    register(aws, group, alb)
    assert list(health(aws, group)) == [alb]


@probe("gateway-load-balancer")
def a_gateway_load_balancer(aws):
    arn = aws.balancer(Type="gateway")
    group = aws.target_group(Protocol="GENEVE", Port=6081)
    made = aws.elb.create_listener(LoadBalancerArn=arn, DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])[
        "Listeners"
    ][0]
    assert "Port" not in made and shown(aws, arn)["Type"] == "gateway"


@probe("gateway-load-balancer", INVALID)
def a_gateway_listener_on_port_80(aws):
    arn = aws.balancer(Type="gateway")
    group = aws.target_group(Protocol="GENEVE", Port=6081)
    yield
    aws.listener(arn, DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])


@probe("gateway-load-balancer", INVALID)
def a_gateway_with_security_groups(aws):
    group = aws.security_group()
    yield
    aws.balancer(Type="gateway", SecurityGroups=[group])


# Classic Load Balancer


def classic(aws, **more):
    listener = {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstanceProtocol": "HTTP", "InstancePort": 80}
    more = {"LoadBalancerName": "old", "Listeners": [listener], "AvailabilityZones": ["us-east-1a"], **more}
    return aws.classic.create_load_balancer(**more)


@probe("classic-load-balancer")
def a_classic_load_balancer(aws):
    classic(aws)
    found = aws.classic.describe_load_balancers(LoadBalancerNames=["old"])["LoadBalancerDescriptions"][0]
    assert found["ListenerDescriptions"][0]["Listener"]["Protocol"] == "HTTP"
    assert aws.elb.describe_load_balancers()["LoadBalancers"] == []


@probe("classic-load-balancer", "LoadBalancerNotFound|AccessPointNotFound")
def a_classic_load_balancer_that_is_not_there(aws):
    aws.classic.describe_load_balancers(LoadBalancerNames=["old"])


@probe("classic-load-balancer", "CertificateNotFound|ValidationError|InvalidConfigurationRequest")
def https_on_a_classic_one_without_certificate(aws):
    listener = {"Protocol": "HTTPS", "LoadBalancerPort": 443, "InstanceProtocol": "HTTP", "InstancePort": 80}
    classic(aws, Listeners=[listener])


@probe("classic-load-balancer", "InvalidInstance")
def an_instance_a_classic_one_does_not_find(aws):
    classic(aws)
    yield
    aws.classic.register_instances_with_load_balancer(
        LoadBalancerName="old", Instances=[{"InstanceId": "i-0123456789abcdef0"}]
    )


# Auto Scaling groups


def running(aws):
    found = [one for each in aws.ec2.describe_instances()["Reservations"] for one in each["Instances"]]
    return [one for one in found if one["State"]["Name"] in ("pending", "running")]


@probe("auto-scaling-groups")
def a_group_over_two_zones(aws):
    aws.scaling_group(MinSize=2, DesiredCapacity=4)
    found = aws.shown_group()
    zones = sorted(one["AvailabilityZone"] for one in found["Instances"])
    assert zones == ["us-east-1a", "us-east-1a", "us-east-1b", "us-east-1b"]
    assert found["HealthCheckType"] == "EC2" and found["DefaultCooldown"] == 300
    assert len(running(aws)) == 4


@probe("auto-scaling-groups")
def desired_is_min_unless_said(aws):
    aws.scaling_group(MinSize=2)
    assert aws.shown_group()["DesiredCapacity"] == 2


probes.table(
    "auto-scaling-groups",
    lambda aws, **params: aws.scaling_group(**params),
    {
        "group_with_desired_above_max": ("ValidationError", {"DesiredCapacity": 5}),
        "group_with_desired_below_min": ("ValidationError", {"MinSize": 2, "DesiredCapacity": 1}),
        "group_with_min_above_max": ("ValidationError", {"MinSize": 5}),
        "group_of_negative_size": ("ValidationError", {"MinSize": -1}),
        "group_without_template": ("ValidationError", {"LaunchTemplate": None}),
        "group_with_a_template_that_is_not_there": (
            "ValidationError",
            {"LaunchTemplate": {"LaunchTemplateName": "none"}},
        ),
        "group_without_zones": ("ValidationError", {"VPCZoneIdentifier": None}),
        "group_in_no_subnet": ("ValidationError", {"VPCZoneIdentifier": "subnet-0123456789abcdef0"}),
        "group_in_a_zone_that_is_none": (
            "ValidationError",
            {"VPCZoneIdentifier": None, "AvailabilityZones": ["us-east-1z"]},
        ),
        "group_with_no_target_group": (
            "ValidationError",
            {
                "TargetGroupARNs": [
                    "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/none/0123456789abcdef"
                ]
            },
        ),
        "group_with_elb_checks": ("ok", {"HealthCheckType": "ELB", "HealthCheckGracePeriod": 60}),
        "group_with_a_check_that_is_none": ("ValidationError", {"HealthCheckType": "PING"}),
        "group_with_both_template_and_mixture": (
            "ValidationError",
            {
                "MixedInstancesPolicy": {
                    "LaunchTemplate": {"LaunchTemplateSpecification": {"LaunchTemplateName": "web"}}
                }
            },
        ),
    },
)


@probe("auto-scaling-groups", "AlreadyExists")
def the_same_group_twice(aws):
    aws.scaling_group()
    yield
    aws.scaling_group()


@probe("auto-scaling-groups")
def groups_that_are_not_there(aws):
    found = aws.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["none"])
    assert found["AutoScalingGroups"] == []


@probe("auto-scaling-groups")
def its_instances_are_tagged(aws):
    aws.scaling_group(Tags=[{"Key": "team", "Value": "web", "PropagateAtLaunch": True}])
    tags = {one["Key"]: one["Value"] for one in running(aws)[0]["Tags"]}
    assert tags["aws:autoscaling:groupName"] == "web" and tags["team"] == "web"


@probe("auto-scaling-groups")
def its_instances_are_targets(aws):
    group = aws.target_group()
    aws.scaling_group(TargetGroupARNs=[group], MinSize=2)
    assert set(health(aws, group)) == {one["InstanceId"] for one in running(aws)}


@probe("scaling")
def scale_out_and_in(aws):
    aws.scaling_group()
    aws.scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=3)
    assert len(running(aws)) == 3 == len(aws.shown_group()["Instances"])
    aws.scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=1)
    assert len(running(aws)) == 1


@probe("scaling", "ValidationError")
def scale_beyond_max(aws):
    aws.scaling_group()
    yield
    aws.scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=5)


@probe("scaling", "ValidationError")
def scale_below_min(aws):
    aws.scaling_group()
    yield
    aws.scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=0)


@probe("scaling", "ValidationError")
def scale_what_is_not_there(aws):
    aws.scaling.set_desired_capacity(AutoScalingGroupName="none", DesiredCapacity=1)


@probe("auto-scaling-groups")
def a_terminated_instance_is_replaced(aws):
    aws.scaling_group(MinSize=2)
    first = running(aws)[0]["InstanceId"]
    aws.ec2.terminate_instances(InstanceIds=[first])
    left = {one["InstanceId"] for one in aws.shown_group()["Instances"]}
    assert first not in left and len(left) == 2 == len(running(aws))


@probe("auto-scaling-groups")
def terminate_and_shrink(aws):
    aws.scaling_group(DesiredCapacity=2)
    first = running(aws)[0]["InstanceId"]
    aws.scaling.terminate_instance_in_auto_scaling_group(InstanceId=first, ShouldDecrementDesiredCapacity=True)
    assert aws.shown_group()["DesiredCapacity"] == 1 and len(running(aws)) == 1


@probe("auto-scaling-groups", "ValidationError")
def terminate_and_shrink_below_min(aws):
    aws.scaling_group(MinSize=1)
    first = running(aws)[0]["InstanceId"]
    yield
    aws.scaling.terminate_instance_in_auto_scaling_group(InstanceId=first, ShouldDecrementDesiredCapacity=True)


@probe("auto-scaling-groups", "ResourceInUse|ScalingActivityInProgress")
def delete_a_group_with_instances(aws):
    aws.scaling_group()
    yield
    aws.scaling.delete_auto_scaling_group(AutoScalingGroupName="web")


@probe("auto-scaling-groups")
def delete_a_group_by_force(aws):
    aws.scaling_group()
    aws.scaling.delete_auto_scaling_group(AutoScalingGroupName="web", ForceDelete=True)
    assert running(aws) == []


@probe("auto-scaling-groups", "ValidationError")
def delete_a_group_that_is_not_there(aws):
    aws.scaling.delete_auto_scaling_group(AutoScalingGroupName="none")


@probe("auto-scaling-groups")
def change_the_limits(aws):
    aws.scaling_group()
    aws.scaling.update_auto_scaling_group(AutoScalingGroupName="web", MinSize=2, MaxSize=6)
    found = aws.shown_group()
    assert (found["MinSize"], found["MaxSize"], found["DesiredCapacity"]) == (2, 6, 2)
    assert len(running(aws)) == 2


@probe("auto-scaling-groups", "ValidationError")
def change_the_limits_the_wrong_way_round(aws):
    aws.scaling_group()
    yield
    aws.scaling.update_auto_scaling_group(AutoScalingGroupName="web", MinSize=5)


@probe("auto-scaling-groups")
def attach_an_instance(aws):
    aws.scaling_group()
    instance = aws.instance()
    aws.scaling.attach_instances(AutoScalingGroupName="web", InstanceIds=[instance])
    found = aws.shown_group()
    assert found["DesiredCapacity"] == 2 and instance in {one["InstanceId"] for one in found["Instances"]}


@probe("auto-scaling-groups", "ValidationError")
def attach_more_than_max(aws):
    aws.scaling_group(MaxSize=1)
    instance = aws.instance()
    yield
    aws.scaling.attach_instances(AutoScalingGroupName="web", InstanceIds=[instance])


@probe("auto-scaling-groups", "ValidationError")
def attach_an_instance_that_is_not_there(aws):
    aws.scaling_group()
    yield
    aws.scaling.attach_instances(AutoScalingGroupName="web", InstanceIds=["i-0123456789abcdef0"])


@probe("auto-scaling-groups")
def detach_an_instance(aws):
    aws.scaling_group(DesiredCapacity=2)
    first = running(aws)[0]["InstanceId"]
    aws.scaling.detach_instances(AutoScalingGroupName="web", InstanceIds=[first], ShouldDecrementDesiredCapacity=True)
    assert first not in {one["InstanceId"] for one in aws.shown_group()["Instances"]}
    assert aws.shown(first)["State"]["Name"] == "running"


@probe("auto-scaling-groups")
def standby(aws):
    aws.scaling_group(DesiredCapacity=2)
    first = running(aws)[0]["InstanceId"]
    aws.scaling.enter_standby(AutoScalingGroupName="web", InstanceIds=[first], ShouldDecrementDesiredCapacity=True)
    states = {one["InstanceId"]: one["LifecycleState"] for one in aws.shown_group()["Instances"]}
    assert states[first] == "Standby" and aws.shown_group()["DesiredCapacity"] == 1


@probe("auto-scaling-groups")
def a_suspended_group_launches_nothing(aws):
    aws.scaling_group()
    aws.scaling.suspend_processes(AutoScalingGroupName="web", ScalingProcesses=["Launch"])
    aws.scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=3)
    assert len(running(aws)) == 1 and aws.shown_group()["DesiredCapacity"] == 3


@probe("auto-scaling-groups")
def an_unhealthy_instance_is_replaced(aws):
    aws.scaling_group()
    first = running(aws)[0]["InstanceId"]
    aws.scaling.set_instance_health(InstanceId=first, HealthStatus="Unhealthy")
    left = [one["InstanceId"] for one in aws.shown_group()["Instances"] if one["HealthStatus"] == "Healthy"]
    assert len(left) == 1 or aws.shown_group()["Instances"][0]["HealthStatus"] == "Unhealthy"


@probe("auto-scaling-groups")
def a_mixture_of_types(aws):
    aws._once("template", aws.launch_template)
    policy = {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {"LaunchTemplateName": "web", "Version": "$Latest"},
            "Overrides": [{"InstanceType": "t3.micro"}, {"InstanceType": "t3.small"}],
        },
        "InstancesDistribution": {"OnDemandBaseCapacity": 1, "OnDemandPercentageAboveBaseCapacity": 0},
    }
    aws.scaling_group(LaunchTemplate=None, MixedInstancesPolicy=policy, DesiredCapacity=2)
    assert aws.shown_group()["MixedInstancesPolicy"]["InstancesDistribution"]["OnDemandBaseCapacity"] == 1
    assert len(running(aws)) == 2


# Scaling policies


def policy(aws, kind="TargetTrackingScaling", **more):
    return aws.scaling.put_scaling_policy(AutoScalingGroupName="web", PolicyName="policy", PolicyType=kind, **more)


def tracking(value=50.0, metric="ASGAverageCPUUtilization", **more):
    return {
        "TargetTrackingConfiguration": {
            "PredefinedMetricSpecification": {"PredefinedMetricType": metric, **more},
            "TargetValue": value,
        }
    }


@probe("scaling")
def track_half_of_the_cpu(aws):
    aws.scaling_group()
    made = policy(aws, **tracking())
    assert len(made["Alarms"]) == 2
    found = aws.scaling.describe_policies(AutoScalingGroupName="web")["ScalingPolicies"][0]
    assert found["TargetTrackingConfiguration"]["TargetValue"] == 50.0
    names = {one["AlarmName"] for one in aws.alarms.describe_alarms()["MetricAlarms"]}
    assert {one["AlarmName"] for one in made["Alarms"]} == names


def step(adjustment, low=None, high=None):
    found = {"ScalingAdjustment": adjustment, "MetricIntervalLowerBound": low, "MetricIntervalUpperBound": high}
    return {key: one for key, one in found.items() if one is not None}


def _policy(aws, kind, params):
    aws.scaling_group()
    yield
    policy(aws, kind, **params)


STEPS = {"AdjustmentType": "ChangeInCapacity"}
for _name, _expected, _kind, _params in [
    ("policy_with_steps", "ok", "StepScaling", {**STEPS, "StepAdjustments": [step(1, 0, 10), step(2, 10)]}),
    (
        "policy_with_overlapping_steps",
        "ValidationError",
        "StepScaling",
        {**STEPS, "StepAdjustments": [step(1, 0, 10), step(2, 5)]},
    ),
    (
        "policy_with_a_gap_between_steps",
        "ValidationError",
        "StepScaling",
        {**STEPS, "StepAdjustments": [step(1, 0, 10), step(2, 20)]},
    ),
    ("policy_without_steps", "ValidationError", "StepScaling", STEPS),
    ("policy_of_one_adjustment", "ok", "SimpleScaling", {**STEPS, "ScalingAdjustment": 1, "Cooldown": 60}),
    (
        "policy_with_an_adjustment_type_that_is_none",
        "ValidationError",
        "SimpleScaling",
        {"AdjustmentType": "Double", "ScalingAdjustment": 1},
    ),
    (
        "policy_tracking_a_metric_that_is_none",
        "ValidationError",
        "TargetTrackingScaling",
        tracking(metric="ASGAverageMood"),
    ),
    (
        "policy_tracking_requests_without_a_target_group",
        "ValidationError",
        "TargetTrackingScaling",
        tracking(1000.0, "ALBRequestCountPerTarget"),
    ),
    ("policy_type_that_is_none", "ValidationError", "MagicScaling", tracking()),
    ("policy_tracking_without_configuration", "ValidationError", "TargetTrackingScaling", {}),
]:
    probes.add(_name, "scaling", _expected, lambda aws, a=_kind, b=_params: (yield from _policy(aws, a, b)))


@probe("scaling", "ValidationError")
def a_policy_of_no_group(aws):
    policy(aws, **tracking())


@probe("scaling")
def execute_a_policy(aws):
    aws.scaling_group()
    policy(aws, "SimpleScaling", AdjustmentType="ChangeInCapacity", ScalingAdjustment=2)
    aws.scaling.execute_policy(AutoScalingGroupName="web", PolicyName="policy", HonorCooldown=False)
    assert aws.shown_group()["DesiredCapacity"] == 3 and len(running(aws)) == 3


@probe("scaling")
def execute_a_policy_up_to_max(aws):
    aws.scaling_group()
    policy(aws, "SimpleScaling", AdjustmentType="ChangeInCapacity", ScalingAdjustment=10)
    aws.scaling.execute_policy(AutoScalingGroupName="web", PolicyName="policy", HonorCooldown=False)
    assert aws.shown_group()["DesiredCapacity"] == 4


def schedule(aws, **more):
    aws.scaling_group()
    given = {
        "AutoScalingGroupName": "web",
        "ScheduledActionName": "morning",
        "DesiredCapacity": 2,
        "Recurrence": "0 8 * * 1-5",
        **more,
    }
    aws.scaling.put_scheduled_update_group_action(**{key: one for key, one in given.items() if one is not None})


@probe("scaling")
def scale_each_morning(aws):
    schedule(aws)
    found = aws.scaling.describe_scheduled_actions(AutoScalingGroupName="web")["ScheduledUpdateGroupActions"][0]
    assert (found["Recurrence"], found["DesiredCapacity"]) == ("0 8 * * 1-5", 2)


probes.table(
    "scaling",
    schedule,
    {
        "scale_at_a_time_that_is_none": ("ValidationError", {"Recurrence": "every morning"}),
        "scale_in_the_past": (
            "ValidationError",
            {"Recurrence": None, "StartTime": datetime.now(UTC) - timedelta(days=1)},
        ),
        "scale_tomorrow": ("ok", {"Recurrence": None, "StartTime": datetime.now(UTC) + timedelta(days=1)}),
        "scale_to_nothing_said": ("ValidationError", {"DesiredCapacity": None}),
    },
)


@probe("auto-scaling-groups")
def a_lifecycle_hook(aws):
    aws.scaling_group()
    aws.scaling.put_lifecycle_hook(
        AutoScalingGroupName="web",
        LifecycleHookName="drain",
        LifecycleTransition="autoscaling:EC2_INSTANCE_TERMINATING",
    )
    found = aws.scaling.describe_lifecycle_hooks(AutoScalingGroupName="web")["LifecycleHooks"][0]
    assert (found["HeartbeatTimeout"], found["DefaultResult"]) == (3600, "ABANDON")


@probe("auto-scaling-groups", "ValidationError")
def a_lifecycle_hook_for_what_is_none(aws):
    aws.scaling_group()
    yield
    aws.scaling.put_lifecycle_hook(
        AutoScalingGroupName="web", LifecycleHookName="drain", LifecycleTransition="autoscaling:SLEEPING"
    )


@probe("deployment-strategies")
def refresh_the_instances(aws):
    aws.scaling_group(MinSize=2)
    before = {one["InstanceId"] for one in running(aws)}
    made = aws.scaling.start_instance_refresh(AutoScalingGroupName="web")["InstanceRefreshId"]
    found = aws.scaling.describe_instance_refreshes(AutoScalingGroupName="web")["InstanceRefreshes"][0]
    assert found["InstanceRefreshId"] == made
    assert found["Status"] in ("Pending", "InProgress", "Successful")
    assert before


@probe("auto-scaling-groups")
def what_happened(aws):
    aws.scaling_group(MinSize=2)
    found = aws.scaling.describe_scaling_activities(AutoScalingGroupName="web")["Activities"]
    assert len(found) == 2 and {one["StatusCode"] for one in found} <= {"Successful", "InProgress"}
    assert all(one["Description"].startswith("Launching a new EC2 instance") for one in found)


# Asked from another side: what a learner types first, with the usual slips


@probe("application-load-balancer")
def a_load_balancer_is_answered_whole(aws):
    one = aws.elb.create_load_balancer(Name="web", Subnets=aws.subnets())["LoadBalancers"][0]
    assert (
        one["State"]["Code"] == "provisioning" and one["Type"] == "application" and one["Scheme"] == "internet-facing"
    )
    assert one["IpAddressType"] == "ipv4" and one["CanonicalHostedZoneId"] == "Z35SXDOTRQ7X7K"
    assert one["DNSName"].startswith("web-") and one["DNSName"].endswith(".us-east-1.elb.amazonaws.com")
    assert len(one["SecurityGroups"]) == 1 and one["VpcId"] == aws.vpc() and one["CreatedTime"]
    assert {zone["ZoneName"] for zone in one["AvailabilityZones"]} == {"us-east-1a", "us-east-1b"}
    assert ":loadbalancer/app/web/" in one["LoadBalancerArn"]
    aws.elb.get_waiter("load_balancer_available").wait(LoadBalancerArns=[one["LoadBalancerArn"]])
    assert aws.elb.describe_load_balancers(Names=["web"])["LoadBalancers"][0]["State"] == {"Code": "active"}


probes.table(
    "application-load-balancer",
    lambda aws, zones="ab", **more: aws.elb.create_load_balancer(
        **{"Name": "web", "Subnets": aws.subnets(zones), **more}
    ),
    {
        "alb_name_beginning_with_internal": ("ValidationError", {"Name": "internal-web"}),
        "alb_name_with_underscore": ("ValidationError", {"Name": "my_web"}),
        "alb_name_too_long": ("ValidationError", {"Name": "a" * 33}),
        "alb_in_one_zone": ("ValidationError", {"zones": "a"}),
        "alb_of_a_subnet_that_is_not_there": ("SubnetNotFound", {"Subnets": ["subnet-0123456789abcdef0"] * 2}),
        "alb_with_a_group_that_is_not_there": ("InvalidSecurityGroup", {"SecurityGroups": ["sg-0123456789abcdef0"]}),
        "alb_of_a_scheme_that_is_none": ("ValidationError", {"Scheme": "external"}),
        "alb_of_a_type_that_is_none": ("ValidationError", {"Type": "classic"}),
    },
)


@probe("application-load-balancer", "DuplicateLoadBalancerName")
def a_name_for_another_load_balancer(aws):
    aws.balancer()
    yield
    aws.elb.create_load_balancer(Name="web", Subnets=aws.subnets("bc"))


@probe("application-load-balancer")
def the_same_load_balancer_again(aws):
    assert aws.balancer() == aws.balancer()


@probe("application-load-balancer", "LoadBalancerNotFound")
def describe_a_load_balancer_that_is_not_there(aws):
    aws.elb.describe_load_balancers(Names=["none"])


@probe("application-load-balancer")
def delete_a_load_balancer_that_is_not_there(aws):
    arn = aws.balancer()
    aws.elb.delete_load_balancer(LoadBalancerArn=arn)
    aws.elb.delete_load_balancer(LoadBalancerArn=arn)


@probe("application-load-balancer", "OperationNotPermitted")
def delete_a_protected_load_balancer(aws):
    arn = aws.balancer()
    aws.elb.modify_load_balancer_attributes(
        LoadBalancerArn=arn, Attributes=[{"Key": "deletion_protection.enabled", "Value": "true"}]
    )
    yield
    aws.elb.delete_load_balancer(LoadBalancerArn=arn)


@probe("application-load-balancer")
def attributes_of_a_new_load_balancer(aws):
    found = aws.elb.describe_load_balancer_attributes(LoadBalancerArn=aws.balancer())["Attributes"]
    found = {one["Key"]: one["Value"] for one in found}
    assert found["idle_timeout.timeout_seconds"] == "60" and found["deletion_protection.enabled"] == "false"
    assert found["routing.http2.enabled"] == "true" and found["load_balancing.cross_zone.enabled"] == "true"
    assert found["routing.http.drop_invalid_header_fields.enabled"] == "false"
    assert found["routing.http.xff_header_processing.mode"] == "append"


probes.table(
    "application-load-balancer",
    lambda aws, key, value: aws.elb.modify_load_balancer_attributes(
        LoadBalancerArn=aws.balancer(), Attributes=[{"Key": key, "Value": value}]
    ),
    {
        "idle_for_two_hours": (
            "InvalidConfigurationRequest|ValidationError",
            {"key": "idle_timeout.timeout_seconds", "value": "7200"},
        ),
        "idle_for_an_hour": ("ok", {"key": "idle_timeout.timeout_seconds", "value": "3600"}),
    },
)


# Target groups


@probe("health-checks")
def a_target_group_is_answered_whole(aws):
    one = aws.elb.create_target_group(Name="app", Protocol="HTTP", Port=80, VpcId=aws.vpc())["TargetGroups"][0]
    assert one["HealthCheckProtocol"] == "HTTP" and one["HealthCheckPort"] == "traffic-port"
    assert one["HealthCheckPath"] == "/" and one["HealthCheckIntervalSeconds"] == 30
    assert one["HealthCheckTimeoutSeconds"] == 5 and one["HealthyThresholdCount"] == 5
    assert one["UnhealthyThresholdCount"] == 2 and one["Matcher"] == {"HttpCode": "200"}
    assert one["TargetType"] == "instance" and one["ProtocolVersion"] == "HTTP1" and one["LoadBalancerArns"] == []
    assert one["HealthCheckEnabled"] is True and one["IpAddressType"] == "ipv4"


@probe("network-load-balancer")
def a_tcp_target_group_is_answered_whole(aws):
    one = aws.elb.create_target_group(Name="app", Protocol="TCP", Port=80, VpcId=aws.vpc())["TargetGroups"][0]
    assert one["HealthCheckProtocol"] == "TCP" and one["HealthCheckTimeoutSeconds"] == 10
    assert one["HealthyThresholdCount"] == 5 and one["UnhealthyThresholdCount"] == 2
    assert "Matcher" not in one and "HealthCheckPath" not in one and "ProtocolVersion" not in one


@probe("application-load-balancer")
def a_lambda_target_group_is_answered_whole(aws):
    one = aws.elb.create_target_group(Name="app", TargetType="lambda")["TargetGroups"][0]
    assert "Port" not in one and "VpcId" not in one and one["HealthCheckEnabled"] is False
    assert one["HealthCheckIntervalSeconds"] == 35 and one["HealthCheckTimeoutSeconds"] == 30


probes.table(
    "health-checks",
    lambda aws, **more: aws.target_group(**more),
    {
        "target_group_in_a_vpc_that_is_not_there": (
            "ValidationError|InvalidConfigurationRequest",
            {"VpcId": "vpc-0123456789abcdef0"},
        ),
        "target_group_of_a_type_that_is_none": ("ValidationError", {"TargetType": "server"}),
        "timeout_above_interval": (
            "ValidationError",
            {"HealthCheckIntervalSeconds": 10, "HealthCheckTimeoutSeconds": 11},
        ),
        "path_without_a_slash": ("ValidationError", {"HealthCheckPath": "health"}),
        "matcher_of_600": ("ValidationError|InvalidConfigurationRequest", {"Matcher": {"HttpCode": "200-600"}}),
        "matcher_of_ranges": ("ok", {"Matcher": {"HttpCode": "200-299,302"}}),
    },
)


@probe("health-checks", "DuplicateTargetGroupName")
def a_target_group_name_for_another_port(aws):
    aws.target_group()
    yield
    aws.target_group(Port=8080)


@probe("health-checks", "InvalidTarget")
def register_an_instance_that_is_not_there(aws):
    group = aws.target_group()
    yield
    aws.elb.register_targets(TargetGroupArn=group, Targets=[{"Id": "i-0123456789abcdef0"}])


@probe("health-checks", "TargetGroupNotFound")
def health_of_a_target_group_that_is_not_there(aws):
    aws.elb.describe_target_health(
        TargetGroupArn="arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/none/0123456789abcdef"
    )


@probe("health-checks")
def a_target_never_registered_is_unused(aws):
    group, instance = aws.target_group(), aws.instance()
    aws.listener(DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])
    one = aws.elb.describe_target_health(TargetGroupArn=group, Targets=[{"Id": instance}])["TargetHealthDescriptions"]
    assert one[0]["TargetHealth"]["Reason"] == "Target.NotRegistered"


@probe("stickiness-cross-zone-draining")
def attributes_of_a_new_target_group(aws):
    found = aws.elb.describe_target_group_attributes(TargetGroupArn=aws.target_group())["Attributes"]
    found = {one["Key"]: one["Value"] for one in found}
    assert found["deregistration_delay.timeout_seconds"] == "300" and found["stickiness.enabled"] == "false"
    assert found["stickiness.type"] == "lb_cookie" and found["stickiness.lb_cookie.duration_seconds"] == "86400"
    assert found["load_balancing.algorithm.type"] == "round_robin" and found["slow_start.duration_seconds"] == "0"
    assert found["load_balancing.cross_zone.enabled"] == "use_load_balancer_configuration"


probes.table(
    "stickiness-cross-zone-draining",
    lambda aws, _group=(), **attributes: aws.elb.modify_target_group_attributes(
        TargetGroupArn=aws.target_group(**dict(_group)),
        Attributes=[{"Key": key.replace("__", "."), "Value": value} for key, value in attributes.items()],
    ),
    {
        "drain_for_more_than_an_hour": (
            "ValidationError|InvalidConfigurationRequest",
            {"deregistration_delay__timeout_seconds": "3601"},
        ),
        "stick_for_eight_days": (
            "ValidationError|InvalidConfigurationRequest",
            {"stickiness__enabled": "true", "stickiness__lb_cookie__duration_seconds": "691200"},
        ),
        "stick_by_source_ip_on_http": (
            "ValidationError|InvalidConfigurationRequest",
            {"stickiness__enabled": "true", "stickiness__type": "source_ip"},
        ),
        "stick_by_source_ip_on_tcp": (
            "ok",
            {
                "_group": (("Protocol", "TCP"),),
                "stickiness__enabled": "true",
                "stickiness__type": "source_ip",
            },
        ),
        "slow_start_of_ten_seconds": (
            "ValidationError|InvalidConfigurationRequest",
            {"slow_start__duration_seconds": "10"},
        ),
    },
)


# Listeners and rules


probes.table(
    "application-load-balancer",
    lambda aws, **more: aws.listener(**more),
    {
        "listener_for_tcp_on_an_alb": ("ValidationError|InvalidConfigurationRequest", {"Protocol": "TCP"}),
        "listener_for_https_without_a_certificate": (
            "ValidationError|CertificateNotFound",
            {"Protocol": "HTTPS", "Port": 443},
        ),
        "listener_that_answers_600": (
            "ValidationError|InvalidLoadBalancerAction",
            {"DefaultActions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "600"}}]},
        ),
        "listener_that_redirects_to_https": (
            "ok",
            {
                "DefaultActions": [
                    {
                        "Type": "redirect",
                        "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"},
                    }
                ]
            },
        ),
        "listener_that_redirects_for_ever": (
            "InvalidLoadBalancerAction|ValidationError",
            {"DefaultActions": [{"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301"}}]},
        ),
        "listener_to_a_target_group_that_is_not_there": (
            "TargetGroupNotFound",
            {
                "DefaultActions": [
                    {
                        "Type": "forward",
                        "TargetGroupArn": "arn:aws:elasticloadbalancing:us-east-1:123456789012:"
                        "targetgroup/none/0123456789abcdef",
                    }
                ]
            },
        ),
    },
)


@probe("application-load-balancer", "TargetGroupAssociationLimit")
def a_target_group_for_two_load_balancers(aws):
    group = aws.target_group()
    forward = [{"Type": "forward", "TargetGroupArn": group}]
    aws.listener(aws.balancer(), DefaultActions=forward)
    other = aws.balancer("other")
    yield
    aws.listener(other, DefaultActions=forward)


@probe("application-load-balancer")
def a_listener_is_answered_with_a_default_rule(aws):
    group = aws.target_group()
    listener = aws.listener(DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])
    shown = aws.elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]
    action = shown["DefaultActions"][0]
    assert action["ForwardConfig"]["TargetGroups"] == [{"TargetGroupArn": group, "Weight": 1}]
    assert action["ForwardConfig"]["TargetGroupStickinessConfig"] == {"Enabled": False}
    assert action["TargetGroupArn"] == group
    rules = aws.elb.describe_rules(ListenerArn=listener)["Rules"]
    assert len(rules) == 1 and rules[0]["Priority"] == "default" and rules[0]["IsDefault"] is True
    assert rules[0]["Conditions"] == []


def path_rule(aws, priority=1, conditions=None, listener=None, **more):
    listener = listener or aws.listener()
    conditions = conditions or [{"Field": "path-pattern", "Values": ["/api/*"]}]
    ok = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}
    return aws.elb.create_rule(
        **{"ListenerArn": listener, "Priority": priority, "Conditions": conditions, "Actions": [ok], **more}
    )["Rules"][0]


probes.table(
    "application-load-balancer",
    path_rule,
    {
        "rule_by_six_paths": (
            "TooManyConditions|ValidationError",
            {"conditions": [{"Field": "path-pattern", "Values": [f"/{n}" for n in range(6)]}]},
        ),
        "rule_by_method_in_small_letters": (
            "ValidationError|InvalidConfigurationRequest",
            {"conditions": [{"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["get"]}}]},
        ),
        "rule_by_header_without_a_name": (
            "ValidationError",
            {"conditions": [{"Field": "http-header", "HttpHeaderConfig": {"Values": ["x"]}}]},
        ),
        "rule_by_source_that_is_no_range": (
            "ValidationError",
            {"conditions": [{"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.1"]}}]},
        ),
        "rule_by_two_paths_twice": (
            "InvalidConfigurationRequest|ValidationError|TooManyConditions",
            {
                "conditions": [
                    {"Field": "path-pattern", "Values": ["/a"]},
                    {"Field": "path-pattern", "Values": ["/b"]},
                ]
            },
        ),
        "rule_that_forwards_by_weight_1000": (
            "ValidationError|InvalidLoadBalancerAction",
            {
                "Actions": [
                    {
                        "Type": "forward",
                        "ForwardConfig": {
                            "TargetGroups": [
                                {
                                    "TargetGroupArn": "arn:aws:elasticloadbalancing:us-east-1:123456789012:"
                                    "targetgroup/none/0123456789abcdef",
                                    "Weight": 1000,
                                }
                            ]
                        },
                    }
                ]
            },
        ),
    },
)


@probe("application-load-balancer", "PriorityInUse")
def a_priority_twice(aws):
    listener = aws.listener()
    path_rule(aws, listener=listener)
    yield
    path_rule(aws, listener=listener, conditions=[{"Field": "host-header", "Values": ["a.example.com"]}])


@probe("application-load-balancer")
def swap_two_priorities(aws):
    listener = aws.listener()
    first = path_rule(aws, 1, listener=listener)["RuleArn"]
    second = path_rule(aws, 2, [{"Field": "path-pattern", "Values": ["/b"]}], listener)["RuleArn"]
    aws.elb.set_rule_priorities(RulePriorities=[{"RuleArn": first, "Priority": 2}, {"RuleArn": second, "Priority": 1}])
    found = {one["RuleArn"]: one["Priority"] for one in aws.elb.describe_rules(ListenerArn=listener)["Rules"]}
    assert (found[first], found[second]) == ("2", "1")


@probe("application-load-balancer")
def describe_a_rule_by_path(aws):
    rule = path_rule(aws)
    condition = rule["Conditions"][0]
    assert condition["Values"] == ["/api/*"] and condition["PathPatternConfig"] == {"Values": ["/api/*"]}
    assert rule["Priority"] == "1" and rule["IsDefault"] is False


# NLB, GWLB, Classic


@probe("network-load-balancer")
def fixed_addresses_of_an_nlb(aws):
    addresses = [aws.address(), aws.address()]
    mappings = [{"SubnetId": subnet, "AllocationId": one} for subnet, one in zip(aws.subnets(), addresses, strict=True)]
    arn = aws.balancer(Type="network", SubnetMappings=mappings)
    zones = aws.elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]["AvailabilityZones"]
    assert {zone["LoadBalancerAddresses"][0]["AllocationId"] for zone in zones} == set(addresses)


@probe("network-load-balancer", "AllocationIdNotFound")
def an_nlb_with_an_address_that_is_not_there(aws):
    aws.balancer(
        Type="network",
        SubnetMappings=[{"SubnetId": aws.subnets("a")[0], "AllocationId": "eipalloc-0123456789abcdef0"}],
    )


@probe("network-load-balancer", "ValidationError|InvalidConfigurationRequest|UnsupportedProtocol")
def rules_on_an_nlb(aws):
    group = aws.target_group(Protocol="TCP")
    listener = aws.listener(
        aws.balancer(Type="network"), Protocol="TCP", DefaultActions=[{"Type": "forward", "TargetGroupArn": group}]
    )
    yield
    path_rule(aws, listener=listener, Actions=[{"Type": "forward", "TargetGroupArn": group}])


@probe("network-load-balancer", "InvalidConfigurationRequest|ValidationError|IncompatibleProtocols")
def an_nlb_that_forwards_to_http_targets(aws):
    group = aws.target_group()
    balancer = aws.balancer(Type="network")
    yield
    aws.listener(balancer, Protocol="TCP", DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])


@probe("network-load-balancer")
def attributes_of_a_new_nlb(aws):
    arn = aws.balancer(Type="network")
    found = aws.elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    found = {one["Key"]: one["Value"] for one in found}
    assert found["load_balancing.cross_zone.enabled"] == "false" and "idle_timeout.timeout_seconds" not in found
    shown = aws.elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]
    assert shown["CanonicalHostedZoneId"] == "Z26RNL4JYFTOTI" and ":loadbalancer/net/" in arn


@probe("gateway-load-balancer", "ValidationError|InvalidConfigurationRequest")
def a_gateway_listener_with_a_port(aws):
    arn = aws.balancer(Type="gateway", Subnets=aws.subnets("a"))
    group = aws.target_group(Protocol="GENEVE", Port=6081)
    yield
    aws.listener(arn, Protocol="GENEVE", Port=6081, DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])


def _classic(aws, name="old", **more):
    given = {
        "LoadBalancerName": name,
        "Listeners": [{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}],
        "AvailabilityZones": ["us-east-1a", "us-east-1b"],
        **more,
    }
    return aws.classic.create_load_balancer(**given)


@probe("classic-load-balancer")
def a_classic_load_balancer_is_described(aws):
    assert _classic(aws)["DNSName"].endswith(".us-east-1.elb.amazonaws.com")
    one = aws.classic.describe_load_balancers(LoadBalancerNames=["old"])["LoadBalancerDescriptions"][0]
    assert one["HealthCheck"] == {
        "Target": "TCP:80",
        "Interval": 30,
        "Timeout": 5,
        "UnhealthyThreshold": 2,
        "HealthyThreshold": 10,
    }
    assert one["Scheme"] == "internet-facing" and one["Instances"] == [] and one["VPCId"] == aws.vpc()
    assert one["ListenerDescriptions"][0]["Listener"]["InstanceProtocol"] == "HTTP"
    assert one["SourceSecurityGroup"]["GroupName"]


@probe("classic-load-balancer", "DuplicateLoadBalancerName")
def a_classic_load_balancer_twice(aws):
    _classic(aws)
    yield
    _classic(aws, AvailabilityZones=["us-east-1c"])


@probe("classic-load-balancer", "ValidationError")
def a_classic_health_check_too_slow(aws):
    _classic(aws)
    yield
    aws.classic.configure_health_check(
        LoadBalancerName="old",
        HealthCheck={
            "Target": "HTTP:80/",
            "Interval": 10,
            "Timeout": 20,
            "UnhealthyThreshold": 2,
            "HealthyThreshold": 2,
        },
    )


@probe("classic-load-balancer", "InvalidInstance")
def a_classic_register_of_an_instance_that_is_not_there(aws):
    _classic(aws)
    yield
    aws.classic.register_instances_with_load_balancer(
        LoadBalancerName="old", Instances=[{"InstanceId": "i-0123456789abcdef0"}]
    )


@probe("classic-load-balancer")
def instances_of_a_classic_load_balancer(aws):
    _classic(aws)
    instance = aws.instance()
    aws.classic.register_instances_with_load_balancer(LoadBalancerName="old", Instances=[{"InstanceId": instance}])
    found = aws.classic.describe_instance_health(LoadBalancerName="old")["InstanceStates"]
    assert found[0]["InstanceId"] == instance and found[0]["State"] in ("InService", "OutOfService")


@probe("classic-load-balancer")
def delete_a_classic_load_balancer_that_is_not_there(aws):
    aws.classic.delete_load_balancer(LoadBalancerName="none")


# Auto Scaling


@probe("auto-scaling-groups")
def a_group_is_described_whole(aws):
    aws.scaling_group(DesiredCapacity=2)
    one = aws.shown_group()
    assert (one["MinSize"], one["MaxSize"], one["DesiredCapacity"]) == (1, 4, 2) and one["DefaultCooldown"] == 300
    assert one["HealthCheckType"] == "EC2" and one["HealthCheckGracePeriod"] == 0
    assert one["TerminationPolicies"] == ["Default"] and one["NewInstancesProtectedFromScaleIn"] is False
    assert one["SuspendedProcesses"] == [] and one["EnabledMetrics"] == [] and one["TargetGroupARNs"] == []
    assert sorted(one["AvailabilityZones"]) == ["us-east-1a", "us-east-1b"] and one["CreatedTime"]
    assert one["ServiceLinkedRoleARN"].endswith("AWSServiceRoleForAutoScaling")
    assert len(one["Instances"]) == 2 and {each["AvailabilityZone"] for each in one["Instances"]} == {
        "us-east-1a",
        "us-east-1b",
    }
    each = one["Instances"][0]
    assert each["LifecycleState"] == "InService" and each["HealthStatus"] == "Healthy"
    assert each["InstanceType"] == "t3.micro" and each["ProtectedFromScaleIn"] is False
    assert each["LaunchTemplate"]["LaunchTemplateName"] == "web" and each["LaunchTemplate"]["Version"]


probes.table(
    "auto-scaling-groups",
    lambda aws, **more: aws.scaling_group(**more),
    {
        "group_of_min_above_max": ("ValidationError", {"MinSize": 5}),
        "group_wanting_more_than_max": ("ValidationError", {"DesiredCapacity": 9}),
        "group_of_a_template_that_is_not_there": (
            "ValidationError",
            {"LaunchTemplate": {"LaunchTemplateName": "none"}},
        ),
        "group_of_nothing_to_launch": ("ValidationError", {"LaunchTemplate": None}),
        "group_in_no_zone": ("ValidationError", {"VPCZoneIdentifier": None}),
        "group_in_a_zone_of_elsewhere": (
            "ValidationError",
            {"VPCZoneIdentifier": None, "AvailabilityZones": ["eu-west-1a"]},
        ),
        "group_in_a_subnet_that_is_not_there": ("ValidationError", {"VPCZoneIdentifier": "subnet-0123456789abcdef0"}),
        "group_with_a_target_group_that_is_not_there": (
            "ValidationError",
            {
                "TargetGroupARNs": [
                    "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/none/0123456789abcdef"
                ]
            },
        ),
        "group_with_a_health_check_that_is_none": ("ValidationError", {"HealthCheckType": "ALB"}),
        "group_by_template_and_version_latest": (
            "ok",
            {"LaunchTemplate": {"LaunchTemplateName": "web", "Version": "$Latest"}},
        ),
    },
)


@probe("auto-scaling-groups", "AlreadyExists")
def a_group_twice(aws):
    aws.scaling_group()
    yield
    aws.scaling_group()


@probe("auto-scaling-groups")
def describe_a_group_that_is_not_there(aws):
    assert aws.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["none"])["AutoScalingGroups"] == []


@probe("auto-scaling-groups", "ValidationError")
def want_more_than_the_maximum(aws):
    aws.scaling_group()
    yield
    aws.scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=5)


@probe("auto-scaling-groups", "ScalingActivityInProgress")
def want_during_the_cooldown(aws):
    aws.scaling_group()
    aws.scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=2)
    yield
    aws.scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=3, HonorCooldown=True)


@probe("auto-scaling-groups")
def raising_the_minimum_launches(aws):
    aws.scaling_group()
    aws.scaling.update_auto_scaling_group(AutoScalingGroupName="web", MinSize=3)
    one = aws.shown_group()
    assert one["DesiredCapacity"] == 3 and len(one["Instances"]) == 3


@probe("auto-scaling-groups", "ValidationError")
def terminate_and_shrink_below_the_minimum(aws):
    aws.scaling_group()
    first = aws.shown_group()["Instances"][0]["InstanceId"]
    yield
    aws.scaling.terminate_instance_in_auto_scaling_group(InstanceId=first, ShouldDecrementDesiredCapacity=True)


@probe("auto-scaling-groups")
def instances_carry_the_tags_of_the_group(aws):
    aws.scaling_group(
        Tags=[
            {"Key": "Name", "Value": "web", "PropagateAtLaunch": True},
            {"Key": "own", "Value": "x", "PropagateAtLaunch": False},
        ]
    )
    instance = aws.shown_group()["Instances"][0]["InstanceId"]
    tags = {one["Key"]: one["Value"] for one in aws.shown(instance)["Tags"]}
    assert tags["Name"] == "web" and tags["aws:autoscaling:groupName"] == "web" and "own" not in tags
    found = aws.scaling.describe_tags(Filters=[{"Name": "auto-scaling-group", "Values": ["web"]}])["Tags"]
    assert {one["Key"] for one in found} == {"Name", "own"}


probes.table(
    "auto-scaling-groups",
    lambda aws, group="web", **more: (
        aws.scaling_group(),
        aws.scaling.put_scaling_policy(**{"AutoScalingGroupName": group, "PolicyName": "p", **more}),
    ),
    {
        "tracking_without_a_target": ("ValidationError", {"PolicyType": "TargetTrackingScaling"}),
        "tracking_a_metric_that_is_none": (
            "ValidationError",
            {
                "PolicyType": "TargetTrackingScaling",
                "TargetTrackingConfiguration": {
                    "PredefinedMetricSpecification": {"PredefinedMetricType": "CPU"},
                    "TargetValue": 50.0,
                },
            },
        ),
        "tracking_cpu": (
            "ok",
            {
                "PolicyType": "TargetTrackingScaling",
                "TargetTrackingConfiguration": {
                    "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
                    "TargetValue": 50.0,
                },
            },
        ),
        "tracking_requests_without_a_label": (
            "ValidationError",
            {
                "PolicyType": "TargetTrackingScaling",
                "TargetTrackingConfiguration": {
                    "PredefinedMetricSpecification": {"PredefinedMetricType": "ALBRequestCountPerTarget"},
                    "TargetValue": 1000.0,
                },
            },
        ),
        "simple_without_an_adjustment": ("ValidationError", {"AdjustmentType": "ChangeInCapacity"}),
        "simple_of_a_kind_that_is_none": (
            "ValidationError",
            {"AdjustmentType": "Add", "ScalingAdjustment": 1},
        ),
        "policy_of_a_group_that_is_not_there": (
            "ValidationError",
            {"group": "none", "AdjustmentType": "ChangeInCapacity", "ScalingAdjustment": 1},
        ),
    },
)


@probe("auto-scaling-groups")
def tracking_makes_two_alarms(aws):
    aws.scaling_group()
    made = aws.scaling.put_scaling_policy(
        AutoScalingGroupName="web",
        PolicyName="cpu",
        PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration={
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
            "TargetValue": 50.0,
        },
    )
    names = [one["AlarmName"] for one in made["Alarms"]]
    assert len(names) == 2 and all(one.startswith("TargetTracking-web-Alarm") for one in names)
    found = aws.alarms.describe_alarms(AlarmNames=names)["MetricAlarms"]
    assert {one["ComparisonOperator"] for one in found} == {"GreaterThanThreshold", "LessThanThreshold"}
    aws.scaling.delete_policy(AutoScalingGroupName="web", PolicyName="cpu")
    assert aws.alarms.describe_alarms(AlarmNames=names)["MetricAlarms"] == []


@probe("auto-scaling-groups")
def execute_a_simple_policy(aws):
    aws.scaling_group()
    aws.scaling.put_scaling_policy(
        AutoScalingGroupName="web",
        PolicyName="out",
        AdjustmentType="PercentChangeInCapacity",
        ScalingAdjustment=100,
        MinAdjustmentMagnitude=2,
    )
    aws.scaling.execute_policy(AutoScalingGroupName="web", PolicyName="out")
    assert aws.shown_group()["DesiredCapacity"] == 3


probes.table(
    "auto-scaling-groups",
    lambda aws, **more: (
        aws.scaling_group(),
        aws.scaling.put_scheduled_update_group_action(
            **{"AutoScalingGroupName": "web", "ScheduledActionName": "s", **more}
        ),
    ),
    {
        "schedule_in_the_past": (
            "ValidationError",
            {"StartTime": dt.datetime(2020, 1, 1, tzinfo=dt.UTC), "DesiredCapacity": 2},
        ),
        "schedule_by_a_wrong_cron": ("ValidationError", {"Recurrence": "every morning", "DesiredCapacity": 2}),
        "schedule_of_nothing": ("ValidationError", {"Recurrence": "0 8 * * *"}),
        "schedule_in_a_time_zone_that_is_none": (
            "ValidationError",
            {"Recurrence": "0 8 * * *", "TimeZone": "Vienna", "DesiredCapacity": 2},
        ),
        "schedule_each_morning": (
            "ok",
            {"Recurrence": "0 8 * * 1-5", "TimeZone": "Europe/Vienna", "DesiredCapacity": 2},
        ),
    },
)


@probe("auto-scaling-groups")
def a_lifecycle_hook_has_defaults(aws):
    aws.scaling_group()
    aws.scaling.put_lifecycle_hook(
        AutoScalingGroupName="web",
        LifecycleHookName="h",
        LifecycleTransition="autoscaling:EC2_INSTANCE_TERMINATING",
    )
    one = aws.scaling.describe_lifecycle_hooks(AutoScalingGroupName="web")["LifecycleHooks"][0]
    assert one["HeartbeatTimeout"] == 3600 and one["DefaultResult"] == "ABANDON" and one["GlobalTimeout"] == 172800


@probe("auto-scaling-groups")
def an_instance_waits_for_its_hook(aws):
    aws.scaling_group()
    aws.scaling.put_lifecycle_hook(
        AutoScalingGroupName="web",
        LifecycleHookName="h",
        LifecycleTransition="autoscaling:EC2_INSTANCE_LAUNCHING",
    )
    aws.scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=2)
    states = {one["InstanceId"]: one["LifecycleState"] for one in aws.shown_group()["Instances"]}
    assert sorted(states.values()) == ["InService", "Pending:Wait"]
    waiting = next(one for one, state in states.items() if state == "Pending:Wait")
    aws.scaling.complete_lifecycle_action(
        AutoScalingGroupName="web", LifecycleHookName="h", LifecycleActionResult="CONTINUE", InstanceId=waiting
    )
    assert {one["LifecycleState"] for one in aws.shown_group()["Instances"]} == {"InService"}


@probe("auto-scaling-groups", "ValidationError")
def complete_no_lifecycle_action(aws):
    aws.scaling_group()
    yield
    aws.scaling.complete_lifecycle_action(
        AutoScalingGroupName="web",
        LifecycleHookName="none",
        LifecycleActionResult="CONTINUE",
        InstanceId="i-0123456789abcdef0",
    )


@probe("auto-scaling-groups")
def a_warm_pool(aws):
    aws.scaling_group()
    aws.scaling.put_warm_pool(AutoScalingGroupName="web", MinSize=2)
    found = aws.scaling.describe_warm_pool(AutoScalingGroupName="web")
    assert found["WarmPoolConfiguration"]["MinSize"] == 2
    assert found["WarmPoolConfiguration"]["PoolState"] == "Stopped"


@probe("auto-scaling-groups", "ValidationError")
def a_warm_pool_beside_spot(aws):
    aws._once("template", aws.launch_template)
    aws.scaling_group(
        LaunchTemplate=None,
        MixedInstancesPolicy={
            "LaunchTemplate": {"LaunchTemplateSpecification": {"LaunchTemplateName": "web", "Version": "$Latest"}},
            "InstancesDistribution": {"OnDemandPercentageAboveBaseCapacity": 0},
        },
    )
    yield
    aws.scaling.put_warm_pool(AutoScalingGroupName="web")


@probe("auto-scaling-groups")
def a_mixed_group_is_described(aws):
    aws._once("template", aws.launch_template)
    aws.scaling_group(
        LaunchTemplate=None,
        DesiredCapacity=4,
        MixedInstancesPolicy={
            "LaunchTemplate": {
                "LaunchTemplateSpecification": {"LaunchTemplateName": "web", "Version": "$Latest"},
                "Overrides": [{"InstanceType": "t3.micro"}, {"InstanceType": "t3.small"}],
            },
            "InstancesDistribution": {"OnDemandBaseCapacity": 1, "OnDemandPercentageAboveBaseCapacity": 0},
        },
    )
    one = aws.shown_group()
    spread = one["MixedInstancesPolicy"]["InstancesDistribution"]
    assert spread["OnDemandAllocationStrategy"] == "prioritized" and spread["SpotAllocationStrategy"] == "lowest-price"
    assert "LaunchTemplate" not in one
    kinds = [aws.shown(each["InstanceId"]).get("InstanceLifecycle") for each in one["Instances"]]
    assert kinds.count("spot") == 3


@probe("auto-scaling-groups")
def refresh_all_instances(aws):
    aws.scaling_group(DesiredCapacity=2)
    made = aws.scaling.start_instance_refresh(AutoScalingGroupName="web", Preferences={"MinHealthyPercentage": 50})
    found = aws.scaling.describe_instance_refreshes(AutoScalingGroupName="web")["InstanceRefreshes"]
    assert found[0]["InstanceRefreshId"] == made["InstanceRefreshId"]
    assert found[0]["Status"] in ("Pending", "InProgress", "Successful") and found[0]["Strategy"] == "Rolling"


@probe("auto-scaling-groups", "InstanceRefreshInProgress")
def refresh_twice(aws):
    aws.scaling_group(DesiredCapacity=2)
    aws.scaling.start_instance_refresh(AutoScalingGroupName="web")
    yield
    aws.scaling.start_instance_refresh(AutoScalingGroupName="web")


@probe("auto-scaling-groups", "ActiveInstanceRefreshNotFound")
def cancel_no_refresh(aws):
    aws.scaling_group()
    yield
    aws.scaling.cancel_instance_refresh(AutoScalingGroupName="web")


@probe("auto-scaling-groups")
def put_an_instance_on_standby(aws):
    aws.scaling_group(DesiredCapacity=2)
    first = aws.shown_group()["Instances"][0]["InstanceId"]
    activity = aws.scaling.enter_standby(
        InstanceIds=[first], AutoScalingGroupName="web", ShouldDecrementDesiredCapacity=True
    )["Activities"][0]
    assert activity["StatusCode"] == "InProgress"
    states = {one["InstanceId"]: one["LifecycleState"] for one in aws.shown_group()["Instances"]}
    assert states[first] == "Standby" and aws.shown_group()["DesiredCapacity"] == 1
    aws.scaling.exit_standby(InstanceIds=[first], AutoScalingGroupName="web")
    assert aws.shown_group()["DesiredCapacity"] == 2


@probe("auto-scaling-groups")
def suspended_processes_do_nothing(aws):
    aws.scaling_group()
    aws.scaling.suspend_processes(AutoScalingGroupName="web", ScalingProcesses=["Launch"])
    assert [one["ProcessName"] for one in aws.shown_group()["SuspendedProcesses"]] == ["Launch"]
    aws.scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=2)
    assert len(aws.shown_group()["Instances"]) == 1
    aws.scaling.resume_processes(AutoScalingGroupName="web")
    assert aws.shown_group()["SuspendedProcesses"] == []


@probe("auto-scaling-groups", "ValidationError")
def suspend_a_process_that_is_none(aws):
    aws.scaling_group()
    yield
    aws.scaling.suspend_processes(AutoScalingGroupName="web", ScalingProcesses=["Launching"])


@probe("auto-scaling-groups")
def activities_say_why(aws):
    aws.scaling_group()
    one = aws.scaling.describe_scaling_activities(AutoScalingGroupName="web")["Activities"][0]
    assert one["StatusCode"] == "Successful" and one["Progress"] == 100
    assert one["Description"].startswith("Launching a new EC2 instance: i-")
    assert "user request created an AutoScalingGroup" in one["Cause"]


@probe("auto-scaling-groups")
def a_group_by_the_command_line(aws):
    aws.scaling_group()
    found = lab.aws(
        "aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names web "
        "--query AutoScalingGroups[0].DesiredCapacity"
    )
    assert found.exit_code == 0 and found.output.strip() == "1"
    found = lab.aws("aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity 9")
    assert (
        found.exit_code in (254, 255)
        and "(ValidationError) when calling the SetDesiredCapacity operation" in found.error
    )


@probe("load-balancer-security-groups")
def the_command_line_makes_a_load_balancer(aws):
    one, two = aws.subnets()
    found = lab.aws(
        f"aws elbv2 create-load-balancer --name web --subnets {one} {two} --query LoadBalancers[0].State.Code"
    )
    assert found.exit_code == 0 and found.output.strip() == '"provisioning"'


@probe("load-balancer-security-groups")
def a_load_balancer_gets_other_groups(aws):
    group, arn = aws.security_group(), aws.balancer()
    assert aws.elb.set_security_groups(LoadBalancerArn=arn, SecurityGroups=[group])["SecurityGroupIds"] == [group]


@probe("load-balancer-security-groups")
def interfaces_of_a_load_balancer(aws):
    arn = aws.balancer()
    wanted = [{"Name": "description", "Values": ["ELB app/web/*"]}]
    found = aws.ec2.describe_network_interfaces(Filters=wanted)["NetworkInterfaces"]
    assert len(found) == 2 and all(one["RequesterManaged"] for one in found) and arn
