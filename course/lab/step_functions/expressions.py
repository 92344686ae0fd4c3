"""JSONata for state machines: moto's interpreter asks a Java library for it, here jsonata-python answers.

Step Functions has a few functions more ($partition, $range, $hash, $random, $uuid, $parse), and no $eval.
https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import hashlib
import json
import sys
from random import Random
from typing import Any
from uuid import UUID

from course.data import value

from .. import ids

_ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
# An expression that never ends must not outlive the execution.
_LONGEST = value("lab.step_functions.expression") * 1000
_DEEPEST = value("lab.step_functions.expression_depth")


def evaluate(expression: str) -> Any:
    """The value of an expression as plain JSON data; None for null and for nothing. ValueError says what is wrong."""
    from jsonata import Jsonata

    try:
        compiled = Jsonata(expression, timeout=_LONGEST, stack=_DEEPEST)
        for name, function in _FUNCTIONS.items():
            compiled.register_lambda(name, function)
        return _plain(compiled.evaluate(None))
    except RecursionError:
        raise ValueError("The expression is nested too deeply.") from None
    except ZeroDivisionError:
        raise ValueError("Number out of range: division by zero.") from None
    except Exception as error:
        raise ValueError(str(error)) from None


def fault_of(expression: str) -> str:
    """Why an expression is no JSONata, "" if it is."""
    from jsonata import Jsonata

    try:
        Jsonata(expression)
    except RecursionError:
        return "The expression is nested too deeply."
    except Exception as error:
        return str(error)
    return ""


def _plain(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _plain(one) for name, one in found.items()}
    if isinstance(found, (list, tuple)):
        return [_plain(one) for one in found]
    if found is None or isinstance(found, (str, bool, int)):
        return found
    if isinstance(found, float):
        if found != found or found in (float("inf"), float("-inf")):
            raise ValueError("Number out of range.")
        return int(found) if found.is_integer() and abs(found) < 2**53 else found
    raise ValueError("The expression returned an unsupported result type.")


# What Step Functions adds -----------------------------------------------------------------------------------------------


def _partition(array: Any, size: Any) -> list:
    array = array if isinstance(array, list) else [array]
    if not isinstance(size, (int, float)) or isinstance(size, bool) or int(size) < 1:
        raise ValueError("$partition needs a chunk size of 1 or more.")
    return [array[start : start + int(size)] for start in range(0, len(array), int(size))]


def _range(first: Any, last: Any, step: Any) -> list:
    if not step:
        raise ValueError("$range needs a step other than 0.")
    count = int((last - first) / step)
    most = value("step_functions.expressions.range")
    if count >= most:
        raise ValueError(f"$range returns at most {most} items.")
    return [first + number * step for number in range(count + 1)] if count >= 0 else []


def _hash(text: Any, algorithm: Any = None) -> str:
    if algorithm not in _ALGORITHMS:
        raise ValueError(f"$hash knows the algorithms {', '.join(_ALGORITHMS)}.")
    text = text if isinstance(text, str) else json.dumps(text, separators=(",", ":"))
    return hashlib.new(_ALGORITHMS[algorithm], text.encode()).hexdigest()


def _random(seed: Any = None) -> float:
    return (ids.stream("state machine random") if seed is None else Random(f"{seed}")).random()


def _uuid() -> str:
    return str(UUID(int=ids.stream("state machine uuid").getrandbits(128), version=4))


def _no_eval(*given: Any) -> None:
    raise ValueError("The function $eval is not supported.")


_FUNCTIONS = {
    "partition": _partition,
    "range": _range,
    "hash": _hash,
    "random": _random,
    "uuid": _uuid,
    "parse": json.loads,
    "eval": _no_eval,
}


# Inside moto's interpreter ----------------------------------------------------------------------------------------------


def _declarations(bindings: dict[str, Any]) -> str:
    """Variables as JSONata text. moto writes texts without escaping them."""
    from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

    return "".join(f"{name}:=$parse({json.dumps(to_json_str(given))});" for name, given in bindings.items())


def evaluate_in_python() -> None:
    """Put this module in the place of the Java library; an error in an expression is States.QueryEvaluationError."""
    from moto.stepfunctions.parser.asl.component.common.string.string_expression import StringJSONata

    own = {
        "eval_jsonata_expression": evaluate,
        "encode_jsonata_variable_declarations": _declarations,
        "get_intrinsic_functions_declarations": lambda variable_references: "",
    }
    for name, module in list(sys.modules.items()):
        if name.startswith("moto.stepfunctions.parser.asl."):
            for attribute in own.keys() & module.__dict__.keys():
                setattr(module, attribute, own[attribute])
    StringJSONata._eval_body = _named_error(StringJSONata._eval_body)


def _named_error(original: Any) -> Any:
    from moto.stepfunctions.parser.api import HistoryEventType
    from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
        FailureEvent,
        FailureEventException,
    )
    from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
    from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
    from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

    def with_error(expression: Any, env: Any) -> None:
        try:
            original(expression, env)
        except ValueError as error:
            kind = StatesErrorName(typ=StatesErrorNameType.StatesQueryEvaluationError)
            cause = f"The JSONata expression '{expression.expression}' threw an error during evaluation. {error}"
            details = EventDetails(evaluationFailedEventDetails={"error": kind.error_name, "cause": cause})
            env.event_manager.add_event(
                context=env.event_history_context,
                event_type=HistoryEventType.EvaluationFailed,
                event_details=details,
            )
            raise FailureEventException(
                FailureEvent(
                    env=env, error_name=kind, event_type=HistoryEventType.EvaluationFailed, event_details=details
                )
            ) from None

    return with_error
