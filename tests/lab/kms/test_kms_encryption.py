"""Encrypt, decrypt, data keys, signatures and MACs."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

CONTEXTS = st.dictionaries(st.text("abc", min_size=1, max_size=3), st.text("xyz", max_size=3), max_size=2)


def test_the_context_must_be_the_same(kms, key, refused):
    """Is a ciphertext opened with the context it was made with, and with no other?"""
    sealed = kms.encrypt(KeyId=key(), Plaintext=b"x", EncryptionContext={"app": "shop"})["CiphertextBlob"]
    refused(kms.decrypt, "InvalidCiphertextException", CiphertextBlob=sealed)
    refused(kms.decrypt, "InvalidCiphertextException", CiphertextBlob=sealed, EncryptionContext={"app": "Shop"})
    assert kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"app": "shop"})["Plaintext"] == b"x"


@settings(max_examples=25, deadline=None)
@given(made=CONTEXTS, opened=CONTEXTS)
def test_any_two_contexts(made, opened):
    """Does decryption succeed exactly for the same pairs?"""
    from botocore.exceptions import ClientError
    from conftest import client

    kms = client("kms")
    one = kms.create_key()["KeyMetadata"]["KeyId"]
    sealed = kms.encrypt(KeyId=one, Plaintext=b"x", EncryptionContext=made)["CiphertextBlob"]
    if made == opened:
        assert kms.decrypt(CiphertextBlob=sealed, EncryptionContext=opened)["Plaintext"] == b"x"
    else:
        with pytest.raises(ClientError, match="InvalidCiphertextException"):
            kms.decrypt(CiphertextBlob=sealed, EncryptionContext=opened)


def test_sizes(kms, key, refused):
    """4,096 bytes with a symmetric key, what the padding leaves with RSA?"""
    one = key()
    refused(kms.encrypt, "ValidationException", "less than or equal to 4096", KeyId=one, Plaintext=b"x" * 4097)
    kms.encrypt(KeyId=one, Plaintext=b"x" * 4096)
    rsa = key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")
    encrypt = {"KeyId": rsa, "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    refused(kms.encrypt, "ValidationException", "larger than 190 bytes", Plaintext=b"x" * 191, **encrypt)
    sealed = kms.encrypt(Plaintext=b"x" * 190, **encrypt)["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=sealed, **encrypt)["Plaintext"] == b"x" * 190


def test_the_wrong_key(kms, key, refused):
    """Is another key named an error of its own, and is junk no ciphertext?"""
    one, other = key(), key()
    sealed = kms.encrypt(KeyId=one, Plaintext=b"x")["CiphertextBlob"]
    refused(kms.decrypt, "IncorrectKeyException", CiphertextBlob=sealed, KeyId=other)
    refused(kms.decrypt, "InvalidCiphertextException", CiphertextBlob=b"junk")
    refused(kms.decrypt, "InvalidCiphertextException", CiphertextBlob=sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert kms.decrypt(CiphertextBlob=sealed, KeyId=one)["Plaintext"] == b"x"


def test_keys_are_for_one_usage(kms, key, refused):
    """Is a key refused for what it is not for, in AWS's words?"""
    one, rsa = key(), key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    usage = "key usage is {} which is not valid for {}."
    refused(kms.encrypt, "InvalidKeyUsageException", usage.format("SIGN_VERIFY", "Encrypt"), KeyId=rsa, Plaintext=b"x")
    sign = {"Message": b"x", "SigningAlgorithm": "RSASSA_PSS_SHA_256"}
    refused(kms.sign, "InvalidKeyUsageException", usage.format("ENCRYPT_DECRYPT", "Sign"), KeyId=one, **sign)
    mac = {"Message": b"x", "MacAlgorithm": "HMAC_SHA_256"}
    refused(
        kms.generate_mac, "InvalidKeyUsageException", usage.format("ENCRYPT_DECRYPT", "GenerateMac"), KeyId=one, **mac
    )
    refused(kms.generate_data_key, "InvalidKeyUsageException", KeyId=rsa, KeySpec="AES_256")
    refused(
        kms.encrypt, "InvalidKeyUsageException", "incompatible with key spec SYMMETRIC_DEFAULT", KeyId=one,
        Plaintext=b"x", EncryptionAlgorithm="RSAES_OAEP_SHA_1",
    )  # fmt: skip


def test_data_keys_have_one_length(kms, key, refused):
    """KeySpec or NumberOfBytes, not both and not neither?"""
    one = key()
    both = "either number of bytes or key spec"
    refused(kms.generate_data_key, "ValidationException", both, KeyId=one)
    refused(kms.generate_data_key, "ValidationException", both, KeyId=one, KeySpec="AES_256", NumberOfBytes=32)
    refused(kms.generate_data_key, "ValidationException", "1024", KeyId=one, NumberOfBytes=1025)
    made = kms.generate_data_key(KeyId=one, KeySpec="AES_128", EncryptionContext={"a": "b"})
    assert len(made["Plaintext"]) == 16
    opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext={"a": "b"})
    assert opened["Plaintext"] == made["Plaintext"]
    assert "Plaintext" not in kms.generate_data_key_without_plaintext(KeyId=one, NumberOfBytes=64)
    pair = kms.generate_data_key_pair(KeyId=one, KeyPairSpec="ECC_NIST_P256")
    assert kms.decrypt(CiphertextBlob=pair["PrivateKeyCiphertextBlob"])["Plaintext"] == pair["PrivateKeyPlaintext"]


def test_re_encrypt(kms, key, refused):
    """From one key and context to another, without the plaintext?"""
    one, other = key(), key()
    sealed = kms.encrypt(KeyId=one, Plaintext=b"x", EncryptionContext={"a": "b"})["CiphertextBlob"]
    move = {"CiphertextBlob": sealed, "DestinationKeyId": other}
    refused(kms.re_encrypt, "InvalidCiphertextException", **move)
    moved = kms.re_encrypt(SourceEncryptionContext={"a": "b"}, **move)
    assert moved["KeyId"].endswith(other) and moved["SourceKeyId"].endswith(one)
    assert kms.decrypt(CiphertextBlob=moved["CiphertextBlob"], KeyId=other)["Plaintext"] == b"x"


@pytest.mark.parametrize(
    ("spec", "algorithm"),
    [("RSA_2048", "RSASSA_PSS_SHA_256"), ("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_512"), ("ECC_NIST_P384", "ECDSA_SHA_384")],
)
def test_signatures(kms, key, refused, spec, algorithm):
    """Is a signature valid for its message, as digest too, and an error for any other?"""
    import hashlib

    one = key(KeySpec=spec, KeyUsage="SIGN_VERIFY")
    sign = {"KeyId": one, "SigningAlgorithm": algorithm}
    signature = kms.sign(Message=b"m", **sign)["Signature"]
    assert kms.verify(Message=b"m", Signature=signature, **sign)["SignatureValid"]
    digest = getattr(hashlib, f"sha{algorithm[-3:]}")(b"m").digest()
    assert kms.verify(Message=digest, MessageType="DIGEST", Signature=signature, **sign)["SignatureValid"]
    refused(kms.verify, "KMSInvalidSignatureException", Message=b"n", Signature=signature, **sign)
    refused(
        kms.sign, "ValidationException", f"invalid length for algorithm {algorithm}", Message=b"m",
        MessageType="DIGEST", **sign,
    )  # fmt: skip
    refused(
        kms.sign, "InvalidKeyUsageException", "incompatible", KeyId=one, Message=b"m", SigningAlgorithm="ECDSA_SHA_256"
    )
    refused(kms.sign, "ValidationException", 4096, Message=b"m" * 4097, **sign)


def test_macs(kms, key, refused):
    """Is a MAC valid for its message and algorithm only?"""
    one = key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    mac = {"KeyId": one, "MacAlgorithm": "HMAC_SHA_256"}
    made = kms.generate_mac(Message=b"m", **mac)["Mac"]
    assert kms.verify_mac(Message=b"m", Mac=made, **mac)["MacValid"]
    refused(kms.verify_mac, "KMSInvalidMacException", Message=b"n", Mac=made, **mac)
    words = "Algorithm HMAC_SHA_512 is incompatible with key spec HMAC_256."
    refused(kms.generate_mac, "InvalidKeyUsageException", words, KeyId=one, Message=b"m", MacAlgorithm="HMAC_SHA_512")


def test_public_keys(kms, key, refused):
    """Has an asymmetric key one, and a symmetric key none?"""
    refused(kms.get_public_key, "UnsupportedOperationException", KeyId=key())
    shown = kms.get_public_key(KeyId=key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY"))
    assert shown["SigningAlgorithms"] == ["ECDSA_SHA_256"] and shown["PublicKey"]


def test_random_bytes(kms, refused):
    """Is the number needed, and at most 1,024?"""
    refused(kms.generate_random, "ValidationException", "NumberOfBytes is required.")
    refused(kms.generate_random, "ValidationException", "1024", NumberOfBytes=1025)
    assert len(kms.generate_random(NumberOfBytes=1024)["Plaintext"]) == 1024


def test_a_dry_run_changes_nothing_and_says_so(kms, key, refused):
    """DryRunOperationException, once everything else is right?"""
    one = key()
    refused(kms.encrypt, "DryRunOperationException", KeyId=one, Plaintext=os.urandom(4), DryRun=True, status=412)
