"""SecureString parameters and who may decrypt them."""

import pytest
from iam_learners import allow, user
from iam_learners import refused as denied

START = "arn:aws:ssm:us-east-1:123456789012:parameter"


@pytest.fixture
def secure(ssm):
    """Put a SecureString called /app/password."""

    def secure(**more):
        ssm.put_parameter(Name="/app/password", Value="s3cret", Type="SecureString", **more)

    return secure


def test_shown_encrypted_unless_asked(ssm, secure):
    """Also by path, in lists and in the history?"""
    secure()
    shown = ssm.get_parameter(Name="/app/password")["Parameter"]["Value"]
    assert "s3cret" not in shown and shown.startswith("AQICAHh")
    assert ssm.get_parameter(Name="/app/password", WithDecryption=True)["Parameter"]["Value"] == "s3cret"
    for call, more in (
        (ssm.get_parameters, {"Names": ["/app/password"]}),
        (ssm.get_parameters_by_path, {"Path": "/app"}),
        (ssm.get_parameter_history, {"Name": "/app/password"}),
    ):
        assert "s3cret" not in call(**more)["Parameters"][0]["Value"]
        assert call(WithDecryption=True, **more)["Parameters"][0]["Value"] == "s3cret"


def test_an_encrypted_parameter_can_become_plain(ssm, secure):
    """SecureString to String is taken, as was observed of AWS?"""
    secure()
    ssm.put_parameter(Name="/app/password", Value="x", Type="String", Overwrite=True)
    assert ssm.get_parameter(Name="/app/password")["Parameter"]["Value"] == "x"


def test_keys(ssm, kms, key, secure, refused):
    """One that exists, is usable, symmetric, and only for a SecureString?"""
    new = {"Name": "/a", "Value": "x"}
    put = ssm.put_parameter
    refused(put, "InvalidKeyId", "alias/none is not found", KeyId="alias/none", Type="SecureString", **new)
    words = "KeyId is required for SecureString type parameter only."
    refused(put, "ValidationException", words, KeyId=key(), Type="String", **new)
    one = key()
    secure(KeyId=one)
    kms.disable_key(KeyId=one)
    refused(put, "InvalidKeyId", "is disabled", KeyId=one, Type="SecureString", **new)
    refused(ssm.get_parameter, "InvalidKeyId", "is disabled", Name="/app/password", WithDecryption=True)
    refused(ssm.get_parameters_by_path, "InvalidKeyId", "is disabled", Path="/app", WithDecryption=True)
    ssm.get_parameter(Name="/app/password")


def test_decryption_needs_the_key_too(ssm, kms, key, secure):
    """kms:Decrypt for a customer managed key, on that key; none for aws/ssm?"""
    one = key()
    secure(KeyId=one)
    ssm.put_parameter(Name="/app/default", Value="plain", Type="SecureString")
    ana = user(allow("ssm:GetParameter", on=f"{START}/app/*"))("ssm")
    assert ana.get_parameter(Name="/app/default", WithDecryption=True)["Parameter"]["Value"] == "plain"
    ana.get_parameter(Name="/app/password")
    denied(
        ana.get_parameter, "AccessDeniedException", "kms:Decrypt", status=400, Name="/app/password", WithDecryption=True
    )
    arn = kms.describe_key(KeyId=one)["KeyMetadata"]["Arn"]
    when = {"StringEquals": {"kms:EncryptionContext:PARAMETER_ARN": f"{START}/app/password"}}
    bob = user(allow("ssm:GetParameter"), allow("kms:Decrypt", on=arn, Condition=when), name="bob")("ssm")
    assert bob.get_parameter(Name="/app/password", WithDecryption=True)["Parameter"]["Value"] == "s3cret"


def test_a_path_is_the_resource(ssm, secure):
    """Is a parameter outside the path denied?"""
    secure()
    ssm.put_parameter(Name="/other", Value="x", Type="String")
    ana = user(allow("ssm:GetParameter", on=f"{START}/app/*"))("ssm")
    denied(ana.get_parameter, "AccessDeniedException", f"{START}/other", status=400, Name="/other")


def test_tags_decide_too(ssm):
    """aws:ResourceTag of a parameter?"""
    ssm.put_parameter(Name="/a", Value="x", Type="String", Tags=[{"Key": "team", "Value": "blue"}])
    ssm.put_parameter(Name="/b", Value="x", Type="String")
    when = {"StringEquals": {"aws:ResourceTag/team": "blue"}}
    ana = user(allow("ssm:GetParameter", Condition=when))("ssm")
    ana.get_parameter(Name="/a")
    denied(ana.get_parameter, "AccessDeniedException", status=400, Name="/b")


def test_a_secret_by_reference(ssm, manager, refused):
    """/aws/reference/secretsmanager/..., with decryption only?"""
    manager.create_secret(Name="db", SecretString="one")
    name = "/aws/reference/secretsmanager/db"
    refused(ssm.get_parameter, "ValidationException", "WithDecryption flag must be True", Name=name)
    assert ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] == "one"
