"""The parts of the engine that need no account: order, functions, values, schemas."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.lab.cloudformation import references, schemas
from course.lab.cloudformation.parameters import is_number
from course.lab.cloudformation.properties import problems
from course.lab.cloudformation.resolver import Resolver
from course.lab.cloudformation.resource_types.resource import changed_properties, differs
from course.lab.cloudformation.template_text import Invalid, parse

NAMES = st.sampled_from("ABCDEF")


def template(edges):
    resources = {name: {"Type": "AWS::SQS::Queue", "DependsOn": []} for name in "ABCDEF"}
    for one, other in edges:
        resources[one]["DependsOn"].append(other)
    return resources


@given(st.lists(st.tuples(NAMES, NAMES), max_size=12))
def test_order(edges):
    """Does everything come after what it depends on, unless that is impossible?"""
    resources = template(edges)
    try:
        order = references.order(resources)
    except Invalid as wrong:
        circle = str(wrong).partition("[")[2].rstrip("]").split(", ")
        # Every one of them depends on another of them, so none could be the first.
        assert circle and all(set(resources[one]["DependsOn"]) & set(circle) for one in circle)
        return
    assert sorted(order) == sorted(resources)
    assert all(order.index(other) < order.index(one) for one, other in edges)


def resolver(parameters=None):
    return Resolver({}, parameters or {}, {}, *[lambda *_: ""] * 4)


@given(st.lists(st.text("abc", max_size=3), min_size=1), st.sampled_from("-,|"))
def test_join_and_split(words, between):
    """Is a list that is joined and split the same list?"""
    joined = {"Fn::Join": [between, words]}
    assert resolver()({"Fn::Split": [between, joined]}) == words


@given(st.text(st.characters(exclude_characters="$", exclude_categories=["Cs"])), st.text("xyz$"))
def test_sub(text, value):
    """Does Fn::Sub change nothing but its variables?"""
    assert resolver({"Name": value})({"Fn::Sub": text + "${Name}" + text}) == text + value + text
    assert resolver()({"Fn::Sub": text + "${!Name}"}) == text + "${Name}"


values = st.recursive(
    st.one_of(st.text("ab ", max_size=4), st.integers(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text("kl", min_size=1, max_size=3), inner, max_size=3)),
)  # fmt: skip


@given(st.dictionaries(st.text("kl", min_size=1, max_size=3), values, max_size=4), values)
def test_differs(properties, other):
    """Is a value the same as itself, and as itself written in text?"""
    assert changed_properties(properties, json.loads(json.dumps(properties))) == []
    assert differs(properties, {**properties, "more": other})
    assert not differs(80, "80") and not differs(True, "true") and differs(80, "81") and differs([1], [1, 2])


@given(st.dictionaries(st.from_regex("[A-Z][a-z]{0,5}", fullmatch=True), values, min_size=1, max_size=4))
def test_json_is_read_as_it_is(properties):
    """Is JSON the same template as the YAML that it also is?"""
    body = {"Resources": properties}
    assert parse(json.dumps(body)) == body
    assert parse("# YAML\n" + json.dumps(body)) == body


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A: !Ref B", {"Ref": "B"}),
        ("A: !GetAtt B.C.D", {"Fn::GetAtt": ["B", "C.D"]}),
        ("A: !GetAtt [B, C]", {"Fn::GetAtt": ["B", "C"]}),
        ("A: !Sub 'x-${B}'", {"Fn::Sub": "x-${B}"}),
        ("A: !If [B, !Ref C, !Ref AWS::NoValue]", {"Fn::If": ["B", {"Ref": "C"}, {"Ref": "AWS::NoValue"}]}),
        ("A: !Condition B", {"Condition": "B"}),
        ("A: !Join ['', [a, !ImportValue b]]", {"Fn::Join": ["", ["a", {"Fn::ImportValue": "b"}]]}),
        ("A: 2012-10-17", "2012-10-17"),
        ("A: 0.5", 0.5),
        ("A: yes", True),
        ("A: '0123'", "0123"),
    ],
)
def test_short_forms(text, value):
    """What do the short forms of YAML stand for?"""
    assert parse(text) == {"A": value}


@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)))
def test_numbers(number):
    """Is every number a number?"""
    assert is_number(repr(number))
    assert not any(map(is_number, ("", "ten", "1a", "0x1", "1_000", "inf", "--1")))


def test_problems():
    """Which properties does AWS's schema not take?"""
    queue = "AWS::SQS::Queue"
    assert problems(queue, {"DelaySeconds": "5", "FifoQueue": "true", "RedrivePolicy": {"maxReceiveCount": "3"}}) == []
    assert problems(queue, {"Delay": 5}) == ["#: extraneous key [Delay] is not permitted"]
    assert problems(queue, {"Arn": "x"}) == ["#: extraneous key [Arn] is not permitted"]  # AWS sets it
    assert problems(queue, {"DelaySeconds": [5]}) == ["#/DelaySeconds: expected type: Integer, found: JSONArray"]
    tags = {"Tags": [{"Key": "a"}]}
    assert problems(queue, tags) == ["#/Tags/0: required key [Value] not found"]


def test_schemas():
    """What do AWS's schemas say of replacement, attributes and names?"""
    assert schemas.create_only("AWS::SQS::Queue") == {"QueueName", "FifoQueue"}
    assert "Arn" in schemas.attributes("AWS::SQS::Queue")
    assert schemas.is_type("AWS::Lex::Bot") and schemas.is_type("Custom::Any") and not schemas.is_type("AWS::Lex::Pot")
    assert schemas.tag_property("AWS::EFS::FileSystem") == "FileSystemTags"
    assert schemas.is_map("AWS::Lambda::Function", "/Environment/Variables")
    assert not schemas.is_map("AWS::Lambda::Function", "/Environment")
