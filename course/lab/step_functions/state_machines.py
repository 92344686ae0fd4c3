"""State machines: name, type, role and log of one that is created or changed.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
"""

from __future__ import annotations

import re
from typing import Any

from course.data import value

from ..gate import Call, NotOffline, Refused, answers, corrects, refuses
from ..iam.service_roles import role_may
from .definition_faults import faults_of
from .names import require_name
from .task_roles import CANNOT_ASSUME, may_assume
from .versions import changed, existing

_TYPES = ("STANDARD", "EXPRESS")
_LEVELS = ("ALL", "ERROR", "FATAL", "OFF")


def _unknown(given: str, place: str, values: tuple[str, ...]) -> Refused:
    return Refused(
        "ValidationException",
        f"1 validation error detected: Value '{given}' at '{place}' failed to satisfy constraint: Member must satisfy "
        f"enum value set: [{', '.join(values)}]",
    )


@refuses("stepfunctions", "CreateStateMachine")
def impossible_machine(call: Call) -> None:
    """A name that is none, and a type that AWS does not have."""
    require_name(call.params["name"])
    kind = call.params.get("type", "STANDARD")
    if kind not in _TYPES:
        raise _unknown(kind, "type", _TYPES)


@refuses("stepfunctions", "UpdateStateMachine")
def unknown_machine(call: Call) -> None:
    """Only what is there can be changed, and only the state machine itself, no version of it."""
    arn = call.params["stateMachineArn"]
    if not re.fullmatch(r"arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:stateMachine:[^:/]+", arn):
        raise Refused("InvalidArn", f"Invalid Arn: '{arn}'")
    existing(call.backend, arn)
    fields = ("definition", "roleArn", "loggingConfiguration", "tracingConfiguration", "encryptionConfiguration")
    if not any(call.params.get(field) for field in fields):
        raise Refused(
            "MissingRequiredParameter",
            "Either the definition, the role ARN, the LoggingConfiguration, the EncryptionConfiguration or the "
            "TracingConfiguration must be specified",
        )


@refuses("stepfunctions", "CreateStateMachine", "UpdateStateMachine")
def faulty_definition(call: Call) -> None:
    """InvalidDefinition with AWS's code for the fault and its place."""
    definition = call.params.get("definition")
    if definition is None:
        return
    most = value("step_functions.executions.definition")
    if len(definition) > most:
        raise Refused(
            "ValidationException",
            "1 validation error detected: Value at 'definition' failed to satisfy constraint: Member must have length "
            f"less than or equal to {most}",
        )
    kind = call.params.get("type", "STANDARD")
    if call.operation == "UpdateStateMachine":
        kind = existing(call.backend, call.params["stateMachineArn"]).type
    faults = faults_of(definition, kind)
    if faults:
        listed = ", ".join(f"'{fault}'" for fault in faults)
        raise Refused("InvalidDefinition", f"Invalid State Machine Definition: {listed}")


@refuses("stepfunctions", "CreateStateMachine", "UpdateStateMachine")
def tasks_that_leave_aws(call: Call) -> None:
    """Nothing that AWS refuses: the account calls no HTTPS API."""
    if ":states:::http:invoke" in call.params.get("definition", ""):
        raise NotOffline("the offline account has no HTTP tasks; nothing was sent to the network")


def require_known_to_moto(definition: str) -> None:
    """Raise Refused where moto's interpreter cannot read a definition in which no fault was found before."""
    from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

    try:
        AmazonStateLanguageParser.parse(definition)
    except Exception as error:
        told = str(error).partition("\n")[0][:200] or type(error).__name__
        raise Refused(
            "InvalidDefinition", f"Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: {told} at /'"
        ) from None


@refuses("stepfunctions", "CreateStateMachine", "UpdateStateMachine")
def role_not_for_states(call: Call) -> None:
    """The role must exist and its trust policy must let Step Functions assume it."""
    role = call.params.get("roleArn")
    if role is None:
        return
    if not re.fullmatch(r"arn:aws[a-zA-Z-]*:iam::\d{12}:role/.+", role):
        raise Refused("InvalidArn", f"Invalid Role Arn: '{role}'")
    if role.split(":")[4] != call.account_id:
        raise Refused("AccessDeniedException", "Cross-account pass role is not allowed.")
    arn = call.params.get("stateMachineArn") or _arn(call)
    if not may_assume(role, arn):
        raise Refused("AccessDeniedException", CANNOT_ASSUME)


def _arn(call: Call) -> str:
    return f"arn:aws:states:{call.region}:{call.account_id}:stateMachine:{call.params['name']}"


@refuses("stepfunctions", "CreateStateMachine", "UpdateStateMachine")
def impossible_log(call: Call) -> None:
    """A log has a level, and one log group that is there and that the role may deliver to."""
    given = call.params.get("loggingConfiguration")
    if given is None:
        return
    level = given.get("level", "OFF")
    if level not in _LEVELS:
        raise _unknown(level, "loggingConfiguration.level", _LEVELS)
    destinations = given.get("destinations") or []
    if level == "OFF" and not destinations:
        return
    if len(destinations) != 1:
        raise Refused(
            "InvalidLoggingConfiguration", "Invalid Logging Configuration: Must specify exactly one Log Destination."
        )
    arn = (destinations[0].get("cloudWatchLogsLogGroup") or {}).get("logGroupArn", "")
    found = re.fullmatch(r"arn:aws[a-z-]*:logs:([a-z0-9-]+):\d{12}:log-group:([^:]+):\*", arn)
    groups = call.backend_of("logs").groups if found and found[1] == call.region else {}
    if not found or found[2] not in groups:
        raise Refused("InvalidLoggingConfiguration", f"Invalid Logging Configuration: '{arn}' is no log group.")
    role = call.params.get("roleArn")
    if role is None:
        role = existing(call.backend, call.params["stateMachineArn"]).roleArn
    if not role_may(role, "logs:CreateLogDelivery", "*", call.region):
        raise Refused(
            "AccessDeniedException", "The state machine IAM Role is not authorized to access the Log Destination"
        )


@refuses("stepfunctions", "CreateStateMachine")
def taken_name(call: Call) -> None:
    """The same request again gives the same state machine, another one is refused. Role and tags are not compared."""
    arn = _arn(call)
    held = next((one for one in call.backend.state_machines if one.arn == arn), None)
    if held is None:
        return
    same = (
        held.definition == call.params["definition"]
        and held.type == call.params.get("type", "STANDARD")
        and held.loggingConfiguration == (call.params.get("loggingConfiguration") or {"level": "OFF"})
        and held.tracingConfiguration == (call.params.get("tracingConfiguration") or {"enabled": False})
    )
    if not same:
        raise Refused("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")


@corrects("stepfunctions", "UpdateStateMachine")
def new_revision(call: Call, result: Any) -> dict:
    """The update has a revision, which a version can be published of."""
    machine = existing(call.backend, call.params["stateMachineArn"])
    changed(machine)
    return {**result, "revisionId": machine.revision, "updateDate": machine.update_date}


@answers("stepfunctions", "ValidateStateMachineDefinition")
def validate_definition(call: Call) -> dict:
    """The faults of a definition without a state machine; moto lacks it. Warnings are not looked for."""
    faults = faults_of(call.params["definition"], call.params.get("type", "STANDARD"))
    diagnostics = []
    for fault in faults:
        code, _, told = fault.partition(": ")
        message, _, place = told.rpartition(" at ")
        diagnostics.append(
            {"severity": "ERROR", "code": code, "message": message or told, **({"location": place} if message else {})}
        )
    most = call.params.get("maxResults") or value("step_functions.executions.page")
    return {
        "result": "FAIL" if faults else "OK",
        "diagnostics": diagnostics[:most],
        "truncated": len(diagnostics) > most,
    }
