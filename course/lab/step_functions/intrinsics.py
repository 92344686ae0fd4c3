"""Intrinsic functions: null is an argument, in the grammar of the Amazon States Language but not in moto's.

https://states-language.net/spec.html#appendix-b
"""

from __future__ import annotations

import re
from typing import Any

# A text in apostrophes, a path, or the word null.
_WORDS = re.compile(r"'(?:[^'\\]|\\.)*'|\$[^,)\s]*|\bnull\b")
_NULL = "States.StringToJson('null')"


def know_null() -> None:
    """Let moto's interpreter read null as an argument."""
    from moto.stepfunctions.parser.asl.parse.intrinsic.intrinsic_parser import IntrinsicParser

    original = IntrinsicParser.parse

    def parse(src: str) -> Any:
        return original(with_null(src))

    IntrinsicParser.parse = staticmethod(parse)


def with_null(text: str) -> str:
    """The call with each null written as a function that gives it; texts and paths stay as they are."""
    return _WORDS.sub(lambda found: _NULL if found[0] == "null" else found[0], text)
