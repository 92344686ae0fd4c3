"""Actions: forward, redirect, fixed response, authentication."""

import pytest

OK = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}


@pytest.fixture
def act(elb, balancer):
    """The arguments of create_listener for an ALB on HTTP port 80 with this action."""
    arn = balancer()
    return lambda action, **more: {
        "LoadBalancerArn": arn,
        "Protocol": "HTTP",
        "Port": 80,
        "DefaultActions": [action],
        **more,
    }


def redirect(**config):
    return {"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301", **config}}


def forward(*groups, stickiness=None):
    config = {"TargetGroups": [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in groups]}
    if stickiness:
        config["TargetGroupStickinessConfig"] = stickiness
    return {"Type": "forward", "ForwardConfig": config}


@pytest.mark.parametrize(
    "config",
    [{}, {"Protocol": "HTTP", "Port": "80"}, {"Query": "a=b"}, {"Host": "#{host}", "Path": "/#{path}"}],
)
def test_a_redirect_to_itself_is_a_loop(elb, act, refused, config):
    """Must a redirect change protocol, host, port or path?"""
    words = "The redirect configuration is not valid because it creates a loop."
    refused(elb.create_listener, "InvalidLoadBalancerAction", words, **act(redirect(**config)))


@pytest.mark.parametrize(
    "config",
    [
        {"Protocol": "HTTPS", "Port": "443"},
        {"Protocol": "HTTPS"},
        {"Port": "8080"},
        {"Host": "www.#{host}"},
        {"Path": "/new/#{path}"},
    ],
)
def test_redirects_that_are_legal(elb, act, config):
    """Is one change enough?"""
    elb.create_listener(**act(redirect(**config)))


@pytest.mark.parametrize(
    ("config", "code", "words"),
    [
        ({"StatusCode": "HTTP_307", "Port": "81"}, "ValidationError", "HTTP_307"),
        ({"Protocol": "TCP"}, "ValidationError", "TCP"),
        ({"Port": "0"}, "ValidationError", "0"),
        ({"Port": "65536"}, "ValidationError", "65536"),
        ({"Port": "https"}, "ValidationError", "https"),
        ({"Path": "new"}, "ValidationError", "/"),
        ({"Host": "#{name}"}, "InvalidLoadBalancerAction", "#{name}"),
        ({"Path": "/#{query}"}, "InvalidLoadBalancerAction", "#{query}"),
    ],
)
def test_redirects_that_are_refused(elb, act, refused, config, code, words):
    """Are codes, protocols, ports, paths and placeholders those of AWS?"""
    refused(elb.create_listener, code, words, **act(redirect(**config)))


def test_a_loop_may_be_made_by_changing_the_listener(elb, act, refused):
    """Is a listener not moved to the port its own redirect points to?"""
    arn = elb.create_listener(**act(redirect(Port="8080")))["Listeners"][0]["ListenerArn"]
    refused(elb.modify_listener, "InvalidLoadBalancerAction", "loop", ListenerArn=arn, Port=8080)


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({"StatusCode": "302"}, "ValidationError"),
        ({"StatusCode": "999"}, "ValidationError"),
        ({"StatusCode": "200", "ContentType": "text/xml"}, "InvalidLoadBalancerAction"),
        ({"StatusCode": "200", "MessageBody": "x" * 1025}, "ValidationError"),
    ],
)
def test_fixed_responses(elb, act, refused, config, code):
    """Are codes 2xx, 4xx and 5xx, with a short body of a known type?"""
    refused(elb.create_listener, code, **act({"Type": "fixed-response", "FixedResponseConfig": config}))
    elb.create_listener(**act({**OK, "FixedResponseConfig": {"StatusCode": "503", "MessageBody": "x" * 1024}}))


def test_an_action_needs_its_config(elb, act, refused):
    """Is a type without what belongs to it refused?"""
    for kind in ("redirect", "fixed-response"):
        refused(elb.create_listener, "InvalidLoadBalancerAction", kind, **act({"Type": kind}))
    refused(elb.create_listener, "ValidationError", "target group", **act({"Type": "forward"}))
    refused(elb.create_listener, "ValidationError", "drop", **act({"Type": "drop"}))


def test_the_last_action_ends_the_request(elb, act, refused):
    """Is there exactly one action that ends, and authentication on HTTPS only?"""
    two = act(OK)
    two["DefaultActions"] = [{**OK, "Order": 1}, {**redirect(Port="81"), "Order": 2}]
    refused(elb.create_listener, "InvalidLoadBalancerAction", "last", **two)
    login = {
        "Type": "authenticate-cognito",
        "Order": 1,
        "AuthenticateCognitoConfig": {"UserPoolArn": "a", "UserPoolClientId": "b", "UserPoolDomain": "c"},
    }
    two["DefaultActions"] = [login, {**OK, "Order": 2}]
    refused(elb.create_listener, "InvalidLoadBalancerAction", "HTTPS", **two)


def test_weights(elb, act, target_group, refused):
    """Are weights 0 to 999, of at most five different target groups?"""
    groups = [target_group(f"g{n}") for n in range(6)]
    create = elb.create_listener
    refused(create, "ValidationError", 1000, **act(forward((groups[0], 1000), (groups[1], 1))))
    refused(create, "ValidationError", "5", **act(forward(*((arn, 1) for arn in groups))))
    refused(create, "ValidationError", "unique", **act(forward((groups[0], 1), (groups[0], 2))))
    create(**act(forward((groups[0], 999), (groups[1], 0), *((arn, 1) for arn in groups[2:5]))))


def test_stickiness_between_target_groups(elb, act, target_group, refused):
    """Has it a duration of 1 second to 7 days?"""
    pair = [(target_group("a"), 1), (target_group("b"), 1)]
    stick = lambda **config: act(forward(*pair, stickiness={"Enabled": True, **config}))
    refused(elb.create_listener, "ValidationError", "duration", **stick())
    refused(elb.create_listener, "ValidationError", 604801, **stick(DurationSeconds=604801))
    elb.create_listener(**stick(DurationSeconds=604800))


@pytest.mark.parametrize(
    ("kind", "listens", "speaks", "fits"),
    [
        ("application", "HTTP", "TCP", False),
        ("application", "HTTP", "HTTPS", True),
        ("network", "TCP", "HTTP", False),
        ("network", "TCP", "TCP_UDP", True),
        ("network", "TCP", "UDP", False),
        ("network", "UDP", "TCP_UDP", True),
        ("network", "UDP", "TCP", False),
        ("network", "TCP_UDP", "TCP", False),
        ("network", "TCP", "GENEVE", False),
    ],
)
def test_the_protocol_of_the_target_group_fits(elb, balancer, target_group, refused, kind, listens, speaks, fits):
    """Does a listener forward to protocols it can speak?"""
    group = target_group(Protocol=speaks, Port=6081 if speaks == "GENEVE" else 80)
    given = {
        "LoadBalancerArn": balancer("b", Type=kind),
        "Protocol": listens,
        "Port": 80,
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": group}],
    }
    if fits:
        elb.create_listener(**given)
    else:
        refused(elb.create_listener, "IncompatibleProtocols", group, listens, speaks, **given)


def test_only_an_alb_calls_lambda_functions(elb, balancer, target_group, listener, refused):
    """Is a lambda target group for an ALB only?"""
    group = target_group(TargetType="lambda")
    forward_to = [{"Type": "forward", "TargetGroupArn": group}]
    nlb = {"LoadBalancerArn": balancer("nlb", Type="network"), "Protocol": "TCP", "Port": 80}
    refused(elb.create_listener, "InvalidConfigurationRequest", "lambda", DefaultActions=forward_to, **nlb)
    listener(balancer(), group)


def test_only_an_alb_answers_itself(elb, balancer, refused):
    """Does an NLB forward and nothing else?"""
    nlb = {"LoadBalancerArn": balancer(Type="network"), "Protocol": "TCP", "Port": 80}
    refused(elb.create_listener, "InvalidLoadBalancerAction", "network", DefaultActions=[OK], **nlb)


def test_the_target_group_is_there_and_in_the_vpc(elb, ec2, act, target_group, elsewhere_subnets, refused):
    """Must a target group exist in the VPC of the load balancer?"""
    there = ec2.describe_subnets(SubnetIds=elsewhere_subnets)["Subnets"][0]["VpcId"]
    foreign, near = target_group("far", VpcId=there), target_group("near")
    to = lambda arn: act({"Type": "forward", "TargetGroupArn": arn})
    refused(elb.create_listener, "TargetGroupNotFound", **to(near.replace("near", "gone")))
    refused(elb.create_listener, "InvalidConfigurationRequest", there, **to(foreign))
    elb.create_listener(**to(near))


def test_a_target_group_belongs_to_one_load_balancer(elb, balancer, target_group, listener, refused):
    """Is a target group free for another load balancer once the first lets it go?"""
    first, second, group = balancer("first"), balancer("second"), target_group()
    arn = listener(first, group)
    listener(first, group, Port=8080)
    to = [{"Type": "forward", "TargetGroupArn": group}]
    given = {"LoadBalancerArn": second, "Protocol": "HTTP", "Port": 80, "DefaultActions": to}
    refused(elb.create_listener, "TargetGroupAssociationLimit", group, **given)
    used_by = lambda: elb.describe_target_groups(TargetGroupArns=[group])["TargetGroups"][0].get("LoadBalancerArns", [])
    assert used_by() == [first]
    elb.modify_listener(ListenerArn=arn, DefaultActions=[OK])
    assert used_by() == [first]
    elb.delete_load_balancer(LoadBalancerArn=first)
    assert used_by() == []
    elb.create_listener(**given)
    assert used_by() == [second]
