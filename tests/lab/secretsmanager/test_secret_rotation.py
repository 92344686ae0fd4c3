"""Rotation: the four steps run, need permission, and leave AWSPENDING behind when one fails."""

import pytest

ROTATE = """
import boto3, os

def handler(event, context):
    manager = boto3.client("secretsmanager")
    secret, token, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    print("step", step)
    stages = manager.describe_secret(SecretId=secret)["VersionIdsToStages"]
    if "AWSPENDING" not in stages.get(token, []):
        raise ValueError("not pending")
    if step == os.environ.get("FAIL"):
        raise RuntimeError(step)
    if step == "createSecret":
        try:
            manager.get_secret_value(SecretId=secret, VersionId=token, VersionStage="AWSPENDING")
        except manager.exceptions.ResourceNotFoundException:
            manager.put_secret_value(
                SecretId=secret, ClientRequestToken=token, SecretString="new", VersionStages=["AWSPENDING"])
    if step == "finishSecret":
        current = next(one for one, labels in stages.items() if "AWSCURRENT" in labels)
        manager.update_secret_version_stage(
            SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=current)
"""


@pytest.fixture
def rotated(manager, deploy, awslambda):
    """A secret and the ARN of a rotation function that Secrets Manager may invoke for it."""

    def rotated(fail="", permit=True, source=None):
        arn = manager.create_secret(Name="db", SecretString="old")["ARN"]
        function = deploy(ROTATE, Timeout=30, Environment={"Variables": {"FAIL": fail}})["FunctionArn"]
        if permit:
            awslambda.add_permission(
                FunctionName="f",
                StatementId="rotate",
                Action="lambda:InvokeFunction",
                Principal="secretsmanager.amazonaws.com",
                SourceArn=source or arn,
            )
        return function

    return rotated


def stages(manager):
    """Labels by value."""
    listed = manager.list_secret_version_ids(SecretId="db")["Versions"]
    read = lambda one: manager.get_secret_value(SecretId="db", VersionId=one)["SecretString"]
    return {read(one["VersionId"]): one["VersionStages"] for one in listed}


def test_a_rotation_runs_the_four_steps(manager, rotated):
    """Is the new value current afterwards, the old one previous, and the schedule stored?"""
    function = rotated()
    answer = manager.rotate_secret(
        SecretId="db", RotationLambdaARN=function, RotationRules={"AutomaticallyAfterDays": 30}
    )
    assert stages(manager) == {"old": ["AWSPREVIOUS"], "new": ["AWSCURRENT", "AWSPENDING"]}
    shown = manager.describe_secret(SecretId="db")
    assert shown["RotationEnabled"] and shown["RotationLambdaARN"] == function
    assert shown["RotationRules"] == {"AutomaticallyAfterDays": 30}
    assert (shown["NextRotationDate"] - shown["LastRotatedDate"]).days == 30
    assert manager.get_secret_value(SecretId="db")["VersionId"] == answer["VersionId"]


@pytest.mark.parametrize("step", ["createSecret", "setSecret", "testSecret", "finishSecret"])
def test_a_step_that_fails_leaves_the_old_value(manager, rotated, awslambda, step):
    """Does AWSPENDING stay, is the next request refused, and does that one finish what was begun?"""
    function = rotated(fail=step)
    manager.rotate_secret(SecretId="db", RotationLambdaARN=function, RotationRules={"AutomaticallyAfterDays": 30})
    assert manager.get_secret_value(SecretId="db")["SecretString"] == "old"
    shown = manager.describe_secret(SecretId="db")
    assert sorted(label for one in shown["VersionIdsToStages"].values() for label in one) == [
        "AWSCURRENT",
        "AWSPENDING",
    ]
    assert "LastRotatedDate" not in shown
    awslambda.update_function_configuration(FunctionName="f", Environment={"Variables": {"FAIL": ""}})
    with pytest.raises(manager.exceptions.InvalidRequestException, match="A previous rotation isn't complete."):
        manager.rotate_secret(SecretId="db")
    assert manager.get_secret_value(SecretId="db")["SecretString"] == "new"
    manager.rotate_secret(SecretId="db")


def test_the_function_must_let_secrets_manager_in(manager, rotated, refused):
    """Is it refused without a permission?"""
    function = rotated(permit=False)
    words = "Secrets Manager cannot invoke the specified Lambda function."
    refused(manager.rotate_secret, "AccessDeniedException", words, SecretId="db", RotationLambdaARN=function)


def test_a_permission_for_another_secret_does_not_help(manager, rotated, refused):
    """Does aws:SourceArn count?"""
    function = rotated(source="arn:aws:secretsmanager:us-east-1:123456789012:secret:other-abcdef")
    refused(manager.rotate_secret, "AccessDeniedException", SecretId="db", RotationLambdaARN=function)


def test_a_rotation_needs_a_function(manager, rotated, refused):
    """One that exists; and none can be cancelled that was never set up?"""
    function = rotated()
    refused(manager.rotate_secret, "InvalidRequestException", "Lambda function ARN configured", SecretId="db")
    refused(manager.cancel_rotate_secret, "InvalidRequestException", SecretId="db")
    gone = function.replace(":f", ":gone")
    refused(manager.rotate_secret, "ResourceNotFoundException", gone, SecretId="db", RotationLambdaARN=gone)


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({"AutomaticallyAfterDays": 1001}, "ValidationException"),
        ({"AutomaticallyAfterDays": 30, "ScheduleExpression": "rate(30 days)"}, "InvalidParameterException"),
        ({"ScheduleExpression": "rate(3 hours)"}, "InvalidParameterException"),
        ({"ScheduleExpression": "every day"}, "InvalidParameterException"),
        ({"ScheduleExpression": "rate(0 days)"}, "InvalidParameterException"),
        ({"ScheduleExpression": "cron(30 8 * * ? *)"}, "InvalidParameterException"),
        ({"ScheduleExpression": "cron(0 8 * * * *)"}, "InvalidParameterException"),
    ],
)
def test_schedules_aws_does_not_take(manager, rotated, refused, rules, code):
    """Days or an expression, within their ranges?"""
    refused(manager.rotate_secret, code, SecretId="db", RotationLambdaARN=rotated(), RotationRules=rules)


@pytest.mark.parametrize(
    "expression", ["rate(4 hours)", "rate(10 days)", "cron(0 8 1 * ? *)", "cron(0 16 ? * SAT#1 *)"]
)
def test_schedules_aws_takes(manager, rotated, expression):
    """Stored as given?"""
    rules = {"ScheduleExpression": expression, "Duration": "2h"}
    manager.rotate_secret(SecretId="db", RotationLambdaARN=rotated(), RotationRules=rules)
    assert manager.describe_secret(SecretId="db")["RotationRules"] == rules


def test_later_only_the_test_step_runs(manager, rotated):
    """With RotateImmediately=False, is the value unchanged and nothing pending?"""
    rules = {"AutomaticallyAfterDays": 30}
    manager.rotate_secret(SecretId="db", RotationLambdaARN=rotated(), RotationRules=rules, RotateImmediately=False)
    assert stages(manager) == {"old": ["AWSCURRENT"]}
    assert manager.describe_secret(SecretId="db")["RotationEnabled"]
    manager.cancel_rotate_secret(SecretId="db")
    assert not manager.describe_secret(SecretId="db")["RotationEnabled"]


def test_a_deleted_secret_is_not_rotated(manager, rotated, refused):
    """InvalidRequestException?"""
    function = rotated()
    manager.delete_secret(SecretId="db")
    words = "currently marked deleted"
    refused(manager.rotate_secret, "InvalidRequestException", words, SecretId="db", RotationLambdaARN=function)
