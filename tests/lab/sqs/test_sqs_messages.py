"""What can be sent."""

import pytest
from conftest import client
from messaging import bodies

from course.data import value

SIZE = 1_048_576


def test_a_message_may_be_one_mebibyte_long(sqs, queue, refused):
    """Is AWS's size of today the limit, in bytes and with the attributes?"""
    url = queue()
    assert value("sqs.messages.size") == SIZE
    sqs.send_message(QueueUrl=url, MessageBody="x" * SIZE)
    words = f"Message must be shorter than {SIZE} bytes."
    refused(sqs.send_message, "InvalidParameterValue", words, QueueUrl=url, MessageBody="x" * (SIZE + 1))
    refused(sqs.send_message, "InvalidParameterValue", words, QueueUrl=url, MessageBody="é" * (SIZE // 2 + 1))
    kind = {"kind": {"DataType": "String", "StringValue": "order"}}
    room = SIZE - len("kindStringorder")
    sqs.send_message(QueueUrl=url, MessageBody="x" * room, MessageAttributes=kind)
    more = {"MessageBody": "x" * (room + 1), "MessageAttributes": kind}
    refused(sqs.send_message, "InvalidParameterValue", words, QueueUrl=url, **more)


def test_a_queue_may_take_less(sqs, queue, refused):
    """Does MaximumMessageSize count?"""
    url = queue(MaximumMessageSize="1024")
    sqs.send_message(QueueUrl=url, MessageBody="x" * 1024)
    refused(sqs.send_message, "InvalidParameterValue", "1024 bytes", QueueUrl=url, MessageBody="x" * 1025)


def test_a_body_has_characters_of_xml(sqs, queue, refused):
    """Are an empty body and control characters refused, and the rest of Unicode not?"""
    url = queue()
    refused(sqs.send_message, "MissingParameter", "MessageBody", QueueUrl=url, MessageBody="")
    for wrong in ("\x00", "a\x0b", "\ufffe"):
        refused(sqs.send_message, "InvalidMessageContents", "Invalid characters", QueueUrl=url, MessageBody=wrong)
    sqs.send_message(QueueUrl=url, MessageBody="\t\n\r é漢😀")
    assert bodies(sqs, url) == ["\t\n\r é漢😀"]


def text(given="v", kind="String", field="StringValue"):
    return {"DataType": kind, field: given}


@pytest.mark.parametrize(
    ("name", "attribute", "words"),
    [
        ("a b", text(), "'#x20'"),
        ("x" * 257, text(), "shorter than 256"),
        (".a", text(), "period"),
        ("a.", text(), "period"),
        ("a..b", text(), "period"),
        ("AWS.a", text(), "prefix"),
        ("amazon.a", text(), "prefix"),
        ("a", text(kind=""), "non-empty attribute type"),
        ("a", text(kind="Text"), "supported type prefixes"),
        ("a", {"DataType": "String"}, "non-empty value of type 'String'"),
        ("a", text(""), "non-empty value of type 'String'"),
        ("a", text("many", "Number"), "to a number"),
        ("a", text(b"x", "String", "BinaryValue"), "must use field"),
        ("a", text("x", "Binary"), "must use field"),
    ],
)
def test_what_is_no_message_attribute(sqs, queue, refused, name, attribute, words):
    """Are name, type and value of an attribute checked?"""
    call = {"QueueUrl": queue(), "MessageBody": "x", "MessageAttributes": {name: attribute}}
    refused(sqs.send_message, "InvalidParameterValue", words, **call)


def test_ten_message_attributes(sqs, queue, refused):
    """Are ten taken, of all types and with labels of one's own, and eleven not?"""
    url = queue()
    kinds = [text("1.5e3", "Number"), text("-7", "Number.int"), text(b"\x00", "Binary.png", "BinaryValue"), text()]
    ten = {f"a-{n}_.x": kinds[n % 4] for n in range(10)}
    sqs.send_message(QueueUrl=url, MessageBody="x", MessageAttributes=ten)
    found = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"], VisibilityTimeout=0)
    assert found["Messages"][0]["MessageAttributes"] == ten
    eleven = {**ten, "more": text()}
    refused(sqs.send_message, "InvalidParameterValue", "[11]", QueueUrl=url, MessageBody="x", MessageAttributes=eleven)


def test_the_trace_header_is_the_only_system_attribute(sqs, queue, refused):
    """Is it taken, as text, and another name not?"""
    call, trace = {"QueueUrl": queue(), "MessageBody": "x"}, "Root=1-5759e988-bd862e3fe1be46a994272793"
    for wrong in ({"Trace": text(trace)}, {"AWSTraceHeader": text("1", "Number")}, {"AWSTraceHeader": text("")}):
        refused(sqs.send_message, "InvalidParameterValue", "system", **call, MessageSystemAttributes=wrong)
    sqs.send_message(**call, MessageSystemAttributes={"AWSTraceHeader": text(trace)})
    found = sqs.receive_message(QueueUrl=call["QueueUrl"], MessageSystemAttributeNames=["AWSTraceHeader"])
    assert found["Messages"][0]["Attributes"] == {"AWSTraceHeader": trace}


def test_a_message_shows_who_sent_it(sqs, queue):
    """Is SenderId the unique id of the user?"""
    url = queue()
    sender = client("iam").get_user()["User"]["UserId"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "y"}])
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=2, MessageSystemAttributeNames=["SenderId"])
    assert [one["Attributes"]["SenderId"] for one in found["Messages"]] == [sender] * 2


def test_a_delay_is_at_most_15_minutes(sqs, queue, refused):
    """Is the delay of one message in its range?"""
    url = queue()
    for wrong in (-1, 901):
        refused(
            sqs.send_message, "InvalidParameterValue", "DelaySeconds", QueueUrl=url, MessageBody="x", DelaySeconds=wrong
        )
    for right in (0, 900):
        sqs.send_message(QueueUrl=url, MessageBody="x", DelaySeconds=right)


def test_a_fifo_queue_asks_for_group_and_deduplication_id(sqs, queue, refused):
    """Are both needed, the second unless the content gives it?"""
    url, by_content = queue("q.fifo"), queue("c.fifo", ContentBasedDeduplication="true")
    for one in (url, by_content):
        refused(sqs.send_message, "MissingParameter", "MessageGroupId", QueueUrl=one, MessageBody="x")
    group = {"MessageBody": "x", "MessageGroupId": "g"}
    refused(sqs.send_message, "InvalidParameterValue", "ContentBasedDeduplication", QueueUrl=url, **group)
    sqs.send_message(QueueUrl=by_content, **group)
    assert sqs.send_message(QueueUrl=url, **group, MessageDeduplicationId="1")["SequenceNumber"]


def test_a_message_of_a_fifo_queue_has_no_delay_of_its_own(sqs, queue, refused):
    """Is only the delay of the queue allowed?"""
    url = queue("q.fifo", ContentBasedDeduplication="true", DelaySeconds="5")
    call = {"QueueUrl": url, "MessageBody": "x", "MessageGroupId": "g"}
    refused(sqs.send_message, "InvalidParameterValue", "not valid for this queue type", DelaySeconds=2, **call)
    sqs.send_message(**call, DelaySeconds=0)


def test_a_standard_queue_takes_a_group_but_no_deduplication_id(sqs, queue, refused):
    """Do fair queues work, and is deduplication left to FIFO queues?"""
    call = {"QueueUrl": queue(), "MessageBody": "x"}
    sqs.send_message(**call, MessageGroupId="tenant-1")
    refused(
        sqs.send_message, "InvalidParameterValue", "not valid for this queue type", **call, MessageDeduplicationId="1"
    )


@pytest.mark.parametrize("wrong", ["a b", "ö", "x" * 129, "a\tb"])
def test_ids_have_letters_digits_and_punctuation(sqs, queue, refused, wrong):
    """Are both ids of a FIFO message checked?"""
    right = {"MessageGroupId": "g" * 128, "MessageDeduplicationId": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"}
    call = {"QueueUrl": queue("q.fifo"), "MessageBody": "x"}
    for name in right:
        refused(sqs.send_message, "InvalidParameterValue", name, **call, **{**right, name: wrong})
    sqs.send_message(**call, **right)
