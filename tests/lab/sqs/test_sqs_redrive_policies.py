"""RedrivePolicy and RedriveAllowPolicy."""

import json

import pytest
from conftest import client
from messaging import attribute, queue_arn

NONE = "arn:aws:sqs:us-east-1:123456789012:none"


def redrive(url, count=3, **more):
    return {"deadLetterTargetArn": queue_arn(url), "maxReceiveCount": count, **more}


def test_the_receive_count_has_a_range(sqs, queue, refused):
    """Are 1 and 1,000 allowed, as numbers and as text, and what is beyond not?"""
    dead, url = queue("dead"), queue()
    for wrong in (0, 1001, "many", None, True, 1.5):
        refused(
            sqs.set_queue_attributes,
            "InvalidParameterValue",
            "valid values are from 1 to 1000",
            QueueUrl=url,
            Attributes={"RedrivePolicy": json.dumps(redrive(dead, wrong))},
        )
    for right in (1, 1000, "5"):
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": json.dumps(redrive(dead, right))})
        assert json.loads(attribute(sqs, url, "RedrivePolicy"))["maxReceiveCount"] == int(right)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("dead", "not a valid JSON map"),
        ("[]", "not a valid JSON map"),
        ('{"maxReceiveCount": 3}', "mandatory attribute: deadLetterTargetArn"),
        (json.dumps({"deadLetterTargetArn": NONE}), "mandatory attribute: maxReceiveCount"),
        (json.dumps({"deadLetterTargetArn": NONE, "maxReceiveCount": 3, "x": 1}), "Only following attributes"),
        (json.dumps({"deadLetterTargetArn": "dead", "maxReceiveCount": 3}), "Invalid value for deadLetterTargetArn"),
        (json.dumps({"deadLetterTargetArn": NONE, "maxReceiveCount": 3}), "does not exist"),
        (json.dumps({"deadLetterTargetArn": NONE.replace("east", "west"), "maxReceiveCount": 3}), "same Region"),
        (json.dumps({"deadLetterTargetArn": NONE.replace("1234", "9999"), "maxReceiveCount": 3}), "someone else"),
    ],
)
def test_what_is_no_redrive_policy(sqs, refused, given, words):
    """Is each way to get it wrong refused with its reason?"""
    call = {"QueueName": "q", "Attributes": {"RedrivePolicy": given}}
    refused(sqs.create_queue, "InvalidParameterValue", "for parameter RedrivePolicy is invalid", words, **call)


def test_standard_to_standard_and_fifo_to_fifo(sqs, queue, refused):
    """Has a dead-letter queue the type of its source?"""
    dead, dead_fifo = queue("dead"), queue("dead.fifo")
    for name, wrong, right in (("q", dead_fifo, dead), ("q.fifo", dead, dead_fifo)):
        attributes = {"FifoQueue": "true"} if "fifo" in name else {}
        attributes["RedrivePolicy"] = json.dumps(redrive(wrong))
        refused(sqs.create_queue, "InvalidParameterValue", "same type", QueueName=name, Attributes=attributes)
        queue(name, RedrivePolicy=redrive(right))
    assert sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"] == [
        sqs.get_queue_url(QueueName="q")["QueueUrl"]
    ]


def test_an_empty_policy_takes_the_dead_letter_queue_away(sqs, queue):
    """Can it be undone?"""
    url = queue(RedrivePolicy=redrive(queue("dead")))
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": ""})
    assert attribute(sqs, url, "RedrivePolicy") is None


def test_a_dead_letter_queue_chooses_its_sources(sqs, queue, refused):
    """Do denyAll and byQueue keep others away?"""
    dead, url, other = queue("dead"), queue(), queue("other")

    def allow(**policy):
        sqs.set_queue_attributes(QueueUrl=dead, Attributes={"RedriveAllowPolicy": json.dumps(policy)})

    use = {"Attributes": {"RedrivePolicy": json.dumps(redrive(dead))}}
    allow(redrivePermission="denyAll")
    refused(sqs.set_queue_attributes, "InvalidParameterValue", "does not allow", QueueUrl=url, **use)
    allow(redrivePermission="byQueue", sourceQueueArns=[queue_arn(url)])
    refused(sqs.set_queue_attributes, "InvalidParameterValue", "does not allow", QueueUrl=other, **use)
    sqs.set_queue_attributes(QueueUrl=url, **use)
    assert json.loads(attribute(sqs, dead, "RedriveAllowPolicy"))["redrivePermission"] == "byQueue"
    allow(redrivePermission="allowAll")
    sqs.set_queue_attributes(QueueUrl=other, **use)


@pytest.mark.parametrize(
    "given",
    [
        "x",
        {"redrivePermission": "some"},
        {},
        {"redrivePermission": "byQueue"},
        {"redrivePermission": "byQueue", "sourceQueueArns": []},
        {"redrivePermission": "byQueue", "sourceQueueArns": [NONE] * 11},
        {"redrivePermission": "byQueue", "sourceQueueArns": ["none"]},
        {"redrivePermission": "allowAll", "sourceQueueArns": [NONE]},
    ],
)
def test_what_is_no_redrive_allow_policy(sqs, queue, refused, given):
    """Is each way to get it wrong refused?"""
    text = given if isinstance(given, str) else json.dumps(given)
    call = {"QueueUrl": queue(), "Attributes": {"RedriveAllowPolicy": text}}
    refused(sqs.set_queue_attributes, "InvalidParameterValue", "RedriveAllowPolicy", **call)


def test_ten_sources_are_allowed(sqs, queue):
    """Is the largest list taken?"""
    queue(RedriveAllowPolicy={"redrivePermission": "byQueue", "sourceQueueArns": [NONE + str(n) for n in range(10)]})
    assert client("sqs").list_queues()["QueueUrls"]
