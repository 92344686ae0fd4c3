"""How much memory a function's processes use, read from /proc."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

_MIB = 1 << 20


def memory_in_use(supervisor: int) -> float:
    """MB in use by the function's process and all its descendants; 0 where /proc does not tell.

    Resident memory, as AWS counts it. A limit on address space would strike functions that merely reserve it: every
    thread reserves 8 MB of stack and malloc another 64 MB, so two threads would break a function of 128 MB.
    """
    processes, waiting = [], _children(supervisor)
    while waiting and len(processes) < 2000:
        processes.append(waiting.pop())
        waiting += _children(processes[-1])
    if len(processes) == 1:
        with contextlib.suppress(OSError, ValueError, IndexError):
            resident = int(Path(f"/proc/{processes[0]}/statm").read_bytes().split()[1])
            return resident * os.sysconf("SC_PAGE_SIZE") / _MIB
    return sum(map(_share, processes))


def _share(process: int) -> float:
    # What forked processes have in common is counted once, each its part.
    with contextlib.suppress(OSError, ValueError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _children(process: int) -> list[int]:
    try:
        return [
            int(child)
            for task in os.listdir(f"/proc/{process}/task")
            for child in Path(f"/proc/{process}/task/{task}/children").read_bytes().split()
        ]
    except OSError:
        return []
