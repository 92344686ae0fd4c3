"""Build projects and their builds."""

import boto3
import pytest

from course.serverless.buildspecs import phases, problem

BUILDSPEC = "version: 0.2\nphases:\n  install:\n    runtime-versions:\n      python: 3.13\n  build:\n    commands:\n      - make\n"
SMALL = {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"}
INLINE = {"type": "NO_SOURCE", "buildspec": BUILDSPEC}


@pytest.fixture
def codebuild(_fresh):
    return boto3.client("codebuild")


@pytest.fixture
def arguments(role):
    """Of create_project, for a project of an inline buildspec."""
    arn = role("codebuild.amazonaws.com", "build")

    def arguments(**more):
        given = {"source": INLINE, "artifacts": {"type": "NO_ARTIFACTS"}, "environment": SMALL, "serviceRole": arn}
        return {"name": "app", **given, **more}

    return arguments


def variables(*names):
    return {**SMALL, "environmentVariables": [{"name": one, "value": "1"} for one in names]}


REFUSED = {
    "a name with blanks": ({"name": "my app"}, "Only alphanumeric characters, dash, and underscore are supported"),
    "an unknown source": ({"source": {"type": "SVN", "location": "x"}}, "Project source type"),
    "a source nowhere": ({"source": {"type": "GITHUB"}}, "Project source location is required"),
    "no source and no buildspec": ({"source": {"type": "NO_SOURCE"}}, "inline buildspec is required"),
    "a file of no source": ({"source": {"type": "NO_SOURCE", "buildspec": "buildspec.yml"}}, "inline buildspec"),
    "a source of a pipeline alone": ({"source": {"type": "CODEPIPELINE"}}, "both sourceType, and artifactType"),
    "artifacts of a pipeline alone": ({"artifacts": {"type": "CODEPIPELINE"}}, "both sourceType, and artifactType"),
    "artifacts nowhere": ({"artifacts": {"type": "S3"}}, "S3 should have a location"),
    "no artifacts somewhere": ({"artifacts": {"type": "NO_ARTIFACTS", "location": "b"}}, "should have null location"),
    "an unknown environment": ({"environment": {**SMALL, "type": "BSD"}}, "Invalid type provided: BSD"),
    "an unknown size": ({"environment": {**SMALL, "computeType": "HUGE"}}, "Invalid compute type provided"),
    "Lambda's size": ({"environment": {**SMALL, "computeType": "BUILD_LAMBDA_1GB"}}, "Invalid compute type provided"),
    "Docker on Windows": (
        {"environment": {**SMALL, "type": "WINDOWS_SERVER_2022_CONTAINER", "privilegedMode": True}},
        "PrivilegedMode is not supported",
    ),
    "a reserved variable": ({"environment": variables("CODEBUILD_X")}, "can start with CODEBUILD_"),
    "a variable twice": ({"environment": variables("X", "X")}, "Duplicate environment variable name: X"),
    "too long": ({"timeoutInMinutes": 2161}, "between 5 and 2160 minutes"),
    "a long description": ({"description": "x" * 256}, "Max description length is 255"),
    "another account's role": ({"serviceRole": "arn:aws:iam::999999999999:role/r"}, "does not match caller's account"),
    "no role": ({"serviceRole": "arn:aws:iam::123456789012:role/none"}, "not authorized to perform: sts:AssumeRole"),
}


@pytest.mark.parametrize("which", REFUSED)
def test_an_impossible_project_is_refused(refused, codebuild, arguments, which):
    """Does AWS's InvalidInputException name the rule, on creation and on update?"""
    wrong, words = REFUSED[which]
    refused(codebuild.create_project, "InvalidInputException", words, **arguments(**wrong))
    if "name" not in wrong:
        codebuild.create_project(**arguments())
        refused(codebuild.update_project, "InvalidInputException", words, name="app", **wrong)


@pytest.mark.parametrize(
    "more",
    [
        {"source": {"type": "CODEPIPELINE"}, "artifacts": {"type": "CODEPIPELINE"}},
        {
            "source": {"type": "GITHUB", "location": "https://github.com/a/b"},
            "artifacts": {"type": "S3", "location": "b"},
        },
        {"environment": {**SMALL, "type": "ARM_LAMBDA_CONTAINER", "computeType": "BUILD_LAMBDA_2GB"}},
    ],
)
def test_a_legal_project(codebuild, arguments, more):
    """Is what was given shown, with AWS's defaults?"""
    codebuild.create_project(**arguments(**more))
    found = codebuild.batch_get_projects(names=["app", "none"])
    shown = found["projects"][0]
    assert shown["timeoutInMinutes"] == 60 and shown["queuedTimeoutInMinutes"] == 480
    assert found["projectsNotFound"] == ["none"]
    assert all(shown[field]["type"] == one["type"] for field, one in more.items())


def test_names_and_updates(refused, codebuild, arguments):
    """Is a name taken once, and does an update keep what it does not name?"""
    codebuild.create_project(**arguments())
    refused(codebuild.create_project, "ResourceAlreadyExistsException", "project/app", **arguments())
    refused(codebuild.update_project, "ResourceNotFoundException", "project/none", name="none", timeoutInMinutes=10)
    changed = codebuild.update_project(name="app", timeoutInMinutes=10)["project"]
    assert changed["timeoutInMinutes"] == 10 and changed["source"]["buildspec"] == BUILDSPEC


def test_a_build_succeeds_when_it_is_looked_at(refused, codebuild, arguments):
    """Does it begin IN_PROGRESS and end with every phase once, however often one looks?"""
    codebuild.create_project(**arguments())
    started = codebuild.start_build(projectName="app")["build"]
    assert (started["buildStatus"], started["buildNumber"]) == ("IN_PROGRESS", 1)
    for _ in range(2):
        done = codebuild.batch_get_builds(ids=[started["id"], "app:none"])
    build = done["builds"][0]
    assert build["buildStatus"] == "SUCCEEDED" and len(build["phases"]) == 11 and done["buildsNotFound"] == ["app:none"]
    assert codebuild.list_builds_for_project(projectName="app")["ids"] == [started["id"]]
    refused(codebuild.start_build, "ResourceNotFoundException", "project/none", projectName="none")
    refused(codebuild.batch_get_builds, "InvalidInputException", ids=["none"])


def test_a_buildspec_that_is_none_fails(codebuild, arguments):
    """Does the build end in DOWNLOAD_SOURCE and say why, while the project can be made?"""
    codebuild.create_project(**arguments(source={"type": "NO_SOURCE", "buildspec": "version: 0.2\nphases: none\n"}))
    failed = codebuild.start_build(projectName="app")["build"]["id"]
    build = codebuild.batch_get_builds(ids=[failed])["builds"][0]
    phase = next(one for one in build["phases"] if one.get("contexts"))
    assert build["buildStatus"] == phase["phaseStatus"] == "FAILED" and phase["phaseType"] == "DOWNLOAD_SOURCE"
    assert phase["contexts"][0]["statusCode"] == "YAML_FILE_ERROR"
    again = codebuild.start_build(projectName="app", buildspecOverride=BUILDSPEC)["build"]["id"]
    assert codebuild.batch_get_builds(ids=[again])["builds"][0]["buildStatus"] == "SUCCEEDED"


def test_stopping_a_build(refused, codebuild, arguments):
    """Does it end as STOPPED and stay so?"""
    codebuild.create_project(**arguments())
    started = codebuild.start_build(projectName="app")["build"]["id"]
    assert codebuild.stop_build(id=started)["build"]["buildStatus"] == "STOPPED"
    assert codebuild.batch_get_builds(ids=[started])["builds"][0]["buildStatus"] == "STOPPED"
    refused(codebuild.stop_build, "ResourceNotFoundException", id="app:none")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("phases:\n  build:\n    commands: [make]\n", "Missing version"),
        ("version: 0.3\nphases: {}\n", "Invalid buildspec version: 0.3"),
        ("version: 0.2\n", "Missing phases"),
        ("version: 0.2\nphases:\n  compile:\n    commands: [make]\n", "Unknown phase: compile"),
        ("version: 0.2\nphases:\n  build:\n    commands:\n      - a\n      - echo: b\n", "Expected Commands[1]"),
        ("version: 0.2\nphases:\n  build: make\n", "Expected phase build to be a mapping"),
        ("version: 0.2\nphases:\n\tbuild:\n", "wrong YAML at line 3"),
        ("version: 0.2\nphase:\n  build: {}\n", "Missing phases"),
        ("- version\n", "Expected a mapping"),
    ],
)
def test_what_a_buildspec_lacks(text, words):
    """Is the first thing named that a build would stumble over?"""
    assert words in problem(text)
    with pytest.raises(ValueError, match="."):
        phases(text)


def test_phases_run_in_their_order():
    """Are commands given in the order in which they run, not in the order of the file?"""
    text = "version: 0.2\nphases:\n  build:\n    commands: [make]\n  install:\n    commands: pip install .\n"
    assert problem(text) == "" and list(phases(text).items()) == [("install", ["pip install ."]), ("build", ["make"])]
