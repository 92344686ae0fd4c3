"""Imported key material, key agreement, and the life of multi-Region keys."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from conftest import client
from cryptography.hazmat.primitives import hashes, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

from course import lab

FOREVER = {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}


def wrapped(public, material, algorithm):
    """The material as a customer wraps it."""
    hash_ = hashes.SHA1() if algorithm.endswith("_1") else hashes.SHA256()
    oaep = padding.OAEP(mgf=padding.MGF1(hash_), algorithm=hash_, label=None)
    key = serialization.load_der_public_key(public)
    if algorithm.startswith("RSA_AES"):
        aes = os.urandom(32)
        return key.encrypt(aes, oaep) + keywrap.aes_key_wrap_with_padding(aes, material)
    return key.encrypt(material, oaep)


@pytest.fixture
def parcel(kms):
    """What ImportKeyMaterial takes for this key and material."""

    def parcel(key_id, material=b"m" * 32, algorithm="RSAES_OAEP_SHA_256", kms=kms):
        given = kms.get_parameters_for_import(KeyId=key_id, WrappingAlgorithm=algorithm, WrappingKeySpec="RSA_2048")
        return {
            "KeyId": key_id,
            "ImportToken": given["ImportToken"],
            "EncryptedKeyMaterial": wrapped(given["PublicKey"], material, algorithm),
        }

    return parcel


@pytest.mark.parametrize("algorithm", ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "RSA_AES_KEY_WRAP_SHA_256"])
def test_material_makes_the_key_usable(kms, key, parcel, algorithm):
    """Is a key without material enabled by its import?"""
    one = key(Origin="EXTERNAL")
    made = kms.import_key_material(**parcel(one, algorithm=algorithm), **FOREVER)
    shown = kms.describe_key(KeyId=one)["KeyMetadata"]
    assert (shown["KeyState"], shown["ExpirationModel"]) == ("Enabled", FOREVER["ExpirationModel"])
    assert len(made["KeyMaterialId"]) == 64 and "ValidTo" not in shown
    sealed = kms.encrypt(KeyId=one, Plaintext=b"x")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"


def test_only_for_external_keys(kms, key, refused):
    """Is a key with material of AWS KMS's own refused?"""
    how, code = (
        {"WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048"},
        "UnsupportedOperationException",
    )
    refused(kms.get_parameters_for_import, code, "origin is AWS_KMS", KeyId=key(), **how)
    refused(kms.delete_imported_key_material, code, "origin is AWS_KMS", KeyId=key())
    one = key(Origin="EXTERNAL")
    refused(kms.get_parameters_for_import, code, KeyId=one, **{**how, "WrappingAlgorithm": "RSAES_PKCS1_V1_5"})
    kms.schedule_key_deletion(KeyId=one)
    refused(kms.get_parameters_for_import, "KMSInvalidStateException", KeyId=one, **how)
    assert kms.cancel_key_deletion(KeyId=one)
    assert kms.describe_key(KeyId=one)["KeyMetadata"]["KeyState"] == "PendingImport"


def test_wrong_material(kms, key, parcel, refused):
    """The key's own token, wrapped for it, of 32 bytes, and always the same?"""
    one, call = key(Origin="EXTERNAL"), kms.import_key_material
    good, short = parcel(one), parcel(one, b"m" * 16)
    refused(call, "InvalidImportTokenException", **{**good, "ImportToken": b"none"}, **FOREVER)
    refused(call, "InvalidCiphertextException", **{**good, "EncryptedKeyMaterial": b"none"}, **FOREVER)
    refused(call, "IncorrectKeyMaterialException", **short, **FOREVER)
    with lab.context(time=datetime.now(UTC) + timedelta(hours=25)):
        refused(call, "ExpiredImportTokenException", **good, **FOREVER)
    call(**good, **FOREVER)
    refused(call, "IncorrectKeyMaterialException", **parcel(one, b"n" * 32), **FOREVER)
    call(**parcel(one), **FOREVER)


def test_material_expires_and_comes_again(kms, key, parcel, refused):
    """By its date within 365 days, or by deletion?"""
    one, call, now = key(Origin="EXTERNAL"), kms.import_key_material, datetime.now(UTC)
    refused(call, "ValidationException", "validTo", **parcel(one))
    refused(call, "ValidationException", "validTo", **parcel(one), **FOREVER, ValidTo=now + timedelta(days=1))
    refused(call, "ValidationException", "365", **parcel(one), ValidTo=now + timedelta(days=366))
    refused(call, "ValidationException", "future", **parcel(one), ValidTo=now - timedelta(days=1))
    call(**parcel(one), ValidTo=now + timedelta(days=10))
    sealed = kms.encrypt(KeyId=one, Plaintext=b"x")["CiphertextBlob"]
    with lab.context(time=now + timedelta(days=11)):
        refused(kms.decrypt, "KMSInvalidStateException", "pending import", KeyId=one, CiphertextBlob=sealed)
        call(**parcel(one), **FOREVER)
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"
    kms.delete_imported_key_material(KeyId=one)
    refused(kms.decrypt, "KMSInvalidStateException", "pending import", CiphertextBlob=sealed)
    call(**parcel(one), **FOREVER)
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"


def test_peers_agree(kms, key, refused):
    """Do two keys on one curve come to one secret, and no other keys?"""
    pair = {"KeySpec": "ECC_NIST_P256", "KeyUsage": "KEY_AGREEMENT"}
    alice, bob = key(**pair), key(**pair)
    public = {one: kms.get_public_key(KeyId=one) for one in (alice, bob)}
    assert public[alice]["KeyAgreementAlgorithms"] == ["ECDH"] and "SigningAlgorithms" not in public[alice]
    assert kms.describe_key(KeyId=alice)["KeyMetadata"]["KeyAgreementAlgorithms"] == ["ECDH"]
    how = {"KeyAgreementAlgorithm": "ECDH"}
    first = kms.derive_shared_secret(KeyId=alice, PublicKey=public[bob]["PublicKey"], **how)["SharedSecret"]
    second = kms.derive_shared_secret(KeyId=bob, PublicKey=public[alice]["PublicKey"], **how)["SharedSecret"]
    assert first == second and len(first) == 32
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    other = ec.generate_private_key(ec.SECP384R1()).public_key().public_bytes(serialization.Encoding.DER, form)
    call = kms.derive_shared_secret
    refused(call, "ValidationException", "curve", KeyId=alice, PublicKey=other, **how)
    refused(call, "ValidationException", "X.509", KeyId=alice, PublicKey=b"x", **how)
    signs = key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    refused(call, "InvalidKeyUsageException", KeyId=signs, PublicKey=public[bob]["PublicKey"], **how)
    kms.disable_key(KeyId=alice)
    refused(call, "DisabledException", KeyId=alice, PublicKey=public[bob]["PublicKey"], **how)


def test_the_primary_key_moves(kms, key, refused):
    """To a Region with a replica, on the primary key's request?"""
    one, there = key(MultiRegion=True), client("kms", "eu-west-1")
    call = kms.update_primary_region
    refused(call, "UnsupportedOperationException", KeyId=key(), PrimaryRegion="eu-west-1")
    refused(call, "NotFoundException", KeyId=one, PrimaryRegion="eu-west-1")
    kms.replicate_key(KeyId=one, ReplicaRegion="eu-west-1")
    refused(there.update_primary_region, "UnsupportedOperationException", KeyId=one, PrimaryRegion="us-east-1")
    kinds = lambda: [
        c.describe_key(KeyId=one)["KeyMetadata"]["MultiRegionConfiguration"]["MultiRegionKeyType"] for c in (kms, there)
    ]
    assert kinds() == kinds() == ["PRIMARY", "REPLICA"]
    call(KeyId=one, PrimaryRegion="eu-west-1")
    assert kinds() == ["REPLICA", "PRIMARY"]
    there.replicate_key(KeyId=one, ReplicaRegion="us-west-2")
    refused(kms.replicate_key, "UnsupportedOperationException", KeyId=one, ReplicaRegion="eu-west-2")


def test_a_primary_key_waits_for_its_replicas(kms, key, refused):
    """Does its waiting period begin when the last replica is gone?"""
    one, there, now = key(MultiRegion=True), client("kms", "eu-west-1"), datetime.now(UTC)
    kms.replicate_key(KeyId=one, ReplicaRegion="eu-west-1")
    made = kms.schedule_key_deletion(KeyId=one, PendingWindowInDays=7)
    assert made["KeyState"] == "PendingReplicaDeletion" and "DeletionDate" not in made
    assert kms.describe_key(KeyId=one)["KeyMetadata"]["PendingDeletionWindowInDays"] == 7
    refused(kms.encrypt, "KMSInvalidStateException", KeyId=one, Plaintext=b"x")
    assert there.encrypt(KeyId=one, Plaintext=b"x")
    kms.cancel_key_deletion(KeyId=one)
    kms.schedule_key_deletion(KeyId=one, PendingWindowInDays=7)
    there.schedule_key_deletion(KeyId=one, PendingWindowInDays=10)
    with lab.context(time=now + timedelta(days=11)):
        shown = kms.describe_key(KeyId=one)["KeyMetadata"]
        assert shown["KeyState"] == "PendingDeletion" and (shown["DeletionDate"] - now).days == 17
    with lab.context(time=now + timedelta(days=18)):
        refused(kms.describe_key, "NotFoundException", KeyId=one)
