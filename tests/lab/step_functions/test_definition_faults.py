"""What is wrong with a definition, and what is not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from machine_runs import END, FUNCTION, machine

from course.lab.step_functions.definition_faults import faults_of
from course.lab.step_functions.payload_faults import is_function, is_path

TASK = {"Type": "Task", "Resource": FUNCTION, "End": True}
INVOKE = {"Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": FUNCTION}}
DONE = {"Type": "Succeed"}


def task(**more):
    return machine(A={**TASK, **more})


def choice(**rule):
    return machine(A={"Type": "Choice", "Choices": [{**rule, "Next": "B"}]}, B=DONE)


def jsonata(**states):
    return {"QueryLanguage": "JSONata", **machine(**states)}


def retry(**more):
    return task(Retry=[{"ErrorEquals": ["E"], **more}])


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        (task(Resource="f"), "Value is not a valid resource ARN at /States/A/Resource"),
        (task(Resource="arn:aws:states:::lambda:call"), "lambda:call not recognized"),
        (task(Resource="arn:aws:states:::nothing:call"), "nothing:call not recognized"),
        (task(Resource="arn:aws:states:::aws-sdk:s3:ListBuckets"), "ListBuckets not recognized"),
        (task(Resource="arn:aws:states:::dynamodb:putItem.waitForTaskToken"), "not recognized"),
        (task(Resource="arn:aws:states:::lambda:invoke"), 'The field "FunctionName" is required but was missing'),
        (task(TimeoutSeconds=0), "TimeoutSeconds"),
        (task(TimeoutSeconds="5"), "TimeoutSeconds"),
        (task(TimeoutSeconds=5, HeartbeatSeconds=5), "'HeartbeatSeconds' must be smaller than 'TimeoutSeconds'"),
        (task(TimeoutSeconds=5, TimeoutSecondsPath="$.t"), "exclude each other"),
        (task(InputPath="a"), "Reference path didn't start with '$' at /States/A/InputPath"),
        (task(ResultPath="$$.a"), "/States/A/ResultPath"),
        (task(OutputPath="$.a["), "not a valid JSONPath"),
        (task(Parameters={"a.$": "b"}), "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic"),
        (task(Parameters={"a": {"b.$": "States.Nothing($.x)"}}), "'b.$'"),
        (task(Parameters={"a.$": "States.Format('x'"}), "'a.$'"),
        (task(Arguments={}), "Field 'Arguments' is not supported at /States/A/Arguments"),
        (task(Foo=1), "Field 'Foo' is not supported"),
        (task(Next="A"), "'Next' and 'End' exclude each other"),
        (task(Assign={"1x": 1}), "no name of a variable"),
        (task(Assign={"states": 1}), "no name of a variable"),
        (retry(IntervalSeconds=0), "IntervalSeconds"),
        (retry(IntervalSeconds=1.5), "IntervalSeconds"),
        (retry(MaxAttempts=-1), "MaxAttempts"),
        (retry(BackoffRate=0.5), "BackoffRate"),
        (retry(MaxDelaySeconds=1), "'MaxDelaySeconds' must be greater than 'IntervalSeconds'"),
        (retry(MaxDelaySeconds=31622401), "MaxDelaySeconds"),
        (retry(JitterStrategy="SOME"), "[FULL, NONE]"),
        (retry(Foo=1), "/States/A/Retry[0]/Foo"),
        (task(Retry={}), "The field 'Retry' should be a list"),
        (task(Retry=[{"ErrorEquals": []}]), "'ErrorEquals' is required"),
        (task(Catch=[{"ErrorEquals": ["E"]}]), "These fields are required: [Next] at /States/A/Catch[0]"),
        (
            choice(Variable="x", StringEquals="a"),
            "Reference path didn't start with '$' at /States/A/Choices[0]/Variable",
        ),
        (choice(Variable="$.x"), "Exactly one comparison operator"),
        (choice(Variable="$.x", StringEquals="a", IsNull=True), "Exactly one comparison operator"),
        (choice(Variable="$.x", StringEqual="a"), "Field 'StringEqual' is not supported"),
        (choice(Variable="$.x", NumericEquals="5"), "should be a number"),
        (choice(Variable="$.x", NumericEquals=True), "should be a number"),
        (choice(Variable="$.x", BooleanEquals="true"), "should be true or false"),
        (choice(Variable="$.x", TimestampEquals="yesterday"), "should be a timestamp"),
        (choice(Variable="$.x", StringEqualsPath="y"), "Reference path"),
        (choice(StringEquals="a"), "[Variable]"),
        (choice(And=[]), "should be a list of rules"),
        (choice(Not={"Variable": "$.x", "IsNull": True, "Next": "B"}), "/States/A/Choices[0]/Not/Next"),
        (choice(Condition="{% true %}"), "Condition"),
        (
            machine(A={"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": True}], "Default": "B"}, B=DONE),
            "These fields are required: [Next] at /States/A/Choices[0]",
        ),
        (machine(A={"Type": "Choice", "Choices": []}), "'Choices' is required"),
        (machine(A={"Type": "Wait", "Seconds": -1, "End": True}), "Seconds"),
        (machine(A={"Type": "Wait", "Seconds": 1, "Timestamp": "2026-01-01T00:00:00Z", "End": True}), "Exactly one"),
        (machine(A={"Type": "Wait", "Timestamp": "tomorrow", "End": True}), "Timestamp"),
        (machine(A={"Type": "Fail", "InputPath": "$"}), "Field 'InputPath' is not supported"),
        (machine(A={"Type": "Pass", "Resource": FUNCTION, "End": True}), "Field 'Resource' is not supported"),
        (machine(A={"Type": "Map", "End": True}), "'ItemProcessor' is required"),
        (
            machine(A={"Type": "Map", "ItemProcessor": machine(B=END), "MaxConcurrency": -1, "End": True}),
            "MaxConcurrency",
        ),
        (
            machine(A={"Type": "Map", "ItemProcessor": machine(B=END), "ItemReader": {}, "End": True}),
            "Field 'ItemReader' is not supported in INLINE mode",
        ),
        (
            machine(A={"Type": "Parallel", "Branches": [machine(A=END)], "End": True}),
            "DUPLICATE_STATE_NAME: Duplicate State name: A at /States/A/Branches[0]/States/A",
        ),
        (machine(**{"x" * 81: END}), "1 to 80 characters"),
        ({**machine(A=END), "Version": "2.0"}, "[1.0]"),
        ({**machine(A=END), "QueryLanguage": "SQL"}, "[JSONPath, JSONata]"),
        ({**machine(A=END), "TimeoutSeconds": 0}, "/TimeoutSeconds"),
        ({**machine(A=END), "Name": "m"}, "Field 'Name' is not supported at /Name"),
        (jsonata(A={**TASK, "Parameters": {}}), "Field 'Parameters' is not supported"),
        (jsonata(A={"Type": "Pass", "Output": "{% 1 + %}", "End": True}), "is not valid"),
        (jsonata(A={"Type": "Pass", "Output": {"a": ["{% $eval('1') %}"]}, "End": True}), "$eval"),
        (jsonata(A={**END, "QueryLanguage": "JSONPath"}), "can not be 'JSONPath'"),
        (jsonata(A={"Type": "Choice", "Choices": [{"Condition": "yes", "Next": "B"}]}, B=DONE), "Condition"),
    ],
)
def test_faults_are_found(definition, words):
    """Is the fault told with AWS's code and its place?"""
    found = faults_of(json.dumps(definition))
    assert any(words in fault for fault in found), found
    assert all(fault.partition(":")[0].isupper() for fault in found)


@pytest.mark.parametrize("pattern", [".sync:2", ".waitForTaskToken"])
def test_express_waits_for_nothing(pattern):
    """Are waiting integrations and activities for Standard workflows only?"""
    resource = f"arn:aws:states:::states:startExecution{pattern}"
    definition = json.dumps(task(Resource=resource, Parameters={"StateMachineArn": "a"}))
    assert not faults_of(definition)
    assert "Express state machine does not support" in faults_of(definition, "EXPRESS")[0]
    activity = json.dumps(task(Resource="arn:aws:states:us-east-1:123456789012:activity:a"))
    assert not faults_of(activity) and "Activity" in faults_of(activity, "EXPRESS")[0]


@pytest.mark.parametrize(
    "definition",
    [
        task(**INVOKE),
        task(Resource=FUNCTION + ":live", Comment="x", TimeoutSecondsPath="$.t", HeartbeatSecondsPath="$.h"),
        task(Credentials={"RoleArn.$": "$.role"}),
        task(ResultSelector={"a.$": "$.Payload", "b": [{"c.$": "$$.Execution.Id"}]}, ResultPath="$.x['y'][0]"),
        task(InputPath="$$", OutputPath=None, ResultPath=None),
        task(Resource="arn:aws:states:::aws-sdk:dynamodb:query"),
        task(Resource="arn:aws:states:::ecs:runTask.sync", Parameters={"Cluster": "c"}),
        task(Resource="arn:aws:states:::http:invoke", Parameters={"ApiEndpoint": "x"}),
        task(Resource="arn:aws:states:::sqs:sendMessage", Parameters={"QueueUrl.$": "$.q", "MessageBody.$": "$"}),
        retry(IntervalSeconds=2, MaxAttempts=0, BackoffRate=1, MaxDelaySeconds=9, JitterStrategy="FULL", Comment="c"),
        retry(MaxDelaySeconds=31622400),
        task(Parameters={"a.$": "States.Format('{} it\\'s {}', $.a, States.JsonToString($.b))", "b.$": "States.UUID()"}),
        task(Parameters={"a.$": "$.a[?(@.b == 'x.')].c", "d.$": "$.e[-1:]", "f.$": "$..g[*]", "h.$": "$var.x"}),
        choice(Variable="$.x", StringMatches="a*"),
        choice(Variable="$.a[0]['b']", TimestampLessThanEqualsPath="$.t", Comment="c"),
        choice(Or=[{"Variable": "$.x", "IsPresent": True}, {"Not": {"Variable": "$.y", "NumericEquals": 1.5}}]),
        choice(And=[{"Variable": "$.x", "IsNumeric": True, "Comment": "c"}, {"Variable": "$$.x", "IsNull": False}]),
        choice(Variable="$.x", BooleanEquals=True, Assign={"a": 1}),
        machine(A={"Type": "Wait", "SecondsPath": "$.s", "Next": "B"}, B=DONE),
        machine(A={"Type": "Wait", "Seconds": 0, "End": True}),
        machine(A={"Type": "Wait", "Timestamp": "2026-11-28T12:00:00.5+01:00", "End": True}),
        machine(A={"Type": "Fail", "ErrorPath": "$.e", "CausePath": "States.Format('{}', $.c)"}),
        machine(A={"Type": "Map", "ItemsPath": "$.xs", "Iterator": machine(B=END), "MaxConcurrency": 0, "End": True}),
        machine(
            A={
                "Type": "Map",
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                    **machine(B=END),
                },
                "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {}},
                "ToleratedFailurePercentage": 5,
                "Label": "all",
                "End": True,
            }
        ),
        {"Comment": "c", "Version": "1.0", "TimeoutSeconds": 60, "QueryLanguage": "JSONPath", **machine(A=END)},
        jsonata(
            A={"Type": "Task", "Resource": FUNCTION, "Arguments": "{% $states.input %}", "TimeoutSeconds": "{% $t %}",
               "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B", "Output": "{% $states.errorOutput %}"}], "Next": "B"},
            B={"Type": "Fail", "Error": "{% $states.input.Error %}"},
        ),
        jsonata(A={"Type": "Wait", "Seconds": "{% 1 + 1 %}", "Output": {"a": "plain"}, "End": True}),
        machine(A={"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% 1 %}", "Next": "B"}, B=END),
    ],
)  # fmt: skip
def test_right_definitions_have_no_faults(definition):
    """Is what AWS takes taken?"""
    assert faults_of(json.dumps(definition)) == []


def test_faults_of_json():
    """Are keys that stand twice, and constants that are no JSON, told?"""
    twice = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "A": {"Type": "Succeed"}}}'
    assert faults_of(twice) == ["DUPLICATE_STATE_NAME: Duplicate State name: A at /States"]
    assert faults_of('{"StartAt": NaN}')[0].startswith("INVALID_JSON_DESCRIPTION")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "States",
                    "StartAt",
                    "A",
                    "B",
                    "Type",
                    "Next",
                    "End",
                    "Choices",
                    "Retry",
                    "Catch",
                    "ErrorEquals",
                    "Branches",
                ]
                + [
                    "ItemProcessor",
                    "Parameters",
                    "x.$",
                    "Seconds",
                    "Variable",
                    "And",
                    "Not",
                    "Resource",
                    "Assign",
                    "Output",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(JSON)
def test_any_json_is_judged(document):
    """Is every JSON document judged with sentences, whatever is in it?"""
    assert all(isinstance(fault, str) for fault in faults_of(json.dumps(document)))


STATE = st.fixed_dictionaries(
    {"Type": st.sampled_from(["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map", "X"])},
    optional={
        "Next": JSON, "End": JSON, "Choices": JSON, "Retry": JSON, "Catch": JSON, "Branches": JSON, "Resource": JSON,
        "ItemProcessor": JSON, "Parameters": JSON, "Assign": JSON, "Seconds": JSON, "QueryLanguage": JSON, "Default": JSON,
    },
)  # fmt: skip


@given(STATE, STATE)
def test_any_state_is_judged(first, second):
    """Is every state judged with sentences, whatever its fields hold?"""
    assert isinstance(faults_of(json.dumps(machine(A=first, B=second))), list)


def test_paths_and_functions():
    """Are paths told from functions and from plain texts?"""
    for path in ("$", "$$", "$.a", "$['a b']", "$.a[0].b", "$$.Task.Token", "$v", "$..a", "$.a[?(@.b > 1)]"):
        assert is_path(path), path
    for text in ("", "a", "$a b .", "$.a[", "$.", "States.UUID()", 5, None, "$.a.b."):
        assert not is_path(text), text
    assert is_function("States.Array(1, 'it\\'s', $.a)") and not is_function("States.Array(1") and not is_function("x")
