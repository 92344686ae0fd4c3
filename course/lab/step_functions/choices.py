"""A Choice state in which no rule fits and which has no Default fails with an error of its own.

https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

from __future__ import annotations

from typing import Any


def fail_where_nothing_fits() -> None:
    """States.NoChoiceMatched, which ends the execution: a Choice has no Catch. moto says States.Runtime."""
    from moto.stepfunctions.parser.api import ExecutionFailedEventDetails, HistoryEventType
    from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
        FailureEvent,
        FailureEventException,
    )
    from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
    from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
    from moto.stepfunctions.parser.asl.component.state.choice.state_choice import StateChoice
    from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

    original = StateChoice._eval_state

    def evaluated(state: Any, env: Any) -> None:
        try:
            original(state, env)
        except RuntimeError as nothing:
            if "No branching option" not in str(nothing.args[0]):
                raise
            name = StatesErrorName(typ=StatesErrorNameType.StatesNoChoiceMatched)
            cause = (
                f"An error occurred while executing the state '{state.name}'. Failed to transition out of the state. The "
                "state does not point to a next state."
            )
            details = ExecutionFailedEventDetails(error=name.error_name, cause=cause)
            failed = FailureEvent(
                env=env,
                error_name=name,
                event_type=HistoryEventType.ExecutionFailed,
                event_details=EventDetails(executionFailedEventDetails=details),
            )
            raise FailureEventException(failure_event=failed) from None

    StateChoice._eval_state = evaluated
