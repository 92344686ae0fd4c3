"""Amazon EC2 Auto Scaling: groups, policies, schedules and lifecycle hooks."""

from __future__ import annotations

from typing import Any

from ..caller import Failed
from .resource import ResourceType, changed

_GROUP = (
    *("MinSize", "MaxSize", "DesiredCapacity", "AvailabilityZones", "LaunchConfigurationName", "MixedInstancesPolicy"),
    *("HealthCheckType", "HealthCheckGracePeriod", "TerminationPolicies", "NewInstancesProtectedFromScaleIn"),
    *("CapacityRebalance", "DefaultInstanceWarmup", "PlacementGroup", "MaxInstanceLifetime", "ServiceLinkedRoleARN"),
    *("LaunchTemplate", "InstanceMaintenancePolicy", "DesiredCapacityType"),
)


class AutoScalingGroup(ResourceType):
    type, name = "AWS::AutoScaling::AutoScalingGroup", "AutoScalingGroupName"
    gets = {"AutoScalingGroupARN": lambda self: self._shown()["AutoScalingGroupARN"]}

    def _shown(self) -> dict[str, Any]:
        found = self.call("autoscaling", "describe_auto_scaling_groups", AutoScalingGroupNames=[self.id])
        return found["AutoScalingGroups"][0]

    def _arguments(self, properties: dict[str, Any]) -> dict[str, Any]:
        made = {name: properties.get(name) for name in _GROUP}
        made["DefaultCooldown"] = properties.get("Cooldown")
        if properties.get("VPCZoneIdentifier"):
            made["VPCZoneIdentifier"] = ",".join(properties["VPCZoneIdentifier"])
        return made

    def _tags(self, properties: dict[str, Any], name: str) -> list[dict[str, Any]]:
        return [
            {
                "Key": tag["Key"],
                "Value": str(tag["Value"]),
                "PropagateAtLaunch": tag.get("PropagateAtLaunch", True),
                "ResourceId": name,
                "ResourceType": "auto-scaling-group",
            }
            for tag in properties.get("Tags", [])
        ]

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        self.call(
            "autoscaling",
            "create_auto_scaling_group",
            AutoScalingGroupName=name,
            InstanceId=properties.get("InstanceId"),
            TargetGroupARNs=properties.get("TargetGroupARNs"),
            LoadBalancerNames=properties.get("LoadBalancerNames"),
            LifecycleHookSpecificationList=properties.get("LifecycleHookSpecificationList"),
            Tags=self._tags(properties, name) or None,
            **self._arguments(properties),
        )
        self.id = name
        for one in properties.get("MetricsCollection", []):
            self.call("autoscaling", "enable_metrics_collection", AutoScalingGroupName=name, **one)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.call("autoscaling", "update_auto_scaling_group", AutoScalingGroupName=self.id, **self._arguments(new))
        if changed(old, new, "TargetGroupARNs"):
            before, after = (set(one.get("TargetGroupARNs", [])) for one in (old, new))
            for arns, verb in ((before - after, "detach"), (after - before, "attach")):
                if arns:
                    self.call(
                        "autoscaling",
                        f"{verb}_load_balancer_target_groups",
                        AutoScalingGroupName=self.id,
                        TargetGroupARNs=sorted(arns),
                    )
        before, after = self._tags(old, self.id), self._tags(new, self.id)
        keys = {tag["Key"] for tag in after}
        if [tag for tag in after if tag not in before]:
            self.call("autoscaling", "create_or_update_tags", Tags=[tag for tag in after if tag not in before])
        if [tag for tag in before if tag["Key"] not in keys]:
            self.call("autoscaling", "delete_tags", Tags=[tag for tag in before if tag["Key"] not in keys])

    def delete(self) -> None:
        self.call("autoscaling", "delete_auto_scaling_group", AutoScalingGroupName=self.id, ForceDelete=True)


class ScalingPolicy(ResourceType):
    """Ref is the policy's ARN."""

    type = "AWS::AutoScaling::ScalingPolicy"
    gets = {
        "Arn": lambda self: self.id,
        "PolicyName": lambda self: self.id.rpartition("policyName/")[2],
    }

    def create(self, properties: dict[str, Any]) -> None:
        self._put(properties, self.physical_name(properties))

    def _put(self, properties: dict[str, Any], name: str) -> None:
        key = {"AutoScalingGroupName": properties["AutoScalingGroupName"], "PolicyNames": [name]}
        self.call("autoscaling", "put_scaling_policy", PolicyName=name, **properties)
        self.id = self.call("autoscaling", "describe_policies", **key)["ScalingPolicies"][0]["PolicyARN"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._put(new, self.id.rpartition("policyName/")[2])

    def delete(self) -> None:
        group = self.properties["AutoScalingGroupName"]
        self.call("autoscaling", "delete_policy", AutoScalingGroupName=group, PolicyName=self.id)


class ScheduledAction(ResourceType):
    type = "AWS::AutoScaling::ScheduledAction"
    gets = {"ScheduledActionName": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        self.call("autoscaling", "put_scheduled_update_group_action", ScheduledActionName=name, **properties)
        self.id = name

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.call("autoscaling", "put_scheduled_update_group_action", ScheduledActionName=self.id, **new)

    def delete(self) -> None:
        group = self.properties["AutoScalingGroupName"]
        self.call("autoscaling", "delete_scheduled_action", AutoScalingGroupName=group, ScheduledActionName=self.id)


class LifecycleHook(ResourceType):
    type, name = "AWS::AutoScaling::LifecycleHook", "LifecycleHookName"

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        self.call("autoscaling", "put_lifecycle_hook", **{**properties, "LifecycleHookName": name})
        self.id = name

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.call("autoscaling", "put_lifecycle_hook", **{**new, "LifecycleHookName": self.id})

    def delete(self) -> None:
        group = self.properties["AutoScalingGroupName"]
        self.call("autoscaling", "delete_lifecycle_hook", AutoScalingGroupName=group, LifecycleHookName=self.id)


class LaunchConfiguration(ResourceType):
    """What launch templates have replaced; AWS makes them in older accounts only."""

    type, name = "AWS::AutoScaling::LaunchConfiguration", "LaunchConfigurationName"

    def create(self, properties: dict[str, Any]) -> None:
        from .ec2_instances import user_data

        name = self.physical_name(properties)
        arguments = {
            key: one
            for key, one in properties.items()
            if key not in ("UserData", "InstanceMonitoring", "LaunchConfigurationName")
        }
        monitoring = properties.get("InstanceMonitoring")
        self.call(
            "autoscaling",
            "create_launch_configuration",
            LaunchConfigurationName=name,
            UserData=user_data(properties),
            InstanceMonitoring=None if monitoring is None else {"Enabled": monitoring},
            **arguments,
        )
        self.id = name

    def delete(self) -> None:
        try:
            self.call("autoscaling", "delete_launch_configuration", LaunchConfigurationName=self.id)
        except Failed as failed:
            if "not found" not in failed.reason:
                raise
