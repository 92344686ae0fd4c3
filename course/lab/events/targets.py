"""Targets of rules: how many, which ARNs, which roles, and one way to give them their input.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
"""

from __future__ import annotations

import json
import re

from course.data import value

from ..gate import Call, Refused, refuses
from .event_buses import event_bus, invalid

# Targets that EventBridge calls in the name of a role.
_WITH_ROLE = {"states", "kinesis", "firehose", "ecs", "batch", "codebuild", "codepipeline", "ssm"}
_KNOWN = _WITH_ROLE | {
    "lambda", "sqs", "sns", "logs", "events", "execute-api", "redshift", "redshift-serverless", "sagemaker",
    "inspector", "ssm-incidents", "appsync", "automation", "swf",
}  # fmt: skip
_ARN = re.compile(r"arn:aws[\w-]*:[\w-]+:[\w-]*:\d*:.+")
_PREDEFINED = {"aws.events.rule-arn", "aws.events.rule-name", "aws.events.event.ingestion-time", "aws.events.event",
               "aws.events.event.json"}  # fmt: skip


@refuses("events", "PutTargets")
def impossible_targets(call: Call) -> None:
    """A rule has five targets at most; each is an ARN that EventBridge can reach."""
    params = call.params
    bus = event_bus(call, params.get("EventBusName"))
    rule = bus.rules.get(params["Rule"])
    if rule is None:
        raise Refused("ResourceNotFoundException", f"Rule {params['Rule']} does not exist on EventBus {bus.name}.")
    targets, most = params["Targets"], value("events.rules.put_targets")
    if len(targets) > most:
        raise invalid(
            f"1 validation error detected: Value '[{len(targets)} targets]' at 'targets' failed to satisfy constraint: "
            f"Member must have length less than or equal to {most}"
        )
    for target in targets:
        _require_target(target)
    ids = {one["Id"] for one in rule.targets} | {one["Id"] for one in targets}
    if len(ids) > value("events.rules.targets"):
        raise Refused("LimitExceededException", "The requested resource exceeds the maximum number allowed.")


def _require_target(target: dict) -> None:
    arn = target["Arn"]
    if not _ARN.fullmatch(arn):
        raise invalid(f"Parameter {arn} is not valid. Reason: Provided Arn is not in correct format.")
    service = arn.split(":")[2]
    if service not in _KNOWN:
        raise invalid(f"Parameter {arn} is not valid. Reason: {service} is no supported target of a rule.")
    if service in _WITH_ROLE and not target.get("RoleArn"):
        raise invalid(f"RoleArn is required for target {arn}.")
    if service == "sqs" and arn.endswith(".fifo") and not (target.get("SqsParameters") or {}).get("MessageGroupId"):
        raise invalid(f"Parameter(s) SqsParameters must be specified for target: {target['Id']}.")
    given = [name for name in ("Input", "InputPath", "InputTransformer") if target.get(name)]
    if len(given) > 1:
        raise invalid(f"Only one of Input, InputPath, or InputTransformer must be provided for target {target['Id']}.")
    if target.get("Input"):
        try:
            json.loads(target["Input"])
        except ValueError as problem:
            raise invalid(f"JSON syntax error in input for target {target['Id']} : {problem}") from None
    if target.get("InputPath") and not target["InputPath"].startswith("$"):
        raise invalid(f"InputPath for target {target['Id']} is not a valid JSONPath.")
    if target.get("InputTransformer"):
        _require_transformer(target["Id"], target["InputTransformer"])


def _require_transformer(target_id: str, given: dict) -> None:
    paths = given.get("InputPathsMap") or {}
    most = value("events.rules.input_paths")
    if len(paths) > most:
        raise invalid(f"InputPathsMap for target {target_id} has more than {most} variables.")
    for name, path in paths.items():
        if name.upper().startswith("AWS"):
            raise invalid(f"InputPathsMap for target {target_id} contains the reserved variable name {name}.")
        if not path.startswith("$"):
            raise invalid(f"InputPath for target {target_id} is invalid: {path} is not a valid JSONPath.")
    used = set(re.findall(r"<([^<>\s]+)>", given["InputTemplate"]))
    unknown = sorted(used - set(paths) - _PREDEFINED)
    if unknown:
        raise invalid(
            f"Invalid InputTemplate for target {target_id} : Template contains undefined variable {unknown[0]}."
        )
