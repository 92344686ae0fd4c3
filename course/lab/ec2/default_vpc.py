"""The default VPC as AWS makes it: open to the internet, which moto's is not.

https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.vpcs import VPC, VPCBackend

from ..gate import replaces


@replaces(VPCBackend, "create_default_vpc")
def with_a_way_to_the_internet(moto: Any, backend: Any) -> VPC:
    """An internet gateway is attached to it, and the main route table leads there."""
    vpc = moto(backend)
    gateway = backend.create_internet_gateway()
    backend.attach_internet_gateway(gateway.id, vpc.id)
    main = next(table for table in backend.route_tables.values() if table.vpc_id == vpc.id)
    backend.create_route(main.id, "0.0.0.0/0", gateway_id=gateway.id)
    return vpc
