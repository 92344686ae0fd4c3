"""Health checks, one after the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from course.elb.health_checks import HealthCheck, in_service, seconds_until_unhealthy, walk

DEFAULT = HealthCheck(30, 5, 5, 2)


def states(answers, check=DEFAULT, state="initial"):
    return [one.state for one in walk(check, answers, state)]


@pytest.mark.parametrize(
    ("answers", "after"),
    [
        ([200], ["healthy"]),
        ([503, 200], ["initial", "healthy"]),
        ([503, 503, 200], ["initial", "unhealthy", "unhealthy"]),
        ([200, 503, 200, 503, 200], ["healthy"] * 5),
        ([200, 503, None, 200], ["healthy", "healthy", "unhealthy", "unhealthy"]),
        ([200, None, None, 200, 200, 200, 200, 200], ["healthy", "healthy", *["unhealthy"] * 5, "healthy"]),
        ([200, None, None, 200, 200, 200, 200, None, 200], ["healthy", "healthy", *["unhealthy"] * 7]),
        ([302], ["initial"]),
    ],
)
def test_thresholds_count_what_is_consecutive(answers, after):
    """Does one success begin, and only a run of failures or successes change the state?"""
    assert states(answers) == after


@pytest.mark.parametrize(
    ("codes", "answer", "passes"),
    [
        ("200", 200, True), ("200", 201, False), ("200-299", 204, True), ("200,302", 302, True), ("200,302", 301, False),
        ("200-399", 400, False), ("12", 12, True), ("0-99", 0, True), ("200", None, False),
    ],
)  # fmt: skip
def test_matcher(codes, answer, passes):
    """Is an answer a success exactly where the matcher lists its code?"""
    assert HealthCheck(30, 5, 5, 2, codes).passes(answer) is passes


@given(
    some.lists(some.sampled_from([200, 500, None]), max_size=60),
    some.integers(2, 10),
    some.integers(2, 10),
    some.integers(5, 300),
)
def test_a_state_never_changes_early(answers, up, down, interval):
    """Has every change of a healthy or unhealthy target a full run behind it, and is every full run a change?"""
    check, before = HealthCheck(interval, 2, up, down), "initial"
    for number, one in enumerate(walk(check, answers)):
        run = answers[max(0, number - (up if one.passed else down) + 1) : number + 1]
        full = len(run) == (up if one.passed else down) and all((each == 200) == one.passed for each in run)
        if full:
            assert one.state == ("healthy" if one.passed else "unhealthy")
        elif before != "initial":
            assert one.state == before
        assert one.seconds == number * interval
        before = one.state


@given(some.integers(5, 300), some.integers(2, 10), some.floats(0, 1), some.booleans())
def test_how_long_a_dead_target_gets_traffic(interval, threshold, share, silent):
    """Does the formula agree with the walk: the first failing check, then as many intervals as the threshold asks?"""
    check, since = HealthCheck(interval, 2, 5, threshold), share * interval
    walked = walk(check, [200] + [None] * threshold)
    sent = next(one.seconds for one in walked if one.state == "unhealthy")
    assert seconds_until_unhealthy(check, since, silent) == pytest.approx(sent - since + (2 if silent else 0))


def test_figures_of_the_defaults():
    """What do the defaults of an Application Load Balancer mean: 35 to 65 seconds for a target that falls silent?"""
    assert (seconds_until_unhealthy(DEFAULT, 30), seconds_until_unhealthy(DEFAULT, 0)) == (35, 65)
    assert seconds_until_unhealthy(DEFAULT, 0, silent=False) == 60


@pytest.mark.parametrize(
    ("given_states", "served"),
    [
        ({"a": "healthy", "b": "unhealthy"}, {"a"}),
        ({"a": "unhealthy", "b": "unhealthy", "c": "draining"}, {"a", "b"}),
        ({"a": "initial", "b": "unhealthy"}, {"a", "b"}),
        ({"a": "draining", "b": "unused"}, set()),
        ({}, set()),
    ],
)
def test_fail_open(given_states, served):
    """Do all targets get requests where none is healthy, and never those that are draining?"""
    assert in_service(given_states) == served


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: HealthCheck(0, 5, 5, 2), "interval is at least 1, not 0"),
        (lambda: HealthCheck(30, 5, 5, 2, "2xx"), "'2xx'"),
        (lambda: walk(DEFAULT, [], "draining"), "'draining'"),
        (lambda: seconds_until_unhealthy(DEFAULT, 31), "0 to 30 seconds ago, not 31"),
    ],
)
def test_bad_input(wrong, sentence):
    """Does a wrong value get one sentence?"""
    with pytest.raises(ValueError, match=sentence):
        wrong()


def test_of_a_target_group():
    """Is the check read from what describe_target_groups shows?"""
    shown = {
        "HealthCheckIntervalSeconds": 10,
        "HealthCheckTimeoutSeconds": 4,
        "HealthyThresholdCount": 3,
        "UnhealthyThresholdCount": 2,
        "Matcher": {"HttpCode": "200-299"},
    }
    assert HealthCheck.of(shown) == HealthCheck(10, 4, 3, 2, "200-299")
    assert HealthCheck.of({**shown, "Matcher": {}}).codes == "200"
