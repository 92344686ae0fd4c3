"""Transforms: a template, or a part of it, is handed to a macro and replaced by what comes back.

AWS's own: AWS::Serverless-2016-10-31, AWS::LanguageExtensions, AWS::Include. The learner's: AWS::CloudFormation::Macro.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-section-structure.html
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from ..gate import NotOffline
from . import language_extensions, sam
from .caller import Failed, ask
from .state import new_uuid
from .template_text import Invalid, parse

EXTENSIONS = "AWS::LanguageExtensions"
INCLUDE = "AWS::Include"


def declared(template: dict[str, Any]) -> list[str]:
    """The names of the transforms of a template, those of its parts first."""
    names = [name for name, _ in _within({key: one for key, one in template.items() if key != "Transform"})]
    return list(dict.fromkeys([*names, *(name for name, _ in _listed(template.get("Transform", [])))]))


def _listed(transform: Any) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for one in transform if isinstance(transform, list) else [transform]:
        if isinstance(one, dict):
            if not isinstance(one.get("Name"), str):
                raise Invalid("Key Name of transform definition must be a string.")
            found.append((one["Name"], one.get("Parameters", {})))
        elif isinstance(one, str):
            found.append((one, {}))
        else:
            raise Invalid("Template format error: Transform must be a string, an object, or a list of them.")
    return found


def _within(part: Any) -> list[tuple[str, dict[str, Any]]]:
    found = []
    if isinstance(part, dict):
        for key, one in part.items():
            found += _listed(one) if key == "Fn::Transform" else _within(one)
    elif isinstance(part, list):
        found = [each for one in part for each in _within(one)]
    return found


class Transformation:
    """Runs the transforms of one template. macro(name) -> the ARN of its function; calls are made as the caller."""

    def __init__(self, region: str, account_id: str, parameters: dict[str, Any], macro: Callable[[str], str | None]):
        self.region, self.account_id, self.parameters, self.macro = region, account_id, parameters, macro

    def done(self, template: dict[str, Any]) -> dict[str, Any]:
        """The template without transforms. Invalid with the reason that AWS's event shows."""
        transforms = _listed(template.get("Transform", []))
        made = self._snippets({key: one for key, one in template.items() if key != "Transform"})
        for name, parameters in transforms:
            made = self._apply(name, parameters, made)
        if not isinstance(made, dict):
            raise Invalid("Template format error: unsupported structure.")
        return made

    def _snippets(self, part: Any) -> Any:
        if isinstance(part, list):
            return [self._snippets(one) for one in part]
        if not isinstance(part, dict):
            return part
        made = {key: self._snippets(one) for key, one in part.items() if key != "Fn::Transform"}
        for name, parameters in _listed(part.get("Fn::Transform", [])):
            made = self._apply(name, parameters, made)
        return made

    def _apply(self, name: str, parameters: dict[str, Any], fragment: Any) -> Any:
        if name == sam.TRANSFORM:
            return sam.expanded({"Transform": sam.TRANSFORM, **fragment}, self.parameters, self.region)
        if name == EXTENSIONS:
            return language_extensions.expanded(fragment, self.parameters)
        if name == INCLUDE:
            return {**(fragment if isinstance(fragment, dict) else {}), **self._included(parameters)}
        if name.startswith("AWS::"):
            raise NotOffline(f"the offline account does not have the transform {name}")
        return self._macro(name, parameters, fragment)

    def _included(self, parameters: dict[str, Any]) -> Any:
        location = parameters.get("Location", "")
        if not isinstance(location, str) or not location.startswith("s3://"):
            raise Invalid(f"Transform {INCLUDE} failed with: The location parameter is not a valid S3 uri.")
        bucket, _, key = location.removeprefix("s3://").partition("/")
        try:
            found = ask("s3", self.region, "get_object", Bucket=bucket, Key=key)["Body"].read().decode()
        except Failed:
            raise Invalid(
                f"Transform {INCLUDE} failed with: S3 bucket [{bucket}] or key [{key}] does not exist, or access is denied."
            ) from None
        return parse(found)

    def _macro(self, name: str, parameters: dict[str, Any], fragment: Any) -> Any:
        full = f"{self.account_id}::{name}"
        function = self.macro(name)
        if function is None:
            raise Invalid(f"No transform named {full} found.")
        event = {
            "accountId": self.account_id,
            "fragment": copy.deepcopy(fragment),
            "transformId": full,
            "requestId": str(new_uuid()),
            "region": self.region,
            "params": parameters,
            "templateParameterValues": self.parameters,
        }
        try:
            answer = ask("lambda", self.region, "invoke", FunctionName=function, Payload=json.dumps(event))
        except Failed as failed:
            raise Invalid(f"Transform {full} failed with: {failed.reason}") from None
        try:
            said = json.loads(answer["Payload"].read())
        except ValueError:
            said = None
        if (
            "FunctionError" in answer
            or not isinstance(said, dict)
            or "status" not in said
            or said.get("requestId") != event["requestId"]
        ):
            raise Invalid(f"Received malformed response from transform {full}")
        if str(said["status"]).lower() != "success":
            because = (
                f"failed with: {said['errorMessage']}"
                if said.get("errorMessage")
                else "failed without an error message"
            )
            raise Invalid(f"Transform {full} {because}.")
        return said.get("fragment")
