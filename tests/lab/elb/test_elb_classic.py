"""Classic Load Balancers, and the Elastic IP addresses of Network Load Balancers."""

import boto3
import pytest
from botocore.exceptions import ClientError

HTTP = {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstanceProtocol": "HTTP", "InstancePort": 80}


def create(**listener):
    classic = boto3.client("elb")
    classic.create_load_balancer(
        LoadBalancerName="old", Listeners=[{**HTTP, **listener}], AvailabilityZones=["us-east-1a"]
    )
    return classic


@pytest.mark.parametrize(
    "listener, code",
    [
        ({"Protocol": "HTTPS"}, "InvalidConfigurationRequest"),
        ({"Protocol": "TCP"}, "InvalidConfigurationRequest"),
        ({"Protocol": "UDP"}, "UnsupportedProtocol"),
    ],
)
def test_impossible_listeners(listener, code):
    """Without a certificate, over two layers, of another protocol."""
    with pytest.raises(ClientError) as caught:
        create(**listener)
    assert caught.value.response["Error"]["Code"] == code
    assert boto3.client("elb").describe_load_balancers()["LoadBalancerDescriptions"] == []


def test_instances(launch):
    """One that is there is registered, another is not."""
    classic, instance = create(), launch()
    classic.register_instances_with_load_balancer(LoadBalancerName="old", Instances=[{"InstanceId": instance}])
    with pytest.raises(ClientError) as caught:
        classic.register_instances_with_load_balancer(
            LoadBalancerName="old", Instances=[{"InstanceId": "i-0123456789abcdef0"}]
        )
    assert caught.value.response["Error"]["Code"] == "InvalidInstance"
    found = classic.describe_load_balancers()["LoadBalancerDescriptions"][0]["Instances"]
    assert [one["InstanceId"] for one in found] == [instance]


def test_addresses_of_a_network_load_balancer(ec2, elb, balancer, subnets, refused):
    """In use while the load balancer has them, free afterwards."""
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    arn = balancer(Type="network", SubnetMappings=[{"SubnetId": subnets[0], "AllocationId": address}])
    assert "AssociationId" in ec2.describe_addresses()["Addresses"][0]
    refused(ec2.release_address, "InvalidIPAddress.InUse", AllocationId=address)
    elb.delete_load_balancer(LoadBalancerArn=arn)
    ec2.release_address(AllocationId=address)
