"""What the tests of queues and topics share: ARNs, policies, and a look into a queue."""

import json

ACCOUNT = "123456789012"


def queue_arn(url, region="us-east-1"):
    """The ARN of the queue with this URL."""
    account, name = url.split("/")[-2:]
    return f"arn:aws:sqs:{region}:{account}:{name}"


def policy(*statements, **one):
    """A policy document as JSON text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements) or [one]})


def lets_in(service, action, resource, condition=None):
    """A statement that lets an AWS service do one action."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def bodies(sqs, url, **more):
    """The bodies of up to ten messages; they stay visible."""
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0, **more)
    return [message["Body"] for message in found.get("Messages", ())]


def attribute(sqs, url, name):
    """One attribute of a queue, None if it has none."""
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    return found.get("Attributes", {}).get(name)
