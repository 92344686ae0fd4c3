"""Branches of a Parallel state that are stopped before they begin: whoever waits for them must hear of it."""

from __future__ import annotations

import contextlib
from typing import Any


def end_when_stopped() -> None:
    """A branch that finds its execution stopped raises in moto, and the thread that waits for it would wait for ever."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_parallel.branch_worker import BranchWorker

    def run(worker: Any) -> None:
        try:
            with contextlib.suppress(RuntimeError):
                worker._program.eval(worker.env)
        finally:
            worker._branch_worker_comm.on_terminated(env=worker.env)

    BranchWorker._thread_routine = run
