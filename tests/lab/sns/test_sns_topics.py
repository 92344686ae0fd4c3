"""Topics: names, ARNs, attributes, policies, tags."""

import json

import pytest
from conftest import client
from messaging import ACCOUNT, policy

from course import lab

HERE = f"arn:aws:sns:us-east-1:{ACCOUNT}"
PUBLISH = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}


@pytest.mark.parametrize("name", ["a b", "ö", "a.b", "t.fifo", "x" * 257, ""])
def test_a_name_has_letters_digits_hyphens_and_underscores(sns, refused, name):
    """Is a wrong name refused, also .fifo for a standard topic, and the longest right one not?"""
    refused(sns.create_topic, "InvalidParameter", "Topic Name", Name=name)
    sns.create_topic(Name="x" * 256)


@pytest.mark.parametrize("name", ["t", "a.b.fifo", "x" * 252 + ".fifo"])
def test_a_fifo_topic_ends_in_fifo(sns, refused, name):
    """Is the suffix asked for and counted?"""
    fifo = {"FifoTopic": "true"}
    refused(sns.create_topic, "InvalidParameter", "must end with .fifo", Name=name, Attributes=fifo)
    sns.create_topic(Name="x" * 251 + ".fifo", Attributes=fifo)


def test_an_arn_means_one_topic(sns, refused):
    """Are other texts, other Regions and unknown topics told apart?"""
    arn = sns.create_topic(Name="t")["TopicArn"]
    sns.get_topic_attributes(TopicArn=arn)
    for call in (sns.get_topic_attributes, sns.list_subscriptions_by_topic):
        refused(call, "InvalidParameter", "at least 6 elements, not 1", TopicArn="t")
        refused(call, "NotFound", "Topic does not exist", status=404, TopicArn=f"{HERE}:none")
        refused(call, "InvalidParameter", "TopicArn", TopicArn=arn.replace("us-east-1", "eu-west-1"))
    with pytest.raises(sns.exceptions.NotFoundException):
        sns.publish(TopicArn=f"{HERE}:none", Message="x")


def test_deleting_what_is_not_there_is_no_error(sns, refused):
    """Is deletion idempotent, and does it take subscriptions along?"""
    arn = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=f"arn:aws:sqs:us-east-1:{ACCOUNT}:q")
    sns.delete_topic(TopicArn=arn)
    sns.delete_topic(TopicArn=arn)
    assert sns.list_subscriptions()["Subscriptions"] == []
    refused(sns.delete_topic, "InvalidParameter", "elements", TopicArn="t")


def test_the_same_name_is_the_same_topic_but_not_otherwise(sns, refused):
    """Is a topic created twice refused for other attributes or tags only?"""
    first = {"Name": "t", "Attributes": {"DisplayName": "Orders"}, "Tags": [{"Key": "env", "Value": "dev"}]}
    arn = sns.create_topic(**first)["TopicArn"]
    assert sns.create_topic(**first)["TopicArn"] == sns.create_topic(Name="t")["TopicArn"] == arn
    refused(sns.create_topic, "InvalidParameter", "different attributes", Name="t", Attributes={"DisplayName": "x"})
    for tag in ({"Key": "env", "Value": "prod"}, {"Key": "more", "Value": "x"}):
        refused(sns.create_topic, "InvalidParameter", "different tags", Name="t", Tags=[tag])


def test_tags(sns, refused):
    """Is a key given once, and are there at most 50?"""
    twice = [{"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"}]
    refused(sns.create_topic, "InvalidParameter", "Duplicated keys", Name="t", Tags=twice)
    arn = sns.create_topic(Name="t", Tags=[{"Key": f"k{n}", "Value": ""} for n in range(50)])["TopicArn"]
    refused(sns.tag_resource, "TagLimitExceeded", ResourceArn=arn, Tags=[{"Key": "k50", "Value": ""}])
    sns.tag_resource(ResourceArn=arn, Tags=[{"Key": "k0", "Value": "new"}])


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("DisplayName", "x" * 101, "x" * 100),
        ("TracingConfig", "Passive", "Active"),
        ("SignatureVersion", "3", "2"),
        ("MaximumMessageSize", "1023", "1024"),
        ("MaximumMessageSize", "1048577", "1048576"),
        ("SQSSuccessFeedbackSampleRate", "101", "100"),
        ("LambdaFailureFeedbackRoleArn", "role", f"arn:aws:iam::{ACCOUNT}:role/logs"),
        ("DeliveryPolicy", "x", '{"http":{"defaultHealthyRetryPolicy":{"numRetries":5}}}'),
    ],
)
def test_values_of_attributes(sns, refused, name, wrong, right):
    """Is each attribute checked when it is set and when the topic is made, and shown afterwards?"""
    arn = sns.create_topic(Name="t")["TopicArn"]
    set_wrong = {"TopicArn": arn, "AttributeName": name, "AttributeValue": wrong}
    refused(sns.set_topic_attributes, "InvalidParameter", name, **set_wrong)
    refused(sns.create_topic, "InvalidParameter", name, Name="new", Attributes={name: wrong})
    sns.set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=right)
    assert sns.get_topic_attributes(TopicArn=arn)["Attributes"][name] == right


def test_attributes_that_cannot_be_set(sns, refused):
    """Are unknown names refused, and deduplication for a standard topic?"""
    arn = sns.create_topic(Name="t")["TopicArn"]
    for name in ("Colour", "TopicArn", "FifoTopic", "SubscriptionsConfirmed"):
        call = {"TopicArn": arn, "AttributeName": name, "AttributeValue": "true"}
        refused(sns.set_topic_attributes, "InvalidParameter", "AttributeName", **call)
    refused(sns.create_topic, "InvalidParameter", "Colour", Name="u", Attributes={"Colour": "red"})
    call = {"AttributeName": "ContentBasedDeduplication", "AttributeValue": "true"}
    refused(sns.set_topic_attributes, "InvalidParameter", "FIFO", TopicArn=arn, **call)
    fifo = sns.create_topic(Name="t.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
    sns.set_topic_attributes(TopicArn=fifo, **call)
    assert sns.get_topic_attributes(TopicArn=fifo)["Attributes"]["ContentBasedDeduplication"] == "true"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no JSON", "Policy Error"),
        ("", "Policy Error"),
        (policy({**PUBLISH, "Effect": "allow"}), "Policy Error"),
        (policy({key: one for key, one in PUBLISH.items() if key != "Principal"}), "Policy Error"),
        (policy({**PUBLISH, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/nobody"}}), "PrincipalNotFound"),
        (policy({**PUBLISH, "Action": "sns:CreateTopic"}), "out of service scope"),
        (policy({**PUBLISH, "Action": ["sns:Publish", "sqs:SendMessage"]}), "out of service scope"),
    ],
)
def test_what_is_no_topic_policy(sns, refused, text, words):
    """Is a document that is none, or is about something else, refused?"""
    arn = sns.create_topic(Name="t")["TopicArn"]
    call = {"TopicArn": arn, "AttributeName": "Policy", "AttributeValue": text}
    refused(sns.set_topic_attributes, "InvalidParameter", words, **call)
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy(PUBLISH))


def test_permissions_are_statements(sns, refused):
    """Does AddPermission write a statement, and RemovePermission take it away?"""
    arn = sns.create_topic(Name="t")["TopicArn"]
    add = {"TopicArn": arn, "Label": "one", "AWSAccountId": ["111122223333"], "ActionName": ["Publish"]}
    sns.add_permission(**add)
    statements = json.loads(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])["Statement"]
    assert statements[1]["Principal"] == {"AWS": "arn:aws:iam::111122223333:root"}
    refused(sns.add_permission, "InvalidParameter", "already exists", **add)
    refused(sns.add_permission, "InvalidParameter", "scope", **{**add, "Label": "two", "ActionName": ["CreateTopic"]})
    refused(sns.add_permission, "InvalidParameter", "AWSAccountId", **{**add, "Label": "two", "AWSAccountId": ["ana"]})
    sns.remove_permission(TopicArn=arn, Label="one")
    assert len(json.loads(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])["Statement"]) == 1


def test_subscriptions_are_counted(sns):
    """Does a topic know how many are confirmed, pending and deleted?"""
    arn = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="ana@example.com")
    queue = {"Protocol": "sqs", "Endpoint": f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"}
    first = sns.subscribe(TopicArn=arn, **queue)["SubscriptionArn"]
    sns.subscribe(TopicArn=arn, Protocol="sms", Endpoint="+12065550100")
    sns.unsubscribe(SubscriptionArn=first)
    shown = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    counts = [shown[f"Subscriptions{one}"] for one in ("Confirmed", "Pending", "Deleted")]
    assert counts == ["1", "1", "1"]


def test_the_command_line_meets_the_same_rules(sns):
    """Does `aws sns` refuse in AWS's words?"""
    answer = lab.aws("sns create-topic --name t.fifo")
    assert answer.exit_code != 0 and "Invalid parameter: Topic Name" in answer.error
    assert lab.aws("sns create-topic --name t").exit_code == 0
    assert client("sns").list_topics()["Topics"] == [{"TopicArn": f"{HERE}:t"}]
