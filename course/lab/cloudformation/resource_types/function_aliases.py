"""Lambda aliases: set at once, or shifted by a CodeDeploy deployment where the template's UpdatePolicy says so.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatepolicy.html
"""

from __future__ import annotations

import json
from typing import Any

from ..caller import Failed
from .resource import ResourceType, changed


def _routing(properties: dict[str, Any]) -> dict[str, Any] | None:
    config = properties.get("RoutingConfig")
    if not config:
        return None
    weights = config.get("AdditionalVersionWeights", [])
    return {"AdditionalVersionWeights": {str(one["FunctionVersion"]): one["FunctionWeight"] for one in weights}}


class Alias(ResourceType):
    """Ref is the ARN with the alias."""

    type, name = "AWS::Lambda::Alias", "Name"
    gets = {"AliasArn": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "lambda",
            "create_alias",
            FunctionName=properties["FunctionName"],
            Name=properties["Name"],
            FunctionVersion=properties["FunctionVersion"],
            Description=properties.get("Description"),
            RoutingConfig=_routing(properties),
        )
        self.id = made["AliasArn"]
        self._concurrency({}, properties)

    def _concurrency(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if not changed(old, new, "ProvisionedConcurrencyConfig"):
            return
        key = {"FunctionName": new["FunctionName"], "Qualifier": new["Name"]}
        wanted = new.get("ProvisionedConcurrencyConfig")
        if wanted:
            self.call("lambda", "put_provisioned_concurrency_config", **key, **wanted)
        else:
            self.call("lambda", "delete_provisioned_concurrency_config", **key)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        policy = self.record.definition.get("UpdatePolicy", {}).get("CodeDeployLambdaAliasUpdate")
        if policy and changed(old, new, "FunctionVersion") and not self.stack.status.startswith("UPDATE_ROLLBACK"):
            try:
                self._deploy(policy, old, new)
                return
            except Failed as failed:
                self.stack.tell(
                    self.record,
                    "UPDATE_IN_PROGRESS",
                    f"CodeDeploy did not shift the traffic, so the alias is set at once: {failed.reason}",
                )
        self.call(
            "lambda",
            "update_alias",
            FunctionName=new["FunctionName"],
            Name=new["Name"],
            FunctionVersion=new["FunctionVersion"],
            Description=new.get("Description"),
            RoutingConfig=_routing(new) or {"AdditionalVersionWeights": {}},
        )
        self._concurrency(old, new)

    def _deploy(self, policy: dict[str, Any], old: dict[str, Any], new: dict[str, Any]) -> None:
        """Let CodeDeploy shift the alias from one version to the other."""
        resolved = self.resolved_policy(policy)
        content = {
            "version": 0.0,
            "Resources": [
                {
                    self.record.logical_id: {
                        "Type": "AWS::Lambda::Function",
                        "Properties": {
                            "Name": new["FunctionName"].rpartition(":function:")[2] or new["FunctionName"],
                            "Alias": new["Name"],
                            "CurrentVersion": str(old["FunctionVersion"]),
                            "TargetVersion": str(new["FunctionVersion"]),
                        },
                    }
                }
            ],
        }
        hooks = [
            {event: resolved[name]}
            for event, name in (
                ("BeforeAllowTraffic", "BeforeAllowTrafficHook"),
                ("AfterAllowTraffic", "AfterAllowTrafficHook"),
            )
            if resolved.get(name)
        ]
        if hooks:
            content["Hooks"] = hooks
        made = self.call(
            "codedeploy",
            "create_deployment",
            applicationName=resolved["ApplicationName"],
            deploymentGroupName=resolved["DeploymentGroupName"],
            revision={"revisionType": "AppSpecContent", "appSpecContent": {"content": json.dumps(content)}},
        )
        self.record.data["deployment"] = made["deploymentId"]
        self.stack.tell(self.record, "UPDATE_IN_PROGRESS", f"CodeDeploy Deployment {made['deploymentId']} started")

    def resolved_policy(self, policy: dict[str, Any]) -> dict[str, Any]:
        """The policy's Refs, which are to resources of the same stack that are there already."""
        from ..scope import type_of

        found = {}
        for name, one in policy.items():
            if isinstance(one, dict) and set(one) == {"Ref"} and one["Ref"] in self.stack.resources:
                other = self.stack.resources[one["Ref"]]
                one = type_of(other.type)(self.stack, other).ref()
            found[name] = one
        return found

    def waits(self) -> bool:
        """Until CodeDeploy is done; Failed when it gave up, which rolls the stack back."""
        deployment = self.record.data.get("deployment")
        if deployment is None:
            return False
        info = self.call("codedeploy", "get_deployment", deploymentId=deployment)["deploymentInfo"]
        if info["status"] in ("Failed", "Stopped"):
            del self.record.data["deployment"]
            because = info.get("errorInformation", {}).get("message", info["status"])
            raise Failed(f"CodeDeploy Deployment {deployment} failed: {because}")
        if info["status"] == "Succeeded":
            del self.record.data["deployment"]
            self._settle()
            return False
        return True

    def _settle(self) -> None:
        """The alias points to the new version alone, whether the deployment did that or not."""
        new = self.properties
        shown = self.call("lambda", "get_alias", FunctionName=new["FunctionName"], Name=new["Name"])
        if shown["FunctionVersion"] != str(new["FunctionVersion"]) or shown.get("RoutingConfig", {}).get(
            "AdditionalVersionWeights"
        ):
            self.call(
                "lambda",
                "update_alias",
                FunctionName=new["FunctionName"],
                Name=new["Name"],
                FunctionVersion=new["FunctionVersion"],
                RoutingConfig={"AdditionalVersionWeights": {}},
            )

    def delete(self) -> None:
        name = self.properties["Name"]
        self.call("lambda", "delete_alias", FunctionName=self.properties["FunctionName"], Name=name)
