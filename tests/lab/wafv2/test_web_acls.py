"""Web ACLs: rules, capacity, scopes, sets and associations."""

import boto3
import pytest

SEEN = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
PATH = {"FieldToMatch": {"UriPath": {}}, "TextTransformations": [{"Priority": 0, "Type": "NONE"}]}
GEO = {"GeoMatchStatement": {"CountryCodes": ["FR"]}}
COMMON = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}
RATE = {"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "IP"}}


def rule(statement=GEO, priority=0, name=None, **more):
    more = more or {"Action": {"Block": {}}}
    return {
        "Name": name or f"r{priority}",
        "Priority": priority,
        "Statement": statement,
        "VisibilityConfig": SEEN,
        **more,
    }


def admin(where="STARTS_WITH", **more):
    return {"ByteMatchStatement": {"SearchString": b"/admin", "PositionalConstraint": where, **PATH, **more}}


@pytest.fixture
def waf(_fresh):
    return boto3.client("wafv2")


def acl(*rules, name="acl", **more):
    """Of create_web_acl."""
    given = {"Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "VisibilityConfig": SEEN, **more}
    return {"Name": name, "Rules": list(rules), **given}


def custom(**more):
    return {"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "IP", **more}}


REFUSED = {
    "a priority twice": ([rule(), rule(name="other")], "You have a duplicate priority. Priorities must be unique."),
    "a name twice": ([rule(), rule(priority=1, name="r0")], "duplicated some of the information"),
    "no action": ([{key: one for key, one in rule().items() if key != "Action"}], "none or multiple values"),
    "two actions": ([rule(Action={"Block": {}, "Count": {}})], "none or multiple values"),
    "an override of one's own rule": ([rule(OverrideAction={"None": {}})], "none or multiple values"),
    "an action of a managed group": ([rule(COMMON)], "A reference in your rule statement is not valid."),
    "two statements": ([rule({**GEO, **admin()})], "none or multiple values", "STATEMENT"),
    "no statement": ([rule({})], "none or multiple values", "STATEMENT"),
    "and of one": ([rule({"AndStatement": {"Statements": [GEO]}})], "minimum requirement"),
    "a nested rate": ([rule({"NotStatement": {"Statement": RATE}})], "is not valid"),
    "an allowing rate": ([rule(RATE, Action={"Allow": {}})], "The parameter value isn't supported."),
    "a window of 30 seconds": ([rule(custom(EvaluationWindowSec=30))], "isn't supported", "30"),
    "a rate of nobody": ([rule(custom(AggregateKeyType="FORWARDED_IP"))], "required field is missing"),
    "a country in words": ([rule({"GeoMatchStatement": {"CountryCodes": ["fr"]}})], "isn't supported", "fr"),
    "two fields": ([rule(admin(FieldToMatch={"UriPath": {}, "Method": {}}))], "FIELD_TO_MATCH"),
}


@pytest.mark.parametrize("which", REFUSED)
def test_an_impossible_rule_is_refused(refused, waf, which):
    """Does WAFInvalidParameterException name reason and field, for web ACLs, rule groups and CheckCapacity?"""
    rules, *words = REFUSED[which]
    words = ["Error reason: ", *words]
    refused(waf.create_web_acl, "WAFInvalidParameterException", *words, **acl(*rules))
    refused(waf.check_capacity, "WAFInvalidParameterException", *words, Scope="REGIONAL", Rules=rules)
    made = waf.create_web_acl(**acl(rule()))["Summary"]
    update = {**acl(*rules), "Id": made["Id"], "LockToken": made["LockToken"]}
    refused(waf.update_web_acl, "WAFInvalidParameterException", *words, **update)


def test_what_a_web_acl_is(refused, waf):
    """One default action, one name, a scope that there is, and managed groups and sets that exist."""
    parameter = "WAFInvalidParameterException"
    refused(waf.create_web_acl, parameter, "none or multiple values", **acl(DefaultAction={"Allow": {}, "Block": {}}))
    elsewhere = boto3.client("wafv2", region_name="eu-west-1")
    refused(elsewhere.create_web_acl, parameter, "field: SCOPE_VALUE, parameter: CLOUDFRONT", **acl(Scope="CLOUDFRONT"))
    unknown = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesNothing"}}
    missing = "WAFNonexistentItemException"
    refused(waf.create_web_acl, missing, **acl(rule(unknown, OverrideAction={"None": {}})))
    arn = "arn:aws:wafv2:us-east-1:123456789012:regional/ipset/x/1"
    refused(waf.create_web_acl, missing, **acl(rule({"IPSetReferenceStatement": {"ARN": arn}})))
    waf.create_web_acl(**acl(rule(COMMON, OverrideAction={"None": {}}), rule(RATE, 1, Action={"Block": {}})))
    refused(waf.create_web_acl, "WAFDuplicateItemException", **acl())
    waf.create_web_acl(**acl(Scope="CLOUDFRONT"))


@pytest.mark.parametrize(
    ("rules", "units"),
    [
        ([rule(GEO)], 1),
        ([rule(admin())], 2),
        ([rule(admin("CONTAINS"))], 10),
        ([rule(admin(TextTransformations=[{"Priority": 0, "Type": "LOWERCASE"}]))], 12),
        ([rule(COMMON, OverrideAction={"None": {}})], 700),
        ([rule(RATE)], 2),
        ([rule({"AndStatement": {"Statements": [GEO, {"NotStatement": {"Statement": admin()}}]}})], 3),
        ([rule(RATE), rule(custom(ScopeDownStatement=admin()), 1)], 6),
        ([rule(RuleLabels=[{"Name": "x"}], Action={"Count": {}})], 2),
    ],
)
def test_capacity_units(waf, rules, units):
    """Does CheckCapacity count as AWS's table, and does the web ACL show it?"""
    assert waf.check_capacity(Scope="REGIONAL", Rules=rules)["Capacity"] == units
    made = waf.create_web_acl(**acl(*rules))["Summary"]
    assert waf.get_web_acl(Name="acl", Scope="REGIONAL", Id=made["Id"])["WebACL"]["Capacity"] == units


def test_capacity_is_limited(refused, waf):
    """Are a rule group's capacity and a web ACL's 5,000 units kept?"""
    group = {"Name": "g", "Scope": "REGIONAL", "VisibilityConfig": SEEN}
    refused(waf.create_rule_group, "WAFLimitsExceededException", Capacity=1, Rules=[rule(admin())], **group)
    waf.create_rule_group(Capacity=2, Rules=[rule(admin())], **group)
    many = [rule(COMMON, n, OverrideAction={"None": {}}) for n in range(8)]
    refused(waf.create_web_acl, "WAFLimitsExceededException", "capacity", **acl(*many))


def test_rate_based_rules_are_few(refused, waf):
    """May a web ACL have ten of them, and a rule group four?"""
    rates = [rule(RATE, n) for n in range(11)]
    refused(waf.create_web_acl, "WAFLimitsExceededException", "in a web ACL is 10", **acl(*rates))
    waf.create_web_acl(**acl(*rates[:10]))
    group = {"Name": "rates", "Scope": "REGIONAL", "VisibilityConfig": SEEN, "Capacity": 100}
    refused(waf.create_rule_group, "WAFLimitsExceededException", "in a rule group is 4", Rules=rates[:5], **group)
    waf.create_rule_group(Rules=rates[:4], **group)


def test_changes_need_the_lock_token(refused, waf):
    """Is an old token refused, and does an update without rules leave none?"""
    made = waf.create_web_acl(**acl(rule()))["Summary"]
    update = {**acl(), "Id": made["Id"]}
    token = waf.update_web_acl(LockToken=made["LockToken"], **update)["NextLockToken"]
    assert waf.get_web_acl(Name="acl", Scope="REGIONAL", Id=made["Id"])["WebACL"]["Rules"] == []
    refused(waf.update_web_acl, "WAFOptimisticLockException", LockToken=made["LockToken"], **update)
    one = {"Name": "acl", "Scope": "REGIONAL", "Id": made["Id"]}
    refused(waf.delete_web_acl, "WAFOptimisticLockException", LockToken=made["LockToken"], **one)
    waf.delete_web_acl(LockToken=token, **one)


@pytest.mark.parametrize(
    "address", ["192.0.2.44", "192.0.2.44/24", "0.0.0.0/0", "192.0.2.0/33", "2001:db8::/32", "home"]
)
def test_addresses_of_an_ip_set(refused, waf, address):
    """Are networks written as networks, of the version of the set?"""
    given = {"Name": "s", "Scope": "REGIONAL", "IPAddressVersion": "IPV4"}
    refused(waf.create_ip_set, "WAFInvalidParameterException", address, Addresses=[address], **given)
    waf.create_ip_set(Addresses=["192.0.2.0/24", "203.0.113.9/32"], **given)


def test_a_set_in_use_stays(refused, waf):
    """Is an IP set kept as long as a rule names it?"""
    made = waf.create_ip_set(Name="s", Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=["192.0.2.0/24"])["Summary"]
    refused(
        waf.create_ip_set,
        "WAFDuplicateItemException",
        Name="s",
        Scope="REGIONAL",
        IPAddressVersion="IPV4",
        Addresses=[],
    )
    web = waf.create_web_acl(**acl(rule({"IPSetReferenceStatement": {"ARN": made["ARN"]}})))["Summary"]
    one = {"Name": "s", "Scope": "REGIONAL", "Id": made["Id"], "LockToken": made["LockToken"]}
    refused(waf.delete_ip_set, "WAFAssociatedItemException", **one)
    waf.delete_web_acl(Name="acl", Scope="REGIONAL", Id=web["Id"], LockToken=web["LockToken"])
    waf.delete_ip_set(**one)


def test_associations(refused, waf, balancer):
    """Does an ALB have one web ACL, which then stays, and what has none?"""
    alb, nlb = balancer(), balancer("net", Type="network")
    first, second = (waf.create_web_acl(**acl(name=one))["Summary"] for one in ("one", "two"))
    parameter = "WAFInvalidParameterException"
    http_api = "arn:aws:apigateway:us-east-1::/apis/a1/stages/dev"
    for wrong in (nlb, http_api):
        refused(waf.associate_web_acl, parameter, "The ARN isn't valid.", WebACLArn=first["ARN"], ResourceArn=wrong)
    missing = alb.replace("/web/", "/none/")
    refused(waf.associate_web_acl, "WAFNonexistentItemException", WebACLArn=first["ARN"], ResourceArn=missing)
    front = waf.create_web_acl(**acl(Scope="CLOUDFRONT"))["Summary"]["ARN"]
    refused(waf.associate_web_acl, parameter, WebACLArn=front, ResourceArn=alb)
    for web in (first, second):
        waf.associate_web_acl(WebACLArn=web["ARN"], ResourceArn=alb)
    assert waf.get_web_acl_for_resource(ResourceArn=alb)["WebACL"]["Name"] == "two"
    token = {"Scope": "REGIONAL", "Id": second["Id"], "LockToken": second["LockToken"]}
    refused(waf.delete_web_acl, "WAFAssociatedItemException", "associated", Name="two", **token)
    waf.disassociate_web_acl(ResourceArn=alb)
    waf.delete_web_acl(Name="two", **token)


def test_country_codes(waf, refused):
    """Is a country one of AWS WAF's?"""
    bad = acl(rule({"GeoMatchStatement": {"CountryCodes": ["ZZ"]}}))
    refused(waf.create_web_acl, "WAFInvalidParameterException", "GEO_MATCH_STATEMENT", "ZZ", **bad)
    waf.create_web_acl(**acl(rule({"GeoMatchStatement": {"CountryCodes": ["XK"]}})))


def test_what_a_web_acl_protects(waf, balancer, refused):
    """Does a web ACL list its resources of one type, load balancers by default?"""
    arn = waf.create_web_acl(**acl())["Summary"]["ARN"]
    web = balancer()
    waf.associate_web_acl(WebACLArn=arn, ResourceArn=web)
    assert waf.list_resources_for_web_acl(WebACLArn=arn)["ResourceArns"] == [web]
    assert waf.list_resources_for_web_acl(WebACLArn=arn, ResourceType="API_GATEWAY")["ResourceArns"] == []
    refused(waf.list_resources_for_web_acl, "WAFNonexistentItemException", WebACLArn=arn.replace("acl", "no"))
