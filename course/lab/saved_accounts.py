"""The whole offline account kept aside and put back: what `lab.snapshot()` and `lab.restore()` do.

moto's state is written with pickle, so a saved account is of one piece and nothing that happens later can change it. Kept as
they are, by reference, are only things that nobody changes: modules, classes, keys of cryptography, the text of AWS's managed policies.
"""

from __future__ import annotations

import copy
import io
import pickle
import sys
import threading
import types
import weakref
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.core.base_backend import AccountSpecificBackend, BackendDict, backend_lock
from moto.moto_api._internal import mock_random

from . import ids
from .iam import managed_policies

# What moto keeps on the dictionaries themselves, beside the accounts.
_BESIDE = ("bucket_accounts", "master_accounts")
_LOCKS = {type(threading.Lock()): threading.Lock, type(threading.RLock()): threading.RLock}


class Running(RuntimeError):
    """An execution of a state machine runs in the account."""


@dataclass(frozen=True)
class SavedAccount:
    """One account as it was: give it to `lab.restore()`, as often as you like, in this process."""

    _contents: bytes
    _kept: tuple[Any, ...]
    _ids: tuple[Any, ...]

    def __repr__(self) -> str:
        return f"<a saved account, {len(self._contents) / 1024:.0f} KiB; lab.restore() brings it back>"


def save() -> SavedAccount:
    """The account as it is now. Running, a RuntimeError, while an execution of a state machine has not ended."""
    with backend_lock:
        written = io.BytesIO()
        pickler = _Pickler(written)
        pickler.dump([_contents(services) for services in BackendDict._instances])
    return SavedAccount(written.getvalue(), tuple(pickler.kept), _drawn())


def put_back(saved: SavedAccount) -> None:
    """Fill the account, which must be empty, with what was saved; the ids that follow are those that followed then."""
    with backend_lock:
        for services, accounts, beside in _Unpickler(io.BytesIO(saved._contents), saved._kept).load():
            for name, value in beside.items():
                getattr(services, name).update(value)
            for account, regions in accounts.items():
                for region, backend in regions.items():
                    services[account][region] = backend
    _draw_on_from(saved._ids)


def _contents(services: BackendDict) -> tuple[BackendDict, dict, dict]:
    accounts = {account: dict(regions.items()) for account, regions in services.items()}
    return services, accounts, {name: getattr(services, name) for name in _BESIDE if hasattr(services, name)}


def _drawn() -> tuple[Any, ...]:
    return copy.deepcopy((ids._seed, mock_random.getstate(), ids._requests.getstate(), ids._streams))


def _draw_on_from(drawn: tuple[Any, ...]) -> None:
    seed, own, requests, streams = copy.deepcopy(drawn)
    ids.seed(seed)
    mock_random.setstate(own)
    ids._requests.setstate(requests)
    ids._streams.update(streams)


class _Pickler(pickle.Pickler):
    """Writes moto's state. What must not be copied goes into `kept` and is written as its place there."""

    def __init__(self, file: io.BytesIO):
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self.kept: list[Any] = []
        self._places: dict[int, int] = {}
        self._accounts = {
            id(regions): (services, account)
            for services in BackendDict._instances
            for account, regions in services.items()
        }
        self._versions = {
            id(version)
            for policies in managed_policies._READ.values()
            for policy in policies
            for version in policy.versions
        }

    def persistent_id(self, one: Any) -> Any:
        if isinstance(one, AccountSpecificBackend):
            services, account = self._accounts[id(one)]
            return self._keep(services), account
        if isinstance(one, (BackendDict, types.ModuleType, types.CodeType)) or id(one) in self._versions:
            return self._keep(one)
        if type(one).__module__.startswith("cryptography."):
            return self._keep(one)
        return None

    def _keep(self, one: Any) -> int:
        if id(one) not in self._places:
            self._places[id(one)] = len(self.kept)
            self.kept.append(one)
        return self._places[id(one)]

    def reducer_override(self, one: Any) -> Any:
        kind = type(one)
        if kind in _LOCKS:
            return _LOCKS[kind], ()
        if getattr(one, "exec_status", None) == "RUNNING":
            # Its thread would go on in the account it was started in, and here it would never end.
            raise Running(f"{one.exec_arn} has not ended: an account can be kept aside when nothing runs in it")
        if kind is weakref.ReferenceType:
            return weakref.ref, (one(),) if one() is not None else (_Gone(),)
        if kind is weakref.WeakValueDictionary:
            return weakref.WeakValueDictionary, (), None, None, iter(list(one.items()))
        if isinstance(one, defaultdict) and kind is not defaultdict:
            # moto's own have constructors of their own, which pickle would call with the factory alone.
            state = one.default_factory, vars(one)
            return kind.__new__, (kind,), state, None, iter(list(one.items())), _fill_defaultdict
        if kind is types.FunctionType and _local(one):
            return _function(one)
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, kept: tuple[Any, ...]):
        super().__init__(file)
        self._kept = kept

    def persistent_load(self, place: Any) -> Any:
        if isinstance(place, int):
            return self._kept[place]
        services, account = place
        return self._kept[services][account]


class _Gone:
    """What a dead weak reference pointed to."""


def _local(function: types.FunctionType) -> bool:
    return "<" in function.__qualname__


def _fill_defaultdict(made: defaultdict, state: tuple[Any, ...]) -> None:
    made.default_factory, attributes = state
    vars(made).update(attributes)


def _function(function: types.FunctionType) -> tuple[Any, ...]:
    """A lambda or an inner function: made anew with empty cells, which are filled once what they hold is there."""
    cells = function.__closure__ or ()
    made = (function.__code__, sys.modules[function.__module__], function.__name__, len(cells))
    state = (function.__defaults__, function.__kwdefaults__, tuple(cell.cell_contents for cell in cells))
    return _make_function, made, state, None, None, _fill_function


def _make_function(code: types.CodeType, module: types.ModuleType, name: str, cells: int) -> Callable:
    return types.FunctionType(code, vars(module), name, None, tuple(types.CellType() for _ in range(cells)))


def _fill_function(function: types.FunctionType, state: tuple[Any, ...]) -> None:
    function.__defaults__, function.__kwdefaults__, contents = state
    for cell, value in zip(function.__closure__ or (), contents, strict=True):
        cell.cell_contents = value
