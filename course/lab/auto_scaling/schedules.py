"""Scheduled actions of an Auto Scaling group: sizes in order, a time to come, a schedule that can be read.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScheduledUpdateGroupAction.html
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import available_timezones

from moto.autoscaling.exceptions import AutoscalingClientError
from moto.autoscaling.models import AutoScalingBackend, FakeScheduledAction
from moto.core.utils import utcnow

from ..gate import replaces

_CRON = re.compile(r"[0-9A-Za-z*/,-]+")
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def _refuse(message: str) -> AutoscalingClientError:
    # moto's own kind of error, because a batch collects those and goes on with the other actions.
    return AutoscalingClientError("ValidationError", message)


def _moment(given: Any) -> datetime | None:
    if given is None or isinstance(given, datetime):
        moment = given
    else:
        moment = datetime.fromisoformat(str(given).replace("Z", "+00:00"))
    if moment is not None and moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment


def readable(recurrence: str) -> bool:
    """Whether a text is a cron expression of five fields with numbers in their ranges.

    >>> readable("0 9 * * MON-FRI"), readable("0 25 * * *"), readable("daily")
    (True, False, False)
    """
    fields = recurrence.split()
    if len(fields) != len(_RANGES):
        return False
    for field, (least, most) in zip(fields, _RANGES):
        numbers = re.findall(r"\d+", field.partition("/")[0])
        if not _CRON.fullmatch(field) or any(not least <= int(one) <= most for one in numbers):
            return False
    return True


@replaces(AutoScalingBackend, "put_scheduled_update_group_action")
def possible_action(moto: Any, backend: AutoScalingBackend, **action: Any) -> FakeScheduledAction:
    """moto takes every action, for any group."""
    name = action["name"]
    if name not in backend.autoscaling_groups:
        raise _refuse(f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found")
    least, most, desired = (
        None if action[one] is None else int(action[one]) for one in ("min_size", "max_size", "desired_capacity")
    )
    if least is None and most is None and desired is None:
        raise _refuse("At least one of MinSize, MaxSize and DesiredCapacity must be specified")
    if any(one is not None and one < 0 for one in (least, most, desired)):
        raise _refuse("MinSize, MaxSize and DesiredCapacity must not be negative")
    if least is not None and most is not None and most < least:
        raise _refuse(f"Max bound, {most}, must be greater than or equal to min bound, {least}")
    if desired is not None and least is not None and desired < least:
        raise _refuse("Desired capacity must be greater than or equal to min size")
    if desired is not None and most is not None and desired > most:
        raise _refuse("Desired capacity must be less than or equal to max size")
    require_time(action)
    return moto(backend, **action)


def require_time(action: dict[str, Any]) -> None:
    """Raise the refusal of a time that is over, an end before the start, or a schedule or time zone nobody can read."""
    start, end, now = _moment(action["start_time"]), _moment(action["end_time"]), utcnow()
    recurrence, zone = action["recurrence"], action["timezone"]
    if start is None and not recurrence:
        raise _refuse("StartTime or Recurrence must be specified")
    if start is not None and start < now:
        raise _refuse("Given start time is in the past")
    if end is not None and (end < now or start is not None and end <= start):
        raise _refuse("Given end time is in the past or not after the start time")
    if recurrence and not readable(recurrence):
        raise _refuse(f"Given recurrence string: {recurrence} is invalid")
    if zone and zone not in available_timezones():
        raise _refuse(f"Given time zone '{zone}' is not a time zone of the IANA database")
