"""The router: which rule decides, and what it does."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.elb.router import LoadBalancerState, Request, chosen_target_group, redirect_location, route

FIXED = {
    "Type": "fixed-response",
    "FixedResponseConfig": {"StatusCode": "404", "MessageBody": "no", "ContentType": "text/plain"},
}


def rule(priority, action, *conditions):
    """A rule as describe_rules shows it."""
    default = priority == "default"
    actions = [{"Type": "forward", "TargetGroupArn": action}] if isinstance(action, str) else [action]
    return {
        "RuleArn": f"rule-{priority}",
        "Priority": str(priority),
        "Conditions": list(conditions),
        "Actions": actions,
        "IsDefault": default,
    }


def path(*patterns):
    return {"Field": "path-pattern", "PathPatternConfig": {"Values": list(patterns)}}


def host(*names):
    return {"Field": "host-header", "HostHeaderConfig": {"Values": list(names)}}


def alb(*rules, protocol="HTTP", port=80):
    return LoadBalancerState([{"ListenerArn": "l", "Port": port, "Protocol": protocol}], {"l": list(rules)})


def test_the_lowest_number_decides_and_not_the_order_of_creation():
    """Are rules tried by priority?"""
    state = alb(rule("default", "rest"), rule(20, "all", path("/*")), rule(3, "img", path("/img/*")))
    assert route(Request("http://h.example.com/img/1"), state).target_group_arn == "img"
    assert route(Request("http://h.example.com/x"), state).priority == "20"


def test_numbers_are_compared_as_numbers():
    """Is 9 before 10?"""
    state = alb(rule(10, "ten", path("/*")), rule(9, "nine", path("/*")), rule("default", "rest"))
    assert route(Request("http://h.example.com/"), state).target_group_arn == "nine"


def test_all_conditions_and_one_value_of_each():
    """Are values alternatives, and conditions not?"""
    state = alb(rule(1, "both", host("a.example.com", "b.example.com"), path("/api/*")), rule("default", "rest"))
    assert route(Request("http://b.example.com/api/1"), state).target_group_arn == "both"
    assert route(Request("http://b.example.com/web"), state).target_group_arn == "rest"
    assert route(Request("http://c.example.com/api/1"), state).target_group_arn == "rest"


def test_a_fixed_response():
    """Does the load balancer answer itself?"""
    answer = route(Request("http://h.example.com/"), alb(rule("default", FIXED)))
    assert (answer.action, answer.status, answer.body, answer.content_type) == (
        "fixed-response",
        404,
        "no",
        "text/plain",
    )


def test_no_listener_on_the_port_refuses():
    """Is a port without a listener, or with another protocol, closed?"""
    state = alb(rule("default", FIXED))
    assert route(Request("https://h.example.com/"), state).action == "refused"
    assert route(Request("http://h.example.com:8080/"), state).action == "refused"
    assert route(Request("http://h.example.com/"), alb(rule("default", FIXED), protocol="HTTPS")).action == "refused"


@pytest.mark.parametrize(
    ("config", "location"),
    [
        ({"Protocol": "HTTPS", "Port": "443"}, "https://example.com:443/a/b?x=1"),
        ({"Path": "/new/#{path}"}, "http://example.com:80/new/a/b?x=1"),
        ({"Host": "www.#{host}", "Query": "#{query}&y=2"}, "http://www.example.com:80/a/b?x=1&y=2"),
        ({"Host": "other.example.org", "Path": "/", "Query": ""}, "http://other.example.org:80/"),
        (
            {"Port": "8443", "Protocol": "HTTPS", "Path": "/#{host}/#{port}/#{protocol}"},
            "https://example.com:8443/example.com/80/http?x=1",
        ),
    ],
)
def test_redirects(config, location):
    """Does what is left out stay, and are the placeholders filled in?"""
    answer = {"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301", **config}}
    routed = route(Request("http://example.com/a/b?x=1"), alb(rule("default", answer)))
    assert (routed.status, routed.location) == (301, location)


def test_authentication_comes_before_what_follows():
    """Are actions done in their order?"""
    login = {"Type": "authenticate-oidc", "Order": 1}
    last = {"Type": "forward", "TargetGroupArn": "app", "Order": 2}
    one = {**rule("default", "app"), "Actions": [last, login]}
    routed = route(Request("https://h.example.com/"), alb(one, protocol="HTTPS", port=443))
    assert (routed.authentication, routed.target_group_arn) == ("authenticate-oidc", "app")


def weighted(**weights):
    groups = [{"TargetGroupArn": name, "Weight": weight} for name, weight in weights.items()]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}


def test_weights_share_the_requests():
    """Do 8 and 2 give four requests in five, repeatably, and 0 none?"""
    action = weighted(blue=8, green=2, idle=0)
    chosen = Counter(chosen_target_group(action, seed) for seed in range(2000))
    assert 0.77 < chosen["blue"] / 2000 < 0.83 and chosen["idle"] == 0
    assert chosen_target_group(action, 7) == chosen_target_group(action, 7)


def test_all_weights_zero_is_503():
    """Is there no target group left?"""
    routed = route(Request("http://h.example.com/"), alb(rule("default", weighted(blue=0))))
    assert (routed.target_group_arn, routed.status) == ("", 503)


@pytest.mark.parametrize("url", ["/img", "ftp://h/", "http://", ""])
def test_a_request_needs_a_whole_url(url):
    """Does a wrong URL raise at once?"""
    with pytest.raises(ValueError, match="absolute http"):
        Request(url)


def test_what_describe_rules_never_returns_raises():
    """Are a listener without default rule and a rule without action mistakes?"""
    with pytest.raises(ValueError, match="no default rule"):
        route(Request("http://h.example.com/x"), alb(rule(1, "a", path("/y"))))
    with pytest.raises(ValueError, match="nothing"):
        route(Request("http://h.example.com/x"), alb({**rule("default", "a"), "Actions": []}))


PATTERNS = st.lists(st.text("ab*?", max_size=4), min_size=1, max_size=3)
RULES = st.dictionaries(st.integers(1, 50_000), PATTERNS, max_size=6)


@settings(max_examples=80)
@given(RULES, st.text("ab", max_size=5), st.randoms())
def test_the_order_in_which_rules_are_listed_never_matters(rules, rest, random):
    """Is the decision that of the lowest priority among the rules that fit, however they are listed?"""
    made = [
        rule(priority, f"group-{priority}", path(*(f"/{one}" for one in found))) for priority, found in rules.items()
    ]
    made.append(rule("default", "rest"))
    request = Request(f"http://h.example.com/{rest}")
    first = route(request, alb(*made))
    random.shuffle(made)
    assert route(request, alb(*made)) == first
    if first.priority != "default":
        lower = [one for one in made if not one["IsDefault"] and int(one["Priority"]) < int(first.priority)]
        for one in lower:
            assert route(request, alb(one, rule("default", "rest"))).target_group_arn == "rest"


@settings(max_examples=60)
@given(st.text("abc/{}", max_size=12), st.text("ab=&{}", max_size=10))
def test_a_redirect_that_changes_only_the_protocol_keeps_everything_else(path, query):
    """Do path and query come through a redirect to HTTPS unchanged?"""
    request = Request(f"http://h.example.com/{path.lstrip('/')}?{query}")
    asked = f"{request.path}?{query}" if query else request.path
    assert redirect_location({"Protocol": "HTTPS", "Port": "443"}, request) == f"https://h.example.com:443{asked}"


def test_a_part_of_the_request_is_never_read_as_a_placeholder():
    """Does #{port} in the Host header stay as it is?"""
    request = Request("http://h.example.com/", headers={"Host": "#{port}"})
    assert redirect_location({"Path": "/#{host}"}, request) == "http://#{port}:80/#{port}"
