"""Amazon API Gateway, REST APIs: resources and methods one by one, or a whole API from an OpenAPI document."""

from __future__ import annotations

import json
from typing import Any

from ..caller import Failed, ask
from ..shapes import attribute_text, lower_first
from .resource import ResourceType, changed


def patch(path: str, value: Any, operation: str = "replace") -> dict[str, str]:
    """One of API Gateway's patch operations."""
    return {"op": operation, "path": path, "value": attribute_text(value)}


class RestApi(ResourceType):
    """Ref is the API's id. Its name is that of Body's info where Name is not given."""

    type = "AWS::ApiGateway::RestApi"
    gets = {
        "RestApiId": lambda self: self.id,
        "RootResourceId": lambda self: self._root(),
    }

    def _root(self) -> str:
        items = self.call("apigateway", "get_resources", restApiId=self.id, limit=500)["items"]
        return next(one["id"] for one in items if one["path"] == "/")

    def _body(self, properties: dict[str, Any]) -> Any:
        if "BodyS3Location" in properties:
            place = properties["BodyS3Location"]
            held = (
                ask("s3", self.region, "get_object", Bucket=place["Bucket"], Key=place["Key"])["Body"].read().decode()
            )
            from ..template_text import parse

            return parse(held)
        return properties.get("Body")

    def create(self, properties: dict[str, Any]) -> None:
        body = self._body(properties)
        body = json.loads(body) if isinstance(body, str) else body
        name = properties.get("Name") or (body or {}).get("info", {}).get("title")
        if not name:
            raise Failed("Either Name or Body must be specified.")
        endpoint = properties.get("EndpointConfiguration")
        policy = properties.get("Policy")
        made = self.call(
            "apigateway",
            "create_rest_api",
            name=name,
            description=properties.get("Description"),
            binaryMediaTypes=properties.get("BinaryMediaTypes"),
            minimumCompressionSize=properties.get("MinimumCompressionSize"),
            apiKeySource=properties.get("ApiKeySourceType"),
            disableExecuteApiEndpoint=properties.get("DisableExecuteApiEndpoint"),
            endpointConfiguration=lower_first(endpoint) if endpoint else None,
            policy=attribute_text(policy) if policy else None,
            tags=self.tag_map(properties) or None,
        )
        self.id = made["id"]
        if body:
            self._put(body, properties)

    def _put(self, body: Any, properties: dict[str, Any]) -> None:
        self.call(
            "apigateway",
            "put_rest_api",
            restApiId=self.id,
            mode=properties.get("Mode", "overwrite"),
            failOnWarnings=properties.get("FailOnWarnings"),
            parameters=properties.get("Parameters"),
            body=json.dumps(body).encode(),
        )

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        names = {
            "Name": "/name",
            "Description": "/description",
            "Policy": "/policy",
            "ApiKeySourceType": "/apiKeySource",
        }
        names |= {
            "DisableExecuteApiEndpoint": "/disableExecuteApiEndpoint",
            "MinimumCompressionSize": "/minimumCompressionSize",
        }
        patches = [patch(path, new[name]) for name, path in names.items() if changed(old, new, name) and name in new]
        if patches:
            self.call("apigateway", "update_rest_api", restApiId=self.id, patchOperations=patches)
        if changed(old, new, "Body", "BodyS3Location"):
            body = self._body(new)
            if body:
                self._put(json.loads(body) if isinstance(body, str) else body, new)

    def delete(self) -> None:
        self.call("apigateway", "delete_rest_api", restApiId=self.id)


class Resource(ResourceType):
    type = "AWS::ApiGateway::Resource"
    gets = {"ResourceId": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "apigateway",
            "create_resource",
            restApiId=properties["RestApiId"],
            parentId=properties["ParentId"],
            pathPart=properties["PathPart"],
        )
        self.id = made["id"]

    def delete(self) -> None:
        self.call("apigateway", "delete_resource", restApiId=self.properties["RestApiId"], resourceId=self.id)


class Method(ResourceType):
    """The method, its integration and the responses of both."""

    type = "AWS::ApiGateway::Method"

    def _key(self, properties: dict[str, Any]) -> dict[str, str]:
        names = {"restApiId": "RestApiId", "resourceId": "ResourceId", "httpMethod": "HttpMethod"}
        return {there: properties[here] for there, here in names.items()}

    def create(self, properties: dict[str, Any]) -> None:
        self._put(properties)
        self.id = self.physical_name(properties)

    def _put(self, properties: dict[str, Any]) -> None:
        key = self._key(properties)
        self.call(
            "apigateway",
            "put_method",
            authorizationType=properties.get("AuthorizationType", "NONE"),
            authorizerId=properties.get("AuthorizerId"),
            apiKeyRequired=properties.get("ApiKeyRequired"),
            operationName=properties.get("OperationName"),
            requestParameters=properties.get("RequestParameters"),
            requestModels=properties.get("RequestModels"),
            requestValidatorId=properties.get("RequestValidatorId"),
            authorizationScopes=properties.get("AuthorizationScopes"),
            **key,
        )
        for one in properties.get("MethodResponses", []):
            self.call("apigateway", "put_method_response", **key, **lower_first_keys(one))
        integration = properties.get("Integration")
        if integration:
            own = {
                name: one
                for name, one in integration.items()
                if name not in ("IntegrationResponses", "IntegrationHttpMethod")
            }
            self.call(
                "apigateway",
                "put_integration",
                integrationHttpMethod=integration.get("IntegrationHttpMethod"),
                **key,
                **lower_first_keys(own),
            )
            for one in integration.get("IntegrationResponses", []):
                self.call("apigateway", "put_integration_response", **key, **lower_first_keys(one))

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.call("apigateway", "delete_method", **self._key(old))
        self._put(new)

    def delete(self) -> None:
        self.call("apigateway", "delete_method", **self._key(self.properties))


def lower_first_keys(part: dict[str, Any]) -> dict[str, Any]:
    """The outermost keys as API Gateway spells them: StatusCode -> statusCode."""
    return {key[:1].lower() + key[1:]: one for key, one in part.items()}


class Authorizer(ResourceType):
    type = "AWS::ApiGateway::Authorizer"
    gets = {"AuthorizerId": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        ttl = properties.get("AuthorizerResultTtlInSeconds")
        made = self.call(
            "apigateway",
            "create_authorizer",
            restApiId=properties["RestApiId"],
            name=properties["Name"],
            type=properties["Type"],
            authType=properties.get("AuthType"),
            authorizerUri=properties.get("AuthorizerUri"),
            authorizerCredentials=properties.get("AuthorizerCredentials"),
            authorizerResultTtlInSeconds=ttl,
            identitySource=properties.get("IdentitySource"),
            identityValidationExpression=properties.get("IdentityValidationExpression"),
            providerARNs=properties.get("ProviderARNs"),
        )
        self.id = made["id"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        names = (
            "Name",
            "Type",
            "AuthorizerUri",
            "AuthorizerCredentials",
            "AuthorizerResultTtlInSeconds",
            "IdentitySource",
        )
        patches = [
            patch(f"/{name[:1].lower()}{name[1:]}", new[name])
            for name in names
            if changed(old, new, name) and name in new
        ]
        if patches:
            api = new["RestApiId"]
            self.call("apigateway", "update_authorizer", restApiId=api, authorizerId=self.id, patchOperations=patches)

    def delete(self) -> None:
        self.call("apigateway", "delete_authorizer", restApiId=self.properties["RestApiId"], authorizerId=self.id)


class Model(ResourceType):
    """Ref is the model's name."""

    type, name = "AWS::ApiGateway::Model", "Name"

    def physical_name(self, properties: dict[str, Any], extension: str = "") -> str:
        return "".join(one for one in super().physical_name(properties) if one.isalnum())

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        self.call(
            "apigateway",
            "create_model",
            restApiId=properties["RestApiId"],
            name=name,
            description=properties.get("Description"),
            schema=attribute_text(properties.get("Schema", {})),
            contentType=properties.get("ContentType", "application/json"),
        )
        self.id = name

    def delete(self) -> None:
        self.call("apigateway", "delete_model", restApiId=self.properties["RestApiId"], modelName=self.id)


class RequestValidator(ResourceType):
    type = "AWS::ApiGateway::RequestValidator"
    gets = {"RequestValidatorId": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        self.id = self.call(
            "apigateway",
            "create_request_validator",
            **{"name": self.physical_name(properties), **lower_first_keys(properties)},
        )["id"]

    def delete(self) -> None:
        api = self.properties["RestApiId"]
        self.call("apigateway", "delete_request_validator", restApiId=api, requestValidatorId=self.id)
