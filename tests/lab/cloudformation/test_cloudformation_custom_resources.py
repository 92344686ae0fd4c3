"""Custom resources, macros and nested stacks."""

import pytest
from conftest import client

FUNCTION = """
import cfnresponse

def handler(event, context):
    print(event["RequestType"], event.get("PhysicalResourceId"))
    properties = event["ResourceProperties"]
    if properties.get("Fail") == event["RequestType"]:
        return cfnresponse.send(event, context, cfnresponse.FAILED, {}, reason="because")
    if properties.get("Silent"):
        return
    data = {"Twice": 2 * properties["Word"], "Number": properties.get("Number")}
    cfnresponse.send(event, context, cfnresponse.SUCCESS, data, "thing-" + properties["Word"])
"""
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}  # fmt: skip
BASE = {
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": TRUST,
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
        },
    },
    "Maker": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "FunctionName": "maker",
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Code": {"ZipFile": FUNCTION},
        },
    },
}
IAM = {"Capabilities": ["CAPABILITY_IAM"]}


def thing(**properties):
    return {
        **BASE,
        "Thing": {
            "Type": "Custom::Thing",
            "Properties": {"ServiceToken": {"Fn::GetAtt": ["Maker", "Arn"]}, **properties},
        },
    }


def requests():
    """What the function was asked, in order."""
    events = client("logs").filter_log_events(logGroupName="/aws/lambda/maker")["events"]
    words = ("Create", "Update", "Delete")
    return [one["message"].split() for one in events if one["message"].startswith(words)]


def test_life(stack, cloudformation):
    """How is a custom resource made, changed, replaced and deleted?"""
    outputs = {
        "Twice": {"Value": {"Fn::GetAtt": ["Thing", "Twice"]}},
        "Number": {"Value": {"Fn::GetAtt": ["Thing", "Number"]}},
        "Id": {"Value": {"Ref": "Thing"}},
    }
    assert stack(thing(Word="a", Number=7), Outputs=outputs, **IAM) == "CREATE_COMPLETE"
    assert stack.outputs() == {"Twice": "aa", "Number": "7", "Id": "thing-a"}
    stack.update(thing(Word="a", Number=8), Outputs=outputs, **IAM)
    stack.update(thing(Word="b", Number=8), Outputs=outputs, **IAM)
    assert stack.outputs()["Twice"] == "bb"
    cloudformation.delete_stack(StackName="s")
    assert requests() == [
        ["Create", "None"],
        ["Update", "thing-a"],
        ["Update", "thing-a"],
        ["Delete", "thing-a"],
        ["Delete", "thing-b"],
    ]


def test_failures(stack):
    """What of a function that says no, and of one that says nothing?"""
    assert stack(thing(Word="a", Fail="Create"), **IAM) == "ROLLBACK_COMPLETE"
    words = "Received response status [FAILED] from custom resource. Message returned: because (RequestId: "
    assert stack.reason("Thing", "CREATE_FAILED").startswith(words)
    assert stack(thing(Word="a", Silent="yes"), "t", **IAM) == "ROLLBACK_COMPLETE"
    words = "CloudFormation did not receive a response from your Custom Resource."
    assert stack.reason("Thing", "CREATE_FAILED", "t").startswith(words)


def test_update_failure(stack):
    """Is the function asked again to undo an update that failed?"""
    stack(thing(Word="a"), **IAM)
    assert stack.update(thing(Word="b", Fail="Update"), **IAM) == "UPDATE_ROLLBACK_COMPLETE"
    assert [one[0] for one in requests()] == ["Create", "Update", "Update"]
    assert stack.ids()["Thing"] == "thing-a"


MACRO = """
def handler(event, context):
    if event["params"].get("fail"):
        return {"requestId": event["requestId"], "status": "failure", "errorMessage": "because"}
    fragment = event["fragment"]
    for resource in fragment["Resources"].values():
        resource.setdefault("Properties", {})["DelaySeconds"] = int(event["templateParameterValues"]["Delay"])
    return {"requestId": event["requestId"], "status": "success", "fragment": fragment}
"""


def test_macro(stack, cloudformation, refused):
    """What does a macro of one's own make of a template?"""
    maker = {**BASE["Maker"], "Properties": {**BASE["Maker"]["Properties"], "Code": {"ZipFile": MACRO}}}
    macro = {"Name": "Delayed", "FunctionName": {"Fn::GetAtt": ["Maker", "Arn"]}}
    stack({**BASE, "Maker": maker, "Macro": {"Type": "AWS::CloudFormation::Macro", "Properties": macro}}, "m", **IAM)
    template = {"Queue": {"Type": "AWS::SQS::Queue"}}
    more = {"Declared": {"Delay": {"Type": "Number", "Default": 9}}, "Transform": ["Delayed"]}
    body = stack.body(template, dict(more))
    words = "Requires capabilities : [CAPABILITY_AUTO_EXPAND]"
    code = "InsufficientCapabilitiesException"
    refused(cloudformation.create_stack, code, words, StackName="s", TemplateBody=body)
    assert stack(template, Capabilities=["CAPABILITY_AUTO_EXPAND"], **more) == "CREATE_COMPLETE"
    queue = client("sqs").get_queue_attributes(QueueUrl=stack.ids()["Queue"], AttributeNames=["All"])["Attributes"]
    assert queue["DelaySeconds"] == "9"
    processed = cloudformation.get_template(StackName="s", TemplateStage="Processed")["TemplateBody"]
    assert processed["Resources"]["Queue"]["Properties"] == {"DelaySeconds": 9}
    assert "Properties" not in cloudformation.get_template(StackName="s")["TemplateBody"]["Resources"]["Queue"]
    more["Transform"] = [{"Name": "Delayed", "Parameters": {"fail": True}}]
    assert stack(template, "t", Capabilities=["CAPABILITY_AUTO_EXPAND"], **more) == "ROLLBACK_COMPLETE"
    words = "Transform 123456789012::Delayed failed with: because.. Rollback requested by user."
    assert stack.reason("t", "ROLLBACK_IN_PROGRESS", "t") == words
    more["Transform"] = "Unknown"
    stack(template, "u", Capabilities=["CAPABILITY_AUTO_EXPAND"], **more)
    assert "No transform named 123456789012::Unknown found" in stack.reason("u", "ROLLBACK_IN_PROGRESS", "u")


def test_language_extensions(stack):
    """What do the language extensions add?"""
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "q-${Name}"}}}
    template = {"Fn::ForEach::Queues": ["Name", {"Ref": "Names"}, {"Queue${Name}": queue}]}
    outputs = {"Count": {"Value": {"Fn::Length": {"Ref": "Names"}}}, "Json": {"Value": {"Fn::ToJsonString": {"a": 1}}}}
    declared = {"Names": {"Type": "CommaDelimitedList", "Default": "One,Two"}}
    more = {"Transform": "AWS::LanguageExtensions", "Declared": declared, "Outputs": outputs}
    assert stack(template, **more) == "CREATE_COMPLETE"
    assert set(stack.ids()) == {"QueueOne", "QueueTwo"}
    assert stack.outputs() == {"Count": "2", "Json": '{"a":1}'}


@pytest.fixture
def nested(stack):
    """Resources with a nested stack of a queue, whose template lies in a bucket."""
    s3 = client("s3")
    s3.create_bucket(Bucket="templates")
    inner = {
        "Parameters": {"Name": {"Type": "String"}},
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "Name"}}}},
        "Outputs": {"Url": {"Value": {"Ref": "Queue"}}},
    }
    import json

    s3.put_object(Bucket="templates", Key="inner.json", Body=json.dumps(inner))

    def nested(name):
        url = "https://templates.s3.amazonaws.com/inner.json"
        properties = {"TemplateURL": url, "Parameters": {"Name": name}}
        return {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": properties}}

    return nested


def test_nested(stack, cloudformation, nested):
    """How does a stack in a stack live?"""
    outputs = {"Url": {"Value": {"Fn::GetAtt": ["Inner", "Outputs.Url"]}}}
    assert stack(nested("one"), Outputs=outputs) == "CREATE_COMPLETE"
    assert stack.outputs()["Url"].endswith("/one")
    inner = stack.ids()["Inner"]
    assert stack.shown(inner)["ParentId"] == stack.shown()["StackId"]
    stack.update(nested("two"), Outputs=outputs)
    assert stack.outputs()["Url"].endswith("/two")
    assert stack.status(inner) == "UPDATE_COMPLETE"
    assert stack.update(nested("a b"), Outputs=outputs) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.outputs()["Url"].endswith("/two")
    cloudformation.delete_stack(StackName="s")
    assert stack.status(inner) == "DELETE_COMPLETE"
    assert client("sqs").list_queues().get("QueueUrls", []) == []


def test_nested_failure(stack, nested):
    """What does a stack say whose inner stack fails?"""
    assert stack(nested("a b")) == "ROLLBACK_COMPLETE"
    words = "was not successfully created: The following resource(s) failed to create: [Queue]."
    assert words in stack.reason("Inner", "CREATE_FAILED")
