"""Virtual MFA devices: codes that match the device's seed, eight devices a user, none deleted while in use.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html
"""

from __future__ import annotations

from moto.iam.models import iam_backends

from course.data import value
from course.iam.one_time_codes import code_of_step, step_at

from ..gate import Call, Refused, refuses
from .context import now

# How far a device's clock may be off, in steps of 30 seconds: more when it is enabled, as AWS then learns the difference.
_OFF_AT_FIRST, _OFF_LATER = 20, 2


@refuses("iam", "EnableMFADevice", "ResyncMFADevice")
def codes_that_do_not_match(call: Call) -> None:
    """Two codes, one after the other. A hardware device has a seed that nobody here knows; its codes are let in."""
    backend = iam_backends[call.account_id]["aws"]
    serial, user = call.params["SerialNumber"], call.params["UserName"]
    if user not in backend.users:
        raise Refused("NoSuchEntity", f"The user with name {user} cannot be found.", 404)
    device = backend.virtual_mfa_devices.get(serial)
    if device is None:
        if serial.startswith("arn:"):
            raise Refused("NoSuchEntity", f"VirtualMFADevice with serial number {serial} does not exist.", 404)
        return
    if call.operation == "EnableMFADevice" and device.user is not None:
        raise Refused("EntityAlreadyExists", "MFA Device is already in use.", 409)
    given = call.params["AuthenticationCode1"], call.params["AuthenticationCode2"]
    here = step_at(now())
    for step in range(here - _OFF_AT_FIRST, here + _OFF_AT_FIRST):
        if given == tuple(code_of_step(device.base32_string_seed, one) for one in (step, step + 1)):
            return
    raise Refused("InvalidAuthenticationCode", "Authentication code for device is not valid.", 403)


@refuses("iam", "EnableMFADevice")
def ninth_device(call: Call) -> None:
    """At most eight devices a user."""
    limit = value("iam.quotas.mfa_devices_per_user")
    if len(iam_backends[call.account_id]["aws"].users[call.params["UserName"]].mfa_devices) >= limit:
        raise Refused("LimitExceeded", f"Cannot exceed quota for MfaDevicesPerUser: {limit}", 409)


@refuses("iam", "DeleteVirtualMFADevice")
def device_in_use(call: Call) -> None:
    """It must be deactivated first."""
    device = iam_backends[call.account_id]["aws"].virtual_mfa_devices.get(call.params["SerialNumber"])
    if device is not None and device.user is not None:
        raise Refused("DeleteConflict", "MFA VirtualDevice in use. Must deactivate first.", 409)


def shows(serial: str, code: str, account: str) -> bool:
    """Does the device show this code now? Six digits are enough for a hardware device."""
    device = iam_backends[account]["aws"].virtual_mfa_devices.get(serial)
    if device is None:
        return len(code) == 6 and code.isdigit()
    here = step_at(now())
    steps = range(here - _OFF_LATER, here + _OFF_LATER + 1)
    return code in {code_of_step(device.base32_string_seed, step) for step in steps}
