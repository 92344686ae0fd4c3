"""The handler of a function: found, called with an event and a context, its result or error told as AWS's runtime does.

Loaded by path by supervisor.py; nothing of the course can be imported here.
"""

import os
import sys
import time

# Frames of these files are no part of a function's stack trace.
_HERE = os.path.dirname(os.path.abspath(__file__))


def run(handler, frame: dict, settings: dict) -> dict:
    """Call the handler once: {"result": JSON text} or {"error": ...}."""
    import json

    context = LambdaContext(frame["context"], frame["deadline"])
    try:
        result = handler(json.loads(frame["event"]), context)
    except Exception as error:
        return {"error": _described(error, settings, frame["context"]["aws_request_id"])}
    try:
        return {"result": json.dumps(result, default=_number, allow_nan=False)}
    except (TypeError, ValueError, RecursionError) as error:
        fault = {
            "errorMessage": f"Unable to marshal response: {error}",
            "errorType": "Runtime.MarshalError",
            "requestId": frame["context"]["aws_request_id"],
            "stackTrace": [],
        }
        return {"error": fault}


def _number(value):
    # AWS's runtime writes the decimals that DynamoDB gives as numbers.
    from decimal import Decimal

    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def load(settings: dict) -> tuple:
    """The handler, or None and the fault of INIT."""
    import importlib

    name = settings["handler"]

    def fault(kind: str, message: str) -> tuple:
        return None, {"errorMessage": message, "errorType": kind, "requestId": "", "stackTrace": []}

    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        return fault(
            "Runtime.MalformedHandlerName", f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)"
        )
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        return fault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}")
    except SyntaxError as error:
        return fault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}")
    except Exception as error:
        return None, _described(error, settings, "")
    if not hasattr(module, function_name):
        return fault("Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'")
    return getattr(module, function_name), None


def _described(error: BaseException, settings: dict, request_id: str) -> dict:
    import traceback

    # As plain tuples, as AWS's runtime formats them: without the marks under the line.
    frames = [
        (frame.filename, frame.lineno, frame.name, frame.line)
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith((_HERE, "<frozen"))
    ]
    try:
        message = str(error)
    except Exception:
        message = ""
    lines = [line.replace(settings["task"], "/var/task") for line in traceback.format_list(frames)]
    return {
        "errorMessage": message.replace(settings["task"], "/var/task"),
        "errorType": type(error).__name__,
        "requestId": request_id,
        "stackTrace": lines,
    }


class ClientContext:
    """What the caller told of itself: custom, env and client."""

    def __init__(self, given: dict):
        self.custom, self.env = given.get("custom"), given.get("env")
        self.client = Client(given["client"]) if given.get("client") else None


class Client:
    """The application that calls, as the mobile SDKs tell it; what it did not tell is None."""

    _FIELDS = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")

    def __init__(self, given: dict):
        for name in self._FIELDS:
            setattr(self, name, given.get(name))


class LambdaContext:
    """What AWS's Python runtime gives a handler as its second argument."""

    def __init__(self, facts: dict, deadline: float):
        self.__dict__.update(facts)
        if facts.get("client_context") is not None:
            self.client_context = ClientContext(facts["client_context"])
        self.identity = None
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the time-out, never below 0."""
        return max(0, int((self._deadline - time.time()) * 1000))

    def log(self, message: object) -> None:
        """Write to the log without a new line, as AWS's runtime does."""
        sys.stdout.write(str(message))

    def __repr__(self) -> str:
        facts = {key: value for key, value in self.__dict__.items() if key != "_deadline"}
        return f"LambdaContext({', '.join(f'{key}={value}' for key, value in facts.items())})"
