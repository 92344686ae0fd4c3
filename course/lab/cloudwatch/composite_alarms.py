"""Composite alarms: rules over the states of other alarms. moto has no operation to make one.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html
"""

from __future__ import annotations

from moto.cloudwatch.models import Alarm, CloudWatchBackend

from course.serverless.alarm_rules import AlarmRule, InvalidRule, alarm_rule

from ..gate import Call, answers, refuses
from ..iam.context import now
from . import evaluation
from .alarms import require_actions
from .metric_math import invalid

_SUPPRESSOR = ("ActionsSuppressor", "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")


@refuses("cloudwatch", "PutCompositeAlarm")
def impossible_composite(call: Call) -> None:
    """The rule can be read, its alarms are there, and a suppressor comes with its two periods."""
    params = call.params
    name, alarms = params["AlarmName"], call.backend.alarms
    if name in alarms and alarms[name].rule is None:
        raise invalid(f"A metric alarm with the name {name} exists.")
    text = params["AlarmRule"]
    if text != text.strip():
        raise invalid("AlarmRule must not contain leading or trailing whitespace or be null")
    rule = _rule(text)
    missing = [one for one in rule.alarms if one not in alarms]
    if missing:
        raise invalid(
            f"Could not save the composite alarm as alarms [{', '.join(missing)}] in the alarm rule do not exist"
        )
    suppressor = (params.get("ActionsSuppressor") or "").split(":alarm:", 1)[-1]
    if suppressor:
        if any(params.get(one) is None for one in _SUPPRESSOR[1:]):
            raise invalid(f"{_SUPPRESSOR[1]} and {_SUPPRESSOR[2]} are required when ActionsSuppressor is set")
        if suppressor not in alarms:
            raise invalid(f"Could not save the composite alarm as alarms [{suppressor}] in the alarm rule do not exist")
    require_actions(params)


def _rule(text: str) -> AlarmRule:
    try:
        return alarm_rule(text)
    except InvalidRule as problem:
        raise invalid(f"Invalid AlarmRule: {problem}") from None


@answers("cloudwatch", "PutCompositeAlarm")
def put_composite_alarm(call: Call) -> dict:
    """Make or change the alarm; its rule is evaluated at once."""
    params = call.params
    known = call.params["AlarmName"] in call.backend.alarms
    alarm = call.backend.put_metric_alarm(
        name=params["AlarmName"],
        rule=params["AlarmRule"],
        description=params.get("AlarmDescription"),
        actions_enabled=params.get("ActionsEnabled", True),
        alarm_actions=params.get("AlarmActions") or [],
        ok_actions=params.get("OKActions") or [],
        insufficient_data_actions=params.get("InsufficientDataActions") or [],
        tags=params.get("Tags"),
        dimensions=[],
        **dict.fromkeys(
            (
                "namespace",
                "metric_name",
                "comparison_operator",
                "evaluation_periods",
                "period",
                "threshold",
                "statistic",
            )
        ),
    )
    alarm.suppressor = {name: params[name] for name in _SUPPRESSOR if params.get(name) is not None}
    evaluate_composites(call.backend, "" if known else alarm.name)
    return {}


def evaluate_composites(backend: CloudWatchBackend, created: str = "") -> None:
    """Evaluate rules until no state changes; alarms in a circle are left when each had its turn."""
    composites = [one for one in backend.alarms.values() if one.rule is not None]
    for _ in composites:
        changed = [one for one in composites if _evaluate(backend, one, created == one.name)]
        if not changed:
            return


def _evaluate(backend: CloudWatchBackend, alarm: Alarm, created: bool) -> bool:
    held_until = getattr(alarm, "held_until", None)
    from .metric_data import naive

    if held_until and naive(None) < held_until:
        return False
    rule = alarm_rule(alarm.rule)
    states = {name: one.state_value for name, one in backend.alarms.items()}
    state = "ALARM" if rule.holds(states) else "OK"
    if state == alarm.state_value:
        return False
    children = [backend.alarms[name] for name in rule.alarms if name in backend.alarms]
    if created or alarm.state_value == "INSUFFICIENT_DATA" or not children:
        reason = f"{alarm.alarm_arn} was created and its alarm rule evaluates to {state}"
    else:
        last = max(children, key=lambda one: one.state_transitioned_timestamp)
        at = now().strftime("%A %d %B, %Y %H:%M:%S UTC")
        reason = f"{last.alarm_arn} transitioned to {last.state_value} at {at}"
    evaluation.change_state(backend, alarm, state, reason, None)
    return True


@refuses("cloudwatch", "DeleteAlarms")
def needed_alarms(call: Call) -> None:
    """An alarm that a composite alarm looks at stays; one composite alarm goes at a time."""
    names, alarms = call.params["AlarmNames"], call.backend.alarms
    composites = [one for one in names if one in alarms and alarms[one].rule is not None]
    if len(composites) > 1:
        raise invalid("You can delete at most one composite alarm per operation.")
    for alarm in alarms.values():
        if alarm.rule is None or alarm.name in names:
            continue
        for name in alarm_rule(alarm.rule).alarms:
            if name in names:
                raise invalid(f"Cannot delete {name} as there are composite alarm(s) depending on it.")
    for name in composites:
        if name in alarm_rule(alarms[name].rule).alarms:
            raise invalid(f"Cannot delete {name} as there are composite alarm(s) depending on it.")


def suppressed(backend: CloudWatchBackend, alarm: Alarm) -> bool:
    """Whether the suppressor of a composite alarm is in ALARM, so that its actions are not executed."""
    name = getattr(alarm, "suppressor", {}).get("ActionsSuppressor", "").split(":alarm:", 1)[-1]
    return bool(name) and name in backend.alarms and backend.alarms[name].state_value == "ALARM"
