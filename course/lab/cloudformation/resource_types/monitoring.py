"""Amazon CloudWatch alarms and Amazon CloudWatch Logs."""

from __future__ import annotations

from typing import Any

from ..caller import Failed
from ..shapes import attribute_text, lower_first
from .resource import ResourceType, changed, retag


class Alarm(ResourceType):
    """Ref is the name."""

    type, name = "AWS::CloudWatch::Alarm", "AlarmName"
    gets = {"Arn": lambda self: f"arn:aws:cloudwatch:{self.region}:{self.account_id}:alarm:{self.id}"}

    def exists_already(self, properties: dict[str, Any]) -> bool:
        if "AlarmName" not in properties:
            return False
        return bool(self.call("cloudwatch", "describe_alarms", AlarmNames=[properties["AlarmName"]])["MetricAlarms"])

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        self._put(properties, name)
        self.id = name

    def _put(self, properties: dict[str, Any], name: str) -> None:
        arguments = {key: one for key, one in properties.items() if key not in ("AlarmName", "Tags")}
        self.call("cloudwatch", "put_metric_alarm", AlarmName=name, Tags=self.tags(properties) or None, **arguments)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._put({key: one for key, one in new.items() if key != "Tags"}, self.id)
        put, gone = retag(self.tags(old), self.tags(new))
        if put:
            self.call("cloudwatch", "tag_resource", ResourceARN=self.attribute("Arn"), Tags=put)
        if gone:
            self.call("cloudwatch", "untag_resource", ResourceARN=self.attribute("Arn"), TagKeys=gone)

    def delete(self) -> None:
        self.call("cloudwatch", "delete_alarms", AlarmNames=[self.id])


class CompositeAlarm(Alarm):
    type, name = "AWS::CloudWatch::CompositeAlarm", "AlarmName"

    def exists_already(self, properties: dict[str, Any]) -> bool:
        return False

    def _put(self, properties: dict[str, Any], name: str) -> None:
        arguments = {key: one for key, one in properties.items() if key not in ("AlarmName", "Tags")}
        self.call("cloudwatch", "put_composite_alarm", AlarmName=name, Tags=self.tags(properties) or None, **arguments)


class Dashboard(ResourceType):
    type, name = "AWS::CloudWatch::Dashboard", "DashboardName"

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        self._put(properties, name)
        self.id = name

    def _put(self, properties: dict[str, Any], name: str) -> None:
        body = attribute_text(properties["DashboardBody"])
        self.call("cloudwatch", "put_dashboard", DashboardName=name, DashboardBody=body)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._put(new, self.id)

    def delete(self) -> None:
        self.call("cloudwatch", "delete_dashboards", DashboardNames=[self.id])


class LogGroup(ResourceType):
    """Ref is the name."""

    type, name = "AWS::Logs::LogGroup", "LogGroupName"
    gets = {"Arn": lambda self: f"arn:aws:logs:{self.region}:{self.account_id}:log-group:{self.id}:*"}

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        self.call(
            "logs",
            "create_log_group",
            logGroupName=name,
            kmsKeyId=properties.get("KmsKeyId"),
            logGroupClass=properties.get("LogGroupClass"),
            tags=self.tag_map(properties) or None,
        )
        self.id = name
        if "RetentionInDays" in properties:
            self._retention(properties)

    def _retention(self, properties: dict[str, Any]) -> None:
        days = properties.get("RetentionInDays")
        if days is None:
            self.call("logs", "delete_retention_policy", logGroupName=self.id)
        else:
            self.call("logs", "put_retention_policy", logGroupName=self.id, retentionInDays=days)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if changed(old, new, "RetentionInDays"):
            self._retention(new)
        if changed(old, new, "KmsKeyId"):
            if new.get("KmsKeyId"):
                self.call("logs", "associate_kms_key", logGroupName=self.id, kmsKeyId=new["KmsKeyId"])
            else:
                self.call("logs", "disassociate_kms_key", logGroupName=self.id)
        put, gone = retag(self.tags(old), self.tags(new))
        if put:
            self.call("logs", "tag_log_group", logGroupName=self.id, tags={tag["Key"]: tag["Value"] for tag in put})
        if gone:
            self.call("logs", "untag_log_group", logGroupName=self.id, tags=gone)

    def delete(self) -> None:
        self.call("logs", "delete_log_group", logGroupName=self.id)


class LogStream(ResourceType):
    type, name = "AWS::Logs::LogStream", "LogStreamName"

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        self.call("logs", "create_log_stream", logGroupName=properties["LogGroupName"], logStreamName=name)
        self.id = name

    def delete(self) -> None:
        self.call("logs", "delete_log_stream", logGroupName=self.properties["LogGroupName"], logStreamName=self.id)


class MetricFilter(ResourceType):
    type, name = "AWS::Logs::MetricFilter", "FilterName"

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        self._put(properties, name)
        self.id = name

    def _put(self, properties: dict[str, Any], name: str) -> None:
        transformations = []
        for one in properties["MetricTransformations"]:
            made = {key[:1].lower() + key[1:]: value for key, value in one.items() if key != "Dimensions"}
            if "Dimensions" in one:
                made["dimensions"] = {each["Key"]: each["Value"] for each in one["Dimensions"]}
            transformations.append(made)
        self.call(
            "logs",
            "put_metric_filter",
            logGroupName=properties["LogGroupName"],
            filterName=name,
            filterPattern=properties["FilterPattern"],
            metricTransformations=transformations,
            applyOnTransformedLogs=properties.get("ApplyOnTransformedLogs"),
        )

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._put(new, self.id)

    def delete(self) -> None:
        self.call("logs", "delete_metric_filter", logGroupName=self.properties["LogGroupName"], filterName=self.id)


class SubscriptionFilter(ResourceType):
    type, name = "AWS::Logs::SubscriptionFilter", "FilterName"

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        arguments = lower_first({key: one for key, one in properties.items() if key != "FilterName"})
        self.call("logs", "put_subscription_filter", filterName=name, **arguments)
        self.id = name

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        arguments = lower_first({key: one for key, one in new.items() if key != "FilterName"})
        self.call("logs", "put_subscription_filter", filterName=self.id, **arguments)

    def delete(self) -> None:
        group = self.properties["LogGroupName"]
        try:
            self.call("logs", "delete_subscription_filter", logGroupName=group, filterName=self.id)
        except Failed as failed:
            if failed.code != "ResourceNotFoundException":
                raise
