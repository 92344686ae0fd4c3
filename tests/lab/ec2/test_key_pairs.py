"""Key pairs."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa


def public(key):
    """The public half in OpenSSH's form."""
    return key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)


@pytest.mark.parametrize(
    "bad, word",
    [
        ({"KeyName": "x" * 256}, "255"),
        ({"KeyName": "schlüssel"}, "ASCII"),
        ({"KeyType": "dsa"}, "rsa, ed25519"),
        ({"KeyFormat": "pkcs12"}, "pem, ppk"),
    ],
)
def test_impossible_pairs(ec2, refused, bad, word):
    """Are other names, kinds and formats refused?"""
    refused(ec2.create_key_pair, "InvalidParameterValue", word, **{"KeyName": "mine", **bad})


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
@pytest.mark.parametrize("form", ["pem", "ppk"])
def test_the_private_key_comes_in_the_format_asked_for(ec2, kind, form):
    """Is a PEM file PEM and a PuTTY file PuTTY's?"""
    made = ec2.create_key_pair(KeyName=f"{kind}-{form}", KeyType=kind, KeyFormat=form)
    assert made["KeyPairId"].startswith("key-") and made["KeyFingerprint"]
    start = made["KeyMaterial"].splitlines()[0]
    if form == "pem":
        assert start.startswith("-----BEGIN ")
    else:
        assert start == f"PuTTY-User-Key-File-2: ssh-{kind}"
        assert made["KeyMaterial"].splitlines()[-1].startswith("Private-MAC: ")


def test_a_name_is_used_once(ec2, refused):
    """Is a second pair of the same name refused, made or imported, until the first is deleted?"""
    ec2.create_key_pair(KeyName="mine")
    refused(ec2.create_key_pair, "InvalidKeyPair.Duplicate", "mine", KeyName="mine")
    key = public(ed25519.Ed25519PrivateKey.generate())
    refused(ec2.import_key_pair, "InvalidKeyPair.Duplicate", "mine", KeyName="mine", PublicKeyMaterial=key)
    ec2.delete_key_pair(KeyName="mine")
    ec2.delete_key_pair(KeyName="mine")
    ec2.import_key_pair(KeyName="mine", PublicKeyMaterial=key)
    refused(ec2.describe_key_pairs, "InvalidKeyPair.NotFound", "'yours' does not exist", KeyNames=["mine", "yours"])


def test_import(ec2, refused):
    """Is only an OpenSSH public key imported, of a kind and length that EC2 takes?"""
    short = rsa.generate_private_key(65537, 1536)
    private = short.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for bad in (b"no key", b"", private, public(short), public(ec.generate_private_key(ec.SECP256R1()))):
        refused(ec2.import_key_pair, "InvalidKey.Format", KeyName="bad", PublicKeyMaterial=bad)
    made = ec2.import_key_pair(KeyName="good", PublicKeyMaterial=public(rsa.generate_private_key(65537, 2048)))
    assert made["KeyFingerprint"]


def test_windows_takes_no_ed25519(ec2, launch, refused):
    """Is the key refused for Windows and accepted for Linux?"""
    ec2.create_key_pair(KeyName="ed", KeyType="ed25519")
    (windows,) = ec2.describe_images(Filters=[{"Name": "platform", "Values": ["windows"]}])["Images"]
    wanted = {"ImageId": windows["ImageId"], "InstanceType": "t3.large", "MinCount": 1, "MaxCount": 1}
    refused(ec2.run_instances, "InvalidParameterCombination", "Windows", **wanted, KeyName="ed")
    assert launch(KeyName="ed")
