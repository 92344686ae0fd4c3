"""Key policies and grants: who may use a key."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError
from iam_learners import ACCOUNT, allow, deny, policy, role, session, user
from iam_learners import refused as denied

ANA = f"arn:aws:iam::{ACCOUNT}:user/ana"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ADMIN = f"arn:aws:iam::{ACCOUNT}:user/administrator"


def to(principal, *actions, effect="Allow", **more):
    """A statement of a key policy."""
    return {"Effect": effect, "Principal": {"AWS": principal}, "Action": list(actions), "Resource": "*", **more}


def test_the_default_policy_lets_iam_decide(kms, key):
    """With the account in the key policy, an identity policy is enough, and needed?"""
    one, ana = key(), user()
    words = "no identity-based policy allows the kms:Encrypt action"
    denied(ana("kms").encrypt, "AccessDeniedException", words, status=400, KeyId=one, Plaintext=b"x")
    bob = user(allow("kms:Encrypt"), name="bob")
    bob("kms").encrypt(KeyId=one, Plaintext=b"x")
    denied(bob("kms").generate_data_key, "AccessDeniedException", status=400, KeyId=one, KeySpec="AES_256")


def test_without_the_account_in_it_iam_counts_for_nothing(kms, key):
    """Is a user with kms:* refused, and one that the key policy names let in without any policy?"""
    ana, bob = user(), user(allow("kms:*"), name="bob")
    one = key(Policy=policy(to(ADMIN, "kms:*"), to(ANA, "kms:Encrypt")))
    words = "no resource-based policy allows the kms:Encrypt action"
    denied(bob("kms").encrypt, "AccessDeniedException", words, status=400, KeyId=one, Plaintext=b"x")
    ana("kms").encrypt(KeyId=one, Plaintext=b"x")
    denied(ana("kms").decrypt, "AccessDeniedException", status=400, KeyId=one, CiphertextBlob=b"x" * 80)


def test_an_explicit_deny_wins(kms, key):
    """Also over the key policy?"""
    ana = user(deny("kms:Encrypt"))
    one = key(Policy=policy(to(ROOT, "kms:*"), to(ANA, "kms:*")))
    denied(ana("kms").encrypt, "AccessDeniedException", "explicit deny", status=400, KeyId=one, Plaintext=b"x")


def test_decrypt_is_decided_on_the_key_in_the_ciphertext(kms, key):
    """Also where the request names none?"""
    one, other = key(), key()
    arn = kms.describe_key(KeyId=one)["KeyMetadata"]["Arn"]
    ana = user(allow("kms:Decrypt", on=arn))("kms")
    sealed = [kms.encrypt(KeyId=which, Plaintext=b"x")["CiphertextBlob"] for which in (one, other)]
    assert ana.decrypt(CiphertextBlob=sealed[0])["Plaintext"] == b"x"
    denied(ana.decrypt, "AccessDeniedException", other, status=400, CiphertextBlob=sealed[1])


def test_conditions_on_the_encryption_context(kms, key):
    """Does kms:EncryptionContext:app decide?"""
    when = {"StringEquals": {"kms:EncryptionContext:app": "shop"}}
    ana = user(allow("kms:Encrypt", Condition=when))("kms")
    one = key()
    ana.encrypt(KeyId=one, Plaintext=b"x", EncryptionContext={"app": "shop"})
    denied(ana.encrypt, "AccessDeniedException", status=400, KeyId=one, Plaintext=b"x")


def test_re_encrypt_is_two_permissions(kms, key):
    """ReEncryptFrom on one key and ReEncryptTo on the other?"""
    one, other = key(), key()
    sealed = kms.encrypt(KeyId=one, Plaintext=b"x")["CiphertextBlob"]
    ana = user(allow("kms:ReEncryptFrom"))("kms")
    move = {"CiphertextBlob": sealed, "DestinationKeyId": other}
    denied(ana.re_encrypt, "AccessDeniedException", "kms:ReEncryptTo", status=400, **move)
    user(allow("kms:ReEncrypt*"), name="bob")("kms").re_encrypt(**move)


def test_a_policy_must_not_lock_its_author_out(kms, key, refused):
    """Is it refused, and accepted with the bypass, after which nobody else gets in?"""
    user()
    one = key()
    locked = policy(to(ANA, "kms:*"))
    words = "The new key policy will not allow you to update the key policy in the future."
    refused(kms.put_key_policy, "MalformedPolicyDocumentException", words, KeyId=one, Policy=locked)
    refused(kms.create_key, "MalformedPolicyDocumentException", words, Policy=locked)
    kms.put_key_policy(KeyId=one, Policy=locked, BypassPolicyLockoutSafetyCheck=True)
    with pytest.raises(ClientError, match="no resource-based policy allows the kms:Encrypt action"):
        kms.encrypt(KeyId=one, Plaintext=b"x")


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{", ""),
        (policy({"Effect": "Allow", "Action": "kms:*", "Resource": "*"}), "no principal"),
        (policy(to(f"arn:aws:iam::{ACCOUNT}:user/nobody", "kms:*")), "invalid principals"),
        (policy(to(ROOT, "encrypt")), ""),
    ],
)
def test_policies_that_are_none(kms, key, refused, document, words):
    """MalformedPolicyDocumentException for grammar and for principals that do not exist?"""
    refused(
        kms.put_key_policy,
        "MalformedPolicyDocumentException",
        words,
        KeyId=key(),
        PolicyName="default",
        Policy=document,
    )


def test_a_key_has_one_policy(kms, key, refused):
    """Is its name default, also where it is left out?"""
    one, text = key(), policy(to(ROOT, "kms:*"))
    refused(kms.get_key_policy, "NotFoundException", KeyId=one, PolicyName="other")
    kms.put_key_policy(KeyId=one, Policy=text)
    assert kms.get_key_policy(KeyId=one)["Policy"] == text


def test_a_grant_is_a_permission(kms, key):
    """For the operations, the grantee and the context that it names, until it is revoked?"""
    one, ana = key(), user()
    bound = {"EncryptionContextSubset": {"app": "shop"}}
    grant = kms.create_grant(KeyId=one, GranteePrincipal=ANA, Operations=["Encrypt", "DescribeKey"], Constraints=bound)
    encrypt = {"KeyId": one, "Plaintext": b"x"}
    ana("kms").describe_key(KeyId=one)
    ana("kms").encrypt(EncryptionContext={"app": "shop", "more": "1"}, **encrypt)
    denied(ana("kms").encrypt, "AccessDeniedException", status=400, **encrypt)
    denied(ana("kms").generate_data_key, "AccessDeniedException", status=400, KeyId=one, KeySpec="AES_256")
    kms.revoke_grant(KeyId=one, GrantId=grant["GrantId"])
    denied(ana("kms").describe_key, "AccessDeniedException", status=400, KeyId=one)


def test_a_grant_to_a_role(kms, key):
    """Does a session of the role have it?"""
    one, arn = key(), role("app")
    kms.create_grant(KeyId=one, GranteePrincipal=arn, Operations=["Encrypt"])
    credentials = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
    session(credentials)("kms").encrypt(KeyId=one, Plaintext=b"x")


def test_grants_that_aws_refuses(kms, key, refused):
    """Operations the key does not have, principals that do not exist, grants that are not there?"""
    user()
    one, rsa = key(), key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    grant = {"KeyId": one, "GranteePrincipal": ANA}
    refused(kms.create_grant, "ValidationException", "Sign", Operations=["Sign"], **grant)
    refused(kms.create_grant, "ValidationException", KeyId=rsa, GranteePrincipal=ANA, Operations=["Encrypt"])
    refused(kms.create_grant, "InvalidArnException", KeyId=one, GranteePrincipal=ANA + "x", Operations=["Encrypt"])
    refused(kms.create_grant, "InvalidArnException", KeyId=one, GranteePrincipal="ana", Operations=["Encrypt"])
    made = kms.create_grant(Operations=["Encrypt"], Name="a", **grant)
    assert kms.create_grant(Operations=["Encrypt"], Name="a", **grant)["GrantId"] == made["GrantId"]
    refused(kms.revoke_grant, "NotFoundException", KeyId=one, GrantId="0" * 64)
    refused(kms.retire_grant, "InvalidGrantTokenException", GrantToken="none")
    kms.retire_grant(GrantToken=made["GrantToken"])
    assert not kms.list_grants(KeyId=one)["Grants"]
    kms.disable_key(KeyId=one)
    refused(kms.create_grant, "DisabledException", Operations=["Encrypt"], **grant)


def test_queues_and_topics_refuse_with_a_useless_key(kms, key):
    """What does SQS say when its key is disabled, and SNS?"""
    one = key()
    sqs, sns = boto3.client("sqs"), boto3.client("sns")
    url = sqs.create_queue(QueueName="q", Attributes={"KmsMasterKeyId": one})["QueueUrl"]
    topic = sns.create_topic(Name="t", Attributes={"KmsMasterKeyId": one})["TopicArn"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    sns.publish(TopicArn=topic, Message="x")
    kms.disable_key(KeyId=one)
    denied(sqs.send_message, "KMS.DisabledException", "is disabled", status=400, QueueUrl=url, MessageBody="x")
    denied(sns.publish, "KMSDisabled", "is disabled", status=400, TopicArn=topic, Message="x")


def test_policies_are_json_that_the_account_shows(kms, key):
    """Is the default policy the account's own?"""
    shown = json.loads(kms.get_key_policy(KeyId=key())["Policy"])
    assert shown["Statement"][0]["Principal"] == {"AWS": ROOT}
