"""The AppSpec file of a Lambda deployment: which alias moves from which version to which, and who checks it.

https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["HOOKS", "LambdaAppSpec", "read_lambda_appspec"]

HOOKS = ("BeforeAllowTraffic", "AfterAllowTraffic")
_PROPERTIES = ("Name", "Alias", "CurrentVersion", "TargetVersion")


@dataclass(frozen=True)
class LambdaAppSpec:
    """A function, its alias, the versions before and after, and the function of each hook."""

    function: str
    alias: str
    current: str
    target: str
    hooks: dict[str, str] = field(default_factory=dict)


def read_lambda_appspec(text: str) -> LambdaAppSpec:
    """Read YAML or JSON. ValueError says what is wrong."""
    # Only a deployment reads YAML.
    import yaml

    try:
        spec = yaml.safe_load(text)
    except yaml.YAMLError as wrong:
        raise ValueError(f"the AppSpec is neither YAML nor JSON: {getattr(wrong, 'problem', wrong)}") from None
    if not isinstance(spec, dict):
        raise ValueError("the AppSpec is no mapping with version and Resources")
    # JSON in AWS's documentation spells the first key in lower case, YAML too; both read the others as they are.
    given = {str(key).lower(): one for key, one in spec.items()}
    if str(given.get("version")) not in ("0.0", "0"):
        raise ValueError("the AppSpec must have version 0.0")
    resource = _only(given.get("resources"), "Resources")
    if resource.get("Type") != "AWS::Lambda::Function":
        raise ValueError("the resource of the AppSpec must have the Type AWS::Lambda::Function")
    properties = resource.get("Properties")
    if not isinstance(properties, dict):
        raise ValueError("the resource of the AppSpec has no Properties")
    missing = [one for one in _PROPERTIES if properties.get(one) in (None, "")]
    if missing:
        raise ValueError(f"the AppSpec lacks the properties {', '.join(missing)}")
    return LambdaAppSpec(*(str(properties[one]) for one in _PROPERTIES), _hooks(given.get("hooks") or []))


def _only(resources: Any, what: str) -> dict[str, Any]:
    if not isinstance(resources, list) or len(resources) != 1 or not isinstance(resources[0], dict):
        raise ValueError(f"{what} of the AppSpec must be a list of exactly one resource")
    (resource,) = resources[0].values()
    if not isinstance(resource, dict):
        raise ValueError(f"{what} of the AppSpec must be a list of exactly one resource")
    return resource


def _hooks(given: Any) -> dict[str, str]:
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ValueError("Hooks of the AppSpec must be a list")
    hooks = {str(name): str(function) for one in given for name, function in one.items()}
    unknown = [name for name in hooks if name not in HOOKS]
    if unknown:
        raise ValueError(f"unknown hook {unknown[0]}; there are: {', '.join(HOOKS)}")
    return hooks
