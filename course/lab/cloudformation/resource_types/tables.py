"""Amazon DynamoDB tables."""

from __future__ import annotations

from typing import Any

from .resource import ResourceType, changed, differs, retag

_SAME = (
    *("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes", "LocalSecondaryIndexes"),
    *("ProvisionedThroughput", "TableClass", "DeletionProtectionEnabled", "OnDemandThroughput"),
)


class Table(ResourceType):
    """Ref is the table's name. Another key means another table."""

    type, name = "AWS::DynamoDB::Table", "TableName"
    gets = {
        "Arn": lambda self: self._shown()["TableArn"],
        "StreamArn": lambda self: self._shown()["LatestStreamArn"],
    }

    def _shown(self) -> dict[str, Any]:
        return self.call("dynamodb", "describe_table", TableName=self.id)["Table"]

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        arguments = {key: properties.get(key) for key in _SAME}
        for index in arguments["GlobalSecondaryIndexes"] or ():
            index.pop("ContributorInsightsSpecification", None)
        self.call(
            "dynamodb",
            "create_table",
            TableName=name,
            StreamSpecification=_stream(properties),
            SSESpecification=_encryption(properties),
            Tags=self.tags(properties) or None,
            **arguments,
        )
        self.id = name
        self._afterwards({}, properties)

    def _afterwards(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if changed(old, new, "TimeToLiveSpecification"):
            before, after = old.get("TimeToLiveSpecification", {}), new.get("TimeToLiveSpecification", {})
            name = after.get("AttributeName") or before.get("AttributeName")
            enabled = str(after.get("Enabled", False)).lower() == "true"
            if enabled or before:
                specification = {"AttributeName": name, "Enabled": enabled}
                self.call("dynamodb", "update_time_to_live", TableName=self.id, TimeToLiveSpecification=specification)
        if changed(old, new, "PointInTimeRecoverySpecification"):
            wanted = new.get("PointInTimeRecoverySpecification", {"PointInTimeRecoveryEnabled": False})
            self.call(
                "dynamodb", "update_continuous_backups", TableName=self.id, PointInTimeRecoverySpecification=wanted
            )

    def replaced_by(self, old: dict[str, Any], new: dict[str, Any]) -> set[str]:
        return {"KeySchema", "LocalSecondaryIndexes"}

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        arguments: dict[str, Any] = {}
        if changed(old, new, "BillingMode", "ProvisionedThroughput"):
            arguments["BillingMode"] = new.get("BillingMode", "PROVISIONED")
            arguments["ProvisionedThroughput"] = new.get("ProvisionedThroughput")
        for name in ("TableClass", "DeletionProtectionEnabled"):
            if changed(old, new, name):
                arguments[name] = new.get(name, {"TableClass": "STANDARD"}.get(name, False))
        if changed(old, new, "StreamSpecification"):
            arguments["StreamSpecification"] = _stream(new) or {"StreamEnabled": False}
        if changed(old, new, "SSESpecification"):
            arguments["SSESpecification"] = _encryption(new) or {"Enabled": False}
        if arguments:
            self.call("dynamodb", "update_table", TableName=self.id, **arguments)
        self._indexes(old, new)
        self._afterwards(old, new)
        put, gone = retag(self.tags(old), self.tags(new))
        arn = self._shown()["TableArn"]
        if put:
            self.call("dynamodb", "tag_resource", ResourceArn=arn, Tags=put)
        if gone:
            self.call("dynamodb", "untag_resource", ResourceArn=arn, TagKeys=gone)

    def _indexes(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        before = {one["IndexName"]: one for one in old.get("GlobalSecondaryIndexes", [])}
        after = {one["IndexName"]: one for one in new.get("GlobalSecondaryIndexes", [])}
        updates: list[dict[str, Any]] = [{"Delete": {"IndexName": name}} for name in before if name not in after]
        updates += [{"Create": one} for name, one in after.items() if name not in before]
        for name, one in after.items():
            if (
                name in before
                and differs(before[name].get("ProvisionedThroughput"), one.get("ProvisionedThroughput"))
                and "ProvisionedThroughput" in one
            ):
                updates.append({"Update": {"IndexName": name, "ProvisionedThroughput": one["ProvisionedThroughput"]}})
        for update in updates:  # AWS makes or deletes one index at a time
            self.call(
                "dynamodb",
                "update_table",
                TableName=self.id,
                AttributeDefinitions=new.get("AttributeDefinitions"),
                GlobalSecondaryIndexUpdates=[update],
            )

    def delete(self) -> None:
        self.call("dynamodb", "delete_table", TableName=self.id)


def _stream(properties: dict[str, Any]) -> dict[str, Any] | None:
    wanted = properties.get("StreamSpecification")
    return {"StreamEnabled": True, "StreamViewType": wanted["StreamViewType"]} if wanted else None


def _encryption(properties: dict[str, Any]) -> dict[str, Any] | None:
    wanted = properties.get("SSESpecification")
    if not wanted:
        return None
    return {("Enabled" if key == "SSEEnabled" else key): one for key, one in wanted.items()}
