"""moto's interpreter of the Amazon States Language, made to do what Step Functions does.

It takes 0.3 s to import, so it is prepared when Step Functions is first asked for something, and not with the account.
"""

from __future__ import annotations

import logging
import sys
from functools import cache
from typing import Any

import moto.stepfunctions.models
import moto.stepfunctions.responses
from moto.core.base_backend import BackendDict

# moto writes a traceback for every error that a Catch catches.
logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL + 1)

_PARSER = "moto.stepfunctions.parser."


class _Backends(BackendDict):
    """The state of Step Functions. moto has it twice; what executes is the one of the interpreter, stacks use the other."""

    def __init__(self) -> None:
        """Nothing of its own: it is not in moto's list of what a reset empties."""

    def __getitem__(self, account_id: str) -> Any:
        return ready()[account_id]

    def __iter__(self) -> Any:
        return iter(ready())

    def __len__(self) -> int:
        return len(ready())

    def __contains__(self, account_id: object) -> bool:
        return account_id in ready()

    def keys(self) -> Any:
        return ready().keys()

    def values(self) -> Any:
        return ready().values()

    def items(self) -> Any:
        return ready().items()


for _module in (moto.stepfunctions, moto.stepfunctions.models, moto.stepfunctions.responses):
    _module.stepfunctions_backends = _Backends()


@cache
def ready() -> Any:
    """Prepare the interpreter, once in a process: clients with the machine's role, errors by AWS's names, JSONata.

    Gives the state by account and Region.
    """
    import moto.stepfunctions.urls
    from moto.stepfunctions.parser.models import StepFunctionsParserBackend, stepfunctions_parser_backends

    from . import (
        branches,
        choices,
        execution_status,
        executions,
        expressions,
        intrinsics,
        state_machines,
        task_errors,
        task_requests,
        task_roles,
    )

    for module in [one for name, one in sys.modules.items() if name.startswith(_PARSER)]:
        if hasattr(module, "boto_client_for"):
            module.boto_client_for = task_roles.client_for
    # moto would look for the addresses of the service beside its interpreter.
    StepFunctionsParserBackend._url_module = moto.stepfunctions.urls
    StepFunctionsParserBackend.start_execution = executions.begin
    StepFunctionsParserBackend._validate_definition = staticmethod(state_machines.require_known_to_moto)
    task_roles.remember_machine()
    task_errors.name_as_aws_does()
    task_requests.cased_as_aws_does()
    expressions.evaluate_in_python()
    intrinsics.know_null()
    execution_status.tell_it_whole()
    branches.end_when_stopped()
    choices.fail_where_nothing_fits()
    return stepfunctions_parser_backends
