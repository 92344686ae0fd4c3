"""AWS CodeDeploy: applications, deployment groups and configurations."""

from __future__ import annotations

from typing import Any

from ..shapes import lower_first
from .resource import ResourceType


class Application(ResourceType):
    type, name = "AWS::CodeDeploy::Application", "ApplicationName"

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        platform = properties.get("ComputePlatform")
        self.call("codedeploy", "create_application", applicationName=name, computePlatform=platform)
        self.id = name

    def delete(self) -> None:
        self.call("codedeploy", "delete_application", applicationName=self.id)


class DeploymentConfig(ResourceType):
    type, name = "AWS::CodeDeploy::DeploymentConfig", "DeploymentConfigName"

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        arguments = {key: one for key, one in lower_first(properties).items() if key != "deploymentConfigName"}
        self.call("codedeploy", "create_deployment_config", deploymentConfigName=name, **arguments)
        self.id = name

    def delete(self) -> None:
        self.call("codedeploy", "delete_deployment_config", deploymentConfigName=self.id)


class DeploymentGroup(ResourceType):
    type, name = "AWS::CodeDeploy::DeploymentGroup", "DeploymentGroupName"
    # Deployment is a property that makes one deployment at once; nothing taught needs it.
    skipped = ("Deployment", "DeploymentGroupName", "ApplicationName", "Tags")

    def _arguments(self, properties: dict[str, Any]) -> dict[str, Any]:
        made = {key: one for key, one in properties.items() if key not in self.skipped}
        made = lower_first(made)
        for filters in ("ec2TagFilters", "onPremisesInstanceTagFilters"):
            if filters in made:
                made[filters] = [{key.capitalize(): value for key, value in one.items()} for one in made[filters]]
        return made

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        self.call(
            "codedeploy",
            "create_deployment_group",
            applicationName=properties["ApplicationName"],
            deploymentGroupName=name,
            **self._arguments(properties),
        )
        self.id = name

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.call(
            "codedeploy",
            "update_deployment_group",
            applicationName=new["ApplicationName"],
            currentDeploymentGroupName=self.id,
            **self._arguments(new),
        )

    def delete(self) -> None:
        application = self.properties["ApplicationName"]
        self.call("codedeploy", "delete_deployment_group", applicationName=application, deploymentGroupName=self.id)
