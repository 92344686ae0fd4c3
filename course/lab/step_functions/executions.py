"""Executions: how they begin, Standard and Express, and how their end is shown.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
"""

from __future__ import annotations

import copy
import json
import re
import weakref
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from moto.core.exceptions import AWSError

from course.data import value

from .. import ids
from ..gate import Call, Refused, answers, corrects, refuses
from .endings import end
from .names import require_name
from .versions import chosen

_begun: weakref.WeakSet = weakref.WeakSet()


def _new_name(stream: str = "executions") -> str:
    return str(UUID(int=ids.stream(stream).getrandbits(128), version=4))


def machine_of(call: Call) -> tuple[Any, Any, dict[str, str]]:
    """The state machine, the version of it that runs, and the ARNs of version and alias where the request names one."""
    return chosen(call.backend, call.params["stateMachineArn"])


def _input(call: Call) -> str:
    text = call.params.get("input", "{}")
    most = value("step_functions.executions.input") * 1024
    if len(text.encode()) > most:
        raise Refused(
            "ValidationException",
            "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less "
            f"than or equal to {most}",
        )
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'") from None
    return text


def _made(call: Call, kind: Any, machine: Any, version: Any, named: dict[str, str], text: str) -> Any:
    """moto's execution, not started yet; it keeps the definition of this moment."""
    express = machine.type == "EXPRESS"
    name = call.params.get("name") or _new_name()
    arn = f"arn:aws:states:{call.region}:{call.account_id}:execution:{machine.name}:{name}"
    if express:
        arn = arn.replace(":execution:", ":express:") + f":{_new_name('express executions')}"
    kept = copy.copy(version)
    kept.arn, kept.executions, kept.sm_type = machine.arn, [], machine.type
    execution = kind(
        name=name,
        sm_type=machine.type,
        role_arn=version.roleArn,
        exec_arn=arn,
        account_id=call.account_id,
        region_name=call.region,
        state_machine=kept,
        start_date=datetime.now(UTC),
        cloud_watch_logging_session=None,
        input_data=text,
        trace_header=call.params.get("traceHeader"),
        activity_store=call.backend.__dict__.setdefault("_lab_activities", {}),
    )
    execution.named = named
    _begun.add(execution)
    return execution


@answers("stepfunctions", "StartExecution")
def start_execution(call: Call) -> dict:
    """Begin; a Standard execution's name is its own for 90 days, the same name and input give the one that runs."""
    from moto.stepfunctions.parser.backend.execution import Execution

    machine, version, named = machine_of(call)
    name = call.params.get("name")
    if name is not None:
        require_name(name)
    text = _input(call)
    if machine.type != "EXPRESS":
        before = next((one for one in machine.executions if one.name == name), None)
        if before is not None:
            if before.status == "RUNNING" and before.execution_input == text:
                return {"executionArn": before.execution_arn, "startDate": before.start_date}
            raise Refused("ExecutionAlreadyExists", f"Execution Already Exists: '{before.execution_arn}'")
    execution = _made(call, Execution, machine, version, named, text)
    # Those of an Express workflow leave nothing behind but their log.
    if machine.type != "EXPRESS":
        machine.executions.append(execution)
    execution.start()
    return {"executionArn": execution.execution_arn, "startDate": execution.start_date}


@answers("stepfunctions", "StartSyncExecution")
def start_sync_execution(call: Call) -> dict:
    """Run an Express workflow and wait for its end; moto lacks it."""
    from moto.stepfunctions.parser.backend.execution import SyncExecution

    machine, version, named = machine_of(call)
    if machine.type != "EXPRESS":
        raise Refused("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")
    if call.params.get("name") is not None:
        require_name(call.params["name"])
    text = _input(call)
    execution = _made(call, SyncExecution, machine, version, named, text)
    execution.start()
    took = (execution.stop_date - execution.start_date).total_seconds() * 1000
    step = value("step_functions.express.billed_duration")
    shown = {
        "executionArn": execution.exec_arn,
        "stateMachineArn": machine.arn,
        "name": execution.name,
        "startDate": execution.start_date,
        "stopDate": execution.stop_date,
        "status": execution.status,
        "input": text,
        "inputDetails": {"included": True},
        "billingDetails": {
            "billedMemoryUsedInMB": value("step_functions.express.billed_memory"),
            "billedDurationInMilliseconds": int(-(-took // step) * step),
        },
    }
    return {**shown, **ending(execution)}


def ending(execution: Any) -> dict[str, Any]:
    """Output, or error and cause, as they are shown. An output that is a text keeps its quotation marks: it is JSON."""
    shown: dict[str, Any] = {}
    if execution.status == "SUCCEEDED":
        shown["output"] = as_text(execution.output)
        shown["outputDetails"] = {"included": True}
    if execution.error:
        shown["error"] = execution.error
    if execution.cause:
        shown["cause"] = execution.cause
    return shown


def as_text(data: Any) -> str:
    """JSON text as Step Functions writes it: without blanks, and with letters of all languages as they are."""
    from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

    return json.dumps(json.loads(to_json_str(data)), separators=(",", ":"), ensure_ascii=False)


@refuses("stepfunctions", "DescribeExecution", "GetExecutionHistory", "StopExecution", "RedriveExecution")
def express_execution(call: Call) -> None:
    """Express executions are not kept; and an ARN that is none is said to be none."""
    arn = call.params["executionArn"]
    if ":express:" in arn:
        raise Refused("InvalidArn", "Invalid Arn: 'Resource type not valid in this context: express'")
    if not re.fullmatch(r"arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:execution:[^:]+:[^:]+", arn):
        raise Refused("InvalidArn", f"Invalid Arn: '{arn}'")


@refuses("stepfunctions", "ListExecutions")
def executions_of_express(call: Call) -> None:
    """Express executions cannot be listed."""
    arn = call.params.get("stateMachineArn")
    if arn and chosen(call.backend, arn)[0].type == "EXPRESS":
        raise Refused("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")


def existing(call: Call) -> Any:
    """The execution of a request; Refused if there is none."""
    try:
        return call.backend.describe_execution(call.params["executionArn"])
    except AWSError:
        arn = call.params["executionArn"]
        raise Refused("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'") from None


@answers("stepfunctions", "DescribeExecution")
def describe_execution(call: Call) -> dict:
    """An execution with its end; moto leaves the quotation marks of a text away, and a null output altogether."""
    execution = existing(call)
    shown = {
        "executionArn": execution.execution_arn,
        "stateMachineArn": execution.state_machine_arn,
        "name": execution.name,
        "status": execution.status,
        "startDate": execution.start_date,
        "input": execution.execution_input,
        "inputDetails": {"included": True},
        "redriveCount": 0,
        "redriveStatus": "NOT_REDRIVABLE",
        **execution.named,
    }
    if execution.status != "RUNNING":
        shown["stopDate"] = execution.stop_date
    if execution.status in ("FAILED", "TIMED_OUT", "ABORTED"):
        shown["redriveStatus"] = "REDRIVABLE"
    else:
        shown["redriveStatusReason"] = f"Execution is {execution.status} and cannot be redriven"
    return {**shown, **ending(execution)}


@answers("stepfunctions", "StopExecution")
def stop_execution(call: Call) -> dict:
    """Abort with the error and cause given; one that has ended stays as it is."""
    execution = existing(call)
    if execution.status == "RUNNING":
        stopped = datetime.now(UTC)
        execution.stop(stopped, call.params.get("error"), call.params.get("cause"))
        _await_end(execution)
    return {"stopDate": execution.stop_date or datetime.now(UTC)}


def _await_end(execution: Any) -> None:
    # The thread hears of it in a moment; who asks next should see the status.
    import time

    for _ in range(200):
        if execution.status != "RUNNING":
            return
        time.sleep(0.005)


@corrects("stepfunctions", "ListExecutions")
def shown_versions(call: Call, result: Any) -> dict | None:
    """Which version or alias was executed belongs to the list, and the end of those that timed out."""
    machine = chosen(call.backend, call.params["stateMachineArn"])[0]
    held = {one.execution_arn: one for one in machine.executions}
    for shown in result["executions"]:
        execution = held[shown["executionArn"]]
        shown.update(execution.named)
        if execution.status != "RUNNING":
            shown["stopDate"] = execution.stop_date
    return result


@corrects("stepfunctions", "GetExecutionHistory")
def part_of_the_history(call: Call, result: Any) -> dict:
    """Pages, the last event first if asked, and without data if asked."""
    events = list(result["events"])
    if call.params.get("reverseOrder"):
        events.reverse()
    most = call.params.get("maxResults") or value("step_functions.executions.history_page")
    start = int(call.params.get("nextToken") or 0)
    page = {"events": events[start : start + most]}
    if start + most < len(events):
        page["nextToken"] = str(start + most)
    return page


def end_executions() -> None:
    """Stop what runs, and wait until its threads have ended: the account is emptied."""
    begun = [one for one in _begun if one.exec_worker and one.status == "RUNNING"]
    _begun.clear()
    if begun:
        end(begun)
