"""What a web ACL does with a request."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.serverless.web_acl import Request, evaluate


def rule(statement, priority=0, action="Block", labels=(), **more):
    made = {"Name": f"r{priority}", "Priority": priority, "Statement": statement, **more}
    if not more:
        made["Action"] = {action: {}}
    return made | {"RuleLabels": [{"Name": one} for one in labels]}


def acl(*rules, default="Allow"):
    return {"DefaultAction": {default: {}}, "Rules": list(rules)}


def match(text, where="STARTS_WITH", field=None, *transformations):
    return {
        "ByteMatchStatement": {
            "SearchString": text,
            "PositionalConstraint": where,
            "FieldToMatch": field or {"UriPath": {}},
            "TextTransformations": [{"Priority": n, "Type": one} for n, one in enumerate(transformations or ["NONE"])],
        }
    }


FRANCE = {"GeoMatchStatement": {"CountryCodes": ["FR"]}}
OFFICE = {"IPSetReferenceStatement": {"ARN": "office"}}
SETS = {"office": ["203.0.113.0/24"]}


def action(web_acl, request=None, **more):
    return evaluate(web_acl, request or Request(), **more).action


def test_the_lowest_priority_that_ends_decides():
    """Is the order that of the priorities, and does the default come last?"""
    web = acl(rule(match("/"), 1), rule(OFFICE, 0, "Allow"))
    found = evaluate(web, Request("/admin", ip="203.0.113.9"), ip_sets=SETS)
    assert (found.action, found.rule) == ("ALLOW", "r0")
    assert evaluate(web, Request("/admin"), ip_sets=SETS).rule == "r1"
    assert evaluate(acl(), Request()).rule == "" and action(acl(default="Block")) == "BLOCK"


@given(st.integers(0, 999))
def test_the_order_of_the_list_does_not_matter(seed):
    """Do shuffled rules give the same verdict?"""
    rules = [rule(match("/a"), 2, "Allow"), rule(FRANCE, 1), rule(OFFICE, 0, "Count")]
    mixed = Random(seed).sample(rules, 3)
    for request in (Request("/a", country="FR"), Request("/a", ip="203.0.113.1"), Request("/b")):
        assert evaluate(acl(*mixed), request, ip_sets=SETS) == evaluate(acl(*rules), request, ip_sets=SETS)


def test_counting_goes_on():
    """Does Count mark and not end, and can a later rule read its label?"""
    labelled = {"LabelMatchStatement": {"Scope": "LABEL", "Key": "france"}}
    web = acl(rule(FRANCE, 0, "Count", labels=["france"]), rule(labelled, 1))
    found = evaluate(web, Request(country="FR"))
    assert (found.action, found.rule, found.counted, found.labels) == ("BLOCK", "r1", ("r0",), ("france",))
    assert evaluate(web, Request()).counted == ()


@pytest.mark.parametrize(
    ("statement", "request_", "matches"),
    [
        (match("/admin"), Request("/admin/users"), True),
        (match("/admin", "EXACTLY"), Request("/admin/users"), False),
        (match("users", "ENDS_WITH"), Request("/admin/users"), True),
        (match("dmi", "CONTAINS"), Request("/admin"), True),
        (match("dmi", "CONTAINS_WORD"), Request("/admin"), False),
        (match(b"admin", "CONTAINS_WORD"), Request("/admin/x"), True),
        (match("/ADMIN"), Request("/admin"), False),
        (match("/admin", "EXACTLY", None, "URL_DECODE", "LOWERCASE"), Request("/%41DMIN"), True),
        (
            match("bot", "CONTAINS", {"SingleHeader": {"Name": "user-agent"}}),
            Request(headers={"User-Agent": "a bot"}),
            True,
        ),
        (match("bot", "CONTAINS", {"SingleHeader": {"Name": "user-agent"}}), Request(), False),
        (match("1", "EXACTLY", {"SingleQueryArgument": {"Name": "id"}}), Request(query="id=1&x=2"), True),
        (match("2", "EXACTLY", {"AllQueryArguments": {}}), Request(query="id=1&x=2"), True),
        (match("DELETE", "EXACTLY", {"Method": {}}), Request(method="DELETE"), True),
        (match("x", "CONTAINS", {"Cookies": {}}), Request(headers={"cookie": "a=x; b=y"}), True),
        ({"NotStatement": {"Statement": FRANCE}}, Request(country="DE"), True),
        ({"AndStatement": {"Statements": [FRANCE, match("/a")]}}, Request("/a", country="DE"), False),
        ({"OrStatement": {"Statements": [FRANCE, match("/a")]}}, Request("/a", country="DE"), True),
        ({"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "IP"}}, Request(rate=100), False),
        ({"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "IP"}}, Request(rate=101), True),
        (
            {"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "IP", "ScopeDownStatement": match("/login")}},
            Request("/", rate=500),
            False,
        ),
        (
            {"RegexMatchStatement": {"RegexString": r"^/v\d+/", "FieldToMatch": {"UriPath": {}}}},
            Request("/v12/x"),
            True,
        ),
        (
            {"SizeConstraintStatement": {"ComparisonOperator": "GT", "Size": 8, "FieldToMatch": {"Body": {}}}},
            Request(body="123456789"),
            True,
        ),
    ],
)
def test_statements(statement, request_, matches):
    """Does each statement match what AWS says, and nothing near it?"""
    assert (action(acl(rule(statement)), request_) == "BLOCK") is matches


def test_the_forwarded_address():
    """Is the first address of the header taken, and the fallback where there is none?"""
    forwarded = {"HeaderName": "X-Forwarded-For", "FallbackBehavior": "NO_MATCH", "Position": "FIRST"}
    web = acl(rule({"IPSetReferenceStatement": {"ARN": "office", "IPSetForwardedIPConfig": forwarded}}))
    behind = Request(ip="192.0.2.1", headers={"x-forwarded-for": "203.0.113.9, 10.0.0.1"})
    assert action(web, behind, ip_sets=SETS) == "BLOCK" and action(web, ip_sets=SETS) == "ALLOW"


def test_managed_groups_are_asked_for():
    """Does the caller say what a managed group matches, and does the override count only?"""
    group = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesSQLiRuleSet"}}
    attack = Request(query="id=1' or 1=1")

    def managed(name, request):
        return name == "AWSManagedRulesSQLiRuleSet" and "or 1=1" in request.query

    assert action(acl(rule(group, OverrideAction={"None": {}})), attack, managed=managed) == "BLOCK"
    found = evaluate(acl(rule(group, OverrideAction={"Count": {}})), attack, managed=managed)
    assert (found.action, found.counted) == ("ALLOW", ("r0",))
    assert action(acl(rule(group, OverrideAction={"None": {}})), attack) == "ALLOW"


def test_what_is_not_modelled_says_so():
    """Is nobody told that a request is harmless when it was not looked at?"""
    xss = {"XssMatchStatement": {"FieldToMatch": {"Body": {}}, "TextTransformations": []}}
    with pytest.raises(ValueError, match="XssMatchStatement is not modelled"):
        evaluate(acl(rule(xss)), Request())
    with pytest.raises(ValueError, match="CMD_LINE is not modelled"):
        evaluate(acl(rule(match("a", "CONTAINS", None, "CMD_LINE"))), Request())
    with pytest.raises(ValueError, match="JA3Fingerprint is not modelled"):
        evaluate(acl(rule(match("a", "CONTAINS", {"JA3Fingerprint": {}}))), Request())
