"""The declaration of a pipeline: what CreatePipeline and UpdatePipeline refuse.

https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_CreatePipeline.html
"""

from __future__ import annotations

import re

from moto.codepipeline.models import CodePipeline

from course.data import value
from course.serverless.pipelines import problems

from ..gate import Call, Refused, refuses
from ..iam.service_principals import service_may_assume

_NAME = re.compile(rf"[A-Za-z0-9.@\-_]{{1,{value('codepipeline.quotas.name')}}}")


def pipeline_of(call: Call, name: str) -> CodePipeline:
    """The pipeline; Refused(PipelineNotFoundException) if there is none."""
    found = call.backend.pipelines.get(name)
    if found is None:
        raise Refused(
            "PipelineNotFoundException", f"Account '{call.account_id}' does not have a pipeline with name '{name}'"
        )
    return found


@refuses("codepipeline", "CreatePipeline")
def name_in_use(call: Call) -> None:
    """A pipeline name is free in the account and Region."""
    name = call.params["pipeline"]["name"]
    if not _NAME.fullmatch(name):
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{name}' at 'pipeline.name' failed to satisfy constraint: Member must "
            r"satisfy regular expression pattern: [A-Za-z0-9.@\-_]+",
        )
    if name in call.backend.pipelines:
        raise Refused(
            "PipelineNameInUseException",
            f"A pipeline with the name '{name}' already exists in account '{call.account_id}'",
        )


@refuses("codepipeline", "UpdatePipeline")
def unknown_pipeline(call: Call) -> None:
    """What is updated exists; AWS says InvalidStructureException, for it lists no other error here."""
    name = call.params["pipeline"]["name"]
    if name not in call.backend.pipelines:
        raise Refused(
            "InvalidStructureException",
            f"The account with id '{call.account_id}' does not include a pipeline with the name '{name}'",
        )


@refuses("codepipeline", "CreatePipeline", "UpdatePipeline")
def role_not_assumable(call: Call) -> None:
    """The service role exists and trusts CodePipeline; moto cannot read a trust policy without a Service."""
    arn = call.params["pipeline"]["roleArn"]
    roles = call.backend_of("iam", "aws").roles.values()
    role = next((one for one in roles if one.arn == arn), None)
    if role is None or not service_may_assume("codepipeline.amazonaws.com", role.assume_role_policy_document, role.arn):
        raise Refused(
            "InvalidStructureException", f"CodePipeline is not authorized to perform AssumeRole on role {arn}"
        )


@refuses("codepipeline", "CreatePipeline", "UpdatePipeline")
def impossible_structure(call: Call) -> None:
    """Stages, actions and artifacts: the first thing AWS would name."""
    for problem in problems(call.params["pipeline"], call.region):
        raise Refused(problem.code, problem.message)
