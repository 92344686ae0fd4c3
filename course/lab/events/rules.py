"""Rules: a pattern or a schedule, and how many of them.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
"""

from __future__ import annotations

from course.data import value
from course.serverless.schedule_expressions import InvalidSchedule, schedule_expression

from ..gate import Call, Refused, refuses
from .event_buses import bus_name, event_bus, invalid


@refuses("events", "PutRule")
def impossible_rule(call: Call) -> None:
    """What triggers the rule, and room for it on its bus."""
    params = call.params
    bus = event_bus(call, params.get("EventBusName"))
    schedule = params.get("ScheduleExpression")
    if not schedule and not params.get("EventPattern"):
        raise invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.")
    if schedule:
        if bus.name != "default":
            raise invalid("ScheduleExpression is supported only on the default event bus.")
        try:
            schedule_expression(schedule)
        except InvalidSchedule:
            raise invalid("Parameter ScheduleExpression is not valid.") from None
    if params["Name"] not in bus.rules and len(bus.rules) >= value("events.rules.rules"):
        raise Refused("LimitExceededException", "The requested resource exceeds the maximum number allowed.")


@refuses("events", "DescribeRule", "EnableRule", "DisableRule")
def unknown_rule(call: Call) -> None:
    """The rule is there, on this bus."""
    name = call.params["Name"]
    bus = event_bus(call, call.params.get("EventBusName"))
    if name not in bus.rules:
        raise Refused(
            "ResourceNotFoundException",
            f"Rule {name} does not exist on EventBus {bus_name(call.params.get('EventBusName'))}.",
        )


@refuses("events", "ListTargetsByRule", "RemoveTargets")
def unknown_rule_of_targets(call: Call) -> None:
    """moto finds no rule, and for some calls says so without its bus."""
    name = call.params["Rule"]
    bus = event_bus(call, call.params.get("EventBusName"))
    if name not in bus.rules:
        raise Refused("ResourceNotFoundException", f"Rule {name} does not exist on EventBus {bus.name}.")
