"""What the answers about an instance hold that moto leaves out: CPU, options; at launch, not yet; when terminated, no more.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.instances import Instance

from ..gate import Call, corrects, replaces
from .as_answered import as_answered
from .launch_requests import requested, type_facts

_PENDING = {"Code": "pending", "Message": "pending"}


def cpu_options(type_name: str) -> dict[str, int]:
    """Cores and threads of a core, unless a launch asks for fewer; empty for a type moto knows nothing of."""
    facts = type_facts(type_name).get("VCpuInfo", {})
    threads = facts.get("DefaultThreadsPerCore") or 1
    cores = facts.get("DefaultCores") or facts.get("DefaultVCpus", 0) // threads
    return {"CoreCount": cores, "ThreadsPerCore": threads} if cores else {}


@replaces(Instance, "__init__")
def whole(moto: Any, instance: Instance, *args: Any, **kwargs: Any) -> None:
    """Every instance has these, however it was launched."""
    moto(instance, *args, **kwargs)
    instance.__dict__.setdefault("ena_support", True)
    instance.__dict__.setdefault("capacity_reservation_specification", {"CapacityReservationPreference": "open"})
    instance.enclave_options = {"Enabled": False}
    instance.maintenance_options = {"AutoRecovery": "default"}
    instance.hibernation_options = instance.hibernation_options or {"Configured": False}
    windows = instance.platform == "windows"
    instance.platform_details = "Windows" if windows else "Linux/UNIX"
    instance.usage_operation = "RunInstances:0002" if windows else "RunInstances"


@corrects("ec2", "RunInstances")
def asked_for(call: Call, reservation: Any) -> None:
    """CPU options, enclave and automatic recovery as the launch asks."""
    params = requested(call)
    for instance in reservation.instances:
        if params.get("CpuOptions"):
            instance.asked_cpu_options = {
                **cpu_options(instance.instance_type),
                **{name: int(one) for name, one in params["CpuOptions"].items() if str(one).isdigit()},
            }
        if params.get("EnclaveOptions"):
            instance.enclave_options = dict(params["EnclaveOptions"])
        if params.get("MaintenanceOptions"):
            instance.maintenance_options = dict(params["MaintenanceOptions"])


def _options(instance: Instance) -> dict[str, int] | None:
    asked = instance.__dict__.get("asked_cpu_options")
    return asked or cpu_options(instance.instance_type) or None


@corrects("ec2", "RunInstances")
def not_yet(call: Call, reservation: Any) -> Any:
    """A pending instance has no volumes, no public address and no metadata service yet."""
    return as_answered(
        reservation,
        instances=[
            as_answered(
                one,
                cpu_options=_options(one),
                block_device_mappings=[],
                public_ip_address=None,
                public_ip=None,
                public_dns_name="",
                state_reason=_PENDING,
                metadata_options=as_answered(one.metadata_options, state="pending"),
                network_interfaces=[_not_yet_public(card) for card in one.network_interfaces],
                _private_ips=set(),
            )
            for one in reservation.instances
        ],
    )


def _not_yet_public(card: Any) -> Any:
    first = [{name: part for name, part in one.items() if name != "Association"} for one in card.private_ip_addresses]
    return as_answered(card, association=None, public_ip=None, private_ip_addresses=first)


@corrects("ec2", "DescribeInstances")
def no_more(call: Call, result: dict[str, Any]) -> None:
    """A terminated instance has left its subnet, its volumes and its security groups."""
    result["Reservations"] = [
        as_answered(one, instances=[_as_described(each) for each in one.instances]) for one in result["Reservations"]
    ]


def _as_described(instance: Instance) -> Any:
    shown = {"cpu_options": _options(instance), "_private_ips": set()}
    if instance.state == "terminated":
        shown |= {
            "vpc_id": None,
            "subnet_id": None,
            "private_ip_address": None,
            "private_ip": None,
            "private_dns_name": "",
            "public_dns_name": "",
            "network_interfaces": [],
            "block_device_mappings": [],
            "security_groups": [],
            "dynamic_group_list": [],
        }
    return as_answered(instance, **shown)
