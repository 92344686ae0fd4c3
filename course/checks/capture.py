"""Run a learner's code so that what it prints, warns or logs is kept, and can neither fail a check nor hang it."""

from __future__ import annotations

import io
import os
import signal
import sys
import tempfile
import threading
import warnings
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout

MOST_OUTPUT = 2_000  # characters kept of what one run prints


class OutOfTime(BaseException):
    """Raised into code that runs too long. Not an Exception, so that `except Exception` does not swallow it."""


@contextmanager
def captured():
    """Everything written meanwhile to stdout, stderr, their file descriptors and by warnings, as one text buffer.

    nbgrader gives no points to a test cell that writes to stderr, however right the answer (nbgrader/utils.py,
    `determine_grade`). A logging handler may hold the notebook's stream itself, so its `write` is diverted too.
    """
    text = io.StringIO()
    with ExitStack() as stack:
        for stream in {id(s): s for s in (sys.stdout, sys.stderr)}.values():
            stack.enter_context(_diverted(stream, text))
        stack.enter_context(redirect_stdout(text))
        stack.enter_context(redirect_stderr(text))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("default")
        warnings.showwarning = lambda *about, **_: text.write(warnings.formatwarning(*about[:4]))
        stack.enter_context(_descriptors(text))
        yield text


@contextmanager
def _diverted(stream, text):
    try:
        stream.write = text.write
    except AttributeError:  # a built-in text file, whose descriptor is caught anyway
        yield
        return
    try:
        yield
    finally:
        del stream.write


@contextmanager
def _descriptors(text):
    with tempfile.TemporaryFile() as kept, ExitStack() as stack:
        for descriptor in (1, 2):
            try:
                saved = os.dup(descriptor)
            except OSError:  # closed, as under some supervisors
                continue
            stack.callback(os.close, saved)
            stack.callback(os.dup2, saved, descriptor)
            os.dup2(kept.fileno(), descriptor)
        try:
            yield
        finally:
            stack.close()
            kept.seek(0)
            text.write(kept.read(MOST_OUTPUT * 4).decode("utf-8", "replace"))


@contextmanager
def time_limit(seconds: float):
    """Raise OutOfTime in this block after `seconds`; no limit outside the main thread or without interval timers."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def expire(*_):
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
