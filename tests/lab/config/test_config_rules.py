"""AWS Config: the order of its parts, and managed rules over the account."""

import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from course import lab

ROLE = "arn:aws:iam::123456789012:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"


@pytest.fixture
def config(_fresh):
    return boto3.client("config")


@pytest.fixture
def bucket(_fresh):
    """Create a bucket in us-east-1."""
    s3 = boto3.client("s3")

    def bucket(name="b", **more):
        s3.create_bucket(Bucket=name, **more)
        return s3

    return bucket


@pytest.fixture
def recording(config, bucket):
    """A recorder with its channel, started."""
    bucket("config-logs")
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": ROLE})
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "config-logs"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")


@pytest.fixture
def found(config, recording):
    """Put a managed rule and give what it says of each resource: id -> COMPLIANT or NON_COMPLIANT."""

    def found(identifier, **parameters):
        put(config, identifier, **parameters)
        results = config.get_compliance_details_by_config_rule(ConfigRuleName=identifier)["EvaluationResults"]
        return {
            one["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]: one["ComplianceType"]
            for one in results
        }

    return found


def put(config, identifier, **parameters):
    rule = {"ConfigRuleName": identifier, "Source": {"Owner": "AWS", "SourceIdentifier": identifier}}
    if parameters:
        rule["InputParameters"] = json.dumps(parameters)
    config.put_config_rule(ConfigRule=rule)


def test_the_order_of_recorder_channel_and_rule(refused, config, bucket):
    """Does a channel need a recorder, the recorder's start a channel, and a rule a recorder?"""
    channel = {"name": "default", "s3BucketName": "config-logs"}
    rule = {"ConfigRuleName": "r", "Source": {"Owner": "AWS", "SourceIdentifier": "ENCRYPTED_VOLUMES"}}
    refused(config.put_config_rule, "NoAvailableConfigurationRecorderException", ConfigRule=rule)
    refused(config.put_delivery_channel, "NoAvailableConfigurationRecorderException", DeliveryChannel=channel)
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": ROLE})
    name = {"ConfigurationRecorderName": "default"}
    refused(config.start_configuration_recorder, "NoAvailableDeliveryChannelException", **name)
    refused(config.put_delivery_channel, "NoSuchBucketException", "config-logs", DeliveryChannel=channel)
    bucket("config-logs")
    config.put_delivery_channel(DeliveryChannel=channel)
    config.start_configuration_recorder(**name)
    refused(config.delete_delivery_channel, "LastDeliveryChannelDeleteFailedException", DeliveryChannelName="default")
    config.put_config_rule(ConfigRule=rule)


def test_what_a_recorder_and_a_rule_are(refused, config, recording, role):
    """One recorder, a role that trusts Config, a managed rule that exists, with its parameters."""
    other = {"name": "other", "roleARN": ROLE}
    put_recorder = config.put_configuration_recorder
    refused(put_recorder, "MaxNumberOfConfigurationRecordersExceededException", ConfigurationRecorder=other)
    wrong = {"name": "default", "roleARN": role("lambda.amazonaws.com", "wrong")}
    refused(put_recorder, "InvalidRoleException", ConfigurationRecorder=wrong)
    code = "InvalidParameterValueException"
    for identifier, parameters in (
        ("ENCRYPTED_DISKS", {}),
        ("REQUIRED_TAGS", {}),
        ("ENCRYPTED_VOLUMES", {"colour": "red"}),
    ):
        rule = {
            "ConfigRuleName": "r",
            "Source": {"Owner": "AWS", "SourceIdentifier": identifier},
            "InputParameters": json.dumps(parameters),
        }
        refused(config.put_config_rule, code, ConfigRule=rule)
    refused(config.start_config_rules_evaluation, "NoSuchConfigRuleException", "'none'", ConfigRuleNames=["none"])


def test_encrypted_volumes(found, volume, launch, ec2):
    """Are attached volumes judged, and others not?"""
    instance = launch()
    plain, secret, loose = volume(), volume(Encrypted=True), volume()
    for device, one in (("/dev/sdf", plain), ("/dev/sdg", secret)):
        ec2.attach_volume(VolumeId=one, InstanceId=instance, Device=device)
    results = found("ENCRYPTED_VOLUMES")
    assert (results[plain], results[secret]) == ("NON_COMPLIANT", "COMPLIANT") and loose not in results


@pytest.mark.parametrize(
    ("ports", "ranges", "word"),
    [
        ((22, 22), {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}, "NON_COMPLIANT"),
        ((0, 1024), {"Ipv6Ranges": [{"CidrIpv6": "::/0"}]}, "NON_COMPLIANT"),
        ((22, 22), {"IpRanges": [{"CidrIp": "203.0.113.0/24"}]}, "COMPLIANT"),
        ((443, 443), {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}, "COMPLIANT"),
    ],
)
def test_restricted_ssh(found, ec2, vpc, ports, ranges, word):
    """Is SSH from anywhere found, by range and by IPv6 too?"""
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": ports[0], "ToPort": ports[1], **ranges}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    assert found("INCOMING_SSH_DISABLED")[group] == word


def test_public_buckets(found, bucket):
    """Are a public policy and its block told apart, and encryption always there?"""
    s3 = bucket("open")
    bucket("closed")
    read = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::open/*"}
    s3.delete_public_access_block(Bucket="open")
    s3.put_bucket_policy(Bucket="open", Policy=json.dumps({"Version": "2012-10-17", "Statement": [read]}))
    results = found("S3_BUCKET_PUBLIC_READ_PROHIBITED")
    assert (results["open"], results["closed"]) == ("NON_COMPLIANT", "COMPLIANT")
    s3.put_public_access_block(
        Bucket="open",
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
    assert found("S3_BUCKET_PUBLIC_READ_PROHIBITED")["open"] == "COMPLIANT"
    assert set(found("S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED").values()) == {"COMPLIANT"}


def test_users_and_their_keys(found):
    """Are MFA and the age of keys judged by user, with the account's time?"""
    iam = boto3.client("iam")
    user = iam.create_user(UserName="ann")["User"]["UserId"]
    iam.create_access_key(UserName="ann")
    assert found("IAM_USER_MFA_ENABLED")[user] == "NON_COMPLIANT"
    assert found("ACCESS_KEYS_ROTATED", maxAccessKeyAge="90")[user] == "COMPLIANT"
    with lab.context(time=datetime.now(UTC) + timedelta(days=91)):
        assert found("ACCESS_KEYS_ROTATED", maxAccessKeyAge="90")[user] == "NON_COMPLIANT"


def test_public_functions(found, deploy, awslambda):
    """Is a function that everyone may invoke found?"""
    deploy("def handler(event, context): pass")
    assert found("LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED")["f"] == "COMPLIANT"
    awslambda.add_permission(FunctionName="f", StatementId="all", Action="lambda:InvokeFunction", Principal="*")
    assert found("LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED")["f"] == "NON_COMPLIANT"


def test_required_tags(found, volume, ec2):
    """Are key and value asked for?"""
    right, wrong, none = volume(), volume(), volume()
    for one, stage in ((right, "prod"), (wrong, "play")):
        ec2.create_tags(Resources=[one], Tags=[{"Key": "stage", "Value": stage}])
    results = found("REQUIRED_TAGS", tag1Key="stage", tag1Value="prod,test")
    assert [results[one] for one in (right, wrong, none)] == ["COMPLIANT", "NON_COMPLIANT", "NON_COMPLIANT"]


def test_the_views_of_compliance(config, recording, bucket, volume):
    """Do rule, resource and summary agree, and are rules without an evaluation INSUFFICIENT_DATA?"""
    volume()
    put(config, "REQUIRED_TAGS", tag1Key="stage")
    put(config, "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED")
    put(config, "RDS_STORAGE_ENCRYPTED")
    rules = config.describe_compliance_by_config_rule()["ComplianceByConfigRules"]
    words = {one["ConfigRuleName"]: one["Compliance"]["ComplianceType"] for one in rules}
    assert words == {
        "REQUIRED_TAGS": "NON_COMPLIANT",
        "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED": "COMPLIANT",
        "RDS_STORAGE_ENCRYPTED": "INSUFFICIENT_DATA",
    }
    resources = config.describe_compliance_by_resource(ResourceType="AWS::S3::Bucket")["ComplianceByResources"]
    assert [(one["ResourceId"], one["Compliance"]["ComplianceType"]) for one in resources] == [
        ("config-logs", "NON_COMPLIANT")
    ]
    summary = config.get_compliance_summary_by_config_rule()["ComplianceSummary"]
    assert summary["CompliantResourceCount"]["CappedCount"] == summary["NonCompliantResourceCount"]["CappedCount"] == 1
    status = config.describe_config_rule_evaluation_status(ConfigRuleNames=["REQUIRED_TAGS"])
    assert status["ConfigRulesEvaluationStatus"][0]["FirstEvaluationStarted"]


def test_nothing_is_recorded_without_a_recorder_that_runs(config, recording, volume):
    """Do rules that changes trigger wait for the recorder, and periodic ones not?"""
    config.stop_configuration_recorder(ConfigurationRecorderName="default")
    volume()
    put(config, "REQUIRED_TAGS", tag1Key="stage")
    put(config, "IAM_USER_MFA_ENABLED")
    boto3.client("iam").create_user(UserName="ann")
    rules = config.describe_compliance_by_config_rule()["ComplianceByConfigRules"]
    assert {one["ConfigRuleName"]: one["Compliance"]["ComplianceType"] for one in rules} == {
        "REQUIRED_TAGS": "INSUFFICIENT_DATA",
        "IAM_USER_MFA_ENABLED": "NON_COMPLIANT",
    }


def test_a_rule_that_is_not_there(refused):
    """Is a rule refused that is asked for by a name no rule has, and are all shown without a name?"""
    config = boto3.client("config")
    refused(config.describe_config_rules, "NoSuchConfigRuleException", "none", ConfigRuleNames=["none"])
    assert config.describe_config_rules()["ConfigRules"] == []
