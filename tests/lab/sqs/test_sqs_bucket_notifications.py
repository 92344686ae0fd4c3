"""Amazon S3 to queues and topics."""

import json

import pytest
from botocore.exceptions import ClientError
from conftest import client
from messaging import ACCOUNT, bodies, lets_in, policy, queue_arn

S3 = "s3.amazonaws.com"


@pytest.fixture
def notify(_fresh):
    """Make a bucket and let it notify a queue or topic."""
    s3 = client("s3")
    s3.create_bucket(Bucket="pictures-1")

    def notify(arn):
        kind = "Queue" if ":sqs:" in arn else "Topic"
        wanted = {f"{kind}Configurations": [{f"{kind}Arn": arn, "Events": ["s3:ObjectCreated:*"]}]}
        s3.put_bucket_notification_configuration(Bucket="pictures-1", NotificationConfiguration=wanted)

    return notify


def opened(bucket="pictures-1", action="sqs:SendMessage", service=S3):
    condition = {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{bucket}"}, "StringEquals": {"aws:SourceAccount": ACCOUNT}}
    return policy(lets_in(service, action, "*", condition))


def unable(call, arn):
    with pytest.raises(ClientError) as caught:
        call(arn)
    error = caught.value.response
    assert error["Error"]["Code"] == "InvalidArgument" and error["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert error["Error"]["Message"] == "Unable to validate the following destination configurations"


def test_a_queue_must_let_the_bucket_in(sqs, queue, notify):
    """Is a destination refused until its policy lets S3 in for this bucket, and told of uploads then?"""
    url = queue()
    for wrong in ("", opened("other-1"), opened(service="sns.amazonaws.com")):
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": wrong})
        unable(notify, queue_arn(url))
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": opened()})
    notify(queue_arn(url))
    client("s3").put_object(Bucket="pictures-1", Key="a.png", Body=b"x")
    test, event = map(json.loads, bodies(sqs, url))
    assert test["Event"] == "s3:TestEvent"
    assert event["Records"][0]["s3"]["object"]["key"] == "a.png"


def test_an_event_is_lost_when_the_policy_has_changed(sqs, queue, notify):
    """Is the policy asked again with every event?"""
    url = queue(Policy=opened())
    notify(queue_arn(url))
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    client("s3").put_object(Bucket="pictures-1", Key="a.png", Body=b"x")
    assert len(bodies(sqs, url)) == 1


def test_fifo_missing_and_distant_queues_are_no_destinations(sqs, queue, notify):
    """Are they refused?"""
    unable(notify, queue_arn(queue("q.fifo", Policy=opened())))
    unable(notify, f"arn:aws:sqs:us-east-1:{ACCOUNT}:none")
    client("sqs", "eu-west-1").create_queue(QueueName="far", Attributes={"Policy": opened()})
    unable(notify, f"arn:aws:sqs:eu-west-1:{ACCOUNT}:far")


def test_the_key_of_the_queue_counts(sqs, queue, notify):
    """Is a queue with the AWS managed key refused?"""
    url = queue(Policy=opened(), KmsMasterKeyId="alias/aws/sqs")
    unable(notify, queue_arn(url))
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"SqsManagedSseEnabled": "true"})
    notify(queue_arn(url))


def test_a_topic_must_let_the_bucket_in(sns, notify):
    """Is the policy that a topic begins with not enough?"""
    topic = sns.create_topic(Name="t")["TopicArn"]
    unable(notify, topic)
    text = opened(action="sns:Publish")
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=text)
    notify(topic)
