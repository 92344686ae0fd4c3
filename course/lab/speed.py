"""Why the first call is fast: botocore would read the same gzipped model up to a dozen times."""

from __future__ import annotations

import botocore.loaders

_READ: dict[tuple[str, type], object] = {}
_load_file = botocore.loaders.JSONFileLoader._load_file


def _load_once(self: object, full_path: str, open_method: object) -> object:
    key = (full_path, type(self))
    if key not in _READ:
        _READ[key] = _load_file(self, full_path, open_method)
    return _READ[key]


def read_models_once() -> None:
    """Keep every parsed model file for the life of the process.

    Each boto3 Session has its own Loader and moto makes about a dozen of them; 104 parses took 0.9 s of the first EC2
    call. The cache stays after `lab.stop()`: it changes no result, what moto adds to a model goes into a copy.
    """
    botocore.loaders.JSONFileLoader._load_file = _load_once
    import moto.core.loaders

    moto.core.loaders.Loader.load_data = _load_for_moto


def _load_for_moto(self: botocore.loaders.Loader, name: str) -> object:
    """A model that moto's extras can be merged into without changing what boto3 reads.

    Else boto3 would take moto's error codes for AWS's names, and `except sqs.exceptions.QueueDoesNotExist` would catch
    nothing. Only the parts that the extras mention are copied.
    """
    data = botocore.loaders.Loader.load_data(self, name)
    service, _, rest = name.partition("/")
    version, _, kind = rest.partition("/")
    if "extras" in name or not kind:
        return data
    for extras in self._find_extras(service, kind, version):
        data = _copied_along(data, extras.get("merge", {}))
    return data


def _copied_along(model: object, extras: object) -> object:
    if not isinstance(model, dict) or not isinstance(extras, dict):
        return model
    return {**model, **{name: _copied_along(model[name], part) for name, part in extras.items() if name in model}}


def count_regions_once() -> None:
    """Keep the list of Regions per service; moto forgets it with every reset and asks 11 partitions again."""
    from moto.core.base_backend import AccountSpecificBackend

    ask = AccountSpecificBackend.__dict__["_generate_regions"]
    if hasattr(ask, "regions"):
        return
    ask = getattr(ask, "__wrapped__", ask)
    regions: dict[str, list[str]] = {}

    def remembered(self: AccountSpecificBackend, service_name: str) -> list[str]:
        if service_name not in regions:
            regions[service_name] = ask(self, service_name)
        return regions[service_name]

    remembered.regions = regions
    AccountSpecificBackend._generate_regions = remembered
