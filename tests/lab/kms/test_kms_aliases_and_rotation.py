"""Aliases and rotation."""

from datetime import UTC, datetime, timedelta

import pytest

from course import lab


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("app", "ValidationException"),
        ("alias/", "ValidationException"),
        ("alias/with space", "ValidationException"),
        ("alias/a:b", "ValidationException"),
        ("alias/aws/app", "NotAuthorizedException"),
    ],
)
def test_names_an_alias_cannot_have(kms, key, refused, name, code):
    """alias/, its characters, and not AWS's prefix?"""
    refused(kms.create_alias, code, AliasName=name, TargetKeyId=key())


def test_an_alias_points_to_one_key(kms, key, refused):
    """Is it unique, does it need a key that exists, and does it move?"""
    one, other = key(), key()
    kms.create_alias(AliasName="alias/app", TargetKeyId=one)
    refused(
        kms.create_alias, "AlreadyExistsException", "alias/app already exists", AliasName="alias/app", TargetKeyId=other
    )
    refused(
        kms.create_alias, "NotFoundException", AliasName="alias/b", TargetKeyId="11111111-1111-1111-1111-111111111111"
    )
    refused(kms.create_alias, "ValidationException", "Not aliases", AliasName="alias/b", TargetKeyId="alias/app")
    refused(kms.update_alias, "NotFoundException", "alias/b", AliasName="alias/b", TargetKeyId=other)
    kms.update_alias(AliasName="alias/app", TargetKeyId=other)
    kms.update_alias(AliasName="alias/app", TargetKeyId=f"arn:aws:kms:us-east-1:123456789012:key/{other}")
    assert kms.describe_key(KeyId="alias/app")["KeyMetadata"]["KeyId"] == other
    kms.delete_alias(AliasName="alias/app")
    refused(kms.delete_alias, "NotFoundException", "alias/app", AliasName="alias/app")


def test_an_alias_stays_with_its_kind_of_key(kms, key, refused):
    """Is a key of another type or usage refused?"""
    kms.create_alias(AliasName="alias/app", TargetKeyId=key())
    hmac = key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    refused(kms.update_alias, "ValidationException", "HMAC_256", AliasName="alias/app", TargetKeyId=hmac)


def test_only_symmetric_keys_rotate(kms, key, refused):
    """Are asymmetric and HMAC keys refused, and those with imported material?"""
    for one in (
        key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY"),
        key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC"),
    ):
        refused(kms.enable_key_rotation, "UnsupportedOperationException", KeyId=one)
        refused(kms.rotate_key_on_demand, "UnsupportedOperationException", KeyId=one)
        refused(kms.get_key_rotation_status, "UnsupportedOperationException", KeyId=one)


def test_periods(kms, key, refused):
    """From 90 to 2,560 days, 365 unless said otherwise?"""
    one = key()
    refused(kms.enable_key_rotation, "ValidationException", 2560, KeyId=one, RotationPeriodInDays=2561)
    assert not kms.get_key_rotation_status(KeyId=one)["KeyRotationEnabled"]
    kms.enable_key_rotation(KeyId=one)
    assert kms.get_key_rotation_status(KeyId=one)["RotationPeriodInDays"] == 365
    kms.enable_key_rotation(KeyId=one, RotationPeriodInDays=90)
    shown = kms.get_key_rotation_status(KeyId=one)
    assert timedelta(days=89) < shown["NextRotationDate"] - datetime.now(UTC) <= timedelta(days=90)
    with lab.context(time=datetime.now(UTC) + timedelta(days=181)):
        assert [one["RotationType"] for one in kms.list_key_rotations(KeyId=one)["Rotations"]] == ["AUTOMATIC"] * 2
    kms.disable_key_rotation(KeyId=one)
    assert not kms.get_key_rotation_status(KeyId=one)["KeyRotationEnabled"]


def test_rotation_on_demand(kms, key, refused):
    """Is what was encrypted before still opened, and are 25 rotations the most?"""
    one = key()
    sealed = kms.encrypt(KeyId=one, Plaintext=b"x")["CiphertextBlob"]
    for _ in range(25):
        kms.rotate_key_on_demand(KeyId=one)
    refused(kms.rotate_key_on_demand, "LimitExceededException", 25, KeyId=one)
    assert len(kms.list_key_rotations(KeyId=one)["Rotations"]) == 25
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"
