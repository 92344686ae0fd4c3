"""Regions, Availability Zones, what is global; IAM's own objects; and Amazon S3, which they are shown on."""

from __future__ import annotations

import base64
import csv
import hashlib
import hmac
import io
import json
import time

import boto3

from course import lab

from .account import ACCOUNT, Caller, allow, deny, policy, trust
from .notation import Probes

probes = Probes()
probe = probes
not_yet: set[str] = {
    "work_in_a_region_that_is_not_enabled",
    "account_lists_disabled_regions",
    "account_lists_default_regions",
    "a_virtual_device_is_answered_with_its_seed",
    "a_secret_with_a_slip",
}

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


# Regions, Availability Zones, edge


@probe("regions")
def regions_that_are_enabled(aws):
    regions = aws.ec2.describe_regions()["Regions"]
    assert {one["OptInStatus"] for one in regions} <= {"opt-in-not-required", "opted-in"}
    assert {"us-east-1", "eu-west-1", "ap-southeast-2"} <= {one["RegionName"] for one in regions}


@probe("regions")
def regions_not_opted_in(aws):
    regions = {one["RegionName"]: one for one in aws.ec2.describe_regions(AllRegions=True)["Regions"]}
    assert regions["af-south-1"]["OptInStatus"] == "not-opted-in"
    assert regions["eu-west-1"]["OptInStatus"] == "opt-in-not-required"


@probe("regions", "InvalidParameterValue")
def region_that_does_not_exist(aws):
    aws.ec2.describe_regions(RegionNames=["us-east-9"])


@probe("regions")
def region_by_name(aws):
    found = aws.ec2.describe_regions(RegionNames=["eu-central-1"])["Regions"]
    assert [one["RegionName"] for one in found] == ["eu-central-1"]


@probe("regions")
def region_by_endpoint_filter(aws):
    found = aws.ec2.describe_regions(Filters=[{"Name": "endpoint", "Values": ["*eu-north*"]}])["Regions"]
    assert [one["RegionName"] for one in found] == ["eu-north-1"]


@probe("regions")
def long_name_of_a_region(aws):
    name = "/aws/service/global-infrastructure/regions/eu-west-1/longName"
    assert "Ireland" in aws.ssm.get_parameter(Name=name)["Parameter"]["Value"]


@probe("choosing-a-region")
def regions_of_a_service(aws):
    path = "/aws/service/global-infrastructure/services/lambda/regions"
    pages = aws.ssm.get_paginator("get_parameters_by_path").paginate(Path=path)
    found = {one["Value"] for page in pages for one in page["Parameters"]}
    assert {"us-east-1", "eu-west-1"} <= found


@probe("choosing-a-region")
def instance_types_offered_in_a_region(aws):
    types = [{"Name": "instance-type", "Values": ["t3.micro", "m7i.large"]}]
    found = aws("ec2", "eu-west-1").describe_instance_type_offerings(Filters=types)["InstanceTypeOfferings"]
    assert {(one["InstanceType"], one["Location"]) for one in found} == {
        ("t3.micro", "eu-west-1"),
        ("m7i.large", "eu-west-1"),
    }


@probe("choosing-a-region")
def instance_type_missing_in_a_zone(aws):
    filters = [{"Name": "instance-type", "Values": ["m7i.large"]}]
    found = aws.ec2.describe_instance_type_offerings(LocationType="availability-zone", Filters=filters)
    zones = {one["Location"] for one in found["InstanceTypeOfferings"]}
    assert "us-east-1a" in zones and "us-east-1e" not in zones


@probe("availability-zones")
def six_zones_in_us_east_1(aws):
    zones = aws.ec2.describe_availability_zones()["AvailabilityZones"]
    assert [one["ZoneName"][-1] for one in zones] == list("abcdef")
    assert {one["State"] for one in zones} == {"available"}


@probe("availability-zones")
def three_zones_in_sydney(aws):
    zones = aws("ec2", "ap-southeast-2").describe_availability_zones()["AvailabilityZones"]
    assert [one["ZoneName"] for one in zones] == ["ap-southeast-2a", "ap-southeast-2b", "ap-southeast-2c"]
    assert all(one["ZoneId"].startswith("apse2-az") for one in zones)


@probe("availability-zones", "InvalidParameterValue")
def zone_that_does_not_exist(aws):
    aws.ec2.describe_availability_zones(ZoneNames=["us-east-1z"])


@probe("availability-zones", "InvalidParameterValue")
def zone_of_another_region(aws):
    aws.ec2.describe_availability_zones(ZoneNames=["eu-west-1a"])


@probe("availability-zones", "InvalidParameterValue")
def zone_id_that_does_not_exist(aws):
    aws.ec2.describe_availability_zones(ZoneIds=["use1-az99"])


@probe("availability-zones")
def zone_by_id(aws):
    found = aws.ec2.describe_availability_zones(ZoneIds=["use1-az1"])["AvailabilityZones"]
    assert [one["ZoneId"] for one in found] == ["use1-az1"]


@probe("availability-zones")
def zones_by_filter(aws):
    zone = [{"Name": "zone-name", "Values": ["us-east-1b"]}]
    found = aws.ec2.describe_availability_zones(Filters=zone)["AvailabilityZones"]
    assert [one["ZoneName"] for one in found] == ["us-east-1b"]


@probe("availability-zones")
def default_subnet_in_each_zone(aws):
    found = aws.ec2.describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"]
    assert len({one["AvailabilityZone"] for one in found}) == len(found) == 6
    assert all(one["MapPublicIpOnLaunch"] for one in found)


@probe("service-scope")
def volumes_are_regional(aws):
    aws.volume()
    assert aws("ec2", "eu-west-1").describe_volumes()["Volumes"] == []


@probe("service-scope", "InvalidVolume.NotFound")
def a_volume_of_another_region(aws):
    volume = aws.volume()
    yield
    aws("ec2", "eu-west-1").describe_volumes(VolumeIds=[volume])


@probe("service-scope")
def users_are_global(aws):
    aws("iam", "eu-west-1").create_user(UserName="ana")
    assert aws.iam.get_user(UserName="ana")["User"]["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/ana"


@probe("service-scope")
def a_bucket_is_listed_everywhere(aws):
    aws("s3", "eu-west-1").create_bucket(
        Bucket="ana-files", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    assert [one["Name"] for one in aws.s3.list_buckets()["Buckets"]] == ["ana-files"]
    assert aws.s3.get_bucket_location(Bucket="ana-files")["LocationConstraint"] == "eu-west-1"


@probe("service-scope")
def a_bucket_in_us_east_1_has_no_location(aws):
    aws.bucket()
    assert aws.s3.get_bucket_location(Bucket="ana-files")["LocationConstraint"] is None


@probe("service-scope")
def hosted_zones_are_global(aws):
    aws.route53.create_hosted_zone(Name="example.com", CallerReference="1")
    assert len(aws("route53", "eu-west-1").list_hosted_zones()["HostedZones"]) == 1


DISTRIBUTION = {
    "CallerReference": "1",
    "Comment": "",
    "Enabled": True,
    "Origins": {
        "Quantity": 1,
        "Items": [
            {"Id": "o", "DomainName": "ana-files.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
        ],
    },
    "DefaultCacheBehavior": {
        "TargetOriginId": "o",
        "ViewerProtocolPolicy": "redirect-to-https",
        "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    },
}


@probe("edge-locations")
def create_a_distribution(aws):
    made = aws.cloudfront.create_distribution(DistributionConfig=DISTRIBUTION)["Distribution"]
    assert made["DomainName"].endswith(".cloudfront.net")
    assert made["DistributionConfig"]["PriceClass"] == "PriceClass_All"


@probe("edge-locations", "NoSuchDistribution")
def distribution_that_does_not_exist(aws):
    aws.cloudfront.get_distribution(Id="E000000000000")


@probe("edge-locations", "DistributionNotDisabled")
def delete_an_enabled_distribution(aws):
    made = aws.cloudfront.create_distribution(DistributionConfig=DISTRIBUTION)
    yield
    aws.cloudfront.delete_distribution(Id=made["Distribution"]["Id"], IfMatch=made["ETag"])


@probe("edge-locations", "NoSuchOrigin")
def behaviour_for_an_origin_that_is_not_there(aws):
    behaviour = {**DISTRIBUTION["DefaultCacheBehavior"], "TargetOriginId": "other"}
    aws.cloudfront.create_distribution(DistributionConfig={**DISTRIBUTION, "DefaultCacheBehavior": behaviour})


# Amazon S3


@probe("service-scope", "BucketAlreadyOwnedByYou")
def the_same_bucket_twice(aws):
    where = {"LocationConstraint": "eu-west-1"}
    aws("s3", "eu-west-1").create_bucket(Bucket="ana-files", CreateBucketConfiguration=where)
    yield
    aws("s3", "eu-west-1").create_bucket(Bucket="ana-files", CreateBucketConfiguration=where)


@probe("service-scope")
def the_same_bucket_twice_in_us_east_1(aws):
    aws.bucket()
    aws.bucket()
    assert len(aws.s3.list_buckets()["Buckets"]) == 1


@probe("service-scope", "IllegalLocationConstraintException")
def a_bucket_elsewhere_without_its_region(aws):
    aws("s3", "eu-west-1").create_bucket(Bucket="ana-files")


@probe("service-scope", "IllegalLocationConstraintException")
def a_bucket_with_the_wrong_region(aws):
    aws("s3", "eu-west-1").create_bucket(
        Bucket="ana-files", CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
    )


@probe("service-scope", "InvalidBucketName")
def a_bucket_with_capitals(aws):
    aws.s3.create_bucket(Bucket="Ana_Files")


@probe("service-scope", "InvalidBucketName")
def a_bucket_of_two_letters(aws):
    aws.s3.create_bucket(Bucket="ab")


@probe("service-scope", "BucketNotEmpty")
def delete_a_bucket_with_objects(aws):
    aws.bucket()
    aws.s3.put_object(Bucket="ana-files", Key="a", Body=b"1")
    yield
    aws.s3.delete_bucket(Bucket="ana-files")


@probe("service-scope", "NoSuchBucket")
def objects_of_no_bucket(aws):
    aws.s3.list_objects_v2(Bucket="nobodys-files")


@probe("service-scope", "NoSuchKey")
def an_object_that_is_not_there(aws):
    aws.bucket()
    yield
    aws.s3.get_object(Bucket="ana-files", Key="a")


@probe("service-scope", "404")
def head_of_an_object_that_is_not_there(aws):
    aws.bucket()
    yield
    aws.s3.head_object(Bucket="ana-files", Key="a")


@probe("service-scope")
def objects_are_encrypted_by_default(aws):
    aws.bucket()
    assert aws.s3.put_object(Bucket="ana-files", Key="a", Body=b"1")["ServerSideEncryption"] == "AES256"
    rules = aws.s3.get_bucket_encryption(Bucket="ana-files")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


@probe("service-scope")
def buckets_block_public_access_by_default(aws):
    aws.bucket()
    blocks = aws.s3.get_public_access_block(Bucket="ana-files")["PublicAccessBlockConfiguration"]
    assert all(blocks.values()) and len(blocks) == 4


@probe("service-scope", "AccessDenied")
def a_public_policy_on_a_new_bucket(aws):
    aws.bucket()
    everyone = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ana-files/*"}
    yield
    aws.s3.put_bucket_policy(Bucket="ana-files", Policy=policy(everyone))


@probe("service-scope")
def a_public_policy_once_it_is_not_blocked(aws):
    aws.bucket()
    everyone = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ana-files/*"}
    aws.s3.delete_public_access_block(Bucket="ana-files")
    aws.s3.put_bucket_policy(Bucket="ana-files", Policy=policy(everyone))


@probe("service-scope", "AccessControlListNotSupported")
def acls_are_off_on_a_new_bucket(aws):
    aws.bucket()
    yield
    aws.s3.put_bucket_acl(Bucket="ana-files", ACL="public-read")


@probe("policy-documents", "MalformedPolicy")
def a_bucket_policy_for_another_bucket(aws):
    aws.bucket()
    other = {
        "Effect": "Allow",
        "Principal": {"AWS": ACCOUNT},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::others/*",
    }
    yield
    aws.s3.put_bucket_policy(Bucket="ana-files", Policy=policy(other))


@probe("policy-documents", "MalformedPolicy")
def a_bucket_policy_without_principal(aws):
    aws.bucket()
    yield
    aws.s3.put_bucket_policy(Bucket="ana-files", Policy=policy(allow("s3:GetObject", on="arn:aws:s3:::ana-files/*")))


@probe("policy-documents", "MalformedPolicy")
def a_bucket_policy_for_nobody(aws):
    aws.bucket()
    bob = {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/bob"}}
    yield
    aws.s3.put_bucket_policy(
        Bucket="ana-files", Policy=policy({**allow("s3:GetObject", on="arn:aws:s3:::ana-files/*"), **bob})
    )


@probe("policy-documents", "NoSuchBucketPolicy")
def a_bucket_policy_that_is_not_there(aws):
    aws.bucket()
    yield
    aws.s3.get_bucket_policy(Bucket="ana-files")


@probe("service-scope")
def versions_of_an_object(aws):
    aws.bucket()
    aws.s3.put_bucket_versioning(Bucket="ana-files", VersioningConfiguration={"Status": "Enabled"})
    first = aws.s3.put_object(Bucket="ana-files", Key="a", Body=b"1")["VersionId"]
    aws.s3.delete_object(Bucket="ana-files", Key="a")
    found = aws.s3.list_object_versions(Bucket="ana-files")
    assert len(found["Versions"]) == len(found["DeleteMarkers"]) == 1
    assert aws.s3.get_object(Bucket="ana-files", Key="a", VersionId=first)["Body"].read() == b"1"


@probe("service-scope", "PreconditionFailed")
def an_object_only_if_it_is_new(aws):
    aws.bucket()
    aws.s3.put_object(Bucket="ana-files", Key="a", Body=b"1")
    yield
    aws.s3.put_object(Bucket="ana-files", Key="a", Body=b"2", IfNoneMatch="*")


# DynamoDB


def table(aws, **more):
    more = {
        "TableName": "orders",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
        **more,
    }
    aws.dynamodb.create_table(**more)


@probe("service-scope")
def put_and_get_an_item(aws):
    table(aws)
    aws.dynamodb.put_item(TableName="orders", Item={"id": {"S": "1"}, "total": {"N": "7"}})
    assert aws.dynamodb.get_item(TableName="orders", Key={"id": {"S": "1"}})["Item"]["total"] == {"N": "7"}
    assert "Item" not in aws.dynamodb.get_item(TableName="orders", Key={"id": {"S": "2"}})


@probe("service-scope", "ResourceInUseException")
def the_same_table_twice(aws):
    table(aws)
    yield
    table(aws)


@probe("service-scope", "ResourceNotFoundException")
def an_item_of_no_table(aws):
    aws.dynamodb.get_item(TableName="orders", Key={"id": {"S": "1"}})


@probe("service-scope", "ValidationException")
def an_item_without_its_key(aws):
    table(aws)
    yield
    aws.dynamodb.put_item(TableName="orders", Item={"total": {"N": "7"}})


@probe("service-scope", "ValidationException")
def an_item_with_a_key_of_another_type(aws):
    table(aws)
    yield
    aws.dynamodb.put_item(TableName="orders", Item={"id": {"N": "7"}})


@probe("service-scope", "ConditionalCheckFailedException")
def an_item_only_if_it_is_new(aws):
    table(aws)
    aws.dynamodb.put_item(TableName="orders", Item={"id": {"S": "1"}})
    yield
    aws.dynamodb.put_item(TableName="orders", Item={"id": {"S": "1"}}, ConditionExpression="attribute_not_exists(id)")


@probe("service-scope", "ValidationException")
def an_attribute_that_is_no_key(aws):
    table(
        aws,
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "total", "AttributeType": "N"},
        ],
    )


@probe("service-scope", "ValidationException")
def capacity_of_an_on_demand_table(aws):
    table(aws, ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1})


# Users


@probe("root-and-users")
def create_a_user(aws):
    made = aws.iam.create_user(UserName="ana", Path="/team/")["User"]
    assert made["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/team/ana" and made["UserId"].startswith("AIDA")
    assert [one["UserName"] for one in aws.iam.list_users(PathPrefix="/team/")["Users"]] == ["ana"]


@probe("root-and-users")
def a_new_user_may_nothing(aws):
    aws.iam.create_user(UserName="ana")
    assert aws.iam.list_attached_user_policies(UserName="ana")["AttachedPolicies"] == []
    assert aws.iam.list_groups_for_user(UserName="ana")["Groups"] == []
    assert aws.iam.list_access_keys(UserName="ana")["AccessKeyMetadata"] == []


@probe("root-and-users", "EntityAlreadyExists")
def the_same_user_twice(aws):
    aws.iam.create_user(UserName="ana")
    yield
    aws.iam.create_user(UserName="ana")


@probe("root-and-users", "EntityAlreadyExists")
def the_same_user_in_other_case(aws):
    aws.iam.create_user(UserName="ana")
    yield
    aws.iam.create_user(UserName="Ana")


@probe("root-and-users", "NoSuchEntity")
def a_user_that_is_not_there(aws):
    aws.iam.get_user(UserName="ana")


@probe("root-and-users", "NoSuchEntity")
def delete_a_user_that_is_not_there(aws):
    aws.iam.delete_user(UserName="ana")


probes.table(
    "root-and-users",
    lambda aws, **params: aws.iam.create_user(**params),
    {
        "user_name_with_a_blank": ("ValidationError", {"UserName": "ana maria"}),
        "user_name_of_65_letters": ("ValidationError", {"UserName": "a" * 65}),
        "user_name_of_64_letters": ("ok", {"UserName": "a" * 64}),
        "user_name_as_an_address": ("ok", {"UserName": "ana+test@example.com"}),
        "user_path_without_slashes": ("ValidationError", {"UserName": "ana", "Path": "team"}),
        "user_with_51_tags": (
            "ValidationError|LimitExceeded",
            {"UserName": "ana", "Tags": [{"Key": str(n), "Value": ""} for n in range(51)]},
        ),
        "user_with_a_tag_twice": (
            "InvalidInput",
            {"UserName": "ana", "Tags": [{"Key": "team", "Value": "a"}, {"Key": "team", "Value": "b"}]},
        ),
        "user_with_a_boundary_that_is_not_there": (
            "NoSuchEntity",
            {"UserName": "ana", "PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/none"},
        ),
        "user_with_a_boundary": ("ok", {"UserName": "ana", "PermissionsBoundary": READ_ONLY}),
    },
)


@probe("root-and-users")
def rename_a_user(aws):
    aws.iam.create_user(UserName="ana")
    aws.iam.create_group(GroupName="team")
    aws.iam.add_user_to_group(GroupName="team", UserName="ana")
    aws.iam.update_user(UserName="ana", NewUserName="anna")
    assert [one["GroupName"] for one in aws.iam.list_groups_for_user(UserName="anna")["Groups"]] == ["team"]
    assert [one["UserName"] for one in aws.iam.get_group(GroupName="team")["Users"]] == ["anna"]


@probe("root-and-users", "EntityAlreadyExists")
def rename_a_user_to_another(aws):
    aws.iam.create_user(UserName="ana")
    aws.iam.create_user(UserName="bob")
    yield
    aws.iam.update_user(UserName="ana", NewUserName="bob")


@probe("root-and-users")
def tags_of_a_user(aws):
    aws.iam.create_user(UserName="ana", Tags=[{"Key": "team", "Value": "a"}])
    aws.iam.tag_user(UserName="ana", Tags=[{"Key": "team", "Value": "b"}])
    assert aws.iam.list_user_tags(UserName="ana")["Tags"] == [{"Key": "team", "Value": "b"}]
    assert aws.iam.get_user(UserName="ana")["User"]["Tags"] == [{"Key": "team", "Value": "b"}]


@probe("root-and-users")
def who_am_i(aws):
    arn = aws.sts.get_caller_identity()["Arn"]
    assert arn.startswith(f"arn:aws:iam::{ACCOUNT}:") and aws.iam.get_user()["User"]["Arn"] == arn


@probe("root-and-users")
def a_user_asks_who_it_is(aws):
    ana = aws.user("ana", allow("iam:GetUser"))
    assert ana.iam.get_user()["User"]["UserName"] == "ana"


def _delete_ana_with(name, give):
    def delete(aws):
        aws.iam.create_user(UserName="ana")
        give(aws)
        yield
        aws.iam.delete_user(UserName="ana")

    probes.add(f"delete_a_user_with_{name}", "root-and-users", "DeleteConflict", delete)


def _in_a_group(aws):
    aws.iam.create_group(GroupName="team")
    aws.iam.add_user_to_group(GroupName="team", UserName="ana")


_delete_ana_with("a_group", _in_a_group)
_delete_ana_with("a_key", lambda aws: aws.iam.create_access_key(UserName="ana"))
_delete_ana_with("a_password", lambda aws: aws.iam.create_login_profile(UserName="ana", Password="Sun-rise-7"))
_delete_ana_with("a_managed_policy", lambda aws: aws.iam.attach_user_policy(UserName="ana", PolicyArn=READ_ONLY))
_delete_ana_with(
    "an_inline_policy",
    lambda aws: aws.iam.put_user_policy(UserName="ana", PolicyName="p", PolicyDocument=policy(allow("s3:*"))),
)


@probe("root-and-users")
def delete_a_user(aws):
    aws.iam.create_user(UserName="ana")
    aws.iam.delete_user(UserName="ana")
    assert "ana" not in [one["UserName"] for one in aws.iam.list_users()["Users"]]


# Groups


@probe("groups")
def users_in_two_groups(aws):
    for name in ("developers", "audit"):
        aws.iam.create_group(GroupName=name)
        aws.iam.create_user(UserName=name[:3])
        aws.iam.add_user_to_group(GroupName=name, UserName="dev")
    assert {one["GroupName"] for one in aws.iam.list_groups_for_user(UserName="dev")["Groups"]} == {
        "developers",
        "audit",
    }
    assert [one["UserName"] for one in aws.iam.get_group(GroupName="audit")["Users"]] == ["dev"]


@probe("groups", "EntityAlreadyExists")
def the_same_group_twice(aws):
    aws.iam.create_group(GroupName="team")
    yield
    aws.iam.create_group(GroupName="team")


@probe("groups", "EntityAlreadyExists")
def the_same_group_in_other_case(aws):
    aws.iam.create_group(GroupName="team")
    yield
    aws.iam.create_group(GroupName="Team")


@probe("groups", "NoSuchEntity")
def a_group_is_no_member(aws):
    aws.iam.create_group(GroupName="team")
    aws.iam.create_group(GroupName="inner")
    yield
    aws.iam.add_user_to_group(GroupName="team", UserName="inner")


@probe("groups", "NoSuchEntity")
def a_member_of_no_group(aws):
    aws.iam.create_user(UserName="ana")
    yield
    aws.iam.add_user_to_group(GroupName="team", UserName="ana")


@probe("groups", "LimitExceeded")
def an_eleventh_group_for_a_user(aws):
    aws.iam.create_user(UserName="ana")
    for n in range(10):
        aws.iam.create_group(GroupName=f"team{n}")
        aws.iam.add_user_to_group(GroupName=f"team{n}", UserName="ana")
    aws.iam.create_group(GroupName="team10")
    yield
    aws.iam.add_user_to_group(GroupName="team10", UserName="ana")


@probe("groups")
def a_member_twice(aws):
    aws.iam.create_user(UserName="ana")
    aws.iam.create_group(GroupName="team")
    aws.iam.add_user_to_group(GroupName="team", UserName="ana")
    aws.iam.add_user_to_group(GroupName="team", UserName="ana")
    assert len(aws.iam.get_group(GroupName="team")["Users"]) == 1


@probe("groups", "DeleteConflict")
def delete_a_group_with_members(aws):
    aws.iam.create_user(UserName="ana")
    aws.iam.create_group(GroupName="team")
    aws.iam.add_user_to_group(GroupName="team", UserName="ana")
    yield
    aws.iam.delete_group(GroupName="team")


@probe("groups", "DeleteConflict")
def delete_a_group_with_a_policy(aws):
    aws.iam.create_group(GroupName="team")
    aws.iam.attach_group_policy(GroupName="team", PolicyArn=READ_ONLY)
    yield
    aws.iam.delete_group(GroupName="team")


@probe("groups", "DeleteConflict")
def delete_a_group_with_an_inline_policy(aws):
    aws.iam.create_group(GroupName="team")
    aws.iam.put_group_policy(GroupName="team", PolicyName="p", PolicyDocument=policy(allow("s3:*")))
    yield
    aws.iam.delete_group(GroupName="team")


@probe("groups")
def delete_an_empty_group(aws):
    aws.iam.create_group(GroupName="team")
    aws.iam.delete_group(GroupName="team")
    assert aws.iam.list_groups()["Groups"] == []


@probe("groups", "MalformedPolicyDocument")
def a_group_is_no_principal(aws):
    aws.iam.create_group(GroupName="team")
    yield
    aws.role("r", {"AWS": f"arn:aws:iam::{ACCOUNT}:group/team"})


# Policy documents


def _statement(**more):
    one = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **more}
    return {key: value for key, value in one.items() if value is not None}


def _document(*statements, **more):
    document = {"Version": "2012-10-17", "Statement": list(statements) or [_statement()], **more}
    return json.dumps({key: value for key, value in document.items() if value is not None})


MALFORMED = "MalformedPolicyDocument"
probes.table(
    "policy-documents",
    lambda aws, document: aws.iam.create_policy(PolicyName="p", PolicyDocument=document),
    {
        "policy_as_aws_wants_it": ("ok", {"document": _document()}),
        "policy_with_one_statement_not_in_a_list": ("ok", {"document": _document(Statement=_statement())}),
        "policy_with_sid_and_condition": (
            "ok",
            {"document": _document(_statement(Sid="A1", Condition={"Bool": {"aws:SecureTransport": "true"}}))},
        ),
        "policy_of_2008": (MALFORMED, {"document": _document(Version="2008-10-17")}),
        "policy_without_version": (MALFORMED, {"document": _document(Version=None)}),
        "policy_with_notaction": ("ok", {"document": _document(_statement(Action=None, NotAction="iam:*"))}),
        "policy_with_notresource": (
            "ok",
            {"document": _document(_statement(Resource=None, NotResource="arn:aws:s3:::a/*"))},
        ),
        "policy_with_an_action_aws_does_not_have": ("ok", {"document": _document(_statement(Action="s3:Fly"))}),
        "policy_with_principal": (MALFORMED, {"document": _document(_statement(Principal="*"))}),
        "policy_of_2020": (MALFORMED, {"document": _document(Version="2020-01-01")}),
        "policy_with_lower_case_effect": (MALFORMED, {"document": _document(_statement(Effect="allow"))}),
        "policy_without_effect": (MALFORMED, {"document": _document(_statement(Effect=None))}),
        "policy_without_action": (MALFORMED, {"document": _document(_statement(Action=None))}),
        "policy_without_resource": (MALFORMED, {"document": _document(_statement(Resource=None))}),
        "policy_with_resources": (MALFORMED, {"document": _document(_statement(Resource=None, Resources="*"))}),
        "policy_without_statement": (MALFORMED, {"document": json.dumps({"Version": "2012-10-17"})}),
        "policy_with_version_inside_statement": (MALFORMED, {"document": _document(_statement(Version="2012-10-17"))}),
        "policy_with_lower_case_keys": (
            MALFORMED,
            {"document": json.dumps({"version": "2012-10-17", "statement": [_statement()]})},
        ),
        "policy_with_a_sid_twice": (MALFORMED, {"document": _document(_statement(Sid="A"), _statement(Sid="A"))}),
        "policy_with_a_blank_in_sid": (MALFORMED, {"document": _document(_statement(Sid="A B"))}),
        "policy_with_action_and_notaction": (MALFORMED, {"document": _document(_statement(NotAction="iam:*"))}),
        "policy_with_resource_and_notresource": (MALFORMED, {"document": _document(_statement(NotResource="*"))}),
        "policy_with_an_action_without_service": (MALFORMED, {"document": _document(_statement(Action="GetObject"))}),
        "policy_with_a_bucket_name_as_resource": (MALFORMED, {"document": _document(_statement(Resource="mybucket"))}),
        "policy_with_an_operator_that_is_none": (
            MALFORMED,
            {"document": _document(_statement(Condition={"StringSame": {"aws:username": "ana"}}))},
        ),
        "policy_that_is_no_json": (MALFORMED, {"document": '{"Version": "2012-10-17", "Statement": ['}),
        "policy_with_a_trailing_comma": (MALFORMED, {"document": '{"Version": "2012-10-17", "Statement": [],}'}),
        "policy_of_6145_characters": (
            "LimitExceeded",
            {"document": _document(_statement(Action=[f"s3:Get{n:04}" for n in range(500)]))},
        ),
    },
)


@probe("policy-documents")
def an_inline_policy_of_2008(aws):
    aws.iam.create_user(UserName="ana")
    aws.iam.put_user_policy(UserName="ana", PolicyName="p", PolicyDocument=_document(Version="2008-10-17"))


@probe("policy-documents", "EntityAlreadyExists")
def the_same_policy_twice(aws):
    aws.managed("p", allow("s3:*"))
    yield
    aws.managed("p", allow("s3:*"))


@probe("policy-documents", "LimitExceeded")
def a_sixth_version(aws):
    arn = aws.managed("p", allow("s3:*"))
    for _ in range(4):
        aws.iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(allow("s3:*")))
    yield
    aws.iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(allow("s3:*")))


@probe("policy-documents")
def a_new_version_becomes_the_default(aws):
    arn = aws.managed("p", allow("s3:*"))
    aws.iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(allow("ec2:*")))
    assert aws.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v1"
    aws.iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(allow("sqs:*")), SetAsDefault=True)
    assert aws.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v3"
    aws.iam.set_default_policy_version(PolicyArn=arn, VersionId="v2")
    document = aws.iam.get_policy_version(PolicyArn=arn, VersionId="v2")["PolicyVersion"]
    assert document["IsDefaultVersion"] and document["Document"]["Statement"][0]["Action"] == ["ec2:*"]


@probe("policy-documents", "DeleteConflict")
def delete_the_default_version(aws):
    arn = aws.managed("p", allow("s3:*"))
    aws.iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(allow("ec2:*")))
    yield
    aws.iam.delete_policy_version(PolicyArn=arn, VersionId="v1")


@probe("policy-documents", "NoSuchEntity")
def a_version_that_is_not_there(aws):
    arn = aws.managed("p", allow("s3:*"))
    yield
    aws.iam.get_policy_version(PolicyArn=arn, VersionId="v2")


@probe("policy-documents", "NoSuchEntity")
def a_default_version_that_is_not_there(aws):
    arn = aws.managed("p", allow("s3:*"))
    yield
    aws.iam.set_default_policy_version(PolicyArn=arn, VersionId="v9")


@probe("policy-documents", "DeleteConflict")
def delete_an_attached_policy(aws):
    arn = aws.managed("p", allow("s3:*"))
    aws.iam.create_user(UserName="ana")
    aws.iam.attach_user_policy(UserName="ana", PolicyArn=arn)
    yield
    aws.iam.delete_policy(PolicyArn=arn)


@probe("policy-documents", "DeleteConflict")
def delete_a_policy_with_two_versions(aws):
    arn = aws.managed("p", allow("s3:*"))
    aws.iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(allow("ec2:*")))
    yield
    aws.iam.delete_policy(PolicyArn=arn)


@probe("policy-documents")
def read_a_policy_of_aws(aws):
    found = aws.iam.get_policy(PolicyArn=READ_ONLY)["Policy"]
    document = aws.iam.get_policy_version(PolicyArn=READ_ONLY, VersionId=found["DefaultVersionId"])
    assert document["PolicyVersion"]["Document"]["Statement"][0]["Effect"] == "Allow"


@probe("policy-documents")
def attach_a_policy_twice(aws):
    aws.iam.create_user(UserName="ana")
    aws.iam.attach_user_policy(UserName="ana", PolicyArn=READ_ONLY)
    aws.iam.attach_user_policy(UserName="ana", PolicyArn=READ_ONLY)
    assert len(aws.iam.list_attached_user_policies(UserName="ana")["AttachedPolicies"]) == 1


@probe("policy-documents", "NoSuchEntity")
def attach_a_policy_that_is_not_there(aws):
    aws.iam.create_user(UserName="ana")
    yield
    aws.iam.attach_user_policy(UserName="ana", PolicyArn=f"arn:aws:iam::{ACCOUNT}:policy/none")


@probe("policy-documents", "NoSuchEntity")
def detach_a_policy_that_is_not_attached(aws):
    aws.iam.create_user(UserName="ana")
    yield
    aws.iam.detach_user_policy(UserName="ana", PolicyArn=READ_ONLY)


@probe("policy-documents", "LimitExceeded")
def an_eleventh_managed_policy_of_a_user(aws):
    aws.iam.create_user(UserName="ana")
    arns = [aws.managed(f"p{n}", allow("s3:*")) for n in range(11)]
    for arn in arns[:10]:
        aws.iam.attach_user_policy(UserName="ana", PolicyArn=arn)
    yield
    aws.iam.attach_user_policy(UserName="ana", PolicyArn=arns[10])


@probe("policy-documents", "LimitExceeded")
def an_eleventh_managed_policy_of_a_group(aws):
    aws.iam.create_group(GroupName="team")
    arns = [aws.managed(f"p{n}", allow("s3:*")) for n in range(11)]
    for arn in arns[:10]:
        aws.iam.attach_group_policy(GroupName="team", PolicyArn=arn)
    yield
    aws.iam.attach_group_policy(GroupName="team", PolicyArn=arns[10])


LONG = [f"s3:Get{n:04}" for n in range(250)]


@probe("policy-documents", "LimitExceeded")
def an_inline_policy_of_more_than_2048_characters(aws):
    aws.iam.create_user(UserName="ana")
    yield
    aws.iam.put_user_policy(UserName="ana", PolicyName="p", PolicyDocument=policy(allow(*LONG)))


@probe("policy-documents", "LimitExceeded")
def two_inline_policies_of_more_than_2048_characters(aws):
    aws.iam.create_user(UserName="ana")
    aws.iam.put_user_policy(UserName="ana", PolicyName="p", PolicyDocument=policy(allow(*LONG[:100])))
    yield
    aws.iam.put_user_policy(UserName="ana", PolicyName="q", PolicyDocument=policy(allow(*LONG[:100])))


@probe("policy-documents")
def the_same_in_a_role(aws):
    aws.role()
    aws.iam.put_role_policy(RoleName="role", PolicyName="p", PolicyDocument=policy(allow(*LONG)))


@probe("policy-documents", "NoSuchEntity")
def an_inline_policy_that_is_not_there(aws):
    aws.iam.create_user(UserName="ana")
    yield
    aws.iam.get_user_policy(UserName="ana", PolicyName="p")


@probe("policy-documents")
def put_an_inline_policy_again(aws):
    aws.iam.create_user(UserName="ana")
    for action in ("s3:*", "ec2:*"):
        aws.iam.put_user_policy(UserName="ana", PolicyName="p", PolicyDocument=policy(allow(action)))
    found = aws.iam.get_user_policy(UserName="ana", PolicyName="p")["PolicyDocument"]
    assert found["Statement"][0]["Action"] == ["ec2:*"]


@probe("policy-evaluation")
def simulate_a_custom_policy(aws):
    answer = aws.iam.simulate_custom_policy(
        PolicyInputList=[
            policy(allow("s3:Get*", on="arn:aws:s3:::a/*"), deny("s3:GetObject", on="arn:aws:s3:::a/no*"))
        ],
        ActionNames=["s3:GetObject", "s3:PutObject"],
        ResourceArns=["arn:aws:s3:::a/no1", "arn:aws:s3:::a/b"],
    )["EvaluationResults"]
    found = {(one["EvalActionName"], one["EvalResourceName"]): one["EvalDecision"] for one in answer}
    assert found["s3:GetObject", "arn:aws:s3:::a/no1"] == "explicitDeny"
    assert found["s3:GetObject", "arn:aws:s3:::a/b"] == "allowed"
    assert found["s3:PutObject", "arn:aws:s3:::a/b"] == "implicitDeny"


@probe("policy-evaluation")
def simulate_a_user_with_its_groups(aws):
    aws.iam.create_user(UserName="ana")
    _in_a_group(aws)
    aws.iam.put_group_policy(GroupName="team", PolicyName="p", PolicyDocument=policy(allow("sqs:*")))
    answer = aws.iam.simulate_principal_policy(
        PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:user/ana", ActionNames=["sqs:SendMessage", "sns:Publish"]
    )["EvaluationResults"]
    assert [one["EvalDecision"] for one in answer] == ["allowed", "implicitDeny"]


@probe("policy-evaluation", "NoSuchEntity")
def simulate_a_user_that_is_not_there(aws):
    aws.iam.simulate_principal_policy(
        PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:user/ana", ActionNames=["sqs:SendMessage"]
    )


@probe("least-privilege")
def replace_a_broad_policy(aws):
    aws.iam.create_user(UserName="ana")
    aws.iam.attach_user_policy(UserName="ana", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    arn = aws.managed("p", allow("s3:GetObject", on="arn:aws:s3:::a/*"))
    aws.iam.attach_user_policy(UserName="ana", PolicyArn=arn)
    aws.iam.detach_user_policy(UserName="ana", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    found = aws.iam.list_attached_user_policies(UserName="ana")["AttachedPolicies"]
    assert [one["PolicyArn"] for one in found] == [arn]


# Passwords


@probe("password-policy", "NoSuchEntity")
def no_password_policy_at_first(aws):
    aws.iam.get_account_password_policy()


@probe("password-policy")
def set_a_password_policy(aws):
    aws.iam.update_account_password_policy(
        MinimumPasswordLength=14, MaxPasswordAge=90, PasswordReusePrevention=24, AllowUsersToChangePassword=True
    )
    found = aws.iam.get_account_password_policy()["PasswordPolicy"]
    assert (found["MinimumPasswordLength"], found["MaxPasswordAge"], found["PasswordReusePrevention"]) == (14, 90, 24)
    assert found["ExpirePasswords"] and found["AllowUsersToChangePassword"] and not found["RequireSymbols"]


@probe("password-policy")
def an_update_resets_what_it_does_not_name(aws):
    aws.iam.update_account_password_policy(MinimumPasswordLength=14, RequireSymbols=True)
    aws.iam.update_account_password_policy(PasswordReusePrevention=5)
    found = aws.iam.get_account_password_policy()["PasswordPolicy"]
    assert found["MinimumPasswordLength"] == 6 and not found["RequireSymbols"]
    assert not found["AllowUsersToChangePassword"]


probes.table(
    "password-policy",
    lambda aws, **params: aws.iam.update_account_password_policy(**params),
    {
        "remember_25_passwords": ("ValidationError", {"PasswordReusePrevention": 25}),
        "passwords_of_129_characters": ("ValidationError", {"MinimumPasswordLength": 129}),
        "passwords_of_128_characters": ("ok", {"MinimumPasswordLength": 128}),
        "passwords_for_1096_days": ("ValidationError", {"MaxPasswordAge": 1096}),
        "passwords_for_1095_days": ("ok", {"MaxPasswordAge": 1095}),
    },
)


@probe("password-policy", "NoSuchEntity")
def delete_a_password_policy_that_is_not_there(aws):
    aws.iam.delete_account_password_policy()


def _password(aws, password, **rules):
    if rules:
        aws.iam.update_account_password_policy(**rules)
    aws.iam.create_user(UserName="ana")
    yield
    aws.iam.create_login_profile(UserName="ana", Password=password)


for _name, _expected, _given, _rules in [
    ("a_password_as_the_policy_wants", "ok", "Sun-rise-over-7-hills", {"MinimumPasswordLength": 14}),
    ("a_password_too_short", "PasswordPolicyViolation", "Sun-rise-7", {"MinimumPasswordLength": 14}),
    ("a_password_without_symbol", "PasswordPolicyViolation", "Sunrise7Sunrise7", {"RequireSymbols": True}),
    ("a_password_without_number", "PasswordPolicyViolation", "Sun-rise-Sun-rise", {"RequireNumbers": True}),
    ("a_password_without_capital", "PasswordPolicyViolation", "sun-rise-7-sun", {"RequireUppercaseCharacters": True}),
    ("a_password_without_small_letter", "PasswordPolicyViolation", "SUN-7-SUN", {"RequireLowercaseCharacters": True}),
    ("a_password_against_the_default_policy", "PasswordPolicyViolation", "abc", {}),
    ("a_password_of_two_kinds_by_default", "PasswordPolicyViolation", "sunrise77", {}),
]:
    probes.add(
        _name,
        "password-policy",
        _expected,
        lambda aws, given=_given, rules=_rules: (yield from _password(aws, given, **rules)),
    )


@probe("password-policy", "PasswordPolicyViolation")
def update_to_a_weak_password(aws):
    aws.iam.create_user(UserName="ana")
    aws.iam.create_login_profile(UserName="ana", Password="Sun-rise-7")
    aws.iam.update_account_password_policy(MinimumPasswordLength=14)
    yield
    aws.iam.update_login_profile(UserName="ana", Password="Sun-rise-8")


@probe("password-policy", "EntityAlreadyExists")
def a_second_password(aws):
    aws.iam.create_user(UserName="ana")
    aws.iam.create_login_profile(UserName="ana", Password="Sun-rise-7")
    yield
    aws.iam.create_login_profile(UserName="ana", Password="Sun-rise-8")


@probe("password-policy", "NoSuchEntity")
def no_password_yet(aws):
    aws.iam.create_user(UserName="ana")
    yield
    aws.iam.get_login_profile(UserName="ana")


@probe("password-policy")
def a_password_to_be_reset(aws):
    aws.iam.create_user(UserName="ana")
    made = aws.iam.create_login_profile(UserName="ana", Password="Sun-rise-7", PasswordResetRequired=True)
    assert made["LoginProfile"]["PasswordResetRequired"]
    assert aws.iam.get_login_profile(UserName="ana")["LoginProfile"]["PasswordResetRequired"]


@probe("password-policy")
def change_ones_own_password(aws):
    ana = aws.user("ana", allow("iam:ChangePassword"))
    aws.iam.create_login_profile(UserName="ana", Password="Sun-rise-7")
    ana.iam.change_password(OldPassword="Sun-rise-7", NewPassword="Moon-rise-8")


@probe("password-policy", "PasswordPolicyViolation")
def change_ones_own_password_to_a_weak_one(aws):
    aws.iam.update_account_password_policy(MinimumPasswordLength=14, AllowUsersToChangePassword=True)
    ana = aws.user("ana", allow("iam:ChangePassword"))
    aws.iam.create_login_profile(UserName="ana", Password="Sun-rise-over-7-hills")
    yield
    ana.iam.change_password(OldPassword="Sun-rise-over-7-hills", NewPassword="Moon-8")


# MFA


def code_at(seed: bytes, moment: float) -> str:
    """RFC 6238: what an authenticator app shows at this moment; the seed is Base32."""
    digest = hmac.digest(base64.b32decode(seed), int(moment // 30).to_bytes(8, "big"), hashlib.sha1)
    start = digest[-1] & 15
    return f"{int.from_bytes(digest[start : start + 4], 'big') % 2**31 % 10**6:06}"


def device(aws, name="ana"):
    """The serial number of a new virtual device, and the two codes it shows one after the other."""
    made = aws.iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
    now = time.time()
    codes = [code_at(made["Base32StringSeed"], now - 30), code_at(made["Base32StringSeed"], now)]
    return made["SerialNumber"], codes


def enabled_device(aws, user="ana", name="ana"):
    serial, (first, second) = device(aws, name)
    aws.iam.enable_mfa_device(UserName=user, SerialNumber=serial, AuthenticationCode1=first, AuthenticationCode2=second)
    return serial


@probe("mfa")
def enable_a_virtual_device(aws):
    aws.iam.create_user(UserName="ana")
    serial = enabled_device(aws)
    assert [one["SerialNumber"] for one in aws.iam.list_mfa_devices(UserName="ana")["MFADevices"]] == [serial]
    assert [
        one["SerialNumber"]
        for one in aws.iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"]
    ] == [serial]
    assert serial == f"arn:aws:iam::{ACCOUNT}:mfa/ana"


@probe("mfa", "EntityAlreadyExists")
def the_same_device_twice(aws):
    device(aws)
    yield
    device(aws)


@probe("mfa", "InvalidAuthenticationCode")
def enable_a_device_with_invented_codes(aws):
    aws.iam.create_user(UserName="ana")
    serial, codes = device(aws)
    wrong = [f"{(int(code) + 1) % 10**6:06}" for code in codes]
    yield
    aws.iam.enable_mfa_device(
        UserName="ana", SerialNumber=serial, AuthenticationCode1=wrong[0], AuthenticationCode2=wrong[1]
    )


@probe("mfa", "InvalidAuthenticationCode")
def enable_a_device_with_one_code_twice(aws):
    aws.iam.create_user(UserName="ana")
    serial, (first, _) = device(aws)
    yield
    aws.iam.enable_mfa_device(UserName="ana", SerialNumber=serial, AuthenticationCode1=first, AuthenticationCode2=first)


@probe("mfa", "NoSuchEntity")
def enable_a_device_that_is_not_there(aws):
    aws.iam.create_user(UserName="ana")
    yield
    aws.iam.enable_mfa_device(
        UserName="ana",
        SerialNumber=f"arn:aws:iam::{ACCOUNT}:mfa/none",
        AuthenticationCode1="123456",
        AuthenticationCode2="654321",
    )


@probe("mfa", "DeleteConflict")
def delete_a_device_in_use(aws):
    aws.iam.create_user(UserName="ana")
    serial = enabled_device(aws)
    yield
    aws.iam.delete_virtual_mfa_device(SerialNumber=serial)


@probe("mfa")
def deactivate_and_delete_a_device(aws):
    aws.iam.create_user(UserName="ana")
    serial = enabled_device(aws)
    aws.iam.deactivate_mfa_device(UserName="ana", SerialNumber=serial)
    aws.iam.delete_virtual_mfa_device(SerialNumber=serial)
    assert aws.iam.list_mfa_devices(UserName="ana")["MFADevices"] == []
    assert aws.iam.list_virtual_mfa_devices()["VirtualMFADevices"] == []


@probe("mfa", "DeleteConflict")
def delete_a_user_with_a_device(aws):
    aws.iam.create_user(UserName="ana")
    enabled_device(aws)
    yield
    aws.iam.delete_user(UserName="ana")


@probe("mfa")
def two_devices_of_a_user(aws):
    aws.iam.create_user(UserName="ana")
    for name in ("phone", "tablet"):
        enabled_device(aws, name=name)
    assert len(aws.iam.list_mfa_devices(UserName="ana")["MFADevices"]) == 2


@probe("mfa", "LimitExceeded")
def a_ninth_device_of_a_user(aws):
    aws.iam.create_user(UserName="ana")
    for n in range(8):
        enabled_device(aws, name=f"device{n}")
    yield
    enabled_device(aws, name="device8")


@probe("mfa", "AccessDenied")
def a_session_with_a_wrong_code(aws):
    ana = aws.user()
    serial, codes = device(aws)
    aws.iam.enable_mfa_device(
        UserName="ana", SerialNumber=serial, AuthenticationCode1=codes[0], AuthenticationCode2=codes[1]
    )
    wrong = next(one for one in ("000000", "111111", "222222", "333333") if one not in codes)
    yield
    ana.sts.get_session_token(SerialNumber=serial, TokenCode=wrong)


@probe("mfa", "AccessDenied")
def a_session_with_the_device_of_another(aws):
    ana = aws.user()
    aws.iam.create_user(UserName="bob")
    serial, codes = device(aws, "bob")
    aws.iam.enable_mfa_device(
        UserName="bob", SerialNumber=serial, AuthenticationCode1=codes[0], AuthenticationCode2=codes[1]
    )
    yield
    ana.sts.get_session_token(SerialNumber=serial, TokenCode=codes[1])


# Access keys


@probe("access-paths")
def two_keys_of_a_user(aws):
    aws.iam.create_user(UserName="ana")
    for _ in range(2):
        made = aws.iam.create_access_key(UserName="ana")["AccessKey"]
        assert made["AccessKeyId"].startswith("AKIA") and len(made["SecretAccessKey"]) == 40
    found = aws.iam.list_access_keys(UserName="ana")["AccessKeyMetadata"]
    assert len(found) == 2 and all("SecretAccessKey" not in one for one in found)


@probe("access-paths", "LimitExceeded")
def a_third_key(aws):
    aws.iam.create_user(UserName="ana")
    aws.iam.create_access_key(UserName="ana")
    aws.iam.create_access_key(UserName="ana")
    yield
    aws.iam.create_access_key(UserName="ana")


@probe("access-paths")
def rotate_a_key(aws):
    ana = aws.user("ana", allow("iam:ListUsers"))
    new = aws.iam.create_access_key(UserName="ana")["AccessKey"]
    Caller(new["AccessKeyId"], new["SecretAccessKey"]).iam.list_users()
    aws.iam.update_access_key(UserName="ana", AccessKeyId=ana.key, Status="Inactive")
    aws.iam.delete_access_key(UserName="ana", AccessKeyId=ana.key)
    found = aws.iam.list_access_keys(UserName="ana")["AccessKeyMetadata"]
    assert [(one["AccessKeyId"], one["Status"]) for one in found] == [(new["AccessKeyId"], "Active")]


@probe("access-paths", "NoSuchEntity")
def delete_a_key_that_is_not_there(aws):
    aws.iam.create_user(UserName="ana")
    yield
    aws.iam.delete_access_key(UserName="ana", AccessKeyId="AKIAIOSFODNN7NOBODY1")


@probe("access-paths")
def a_key_that_was_never_used(aws):
    aws.iam.create_user(UserName="ana")
    key = aws.iam.create_access_key(UserName="ana")["AccessKey"]["AccessKeyId"]
    found = aws.iam.get_access_key_last_used(AccessKeyId=key)
    assert found["UserName"] == "ana" and "LastUsedDate" not in found["AccessKeyLastUsed"]
    assert found["AccessKeyLastUsed"]["ServiceName"] == "N/A" == found["AccessKeyLastUsed"]["Region"]


@probe("access-paths")
def a_key_that_was_used(aws):
    ana = aws.user("ana", allow("ec2:Describe*"))
    ana.ec2.describe_vpcs()
    found = aws.iam.get_access_key_last_used(AccessKeyId=ana.key)["AccessKeyLastUsed"]
    assert found["ServiceName"] == "ec2" and found["Region"] == "us-east-1" and "LastUsedDate" in found


@probe("access-paths")
def keys_of_a_caller(aws):
    ana = aws.user("ana", allow("iam:*"))
    made = ana.iam.create_access_key()["AccessKey"]
    assert made["UserName"] == "ana" and len(ana.iam.list_access_keys()["AccessKeyMetadata"]) == 2


# Roles


def _role(aws, document, **more):
    return aws.iam.create_role(RoleName="r", AssumeRolePolicyDocument=document, **more)["Role"]


EC2_TRUST = trust({"Service": "ec2.amazonaws.com"})
probes.table(
    "roles-for-services",
    _role,
    {
        "role_for_ec2": ("ok", {"document": EC2_TRUST}),
        "role_for_the_account": ("ok", {"document": trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})}),
        "role_for_another_account": ("ok", {"document": trust({"AWS": "210987654321"})}),
        "role_with_external_id": (
            "ok",
            {"document": trust({"AWS": "210987654321"}, Condition={"StringEquals": {"sts:ExternalId": "7"}})},
        ),
        "role_trust_with_resource": (MALFORMED, {"document": trust({"Service": "ec2.amazonaws.com"}, Resource="*")}),
        "role_trust_without_principal": (
            MALFORMED,
            {"document": policy({"Effect": "Allow", "Action": "sts:AssumeRole"})},
        ),
        "role_trust_for_a_service_that_is_none": (MALFORMED, {"document": trust({"Service": "ec3.amazonaws.com"})}),
        "role_trust_for_a_user_that_is_none": (
            MALFORMED,
            {"document": trust({"AWS": f"arn:aws:iam::{ACCOUNT}:user/nobody"})},
        ),
        "role_trust_with_another_action": (
            MALFORMED,
            {"document": trust({"Service": "ec2.amazonaws.com"}, Action="s3:GetObject")},
        ),
        "role_trust_as_identity_policy": (MALFORMED, {"document": policy(allow("sts:AssumeRole"))}),
        "role_session_of_13_hours": ("ValidationError", {"document": EC2_TRUST, "MaxSessionDuration": 46800}),
        "role_session_of_12_hours": ("ok", {"document": EC2_TRUST, "MaxSessionDuration": 43200}),
        "role_description_of_1001_letters": ("ValidationError", {"document": EC2_TRUST, "Description": "a" * 1001}),
    },
)


@probe("roles-for-services")
def a_role_has_no_keys_and_one_hour(aws):
    made = _role(aws, EC2_TRUST)
    assert made["RoleId"].startswith("AROA") and made["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/r"
    assert aws.iam.get_role(RoleName="r")["Role"]["MaxSessionDuration"] == 3600


@probe("roles-for-services", "EntityAlreadyExists")
def the_same_role_twice(aws):
    _role(aws, EC2_TRUST)
    yield
    _role(aws, EC2_TRUST)


@probe("roles-for-services")
def a_role_in_a_profile(aws):
    _role(aws, EC2_TRUST)
    aws.iam.create_instance_profile(InstanceProfileName="p")
    aws.iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
    found = aws.iam.get_instance_profile(InstanceProfileName="p")["InstanceProfile"]
    assert [one["RoleName"] for one in found["Roles"]] == ["r"]
    assert len(aws.iam.list_instance_profiles_for_role(RoleName="r")["InstanceProfiles"]) == 1


@probe("roles-for-services", "LimitExceeded")
def a_second_role_in_a_profile(aws):
    _role(aws, EC2_TRUST)
    aws.role("s")
    aws.iam.create_instance_profile(InstanceProfileName="p")
    aws.iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
    yield
    aws.iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="s")


@probe("roles-for-services", "NoSuchEntity")
def a_profile_with_no_role(aws):
    aws.iam.create_instance_profile(InstanceProfileName="p")
    yield
    aws.iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="none")


@probe("roles-for-services", "DeleteConflict")
def delete_a_role_in_a_profile(aws):
    _role(aws, EC2_TRUST)
    aws.iam.create_instance_profile(InstanceProfileName="p")
    aws.iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
    yield
    aws.iam.delete_role(RoleName="r")


@probe("roles-for-services", "DeleteConflict")
def delete_a_profile_with_a_role(aws):
    _role(aws, EC2_TRUST)
    aws.iam.create_instance_profile(InstanceProfileName="p")
    aws.iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
    yield
    aws.iam.delete_instance_profile(InstanceProfileName="p")


@probe("roles-for-services", "DeleteConflict")
def delete_a_role_with_a_managed_policy(aws):
    _role(aws, EC2_TRUST)
    aws.iam.attach_role_policy(RoleName="r", PolicyArn=READ_ONLY)
    yield
    aws.iam.delete_role(RoleName="r")


@probe("roles-for-services", "DeleteConflict")
def delete_a_role_with_an_inline_policy(aws):
    aws.role("r", None, allow("s3:*"))
    yield
    aws.iam.delete_role(RoleName="r")


@probe("roles-for-services", "NoSuchEntity")
def delete_a_role_that_is_not_there(aws):
    aws.iam.delete_role(RoleName="r")


@probe("roles-for-services")
def change_who_may_assume_a_role(aws):
    _role(aws, EC2_TRUST)
    aws.iam.update_assume_role_policy(RoleName="r", PolicyDocument=trust({"Service": "lambda.amazonaws.com"}))
    found = aws.iam.get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"]
    assert found["Statement"][0]["Principal"] == {"Service": "lambda.amazonaws.com"}


@probe("roles-for-services", MALFORMED)
def change_a_trust_policy_to_nobody(aws):
    _role(aws, EC2_TRUST)
    yield
    aws.iam.update_assume_role_policy(RoleName="r", PolicyDocument=policy(allow("sts:AssumeRole")))


@probe("roles-for-services")
def a_service_linked_role(aws):
    made = aws.iam.create_service_linked_role(AWSServiceName="elasticloadbalancing.amazonaws.com")["Role"]
    assert made["RoleName"] == "AWSServiceRoleForElasticLoadBalancing"
    assert made["Path"] == "/aws-service-role/elasticloadbalancing.amazonaws.com/"


@probe("roles-for-services", "InvalidInput")
def the_same_service_linked_role_twice(aws):
    aws.iam.create_service_linked_role(AWSServiceName="elasticloadbalancing.amazonaws.com")
    yield
    aws.iam.create_service_linked_role(AWSServiceName="elasticloadbalancing.amazonaws.com")


@probe("roles-for-services", "UnmodifiableEntity")
def change_a_service_linked_role(aws):
    aws.iam.create_service_linked_role(AWSServiceName="elasticloadbalancing.amazonaws.com")
    yield
    aws.iam.put_role_policy(
        RoleName="AWSServiceRoleForElasticLoadBalancing", PolicyName="p", PolicyDocument=policy(allow("s3:*"))
    )


@probe("roles-for-services", "UnmodifiableEntity")
def delete_a_service_linked_role_as_if_it_were_ones_own(aws):
    aws.iam.create_service_linked_role(AWSServiceName="elasticloadbalancing.amazonaws.com")
    yield
    aws.iam.delete_role(RoleName="AWSServiceRoleForElasticLoadBalancing")


@probe("roles-for-services", "LimitExceeded")
def a_twenty_first_policy_of_a_role(aws):
    aws.role("r")
    arns = [aws.managed(f"p{n}", allow("s3:*")) for n in range(21)]
    for arn in arns[:20]:
        aws.iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    yield
    aws.iam.attach_role_policy(RoleName="r", PolicyArn=arns[20])


# Credential report and last accessed


@probe("security-tools", "ReportNotPresent")
def a_report_that_was_never_made(aws):
    aws.iam.get_credential_report()


def _report(aws):
    while aws.iam.generate_credential_report()["State"] != "COMPLETE":
        pass
    return list(csv.DictReader(io.StringIO(aws.iam.get_credential_report()["Content"].decode())))


@probe("security-tools")
def a_credential_report(aws):
    aws.iam.create_user(UserName="ana")
    aws.iam.create_login_profile(UserName="ana", Password="Sun-rise-7")
    aws.iam.create_user(UserName="bot")
    aws.iam.create_access_key(UserName="bot")
    assert aws.iam.generate_credential_report()["State"] == "STARTED"
    rows = {one["user"]: one for one in _report(aws)}
    assert {"<root_account>", "ana", "bot"} <= set(rows)
    assert (rows["ana"]["password_enabled"], rows["bot"]["password_enabled"]) == ("true", "false")
    assert (rows["ana"]["access_key_1_active"], rows["bot"]["access_key_1_active"]) == ("false", "true")
    assert rows["bot"]["password_last_used"] == "N/A" and rows["bot"]["access_key_1_last_used_date"] == "N/A"
    assert rows["<root_account>"]["password_enabled"] == "not_supported"
    assert rows["<root_account>"]["arn"] == f"arn:aws:iam::{ACCOUNT}:root"


@probe("security-tools")
def a_credential_report_shows_mfa(aws):
    aws.iam.create_user(UserName="ana")
    aws.iam.create_user(UserName="bob")
    enabled_device(aws)
    rows = {one["user"]: one["mfa_active"] for one in _report(aws)}
    assert (rows["ana"], rows["bob"]) == ("true", "false")


@probe("security-tools")
def a_credential_report_shows_an_inactive_key(aws):
    ana = aws.user()
    aws.iam.update_access_key(UserName="ana", AccessKeyId=ana.key, Status="Inactive")
    rows = {one["user"]: one for one in _report(aws)}
    assert rows["ana"]["access_key_1_active"] == "false"


@probe("security-tools")
def services_last_accessed(aws):
    ana = aws.user("ana", allow("ec2:*", "s3:*", "sqs:*"))
    ana.ec2.describe_vpcs()
    job = aws.iam.generate_service_last_accessed_details(Arn=f"arn:aws:iam::{ACCOUNT}:user/ana")["JobId"]
    found = aws.iam.get_service_last_accessed_details(JobId=job)
    assert found["JobStatus"] == "COMPLETED"
    used = {one["ServiceNamespace"]: "LastAuthenticated" in one for one in found["ServicesLastAccessed"]}
    assert used["ec2"] and not used["s3"] and not used["sqs"]


@probe("security-tools", "NoSuchEntity")
def services_last_accessed_of_nobody(aws):
    aws.iam.generate_service_last_accessed_details(Arn=f"arn:aws:iam::{ACCOUNT}:user/nobody")


@probe("security-tools", "NoSuchEntity")
def a_job_that_is_not_there(aws):
    aws.iam.get_service_last_accessed_details(JobId="12345678-1234-1234-1234-123456789012")


@probe("security-tools")
def account_summary(aws):
    aws.iam.create_user(UserName="ana")
    found = aws.iam.get_account_summary()["SummaryMap"]
    assert found["UsersQuota"] == 5000 and found["GroupsPerUserQuota"] == 10 and found["AccessKeysPerUserQuota"] == 2


@probe("security-tools")
def account_alias(aws):
    aws.iam.create_account_alias(AccountAlias="ana-lab")
    assert aws.iam.list_account_aliases()["AccountAliases"] == ["ana-lab"]


@probe("security-tools", "ValidationError")
def account_alias_with_capitals(aws):
    aws.iam.create_account_alias(AccountAlias="AnaLab")


# STS


@probe("roles-for-services")
def assume_a_role(aws):
    arn = aws.role("r", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, allow("ec2:Describe*"))
    answer = aws.sts.assume_role(RoleArn=arn, RoleSessionName="work")
    session = aws.session(answer)
    assert session.key.startswith("ASIA")
    assert session.sts.get_caller_identity()["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/r/work"
    left = answer["Credentials"]["Expiration"].timestamp() - time.time()
    assert 3500 < left <= 3601


@probe("roles-for-services", "ValidationError")
def assume_a_role_for_longer_than_it_allows(aws):
    arn = aws.role("r", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    yield
    aws.sts.assume_role(RoleArn=arn, RoleSessionName="work", DurationSeconds=7200)


@probe("roles-for-services", "ValidationError")
def assume_a_role_for_13_hours(aws):
    arn = aws.role("r", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    yield
    aws.sts.assume_role(RoleArn=arn, RoleSessionName="work", DurationSeconds=46800)


@probe("roles-for-services", "ValidationError")
def a_session_name_with_a_blank(aws):
    arn = aws.role("r", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    yield
    aws.sts.assume_role(RoleArn=arn, RoleSessionName="my work")


@probe("roles-for-services", "AccessDenied")
def assume_a_role_that_is_not_there(aws):
    aws.sts.assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/none", RoleSessionName="work")


@probe("roles-for-services", "ValidationError")
def chain_roles_for_two_hours(aws):
    trusted = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    first = aws.role("first", trusted, allow("sts:AssumeRole"))
    second = aws.iam.create_role(RoleName="second", AssumeRolePolicyDocument=trust(trusted), MaxSessionDuration=7200)[
        "Role"
    ]["Arn"]
    session = aws.session(aws.sts.assume_role(RoleArn=first, RoleSessionName="work"))
    yield
    session.sts.assume_role(RoleArn=second, RoleSessionName="work", DurationSeconds=7200)


@probe("access-paths")
def a_session_token_of_a_user(aws):
    ana = aws.user("ana", allow("ec2:Describe*"))
    session = aws.session(ana.sts.get_session_token(DurationSeconds=900))
    session.ec2.describe_vpcs()
    assert session.sts.get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/ana"


@probe("access-paths")
def a_key_says_its_account(aws):
    ana = aws.user()
    assert aws.sts.get_access_key_info(AccessKeyId=ana.key)["Account"] == ACCOUNT


# Organizations


@probe("policy-evaluation")
def an_organization_with_a_policy(aws):
    made = aws.organizations.create_organization(FeatureSet="ALL")["Organization"]
    assert made["MasterAccountId"] == ACCOUNT
    root = aws.organizations.list_roots()["Roots"][0]["Id"]
    unit = aws.organizations.create_organizational_unit(ParentId=root, Name="dev")["OrganizationalUnit"]["Id"]
    aws.organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    scp = aws.organizations.create_policy(
        Name="no-leave",
        Description="",
        Type="SERVICE_CONTROL_POLICY",
        Content=policy(deny("organizations:LeaveOrganization")),
    )["Policy"]["PolicySummary"]["Id"]
    aws.organizations.attach_policy(PolicyId=scp, TargetId=unit)
    attached = aws.organizations.list_policies_for_target(TargetId=unit, Filter="SERVICE_CONTROL_POLICY")["Policies"]
    assert {"FullAWSAccess", "no-leave"} == {one["Name"] for one in attached}


@probe("policy-evaluation", "AlreadyInOrganizationException")
def a_second_organization(aws):
    aws.organizations.create_organization(FeatureSet="ALL")
    yield
    aws.organizations.create_organization(FeatureSet="ALL")


@probe("policy-evaluation", "AWSOrganizationsNotInUseException")
def no_organization_yet(aws):
    aws.organizations.describe_organization()


@probe("policy-evaluation")
def an_scp_does_not_reach_the_management_account(aws):
    ana = aws.user("ana", allow("iam:*"))
    aws.organizations.create_organization(FeatureSet="ALL")
    root = aws.organizations.list_roots()["Roots"][0]["Id"]
    aws.organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    scp = aws.organizations.create_policy(
        Name="none", Description="", Type="SERVICE_CONTROL_POLICY", Content=policy(deny("iam:*"))
    )["Policy"]["PolicySummary"]["Id"]
    aws.organizations.attach_policy(PolicyId=scp, TargetId=root)
    ana.iam.list_users()


# Asked from another side: what a learner types first, with the usual slips


@probe("regions")
def seventeen_regions_need_no_opt_in(aws):
    found = aws.ec2.describe_regions()["Regions"]
    assert len(found) == 17 and {one["OptInStatus"] for one in found} == {"opt-in-not-required"}
    assert all(one["Endpoint"] == f"ec2.{one['RegionName']}.amazonaws.com" for one in found)


@probe("regions")
def regions_still_to_opt_into(aws):
    wanted = [{"Name": "opt-in-status", "Values": ["not-opted-in"]}]
    found = aws.ec2.describe_regions(AllRegions=True, Filters=wanted)["Regions"]
    assert {"af-south-1", "ap-east-1", "eu-south-1", "me-south-1"} <= {one["RegionName"] for one in found}
    assert "us-east-1" not in {one["RegionName"] for one in found}


@probe("regions", "InvalidParameterValue")
def describe_a_region_that_is_none(aws):
    aws.ec2.describe_regions(RegionNames=["us-east-9"])


@probe("regions", "AuthFailure")
def work_in_a_region_that_is_not_enabled(aws):
    aws("ec2", "af-south-1").describe_instances()


@probe("regions")
def account_lists_disabled_regions(aws):
    found = aws.account.list_regions(RegionOptStatusContains=["DISABLED"])["Regions"]
    assert {"RegionName": "af-south-1", "RegionOptStatus": "DISABLED"} in found


@probe("regions")
def account_lists_default_regions(aws):
    found = aws.account.list_regions(RegionOptStatusContains=["ENABLED_BY_DEFAULT"])["Regions"]
    assert len(found) == 17


@probe("availability-zones")
def zones_say_all_about_themselves(aws):
    found = aws.ec2.describe_availability_zones()["AvailabilityZones"]
    assert [one["ZoneName"] for one in found] == [f"us-east-1{z}" for z in "abcdef"]
    for one in found:
        assert one["State"] == "available" and one["OptInStatus"] == "opt-in-not-required" and one["Messages"] == []
        assert one["GroupName"] and one["NetworkBorderGroup"] == "us-east-1" and one["ZoneType"] == "availability-zone"
    assert {one["ZoneId"] for one in found} == {f"use1-az{n}" for n in range(1, 7)}


@probe("availability-zones")
def find_the_zone_behind_an_id(aws):
    found = aws.ec2.describe_availability_zones(Filters=[{"Name": "zone-id", "Values": ["use1-az2"]}])
    assert len(found["AvailabilityZones"]) == 1
    name = found["AvailabilityZones"][0]["ZoneName"]
    assert aws.ec2.describe_availability_zones(ZoneIds=["use1-az2"])["AvailabilityZones"][0]["ZoneName"] == name


@probe("availability-zones", "InvalidParameterValue")
def describe_a_zone_of_another_region(aws):
    aws.ec2.describe_availability_zones(ZoneNames=["eu-west-1a"])


@probe("availability-zones", "InvalidParameterValue")
def describe_zones_by_a_filter_that_is_none(aws):
    aws.ec2.describe_availability_zones(Filters=[{"Name": "zone", "Values": ["us-east-1a"]}])


@probe("choosing-a-region")
def a_type_is_described_fully(aws):
    one = aws.ec2.describe_instance_types(InstanceTypes=["m5.xlarge"])["InstanceTypes"][0]
    assert one["VCpuInfo"]["DefaultVCpus"] == 4 and one["VCpuInfo"]["DefaultCores"] == 2
    assert one["MemoryInfo"]["SizeInMiB"] == 16384 and one["Hypervisor"] == "nitro"
    assert set(one["SupportedUsageClasses"]) >= {"on-demand", "spot"} and one["HibernationSupported"]
    assert set(one["PlacementGroupInfo"]["SupportedStrategies"]) >= {"cluster", "partition", "spread"}
    assert one["NetworkInfo"]["MaximumNetworkInterfaces"] == 4 and one["EbsInfo"]["EbsOptimizedSupport"] == "default"


@probe("choosing-a-region", "InvalidInstanceType")
def describe_a_type_that_is_none(aws):
    aws.ec2.describe_instance_types(InstanceTypes=["t3.mikro"])


@probe("choosing-a-region")
def types_by_wildcard(aws):
    found = aws.ec2.describe_instance_types(Filters=[{"Name": "instance-type", "Values": ["t3.*"]}])["InstanceTypes"]
    assert len(found) == 7


@probe("choosing-a-region")
def types_by_vcpus_and_architecture(aws):
    wanted = [
        {"Name": "processor-info.supported-architecture", "Values": ["arm64"]},
        {"Name": "vcpu-info.default-vcpus", "Values": ["2"]},
        {"Name": "current-generation", "Values": ["true"]},
    ]
    pages = aws.ec2.get_paginator("describe_instance_types").paginate(Filters=wanted)
    names = {one["InstanceType"] for page in pages for one in page["InstanceTypes"]}
    assert "t4g.micro" in names and "m6g.large" in names and "t3.micro" not in names


@probe("choosing-a-region")
def a_type_in_the_zones_of_a_region(aws):
    found = aws.ec2.describe_instance_type_offerings(
        LocationType="availability-zone", Filters=[{"Name": "instance-type", "Values": ["m5.large"]}]
    )["InstanceTypeOfferings"]
    assert len(found) >= 3 and {one["LocationType"] for one in found} == {"availability-zone"}
    assert all(one["Location"].startswith("us-east-1") for one in found)


@probe("choosing-a-region")
def region_long_name_by_public_parameter(aws):
    path = "/aws/service/global-infrastructure/regions/eu-west-1/longName"
    assert aws.ssm.get_parameter(Name=path)["Parameter"]["Value"] == "Europe (Ireland)"


@probe("choosing-a-region")
def regions_of_a_service_by_public_parameters(aws):
    pages = aws.ssm.get_paginator("get_parameters_by_path").paginate(
        Path="/aws/service/global-infrastructure/services/lambda/regions"
    )
    assert {"us-east-1", "eu-west-1"} <= {one["Value"] for page in pages for one in page["Parameters"]}


@probe("choosing-a-region")
def images_by_public_parameters(aws):
    found = aws.ssm.get_parameters_by_path(Path="/aws/service/ami-amazon-linux-latest")["Parameters"]
    assert all(one["Value"].startswith("ami-") and one["Type"] == "String" for one in found)
    assert any("al2023-ami-kernel-default-arm64" in one["Name"] for one in found)


@probe("choosing-a-region")
def several_public_parameters_and_a_wrong_one(aws):
    good = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    found = aws.ssm.get_parameters(Names=[good, "/aws/service/nothing"])
    assert [one["Name"] for one in found["Parameters"]] == [good] and found["InvalidParameters"] == [
        "/aws/service/nothing"
    ]


@probe("choosing-a-region", "AccessDeniedException|ValidationException")
def put_a_parameter_under_aws(aws):
    aws.ssm.put_parameter(Name="/aws/mine", Value="1", Type="String")


@probe("service-scope")
def iam_is_the_same_in_every_region(aws):
    aws("iam", "eu-west-1").create_user(UserName="ana")
    assert aws("iam", "us-west-2").get_user(UserName="ana")["User"]["Arn"] == "arn:aws:iam::123456789012:user/ana"


@probe("service-scope", "InvalidKeyPair.NotFound")
def a_key_pair_is_regional(aws):
    aws.ec2.create_key_pair(KeyName="ana")
    yield
    aws("ec2", "eu-west-1").describe_key_pairs(KeyNames=["ana"])


# Users


probes.table(
    "root-and-users",
    lambda aws, **more: aws.iam.create_user(**more),
    {
        "user_name_with_a_space": ("ValidationError", {"UserName": "ana lopez"}),
        "user_name_of_65_characters": ("ValidationError", {"UserName": "a" * 65}),
        "user_name_like_an_address": ("ok", {"UserName": "ana+lab@example.com"}),
        "user_with_one_tag_twice": (
            "InvalidInput",
            {"UserName": "ana", "Tags": [{"Key": "team", "Value": "a"}, {"Key": "Team", "Value": "b"}]},
        ),
    },
)


@probe("root-and-users")
def a_user_is_answered_whole(aws):
    user = aws.iam.create_user(UserName="ana", Path="/dev/", Tags=[{"Key": "team", "Value": "a"}])["User"]
    assert user["Arn"] == "arn:aws:iam::123456789012:user/dev/ana" and user["Path"] == "/dev/"
    assert user["UserId"].startswith("AIDA") and len(user["UserId"]) == 21 and user["CreateDate"]
    assert user["Tags"] == [{"Key": "team", "Value": "a"}] and "PasswordLastUsed" not in user


@probe("root-and-users", "EntityAlreadyExists")
def user_names_differ_not_by_case(aws):
    aws.iam.create_user(UserName="ana")
    yield
    aws.iam.create_user(UserName="Ana")


@probe("root-and-users")
def who_am_i_by_get_user(aws):
    assert aws.iam.get_user()["User"]["Arn"] == aws.sts.get_caller_identity()["Arn"]


@probe("root-and-users", "EntityAlreadyExists")
def rename_a_user_to_a_taken_name(aws):
    aws.iam.create_user(UserName="ana")
    aws.iam.create_user(UserName="bob")
    yield
    aws.iam.update_user(UserName="ana", NewUserName="bob")


@probe("root-and-users")
def a_renamed_user_keeps_id_keys_and_groups(aws):
    before = aws.iam.create_user(UserName="ana")["User"]["UserId"]
    key = aws.iam.create_access_key(UserName="ana")["AccessKey"]["AccessKeyId"]
    aws.iam.create_group(GroupName="dev")
    aws.iam.add_user_to_group(GroupName="dev", UserName="ana")
    yield
    aws.iam.update_user(UserName="ana", NewUserName="anna", NewPath="/x/")
    user = aws.iam.get_user(UserName="anna")["User"]
    assert user["UserId"] == before and user["Arn"].endswith(":user/x/anna")
    listed = aws.iam.list_access_keys(UserName="anna")["AccessKeyMetadata"][0]
    assert listed["AccessKeyId"] == key and listed["UserName"] == "anna"
    assert [one["UserName"] for one in aws.iam.get_group(GroupName="dev")["Users"]] == ["anna"]


@probe("root-and-users")
def users_page_by_page(aws):
    for n in range(5):
        aws.iam.create_user(UserName=f"u{n}")
    first = aws.iam.list_users(MaxItems=2)
    assert first["IsTruncated"] and first["Marker"] and len(first["Users"]) == 2
    pages = aws.iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 2})
    names = [one["UserName"] for page in pages for one in page["Users"]]
    assert set(names) >= {"u0", "u4"} and len(names) == len(set(names))


@probe("root-and-users")
def users_under_a_path(aws):
    aws.iam.create_user(UserName="ana", Path="/dev/web/")
    aws.iam.create_user(UserName="bob", Path="/ops/")
    assert [one["UserName"] for one in aws.iam.list_users(PathPrefix="/dev/")["Users"]] == ["ana"]


@probe("root-and-users")
def tags_of_a_user_are_replaced_by_key(aws):
    aws.iam.create_user(UserName="ana", Tags=[{"Key": "team", "Value": "a"}])
    aws.iam.tag_user(UserName="ana", Tags=[{"Key": "team", "Value": "b"}, {"Key": "cost", "Value": ""}])
    found = aws.iam.list_user_tags(UserName="ana")
    assert {one["Key"]: one["Value"] for one in found["Tags"]} == {"team": "b", "cost": ""} and not found["IsTruncated"]


# Groups


@probe("groups", "NoSuchEntity")
def take_a_user_out_of_a_group_she_is_not_in(aws):
    aws.iam.create_group(GroupName="dev")
    aws.iam.create_user(UserName="ana")
    yield
    aws.iam.remove_user_from_group(GroupName="dev", UserName="ana")


@probe("groups")
def join_a_group_twice(aws):
    aws.iam.create_group(GroupName="dev")
    aws.iam.create_user(UserName="ana")
    aws.iam.add_user_to_group(GroupName="dev", UserName="ana")
    aws.iam.add_user_to_group(GroupName="dev", UserName="ana")
    assert len(aws.iam.get_group(GroupName="dev")["Users"]) == 1


@probe("groups", "NoSuchEntity")
def put_a_group_into_a_group(aws):
    aws.iam.create_group(GroupName="dev")
    aws.iam.create_group(GroupName="all")
    yield
    aws.iam.add_user_to_group(GroupName="all", UserName="dev")


@probe("groups", "EntityAlreadyExists")
def group_names_differ_not_by_case(aws):
    aws.iam.create_group(GroupName="Admins")
    yield
    aws.iam.create_group(GroupName="admins")


@probe("groups", "DeleteConflict")
def delete_a_group_with_a_managed_policy(aws):
    aws.iam.create_group(GroupName="dev")
    aws.iam.attach_group_policy(GroupName="dev", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    yield
    aws.iam.delete_group(GroupName="dev")


@probe("groups", "MalformedPolicyDocument")
def a_group_as_principal(aws):
    group = aws.iam.create_group(GroupName="dev")["Group"]["Arn"]
    yield
    aws.iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust({"AWS": group}))


@probe("groups")
def a_renamed_group_keeps_members_and_policies(aws):
    aws.iam.create_group(GroupName="dev")
    aws.iam.create_user(UserName="ana")
    aws.iam.add_user_to_group(GroupName="dev", UserName="ana")
    aws.iam.attach_group_policy(GroupName="dev", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    yield
    aws.iam.update_group(GroupName="dev", NewGroupName="developers")
    assert [one["GroupName"] for one in aws.iam.list_groups_for_user(UserName="ana")["Groups"]] == ["developers"]
    found = aws.iam.list_attached_group_policies(GroupName="developers")["AttachedPolicies"]
    assert found == [{"PolicyName": "ReadOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]


# Policies


@probe("policy-documents")
def white_space_does_not_count_in_a_policy(aws):
    document = policy(allow("s3:GetObject", on="arn:aws:s3:::files/*"))
    padded = document.replace("{", "{" + " " * 3000)
    made = aws.iam.create_policy(PolicyName="wide", PolicyDocument=padded)["Policy"]
    assert made["DefaultVersionId"] == "v1" and made["AttachmentCount"] == 0 and made["IsAttachable"]
    assert made["PermissionsBoundaryUsageCount"] == 0 and made["PolicyId"].startswith("ANPA") and made["Path"] == "/"


@probe("policy-documents", "LimitExceeded")
def a_managed_policy_too_long(aws):
    names = [f"arn:aws:s3:::bucket-number-{n:04}/*" for n in range(220)]
    aws.iam.create_policy(PolicyName="long", PolicyDocument=policy(allow("s3:GetObject", on=names)))


@probe("policy-documents", "LimitExceeded")
def inline_policies_of_a_user_too_long_together(aws):
    aws.iam.create_user(UserName="ana")
    names = [f"arn:aws:s3:::bucket-number-{n:04}/*" for n in range(40)]
    document = policy(allow("s3:GetObject", on=names))
    aws.iam.put_user_policy(UserName="ana", PolicyName="one", PolicyDocument=document)
    yield
    aws.iam.put_user_policy(UserName="ana", PolicyName="two", PolicyDocument=document)


probes.table(
    "policy-documents",
    lambda aws, document: aws.iam.create_policy(PolicyName="p", PolicyDocument=document),
    {
        "policy_of_single_quotes": ("MalformedPolicyDocument", {"document": "{'Version': '2012-10-17'}"}),
        "policy_with_todays_version": (
            "MalformedPolicyDocument",
            {"document": '{"Version":"2026-11-28","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'},
        ),
        "policy_with_actions_spelt_plural": (
            "MalformedPolicyDocument",
            {"document": '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Actions":"s3:*","Resource":"*"}]}'},
        ),
        "policy_with_action_and_not_action": (
            "MalformedPolicyDocument",
            {"document": policy(allow("s3:*", NotAction="s3:DeleteBucket"))},
        ),
        "policy_with_a_sid_with_spaces": (
            "MalformedPolicyDocument",
            {"document": policy(allow("s3:*", Sid="my rule"))},
        ),
        "policy_with_an_action_that_is_none": ("ok", {"document": policy(allow("s3:ReadEverything"))}),
        "policy_for_a_condition_key_that_is_none": (
            "ok",
            {"document": policy(allow("s3:*", Condition={"StringEquals": {"s3:nokey": "1"}}))},
        ),
        "policy_with_a_bare_condition": (
            "MalformedPolicyDocument",
            {"document": policy(allow("s3:*", Condition={"aws:MultiFactorAuthPresent": "true"}))},
        ),
        "policy_that_is_empty": ("MalformedPolicyDocument", {"document": "{}"}),
        "policy_without_statements": (
            "MalformedPolicyDocument",
            {"document": '{"Version":"2012-10-17","Statement":[]}'},
        ),
    },
)


@probe("policy-documents", "InvalidInput")
def attach_an_arn_with_a_colon_missing(aws):
    aws.iam.create_user(UserName="ana")
    yield
    aws.iam.attach_user_policy(UserName="ana", PolicyArn="arn:aws:iam:aws:policy/AdministratorAccess")


@probe("policy-documents")
def a_service_role_policy_has_its_path(aws):
    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    found = aws.iam.get_policy(PolicyArn=arn)["Policy"]
    assert found["Path"] == "/service-role/" and found["PolicyName"] == "AWSLambdaBasicExecutionRole"
    shown = aws.iam.get_policy_version(PolicyArn=arn, VersionId=found["DefaultVersionId"])["PolicyVersion"]
    assert shown["IsDefaultVersion"] and "logs:PutLogEvents" in str(shown["Document"])


@probe("policy-documents", "NoSuchEntity")
def a_managed_policy_without_its_path(aws):
    aws.iam.get_policy(PolicyArn="arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole")


@probe("policy-documents")
def detaching_twice_is_noticed(aws):
    arn = aws.managed("p", allow("s3:*"))
    aws.iam.create_user(UserName="ana")
    aws.iam.attach_user_policy(UserName="ana", PolicyArn=arn)
    assert aws.iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    found = aws.iam.list_entities_for_policy(PolicyArn=arn)
    assert [one["UserName"] for one in found["PolicyUsers"]] == ["ana"] and found["PolicyRoles"] == []
    aws.iam.detach_user_policy(UserName="ana", PolicyArn=arn)
    try:
        aws.iam.detach_user_policy(UserName="ana", PolicyArn=arn)
    except aws.iam.exceptions.NoSuchEntityException:
        return
    raise AssertionError("accepted")


@probe("policy-documents")
def policy_versions_count_on(aws):
    arn = aws.managed("p", allow("s3:*"))
    second = aws.iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(allow("ec2:*")), SetAsDefault=True)
    assert second["PolicyVersion"]["VersionId"] == "v2" and second["PolicyVersion"]["IsDefaultVersion"]
    aws.iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    third = aws.iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(allow("iam:*")))
    assert third["PolicyVersion"]["VersionId"] == "v3" and not third["PolicyVersion"]["IsDefaultVersion"]
    assert {one["VersionId"] for one in aws.iam.list_policy_versions(PolicyArn=arn)["Versions"]} == {"v3", "v2"}


@probe("policy-documents", "DeleteConflict")
def delete_a_policy_that_is_a_boundary(aws):
    arn = aws.managed("p", allow("s3:*"))
    aws.iam.create_user(UserName="ana", PermissionsBoundary=arn)
    yield
    aws.iam.delete_policy(PolicyArn=arn)


@probe("policy-evaluation")
def a_boundary_is_seen_and_taken_away(aws):
    arn = aws.managed("p", allow("s3:*"))
    aws.iam.create_user(UserName="ana")
    aws.iam.put_user_permissions_boundary(UserName="ana", PermissionsBoundary=arn)
    seen = aws.iam.get_user(UserName="ana")["User"]["PermissionsBoundary"]
    assert seen == {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}
    assert aws.iam.get_policy(PolicyArn=arn)["Policy"]["PermissionsBoundaryUsageCount"] == 1
    aws.iam.delete_user_permissions_boundary(UserName="ana")
    assert "PermissionsBoundary" not in aws.iam.get_user(UserName="ana")["User"]


@probe("policy-documents")
def own_policies_by_scope(aws):
    aws.managed("p", allow("s3:*"))
    assert [one["PolicyName"] for one in aws.iam.list_policies(Scope="Local")["Policies"]] == ["p"]
    assert aws.iam.list_policies(Scope="Local", OnlyAttached=True)["Policies"] == []
    job = aws.iam.list_policies(Scope="AWS", PathPrefix="/job-function/")["Policies"]
    assert "Billing" in {one["PolicyName"] for one in job}


# Passwords and MFA


probes.table(
    "password-policy",
    lambda aws, **more: aws.iam.update_account_password_policy(**more),
    {
        "password_length_129": ("ValidationError", {"MinimumPasswordLength": 129}),
        "password_age_of_three_years_and_more": ("ValidationError", {"MaxPasswordAge": 1096}),
    },
)


@probe("password-policy")
def an_empty_password_policy_has_defaults(aws):
    aws.iam.update_account_password_policy()
    found = aws.iam.get_account_password_policy()["PasswordPolicy"]
    assert found["MinimumPasswordLength"] == 6 and found["RequireSymbols"] is False
    assert found["ExpirePasswords"] is False and found["AllowUsersToChangePassword"] is False


@probe("password-policy")
def a_later_password_policy_forgets_the_earlier(aws):
    aws.iam.update_account_password_policy(MinimumPasswordLength=14, RequireSymbols=True, MaxPasswordAge=90)
    assert aws.iam.get_account_password_policy()["PasswordPolicy"]["ExpirePasswords"] is True
    aws.iam.update_account_password_policy(RequireNumbers=True)
    found = aws.iam.get_account_password_policy()["PasswordPolicy"]
    assert found["MinimumPasswordLength"] == 6 and not found["RequireSymbols"] and "MaxPasswordAge" not in found


@probe("password-policy", "PasswordPolicyViolation")
def a_new_password_against_the_policy(aws):
    aws.iam.update_account_password_policy(MinimumPasswordLength=14)
    aws.iam.create_user(UserName="ana")
    yield
    aws.iam.create_login_profile(UserName="ana", Password="Short-1!")


@probe("password-policy", "PasswordPolicyViolation")
def a_changed_password_against_the_policy(aws):
    aws.iam.update_account_password_policy(RequireSymbols=True, AllowUsersToChangePassword=True)
    ana = aws.user("ana", allow("iam:ChangePassword"))
    aws.iam.create_login_profile(UserName="ana", Password="Long-enough-1")
    yield
    ana.iam.change_password(OldPassword="Long-enough-1", NewPassword="Longenough11")


@probe("password-policy", "NoSuchEntity")
def a_login_profile_that_is_not_there(aws):
    aws.iam.create_user(UserName="ana")
    yield
    aws.iam.get_login_profile(UserName="ana")


@probe("password-policy")
def a_login_profile_with_reset(aws):
    aws.iam.create_user(UserName="ana")
    made = aws.iam.create_login_profile(UserName="ana", Password="Long-enough-1", PasswordResetRequired=True)
    assert made["LoginProfile"]["UserName"] == "ana" and made["LoginProfile"]["PasswordResetRequired"] is True
    aws.iam.update_login_profile(UserName="ana", PasswordResetRequired=False)
    assert aws.iam.get_login_profile(UserName="ana")["LoginProfile"]["PasswordResetRequired"] is False


@probe("mfa")
def a_virtual_device_is_answered_with_its_seed(aws):
    made = aws.iam.create_virtual_mfa_device(VirtualMFADeviceName="ana")["VirtualMFADevice"]
    assert made["SerialNumber"] == "arn:aws:iam::123456789012:mfa/ana"
    assert made["Base32StringSeed"] and made["QRCodePNG"].startswith(b"\x89PNG")
    found = aws.iam.list_virtual_mfa_devices(AssignmentStatus="Unassigned")["VirtualMFADevices"]
    assert [one["SerialNumber"] for one in found] == [made["SerialNumber"]] and "Base32StringSeed" not in found[0]


@probe("mfa", "EntityAlreadyExists")
def two_virtual_devices_of_one_name(aws):
    aws.iam.create_virtual_mfa_device(VirtualMFADeviceName="ana")
    yield
    aws.iam.create_virtual_mfa_device(VirtualMFADeviceName="ana")


@probe("mfa")
def a_device_in_use_is_listed(aws):
    aws.iam.create_user(UserName="ana")
    serial = enabled_device(aws)
    found = aws.iam.list_mfa_devices(UserName="ana")["MFADevices"]
    assert [(one["UserName"], one["SerialNumber"]) for one in found] == [("ana", serial)] and found[0]["EnableDate"]
    listed = aws.iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"]
    assert listed[0]["User"]["UserName"] == "ana"
    aws.iam.deactivate_mfa_device(UserName="ana", SerialNumber=serial)
    assert aws.iam.list_mfa_devices(UserName="ana")["MFADevices"] == []


# Access keys


@probe("access-paths")
def a_new_key_was_never_used(aws):
    aws.iam.create_user(UserName="ana")
    key = aws.iam.create_access_key(UserName="ana")["AccessKey"]
    assert key["AccessKeyId"].startswith("AKIA") and len(key["AccessKeyId"]) == 20
    assert len(key["SecretAccessKey"]) == 40 and key["Status"] == "Active"
    found = aws.iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
    assert found["UserName"] == "ana" and found["AccessKeyLastUsed"]["ServiceName"] == "N/A"
    assert found["AccessKeyLastUsed"]["Region"] == "N/A" and "LastUsedDate" not in found["AccessKeyLastUsed"]


@probe("access-paths")
def a_used_key_says_where(aws):
    ana = aws.user("ana", allow("ec2:*"))
    ana("ec2", "eu-west-1").describe_vpcs()
    found = aws.iam.get_access_key_last_used(AccessKeyId=ana.key)["AccessKeyLastUsed"]
    assert (found["ServiceName"], found["Region"]) == ("ec2", "eu-west-1") and found["LastUsedDate"]


@probe("access-paths", "ValidationError")
def a_key_status_that_is_none(aws):
    ana = aws.user("ana")
    yield
    aws.iam.update_access_key(UserName="ana", AccessKeyId=ana.key, Status="Disabled")


@probe("access-paths", "NoSuchEntity")
def delete_a_key_of_someone_else(aws):
    ana = aws.user("ana")
    aws.user("bob")
    yield
    aws.iam.delete_access_key(UserName="bob", AccessKeyId=ana.key)


@probe("access-paths", "InvalidClientTokenId")
def an_inactive_key_at_sts(aws):
    ana = aws.user("ana")
    aws.iam.update_access_key(UserName="ana", AccessKeyId=ana.key, Status="Inactive")
    yield
    ana.sts.get_caller_identity()


@probe("access-paths", "UnrecognizedClientException")
def a_deleted_key_at_dynamodb(aws):
    ana = aws.user("ana", allow("dynamodb:*"))
    aws.iam.delete_access_key(UserName="ana", AccessKeyId=ana.key)
    yield
    ana.dynamodb.list_tables()


@probe("access-paths", "SignatureDoesNotMatch")
def a_secret_with_a_slip(aws):
    key = aws.user("ana", allow("*")).key
    yield
    Caller(key, "x" * 40).iam.list_users()


@probe("access-paths", "ValidationError|InvalidInput")
def an_account_alias_in_capitals(aws):
    aws.iam.create_account_alias(AccountAlias="My-Company")


@probe("access-paths")
def one_account_alias_at_a_time(aws):
    aws.iam.create_account_alias(AccountAlias="first-name")
    aws.iam.create_account_alias(AccountAlias="second-name")
    assert aws.iam.list_account_aliases()["AccountAliases"] == ["second-name"]


@probe("access-paths")
def the_account_in_figures(aws):
    aws.user("ana")
    found = aws.iam.get_account_summary()["SummaryMap"]
    assert found["UsersQuota"] == 5000 and found["GroupsQuota"] == 300 and found["AccessKeysPerUserQuota"] == 2
    assert found["AccountAccessKeysPresent"] == 0 and found["GroupsPerUserQuota"] == 10 and found["Users"] == 2


# Roles


probes.table(
    "roles-for-services",
    lambda aws, **more: aws.iam.create_role(
        **{"RoleName": "r", "AssumeRolePolicyDocument": trust({"Service": "ec2.amazonaws.com"}), **more}
    ),
    {
        "role_of_13_hours": ("ValidationError", {"MaxSessionDuration": 46800}),
        "role_trusting_a_user_that_is_not_there": (
            "MalformedPolicyDocument",
            {"AssumeRolePolicyDocument": trust({"AWS": "arn:aws:iam::123456789012:user/none"})},
        ),
        "role_trusting_an_account_by_number": ("ok", {"AssumeRolePolicyDocument": trust({"AWS": "111122223333"})}),
        "role_trusting_with_an_identity_policy": (
            "MalformedPolicyDocument",
            {"AssumeRolePolicyDocument": policy(allow("s3:*"))},
        ),
        "role_trusting_a_service_that_is_none": (
            "MalformedPolicyDocument",
            {"AssumeRolePolicyDocument": trust({"Service": "lamda.amazonaws.com"})},
        ),
        "role_name_with_a_slash": ("ValidationError", {"RoleName": "dev/role"}),
        "role_description_too_long": ("ValidationError", {"Description": "a" * 1001}),
    },
)


@probe("roles-for-services")
def a_role_is_answered_whole(aws):
    aws.role("r", {"Service": "ec2.amazonaws.com"})
    role = aws.iam.get_role(RoleName="r")["Role"]
    assert role["RoleId"].startswith("AROA") and role["MaxSessionDuration"] == 3600 and role["RoleLastUsed"] == {}
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "ec2.amazonaws.com"}
    assert "Description" not in role and "PermissionsBoundary" not in role


@probe("roles-for-services", "DeleteConflict")
def delete_a_role_in_an_instance_profile(aws):
    aws.role("r", {"Service": "ec2.amazonaws.com"})
    aws.iam.create_instance_profile(InstanceProfileName="p")
    aws.iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
    yield
    aws.iam.delete_role(RoleName="r")


@probe("roles-for-services", "LimitExceeded")
def two_roles_in_an_instance_profile(aws):
    aws.role("r", {"Service": "ec2.amazonaws.com"})
    aws.role("s", {"Service": "ec2.amazonaws.com"})
    aws.iam.create_instance_profile(InstanceProfileName="p")
    aws.iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
    yield
    aws.iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="s")


@probe("roles-for-services", "DeleteConflict")
def delete_an_instance_profile_with_a_role(aws):
    aws.role("r", {"Service": "ec2.amazonaws.com"})
    aws.iam.create_instance_profile(InstanceProfileName="p")
    aws.iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
    yield
    aws.iam.delete_instance_profile(InstanceProfileName="p")


@probe("roles-for-services")
def an_instance_profile_is_no_role(aws):
    aws.role("web", {"Service": "ec2.amazonaws.com"})
    assert aws.iam.list_instance_profiles_for_role(RoleName="web")["InstanceProfiles"] == []
    made = aws.iam.create_instance_profile(InstanceProfileName="web")["InstanceProfile"]
    assert made["Roles"] == [] and made["InstanceProfileId"].startswith("AIPA")
    aws.iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
    found = aws.iam.list_instance_profiles_for_role(RoleName="web")["InstanceProfiles"]
    assert found[0]["Arn"] == "arn:aws:iam::123456789012:instance-profile/web" and len(found[0]["Roles"]) == 1


@probe("roles-for-services", "InvalidInput")
def a_service_linked_role_twice(aws):
    aws.iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")
    yield
    aws.iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")


@probe("roles-for-services", "ValidationError")
def a_session_longer_than_the_role_allows(aws):
    arn = aws.role("r", {"AWS": "123456789012"})
    yield
    aws.sts.assume_role(RoleArn=arn, RoleSessionName="ana", DurationSeconds=7200)


@probe("roles-for-services", "ValidationError")
def a_session_name_with_spaces(aws):
    arn = aws.role("r", {"AWS": "123456789012"})
    yield
    aws.sts.assume_role(RoleArn=arn, RoleSessionName="ana lopez")


@probe("roles-for-services", "ValidationError")
def assume_a_role_by_name(aws):
    aws.role("a-role-with-a-long-name", {"AWS": "123456789012"})
    yield
    aws.sts.assume_role(RoleArn="a-role-with-a-long-name", RoleSessionName="ana")


@probe("roles-for-services", "AccessDenied")
def assume_a_role_for_a_service(aws):
    arn = aws.role("r", {"Service": "lambda.amazonaws.com"})
    yield
    aws.sts.assume_role(RoleArn=arn, RoleSessionName="ana")


@probe("roles-for-services")
def who_a_session_is(aws):
    arn = aws.role("r", {"AWS": "123456789012"})
    answer = aws.sts.assume_role(RoleArn=arn, RoleSessionName="ana")
    assert answer["AssumedRoleUser"]["Arn"] == "arn:aws:sts::123456789012:assumed-role/r/ana"
    assert answer["Credentials"]["AccessKeyId"].startswith("ASIA")
    me = aws.session(answer).sts.get_caller_identity()
    assert me["Arn"] == answer["AssumedRoleUser"]["Arn"] and me["UserId"] == answer["AssumedRoleUser"]["AssumedRoleId"]
    assert me["UserId"].startswith("AROA") and me["UserId"].endswith(":ana")


@probe("access-paths", "AccessDenied")
def a_session_token_for_a_session(aws):
    session = aws.session(aws.sts.get_session_token())
    yield
    session.sts.get_session_token()


@probe("access-paths")
def whose_key_is_it(aws):
    ana = aws.user("ana")
    assert aws.sts.get_access_key_info(AccessKeyId=ana.key)["Account"] == "123456789012"


@probe("roles-for-services", "InvalidIdentityToken")
def a_web_identity_that_is_none(aws):
    arn = aws.role("r", {"AWS": "123456789012"})
    yield
    aws.sts.assume_role_with_web_identity(RoleArn=arn, RoleSessionName="ana", WebIdentityToken="not-a-token")


# Reports and simulations


@probe("security-tools", "ReportNotPresent")
def a_credential_report_before_it_is_made(aws):
    aws.iam.get_credential_report()


@probe("security-tools")
def a_credential_report_with_root_first(aws):
    aws.user("ana")
    assert aws.iam.generate_credential_report()["State"] in ("STARTED", "COMPLETE")
    for _ in range(3):
        if aws.iam.generate_credential_report()["State"] == "COMPLETE":
            break
    report = aws.iam.get_credential_report()
    assert report["ReportFormat"] == "text/csv" and report["GeneratedTime"]
    lines = report["Content"].decode().splitlines()
    assert lines[0].startswith("user,arn,user_creation_time,password_enabled,password_last_used,")
    assert len(lines[0].split(",")) == 22 or "access_key_1_last_rotated" in lines[0]
    assert lines[1].startswith("<root_account>,arn:aws:iam::123456789012:root,")
    ana = dict(zip(lines[0].split(","), next(one for one in lines if one.startswith("ana,")).split(","), strict=True))
    assert ana["access_key_1_active"] == "true" and ana["mfa_active"] == "false"
    assert ana["access_key_1_last_used_date"] == "N/A" and ana["password_enabled"] == "false"


@probe("security-tools")
def last_accessed_of_a_user(aws):
    ana = aws.user("ana", allow("ec2:*", "s3:*"))
    ana.ec2.describe_vpcs()
    job = aws.iam.generate_service_last_accessed_details(Arn="arn:aws:iam::123456789012:user/ana")["JobId"]
    found = aws.iam.get_service_last_accessed_details(JobId=job)
    assert found["JobStatus"] == "COMPLETED" and found["JobType"] == "SERVICE_LEVEL"
    services = {one["ServiceNamespace"]: one for one in found["ServicesLastAccessed"]}
    assert set(services) == {"ec2", "s3"} and services["ec2"]["LastAuthenticated"]
    assert services["s3"]["TotalAuthenticatedEntities"] == 0 and "LastAuthenticated" not in services["s3"]


@probe("security-tools", "NoSuchEntity")
def last_accessed_of_a_user_that_is_not_there(aws):
    aws.iam.generate_service_last_accessed_details(Arn="arn:aws:iam::123456789012:user/none")


@probe("security-tools", "NoSuchEntity")
def last_accessed_by_a_job_that_is_not_there(aws):
    aws.iam.get_service_last_accessed_details(JobId="98a765b4-3cde-2101-2345-example678f9")


@probe("policy-evaluation")
def simulate_a_policy_with_mfa(aws):
    document = policy(allow("ec2:StopInstances", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}))

    def decision(*values):
        entries = [
            {
                "ContextKeyName": "aws:MultiFactorAuthPresent",
                "ContextKeyType": "boolean",
                "ContextKeyValues": list(values),
            }
        ]
        found = aws.iam.simulate_custom_policy(
            PolicyInputList=[document], ActionNames=["ec2:StopInstances"], ContextEntries=entries if values else []
        )["EvaluationResults"][0]
        return found["EvalDecision"], found["MissingContextValues"]

    assert decision("true")[0] == "allowed" and decision("false")[0] == "implicitDeny"
    assert decision() == ("implicitDeny", ["aws:MultiFactorAuthPresent"])


@probe("policy-evaluation")
def context_keys_of_a_policy(aws):
    document = policy(allow("ec2:*", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}))
    found = aws.iam.get_context_keys_for_custom_policy(PolicyInputList=[document])
    assert found["ContextKeyNames"] == ["aws:RequestedRegion"]


@probe("policy-evaluation", "InvalidInput")
def simulate_an_action_without_a_service(aws):
    aws.iam.simulate_custom_policy(PolicyInputList=[policy(allow("s3:*"))], ActionNames=["ListBuckets"])


@probe("policy-evaluation")
def simulate_a_user_with_group_and_boundary(aws):
    boundary = aws.managed("b", allow("ec2:*"))
    user = aws.iam.create_user(UserName="ana", PermissionsBoundary=boundary)["User"]["Arn"]
    aws.iam.create_group(GroupName="dev")
    aws.iam.add_user_to_group(GroupName="dev", UserName="ana")
    aws.iam.put_group_policy(GroupName="dev", PolicyName="p", PolicyDocument=policy(allow("ec2:*", "s3:*")))
    found = aws.iam.simulate_principal_policy(
        PolicySourceArn=user, ActionNames=["ec2:RunInstances", "s3:GetObject", "iam:ListUsers"]
    )["EvaluationResults"]
    assert [one["EvalDecision"] for one in found] == ["allowed", "implicitDeny", "implicitDeny"]
    assert found[1]["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}


@probe("security-tools")
def all_of_iam_in_one_answer(aws):
    aws.user("ana", allow("s3:*"))
    aws.role("r")
    found = aws.iam.get_account_authorization_details(Filter=["User"])
    ana = next(one for one in found["UserDetailList"] if one["UserName"] == "ana")
    assert ana["UserPolicyList"][0]["PolicyName"] == "own" and ana["GroupList"] == [] and found["RoleDetailList"] == []


# The command line


@probe("access-paths")
def the_command_line_names_the_caller(aws):
    found = lab.aws("aws sts get-caller-identity --query Account --output text")
    assert found.exit_code == 0 and found.output.strip() == "123456789012"


@probe("access-paths")
def the_command_line_on_a_user_that_is_not_there(aws):
    found = lab.aws("aws iam get-user --user-name nobody")
    assert found.exit_code in (254, 255) and not found.output
    assert (
        "An error occurred (NoSuchEntity) when calling the GetUser operation: "
        "The user with name nobody cannot be found." in found.error
    )


@probe("access-paths")
def the_command_line_with_an_option_missing(aws):
    found = lab.aws("aws iam create-user")
    assert found.exit_code in (2, 252) and "the following arguments are required: --user-name" in found.error


@probe("access-paths")
def the_command_line_with_a_command_misspelt(aws):
    found = lab.aws("aws iam list-user")
    assert found.exit_code in (2, 252) and "Invalid choice" in found.error


@probe("access-paths")
def the_command_line_lists_users_as_text(aws):
    aws.iam.create_user(UserName="ana")
    found = lab.aws("aws iam list-users --query 'Users[].UserName' --output text")
    assert found.exit_code == 0 and "ana" in found.output.split()


@probe("access-paths")
def the_command_line_deletes_in_silence(aws):
    aws.iam.create_user(UserName="ana")
    found = lab.aws("aws iam delete-user --user-name ana")
    assert (found.exit_code, found.output.strip(), found.error.strip()) == (0, "", "")


@probe("access-paths")
def the_command_line_makes_a_skeleton(aws):
    found = lab.aws("aws iam create-user --generate-cli-skeleton")
    assert found.exit_code == 0 and '"UserName": ' in found.output


@probe("regions")
def the_command_line_lists_regions(aws):
    found = lab.aws("aws ec2 describe-regions --query Regions[].RegionName --output text")
    assert found.exit_code == 0 and len(found.output.split()) == 17


@probe("regions")
def the_command_line_on_a_region_misspelt(aws):
    found = lab.aws("aws ec2 describe-vpcs --region us-esat-1")
    assert found.exit_code != 0 and 'Could not connect to the endpoint URL: "https://ec2.us-esat-1.amazonaws.com/"' in (
        found.error
    )


@probe("access-paths")
def users_by_the_resource_interface(aws):
    iam = boto3.resource("iam")
    user = iam.create_user(UserName="ana")
    group = iam.create_group(GroupName="dev")
    group.add_user(UserName="ana")
    user.create_policy(PolicyName="p", PolicyDocument=policy(allow("s3:*")))
    assert [one.name for one in user.groups.all()] == ["dev"] and [one.name for one in user.policies.all()] == ["p"]
    assert iam.User("ana").arn.endswith(":user/ana") and "ana" in [one.name for one in iam.users.all()]
