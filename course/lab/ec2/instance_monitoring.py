"""Detailed monitoring, and CPU credits of burstable types.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode-concepts.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.instances import Instance

from ..gate import Call, Refused, answers, corrects
from .instance_states import instances_of
from .launch_requests import requested

# Burstable types of older generations wait for credits, unless told otherwise; the newer ones buy more.
_STANDARD = ("t2.",)
_BURSTABLE = ("t2.", "t3.", "t3a.", "t4g.")


@answers("ec2", "MonitorInstances")
def monitor(call: Call) -> dict:
    """Detailed, each minute; it takes a moment."""
    return _monitored(call, "enabled", "pending")


@answers("ec2", "UnmonitorInstances")
def unmonitor(call: Call) -> dict:
    """Basic again, every five minutes."""
    return _monitored(call, "disabled", "disabling")


def _monitored(call: Call, state: str, change: str) -> dict:
    shown = []
    for instance in instances_of(call):
        already = instance.monitoring_state == state
        instance.monitoring_state = state
        shown.append({"InstanceId": instance.id, "Monitoring": {"State": state if already else change}})
    return {"InstanceMonitorings": shown}


def credits_of(instance: Instance) -> str:
    """standard or unlimited."""
    own = "standard" if instance.instance_type.startswith(_STANDARD) else "unlimited"
    return instance.__dict__.get("cpu_credits", own)


@corrects("ec2", "RunInstances")
def credits_asked_for(call: Call, reservation: Any) -> None:
    """As the launch says."""
    wanted = (requested(call).get("CreditSpecification") or {}).get("CpuCredits")
    for instance in reservation.instances if wanted else ():
        instance.__dict__["cpu_credits"] = wanted


@answers("ec2", "DescribeInstanceCreditSpecifications")
def describe_credits(call: Call) -> dict:
    """Of the named instances, or of all burstable ones that are not standard."""
    named = call.params.get("InstanceIds")
    if named:
        found = instances_of(call)
        for one in found:
            _require_burstable(one)
    else:
        found = [one for one in call.backend.all_instances() if one.instance_type.startswith(_BURSTABLE)]
        found = [one for one in found if one.state != "terminated" and credits_of(one) == "unlimited"]
    return {"InstanceCreditSpecifications": [{"InstanceId": one.id, "CpuCredits": credits_of(one)} for one in found]}


def _require_burstable(instance: Instance) -> None:
    if not instance.instance_type.startswith(_BURSTABLE):
        message = (
            f"The instance '{instance.id}' of the type {instance.instance_type} is not of a burstable performance type."
        )
        raise Refused("InvalidParameterCombination", message)


@answers("ec2", "ModifyInstanceCreditSpecification")
def modify_credits(call: Call) -> dict:
    """Each instance succeeds or fails by itself."""
    known = {one.id: one for one in call.backend.all_instances()}
    done, failed = [], []
    for wanted in call.params["InstanceCreditSpecifications"]:
        id, instance = wanted["InstanceId"], known.get(wanted["InstanceId"])
        if instance is None:
            error = {"Code": "InvalidInstanceID.NotFound", "Message": f"The instance ID '{id}' does not exist"}
        elif not instance.instance_type.startswith(_BURSTABLE):
            error = {
                "Code": "InstanceCreditSpecification.NotSupported",
                "Message": f"The instance type {instance.instance_type} is not burstable.",
            }
        else:
            instance.__dict__["cpu_credits"] = wanted.get("CpuCredits") or credits_of(instance)
            done.append({"InstanceId": id})
            continue
        failed.append({"InstanceId": id, "Error": error})
    return {"SuccessfulInstanceCreditSpecifications": done, "UnsuccessfulInstanceCreditSpecifications": failed}
