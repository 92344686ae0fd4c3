"""CloudFormation's own types: nested stacks, wait conditions, macros, and metadata that makes nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from ...iam.context import now
from ..caller import Failed
from ..state import backend, new_uuid, stacks
from .resource import ResourceType


class NestedStack(ResourceType):
    """Ref is the stack's id, Outputs.Name its outputs."""

    type = "AWS::CloudFormation::Stack"

    def _arguments(self, properties: dict[str, Any]) -> dict[str, Any]:
        given = properties.get("Parameters", {})
        parameters = [
            {"ParameterKey": key, "ParameterValue": ",".join(map(str, one)) if isinstance(one, list) else one}
            for key, one in given.items()
        ]
        return {
            "TemplateURL": properties["TemplateURL"],
            "Parameters": parameters,
            "NotificationARNs": properties.get("NotificationARNs"),
            "Tags": properties.get("Tags"),
            "Capabilities": self.stack.capabilities or None,
        }

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name({})
        made = self.call(
            "cloudformation",
            "create_stack",
            StackName=name,
            TimeoutInMinutes=properties.get("TimeoutInMinutes"),
            OnFailure="DELETE" if not self.stack.disable_rollback else "DO_NOTHING",
            **self._arguments(properties),
        )
        self.id = made["StackId"]
        nested = stacks(self.stack)[self.id]
        nested.parent_id, nested.root_id = self.stack.id, self.stack.root_id or self.stack.id
        self._require("CREATE_COMPLETE", "created")

    def _require(self, status: str, done: str) -> None:
        nested = stacks(self.stack)[self.id]
        if nested.is_busy:
            self.record.data["awaited"] = status, done
        if nested.status == status or nested.is_busy:
            return
        reasons = [one["ResourceStatusReason"] for one in nested.events if one.get("ResourceStatusReason")]
        because = next(
            (one for one in reasons if one.startswith("The following resource(s)")), reasons[-1] if reasons else ""
        )
        raise Failed(f"Embedded stack {self.id} was not successfully {done}: {because.split(' Delete requested')[0]}")

    def waits(self) -> bool:
        from ..deployment import advance

        nested = stacks(self.stack)[self.id]
        advance(nested)
        if nested.is_busy:
            return True
        if "awaited" in self.record.data:
            self._require(*self.record.data.pop("awaited"))
        return False

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        try:
            self.call("cloudformation", "update_stack", StackName=self.id, **self._arguments(new))
        except Failed as failed:
            if "No updates are to be performed" not in failed.reason:
                raise
            return
        self._require("UPDATE_COMPLETE", "updated")

    def delete(self) -> None:
        self.call("cloudformation", "delete_stack", StackName=self.id)
        nested = stacks(self.stack)[self.id]
        if nested.status != "DELETE_COMPLETE":
            raise Failed(f"Embedded stack {self.id} was not successfully deleted: {nested.reason}")

    def attribute(self, name: str) -> Any:
        wanted = name.removeprefix("Outputs.")
        for output in stacks(self.stack)[self.id].outputs:
            if output["OutputKey"] == wanted:
                return output["OutputValue"]
        raise Failed(
            f"Template error: resource {self.record.logical_id} does not support attribute type {name} in Fn::GetAtt"
        )

    @classmethod
    def has_attribute(cls, name: str) -> bool:
        return name.startswith("Outputs.")


class WaitConditionHandle(ResourceType):
    """Ref is the URL that signals are sent to; here `SignalResource` on the wait condition takes their place."""

    type = "AWS::CloudFormation::WaitConditionHandle"

    def create(self, properties: dict[str, Any]) -> None:
        from .. import mailbox

        self.id = mailbox.address(f"wait/{new_uuid()}")


class WaitCondition(ResourceType):
    """There when enough signals have come to its handle."""

    type = "AWS::CloudFormation::WaitCondition"
    gets = {"Data": lambda self: json.dumps({key: one.get("Data", "") for key, one in self._signals().items()})}

    def _signals(self) -> dict[str, dict[str, Any]]:
        from .. import mailbox

        sent = {
            one["UniqueId"]: one for one in mailbox.received(self.properties.get("Handle", "")) if one.get("UniqueId")
        }
        own = self.stack.signals.get(self.record.logical_id, {})
        return sent | {key: {"Status": status, "Data": ""} for key, status in own.items()}

    def create(self, properties: dict[str, Any]) -> None:
        self.id = f"arn:aws:cloudformation:{self.region}:{self.account_id}:waitCondition/{self.stack.name}/{self.record.logical_id}/{new_uuid()}"
        if "Handle" not in properties:
            return  # it waits as its creation policy says
        if "Timeout" not in properties:
            raise Failed("WaitCondition requires a Timeout.")
        self.record.data["until"] = now() + timedelta(seconds=int(properties["Timeout"]))
        self.stack.signals.setdefault(self.record.logical_id, {})

    def waits(self) -> bool:
        if "until" not in self.record.data or self.stack.status.startswith("UPDATE"):
            return False
        wanted, signals = int(self.properties.get("Count", 1)), self._signals()
        bad = [one for one in signals.values() if one.get("Status") != "SUCCESS"]
        if bad:
            raise Failed(
                f"WaitCondition received failed message: '{bad[0].get('Reason', '')}' for uniqueId: {bad[0].get('UniqueId', '')}"
            )
        if len(signals) >= wanted:
            return False
        if now() >= self.record.data["until"]:
            raise Failed(f"WaitCondition timed out. Received {len(signals)} conditions when expecting {wanted}")
        return True


class Macro(ResourceType):
    """A transform of the learner's own: a Lambda function that gets a template and gives one back."""

    type, name = "AWS::CloudFormation::Macro", "Name"

    def create(self, properties: dict[str, Any]) -> None:
        self.update({}, properties)
        self.id = properties["Name"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        backend(self.account_id, self.region).macros[new["Name"]] = new["FunctionName"]

    def delete(self) -> None:
        backend(self.account_id, self.region).macros.pop(self.id, None)


class Metadata(ResourceType):
    """What the AWS CDK adds to its templates."""

    type = "AWS::CDK::Metadata"

    def create(self, properties: dict[str, Any]) -> None:
        self.id = str(new_uuid())
