"""The hosted zone of a load balancer's name, which an alias record needs; moto writes "Z2P70J7EXAMPLE" everywhere.

https://docs.aws.amazon.com/general/latest/gr/elb.html
"""

from __future__ import annotations

from typing import Any

from moto.elbv2.models import FakeLoadBalancer

from course.data import figures

from ..gate import replaces


@replaces(FakeLoadBalancer, "__init__")
def with_its_zone(original: Any, balancer: FakeLoadBalancer, *args: Any, **kwargs: Any) -> None:
    """The id of its Region, one for Application and Gateway Load Balancers and one for Network Load Balancers."""
    original(balancer, *args, **kwargs)
    region = balancer.arn.split(":")[3]
    zones = figures("route53.load_balancer_zones")
    if region in zones:
        balancer.canonical_hosted_zone_id = zones[region].value[balancer.type == "network"]
