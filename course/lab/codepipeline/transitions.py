"""The transitions between stages: closed ones let an execution wait. moto has none of it.

https://docs.aws.amazon.com/codepipeline/latest/userguide/transitions.html
"""

from __future__ import annotations

from ..gate import Call, Refused, answers
from ..iam.context import now
from .approvals import stage_of
from .executions import StageRun, let_in, stages
from .structure import pipeline_of


def _inbound(call: Call) -> StageRun:
    pipeline = pipeline_of(call, call.params["pipelineName"])
    name = stage_of(pipeline, call.params["stageName"])["name"]
    kind = call.params["transitionType"]
    if kind not in ("Inbound", "Outbound"):
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{kind}' at 'transitionType' failed to satisfy constraint: Member must "
            "satisfy enum value set: [Inbound, Outbound]",
        )
    names = list(stages(pipeline))
    if kind == "Outbound":
        following = names[names.index(name) + 1 :]
        if not following:
            raise Refused("ValidationException", f"Stage '{name}' is the last one and has no outbound transition")
        name = following[0]
    return stages(pipeline)[name]


@answers("codepipeline", "DisableStageTransition")
def disable_stage_transition(call: Call) -> dict:
    """Executions wait before the stage."""
    _inbound(call).disabled = {"disabledReason": call.params["reason"], "lastChangedAt": now()}
    return {}


@answers("codepipeline", "EnableStageTransition")
def enable_stage_transition(call: Call) -> dict:
    """Who waits goes on."""
    stage = _inbound(call)
    stage.disabled = None
    pipeline = pipeline_of(call, call.params["pipelineName"])
    let_in(call, pipeline, next(name for name, one in stages(pipeline).items() if one is stage))
    return {}
