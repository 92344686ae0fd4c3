"""Security groups as AWS makes them with a VPC."""

import pytest


def test_the_default_group_lets_its_own_members_in_and_nobody_else(ec2):
    """Does every VPC's default group have the one rule that AWS gives it?"""
    ec2.create_vpc(CidrBlock="10.0.0.0/16")
    groups = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["default"]}])["SecurityGroups"]
    assert len(groups) == 2
    for group in groups:
        (rule,) = group["IpPermissions"]
        assert rule["IpProtocol"] == "-1"
        assert [pair["GroupId"] for pair in rule["UserIdGroupPairs"]] == [group["GroupId"]]
        assert rule["IpRanges"] == []


def test_an_own_group_has_no_inbound_rule(ec2):
    """Is a new group closed until something is allowed?"""
    made = ec2.create_security_group(GroupName="own", Description="own")["GroupId"]
    (group,) = ec2.describe_security_groups(GroupIds=[made])["SecurityGroups"]
    assert group["IpPermissions"] == []


@pytest.fixture
def group(ec2):
    """Create a group and give its id."""
    made = iter(range(100))
    return lambda **more: ec2.create_security_group(
        **{"GroupName": f"g{next(made)}", "Description": "a group", **more}
    )["GroupId"]


@pytest.fixture
def vpc(ec2):
    """A second VPC with a subnet in us-east-1a: (vpc id, subnet id)."""
    made = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=made, CidrBlock="10.0.1.0/24", AvailabilityZone="us-east-1a")
    return made, subnet["Subnet"]["SubnetId"]


@pytest.mark.parametrize(
    "name, description, word",
    [
        ("default", "text", "reserved"),
        ("Default", "text", "reserved"),
        ("sg-web", "text", "sg-*"),
        ("x" * 256, "text", "255"),
        ("web?", "text", "Valid characters"),
        ("wéb", "text", "ASCII"),
        ("web", "d" * 256, "255"),
        ("web", "for <all>", "Valid characters"),
        ("web", "für alle", "ASCII"),
    ],
)
def test_impossible_names(ec2, refused, name, description, word):
    """Are reserved names, too long ones and other characters refused?"""
    refused(ec2.create_security_group, "InvalidParameterValue", word, GroupName=name, Description=description)


def test_possible_names(group):
    """Are the neighbours accepted?"""
    assert group(GroupName="x" * 255, Description="d" * 255)
    assert group(GroupName="web sg-1 (._-:/()#,@[]+=&;{}!$*)")


def test_a_name_is_used_once_per_vpc(ec2, group, vpc, refused):
    """Is the same name refused in a VPC, accepted in another, and an unknown VPC named?"""
    group(GroupName="web")
    make = {"GroupName": "web", "Description": "web"}
    refused(ec2.create_security_group, "InvalidGroup.Duplicate", "'web' already exists", **make)
    assert group(GroupName="web", VpcId=vpc[0])
    refused(ec2.create_security_group, "InvalidGroup.Duplicate", vpc[0], **make, VpcId=vpc[0])
    refused(ec2.create_security_group, "InvalidVpcID.NotFound", "vpc-0abc", **make, VpcId="vpc-0abc")


def test_delete_what_is_needed(ec2, group, launch, refused):
    """Do the default group, a referenced one and one in use stay, until nothing needs them?"""
    default = ec2.describe_security_groups(GroupNames=["default"])["SecurityGroups"][0]["GroupId"]
    refused(ec2.delete_security_group, "CannotDelete", default, "default", GroupId=default)
    web, db = group(), group()
    rule = [{"IpProtocol": "tcp", "FromPort": 3306, "ToPort": 3306, "UserIdGroupPairs": [{"GroupId": web}]}]
    ec2.authorize_security_group_ingress(GroupId=db, IpPermissions=rule)
    refused(ec2.delete_security_group, "DependencyViolation", f"{web} has a dependent object", GroupId=web)
    ec2.revoke_security_group_ingress(GroupId=db, IpPermissions=rule)
    server = launch(SecurityGroupIds=[web])
    refused(ec2.delete_security_group, "DependencyViolation", web, GroupId=web)
    ec2.terminate_instances(InstanceIds=[server])
    ec2.delete_security_group(GroupId=web)
    ec2.authorize_security_group_ingress(
        GroupId=db, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": db}]}]
    )
    ec2.delete_security_group(GroupId=db)
    refused(ec2.delete_security_group, "InvalidGroup.NotFound", db, GroupId=db)
    refused(ec2.delete_security_group, "InvalidGroupId.Malformed", "web", GroupId="web")


def test_groups_per_interface(ec2, image, launch, group, refused):
    """Are five groups accepted and six refused, at launch and later?"""
    six = [group() for _ in range(6)]
    more = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    code = "SecurityGroupsPerInterfaceLimitExceeded"
    refused(ec2.run_instances, code, "6 of 5", **more, SecurityGroupIds=six)
    server = launch(SecurityGroupIds=six[:5])
    refused(ec2.modify_instance_attribute, code, InstanceId=server, Groups=six)
    (shown,) = ec2.describe_instances()["Reservations"][0]["Instances"]
    eni = shown["NetworkInterfaces"][0]
    refused(ec2.modify_network_interface_attribute, code, NetworkInterfaceId=eni["NetworkInterfaceId"], Groups=six)
    refused(ec2.create_network_interface, code, SubnetId=shown["SubnetId"], Groups=six)


def test_groups_of_another_vpc(ec2, image, group, vpc, launch, refused):
    """Can a group stand only before an interface of its own VPC?"""
    foreign, own = group(VpcId=vpc[0]), group()
    more = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    refused(ec2.run_instances, "InvalidParameter", foreign, "different networks", **more, SecurityGroupIds=[foreign])
    refused(ec2.run_instances, "InvalidParameter", own, **more, SubnetId=vpc[1], SecurityGroupIds=[own])
    refused(ec2.create_network_interface, "InvalidParameter", own, SubnetId=vpc[1], Groups=[own])
    refused(ec2.modify_instance_attribute, "InvalidParameter", foreign, InstanceId=launch(), Groups=[foreign])
    refused(ec2.run_instances, "InvalidGroup.NotFound", "sg-0abc", **more, SecurityGroupIds=["sg-0abc"])
    assert ec2.run_instances(**more, SubnetId=vpc[1], SecurityGroupIds=[foreign])
    refused(ec2.run_instances, "InvalidGroup.NotFound", "nowhere", "default VPC", **more, SecurityGroups=["nowhere"])
    named = {"SubnetId": vpc[1], "SecurityGroups": ["default"]}
    refused(ec2.run_instances, "InvalidParameterCombination", "groupName", **more, **named)
    assert ec2.run_instances(**more, SecurityGroups=["default"])
    both = {"NetworkInterfaces": [{"DeviceIndex": 0}], "SecurityGroupIds": [own]}
    refused(ec2.run_instances, "InvalidParameterCombination", "same request", **more, **both)


def test_instance_and_interface_show_the_same_groups(ec2, launch, group):
    """Does a change on either side replace the groups on both?"""
    first, second, third = group(), group(), group()
    server = launch(SecurityGroupIds=[first])

    def groups():
        (one,) = ec2.describe_instances(InstanceIds=[server])["Reservations"][0]["Instances"]
        eni = one["NetworkInterfaces"][0]
        same = ec2.describe_network_interfaces(NetworkInterfaceIds=[eni["NetworkInterfaceId"]])["NetworkInterfaces"][0]
        assert one["SecurityGroups"] == eni["Groups"] == same["Groups"]
        return [found["GroupId"] for found in one["SecurityGroups"]], eni["NetworkInterfaceId"]

    found, eni = groups()
    assert found == [first]
    ec2.modify_instance_attribute(InstanceId=server, Groups=[second])
    assert groups()[0] == [second]
    ec2.modify_network_interface_attribute(NetworkInterfaceId=eni, Groups=[second, third])
    assert groups()[0] == [second, third]


def test_without_a_group_the_default_one(ec2, launch):
    """Does an instance of a launch without groups show its VPC's default group?"""
    launch()
    (shown,) = ec2.describe_instances()["Reservations"][0]["Instances"]
    assert [group["GroupName"] for group in shown["SecurityGroups"]] == ["default"]
