"""Amazon API Gateway version 2: HTTP and WebSocket APIs."""

from __future__ import annotations

import json
from typing import Any

from .resource import ResourceType, changed_properties


class Api(ResourceType):
    """Ref is the API's id."""

    type = "AWS::ApiGatewayV2::Api"
    gets = {
        "ApiId": lambda self: self.id,
        "ApiEndpoint": lambda self: self.call("apigatewayv2", "get_api", ApiId=self.id)["ApiEndpoint"],
    }
    own = ("Body", "BodyS3Location", "BasePath", "FailOnWarnings", "Tags", "DisableSchemaValidation")

    def create(self, properties: dict[str, Any]) -> None:
        body = properties.get("Body")
        if body:
            made = self.call(
                "apigatewayv2",
                "import_api",
                Body=body if isinstance(body, str) else json.dumps(body),
                Basepath=properties.get("BasePath"),
                FailOnWarnings=properties.get("FailOnWarnings"),
            )
            self.id = made["ApiId"]
            self._settings(properties, [name for name in properties if name not in (*self.own, "ProtocolType")])
        else:
            arguments = {key: one for key, one in properties.items() if key not in self.own}
            made = self.call("apigatewayv2", "create_api", Tags=self.tag_map(properties) or None, **arguments)
            self.id = made["ApiId"]

    def _settings(self, properties: dict[str, Any], names: list[str]) -> None:
        if names:
            self.call("apigatewayv2", "update_api", ApiId=self.id, **{name: properties.get(name) for name in names})

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        names = changed_properties(old, new)
        if "Body" in names and new.get("Body"):
            body = new["Body"]
            self.call(
                "apigatewayv2", "reimport_api", ApiId=self.id, Body=body if isinstance(body, str) else json.dumps(body)
            )
        self._settings(new, [name for name in names if name not in (*self.own, "ProtocolType")])

    def delete(self) -> None:
        self.call("apigatewayv2", "delete_api", ApiId=self.id)


class _Part(ResourceType):
    """What belongs to one API: made, changed and deleted by operations of the same names."""

    part = ""  # integration, route, ...
    key = ""  # the parameter with its id

    def _arguments(self, properties: dict[str, Any]) -> dict[str, Any]:
        return dict(properties)

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call("apigatewayv2", f"create_{self.part}", **self._arguments(properties))
        self.id = made[self.key]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        arguments = {**self._arguments(new), "ApiId": new["ApiId"], self.key: self.id}
        self.call("apigatewayv2", f"update_{self.part}", **arguments)

    def delete(self) -> None:
        self.call("apigatewayv2", f"delete_{self.part}", ApiId=self.properties["ApiId"], **{self.key: self.id})


class Integration(_Part):
    type, part, key = "AWS::ApiGatewayV2::Integration", "integration", "IntegrationId"
    gets = {"IntegrationId": lambda self: self.id}


class Route(_Part):
    type, part, key = "AWS::ApiGatewayV2::Route", "route", "RouteId"
    gets = {"RouteId": lambda self: self.id}


class Authorizer(_Part):
    type, part, key = "AWS::ApiGatewayV2::Authorizer", "authorizer", "AuthorizerId"
    gets = {"AuthorizerId": lambda self: self.id}


class Deployment(_Part):
    type, part, key = "AWS::ApiGatewayV2::Deployment", "deployment", "DeploymentId"
    gets = {"DeploymentId": lambda self: self.id}


class Stage(_Part):
    """Ref is the stage's name, for most HTTP APIs $default."""

    type, part, key = "AWS::ApiGatewayV2::Stage", "stage", "StageName"

    def _arguments(self, properties: dict[str, Any]) -> dict[str, Any]:
        made = {key: one for key, one in properties.items() if key not in ("Tags", "AccessPolicyId")}
        tags = self.tag_map(properties)
        return {**made, "Tags": tags} if tags else made

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        arguments = {key: one for key, one in self._arguments(new).items() if key != "Tags"}
        self.call("apigatewayv2", "update_stage", **arguments)
