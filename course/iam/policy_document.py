"""A policy document, parsed, validated and compiled once; evaluating it afterwards costs microseconds.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from course.data import value
from course.iam.grammar import POLICY_TYPES, validate
from course.iam.request import Request
from course.iam.statements import Statement

__all__ = ["PolicyDocument", "policy_document"]


class PolicyDocument:
    """A document of one policy type, ready to be asked. `source` is the JSON as a dict."""

    def __init__(self, document: str | Mapping[str, Any], policy_type: str = "identity"):
        """MalformedPolicyDocument if the grammar refuses the document, with AWS's message and the place."""
        text = dict(document) if isinstance(document, Mapping) else document
        validate(text, policy_type)
        self.source: dict[str, Any] = json.loads(text if isinstance(text, str) else json.dumps(text))
        self.policy_type = policy_type
        self.version: str = self.source.get("Version", value("iam.grammar.default_version"))
        listed = self.source["Statement"]
        # Policy variables came with 2012-10-17; before, ${aws:username} is ordinary text.
        with_variables = self.version == "2012-10-17"
        self.statements = tuple(
            Statement(statement, position, with_variables)
            for position, statement in enumerate(listed if isinstance(listed, list) else [listed])
        )

    def __repr__(self) -> str:
        count = len(self.statements)
        return f"{POLICY_TYPES[self.policy_type]}, {count} statement{'s' if count != 1 else ''}, {self.version}"

    def applying(self, request: Request, effect: str, has_boundary: bool = False) -> Iterator[Statement]:
        """The statements with this effect that apply to the request."""
        for statement in self.statements:
            if statement.effect == effect and statement.applies(request, has_boundary):
                yield statement


def policy_document(
    document: PolicyDocument | str | Mapping[str, Any], policy_type: str = "identity"
) -> PolicyDocument:
    """`document` compiled for this policy type; the same text is compiled once."""
    if isinstance(document, PolicyDocument):
        if document.policy_type == policy_type:
            return document
        document = document.source
    if isinstance(document, str):
        return _compiled(document, policy_type)
    if not isinstance(document, Mapping):
        raise TypeError(f"a policy document is JSON text, a dict or a PolicyDocument, not {document!r}")
    try:
        return _compiled(json.dumps(dict(document)), policy_type)
    except TypeError:
        raise TypeError(f"a policy document holds what JSON can hold, not {document!r}") from None


@lru_cache(maxsize=2048)
def _compiled(text: str, policy_type: str) -> PolicyDocument:
    return PolicyDocument(text, policy_type)
