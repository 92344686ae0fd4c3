"""Filters of DescribeInstances that moto does not have.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import moto.ec2.utils
from moto.ec2.models.instances import Instance

from course.data import value

from ..gate import Call, Refused, refuses, replaces

_READERS: dict[str, Callable[[Instance], Any]] = {
    "capacity-reservation-id": lambda one: getattr(one, "capacity_reservation_id", None),
    "hibernation-options.configured": lambda one: bool((one.hibernation_options or {}).get("Configured")),
    "host-id": lambda one: one.placement.host_id,
    "iam-instance-profile.arn": lambda one: (one.iam_instance_profile or {}).get("Arn"),
    "instance-lifecycle": lambda one: one.lifecycle,
    "instance-state-code": lambda one: one.state_code,
    "metadata-options.http-tokens": lambda one: one.metadata_options.http_tokens,
    "placement-group-name": lambda one: one.placement.group_name,
    "placement-partition-number": lambda one: getattr(one.placement, "partition_number", None),
    "platform": lambda one: one.platform,
    "root-device-name": lambda one: one.root_device_name,
    "root-device-type": lambda one: one.root_device_type,
    "tenancy": lambda one: one.placement.tenancy,
}


@refuses("ec2", "DescribeInstances")
def page_size(call: Call) -> None:
    """A page has 5 to 1,000 instances."""
    wanted, least, most = (
        call.params.get("MaxResults"),
        value("ec2.pages.least_instances"),
        value("ec2.pages.most_instances"),
    )
    if wanted is not None and not least <= int(wanted) <= most:
        expected = f"greater than {least}" if int(wanted) < least else f"less than {most}"
        message = f"Value ( {wanted} ) for parameter maxResults is invalid. Expecting a value {expected}."
        raise Refused("InvalidParameterValue", message)


@replaces(moto.ec2.utils, "passes_filter_dict")
def more_filters(original: Any, instance: Instance, filters: dict[str, list[str]]) -> bool:
    """Each filter compares text with text, as the API does; those moto knows go to moto."""
    own = {name: filters[name] for name in filters if name in _READERS}
    for name, wanted in own.items():
        found = _READERS[name](instance)
        text = str(found).lower() if isinstance(found, bool) else str(found)
        if found is None or text not in wanted:
            return False
    return original(instance, {name: wanted for name, wanted in filters.items() if name not in own})
