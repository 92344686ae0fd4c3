"""Schedules and their groups: expressions, time zones, windows, targets and roles.

https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from moto.backends import get_backend
from moto.core.utils import get_service_model

from course.data import value
from course.serverless.schedule_expressions import InvalidSchedule, schedule_expression

from ..constraints import require_constraints
from ..gate import Call, Refused, refuses
from ..iam.caller import entity_by_arn
from ..iam.context import now
from ..iam.service_principals import service_may_assume

_ARN = re.compile(r"arn:aws[\w-]*:[\w-]+:[\w-]*:\d*:.+")


def invalid(message: str) -> Refused:
    """Scheduler's answer to values it does not take."""
    return Refused("ValidationException", message)


@refuses("scheduler", *get_service_model("scheduler").operation_names)
def impossible_values(call: Call) -> None:
    """Lengths, patterns and lists of values."""
    require_constraints(call)


@refuses("scheduler", "CreateSchedule", "UpdateSchedule")
def impossible_schedule(call: Call) -> None:
    """When it is due, within which window, and what it calls in whose name."""
    params = call.params
    name = params.get("GroupName") or "default"
    group = call.backend.schedule_groups.get(name)
    if group is None:
        raise Refused("ResourceNotFoundException", f"Schedule group {name} does not exist.", 404)
    if call.operation == "CreateSchedule" and params["Name"] in group.schedules:
        raise Refused("ConflictException", f"Schedule {params['Name']} already exists.", 409)
    if call.operation == "UpdateSchedule" and params["Name"] not in group.schedules:
        raise Refused("ResourceNotFoundException", f"Schedule {params['Name']} does not exist.", 404)
    _require_time(params)
    _require_window(params["FlexibleTimeWindow"])
    _require_target(call, params["Target"])


def _require_time(params: dict[str, Any]) -> None:
    text = params["ScheduleExpression"]
    try:
        schedule = schedule_expression(text, one_time=True, strict_units=False)
    except InvalidSchedule:
        raise invalid(f"Invalid Schedule Expression {text}.") from None
    zone = params.get("ScheduleExpressionTimezone") or "UTC"
    if zone not in available_timezones():
        raise invalid(f"Provided ScheduleExpressionTimezone {zone} is not valid.")
    start, end = _moment(params.get("StartDate")), _moment(params.get("EndDate"))
    if schedule.kind == "at":
        return  # Start and end are ignored for one-time schedules.
    if start and start < now() - timedelta(minutes=value("events.scheduler.start_tolerance")):
        raise invalid(
            f"The StartDate you specify cannot be earlier than {value('events.scheduler.start_tolerance')} minutes ago."
        )
    if start and end and start >= end:
        raise invalid("The EndDate you specify must come after the StartDate.")


def _moment(given: Any) -> datetime | None:
    if given is None:
        return None
    if not isinstance(given, datetime):
        given = datetime.fromtimestamp(float(given), UTC)
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def _require_window(window: dict[str, Any]) -> None:
    flexible = window["Mode"] == "FLEXIBLE"
    if flexible != (window.get("MaximumWindowInMinutes") is not None):
        raise invalid(
            "MaximumWindowInMinutes must be set for the FLEXIBLE mode of FlexibleTimeWindow."
            if flexible
            else "MaximumWindowInMinutes must not be set for the OFF mode of FlexibleTimeWindow."
        )


def _require_target(call: Call, target: dict[str, Any]) -> None:
    arn, role_arn = target["Arn"], target["RoleArn"]
    if not _ARN.fullmatch(arn):
        raise invalid(f"Provided Arn is not in correct format. {arn}")
    service = arn.split(":")[2]
    given = target.get("Input")
    if given and service in ("lambda", "states", "events"):
        try:
            json.loads(given)
        except ValueError:
            raise invalid("The input of a target of this kind must be a well-formed JSON.") from None
    if service == "sqs" and arn.endswith(".fifo") and not (target.get("SqsParameters") or {}).get("MessageGroupId"):
        raise invalid("SqsParameters with a MessageGroupId must be specified for a FIFO queue.")
    role = entity_by_arn(get_backend("iam")[role_arn.split(":")[4]]["aws"], role_arn)
    keys = {"aws:SourceAccount": call.account_id}
    document = role.assume_role_policy_document if role is not None else None
    # The condition aws:SourceArn of a trust policy names schedule groups, of which the schedule is one member.
    group = (
        f"arn:aws:scheduler:{call.region}:{call.account_id}:schedule-group/{call.params.get('GroupName') or 'default'}"
    )
    if not service_may_assume("scheduler.amazonaws.com", document, role_arn, {**keys, "aws:SourceArn": group}):
        raise invalid("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.")


@refuses("scheduler", "GetSchedule", "DeleteSchedule")
def unknown_schedule(call: Call) -> None:
    """The group and the schedule in it are there."""
    name = call.params.get("GroupName") or "default"
    group = call.backend.schedule_groups.get(name)
    if group is None:
        raise Refused("ResourceNotFoundException", f"Schedule group {name} does not exist.", 404)
    if call.params["Name"] not in group.schedules:
        raise Refused("ResourceNotFoundException", f"Schedule {call.params['Name']} does not exist.", 404)


@refuses("scheduler", "CreateScheduleGroup")
def taken_group(call: Call) -> None:
    """moto makes a group anew, and its schedules are gone."""
    if call.params["Name"] in call.backend.schedule_groups:
        raise Refused("ConflictException", f"Schedule group {call.params['Name']} already exists.", 409)


@refuses("scheduler", "DeleteScheduleGroup", "GetScheduleGroup")
def unknown_group(call: Call) -> None:
    """The default group stays."""
    name = call.params["Name"]
    if name not in call.backend.schedule_groups:
        raise Refused("ResourceNotFoundException", f"Schedule group {name} does not exist.", 404)
    if name == "default" and call.operation == "DeleteScheduleGroup":
        raise invalid("The default schedule group cannot be deleted.")
