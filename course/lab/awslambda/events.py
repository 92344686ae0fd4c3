"""What comes to a function while nobody waits for its answer: asynchronous events, queues it reads, topics it listens to.

AWS does this a little later. The account does it as soon as no function runs, mostly before the call that caused it
returns: so it is repeatable, a test need not wait, and no function pays with its own time for those it set off.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from course.data import value

_waiting: deque[tuple[int, Callable[[], None]]] = deque()
_lock = threading.Lock()
_draining = False
_depth = 0


def later(task: Callable[[], None]) -> None:
    """Run the task once no function runs. A chain longer than AWS lets a loop go on ends here."""
    if _depth < value("lambda.asynchronous.chain"):
        _waiting.append((_depth + 1, task))
    drain()


def drain() -> None:
    """Do what waits, unless a function runs or this is already being done: then it is done afterwards."""
    global _draining, _depth
    from .execution import busy

    with _lock:
        if _draining or busy():
            return
        _draining = True
    try:
        while _waiting:
            _depth, task = _waiting.popleft()
            task()
    finally:
        _depth = 0
        _draining = False


def forget() -> None:
    """Drop what waits: the account is emptied."""
    _waiting.clear()
