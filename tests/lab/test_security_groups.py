"""Security groups as AWS makes them with a VPC."""


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
