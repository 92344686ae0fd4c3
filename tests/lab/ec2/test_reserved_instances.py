"""Reserved Instances: what is offered, what is cheaper, what is bought."""


def offered(ec2, **more):
    return ec2.describe_reserved_instances_offerings(InstanceType="t3.micro", **more)["ReservedInstancesOfferings"]


def hourly(offering):
    """What an hour costs, with the upfront payment spread over the term."""
    return offering["FixedPrice"] / (offering["Duration"] / 3600) + offering["RecurringCharges"][0]["Amount"]


def test_longer_and_more_upfront_is_cheaper(ec2):
    """Regional offerings of one class, by term and payment."""
    found = [one for one in offered(ec2, OfferingClass="standard") if one["Scope"] == "Region"]
    prices = {(one["Duration"] // 31536000, one["OfferingType"]): hourly(one) for one in found}
    payments = ("No Upfront", "Partial Upfront", "All Upfront")
    for years in (1, 3):
        costs = [prices[years, payment] for payment in payments]
        assert costs == sorted(costs, reverse=True) and len(set(costs)) == 3
    assert all(prices[3, payment] < prices[1, payment] for payment in payments)
    convertible = [one for one in offered(ec2, OfferingClass="convertible") if one["Scope"] == "Region"]
    assert min(map(hourly, convertible)) > min(prices.values())


def test_filters(ec2):
    """By payment, by term, by zone, by id."""
    assert {one["OfferingType"] for one in offered(ec2, OfferingType="All Upfront")} == {"All Upfront"}
    assert {one["Duration"] for one in offered(ec2, MinDuration=94608000)} == {94608000}
    zonal = offered(ec2, AvailabilityZone="us-east-1b")
    assert {(one["Scope"], one["AvailabilityZone"]) for one in zonal} == {("Availability Zone", "us-east-1b")}
    id = zonal[0]["ReservedInstancesOfferingId"]
    assert [one["ReservedInstancesOfferingId"] for one in offered(ec2, ReservedInstancesOfferingIds=[id])] == [id]


def test_a_purchase(ec2, refused):
    """A discount for its term that starts no instance, in one Region."""
    offering = offered(ec2, OfferingClass="convertible")[0]
    id = {"ReservedInstancesOfferingId": offering["ReservedInstancesOfferingId"]}
    made = ec2.purchase_reserved_instances_offering(InstanceCount=3, **id)["ReservedInstancesId"]
    found = ec2.describe_reserved_instances(ReservedInstancesIds=[made])["ReservedInstances"][0]
    assert (found["InstanceCount"], found["State"], found["OfferingClass"]) == (3, "active", "convertible")
    assert (found["End"] - found["Start"]).days in (365, 1095)
    assert ec2.describe_instances()["Reservations"] == []
    wrong = {"ReservedInstancesOfferingId": "12345678-1234-1234-1234-123456789012"}
    code = "InvalidReservedInstancesOfferingId"
    refused(ec2.purchase_reserved_instances_offering, code, InstanceCount=1, **wrong)
    refused(ec2.describe_reserved_instances, "InvalidReservedInstancesId", ReservedInstancesIds=["none"])
