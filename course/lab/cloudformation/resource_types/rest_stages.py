"""Amazon API Gateway, REST APIs: deployments and stages."""

from __future__ import annotations

from typing import Any

from ..caller import Failed
from .resource import ResourceType, changed, differs
from .rest_apis import lower_first_keys, patch


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
                patches.append(patch("/accessLogSettings/destinationArn", setting.get("DestinationArn", "")))
                patches.append(patch("/accessLogSettings/format", setting.get("Format", "")))
        return patches

    def _patched(self, patches: list[dict[str, str]]) -> None:
        if patches:
            self.call("apigateway", "update_stage", patchOperations=patches, **self._key())

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        patches = [
            patch(path, new[name]) for name, path in self.paths.items() if changed(old, new, name) and name in new
        ]
        before, after = old.get("Variables", {}), new.get("Variables", {})
        patches += [patch(f"/variables/{name}", one) for name, one in after.items() if before.get(name) != one]
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
    return [patch(f"{start}/{there}", one[here]) for here, there in _SETTINGS.items() if here in one]
