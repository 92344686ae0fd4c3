"""Schedule expressions of EventBridge: rate, cron, and at for EventBridge Scheduler; when they are due.

>>> from datetime import UTC, datetime
>>> schedule = schedule_expression("cron(0 12 ? * MON-FRI *)")
>>> schedule.next_times(datetime(2026, 11, 27, 13, tzinfo=UTC), 1)
[datetime.datetime(2026, 11, 30, 12, 0, tzinfo=datetime.timezone.utc)]

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

__all__ = ["InvalidSchedule", "Schedule", "schedule_expression"]

_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
_DAYS = "SUN MON TUE WED THU FRI SAT".split()
# Name, least and largest value, names of values (the first stands for `least`).
_FIELDS = (
    ("minutes", 0, 59, ()),
    ("hours", 0, 23, ()),
    ("day-of-month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day-of-week", 1, 7, _DAYS),
    ("year", 1970, 2199, ()),
)
_UNITS = {"minute": "minutes", "hour": "hours", "day": "days"}


class InvalidSchedule(ValueError):
    """The text is no schedule expression; the message says why."""


@dataclass(frozen=True)
class Schedule:
    """A schedule. `kind` is "rate", "cron" or "at"; cron holds six fields, the others a time."""

    text: str
    kind: str
    every: timedelta | None = None
    at: datetime | None = None
    fields: tuple[str, ...] = field(default=())

    def next_times(self, after: datetime, count: int) -> list[datetime]:
        """The next `count` times after a moment at which a cron or at schedule is due, fewer if there are no more.

        A rate counts from when its rule was made: here from `after`. Times are in the time zone of `after`.
        """
        if self.every is not None:
            return [after + self.every * number for number in range(1, count + 1)]
        if self.at is not None:
            at = self.at.replace(tzinfo=after.tzinfo)
            return [at] if at > after else []
        found: list[datetime] = []
        day = after.replace(hour=0, minute=0, second=0, microsecond=0)
        # A date comes again after 28 years at the latest, leap years at turns of centuries aside.
        for _ in range(366 * 30):
            if len(found) >= count:
                break
            if self._on(day):
                found += [one for one in self._on_day(day) if one > after]
            day += timedelta(days=1)
        return found[:count]

    def _on(self, day: datetime) -> bool:
        return (
            _fits(self.fields[5], day.year, 5)
            and _fits(self.fields[3], day.month, 3)
            and _on_day_of_month(self.fields[2], day)
            and _on_day_of_week(self.fields[4], day)
        )

    def _on_day(self, day: datetime) -> list[datetime]:
        return [
            day.replace(hour=hour, minute=minute)
            for hour in range(24)
            if _fits(self.fields[1], hour, 1)
            for minute in range(60)
            if _fits(self.fields[0], minute, 0)
        ]


def schedule_expression(text: str, one_time: bool = False, strict_units: bool = True) -> Schedule:
    """The schedule in this text; InvalidSchedule (a ValueError) if it is none.

    one_time: whether at(...) is known, as it is to EventBridge Scheduler. strict_units: whether 1 needs "minute" and
    other numbers "minutes", as in rules.
    """
    rate = re.fullmatch(r"rate\((\d+) (minute|minutes|hour|hours|day|days)\)", text)
    if rate:
        number, unit = int(rate[1]), rate[2]
        if number == 0:
            raise InvalidSchedule("a rate is at least 1")
        if strict_units and (number == 1) == unit.endswith("s"):
            raise InvalidSchedule(f"it is {'1 ' + unit[:-1] if number == 1 else f'{number} {unit}s'}")
        return Schedule(text, "rate", every=timedelta(**{_UNITS.get(unit, unit): number}))
    cron = re.fullmatch(r"cron\((.*)\)", text)
    if cron:
        return Schedule(text, "cron", fields=_cron(cron[1].split()))
    at = re.fullmatch(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)", text)
    if at and one_time:
        try:
            return Schedule(text, "at", at=datetime.fromisoformat(at[1]))
        except ValueError:
            raise InvalidSchedule(f"{at[1]} is no date and time") from None
    raise InvalidSchedule("a schedule is rate(value unit) or cron(six fields)")


def _cron(fields: list[str]) -> tuple[str, ...]:
    if len(fields) != len(_FIELDS):
        raise InvalidSchedule(f"cron takes six fields, not {len(fields)}")
    fields = [one.upper() for one in fields]
    for place, one in enumerate(fields):
        _validate(one, place)
    if (fields[2] == "?") == (fields[4] == "?"):
        raise InvalidSchedule("exactly one of day-of-month and day-of-week is ?")
    return tuple(fields)


def _validate(text: str, place: int) -> None:
    name, least, most, _ = _FIELDS[place]
    if text == "?":
        if place not in (2, 4):
            raise InvalidSchedule(f"? is possible for a day, and not for {name}")
        return
    if place == 2 and re.fullmatch(r"L|LW|L-\d{1,2}|\d{1,2}W", text):
        day = re.match(r"\d+", text)
        if day and not least <= int(day[0]) <= most:
            raise InvalidSchedule(f"{text} is no {name}")
        return
    if place == 4 and re.fullmatch(r"L|(\d|[A-Z]{3})(L|#[1-5])", text):
        if text != "L":
            _number(re.sub(r"(L|#\d)$", "", text), place)
        return
    for part in text.split(","):
        span, _, step = part.partition("/")
        if "/" in part and not (step.isdigit() and int(step) > 0):
            raise InvalidSchedule(f"{part} has no step")
        if span == "*":
            continue
        ends = [_number(one, place) for one in span.split("-")]
        if len(ends) > 2:
            raise InvalidSchedule(f"{part} is no range of {name}")


def _number(text: str, place: int) -> int:
    name, least, most, names = _FIELDS[place]
    if text in names:
        return least + names.index(text)
    if not text.isdigit() or not least <= int(text) <= most:
        raise InvalidSchedule(f"{text or 'nothing'} is no value for {name}, which goes from {least} to {most}")
    return int(text)


def _fits(text: str, number: int, place: int) -> bool:
    _, least, most, _ = _FIELDS[place]
    for part in text.split(","):
        span, _, step = part.partition("/")
        if span in ("*", "?"):
            first, last = least, most
        else:
            ends = [_number(one, place) for one in span.split("-")]
            first, last = ends[0], ends[-1] if len(ends) > 1 or not step else most
        if first > last:
            inside = number >= first or number <= last
            offset = (number - first) % (most - least + 1)
        else:
            inside, offset = first <= number <= last, number - first
        if inside and offset % int(step or 1) == 0:
            return True
    return False


def _on_day_of_month(text: str, day: datetime) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    if text.startswith("L-"):
        return day.day == last - int(text[2:])
    if text == "L":
        return day.day == last
    if text.endswith("W"):
        wanted = last if text == "LW" else min(int(text[:-1]), last)
        return day.day == _nearest_weekday(day.year, day.month, wanted, last)
    return _fits(text, day.day, 2)


def _nearest_weekday(year: int, month: int, wanted: int, last: int) -> int:
    weekday = datetime(year, month, wanted, tzinfo=UTC).weekday()
    if weekday == 5:
        return wanted - 1 if wanted > 1 else wanted + 2
    if weekday == 6:
        return wanted + 1 if wanted < last else wanted - 2
    return wanted


def _on_day_of_week(text: str, day: datetime) -> bool:
    number = day.isoweekday() % 7 + 1
    if text == "L":
        return number == 7
    if text.endswith("L"):
        last = calendar.monthrange(day.year, day.month)[1]
        return number == _number(text[:-1], 4) and day.day > last - 7
    if "#" in text:
        which, _, nth = text.partition("#")
        return number == _number(which, 4) and (day.day - 1) // 7 + 1 == int(nth)
    return _fits(text, number, 4)
