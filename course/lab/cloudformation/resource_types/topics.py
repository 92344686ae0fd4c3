"""Amazon SNS topics, their subscriptions and policies."""

from __future__ import annotations

from typing import Any

from ..caller import Failed
from ..shapes import attribute_text, attributes_of
from .resource import ResourceType, changed, changed_properties, retag

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
            Attributes=attributes_of(properties, _TOPIC),
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
            Attributes=attributes_of(properties, _SUBSCRIPTION) or None,
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
