"""What a task does it does with the state machine's role; its errors have AWS's names."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError
from conftest import client
from machine_runs import FUNCTION, machine, output, run

ECHO = "def handler(e, c): return e"
POLICY = "arn:aws:iam::aws:policy/AdministratorAccess"


@pytest.fixture
def weak(role):
    """The ARN of a role that Step Functions may assume, and that may do nothing."""
    arn = role("states.amazonaws.com", "weak")
    client("iam").detach_role_policy(RoleName="weak", PolicyArn=POLICY)
    return arn


def allow(name, *actions, on="*"):
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": on}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client("iam").put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document)


TASKS = {
    "function": {"Resource": FUNCTION},
    "invoke": {"Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": FUNCTION}},
}


@pytest.mark.parametrize("way", TASKS)
def test_function_needs_the_role(state_machine, deploy, weak, way):
    """Does a missing lambda:InvokeFunction fail the task with AWS's error, and does the permission cure it?"""
    deploy(ECHO)
    arn = state_machine(machine(A={"Type": "Task", **TASKS[way], "End": True}), roleArn=weak)
    shown = run(arn)
    assert (shown["status"], shown["error"]) == ("FAILED", "Lambda.AWSLambdaException")
    assert shown["cause"].startswith("User: arn:aws:sts::123456789012:assumed-role/weak/")
    words = (
        f"is not authorized to perform: lambda:InvokeFunction on resource: {FUNCTION} because no identity-based policy "
        "allows the lambda:InvokeFunction action (Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException"
    )
    assert words in shown["cause"]
    allow("weak", "lambda:InvokeFunction", on=FUNCTION)
    assert run(arn)["status"] == "SUCCEEDED"


@pytest.mark.parametrize(
    ("resource", "parameters", "action", "error"),
    [
        ("sqs:sendMessage", {"QueueUrl": "", "MessageBody": {"a": 1}}, "sqs:SendMessage", "SQS.AmazonSQSException"),
        ("sns:publish", {"TopicArn": "", "Message": "m"}, "sns:Publish", "SNS.AuthorizationErrorException"),
        (
            "dynamodb:putItem",
            {"TableName": "t", "Item": {"k": {"S": "1"}}},
            "dynamodb:PutItem",
            "DynamoDB.AmazonDynamoDBException",
        ),
        (
            "events:putEvents",
            {"Entries": [{"Source": "s", "DetailType": "d", "Detail": {"a": 1}}]},
            "events:PutEvents",
            "EventBridge.AccessDeniedException",
        ),
        ("aws-sdk:s3:listBuckets", {}, "s3:ListAllMyBuckets", "S3.S3Exception"),
        ("aws-sdk:dynamodb:listTables", {}, "dynamodb:ListTables", "DynamoDb.DynamoDbException"),
        (
            "aws-sdk:secretsmanager:listSecrets",
            {},
            "secretsmanager:ListSecrets",
            "SecretsManager.SecretsManagerException",
        ),
    ],
)
def test_each_service_needs_the_role(state_machine, weak, resource, parameters, action, error):
    """Is each integration evaluated as the role, and its denial named as AWS names it?"""
    url = client("sqs").create_queue(QueueName="q")["QueueUrl"]
    topic = boto3.client("sns").create_topic(Name="t")["TopicArn"]
    boto3.client("dynamodb").create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    named = {"QueueUrl": url, "TopicArn": topic}
    parameters = {name: named.get(name, one) for name, one in parameters.items()}
    task = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters, "End": True}
    arn = state_machine(machine(A=task), roleArn=weak)
    shown = run(arn)
    assert (shown["status"], shown["error"]) == ("FAILED", error), shown
    assert action.lower() in shown["cause"].lower()
    allow("weak", action)
    assert run(arn)["status"] == "SUCCEEDED"


def test_errors_have_the_names_of_the_service(state_machine, deploy, awslambda):
    """Can Catch name a throttled function, a missing one, and a condition that fails?"""
    deploy(ECHO)
    awslambda.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    assert run(state_machine(machine(A={"Type": "Task", **TASKS["invoke"], "End": True})))["error"] == (
        "Lambda.TooManyRequestsException"
    )
    missing = {"Type": "Task", "Resource": FUNCTION + "x", "End": True}
    assert run(state_machine(machine(A=missing), "x"))["error"] == "Lambda.ResourceNotFoundException"


def test_task_failed_catches_a_denial(state_machine, deploy, weak):
    """Does States.TaskFailed match a denial?"""
    deploy(ECHO)
    catch = [{"ErrorEquals": ["States.TaskFailed"], "Next": "B", "ResultPath": "$.why"}]
    task = {"Type": "Task", **TASKS["invoke"], "Catch": catch, "End": True}
    arn = state_machine(machine(A=task, B={"Type": "Pass", "End": True}), roleArn=weak)
    assert output(arn, {"a": 1})["why"]["Error"] == "Lambda.AWSLambdaException"


def test_role_that_no_longer_trusts(state_machine, deploy, weak):
    """Does a task fail when Step Functions may no longer assume the role?"""
    deploy(ECHO)
    allow("weak", "*")
    arn = state_machine(machine(A={"Type": "Task", **TASKS["invoke"], "End": True}), roleArn=weak)
    statement = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client("iam").update_assume_role_policy(RoleName="weak", PolicyDocument=trust)
    shown = run(arn)
    assert shown["status"] == "FAILED" and "authorized to assume the provided role" in shown["cause"]


def test_no_key_of_a_caller_is_let_through():
    """Is the key that moto's interpreter signs with nobody's?"""
    for key in ("ak", "ak00000000000000"):
        with pytest.raises(ClientError, match="UnrecognizedClientException|InvalidClientTokenId|security token"):
            boto3.client("lambda", aws_access_key_id=key, aws_secret_access_key="sk").list_functions()


def test_nested_state_machine(state_machine):
    """Does a state machine start another and give its output, parsed?"""
    inner = state_machine(machine(A={"Type": "Pass", "Result": {"a": 1}, "End": True}))
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": inner, "Input": {"b": 2}},
        "OutputPath": "$.Output",
        "End": True,
    }
    assert output(state_machine(machine(A=task), "outer")) == {"a": 1}
