"""Amazon API Gateway, REST APIs: resources and methods one by one, or a whole API from an OpenAPI document."""

from __future__ import annotations

import json
from typing import Any

from ..caller import Failed, ask
from ..shapes import lower_first
from .messaging import attribute_text
from .resource import ResourceType, changed, differs


def _patch(path: str, value: Any, operation: str = "replace") -> dict[str, str]:
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
        patches = [_patch(path, new[name]) for name, path in names.items() if changed(old, new, name) and name in new]
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


class Deployment(ResourceType):
    """A snapshot of the API: a new one only under a new logical id, which SAM makes of a hash."""

    type = "AWS::ApiGateway::Deployment"
    gets = {"DeploymentId": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        description = properties.get("StageDescription") or {}
        made = self.call(
            "apigateway",
            "create_deployment",
            restApiId=properties["RestApiId"],
            stageName=properties.get("StageName"),
            description=properties.get("Description"),
            stageDescription=description.get("Description"),
            variables=description.get("Variables"),
        )
        self.id = made["id"]

    def replaced_by(self, old: dict[str, Any], new: dict[str, Any]) -> set[str]:
        return {"RestApiId"}

    def delete(self) -> None:
        api, stage = self.properties["RestApiId"], self.properties.get("StageName")
        if stage:
            try:
                self.call("apigateway", "delete_stage", restApiId=api, stageName=stage)
            except Failed as failed:
                if failed.code != "NotFoundException":
                    raise
        self.call("apigateway", "delete_deployment", restApiId=api, deploymentId=self.id)


class Stage(ResourceType):
    """Ref is the stage's name."""

    type = "AWS::ApiGateway::Stage"
    paths = {
        "DeploymentId": "/deploymentId",
        "Description": "/description",
        "TracingEnabled": "/tracingEnabled",
        "ClientCertificateId": "/clientCertificateId",
        "CacheClusterEnabled": "/cacheClusterEnabled",
        "CacheClusterSize": "/cacheClusterSize",
    }

    def _key(self) -> dict[str, str]:
        return {"restApiId": self.properties["RestApiId"], "stageName": self.id}

    def create(self, properties: dict[str, Any]) -> None:
        name = properties.get("StageName") or "default"
        canary = properties.get("CanarySetting")
        self.call(
            "apigateway",
            "create_stage",
            restApiId=properties["RestApiId"],
            stageName=name,
            deploymentId=properties.get("DeploymentId"),
            description=properties.get("Description"),
            variables=properties.get("Variables"),
            tracingEnabled=properties.get("TracingEnabled"),
            cacheClusterEnabled=properties.get("CacheClusterEnabled"),
            cacheClusterSize=properties.get("CacheClusterSize"),
            documentationVersion=properties.get("DocumentationVersion"),
            canarySettings=lower_first_keys(canary) if canary else None,
            tags=self.tag_map(properties) or None,
        )
        self.id = name
        self._patched(self._settings({}, properties))

    def _settings(self, old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, str]]:
        patches = []
        if differs(old.get("MethodSettings", []), new.get("MethodSettings", [])):
            for one in new.get("MethodSettings", []):
                patches += _method_setting(one)
        if changed(old, new, "AccessLogSetting"):
            setting = new.get("AccessLogSetting")
            if setting:
                patches.append(_patch("/accessLogSettings/destinationArn", setting.get("DestinationArn", "")))
                patches.append(_patch("/accessLogSettings/format", setting.get("Format", "")))
        return patches

    def _patched(self, patches: list[dict[str, str]]) -> None:
        if patches:
            self.call("apigateway", "update_stage", patchOperations=patches, **self._key())

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        patches = [
            _patch(path, new[name]) for name, path in self.paths.items() if changed(old, new, name) and name in new
        ]
        before, after = old.get("Variables", {}), new.get("Variables", {})
        patches += [_patch(f"/variables/{name}", one) for name, one in after.items() if before.get(name) != one]
        patches += [{"op": "remove", "path": f"/variables/{name}"} for name in before if name not in after]
        self._patched(patches + self._settings(old, new))

    def delete(self) -> None:
        self.call("apigateway", "delete_stage", **self._key())


_SETTINGS = {
    "CacheDataEncrypted": "caching/dataEncrypted",
    "CacheTtlInSeconds": "caching/ttlInSeconds",
    "CachingEnabled": "caching/enabled",
    "DataTraceEnabled": "logging/dataTrace",
    "LoggingLevel": "logging/loglevel",
    "MetricsEnabled": "metrics/enabled",
    "ThrottlingBurstLimit": "throttling/burstLimit",
    "ThrottlingRateLimit": "throttling/rateLimit",
}


def _method_setting(one: dict[str, Any]) -> list[dict[str, str]]:
    path = one.get("ResourcePath", "/*")
    path = "*" if path == "/*" else path.lstrip("/").replace("/", "~1") and "~1" + path.lstrip("/").replace("/", "~1")
    start = f"/{path}/{one.get('HttpMethod', '*')}"
    return [_patch(f"{start}/{there}", one[here]) for here, there in _SETTINGS.items() if here in one]


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
            _patch(f"/{name[:1].lower()}{name[1:]}", new[name])
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


class ApiKey(ResourceType):
    type, name = "AWS::ApiGateway::ApiKey", "Name"
    gets = {"APIKeyId": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        names = ("Description", "Enabled", "GenerateDistinctId", "Value", "CustomerId")
        arguments = {f"{one[:1].lower()}{one[1:]}": properties.get(one) for one in names}
        stages = [lower_first_keys(one) for one in properties.get("StageKeys", [])]
        self.id = self.call(
            "apigateway", "create_api_key", name=self.physical_name(properties), stageKeys=stages or None, **arguments
        )["id"]

    def delete(self) -> None:
        self.call("apigateway", "delete_api_key", apiKey=self.id)


class UsagePlan(ResourceType):
    type = "AWS::ApiGateway::UsagePlan"
    gets = {"Id": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        stages = [{"apiId": one["ApiId"], "stage": one["Stage"]} for one in properties.get("ApiStages", [])]
        self.id = self.call(
            "apigateway",
            "create_usage_plan",
            name=properties.get("UsagePlanName") or self.physical_name(properties),
            description=properties.get("Description"),
            apiStages=stages or None,
            quota=lower_first(properties.get("Quota")),
            throttle=lower_first(properties.get("Throttle")),
        )["id"]

    def delete(self) -> None:
        self.call("apigateway", "delete_usage_plan", usagePlanId=self.id)


class UsagePlanKey(ResourceType):
    type = "AWS::ApiGateway::UsagePlanKey"
    gets = {"Id": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        self.call("apigateway", "create_usage_plan_key", **lower_first_keys(properties))
        self.id = f"{properties['KeyId']}:{properties['UsagePlanId']}"

    def delete(self) -> None:
        plan, key = self.properties["UsagePlanId"], self.properties["KeyId"]
        self.call("apigateway", "delete_usage_plan_key", usagePlanId=plan, keyId=key)


class Account(ResourceType):
    """The role with which API Gateway writes logs, for the whole account."""

    type = "AWS::ApiGateway::Account"
    gets = {"Id": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        self.update({}, properties)
        self.id = self.physical_name(properties)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if new.get("CloudWatchRoleArn"):
            self.call(
                "apigateway", "update_account", patchOperations=[_patch("/cloudwatchRoleArn", new["CloudWatchRoleArn"])]
            )
