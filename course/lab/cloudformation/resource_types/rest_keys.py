"""Amazon API Gateway, REST APIs: keys, usage plans, and the account's role."""

from __future__ import annotations

from typing import Any

from ..shapes import lower_first
from .resource import ResourceType
from .rest_apis import lower_first_keys, patch


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
                "apigateway", "update_account", patchOperations=[patch("/cloudwatchRoleArn", new["CloudWatchRoleArn"])]
            )
