"""JSONata and variables in state machines."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from machine_runs import FUNCTION, machine, output, run

from course.lab.step_functions.expressions import evaluate, fault_of


def jsonata(**states):
    return {"QueryLanguage": "JSONata", **machine(**states)}


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("1 + 1", 2),
        ("$sum([1.5, 2.5])", 4),
        ("$partition([1, 2, 3], 2)", [[1, 2], [3]]),
        ("$range(0, 4, 2)", [0, 2, 4]),
        ("$hash('a', 'MD5')", "0cc175b9c0f1b6a831c399e269772661"),
        ("$length($uuid())", 36),
        ('$parse("{\\"a\\": [1]}")', {"a": [1]}),
        ("$random() < 1", True),
        ("$random(7) = $random(7)", True),
        ("nothing", None),
        ("null", None),
        ("$filter([1, 2, 3], function($v) { $v > 1 })", [2, 3]),
    ],
)
def test_expressions(expression, found):
    """Does an expression give plain data, with the functions of Step Functions?"""
    assert evaluate(expression) == found


@pytest.mark.parametrize(
    "expression",
    ["1 / 0", "'a' + 1", "$hash('a', 'X')", "$eval('1')", "$range(1, 5000, 1)", "function($x) { $x }", "$nope(1)"],
)
def test_errors_of_expressions(expression):
    """Is what cannot be computed said in a sentence?"""
    with pytest.raises(ValueError, match=r"\w+"):
        evaluate(expression)


def test_expression_that_never_ends():
    """Is an expression without an end stopped?"""
    with pytest.raises(ValueError):
        evaluate("($f := function($x) { 1 + $f($x) }; $f(1))")


@given(st.text(max_size=30))
def test_any_text_is_judged(text):
    """Is any text either an expression, or one with a fault that is told?"""
    assert isinstance(fault_of(text), str)


def test_variables_pass_between_states(state_machine):
    """Are assigned variables there in later states, texts with quotation marks too?"""
    definition = jsonata(
        A={"Type": "Pass", "Assign": {"items": "{% $states.input.items %}", "word": 'say "hi"\n'}, "Next": "B"},
        B={"Type": "Pass", "Output": {"first": "{% $items[0] %}", "word": "{% $word %}"}, "End": True},
    )
    assert output(state_machine(definition), {"items": [5, 6]}) == {"first": 5, "word": 'say "hi"\n'}


def test_jsonpath_variables(state_machine):
    """Do variables work with JSONPath as well?"""
    definition = machine(
        A={"Type": "Pass", "Assign": {"n.$": "$.n"}, "Next": "B"},
        B={"Type": "Pass", "Parameters": {"twice.$": "States.MathAdd($n, $n)"}, "End": True},
    )
    assert output(state_machine(definition), {"n": 4}) == {"twice": 8}


def test_task_choice_and_map(state_machine, deploy):
    """Do Arguments, Output, Condition and Items take expressions?"""
    deploy("def handler(e, c): return e['n'] * 2")
    definition = jsonata(
        Call={
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": FUNCTION, "Payload": {"n": "{% $states.input.n %}"}},
            "Output": "{% $states.result.Payload %}",
            "Next": "Large",
        },
        Large={
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input > 5 %}", "Next": "Each"}],
            "Default": "Small",
        },
        Each={
            "Type": "Map",
            "Items": "{% [1..$states.input] %}",
            "ItemProcessor": machine(One={"Type": "Pass", "Output": "{% $states.input * 10 %}", "End": True}),
            "End": True,
        },
        Small={"Type": "Fail", "Error": "Small"},
    )
    arn = state_machine(definition)
    assert output(arn, {"n": 3}) == [10, 20, 30, 40, 50, 60]
    assert run(arn, {"n": 1})["error"] == "Small"


@pytest.mark.parametrize(("expression", "word"), [("'a' + 1", "number"), ("$states.input.nothing", "undefined")])
def test_failed_expression(state_machine, expression, word):
    """Does an expression that fails end the execution with States.QueryEvaluationError, which can be caught?"""
    shown = run(state_machine(jsonata(A={"Type": "Pass", "Output": f"{{% {expression} %}}", "End": True})))
    assert (shown["status"], shown["error"]) == ("FAILED", "States.QueryEvaluationError")
    assert word in shown["cause"] and expression in shown["cause"]


def test_large_input_is_quick(state_machine):
    """Is an input of some size no trouble for an expression?"""
    many = [{"id": number, "text": "x" * 20} for number in range(2000)]
    definition = jsonata(A={"Type": "Pass", "Output": "{% $count($states.input.many) %}", "End": True})
    assert output(state_machine(definition), {"many": many}) == 2000
    assert len(json.dumps(many)) > 80_000
