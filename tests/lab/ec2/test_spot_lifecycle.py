"""How a Spot request lives and ends with its instance."""

import pytest


@pytest.fixture
def spot(ec2, image, subnets):
    def spot(**more):
        launch = {"ImageId": image, "InstanceType": "t3.micro", "SubnetId": subnets[0]}
        made = ec2.request_spot_instances(LaunchSpecification=launch, **more)["SpotInstanceRequests"][0]
        return made["SpotInstanceRequestId"]

    return spot


@pytest.fixture
def request_shown(ec2):
    def request_shown(id):
        return ec2.describe_spot_instance_requests(SpotInstanceRequestIds=[id])["SpotInstanceRequests"][0]

    return request_shown


def state(ec2, instance):
    return ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]["State"]["Name"]


def test_a_one_time_request(ec2, spot, request_shown):
    """Active with its instance, closed without it."""
    made = spot()
    instance = request_shown(made)["InstanceId"]
    ec2.terminate_instances(InstanceIds=[instance])
    shown = request_shown(made)
    assert (shown["State"], shown["Status"]["Code"]) == ("closed", "instance-terminated-by-user")
    assert len(ec2.describe_instances()["Reservations"]) == 1


def test_a_persistent_request(ec2, spot, request_shown):
    """Disabled while stopped; after a termination there is another instance; cancelled there is none."""
    made = spot(Type="persistent", InstanceInterruptionBehavior="stop")
    first = request_shown(made)["InstanceId"]
    ec2.stop_instances(InstanceIds=[first])
    assert request_shown(made)["State"] == "disabled"
    ec2.start_instances(InstanceIds=[first])
    assert request_shown(made)["State"] == "active"
    ec2.terminate_instances(InstanceIds=[first])
    second = request_shown(made)["InstanceId"]
    assert second != first and state(ec2, second) == "running"
    ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=[made])
    assert request_shown(made)["State"] == "cancelled" and state(ec2, second) == "running"
    ec2.terminate_instances(InstanceIds=[second])
    assert len(ec2.describe_instances()["Reservations"]) == 2 and request_shown(made)["State"] == "cancelled"


def test_cancelling_ends_what_is_stopped(ec2, spot, request_shown):
    """A stopped instance goes with its request."""
    made = spot(Type="persistent", InstanceInterruptionBehavior="stop")
    instance = request_shown(made)["InstanceId"]
    ec2.stop_instances(InstanceIds=[instance])
    ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=[made])
    assert state(ec2, instance) == "terminated"


def test_a_launch_as_spot(ec2, launch, request_shown):
    """Has a request of its own, which the instance names."""
    options = {"SpotInstanceType": "persistent", "InstanceInterruptionBehavior": "hibernate"}
    instance = launch(InstanceMarketOptions={"MarketType": "spot", "SpotOptions": options})
    shown = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    request = request_shown(shown["SpotInstanceRequestId"])
    assert (request["InstanceId"], request["Type"]) == (instance, "persistent")
    assert request["InstanceInterruptionBehavior"] == "hibernate"
    assert len(ec2.describe_instances()["Reservations"]) == 1


def test_what_is_not_there(ec2, refused):
    """Requests and fleets."""
    request = {"SpotInstanceRequestIds": ["sir-0123abcd"]}
    refused(ec2.describe_spot_instance_requests, "InvalidSpotInstanceRequestID.NotFound", **request)
    fleet = {"SpotFleetRequestId": "sfr-123f8fc2-11aa-22bb-33cc-123456789012"}
    refused(ec2.describe_spot_fleet_instances, "InvalidSpotFleetRequestId.NotFound", **fleet)
