"""Drift: what was changed behind a stack's back."""

import json

from conftest import client


def detected(cloudformation):
    """The status of the stack, and logical id -> drift."""
    detection = cloudformation.detect_stack_drift(StackName="s")["StackDriftDetectionId"]
    told = cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
    drifts = cloudformation.describe_stack_resource_drifts(StackName="s")["StackResourceDrifts"]
    assert told["DetectionStatus"] == "DETECTION_COMPLETE"
    assert told["DriftedStackResourceCount"] == sum(one["StackResourceDriftStatus"] != "IN_SYNC" for one in drifts)
    return told["StackDriftStatus"], {one["LogicalResourceId"]: one for one in drifts}


TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}  # fmt: skip
RULE = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"}
TEMPLATE = {
    "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": "40"}},
    "Group": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {"GroupDescription": "g", "SecurityGroupIngress": [RULE]},
    },
    "Bucket": {
        "Type": "AWS::S3::Bucket",
        "Properties": {"VersioningConfiguration": {"Status": "Enabled"}, "Tags": [{"Key": "a", "Value": "b"}]},
    },
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST, "MaxSessionDuration": 7200}},
    "Function": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Timeout": 5,
            "Code": {"ZipFile": "def handler(event, context): pass"},
            "Environment": {"Variables": {"KEY": "1"}},
        },
    },
}


def test_in_sync(stack, cloudformation):
    """Is a stack in sync that nobody touched?"""
    stack(TEMPLATE, Capabilities=["CAPABILITY_IAM"])
    assert stack.shown()["DriftInformation"]["StackDriftStatus"] == "NOT_CHECKED"
    status, drifts = detected(cloudformation)
    assert status == "IN_SYNC"
    assert {one["StackResourceDriftStatus"] for one in drifts.values()} == {"IN_SYNC"}
    assert set(drifts) == set(TEMPLATE)
    assert stack.shown()["DriftInformation"]["StackDriftStatus"] == "IN_SYNC"


def test_modified(stack, cloudformation):
    """Which changes of which resources are found?"""
    stack(TEMPLATE, Capabilities=["CAPABILITY_IAM"])
    ids = stack.ids()
    client("sqs").set_queue_attributes(
        QueueUrl=ids["Queue"], Attributes={"VisibilityTimeout": "50", "DelaySeconds": "3"}
    )
    opened = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    client("ec2").authorize_security_group_ingress(GroupId=ids["Group"], IpPermissions=opened)
    client("s3").put_bucket_versioning(Bucket=ids["Bucket"], VersioningConfiguration={"Status": "Suspended"})
    client("iam").update_role(RoleName=ids["Role"], MaxSessionDuration=3600)
    client("lambda").update_function_configuration(FunctionName=ids["Function"], Timeout=9, Environment={"Variables": {"KEY": "2"}})  # fmt: skip
    status, drifts = detected(cloudformation)
    assert status == "DRIFTED"
    seen = {
        name: [(one["PropertyPath"], one["DifferenceType"], one["ExpectedValue"], one["ActualValue"]) for one in drift["PropertyDifferences"]]
        for name, drift in drifts.items()
    }  # fmt: skip
    added = json.loads(seen["Group"][0][3])
    assert (added["CidrIp"], added["FromPort"]) == ("0.0.0.0/0", 22)
    assert seen["Group"][0][:3] == ("/SecurityGroupIngress/1", "ADD", "null")
    # The delay is not in the template, so it cannot drift.
    assert seen["Queue"] == [("/VisibilityTimeout", "NOT_EQUAL", "40", "50")]
    assert seen["Bucket"] == [("/VersioningConfiguration/Status", "NOT_EQUAL", "Enabled", "Suspended")]
    assert seen["Role"] == [("/MaxSessionDuration", "NOT_EQUAL", "7200", "3600")]
    assert sorted(seen["Function"]) == [
        ("/Environment/Variables/KEY", "NOT_EQUAL", "1", "2"),
        ("/Timeout", "NOT_EQUAL", "5", "9"),
    ]
    found = cloudformation.describe_stack_resources(StackName="s", LogicalResourceId="Queue")["StackResources"][0]
    assert found["DriftInformation"]["StackResourceDriftStatus"] == "MODIFIED"
    cloudformation.update_stack(StackName="s", TemplateBody=stack.body({**TEMPLATE, "More": TEMPLATE["Queue"]}), Capabilities=["CAPABILITY_IAM"])  # fmt: skip
    queue = client("sqs").get_queue_attributes(QueueUrl=ids["Queue"], AttributeNames=["All"])["Attributes"]
    assert queue["VisibilityTimeout"] == "50"  # an update changes what differs between templates, and mends no drift


def test_deleted(stack, cloudformation, refused):
    """Is a resource missed that somebody deleted?"""
    stack({"Queue": TEMPLATE["Queue"], "Bucket": TEMPLATE["Bucket"]})
    client("sqs").delete_queue(QueueUrl=stack.ids()["Queue"])
    status, drifts = detected(cloudformation)
    assert status == "DRIFTED"
    assert drifts["Queue"]["StackResourceDriftStatus"] == "DELETED"
    told = cloudformation.detect_stack_resource_drift(StackName="s", LogicalResourceId="Bucket")
    assert told["StackResourceDrift"]["StackResourceDriftStatus"] == "IN_SYNC"
    words = "Resource No does not exist for stack s"
    refused(cloudformation.detect_stack_resource_drift, "ValidationError", words, StackName="s", LogicalResourceId="No")
    refused(cloudformation.describe_stack_drift_detection_status, "ValidationError", "x-1", StackDriftDetectionId="x-1")
