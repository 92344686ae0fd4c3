"""What calls a Lambda function and with what: event sources, asynchronous invocation, URLs, layers."""

from __future__ import annotations

from typing import Any

from .resource import ResourceType, changed_properties


class EventSourceMapping(ResourceType):
    type = "AWS::Lambda::EventSourceMapping"
    gets = {
        "Id": lambda self: self.id,
        "EventSourceMappingArn": lambda self: (
            f"arn:aws:lambda:{self.region}:{self.account_id}:event-source-mapping:{self.id}"
        ),
    }

    def create(self, properties: dict[str, Any]) -> None:
        arguments = {key: one for key, one in properties.items() if key != "Tags"}
        self.id = self.call("lambda", "create_event_source_mapping", **arguments)["UUID"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        names = [name for name in changed_properties(old, new) if name != "Tags"]
        if names:
            arguments = {name: new.get(name) for name in names}
            self.call("lambda", "update_event_source_mapping", UUID=self.id, **arguments)

    def delete(self) -> None:
        self.call("lambda", "delete_event_source_mapping", UUID=self.id)


class LayerVersion(ResourceType):
    """Ref is the ARN with the version; every change makes a new version."""

    type = "AWS::Lambda::LayerVersion"
    gets = {"LayerVersionArn": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        content = {key: properties["Content"].get(key) for key in ("S3Bucket", "S3Key", "S3ObjectVersion")}
        made = self.call(
            "lambda",
            "publish_layer_version",
            LayerName=properties.get("LayerName") or self.physical_name(properties),
            Description=properties.get("Description"),
            LicenseInfo=properties.get("LicenseInfo"),
            CompatibleRuntimes=properties.get("CompatibleRuntimes"),
            CompatibleArchitectures=properties.get("CompatibleArchitectures"),
            Content={key: one for key, one in content.items() if one is not None},
        )
        self.id = made["LayerVersionArn"]

    def delete(self) -> None:
        layer, _, version = self.id.rpartition(":")
        self.call("lambda", "delete_layer_version", LayerName=layer, VersionNumber=int(version))


class LayerVersionPermission(ResourceType):
    type = "AWS::Lambda::LayerVersionPermission"
    gets = {"Id": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        layer, _, version = properties["LayerVersionArn"].rpartition(":")
        name = self.physical_name(properties)
        names = ("Action", "Principal", "OrganizationId")
        self.call(
            "lambda",
            "add_layer_version_permission",
            LayerName=layer,
            VersionNumber=int(version),
            StatementId=name,
            **{each: properties.get(each) for each in names},
        )
        self.id = name


class EventInvokeConfig(ResourceType):
    type = "AWS::Lambda::EventInvokeConfig"

    def _put(self, properties: dict[str, Any]) -> None:
        self.call("lambda", "put_function_event_invoke_config", **properties)

    def create(self, properties: dict[str, Any]) -> None:
        self._put(properties)
        self.id = f"{properties['FunctionName']}|{properties['Qualifier']}"

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._put(new)

    def delete(self) -> None:
        name, qualifier = self.properties["FunctionName"], self.properties["Qualifier"]
        self.call("lambda", "delete_function_event_invoke_config", FunctionName=name, Qualifier=qualifier)


class Url(ResourceType):
    """Ref is the ARN of the function."""

    type = "AWS::Lambda::Url"
    gets = {
        "FunctionUrl": lambda self: self._shown()["FunctionUrl"],
        "FunctionArn": lambda self: self._shown()["FunctionArn"],
    }

    def _key(self, properties: dict[str, Any]) -> dict[str, Any]:
        return {"FunctionName": properties["TargetFunctionArn"], "Qualifier": properties.get("Qualifier")}

    def _shown(self) -> dict[str, Any]:
        return self.call("lambda", "get_function_url_config", **self._key(self.properties))

    def _settings(self, properties: dict[str, Any]) -> dict[str, Any]:
        return {name: properties.get(name) for name in ("AuthType", "Cors", "InvokeMode")}

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call("lambda", "create_function_url_config", **self._key(properties), **self._settings(properties))
        self.id = made["FunctionArn"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.call("lambda", "update_function_url_config", **self._key(new), **self._settings(new))

    def delete(self) -> None:
        self.call("lambda", "delete_function_url_config", **self._key(self.properties))
