"""Amazon EC2: launches, states, purchase options, security groups, addresses, placement, network interfaces."""

from __future__ import annotations

import base64

from .account import allow, policy, trust
from .notation import Probes

probes = Probes()
probe = probes
# Not answered as AWS answers, so far; each is taken out of here as soon as it is.
not_yet: set[str] = {
    "no_savings_plans_yet",
}


def launch(aws, **more):
    """run_instances with what is missing."""
    more = {"ImageId": aws.image(), "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, **more}
    return aws.ec2.run_instances(**{key: one for key, one in more.items() if one is not None})["Instances"]


# Launching


@probe("sizing")
def launch_an_instance(aws):
    made = launch(aws, SubnetId=aws.subnets("b")[0])[0]
    assert made["State"]["Name"] == "pending" and made["Placement"]["AvailabilityZone"] == "us-east-1b"
    shown = aws.shown(made["InstanceId"])
    assert shown["State"]["Name"] in ("pending", "running") and shown["Architecture"] == "x86_64"
    assert shown["PublicIpAddress"] and shown["PrivateIpAddress"].startswith("172.31.")
    assert [one["GroupName"] for one in shown["SecurityGroups"]] == ["default"]


@probe("sizing")
def launch_three_in_one_reservation(aws):
    aws.instances(3)
    found = aws.ec2.describe_instances()["Reservations"]
    assert len(found) == 1 and [one["AmiLaunchIndex"] for one in found[0]["Instances"]] == [0, 1, 2]


@probe("sizing")
def launch_with_tags(aws):
    tags = [{"Key": "Name", "Value": "web"}]
    specifications = [{"ResourceType": one, "Tags": tags} for one in ("instance", "volume")]
    instance = aws.instance(TagSpecifications=specifications)
    assert aws.shown(instance)["Tags"] == tags
    assert aws.ec2.describe_volumes()["Volumes"][0]["Tags"] == tags


probes.table(
    "sizing",
    launch,
    {
        "launch_an_image_that_is_not_there": ("InvalidAMIID.NotFound", {"ImageId": "ami-0123456789abcdef0"}),
        "launch_an_image_id_that_is_none": ("InvalidAMIID.Malformed", {"ImageId": "my-image"}),
        "launch_a_type_that_is_none": ("InvalidParameterValue", {"InstanceType": "t9.micro"}),
        "launch_with_a_key_that_is_not_there": ("InvalidKeyPair.NotFound", {"KeyName": "none"}),
        "launch_with_a_group_that_is_not_there": (
            "InvalidGroup.NotFound",
            {"SecurityGroupIds": ["sg-0123456789abcdef0"]},
        ),
        "launch_in_a_subnet_that_is_not_there": ("InvalidSubnetID.NotFound", {"SubnetId": "subnet-0123456789abcdef0"}),
        "launch_in_a_zone_that_is_not_there": (
            "InvalidParameterValue",
            {"Placement": {"AvailabilityZone": "us-east-1z"}},
        ),
        "launch_without_image": ("MissingParameter", {"ImageId": None}),
        "launch_with_16385_bytes_of_user_data": ("InvalidParameterValue", {"UserData": "#" * 16385}),
        "launch_with_16384_bytes_of_user_data": ("ok", {"UserData": "#" * 16384}),
        "launch_with_a_profile_that_is_not_there": ("InvalidParameterValue", {"IamInstanceProfile": {"Name": "none"}}),
        "launch_as_a_dry_run": ("DryRunOperation", {"DryRun": True}),
        "launch_with_a_reserved_tag": (
            "InvalidParameterValue|InvalidTagKey.Malformed",
            {"TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "aws:x", "Value": ""}]}]},
        ),
        "launch_in_a_group_that_is_not_there": (
            "InvalidPlacementGroup.Unknown",
            {"Placement": {"GroupName": "none"}},
        ),
    },
)


@probe("instance-types", "InvalidParameterValue")
def an_arm_type_on_an_x86_image(aws):
    launch(aws, InstanceType="t4g.micro")


@probe("instance-types")
def an_arm_type_on_an_arm_image(aws):
    assert launch(aws, InstanceType="t4g.micro", ImageId=aws.image(architecture="arm64"))[0]["Architecture"] == "arm64"


@probe("instance-types", "Unsupported")
def a_type_its_zone_does_not_have(aws):
    launch(aws, InstanceType="m7i.large", Placement={"AvailabilityZone": "us-east-1e"})


@probe("sizing", "InvalidParameterValue")
def a_zone_that_is_not_the_subnets(aws):
    subnet = aws.subnets("a")[0]
    yield
    launch(aws, SubnetId=subnet, Placement={"AvailabilityZone": "us-east-1b"})


@probe("amis", "InvalidAMIID.NotFound")
def an_image_of_another_region(aws):
    image = aws.image()
    yield
    aws("ec2", "eu-west-1").run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)


@probe("security-groups", "InvalidParameter")
def a_group_of_another_vpc(aws):
    vpc, _ = aws.other_vpc("a")
    group = aws.security_group(vpc=vpc)
    subnet = aws.subnets("a")[0]
    yield
    launch(aws, SubnetId=subnet, SecurityGroupIds=[group])


@probe("security-groups", "SecurityGroupsPerInterfaceLimitExceeded|SecurityGroupsPerInstanceLimitExceeded")
def six_groups_on_an_instance(aws):
    groups = [aws.security_group(f"g{n}") for n in range(6)]
    yield
    launch(aws, SecurityGroupIds=groups)


@probe("security-groups")
def five_groups_on_an_instance(aws):
    groups = [aws.security_group(f"g{n}") for n in range(5)]
    assert len(launch(aws, SecurityGroupIds=groups)[0]["SecurityGroups"]) == 5


@probe("sizing")
def the_same_client_token(aws):
    first = launch(aws, ClientToken="once")[0]["InstanceId"]
    assert launch(aws, ClientToken="once")[0]["InstanceId"] == first
    assert len(aws.ec2.describe_instances()["Reservations"]) == 1


@probe("sizing", "IdempotentParameterMismatch")
def the_same_client_token_for_something_else(aws):
    launch(aws, ClientToken="once")
    yield
    launch(aws, ClientToken="once", InstanceType="t3.small")


# User data


@probe("user-data")
def user_data_is_kept(aws):
    script = "#!/bin/bash\ndnf install -y httpd\n"
    instance = aws.instance(UserData=script)
    found = aws.ec2.describe_instance_attribute(InstanceId=instance, Attribute="userData")
    assert base64.b64decode(found["UserData"]["Value"]).decode() == script


@probe("user-data", "IncorrectInstanceState")
def change_user_data_while_running(aws):
    instance = aws.instance()
    yield
    aws.ec2.modify_instance_attribute(InstanceId=instance, UserData={"Value": b"#!/bin/bash"})


@probe("user-data")
def change_user_data_while_stopped(aws):
    instance = aws.instance()
    aws.ec2.stop_instances(InstanceIds=[instance])
    aws.ec2.modify_instance_attribute(InstanceId=instance, UserData={"Value": b"#!/bin/bash"})
    found = aws.ec2.describe_instance_attribute(InstanceId=instance, Attribute="userData")
    assert base64.b64decode(found["UserData"]["Value"]) == b"#!/bin/bash"


@probe("instance-metadata")
def version_2_only_on_amazon_linux_2023(aws):
    assert aws.shown(aws.instance())["MetadataOptions"]["HttpTokens"] == "required"


@probe("instance-metadata")
def ask_for_version_2(aws):
    instance = aws.instance(MetadataOptions={"HttpTokens": "optional"})
    assert aws.shown(instance)["MetadataOptions"]["HttpTokens"] == "optional"
    aws.ec2.modify_instance_metadata_options(InstanceId=instance, HttpTokens="required", HttpPutResponseHopLimit=1)
    options = aws.shown(instance)["MetadataOptions"]
    assert (options["HttpTokens"], options["HttpPutResponseHopLimit"]) == ("required", 1)


@probe("instance-metadata", "InvalidParameterValue")
def a_hop_limit_of_65(aws):
    instance = aws.instance()
    yield
    aws.ec2.modify_instance_metadata_options(InstanceId=instance, HttpPutResponseHopLimit=65)


@probe("instance-metadata", "InvalidInstanceID.NotFound")
def metadata_options_of_no_instance(aws):
    aws.ec2.modify_instance_metadata_options(InstanceId="i-0123456789abcdef0", HttpTokens="required")


# States


@probe("hibernation")
def stop_and_start(aws):
    instance = aws.instance()
    before = aws.shown(instance)
    aws.ec2.stop_instances(InstanceIds=[instance])
    stopped = aws.shown(instance)
    assert stopped["State"]["Name"] == "stopped" and "PublicIpAddress" not in stopped
    assert stopped["PrivateIpAddress"] == before["PrivateIpAddress"]
    aws.ec2.start_instances(InstanceIds=[instance])
    after = aws.shown(instance)
    assert after["State"]["Name"] == "running" and after["PrivateIpAddress"] == before["PrivateIpAddress"]
    assert after["PublicIpAddress"] != before["PublicIpAddress"]


@probe("hibernation")
def reboot_keeps_the_address(aws):
    instance = aws.instance()
    before = aws.shown(instance)
    aws.ec2.reboot_instances(InstanceIds=[instance])
    after = aws.shown(instance)
    assert after["State"]["Name"] == "running" and after["PublicIpAddress"] == before["PublicIpAddress"]


@probe("hibernation")
def terminate(aws):
    instance = aws.instance()
    change = aws.ec2.terminate_instances(InstanceIds=[instance])["TerminatingInstances"][0]
    assert (change["PreviousState"]["Name"], change["CurrentState"]["Name"]) == ("running", "shutting-down")
    shown = aws.shown(instance)
    assert shown["State"]["Name"] == "terminated" and "PublicIpAddress" not in shown
    aws.ec2.terminate_instances(InstanceIds=[instance])


@probe("hibernation", "IncorrectInstanceState")
def start_a_terminated_instance(aws):
    instance = aws.instance()
    aws.ec2.terminate_instances(InstanceIds=[instance])
    yield
    aws.ec2.start_instances(InstanceIds=[instance])


@probe("hibernation", "IncorrectInstanceState")
def stop_a_terminated_instance(aws):
    instance = aws.instance()
    aws.ec2.terminate_instances(InstanceIds=[instance])
    yield
    aws.ec2.stop_instances(InstanceIds=[instance])


@probe("hibernation")
def stop_twice(aws):
    instance = aws.instance()
    aws.ec2.stop_instances(InstanceIds=[instance])
    change = aws.ec2.stop_instances(InstanceIds=[instance])["StoppingInstances"][0]
    assert change["CurrentState"]["Name"] == change["PreviousState"]["Name"] == "stopped"


@probe("hibernation", "OperationNotPermitted")
def terminate_a_protected_instance(aws):
    instance = aws.instance(DisableApiTermination=True)
    yield
    aws.ec2.terminate_instances(InstanceIds=[instance])


@probe("hibernation")
def terminate_once_it_is_not_protected(aws):
    instance = aws.instance(DisableApiTermination=True)
    aws.ec2.modify_instance_attribute(InstanceId=instance, DisableApiTermination={"Value": False})
    aws.ec2.terminate_instances(InstanceIds=[instance])


@probe("hibernation", "OperationNotPermitted")
def stop_an_instance_protected_from_it(aws):
    instance = aws.instance()
    aws.ec2.modify_instance_attribute(InstanceId=instance, DisableApiStop={"Value": True})
    yield
    aws.ec2.stop_instances(InstanceIds=[instance])


@probe("hibernation", "InvalidInstanceID.NotFound")
def stop_an_instance_that_is_not_there(aws):
    aws.ec2.stop_instances(InstanceIds=["i-0123456789abcdef0"])


@probe("hibernation", "InvalidInstanceID.Malformed")
def describe_an_instance_by_name(aws):
    aws.ec2.describe_instances(InstanceIds=["web"])


@probe("hibernation")
def status_of_running_instances_only(aws):
    running, stopped = aws.instances(2)
    aws.ec2.stop_instances(InstanceIds=[stopped])
    found = aws.ec2.describe_instance_status()["InstanceStatuses"]
    assert [one["InstanceId"] for one in found] == [running]
    assert len(aws.ec2.describe_instance_status(IncludeAllInstances=True)["InstanceStatuses"]) == 2


@probe("instance-types", "IncorrectInstanceState")
def change_the_type_while_running(aws):
    instance = aws.instance()
    yield
    aws.ec2.modify_instance_attribute(InstanceId=instance, InstanceType={"Value": "t3.small"})


@probe("instance-types")
def change_the_type_while_stopped(aws):
    instance = aws.instance()
    aws.ec2.stop_instances(InstanceIds=[instance])
    aws.ec2.modify_instance_attribute(InstanceId=instance, InstanceType={"Value": "t3.small"})
    aws.ec2.start_instances(InstanceIds=[instance])
    assert aws.shown(instance)["InstanceType"] == "t3.small"


@probe("instance-types", "InvalidInstanceAttributeValue")
def change_to_a_type_that_is_none(aws):
    instance = aws.instance()
    aws.ec2.stop_instances(InstanceIds=[instance])
    yield
    aws.ec2.modify_instance_attribute(InstanceId=instance, InstanceType={"Value": "t9.small"})


@probe("security-groups")
def change_the_groups_while_running(aws):
    instance, group = aws.instance(), aws.security_group()
    aws.ec2.modify_instance_attribute(InstanceId=instance, Groups=[group])
    assert [one["GroupId"] for one in aws.shown(instance)["SecurityGroups"]] == [group]


@probe("security-groups", "InvalidGroup.NotFound")
def change_to_groups_that_are_not_there(aws):
    instance = aws.instance()
    yield
    aws.ec2.modify_instance_attribute(InstanceId=instance, Groups=["sg-0123456789abcdef0"])


# Instance types


@probe("instance-types")
def what_a_type_has(aws):
    found = {
        one["InstanceType"]: one
        for one in aws.ec2.describe_instance_types(InstanceTypes=["t3.micro", "m5.2xlarge", "i3.xlarge", "t4g.micro"])[
            "InstanceTypes"
        ]
    }
    assert (found["m5.2xlarge"]["VCpuInfo"]["DefaultVCpus"], found["m5.2xlarge"]["MemoryInfo"]["SizeInMiB"]) == (
        8,
        32768,
    )
    assert found["i3.xlarge"]["InstanceStorageSupported"] and not found["m5.2xlarge"]["InstanceStorageSupported"]
    assert found["t4g.micro"]["ProcessorInfo"]["SupportedArchitectures"] == ["arm64"]
    assert found["t3.micro"]["NetworkInfo"]["MaximumNetworkInterfaces"] == 2 and found["t3.micro"]["FreeTierEligible"]


@probe("instance-types", "InvalidInstanceType")
def what_no_type_has(aws):
    aws.ec2.describe_instance_types(InstanceTypes=["t9.micro"])


@probe("instance-types")
def types_by_filter(aws):
    filters = [
        {"Name": "instance-storage-supported", "Values": ["true"]},
        {"Name": "instance-type", "Values": ["m5*.large"]},
    ]
    found = {one["InstanceType"] for one in aws.ec2.describe_instance_types(Filters=filters)["InstanceTypes"]}
    assert "m5d.large" in found and "m5.large" not in found


@probe("sizing", "InvalidParameterValue")
def instances_by_a_filter_that_is_none(aws):
    aws.ec2.describe_instances(Filters=[{"Name": "colour", "Values": ["red"]}])


@probe("sizing")
def instances_by_tag_and_state(aws):
    one, two = aws.instances(2)
    aws.ec2.create_tags(Resources=[one, two], Tags=[{"Key": "team", "Value": "web"}])
    aws.ec2.stop_instances(InstanceIds=[two])
    filters = [{"Name": "tag:team", "Values": ["web"]}, {"Name": "instance-state-name", "Values": ["running"]}]
    found = aws.ec2.describe_instances(Filters=filters)["Reservations"]
    assert [each["InstanceId"] for each in found[0]["Instances"]] == [one] and len(found) == 1


@probe("sizing", "InvalidInstanceID.NotFound")
def tag_an_instance_that_is_not_there(aws):
    aws.ec2.create_tags(Resources=["i-0123456789abcdef0"], Tags=[{"Key": "a", "Value": "b"}])


@probe("sizing", "InvalidParameterValue|InvalidTagKey.Malformed")
def a_tag_that_begins_with_aws(aws):
    instance = aws.instance()
    yield
    aws.ec2.create_tags(Resources=[instance], Tags=[{"Key": "aws:a", "Value": "b"}])


@probe("sizing", "TagLimitExceeded")
def fifty_one_tags(aws):
    instance = aws.instance()
    aws.ec2.create_tags(Resources=[instance], Tags=[{"Key": f"k{n}", "Value": ""} for n in range(50)])
    yield
    aws.ec2.create_tags(Resources=[instance], Tags=[{"Key": "one more", "Value": ""}])


# Key pairs


@probe("ssh-and-instance-connect")
def an_rsa_key(aws):
    made = aws.ec2.create_key_pair(KeyName="ana")
    assert made["KeyMaterial"].startswith("-----BEGIN RSA PRIVATE KEY-----") and made["KeyPairId"].startswith("key-")
    found = aws.ec2.describe_key_pairs(KeyNames=["ana"])["KeyPairs"][0]
    assert found["KeyFingerprint"] == made["KeyFingerprint"] and found["KeyType"] == "rsa"
    assert "KeyMaterial" not in found


@probe("ssh-and-instance-connect")
def an_ed25519_key(aws):
    made = aws.ec2.create_key_pair(KeyName="ana", KeyType="ed25519")
    assert made["KeyMaterial"].startswith("-----BEGIN OPENSSH PRIVATE KEY-----")


@probe("ssh-and-instance-connect")
def a_key_for_putty(aws):
    made = aws.ec2.create_key_pair(KeyName="ana", KeyFormat="ppk")
    assert made["KeyMaterial"].startswith("PuTTY-User-Key-File-")


@probe("ssh-and-instance-connect", "InvalidKeyPair.Duplicate")
def the_same_key_twice(aws):
    aws.ec2.create_key_pair(KeyName="ana")
    yield
    aws.ec2.create_key_pair(KeyName="ana")


@probe("ssh-and-instance-connect", "InvalidKeyPair.NotFound")
def a_key_that_is_not_there(aws):
    aws.ec2.describe_key_pairs(KeyNames=["ana"])


@probe("ssh-and-instance-connect")
def delete_a_key_twice(aws):
    aws.ec2.create_key_pair(KeyName="ana")
    aws.ec2.delete_key_pair(KeyName="ana")
    aws.ec2.delete_key_pair(KeyName="ana")
    assert aws.ec2.describe_key_pairs()["KeyPairs"] == []


@probe("ssh-and-instance-connect", "InvalidKey.Format")
def import_what_is_no_key(aws):
    aws.ec2.import_key_pair(KeyName="ana", PublicKeyMaterial=b"no key")


@probe("ssh-and-instance-connect", "InvalidParameterValue")
def a_key_type_that_is_none(aws):
    aws.ec2.create_key_pair(KeyName="ana", KeyType="dsa")


@probe("ssh-and-instance-connect")
def launch_with_a_key(aws):
    aws.ec2.create_key_pair(KeyName="ana")
    assert aws.shown(aws.instance(KeyName="ana"))["KeyName"] == "ana"


# Instance profiles


def profile(aws, name="web"):
    aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust({"Service": "ec2.amazonaws.com"}))
    aws.iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy(allow("s3:GetObject")))
    made = aws.iam.create_instance_profile(InstanceProfileName=name)["InstanceProfile"]["Arn"]
    aws.iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    return made


@probe("roles-for-services")
def launch_with_a_profile(aws):
    arn = profile(aws)
    instance = aws.instance(IamInstanceProfile={"Name": "web"})
    assert aws.shown(instance)["IamInstanceProfile"]["Arn"] == arn


@probe("roles-for-services")
def associate_a_profile_later(aws):
    instance, arn = aws.instance(), profile(aws)
    aws.ec2.associate_iam_instance_profile(InstanceId=instance, IamInstanceProfile={"Name": "web"})
    assert aws.shown(instance)["IamInstanceProfile"]["Arn"] == arn


@probe("roles-for-services", "IncorrectState")
def associate_a_second_profile(aws):
    profile(aws), profile(aws, "other")
    instance = aws.instance(IamInstanceProfile={"Name": "web"})
    yield
    aws.ec2.associate_iam_instance_profile(InstanceId=instance, IamInstanceProfile={"Name": "other"})


@probe("roles-for-services")
def replace_a_profile(aws):
    profile(aws)
    arn = profile(aws, "other")
    instance = aws.instance(IamInstanceProfile={"Name": "web"})
    found = aws.ec2.describe_iam_instance_profile_associations()["IamInstanceProfileAssociations"]
    aws.ec2.replace_iam_instance_profile_association(
        AssociationId=found[0]["AssociationId"], IamInstanceProfile={"Name": "other"}
    )
    assert aws.shown(instance)["IamInstanceProfile"]["Arn"] == arn


# Purchase options


@probe("purchase-options")
def offerings_of_reserved_instances(aws):
    found = aws.ec2.describe_reserved_instances_offerings(
        InstanceType="t3.micro", OfferingClass="standard", OfferingType="No Upfront", IncludeMarketplace=False
    )["ReservedInstancesOfferings"]
    assert found and {one["InstanceType"] for one in found} == {"t3.micro"}
    assert {one["OfferingClass"] for one in found} == {"standard"}


@probe("purchase-options")
def purchase_reserved_instances(aws):
    offering = aws.ec2.describe_reserved_instances_offerings(InstanceType="t3.micro")["ReservedInstancesOfferings"][0]
    made = aws.ec2.purchase_reserved_instances_offering(
        ReservedInstancesOfferingId=offering["ReservedInstancesOfferingId"], InstanceCount=2
    )["ReservedInstancesId"]
    found = aws.ec2.describe_reserved_instances(ReservedInstancesIds=[made])["ReservedInstances"][0]
    assert (found["InstanceType"], found["InstanceCount"]) == ("t3.micro", 2)
    assert found["State"] in ("payment-pending", "active")
    assert aws.ec2.describe_instances()["Reservations"] == []


@probe("purchase-options", "InvalidReservedInstancesOfferingId")
def purchase_an_offering_that_is_not_there(aws):
    aws.ec2.purchase_reserved_instances_offering(
        ReservedInstancesOfferingId="12345678-1234-1234-1234-123456789012", InstanceCount=1
    )


@probe("purchase-options")
def no_reserved_instances_yet(aws):
    assert aws.ec2.describe_reserved_instances()["ReservedInstances"] == []


@probe("purchase-options")
def no_savings_plans_yet(aws):
    assert aws.savingsplans.describe_savings_plans()["savingsPlans"] == []


@probe("purchase-options")
def a_dedicated_instance(aws):
    assert (
        aws.shown(aws.instance(InstanceType="m5.large", Placement={"Tenancy": "dedicated"}, SubnetId=aws.subnets()[0]))[
            "Placement"
        ]["Tenancy"]
        == "dedicated"
    )


@probe("purchase-options", "InvalidParameterValue|InvalidTenancy")
def a_tenancy_that_is_none(aws):
    launch(aws, Placement={"Tenancy": "mine"})


def host(aws, **more):
    more = {"InstanceType": "m5.large", "AvailabilityZone": "us-east-1a", "Quantity": 1, **more}
    return aws.ec2.allocate_hosts(**more)["HostIds"][0]


@probe("purchase-options")
def a_dedicated_host(aws):
    made = host(aws)
    found = aws.ec2.describe_hosts(HostIds=[made])["Hosts"][0]
    assert found["State"] == "available" and found["AvailabilityZone"] == "us-east-1a"
    assert found["HostProperties"]["InstanceType"] == "m5.large"


@probe("purchase-options")
def an_instance_on_a_dedicated_host(aws):
    made = host(aws)
    placement = {"HostId": made, "Tenancy": "host"}
    instance = launch(aws, InstanceType="m5.large", Placement=placement, SubnetId=aws.subnets("a")[0])[0]["InstanceId"]
    shown = aws.shown(instance)["Placement"]
    assert (shown["Tenancy"], shown["HostId"]) == ("host", made)
    assert [one["InstanceId"] for one in aws.ec2.describe_hosts(HostIds=[made])["Hosts"][0]["Instances"]] == [instance]


@probe("purchase-options")
def release_a_host_in_use(aws):
    made = host(aws)
    launch(aws, InstanceType="m5.large", Placement={"HostId": made, "Tenancy": "host"}, SubnetId=aws.subnets("a")[0])
    answer = aws.ec2.release_hosts(HostIds=[made])
    assert answer.get("Successful", []) == [] and len(answer["Unsuccessful"]) == 1


@probe("purchase-options", "InvalidHostID.NotFound|InvalidHostId.NotFound")
def a_host_that_is_not_there(aws):
    aws.ec2.describe_hosts(HostIds=["h-0123456789abcdef0"])


@probe("purchase-options", "InvalidParameterCombination|InvalidParameter|InvalidParameterValue")
def a_host_for_a_family_and_a_type(aws):
    host(aws, InstanceFamily="m5")


@probe("purchase-options", "MissingParameter|InvalidParameterCombination|InvalidParameterValue")
def a_host_without_a_zone(aws):
    aws.ec2.allocate_hosts(InstanceType="m5.large", Quantity=1)


def capacity(aws, **more):
    more = {
        "InstanceType": "m5.large",
        "InstancePlatform": "Linux/UNIX",
        "AvailabilityZone": "us-east-1a",
        "InstanceCount": 2,
        **more,
    }
    return aws.ec2.create_capacity_reservation(**more)["CapacityReservation"]["CapacityReservationId"]


def targeted(reservation):
    return {"CapacityReservationTarget": {"CapacityReservationId": reservation}}


@probe("purchase-options")
def capacity_is_used_by_instances_that_match(aws):
    made = capacity(aws)
    aws.instance(InstanceType="m5.large", zone="a")
    aws.instance(InstanceType="m5.large", zone="b")
    found = aws.ec2.describe_capacity_reservations(CapacityReservationIds=[made])["CapacityReservations"][0]
    assert (found["State"], found["TotalInstanceCount"], found["AvailableInstanceCount"]) == ("active", 2, 1)


@probe("purchase-options", "ReservationCapacityExceeded")
def more_than_the_capacity_reserved(aws):
    made = capacity(aws, InstanceMatchCriteria="targeted")
    subnet = aws.subnets("a")[0]
    yield
    launch(
        aws,
        InstanceType="m5.large",
        SubnetId=subnet,
        MinCount=3,
        MaxCount=3,
        CapacityReservationSpecification=targeted(made),
    )


@probe("purchase-options")
def cancel_a_capacity_reservation(aws):
    made = capacity(aws)
    aws.ec2.cancel_capacity_reservation(CapacityReservationId=made)
    found = aws.ec2.describe_capacity_reservations(CapacityReservationIds=[made])["CapacityReservations"][0]
    assert found["State"] == "cancelled"


@probe("purchase-options", "InvalidCapacityReservationId.NotFound")
def a_capacity_reservation_that_is_not_there(aws):
    aws.ec2.cancel_capacity_reservation(CapacityReservationId="cr-0123456789abcdef0")


# Spot


def spot(aws, **more):
    specification = {"ImageId": aws.image(), "InstanceType": "t3.micro", "SubnetId": aws.subnets()[0]}
    more = {"LaunchSpecification": specification, **more}
    return aws.ec2.request_spot_instances(**more)["SpotInstanceRequests"][0]["SpotInstanceRequestId"]


def request(aws, id):
    return aws.ec2.describe_spot_instance_requests(SpotInstanceRequestIds=[id])["SpotInstanceRequests"][0]


@probe("spot-requests")
def a_one_time_request(aws):
    made = spot(aws)
    shown = request(aws, made)
    assert (shown["State"], shown["Type"], shown["Status"]["Code"]) == ("active", "one-time", "fulfilled")
    instance = aws.shown(shown["InstanceId"])
    assert instance["InstanceLifecycle"] == "spot" and instance["SpotInstanceRequestId"] == made


@probe("spot-requests")
def cancelling_leaves_the_instance(aws):
    made = spot(aws)
    instance = request(aws, made)["InstanceId"]
    aws.ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=[made])
    assert request(aws, made)["State"] == "cancelled" and aws.shown(instance)["State"]["Name"] == "running"


@probe("spot-requests")
def a_one_time_request_closes_with_its_instance(aws):
    made = spot(aws)
    aws.ec2.terminate_instances(InstanceIds=[request(aws, made)["InstanceId"]])
    assert request(aws, made)["State"] == "closed"


@probe("spot-requests")
def a_persistent_request_launches_again(aws):
    made = spot(aws, Type="persistent")
    first = request(aws, made)["InstanceId"]
    aws.ec2.terminate_instances(InstanceIds=[first])
    again = request(aws, made)
    assert again["State"] in ("open", "active") and again.get("InstanceId") != first


@probe("spot-requests")
def cancel_first_then_terminate(aws):
    made = spot(aws, Type="persistent")
    first = request(aws, made)["InstanceId"]
    aws.ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=[made])
    aws.ec2.terminate_instances(InstanceIds=[first])
    assert request(aws, made)["State"] == "cancelled"
    found = [one for each in aws.ec2.describe_instances()["Reservations"] for one in each["Instances"]]
    assert [one["State"]["Name"] for one in found] == ["terminated"]


@probe("spot-requests", "InvalidSpotInstanceRequestID.NotFound")
def cancel_a_request_that_is_not_there(aws):
    aws.ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=["sir-0123abcd"])


@probe("spot-requests", "InvalidParameterCombination|InvalidParameterValue|InvalidParameter")
def a_one_time_request_that_stops(aws):
    options = {"SpotInstanceType": "one-time", "InstanceInterruptionBehavior": "stop"}
    launch(aws, InstanceMarketOptions={"MarketType": "spot", "SpotOptions": options})


@probe("spot-requests")
def a_persistent_request_that_stops(aws):
    options = {"SpotInstanceType": "persistent", "InstanceInterruptionBehavior": "stop"}
    made = launch(aws, InstanceMarketOptions={"MarketType": "spot", "SpotOptions": options})[0]
    assert request(aws, made["SpotInstanceRequestId"])["InstanceInterruptionBehavior"] == "stop"


@probe("spot-requests")
def launch_as_spot(aws):
    made = launch(aws, InstanceMarketOptions={"MarketType": "spot"})[0]
    assert made["InstanceLifecycle"] == "spot" and request(aws, made["SpotInstanceRequestId"])["Type"] == "one-time"


@probe("spot-requests")
def history_of_prices(aws):
    found = aws.ec2.describe_spot_price_history(InstanceTypes=["t3.micro"], ProductDescriptions=["Linux/UNIX"])
    assert found["SpotPriceHistory"] and float(found["SpotPriceHistory"][0]["SpotPrice"]) > 0


def fleet_role(aws):
    return aws.role("fleet", {"Service": "spotfleet.amazonaws.com"})


def spot_fleet(aws, **more):
    specifications = [
        {"ImageId": aws.image(), "InstanceType": kind, "SubnetId": subnet}
        for kind in ("t3.micro", "t3.small")
        for subnet in aws.subnets()
    ]
    config = {
        "IamFleetRole": fleet_role(aws),
        "TargetCapacity": 4,
        "LaunchSpecifications": specifications,
        **more,
    }
    return aws.ec2.request_spot_fleet(SpotFleetRequestConfig=config)["SpotFleetRequestId"]


@probe("spot-fleets")
def a_diversified_fleet(aws):
    made = spot_fleet(aws, AllocationStrategy="diversified")
    active = aws.ec2.describe_spot_fleet_instances(SpotFleetRequestId=made)["ActiveInstances"]
    assert len(active) == 4
    shown = [aws.shown(one["InstanceId"]) for one in active]
    assert len({(one["InstanceType"], one["SubnetId"]) for one in shown}) == 4


@probe("spot-fleets")
def a_fleet_at_the_lowest_price(aws):
    made = spot_fleet(aws, AllocationStrategy="lowestPrice")
    active = aws.ec2.describe_spot_fleet_instances(SpotFleetRequestId=made)["ActiveInstances"]
    assert len(active) == 4 and len({one["InstanceType"] for one in active}) == 1


@probe("spot-fleets", "InvalidParameterValue|InvalidSpotFleetRequestConfig|InvalidParameter")
def a_fleet_with_a_strategy_that_is_none(aws):
    spot_fleet(aws, AllocationStrategy="cheapest")


@probe("spot-fleets")
def cancel_a_fleet_and_its_instances(aws):
    made = spot_fleet(aws)
    aws.ec2.cancel_spot_fleet_requests(SpotFleetRequestIds=[made], TerminateInstances=True)
    found = [one for each in aws.ec2.describe_instances()["Reservations"] for one in each["Instances"]]
    assert {one["State"]["Name"] for one in found} == {"terminated"}


@probe("spot-fleets")
def an_ec2_fleet_of_both(aws):
    aws.launch_template()
    made = aws.ec2.create_fleet(
        Type="instant",
        LaunchTemplateConfigs=[{"LaunchTemplateSpecification": {"LaunchTemplateName": "web", "Version": "$Latest"}}],
        TargetCapacitySpecification={
            "TotalTargetCapacity": 3,
            "OnDemandTargetCapacity": 1,
            "SpotTargetCapacity": 2,
            "DefaultTargetCapacityType": "spot",
        },
    )
    assert sum(len(one["InstanceIds"]) for one in made["Instances"]) == 3
    found = [one for each in aws.ec2.describe_instances()["Reservations"] for one in each["Instances"]]
    assert sorted(one.get("InstanceLifecycle", "on-demand") for one in found) == ["on-demand", "spot", "spot"]


@probe("spot-fleets", "InvalidSpotFleetRequestId.NotFound|InvalidSpotFleetRequestId.Malformed")
def instances_of_no_fleet(aws):
    aws.ec2.describe_spot_fleet_instances(SpotFleetRequestId="sfr-123f8fc2-11aa-22bb-33cc-123456789012")


# Launch templates


@probe("sizing", "InvalidLaunchTemplateName.AlreadyExistsException")
def the_same_template_twice(aws):
    aws.launch_template()
    yield
    aws.launch_template()


@probe("sizing", "InvalidLaunchTemplateName.NotFoundException")
def launch_from_a_template_that_is_not_there(aws):
    aws.ec2.run_instances(MinCount=1, MaxCount=1, LaunchTemplate={"LaunchTemplateName": "none"})


@probe("sizing", "InvalidLaunchTemplateId.VersionNotFound")
def launch_from_a_version_that_is_not_there(aws):
    template = aws.launch_template()
    yield
    aws.ec2.run_instances(MinCount=1, MaxCount=1, LaunchTemplate={"LaunchTemplateId": template, "Version": "7"})


@probe("sizing")
def versions_of_a_template(aws):
    aws.launch_template()
    aws.ec2.create_launch_template_version(
        LaunchTemplateName="web", SourceVersion="1", LaunchTemplateData={"InstanceType": "t3.small"}
    )
    found = aws.ec2.describe_launch_templates(LaunchTemplateNames=["web"])["LaunchTemplates"][0]
    assert (found["DefaultVersionNumber"], found["LatestVersionNumber"]) == (1, 2)
    made = aws.ec2.run_instances(
        MinCount=1, MaxCount=1, LaunchTemplate={"LaunchTemplateName": "web", "Version": "$Latest"}
    )["Instances"][0]
    assert made["InstanceType"] == "t3.small" and made["ImageId"] == aws.image()


@probe("sizing")
def what_the_call_says_beats_the_template(aws):
    aws.launch_template()
    made = launch(aws, ImageId=None, InstanceType="t3.small", LaunchTemplate={"LaunchTemplateName": "web"})
    assert made[0]["InstanceType"] == "t3.small"


# Security groups


def rule(port=22, source="203.0.113.0/24", to=None, protocol="tcp", **more):
    found = {"IpProtocol": protocol, "FromPort": port, "ToPort": port if to is None else to, **more}
    if source:
        found["IpRanges"] = [{"CidrIp": source}]
    return found


def let_in(aws, group, *rules):
    return aws.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=list(rules))


def shown_group(aws, group):
    return aws.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]


@probe("security-groups")
def a_new_group_lets_out_everything(aws):
    found = shown_group(aws, aws.security_group())
    assert found["IpPermissions"] == []
    assert [(one["IpProtocol"], one["IpRanges"]) for one in found["IpPermissionsEgress"]] == [
        ("-1", [{"CidrIp": "0.0.0.0/0"}])
    ]


@probe("security-groups")
def the_default_group_lets_itself_in(aws):
    filters = [{"Name": "group-name", "Values": ["default"]}, {"Name": "vpc-id", "Values": [aws.vpc()]}]
    found = aws.ec2.describe_security_groups(Filters=filters)["SecurityGroups"][0]
    assert [one["GroupId"] for one in found["IpPermissions"][0]["UserIdGroupPairs"]] == [found["GroupId"]]


@probe("security-groups", "InvalidGroup.Duplicate")
def the_same_group_twice_in_a_vpc(aws):
    aws.security_group()
    yield
    aws.security_group()


@probe("security-groups")
def the_same_group_name_in_two_vpcs(aws):
    vpc, _ = aws.other_vpc("a")
    aws.security_group()
    aws.security_group(vpc=vpc)


@probe("security-groups", "InvalidParameterValue|InvalidGroup.Reserved|InvalidGroup.Duplicate")
def a_group_called_default(aws):
    aws.security_group("default")


@probe("security-groups", "InvalidParameterValue")
def a_group_called_like_an_id(aws):
    aws.security_group("sg-web")


@probe("security-groups", "InvalidVpcID.NotFound")
def a_group_in_no_vpc(aws):
    aws.security_group(vpc="vpc-0123456789abcdef0")


@probe("security-groups")
def let_in_a_range(aws):
    group = aws.security_group()
    let_in(aws, group, rule(22), rule(443, "0.0.0.0/0"))
    found = shown_group(aws, group)["IpPermissions"]
    assert {(one["FromPort"], one["IpRanges"][0]["CidrIp"]) for one in found} == {
        (22, "203.0.113.0/24"),
        (443, "0.0.0.0/0"),
    }


@probe("security-groups")
def a_range_with_host_bits_is_cut(aws):
    group = aws.security_group()
    let_in(aws, group, rule(22, "203.0.113.7/24"))
    assert shown_group(aws, group)["IpPermissions"][0]["IpRanges"][0]["CidrIp"] == "203.0.113.0/24"


@probe("security-groups")
def let_in_another_group(aws):
    web, database = aws.security_group("web"), aws.security_group("database")
    let_in(aws, database, rule(3306, None, UserIdGroupPairs=[{"GroupId": web}]))
    found = shown_group(aws, database)["IpPermissions"][0]
    assert found["UserIdGroupPairs"][0]["GroupId"] == web and found["IpRanges"] == []


@probe("security-groups")
def all_traffic_has_no_ports(aws):
    group = aws.security_group()
    let_in(aws, group, {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]})
    assert "FromPort" not in shown_group(aws, group)["IpPermissions"][0]


def _let_in(aws, given):
    group = aws.security_group()
    yield
    let_in(aws, group, given)


for _name, _expected, _given in [
    ("a_port_of_70000", "InvalidParameterValue", rule(70000)),
    ("ports_from_high_to_low", "InvalidParameterValue", rule(443, to=80)),
    ("a_range_of_33_bits", "InvalidParameterValue", rule(22, "203.0.113.0/33")),
    ("a_range_that_is_none", "InvalidParameterValue", rule(22, "everywhere")),
    ("an_address_without_its_bits", "InvalidParameterValue", rule(22, "203.0.113.7")),
    (
        "a_source_group_that_is_not_there",
        "InvalidGroup.NotFound",
        rule(22, None, UserIdGroupPairs=[{"GroupId": "sg-0123456789abcdef0"}]),
    ),
    ("ports_of_ping", "ok", rule(8, "0.0.0.0/0", -1, "icmp")),
    ("an_ipv6_range", "ok", rule(22, None, Ipv6Ranges=[{"CidrIpv6": "2001:db8::/32"}])),
    (
        "an_ipv6_range_that_is_none",
        "InvalidParameterValue",
        rule(22, None, Ipv6Ranges=[{"CidrIpv6": "2001:db8::/129"}]),
    ),
]:
    probes.add(
        f"let_in_{_name}", "security-groups", _expected, lambda aws, given=_given: (yield from _let_in(aws, given))
    )


@probe("security-groups", "InvalidPermission.Duplicate")
def the_same_rule_twice(aws):
    group = aws.security_group()
    let_in(aws, group, rule())
    yield
    let_in(aws, group, rule())


@probe("security-groups", "RulesPerSecurityGroupLimitExceeded")
def sixty_one_rules(aws):
    group = aws.security_group()
    let_in(aws, group, *(rule(port) for port in range(1000, 1060)))
    yield
    let_in(aws, group, rule(1060))


@probe("security-groups")
def sixty_rules_of_each_family(aws):
    group = aws.security_group()
    let_in(aws, group, *(rule(port) for port in range(1000, 1060)))
    let_in(aws, group, rule(1060, None, Ipv6Ranges=[{"CidrIpv6": "::/0"}]))


@probe("security-groups", "InvalidPermission.NotFound")
def revoke_a_rule_that_is_not_there(aws):
    vpc, _ = aws.other_vpc("a")
    group = aws.security_group(vpc=vpc)
    yield
    aws.ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[rule()])


@probe("security-groups")
def revoke_a_rule_by_its_id(aws):
    group = aws.security_group()
    made = let_in(aws, group, rule())["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    aws.ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[made])
    assert shown_group(aws, group)["IpPermissions"] == []


@probe("security-groups", "InvalidSecurityGroupRuleId.NotFound")
def revoke_a_rule_id_that_is_not_there(aws):
    group = aws.security_group()
    yield
    aws.ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=["sgr-0123456789abcdef0"])


@probe("security-groups")
def revoke_what_a_group_lets_out(aws):
    group = aws.security_group()
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    aws.ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[everything])
    aws.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[rule(443, "0.0.0.0/0")])
    assert [one["FromPort"] for one in shown_group(aws, group)["IpPermissionsEgress"]] == [443]


@probe("security-groups")
def change_a_rule(aws):
    group = aws.security_group()
    made = let_in(aws, group, rule())["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    changed = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIpv4": "198.51.100.0/24"}
    aws.ec2.modify_security_group_rules(
        GroupId=group, SecurityGroupRules=[{"SecurityGroupRuleId": made, "SecurityGroupRule": changed}]
    )
    found = shown_group(aws, group)["IpPermissions"]
    assert [(one["FromPort"], one["IpRanges"][0]["CidrIp"]) for one in found] == [(443, "198.51.100.0/24")]


@probe("security-groups", "CannotDelete")
def delete_the_default_group(aws):
    filters = [{"Name": "group-name", "Values": ["default"]}, {"Name": "vpc-id", "Values": [aws.vpc()]}]
    group = aws.ec2.describe_security_groups(Filters=filters)["SecurityGroups"][0]["GroupId"]
    yield
    aws.ec2.delete_security_group(GroupId=group)


@probe("security-groups", "DependencyViolation")
def delete_a_group_in_use(aws):
    group = aws.security_group()
    aws.instance(SecurityGroupIds=[group])
    yield
    aws.ec2.delete_security_group(GroupId=group)


@probe("security-groups")
def delete_a_group_after_its_instance(aws):
    group = aws.security_group()
    instance = aws.instance(SecurityGroupIds=[group])
    aws.ec2.terminate_instances(InstanceIds=[instance])
    aws.ec2.delete_security_group(GroupId=group)


@probe("security-groups", "DependencyViolation")
def delete_a_group_another_refers_to(aws):
    web, database = aws.security_group("web"), aws.security_group("database")
    let_in(aws, database, rule(3306, None, UserIdGroupPairs=[{"GroupId": web}]))
    yield
    aws.ec2.delete_security_group(GroupId=web)


@probe("security-groups")
def delete_a_group_that_refers_to_itself(aws):
    group = aws.security_group()
    let_in(aws, group, rule(22, None, UserIdGroupPairs=[{"GroupId": group}]))
    aws.ec2.delete_security_group(GroupId=group)


@probe("security-groups", "InvalidGroup.NotFound")
def delete_a_group_that_is_not_there(aws):
    aws.ec2.delete_security_group(GroupId="sg-0123456789abcdef0")


# Elastic IP addresses


@probe("ip-addresses")
def an_address_of_an_instance(aws):
    instance, address = aws.instance(), aws.address()
    made = aws.ec2.associate_address(AllocationId=address, InstanceId=instance)
    found = aws.ec2.describe_addresses(AllocationIds=[address])["Addresses"][0]
    assert (found["InstanceId"], found["AssociationId"]) == (instance, made["AssociationId"])
    assert aws.shown(instance)["PublicIpAddress"] == found["PublicIp"]


@probe("ip-addresses")
def an_address_stays_while_stopped(aws):
    instance, address = aws.instance(), aws.address()
    aws.ec2.associate_address(AllocationId=address, InstanceId=instance)
    before = aws.shown(instance)["PublicIpAddress"]
    aws.ec2.stop_instances(InstanceIds=[instance])
    aws.ec2.start_instances(InstanceIds=[instance])
    assert aws.shown(instance)["PublicIpAddress"] == before


@probe("ip-addresses")
def an_address_outlives_its_instance(aws):
    instance, address = aws.instance(), aws.address()
    aws.ec2.associate_address(AllocationId=address, InstanceId=instance)
    aws.ec2.terminate_instances(InstanceIds=[instance])
    assert "AssociationId" not in aws.ec2.describe_addresses(AllocationIds=[address])["Addresses"][0]


@probe("ip-addresses")
def remap_an_address_in_one_call(aws):
    first, standby = aws.instances(2)
    address = aws.address()
    aws.ec2.associate_address(AllocationId=address, InstanceId=first)
    aws.ec2.associate_address(AllocationId=address, InstanceId=standby)
    found = aws.ec2.describe_addresses(AllocationIds=[address])["Addresses"][0]
    assert found["InstanceId"] == standby and found["PublicIp"] != aws.shown(first).get("PublicIpAddress")


@probe("ip-addresses", "Resource.AlreadyAssociated")
def remap_an_address_that_may_not_move(aws):
    first, standby = aws.instances(2)
    address = aws.address()
    aws.ec2.associate_address(AllocationId=address, InstanceId=first)
    yield
    aws.ec2.associate_address(AllocationId=address, InstanceId=standby, AllowReassociation=False)


@probe("ip-addresses", "AddressLimitExceeded")
def a_sixth_address(aws):
    for _ in range(5):
        aws.address()
    yield
    aws.address()


@probe("ip-addresses")
def five_addresses_in_each_region(aws):
    for _ in range(5):
        aws.address()
    aws("ec2", "eu-west-1").allocate_address(Domain="vpc")


@probe("ip-addresses", "InvalidIPAddress.InUse")
def release_an_address_in_use(aws):
    instance, address = aws.instance(), aws.address()
    aws.ec2.associate_address(AllocationId=address, InstanceId=instance)
    yield
    aws.ec2.release_address(AllocationId=address)


@probe("ip-addresses")
def disassociate_and_release(aws):
    instance, address = aws.instance(), aws.address()
    made = aws.ec2.associate_address(AllocationId=address, InstanceId=instance)["AssociationId"]
    aws.ec2.disassociate_address(AssociationId=made)
    aws.ec2.release_address(AllocationId=address)
    assert aws.ec2.describe_addresses()["Addresses"] == []


@probe("ip-addresses", "InvalidAllocationID.NotFound")
def release_an_address_twice(aws):
    address = aws.address()
    aws.ec2.release_address(AllocationId=address)
    yield
    aws.ec2.release_address(AllocationId=address)


@probe("ip-addresses", "InvalidAllocationID.NotFound")
def associate_an_address_that_is_not_there(aws):
    instance = aws.instance()
    yield
    aws.ec2.associate_address(AllocationId="eipalloc-0123456789abcdef0", InstanceId=instance)


@probe("ip-addresses", "InvalidAssociationID.NotFound")
def disassociate_what_is_not_associated(aws):
    aws.ec2.disassociate_address(AssociationId="eipassoc-0123456789abcdef0")


@probe("ip-addresses", "Gateway.NotAttached")
def an_address_without_an_internet_gateway(aws):
    _, subnets = aws.other_vpc("a")
    instance, address = aws.instance(SubnetId=subnets[0]), aws.address()
    yield
    aws.ec2.associate_address(AllocationId=address, InstanceId=instance)


@probe("ip-addresses")
def no_public_address_in_a_subnet_of_ones_own(aws):
    _, subnets = aws.other_vpc("a")
    shown = aws.shown(aws.instance(SubnetId=subnets[0]))
    assert "PublicIpAddress" not in shown and shown["PrivateIpAddress"].startswith("10.0.0.")


@probe("ip-addresses")
def ask_for_no_public_address(aws):
    interface = {"DeviceIndex": 0, "AssociatePublicIpAddress": False, "SubnetId": aws.subnets()[0]}
    assert "PublicIpAddress" not in aws.shown(aws.instance(NetworkInterfaces=[interface]))


# VPC


@probe("ip-addresses", "InvalidSubnet.Conflict")
def a_subnet_that_overlaps(aws):
    vpc, _ = aws.other_vpc("a")
    yield
    aws.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.128/25")


@probe("ip-addresses", "InvalidSubnet.Range")
def a_subnet_outside_its_vpc(aws):
    vpc, _ = aws.other_vpc("a")
    yield
    aws.ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.0.0/24")


@probe("availability-zones", "InvalidParameterValue")
def a_subnet_in_a_zone_that_is_none(aws):
    vpc, _ = aws.other_vpc("a")
    yield
    aws.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.7.0/24", AvailabilityZone="us-east-1z")


@probe("ip-addresses", "InvalidVpc.Range|InvalidVpcRange")
def a_vpc_of_15_bits(aws):
    aws.ec2.create_vpc(CidrBlock="10.0.0.0/15")


@probe("ip-addresses", "VpcLimitExceeded")
def a_sixth_vpc(aws):
    for n in range(4):
        aws.ec2.create_vpc(CidrBlock=f"10.{n}.0.0/16")
    yield
    aws.ec2.create_vpc(CidrBlock="10.9.0.0/16")


@probe("ip-addresses", "DependencyViolation")
def delete_a_vpc_with_subnets(aws):
    vpc, _ = aws.other_vpc("a")
    yield
    aws.ec2.delete_vpc(VpcId=vpc)


@probe("ip-addresses", "DependencyViolation")
def delete_a_subnet_in_use(aws):
    _, subnets = aws.other_vpc("a")
    aws.instance(SubnetId=subnets[0])
    yield
    aws.ec2.delete_subnet(SubnetId=subnets[0])


@probe("ip-addresses")
def a_subnet_has_five_addresses_less(aws):
    _, subnets = aws.other_vpc("a")
    found = aws.ec2.describe_subnets(SubnetIds=subnets)["Subnets"][0]
    assert found["AvailableIpAddressCount"] == 251


@probe("ip-addresses")
def a_route_to_an_internet_gateway(aws):
    vpc, subnets = aws.other_vpc("a")
    gateway = aws.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    aws.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = aws.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    aws.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    aws.ec2.associate_route_table(RouteTableId=table, SubnetId=subnets[0])
    routes = aws.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert {(one["DestinationCidrBlock"], one["GatewayId"]) for one in routes} == {
        ("10.0.0.0/16", "local"),
        ("0.0.0.0/0", gateway),
    }


@probe("ip-addresses", "RouteAlreadyExists")
def the_same_route_twice(aws):
    vpc, _ = aws.other_vpc("a")
    gateway = aws.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    aws.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = aws.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    aws.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    yield
    aws.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)


# Placement groups


def group(aws, strategy="cluster", **more):
    aws.ec2.create_placement_group(GroupName="together", Strategy=strategy, **more)


def placed(aws, count=1, zone="a", kind="m5.large", **more):
    return launch(
        aws,
        InstanceType=kind,
        MinCount=count,
        MaxCount=count,
        SubnetId=aws.subnets(zone)[0],
        Placement={"GroupName": "together", **more},
    )


@probe("placement-groups")
def a_cluster(aws):
    group(aws)
    placed(aws, 3)
    found = aws.ec2.describe_placement_groups(GroupNames=["together"])["PlacementGroups"][0]
    assert (found["State"], found["Strategy"]) == ("available", "cluster")
    instances = aws.ec2.describe_instances(Filters=[{"Name": "placement-group-name", "Values": ["together"]}])
    assert len(instances["Reservations"][0]["Instances"]) == 3


@probe("placement-groups", "InvalidPlacementGroup.Duplicate")
def the_same_placement_group_twice(aws):
    group(aws)
    yield
    group(aws)


@probe("placement-groups", "InvalidPlacementGroup.Unknown")
def a_placement_group_that_is_not_there(aws):
    aws.ec2.describe_placement_groups(GroupNames=["none"])


@probe("placement-groups", "InvalidPlacementGroup.InUse")
def delete_a_placement_group_in_use(aws):
    group(aws)
    placed(aws)
    yield
    aws.ec2.delete_placement_group(GroupName="together")


@probe("placement-groups")
def delete_a_placement_group_after_its_instances(aws):
    group(aws)
    made = placed(aws)[0]["InstanceId"]
    aws.ec2.terminate_instances(InstanceIds=[made])
    aws.ec2.delete_placement_group(GroupName="together")


@probe("placement-groups", "InvalidPlacementGroup.InUse")
def a_cluster_over_two_zones(aws):
    group(aws)
    placed(aws)
    yield
    placed(aws, zone="b")


@probe("placement-groups")
def seven_spread_in_each_zone(aws):
    group(aws, "spread")
    placed(aws, 7, "a", "t3.micro")
    placed(aws, 7, "b", "t3.micro")


@probe("placement-groups", "InvalidParameterValue")
def a_strategy_that_is_none(aws):
    group(aws, "together")


@probe("placement-groups", "InvalidParameterValue|InvalidParameterCombination|InvalidParameter")
def partitions_of_a_cluster(aws):
    group(aws, "cluster", PartitionCount=3)


@probe("placement-groups")
def partitions(aws):
    group(aws, "partition", PartitionCount=3)
    made = placed(aws, 3, kind="t3.micro")
    numbers = {aws.shown(one["InstanceId"])["Placement"]["PartitionNumber"] for one in made}
    assert numbers <= {1, 2, 3}
    chosen = placed(aws, kind="t3.micro", PartitionNumber=2)[0]["InstanceId"]
    assert aws.shown(chosen)["Placement"]["PartitionNumber"] == 2


@probe("placement-groups", "InvalidParameterValue|InvalidParameter")
def eight_partitions(aws):
    group(aws, "partition", PartitionCount=8)


@probe("placement-groups")
def precision_time(aws):
    group(aws, "precision-time")


# Network interfaces


def attach(aws, interface, instance, index=1):
    return aws.ec2.attach_network_interface(NetworkInterfaceId=interface, InstanceId=instance, DeviceIndex=index)


@probe("network-interfaces")
def attach_an_interface(aws):
    instance, interface = aws.instance(), aws.interface()
    attach(aws, interface, instance)
    found = aws.ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])["NetworkInterfaces"][0]
    assert found["Status"] == "in-use" and found["Attachment"]["InstanceId"] == instance
    assert len(aws.shown(instance)["NetworkInterfaces"]) == 2


@probe("network-interfaces")
def move_an_interface_to_the_standby(aws):
    first, standby = aws.instances(2)
    interface = aws.interface()
    before = aws.ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])["NetworkInterfaces"][0]
    made = attach(aws, interface, first)["AttachmentId"]
    aws.ec2.detach_network_interface(AttachmentId=made)
    attach(aws, interface, standby)
    after = aws.ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])["NetworkInterfaces"][0]
    assert (after["PrivateIpAddress"], after["MacAddress"]) == (before["PrivateIpAddress"], before["MacAddress"])
    assert after["Attachment"]["InstanceId"] == standby


@probe("network-interfaces", "InvalidNetworkInterface.InUse|InvalidParameterValue")
def attach_an_interface_in_use(aws):
    first, standby = aws.instances(2)
    interface = aws.interface()
    attach(aws, interface, first)
    yield
    attach(aws, interface, standby)


@probe("network-interfaces", "InvalidParameterCombination|InvalidParameterValue")
def attach_an_interface_of_another_zone(aws):
    instance, interface = aws.instance(zone="b"), aws.interface("a")
    yield
    attach(aws, interface, instance)


@probe("network-interfaces", "OperationNotPermitted")
def detach_the_primary_interface(aws):
    primary = aws.shown(aws.instance())["NetworkInterfaces"][0]["Attachment"]["AttachmentId"]
    yield
    aws.ec2.detach_network_interface(AttachmentId=primary)


@probe("network-interfaces", "InvalidParameterValue|InvalidNetworkInterface.InUse")
def delete_an_interface_in_use(aws):
    instance, interface = aws.instance(), aws.interface()
    attach(aws, interface, instance)
    yield
    aws.ec2.delete_network_interface(NetworkInterfaceId=interface)


@probe("network-interfaces", "AttachmentLimitExceeded")
def a_third_interface_on_a_t3_micro(aws):
    instance = aws.instance()
    attach(aws, aws.interface(), instance)
    third = aws.interface()
    yield
    attach(aws, third, instance, 2)


@probe("network-interfaces", "InvalidParameterValue")
def a_device_index_in_use(aws):
    instance, interface = aws.instance(InstanceType="m5.large"), aws.interface()
    attach(aws, aws.interface(), instance)
    yield
    attach(aws, interface, instance)


@probe("network-interfaces", "InvalidNetworkInterfaceID.NotFound")
def attach_an_interface_that_is_not_there(aws):
    instance = aws.instance()
    yield
    attach(aws, "eni-0123456789abcdef0", instance)


@probe("network-interfaces", "InvalidInstanceID.NotFound")
def attach_an_interface_to_no_instance(aws):
    interface = aws.interface()
    yield
    attach(aws, interface, "i-0123456789abcdef0")


@probe("network-interfaces", "InvalidAttachmentID.NotFound")
def detach_what_is_not_attached(aws):
    aws.ec2.detach_network_interface(AttachmentId="eni-attach-0123456789abcdef0")


@probe("network-interfaces")
def secondary_addresses(aws):
    interface = aws.interface()
    aws.ec2.assign_private_ip_addresses(NetworkInterfaceId=interface, SecondaryPrivateIpAddressCount=1)
    found = aws.ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])["NetworkInterfaces"][0]
    assert [one["Primary"] for one in found["PrivateIpAddresses"]] == [True, False]


@probe("network-interfaces", "InvalidParameterValue")
def an_address_outside_the_subnet(aws):
    subnet = aws.subnets()[0]
    yield
    aws.interface(SubnetId=subnet, PrivateIpAddress="10.99.0.7")


@probe("network-interfaces", "InvalidIPAddress.InUse")
def an_address_in_use(aws):
    first = aws.interface()
    taken = aws.ec2.describe_network_interfaces(NetworkInterfaceIds=[first])["NetworkInterfaces"][0]["PrivateIpAddress"]
    yield
    aws.interface(PrivateIpAddress=taken)


@probe("network-interfaces")
def interfaces_at_termination(aws):
    instance, interface = aws.instance(), aws.interface()
    attach(aws, interface, instance)
    primary = next(one for one in aws.shown(instance)["NetworkInterfaces"] if one["Attachment"]["DeviceIndex"] == 0)
    aws.ec2.terminate_instances(InstanceIds=[instance])
    left = {one["NetworkInterfaceId"] for one in aws.ec2.describe_network_interfaces()["NetworkInterfaces"]}
    assert interface in left and primary["NetworkInterfaceId"] not in left


@probe("network-interfaces", "InvalidSubnetID.NotFound")
def an_interface_in_no_subnet(aws):
    aws.interface(SubnetId="subnet-0123456789abcdef0")


@probe("network-interfaces")
def check_of_source_and_destination(aws):
    interface = aws.interface()
    aws.ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, SourceDestCheck={"Value": False})
    found = aws.ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])["NetworkInterfaces"][0]
    assert found["SourceDestCheck"] is False


# Hibernation


def root(**more):
    return [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 30, "VolumeType": "gp3", **more}}]


def hibernatable(aws, mapping=None, **more):
    more = {"InstanceType": "m5.large", "HibernationOptions": {"Configured": True}, **more}
    return launch(aws, BlockDeviceMappings=mapping or root(Encrypted=True), **more)[0]["InstanceId"]


@probe("hibernation")
def hibernate(aws):
    instance = hibernatable(aws)
    aws.ec2.stop_instances(InstanceIds=[instance], Hibernate=True)
    shown = aws.shown(instance)
    assert shown["State"]["Name"] == "stopped" and shown["HibernationOptions"]["Configured"]
    assert shown["StateReason"]["Code"] == "Client.UserInitiatedHibernate"


@probe("hibernation", "UnsupportedHibernationConfiguration|UnsupportedOperation")
def hibernate_what_is_not_configured(aws):
    instance = aws.instance()
    yield
    aws.ec2.stop_instances(InstanceIds=[instance], Hibernate=True)


probes.table(
    "hibernation",
    hibernatable,
    {
        "hibernation_with_an_unencrypted_root": (
            "UnsupportedHibernationConfiguration|InvalidParameterCombination|InvalidParameter",
            {"mapping": root()},
        ),
        "hibernation_of_bare_metal": (
            "UnsupportedHibernationConfiguration|InvalidParameterCombination|UnsupportedOperation",
            {"InstanceType": "m5.metal"},
        ),
        "hibernation_with_a_root_smaller_than_memory": (
            "UnsupportedHibernationConfiguration|InvalidParameterCombination|InvalidParameter",
            {"mapping": root(Encrypted=True, VolumeSize=8), "InstanceType": "m5.xlarge"},
        ),
        "hibernation_of_256_gib": (
            "UnsupportedHibernationConfiguration|InvalidParameterCombination|UnsupportedOperation",
            {"mapping": root(Encrypted=True, VolumeSize=500), "InstanceType": "r5.8xlarge"},
        ),
    },
)
