"""VPC endpoints: for a service that is one, and of a type the service has.

https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from moto.ec2.models.vpcs import VPCBackend, VPCEndPoint

from ..gate import Call, Refused, refuses, replaces

_WITH_GATEWAY = ("s3", "dynamodb")
# Called differently from clients and addresses.
_MORE = ("execute-api", "email-smtp", "notebook", "studio", "s3-global")


@cache
def _known() -> tuple[str, ...]:
    """What AWS calls its services, in clients and in addresses."""
    session = boto3.Session()
    endpoints = session._session.get_component("data_loader").load_data("endpoints")
    names = {*session.get_available_services(), *endpoints["partitions"][0]["services"]}
    return _MORE + tuple(part for one in names for part in {one, one.split(".")[-1]})


def _may_be_one(service: str) -> bool:
    """Some endpoints have longer names, as ssmmessages or git-codecommit: a part that begins like a service will do."""
    return any(part.startswith(_known()) for part in (service, *service.split("-")))


@refuses("ec2", "CreateVpcEndpoint")
def unknown_service(call: Call) -> None:
    """Names are com.amazonaws.<Region>.<service>; those of other account's services are let pass."""
    name = call.params.get("ServiceName") or ""
    begin = f"com.amazonaws.{call.region}."
    if not name.startswith("com.amazonaws.") or name.startswith("com.amazonaws.vpce."):
        return
    service = name.removeprefix(begin).split(".")[0]
    if not name.startswith(begin) or not _may_be_one(service):
        raise Refused("InvalidServiceName", f"The Vpc Endpoint Service '{name}' does not exist")
    if (call.params.get("VpcEndpointType") or "Gateway") == "Gateway" and service not in _WITH_GATEWAY:
        raise Refused(
            "InvalidParameter", "Endpoint type (Gateway) does not match available service types ([Interface])."
        )


@replaces(VPCBackend, "create_vpc_endpoint")
def gateway_unless_said(moto: Any, backend: Any, *args: Any, **kwargs: Any) -> VPCEndPoint:
    """An endpoint is a gateway unless another type is asked for."""
    if "endpoint_type" in kwargs:
        kwargs["endpoint_type"] = kwargs["endpoint_type"] or "Gateway"
    return moto(backend, *args, **kwargs)
