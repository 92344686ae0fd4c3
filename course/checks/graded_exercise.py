"""An exercise: runs its checks one by one, so that one failure hides no other, then shows the card."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

from course.checks import progress
from course.checks.capture import MOST_OUTPUT, OutOfTime, captured, time_limit
from course.checks.plain import NotPlain, plain, same
from course.checks.report import Outcome, Report, Result, shortened

SECONDS = 10  # for one call of a learner's function
_UNSET = object()


def exercise(name: str, points: float) -> Exercise:
    """Open the exercise `name`, worth `points`; use it as a context manager and end the cell with its `score`."""
    return Exercise(name, points)


class Failure:
    """What `run` returns instead of a result when the learner's code did not give one."""

    def __init__(self, message: str, attempted: bool):
        self.message, self.attempted = message, attempted

    def __repr__(self) -> str:
        return self.message

    def __bool__(self) -> bool:
        return False


class Exercise:
    """The checks of one exercise. Weights are points: together they make `points` when hidden checks are there."""

    def __init__(self, name: str, points: float):
        if points <= 0:
            raise ValueError(f"an exercise is worth more than 0 points, not {points!r}")
        self.report = Report(name, points)
        self._untouched = False
        self._too_slow = False

    def __call__(
        self,
        rule: str,
        answer,
        *arguments,
        expected=_UNSET,
        raises: type[Exception] | None = None,
        at=_UNSET,
        tolerance: float = 1e-6,
        weight: float = 1,
        hint: str = "",
    ) -> bool:
        """Check that `answer`, called with `arguments` if it can be called, is `expected` or raises `raises`.

        `rule` is the AWS rule the check stands for, in one sentence. `at` picks what is compared: the entry of a dict
        with that key, or a list of entries for a list of keys. The message says what was seen, never what was
        expected. Returns whether the check passed.
        """
        if (expected is _UNSET) == (raises is None):
            raise TypeError(f"the check {rule!r} needs either expected or raises")
        if self._untouched:
            return self._add(rule, Outcome.NOT_ATTEMPTED, "", weight, hint)
        outcome, seen = self._judge(answer, arguments, expected, raises, tolerance, at)
        return self._add(rule, outcome, seen, weight, hint)

    def that(self, rule: str, reading: Callable, expected=True, weight: float = 1, hint: str = "") -> bool:
        """Check what the account looks like: `reading()` is `expected`. For facts that a learner's function left behind."""
        if self._untouched:
            return self._add(rule, Outcome.NOT_ATTEMPTED, "", weight, hint)
        result = self._call(reading, ())
        if isinstance(result, Failure):
            return self._add(rule, Outcome.NOT_YET, "", weight, hint)
        if same(result, expected):
            return self._add(rule, Outcome.PASSED, "", weight, hint)
        # A bare False says no more than the rule and its sign do.
        seen = "" if isinstance(result, bool) else f"Seen in the account: {_value(result)}"
        return self._add(rule, Outcome.NOT_YET, seen, weight, hint)

    def each(
        self,
        rule: str,
        answer: Callable,
        cases: dict | list,
        tolerance: float = 1e-6,
        weight: float = 1,
        hint: str = "",
    ) -> bool:
        """Check one rule on many arguments: `cases` maps an argument, or a tuple of them, to what is expected.

        An exception type is expected to be raised. A list of (arguments, expected) pairs serves where the
        arguments cannot be keys.
        """
        if self._untouched:
            return self._add(rule, Outcome.NOT_ATTEMPTED, "", weight, hint)
        for given, expected in cases.items() if isinstance(cases, dict) else cases:
            arguments = given if isinstance(given, tuple) else (given,)
            raises = expected if isinstance(expected, type) and issubclass(expected, Exception) else None
            outcome, seen = self._judge(answer, arguments, expected, raises, tolerance, _UNSET)
            if outcome is not Outcome.PASSED:
                return self._add(rule, outcome, seen, weight, hint)
        return self._add(rule, Outcome.PASSED, "", weight, hint)

    def run(self, answer: Callable, *arguments):
        """Run the learner's function once; its plain result, or a Failure that the card reports.

        If it was left unanswered, every later check of this exercise counts as not attempted.
        """
        result = self._call(answer, arguments)
        if isinstance(result, dict) and "ResponseMetadata" in result:
            # The commonest slip with boto3, and one that no later check could name.
            result = Failure(
                "gave the whole response of boto3; where an id is asked for, return only that", attempted=True
            )
        if isinstance(result, Failure):
            self._untouched = not result.attempted
            if result.attempted:
                self.report.remarks.append(f"{_shown(answer, arguments)} {result.message}")
        return result

    @property
    def score(self) -> float:
        """Points earned: the last value of a test cell, which nbgrader takes as partial credit."""
        return self.report.score

    def __enter__(self) -> Exercise:
        return self

    def __exit__(self, kind, error, traceback) -> bool:
        if isinstance(error, Exception):
            self.report.aborted = True
            if isinstance(error, NameError) and error.name:
                self.report.remarks.append(
                    f"{error.name} is not there yet: run the cell that defines it, then this one."
                )
            else:
                self.report.remarks.append(f"The checks could not read your answer: {_named(error)}")
        elif error is not None:
            return False
        _show(self.report)
        progress.record(self.report)
        return True

    def _judge(self, answer, arguments, expected, raises, tolerance, at) -> tuple[Outcome, str]:
        shown = _shown(answer, arguments)
        if not callable(answer):
            if answer is None or answer is ...:
                return Outcome.NOT_ATTEMPTED, ""
            result = _as_plain(answer)
        else:
            result = self._call(answer, arguments, raises)
        if at is not _UNSET:
            result = _entries(result, at)
        if isinstance(result, Failure):
            return (Outcome.NOT_YET if result.attempted else Outcome.NOT_ATTEMPTED), f"{shown} {result.message}".strip()
        if raises is not None:
            if result is raises:
                return Outcome.PASSED, ""
            return Outcome.NOT_YET, f"{shown} gave {_value(result)} instead of an error"
        if same(result, expected, tolerance):
            return Outcome.PASSED, ""
        advice = "; does your function return its result?" if result is None and arguments else ""
        return Outcome.NOT_YET, f"{shown} gave {_value(result)}{advice}"

    def _call(self, answer, arguments, raises=None):
        if not callable(answer):
            return Failure(f"is {_value(answer)}, not a function", attempted=answer is not None and answer is not ...)
        if self._too_slow:
            # One wait is enough: nbgrader gives a whole cell 30 seconds.
            return Failure("was not run again after it took too long", attempted=True)
        with captured() as text:
            try:
                with time_limit(SECONDS):
                    # Copies: an answer that changes what it is given spoils no later check.
                    result = _as_plain(answer(*deepcopy(arguments)))
            except NotImplementedError:
                result = Failure("is not written yet", attempted=False)
            except OutOfTime:
                self._too_slow = True
                result = Failure(f"took longer than {SECONDS} seconds", attempted=True)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # SystemExit too: the answer fails, the other checks go on
                expected_error = raises is not None and isinstance(error, raises)
                result = raises if expected_error else Failure(f"raised {_named(error)}", attempted=True)
        self.report.output = shortened(self.report.output + text.getvalue(), MOST_OUTPUT)
        return result

    def _add(self, rule, outcome, seen, weight, hint) -> bool:
        if any(result.rule == rule for result in self.report.results):
            raise ValueError(f"two checks of {self.report.exercise} have the name {rule!r}")
        self.report.results.append(Result(rule, outcome, seen, weight, hint))
        return outcome is Outcome.PASSED


def _entries(result, at):
    if isinstance(result, Failure):
        return result
    if not isinstance(result, dict):
        return Failure(f"is {_value(result)}, not a dict", attempted=True)
    keys = at if isinstance(at, list) else [at]
    entries = [result.get(key, ...) for key in keys]
    missing = [key for key, entry in zip(keys, entries, strict=True) if entry is ...]
    if missing:
        return Failure(f"has no entry for {', '.join(map(_value, missing))}", attempted=True)
    return entries if isinstance(at, list) else entries[0]


def _as_plain(value):
    if isinstance(value, Failure):
        return value
    try:
        return plain(value)
    except NotPlain as reason:
        return Failure(f"gave {reason}", attempted=True)


def _value(value) -> str:
    try:
        return shortened(repr(value))
    except Exception:
        return f"an object of type {type(value).__name__}"


def _named(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:
        text = ""
    return shortened(f"{type(error).__name__}: {text}" if text else type(error).__name__)


def _shown(answer, arguments) -> str:
    name = getattr(answer, "__name__", "")
    if not callable(answer) or not isinstance(name, str) or name in ("", "<lambda>"):
        return "Your answer"
    return f"{name}({', '.join(map(_value, arguments))})"


def _show(report: Report) -> None:
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        print(report)
        return
    if get_ipython() is None:
        print(report)
        return
    bundle = {"text/html": report._repr_html_(), "text/plain": repr(report)}
    display(bundle, raw=True, metadata={"checks": report.as_data()})
