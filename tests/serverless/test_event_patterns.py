"""Event patterns of EventBridge: what they match, and AWS's reasons for those that are none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.serverless.event_patterns import EventPattern, InvalidEventPattern, event_pattern


@pytest.mark.parametrize(
    ("pattern", "event", "matches"),
    [
        ({"source": ["a", "b"]}, {"source": "b"}, True),
        ({"source": ["a"], "kind": ["x"]}, {"source": "a"}, False),
        ({"resources": ["b"]}, {"resources": ["a", "b"]}, True),
        ({"n": [5]}, {"n": 5.0}, True),
        ({"n": ["5"]}, {"n": 5}, False),
        ({"n": [5]}, {"n": "5"}, False),
        ({"n": [True]}, {"n": 1}, False),
        ({"n": [None]}, {"n": None}, True),
        ({"n": [None]}, {}, False),
        ({"n": [""]}, {"n": ""}, True),
        ({"Key": ["a"]}, {"key": "a"}, False),
        ({"d": {"s": ["x"]}}, {"d": {"s": "x", "more": 1}}, True),
        ({"a": {"b": [1]}}, {"a.b": 1}, True),
        ({"a.b": [1]}, {"a": {"b": 1}}, True),
        ({"t": [{"prefix": "2022"}]}, {"t": "2022-07"}, True),
        ({"t": [{"prefix": {"equals-ignore-case": "EV"}}]}, {"t": "evening"}, True),
        ({"t": [{"suffix": ".png"}]}, {"t": "a.png"}, True),
        ({"t": [{"suffix": ".png"}]}, {"t": "a.PNG"}, False),
        ({"t": [{"equals-ignore-case": "ALICE"}]}, {"t": "alice"}, True),
        ({"t": [{"wildcard": "/dir/*.png"}]}, {"t": "/dir/a/b.png"}, True),
        ({"t": [{"wildcard": "a\\*b"}]}, {"t": "a*b"}, True),
        ({"t": [{"wildcard": "a\\*b"}]}, {"t": "axb"}, False),
        ({"n": [{"numeric": [">", 0, "<=", 5]}]}, {"n": 5}, True),
        ({"n": [{"numeric": ["=", 5]}]}, {"n": "5"}, False),
        ({"n": [{"numeric": ["<", 5]}]}, {"n": None}, False),
        ({"i": [{"cidr": "10.0.0.0/24"}]}, {"i": "10.0.0.255"}, True),
        ({"i": [{"cidr": "10.0.0.0/24"}]}, {"i": "10.0.1.0"}, False),
        ({"i": [{"cidr": "2001:db8::/32"}]}, {"i": "2001:db8::1"}, True),
        ({"i": [{"cidr": "10.0.0.0/24"}]}, {"i": "no address"}, False),
        ({"k": [{"exists": True}]}, {"k": None}, True),
        ({"k": [{"exists": False}]}, {}, True),
        ({"k": [{"exists": True}]}, {"k": {"leaf": 1}}, False),
        ({"s": [{"anything-but": "x"}]}, {"s": "y"}, True),
        ({"s": [{"anything-but": "x"}]}, {"s": None}, True),
        ({"s": [{"anything-but": "x"}]}, {}, False),
        ({"s": [{"anything-but": ["x", "y"]}]}, {"s": "y"}, False),
        ({"s": [{"anything-but": [1, 2]}]}, {"s": 3}, True),
        ({"s": [{"anything-but": {"prefix": "in"}}]}, {"s": "init"}, False),
        ({"s": [{"anything-but": {"prefix": ["in", "un"]}}]}, {"s": "ok"}, True),
        ({"s": [{"anything-but": {"wildcard": "*/dir/*"}}]}, {"s": "a/dir/b"}, False),
        ({"s": [{"anything-but": {"equals-ignore-case": "X"}}]}, {"s": "x"}, False),
        ({"$or": [{"a": [1]}, {"b": [2]}]}, {"b": 2}, True),
        ({"c": [3], "$or": [{"a": [1]}, {"b": [2]}]}, {"b": 2}, False),
        # Conditions on objects in an array must be met by one and the same object.
        ({"x": {"a": [1], "b": [2]}}, {"x": [{"a": 1}, {"b": 2}]}, False),
        ({"x": {"a": [1], "b": [2]}}, {"x": [{"c": 3}, {"a": 1, "b": 2}]}, True),
    ],
)
def test_matching(pattern, event, matches):
    """Does each operator match what AWS's page and recordings show?"""
    assert EventPattern(pattern).matches(event) is matches


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        # Recorded from AWS.
        ('{"int": 42}', '"int" must be an object or an array'),
        ('{"resources": []}', "Empty arrays are not allowed"),
        ('["not", "a", "dict"]', "Filter is not an object"),
        ('{"k": [{"EXISTS": true}]}', "Unrecognized match type EXISTS"),
        ('{"c": [{"numeric": [">", 0, ">", 0]}]}', "Bad numeric range operator: >"),
        ('{"c": [{"numeric": [">", 0, "<"]}]}', "Value of < must be numeric"),
        ('{"t": [{"prefix": ["2022"]}]}', "prefix match pattern must be a string"),
        ('{"t": [{"suffix": 123}]}', "suffix match pattern must be a string"),
        ('{"t": [{"equals-ignore-case": ["x"]}]}', "equals-ignore-case match pattern must be a string"),
        ('{"t": [{"wildcard": 123}]}', "wildcard match pattern must be a string"),
        ('{"t": [{"wildcard": "arn:aws:events:us-east-1:**:bus"}]}', "Consecutive wildcard characters at pos 25"),
        ('{"i": [{"cidr": "10.0.0.0"}]}', "Malformed CIDR, one '/' required"),
        ('{"i": [{"cidr": "10.0.0.0/xx"}]}', "Malformed CIDR, mask bits must be an integer"),
        ('{"i": [{"cidr": "xx.11.xx/8"}]}', "Nonstandard IP address: xx.11.xx"),
        ('{"s": [{"anything-but": {"prefix": 123}}]}', "prefix/suffix match pattern must be a string"),
        (
            '{"s": [{"anything-but": {"prefix": {"equals-ignore-case": "x"}}}]}',
            "Value of anything-but must be an array or single string/number value.",
        ),
        ('{"s": [{"exists": "true"}]}', "exists match pattern must be either true or false."),
        ("{'bad': 'quotation'}", "property name"),
        ('{"s": [["a"]]}', "Match value must be"),
        ('{"s": {}}', "Empty objects are not allowed"),
    ],
)
def test_what_is_no_pattern(pattern, reason):
    """Is each refused for AWS's reason?"""
    with pytest.raises(InvalidEventPattern) as caught:
        event_pattern(pattern)
    assert reason in str(caught.value)


LEAVES = st.one_of(st.text("ab", max_size=3), st.integers(-3, 3), st.booleans(), st.none())


@given(st.dictionaries(st.text("xyz", min_size=1, max_size=2), LEAVES, min_size=1, max_size=4), LEAVES)
def test_a_pattern_of_the_event_itself_matches(event, other):
    """Does a pattern made of an event's own values match it, and fail when one value is another?"""
    pattern = {name: [value] for name, value in event.items()}
    assert event_pattern(json.dumps(pattern)).matches(event)
    name = next(iter(event))
    if (type(other), other) != (type(event[name]), event[name]):
        assert not event_pattern(json.dumps({**pattern, name: [other]})).matches(event)


@given(st.text("ab*", max_size=8), st.text("ab", max_size=8))
def test_anything_but_is_the_opposite_of_what_it_holds(text, value):
    """Do prefix, suffix and wildcard fit exactly where anything-but of them does not?"""
    for kind in ("prefix", "suffix", "wildcard"):
        if not text or "**" in text:
            continue
        plain = EventPattern({"v": [{kind: text}]}).matches({"v": value})
        assert EventPattern({"v": [{"anything-but": {kind: text}}]}).matches({"v": value}) is not plain
