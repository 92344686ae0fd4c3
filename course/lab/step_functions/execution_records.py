"""Standard executions as they are shown afterwards: described, listed, with their history; and stopped.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import Any

from moto.core.exceptions import AWSError

from course.data import value

from ..gate import Call, Refused, answers, corrects, refuses
from .execution_status import ending
from .versions import chosen


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
        _await_begin(execution)
        execution.stop(stopped, call.params.get("error"), call.params.get("cause"))
        _await_end(execution)
    return {"stopDate": execution.stop_date or datetime.now(UTC)}


def _await_begin(execution: Any) -> None:
    # Its thread makes what is to be stopped, a moment after the call that started it has returned.
    for _ in range(400):
        if execution.status != "RUNNING" or execution.exec_worker.env is not None:
            return
        time.sleep(0.005)


def _await_end(execution: Any) -> None:
    # The thread hears of it in a moment; who asks next should see the status.
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
