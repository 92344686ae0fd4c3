"""A function with two versions, an alias, and a deployment group for it."""

import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from course import lab

START = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
STYLE = {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"}
CODE = "def handler(event, context):\n    return context.function_version\n"


@pytest.fixture
def codedeploy(_fresh):
    return boto3.client("codedeploy")


@pytest.fixture
def service_role(role):
    return role("codedeploy.amazonaws.com", "deploy")


@pytest.fixture
def group(codedeploy, service_role):
    """Of create_deployment_group: application app, group live, for functions."""
    codedeploy.create_application(applicationName="app", computePlatform="Lambda")

    def group(**more):
        given = {"serviceRoleArn": service_role, "deploymentStyle": STYLE, **more}
        return {"applicationName": "app", "deploymentGroupName": "live", **given}

    return group


@pytest.fixture
def alias(deploy, awslambda):
    """Versions 1 and 2 of the function f, and its alias live on version 1; gives what the alias says."""
    deploy(CODE, Publish=True)
    awslambda.update_function_configuration(FunctionName="f", Timeout=5)
    awslambda.publish_version(FunctionName="f")
    awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")

    def alias():
        found = awslambda.get_alias(FunctionName="f", Name="live")
        return found["FunctionVersion"], found.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})

    return alias


def revision(hooks=None, **properties):
    """An AppSpec as AppSpecContent; keyword arguments change its properties, None takes one out."""
    given = {"Name": "f", "Alias": "live", "CurrentVersion": "1", "TargetVersion": "2", **properties}
    given = {key: one for key, one in given.items() if one is not None}
    spec = {"version": 0.0, "Resources": [{"f": {"Type": "AWS::Lambda::Function", "Properties": given}}]}
    if hooks:
        spec["Hooks"] = [{name: function} for name, function in hooks.items()]
    return {"revisionType": "AppSpecContent", "appSpecContent": {"content": json.dumps(spec)}}


class Deployments:
    """Starts deployments of the group at noon and looks at them minutes later."""

    revision = staticmethod(revision)

    def __init__(self, codedeploy):
        self.codedeploy = codedeploy

    def at(self, minutes):
        return lab.context(time=START + timedelta(minutes=minutes))

    def __call__(self, config="CodeDeployDefault.LambdaCanary10Percent5Minutes", **more):
        given = {"deploymentConfigName": config, "revision": revision(), **more}
        with self.at(0):
            made = self.codedeploy.create_deployment(applicationName="app", deploymentGroupName="live", **given)
        return made["deploymentId"]

    def info(self, deployment):
        return self.codedeploy.get_deployment(deploymentId=deployment)["deploymentInfo"]


@pytest.fixture
def deployments(codedeploy, group, alias):
    codedeploy.create_deployment_group(**group())
    return Deployments(codedeploy)
