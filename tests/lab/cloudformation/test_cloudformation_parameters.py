"""Parameters, capabilities, functions and what they resolve to."""

import base64

import pytest
from conftest import client


def given(**values):
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]


def echo(**outputs):
    """A stack's worth of outputs."""
    return {name: {"Value": value} for name, value in outputs.items()}


QUEUE = {"Queue": {"Type": "AWS::SQS::Queue"}}


@pytest.mark.parametrize(
    ("parameter", "value", "words"),
    [
        ({"AllowedValues": ["dev", "prod"]}, "test", "Parameter 'P' must be one of AllowedValues"),
        ({"AllowedPattern": "[a-z]+"}, "a1", "Parameter 'P' must match pattern [a-z]+"),
        ({"AllowedPattern": "[a-z]+", "ConstraintDescription": "letters"}, "1", "Parameter P failed to satisfy constraint: letters"),
        ({"MinLength": 3}, "ab", "Parameter 'P' must contain at least 3 characters"),
        ({"MaxLength": "3"}, "abcd", "Parameter 'P' must contain at most 3 characters"),
        ({"Type": "Number"}, "ten", "Parameter 'P' must be a number"),
        ({"Type": "Number", "MinValue": 1}, "0", "Parameter 'P' must be a number not less than 1"),
        ({"Type": "Number", "MaxValue": 5}, "6", "Parameter 'P' must be a number not greater than 5"),
        ({"Type": "List<Number>"}, "1,b", "Parameter 'P' must be a list of numbers"),
        ({"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]}, "a,c", "must be one of AllowedValues"),
    ],
)  # fmt: skip
def test_constraints(cloudformation, refused, stack, parameter, value, words):
    """Which constraint does a value break?"""
    body = stack.body(QUEUE, {"Declared": {"P": {"Type": "String", **parameter}}})
    more = {"StackName": "s", "TemplateBody": body, "Parameters": given(P=value)}
    refused(cloudformation.create_stack, "ValidationError", words, **more)


def test_values(cloudformation, refused, stack):
    """Which values must be given, which may be, which may not?"""
    declared = {"P": {"Type": "String"}, "Q": {"Type": "String", "Default": "q"}}
    body = stack.body(QUEUE, {"Declared": declared})
    words = "Parameters: [P] must have values"
    refused(cloudformation.create_stack, "ValidationError", words, StackName="s", TemplateBody=body)
    words = "Parameters: [R] do not exist in the template"
    more = {"StackName": "s", "TemplateBody": body, "Parameters": given(P="1", R="2")}
    refused(cloudformation.create_stack, "ValidationError", words, **more)
    outputs = echo(P={"Ref": "P"}, Q={"Ref": "Q"})
    assert stack(QUEUE, Declared=declared, Outputs=outputs, Parameters=given(P="1")) == "CREATE_COMPLETE"
    assert stack.outputs() == {"P": "1", "Q": "q"}
    previous = [{"ParameterKey": "P", "UsePreviousValue": True}, *given(Q="2")]
    cloudformation.update_stack(StackName="s", UsePreviousTemplate=True, Parameters=previous)
    assert stack.outputs() == {"P": "1", "Q": "2"}


def test_no_echo(stack):
    """Who can read a parameter with NoEcho?"""
    stack(QUEUE, Declared={"P": {"Type": "String", "NoEcho": True}}, Parameters=given(P="secret"))
    assert stack.shown()["Parameters"] == [{"ParameterKey": "P", "ParameterValue": "****"}]


def test_aws_types(stack, image):
    """When is it seen that an image of a parameter does not exist?"""
    declared = {"P": {"Type": "AWS::EC2::Image::Id"}}
    assert stack(QUEUE, Declared=declared, Parameters=given(P=image)) == "CREATE_COMPLETE"
    assert stack(QUEUE, "t", Declared=declared, Parameters=given(P="ami-00000000")) == "ROLLBACK_COMPLETE"
    words = "Parameter validation failed: parameter value ami-00000000 for parameter name P does not exist. Rollback requested by user."
    assert stack.events("t") == [
        ("t", "CREATE_IN_PROGRESS", "User Initiated"),
        ("t", "ROLLBACK_IN_PROGRESS", words),
        ("t", "ROLLBACK_COMPLETE", ""),
    ]


def test_parameter_store(cloudformation, refused, stack):
    """What does a parameter from Parameter Store resolve to, and what is refused?"""
    ssm = client("ssm")
    ssm.put_parameter(Name="/a", Value="1", Type="String")
    ssm.put_parameter(Name="/b", Value="x, y", Type="StringList")
    ssm.put_parameter(Name="/c", Value="s", Type="SecureString")
    declared = {
        "P": {"Type": "AWS::SSM::Parameter::Value<String>"},
        "L": {"Type": "AWS::SSM::Parameter::Value<List<String>>"},
    }
    outputs = echo(P={"Ref": "P"}, L={"Fn::Join": ["|", {"Ref": "L"}]})
    stack(QUEUE, Declared=declared, Outputs=outputs, Parameters=given(P="/a", L="/b"))
    assert stack.outputs() == {"P": "1", "L": "x|y"}
    assert stack.shown()["Parameters"][0] == {"ParameterKey": "P", "ParameterValue": "/a", "ResolvedValue": "1"}
    body = stack.body(QUEUE, {"Declared": {"P": declared["P"]}})
    for name, words in (
        ("/no", "Unable to fetch parameters [/no] from parameter store for this account."),
        ("/c", "Parameters [/c] referenced by template have types not supported by CloudFormation."),
        ("/b", "Types for SSM parameters [/b] defined in CFN template and SSM are incompatible"),
    ):
        more = {"StackName": "t", "TemplateBody": body, "Parameters": given(P=name)}
        refused(cloudformation.create_stack, "ValidationError", words, **more)


def test_dynamic_references(stack):
    """How do values of Parameter Store and Secrets Manager get into properties?"""
    ssm, secrets = client("ssm"), client("secretsmanager")
    ssm.put_parameter(Name="/a", Value="1", Type="String")
    secrets.create_secret(Name="db", SecretString='{"user": "ana"}')

    def parameter(value):
        return {"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Name": "/p", "Value": value}}}

    both = "{{resolve:ssm:/a}}-{{resolve:secretsmanager:db:SecretString:user}}"
    assert stack(parameter(both)) == "CREATE_COMPLETE"
    assert ssm.get_parameter(Name="/p")["Parameter"]["Value"] == "1-ana"
    ssm.put_parameter(Name="/a", Value="2", Type="String", Overwrite=True)
    stack.update(parameter(both))  # the same template, but Parameter Store is asked with every update
    assert ssm.get_parameter(Name="/p")["Parameter"]["Value"] == "2-ana"
    assert stack(parameter("{{resolve:secretsmanager:db:SecretString:no}}"), "t") == "ROLLBACK_COMPLETE"
    assert stack.reason("P", "CREATE_FAILED", "t") == "Could not find a value associated with JSONKey in SecretString"
    assert "1-ana" not in str(stack.api.describe_stack_events(StackName="s"))


def test_capabilities(cloudformation, refused, stack):
    """Which IAM resources must be acknowledged, and with which word?"""
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}  # fmt: skip
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}
    named = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust, "RoleName": "me"}}
    code = "InsufficientCapabilitiesException"
    for template, had, words in (
        (role, [], "Requires capabilities : [CAPABILITY_IAM]"),
        (named, [], "Requires capabilities : [CAPABILITY_NAMED_IAM]"),
        (named, ["CAPABILITY_IAM"], "Requires capabilities : [CAPABILITY_NAMED_IAM]"),
    ):
        body = stack.body({"Role": template})
        more = {"StackName": "s", "TemplateBody": body, "Capabilities": had}
        refused(cloudformation.create_stack, code, words, **more)
        refused(cloudformation.create_change_set, code, words, ChangeSetName="c", ChangeSetType="CREATE", **more)
    assert stack({"Role": role}, Capabilities=["CAPABILITY_IAM"]) == "CREATE_COMPLETE"
    assert stack({"Role": named}, "t", Capabilities=["CAPABILITY_NAMED_IAM"]) == "CREATE_COMPLETE"


def test_functions(stack):
    """What does each intrinsic function return?"""
    outputs = echo(
        Join={"Fn::Join": ["-", ["a", 1, {"Ref": "AWS::Region"}]]},
        Select={"Fn::Select": ["1", ["a", "b"]]},
        Split={"Fn::Select": [2, {"Fn::Split": [",", "a,b,c"]}]},
        Sub={"Fn::Sub": ["${A}/${AWS::AccountId}/${!B}", {"A": {"Ref": "AWS::StackName"}}]},
        Map={"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "x"]},
        Base64={"Fn::Base64": "hello"},
        Cidr={"Fn::Join": [",", {"Fn::Cidr": ["10.0.0.0/16", 2, 8]}]},
        Zone={"Fn::Select": [0, {"Fn::GetAZs": "eu-west-1"}]},
        If={"Fn::If": ["Yes", "yes", "no"]},
        Nested={"Fn::If": ["No", "yes", {"Fn::If": ["Either", "either", "neither"]}]},
        Attribute={"Fn::GetAtt": ["Queue", "QueueName"]},
        Reference={"Ref": "Queue"},
        True_=True,
    )
    outputs = {name.rstrip("_"): one for name, one in outputs.items()}
    outputs["Absent"] = {"Value": "x", "Condition": "No"}
    conditions = {
        "Yes": {"Fn::Equals": ["a", "a"]},
        "No": {"Fn::Not": [{"Condition": "Yes"}]},
        "Either": {"Fn::Or": [{"Condition": "No"}, {"Fn::And": [{"Condition": "Yes"}, {"Condition": "Yes"}]}]},
    }
    assert stack(QUEUE, Outputs=outputs, Conditions=conditions, Mappings={"M": {"us-east-1": {"x": "y"}}}) == "CREATE_COMPLETE"  # fmt: skip
    told = stack.outputs()
    assert told.pop("Reference").endswith("/" + told.pop("Attribute"))
    assert told == {
        "Join": "a-1-us-east-1",
        "Select": "b",
        "Split": "c",
        "Sub": "s/123456789012/${B}",
        "Map": "y",
        "Base64": base64.b64encode(b"hello").decode(),
        "Cidr": "10.0.0.0/24,10.0.1.0/24",
        "Zone": "eu-west-1a",
        "If": "yes",
        "Nested": "either",
        "True": "true",
    }


def test_no_value(stack):
    """What does AWS::NoValue do to a property?"""
    properties = {"DelaySeconds": {"Fn::If": ["No", 5, {"Ref": "AWS::NoValue"}]}, "VisibilityTimeout": 7}
    stack({"Queue": {"Type": "AWS::SQS::Queue", "Properties": properties}}, Conditions={"No": {"Fn::Equals": [1, 2]}})
    queue = client("sqs").get_queue_attributes(QueueUrl=stack.ids()["Queue"], AttributeNames=["All"])["Attributes"]
    assert (queue["DelaySeconds"], queue["VisibilityTimeout"]) == ("0", "7")


def test_condition_on_resource(stack):
    """Is a resource made whose condition does not hold?"""
    template = {**QUEUE, "Other": {"Type": "AWS::SQS::Queue", "Condition": "No"}}
    stack(template, Conditions={"No": {"Fn::Equals": [1, 2]}})
    assert list(stack.ids()) == ["Queue"]
