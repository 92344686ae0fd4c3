"""What AWS refuses of an Auto Scaling group: sizes, launch template, subnets, health checks, deletion.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
"""

from __future__ import annotations

from typing import Any

from course.data import value

from ..gate import Call, Refused, corrects, refuses


def group_of(call: Call) -> Any:
    """The group of a request; Refused if it does not exist."""
    name = call.params["AutoScalingGroupName"]
    if name not in call.backend.autoscaling_groups:
        raise Refused("ValidationError", f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found")
    return call.backend.autoscaling_groups[name]


def require_sizes(least: int, most: int, desired: int | None) -> None:
    """Raise Refused unless 0 <= min <= desired <= max."""
    for name, given in (("min size", least), ("max size", most), ("desired capacity", desired)):
        if given is not None and given < 0:
            raise Refused("ValidationError", f"The {name} {given} must not be negative")
    if most < least:
        raise Refused("ValidationError", f"Max bound, {most}, must be greater than or equal to min bound, {least}")
    if desired is not None and not least <= desired <= most:
        raise Refused(
            "ValidationError",
            f"Desired capacity:{desired} must be between the specified min size:{least} and max size:{most}",
        )


def require_launch(call: Call) -> None:
    """Raise Refused unless the launch template (with its version) or launch configuration exists and names an image."""
    params, ec2 = call.params, call.backend_of("ec2")
    mixed = params.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {})
    for given in (params.get("LaunchTemplate"), mixed.get("LaunchTemplateSpecification")):
        if given:
            require_launch_template(ec2, given)
    name = params.get("LaunchConfigurationName")
    if name is not None and name not in call.backend.launch_configurations:
        raise Refused("ValidationError", f"Launch configuration name not found - Launch configuration {name} not found")


def require_launch_template(ec2: Any, given: dict[str, str]) -> None:
    """Raise Refused unless the template is named in one way, and is there in the version asked for."""
    lt_id, name = given.get("LaunchTemplateId"), given.get("LaunchTemplateName")
    if bool(lt_id) == bool(name):
        raise Refused("ValidationError", "Valid requests must contain either launchTemplateId or LaunchTemplateName")
    start = "You must use a valid fully-formed launch template. "
    found = [one for one in ec2.launch_templates.values() if one.id == lt_id or one.name == name]
    if not found:
        which = f"with template ID {lt_id}" if lt_id else f"with template name {name}"
        raise Refused("ValidationError", f"{start}The specified launch template, {which}, does not exist.")
    version = str(given.get("Version") or "$Default")
    numbers = [str(one.number) for one in found[0].versions]
    if version not in ("$Default", "$Latest", *numbers):
        raise Refused(
            "ValidationError",
            f"{start}The specified launch template version, {version}, does not exist; there are: {', '.join(numbers)}",
        )
    if not found[0].get_version(version).image_id:
        raise Refused("ValidationError", f"{start}The request must contain the parameter ImageId")


def require_place(call: Call) -> str | None:
    """The VPC of the subnets of a request; Refused unless they and the zones exist, in one VPC."""
    ec2 = call.backend_of("ec2")
    there = {one.id: one for zone in ec2.subnets.values() for one in zone.values()}
    ids = [one.strip() for one in (call.params.get("VPCZoneIdentifier") or "").split(",") if one.strip()]
    for one in ids:
        if one not in there:
            raise Refused("ValidationError", f"The subnet ID '{one}' does not exist")
    vpcs = sorted({there[one].vpc_id for one in ids})
    if len(vpcs) > 1:
        raise Refused(
            "ValidationError", f"All subnets of a group must be in the same VPC; these are in {', '.join(vpcs)}"
        )
    zones = [one.name for one in ec2.describe_availability_zones()]
    wrong = [one for one in call.params.get("AvailabilityZones", []) if one not in zones]
    if wrong:
        raise Refused("ValidationError", f"Invalid availability zones: [{', '.join(wrong)}]")
    return vpcs[0] if vpcs else None


def require_target_groups(call: Call, arns: list[str], vpc_id: str | None) -> None:
    """Raise Refused unless the target groups are there, take instances, and are in the group's VPC."""
    groups = call.backend_of("elbv2").target_groups
    for arn in arns:
        if arn not in groups:
            raise Refused(
                "ValidationError", "Provided Target Groups may not be valid. Please ensure they exist and try again."
            )
        if groups[arn].target_type != "instance":
            raise Refused("ValidationError", f"Target group '{arn}' must have the target type 'instance'")
        if vpc_id and groups[arn].vpc_id != vpc_id:
            raise Refused("ValidationError", f"Target group '{arn}' is not in the VPC '{vpc_id}' of the subnets")


def require_settings(params: dict[str, Any]) -> None:
    """Raise Refused for health checks, times and termination policies that do not exist."""
    kinds, given = value("auto_scaling.groups.health_check_types"), params.get("HealthCheckType")
    if given is not None and any(one.strip() not in kinds for one in given.split(",")):
        raise Refused("ValidationError", f"Unsupported health check type: '{given}'; there are: {', '.join(kinds)}")
    for name in ("HealthCheckGracePeriod", "DefaultCooldown"):
        if params.get(name) is not None and params[name] < 0:
            raise Refused("ValidationError", f"{name} {params[name]} must not be negative")
    known = value("auto_scaling.groups.termination_policies")
    for one in params.get("TerminationPolicies", []):
        if one not in known and not one.startswith("arn:"):
            raise Refused("ValidationError", f"Unsupported termination policy: '{one}'; there are: {', '.join(known)}")


@refuses("autoscaling", "CreateAutoScalingGroup")
def impossible_group(call: Call) -> None:
    """A free name, sizes in order, something to launch, somewhere to launch it, health checks that exist."""
    params, name = call.params, call.params["AutoScalingGroupName"]
    if name in call.backend.autoscaling_groups:
        raise Refused(
            "AlreadyExists",
            f"AutoScalingGroup by this name already exists - A group with the name {name} already exists",
        )
    require_sizes(params["MinSize"], params["MaxSize"], params.get("DesiredCapacity"))
    require_launch(call)
    vpc_id = require_place(call)
    require_settings(params)
    require_target_groups(call, params.get("TargetGroupARNs", []), vpc_id)


@refuses("autoscaling", "UpdateAutoScalingGroup")
def impossible_update(call: Call) -> None:
    """The rules of a new group, for what it would be afterwards; a desired capacity not named follows the limits."""
    group, params = group_of(call), call.params
    least, most = params.get("MinSize", group.min_size), params.get("MaxSize", group.max_size)
    require_sizes(least, most, params.get("DesiredCapacity"))
    require_launch(call)
    require_place(call)
    require_settings(params)


@refuses("autoscaling", "AttachLoadBalancerTargetGroups")
def attached_target_groups(call: Call) -> None:
    """Target groups exist and take instances."""
    group_of(call)
    require_target_groups(call, call.params["TargetGroupARNs"], None)


@refuses("autoscaling", "SetDesiredCapacity")
def outside_the_limits(call: Call) -> None:
    """The desired capacity stays between min and max."""
    group, asked = group_of(call), call.params["DesiredCapacity"]
    start = f"New SetDesiredCapacity value {asked} is"
    if asked > group.max_size:
        raise Refused("ValidationError", f"{start} above max value {group.max_size} for the AutoScalingGroup.")
    if asked < group.min_size:
        raise Refused("ValidationError", f"{start} below min value {group.min_size} for the AutoScalingGroup.")


@refuses("autoscaling", "DeleteAutoScalingGroup")
def instances_left(call: Call) -> None:
    """A group with instances is deleted with ForceDelete only."""
    if group_of(call).instance_states and not call.params.get("ForceDelete"):
        raise Refused(
            "ResourceInUse",
            "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) "
            "still in the group.",
        )


@corrects("autoscaling", "DeleteAutoScalingGroup")
def nothing_left_behind(call: Call, result: Any) -> None:
    """Policies and schedules go with their group; moto keeps them."""
    name, backend = call.params["AutoScalingGroupName"], call.backend
    backend.policies = {key: one for key, one in backend.policies.items() if one.auto_scaling_group_name != name}
    for key in [k for k, one in backend.scheduled_actions.items() if one.auto_scaling_group_name == name]:
        del backend.scheduled_actions[key]


@corrects("autoscaling", "CreateAutoScalingGroup")
def grace_period(call: Call, result: Any) -> None:
    """moto's default is that of the console."""
    if call.params.get("HealthCheckGracePeriod") is None:
        group = call.backend.autoscaling_groups[call.params["AutoScalingGroupName"]]
        group.health_check_grace_period = value("auto_scaling.groups.default_grace_period")


@refuses("autoscaling", "TerminateInstanceInAutoScalingGroup")
def not_below_the_minimum(call: Call) -> None:
    """An instance of a group; without replacement only while the group stays at its minimum."""
    instance_id = call.params["InstanceId"]
    for group in call.backend.autoscaling_groups.values():
        if any(one.instance.id == instance_id for one in group.instance_states):
            break
    else:
        raise Refused(
            "ValidationError",
            f"Instance Id not found - No managed instance found for instance ID: {instance_id}",
        )
    if call.params["ShouldDecrementDesiredCapacity"] and group.desired_capacity <= group.min_size:
        raise Refused(
            "ValidationError",
            f"Currently, desiredSize equals minSize ({group.min_size}). Terminating instance without replacement will "
            "violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower "
            "group's min size.",
        )


@refuses("autoscaling", "DetachInstances", "EnterStandby", "ExitStandby", "AttachInstances")
def instances_of_the_group(call: Call) -> None:
    """Instances leave the group they are in, and join one that has room."""
    group, ids = group_of(call), call.params.get("InstanceIds", [])
    members = [one.instance.id for one in group.instance_states]
    if call.operation == "AttachInstances":
        for one in ids:
            instance = call.backend_of("ec2").get_instance_by_id(one)
            if instance is None or instance.state != "running":
                raise Refused("ValidationError", f"Invalid Instance ID(s): [{one}]; it must exist and be running")
        if group.desired_capacity + len(ids) > group.max_size:
            raise Refused(
                "ValidationError",
                f"AutoScalingGroup '{group.name}' has max size={group.max_size} and desired "
                f"capacity={group.desired_capacity}; attaching {len(ids)} instances would exceed the max size",
            )
        return
    for one in ids:
        if one not in members:
            raise Refused("ValidationError", f"The instance {one} is not part of Auto Scaling group {group.name}.")
    fewer = call.params.get("ShouldDecrementDesiredCapacity")
    if fewer and group.desired_capacity - len(ids) < group.min_size:
        raise Refused(
            "ValidationError",
            f"AutoScalingGroup '{group.name}' has min size={group.min_size}; without replacement "
            f"{group.desired_capacity - len(ids)} would be left",
        )
