"""Amazon SQS queues and their policies."""

from __future__ import annotations

import json
from typing import Any

from ..caller import Failed
from ..shapes import attribute_text, attributes_of
from .resource import ResourceType, changed_properties, retag

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
            Attributes=attributes_of(properties, _QUEUE) or None,
            tags=self.tag_map(properties) or None,
        )["QueueUrl"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        attributes = attributes_of({name: new[name] for name in changed_properties(old, new) if name in new}, _QUEUE)
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
