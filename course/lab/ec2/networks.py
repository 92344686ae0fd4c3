"""VPCs and subnets: how many, and which are in use.

https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
"""

from __future__ import annotations

from course.data import value

from ..gate import Call, Refused, refuses


@refuses("ec2", "CreateVpc")
def vpcs_per_region(call: Call) -> None:
    """The default VPC counts."""
    if len(call.backend.vpcs) >= value("ec2.vpcs.per_region"):
        raise Refused("VpcLimitExceeded", "The maximum number of VPCs has been reached.")


@refuses("ec2", "DeleteSubnet")
def subnet_in_use(call: Call) -> None:
    """A network interface in it, of an instance or of anything else, keeps it."""
    subnet = call.params["SubnetId"]
    if any(one.subnet.id == subnet for one in call.backend.enis.values()):
        raise Refused("DependencyViolation", f"The subnet '{subnet}' has dependencies and cannot be deleted.")
