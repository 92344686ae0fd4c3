"""Spot requests and fleets."""

import pytest

ROLE = "arn:aws:iam::123456789012:role/aws-ec2-spot-fleet-tagging-role"


@pytest.fixture
def wanted(image):
    return {"ImageId": image, "InstanceType": "t3.micro"}


@pytest.mark.parametrize(
    "bad, code, word",
    [
        ({"InstanceInterruptionBehavior": "stop"}, "InvalidParameterCombination", "persistent"),
        ({"Type": "one-time", "InstanceInterruptionBehavior": "hibernate"}, "InvalidParameterCombination", "hibernate"),
        ({"InstanceInterruptionBehavior": "reboot"}, "InvalidParameterValue", "terminate, stop, hibernate"),
        ({"Type": "forever"}, "InvalidParameterValue", "one-time, persistent"),
        ({"SpotPrice": "0"}, "InvalidParameterValue", "0.001"),
        ({"SpotPrice": "cheap"}, "InvalidParameterValue", "cheap"),
        ({"InstanceCount": 0}, "InvalidParameterValue", "instanceCount"),
    ],
)
def test_impossible_requests(ec2, wanted, refused, bad, code, word):
    """Is the request refused?"""
    refused(ec2.request_spot_instances, code, word, LaunchSpecification=wanted, **bad)


@pytest.mark.parametrize(
    "good",
    [
        {},
        {"InstanceInterruptionBehavior": "terminate"},
        {"Type": "persistent", "InstanceInterruptionBehavior": "stop"},
        {"SpotPrice": "0.01"},
    ],
)
def test_possible_requests(spot_request, wanted, good):
    """Are the neighbours accepted?"""
    made = spot_request(LaunchSpecification=wanted, **good)
    assert made["State"] == "active"


def test_a_launch_with_market_options(ec2, wanted, refused):
    """Do the rules hold for RunInstances?"""

    def asked(market="spot", **options):
        more = {"InstanceMarketOptions": {"MarketType": market, "SpotOptions": options}}
        return {**wanted, "MinCount": 1, "MaxCount": 1, **more}

    once = asked(SpotInstanceType="one-time", InstanceInterruptionBehavior="stop")
    refused(ec2.run_instances, "InvalidParameterCombination", "persistent", **once)
    refused(ec2.run_instances, "InvalidParameterValue", "auction", **asked("auction"))
    refused(ec2.run_instances, "InvalidParameterCombination", "protection", **asked(), DisableApiTermination=True)
    (made,) = ec2.run_instances(**asked(SpotInstanceType="persistent", InstanceInterruptionBehavior="stop"))[
        "Instances"
    ]
    assert made["InstanceLifecycle"] == "spot"


def test_cancelling_leaves_the_instance(ec2, wanted, spot_request, refused):
    """Does the instance run on, and is an unknown request named?"""
    made = spot_request(LaunchSpecification=wanted)
    cancel, unknown = ec2.cancel_spot_instance_requests, "sir-0abc"
    refused(cancel, "InvalidSpotInstanceRequestID.NotFound", unknown, SpotInstanceRequestIds=[unknown])
    cancel(SpotInstanceRequestIds=[made["SpotInstanceRequestId"]])
    (found,) = ec2.describe_instances(InstanceIds=[made["InstanceId"]])["Reservations"][0]["Instances"]
    assert found["State"]["Name"] == "running"


def test_spot_fleet(ec2, wanted, refused):
    """Are unknown strategies refused, and behaviours that the kind of fleet cannot have?"""
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]

    def fleet(**more):
        launch = {"LaunchSpecifications": [{**wanted, "SubnetId": subnet}]}
        return {"SpotFleetRequestConfig": {"TargetCapacity": 1, "IamFleetRole": ROLE, **launch, **more}}

    request = ec2.request_spot_fleet
    refused(request, "InvalidParameterValue", "cheapest", **fleet(AllocationStrategy="cheapest"))
    refused(request, "InvalidParameterValue", "lowest-price", **fleet(AllocationStrategy="lowest-price"))
    pools = fleet(AllocationStrategy="diversified", InstancePoolsToUseCount=2)
    refused(request, "InvalidParameterCombination", "lowestPrice", **pools)
    stop = fleet(Type="request", InstanceInterruptionBehavior="stop")
    refused(request, "InvalidSpotFleetRequestConfig", "maintain", **stop)
    refused(request, "InvalidSpotFleetRequestConfig", "launch", **fleet(LaunchSpecifications=[]))
    for good in ({}, {"AllocationStrategy": "priceCapacityOptimized"}, {"InstanceInterruptionBehavior": "stop"}):
        assert request(**fleet(**good))["SpotFleetRequestId"].startswith("sfr-")


def test_ec2_fleet(ec2, wanted, refused):
    """Does an EC2 Fleet know its strategies by their names with hyphens?"""
    ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=wanted)

    def fleet(**spot):
        template = {"LaunchTemplateSpecification": {"LaunchTemplateName": "web", "Version": "1"}}
        total = {"TotalTargetCapacity": 1, "DefaultTargetCapacityType": "spot"}
        return {"SpotOptions": spot, "LaunchTemplateConfigs": [template], "TargetCapacitySpecification": total}

    refused(ec2.create_fleet, "InvalidParameterValue", "lowestPrice", **fleet(AllocationStrategy="lowestPrice"))
    stop = fleet(InstanceInterruptionBehavior="stop")
    refused(ec2.create_fleet, "InvalidParameterCombination", "maintain", **stop, Type="instant")
    assert ec2.create_fleet(**fleet(AllocationStrategy="price-capacity-optimized"))["FleetId"]
