"""Security groups as AWS makes them with a VPC.

https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupBackend

from .gate import replaces


@replaces(SecurityGroupBackend, "create_security_group")
def members_reach_each_other(moto: Any, backend: SecurityGroupBackend, *args: Any, **kwargs: Any) -> SecurityGroup:
    """A VPC's default group lets its own members in on every port; moto's has no inbound rule at all."""
    group = moto(backend, *args, **kwargs)
    if group.is_default:
        backend.authorize_security_group_ingress(
            group.id,
            ip_protocol="-1",
            from_port=None,
            to_port=None,
            ip_ranges=[],
            source_groups=[{"GroupId": group.id}],
            vpc_id=group.vpc_id,
        )
    return group
