"""Amazon EventBridge to queues."""

import json

import pytest

from tests.lab.conftest import client
from tests.lab.messaging import bodies, lets_in, policy, queue_arn

EVENTS = "events.amazonaws.com"


@pytest.fixture
def rule(_fresh):
    """A rule for events of the shop: its ARN."""
    return client("events").put_rule(Name="orders", EventPattern='{"source":["shop"]}')["RuleArn"]


def send(url, **target):
    events = client("events")
    events.put_targets(Rule="orders", Targets=[{"Id": "1", "Arn": queue_arn(url), **target}])
    events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": '{"n": 1}'}])


def open_to(rule, **more):
    return policy(lets_in(EVENTS, "sqs:SendMessage", "*", {"ArnEquals": {"aws:SourceArn": rule}}) | more)


def test_the_queue_policy_decides(sqs, queue, rule):
    """Does a queue get an event only where its policy lets EventBridge in for this rule?"""
    opened, closed = queue("open", Policy=open_to(rule)), queue("closed", Policy=open_to(f"{rule}-2"))
    bare, managed = queue("bare"), queue("managed", Policy=open_to(rule), KmsMasterKeyId="alias/aws/sqs")
    for url in (opened, closed, bare, managed):
        send(url)
    assert [json.loads(one)["detail"] for one in bodies(sqs, opened)] == [{"n": 1}]
    assert bodies(sqs, closed) == bodies(sqs, bare) == bodies(sqs, managed) == []


def test_a_dead_letter_says_why(sqs, queue, rule):
    """Does an event that is not let in go to the dead-letter queue of the target?"""
    url, dead = queue(), queue("dead", Policy=open_to(rule))
    send(url, DeadLetterConfig={"Arn": queue_arn(dead)})
    (message,) = sqs.receive_message(QueueUrl=dead, MessageAttributeNames=["All"])["Messages"]
    facts = {name: one["StringValue"] for name, one in message["MessageAttributes"].items()}
    assert facts == {"RULE_ARN": rule, "TARGET_ARN": queue_arn(url), "ERROR_CODE": "NO_PERMISSIONS"}
    assert json.loads(message["Body"])["source"] == "shop"
