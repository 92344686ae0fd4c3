"""Activities and task tokens: work that somebody else does, and says when it is done.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-activities.html
https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
"""

from __future__ import annotations

import json
import time
from typing import Any

from course.data import value

from ..gate import Call, Refused, answers, corrects, refuses
from .names import require_name


def _activities(backend: Any) -> dict[str, Any]:
    """The activities as the interpreter sees them, with the tasks that wait; they live with moto's state."""
    return backend.__dict__.setdefault("_lab_activities", {})


@refuses("stepfunctions", "CreateActivity")
def impossible_activity(call: Call) -> None:
    """A name that is none."""
    require_name(call.params["name"])


@corrects("stepfunctions", "CreateActivity")
def remember_activity(call: Call, result: Any) -> None:
    """State machines can give tasks to the activity from now on."""
    from moto.stepfunctions.parser.backend.activity import Activity

    arn = result["activityArn"]
    _activities(call.backend).setdefault(arn, Activity(arn=arn, name=call.params["name"]))


@corrects("stepfunctions", "DeleteActivity")
def forget_activity(call: Call, result: Any) -> None:
    """Its tasks are gone too."""
    _activities(call.backend).pop(call.params["activityArn"], None)


@answers("stepfunctions", "GetActivityTask")
def get_activity_task(call: Call) -> dict:
    """The next task with its token. Where none comes, AWS answers without one after a minute, the account sooner."""
    arn = call.params["activityArn"]
    activity = _activities(call.backend).get(arn)
    if activity is None:
        raise Refused("ActivityDoesNotExist", f"Activity does not exist: '{arn}'")
    until = time.monotonic() + value("lab.step_functions.activity_poll")
    while True:
        try:
            task = activity.get_task()
            break
        except IndexError:
            if time.monotonic() >= until:
                return {}
            time.sleep(0.02)
    for execution in call.backend._get_executions():
        env = execution.exec_worker.env
        endpoint = env.callback_pool_manager.get(task.task_token) if env else None
        if endpoint is not None:
            endpoint.notify_activity_task_start(worker_name=call.params.get("workerName"))
    return {"taskToken": task.task_token, "input": task.task_input}


@refuses("stepfunctions", "SendTaskSuccess")
def output_that_is_no_json(call: Call) -> None:
    """The output of a task is JSON."""
    try:
        json.loads(call.params["output"])
    except (ValueError, RecursionError) as error:
        raise Refused("InvalidOutput", f"Invalid Output: '{error}'") from None


def _waiting(call: Call) -> Any:
    """The task that waits with the request's token; Refused for a token that is none, and for a task that is over."""
    for execution in call.backend._get_executions():
        environment = execution.exec_worker.env
        task = environment.callback_pool_manager.get(call.params["taskToken"]) if environment else None
        if task is None:
            continue
        if execution.status != "RUNNING" or task.consumer_error is not None or task.get_outcome() is not None:
            raise Refused("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
        return task
    raise Refused("InvalidToken", "Invalid Token: 'Invalid token'")


@answers("stepfunctions", "SendTaskSuccess")
def send_task_success(call: Call) -> dict:
    """The task ends with this output. moto forgets a token as soon as its execution has ended."""
    from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackOutcomeSuccess

    token = call.params["taskToken"]
    _waiting(call).notify(CallbackOutcomeSuccess(token, call.params["output"]))
    return {}


@answers("stepfunctions", "SendTaskFailure")
def send_task_failure(call: Call) -> dict:
    """The task fails with this error and cause."""
    from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackOutcomeFailure

    params = call.params
    _waiting(call).notify(CallbackOutcomeFailure(params["taskToken"], params.get("error"), params.get("cause")))
    return {}


@answers("stepfunctions", "SendTaskHeartbeat")
def send_task_heartbeat(call: Call) -> dict:
    """The worker lives. A task without HeartbeatSeconds takes it too; moto does not."""
    _waiting(call).notify_heartbeat()
    return {}
