"""KMS keys: kinds, names, states and the end of the waiting period."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError
from conftest import client

from course import lab

ARN = "arn:aws:kms:us-east-1:123456789012:"


@pytest.mark.parametrize(
    ("spec", "usage"),
    [
        ("SYMMETRIC_DEFAULT", "SIGN_VERIFY"),
        ("RSA_2048", "GENERATE_VERIFY_MAC"),
        ("ECC_NIST_P256", "ENCRYPT_DECRYPT"),
        ("HMAC_256", "SIGN_VERIFY"),
    ],
)
def test_usage_and_spec_fit(kms, refused, spec, usage):
    """Is a usage refused that the spec does not have?"""
    refused(kms.create_key, "ValidationException", spec, KeySpec=spec, KeyUsage=usage)


def test_all_but_symmetric_keys_name_their_usage(kms, key, refused):
    """Has only a symmetric encryption key a default usage?"""
    refused(kms.create_key, "ValidationException", "You must specify a KeyUsage value", KeySpec="HMAC_256")
    refused(kms.create_key, "ValidationException", "'keySpec'", "enum value set", KeySpec="AES", KeyUsage="SIGN_VERIFY")
    refused(kms.create_key, "UnsupportedOperationException", "SM2", KeySpec="SM2", KeyUsage="SIGN_VERIFY")
    shown = kms.describe_key(KeyId=key())["KeyMetadata"]
    assert (shown["KeyUsage"], shown["KeySpec"], shown["KeyManager"]) == (
        "ENCRYPT_DECRYPT",
        "SYMMETRIC_DEFAULT",
        "CUSTOMER",
    )
    shown = kms.describe_key(KeyId=key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC"))["KeyMetadata"]
    assert shown["MacAlgorithms"] == ["HMAC_SHA_256"] and not {"EncryptionAlgorithms", "SigningAlgorithms"} & set(shown)


def test_how_a_key_is_named(kms, key, refused):
    """Id, ARN, alias and the ARN of an alias; what is none of them has AWS's own words."""
    one = key()
    kms.create_alias(AliasName="alias/app", TargetKeyId=one)
    for named in (one, f"{ARN}key/{one}", "alias/app", f"{ARN}alias/app"):
        assert kms.describe_key(KeyId=named)["KeyMetadata"]["KeyId"] == one
    refused(kms.describe_key, "NotFoundException", "Invalid keyId 'app'", KeyId="app")
    gone = one[:-1] + ("0" if one[-1] != "0" else "1")
    refused(kms.describe_key, "NotFoundException", f"Key '{ARN}key/{gone}' does not exist", KeyId=gone)
    refused(kms.describe_key, "NotFoundException", f"Alias {ARN}alias/none is not found.", KeyId="alias/none")
    refused(client("kms", "eu-west-1").describe_key, "NotFoundException", "us-east-1", KeyId=f"{ARN}key/{one}")
    refused(kms.disable_key, "NotFoundException", "alias/app", KeyId="alias/app")


def test_a_disabled_key_is_of_no_use(kms, key, refused):
    """Does everything with the material stop, and start again?"""
    one = key()
    sealed = kms.encrypt(KeyId=one, Plaintext=b"x")["CiphertextBlob"]
    kms.disable_key(KeyId=f"{ARN}key/{one}")
    message = f"{ARN}key/{one} is disabled."
    refused(kms.encrypt, "DisabledException", message, KeyId=one, Plaintext=b"x")
    refused(kms.decrypt, "DisabledException", message, CiphertextBlob=sealed)
    refused(kms.generate_data_key, "DisabledException", message, KeyId=one, KeySpec="AES_256")
    refused(kms.enable_key_rotation, "DisabledException", message, KeyId=one)
    kms.update_key_description(KeyId=one, Description="later")
    kms.enable_key(KeyId=one)
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"


@pytest.mark.parametrize("days", [1, 6, 31])
def test_waiting_periods_that_aws_does_not_offer(kms, key, refused, days):
    """From 7 to 30 days?"""
    refused(kms.schedule_key_deletion, "ValidationException", days, KeyId=key(), PendingWindowInDays=days)


@pytest.mark.parametrize("days", [7, 30])
def test_a_key_that_waits_for_its_deletion(kms, key, refused, days):
    """Is it of no use, can it be saved, and is it gone at the end?"""
    one = key()
    sealed = kms.encrypt(KeyId=one, Plaintext=b"x")["CiphertextBlob"]
    message = f"{ARN}key/{one} is pending deletion."
    refused(kms.cancel_key_deletion, "KMSInvalidStateException", "is not pending deletion", KeyId=one)
    answer = kms.schedule_key_deletion(KeyId=one, PendingWindowInDays=days)
    assert answer["PendingWindowInDays"] == days and answer["KeyState"] == "PendingDeletion"
    refused(kms.encrypt, "KMSInvalidStateException", message, KeyId=one, Plaintext=b"x")
    refused(kms.decrypt, "KMSInvalidStateException", message, CiphertextBlob=sealed)
    refused(kms.enable_key, "KMSInvalidStateException", message, KeyId=one)
    refused(kms.schedule_key_deletion, "KMSInvalidStateException", message, KeyId=one)
    refused(kms.create_alias, "KMSInvalidStateException", message, AliasName="alias/x", TargetKeyId=one)
    kms.cancel_key_deletion(KeyId=one)
    assert kms.describe_key(KeyId=one)["KeyMetadata"]["KeyState"] == "Disabled"
    kms.schedule_key_deletion(KeyId=one, PendingWindowInDays=days)
    with lab.context(time=datetime.now(UTC) + timedelta(days=days - 1)):
        assert kms.describe_key(KeyId=one)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    with lab.context(time=datetime.now(UTC) + timedelta(days=days, minutes=1)):
        with pytest.raises(ClientError, match="does not exist"):
            kms.describe_key(KeyId=one)


def test_a_key_without_material(kms, key, refused):
    """Does a key of origin EXTERNAL wait for its import?"""
    one = key(Origin="EXTERNAL")
    assert kms.describe_key(KeyId=one)["KeyMetadata"]["KeyState"] == "PendingImport"
    refused(kms.encrypt, "KMSInvalidStateException", "is pending import.", KeyId=one, Plaintext=b"x")
    refused(kms.enable_key, "KMSInvalidStateException", "is pending import.", KeyId=one)


def test_tags(kms, key, refused):
    """Is AWS's prefix refused, and the same key twice?"""
    tag = {"TagKey": "aws:x", "TagValue": "1"}
    refused(kms.create_key, "TagException", "aws:", Tags=[tag])
    twice = [{"TagKey": "a", "TagValue": "1"}, {"TagKey": "a", "TagValue": "2"}]
    one = key(Tags=[{"TagKey": "team", "TagValue": "blue"}])
    refused(kms.tag_resource, "TagException", KeyId=one, Tags=twice)
    kms.tag_resource(KeyId=one, Tags=twice[:1])
    assert {tag["TagKey"] for tag in kms.list_resource_tags(KeyId=one)["Tags"]} == {"a", "team"}


def test_managed_keys_are_used_through_their_service_only(kms, refused):
    """Is aws/ssm AWS's own, shown to the account and used by nobody directly?"""
    shown = kms.describe_key(KeyId="alias/aws/ssm")["KeyMetadata"]
    assert shown["KeyManager"] == "AWS"
    refused(kms.encrypt, "AccessDeniedException", "kms:Encrypt", KeyId="alias/aws/ssm", Plaintext=b"x")
    refused(kms.schedule_key_deletion, "AccessDeniedException", KeyId=shown["KeyId"])
    assert kms.get_key_rotation_status(KeyId=shown["KeyId"])["KeyRotationEnabled"]


def test_multi_region_keys(kms, key, refused):
    """Same id and material elsewhere, its own aliases; only for a multi-Region key, once per Region."""
    refused(kms.replicate_key, "UnsupportedOperationException", KeyId=key(), ReplicaRegion="eu-west-1")
    one = key(MultiRegion=True)
    refused(kms.replicate_key, "ValidationException", KeyId=one, ReplicaRegion="us-east-1")
    kms.create_alias(AliasName="alias/here", TargetKeyId=one)
    replica = kms.replicate_key(KeyId=one, ReplicaRegion="eu-west-1")["ReplicaKeyMetadata"]
    assert replica["KeyId"] == one and ":eu-west-1:" in replica["Arn"]
    refused(kms.replicate_key, "AlreadyExistsException", KeyId=one, ReplicaRegion="eu-west-1")
    there = client("kms", "eu-west-1")
    assert not there.list_aliases(KeyId=one)["Aliases"]
    sealed = kms.encrypt(KeyId=one, Plaintext=b"x")["CiphertextBlob"]
    assert there.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"


def test_refused_on_the_command_line(key):
    """Does `aws` show code and sentence?"""
    one = key()
    answer = lab.aws(["kms", "schedule-key-deletion", "--key-id", one, "--pending-window-in-days", "3"])
    assert answer.exit_code and "ValidationException" in answer.error
