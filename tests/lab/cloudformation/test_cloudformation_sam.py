"""AWS SAM: templates expanded by AWS's own translator, from boto3 and from the real command."""

import json

import pytest
from conftest import client

from course import lab
from course.lab.cloudformation import sam

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Timeout: 5, Runtime: python3.13, Handler: index.handler}
Parameters:
  Stage: {Type: String, Default: dev}
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: |
        import os
        def handler(event, context):
            return os.environ["STAGE"] + " 1"
      Environment: {Variables: {STAGE: !Ref Stage}}
      AutoPublishAlias: live
      Policies:
        - SQSSendMessagePolicy: {QueueName: !GetAtt Queue.QueueName}
        - AWSXRayDaemonWriteAccess
      Events:
        Work: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}
        Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
  Queue: {Type: AWS::SQS::Queue}
  Items: {Type: AWS::Serverless::SimpleTable}
Outputs:
  Name: {Value: !Ref Hello}
  Alias: {Value: !Ref Hello.Alias}
"""
BOTH = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]


def said(name):
    return json.loads(client("lambda").invoke(FunctionName=name)["Payload"].read())


def test_life(stack, cloudformation):
    """What does a SAM template become, and does its function run?"""
    assert stack(TEMPLATE, Capabilities=BOTH) == "CREATE_COMPLETE"
    found = cloudformation.list_stack_resources(StackName="s")["StackResourceSummaries"]
    assert sorted(one["ResourceType"] for one in found) == [
        "AWS::DynamoDB::Table",
        "AWS::Events::Rule",
        "AWS::IAM::Role",
        "AWS::Lambda::Alias",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Function",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Version",
        "AWS::SQS::Queue",
    ]
    assert said(stack.outputs()["Alias"]) == "dev 1"
    attached = client("iam").list_attached_role_policies(RoleName=stack.ids()["HelloRole"])["AttachedPolicies"]
    assert {one["PolicyName"] for one in attached} == {
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaSQSQueueExecutionRole",  # for the queue that Lambda polls
        "AWSXRayDaemonWriteAccess",
    }
    processed = cloudformation.get_template(StackName="s", TemplateStage="Processed")["TemplateBody"]
    assert "Transform" not in processed and "HelloRole" in processed["Resources"]
    assert stack.update(TEMPLATE.replace('" 1"', '" 2"'), Capabilities=BOTH) == "UPDATE_COMPLETE"
    assert said(stack.outputs()["Alias"]) == "dev 2"
    shown = client("lambda").get_alias(FunctionName=stack.outputs()["Name"], Name="live")
    assert shown["FunctionVersion"] == "2"


def test_capabilities(stack, cloudformation, refused):
    """What must be acknowledged for a SAM template, and when is it seen?"""
    words = "Requires capabilities : [CAPABILITY_AUTO_EXPAND]"
    code = "InsufficientCapabilitiesException"
    more = {"StackName": "s", "TemplateBody": TEMPLATE}
    refused(cloudformation.create_stack, code, words, **more)
    cloudformation.create_change_set(ChangeSetName="c", ChangeSetType="CREATE", **more)
    told = cloudformation.describe_change_set(StackName="s", ChangeSetName="c")
    # The roles are seen only when the template is expanded.
    assert (told["Status"], told["StatusReason"]) == ("FAILED", "Requires capabilities : [CAPABILITY_IAM]")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Handler: index", "Handlers: index", "'Globals' section is invalid"),
        ("InlineCode: |", "CodeUri: src/\n      X: |", "property X not defined for resource of type AWS::Serverless::Function"),
        ("{Type: SQS,", "{Type: Sqs,", "Resource with id [Hello] is invalid. Event with id [Work] is invalid."),
        ("SQSSendMessagePolicy", "SQSSendPolicy", "Policy at index 0 in the 'Policies' property is not valid"),
    ],
)  # fmt: skip
def test_errors(stack, old, new, words):
    """What does AWS say of a wrong SAM template?"""
    assert stack(TEMPLATE.replace(old, new), Capabilities=BOTH) == "ROLLBACK_COMPLETE"
    reason = stack.reason("s", "ROLLBACK_IN_PROGRESS")
    assert reason.startswith("Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Spec")
    assert words in reason


def test_no_transform(stack, cloudformation, refused):
    """What of AWS::Serverless resources in a template without Transform?"""
    body = json.dumps({"Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {}}}})
    words = "Template format error: Unrecognized resource types: [AWS::Serverless::Function]"
    refused(cloudformation.create_stack, "ValidationError", words, StackName="s", TemplateBody=body)


def test_gradual_deployment():
    """What does DeploymentPreference add to a function with an alias?"""
    template = {
        "Resources": {
            "Hello": {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "Runtime": "python3.13",
                    "Handler": "index.handler",
                    "InlineCode": "x",
                    "AutoPublishAlias": "live",
                    "DeploymentPreference": {"Type": "Linear10PercentEvery1Minute"},
                },
            }
        }
    }
    made = sam.expanded(template, {})["Resources"]
    assert made["HelloAliaslive"]["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]["DeploymentGroupName"] == {
        "Ref": "HelloDeploymentGroup"
    }
    assert made["HelloDeploymentGroup"]["Type"] == "AWS::CodeDeploy::DeploymentGroup"


def test_package_and_deploy(stack, tmp_path, monkeypatch):
    """Do the real `aws cloudformation package` and `deploy` work?"""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "index.py").write_text("def handler(event, context): return 'from a file'\n")
    begin, rest = TEMPLATE.split("      InlineCode: |")
    (tmp_path / "template.yaml").write_text(f"{begin}      CodeUri: src/\n{rest[rest.index('      Environment') :]}")
    client("s3").create_bucket(Bucket="artifacts")
    deploy = "cloudformation deploy --stack-name s --capabilities CAPABILITY_IAM --template-file"
    refused = lab.aws(f"{deploy} template.yaml")
    assert refused.exit_code == 255
    assert "'CodeUri' is not a valid S3 Uri" in refused.error
    client("cloudformation").delete_stack(StackName="s")
    packed = lab.aws(
        "cloudformation package --template-file template.yaml --s3-bucket artifacts --output-template-file packed.yaml"
    )
    assert packed.exit_code == 0, packed.error
    deployed = lab.aws(f"{deploy} packed.yaml --parameter-overrides Stage=prod")
    assert deployed.exit_code == 0, deployed.error
    assert "Successfully created/updated stack - s" in deployed.output
    assert said(stack.outputs()["Alias"]) == "from a file"
    again = lab.aws(f"{deploy} packed.yaml")
    assert "No changes to deploy. Stack s is up to date" in again.error + again.output
    wrong = lab.aws("cloudformation deploy --stack-name t --template-file packed.yaml")
    assert "Requires capabilities : [CAPABILITY_IAM]" in wrong.error
