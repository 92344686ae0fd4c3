"""How an execution ends: status, output, error and cause are told together, whatever ended it."""

from __future__ import annotations

import json
from typing import Any


def tell_it_whole() -> None:
    """moto sets the status before the output, and leaves an execution RUNNING when its thread fails."""
    from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
    from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

    BaseExecutionWorkerCommunication._reflect_execution_status = _reflect
    original = ExecutionWorker._execution_logic

    def guarded(worker: ExecutionWorker) -> None:
        try:
            original(worker)
        except Exception as failure:
            execution = worker._execution_communication.execution
            if execution.status == "RUNNING":
                _end(execution, "FAILED", error="States.Runtime", cause=str(failure) or type(failure).__name__)

    ExecutionWorker._execution_logic = guarded


def _reflect(communication: Any) -> None:
    execution = communication.execution
    state = execution.exec_worker.env.program_state()
    kind = type(state).__name__
    # A state that is tested by itself leads on to another, so it is done while its program still runs.
    if kind in ("ProgramEnded", "ProgramRunning"):
        _end(execution, "SUCCEEDED", output=execution.exec_worker.env.states.get_input())
    elif kind == "ProgramStopped":
        _end(execution, "ABORTED", error=state.error, cause=state.cause)
    elif kind == "ProgramError":
        _end(execution, "FAILED", error=state.error.get("error"), cause=state.error.get("cause"))
    else:
        _end(execution, "TIMED_OUT")


def _end(execution: Any, status: str, output: Any = None, error: Any = None, cause: Any = None) -> None:
    from datetime import UTC, datetime

    from moto.stepfunctions.parser.api import ExecutionStatus

    execution.stop_date = datetime.now(UTC)
    execution.output, execution.error, execution.cause = output, error, cause
    execution.exec_status = ExecutionStatus[status]


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
