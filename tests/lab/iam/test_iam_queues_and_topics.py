"""Who may use a queue or topic: anybody, other accounts, and an administrator whom a policy shuts out."""

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from iam_learners import ACCOUNT, allow, policy, refused, session, user
from moto.iam.models import iam_backends

ANYBODY = {"Effect": "Allow", "Principal": "*", "Resource": "*"}


def anonymous(service):
    return boto3.client(service, config=Config(signature_version=UNSIGNED))


@pytest.fixture
def other():
    """A role session in another account, which may do everything there."""
    organizations = boto3.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    made = organizations.create_account(AccountName="dev", Email="dev@example.com")["CreateAccountStatus"]
    trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    backend = iam_backends[made["AccountId"]]["aws"]
    backend.create_role("admin", policy(trust), "/", None, "", [], 3600)
    backend.put_role_policy("admin", "all", policy(allow("*")))
    arn = f"arn:aws:iam::{made['AccountId']}:role/admin"
    found = session(boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"])
    found.account = made["AccountId"]
    return found


def test_anybody_may_do_what_the_policy_gives_everybody():
    """Is an unsigned request let in by Principal * and by nothing else?"""
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    nobody = anonymous("sqs")
    send = {"QueueUrl": url, "MessageBody": "x"}
    refused(nobody.send_message, "AccessDenied", "anonymous", **send)
    account = {**ANYBODY, "Principal": {"AWS": ACCOUNT}, "Action": "sqs:*"}
    for statements in ([account], [{**ANYBODY, "Action": "sqs:ReceiveMessage"}]):
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy(*statements)})
        refused(nobody.send_message, "AccessDenied", **send)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy({**ANYBODY, "Action": "sqs:SendMessage"})})
    nobody.send_message(**send)
    refused(nobody.receive_message, "AccessDenied", QueueUrl=url)
    refused(nobody.list_queues, "MissingAuthenticationToken")


def test_anybody_may_publish_where_the_topic_says_so():
    """The same for topics."""
    sns = boto3.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    refused(anonymous("sns").publish, "AuthorizationError", TopicArn=topic, Message="x")
    text = policy({**ANYBODY, "Action": "sns:Publish"})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=text)
    anonymous("sns").publish(TopicArn=topic, Message="x")


def test_another_account_needs_the_queue_policy(other):
    """Do both accounts decide, and are some actions the owner's for ever?"""
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    there = other("sqs")
    refused(there.send_message, "AccessDenied", QueueUrl=url, MessageBody="x")
    sqs.add_permission(QueueUrl=url, Label="dev", AWSAccountIds=[other.account], Actions=["*"])
    there.send_message(QueueUrl=url, MessageBody="x")
    assert there.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "x"
    assert there.get_queue_url(QueueName="q", QueueOwnerAWSAccountId=ACCOUNT)["QueueUrl"] == url
    assert "QueueUrls" not in there.list_queues()
    change = {"QueueUrl": url, "Attributes": {"DelaySeconds": "5"}}
    refused(there.set_queue_attributes, "AccessDenied", **change)
    refused(there.delete_queue, "AccessDenied", QueueUrl=url)


def test_the_administrator_has_no_say_in_another_account(other):
    """Is the lab's own key a stranger at the queue of another account?"""
    url = other("sqs").create_queue(QueueName="theirs")["QueueUrl"]
    sqs = boto3.client("sqs")
    refused(sqs.send_message, "AccessDenied", QueueUrl=url, MessageBody="x")
    other("sqs").add_permission(QueueUrl=url, Label="us", AWSAccountIds=[ACCOUNT], Actions=["SendMessage"])
    sqs.send_message(QueueUrl=url, MessageBody="x")


def test_another_account_needs_the_topic_policy(other):
    """Does AddPermission let it publish and subscribe, and does its queue confirm first?"""
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    topic = sns.create_topic(Name="t")["TopicArn"]
    refused(other("sns").publish, "AuthorizationError", TopicArn=topic, Message="x")
    both = ["Publish", "Subscribe"]
    sns.add_permission(TopicArn=topic, Label="dev", AWSAccountId=[other.account], ActionName=both)
    url = other("sqs").create_queue(
        QueueName="theirs",
        Attributes={"Policy": policy({**ANYBODY, "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:*"})},
    )["QueueUrl"]
    queue = f"arn:aws:sqs:us-east-1:{other.account}:theirs"
    own = other("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    assert own["SubscriptionArn"].startswith(topic)
    other("sns").publish(TopicArn=topic, Message="x")
    assert len(other("sqs").receive_message(QueueUrl=url)["Messages"]) == 1
    ours = sns.create_topic(Name="ours")["TopicArn"]
    answer = sns.subscribe(TopicArn=ours, Protocol="sqs", Endpoint=queue)
    assert answer["SubscriptionArn"] == "pending confirmation"
    (asked,) = other("sqs").receive_message(QueueUrl=url)["Messages"]
    assert "SubscriptionConfirmation" in asked["Body"]
    assert sqs.list_queues().get("QueueUrls") is None


def test_a_deny_binds_the_administrator_who_can_take_it_away():
    """Does an explicit deny count for everybody, with a way back?"""
    sqs, sns = boto3.client("sqs"), boto3.client("sns")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    shut = policy({"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": shut})
    refused(sqs.send_message, "AccessDenied", "explicit deny in a resource-based policy", QueueUrl=url, MessageBody="x")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    sqs.send_message(QueueUrl=url, MessageBody="x")
    topic = sns.create_topic(Name="t")["TopicArn"]
    shut = policy({"Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": topic})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=shut)
    refused(sns.publish, "AuthorizationError", "explicit deny", TopicArn=topic, Message="x")
    sns.delete_topic(TopicArn=topic)


def test_a_user_of_the_account_needs_one_of_the_two_policies():
    """Does a topic's own policy let a user in who has none?"""
    sns = boto3.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    ana = user()("sns")
    refused(ana.publish, "AuthorizationError", "SNS:Publish", TopicArn=topic, Message="x")
    statement = {**ANYBODY, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/ana"}, "Action": "sns:Publish"}
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy(statement))
    ana.publish(TopicArn=topic, Message="x")


def test_a_redrive_is_about_the_dead_letter_queue():
    """Is the source of a redrive the resource that a policy names?"""
    sqs = boto3.client("sqs")
    sqs.create_queue(QueueName="dead")
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:dead"
    sqs.create_queue(
        QueueName="q", Attributes={"RedrivePolicy": f'{{"deadLetterTargetArn":"{arn}","maxReceiveCount":1}}'}
    )
    boto3.client("sqs").send_message(QueueUrl=sqs.get_queue_url(QueueName="dead")["QueueUrl"], MessageBody="x")
    ana = user(allow("sqs:*MessageMoveTask*", on=arn))("sqs")
    handle = ana.start_message_move_task(SourceArn=arn, DestinationArn=f"{arn[:-4]}q", MaxNumberOfMessagesPerSecond=1)
    ana.cancel_message_move_task(TaskHandle=handle["TaskHandle"])
    assert len(ana.list_message_move_tasks(SourceArn=arn)["Results"]) == 1
    refused(ana.list_message_move_tasks, "AccessDenied", SourceArn=f"{arn}2")
    refused(ana.cancel_message_move_task, "AccessDenied", TaskHandle="none")
