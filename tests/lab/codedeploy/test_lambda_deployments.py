"""Deployments of a function: the alias moves with the account's time, and back."""

import json
from collections import Counter

import boto3
import pytest
from botocore.exceptions import ClientError


def weight(share):
    return ("2", {}) if share == 100 else ("1", {"2": share / 100} if share else {})


PLANS = {
    "LambdaAllAtOnce": {0: 100},
    "LambdaCanary10Percent5Minutes": {0: 10, 4.9: 10, 5: 100},
    "LambdaLinear10PercentEvery1Minute": {0: 10, 0.9: 10, 1: 20, 8.5: 90, 9: 100},
    "LambdaLinear10PercentEvery10Minutes": {15: 20, 90: 100},
}


@pytest.mark.parametrize("name", PLANS)
def test_the_alias_moves_as_its_configuration_says(deployments, alias, name):
    """Does get_alias show the share of each minute, and the deployment its end?"""
    made = deployments(f"CodeDeployDefault.{name}")
    for minutes, share in PLANS[name].items():
        with deployments.at(minutes):
            assert alias() == weight(share)
            assert deployments.info(made)["status"] == ("Succeeded" if share == 100 else "InProgress")


def test_invocations_follow_the_alias(deployments, alias, invoke):
    """Do 10 per cent of the invocations reach the new version, then all?"""
    deployments()
    with deployments.at(1):
        seen = Counter(invoke("f:live")[0] for _ in range(100))
        assert 0 < seen["2"] < 30
    with deployments.at(6):
        assert invoke("f:live")[0] == "2"


def test_the_target_shows_versions_and_weight(deployments, codedeploy):
    """Is the function a target, with the share of its new version?"""
    made = deployments()
    with deployments.at(1):
        (target,) = codedeploy.list_deployment_targets(deploymentId=made)["targetIds"]
        found = codedeploy.get_deployment_target(deploymentId=made, targetId=target)["deploymentTarget"]["lambdaTarget"]
    info = found["lambdaFunctionInfo"]
    assert (info["currentVersion"], info["targetVersion"], info["targetVersionWeight"]) == ("1", "2", 0.1)
    assert found["status"] == "InProgress"


def test_one_deployment_at_a_time(refused, deployments, codedeploy):
    """Is a second one refused while the first shifts traffic, and its end the last word?"""
    made = deployments()
    again = {"applicationName": "app", "deploymentGroupName": "live", "revision": deployments.revision()}
    with deployments.at(1):
        refused(codedeploy.create_deployment, "DeploymentLimitExceededException", made, **again)
    with deployments.at(6):
        refused(codedeploy.stop_deployment, "DeploymentAlreadyCompletedException", "Succeeded", deploymentId=made)


def test_stopping_with_and_without_roll_back(deployments, codedeploy, alias):
    """Does the alias go back with roll back, in a deployment of its own, and stay without?"""
    made = deployments()
    with deployments.at(1):
        codedeploy.stop_deployment(deploymentId=made, autoRollbackEnabled=True)
        info = deployments.info(made)
    assert info["status"] == "Stopped" and info["errorInformation"]["code"] == "MANUAL_STOP" and alias() == weight(0)
    back = deployments.info(info["rollbackInfo"]["rollbackDeploymentId"])
    assert back["creator"] == "codeDeployRollback" and back["rollbackInfo"]["rollbackTriggeringDeploymentId"] == made
    made = deployments()
    with deployments.at(1):
        codedeploy.stop_deployment(deploymentId=made, autoRollbackEnabled=False)
    with deployments.at(10):
        assert alias() == weight(10) and "rollbackInfo" not in deployments.info(made)


def test_an_alarm_stops_and_rolls_back(deployments, codedeploy, group, alias):
    """Does the group's alarm end the deployment, and bring the alias back where that is configured?"""
    cloudwatch = boto3.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="errors",
        MetricName="Errors",
        Namespace="AWS/Lambda",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    codedeploy.update_deployment_group(
        applicationName="app",
        currentDeploymentGroupName="live",
        alarmConfiguration={"enabled": True, "alarms": [{"name": "errors"}]},
        autoRollbackConfiguration={"enabled": True, "events": ["DEPLOYMENT_STOP_ON_ALARM"]},
    )
    made = deployments()
    with deployments.at(1):
        assert alias() == weight(10)
        cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
        info = deployments.info(made)
        assert (info["status"], info["errorInformation"]["code"]) == ("Stopped", "ALARM_ACTIVE") and alias() == weight(
            0
        )


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"Name": "none"}, "INVALID_LAMBDA_FUNCTION"),
        ({"Alias": "none"}, "INVALID_LAMBDA_CONFIGURATION"),
        ({"TargetVersion": "7"}, "INVALID_LAMBDA_CONFIGURATION"),
        ({"TargetVersion": "$LATEST"}, "INVALID_LAMBDA_CONFIGURATION"),
        ({"CurrentVersion": "2", "TargetVersion": "1"}, "INVALID_LAMBDA_CONFIGURATION"),
    ],
)
def test_a_deployment_that_names_what_is_not_there_fails(deployments, alias, properties, code):
    """Does it fail with the code that says why, and leave the alias alone?"""
    made = deployments(revision=deployments.revision(**properties))
    info = deployments.info(made)
    assert (info["status"], info["errorInformation"]["code"]) == ("Failed", code) and alias() == weight(0)


HOOK = """
import boto3

pytest_plugins = ("deployment_fixtures",)

def handler(event, context):
    boto3.client("codedeploy").put_lifecycle_event_hook_execution_status(
        deploymentId=event["DeploymentId"],
        lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
        status="{}",
    )
"""


@pytest.mark.parametrize(("status", "ends"), [("Succeeded", "Succeeded"), ("Failed", "Failed")])
def test_a_hook_decides_before_traffic_moves(deploy, deployments, alias, status, ends):
    """Does the function run, and its word stand?"""
    deploy(HOOK.format(status), name="check", Timeout=30)
    made = deployments(
        "CodeDeployDefault.LambdaAllAtOnce", revision=deployments.revision({"BeforeAllowTraffic": "check"})
    )
    info = deployments.info(made)
    assert info["status"] == ends and alias() == weight(100 if ends == "Succeeded" else 0)


def test_a_hook_that_does_not_report_is_waited_for(deploy, deployments, codedeploy, alias):
    """Does the deployment stand still for an hour, then fail, and take no answer of strangers?"""
    deploy("def handler(event, context): pass", name="check")
    made = deployments(revision=deployments.revision({"BeforeAllowTraffic": "check"}))
    with pytest.raises(ClientError, match="InvalidLifecycleEventHookExecutionIdException"):
        codedeploy.put_lifecycle_event_hook_execution_status(
            deploymentId=made, lifecycleEventHookExecutionId="none", status="Succeeded"
        )
    with deployments.at(59):
        assert deployments.info(made)["status"] == "InProgress" and alias() == weight(0)
    with deployments.at(60):
        info = deployments.info(made)
        assert (info["status"], info["errorInformation"]["code"]) == ("Failed", "HOOK_EXECUTION_FAILURE")


def test_a_failed_check_afterwards_rolls_back(deploy, deployments, alias):
    """Is the alias on the former version again when the group says so?"""
    deploy(HOOK.format("Failed"), name="check", Timeout=30)
    back = {"enabled": True, "events": ["DEPLOYMENT_FAILURE"]}
    made = deployments(
        "CodeDeployDefault.LambdaAllAtOnce",
        revision=deployments.revision({"AfterAllowTraffic": "check"}),
        autoRollbackConfiguration=back,
    )
    assert deployments.info(made)["status"] == "Failed" and alias() == weight(0)


def test_what_create_deployment_refuses(refused, deployments, codedeploy):
    """Are unknown names, missing revisions and texts that are no AppSpec refused?"""
    legal = {"applicationName": "app", "deploymentGroupName": "live", "revision": deployments.revision()}
    text = {"revisionType": "AppSpecContent", "appSpecContent": {"content": "version: 0.0\nResources: []\n"}}
    cases = [
        ("ApplicationDoesNotExistException", {"applicationName": "none"}, "No application found for name: none"),
        ("DeploymentGroupDoesNotExistException", {"deploymentGroupName": "none"}, "No Deployment Group found"),
        (
            "DeploymentConfigDoesNotExistException",
            {"deploymentConfigName": "CodeDeployDefault.LambdaLinear10PercentEvery1Minutes"},
            "No deployment configuration found for name: CodeDeployDefault.LambdaLinear10PercentEvery1Minutes",
        ),
        (
            "InvalidComputePlatformException",
            {"deploymentConfigName": "CodeDeployDefault.OneAtATime"},
            "correct compute platform should be Lambda.",
        ),
        ("InvalidRevisionException", {"revision": text}, "exactly one resource"),
        ("InvalidRevisionException", {"revision": deployments.revision(Alias=None)}, "lacks the properties Alias"),
        ("InvalidRevisionException", {"revision": deployments.revision({"BeforeInstall": "f"})}, "unknown hook"),
        ("InvalidRevisionException", {"revision": {"revisionType": "GitHub"}}, "String, AppSpecContent or S3"),
        (
            "RevisionDoesNotExistException",
            {"revision": {"revisionType": "S3", "s3Location": {"bucket": "b", "key": "k", "bundleType": "YAML"}}},
            "s3://b/k",
        ),
    ]
    for code, wrong, words in cases:
        refused(codedeploy.create_deployment, code, words, **{**legal, **wrong})
    without = {key: one for key, one in legal.items() if key != "revision"}
    refused(codedeploy.create_deployment, "RevisionRequiredException", **without)
    refused(codedeploy.get_deployment, "DeploymentDoesNotExistException", "d-NONE", deploymentId="d-NONE")


def test_a_revision_in_s3_in_yaml(deployments, alias):
    """Is the AppSpec read from its bucket?"""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="revisions")
    spec = json.loads(deployments.revision()["appSpecContent"]["content"])
    s3.put_object(Bucket="revisions", Key="appspec.yml", Body=json.dumps(spec))
    place = {"bucket": "revisions", "key": "appspec.yml", "bundleType": "YAML"}
    deployments("CodeDeployDefault.LambdaAllAtOnce", revision={"revisionType": "S3", "s3Location": place})
    assert alias() == weight(100)
