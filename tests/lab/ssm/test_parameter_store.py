"""Parameters: names, values, tiers, versions, labels, paths, policies."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from course import lab


@pytest.fixture
def put(ssm):
    """Put a String parameter; keyword arguments go to put_parameter."""

    def put(name="/app/size", value="1", **more):
        more = more if more.get("Overwrite") else {"Type": "String", **more}
        return ssm.put_parameter(Name=name, Value=value, **more)

    return put


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("app/size", "ValidationException"),
        ("/app size", "ValidationException"),
        ("/app//size", "ValidationException"),
        ("/app/", "ValidationException"),
        ("/app/grösse", "ValidationException"),
        ("arn:aws:ssm:us-east-1:123456789012:parameter/app", "ValidationException"),
        ("awsome", "ValidationException"),
        ("SSMsize", "ValidationException"),
        ("/ssm/size", "ValidationException"),
        ("/aws/size", "AccessDeniedException"),
        ("/" + "/".join("a" * 16), "HierarchyLevelLimitExceededException"),
        ("/" + "a" * 1011, "ValidationException"),
    ],
)
def test_names_aws_does_not_take(ssm, refused, name, code):
    """Characters, slashes, prefixes, depth and length?"""
    refused(ssm.put_parameter, code, Name=name, Value="1", Type="String")


@pytest.mark.parametrize("name", ["size", "/size", "/app/size", "/a.b/c-d/E_9", "/" + "/".join("a" * 15), " /app/x "])
def test_names_aws_takes(ssm, put, name):
    """Up to 15 levels, spaces around it taken away?"""
    put(name)
    assert ssm.get_parameter(Name=name.strip())["Parameter"]["Value"] == "1"


def test_a_new_parameter_needs_a_type(ssm, put, refused):
    """And an old one keeps it?"""
    refused(ssm.put_parameter, "ValidationException", "parameter type is required", Name="/a", Value="1")
    refused(ssm.put_parameter, "ValidationException", "enum value set", Name="/a", Value="1", Type="Text")
    put()
    put(value="2", Overwrite=True)
    assert ssm.get_parameter(Name="/app/size")["Parameter"]["Type"] == "String"
    for other in ("SecureString", "StringList"):
        change = {"Name": "/app/size", "Value": "3", "Type": other, "Overwrite": True}
        refused(ssm.put_parameter, "HierarchyTypeMismatchException", **change)


def test_overwriting(ssm, put, refused):
    """Only when asked for, and without tags?"""
    put()
    refused(ssm.put_parameter, "ParameterAlreadyExists", "already exists", Name="/app/size", Value="2", Type="String")
    tagged = {"Name": "/app/size", "Value": "2", "Overwrite": True, "Tags": [{"Key": "a", "Value": "b"}]}
    refused(ssm.put_parameter, "ValidationException", "tags and overwrite can't be used together", **tagged)
    assert put(value="2", Overwrite=True)["Version"] == 2
    assert ssm.get_parameter(Name="/app/size:1")["Parameter"]["Value"] == "1"
    refused(ssm.get_parameter, "ParameterVersionNotFound", "version 3", Name="/app/size:3")


def test_sizes_and_tiers(ssm, put, refused):
    """4 KB, 8 KB, and no way back from the advanced tier?"""
    call = ssm.put_parameter
    words = "Standard tier parameters support a maximum parameter value of 4096 characters."
    refused(call, "ValidationException", words, Name="/a", Value="x" * 4097, Type="String")
    refused(call, "ValidationException", 8192, Name="/a", Value="x" * 8193, Type="String", Tier="Advanced")
    assert put(value="x" * 4096)["Tier"] == "Standard"
    assert put(value="x" * 4097, Tier="Intelligent-Tiering", Overwrite=True)["Tier"] == "Advanced"
    assert put(value="x", Tier="Intelligent-Tiering", Overwrite=True)["Tier"] == "Advanced"
    assert put(value="x" * 8192, Overwrite=True)["Tier"] == "Advanced"
    back = {"Name": "/app/size", "Value": "x", "Overwrite": True, "Tier": "Standard"}
    refused(call, "ValidationException", "You can't downgrade a parameter from the advanced-parameter tier", **back)
    assert put("/b", Tier="Intelligent-Tiering")["Tier"] == "Standard"
    assert put("/b", Tier="Advanced", Overwrite=True)["Tier"] == "Advanced"


def test_the_default_tier(ssm, put, refused):
    """Can it be changed, to a tier that exists?"""
    setting = "/ssm/parameter-store/default-parameter-tier"
    refused(ssm.get_service_setting, "ServiceSettingNotFound", SettingId="/ssm/none")
    refused(ssm.update_service_setting, "ValidationException", "Gold", SettingId=setting, SettingValue="Gold")
    ssm.update_service_setting(SettingId=setting, SettingValue="Intelligent-Tiering")
    assert put(value="x" * 5000)["Tier"] == "Advanced"
    assert ssm.reset_service_setting(SettingId=setting)["ServiceSetting"]["SettingValue"] == "Standard"
    assert put("/b")["Tier"] == "Standard"


def test_patterns(ssm, put, refused):
    """Is the whole value checked, later too, and the pattern itself?"""
    call, pattern = ssm.put_parameter, r"\d{1,4}"
    words = r"cannot be validated against allowedPattern: \d{1,4}"
    code = "ParameterPatternMismatchException"
    refused(call, code, words, Name="/a", Value="12345", Type="String", AllowedPattern=pattern)
    put(AllowedPattern=pattern)
    refused(call, code, words, Name="/app/size", Value="big", Overwrite=True)
    put(value="2", Overwrite=True)
    refused(call, code, words, Name="/a", Value="1,x", Type="StringList", AllowedPattern=pattern)
    put("/list", "1,22", Type="StringList", AllowedPattern=pattern)
    refused(call, "InvalidAllowedPatternException", "(", Name="/a", Value="1", Type="String", AllowedPattern="(")


@settings(max_examples=40, deadline=None)
@given(text=st.text("0123456789ab", min_size=1, max_size=6))
def test_any_value_against_a_pattern(text):
    """Is exactly what matches stored?"""
    import re

    from conftest import client

    lab.reset()
    call = lambda: client("ssm").put_parameter(Name="/a", Value=text, Type="String", AllowedPattern="[0-9]{2,4}")
    if re.fullmatch("[0-9]{2,4}", text):
        assert call()["Version"] == 1
    else:
        with pytest.raises(ClientError, match="ParameterPatternMismatchException"):
            call()


def test_parameters_do_not_nest(ssm, refused):
    """Is {{ssm:...}} refused in a value?"""
    refused(ssm.put_parameter, "ValidationException", "nest", Name="/a", Value="x {{ssm:b}}", Type="String")


def test_data_types(ssm, put, refused, image):
    """Are values checked, and images looked up afterwards?"""
    call = ssm.put_parameter
    new = {"Name": "/a", "Type": "String"}
    refused(call, "ValidationException", "number", Value="1", DataType="number", **new)
    refused(call, "ValidationException", "aws:ec2:image", Value="image", DataType="aws:ec2:image", **new)
    refused(call, "ValidationException", "integer", Value="1.5", DataType="integer", **new)
    refused(call, "ValidationException", "ipv4-address", Value="10.0.0.256", DataType="ipv4-address", **new)
    refused(call, "ValidationException", "advanced-parameter tier", Value="{}", DataType="json", **new)
    put("/image", image, DataType="aws:ec2:image")
    assert ssm.get_parameter(Name="/image")["Parameter"]["DataType"] == "aws:ec2:image"
    put("/gone", "ami-00000000", DataType="aws:ec2:image")
    refused(ssm.get_parameter, "ParameterNotFound", Name="/gone")
    put("/port", "443", DataType="integer")
    refused(call, "ValidationException", "data type", Name="/port", Value="4", DataType="text", Overwrite=True)
    put("/json", "{}", DataType="json", Tier="Advanced")


def test_paths(ssm, put, refused):
    """From a slash, ten at a time, one level or all below?"""
    for number in range(12):
        put(f"/app/p{number:02}")
    put("/app/deep/er")
    put("/application/x")
    refused(ssm.get_parameters_by_path, "ValidationException", "must begin with a forward slash", Path="app")
    refused(ssm.get_parameters_by_path, "ValidationException", "less than or equal to 10", Path="/", MaxResults=11)
    first = ssm.get_parameters_by_path(Path="/app")
    assert len(first["Parameters"]) == 10
    second = ssm.get_parameters_by_path(Path="/app/", NextToken=first["NextToken"])
    assert [one["Name"] for one in second["Parameters"]] == ["/app/p10", "/app/p11"] and "NextToken" not in second
    everything = ssm.get_paginator("get_parameters_by_path").paginate(Path="/app", Recursive=True)
    names = [one["Name"] for page in everything for one in page["Parameters"]]
    assert len(names) == 13 and "/app/deep/er" in names


def test_public_parameters(ssm, put, refused, ec2):
    """Do they name an image of this Region, and stay out of one's own lists?"""
    name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64"
    shown = ssm.get_parameter(Name=name)["Parameter"]
    assert ec2.describe_images(ImageIds=[shown["Value"]])["Images"]
    assert shown["ARN"] == f"arn:aws:ssm:us-east-1::parameter{name}"
    put("/own")
    assert [one["Name"] for one in ssm.describe_parameters()["Parameters"]] == ["/own"]
    assert [one["Name"] for one in ssm.get_parameters_by_path(Path="/", Recursive=True)["Parameters"]] == ["/own"]
    refused(ssm.put_parameter, "AccessDeniedException", Name=name, Value="x", Type="String")


def test_many_at_once(ssm, put, refused):
    """In alphabetical order, at most ten, missing ones named?"""
    for name in ("/b", "/a"):
        put(name)
    answer = ssm.get_parameters(Names=["/b", "/none", "/a"])
    assert [one["Name"] for one in answer["Parameters"]] == ["/a", "/b"] and answer["InvalidParameters"] == ["/none"]
    refused(ssm.get_parameters, "ValidationException", 10, Names=[f"/{n}" for n in range(11)])


def test_labels(ssm, put, refused):
    """Do they move, are wrong ones listed, and are ten the most?"""
    put()
    put(value="2", Overwrite=True)
    label = ssm.label_parameter_version
    assert label(Name="/app/size", ParameterVersion=1, Labels=["prod", "1st", "AWSx"])["InvalidLabels"] == [
        "1st",
        "AWSx",
    ]
    shown = ssm.get_parameter(Name="/app/size:prod")["Parameter"]
    assert (shown["Value"], shown["Selector"]) == ("1", ":prod")
    assert label(Name="/app/size", Labels=["prod"])["ParameterVersion"] == 2
    assert ssm.get_parameter(Name="/app/size:prod")["Parameter"]["Value"] == "2"
    refused(label, "ParameterNotFound", Name="/none", Labels=["a"])
    refused(label, "ParameterVersionNotFound", "version 9", Name="/app/size", ParameterVersion=9, Labels=["a"])
    label(Name="/app/size", Labels=[f"l{n}" for n in range(9)])
    refused(label, "ParameterVersionLabelLimitExceeded", 10, Name="/app/size", Labels=["more"])
    ssm.unlabel_parameter_version(Name="/app/size", ParameterVersion=2, Labels=["prod"])
    refused(ssm.get_parameter, "ParameterNotFound", Name="/app/size:prod")


def test_a_hundred_versions_are_kept(ssm, put, refused):
    """Is the oldest dropped, unless it has a label?"""
    put()
    for _ in range(100):
        put(Overwrite=True)
    history = ssm.get_parameter_history(Name="/app/size", MaxResults=50)["Parameters"]
    assert history[0]["Version"] == 2
    ssm.label_parameter_version(Name="/app/size", ParameterVersion=2, Labels=["keep"])
    code = "ParameterMaxVersionLimitExceeded"
    refused(ssm.put_parameter, code, "label", Name="/app/size", Value="x", Overwrite=True)


def test_what_is_not_there(ssm, put, refused):
    """ParameterNotFound, and nothing left behind by asking?"""
    refused(ssm.get_parameter, "ParameterNotFound", Name="/none")
    refused(ssm.delete_parameter, "ParameterNotFound", Name="/none")
    refused(ssm.get_parameter_history, "ParameterNotFound", Name="/none")
    put()
    assert ssm.delete_parameters(Names=["/app/size", "/none"])["InvalidParameters"] == ["/none"]
    refused(ssm.get_parameter, "ParameterNotFound", Name="/app/size")


EXPIRES = {"Type": "Expiration", "Version": "1.0", "Attributes": {"Timestamp": "2099-01-01T00:00:00.000Z"}}


@pytest.mark.parametrize(
    ("policies", "code"),
    [
        ("{", "InvalidPolicyAttributeException"),
        ([{"Type": "Rotation", "Version": "1.0", "Attributes": {}}], "InvalidPolicyTypeException"),
        ([{**EXPIRES, "Attributes": {}}], "InvalidPolicyAttributeException"),
        ([{**EXPIRES, "Attributes": {"Timestamp": "tomorrow"}}], "InvalidPolicyAttributeException"),
        ([{**EXPIRES, "Attributes": {"Timestamp": "2020-01-01T00:00:00Z"}}], "InvalidPolicyAttributeException"),
        ([EXPIRES, EXPIRES], "IncompatiblePolicyException"),
        ([EXPIRES] * 11, "PoliciesLimitExceededException"),
    ],
)
def test_policies_that_are_none(ssm, refused, policies, code):
    """Types, attributes and number?"""
    text = policies if isinstance(policies, str) else json.dumps(policies)
    refused(ssm.put_parameter, code, Name="/a", Value="1", Type="String", Tier="Advanced", Policies=text)


def test_a_parameter_expires(ssm, put, refused):
    """Only an advanced one has policies, and it is gone when its time comes?"""
    end = datetime.now(UTC) + timedelta(days=1)
    text = json.dumps([{**EXPIRES, "Attributes": {"Timestamp": end.isoformat()}}])
    words = "advanced-parameter tier only"
    refused(ssm.put_parameter, "ValidationException", words, Name="/a", Value="1", Type="String", Policies=text)
    put(Tier="Advanced", Policies=text)
    shown = ssm.describe_parameters()["Parameters"][0]["Policies"]
    assert shown[0]["PolicyType"] == "Expiration" and json.loads(shown[0]["PolicyText"])["Type"] == "Expiration"
    with lab.context(time=end + timedelta(minutes=1)), pytest.raises(ClientError, match="ParameterNotFound"):
        ssm.get_parameter(Name="/app/size")


def test_refused_on_the_command_line(put):
    """Does `aws` show code and sentence?"""
    put()
    answer = lab.aws(["ssm", "put-parameter", "--name", "/app/size", "--value", "2", "--type", "String"])
    assert answer.exit_code and "(ParameterAlreadyExists)" in answer.error
