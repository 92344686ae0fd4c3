"""Filters of DescribeInstances."""

import pytest


@pytest.mark.parametrize(
    "name, good, bad",
    [
        ("placement-group-name", "racks", "apart"),
        ("placement-partition-number", "2", "1"),
        ("tenancy", "default", "dedicated"),
        ("instance-state-code", "16", "80"),
        ("metadata-options.http-tokens", "required", "optional"),
        ("root-device-name", "/dev/xvda", "/dev/sda1"),
        ("hibernation-options.configured", "false", "true"),
        ("instance-type", "t3.micro", "t3.nano"),
    ],
)
def test_filters(ec2, image, name, good, bad):
    """Does a filter find the instance by the right value only?"""
    ec2.create_placement_group(GroupName="racks", Strategy="partition")
    where = {"GroupName": "racks", "PartitionNumber": 2}
    ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, Placement=where)
    for wanted, count in ((good, 1), (bad, 0)):
        found = ec2.describe_instances(Filters=[{"Name": name, "Values": [wanted]}])["Reservations"]
        assert len(found) == count


def test_spot(ec2, launch):
    """Is a Spot Instance found by its lifecycle?"""
    launch()
    spot = launch(InstanceMarketOptions={"MarketType": "spot"})
    (found,) = ec2.describe_instances(Filters=[{"Name": "instance-lifecycle", "Values": ["spot"]}])["Reservations"]
    assert found["Instances"][0]["InstanceId"] == spot
