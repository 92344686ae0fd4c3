"""Rules, patterns, targets and buses: what AWS refuses."""

import json

import pytest

QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
PATTERN = '{"source": ["shop"]}'


@pytest.fixture
def rule(events):
    events.put_rule(Name="r", EventPattern=PATTERN)
    return {"Rule": "r"}


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({}, "ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified."),
        (
            {"ScheduleExpression": "rate(1 minutes)"},
            "ValidationException",
            "Parameter ScheduleExpression is not valid.",
        ),
        (
            {"ScheduleExpression": "rate(30 seconds)"},
            "ValidationException",
            "Parameter ScheduleExpression is not valid.",
        ),
        (
            {"ScheduleExpression": "cron(0 12 * * * *)"},
            "ValidationException",
            "Parameter ScheduleExpression is not valid.",
        ),
        (
            {"ScheduleExpression": "cron(0 12 * * ?)"},
            "ValidationException",
            "Parameter ScheduleExpression is not valid.",
        ),
        (
            {"EventPattern": '{"source": "shop"}'},
            "InvalidEventPatternException",
            '"source" must be an object or an array',
        ),
        ({"EventPattern": '{"source": []}'}, "InvalidEventPatternException", "Empty arrays are not allowed"),
        (
            {"EventPattern": '{"a": [{"begins": "x"}]}'},
            "InvalidEventPatternException",
            "Unrecognized match type begins",
        ),
        ({"EventPattern": "source"}, "InvalidEventPatternException", "Event pattern is not valid. Reason:"),
        ({"EventPattern": PATTERN, "Name": "a b"}, "ValidationException", "regular expression pattern"),
        ({"EventPattern": PATTERN, "Name": "x" * 65}, "ValidationException", "less than or equal to 64"),
        ({"EventPattern": PATTERN, "State": "ON"}, "ValidationException", "enum value set"),
        (
            {"EventPattern": PATTERN, "EventBusName": "gone"},
            "ResourceNotFoundException",
            "Event bus gone does not exist.",
        ),
    ],
)
def test_impossible_rules(events, refused, more, code, words):
    """Are schedules, patterns and names that AWS does not take refused, and the nearest good ones taken?"""
    refused(events.put_rule, code, words, **{"Name": "r", **more})
    events.put_rule(Name="r", EventPattern=PATTERN, ScheduleExpression="rate(1 minute)")
    events.put_rule(Name="s", ScheduleExpression="cron(0 12 ? * MON-FRI *)", State="DISABLED")


def test_schedules_on_the_default_bus_only(events, refused):
    """Does a custom bus take patterns, and no schedules?"""
    events.create_event_bus(Name="orders")
    words = "ScheduleExpression is supported only on the default event bus."
    call = {"Name": "r", "EventBusName": "orders"}
    refused(events.put_rule, "ValidationException", words, **call, ScheduleExpression="rate(1 hour)")
    events.put_rule(**call, EventPattern=PATTERN)


def test_targets_per_rule(events, rule, refused):
    """Is the sixth target refused, and one of the five changed?"""
    events.put_targets(**rule, Targets=[{"Id": str(n), "Arn": QUEUE} for n in range(5)])
    refused(events.put_targets, "LimitExceededException", **rule, Targets=[{"Id": "5", "Arn": QUEUE}])
    events.put_targets(**rule, Targets=[{"Id": "4", "Arn": QUEUE, "Input": "{}"}])
    many = [{"Id": str(n), "Arn": QUEUE} for n in range(11)]
    refused(events.put_targets, "ValidationException", "less than or equal to 10", **rule, Targets=many)
    refused(events.delete_rule, "ValidationException", "Rule can't be deleted since it has targets.", Name="r")


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ({"Arn": "q"}, "Parameter q is not valid. Reason: Provided Arn is not in correct format."),
        ({"Arn": "arn:aws:dynamodb:us-east-1:123456789012:table/t"}, "no supported target"),
        (
            {"Arn": "arn:aws:states:us-east-1:123456789012:stateMachine:m"},
            "RoleArn is required for target arn:aws:states",
        ),
        ({"Arn": QUEUE + ".fifo"}, "Parameter(s) SqsParameters must be specified for target: t."),
        ({"Input": "{"}, "JSON syntax error in input for target t"),
        ({"Input": "{}", "InputPath": "$.detail"}, "Only one of Input, InputPath, or InputTransformer"),
        ({"InputPath": "detail"}, "JSONPath"),
        ({"InputTransformer": {"InputTemplate": '{"a": <b>}'}}, "undefined variable b"),
        ({"InputTransformer": {"InputPathsMap": {"b": "detail"}, "InputTemplate": "<b>"}}, "JSONPath"),
        ({"Id": "a b"}, "regular expression pattern"),
    ],
)
def test_impossible_targets(events, rule, refused, target, words):
    """Are ARNs, roles and inputs that AWS does not take refused?"""
    refused(events.put_targets, "ValidationException", words, **rule, Targets=[{"Id": "t", "Arn": QUEUE, **target}])
    given = {"InputPathsMap": {"b": "$.detail.b"}, "InputTemplate": '{"a": <b>, "rule": "<aws.events.rule-name>"}'}
    events.put_targets(**rule, Targets=[{"Id": "t", "Arn": QUEUE, "InputTransformer": given}])


def test_unknown_rules(events, rule, refused):
    """Is it said on which bus a rule is not?"""
    words = "Rule gone does not exist on EventBus default."
    for call, given in (
        (events.describe_rule, {"Name": "gone"}),
        (events.disable_rule, {"Name": "gone"}),
        (events.list_targets_by_rule, {"Rule": "gone"}),
        (events.remove_targets, {"Rule": "gone", "Ids": ["1"]}),
        (events.put_targets, {"Rule": "gone", "Targets": [{"Id": "t", "Arn": QUEUE}]}),
    ):
        refused(call, "ResourceNotFoundException", words, **given)


def test_event_buses(events, refused):
    """Are the default bus, a bus with rules, and a second one of the same name protected?"""
    refused(events.delete_event_bus, "ValidationException", "Cannot delete event bus default.", Name="default")
    events.create_event_bus(Name="orders")
    words = "Event bus orders already exists."
    refused(events.create_event_bus, "ResourceAlreadyExistsException", words, Name="orders")
    events.put_rule(Name="r", EventPattern=PATTERN, EventBusName="orders")
    refused(events.delete_event_bus, "ValidationException", "rules", Name="orders")
    events.delete_rule(Name="r", EventBusName="orders")
    events.delete_event_bus(Name="orders")


EVENT = {
    "id": "1",
    "account": "123456789012",
    "source": "shop",
    "time": "2026-11-28T12:00:00Z",
    "region": "us-east-1",
    "resources": [],
    "detail-type": "order",
    "detail": {"total": 12},
}


def test_test_event_pattern(events, refused):
    """Does the operation that moto lacks answer, and want a whole event?"""
    ask = lambda pattern: events.test_event_pattern(EventPattern=json.dumps(pattern), Event=json.dumps(EVENT))["Result"]
    assert ask({"detail": {"total": [{"numeric": [">", 10]}]}}) and not ask({"source": ["bank"]})
    call = {"EventPattern": PATTERN}
    words = "Parameter Event is not valid."
    refused(events.test_event_pattern, "ValidationException", words, **call, Event='{"source": "shop"}')
    refused(events.test_event_pattern, "ValidationException", words, **call, Event="shop")
    words = "Event pattern is not valid."
    refused(
        events.test_event_pattern, "InvalidEventPatternException", words, EventPattern="{}", Event=json.dumps(EVENT)
    )


def test_a_bus_is_updated(events, refused):
    """Does a bus show its new description, and is one that is not there refused?"""
    events.create_event_bus(Name="orders", Description="old")
    assert events.update_event_bus(Name="orders", Description="new")["Description"] == "new"
    assert events.describe_event_bus(Name="orders")["Description"] == "new"
    refused(events.update_event_bus, "ResourceNotFoundException", "Event bus gone does not exist.", Name="gone")
