"""Rules of composite alarms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.serverless.alarm_rules import InvalidRule, alarm_rule

STATES = {"cpu": "ALARM", "disk": "OK", "net": "INSUFFICIENT_DATA", "in deploy": "OK"}


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ('ALARM("cpu")', True),
        ("ALARM(cpu) AND ALARM(disk)", False),
        ("ALARM(cpu) AND NOT ALARM(disk)", True),
        ("(ALARM(disk) OR ALARM(cpu)) AND OK(disk)", True),
        ("ALARM(cpu) OR ALARM(disk) AND FALSE", True),
        ("NOT (ALARM(cpu) OR TRUE)", False),
        ("INSUFFICIENT_DATA(net)", True),
        ('OK("in deploy")', True),
        ("ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu)", True),
        ("ALARM(unknown)", False),
        ("FALSE", False),
    ],
)
def test_rules(rule, holds):
    """Do the functions, operators and parentheses mean what AWS's page says?"""
    assert alarm_rule(rule).holds(STATES) is holds


def test_a_rule_names_its_alarms():
    """Are the alarms of a rule known before it is asked, ARNs by their names?"""
    rule = alarm_rule(
        'ALARM(a) OR OK("b c") OR NOT ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:d) AND ALARM(a)'
    )
    assert rule.alarms == ("a", "b c", "d")


@pytest.mark.parametrize(
    "rule", ["", "ALARM", "ALARM()", "ALARM(a", "ALARM(a) AND", "cpu", "ALARM(a) ALARM(b)", "(TRUE", "NOT"]
)
def test_what_is_no_rule(rule):
    """Is each refused with a sentence?"""
    with pytest.raises(InvalidRule, match=r"\w+ \w+"):
        alarm_rule(rule)


@given(
    st.lists(st.sampled_from(["TRUE", "FALSE"]), min_size=1, max_size=6),
    st.lists(st.sampled_from(["AND", "OR"]), min_size=5, max_size=5),
)
def test_and_binds_more_tightly_than_or(words, operators):
    """Is a rule without parentheses read as Python reads it?"""
    text = words[0] + "".join(f" {operator} {word}" for operator, word in zip(operators, words[1:]))
    assert alarm_rule(text).holds({}) is eval(
        text.replace("AND", "and").replace("OR", "or").replace("TRUE", "True").replace("FALSE", "False")
    )
