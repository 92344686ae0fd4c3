"""A pipeline of a source, a build, an approval and a deployment."""

import boto3
import pytest
from pipeline_parts import PIPELINE, adapted


@pytest.fixture
def codepipeline(_fresh):
    return boto3.client("codepipeline")


@pytest.fixture
def arguments(role):
    """Of create_pipeline, for a pipeline changed by a function."""
    arn = role("codepipeline.amazonaws.com", "pipeline")
    return lambda change=lambda _: None: {"pipeline": adapted({**PIPELINE, "roleArn": arn}, change)}


@pytest.fixture
def project(role):
    """Create the CodeBuild project that the pipeline builds with."""
    arn = role("codebuild.amazonaws.com", "build")

    def project(buildspec="version: 0.2\nphases:\n  build:\n    commands:\n      - make\n", name="app"):
        boto3.client("codebuild").create_project(
            name=name,
            source={"type": "CODEPIPELINE", "buildspec": buildspec},
            artifacts={"type": "CODEPIPELINE"},
            environment={
                "type": "LINUX_CONTAINER",
                "image": "aws/codebuild/amazonlinux-x86_64-standard:5.0",
                "computeType": "BUILD_GENERAL1_SMALL",
            },
            serviceRole=arn,
        )

    return project


@pytest.fixture
def state(codepipeline):
    """The state of the stages by name, and of an action by "stage/action"."""

    def state(which):
        stage, _, action = which.partition("/")
        found = codepipeline.get_pipeline_state(name="app")["stageStates"]
        found = next(one for one in found if one["stageName"] == stage)
        if not action:
            return found
        return next(one for one in found["actionStates"] if one["actionName"] == action).get("latestExecution")

    return state
