"""Values outside a service's model, which boto3 sends and AWS refuses."""

import boto3
import pytest


@pytest.mark.parametrize(
    "service, call, params, words",
    [
        ("iam", "create_user", {"UserName": "ana maria"}, "The specified value for userName is invalid."),
        ("iam", "create_user", {"UserName": "a" * 65}, "length less than or equal to 64"),
        ("iam", "create_user", {"UserName": "ana", "Path": "team"}, "It must begin and end with /"),
        ("iam", "create_user", {"UserName": "ana", "Tags": [{"Key": "k" * 129, "Value": ""}]}, "tags.1.member.key"),
        ("iam", "update_access_key", {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "Status": "Off"}, "enum value set"),
        ("iam", "update_account_password_policy", {"MaxPasswordAge": 1096}, "less than or equal to 1095"),
        ("sts", "get_federation_token", {"Name": "my work"}, "name"),
        ("efs", "create_file_system", {"CreationToken": "t", "ThroughputMode": "fast"}, "throughputMode"),
        ("dynamodb", "list_tables", {"Limit": 101}, "limit"),
    ],
)
def test_outside_the_model(service, call, params, words):
    """ValidationError in IAM and STS, ValidationException in services that speak JSON."""
    client = boto3.client(service)
    with pytest.raises(client.exceptions.ClientError) as caught:
        getattr(client, call)(**params)
    error = caught.value.response["Error"]
    assert error["Code"] == ("ValidationError" if service in ("iam", "sts") else "ValidationException")
    assert words in error["Message"]


def test_inside_the_model():
    """The nearest values that are accepted."""
    iam = boto3.client("iam")
    iam.create_user(UserName="a" * 64, Path="/team/", Tags=[{"Key": "k" * 128, "Value": ""}])
    iam.update_account_password_policy(MaxPasswordAge=1095, MinimumPasswordLength=128, PasswordReusePrevention=24)
    boto3.client("efs").create_file_system(CreationToken="t", ThroughputMode="elastic")
    boto3.client("dynamodb").list_tables(Limit=100)
