"""IAM for S3: buckets, objects, prefixes, bucket policies, anonymous callers."""

import boto3
import pytest
from iam_learners import ACCOUNT, allow, deny, policy, refused, role, session, user

from course.lab.iam.s3 import bucket_action, object_action

BUCKET = "arn:aws:s3:::photos"


@pytest.fixture
def s3():
    made = boto3.client("s3")
    made.create_bucket(Bucket="photos")
    made.put_object(Bucket="photos", Key="home/ana/a b.txt", Body=b"x")
    made.put_object(Bucket="photos", Key="home/bob/b.txt", Body=b"y")
    return made


def test_objects_and_prefixes(s3):
    """Own prefix by policy variable, listing by s3:prefix, the ARN in quotation marks."""
    own = allow("s3:GetObject", "s3:PutObject", on=f"{BUCKET}/home/${{aws:username}}/*")
    listing = allow("s3:ListBucket", on=BUCKET, Condition={"StringLike": {"s3:prefix": "home/${aws:username}/*"}})
    ana = user(own, listing)("s3")
    assert ana.get_object(Bucket="photos", Key="home/ana/a b.txt")["Body"].read() == b"x"
    ana.head_object(Bucket="photos", Key="home/ana/a b.txt")
    message = refused(ana.get_object, "AccessDenied", Bucket="photos", Key="home/bob/b.txt")
    assert message == (
        f"User: arn:aws:iam::{ACCOUNT}:user/ana is not authorized to perform: s3:GetObject "
        f'on resource: "{BUCKET}/home/bob/b.txt" because no identity-based policy allows the s3:GetObject action'
    )
    ana.list_objects_v2(Bucket="photos", Prefix="home/ana/")
    refused(ana.list_objects_v2, "AccessDenied", "s3:ListBucket", Bucket="photos")
    refused(ana.head_object, "403", "Forbidden", Bucket="photos", Key="home/bob/b.txt")
    refused(ana.delete_object, "AccessDenied", "s3:DeleteObject", Bucket="photos", Key="home/ana/a b.txt")
    assert s3.list_objects_v2(Bucket="photos")["KeyCount"] == 2


def test_copy_needs_source_and_target(s3):
    """s3:GetObject there, s3:PutObject here."""
    ana = user(allow("s3:PutObject", on=f"{BUCKET}/new/*"))("s3")
    copy = {"Bucket": "photos", "Key": "new/b", "CopySource": "photos/home/bob/b.txt"}
    refused(ana.copy_object, "AccessDenied", "s3:GetObject", **copy)
    user(allow("s3:PutObject", "s3:GetObject"), name="bob")("s3").copy_object(**copy)


def test_a_bucket_policy_grants_and_denies(s3):
    """A user without a policy gets in by name; an explicit deny without TLS or from elsewhere closes it."""
    ana = user()("s3")
    get = {"Bucket": "photos", "Key": "home/bob/b.txt"}
    refused(ana.get_object, "AccessDenied", **get)
    grant = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/ana"},
        "Action": "s3:GetObject",
        "Resource": f"{BUCKET}/*",
    }
    s3.put_bucket_policy(Bucket="photos", Policy=policy(grant))
    ana.get_object(**get)
    close = {
        **deny("s3:*", on=[BUCKET, f"{BUCKET}/*"]),
        "Principal": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    s3.put_bucket_policy(Bucket="photos", Policy=policy(grant, close))
    ana.get_object(**get)
    s3.get_object(**get)
    close["Condition"] = {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    s3.put_bucket_policy(Bucket="photos", Policy=policy(grant, close))
    refused(ana.get_object, "AccessDenied", "with an explicit deny in a resource-based policy", **get)
    # Even the administrator is locked out of the objects, but not of the policy.
    refused(s3.get_object, "AccessDenied", "user/administrator", **get)
    s3.delete_bucket_policy(Bucket="photos")
    s3.get_object(**get)


def test_anonymous_callers(s3):
    """Only a bucket policy for everyone lets an unsigned request in."""
    from botocore import UNSIGNED
    from botocore.config import Config

    anyone = boto3.client("s3", config=Config(signature_version=UNSIGNED))
    refused(anyone.get_object, "AccessDenied", "Access Denied", Bucket="photos", Key="home/bob/b.txt")
    public = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{BUCKET}/*"}
    refused(s3.put_bucket_policy, "AccessDenied", "BlockPublicPolicy", Bucket="photos", Policy=policy(public))
    s3.delete_public_access_block(Bucket="photos")
    s3.put_bucket_policy(Bucket="photos", Policy=policy(public))
    assert anyone.get_object(Bucket="photos", Key="home/bob/b.txt")["Body"].read() == b"y"
    refused(anyone.list_objects_v2, "AccessDenied", Bucket="photos")


def test_a_role_session_in_s3(s3):
    """Does a session reach the bucket by its role's policy?"""
    arn = role("viewer", allow("s3:Get*", on=f"{BUCKET}/*"))
    me = session(boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"])("s3")
    me.get_object(Bucket="photos", Key="home/bob/b.txt")
    refused(me.list_objects_v2, "AccessDenied", "assumed-role/viewer/me", Bucket="photos")
    refused(me.list_buckets, "AccessDenied", "s3:ListAllMyBuckets")


def test_names_of_actions():
    """The actions whose names are not those of the operations."""
    assert bucket_action("HEAD", {}) == bucket_action("GET", {"list-type": ["2"]}) == "s3:ListBucket"
    assert bucket_action("PUT", {"publicAccessBlock": [""]}) == "s3:PutBucketPublicAccessBlock"
    assert bucket_action("GET", {"versions": [""]}) == "s3:ListBucketVersions"
    assert bucket_action("DELETE", {"tagging": [""]}) == "s3:PutBucketTagging"
    assert bucket_action("DELETE", {"policy": [""]}) == "s3:DeleteBucketPolicy"
    assert object_action("HEAD", {}) == "s3:GetObject"
    assert object_action("GET", {"versionId": ["1"]}) == "s3:GetObjectVersion"
    assert object_action("PUT", {"tagging": [""]}) == "s3:PutObjectTagging"
    assert object_action("PUT", {"partNumber": ["1"], "uploadId": ["x"]}) == "s3:PutObject"
    assert object_action("DELETE", {"uploadId": ["x"]}) == "s3:AbortMultipartUpload"
