"""Filter policies: which JSON is one, and what they let through."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from messaging import ACCOUNT

from course.lab.sns.filter_policies import combinations, problem
from course.lab.sns.filtering import accepts

QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ("a", '"key" must be an object or an array'),
        ([], "Empty arrays"),
        ([["a"]], "Match value must be String, number, true, false, or null"),
        ([{"wrong-operator": True}], "Unrecognized match type wrong-operator"),
        ([{"suffix": "a", "prefix": "b"}], "Only one key allowed in match expression"),
        ([{"suffix": 100}], "suffix match pattern must be a string"),
        ([{"prefix": None}], "prefix match pattern must be a string"),
        ({"suffix": "a"}, '"suffix" must be an object or an array'),
        ([{"exists": "no"}], "exists match pattern must be either true or false"),
        ([{"numeric": []}], "Invalid member in numeric match: ]"),
        ([{"numeric": ["operator"]}], "Unrecognized numeric range operator: operator"),
        ([{"numeric": [1, "<="]}], "Invalid member in numeric match: 1"),
        ([{"numeric": ["=", "000"]}], "Value of equals must be numeric"),
        ([{"numeric": [">="]}], "Value of >= must be numeric"),
        ([{"numeric": ["<", 100, ">", 10]}], "Too many elements in numeric expression"),
        ([{"numeric": [">=", 1, ">", 2]}], "Bad numeric range operator: >"),
        ([{"numeric": [">", 3, "<", 1]}], "Bottom must be less than top"),
        ([{"numeric": [">", 20, "<="]}], "Value of <= must be numeric"),
        ([{"numeric": [">", 20, 30]}], "Bad value in numeric range: 30"),
        ([{"numeric": [">", 20, "<", 30, "<", 50]}], "Too many terms in numeric range expression"),
        ([1_000_000_001], "outside"),
        ([{"cidr": "home"}], "CIDR"),
        ([{"anything-but": []}], "anything-but"),
        ([{"anything-but": {"numeric": ["=", 1]}}], "anything-but"),
        (list(range(151)), "Filter policy is too complex"),
    ],
)
def test_what_is_no_filter_policy(sns, refused, rules, words):
    """Is each way to get it wrong refused with AWS's reason?"""
    topic = sns.create_topic(Name="t")["TopicArn"]
    call = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": QUEUE}
    text = json.dumps({"key": rules})
    refused(sns.subscribe, "InvalidParameter", words, **call, Attributes={"FilterPolicy": text})


@pytest.mark.parametrize(
    "rules",
    [
        ["a", 1, 1.5, True, None],
        [{"exists": False}],
        [{"prefix": "a"}, {"suffix": "b"}, {"equals-ignore-case": "C"}, {"cidr": "10.0.0.0/8"}],
        [{"anything-but": ["a", 1]}, {"anything-but": "a"}, {"anything-but": {"prefix": "a"}}],
        [{"numeric": [">", 0, "<=", 100]}, {"numeric": ["=", 3.015]}],
        list(range(150)),
        [-1_000_000_000, 1_000_000_000],
    ],
)
def test_what_is_one(sns, rules):
    """Are all operators taken?"""
    topic = sns.create_topic(Name="t")["TopicArn"]
    text = json.dumps({"key": rules})
    arn = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE, Attributes={"FilterPolicy": text})[
        "SubscriptionArn"
    ]
    shown = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert (shown["FilterPolicy"], shown["FilterPolicyScope"]) == (text, "MessageAttributes")
    sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue="")
    assert "FilterPolicy" not in sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]


def test_five_keys_and_150_combinations():
    """Are the limits AWS's, with nested keys and $or?"""
    assert problem(json.dumps({str(n): ["a"] for n in range(5)})) == ""
    assert "more than 5 keys" in problem(json.dumps({str(n): ["a"] for n in range(6)}))
    # AWS's own example: 4 values three deep times 3 values two deep is 4 x 3 x 3 x 2 = 72.
    nested = {"a": {"b": {"c": [1, 2, 3, 4]}}, "d": {"e": [1, 2, 3]}}
    assert combinations(nested) == 72
    assert combinations({"$or": [{"a": [1, 2]}, {"b": [1, 2, 3]}], "c": [1, 2]}) == 10


def test_nested_keys_are_for_message_bodies(sns, refused):
    """Is nesting refused for attributes, also when the scope changes later?"""
    topic = sns.create_topic(Name="t")["TopicArn"]
    call = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": QUEUE}
    nested = {"FilterPolicy": '{"a":{"b":["c"]}}'}
    words = "Filter policy scope MessageAttributes does not support nested filter policy"
    refused(sns.subscribe, "InvalidParameter", words, **call, Attributes=nested)
    body = {**nested, "FilterPolicyScope": "MessageBody"}
    arn = sns.subscribe(**call, Attributes=body)["SubscriptionArn"]
    back = {"SubscriptionArn": arn, "AttributeName": "FilterPolicyScope", "AttributeValue": "MessageAttributes"}
    refused(sns.set_subscription_attributes, "InvalidParameter", words, **back)


def attribute(given, kind="String"):
    return {"key": {"Type": kind, "Value": given}}


SPORTS = attribute('["rugby", "tennis", 5, true, null]', "String.Array")


@pytest.mark.parametrize(
    ("rules", "attributes", "through"),
    [
        (["rugby", "tennis"], attribute("rugby"), True),
        (["rugby"], attribute("baseball"), False),
        (["rugby"], {}, False),
        (["tennis"], SPORTS, True),
        ([5], SPORTS, True),
        ([True], SPORTS, True),
        ([None], SPORTS, True),
        ([1], SPORTS, False),
        ([3.015], attribute("3.015", "Number"), True),
        (["3.015"], attribute("3.015", "Number"), False),
        ([{"numeric": [">", 0, "<=", 150]}], attribute("150", "Number"), True),
        ([{"numeric": [">", 0, "<", 150]}], attribute("150", "Number"), False),
        ([{"numeric": ["=", 300]}], attribute("3e2", "Number"), True),
        ([{"prefix": "bas"}], attribute("baseball"), True),
        ([{"suffix": "ball"}], attribute("baseball"), True),
        ([{"equals-ignore-case": "Tennis"}], attribute("TENNIS"), True),
        ([{"cidr": "10.0.0.0/24"}], attribute("10.0.0.255"), True),
        ([{"cidr": "10.0.0.0/24"}], attribute("10.1.1.0"), False),
        ([{"wildcard": "b*ball"}], attribute("baseball"), True),
        ([{"anything-but": ["rugby", "tennis"]}], attribute("rugby"), False),
        ([{"anything-but": ["rugby", "tennis"]}], attribute("baseball"), True),
        ([{"anything-but": ["rugby"]}], SPORTS, True),
        ([{"anything-but": [100, 500]}], attribute("101", "Number"), True),
        ([{"anything-but": [100, 500]}], attribute("100.0", "Number"), False),
        ([{"anything-but": {"prefix": "order-"}}], attribute("order-entered"), False),
        ([{"anything-but": {"suffix": "ball"}}], attribute("rugby"), True),
        ([{"anything-but": "rugby"}], {}, False),
        ([{"exists": True}], attribute("x"), True),
        ([{"exists": False}], attribute("x"), False),
        ([{"exists": False}], {}, True),
        (["x"], attribute("eA==", "Binary"), False),
    ],
)
def test_what_a_filter_of_attributes_lets_through(rules, attributes, through):
    """Does every operator match as AWS's guide says?"""
    assert accepts({"key": rules}, "MessageAttributes", attributes, "x") == through


@pytest.mark.parametrize(
    ("policy", "body", "through"),
    [
        ({"store": ["a"], "price": [{"numeric": [">=", 100]}]}, {"store": "a", "price": 100}, True),
        ({"store": ["a"], "price": [{"numeric": [">=", 100]}]}, {"store": "a", "price": 99}, False),
        ({"customer": {"sport": ["rugby"]}}, {"customer": {"sport": ["rugby", "golf"]}}, True),
        ({"Records": {"s3": {"key": [{"prefix": "in/"}]}}}, {"Records": [{"s3": {"key": "in/x"}}]}, True),
        ({"a": [None]}, {"a": None}, True),
        ({"a": ["1"]}, {"a": 1}, False),
        ({"a": {"b": [{"exists": False}]}}, {}, True),
        ({"$or": [{"a": ["x"]}, {"b": ["y"]}]}, {"b": "y"}, True),
        ({"$or": [{"a": ["x"]}, {"b": ["y"]}]}, {"a": "y"}, False),
        ({"a": ["x"]}, ["x"], False),
    ],
)
def test_what_a_filter_of_bodies_lets_through(policy, body, through):
    """Are JSON bodies looked through, nested and in lists?"""
    assert accepts(policy, "MessageBody", {}, json.dumps(body)) == through


def test_a_body_that_is_no_json_does_not_pass():
    """Is plain text held back, whatever the policy?"""
    assert not accepts({"a": [{"exists": False}]}, "MessageBody", {}, "plain text")


@given(st.text(max_size=5), st.lists(st.text(max_size=5), min_size=1, max_size=4))
def test_anything_but_is_the_opposite_of_exact(seen, wanted):
    """Does one of the two let every text through, and never both?"""
    attributes = attribute(seen)
    exact = accepts({"key": wanted}, "MessageAttributes", attributes, "x")
    assert exact != accepts({"key": [{"anything-but": wanted}]}, "MessageAttributes", attributes, "x")
    assert exact == (seen in wanted)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=3), one, max_size=3),
    )
)
def test_any_json_gets_a_sentence_or_filters(found):
    """Is no JSON whatsoever answered with a traceback?"""
    for scope in ("MessageAttributes", "MessageBody"):
        if problem(json.dumps(found), scope) == "":
            accepts(found, scope, attribute("x"), '{"a": [1, {"b": null}]}')
