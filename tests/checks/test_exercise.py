"""Checks: what they accept, what they say, and that nothing a learner's code does reaches beyond its own check."""

import logging
import os
import subprocess
import sys
import warnings

import pytest

from course.checks import exercise
from course.checks.report import Outcome


def outcomes(check):
    return [result.outcome.value for result in check.report.results]


def test_points_are_shared_by_weight_and_one_failure_hides_no_other():
    """Does each check count for itself?"""
    with exercise("weights", points=4) as check:
        check("right", abs, -3, expected=3)
        check("wrong", abs, -3, expected=4, weight=2)
        check("right again", [1, 2], expected=[1, 2])
    assert outcomes(check) == ["passed", "not yet", "passed"]
    assert check.score == 2


def test_a_released_notebook_without_its_hidden_checks_gives_full_marks():
    """Does nbgrader's Validate, which runs without hidden checks, agree with the card?"""
    with exercise("released", points=5) as check:
        check("the visible one", abs, -3, expected=3)
    assert check.score == 5
    assert "more checks decide 4 of the 5 points" in repr(check.report)


def test_an_answer_that_is_not_there_costs_no_traceback():
    """Is a name that was never defined reported in one sentence, with no points?"""
    with exercise("missing", points=2) as check:
        check("first", lambda: 1, expected=1)
        check("second", undefined_name, expected=1)  # noqa: F821
    assert check.score == 1
    assert "undefined_name is not there yet" in repr(check.report)


def untouched(size):
    raise NotImplementedError


@pytest.mark.parametrize("answer", [untouched, None, ...])
def test_what_was_never_answered_is_not_called_wrong(answer):
    """Are the template, None and an ellipsis 'not attempted'?"""
    with exercise("untouched", points=1) as check:
        check("rule", answer, *([1] if callable(answer) else []), expected=1)
    assert outcomes(check) == ["not attempted"] and check.score == 0


def test_after_an_unanswered_run_nothing_passes():
    """Can the state of an account earn points for an answer that was never written?"""
    with exercise("state", points=2) as check:
        check.run(untouched, 1)
        check("what holds anyway", lambda: True, expected=True)
        check.each("what holds anyway, often", abs, {-1: 1})
    assert outcomes(check) == ["not attempted"] * 2 and check.score == 0


def test_a_run_that_raises_is_reported_and_the_checks_go_on():
    """Does the learner read what happened, in one place?"""
    with exercise("raising", points=1) as check:
        check.run(lambda: 1 / 0)
        check.that("state", lambda: 1, expected=2)
    assert "ZeroDivisionError" in repr(check.report) and outcomes(check) == ["not yet"]


def test_facts_about_an_account_are_read_and_shown():
    """Does the card show what the account holds, and nothing where a yes or no says it all?"""
    with exercise("facts", points=4) as check:
        check.that("as expected", lambda: {"Size": 8}, expected={"Size": 8})
        check.that("another size", lambda: {"Size": 9}, expected={"Size": 8})
        check.that("yes or no", lambda: False)
        check.that("cannot be read", lambda: {}["VolumeId"], expected=1)
    assert outcomes(check) == ["passed", "not yet", "not yet", "not yet"]
    assert [result.seen for result in check.report.results] == ["", "Seen in the account: {'Size': 9}", "", ""]


def test_entries_of_a_dict_are_picked_with_a_sentence_for_what_is_missing():
    """Does `at` compare one entry or several, and never raise for an odd answer?"""
    answer = {"A": True, "B": None, "C": False}
    with exercise("entries", points=6) as check:
        check("one", answer, at="A", expected=True)
        check("two", answer, at=["A", "C"], expected=[True, False])
        check("wrong", answer, at=["A", "C"], expected=[True, True])
        check("missing", answer, at=["A", "Z"], expected=[True, True])
        check("no dict", [1, 2], at="A", expected=True)
        check("from a function", lambda: answer, at="C", expected=False)
    assert outcomes(check) == ["passed", "passed", "not yet", "not yet", "not yet", "passed"]
    assert "no entry for 'Z'" in check.report.results[3].seen
    assert "not a dict" in check.report.results[4].seen


def test_an_answer_that_changes_its_argument_spoils_no_later_check():
    """Are arguments handed over as copies?"""
    week = {"mon": [1]}
    with exercise("copies", points=2) as check:
        check("first", lambda given: given.pop("mon"), week, expected=[1])
        check("second", lambda given: given.pop("mon"), week, expected=[1])
    assert check.score == 2
    assert week == {"mon": [1]}


def noisy(size):
    print("printed")
    print("to stderr", file=sys.stderr)
    warnings.warn("warned", stacklevel=1)
    os.write(2, b"written to the descriptor\n")
    subprocess.run([sys.executable, "-c", "import sys; sys.stderr.write('from a child')"], check=True)
    return size


def test_noise_is_kept_and_costs_nothing(capfd):
    """nbgrader gives 0 for any stderr in a test cell: does a right answer that warns keep its points?"""
    with exercise("noise", points=1) as check:
        check("rule", noisy, 7, expected=7)
    out, err = capfd.readouterr()
    assert check.score == 1 and err == ""
    for part in ("printed", "to stderr", "warned", "written to the descriptor", "from a child"):
        assert part in check.report.output


def test_a_handler_that_holds_the_stream_is_caught_too(capsys):
    """A logging handler made in an answer cell keeps the old sys.stderr: does it still reach the card?"""
    handler = logging.StreamHandler(sys.stderr)
    logger = logging.getLogger("held")
    logger.addHandler(handler)
    try:
        with exercise("held", points=1) as check:
            check("rule", lambda: logger.warning("held message"), expected=None)
    finally:
        logger.removeHandler(handler)
    assert "held message" in check.report.output and capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (lambda: sys.exit(3), "SystemExit"),
        (lambda: (_ for _ in ()).throw(ValueError("<b>bad</b>")), "ValueError: <b>bad</b>"),
        (lambda: object(), "an object of type object"),
        (lambda: type("Liar", (int,), {"__eq__": lambda *_: True})(5), "type Liar"),
        (lambda: (n for n in range(3)), "generator"),
        (lambda: [0] * 200_000, "more than 100,000 items"),
        (lambda: "x" * 10_000, "10,002 characters in all"),
    ],
)
def test_odd_answers_get_a_sentence(answer, seen):
    """Is whatever comes back named, cut and never equal by its own word?"""
    with exercise("odd", points=1) as check:
        check("rule", answer, expected=1)
    (result,) = check.report.results
    assert result.outcome is Outcome.NOT_YET and seen in result.seen and len(result.seen) < 400
    assert "<b>" not in check.report._repr_html_()


def test_an_endless_loop_ends_and_is_waited_for_once(monkeypatch):
    """Does a loop that swallows exceptions end, before nbgrader's 30 seconds for the whole cell are over?"""
    monkeypatch.setattr("course.checks.graded_exercise.SECONDS", 0.2)
    calls = []

    def endless(size):
        calls.append(size)
        while True:
            try:
                pass
            except Exception:
                pass

    with exercise("loop", points=4) as check:
        check("before", abs, -1, expected=1)
        check("endless", endless, 1, expected=1)
        check.each("again", endless, {2: 1, 3: 1})
        check.run(endless, 4)
    assert outcomes(check) == ["passed", "not yet", "not yet"]
    assert calls == [1]
    assert "took longer than 0.2 seconds" in repr(check.report)


def test_an_expected_error_must_be_that_error():
    """Does `raises` accept the right refusal and nothing else?"""

    def refusing(size):
        raise {0: ValueError, 1: KeyError}.get(size, NotImplementedError)

    with exercise("raises", points=4) as check:
        check("right", refusing, 0, raises=ValueError)
        check("another error", refusing, 1, raises=ValueError)
        check("template", refusing, 2, raises=ValueError)
        check("no error", abs, 2, raises=ValueError)
        check.each("many", refusing, {0: ValueError}, weight=0)
    assert outcomes(check) == ["passed", "not yet", "not attempted", "not yet", "passed"]
    assert "instead of an error" in check.report.results[3].seen


def test_messages_never_tell_what_was_expected():
    """Can a hidden expectation be read off the card?"""
    with exercise("secret", points=1) as check:
        check("rule", abs, -3, expected=987654)
        check.each("many", abs, {-4: 456789})
    assert "987654" not in repr(check.report) + check.report._repr_html_() + str(check.report.as_data())
    assert "456789" not in repr(check.report)


def test_the_card_carries_words_signs_and_no_widget():
    """Is the card readable without colour, and plain HTML?"""
    with exercise("card", points=2) as check:
        check("a <rule>", abs, -3, expected=3)
        check("another", abs, -3, expected=4, hint="think of <the sign>")
    html = check.report._repr_html_()
    for part in (
        "✓ passed",
        "✗ not yet",
        'role="group"',
        "&lt;rule&gt;",
        "<summary>Hint</summary>think of &lt;the sign&gt;",
    ):
        assert part in html
    assert "<script" not in html and "<style" not in html and " id=" not in html


@pytest.mark.parametrize(
    "mistake",
    [
        lambda: exercise("free", points=0),
        lambda: exercise("x", points=1)("rule", abs, 1),
        lambda: [exercise("x", points=1)("rule", 1, expected=1, raises=ValueError)],
    ],
)
def test_a_mistake_of_the_author_is_loud(mistake):
    """Does a check that checks nothing fail where it is written?"""
    with pytest.raises((TypeError, ValueError)):
        mistake()


def test_two_checks_with_one_name_are_refused():
    """Wrong answers are matched by the rule's name: is it unique?"""
    check = exercise("twice", points=2)
    check("rule", 1, expected=1)
    with pytest.raises(ValueError, match="two checks"):
        check("rule", 1, expected=1)


def test_a_keyboard_interrupt_is_not_swallowed():
    """Can a learner stop a check with the square button?"""

    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), exercise("stop", points=1) as check:
        check("rule", interrupted, expected=1)


def test_a_whole_response_is_named_where_an_id_was_asked_for():
    """Does the learner read what was returned, and do the checks go on with something that can be looked up?"""
    with exercise("response", points=1) as check:
        made = check.run(lambda: {"SnapshotId": "snap-1", "ResponseMetadata": {}})
        check.that("state", lambda: {made} == {"snap-1"})
    assert outcomes(check) == ["not yet"]
    assert "return only that" in repr(check.report)
