"""Condition operators, one by one: values, missing keys, IfExists, set operators."""

from datetime import datetime, timedelta, timezone

import pytest

from course.iam.conditions import Condition
from course.iam.evaluation import Request
from course.iam.grammar import problems

ANA = "arn:aws:iam::111122223333:user/ana"
ABSENT = ()
TOPIC = "arn:aws:sns:us-west-2:123456789012:TOPIC-ID"


def holds(operator, policy_values, seen, key="aws:Key"):
    values = policy_values if isinstance(policy_values, list) else [policy_values]
    context = {} if seen == ABSENT else {"AWS:kEY": seen}
    condition = Condition(operator, key, values, True)
    assert not problems(
        {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {operator: {key: values}}}}
    )
    return condition.holds(Request(ANA, "s3:GetObject", context=context).keys)


CASES = [
    # operator, values of the policy, value of the request, does it hold
    ("StringEquals", "a", "a", True),
    ("StringEquals", "a", "A", False),
    ("StringEquals", "a*", "ab", False),
    ("StringEquals", "a*", "a*", True),
    ("StringEquals", ["a", "b"], "b", True),
    ("StringEquals", "a", ABSENT, False),
    ("StringEquals", "", "", True),
    ("StringEquals", "${aws:username}", "ana", True),
    ("StringEquals", "${aws:none}", "", False),
    ("StringEquals", "${aws:none, 'x'}", "x", True),
    ("StringEquals", ["${aws:none}", "b"], "b", True),
    ("StringEquals", "a${*}", "a*", True),
    ("StringNotEquals", "a", "b", True),
    ("StringNotEquals", "a", "a", False),
    ("StringNotEquals", ["a", "b"], "b", False),
    ("StringNotEquals", ["a", "b"], "c", True),
    ("StringNotEquals", "a", ABSENT, True),
    ("StringNotEquals", "${aws:none}", "a", True),
    ("StringEqualsIgnoreCase", "PreProd", "preprod", True),
    ("StringNotEqualsIgnoreCase", "PreProd", "preprod", False),
    ("StringLike", "home/*", "home/", True),
    ("StringLike", "home/${aws:username}/*", "home/ana/x", True),
    ("StringLike", "home/${aws:username}/*", "home/bob/x", False),
    ("StringLike", "a?c", "abc", True),
    ("StringLike", "a${*}c", "abc", False),
    ("StringLike", "*", ABSENT, False),
    ("StringNotLike", "a*", "b", True),
    ("StringNotLike", "a*", "ab", False),
    ("StringNotLike", "a*", ABSENT, True),
    ("NumericEquals", "10", 10.0, True),
    ("NumericNotEquals", "10", 11, True),
    ("NumericNotEquals", ["10", "11"], 11, False),
    ("NumericNotEquals", "10", ABSENT, True),
    ("NumericLessThan", "10", 9, True),
    ("NumericLessThan", "10", 10, False),
    ("NumericLessThanEquals", "10", 10, True),
    ("NumericLessThanEquals", "9", "10", False),
    ("NumericGreaterThan", "9.5", "10", True),
    ("NumericGreaterThanEquals", "10", ABSENT, False),
    ("NumericEquals", "10", "ten", False),
    ("NumericNotEquals", "10", "ten", True),
    ("DateEquals", "2026-11-23", "2026-11-23T00:00:00Z", True),
    ("DateNotEquals", "2026-11-23", "2026-11-24", True),
    ("DateLessThan", "2026-11-23T12:00:00Z", "2026-11-23T11:59:59Z", True),
    ("DateLessThan", "2026-11-23T12:00:00Z", datetime(2026, 11, 23, 12), False),
    ("DateLessThanEquals", "2026-11-23T12:00:00Z", "2026-11-23T13:00:00+01:00", True),
    ("DateGreaterThan", "2020-01-01T00:00:01Z", "1577836802", True),
    ("DateGreaterThan", "1577836800", "2020-01-01T00:00:01Z", True),
    ("DateGreaterThanEquals", "2026-11", "2026-11-01T00:00:00.000Z", True),
    ("DateGreaterThan", "2020-01-01", ABSENT, False),
    ("DateGreaterThan", "2020-01-01", datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=-1))), True),
    ("DateGreaterThan", "2020-01-01", "soon", False),
    ("Bool", "true", True, True),
    ("Bool", "false", "false", True),
    ("Bool", "true", "True", True),
    ("Bool", "false", ABSENT, False),
    ("BoolIfExists", "true", ABSENT, True),
    ("BoolIfExists", "true", False, False),
    ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", True),
    ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", b"BinaryValueInBase64", True),
    ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "ASIAIOSFODNN7EXAMPLE", False),
    ("IpAddress", "203.0.113.0/24", "203.0.113.1", True),
    ("IpAddress", "203.0.113.0/24", "198.51.100.1", False),
    ("IpAddress", "203.0.113.7", "203.0.113.7", True),
    ("IpAddress", "203.0.113.7", "203.0.113.8", False),
    ("IpAddress", "203.0.113.9/24", "203.0.113.1", True),
    ("IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5678::1", True),
    ("IpAddress", "2001:DB8::/32", "203.0.113.1", False),
    ("IpAddress", "203.0.113.0/24", ABSENT, False),
    ("NotIpAddress", ["203.0.113.0/24", "198.51.100.0/24"], "198.51.100.1", False),
    ("NotIpAddress", "203.0.113.0/24", "198.51.100.1", True),
    ("NotIpAddress", "203.0.113.0/24", ABSENT, True),
    ("ArnEquals", TOPIC, TOPIC, True),
    ("ArnEquals", TOPIC, TOPIC.replace("123456789012", "777788889999"), False),
    ("ArnEquals", "arn:aws:sns:*:123456789012:TOPIC-*", TOPIC, True),
    ("ArnLike", "arn:aws:sns:us-west-?:*:*", TOPIC, True),
    ("ArnLike", "arn:aws:sns:*:TOPIC-ID", TOPIC, False),
    ("ArnLike", "arn:aws:iam::*:user/${aws:username}", ANA, True),
    ("ArnLike", "arn:aws:iam::*:user/ANA", ANA, False),
    ("ArnNotEquals", TOPIC, TOPIC, False),
    ("ArnNotLike", "arn:aws:sns:*:*:*", ABSENT, True),
    ("ArnEquals", TOPIC, ABSENT, False),
    ("Null", "true", ABSENT, True),
    ("Null", "true", "x", False),
    ("Null", "false", "x", True),
    ("Null", "false", ABSENT, False),
    ("Null", "false", [], False),
    ("StringEqualsIfExists", "a", ABSENT, True),
    ("StringEqualsIfExists", "a", "b", False),
    ("StringNotEqualsIfExists", "a", ABSENT, True),
    ("NumericLessThanIfExists", "10", ABSENT, True),
    ("IpAddressIfExists", "203.0.113.0/24", ABSENT, True),
    ("StringLikeIfExists", ["t1.*", "t2.*"], "m2.micro", False),
    ("ForAllValues:StringEquals", ["environment", "cost-center"], ["environment"], True),
    ("ForAllValues:StringEquals", ["environment", "cost-center"], ["environment", "cost-center"], True),
    ("ForAllValues:StringEquals", ["environment", "cost-center"], ["environment", "dept"], False),
    ("ForAllValues:StringEquals", "environment", ABSENT, True),
    ("ForAllValues:StringEquals", "environment", [], True),
    ("ForAllValues:StringEquals", "environment", [""], True),
    ("ForAllValues:StringNotEquals", ["a", "b"], ["c", "d"], True),
    ("ForAllValues:StringNotEquals", ["a", "b"], ["c", "a"], False),
    ("ForAllValues:StringLike", "cost*", ["cost-center", "costs"], True),
    ("ForAllValues:Bool", "true", [True, False], False),
    ("ForAllValues:ArnLike", "arn:aws:sns:*:*:TOPIC-*", [TOPIC, TOPIC + "2"], True),
    ("ForAnyValue:StringEquals", ["environment", "cost-center"], ["environment", "dept"], True),
    ("ForAnyValue:StringEquals", ["environment", "cost-center"], ["dept"], False),
    ("ForAnyValue:StringEquals", "environment", ABSENT, False),
    ("ForAnyValue:StringNotEquals", "environment", ABSENT, False),
    ("ForAnyValue:StringNotEquals", ["a", "b"], ["a", "c"], True),
    ("ForAnyValue:StringNotEquals", ["a", "b"], ["a", "b"], False),
    ("ForAnyValue:StringEqualsIfExists", "a", ABSENT, True),
    ("ForAnyValue:StringLike", "o-x/*", ["o-x/r-1/ou-1/"], True),
    ("ForAnyValue:IpAddress", "10.0.0.0/8", ["192.0.2.1", "10.1.2.3"], True),
    ("StringEquals", "a", ["b", "a"], True),
    ("StringNotEquals", "a", ["b", "a"], False),
]


@pytest.mark.parametrize(("operator", "values", "seen", "expected"), CASES)
def test_a_condition_operator_compares_as_aws_documents(operator, values, seen, expected):
    """Does the operator hold for this value of the request?"""
    assert holds(operator, values, seen) is expected


def test_every_operator_takes_ifexists_and_both_set_operators():
    """Is a missing key true with IfExists and ForAllValues for every operator but Null, and false with ForAnyValue?"""
    from course.iam.comparisons import COMPARISONS

    value = {"N": "1", "D": "2026-01-01", "B": "true", "I": "10.0.0.1", "A": TOPIC, "S": "x"}
    assert len(COMPARISONS) == 27
    for operator, comparison in COMPARISONS.items():
        if operator == "Null":
            continue
        text = "eA==" if operator == "BinaryEquals" else value[operator.removeprefix("Not")[0]]
        assert holds(operator, text, ABSENT) is comparison.negated
        assert holds(f"{operator}IfExists", text, ABSENT)
        assert holds(f"ForAllValues:{operator}", text, ABSENT)
        assert holds(f"ForAllValues:{operator}IfExists", text, ABSENT)
        assert not holds(f"ForAnyValue:{operator}", text, ABSENT)
