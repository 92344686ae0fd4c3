"""The account's own network: what listens where, and what reaches what."""

import pytest
from conftest import client

from course import lab


@pytest.fixture
def servers(ec2, launch):
    """Two instances: the web server's group lets the world in on 443, the application's only the web server on 8080."""
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    web, app = (
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"] for name in ("web", "app")
    )
    ec2.authorize_security_group_ingress(GroupId=web, IpProtocol="tcp", FromPort=443, ToPort=443, CidrIp="0.0.0.0/0")
    permission = {"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "UserIdGroupPairs": [{"GroupId": web}]}
    ec2.authorize_security_group_ingress(GroupId=app, IpPermissions=[permission])
    return launch("us-east-1a", SecurityGroupIds=[web]), launch("us-east-1b", SecurityGroupIds=[app])


def test_reach(servers, ec2):
    """Is a connection refused until something listens, allowed then, and timed out where a rule is missing?"""
    web, app = servers
    assert lab.reach("203.0.113.7", web, 443).outcome == "connection refused"
    lab.listen(web, 443)
    lab.listen(app, 8080)
    assert lab.reach("203.0.113.7", web, 443).outcome == "allowed"
    assert lab.reach(web, app, 8080).outcome == "allowed"
    assert lab.reach(app, web, 443).outcome == "allowed"
    assert lab.reach("203.0.113.7", app, 8080).outcome == "timed out"
    assert lab.reach("203.0.113.7", web, 22).outcome == "timed out"
    ec2.stop_instances(InstanceIds=[app])
    assert lab.reach(web, app, 8080).outcome == "timed out"
    saved = lab.snapshot()
    lab.listen(web)
    assert lab.reach("203.0.113.7", web, 443).outcome == "connection refused"
    lab.restore(saved)
    assert lab.reach("203.0.113.7", web, 443).outcome == "allowed"


def test_looking_leaves_no_trace(servers):
    """Does asking what reaches what count as nobody's use of a service?"""

    def last_use():
        arn = "arn:aws:iam::123456789012:user/administrator"
        job = client("iam").generate_service_last_accessed_details(Arn=arn)["JobId"]
        listed = client("iam").get_service_last_accessed_details(JobId=job)["ServicesLastAccessed"]
        return {
            one["ServiceNamespace"]: one.get("LastAuthenticated") for one in listed if one["ServiceNamespace"] != "iam"
        }

    before = last_use()
    lab.reach("203.0.113.7", servers[0], 443)
    assert last_use() == before and before["ec2"] and not before["elasticloadbalancing"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("i-0", 80), "there is no instance 'i-0' in us-east-1"),
        ((None, 0), "not 0"),
        ((None, "80"), "not '80'"),
        ((None, True), "not True"),
    ],
)
def test_what_cannot_listen(servers, arguments, sentence):
    """Does a wrong instance or port get one sentence?"""
    instance, port = arguments
    with pytest.raises(ValueError, match=sentence):
        lab.listen(instance or servers[0], port)


def test_the_default_vpc_is_open_to_the_internet(ec2):
    """Has it an internet gateway and a route there, as AWS makes it, and an instance an address of its subnet?"""
    (gateway,) = ec2.describe_internet_gateways()["InternetGateways"]
    (vpc,) = ec2.describe_vpcs()["Vpcs"]
    assert [one["VpcId"] for one in gateway["Attachments"]] == [vpc["VpcId"]]
    (table,) = ec2.describe_route_tables()["RouteTables"]
    routes = {one["DestinationCidrBlock"]: one["GatewayId"] for one in table["Routes"]}
    assert routes == {"172.31.0.0/16": "local", "0.0.0.0/0": gateway["InternetGatewayId"]}


def test_addresses_are_the_subnets(ec2, launch):
    """Is a private address one of the zone's default subnet, and is there a public one where the subnet says so?"""
    subnets = ec2.describe_subnets()["Subnets"]
    (second,) = (one for one in subnets if one["AvailabilityZone"] == "us-east-1b")
    for more in ({}, {"SubnetId": second["SubnetId"]}):
        zone = {} if more else {"Placement": {"AvailabilityZone": "us-east-1b"}}
        image = ec2.describe_images(Owners=["amazon"])["Images"]
        chosen = next(one["ImageId"] for one in image if one["Architecture"] == "x86_64")
        made = ec2.run_instances(ImageId=chosen, InstanceType="t3.micro", MinCount=1, MaxCount=1, **zone, **more)
        (seen,) = ec2.describe_instances(InstanceIds=[made["Instances"][0]["InstanceId"]])["Reservations"][0][
            "Instances"
        ]
        assert seen["SubnetId"] == second["SubnetId"] and seen["PrivateIpAddress"].startswith("172.31.")
        assert seen["PublicIpAddress"]
    ec2.modify_subnet_attribute(SubnetId=second["SubnetId"], MapPublicIpOnLaunch={"Value": False})
    hidden = ec2.run_instances(
        ImageId=chosen, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=second["SubnetId"]
    )["Instances"][0]["InstanceId"]
    (seen,) = ec2.describe_instances(InstanceIds=[hidden])["Reservations"][0]["Instances"]
    assert "PublicIpAddress" not in seen
