"""AWS CloudFormation and SAM: whole templates, and what their resources then do."""

from __future__ import annotations

import contextlib
import json
import tempfile
import time
from pathlib import Path

from course import lab

from .account import ACCOUNT, trust
from .notation import Probes

probes = Probes()
probe = probes
# Not answered as AWS answers, so far; each is taken out of here as soon as it is.
not_yet: set[str] = set()

CAPS = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]


def T(resources, **more):
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources, **more})


Q = lambda **p: {"Type": "AWS::SQS::Queue", **({"Properties": p} if p else {})}


def stack(aws, resources, name="s", wait=True, parameters=None, **more):
    c = aws.cloudformation
    top = {
        k: more.pop(k)
        for k in list(more)
        if k in ("Parameters", "Outputs", "Conditions", "Mappings", "Transform", "Metadata", "Globals", "Rules")
    }
    text = resources if isinstance(resources, str) else T(resources, **top)
    given = [{"ParameterKey": k, "ParameterValue": v} for k, v in (parameters or {}).items()]
    arn = c.create_stack(StackName=name, TemplateBody=text, Parameters=given, Capabilities=CAPS, **more)["StackId"]
    if wait:
        c.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 0.05, "MaxAttempts": 60})
    return arn


def update(aws, resources, name="s", parameters=None, **more):
    c = aws.cloudformation
    top = {k: more.pop(k) for k in list(more) if k in ("Parameters", "Outputs", "Conditions", "Mappings", "Transform")}
    given = [{"ParameterKey": k, "ParameterValue": v} for k, v in (parameters or {}).items()]
    c.update_stack(StackName=name, TemplateBody=T(resources, **top), Parameters=given, Capabilities=CAPS, **more)
    for _ in range(200):
        found = shown(aws, name)
        if not found["StackStatus"].endswith("IN_PROGRESS"):
            return found
        time.sleep(0.05)
    raise AssertionError(found["StackStatus"])


def shown(aws, name="s"):
    return aws.cloudformation.describe_stacks(StackName=name)["Stacks"][0]


def outputs(aws, name="s"):
    return {one["OutputKey"]: one["OutputValue"] for one in shown(aws, name).get("Outputs", [])}


@probe("cloudformation-and-cdk")
def the_intrinsics_at_once(aws):
    stack(
        aws,
        {
            "Q": Q(
                QueueName={
                    "Fn::Sub": [
                        "${AWS::StackName}-${Env}-${x}",
                        {"x": {"Fn::FindInMap": ["M", {"Ref": "Env"}, "size"]}},
                    ]
                }
            )
        },
        Parameters={"Env": {"Type": "String", "Default": "dev"}},
        Mappings={"M": {"dev": {"size": "small"}}},
        Outputs={
            "Url": {"Value": {"Ref": "Q"}},
            "Arn": {"Value": {"Fn::GetAtt": ["Q", "Arn"]}},
            "Name": {"Value": {"Fn::GetAtt": "Q.QueueName"}},
            "Join": {"Value": {"Fn::Join": ["-", ["a", {"Fn::Select": [1, {"Fn::Split": [",", "x,y"]}]}]]}},
            "Base": {"Value": {"Fn::Base64": "hi"}},
            "Zone": {"Value": {"Fn::Select": ["0", {"Fn::GetAZs": ""}]}},
            "Cidr": {"Value": {"Fn::Select": [1, {"Fn::Cidr": ["10.0.0.0/16", 2, 8]}]}},
            "Acct": {"Value": {"Ref": "AWS::AccountId"}},
        },
    )
    got = outputs(aws)
    assert got["Name"] == "s-dev-small" and got["Arn"].endswith(":s-dev-small") and got["Url"].endswith("/s-dev-small")
    assert (got["Join"], got["Base"], got["Zone"], got["Cidr"], got["Acct"]) == (
        "a-y",
        "aGk=",
        "us-east-1a",
        "10.0.1.0/24",
        ACCOUNT,
    ), got


@probe("cloudformation-and-cdk")
def a_condition_makes_or_leaves(aws):
    resources = {
        "A": {**Q(), "Condition": "Prod"},
        "B": Q(QueueName={"Fn::If": ["Prod", "big", {"Ref": "AWS::NoValue"}]}),
    }
    more = {
        "Parameters": {"Env": {"Type": "String"}},
        "Conditions": {
            "Prod": {
                "Fn::And": [
                    {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
                    {"Fn::Not": [{"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}]},
                ]
            }
        },
    }
    stack(aws, resources, parameters={"Env": "test"}, **more)
    ids = lambda: sorted(
        one["LogicalResourceId"]
        for one in aws.cloudformation.describe_stack_resources(StackName="s")["StackResources"]
        if one["ResourceStatus"] != "DELETE_COMPLETE"
    )
    assert ids() == ["B"]
    assert update(aws, resources, parameters={"Env": "prod"}, **more)["StackStatus"] == "UPDATE_COMPLETE"
    assert ids() == ["A", "B"] and aws.sqs.get_queue_url(QueueName="big")


def refused(aws, resources, **more):
    stack(aws, resources, wait=False, **more)


probes.table(
    "cloudformation-and-cdk",
    refused,
    {
        "a_reference_to_nothing": ("ValidationError", {"resources": {"Q": Q(QueueName={"Ref": "Nobody"})}}),
        "an_attribute_of_nothing": (
            "ValidationError",
            {"resources": {"Q": Q(QueueName={"Fn::GetAtt": ["Nobody", "Arn"]})}},
        ),
        "a_condition_that_is_not_there": ("ValidationError", {"resources": {"Q": {**Q(), "Condition": "No"}}}),
        "a_template_without_resources": ("ValidationError", {"resources": json.dumps({"Parameters": {}})}),
        "an_unknown_section": ("ValidationError", {"resources": json.dumps({"Resources": {"Q": Q()}, "Resource": {}})}),
        "a_logical_id_with_dash": ("ValidationError", {"resources": {"my-q": Q()}}),
        "a_parameter_without_value": (
            "ValidationError",
            {"resources": {"Q": Q()}, "Parameters": {"P": {"Type": "String"}}},
        ),
        "a_value_for_no_parameter": ("ValidationError", {"resources": {"Q": Q()}, "parameters": {"P": "x"}}),
        "a_value_that_is_not_allowed": (
            "ValidationError",
            {
                "resources": {"Q": Q()},
                "Parameters": {"P": {"Type": "String", "AllowedValues": ["a"]}},
                "parameters": {"P": "b"},
            },
        ),
        "a_value_against_the_pattern": (
            "ValidationError",
            {
                "resources": {"Q": Q()},
                "Parameters": {"P": {"Type": "String", "AllowedPattern": "[a-z]+"}},
                "parameters": {"P": "B"},
            },
        ),
        "a_number_that_is_too_small": (
            "ValidationError",
            {"resources": {"Q": Q()}, "Parameters": {"P": {"Type": "Number", "MinValue": 3}}, "parameters": {"P": "2"}},
        ),
        "a_circle": (
            "ValidationError",
            {"resources": {"A": {**Q(), "DependsOn": "B"}, "B": {**Q(), "DependsOn": "A"}}},
        ),
        "a_dependence_on_nothing": ("ValidationError", {"resources": {"A": {**Q(), "DependsOn": "B"}}}),
        "a_type_that_is_no_type": ("ValidationError", {"resources": {"A": {"Type": "AWS::SQS::Qeue"}}}),
        "a_stack_name_with_underscore": ("ValidationError", {"resources": {"A": Q()}, "name": "my_stack"}),
        "an_output_without_value": (
            "ValidationError",
            {"resources": {"A": Q()}, "Outputs": {"O": {"Description": "x"}}},
        ),
        "a_map_that_is_not_there": (
            "ValidationError",
            {"resources": {"A": Q(QueueName={"Fn::FindInMap": ["No", "a", "b"]})}},
        ),
    },
)


@probe("cloudformation-and-cdk", "InsufficientCapabilitiesException")
def a_role_without_capability(aws):
    aws.cloudformation.create_stack(
        StackName="s",
        TemplateBody=T(
            {
                "R": {
                    "Type": "AWS::IAM::Role",
                    "Properties": {"AssumeRolePolicyDocument": json.loads(trust({"Service": "lambda.amazonaws.com"}))},
                }
            }
        ),
    )


@probe("cloudformation-and-cdk", "InsufficientCapabilitiesException")
def a_named_role_without_that_capability(aws):
    aws.cloudformation.create_stack(
        StackName="s",
        Capabilities=["CAPABILITY_IAM"],
        TemplateBody=T(
            {
                "R": {
                    "Type": "AWS::IAM::Role",
                    "Properties": {
                        "RoleName": "r",
                        "AssumeRolePolicyDocument": json.loads(trust({"Service": "lambda.amazonaws.com"})),
                    },
                }
            }
        ),
    )


@probe("cloudformation-and-cdk", "AlreadyExistsException")
def a_stack_of_the_same_name(aws):
    stack(aws, {"Q": Q()})
    yield
    stack(aws, {"Q": Q()})


@probe("cloudformation-and-cdk", "ValidationError")
def an_update_that_changes_nothing(aws):
    stack(aws, {"Q": Q()})
    yield
    aws.cloudformation.update_stack(StackName="s", TemplateBody=T({"Q": Q()}))


@probe("cloudformation-and-cdk")
def a_creation_that_fails_rolls_back(aws):
    broken = {
        "Type": "AWS::Lambda::Permission",
        "Properties": {"FunctionName": "nobody", "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com"},
    }
    stack(aws, {"A": Q(QueueName="kept"), "B": {**broken, "DependsOn": "A"}}, wait=False)
    for _ in range(100):
        if shown(aws)["StackStatus"] == "ROLLBACK_COMPLETE":
            break
        time.sleep(0.05)
    assert shown(aws)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "QueueUrls" not in aws.sqs.list_queues()
    events = aws.cloudformation.describe_stack_events(StackName="s")["StackEvents"]
    statuses = [(e["LogicalResourceId"], e["ResourceStatus"]) for e in events]
    assert (
        statuses[0] == ("s", "ROLLBACK_COMPLETE")
        and ("B", "CREATE_FAILED") in statuses
        and ("A", "DELETE_COMPLETE") in statuses
    )
    assert [e for e in events if e["ResourceStatus"] == "CREATE_FAILED"][0]["ResourceStatusReason"]


@probe("cloudformation-and-cdk", "ValidationError")
def update_what_was_rolled_back(aws):
    stack(aws, {"B": Q(VisibilityTimeout=50000)}, wait=False)
    yield
    aws.cloudformation.update_stack(StackName="s", TemplateBody=T({"B": Q()}))


@probe("cloudformation-and-cdk")
def an_update_that_fails_rolls_back(aws):
    stack(aws, {"A": Q(QueueName="a", VisibilityTimeout=30)})
    found = update(
        aws, {"A": Q(QueueName="a", VisibilityTimeout=60), "B": {**Q(VisibilityTimeout=50000), "DependsOn": "A"}}
    )
    assert found["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE", found["StackStatus"]
    url = aws.sqs.get_queue_url(QueueName="a")["QueueUrl"]
    assert (
        aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"][
            "VisibilityTimeout"
        ]
        == "30"
    )


@probe("cloudformation-and-cdk")
def a_new_name_replaces(aws):
    stack(aws, {"A": Q(QueueName="a")})
    c = aws.cloudformation
    c.create_change_set(StackName="s", ChangeSetName="c", TemplateBody=T({"A": Q(QueueName="b"), "N": Q()}))
    c.get_waiter("change_set_create_complete").wait(
        StackName="s", ChangeSetName="c", WaiterConfig={"Delay": 0.05, "MaxAttempts": 40}
    )
    found = c.describe_change_set(StackName="s", ChangeSetName="c")
    changes = {one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"] for one in found["Changes"]}
    assert (
        changes["A"]["Action"] == "Modify" and changes["A"]["Replacement"] == "True" and changes["N"]["Action"] == "Add"
    )
    assert changes["A"]["Details"][0]["Target"]["Name"] == "QueueName" and found["ExecutionStatus"] == "AVAILABLE"
    assert len(aws.sqs.list_queues()["QueueUrls"]) == 1
    c.execute_change_set(StackName="s", ChangeSetName="c")
    c.get_waiter("stack_update_complete").wait(StackName="s", WaiterConfig={"Delay": 0.05, "MaxAttempts": 40})
    names = sorted(u.rsplit("/", 1)[1] for u in aws.sqs.list_queues()["QueueUrls"])
    assert names[0] == "b" and names[1].startswith("s-N-") and len(names) == 2, names


@probe("cloudformation-and-cdk")
def a_change_set_without_changes(aws):
    stack(aws, {"A": Q()})
    aws.cloudformation.create_change_set(StackName="s", ChangeSetName="c", TemplateBody=T({"A": Q()}))
    found = aws.cloudformation.describe_change_set(StackName="s", ChangeSetName="c")
    assert (
        found["Status"] == "FAILED"
        and "didn't contain changes" in found["StatusReason"]
        and found["ExecutionStatus"] == "UNAVAILABLE"
    )


@probe("cloudformation-and-cdk")
def a_change_set_for_a_new_stack(aws):
    c = aws.cloudformation
    c.create_change_set(StackName="n", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=T({"A": Q()}))
    assert shown(aws, "n")["StackStatus"] == "REVIEW_IN_PROGRESS"
    c.execute_change_set(StackName="n", ChangeSetName="c")
    c.get_waiter("stack_create_complete").wait(StackName="n", WaiterConfig={"Delay": 0.05, "MaxAttempts": 40})


@probe("cloudformation-and-cdk", "ValidationError")
def a_change_set_for_nobody(aws):
    aws.cloudformation.create_change_set(StackName="n", ChangeSetName="c", TemplateBody=T({"A": Q()}))


EXPORT = {
    "Outputs": {
        "Arn": {"Value": {"Fn::GetAtt": ["Q", "Arn"]}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-arn"}}}
    }
}


@probe("cloudformation-and-cdk")
def what_one_stack_exports_another_imports(aws):
    stack(aws, {"Q": Q(QueueName="q")}, name="base", **EXPORT)
    stack(
        aws,
        {
            "P": {
                "Type": "AWS::SSM::Parameter",
                "Properties": {"Name": "p", "Type": "String", "Value": {"Fn::ImportValue": "base-arn"}},
            }
        },
        name="top",
    )
    assert aws.ssm.get_parameter(Name="p")["Parameter"]["Value"].endswith(":q")
    assert aws.cloudformation.list_imports(ExportName="base-arn")["Imports"] == ["top"]
    assert aws.cloudformation.list_exports()["Exports"][0]["Name"] == "base-arn"


@probe("cloudformation-and-cdk")
def delete_what_another_imports(aws):
    stack(aws, {"Q": Q(QueueName="q")}, name="base", **EXPORT)
    stack(
        aws,
        {
            "P": {
                "Type": "AWS::SSM::Parameter",
                "Properties": {"Name": "p", "Type": "String", "Value": {"Fn::ImportValue": "base-arn"}},
            }
        },
        name="top",
    )
    aws.cloudformation.delete_stack(StackName="base")
    assert shown(aws, "base")["StackStatus"] != "DELETE_COMPLETE" and aws.sqs.get_queue_url(QueueName="q")


@probe("cloudformation-and-cdk")
def import_what_nobody_exports(aws):
    with contextlib.suppress(aws.cloudformation.exceptions.ClientError):
        stack(aws, {"P": Q(QueueName={"Fn::ImportValue": "nobody"})}, wait=False)
    assert not aws.cloudformation.list_stacks(StackStatusFilter=["CREATE_COMPLETE"])["StackSummaries"]


@probe("cloudformation-and-cdk")
def keep_a_resource(aws):
    stack(aws, {"Q": {**Q(QueueName="q"), "DeletionPolicy": "Retain"}, "R": Q(QueueName="r")})
    arn = shown(aws)["StackId"]
    aws.cloudformation.delete_stack(StackName="s")
    aws.cloudformation.get_waiter("stack_delete_complete").wait(
        StackName="s", WaiterConfig={"Delay": 0.05, "MaxAttempts": 40}
    )
    assert [u.rsplit("/", 1)[1] for u in aws.sqs.list_queues()["QueueUrls"]] == ["q"]
    assert shown(aws, arn)["StackStatus"] == "DELETE_COMPLETE"
    statuses = {
        e["LogicalResourceId"]: e["ResourceStatus"]
        for e in reversed(aws.cloudformation.describe_stack_events(StackName=arn)["StackEvents"])
    }
    assert statuses["Q"] == "DELETE_SKIPPED" and statuses["R"] == "DELETE_COMPLETE"


@probe("cloudformation-and-cdk", "ValidationError")
def delete_a_protected_stack(aws):
    stack(aws, {"Q": Q()}, EnableTerminationProtection=True)
    yield
    aws.cloudformation.delete_stack(StackName="s")


@probe("cloudformation-and-cdk")
def delete_a_stack_that_is_not_there(aws):
    aws.cloudformation.delete_stack(StackName="no")


@probe("cloudformation-and-cdk", "ValidationError")
def describe_a_stack_that_is_not_there(aws):
    aws.cloudformation.describe_stacks(StackName="no")


@probe("cloudformation-and-cdk")
def a_full_bucket_keeps_its_stack(aws):
    stack(aws, {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "ana-stack"}}})
    aws.s3.put_object(Bucket="ana-stack", Key="k", Body=b"x")
    aws.cloudformation.delete_stack(StackName="s")
    found = shown(aws)
    assert found["StackStatus"] == "DELETE_FAILED" and "[B]" in found["StackStatusReason"], found


@probe("cloudformation-and-cdk")
def drift_of_a_queue(aws):
    stack(aws, {"Q": Q(QueueName="q", VisibilityTimeout=30)})
    c = aws.cloudformation
    url = aws.sqs.get_queue_url(QueueName="q")["QueueUrl"]
    aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "99"})
    found = c.detect_stack_drift(StackName="s")["StackDriftDetectionId"]
    status = c.describe_stack_drift_detection_status(StackDriftDetectionId=found)
    assert (
        status["StackDriftStatus"] == "DRIFTED"
        and status["DriftedStackResourceCount"] == 1
        and status["DetectionStatus"] == "DETECTION_COMPLETE"
    )
    drift = c.describe_stack_resource_drifts(StackName="s")["StackResourceDrifts"][0]
    assert drift["StackResourceDriftStatus"] == "MODIFIED"
    difference = drift["PropertyDifferences"][0]
    assert difference == {
        "PropertyPath": "/VisibilityTimeout",
        "ExpectedValue": "30",
        "ActualValue": "99",
        "DifferenceType": "NOT_EQUAL",
    }, difference


@probe("cloudformation-and-cdk")
def a_parameter_from_the_parameter_store(aws):
    aws.ssm.put_parameter(Name="/q/name", Value="from-ssm", Type="String")
    aws.secretsmanager.create_secret(Name="db", SecretString='{"user": "ana"}')
    stack(
        aws,
        {
            "Q": Q(QueueName={"Ref": "N"}),
            "P": {
                "Type": "AWS::SSM::Parameter",
                "Properties": {"Name": "p", "Type": "String", "Value": "{{resolve:ssm:/q/name}}"},
            },
        },
        Parameters={"N": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/q/name"}},
    )
    assert (
        aws.sqs.get_queue_url(QueueName="from-ssm")
        and aws.ssm.get_parameter(Name="p")["Parameter"]["Value"] == "from-ssm"
    )
    assert shown(aws)["Parameters"] == [{"ParameterKey": "N", "ParameterValue": "/q/name", "ResolvedValue": "from-ssm"}]


@probe("cloudformation-and-cdk")
def a_secret_parameter_is_hidden(aws):
    stack(aws, {"Q": Q()}, Parameters={"Pw": {"Type": "String", "NoEcho": True}}, parameters={"Pw": "geheim"})
    assert shown(aws)["Parameters"][0]["ParameterValue"] == "****"


@probe("cloudformation-and-cdk")
def use_the_previous_template_and_value(aws):
    stack(
        aws,
        {"Q": Q(VisibilityTimeout={"Ref": "V"}, DelaySeconds={"Ref": "D"})},
        Parameters={"V": {"Type": "Number"}, "D": {"Type": "Number"}},
        parameters={"V": "10", "D": "1"},
    )
    aws.cloudformation.update_stack(
        StackName="s",
        UsePreviousTemplate=True,
        Parameters=[{"ParameterKey": "V", "ParameterValue": "20"}, {"ParameterKey": "D", "UsePreviousValue": True}],
    )
    assert shown(aws)["StackStatus"] in ("UPDATE_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    url = aws.sqs.list_queues()["QueueUrls"][0]
    got = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (got["VisibilityTimeout"], got["DelaySeconds"]) == ("20", "1")


@probe("cloudformation-and-cdk", "ValidationError")
def validate_a_bad_template(aws):
    aws.cloudformation.validate_template(TemplateBody=T({"Q": Q(QueueName={"Ref": "No"})}))


@probe("cloudformation-and-cdk")
def validate_a_good_template(aws):
    got = aws.cloudformation.validate_template(
        TemplateBody=T(
            {"R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}},
            Parameters={"P": {"Type": "String", "Default": "d", "NoEcho": True}},
            Description="x",
        )
    )
    assert (
        got["Description"] == "x"
        and got["Capabilities"] == ["CAPABILITY_IAM"]
        and got["Parameters"] == [{"ParameterKey": "P", "DefaultValue": "d", "NoEcho": True}]
    ), got


@probe("cloudformation-and-cdk")
def tags_of_a_stack_reach_its_resources(aws):
    stack(aws, {"Q": Q(QueueName="q")}, Tags=[{"Key": "team", "Value": "a"}])
    tags = aws.sqs.list_queue_tags(QueueUrl=aws.sqs.get_queue_url(QueueName="q")["QueueUrl"])["Tags"]
    assert tags["team"] == "a" and shown(aws)["Tags"] == [{"Key": "team", "Value": "a"}]


YAML = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Name: {Type: String, Default: web}
Conditions:
  IsWeb: !Equals [!Ref Name, web]
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Sub "${Name}-topic"
  Queue:
    Type: AWS::SQS::Queue
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: sqs:SendMessage, Resource: !GetAtt Queue.Arn, Condition: {ArnEquals: {aws:SourceArn: !Ref Topic}}}
  Subscription:
    Type: AWS::SNS::Subscription
    Condition: IsWeb
    Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Queue.Arn, FilterPolicy: {kind: [order]}, RawMessageDelivery: true}
Outputs:
  Url: {Value: !Ref Queue}
  Arn: {Value: !Ref Topic}
"""


@probe("cloudformation-and-cdk")
def a_fan_out_as_yaml_works(aws):
    stack(aws, YAML)
    got = outputs(aws)
    kind = lambda v: {"kind": {"DataType": "String", "StringValue": v}}
    aws.sns.publish(TopicArn=got["Arn"], Message="yes", MessageAttributes=kind("order"))
    aws.sns.publish(TopicArn=got["Arn"], Message="no", MessageAttributes=kind("note"))
    assert [one["Body"] for one in aws.received(got["Url"])] == ["yes"]


# SAM

SAM = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.13, Timeout: 20}
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      InlineCode: |
        import os, json
        def handler(event, context):
            return {"statusCode": 200, "body": json.dumps([os.environ["STAGE"], event.get("pathParameters")])}
      Environment: {Variables: {STAGE: prod}}
      AutoPublishAlias: live
      Events:
        Get: {Type: Api, Properties: {Path: "/hello/{name}", Method: get}}
Outputs:
  Url: {Value: !Sub "https://${ServerlessRestApi}.execute-api.${AWS::Region}.amazonaws.com/Prod/hello/"}
  Role: {Value: !GetAtt HelloRole.Arn}
"""


@probe("sam")
def a_sam_function_behind_an_api(aws):
    stack(aws, SAM)
    got = lab.request("GET", outputs(aws)["Url"] + "ana")
    assert got.status == 200 and got.json() == ["prod", {"name": "ana"}], got.text
    types = sorted(
        one["ResourceType"] for one in aws.cloudformation.describe_stack_resources(StackName="s")["StackResources"]
    )
    assert (
        types
        == [
            "AWS::ApiGateway::Deployment",
            "AWS::ApiGateway::RestApi",
            "AWS::ApiGateway::Stage",
            "AWS::IAM::Role",
            "AWS::Lambda::Alias",
            "AWS::Lambda::Function",
            "AWS::Lambda::Permission",
            "AWS::Lambda::Version",
        ]
        or types.count("AWS::Lambda::Permission") == 2
    ), types
    name = [
        one["PhysicalResourceId"]
        for one in aws.cloudformation.describe_stack_resources(StackName="s")["StackResources"]
        if one["LogicalResourceId"] == "Hello"
    ][0]
    assert aws.awslambda.get_alias(FunctionName=name, Name="live")["FunctionVersion"] == "1"


@probe("sam", "InsufficientCapabilitiesException")
def sam_without_auto_expand(aws):
    aws.cloudformation.create_stack(StackName="s", TemplateBody=SAM, Capabilities=["CAPABILITY_IAM"])


@probe("sam")
def the_template_before_and_after(aws):
    stack(aws, SAM)
    after = aws.cloudformation.get_template(StackName="s", TemplateStage="Processed")["TemplateBody"]
    before = aws.cloudformation.get_template(StackName="s", TemplateStage="Original")["TemplateBody"]
    after = after if isinstance(after, dict) else json.loads(after)
    assert "AWS::Serverless::Function" in str(before) and after["Resources"]["Hello"]["Type"] == "AWS::Lambda::Function"
    assert aws.cloudformation.get_template_summary(StackName="s")["DeclaredTransforms"] == [
        "AWS::Serverless-2016-10-31"
    ]


def sam(aws, resources, **more):
    stack(aws, T(resources, Transform="AWS::Serverless-2016-10-31", **more))


F = lambda code="def handler(e, c): return e", **p: {
    "Type": "AWS::Serverless::Function",
    "Properties": {"Handler": "index.handler", "Runtime": "python3.13", "InlineCode": code, "Timeout": 20, **p},
}


@probe("sam")
def a_sam_function_reads_a_queue(aws):
    sam(
        aws,
        {
            "In": Q(VisibilityTimeout=60),
            "Out": Q(),
            "F": F(
                "import boto3, os\ndef handler(e, c):\n    for r in e['Records']: boto3.client('sqs').send_message(QueueUrl=os.environ['OUT'], MessageBody=r['body'].upper())",
                Environment={"Variables": {"OUT": {"Ref": "Out"}}},
                Policies=[{"SQSSendMessagePolicy": {"QueueName": {"Fn::GetAtt": ["Out", "QueueName"]}}}],
                Events={"In": {"Type": "SQS", "Properties": {"Queue": {"Fn::GetAtt": ["In", "Arn"]}, "BatchSize": 5}}},
            ),
        },
        Outputs={"In": {"Value": {"Ref": "In"}}, "Out": {"Value": {"Ref": "Out"}}},
    )
    urls = outputs(aws)
    aws.sqs.send_message(QueueUrl=urls["In"], MessageBody="hi")
    assert [one["Body"] for one in aws.received(urls["Out"])] == ["HI"]


@probe("sam")
def a_sam_http_api_with_table(aws):
    sam(
        aws,
        {
            "Table": {
                "Type": "AWS::Serverless::SimpleTable",
                "Properties": {"PrimaryKey": {"Name": "id", "Type": "String"}},
            },
            "F": F(
                "import boto3, os\ndef handler(e, c):\n    t = boto3.resource('dynamodb').Table(os.environ['TABLE'])\n    t.put_item(Item={'id': e['pathParameters']['id']})\n    return {'n': t.scan()['Count']}",
                Environment={"Variables": {"TABLE": {"Ref": "Table"}}},
                Policies=[{"DynamoDBCrudPolicy": {"TableName": {"Ref": "Table"}}}],
                Events={"Put": {"Type": "HttpApi", "Properties": {"Path": "/x/{id}", "Method": "PUT"}}},
            ),
        },
        Outputs={"Url": {"Value": {"Fn::Sub": "https://${ServerlessHttpApi}.execute-api.us-east-1.amazonaws.com/x/"}}},
    )
    url = outputs(aws)["Url"]
    assert [lab.request("PUT", url + k).json() for k in "aab"] == [{"n": 1}, {"n": 1}, {"n": 2}]


@probe("sam")
def a_sam_state_machine(aws):
    sam(
        aws,
        {
            "F": F("def handler(e, c): return 5"),
            "M": {
                "Type": "AWS::Serverless::StateMachine",
                "Properties": {
                    "Definition": {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${Fn}", "End": True}}},
                    "DefinitionSubstitutions": {"Fn": {"Fn::GetAtt": ["F", "Arn"]}},
                    "Policies": [{"LambdaInvokePolicy": {"FunctionName": {"Ref": "F"}}}],
                },
            },
        },
        Outputs={"M": {"Value": {"Ref": "M"}}},
    )
    execution = aws.sfn.start_execution(stateMachineArn=outputs(aws)["M"])["executionArn"]
    for _ in range(100):
        found = aws.sfn.describe_execution(executionArn=execution)
        if found["status"] != "RUNNING":
            break
        time.sleep(0.05)
    assert found["status"] == "SUCCEEDED" and found["output"] == "5", found


@probe("sam")
def a_sam_authorizer(aws):
    sam(
        aws,
        {
            "Auth": F(
                "def handler(e, c): return {'principalId': 'u', 'policyDocument': {'Version': '2012-10-17', 'Statement': [{'Action': 'execute-api:Invoke', 'Effect': 'Allow' if e['authorizationToken'] == 'good' else 'Deny', 'Resource': e['methodArn']}]}}"
            ),
            "Api": {
                "Type": "AWS::Serverless::Api",
                "Properties": {
                    "StageName": "v1",
                    "Auth": {
                        "DefaultAuthorizer": "Look",
                        "Authorizers": {"Look": {"FunctionArn": {"Fn::GetAtt": ["Auth", "Arn"]}}},
                    },
                },
            },
            "F": F(
                "def handler(e, c): return {'statusCode': 200, 'body': e['requestContext']['authorizer']['principalId']}",
                Events={
                    "G": {"Type": "Api", "Properties": {"RestApiId": {"Ref": "Api"}, "Path": "/x", "Method": "GET"}}
                },
            ),
        },
        Outputs={"Url": {"Value": {"Fn::Sub": "https://${Api}.execute-api.us-east-1.amazonaws.com/v1/x"}}},
    )
    url = outputs(aws)["Url"]
    got = [lab.request("GET", url, {"Authorization": t} if t else {}) for t in ("good", "bad", None)]
    assert [one.status for one in got] == [200, 403, 401] and got[0].text == "u", [
        (one.status, one.text) for one in got
    ]


@probe("sam")
def a_sam_function_by_schedule_and_event(aws):
    sam(
        aws,
        {
            "F": F(
                Events={
                    "Tick": {"Type": "Schedule", "Properties": {"Schedule": "rate(5 minutes)"}},
                    "Shop": {"Type": "EventBridgeRule", "Properties": {"Pattern": {"source": ["shop"]}}},
                }
            )
        },
    )
    rules = aws.events.list_rules()["Rules"]
    assert sorted(one.get("ScheduleExpression", "") for one in rules) == ["", "rate(5 minutes)"]


@probe("deployment-strategies")
def a_sam_canary(aws):
    code = lambda n: f"def handler(e, c): return {n}"
    text = lambda n: T(
        {"F": F(code(n), AutoPublishAlias="live", DeploymentPreference={"Type": "Canary10Percent5Minutes"})},
        Transform="AWS::Serverless-2016-10-31",
    )
    stack(aws, text(1))
    types = {
        one["ResourceType"] for one in aws.cloudformation.describe_stack_resources(StackName="s")["StackResources"]
    }
    assert {"AWS::CodeDeploy::Application", "AWS::CodeDeploy::DeploymentGroup"} <= types


@probe("tools-today")
def deploy_from_the_command_line(aws):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "template.json").write_text(T({"Q": Q(QueueName="q")}, Outputs={"U": {"Value": {"Ref": "Q"}}}))
        deploy = f"cloudformation deploy --template-file {folder}/template.json --stack-name s"
        got, again = lab.aws(deploy), lab.aws(f"{deploy} --no-fail-on-empty-changeset")
    assert got.exit_code == 0 and "Successfully created/updated stack - s" in got.output, got
    assert again.exit_code == 0 and "No changes to deploy. Stack s is up to date" in again.output, again
    got = lab.aws(
        "cloudformation describe-stacks --stack-name s --query Stacks[0].Outputs[0].OutputValue --output text"
    )
    assert got.output.strip().endswith("/q")
    got = lab.aws("cloudformation describe-stacks --stack-name no")
    assert (
        "An error occurred (ValidationError) when calling the DescribeStacks operation: Stack with id no does not exist"
        in got.error
    )


@probe("cloudformation-and-cdk")
def nested_stacks(aws):
    aws.bucket("templates-ana")
    aws.s3.put_object(
        Bucket="templates-ana",
        Key="inner.json",
        Body=T(
            {"Q": Q(QueueName={"Ref": "N"})},
            Parameters={"N": {"Type": "String"}},
            Outputs={"Arn": {"Value": {"Fn::GetAtt": ["Q", "Arn"]}}},
        ),
    )
    stack(
        aws,
        {
            "Inner": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {
                    "TemplateURL": "https://templates-ana.s3.amazonaws.com/inner.json",
                    "Parameters": {"N": "deep"},
                },
            }
        },
        Outputs={"Arn": {"Value": {"Fn::GetAtt": ["Inner", "Outputs.Arn"]}}},
    )
    assert outputs(aws)["Arn"].endswith(":deep")


@probe("cloudformation-and-cdk")
def a_custom_resource(aws):
    code = """
import json, urllib.request
def handler(event, context):
    body = json.dumps({'Status': 'SUCCESS', 'PhysicalResourceId': 'made-1', 'StackId': event['StackId'], 'RequestId': event['RequestId'],
        'LogicalResourceId': event['LogicalResourceId'], 'Data': {'Answer': event['ResourceProperties']['Q'] + '!'}}).encode()
    urllib.request.urlopen(urllib.request.Request(event['ResponseURL'], data=body, method='PUT', headers={'content-type': ''}))
"""
    arn = aws.function(code, Timeout=20)
    stack(
        aws,
        {"C": {"Type": "Custom::Ask", "Properties": {"ServiceToken": arn, "Q": "hi"}}},
        Outputs={"A": {"Value": {"Fn::GetAtt": ["C", "Answer"]}}},
    )
    assert outputs(aws)["A"] == "hi!"


@probe("cloudformation-and-cdk")
def events_by_pages_and_resources(aws):
    stack(aws, {"Q": Q(), "T": {"Type": "AWS::SNS::Topic"}})
    pages = aws.cloudformation.get_paginator("list_stack_resources").paginate(StackName="s")
    found = [one for page in pages for one in page["StackResourceSummaries"]]
    assert sorted(one["LogicalResourceId"] for one in found) == ["Q", "T"] and all(
        one["ResourceStatus"] == "CREATE_COMPLETE" for one in found
    )
    summary = aws.cloudformation.list_stacks(StackStatusFilter=["CREATE_COMPLETE"])["StackSummaries"][0]
    assert summary["StackName"] == "s" and summary["DriftInformation"]["StackDriftStatus"] == "NOT_CHECKED"
    events = aws.cloudformation.describe_stack_events(StackName="s")["StackEvents"]
    assert (
        events[-1]["ResourceStatusReason"] == "User Initiated"
        and events[-1]["LogicalResourceId"] == "s"
        and events[0]["ResourceStatus"] == "CREATE_COMPLETE"
    )
