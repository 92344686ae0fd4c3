"""What the answers about instances, their monitoring, credits and metadata defaults hold."""


def described(ec2, instance):
    return ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]


def test_a_launch_is_answered_before_it_happened(ec2, image, subnets):
    """Has a pending instance neither volumes nor a public address, and a running one both?"""
    given = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "SubnetId": subnets[0]}
    made = ec2.run_instances(InstanceType="t3.micro", **given)["Instances"][0]
    assert made["BlockDeviceMappings"] == [] and "PublicIpAddress" not in made and made["PublicDnsName"] == ""
    assert made["StateReason"]["Code"] == "pending" and made["MetadataOptions"]["State"] == "pending"
    assert "Association" not in made["NetworkInterfaces"][0]
    shown = described(ec2, made["InstanceId"])
    assert shown["BlockDeviceMappings"] and shown["PublicIpAddress"] and shown["PrivateIpAddress"]
    assert shown["PrivateIpAddress"] == made["PrivateIpAddress"] and shown["MetadataOptions"]["State"] == "applied"
    assert shown["CpuOptions"] == made["CpuOptions"] == {"CoreCount": 1, "ThreadsPerCore": 2}
    assert shown["NetworkInterfaces"][0]["Association"]["IpOwnerId"] == "amazon"


def test_options_of_a_launch(ec2, launch):
    """Are CPU options and enclave shown as asked for?"""
    instance = launch(
        InstanceType="m5.xlarge",
        CpuOptions={"CoreCount": 2, "ThreadsPerCore": 1},
        EnclaveOptions={"Enabled": True},
        MaintenanceOptions={"AutoRecovery": "disabled"},
    )
    shown = described(ec2, instance)
    assert shown["CpuOptions"] == {"CoreCount": 2, "ThreadsPerCore": 1} and shown["EnclaveOptions"]["Enabled"] is True
    assert shown["MaintenanceOptions"] == {"AutoRecovery": "disabled"}
    assert shown["PlatformDetails"] == "Linux/UNIX" and shown["UsageOperation"] == "RunInstances"


def test_a_terminated_instance_has_left(ec2, launch):
    """Does it show neither network nor volumes, and do others go on holding their addresses?"""
    gone, other = launch(), launch()
    ec2.terminate_instances(InstanceIds=[gone])
    shown = described(ec2, gone)
    for name in ("VpcId", "SubnetId", "PrivateIpAddress", "PublicIpAddress"):
        assert name not in shown
    assert shown["BlockDeviceMappings"] == shown["NetworkInterfaces"] == shown["SecurityGroups"] == []
    taken = described(ec2, other)["PrivateIpAddress"]
    assert taken not in {described(ec2, launch())["PrivateIpAddress"] for _ in range(5)}


def test_an_image_by_parameter(ec2, ssm, launch, image, refused):
    """Is the parameter looked up, an own one too, and one that is not there refused?"""
    name = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    assert described(ec2, launch(ImageId=name))["ImageId"].startswith("ami-")
    ssm.put_parameter(Name="/golden/image", Value=image, Type="String")
    assert described(ec2, launch(ImageId="resolve:ssm:/golden/image"))["ImageId"] == image
    given = {"InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    refused(ec2.run_instances, "InvalidAMIID.NotFound", "/none", ImageId="resolve:ssm:/none", **given)


def test_monitoring_by_the_minute(ec2, launch, refused):
    """Is it switched on and off, with a word between?"""
    instance = launch()
    ids = {"InstanceIds": [instance]}
    assert ec2.monitor_instances(**ids)["InstanceMonitorings"][0]["Monitoring"]["State"] == "pending"
    assert described(ec2, instance)["Monitoring"]["State"] == "enabled"
    assert ec2.monitor_instances(**ids)["InstanceMonitorings"][0]["Monitoring"]["State"] == "enabled"
    assert ec2.unmonitor_instances(**ids)["InstanceMonitorings"][0]["Monitoring"]["State"] == "disabling"
    assert described(ec2, instance)["Monitoring"]["State"] == "disabled"
    refused(ec2.monitor_instances, "InvalidInstanceID.NotFound", InstanceIds=["i-0123456789abcdef0"])


def test_credits(ec2, launch, refused):
    """Is T3 unlimited, T2 standard, and can both be changed, but not M5?"""
    t3, t2, m5 = launch(), launch(InstanceType="t2.micro"), launch(InstanceType="m5.large")

    def credits(*ids):
        found = ec2.describe_instance_credit_specifications(InstanceIds=list(ids))["InstanceCreditSpecifications"]
        return [one["CpuCredits"] for one in found]

    assert credits(t3, t2) == ["unlimited", "standard"]
    changes = [{"InstanceId": one, "CpuCredits": "standard"} for one in (t3, m5, "i-0123456789abcdef0")]
    answer = ec2.modify_instance_credit_specification(InstanceCreditSpecifications=changes)
    assert answer["SuccessfulInstanceCreditSpecifications"] == [{"InstanceId": t3}] and credits(t3) == ["standard"]
    failed = [one["Error"]["Code"] for one in answer["UnsuccessfulInstanceCreditSpecifications"]]
    assert failed == ["InstanceCreditSpecification.NotSupported", "InvalidInstanceID.NotFound"]
    refused(ec2.describe_instance_credit_specifications, "InvalidParameterCombination", "m5.large", InstanceIds=[m5])
    assert credits(launch(CreditSpecification={"CpuCredits": "standard"})) == ["standard"]


def test_metadata_defaults(ec2, launch, refused):
    """Do they apply to a launch that says nothing, and can they be taken back?"""
    assert ec2.get_instance_metadata_defaults()["AccountLevel"] == {}
    refused(ec2.modify_instance_metadata_defaults, "InvalidParameterValue", "65", HttpPutResponseHopLimit=65)
    ec2.modify_instance_metadata_defaults(HttpTokens="required", HttpPutResponseHopLimit=5)
    options = described(ec2, launch())["MetadataOptions"]
    assert (options["HttpTokens"], options["HttpPutResponseHopLimit"]) == ("required", 5)
    own = {"HttpTokens": "optional", "HttpPutResponseHopLimit": 1}
    options = described(ec2, launch(MetadataOptions=own))["MetadataOptions"]
    assert (options["HttpTokens"], options["HttpPutResponseHopLimit"]) == ("optional", 1)
    ec2.modify_instance_metadata_defaults(HttpTokens="no-preference", HttpPutResponseHopLimit=-1)
    assert ec2.get_instance_metadata_defaults()["AccountLevel"] == {}


def test_pages_of_instances(ec2, refused):
    """Has a page 5 to 1,000 instances?"""
    for number in (4, 1001):
        refused(ec2.describe_instances, "InvalidParameterValue", f"( {number} )", MaxResults=number)
    for number in (5, 1000):
        ec2.describe_instances(MaxResults=number)


def test_fleets(ec2, image, refused):
    """Has a fleet the API's default strategies, and is one that is not there told?"""
    ec2.create_launch_template(
        LaunchTemplateName="web", LaunchTemplateData={"ImageId": image, "InstanceType": "t3.micro"}
    )
    given = {
        "LaunchTemplateConfigs": [{"LaunchTemplateSpecification": {"LaunchTemplateName": "web", "Version": "$Latest"}}],
        "TargetCapacitySpecification": {"TotalTargetCapacity": 2, "DefaultTargetCapacityType": "spot"},
    }
    assert ec2.create_fleet(Type="instant", **given)["Errors"] == []
    made = ec2.create_fleet(SpotOptions={"InstanceInterruptionBehavior": "terminate"}, **given)["FleetId"]
    shown = ec2.describe_fleets(FleetIds=[made])["Fleets"][0]
    assert shown["SpotOptions"]["AllocationStrategy"] == "lowest-price"
    missing = "fleet-12345678-1234-1234-1234-123456789012"
    refused(ec2.describe_fleets, "InvalidFleetId.NotFound", missing, FleetIds=[missing])
    gone = ec2.delete_fleets(FleetIds=[made, missing], TerminateInstances=True)
    assert [one["FleetId"] for one in gone["SuccessfulFleetDeletions"]] == [made]
    assert gone["UnsuccessfulFleetDeletions"][0]["Error"]["Code"] == "fleetIdDoesNotExist"


def test_versions_of_a_launch_template_go(ec2, image, refused):
    """Does a version go, the default one stay, and a number never come again?"""
    data = {"ImageId": image, "InstanceType": "t3.micro"}
    template = ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data)["LaunchTemplate"]
    id = {"LaunchTemplateId": template["LaunchTemplateId"]}
    for kind in ("t3.small", "t3.medium"):
        ec2.create_launch_template_version(**id, SourceVersion="1", LaunchTemplateData={"InstanceType": kind})
    answer = ec2.delete_launch_template_versions(**id, Versions=["1", "2", "9"])
    assert [one["VersionNumber"] for one in answer["SuccessfullyDeletedLaunchTemplateVersions"]] == [2]
    failed = answer["UnsuccessfullyDeletedLaunchTemplateVersions"]
    assert [one["ResponseError"]["Code"] for one in failed] == ["unexpectedError", "launchTemplateVersionDoesNotExist"]
    third = ec2.describe_launch_template_versions(**id, Versions=["3"])["LaunchTemplateVersions"][0]
    assert third["LaunchTemplateData"]["InstanceType"] == "t3.medium"
    made = ec2.create_launch_template_version(**id, LaunchTemplateData=data)["LaunchTemplateVersion"]
    assert made["VersionNumber"] == 4
    missing = "lt-0123456789abcdef0"
    refused(ec2.delete_launch_template, "InvalidLaunchTemplateId.NotFound", missing, LaunchTemplateId=missing)
    refused(
        ec2.delete_launch_template, "InvalidLaunchTemplateName.NotFoundException", "none", LaunchTemplateName="none"
    )
    ec2.delete_launch_template(**id)


def test_tags_have_lengths_and_kinds(ec2, launch, image, refused):
    """Are long keys and values, and kinds that a launch does not make, refused?"""
    instance = launch()
    for tag in ({"Key": "k" * 129, "Value": "v"}, {"Key": "k", "Value": "v" * 257}):
        refused(ec2.create_tags, "InvalidParameterValue", "maximum length", Resources=[instance], Tags=[tag])
    ec2.create_tags(Resources=[instance], Tags=[{"Key": "k" * 128, "Value": "v" * 256}])
    for kind in ("server", "vpc"):
        tags = [{"ResourceType": kind, "Tags": [{"Key": "a", "Value": "b"}]}]
        given = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
        refused(ec2.run_instances, "InvalidParameterValue", f"'{kind}' is not", TagSpecifications=tags, **given)


def test_a_secondary_address_shows_its_public_one(ec2, launch):
    """Does each private address show the Elastic IP address it has?"""
    card = described(ec2, launch())["NetworkInterfaces"][0]["NetworkInterfaceId"]
    answer = ec2.assign_private_ip_addresses(NetworkInterfaceId=card, SecondaryPrivateIpAddressCount=1)
    second = answer["AssignedPrivateIpAddresses"][0]["PrivateIpAddress"]
    made = ec2.allocate_address()
    assert (made["PublicIpv4Pool"], made["NetworkBorderGroup"]) == ("amazon", "us-east-1")
    ec2.associate_address(AllocationId=made["AllocationId"], NetworkInterfaceId=card, PrivateIpAddress=second)
    found = ec2.describe_network_interfaces(NetworkInterfaceIds=[card])["NetworkInterfaces"][0]["PrivateIpAddresses"]
    assert found[0]["Association"]["IpOwnerId"] == "amazon"
    assert found[1]["Association"]["PublicIp"] == made["PublicIp"]
    assert found[1]["Association"]["IpOwnerId"] == "123456789012"
