"""The transform AWS::Serverless-2016-10-31, done by AWS's own translator (aws-sam-translator).

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
"""

from __future__ import annotations

import copy
import json
import logging
import sys
from functools import cache
from types import SimpleNamespace
from typing import Any

from .template_text import Invalid

TRANSFORM = "AWS::Serverless-2016-10-31"
_FAILED = f"Transform {TRANSFORM} failed with: "


def translator() -> Any:
    """The package's modules; the first import takes half a second."""
    blocked = "jsonschema" not in sys.modules and "rfc3987_syntax" not in sys.modules
    if blocked:
        # jsonschema would compile a grammar of international addresses for a second; SAM's schemas have none.
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    try:
        from samtranslator.model import exceptions
        from samtranslator.parser.parser import Parser
        from samtranslator.translator.translator import Translator
        from samtranslator.utils import py27hash_fix
    finally:
        if blocked:
            del sys.modules["rfc3987_syntax"]
    logging.getLogger("samtranslator").setLevel(logging.CRITICAL)
    return SimpleNamespace(Parser=Parser, Translator=Translator, exceptions=exceptions, fix=py27hash_fix)


def expanded(template: dict[str, Any], parameters: dict[str, Any], region: str = "us-east-1") -> dict[str, Any]:
    """The template in plain CloudFormation. Invalid with the translator's own errors, as the stack shows them.

    parameters: the values of the template's parameters by name.
    """
    sam = translator()
    template, parameters = copy.deepcopy(template), dict(parameters)
    try:
        sam.fix.to_py27_compatible_template(template, parameters)
        made = sam.Translator(None, sam.Parser(), boto_session=SimpleNamespace(region_name=region)).translate(
            template, parameter_values=parameters, get_managed_policy_map=_managed_policies
        )
        made = sam.fix.undo_mark_unicode_str_in_template(made)
    except sam.exceptions.InvalidDocumentException as invalid:
        causes = " ".join(cause.message for cause in invalid.causes)
        raise Invalid(f"{_FAILED}{invalid.message} {causes}".rstrip()) from None
    except sam.exceptions.ExceptionWithMessage as invalid:
        raise Invalid(_FAILED + invalid.message) from None
    made.pop("Transform", None)
    return _plain(made)


@cache
def _managed_policies() -> dict[str, str]:
    """AWS's managed policies, name -> ARN."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    return {name: one["Arn"] for name, one in json.loads(aws_managed_policies_data).items()}


def _plain(part: Any) -> Any:
    """Without the subclasses of dict and str in which the translator keeps the order of Python 2.7."""
    if isinstance(part, dict):
        return {str(key): _plain(one) for key, one in part.items()}
    if isinstance(part, list):
        return [_plain(one) for one in part]
    return str(part) if isinstance(part, str) else part
