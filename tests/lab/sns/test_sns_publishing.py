"""What can be published."""

import json

import pytest

from course.lab.sns.confirmation import inbox

SIZE = 262_144


@pytest.fixture
def topic(sns):
    return sns.create_topic(Name="t")["TopicArn"]


@pytest.fixture
def fifo(sns):
    return sns.create_topic(Name="t.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]


def test_a_message_is_256_kib_long_unless_the_topic_says_otherwise(sns, topic, refused):
    """Are bytes counted, with the attributes, up to 1 MiB where the topic takes it?"""
    sns.publish(TopicArn=topic, Message="x" * SIZE)
    for wrong in ("x" * (SIZE + 1), "é" * (SIZE // 2 + 1)):
        refused(sns.publish, "InvalidParameter", "Message too long", TopicArn=topic, Message=wrong)
    kind = {"kind": {"DataType": "String", "StringValue": "order"}}
    more = {"TopicArn": topic, "MessageAttributes": kind}
    room = SIZE - len("kindStringorder")
    sns.publish(**more, Message="x" * room)
    refused(sns.publish, "InvalidParameter", "Message too long", **more, Message="x" * (room + 1))
    sns.set_topic_attributes(TopicArn=topic, AttributeName="MaximumMessageSize", AttributeValue="1048576")
    sns.publish(TopicArn=topic, Message="x" * 1_048_576)
    refused(sns.publish, "InvalidParameter", "Message too long", TopicArn=topic, Message="x" * 1_048_577)


def test_an_empty_message(sns, topic, refused):
    """Is it refused?"""
    refused(sns.publish, "InvalidParameter", "Empty message", TopicArn=topic, Message="")


@pytest.mark.parametrize("wrong", ["", "x" * 101, "a\nb", "a\tb", "\x00"])
def test_a_subject_is_a_line_of_100_characters(sns, topic, refused, wrong):
    """Are longer ones, line breaks and control characters refused?"""
    refused(sns.publish, "InvalidParameter", "Subject", TopicArn=topic, Message="x", Subject=wrong)
    sns.publish(TopicArn=topic, Message="x", Subject="Ü" * 100)


def test_a_message_for_each_protocol_needs_a_default(sns, topic, refused):
    """Is MessageStructure json checked?"""
    call = {"TopicArn": topic, "MessageStructure": "json"}
    refused(sns.publish, "InvalidParameter", "failed to parse", **call, Message="no JSON")
    for wrong in ({"sqs": "x"}, {"default": {"a": 1}}, ["default"]):
        refused(sns.publish, "InvalidParameter", "No default entry", **call, Message=json.dumps(wrong))
    refused(sns.publish, "InvalidParameter", "MessageStructure", TopicArn=topic, MessageStructure="xml", Message="x")
    sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint="+12065550100")
    sns.publish(**call, Message=json.dumps({"default": "long", "sms": "short"}))
    sns.publish(**call, Message=json.dumps({"default": "long", "sms": 1}))
    assert [one["Message"] for one in inbox("+12065550100")] == ["short", "long"]


def test_something_to_publish_to(sns, topic, refused):
    """Is exactly one of topic, endpoint and phone number asked for?"""
    refused(sns.publish, "InvalidParameter", "TopicArn or TargetArn", Message="x")
    refused(sns.publish, "InvalidParameter", "TopicArn or TargetArn", Message="x", TopicArn=topic, TargetArn=topic)
    endpoint = topic.rpartition(":")[0] + ":endpoint/APNS/app/1"
    refused(sns.publish, "InvalidParameter", "No endpoint found", Message="x", TargetArn=endpoint)
    refused(sns.publish, "InvalidParameter", "elements, not 1", Message="x", TopicArn="")
    refused(sns.publish, "InvalidParameter", Message="x", PhoneNumber="ana")
    sns.publish(TargetArn=topic, Message="x")
    sns.publish(PhoneNumber="+12065550100", Message="x")


def text(given="v", kind="String", field="StringValue"):
    return {"DataType": kind, field: given}


@pytest.mark.parametrize(
    ("name", "attribute", "words"),
    [
        ("a^b", text(), "'#x5E'"),
        ("x" * 257, text(), "less than 256 bytes"),
        (".a", text(), "starting with character '.'"),
        ("a.", text(), "ending with character '.'"),
        ("a..b", text(), "successive"),
        ("a", text(kind="Text"), "supported type prefixes"),
        ("a", text(kind="Stringprefixed"), "supported type prefixes"),
        ("a", text(""), "non-empty message attribute value for message attribute type 'String'"),
        ("a", text(b"", "Binary", "BinaryValue"), "type 'Binary'"),
        ("a", text(b"x", "String", "BinaryValue"), "with type 'String' must use field 'String'"),
        ("a", text("x", "Binary"), "must use field 'Binary'"),
        ("a", text("many", "Number"), "to number"),
    ],
)
def test_what_is_no_message_attribute(sns, topic, refused, name, attribute, words):
    """Are name, type and value checked, for one message and in a batch?"""
    attributes = {name: attribute}
    refused(sns.publish, "ParameterValueInvalid", words, TopicArn=topic, Message="x", MessageAttributes=attributes)
    entries = [{"Id": "1", "Message": "x", "MessageAttributes": attributes}]
    refused(sns.publish_batch, "ParameterValueInvalid", words, TopicArn=topic, PublishBatchRequestEntries=entries)


def test_message_attributes_of_all_types(sns, topic):
    """Are they taken?"""
    kinds = [text(), text("1.5e3", "Number"), text("x", "String.label"), text(b"\x00", "Binary", "BinaryValue")]
    kinds.append(text('["a", 1, true, null]', "String.Array"))
    attributes = {f"a-{n}_.x": one for n, one in enumerate(kinds)}
    sns.publish(TopicArn=topic, Message="x", MessageAttributes=attributes)


def test_a_fifo_topic_asks_for_group_and_deduplication_id(sns, topic, fifo, refused):
    """Are both needed, the second unless the content gives it, and refused where they do not belong?"""
    refused(sns.publish, "InvalidParameter", "MessageGroupId parameter is required", TopicArn=fifo, Message="x")
    group = {"Message": "x", "MessageGroupId": "g"}
    refused(sns.publish, "InvalidParameter", "ContentBasedDeduplication", TopicArn=fifo, **group)
    refused(
        sns.publish,
        "InvalidParameter",
        "not valid for this topic type",
        TopicArn=topic,
        Message="x",
        MessageDeduplicationId="1",
    )
    refused(
        sns.publish,
        "InvalidParameter",
        "1 to 128",
        TopicArn=fifo,
        **{**group, "MessageGroupId": "a b"},
        MessageDeduplicationId="1",
    )
    sns.publish(TopicArn=topic, **group)
    first = sns.publish(TopicArn=fifo, **group, MessageDeduplicationId="1")
    again = sns.publish(TopicArn=fifo, **group, MessageDeduplicationId="1")
    assert (first["MessageId"], first["SequenceNumber"]) == (again["MessageId"], again["SequenceNumber"])
    sns.set_topic_attributes(TopicArn=fifo, AttributeName="ContentBasedDeduplication", AttributeValue="true")
    assert sns.publish(TopicArn=fifo, **group)["SequenceNumber"] > first["SequenceNumber"]


def entries(count, **more):
    return [{"Id": str(n), "Message": "x", **more} for n in range(count)]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ([], "EmptyBatchRequest"),
        (entries(11), "TooManyEntriesInBatchRequest"),
        (entries(1) * 2, "BatchEntryIdsNotDistinct"),
        ([{"Id": "a b", "Message": "x"}], "InvalidBatchEntryId"),
        (entries(2, Message="x" * (SIZE // 2 + 1)), "BatchRequestTooLong"),
        (entries(1, Message=""), "InvalidParameter"),
        (entries(1, MessageStructure="json"), "InvalidParameter"),
    ],
)
def test_what_is_no_batch(sns, topic, refused, wrong, code):
    """Is a wrong batch refused as a whole, and the largest right one not?"""
    refused(sns.publish_batch, code, TopicArn=topic, PublishBatchRequestEntries=wrong)
    answer = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries(10))
    assert len(answer["Successful"]) == 10


def test_a_batch_for_a_fifo_topic(sns, fifo, refused):
    """Are its ids asked for, and its messages numbered?"""
    refused(
        sns.publish_batch, "InvalidParameter", "MessageGroupId", TopicArn=fifo, PublishBatchRequestEntries=entries(1)
    )
    some = [{**one, "MessageGroupId": "g", "MessageDeduplicationId": one["Id"]} for one in entries(3)]
    answer = sns.publish_batch(TopicArn=fifo, PublishBatchRequestEntries=some)
    numbers = [one["SequenceNumber"] for one in answer["Successful"]]
    assert numbers == sorted(numbers) and len(set(numbers)) == 3
