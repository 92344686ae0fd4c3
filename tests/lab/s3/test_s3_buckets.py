"""Names of buckets, what a new bucket is set to, and which policies are stored."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from course.lab.s3.bucket_requests import is_public
from course.lab.s3.buckets import is_bucket_name

ALL = "arn:aws:s3:::ana-files/*"


@pytest.fixture
def s3():
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="ana-files")
    return s3


def refused(call, code, words="", status=400, **params):
    with pytest.raises(ClientError) as caught:
        call(**params)
    error, meta = caught.value.response["Error"], caught.value.response["ResponseMetadata"]
    assert error["Code"] == code and words in error["Message"], error
    assert meta["HTTPStatusCode"] == status


def statement(**more):
    return {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": ALL, **more}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.mark.parametrize(
    "name, is_one",
    [
        ("ana", True),
        ("a" * 63, True),
        ("my.files-2026", True),
        ("ab", False),
        ("Ana", False),
        ("my_files", False),
        ("-files", False),
        ("files.", False),
        ("my..files", False),
        ("192.168.5.4", False),
        ("xn--files", False),
        ("files-s3alias", False),
    ],
)
def test_names(name, is_one):
    """The rules of general purpose buckets, and InvalidBucketName for the rest."""
    assert is_bucket_name(name) is is_one
    s3 = boto3.client("s3")
    if is_one:
        s3.create_bucket(Bucket=name)
    else:
        refused(s3.create_bucket, "InvalidBucketName", Bucket=name)


def test_a_new_bucket(s3):
    """Encrypted with AES256, all public access blocked, ACLs off."""
    assert s3.put_object(Bucket="ana-files", Key="a", Body=b"1")["ServerSideEncryption"] == "AES256"
    assert s3.get_object(Bucket="ana-files", Key="a")["ServerSideEncryption"] == "AES256"
    blocks = s3.get_public_access_block(Bucket="ana-files")["PublicAccessBlockConfiguration"]
    assert list(blocks.values()) == [True] * 4
    rules = s3.get_bucket_ownership_controls(Bucket="ana-files")["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    s3.delete_bucket_encryption(Bucket="ana-files")
    assert s3.get_bucket_encryption(Bucket="ana-files")


def test_acls(s3):
    """Refused for bucket and object while ACLs are off, accepted once they are on."""
    refused(s3.put_bucket_acl, "AccessControlListNotSupported", Bucket="ana-files", ACL="public-read")
    given = {"Bucket": "ana-files", "Key": "a", "Body": b"1"}
    refused(s3.put_object, "AccessControlListNotSupported", ACL="public-read", **given)
    s3.put_object(ACL="bucket-owner-full-control", **given)
    s3.put_bucket_ownership_controls(
        Bucket="ana-files", OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
    )
    s3.put_object(ACL="public-read", **given)
    refused(s3.create_bucket, "InvalidBucketAclWithObjectOwnership", Bucket="others", ACL="public-read")
    s3.create_bucket(Bucket="others", ACL="public-read", ObjectOwnership="ObjectWriter")


@pytest.mark.parametrize(
    "document, words",
    [
        ("{", "valid JSON"),
        (policy({"Effect": "Allow", "Action": "s3:GetObject", "Resource": ALL}), "Missing required field Principal"),
        (policy({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}), "Missing required field Resource"),
        (policy(statement(Effect="allow")), "Effect"),
        (policy(statement(Resource="arn:aws:s3:::others/*")), "Policy has invalid resource"),
        (policy(statement(Action="ec2:RunInstances")), "Policy has invalid action"),
        (policy(statement(Principal={"AWS": "arn:aws:iam::123456789012:user/bob"})), "Invalid principal in policy"),
    ],
)
def test_malformed_policies(s3, document, words):
    """MalformedPolicy, and nothing is stored."""
    refused(s3.put_bucket_policy, "MalformedPolicy", words, Bucket="ana-files", Policy=document)
    refused(s3.get_bucket_policy, "NoSuchBucketPolicy", status=404, Bucket="ana-files")


@pytest.mark.parametrize(
    "one, public",
    [
        (statement(), True),
        (statement(Principal={"AWS": ["*"]}), True),
        (statement(Condition={"Bool": {"aws:SecureTransport": "true"}}), True),
        (statement(Condition={"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}), True),
        (statement(Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}), False),
        (statement(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), False),
        (statement(Effect="Deny"), False),
        (statement(Principal={"AWS": "123456789012"}), False),
        (statement(Principal={"Service": "cloudfront.amazonaws.com"}), False),
    ],
)
def test_public_policies(s3, one, public):
    """Refused while public policies are blocked, stored once they are not."""
    assert is_public(one) is public
    if public:
        refused(s3.put_bucket_policy, "AccessDenied", "BlockPublicPolicy", 403, Bucket="ana-files", Policy=policy(one))
        s3.delete_public_access_block(Bucket="ana-files")
    s3.put_bucket_policy(Bucket="ana-files", Policy=policy(one))
