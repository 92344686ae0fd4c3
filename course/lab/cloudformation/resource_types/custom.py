"""Custom resources: a Lambda function makes what CloudFormation has no type for, and answers at a URL.

The function is called and waited for. One that ends without an answer fails at once, where AWS waits an hour for it.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

from __future__ import annotations

import json
from typing import Any

from .. import mailbox
from ..caller import Failed
from ..state import new_uuid
from .resource import ResourceType


class CustomResource(ResourceType):
    """AWS::CloudFormation::CustomResource, and every Custom:: type."""

    type = "AWS::CloudFormation::CustomResource"

    def create(self, properties: dict[str, Any]) -> None:
        self._request("Create", properties)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        before = self.id
        self._request("Update", new, {"OldResourceProperties": _texts(old)})
        if self.id != before:
            # Another physical id means that the function made a new resource; the old one is deleted after the update.
            made, self.id = self.id, before
            try:
                self._request("Delete", old, keep=True)
            finally:
                self.id = made

    def delete(self) -> None:
        self._request("Delete", self.properties, keep=True)

    def _request(
        self, kind: str, properties: dict[str, Any], more: dict[str, Any] | None = None, keep: bool = False
    ) -> None:
        request = str(new_uuid())
        address = mailbox.address(f"custom/{request}")
        event = {
            "RequestType": kind,
            "ServiceToken": properties.get("ServiceToken"),
            "ResponseURL": address,
            "StackId": self.stack.id,
            "RequestId": request,
            "LogicalResourceId": self.record.logical_id,
            "ResourceType": self.record.type,
            "ResourceProperties": _texts(properties),
            **(more or {}),
        }
        if kind != "Create":
            event["PhysicalResourceId"] = self.id
        function = str(properties.get("ServiceToken", ""))
        if ":lambda:" not in function:
            raise Failed("the offline account calls custom resources through Lambda only; ServiceToken is " + function)
        self.call("lambda", "invoke", FunctionName=function, Payload=json.dumps(event))
        answers = mailbox.received(address)
        if not answers:
            raise Failed(
                "CloudFormation did not receive a response from your Custom Resource. Please check your logs for "
                f"requestId [{request}]. If you are using the Python cfn-response module, you may need to update your "
                "Lambda function code so that CloudFormation can attach the updated version."
            )
        answer = answers[-1]
        if answer.get("Status") != "SUCCESS":
            raise Failed(
                f"Received response status [FAILED] from custom resource. Message returned: {answer.get('Reason', '')} (RequestId: {request})"
            )
        if not answer.get("PhysicalResourceId"):
            raise Failed("Invalid PhysicalResourceId")
        if not keep:
            self.id = answer["PhysicalResourceId"]
            self.record.data["Data"] = answer.get("Data") or {}

    def attribute(self, name: str) -> Any:
        held = self.record.data.get("Data", {})
        if name not in held:
            raise Failed(
                f"CustomResource attribute error: Vendor response doesn't contain {name} key in object {self.id} in S3 bucket cloudformation-custom-resource-storage-{self.region}"
            )
        return held[name]

    @classmethod
    def has_attribute(cls, name: str) -> bool:
        return True


def _texts(part: Any) -> Any:
    """Properties as a custom resource gets them: every number and boolean is a text."""
    if isinstance(part, dict):
        return {key: _texts(one) for key, one in part.items()}
    if isinstance(part, list):
        return [_texts(one) for one in part]
    return str(part).lower() if isinstance(part, bool) else str(part)
