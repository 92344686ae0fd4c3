"""Service settings of Parameter Store: the default tier, and higher throughput.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UpdateServiceSetting.html
"""

from __future__ import annotations

from typing import Any

from ..gate import Call, Refused, answers, refuses
from ..iam.context import now
from .tiers import ADVANCED, INTELLIGENT, STANDARD

_TIER = "/ssm/parameter-store/default-parameter-tier"
_VALUES = {_TIER: (STANDARD, ADVANCED, INTELLIGENT), "/ssm/parameter-store/high-throughput-enabled": ("true", "false")}
_DEFAULTS = {_TIER: STANDARD, "/ssm/parameter-store/high-throughput-enabled": "false"}


def _setting(call: Call) -> str:
    return f"/{call.params['SettingId'].rpartition(':servicesetting')[2].strip('/')}"


@refuses("ssm", "GetServiceSetting", "UpdateServiceSetting", "ResetServiceSetting")
def unknown_setting(call: Call) -> None:
    """Only settings that exist, and values that they have."""
    name = _setting(call)
    if name not in _VALUES:
        raise Refused("ServiceSettingNotFound", f"The service setting {call.params['SettingId']} was not found.")
    if call.operation == "UpdateServiceSetting" and call.params["SettingValue"] not in _VALUES[name]:
        raise Refused(
            "ValidationException", f"The value {call.params['SettingValue']} is not one of {', '.join(_VALUES[name])}."
        )


def _held(call: Call) -> dict[str, dict[str, Any]]:
    return call.backend.__dict__.setdefault("service_settings", {})


def _shown(call: Call, name: str) -> dict[str, Any]:
    held = _held(call).get(name)
    return {
        "ServiceSetting": {
            "SettingId": name,
            "SettingValue": held["value"] if held else _DEFAULTS[name],
            "LastModifiedDate": held["changed"] if held else now(),
            "LastModifiedUser": "System" if held is None else f"arn:aws:iam::{call.account_id}:root",
            "ARN": f"arn:aws:ssm:{call.region}:{call.account_id}:servicesetting{name}",
            "Status": "Customized" if held else "Default",
        }
    }


@answers("ssm", "GetServiceSetting")
def get_setting(call: Call) -> dict:
    """The value, and whether it is the default."""
    return _shown(call, _setting(call))


@answers("ssm", "UpdateServiceSetting")
def update_setting(call: Call) -> dict:
    """From now on."""
    name, wanted = _setting(call), call.params["SettingValue"]
    _held(call)[name] = {"value": wanted, "changed": now()}
    if name == _TIER:
        call.backend.default_parameter_tier = wanted
    return {}


@answers("ssm", "ResetServiceSetting")
def reset_setting(call: Call) -> dict:
    """Back to the default."""
    name = _setting(call)
    _held(call).pop(name, None)
    if name == _TIER:
        call.backend.default_parameter_tier = _DEFAULTS[_TIER]
    return _shown(call, name)
