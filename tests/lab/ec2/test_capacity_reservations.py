"""On-Demand Capacity Reservations."""

from datetime import UTC, datetime, timedelta

import pytest

GOOD = {
    "InstanceType": "m5.large",
    "InstancePlatform": "Linux/UNIX",
    "AvailabilityZone": "us-east-1a",
    "InstanceCount": 2,
}


@pytest.fixture
def reserve(ec2):
    """Reserve and give the id."""
    return lambda **more: ec2.create_capacity_reservation(**{**GOOD, **more})["CapacityReservation"][
        "CapacityReservationId"
    ]


@pytest.fixture
def left(ec2):
    """How many instances a reservation still holds."""

    def left(one):
        (shown,) = ec2.describe_capacity_reservations(CapacityReservationIds=[one])["CapacityReservations"]
        return shown["AvailableInstanceCount"]

    return left


@pytest.fixture
def asked(image):
    """A launch of m5.large in us-east-1a."""

    def asked(target=None, preference=None, count=1, **more):
        wanted = {"CapacityReservationTarget": {"CapacityReservationId": target}} if target else {}
        if preference:
            wanted["CapacityReservationPreference"] = preference
        return {
            "ImageId": image,
            "InstanceType": "m5.large",
            "MinCount": count,
            "MaxCount": count,
            "Placement": {"AvailabilityZone": "us-east-1a"},
            **({"CapacityReservationSpecification": wanted} if wanted else {}),
            **more,
        }

    return asked


@pytest.mark.parametrize(
    "bad, code, word",
    [
        ({"InstanceCount": 0}, "InvalidParameterValue", "instanceCount"),
        ({"InstanceCount": 1001}, "InvalidParameterValue", "1000"),
        ({"InstanceType": "m99.large"}, "InvalidParameterValue", "m99.large"),
        ({"AvailabilityZone": "us-east-1x"}, "InvalidParameterValue", "us-east-1x"),
        ({"AvailabilityZone": "us-east-1e"}, "Unsupported", "us-east-1e"),
        ({"InstancePlatform": "BeOS"}, "InvalidParameterValue", "BeOS"),
        ({"Tenancy": "host"}, "InvalidParameterValue", "default, dedicated"),
        ({"InstanceMatchCriteria": "any"}, "InvalidParameterValue", "open, targeted"),
        ({"EndDateType": "limited"}, "InvalidParameterCombination", "endDate"),
        ({"EndDate": datetime(2099, 1, 1)}, "InvalidParameterCombination", "limited"),
        ({"EndDate": datetime(2020, 1, 1), "EndDateType": "limited"}, "InvalidParameterValue", "past"),
    ],
)
def test_impossible_reservations(ec2, refused, bad, code, word):
    """Is the reservation refused?"""
    refused(ec2.create_capacity_reservation, code, word, **{**GOOD, **bad})


def test_possible_reservations(reserve, left):
    """Are the neighbours accepted?"""
    assert left(reserve(InstanceCount=1000)) == 1000
    soon = datetime.now(UTC) + timedelta(days=1)
    assert reserve(EndDateType="limited", EndDate=soon, InstanceMatchCriteria="targeted", Tenancy="dedicated")


def test_an_open_one_takes_what_matches(ec2, reserve, asked, left):
    """Does a matching launch use it up, and stop or termination give the place back?"""
    one = reserve()
    first, second, third = ec2.run_instances(**asked(count=3))["Instances"]
    assert [found.get("CapacityReservationId") for found in (first, second, third)] == [one, one, None]
    assert left(one) == 0
    ec2.stop_instances(InstanceIds=[first["InstanceId"]])
    ec2.terminate_instances(InstanceIds=[second["InstanceId"]])
    assert left(one) == 2
    ec2.start_instances(InstanceIds=[first["InstanceId"]])
    assert left(one) == 1
    ec2.run_instances(**asked(preference="none"))
    ec2.run_instances(**asked(InstanceType="m5.xlarge"))
    ec2.run_instances(**asked(Placement={"AvailabilityZone": "us-east-1b"}))
    assert left(one) == 1


def test_a_targeted_one_takes_who_names_it(ec2, reserve, asked, left, refused):
    """Is a launch refused that names a full, unfitting or unknown reservation?"""
    one, code = reserve(InstanceMatchCriteria="targeted"), "ReservationCapacityExceeded"
    ec2.run_instances(**asked())
    assert left(one) == 2
    refused(ec2.run_instances, code, **asked(one, count=3))
    refused(ec2.run_instances, code, **asked(one, InstanceType="m5.xlarge"))
    refused(ec2.run_instances, code, **asked(one, Placement={"AvailabilityZone": "us-east-1b"}))
    refused(ec2.run_instances, "InvalidCapacityReservationId.NotFound", "cr-0abc", **asked("cr-0abc"))
    (first, _) = ec2.run_instances(**asked(one, count=2))["Instances"]
    assert first["CapacityReservationId"] == one
    refused(ec2.run_instances, code, **asked(one))
    refused(ec2.run_instances, code, **asked(preference="capacity-reservations-only"))
    ec2.stop_instances(InstanceIds=[first["InstanceId"]])
    ec2.run_instances(**asked(one))
    refused(ec2.start_instances, code, InstanceIds=[first["InstanceId"]])


def test_modify_and_cancel(ec2, reserve, asked, left, refused):
    """Can it shrink only to what runs in it, and what has ended not be changed?"""
    one = reserve()
    ec2.run_instances(**asked())
    modify, cancel = ec2.modify_capacity_reservation, ec2.cancel_capacity_reservation
    refused(modify, "InvalidParameterValue", "(0)", CapacityReservationId=one, InstanceCount=0)
    modify(CapacityReservationId=one, InstanceCount=5)
    assert left(one) == 4
    ec2.run_instances(**asked(count=2))
    refused(modify, "InvalidParameterValue", "3 instances run", CapacityReservationId=one, InstanceCount=2)
    modify(CapacityReservationId=one, InstanceCount=3)
    cancel(CapacityReservationId=one)
    (shown,) = ec2.describe_capacity_reservations(Filters=[{"Name": "state", "Values": ["cancelled"]}])[
        "CapacityReservations"
    ]
    assert (shown["CapacityReservationId"], shown["AvailableInstanceCount"]) == (one, 0)
    refused(cancel, "InvalidState", "cancelled", CapacityReservationId=one)
    refused(modify, "InvalidState", "cancelled", CapacityReservationId=one, InstanceCount=9)
    refused(cancel, "InvalidCapacityReservationId.NotFound", "cr-0", CapacityReservationId="cr-0")
    refused(ec2.run_instances, "ReservationCapacityExceeded", **asked(one))


def test_change_where_an_instance_runs(ec2, reserve, asked, left, refused):
    """Does a stopped instance go into the reservation it names, at its next start?"""
    one, change = reserve(InstanceMatchCriteria="targeted"), ec2.modify_instance_capacity_reservation_attributes
    server = ec2.run_instances(**asked())["Instances"][0]["InstanceId"]
    wanted = {"CapacityReservationTarget": {"CapacityReservationId": one}}
    refused(change, "IncorrectInstanceState", server, InstanceId=server, CapacityReservationSpecification=wanted)
    ec2.stop_instances(InstanceIds=[server])
    change(InstanceId=server, CapacityReservationSpecification=wanted)
    assert left(one) == 2
    ec2.start_instances(InstanceIds=[server])
    assert left(one) == 1
