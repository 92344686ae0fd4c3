"""Amazon EventBridge rules and AWS Step Functions state machines."""

from __future__ import annotations

import json
from typing import Any

from ..caller import Failed, ask
from ..shapes import attribute_text
from .resource import ResourceType, changed, retag


class Rule(ResourceType):
    """Ref is the name, with the bus before it where that is not the default one."""

    type, name, longest = "AWS::Events::Rule", "Name", 64
    gets = {"Arn": lambda self: self.record.data["Arn"]}

    def _bus(self, properties: dict[str, Any]) -> str | None:
        return properties.get("EventBusName")

    def exists_already(self, properties: dict[str, Any]) -> bool:
        if "Name" not in properties:
            return False
        try:
            self.call("events", "describe_rule", Name=properties["Name"], EventBusName=self._bus(properties))
        except Failed:
            return False
        return True

    def create(self, properties: dict[str, Any]) -> None:
        self._put(properties, self.physical_name(properties))
        self._targets([], properties)

    def _put(self, properties: dict[str, Any], name: str) -> None:
        pattern = properties.get("EventPattern")
        made = self.call(
            "events",
            "put_rule",
            Name=name,
            EventBusName=self._bus(properties),
            EventPattern=attribute_text(pattern) if pattern else None,
            ScheduleExpression=properties.get("ScheduleExpression"),
            Description=properties.get("Description"),
            State=properties.get("State"),
            RoleArn=properties.get("RoleArn"),
            Tags=self.tags(properties) or None,
        )
        bus = self._bus(properties)
        self.id = name if bus in (None, "default") else f"{bus}|{name}"
        self.record.data["Arn"] = made["RuleArn"]

    @property
    def _name(self) -> str:
        return self.id.rpartition("|")[2]

    def _targets(self, old: list[dict[str, Any]], properties: dict[str, Any]) -> None:
        new = properties.get("Targets", [])
        gone = [one["Id"] for one in old if one["Id"] not in [other["Id"] for other in new]]
        key = {"Rule": self._name, "EventBusName": self._bus(properties)}
        if gone:
            self._taken(self.call("events", "remove_targets", Ids=gone, **key))
        if new:
            self._taken(self.call("events", "put_targets", Targets=new, **key))

    def _taken(self, answer: dict[str, Any]) -> None:
        if answer.get("FailedEntryCount"):
            raise Failed(answer["FailedEntries"][0]["ErrorMessage"])

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._put(new, self._name)
        if changed(old, new, "Targets"):
            self._targets(old.get("Targets", []), new)

    def delete(self) -> None:
        key = {"EventBusName": self._bus(self.properties)}
        ids = [one["Id"] for one in self.properties.get("Targets", [])]
        if ids:
            self.call("events", "remove_targets", Rule=self._name, Ids=ids, **key)
        self.call("events", "delete_rule", Name=self._name, **key)


class EventBus(ResourceType):
    type, name = "AWS::Events::EventBus", "Name"
    gets = {
        "Arn": lambda self: f"arn:aws:events:{self.region}:{self.account_id}:event-bus/{self.id}",
        "Name": lambda self: self.id,
    }

    def create(self, properties: dict[str, Any]) -> None:
        self.call("events", "create_event_bus", Name=properties["Name"], Tags=self.tags(properties) or None)
        self.id = properties["Name"]

    def delete(self) -> None:
        self.call("events", "delete_event_bus", Name=self.id)


class StateMachine(ResourceType):
    """Ref is the ARN."""

    type, name, longest = "AWS::StepFunctions::StateMachine", "StateMachineName", 80
    gets = {
        "Arn": lambda self: self.id,
        "Name": lambda self: self.id.rpartition(":")[2],
        "StateMachineRevisionId": lambda self: self.call(
            "stepfunctions", "describe_state_machine", stateMachineArn=self.id
        ).get("revisionId", "INITIAL"),
    }

    def _definition(self, properties: dict[str, Any]) -> str:
        if "Definition" in properties:
            text = json.dumps(properties["Definition"])
        elif "DefinitionString" in properties:
            text = attribute_text(properties["DefinitionString"])
        else:
            place = properties.get("DefinitionS3Location")
            if not place:
                raise Failed("One of Definition, DefinitionString or DefinitionS3Location is required.")
            held = ask(
                "s3",
                self.region,
                "get_object",
                Bucket=place["Bucket"],
                Key=place["Key"],
                VersionId=place.get("Version"),
            )
            text = held["Body"].read().decode()
        for name, value in properties.get("DefinitionSubstitutions", {}).items():
            text = text.replace(f"${{{name}}}", attribute_text(value))
        return text

    def _settings(self, properties: dict[str, Any]) -> dict[str, Any]:
        logging, tracing = properties.get("LoggingConfiguration"), properties.get("TracingConfiguration")
        made: dict[str, Any] = {}
        if logging:
            places = [
                {"cloudWatchLogsLogGroup": {"logGroupArn": one["CloudWatchLogsLogGroup"]["LogGroupArn"]}}
                for one in logging.get("Destinations", [])
            ]
            made["loggingConfiguration"] = {
                "level": logging.get("Level"),
                "includeExecutionData": logging.get("IncludeExecutionData", False),
                "destinations": places,
            }
        if tracing:
            made["tracingConfiguration"] = {"enabled": tracing.get("Enabled", False)}
        return made

    def create(self, properties: dict[str, Any]) -> None:
        tags = [{"key": tag["Key"], "value": tag["Value"]} for tag in self.tags(properties)]
        made = self.call(
            "stepfunctions",
            "create_state_machine",
            name=self.physical_name(properties),
            definition=self._definition(properties),
            roleArn=properties["RoleArn"],
            type=properties.get("StateMachineType"),
            tags=tags or None,
            **self._settings(properties),
        )
        self.id = made["stateMachineArn"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.call(
            "stepfunctions",
            "update_state_machine",
            stateMachineArn=self.id,
            definition=self._definition(new),
            roleArn=new["RoleArn"],
            **self._settings(new),
        )
        put, gone = retag(self.tags(old), self.tags(new))
        if put:
            tags = [{"key": tag["Key"], "value": tag["Value"]} for tag in put]
            self.call("stepfunctions", "tag_resource", resourceArn=self.id, tags=tags)
        if gone:
            self.call("stepfunctions", "untag_resource", resourceArn=self.id, tagKeys=gone)

    def delete(self) -> None:
        self.call("stepfunctions", "delete_state_machine", stateMachineArn=self.id)
