"""What AWS says of templates before it makes anything."""

import pytest

from course import lab

QUEUE = {"Queue": {"Type": "AWS::SQS::Queue"}}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Resources:\n  A: [1, 2\n  B: 3", "Template format error: YAML not well-formed. (line 3, column 4)"),
        ('{"Resources": {', "Template format error: JSON not well-formed. (line 1, column"),
        ("just a text", "Template format error: unsupported structure."),
        ("Resources: {}", "Template format error: At least one Resources member must be defined."),
        ("Description: none", "Template format error: At least one Resources member must be defined."),
        ("Resources: {Q: {Properties: {}}}", "[/Resources/Q] Every Resources object must contain a Type member."),
        ("Resources: {Q: []}", "Template format error: Any Resources member must be an object."),
        ("Resources: {Q: {Type: 'AWS::SQS::Queue', Propertys: {}}}", "Invalid template resource property 'Propertys'"),
        ("Resurces: {}", "Invalid template property or properties [Resurces]"),
        ("AWSTemplateFormatVersion: 2020-01-01\nResources: {Q: {Type: 'AWS::SQS::Queue'}}", "unsupported value for AWSTemplateFormatVersion"),
        ("Resources: {my-queue: {Type: 'AWS::SQS::Queue'}}", "Resource name my-queue is non alphanumeric."),
        ("Resources: {Q: {Type: 'AWS::SQS::Queue', Properties: null}}", "'null' values are not allowed in templates"),
        ("Resources: {Q: &q {Type: 'AWS::SQS::Queue'}, R: *q}", "YAML aliases are not allowed"),
        ("Resources: {Q: {Type: 'AWS::SQS::Queue', DeletionPolicy: Keep}}", "Unrecognized DeletionPolicy Keep for resource Q"),
        ("Resources: {Q: {Type: 'AWS::SQS::Queue', DeletionPolicy: Snapshot}}", "does not support DeletionPolicy Snapshot"),
        ("Parameters: {P: {}}\nResources: {Q: {Type: 'AWS::SQS::Queue'}}", "Every Parameters object must contain a Type member."),
        ("Parameters: {P: {Type: Text}}\nResources: {Q: {Type: 'AWS::SQS::Queue'}}", "Unrecognized parameter type: Text"),
        ("Parameters: {P: {Type: String, Deflt: 1}}\nResources: {Q: {Type: 'AWS::SQS::Queue'}}", "Invalid template parameter property 'Deflt'"),
        ("Resources: {Q: {Type: 'AWS::SQS::Queue'}}\nOutputs: {O: {Description: x}}", "Every Outputs member must contain a Value object"),
        ("Resources: {Q: {Type: 'AWS::SQS::Queue'}}\nOutputs: {O: {Value: }}", "[/Outputs/O/Value] 'null' values are not allowed"),
        ("Mappings: {M: {A: b}}\nResources: {Q: {Type: 'AWS::SQS::Queue'}}", "Every Mappings member A must be a map"),
        ("Mappings: {M: {A: {B: {C: d}}}}\nResources: {Q: {Type: 'AWS::SQS::Queue'}}", "Every Mappings attribute must be a String or a List."),
        ("Resources: {Q: {Type: 'AWS::SQS::Queue', Condition: [a]}}", "Every Condition member must be a string."),
    ],
)  # fmt: skip
def test_malformed(cloudformation, refused, body, words):
    """Which templates can AWS not read, and how does it say where?"""
    refused(cloudformation.create_stack, "ValidationError", words, StackName="s", TemplateBody=body)
    refused(cloudformation.validate_template, "ValidationError", words, TemplateBody=body)


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"QueueName": {"Ref": "Nme"}}, "Unresolved resource dependencies [Nme] in the Resources block"),
        ({"QueueName": {"Fn::Sub": "a-${Nme}"}}, "Unresolved resource dependencies [Nme] in the Resources block"),
        ({"QueueName": {"Fn::GetAtt": ["Topic", "Arn"]}}, "instance of Fn::GetAtt references undefined resource Topic"),
        (
            {"QueueName": {"Fn::GetAtt": "Other.Foo"}},
            "resource Other does not support attribute type Foo in Fn::GetAtt",
        ),
        (
            {"QueueName": {"Fn::Joyn": ["", []]}},
            "Encountered unsupported function: Fn::Joyn Supported functions are: [",
        ),
        ({"QueueName": {"Fn::Join": "a"}}, "every Fn::Join object requires two parameters, (1) a string delimiter"),
        ({"QueueName": {"Fn::FindInMap": ["No", "a", "b"]}}, "Mapping named 'No' is not present in the 'Mappings'"),
        ({"QueueName": {"Fn::FindInMap": ["M", "c", "b"]}}, "Unable to get mapping for M::c::b"),
        ({"QueueName": {"Fn::Select": [3, ["a", "b"]]}}, "Fn::Select cannot select nonexistent value at index 3"),
        ({"QueueName": {"Fn::If": ["No", "a", "b"]}}, "Unresolved condition dependency No in the Resources block"),
        ({"QueueName": {"Fn::Sub": "${a b}"}}, "variable names in Fn::Sub syntax must contain only alphanumeric"),
        ({"QueueName": {"Ref": "Absent"}}, "Unresolved resource dependencies [Absent] in the Resources block"),
    ],
)
def test_references(stack, cloudformation, refused, properties, words):
    """What of a reference that leads nowhere, and of a function written wrongly?"""
    template = {
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": properties},
        "Other": {"Type": "AWS::SQS::Queue"},
        "Absent": {"Type": "AWS::SQS::Queue", "Condition": "Never"},
    }
    more = {"Mappings": {"M": {"a": {"b": "c"}}}, "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}}}
    new = {"StackName": "s", "TemplateBody": stack.body(template, more)}
    refused(cloudformation.create_stack, "ValidationError", words, **new)
    refused(
        cloudformation.create_change_set, "ValidationError", words, ChangeSetName="c", ChangeSetType="CREATE", **new
    )


def test_depends_on(cloudformation, refused, stack):
    """May a resource depend on one that is not in the template?"""
    body = stack.body({"Queue": {"Type": "AWS::SQS::Queue", "DependsOn": ["Other"]}})
    words = "Unresolved resource dependencies [Other] in the Resources block of the template"
    refused(cloudformation.create_stack, "ValidationError", words, StackName="s", TemplateBody=body)
    assert stack({"Queue": {"Type": "AWS::SQS::Queue", "DependsOn": "Other"}, "Other": {"Type": "AWS::SQS::Queue"}})


def test_circle(cloudformation, refused, stack):
    """Which resources does AWS name when they need one another?"""
    group = {"GroupDescription": "g", "SecurityGroupIngress": [{"IpProtocol": "-1", "SourceSecurityGroupId": None}]}
    template = {
        name: {"Type": "AWS::EC2::SecurityGroup", "Properties": {**group, "SecurityGroupIngress": [{"IpProtocol": "-1", "SourceSecurityGroupId": {"Ref": other}}]}}
        for name, other in (("One", "Two"), ("Two", "One"))
    }  # fmt: skip
    template["Queue"] = {"Type": "AWS::SQS::Queue", "DependsOn": "One"}
    words = "Circular dependency between resources: [One, Two]"
    refused(cloudformation.create_stack, "ValidationError", words, StackName="s", TemplateBody=stack.body(template))


def test_types(cloudformation, refused, stack):
    """What of a type that AWS does not have, and of one that only the offline account does not have?"""
    body = stack.body({"Queue": {"Type": "AWS::SQS::Kueue"}})
    words = "Template format error: Unrecognized resource types: [AWS::SQS::Kueue]"
    refused(cloudformation.create_stack, "ValidationError", words, StackName="s", TemplateBody=body)
    assert "Parameters" in cloudformation.validate_template(TemplateBody=body)  # which looks at no types
    body = stack.body({"Bot": {"Type": "AWS::Lex::Bot"}})
    with pytest.raises(NotImplementedError, match="AWS::Lex::Bot"):
        cloudformation.create_stack(StackName="s", TemplateBody=body)
    assert cloudformation.list_stacks()["StackSummaries"] == []


def test_size(cloudformation, refused, stack):
    """How long may a template in the request be, and how long one in a bucket?"""
    from conftest import client

    template = {**QUEUE, "More": {"Type": "AWS::SQS::Queue", "Metadata": {"x": "y" * 51_200}}}
    words = "Member must have length less than or equal to 51200"
    refused(cloudformation.create_stack, "ValidationError", words, StackName="s", TemplateBody=stack.body(template))
    s3 = client("s3")
    s3.create_bucket(Bucket="templates")
    s3.put_object(Bucket="templates", Key="t.json", Body=stack.body(template))
    cloudformation.create_stack(StackName="s", TemplateURL="https://templates.s3.amazonaws.com/t.json")
    assert stack.status() == "CREATE_COMPLETE"
    words = "The specified key does not exist"
    url = "https://s3.us-east-1.amazonaws.com/templates/no.json"
    refused(cloudformation.create_stack, "ValidationError", words, StackName="t", TemplateURL=url)
    words = "TemplateURL must be a supported URL"
    refused(cloudformation.create_stack, "ValidationError", words, StackName="t", TemplateURL="s3://templates/t.json")
    words = "Either Template URL or Template Body must be specified."
    refused(cloudformation.create_stack, "ValidationError", words, StackName="t")


def test_validate(cloudformation):
    """What does ValidateTemplate tell of a template?"""
    told = cloudformation.validate_template(
        TemplateBody="""
Description: A role
Parameters:
  Password: {Type: String, NoEcho: true, Description: Secret, Default: x}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {RoleName: me, AssumeRolePolicyDocument: {}}
"""
    )
    assert told["Description"] == "A role"
    assert told["Parameters"] == [
        {"ParameterKey": "Password", "DefaultValue": "x", "NoEcho": True, "Description": "Secret"}
    ]
    assert told["Capabilities"] == ["CAPABILITY_NAMED_IAM"]
    assert told["CapabilitiesReason"] == "The following resource(s) require capabilities: [AWS::IAM::Role]"


def test_template_and_summary(cloudformation, stack):
    """What did a stack come from?"""
    body = "Resources:\n  Queue: {Type: AWS::SQS::Queue}\nParameters:\n  P: {Type: String, AllowedValues: [a, b], Default: a}\n"
    assert stack(body) == "CREATE_COMPLETE"
    assert cloudformation.get_template(StackName="s")["TemplateBody"] == body
    told = cloudformation.get_template_summary(StackName="s")
    assert told["ResourceTypes"] == ["AWS::SQS::Queue"]
    assert told["Parameters"][0]["ParameterConstraints"] == {"AllowedValues": ["a", "b"]}


def test_command(stack):
    """Does the real command say the same as boto3?"""
    refused = lab.aws(["cloudformation", "create-stack", "--stack-name", "s", "--template-body", "Resources: {}"])
    assert refused.exit_code == 255
    assert (
        "(ValidationError) when calling the CreateStack operation: Template format error: At least one" in refused.error
    )
    made = lab.aws(["cloudformation", "create-stack", "--stack-name", "s", "--template-body", stack.body(QUEUE)])
    assert "arn:aws:cloudformation:us-east-1:123456789012:stack/s/" in made.output
    assert lab.aws("cloudformation wait stack-create-complete --stack-name s").exit_code == 0
