"""Virtual MFA devices: which codes enable them, how many a user has, and what a session needs."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest
from iam_learners import ACCOUNT, allow, refused, user

from course import lab
from course.iam.one_time_codes import code_at

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def device(name="ana"):
    """(serial number, a function from seconds after noon to the code then shown)."""
    made = boto3.client("iam").create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
    seed = made["Base32StringSeed"]
    return made["SerialNumber"], lambda seconds: code_at(seed, NOON + timedelta(seconds=seconds))


def enable(serial, first, second, name="ana"):
    boto3.client("iam").enable_mfa_device(
        UserName=name, SerialNumber=serial, AuthenticationCode1=first, AuthenticationCode2=second
    )


@pytest.fixture
def iam():
    with lab.context(time=NOON):
        yield boto3.client("iam")


def test_two_codes_one_after_the_other(iam):
    """Are they accepted, now or a few minutes off, and nothing else?"""
    iam.create_user(UserName="ana")
    serial, code = device()
    wrong = {"UserName": "ana", "SerialNumber": serial}
    for first, second in [(code(0), code(0)), (code(30), code(0)), (code(0), code(60)), (code(9000), code(9030))]:
        given = wrong | {"AuthenticationCode1": first, "AuthenticationCode2": second}
        refused(iam.enable_mfa_device, "InvalidAuthenticationCode", **given)
    assert iam.list_mfa_devices(UserName="ana")["MFADevices"] == []
    enable(serial, code(-120), code(-90))
    assert iam.list_mfa_devices(UserName="ana")["MFADevices"][0]["SerialNumber"] == serial
    iam.create_user(UserName="bob")
    given = {"SerialNumber": serial, "AuthenticationCode1": code(0), "AuthenticationCode2": code(30)}
    refused(iam.enable_mfa_device, "EntityAlreadyExists", status=409, UserName="bob", **given)


def test_devices_and_users_that_are_not_there(iam):
    """NoSuchEntity for both; a hardware device is not known here and its codes are let in."""
    iam.create_user(UserName="ana")
    codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "654321"}
    none = {"SerialNumber": f"arn:aws:iam::{ACCOUNT}:mfa/none", **codes}
    refused(iam.enable_mfa_device, "NoSuchEntity", status=404, UserName="ana", **none)
    refused(iam.enable_mfa_device, "NoSuchEntity", status=404, UserName="bob", **none)
    enable("GAHT12345678", "123456", "654321")


def test_eight_devices(iam):
    """Is the ninth refused?"""
    iam.create_user(UserName="ana")
    for n in range(8):
        serial, code = device(f"d{n}")
        enable(serial, code(0), code(30))
    serial, code = device("d8")
    given = {"SerialNumber": serial, "AuthenticationCode1": code(0), "AuthenticationCode2": code(30)}
    refused(iam.enable_mfa_device, "LimitExceeded", "8", status=409, UserName="ana", **given)


def test_a_device_in_use_is_not_deleted(iam):
    """And once deactivated it is."""
    iam.create_user(UserName="ana")
    serial, code = device()
    enable(serial, code(0), code(30))
    refused(iam.delete_virtual_mfa_device, "DeleteConflict", status=409, SerialNumber=serial)
    iam.deactivate_mfa_device(UserName="ana", SerialNumber=serial)
    iam.delete_virtual_mfa_device(SerialNumber=serial)
    assert iam.list_virtual_mfa_devices()["VirtualMFADevices"] == []


def test_a_session_needs_the_code_of_now(iam):
    """A minute off is accepted, an hour is not."""
    ana = user(allow("*"))
    serial, code = device()
    enable(serial, code(0), code(30))
    sts = ana("sts")
    for seconds in (-60, 0, 60):
        sts.get_session_token(SerialNumber=serial, TokenCode=code(seconds))
    for seconds in (-3600, 3600):
        refused(sts.get_session_token, "AccessDenied", "one time", SerialNumber=serial, TokenCode=code(seconds))
