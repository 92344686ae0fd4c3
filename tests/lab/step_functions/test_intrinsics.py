"""Intrinsic functions with null."""

import pytest
from machine_runs import machine, output

from course.lab.step_functions.intrinsics import with_null


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("States.Array('a', null, $.n)", ["a", None, 1]),
        ("States.Array('null', $.null)", ["null", 2]),
        ("States.ArrayContains(States.Array(1, null), null)", True),
        ("States.JsonToString(States.Array(null))", "[null]"),
    ],
)
def test_null_is_an_argument(state_machine, call, expected):
    """Is null a value where it stands alone, and a text or name where it is part of one?"""
    arn = state_machine(machine(A={"Type": "Pass", "Parameters": {"v.$": call}, "End": True}))
    assert output(arn, {"n": 1, "null": 2}) == {"v": expected}


def test_texts_stay(state_machine):
    """Is nothing changed in a text, even with escaped apostrophes?"""
    for text in (r"States.Format('it\'s null {}', $.a)", "States.Array($.null, $.a['null'])", "States.UUID()"):
        assert with_null(text) == text
