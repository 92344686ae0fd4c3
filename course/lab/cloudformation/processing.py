"""From a request to what the stack shall be: template checked, capabilities given, transforms done, parameters filled in."""

from __future__ import annotations

import json
from typing import Any

from botocore.credentials import Credentials

from course.data import value

from ..gate import Call, NotOffline, Refused
from . import capabilities, parameter_lookups, parameters, references, template_format, transforms
from .caller import acting_as
from .schemas import is_type
from .scope import Desired, type_of
from .state import Stack, backend
from .template_source import body_of
from .template_text import Invalid, parse


class TransformFailed(Exception):
    """What is wrong with a template after its transforms; AWS finds out when the stack or change set is on its way."""


def desired(call: Call, stack: Stack | None, credentials: Credentials, *, reviewed: bool = False) -> Desired:
    """What a request to create or update a stack wants. Refused as AWS refuses it; TransformFailed for what comes later.

    reviewed: the request is for a change set, which shows what transforms make of the template.
    """
    params = call.params
    body = body_of(call, stack.body if stack is not None and stack.template else None)
    raw = parse(body)
    names = transforms.declared(raw)
    template_format.check(raw, macros=bool(names))
    given = params.get("Capabilities", [])
    previous = stack.parameters if stack is not None and stack.template else None
    found = parameters.values(raw, params.get("Parameters", []), previous)
    if not names:
        _require_types(raw)
        references.check(raw)
        _require(capabilities.needed(raw)[0], given)
        template = raw
    else:
        if not reviewed and any(name not in (transforms.EXTENSIONS, transforms.INCLUDE) for name in names):
            _require([capabilities.AUTO_EXPAND], given)
        template = None
    with acting_as(credentials):
        resolved = parameter_lookups.stored_values(raw, found, call.region)
    wanted = Desired(body, template or raw, found, resolved, _tags(call, stack))
    wanted.settings = _settings(call, stack)
    if template is None:
        wanted.settings["transform"] = names
    return wanted


def transform(call: Call, wanted: Desired, credentials: Credentials) -> None:
    """Do the transforms of the template, in place. TransformFailed with AWS's reason."""
    names = wanted.settings.pop("transform", None)
    if names is None:
        return
    values = {name: wanted.resolved.get(name, value) for name, value in wanted.parameters.items()}
    macros = macros_of(call)
    try:
        with acting_as(credentials):
            made = transforms.Transformation(call.region, call.account_id, values, macros.get).done(wanted.template)
        template_format.check(made)
        _require_types(made)
        references.check(made, extended=transforms.EXTENSIONS in names)
        declared = made.get("Parameters", {})
        for name, parameter in declared.items():
            # SAM may add parameters of its own, with a default.
            if name not in wanted.parameters:
                wanted.parameters[name] = str(parameter.get("Default", ""))
        lacking = capabilities.lacking(capabilities.needed(made)[0], call.params.get("Capabilities", []))
        if lacking:
            raise Invalid(f"Requires capabilities : [{', '.join(lacking)}]")
    except Invalid as wrong:
        raise TransformFailed(str(wrong)) from None
    wanted.template = json.loads(json.dumps(made))


def macros_of(call: Call) -> dict[str, str]:
    """Macro name -> ARN of its function, of the account and Region."""
    return backend(call.account_id, call.region).macros


def _require(wanted: list[str], given: list[str]) -> None:
    lacking = capabilities.lacking(wanted, given)
    if lacking:
        raise Refused("InsufficientCapabilitiesException", f"Requires capabilities : [{', '.join(lacking)}]")


def _require_types(template: dict[str, Any]) -> None:
    types = dict.fromkeys(resource["Type"] for resource in template["Resources"].values())
    unknown = [name for name in types if not is_type(name)]
    if unknown:
        raise Invalid(f"Template format error: Unrecognized resource types: [{', '.join(unknown)}]")
    missing = [name for name in types if type_of(name) is None]
    if missing:
        raise NotOffline(
            f"the offline account cannot make resources of the types {', '.join(missing)}; nothing was made"
        )


def _tags(call: Call, stack: Stack | None) -> list[dict[str, str]]:
    tags = call.params.get("Tags")
    if tags is None:
        return list(stack.tags) if stack is not None else []
    if len(tags) > value("cloudformation.stack.tags"):
        raise Refused(
            "ValidationError",
            f"1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to {value('cloudformation.stack.tags')}",
        )
    for tag in tags:
        if tag["Key"].lower().startswith("aws:"):
            raise Refused(
                "ValidationError",
                f"Tag key {tag['Key']} is invalid: aws: prefixed tag key names are not allowed for external use.",
            )
    return tags


_SETTINGS = {
    "capabilities": "Capabilities",
    "notification_arns": "NotificationARNs",
    "rollback_configuration": "RollbackConfiguration",
    "role_arn": "RoleARN",
}


def _settings(call: Call, stack: Stack | None) -> dict[str, Any]:
    """The attributes of the stack that the request sets."""
    _require_triggers(call.params.get("RollbackConfiguration", {}))
    found = {name: call.params[parameter] for name, parameter in _SETTINGS.items() if parameter in call.params}
    found.setdefault("capabilities", [])
    return found


def _require_triggers(configuration: dict[str, Any]) -> None:
    triggers, most = configuration.get("RollbackTriggers", []), value("cloudformation.stack.rollback_triggers")
    if len(triggers) > most:
        raise Refused(
            "ValidationError",
            "1 validation error detected: Value at 'rollbackConfiguration.rollbackTriggers' failed to satisfy "
            f"constraint: Member must have length less than or equal to {most}",
        )
    for trigger in triggers:
        if trigger.get("Type") not in ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"):
            raise Refused("ValidationError", "Rollback Trigger Type not supported")
        if ":alarm:" not in trigger.get("Arn", ""):
            raise Refused("ValidationError", "RelativeId of a Rollback Trigger's ARN is incorrect")
