"""Ids that are none: AWS looks at their form before it looks for what they name.

https://docs.aws.amazon.com/ec2/latest/devguide/errors-overview.html
"""

from __future__ import annotations

from moto.core.utils import get_service_model

from ..gate import Call, Refused, refuses

# Parameter -> the beginning of its ids and AWS's code. A volume's code is older than the others.
_FORMS = {
    "InstanceId": ("i-", "InvalidInstanceID.Malformed"),
    "ImageId": ("ami-", "InvalidAMIID.Malformed"),
    "SubnetId": ("subnet-", "InvalidSubnetID.Malformed"),
    "VpcId": ("vpc-", "InvalidVpcID.Malformed"),
    "SnapshotId": ("snap-", "InvalidSnapshotID.Malformed"),
    "VolumeId": ("vol-", "InvalidParameterValue"),
    "NetworkInterfaceId": ("eni-", "InvalidNetworkInterfaceId.Malformed"),
    "RouteTableId": ("rtb-", "InvalidRouteTableId.Malformed"),
}
_FORMS |= {f"{name}s": form for name, form in _FORMS.items()}
_MODEL = get_service_model("ec2")


def _with_ids() -> list[str]:
    shapes = {name: _MODEL.operation_model(name).input_shape for name in _MODEL.operation_names}
    return [name for name, shape in shapes.items() if shape is not None and _FORMS.keys() & shape.members.keys()]


@refuses("ec2", *_with_ids())
def malformed_id(call: Call) -> None:
    """The code ends in Malformed, but for volumes."""
    for name, (start, code) in _FORMS.items():
        given = call.params.get(name) or []
        for one in [given] if isinstance(given, str) else given:
            # An AMI may be named through Parameter Store: resolve:ssm:...
            if not one or one.startswith(start) or one.startswith("resolve:"):
                continue
            if code == "InvalidParameterValue":
                raise Refused(code, f"Value ({one}) for parameter volumes is invalid. Expected: '{start}...'.")
            raise Refused(code, f'Invalid id: "{one}" (expecting "{start}...")')
