"""Start, stop, reboot and terminate: from which states, and what protects an instance.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
"""

from __future__ import annotations

import copy
import re
from typing import Any

from moto.ec2.models.instances import Instance, InstanceState

from ..gate import Call, Refused, refuses, replaces


def instances_of(call: Call) -> list[Instance]:
    """The instances a call names; Refused for ids that are none, or not of this Region."""
    known = {instance.id: instance for instance in call.backend.all_instances()}
    for instance_id in call.params["InstanceIds"]:
        if not re.fullmatch(r"i-[0-9a-f]{8,17}", instance_id):
            raise Refused("InvalidInstanceID.Malformed", f'Invalid id: "{instance_id}"')
    missing = [instance_id for instance_id in call.params["InstanceIds"] if instance_id not in known]
    if missing:
        which = f"ID '{missing[0]}' does" if len(missing) == 1 else f"IDs '{', '.join(missing)}' do"
        raise Refused("InvalidInstanceID.NotFound", f"The instance {which} not exist")
    return [known[instance_id] for instance_id in call.params["InstanceIds"]]


@refuses("ec2", "StartInstances")
def not_startable(call: Call) -> None:
    """Only a stopped instance starts; a running one stays as it is."""
    for instance in instances_of(call):
        if instance.state not in ("stopped", "pending", "running"):
            raise Refused(
                "IncorrectInstanceState",
                f"The instance '{instance.id}' is not in a state from which it can be started.",
            )


@refuses("ec2", "StopInstances")
def not_stoppable(call: Call) -> None:
    """A terminated instance cannot stop, nor one of a one-time Spot request, nor one that is protected."""
    for instance in instances_of(call):
        if instance.state in ("shutting-down", "terminated"):
            raise Refused(
                "IncorrectInstanceState",
                f"This instance '{instance.id}' is not in a state from which it can be stopped.",
            )
        if instance.lifecycle == "spot" and spot_type(instance) == "one-time":
            raise Refused(
                "UnsupportedOperation",
                f"You can't stop the Spot Instance '{instance.id}' because it is associated with a one-time Spot Instance "
                "request. You can only stop Spot Instances associated with persistent Spot Instance requests.",
            )
        if instance.disable_api_stop is True:
            raise Refused(
                "OperationNotPermitted",
                f"The instance '{instance.id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.",
            )


def spot_type(instance: Instance) -> str:
    """one-time or persistent, of the request that launched a Spot Instance."""
    for request in instance.ec2_backend.spot_instance_requests.values():
        if getattr(request, "instance", None) is instance:
            return request.type or "one-time"
    return instance.__dict__.get("spot_type", "one-time")


@refuses("ec2", "RebootInstances")
def not_rebootable(call: Call) -> None:
    """A stopped instance is started, not rebooted; AWS ignores terminated ones."""
    for instance in instances_of(call):
        if instance.state in ("stopping", "stopped"):
            raise Refused("IncorrectState", f"Instance '{instance.id}' is not 'running'.")


@refuses("ec2", "TerminateInstances")
def protected(call: Call) -> None:
    """With termination protection on one of them, none of the call ends."""
    for instance in instances_of(call):
        if instance.disable_api_termination is True and instance.state != "terminated":
            raise Refused(
                "OperationNotPermitted",
                f"The instance '{instance.id}' may not be terminated. Modify its 'disableApiTermination' instance "
                "attribute and try again.",
            )


@replaces(Instance, "start")
def start_once(moto: Any, instance: Instance) -> InstanceState:
    """A running instance keeps its public address; moto gives it a new one."""
    return copy.copy(instance._state) if instance.state in ("running", "pending") else moto(instance)


@replaces(Instance, "stop")
def stop_once(moto: Any, instance: Instance) -> InstanceState:
    """A stopped instance keeps the reason of its stop."""
    return copy.copy(instance._state) if instance.state in ("stopped", "stopping") else moto(instance)


@replaces(Instance, "reboot")
def reboot_only_what_runs(moto: Any, instance: Instance) -> None:
    """moto makes every instance run, the terminated too."""
    if instance.state == "running":
        moto(instance)


@replaces(Instance, "terminate")
def terminate_once(moto: Any, instance: Instance) -> InstanceState:
    """Said again, termination changes nothing."""
    return copy.copy(instance._state) if instance.state == "terminated" else moto(instance)
