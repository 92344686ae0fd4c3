"""How an operation is answered: AWS's validation errors, and stacks that wait go on before anybody looks at them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ..gate import Call, Refused, answers
from .caller import Failed
from .deployment import advance
from .exports import NotExported
from .state import stacks
from .template_text import Invalid


def operation(name: str) -> Callable:
    """Register a function as the answer to an operation of CloudFormation."""

    def register(function: Callable[[Call], dict]) -> Callable:
        @functools.wraps(function)
        def answer(call: Call) -> dict[str, Any]:
            for stack in list(stacks(call).values()):
                advance(stack)
            try:
                return function(call)
            except (Invalid, NotExported, Failed) as wrong:
                raise Refused("ValidationError", str(wrong)) from None

        answers("cloudformation", name)(answer)
        return function

    return register
