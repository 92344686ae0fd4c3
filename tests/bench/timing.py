"""Timing a piece of code, here or in a new process, and one line of the table."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

FRESH = """
import time; started = time.perf_counter()
{before}
timed = time.perf_counter()
{timed}
print(time.perf_counter() - timed)
"""


def in_a_fresh_python(timed: str, before: str = "", times: int = 5) -> float:
    """The median seconds of some code in a new process, after other code that is not timed."""
    code = FRESH.format(before=before, timed=timed)
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
        for _ in range(times)
    ]
    return statistics.median(float(run.stdout.split()[-1]) for run in runs)


def here(timed, times: int) -> float:
    """The median seconds of a call in this process."""
    runs = []
    for _ in range(times):
        started = time.perf_counter()
        timed()
        runs.append(time.perf_counter() - started)
    return statistics.median(runs)


def show(what: str, taken: float, how: str) -> None:
    """One line of the table."""
    if taken >= 1:
        value = f"{taken:.2f} s"
    else:
        value = f"{1000 * taken:.3g} ms" if taken >= 1e-4 else f"{1e6 * taken:.3g} µs"
    print(f"{what:<56} {value:>10}   {how}", flush=True)
