"""Definitions in short, and executions to their end."""

import json
import time

from conftest import client

END = {"Type": "Pass", "End": True}
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"


def machine(**states):
    """A definition that starts at the first state."""
    return {"StartAt": next(iter(states)), "States": states}


def ended(execution):
    """The execution once it has ended."""
    sfn = client("stepfunctions")
    for _ in range(1000):
        shown = sfn.describe_execution(executionArn=execution)
        if shown["status"] != "RUNNING":
            return shown
        time.sleep(0.005)
    raise AssertionError("still running")


def run(arn, event=None, **more):
    """Execute and wait for the end."""
    started = client("stepfunctions").start_execution(stateMachineArn=arn, input=json.dumps(event or {}), **more)
    return ended(started["executionArn"])


def output(arn, event=None):
    """Execute and give the output, parsed."""
    shown = run(arn, event)
    assert shown["status"] == "SUCCEEDED", shown
    return json.loads(shown["output"])
