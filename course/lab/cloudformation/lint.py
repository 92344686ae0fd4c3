"""cfn-lint's findings about a template, one line each; a SAM template is expanded first, since cfn-lint sees little in it.

    from course.lab.cloudformation.lint import findings
    findings(open("template.yaml").read())

cfn-lint is AWS's linter (MIT-0). The first call takes a second, the next ones half of it.
https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any

from . import sam, template_format, transforms
from .template_text import Invalid, parse
from .values import text

_LEVELS = {"E": "error", "W": "warning", "I": "information"}


@dataclass(frozen=True)
class Finding:
    """One finding: the rule's id, its level, where in the template (Resources/Queue/Properties/...), and what is wrong."""

    rule: str
    level: str
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.rule} {self.path}: {self.message}" if self.path else f"{self.rule} {self.message}"


def findings(template: str, region: str = "us-east-1") -> list[Finding]:
    """Everything that cfn-lint says, errors first. A template that AWS could not read or expand is one finding, E0000 or E0001."""
    try:
        plain = parse(template)
        names = transforms.declared(plain)
        template_format.check(plain, macros=bool(names))
        if sam.TRANSFORM in names:
            plain = sam.expanded(plain, _defaults(plain), region)
    except Invalid as wrong:
        return [Finding("E0001" if "Transform" in str(wrong) else "E0000", "error", "", str(wrong))]
    found = [_finding(one) for one in _matches(json.dumps(plain), region)]
    return sorted(dict.fromkeys(found), key=lambda one: ("EWI".index(one.rule[0]), one.path, one.rule))


def _defaults(template: dict[str, Any]) -> dict[str, str]:
    return {name: text(one.get("Default", "")) for name, one in template.get("Parameters", {}).items()}


def _matches(template: str, region: str) -> list[Any]:
    from cfnlint.api import lint

    logging.getLogger("cfnlint").setLevel(logging.CRITICAL)
    return lint(template, regions=[region])


def _finding(match: Any) -> Finding:
    path = "/".join(str(one) for one in (getattr(match, "path", None) or ()))
    return Finding(match.rule.id, _LEVELS[match.rule.id[0]], path, match.message)
