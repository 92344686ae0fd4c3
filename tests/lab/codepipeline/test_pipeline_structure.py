"""CreatePipeline and UpdatePipeline: stages, actions and artifacts."""

import pytest
from pipeline_parts import APPROVE, BUILD, DEPLOY, PIPELINE, SOURCE, action

from course.serverless.pipelines import artifact_flow, problems

pytest_plugins = ("pipeline_fixtures",)


def stages(*lists):
    """A pipeline of these actions, stage by stage."""
    made = [{"name": f"Stage{n}", "actions": list(one)} for n, one in enumerate(lists)]
    return lambda pipeline: {**pipeline, "stages": made}


def kind(category, provider, owner="AWS"):
    """The build action with another type."""
    type_id = {"category": category, "owner": owner, "provider": provider, "version": "1"}
    return stages([SOURCE], [{**BUILD, "actionTypeId": type_id}])


STRUCTURE, ACTION, STAGE = (f"Invalid{one}Exception" for one in ("Structure", "ActionDeclaration", "StageDeclaration"))
REFUSED = {
    "one stage": (stages([SOURCE]), STRUCTURE, "only 1 stage(s). There should be a minimum of 2 stages"),
    "51 stages": (stages([SOURCE], *([APPROVE] for _ in range(50))), STRUCTURE, "up to 50 stages"),
    "a build first": (
        stages([SOURCE, BUILD], [DEPLOY]),
        STRUCTURE,
        "start with a stage that only contains source actions",
    ),
    "a source later": (
        stages([SOURCE], [{**SOURCE, "outputArtifacts": [{"name": "more"}]}, BUILD]),
        STRUCTURE,
        "Source actions can only be included in the first stage",
    ),
    "only sources": (stages([SOURCE], []), STAGE, "at least one action"),
    "an artifact nobody makes": (
        stages([SOURCE], [DEPLOY]),
        ACTION,
        "Input Artifact Bundle app in action Copy is not declared as Output Artifact Bundle in any of the preceding actions",
    ),
    "an artifact made later": (stages([SOURCE], [DEPLOY], [BUILD]), ACTION, "Input Artifact Bundle app"),
    "an artifact of a neighbour": (
        stages([SOURCE], [BUILD, {**DEPLOY, "runOrder": 1}]),
        ACTION,
        "Input Artifact Bundle app",
    ),
    "an artifact made twice": (
        stages([SOURCE], [BUILD, {**BUILD, "name": "Again"}]),
        STRUCTURE,
        "Output Artifact Bundle name must be unique within the pipeline",
        "app",
    ),
    "two actions of one name": (stages([SOURCE], [APPROVE, APPROVE]), STAGE, "'Look'"),
    "two stages of one name": (
        lambda pipeline: pipeline["stages"][2].update(name="Build"),
        STAGE,
        "Stage name 'Build' is used more than once",
    ),
    "no category": (kind("Ship", "CodeBuild"), "ValidationException", "'Ship'"),
    "a provider of another category": (kind("Deploy", "CodeBuild"), ACTION, "Provider: 'CodeBuild'", "'US_EAST_1'"),
    "commands as a build": (kind("Build", "Commands"), ACTION, "Category: 'Build', Provider: 'Commands'"),
    "a name of 101 characters": (
        lambda pipeline: pipeline["stages"][1].update(name="s" * 101),
        "ValidationException",
        "must satisfy regular expression pattern",
    ),
    "a pipeline invoked with an artifact": (
        stages([SOURCE], [action("Go", "Invoke", "CodePipeline", ["code"], configuration={"PipelineName": "other"})]),
        ACTION,
        "'Go' has 1 input artifacts",
    ),
    "no provider": (kind("Deploy", "CodeDeployToLambda"), ACTION, "is not available in region"),
    "AWS's provider of another owner": (kind("Build", "CodeBuild", "ThirdParty"), ACTION, "Owner: 'ThirdParty'"),
    "no project": (
        stages([SOURCE], [{**BUILD, "configuration": {}}]),
        ACTION,
        "Action configuration for action 'Make' is missing required configuration 'ProjectName'",
    ),
    "an approval with an artifact": (
        stages([SOURCE], [{**APPROVE, "inputArtifacts": [{"name": "code"}]}]),
        ACTION,
        "'Look' has 1 input artifacts",
    ),
    "a build of nothing": (stages([SOURCE], [{**BUILD, "inputArtifacts": []}]), ACTION, "'Make' has 0 input artifacts"),
    "a run order of 1000": (
        lambda pipeline: pipeline["stages"][2]["actions"][1].update(runOrder=1000),
        "ValidationException",
        "less than or equal to 999",
    ),
    "variables of V1": (lambda pipeline: {**pipeline, "variables": [{"name": "v"}]}, STRUCTURE, "only be used with V2"),
    "no artifact store": (lambda pipeline: pipeline.pop("artifactStore") and None, STRUCTURE, "artifactStore"),
}


@pytest.mark.parametrize("which", REFUSED)
def test_an_impossible_pipeline_is_refused(refused, codepipeline, arguments, which):
    """Does AWS's error name the rule, on creation and on update?"""
    change, code, *words = REFUSED[which]
    refused(codepipeline.create_pipeline, code, *words, **arguments(change))
    codepipeline.create_pipeline(**arguments())
    refused(codepipeline.update_pipeline, code, *words, **arguments(change))


def test_a_legal_pipeline(refused, codepipeline, arguments):
    """Is it created, shown, changed to its next version, and its name taken?"""
    made = codepipeline.create_pipeline(**arguments())["pipeline"]
    assert made["version"] == 1 and [one["name"] for one in made["stages"]] == ["Source", "Build", "Release"]
    refused(codepipeline.create_pipeline, "PipelineNameInUseException", "'app'", **arguments())
    parallel = stages([SOURCE], [BUILD, {**APPROVE, "name": "Other"}], [DEPLOY])
    assert codepipeline.update_pipeline(**arguments(parallel))["pipeline"]["version"] == 2
    missing = arguments(lambda pipeline: {**pipeline, "name": "other"})
    refused(codepipeline.update_pipeline, "InvalidStructureException", "'other'", **missing)


def test_the_role_trusts_codepipeline(refused, codepipeline, arguments, role):
    """Is a role of another service refused, and one that trusts a user?"""
    for arn in (role("lambda.amazonaws.com", "wrong"), "arn:aws:iam::123456789012:role/none"):
        wrong = arguments(lambda pipeline, arn=arn: {**pipeline, "roleArn": arn})
        refused(
            codepipeline.create_pipeline, "InvalidStructureException", "not authorized to perform AssumeRole", **wrong
        )


def test_the_flow_of_artifacts():
    """Who makes an artifact, and who uses it?"""
    assert artifact_flow(PIPELINE) == {"code": ("Source/Pull", ["Build/Make"]), "app": ("Build/Make", ["Release/Copy"])}
    assert problems(PIPELINE) == []


def test_actions_with_few_conditions():
    """Are commands a kind of Compute, and may a state machine have artifacts or none?"""
    machine = {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m"}
    for legal in (
        action("Run", "Compute", "Commands", ["code"], commands=["ls"]),
        action("Ask", "Invoke", "StepFunctions", configuration=machine),
        action("Ask", "Invoke", "StepFunctions", ["code"], ["answer"], configuration=machine),
        action("Shift", "Deploy", "Lambda", ["code"], configuration={"FunctionName": "f"}),
        {**APPROVE, "name": "s" * 100},
    ):
        assert problems(stages([SOURCE], [legal])(PIPELINE)) == []


def test_third_parties_and_custom_actions_are_not_judged():
    """Are providers that AWS does not own accepted?"""
    github = {
        **action("Pull", "Source", "GitHub", outputs=["code"]),
        "actionTypeId": {"category": "Source", "owner": "ThirdParty", "provider": "GitHub", "version": "1"},
    }
    jenkins = {**BUILD, "actionTypeId": {"category": "Build", "owner": "Custom", "provider": "Jenkins", "version": "1"}}
    assert problems(stages([github], [jenkins])(PIPELINE)) == []
