"""The process of one execution environment: a supervisor, and under it the learner's code (function_process.py).

Run by path as `python -I -S supervisor.py <socket> <lifeline> <configuration>`, never imported: nothing of the course is
loaded, and a bare interpreter is ready in about 20 ms. The other files of this folder are loaded by path as well. The supervisor adopts whatever the function leaves behind and ends all of it
when the function's process ends or when the other side hangs up, even if the notebook itself was killed.

Both sides speak over one socket: four bytes length, then JSON. Never pickle: the function's side is not trusted.
"""

import os
import select
import signal
import sys
import time

SUPERVISED_BY_KERNEL = sys.platform.startswith("linux")


def supervise(socket_fd: int, lifeline_fd: int, configuration: str) -> None:
    """Fork the environment, wait until it ends or the lifeline breaks, then leave no process behind."""
    prctl = _prctl()
    prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: a process that leaves the group is still ours to end
    wake, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    child = os.fork()
    if child == 0:
        prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: should the function kill its supervisor, it dies as well
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for fd in (wake, waker, lifeline_fd):
            os.close(fd)
        os.setsid()
        sibling("function_process").environment(socket_fd, configuration, sibling)
        os._exit(0)
    os.close(socket_fd)
    for fd in (0, 1, 2):
        os.close(fd)
    status = None
    while status is None:
        ready, _, _ = select.select([wake, lifeline_fd], [], [])
        if lifeline_fd in ready:
            break
        os.read(wake, 4096)
        while True:
            try:
                pid, code = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            if pid == child:
                status = code
    _end_all(child)
    if status is None:
        # The account may have been killed and unable to do it.
        import json
        import shutil

        shutil.rmtree(json.loads(configuration)["scratch"], ignore_errors=True)
    code = -signal.SIGKILL if status is None else os.waitstatus_to_exitcode(status)
    # A signal is told as 128 + its number, as a shell does.
    os._exit(code if code >= 0 else 128 - code)


def _end_all(child: int) -> None:
    for _ in range(500):
        for kill, target in ((os.killpg, child), *((os.kill, pid) for pid in _children())):
            try:
                kill(target, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.002)


def _children() -> list:
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as listed:
            return [int(pid) for pid in listed.read().split()]
    except OSError:
        return []


def _prctl():
    if not SUPERVISED_BY_KERNEL:
        return lambda *_: 0
    import ctypes

    return ctypes.CDLL(None).prctl


def sibling(name: str):
    """Another file of this folder as a module. It is in no list of modules, so no function can import it by accident."""
    from importlib.machinery import SourceFileLoader
    from types import ModuleType

    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.py")
    module = ModuleType(name)
    module.__file__ = path
    SourceFileLoader(name, path).exec_module(module)
    return module


if __name__ == "__main__":
    supervise(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
