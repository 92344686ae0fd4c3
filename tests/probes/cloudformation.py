"""AWS CloudFormation and AWS SAM: stacks, change sets, what a deployment makes and takes back."""

from __future__ import annotations

import json
import time

from .account import ACCOUNT, HANDLER, trust
from .notation import Probes

probes = Probes()
probe = probes
# Not answered as AWS answers, so far; each is taken out of here as soon as it is.
not_yet: set[str] = set()

QUEUE = {"Type": "AWS::SQS::Queue"}
BUCKET = {"Type": "AWS::S3::Bucket"}


def body(resources, **more):
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources, **more})


def settled(aws, name="app", seconds=10):
    """The status of a stack once nothing is in progress."""
    until = time.monotonic() + seconds
    while True:
        found = aws.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        if not found["StackStatus"].endswith("IN_PROGRESS") or time.monotonic() > until:
            return found
        time.sleep(0.02)


def create(aws, resources=None, name="app", parameters=None, wait=True, **more):
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in (parameters or {}).items()]
    options = {key: more.pop(key) for key in list(more) if key in OPTIONS}
    template = resources if isinstance(resources, str) else body(resources or {"Q": QUEUE}, **more)
    aws.cloudformation.create_stack(StackName=name, TemplateBody=template, Parameters=given, **options)
    return settled(aws, name) if wait else None


OPTIONS = {"Capabilities", "OnFailure", "DisableRollback", "EnableTerminationProtection", "Tags"}


def update(aws, resources, wait=True, **more):
    options = {key: more.pop(key) for key in list(more) if key in OPTIONS}
    aws.cloudformation.update_stack(StackName="app", TemplateBody=body(resources, **more), **options)
    return settled(aws) if wait else None


def physical(aws, logical):
    found = aws.cloudformation.describe_stack_resources(StackName="app")["StackResources"]
    return next(one["PhysicalResourceId"] for one in found if one["LogicalResourceId"] == logical)


# Stacks


@probe("cloudformation-and-cdk")
def a_stack(aws):
    found = create(aws, Outputs={"Url": {"Value": {"Ref": "Q"}}, "Arn": {"Value": {"Fn::GetAtt": ["Q", "Arn"]}}})
    assert found["StackStatus"] == "CREATE_COMPLETE"
    outputs = {one["OutputKey"]: one["OutputValue"] for one in found["Outputs"]}
    assert outputs["Url"] in aws.sqs.list_queues()["QueueUrls"]
    assert outputs["Arn"].startswith(f"arn:aws:sqs:us-east-1:{ACCOUNT}:app-Q-")


@probe("cloudformation-and-cdk", "AlreadyExistsException")
def the_same_stack_twice(aws):
    create(aws)
    yield
    create(aws)


@probe("cloudformation-and-cdk", "ValidationError")
def a_stack_that_is_not_there(aws):
    aws.cloudformation.describe_stacks(StackName="none")


@probe("cloudformation-and-cdk", "ValidationError")
def update_a_stack_that_is_not_there(aws):
    update(aws, {"Q": QUEUE})


@probe("cloudformation-and-cdk")
def delete_a_stack_that_is_not_there(aws):
    aws.cloudformation.delete_stack(StackName="none")


@probe("cloudformation-and-cdk")
def delete_a_stack(aws):
    create(aws)
    aws.cloudformation.delete_stack(StackName="app")
    assert aws.sqs.list_queues().get("QueueUrls", []) == []


@probe("cloudformation-and-cdk")
def keep_a_resource(aws):
    create(aws, {"Q": {**QUEUE, "DeletionPolicy": "Retain"}})
    aws.cloudformation.delete_stack(StackName="app")
    assert len(aws.sqs.list_queues()["QueueUrls"]) == 1


@probe("cloudformation-and-cdk", "ValidationError")
def delete_a_protected_stack(aws):
    create(aws, EnableTerminationProtection=True)
    yield
    aws.cloudformation.delete_stack(StackName="app")


# Templates that are refused at once


FAULTS = {
    "template_that_is_no_json": "{",
    "template_without_resources": json.dumps({"AWSTemplateFormatVersion": "2010-09-09"}),
    "template_of_another_version": json.dumps({"AWSTemplateFormatVersion": "2020-01-01", "Resources": {"Q": QUEUE}}),
    "template_with_a_section_that_is_none": body({"Q": QUEUE}, Resource={}),
    "template_with_a_resource_without_type": body({"Q": {"Properties": {}}}),
    "template_with_a_type_that_is_none": body({"Q": {"Type": "AWS::SQS::Queues"}}),
    "template_with_ref_to_nothing": body({"Q": {**QUEUE, "Properties": {"QueueName": {"Ref": "Name"}}}}),
    "template_with_getatt_of_nothing": body({"Q": QUEUE}, Outputs={"A": {"Value": {"Fn::GetAtt": ["P", "Arn"]}}}),
    "template_with_sub_of_nothing": body({"Q": {**QUEUE, "Properties": {"QueueName": {"Fn::Sub": "${Name}-q"}}}}),
    "template_with_depends_on_nothing": body({"Q": {**QUEUE, "DependsOn": "P"}}),
    "template_in_a_circle": body({"Q": {**QUEUE, "DependsOn": "P"}, "P": {**QUEUE, "DependsOn": "Q"}}),
    "template_with_a_condition_that_is_not_there": body({"Q": {**QUEUE, "Condition": "IsProd"}}),
    "template_with_a_logical_id_that_is_none": body({"my-queue": QUEUE}),
    "template_with_a_parameter_without_type": body({"Q": QUEUE}, Parameters={"Name": {"Default": "q"}}),
}
probes.table(
    "cloudformation-and-cdk",
    lambda aws, template: create(aws, template, wait=False),
    {name: ("ValidationError", {"template": template}) for name, template in FAULTS.items()},
)


NAMED = {"Q": {**QUEUE, "Properties": {"QueueName": {"Ref": "Name"}}}}


def parameter(**more):
    return {"Parameters": {"Name": {"Type": "String", **more}}}


@probe("cloudformation-and-cdk", "ValidationError")
def a_parameter_that_is_missing(aws):
    create(aws, NAMED, **parameter())


@probe("cloudformation-and-cdk", "ValidationError")
def a_parameter_that_is_not_in_the_template(aws):
    create(aws, parameters={"Name": "q"})


@probe("cloudformation-and-cdk")
def a_parameter_with_a_default(aws):
    create(aws, NAMED, **parameter(Default="orders"))
    assert aws.sqs.list_queues()["QueueUrls"][0].endswith("/orders")


@probe("cloudformation-and-cdk", "ValidationError")
def a_value_that_is_not_allowed(aws):
    create(aws, NAMED, parameters={"Name": "c"}, **parameter(AllowedValues=["a", "b"]))


@probe("cloudformation-and-cdk", "ValidationError")
def a_value_against_its_pattern(aws):
    create(aws, NAMED, parameters={"Name": "C"}, **parameter(AllowedPattern="[a-z]+"))


@probe("cloudformation-and-cdk", "ValidationError")
def a_value_too_long(aws):
    create(aws, NAMED, parameters={"Name": "orders"}, **parameter(MaxLength=3))


@probe("cloudformation-and-cdk", "ValidationError")
def a_stack_name_with_an_underscore(aws):
    create(aws, name="my_app")


ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {"AssumeRolePolicyDocument": json.loads(trust({"Service": "lambda.amazonaws.com"}))},
}


@probe("cloudformation-and-cdk", "InsufficientCapabilitiesException")
def a_role_without_capability(aws):
    create(aws, {"R": ROLE})


@probe("cloudformation-and-cdk")
def a_role_with_capability(aws):
    assert create(aws, {"R": ROLE}, Capabilities=["CAPABILITY_IAM"])["StackStatus"] == "CREATE_COMPLETE"


@probe("cloudformation-and-cdk", "InsufficientCapabilitiesException")
def a_named_role_needs_more(aws):
    named = {**ROLE, "Properties": {**ROLE["Properties"], "RoleName": "app"}}
    create(aws, {"R": named}, Capabilities=["CAPABILITY_IAM"])


@probe("cloudformation-and-cdk", "ValidationError")
def validate_a_template_that_is_none(aws):
    aws.cloudformation.validate_template(TemplateBody="{")


@probe("cloudformation-and-cdk")
def validate_a_template(aws):
    found = aws.cloudformation.validate_template(TemplateBody=body(NAMED, **parameter(Default="q")))
    assert [one["ParameterKey"] for one in found["Parameters"]] == ["Name"]


# What goes wrong while it is made


# Found out only when it is made: the VPC of the subnet is not there.
SUBNET = {"VpcId": "vpc-0123456789abcdef0", "CidrBlock": "10.0.0.0/24"}
BROKEN = {"Q": QUEUE, "B": {"Type": "AWS::EC2::Subnet", "Properties": SUBNET, "DependsOn": "Q"}}


@probe("release-process")
def properties_are_checked_before_anything_is_made(aws):
    bad = {**QUEUE, "Properties": {"VisibilityTimeout": 99999}, "DependsOn": "Q"}
    found = create(aws, {"Q": QUEUE, "B": bad}, OnFailure="DO_NOTHING")
    assert found["StackStatus"] == "CREATE_FAILED" and aws.sqs.list_queues().get("QueueUrls", []) == []


@probe("release-process")
def a_stack_that_fails_is_rolled_back(aws):
    assert create(aws, BROKEN)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert aws.sqs.list_queues().get("QueueUrls", []) == []


@probe("release-process")
def a_stack_that_fails_may_stay(aws):
    assert create(aws, BROKEN, OnFailure="DO_NOTHING")["StackStatus"] == "CREATE_FAILED"
    assert len(aws.sqs.list_queues()["QueueUrls"]) == 1


@probe("release-process", "ValidationError")
def update_what_was_rolled_back(aws):
    create(aws, BROKEN)
    yield
    update(aws, {"Q": QUEUE})


@probe("release-process")
def events_say_why(aws):
    create(aws, BROKEN)
    events = aws.cloudformation.describe_stack_events(StackName="app")["StackEvents"]
    failed = [one for one in events if one["ResourceStatus"] == "CREATE_FAILED"]
    assert [one["LogicalResourceId"] for one in failed] == ["B"] and failed[0]["ResourceStatusReason"]


# Updates


@probe("release-process")
def add_a_resource(aws):
    create(aws)
    assert update(aws, {"Q": QUEUE, "P": QUEUE})["StackStatus"] == "UPDATE_COMPLETE"
    assert len(aws.sqs.list_queues()["QueueUrls"]) == 2


@probe("release-process")
def take_a_resource_away(aws):
    create(aws, {"Q": QUEUE, "P": QUEUE})
    update(aws, {"Q": QUEUE})
    assert len(aws.sqs.list_queues()["QueueUrls"]) == 1


@probe("release-process", "ValidationError")
def update_nothing(aws):
    create(aws)
    yield
    update(aws, {"Q": QUEUE})


@probe("release-process")
def change_a_property_in_place(aws):
    create(aws)
    before = physical(aws, "Q")
    update(aws, {"Q": {**QUEUE, "Properties": {"VisibilityTimeout": 60}}})
    found = aws.sqs.get_queue_attributes(QueueUrl=before, AttributeNames=["VisibilityTimeout"])
    assert physical(aws, "Q") == before and found["Attributes"]["VisibilityTimeout"] == "60"


@probe("release-process")
def change_a_name_and_replace(aws):
    create(aws)
    before = physical(aws, "Q")
    update(aws, {"Q": {**QUEUE, "Properties": {"QueueName": "orders"}}})
    assert physical(aws, "Q") != before and aws.sqs.list_queues()["QueueUrls"] == [physical(aws, "Q")]


@probe("release-process")
def an_update_that_fails_is_rolled_back(aws):
    create(aws)
    found = update(aws, {"Q": QUEUE, "B": BROKEN["B"]})
    assert found["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE" and len(aws.sqs.list_queues()["QueueUrls"]) == 1


# Change sets


def change_set(aws, resources, kind="UPDATE", **more):
    aws.cloudformation.create_change_set(
        StackName="app", ChangeSetName="next", ChangeSetType=kind, TemplateBody=body(resources), **more
    )
    for _ in range(200):
        found = aws.cloudformation.describe_change_set(StackName="app", ChangeSetName="next")
        if found["Status"] not in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
            return found
        time.sleep(0.02)
    return found


@probe("release-process")
def a_change_set_changes_nothing(aws):
    create(aws)
    found = change_set(aws, {"Q": QUEUE, "P": QUEUE})
    changes = [one["ResourceChange"] for one in found["Changes"]]
    assert [(one["Action"], one["LogicalResourceId"]) for one in changes] == [("Add", "P")]
    assert len(aws.sqs.list_queues()["QueueUrls"]) == 1


@probe("release-process")
def execute_a_change_set(aws):
    create(aws)
    change_set(aws, {"Q": QUEUE, "P": QUEUE})
    aws.cloudformation.execute_change_set(StackName="app", ChangeSetName="next")
    assert settled(aws)["StackStatus"] == "UPDATE_COMPLETE" and len(aws.sqs.list_queues()["QueueUrls"]) == 2


@probe("release-process")
def a_change_set_says_what_is_replaced(aws):
    create(aws)
    found = change_set(aws, {"Q": {**QUEUE, "Properties": {"QueueName": "orders"}}})["Changes"][0]["ResourceChange"]
    assert (found["Action"], found["Replacement"]) == ("Modify", "True")


@probe("release-process")
def a_change_set_says_what_is_not_replaced(aws):
    create(aws)
    found = change_set(aws, {"Q": {**QUEUE, "Properties": {"VisibilityTimeout": 60}}})["Changes"][0]["ResourceChange"]
    assert (found["Action"], found["Replacement"]) == ("Modify", "False")


@probe("release-process")
def a_change_set_of_nothing_fails(aws):
    create(aws)
    found = change_set(aws, {"Q": QUEUE})
    assert found["Status"] == "FAILED" and "didn't contain changes" in found["StatusReason"]


@probe("release-process", "InvalidChangeSetStatus")
def execute_a_change_set_that_failed(aws):
    create(aws)
    change_set(aws, {"Q": QUEUE})
    yield
    aws.cloudformation.execute_change_set(StackName="app", ChangeSetName="next")


@probe("release-process", "ChangeSetNotFound")
def a_change_set_that_is_not_there(aws):
    create(aws)
    yield
    aws.cloudformation.describe_change_set(StackName="app", ChangeSetName="none")


@probe("release-process")
def a_change_set_for_a_new_stack(aws):
    change_set(aws, {"Q": QUEUE}, "CREATE")
    assert settled(aws, seconds=0)["StackStatus"] == "REVIEW_IN_PROGRESS"
    aws.cloudformation.execute_change_set(StackName="app", ChangeSetName="next")
    assert settled(aws)["StackStatus"] == "CREATE_COMPLETE"


# Exports and drift


EXPORT = {"Outputs": {"Url": {"Value": {"Ref": "Q"}, "Export": {"Name": "orders-url"}}}}
IMPORT = {
    "P": {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Type": "String", "Name": "/url", "Value": {"Fn::ImportValue": "orders-url"}},
    }
}


@probe("cloudformation-and-cdk")
def import_what_another_stack_exports(aws):
    create(aws, **EXPORT)
    create(aws, IMPORT, "user")
    assert aws.ssm.get_parameter(Name="/url")["Parameter"]["Value"] == physical(aws, "Q")


@probe("cloudformation-and-cdk")
def keep_what_another_stack_imports(aws):
    create(aws, **EXPORT)
    create(aws, IMPORT, "user")
    try:
        aws.cloudformation.delete_stack(StackName="app")
    except aws.cloudformation.exceptions.ClientError:
        pass
    assert settled(aws)["StackStatus"] in ("CREATE_COMPLETE", "DELETE_FAILED")
    assert len(aws.sqs.list_queues()["QueueUrls"]) == 1


@probe("cloudformation-and-cdk")
def drift(aws):
    create(aws, {"Q": {**QUEUE, "Properties": {"VisibilityTimeout": 60}}})
    aws.sqs.set_queue_attributes(QueueUrl=physical(aws, "Q"), Attributes={"VisibilityTimeout": "90"})
    id = aws.cloudformation.detect_stack_drift(StackName="app")["StackDriftDetectionId"]
    for _ in range(100):
        found = aws.cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=id)
        if found["DetectionStatus"] != "DETECTION_IN_PROGRESS":
            break
        time.sleep(0.02)
    assert found["StackDriftStatus"] == "DRIFTED" and found["DriftedStackResourceCount"] == 1
    drifts = aws.cloudformation.describe_stack_resource_drifts(StackName="app")["StackResourceDrifts"]
    difference = drifts[0]["PropertyDifferences"][0]
    assert (difference["ExpectedValue"], difference["ActualValue"]) == ("60", "90")


# Conditions and functions


@probe("cloudformation-and-cdk")
def a_condition(aws):
    resources = {"Q": QUEUE, "P": {**QUEUE, "Condition": "IsProd"}}
    conditions = {"IsProd": {"Fn::Equals": [{"Ref": "Name"}, "prod"]}}
    create(aws, resources, parameters={"Name": "test"}, Conditions=conditions, **parameter())
    assert len(aws.sqs.list_queues()["QueueUrls"]) == 1


@probe("cloudformation-and-cdk")
def pseudo_parameters(aws):
    names = {"Q": {**QUEUE, "Properties": {"QueueName": {"Fn::Sub": "${AWS::StackName}-${AWS::Region}"}}}}
    create(aws, names)
    assert aws.sqs.list_queues()["QueueUrls"][0].endswith("/app-us-east-1")


@probe("cloudformation-and-cdk")
def a_function_in_a_template(aws):
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Role": {"Fn::GetAtt": ["R", "Arn"]},
            "Code": {"ZipFile": HANDLER},
        },
    }
    create(aws, {"R": ROLE, "F": function}, Capabilities=["CAPABILITY_IAM"])
    assert aws.invoked(physical(aws, "F"), {"a": 1})[0] == {"a": 1}


# SAM


SERVERLESS = {
    "F": {
        "Type": "AWS::Serverless::Function",
        "Properties": {"Runtime": "python3.13", "Handler": "index.handler", "InlineCode": HANDLER},
    }
}
SAM = {"Transform": "AWS::Serverless-2016-10-31", "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]}


@probe("sam")
def a_sam_template(aws):
    found = create(aws, SERVERLESS, **SAM)
    assert found["StackStatus"] == "CREATE_COMPLETE"
    resources = aws.cloudformation.describe_stack_resources(StackName="app")["StackResources"]
    assert {one["ResourceType"] for one in resources} == {"AWS::Lambda::Function", "AWS::IAM::Role"}
    assert aws.invoked(physical(aws, "F"), {"a": 1})[0] == {"a": 1}


@probe("sam", "ValidationError")
def a_sam_template_without_transform(aws):
    create(aws, SERVERLESS, Capabilities=["CAPABILITY_IAM"])


@probe("sam", "InsufficientCapabilitiesException")
def a_sam_template_without_leave_to_expand(aws):
    create(aws, SERVERLESS, Transform="AWS::Serverless-2016-10-31", Capabilities=["CAPABILITY_IAM"])


@probe("sam")
def the_template_before_and_after(aws):
    create(aws, SERVERLESS, **SAM)
    before = aws.cloudformation.get_template(StackName="app", TemplateStage="Original")["TemplateBody"]
    after = aws.cloudformation.get_template(StackName="app", TemplateStage="Processed")["TemplateBody"]
    assert "AWS::Serverless::Function" in str(before) and "AWS::Lambda::Function" in str(after)


@probe("sam")
def a_table_in_a_sam_template(aws):
    create(aws, {"T": {"Type": "AWS::Serverless::SimpleTable"}}, **SAM)
    assert aws.dynamodb.list_tables()["TableNames"] == [physical(aws, "T")]
