"""Who may read a secret: its own policy, its key, and another account."""

import json

import boto3
import pytest
from iam_learners import ACCOUNT, allow, policy, session, user
from iam_learners import refused as denied

ANA = f"arn:aws:iam::{ACCOUNT}:user/ana"
ADMIN = f"arn:aws:iam::{ACCOUNT}:user/administrator"
GET = "secretsmanager:GetSecretValue"


def to(principal, *actions, effect="Allow", **more):
    """A statement of a secret's policy."""
    return {"Effect": effect, "Principal": principal, "Action": list(actions), "Resource": "*", **more}


@pytest.fixture
def secret(manager):
    """A secret called db."""
    return manager.create_secret(Name="db", SecretString="one")["ARN"]


@pytest.fixture
def elsewhere():
    """A session of a role with these statements in another account of the organization: (account, session)."""

    def elsewhere(*statements):
        from moto.iam.models import iam_backends

        organizations = boto3.client("organizations")
        organizations.create_organization(FeatureSet="ALL")
        made = organizations.create_account(AccountName="other", Email="other@example.com")["CreateAccountStatus"]
        account = made["AccountId"]
        backend = iam_backends[account]["aws"]
        trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
        backend.create_role("reader", policy(trust), "/", None, "", [], 3600)
        backend.put_role_policy("reader", "own", policy(*statements))
        arn = f"arn:aws:iam::{account}:role/reader"
        return account, session(boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"])

    return elsewhere


def test_a_secrets_own_policy_lets_in(manager, secret):
    """Without any identity policy?"""
    ana = user()("secretsmanager")
    denied(ana.get_secret_value, "AccessDeniedException", GET, status=400, SecretId="db")
    manager.put_resource_policy(SecretId="db", ResourcePolicy=policy(to({"AWS": ANA}, GET)))
    assert ana.get_secret_value(SecretId="db")["SecretString"] == "one"
    denied(ana.describe_secret, "AccessDeniedException", status=400, SecretId="db")
    manager.delete_resource_policy(SecretId="db")
    denied(ana.get_secret_value, "AccessDeniedException", status=400, SecretId="db")


def test_a_deny_in_it_holds_for_the_administrator_too(manager, secret, refused):
    """Is the administrator kept out by name?"""
    manager.put_resource_policy(SecretId="db", ResourcePolicy=policy(to({"AWS": ADMIN}, GET, effect="Deny")))
    refused(
        manager.get_secret_value, "AccessDeniedException", "explicit deny in a resource-based policy", SecretId="db"
    )
    manager.describe_secret(SecretId="db")


def test_another_account(manager, kms, secret, elsewhere):
    """Both sides must allow, the secret needs its ARN, and a key that the other account may use."""
    account, other = elsewhere(allow("secretsmanager:*", "kms:*"))
    there = other("secretsmanager")
    denied(there.get_secret_value, "AccessDeniedException", status=400, SecretId=secret)
    role = {"AWS": f"arn:aws:iam::{account}:role/reader"}
    manager.put_resource_policy(SecretId="db", ResourcePolicy=policy(to(role, GET)))
    words = "if you encrypt the secret with the default KMS service key"
    denied(there.get_secret_value, "InvalidRequestException", words, status=400, SecretId=secret)
    key = kms.create_key()["KeyMetadata"]
    manager.update_secret(SecretId="db", KmsKeyId=key["Arn"], SecretString="two")
    words = "Access to KMS is not allowed"
    denied(there.get_secret_value, "AccessDeniedException", words, status=400, SecretId=secret)
    held = json.loads(kms.get_key_policy(KeyId=key["KeyId"])["Policy"])["Statement"]
    kms.put_key_policy(KeyId=key["KeyId"], Policy=policy(*held, to(role, "kms:Decrypt")))
    assert there.get_secret_value(SecretId=secret)["SecretString"] == "two"
    denied(there.get_secret_value, "ResourceNotFoundException", status=400, SecretId="db")


def test_a_customer_managed_key_needs_its_permission(manager, kms, key):
    """kms:Decrypt beside GetSecretValue; kms:ViaService shows the way?"""
    one = key()
    arn = kms.describe_key(KeyId=one)["KeyMetadata"]["Arn"]
    manager.create_secret(Name="db", SecretString="one", KmsKeyId=one)
    ana = user(allow(GET))("secretsmanager")
    denied(ana.get_secret_value, "AccessDeniedException", "Access to KMS is not allowed", status=400, SecretId="db")
    when = {"StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}}
    bob = user(allow(GET), allow("kms:Decrypt", on=arn, Condition=when), name="bob")
    assert bob("secretsmanager").get_secret_value(SecretId="db")["SecretString"] == "one"
    sealed = kms.encrypt(KeyId=one, Plaintext=b"x")["CiphertextBlob"]
    denied(bob("kms").decrypt, "AccessDeniedException", status=400, CiphertextBlob=sealed)


def test_keys_that_cannot_encrypt(manager, key, kms, refused):
    """A key that does not exist, is asymmetric, or disabled?"""
    create = {"Name": "db", "SecretString": "one"}
    words = "The operation failed because of an invalid KMS key"
    refused(manager.create_secret, "InvalidParameterException", words, KmsKeyId="none", **create)
    rsa = key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")
    refused(manager.create_secret, "InvalidParameterException", words, KmsKeyId=rsa, **create)
    one = key()
    manager.create_secret(KmsKeyId=one, **create)
    kms.disable_key(KeyId=one)
    refused(manager.get_secret_value, "DecryptionFailure", "is disabled", SecretId="db")
    refused(manager.put_secret_value, "EncryptionFailure", "is disabled", SecretId="db", SecretString="two")
    refused(manager.create_secret, "EncryptionFailure", Name="b", SecretString="x", KmsKeyId=one)
    kms.enable_key(KeyId=one)
    assert manager.get_secret_value(SecretId="db")["SecretString"] == "one"


def test_a_batch_is_decided_secret_by_secret(manager, secret):
    """Does each need GetSecretValue?"""
    manager.create_secret(Name="other", SecretString="two")
    ana = user(allow("secretsmanager:BatchGetSecretValue"), allow(GET, on=secret))("secretsmanager")
    answer = ana.batch_get_secret_value(SecretIdList=["db", "other"])
    assert [one["Name"] for one in answer["SecretValues"]] == ["db"]
    assert [one["ErrorCode"] for one in answer["Errors"]] == ["AccessDeniedException"]


@pytest.mark.parametrize(
    "document",
    ["{", policy(to({"AWS": f"arn:aws:iam::{ACCOUNT}:user/nobody"}, GET)), policy({"Effect": "Allow", "Action": GET})],
)
def test_policies_that_are_none(manager, secret, refused, document):
    """MalformedPolicyDocumentException for grammar and unknown principals?"""
    refused(manager.put_resource_policy, "MalformedPolicyDocumentException", SecretId="db", ResourcePolicy=document)


def test_public_policies(manager, secret, refused):
    """Blocked when asked for, reported by validation, and not public with a condition that narrows it?"""
    public = policy(to("*", GET))
    narrow = policy(to("*", GET, Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}))
    put = {"SecretId": "db", "BlockPublicPolicy": True}
    refused(manager.put_resource_policy, "PublicPolicyException", "broad access", ResourcePolicy=public, **put)
    assert not manager.validate_resource_policy(ResourcePolicy=public)["PolicyValidationPassed"]
    assert manager.validate_resource_policy(ResourcePolicy=narrow)["PolicyValidationPassed"]
    manager.put_resource_policy(ResourcePolicy=narrow, **put)
    manager.put_resource_policy(SecretId="db", ResourcePolicy=public)
