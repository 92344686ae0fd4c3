"""The real `aws` command, run in this process: AWS's own parser, output and exit codes, the offline account's answers.

    lab.aws("ec2 describe-volumes --query 'Volumes[].VolumeId' --output text").output

awscli is AWS's package from PyPI. It brings a botocore of its own; here it uses boto3's, so that its requests take the
same door, and its models are the ones already read. tests/lab/test_command_line.py checks that the two still fit.
"""

from __future__ import annotations

import contextvars
import ctypes
import io
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from .shell_words import Unreadable, commands

_LOGGERS = ("awscli", "botocore", "s3transfer", "urllib3")
_one_at_a_time = threading.Lock()

NOT_FOUND, TIMED_OUT, USAGE = 127, 124, 2  # as a shell and `timeout` say them; awscli itself gives 2 for a wrong usage


@dataclass(frozen=True)
class CommandResult:
    """What a command left: its exit code (0 when it worked), what it wrote to stdout, and to stderr."""

    exit_code: int
    output: str
    error: str

    def show(self) -> None:
        """Write both streams to where they belong."""
        for text, stream in ((self.output, sys.stdout), (self.error, sys.stderr)):
            if text:
                stream.write(text)
                stream.flush()

    def _ipython_display_(self) -> None:
        self.show()


class _Stopped(BaseException):
    """Ends a command from outside; not an Exception, so that awscli does not make an error message of it."""


def aws(command: str | Sequence[str], *, timeout: float = 60) -> CommandResult:
    """Run one command, given as its text or as a list of its words, with or without the leading `aws`.

    A command that fails raises nothing: its exit code is 255 for an error from the service, 2 for a wrong usage, 124
    after `timeout` seconds, 127 without awscli. Relative paths (file://policy.json) are relative to the working
    directory. TypeError for anything but text; KeyboardInterrupt passes.
    """
    try:
        words = _words(command)
    except Unreadable as unreadable:
        return CommandResult(USAGE, "", f"aws: {unreadable}\n")
    until = time.monotonic() + timeout
    if not _one_at_a_time.acquire(timeout=timeout):
        return CommandResult(TIMED_OUT, "", _late(timeout))
    try:
        return _run(words, until, timeout)
    finally:
        _one_at_a_time.release()


def _words(command: str | Sequence[str]) -> list[str]:
    if isinstance(command, str):
        found = commands(command)
        if len(found) > 1:
            raise Unreadable("these are several commands; run one at a time, or end a line that goes on with \\")
        return found[0] if found else []
    words = list(command)
    if not all(isinstance(word, str) for word in words):
        raise TypeError(f"a command is text or a list of words, not {command!r}")
    return words[1:] if words[:1] == ["aws"] else words


def _late(timeout: float) -> str:
    return f"aws: the command did not end within {timeout:g} seconds and was stopped\n"


def _run(words: list[str], until: float, timeout: float) -> CommandResult:
    output, error = (io.TextIOWrapper(io.BytesIO(), "utf-8", "replace", "", write_through=True) for _ in range(2))
    ended: list[int] = []

    def command() -> None:
        try:
            ended.append(_exit_code(words, error))
        except _Stopped:
            pass

    with _own_streams(output, error), _own_logging():
        # A thread of its own can be given up, and awscli cannot touch the signal handlers there.
        context = contextvars.copy_context()
        worker = threading.Thread(target=context.run, args=(command,), name="aws", daemon=True)
        worker.start()
        try:
            worker.join(max(0.0, until - time.monotonic()))
        finally:
            if worker.is_alive():
                _stop(worker)
        written = [stream.buffer.getvalue().decode("utf-8", "replace") for stream in (output, error)]
    return (
        CommandResult(ended[0], *written)
        if ended
        else CommandResult(TIMED_OUT, written[0], written[1] + _late(timeout))
    )


def _stop(worker: threading.Thread) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker.ident), ctypes.py_object(_Stopped))
    worker.join(0.2)


def _exit_code(words: list[str], error: io.TextIOBase) -> int:
    try:
        driver = _driver()
    except ModuleNotFoundError as missing:
        if missing.name != "awscli":
            raise
        error.write("aws: the command is not installed here; pip install awscli brings it\n")
        return NOT_FOUND
    try:
        return driver.main(words) or 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception as failed:
        # Before its own error handling, as for an unreadable config file, awscli would show a traceback.
        error.write(f"{failed}\n")
        return 255


def _driver() -> Any:
    """awscli's own driver, new for every command as in a new process, so that changed config files are read again."""
    clidriver = _load()
    from awscli.customizations import assumerole

    driver = clidriver.create_clidriver()
    folder = os.path.dirname(os.environ.get("AWS_CONFIG_FILE") or os.path.expanduser("~/.aws/config"))
    # These two do not follow AWS_CONFIG_FILE by themselves.
    assumerole.CACHE_DIR = os.path.join(folder, "cli", "cache")
    driver.alias_loader = sys.modules["awscli.alias"].AliasLoader(os.path.join(folder, "cli", "alias"))
    driver.session.get_component("data_loader").CUSTOMER_DATA_PATH = os.path.join(folder, "models")
    return driver


def _load() -> Any:
    if "awscli.clidriver" in sys.modules:
        return sys.modules["awscli.clidriver"]
    import boto3.s3.transfer  # noqa: F401  (brings botocore and s3transfer, before awscli could bring its copies)

    finders, data_path = list(sys.meta_path), os.environ.get("AWS_DATA_PATH")
    try:
        import awscli
    finally:
        # awscli makes its copies the botocore and s3transfer of the whole process, and changes the environment.
        sys.meta_path[:] = finders
        if data_path is None:
            os.environ.pop("AWS_DATA_PATH", None)
        else:
            os.environ["AWS_DATA_PATH"] = data_path
    data = os.path.join(os.path.dirname(awscli.__file__), "data")
    awscli.EnvironmentVariables["data_path"] = ("data_path", None, data, None)
    import awscli.clidriver
    import awscli.customizations.configure.configure as configure
    import awscli.help
    from awscli.customizations import overridesslcommonname

    # Host names for a fault of Python 2.6, which only version 1 still uses: queue.amazonaws.com instead of sqs's.
    overridesslcommonname.SSL_COMMON_NAMES.clear()
    configure.compat_input = _nobody_answers
    awscli.help.get_renderer = _PlainHelp
    return awscli.clidriver


def _nobody_answers(prompt: str) -> str:
    raise EOFError(
        "aws configure asks questions, and here nobody can answer them; "
        "use: aws configure set NAME VALUE [--profile PROFILE]"
    )


class _PlainHelp:
    """Shows AWS's help as plain text: a notebook has no pager, and groff may be missing."""

    def render(self, contents: bytes) -> None:
        from awscli.bcdoc.textwriter import TextWriter
        from docutils.core import publish_string

        settings = {"line_length_limit": 50_000, "report_level": 5, "output_encoding": "unicode"}
        sys.stdout.write(publish_string(contents, writer=TextWriter(), settings_overrides=settings))


class _ByThread:
    """Stands for sys.stdout while a command runs: the command's threads write to the command, all others as ever."""

    def __init__(self, own: Any, others: Any, outsiders: set[int | None]):
        self._streams, self._outsiders, self._over = (own, others), outsiders, False

    def _close(self) -> None:
        self._over = True

    def __getattr__(self, name: str) -> Any:
        own, others = self._streams
        return getattr(others if self._over or threading.get_ident() in self._outsiders else own, name)


@contextmanager
def _own_streams(output: Any, error: Any) -> Iterator[None]:
    outsiders = {thread.ident for thread in threading.enumerate()}
    before = sys.stdin, sys.stdout, sys.stderr
    own = [
        _ByThread(stream, old, outsiders)
        for stream, old in zip((io.TextIOWrapper(io.BytesIO()), output, error), before)
    ]
    sys.stdin, sys.stdout, sys.stderr = own
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
        for stream in own:
            stream._close()


@contextmanager
def _own_logging() -> Iterator[None]:
    # awscli adds handlers with every command, and --debug turns on boto3's as well.
    before = [(logger, logger.level, list(logger.handlers)) for logger in map(logging.getLogger, _LOGGERS)]
    try:
        yield
    finally:
        for logger, level, handlers in before:
            logger.setLevel(level)
            logger.handlers[:] = handlers
