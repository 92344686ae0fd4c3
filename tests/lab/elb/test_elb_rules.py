"""Rules: priorities, conditions, limits."""

import pytest

OK = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}


@pytest.fixture
def web(balancer, listener):
    return listener(balancer())


@pytest.fixture
def rule(elb, web):
    """Create a rule and give its ARN."""

    def rule(priority=10, *conditions, **more):
        conditions = list(conditions) or [path("/a")]
        given = {"ListenerArn": web, "Priority": priority, "Conditions": conditions, "Actions": [OK], **more}
        return elb.create_rule(**given)["Rules"][0]["RuleArn"]

    return rule


@pytest.fixture
def no(elb, web, refused):
    """A rule that must be refused with these words."""

    def no(*conditions, code="ValidationError", words=(), **more):
        given = {"ListenerArn": web, "Priority": 10, "Conditions": list(conditions), "Actions": [OK], **more}
        refused(elb.create_rule, code, *words, **given)

    return no


def path(*values):
    return {"Field": "path-pattern", "PathPatternConfig": {"Values": list(values)}}


def host(*values):
    return {"Field": "host-header", "HostHeaderConfig": {"Values": list(values)}}


def header(name, *values):
    return {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": name, "Values": list(values)}}


def query(*pairs):
    return {"Field": "query-string", "QueryStringConfig": {"Values": list(pairs)}}


def method(*values):
    return {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": list(values)}}


def source(*values):
    return {"Field": "source-ip", "SourceIpConfig": {"Values": list(values)}}


def test_priorities(elb, rule, no):
    """Are priorities 1 to 50,000, each once in a listener?"""
    no(path("/a"), Priority=50001, words=["50001", "less than or equal to 50000"])
    rule(50000)
    rule(1)
    no(path("/b"), Priority=1, code="PriorityInUse", words=["'1'"])


def test_five_values(rule, no):
    """Has a rule at most five values, over all its conditions?"""
    no(path("/1", "/2", "/3", "/4", "/5", "/6"), words=["5", "condition values"])
    no(path("/1", "/2", "/3"), host("a.example.com", "b.example.com", "c.example.com"), words=["condition values"])
    rule(1, path("/1", "/2", "/3"), host("a.example.com", "b.example.com"))


def test_five_wildcards(rule, no):
    """Has a rule at most five wildcards, over all its conditions?"""
    no(path("/*/*/*", "/???"), words=["5", "wildcards"])
    no(path("/a*b*c*"), header("Agent", "*x*y*"), words=["wildcards"])
    rule(1, path("/*/*/*", "/??"))
    rule(2, query({"Key": "a", "Value": "\\*\\*\\*\\*\\*\\*"}))


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ([], "condition must be specified"),
        ([{"Field": "cookie", "Values": ["a"]}], "'cookie' must be one of"),
        ([path("/a"), path("/b")], "one 'path-pattern'"),
        ([{"Field": "path-pattern", "Values": ["/a", "/b"]}], "limit is '1'"),
        ([{"Field": "path-pattern", "Values": ["/a"], "PathPatternConfig": {"Values": ["/b"]}}], "both"),
        ([{"Field": "path-pattern"}], "value must be specified"),
        ([{"Field": "path-pattern", "HostHeaderConfig": {"Values": ["a.b"]}}], "not compatible"),
        ([{"Field": "source-ip", "Values": ["10.0.0.0/8"]}], "not compatible"),
        ([{"Field": "http-header"}], "HttpHeaderConfig"),
        ([path("/" + "a" * 128)], "limit is '128'"),
        ([path("/a b")], "/a b"),
        ([path("/a#b")], "/a#b"),
        ([host("localhost")], "localhost"),
        ([host("a_b.example.com")], "a_b"),
        ([host("example.c0m")], "c0m"),
        ([header("H" * 41, "a")], "limit is '40'"),
        ([header("Host", "a")], "host-header"),
        ([header("X Y", "a")], "X Y"),
        ([method("get")], "get"),
        ([method("GET*")], "GET*"),
        ([source("10.0.0.1")], "CIDR"),
        ([source("10.0.0.0/33")], "CIDR"),
        ([source("10.0.0.*/24")], "CIDR"),
        ([source("255.255.255.255/32")], "CIDR"),
        ([query({"Key": "a"})], "Value"),
        ([query({"Value": "a" * 129})], "128"),
    ],
)
def test_conditions_that_are_refused(no, conditions, words):
    """Are fields, spelling and lengths those of AWS?"""
    no(*conditions, words=[words])


@pytest.mark.parametrize(
    "conditions",
    [
        [{"Field": "path-pattern", "Values": ["/img/*"]}],
        [path("/~user/$1&\"x\"'y'@:+.html")],
        [host("*.example.com")],
        [header("X-Version", "v1", "v2"), header("X-Client", "ios")],
        [query({"Key": "v", "Value": "1"}), query({"Value": "x"})],
        [method("GET", "HEAD")],
        [source("192.0.2.0/24", "2001:db8::/32")],
        [{"Field": "path-pattern", "PathPatternConfig": {"RegexValues": ["^/v[0-9]+/"]}}],
    ],
)
def test_conditions_that_are_legal(elb, web, rule, conditions):
    """Are they shown as they were given?"""
    arn = rule(10, *conditions)
    assert elb.describe_rules(RuleArns=[arn])["Rules"][0]["Conditions"] == conditions


def test_a_hundred_rules(elb, balancer, listener, web, no):
    """Has an ALB at most 100 rules on all its listeners, without the default ones?"""
    arn = elb.describe_listeners(ListenerArns=[web])["Listeners"][0]["LoadBalancerArn"]
    other = listener(arn, Port=8080)
    for n in range(1, 101):
        where = web if n % 2 else other
        elb.create_rule(ListenerArn=where, Priority=n, Conditions=[path("/a")], Actions=[OK])
    no(path("/a"), Priority=999, code="TooManyRules", words=["100"])
    elb.delete_rule(RuleArn=elb.describe_rules(ListenerArn=other)["Rules"][0]["RuleArn"])
    elb.create_rule(ListenerArn=web, Priority=999, Conditions=[path("/a")], Actions=[OK])


def test_what_a_rule_needs(elb, balancer, listener, target_group, web, no, refused):
    """Must the listener exist, on an ALB, and the actions be possible?"""
    no(path("/a"), ListenerArn=web[:-4] + "0000", code="ListenerNotFound")
    nlb = listener(balancer("nlb", Type="network"), target_group("tcp", Protocol="TCP"), Protocol="TCP")
    no(path("/a"), ListenerArn=nlb, code="UnsupportedProtocol")
    forward = [{"Type": "forward", "TargetGroupArn": target_group("two", Protocol="TCP")}]
    no(path("/a"), Actions=forward, code="IncompatibleProtocols")
    loop = [{"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_302", "Query": "a=b"}}]
    no(path("/a"), Actions=loop, code="InvalidLoadBalancerAction", words=["loop"])


def test_changing_a_rule(elb, rule, refused):
    """Do the rules of a new rule hold for a changed one?"""
    arn = rule()
    change = elb.modify_rule
    refused(change, "ValidationError", "values", RuleArn=arn, Conditions=[path(*(f"/{n}" for n in range(6)))])
    refused(change, "ValidationError", "Either", RuleArn=arn)
    refused(change, "RuleNotFound", RuleArn=arn[:-4] + "0000", Conditions=[path("/b")])
    assert change(RuleArn=arn, Conditions=[path("/b")])["Rules"][0]["Conditions"] == [path("/b")]


def test_the_default_rule_stays(elb, web, rule, refused):
    """Is a default rule neither deleted, changed nor numbered, and an unknown one not found?"""
    (default,) = [one["RuleArn"] for one in elb.describe_rules(ListenerArn=web)["Rules"]]
    refused(elb.delete_rule, "OperationNotPermitted", default, RuleArn=default)
    refused(elb.modify_rule, "OperationNotPermitted", default, RuleArn=default, Conditions=[path("/b")])
    refused(elb.set_rule_priorities, "OperationNotPermitted", RulePriorities=[{"RuleArn": default, "Priority": 1}])
    refused(elb.delete_rule, "RuleNotFound", RuleArn=default[:-4] + "0000")
    elb.delete_rule(RuleArn=rule())


def test_two_rules_change_places(elb, web, rule, refused):
    """Are priorities set all at once?"""
    first, second, third = rule(1), rule(2), rule(3)
    order = lambda **places: [{"RuleArn": arn, "Priority": n} for arn, n in places["of"]]
    change = elb.set_rule_priorities
    refused(change, "PriorityInUse", "'3'", RulePriorities=order(of=[(first, 3)]))
    refused(change, "ValidationError", 50001, RulePriorities=order(of=[(first, 50001)]))
    change(RulePriorities=order(of=[(first, 2), (second, 1)]))
    shown = {one["RuleArn"]: one["Priority"] for one in elb.describe_rules(ListenerArn=web)["Rules"]}
    assert (shown[first], shown[second], shown[third]) == ("2", "1", "3")


def test_the_router_reads_the_rules_of_the_account(elb, web, rule, target_group):
    """Does a request walk the rules that boto3 made?"""
    from course.elb.router import Request, read, route

    group = target_group()
    forward = [{"Type": "forward", "TargetGroupArn": group}]
    rule(20, path("/img/*"), Actions=forward)
    rule(10, query({"Key": "beta", "Value": "*"}), path("/img/*"))
    arn = elb.describe_listeners(ListenerArns=[web])["Listeners"][0]["LoadBalancerArn"]
    state = read(elb, arn)
    assert route(Request("http://shop.example.com/img/1.png"), state).target_group_arn == group
    assert route(Request("http://shop.example.com/img/1.png?beta=1"), state).action == "fixed-response"
    assert route(Request("http://shop.example.com/"), state).priority == "default"
