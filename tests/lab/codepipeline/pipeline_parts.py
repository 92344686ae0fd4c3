"""A pipeline, and how to change it."""

import copy


def action(name, category, provider, inputs=(), outputs=(), **more):
    """An action of AWS's own."""
    return {
        "name": name,
        "actionTypeId": {"category": category, "owner": "AWS", "provider": provider, "version": "1"},
        "inputArtifacts": [{"name": one} for one in inputs],
        "outputArtifacts": [{"name": one} for one in outputs],
        **more,
    }


SOURCE = action("Pull", "Source", "S3", outputs=["code"], configuration={"S3Bucket": "b", "S3ObjectKey": "app.zip"})
BUILD = action("Make", "Build", "CodeBuild", ["code"], ["app"], configuration={"ProjectName": "app"})
APPROVE = action("Look", "Approval", "Manual")
DEPLOY = action("Copy", "Deploy", "S3", ["app"], configuration={"BucketName": "b", "Extract": "true"}, runOrder=2)
PIPELINE = {
    "name": "app",
    "artifactStore": {"type": "S3", "location": "artifacts"},
    "stages": [
        {"name": "Source", "actions": [SOURCE]},
        {"name": "Build", "actions": [BUILD]},
        {"name": "Release", "actions": [APPROVE, DEPLOY]},
    ],
}


def adapted(pipeline, change):
    """A copy, changed by a function that may change it in place or give another."""
    copied = copy.deepcopy(pipeline)
    return change(copied) or copied
