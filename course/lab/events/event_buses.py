"""Event buses, and the values of all requests to EventBridge.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html
"""

from __future__ import annotations

from moto.core.utils import get_service_model
from moto.events.models import EventBus

from course.data import value

from ..constraints import require_constraints
from ..gate import Call, Refused, answers, refuses
from ..iam.context import now


def invalid(message: str) -> Refused:
    """EventBridge's answer to most of what it does not take."""
    return Refused("ValidationException", message)


def bus_name(name_or_arn: str | None) -> str:
    """The name of an event bus; the default one if none is named."""
    return (name_or_arn or "default").split("/")[-1]


def event_bus(call: Call, name_or_arn: str | None) -> EventBus:
    """An event bus; Refused if it does not exist."""
    found = call.backend.event_buses.get(bus_name(name_or_arn))
    if found is None:
        raise Refused("ResourceNotFoundException", f"Event bus {bus_name(name_or_arn)} does not exist.")
    return found


@refuses("events", *get_service_model("events").operation_names)
def impossible_values(call: Call) -> None:
    """Lengths, patterns and lists of values."""
    require_constraints(call)


@refuses("events", "CreateEventBus")
def impossible_bus(call: Call) -> None:
    """A custom bus has a name of its own, without a slash, and there is room for it."""
    name, buses = call.params["Name"], call.backend.event_buses
    if name == "default" or name in buses:
        raise Refused("ResourceAlreadyExistsException", f"Event bus {name} already exists.")
    if "/" in name and not call.params.get("EventSourceName"):
        raise invalid("Event bus name must not contain '/'.")
    most = value("events.rules.buses")
    if len(buses) - 1 >= most:
        raise Refused("LimitExceededException", "The requested resource exceeds the maximum number allowed.")


@refuses("events", "DeleteEventBus")
def bus_in_use(call: Call) -> None:
    """The default bus stays, and so does one with rules; one that is not there is no error."""
    name = bus_name(call.params["Name"])
    if name == "default":
        raise invalid("Cannot delete event bus default.")
    found = call.backend.event_buses.get(name)
    if found is not None and any(one.managed_by is None for one in found.rules.values()):
        raise invalid(f"EventBus {name} can't be deleted since it has rules.")


_SETTINGS = {
    "KmsKeyIdentifier": "kms_key_identifier",
    "Description": "description",
    "DeadLetterConfig": "dead_letter_config",
}


@refuses("events", "UpdateEventBus")
def unknown_bus(call: Call) -> None:
    """A bus that is there."""
    event_bus(call, call.params.get("Name"))


@answers("events", "UpdateEventBus")
def update_event_bus(call: Call) -> dict:
    """Change the key, the description and the dead-letter queue of a bus; moto has no such operation.

    That what is not named stays as it was is not documented.
    """
    bus = event_bus(call, call.params.get("Name"))
    for name, attribute in _SETTINGS.items():
        if name in call.params:
            setattr(bus, attribute, call.params[name])
    bus.last_modified_time = now().timestamp()
    return {
        "Arn": bus.arn,
        "Name": bus.name,
        **{name: one for name, key in _SETTINGS.items() if (one := getattr(bus, key))},
    }
