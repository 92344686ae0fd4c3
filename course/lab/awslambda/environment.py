"""An execution environment: one process of its own that runs one version of a function, one invocation at a time.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html

This is the account's side. It starts `runtime/supervisor.py`, carries events in and results out, answers what the function
asks of AWS, gathers what it prints, watches time and memory, and ends it with everything the function started.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from course.data import value

from .function_requests import answered
from .memory import memory_in_use

_HERE = Path(__file__).parent
_MIB = 1 << 20
_LARGEST_FRAME = 64 * _MIB
_TICK = 0.02  # seconds between two looks at the memory; a warm invocation is mostly over before the first


@dataclass
class Outcome:
    """How INIT or an invocation ended: with a `frame` of the function's process, or `ended` by "time", "memory" or "exit"."""

    frame: dict = field(default_factory=dict)
    ended: str = ""
    exit_code: int = 0
    seconds: float = 0.0


class ExecutionEnvironment:
    """Starts at once; `initialised()` and `invoke()` block until the function answers or its limit is reached."""

    def __init__(self, settings: dict, variables: dict[str, str], code: bytes, layers: list[bytes]):
        """settings: handler, memory (MB), storage (MB). variables: the whole environment of the process."""
        self.memory, self.storage = settings["memory"], settings["storage"]
        self.peak = 0.0
        self.log_stream = ""
        self.printed = bytearray()
        self.dropped = 0
        self._arrived = bytearray()
        self._sending, self._ending = threading.Lock(), threading.Lock()
        self._owner, self._closed = os.getpid(), False
        self.scratch = Path(tempfile.mkdtemp(prefix="lab-lambda-"))
        try:
            for name in ("task", "tmp", "opt"):
                (self.scratch / name).mkdir()
            _unzip(code, self.scratch / "task")
            for layer in layers:
                _unzip(layer, self.scratch / "opt")
            self._start(settings, variables)
        except BaseException:
            shutil.rmtree(self.scratch, ignore_errors=True)
            raise

    def _start(self, settings: dict, variables: dict[str, str]) -> None:
        import boto3

        site = str(Path(boto3.__file__).parents[1])
        configuration = {
            **settings,
            **{name: str(self.scratch / name) for name in ("task", "tmp", "opt")},
            "scratch": str(self.scratch),
            "here": str(_HERE / "runtime"),
            "site": [site],
            "transport": str(_HERE.parent / "transport.py"),
            # These stay where they are, even when the course itself lies below /tmp.
            "kept": sorted({str(self.scratch), site, sys.prefix, sys.base_prefix, str(_HERE.parent)}),
        }
        self._channel, theirs = socket.socketpair()
        # A process that was stopped does not read; a large event must not wait for it for ever.
        self._channel.settimeout(5)
        heard, self._lifeline = os.pipe()
        self._output, printing = os.pipe()
        os.set_blocking(self._output, False)
        try:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-I", "-S", str(_HERE / "runtime" / "supervisor.py")),
                    *(str(theirs.fileno()), str(heard), json.dumps(configuration)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=printing,
                stderr=printing,
                env={**variables, "TMPDIR": str(self.scratch / "tmp")},
                pass_fds=(theirs.fileno(), heard),
                start_new_session=True,
            )
        finally:
            theirs.close()
            os.close(heard)
            os.close(printing)

    def initialised(self) -> Outcome:
        """Wait for INIT: at most the ten seconds AWS gives."""
        return self._converse("init", time.monotonic() + value("lambda.limits.init"))

    def invoke(self, event: str, context: dict, timeout: float, trace: str) -> Outcome:
        """Run the handler once; the environment is over when the outcome says `ended`."""
        self._send({"event": event, "context": context, "deadline": time.time() + timeout, "trace": trace})
        return self._converse("result", time.monotonic() + timeout)

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    @property
    def process_id(self) -> int:
        """The supervisor's process id, for tests and for looking."""
        return self._process.pid

    def hang_up(self, wait: bool = True) -> None:
        """End the process and all it started; whoever waits for its answer sees it exit and cleans up."""
        if os.getpid() != self._owner:
            return
        with self._ending:
            if self._lifeline is not None:
                os.close(self._lifeline)
                self._lifeline = None
            if not wait:
                return
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def end(self) -> int:
        """Hang up, take in what was still printed, and remove the files; the exit code, 137 when it was killed."""
        self.hang_up()
        # A process forked from this one has a copy of this object, but the environment is not its own.
        if not self._closed and os.getpid() == self._owner:
            self._closed = True
            self._gather()
            self._channel.close()
            os.close(self._output)
            shutil.rmtree(self.scratch, ignore_errors=True)
        return self._process.returncode or 0

    def take_printed(self) -> str:
        """What was printed since the last call."""
        if not self._closed:
            self._gather()
        text, self.printed = self.printed.decode(errors="replace"), bytearray()
        if self.dropped:
            text += f"\n[offline account] {self.dropped} more bytes of output were not kept\n"
            self.dropped = 0
        return text

    def _converse(self, wanted: str, deadline: float) -> Outcome:
        begun = time.monotonic()
        watched = [self._channel.fileno(), self._output]
        outcome = Outcome()
        while not outcome.frame and not outcome.ended:
            now = time.monotonic()
            if now >= deadline:
                outcome.ended = "time"
                break
            ready, _, _ = select.select(watched, [], [], min(_TICK, deadline - now))
            if self._output in ready and not self._gather():
                watched.remove(self._output)  # the function closed it; its result still counts
            if watched[0] in ready:
                outcome = self._hear(wanted, deadline)
            if not outcome.frame and not outcome.ended and now - begun >= _TICK:
                self.peak = max(self.peak, memory := memory_in_use(self._process.pid))
                if memory > self.memory:
                    outcome.ended = "memory"
        outcome.seconds = time.monotonic() - begun
        if outcome.frame:
            self.peak = max(self.peak, outcome.frame.get("peak", 0) / 1024)
        else:
            outcome.exit_code = self.end()
        return outcome

    def _hear(self, wanted: str, deadline: float) -> Outcome:
        try:
            part = self._channel.recv(1 << 18)
        except OSError:
            part = b""
        if not part:
            # The process ends by itself in a moment; if it only hung up, it is ended.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(max(0.0, min(1.0, deadline - time.monotonic())))
            return Outcome(ended="exit")
        self._arrived += part
        while len(self._arrived) >= 4:
            (length,) = struct.unpack(">I", self._arrived[:4])
            if length > _LARGEST_FRAME:
                return Outcome(ended="size")
            if len(self._arrived) < 4 + length:
                break
            body = bytes(self._arrived[4 : 4 + length])
            del self._arrived[: 4 + length]
            try:
                frame = json.loads(body)
                if "request" in frame:
                    # In a thread, so that a call that waits (a long poll) cannot outlive the function's time-out.
                    threading.Thread(target=self._answer, args=(frame,), daemon=True).start()
                    continue
            except (ValueError, TypeError):
                return Outcome(ended="exit")
            if wanted in frame or "error" in frame:
                return Outcome(frame=frame)
        return Outcome()

    def _answer(self, frame: dict) -> None:
        answer = {"answer": frame["request"], **answered(frame)}
        self._send(answer)

    def _send(self, frame: dict) -> None:
        body = json.dumps(frame).encode()
        with self._sending, contextlib.suppress(OSError):
            self._channel.sendall(struct.pack(">I", len(body)) + body)

    def _gather(self) -> bool:
        """Take in what was printed, up to the limit; False when nobody can print any more."""
        most = value("lab.lambda.output") * 1024
        while True:
            try:
                part = os.read(self._output, 1 << 16)
            except BlockingIOError:
                return True
            except OSError:
                return False
            if not part:
                return False
            kept = part[: max(0, most - len(self.printed))]
            self.printed += kept
            self.dropped += len(part) - len(kept)


def _unzip(contents: bytes, folder: Path) -> None:
    with zipfile.ZipFile(BytesIO(contents)) as archive:
        archive.extractall(folder)


def exit_reason(code: int) -> str:
    """In AWS's words why a runtime ended: "exit status 1", "signal: killed"."""
    if code > 128:
        name = (signal.strsignal(code - 128) or str(code - 128)).lower()
        return f"Runtime exited with error: signal: {name}"
    return f"Runtime exited with error: exit status {code}" if code else "Runtime exited without providing a reason"
