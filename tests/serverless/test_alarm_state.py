"""The state of a metric alarm: AWS's two tables of missing data, and what must hold for all data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.serverless.alarm_state import TREATMENTS, evaluate, reason

ORDER = ("missing", "ignore", "breaching", "notBreaching")
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
TABLES = {
    3: {
        "0 - X - X": "OK OK OK OK",
        "0 - - - -": "OK OK OK OK",
        "- - - - -": "INSUFFICIENT_DATA KEPT ALARM OK",
        "0 X X - X": "ALARM ALARM ALARM ALARM",
        "- - - - X": "INSUFFICIENT_DATA KEPT ALARM OK",
        "X - - - -": "ALARM KEPT ALARM OK",
        "- - X - -": "ALARM KEPT ALARM OK",
    },
    2: {
        "0 - X - X": "ALARM ALARM ALARM ALARM",
        "0 0 X 0 X": "ALARM ALARM ALARM ALARM",
        "0 - X - -": "OK OK ALARM OK",
        "- - - - 0": "OK OK ALARM OK",
        "- - - - X": "INSUFFICIENT_DATA KEPT ALARM OK",
        "- - - X -": "ALARM KEPT ALARM OK",
    },
}


@pytest.mark.parametrize(
    ("needed", "points", "states"),
    [(m, points, states) for m, rows in TABLES.items() for points, states in rows.items()],
)
def test_tables_of_missing_data(needed, points, states):
    """Does each row of AWS's tables for 3 out of 3 and 2 out of 3 come out?"""
    given_points = [None if one == "-" else {"0": 0, "X": 9}[one] for one in points.split()]
    found = [evaluate(given_points, needed, 3, lambda value: value > 5, one, "KEPT") for one in ORDER]
    assert " ".join(found) == states


POINTS = st.lists(st.sampled_from([None, 0, 9]), min_size=1, max_size=8)


@given(POINTS, st.integers(1, 5), st.data(), st.sampled_from(TREATMENTS))
def test_enough_real_points_decide_alone(points, of, data, missing):
    """With N real points, is it M of the last N, whatever missing data mean?"""
    needed = data.draw(st.integers(1, of))
    real = [one for one in points if one is not None]
    if len(real) >= of:
        expected = "ALARM" if sum(one > 5 for one in real[-of:]) >= needed else "OK"
        assert evaluate(points, needed, of, lambda value: value > 5, missing, "KEPT") == expected


@given(POINTS, st.integers(1, 5), st.data())
def test_breaching_alarms_whenever_another_treatment_does(points, of, data):
    """Is "breaching" the strictest of the treatments, and "notBreaching" the mildest?"""
    needed = data.draw(st.integers(1, of))
    states = {one: evaluate(points, needed, of, lambda value: value > 5, one, "OK") for one in TREATMENTS}
    if "ALARM" in states.values():
        assert states["breaching"] == "ALARM" or states["missing"] == "ALARM"
    if states["notBreaching"] == "ALARM":
        assert set(states.values()) == {"ALARM"}


@pytest.mark.parametrize(
    ("told", "text"),
    [
        # Recorded from AWS.
        (
            ("ALARM", [("26/10/23 16:42:00", 21.5)], None, 1, "GreaterThanThreshold", 2.0),
            "Threshold Crossed: 1 datapoint [21.5 (26/10/23 16:42:00)] was greater than the threshold (2.0).",
        ),
        (
            ("OK", [], None, 1, "GreaterThanThreshold", 2.0, "notBreaching"),
            "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as "
            "[NonBreaching].",
        ),
        (
            ("ALARM", [], None, 2, "GreaterThanThreshold", 2.0, "breaching"),
            "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as "
            "[Breaching].",
        ),
        (
            ("INSUFFICIENT_DATA", [], None, 1, "LessThanThreshold", 1.0),
            "Insufficient Data: 1 datapoint was unknown.",
        ),
        (
            ("ALARM", [("a", 12.0), ("b", 1.0)], 1, 2, "GreaterThanThreshold", 10.0),
            "Threshold Crossed: 1 out of the last 2 datapoints [12.0 (a)] was greater than the threshold (10.0) (minimum 1 "
            "datapoint for OK -> ALARM transition).",
        ),
    ],
)
def test_reasons(told, text):
    """Is the reason worded as AWS words it?"""
    assert reason(*told) == text


@pytest.mark.parametrize(("needed", "of", "missing"), [(0, 1, "missing"), (3, 2, "missing"), (1, 1, "none")])
def test_what_is_no_alarm(needed, of, missing):
    """Are impossible conditions errors, and no silent OK?"""
    with pytest.raises(ValueError):
        evaluate([1], needed, of, bool, missing)
