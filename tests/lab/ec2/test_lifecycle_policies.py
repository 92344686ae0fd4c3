"""Data Lifecycle Manager: policies that are kept, and those that are refused."""

import boto3
import pytest
from botocore.exceptions import ClientError

SCHEDULE = {
    "Name": "daily",
    "CreateRule": {"Interval": 24, "IntervalUnit": "HOURS", "Times": ["03:00"]},
    "RetainRule": {"Count": 7},
}
DETAILS = {
    "ResourceTypes": ["VOLUME"],
    "TargetTags": [{"Key": "backup", "Value": "daily"}],
    "Schedules": [SCHEDULE],
}


def create(details=DETAILS, state="ENABLED"):
    return boto3.client("dlm").create_lifecycle_policy(
        ExecutionRoleArn="arn:aws:iam::123456789012:role/dlm",
        Description="daily",
        State=state,
        PolicyDetails=details,
    )["PolicyId"]


def test_kept_changed_and_deleted():
    """Is a policy there as it was given, until it is changed and deleted?"""
    dlm, made = boto3.client("dlm"), create()
    assert dlm.get_lifecycle_policy(PolicyId=made)["Policy"]["PolicyDetails"]["Schedules"] == [SCHEDULE]
    dlm.update_lifecycle_policy(PolicyId=made, State="DISABLED")
    assert dlm.get_lifecycle_policies(State="ENABLED")["Policies"] == []
    assert [one["PolicyId"] for one in dlm.get_lifecycle_policies(State="DISABLED")["Policies"]] == [made]
    dlm.delete_lifecycle_policy(PolicyId=made)
    with pytest.raises(ClientError) as caught:
        dlm.get_lifecycle_policy(PolicyId=made)
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


@pytest.mark.parametrize(
    "details",
    [
        {**DETAILS, "ResourceTypes": ["BUCKET"]},
        {key: one for key, one in DETAILS.items() if key != "TargetTags"},
        {key: one for key, one in DETAILS.items() if key != "Schedules"},
        {**DETAILS, "Schedules": [SCHEDULE] * 5},
        {**DETAILS, "Schedules": [{**SCHEDULE, "RetainRule": {"Count": 1001}}]},
        {**DETAILS, "Schedules": [{**SCHEDULE, "RetainRule": {}}]},
        {**DETAILS, "Schedules": [{**SCHEDULE, "CreateRule": {"Interval": 5, "IntervalUnit": "HOURS"}}]},
    ],
)
def test_impossible_policies(details):
    """InvalidRequestException, and nothing is kept."""
    with pytest.raises(ClientError) as caught:
        create(details)
    assert caught.value.response["Error"]["Code"] == "InvalidRequestException"
    assert boto3.client("dlm").get_lifecycle_policies()["Policies"] == []
