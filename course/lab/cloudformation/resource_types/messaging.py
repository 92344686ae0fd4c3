"""Amazon SQS queues and Amazon SNS topics, their policies and subscriptions."""

from __future__ import annotations

import json
from typing import Any

from ..caller import Failed
from .resource import ResourceType, changed, changed_properties, retag

_QUEUE = (
    *("ContentBasedDeduplication", "DeduplicationScope", "DelaySeconds", "FifoQueue", "FifoThroughputLimit"),
    *("KmsDataKeyReusePeriodSeconds", "KmsMasterKeyId", "MaximumMessageSize", "MessageRetentionPeriod"),
    *(
        "ReceiveMessageWaitTimeSeconds",
        "RedriveAllowPolicy",
        "RedrivePolicy",
        "SqsManagedSseEnabled",
        "VisibilityTimeout",
    ),
)


def attribute_text(value: Any) -> str:
    """An attribute of a queue or topic as its API takes it: JSON for a map, small letters for a boolean."""
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _attributes(properties: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    return {name: attribute_text(properties[name]) for name in names if name in properties}


class Queue(ResourceType):
    """Ref is the queue's URL."""

    type, name, longest = "AWS::SQS::Queue", "QueueName", 80
    gets = {
        "Arn": lambda self: self._asked("QueueArn"),
        "QueueName": lambda self: self.id.rpartition("/")[2],
        "QueueUrl": lambda self: self.id,
    }
    defaults = {
        "DelaySeconds": "0",
        "MaximumMessageSize": "1048576",
        "MessageRetentionPeriod": "345600",
        "ReceiveMessageWaitTimeSeconds": "0",
        "VisibilityTimeout": "30",
    }

    def _asked(self, name: str) -> str:
        return self.call("sqs", "get_queue_attributes", QueueUrl=self.id, AttributeNames=[name])["Attributes"][name]

    def physical_name(self, properties: dict[str, Any], extension: str = "") -> str:
        fifo = str(properties.get("FifoQueue", "")).lower() == "true"
        return super().physical_name(properties, ".fifo" if fifo else "")

    def exists_already(self, properties: dict[str, Any]) -> bool:
        if "QueueName" not in properties:
            return False
        try:
            self.call("sqs", "get_queue_url", QueueName=properties["QueueName"])
        except Failed:
            return False
        return True

    def create(self, properties: dict[str, Any]) -> None:
        self.id = self.call(
            "sqs",
            "create_queue",
            QueueName=self.physical_name(properties),
            Attributes=_attributes(properties, _QUEUE) or None,
            tags=self.tag_map(properties) or None,
        )["QueueUrl"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        attributes = _attributes({name: new[name] for name in changed_properties(old, new) if name in new}, _QUEUE)
        for name in old:
            if name in _QUEUE and name not in new:
                attributes[name] = self.defaults.get(name, "")
        if attributes:
            self.call("sqs", "set_queue_attributes", QueueUrl=self.id, Attributes=attributes)
        put, gone = retag(self.tags(old), self.tags(new))
        if put:
            self.call("sqs", "tag_queue", QueueUrl=self.id, Tags={tag["Key"]: tag["Value"] for tag in put})
        if gone:
            self.call("sqs", "untag_queue", QueueUrl=self.id, TagKeys=gone)

    def delete(self) -> None:
        self.call("sqs", "delete_queue", QueueUrl=self.id)

    def read(self) -> dict[str, Any]:
        held = self.call("sqs", "get_queue_attributes", QueueUrl=self.id, AttributeNames=["All"])["Attributes"]
        seen: dict[str, Any] = {name: held[name] for name in _QUEUE if name in held}
        for name in ("RedrivePolicy", "RedriveAllowPolicy"):
            if name in seen:
                seen[name] = json.loads(seen[name])
        tags = self.call("sqs", "list_queue_tags", QueueUrl=self.id).get("Tags", {})
        return {
            **seen,
            "QueueName": self.id.rpartition("/")[2],
            "Tags": [{"Key": key, "Value": one} for key, one in tags.items()],
        }


class QueuePolicy(ResourceType):
    """One policy for each of the queues."""

    type = "AWS::SQS::QueuePolicy"
    gets = {"Id": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        self.id = self.physical_name(properties)
        self._put(properties["Queues"], properties["PolicyDocument"])

    def _put(self, queues: list[str], document: Any) -> None:
        for url in queues:
            attributes = {"Policy": attribute_text(document) if document else ""}
            self.call("sqs", "set_queue_attributes", QueueUrl=url, Attributes=attributes)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._put([url for url in old["Queues"] if url not in new["Queues"]], None)
        self._put(new["Queues"], new["PolicyDocument"])

    def delete(self) -> None:
        for url in self.properties["Queues"]:
            try:
                self._put([url], None)
            except Failed as failed:
                if "NonExistentQueue" not in failed.code:
                    raise


_TOPIC = (
    "DisplayName",
    "KmsMasterKeyId",
    "FifoTopic",
    "ContentBasedDeduplication",
    "SignatureVersion",
    "TracingConfig",
)


class Topic(ResourceType):
    """Ref is the topic's ARN. Its property Subscription makes subscriptions that live and die with it."""

    type, name, longest = "AWS::SNS::Topic", "TopicName", 256
    gets = {"TopicName": lambda self: self.id.rpartition(":")[2], "TopicArn": lambda self: self.id}

    def physical_name(self, properties: dict[str, Any], extension: str = "") -> str:
        fifo = str(properties.get("FifoTopic", "")).lower() == "true"
        return super().physical_name(properties, ".fifo" if fifo else "")

    def exists_already(self, properties: dict[str, Any]) -> bool:
        if "TopicName" not in properties:
            return False
        arn = f"arn:aws:sns:{self.region}:{self.account_id}:{properties['TopicName']}"
        try:
            self.call("sns", "get_topic_attributes", TopicArn=arn)
        except Failed:
            return False
        return True

    def create(self, properties: dict[str, Any]) -> None:
        self.id = self.call(
            "sns",
            "create_topic",
            Name=self.physical_name(properties),
            Attributes=_attributes(properties, _TOPIC),
            Tags=self.tags(properties) or None,
        )["TopicArn"]
        self._subscribe(properties.get("Subscription", []))

    def _subscribe(self, subscriptions: list[dict[str, Any]]) -> None:
        for one in subscriptions:
            self.call("sns", "subscribe", TopicArn=self.id, Protocol=one["Protocol"], Endpoint=one["Endpoint"])

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        for name in changed_properties(old, new):
            if name in _TOPIC:
                value = attribute_text(new.get(name, ""))
                self.call("sns", "set_topic_attributes", TopicArn=self.id, AttributeName=name, AttributeValue=value)
        if changed(old, new, "Subscription"):
            self._unsubscribe()
            self._subscribe(new.get("Subscription", []))
        put, gone = retag(self.tags(old), self.tags(new))
        if put:
            self.call("sns", "tag_resource", ResourceArn=self.id, Tags=put)
        if gone:
            self.call("sns", "untag_resource", ResourceArn=self.id, TagKeys=gone)

    def _unsubscribe(self) -> None:
        for one in self.call("sns", "list_subscriptions_by_topic", TopicArn=self.id)["Subscriptions"]:
            if one["SubscriptionArn"].startswith("arn:"):
                self.call("sns", "unsubscribe", SubscriptionArn=one["SubscriptionArn"])

    def delete(self) -> None:
        self.call("sns", "delete_topic", TopicArn=self.id)

    def read(self) -> dict[str, Any]:
        held = self.call("sns", "get_topic_attributes", TopicArn=self.id)["Attributes"]
        return {name: held[name] for name in _TOPIC if name in held} | {"TopicName": self.id.rpartition(":")[2]}


_SUBSCRIPTION = (
    "DeliveryPolicy",
    "FilterPolicy",
    "FilterPolicyScope",
    "RawMessageDelivery",
    "RedrivePolicy",
    "SubscriptionRoleArn",
)


class Subscription(ResourceType):
    """Ref is the subscription's ARN."""

    type = "AWS::SNS::Subscription"
    gets = {"Arn": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        self.id = self.call(
            "sns",
            "subscribe",
            TopicArn=properties["TopicArn"],
            Protocol=properties["Protocol"],
            Endpoint=properties.get("Endpoint"),
            Attributes=_attributes(properties, _SUBSCRIPTION) or None,
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        for name in changed_properties(old, new):
            if name in _SUBSCRIPTION:
                empty = "{}" if name.endswith("Policy") else ""
                value = attribute_text(new[name]) if name in new else empty
                self.call(
                    "sns",
                    "set_subscription_attributes",
                    SubscriptionArn=self.id,
                    AttributeName=name,
                    AttributeValue=value,
                )

    def delete(self) -> None:
        self.call("sns", "unsubscribe", SubscriptionArn=self.id)


class TopicPolicy(ResourceType):
    """One policy for each of the topics; taken away, AWS's default policy is back."""

    type = "AWS::SNS::TopicPolicy"
    gets = {"Id": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        self.id = self.physical_name(properties)
        self._put(properties["Topics"], properties["PolicyDocument"])

    def _put(self, topics: list[str], document: Any) -> None:
        for arn in topics:
            policy = attribute_text(document or self._default(arn))
            self.call("sns", "set_topic_attributes", TopicArn=arn, AttributeName="Policy", AttributeValue=policy)

    def _default(self, arn: str) -> dict[str, Any]:
        actions = "GetTopicAttributes SetTopicAttributes AddPermission RemovePermission DeleteTopic Subscribe ListSubscriptionsByTopic Publish"
        statement = {
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": [f"SNS:{one}" for one in actions.split()],
            "Resource": arn,
            "Condition": {"StringEquals": {"AWS:SourceOwner": self.account_id}},
        }
        return {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._put([arn for arn in old["Topics"] if arn not in new["Topics"]], None)
        self._put(new["Topics"], new["PolicyDocument"])

    def delete(self) -> None:
        for arn in self.properties["Topics"]:
            try:
                self._put([arn], None)
            except Failed as failed:
                if failed.code not in ("NotFound", "NotFoundException"):
                    raise
