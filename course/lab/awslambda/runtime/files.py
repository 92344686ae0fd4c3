"""The files that a function sees: /tmp, /var/task and /opt are folders of its own.

Loaded by path by supervisor.py; nothing of the course can be imported here.
"""

import os


def map_paths(settings: dict) -> None:
    """Let Python's file functions find the environment's own /tmp, /var/task and /opt; a mount would need privileges."""
    import builtins
    import functools
    import io

    roots = {"/tmp": settings["tmp"], "/var/task": settings["task"], "/opt": settings["opt"]}
    kept = tuple(settings["kept"])

    def mapped(path):
        try:
            name = os.fspath(path)
        except TypeError:
            return path
        if not isinstance(name, str) or not name.startswith("/") or name.startswith(kept):
            return path
        for root, own in roots.items():
            if name == root or name.startswith(root + "/"):
                return own + name[len(root) :]
        return path

    def wrapped(function, count):
        @functools.wraps(function)
        def with_own_paths(*args, **more):
            return function(*map(mapped, args[:count]), *args[count:], **more)

        return with_own_paths

    builtins.open = io.open = wrapped(io.open, 1)
    one = "open stat lstat access chmod chdir listdir scandir mkdir rmdir remove unlink readlink truncate utime statvfs"
    for name in one.split():
        setattr(os, name, wrapped(getattr(os, name), 1))
    for name in ("rename", "replace", "link", "symlink"):
        setattr(os, name, wrapped(getattr(os, name), 2))
    _keep_from_writing(settings["tmp"])


# Events of Python's file functions that change a path, https://docs.python.org/3/library/audit_events.html
_CHANGES = (
    "os.mkdir",
    "os.rmdir",
    "os.remove",
    "os.rename",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.utime",
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _keep_from_writing(folder: str) -> None:
    """Outside /tmp the file system is read-only: OSError, as on AWS. Devices and /proc are no files."""
    import errno
    import sys

    free = (folder + os.sep, "/dev/", "/proc/")

    def look(event: str, args: tuple) -> None:
        if event == "open":
            if not args[2] & _WRITES:
                return
        elif event not in _CHANGES:
            return
        path = args[0]
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if isinstance(path, str) and not (os.path.abspath(path) + os.sep).startswith(free):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)

    sys.addaudithook(look)
