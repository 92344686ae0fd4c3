"""Executions that end before their time, with every thread that works for them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

# How long their threads may take to notice, in seconds; each looks before the next state.
_NOTICE = 2.0


def end(executions: Iterable[Any]) -> None:
    """Stop these executions. A branch may begin while its execution ends, so they are told until all have heard."""
    from moto.stepfunctions.parser.utils import TMP_THREADS

    executions, until = list(executions), time.monotonic() + _NOTICE
    while time.monotonic() < until:
        for execution in executions:
            # There is none yet where the execution has only just begun.
            environment = execution.exec_worker.env
            if environment is not None:
                _stop(environment)
        if not any(thread.is_alive() for thread in TMP_THREADS):
            break
        time.sleep(0.002)
    # moto keeps every thread it ever started.
    TMP_THREADS[:] = [thread for thread in TMP_THREADS if thread.is_alive()]


def _stop(environment: Any) -> None:
    environment.set_stop(datetime.now(UTC), None, None)
    # moto does not wake those that wait, once their execution is stopped.
    environment.program_state_event.set()
    for frame in list(environment._frames):
        _stop(frame)
