"""Secrets: names, values, versions and labels, deletion, passwords."""

from datetime import UTC, datetime, timedelta

import pytest
from conftest import client

from course import lab


@pytest.fixture
def secret(manager):
    """Create a secret called db and give its ARN; keyword arguments go to create_secret."""
    return lambda name="db", **more: manager.create_secret(Name=name, **{"SecretString": "one", **more})["ARN"]


@pytest.mark.parametrize("name", ["with space", "colon:x", "a#b", "ümlaut"])
def test_names_aws_does_not_take(manager, refused, name):
    """Letters, digits and /_+=.@!- only?"""
    refused(manager.create_secret, "ValidationException", "Invalid name", Name=name, SecretString="x")


def test_names_aws_takes(manager, secret, refused):
    """All its signs, up to 512 characters, once?"""
    refused(manager.create_secret, "ValidationException", 512, Name="a" * 513, SecretString="x")
    secret("a" * 512)
    arn = secret("prod/app/_+=.@-db")
    assert arn.rpartition("-")[0].endswith(":secret:prod/app/_+=.@-db")
    words = "The operation failed because the secret prod/app/_+=.@-db already exists."
    refused(manager.create_secret, "ResourceExistsException", words, Name="prod/app/_+=.@-db", SecretString="x")


def test_a_value_is_text_or_binary(manager, secret, refused):
    """Not both, and a new version needs one?"""
    both = {"SecretString": "x", "SecretBinary": b"x"}
    words = "both a binary secret value and a string secret value"
    refused(manager.create_secret, "InvalidParameterException", words, Name="a", **both)
    secret()
    refused(manager.put_secret_value, "InvalidParameterException", words, SecretId="db", **both)
    refused(manager.put_secret_value, "InvalidRequestException", "SecretString or SecretBinary", SecretId="db")
    manager.update_secret(SecretId="db", SecretBinary=b"\x00x")
    assert manager.get_secret_value(SecretId="db")["SecretBinary"] == b"\x00x"


def test_size(manager, secret, refused):
    """65,536 and no more?"""
    refused(manager.create_secret, "ValidationException", 65536, Name="a", SecretString="x" * 65537)
    secret(SecretString="x" * 65536)
    refused(manager.put_secret_value, "ValidationException", 65536, SecretId="db", SecretBinary=b"x" * 65537)


def test_what_is_not_there(manager, secret, refused):
    """Secret, version and label, each in AWS's words?"""
    words = "Secrets Manager can't find the specified secret."
    for call in (manager.get_secret_value, manager.describe_secret, manager.list_secret_version_ids):
        refused(call, "ResourceNotFoundException", words, SecretId="none")
    secret()
    get = manager.get_secret_value
    missing = "Secrets Manager can't find the specified secret value for"
    refused(get, "ResourceNotFoundException", f"{missing} staging label: X", SecretId="db", VersionStage="X")
    token = "0" * 32
    refused(get, "ResourceNotFoundException", f"{missing} VersionId: {token}", SecretId="db", VersionId=token)
    manager.create_secret(Name="empty")
    refused(get, "ResourceNotFoundException", f"{missing} staging label: AWSCURRENT", SecretId="empty")


def test_labels_follow_the_values(manager, secret):
    """Is the new value current, the one before previous, and are own labels kept?"""
    secret()
    first = manager.get_secret_value(SecretId="db")["VersionId"]
    second = manager.put_secret_value(SecretId="db", SecretString="two", VersionStages=["AWSCURRENT", "mine"])
    assert second["VersionStages"] == ["AWSCURRENT", "mine"]
    assert manager.get_secret_value(SecretId="db", VersionStage="AWSPREVIOUS")["SecretString"] == "one"
    third = manager.put_secret_value(SecretId="db", SecretString="three")["VersionId"]
    shown = manager.describe_secret(SecretId="db")["VersionIdsToStages"]
    assert shown == {second["VersionId"]: ["mine", "AWSPREVIOUS"], third: ["AWSCURRENT"]}
    listed = {one["VersionId"] for one in manager.list_secret_version_ids(SecretId="db")["Versions"]}
    everything = manager.list_secret_version_ids(SecretId="db", IncludeDeprecated=True)["Versions"]
    assert first not in listed and len(everything) == 3
    assert manager.get_secret_value(SecretId="db", VersionId=first)["SecretString"] == "one"


def test_a_pending_version_is_not_read_by_default(manager, secret):
    """Does AWSPENDING leave the current value alone?"""
    secret()
    manager.put_secret_value(SecretId="db", SecretString="next", VersionStages=["AWSPENDING"])
    assert manager.get_secret_value(SecretId="db")["SecretString"] == "one"
    assert manager.get_secret_value(SecretId="db", VersionStage="AWSPENDING")["SecretString"] == "next"


def test_moving_a_label(manager, secret, refused):
    """Must the request say where the label is, and can AWSCURRENT be taken away?"""
    secret()
    first = manager.get_secret_value(SecretId="db")["VersionId"]
    second = manager.put_secret_value(SecretId="db", SecretString="two", VersionStages=["B"])["VersionId"]
    move = {"SecretId": "db", "VersionStage": "AWSCURRENT"}
    call = manager.update_secret_version_stage
    refused(call, "InvalidParameterException", f"attached to version {first}", MoveToVersionId=second, **move)
    refused(call, "InvalidParameterException", MoveToVersionId=first, RemoveFromVersionId=second, **move)
    refused(call, "InvalidParameterException", "completely removed", RemoveFromVersionId=first, **move)
    refused(call, "InvalidParameterException", "Not a valid version", MoveToVersionId="0" * 32, **move)
    refused(call, "InvalidParameterException", "B", SecretId="db", VersionStage="B", MoveToVersionId=first)
    call(MoveToVersionId=second, RemoveFromVersionId=first, **move)
    assert manager.get_secret_value(SecretId="db")["SecretString"] == "two"
    shown = manager.describe_secret(SecretId="db")["VersionIdsToStages"]
    assert shown == {first: ["AWSPREVIOUS"], second: ["B", "AWSCURRENT"]}
    call(SecretId="db", VersionStage="B", RemoveFromVersionId=second)
    assert manager.describe_secret(SecretId="db")["VersionIdsToStages"][second] == ["AWSCURRENT"]


def test_a_version_and_a_label_that_do_not_belong_together(manager, secret, refused):
    """InvalidRequestException?"""
    secret()
    version = manager.get_secret_value(SecretId="db")["VersionId"]
    get = {"SecretId": "db", "VersionId": version}
    refused(manager.get_secret_value, "InvalidRequestException", "VersionStage", VersionStage="AWSPENDING", **get)
    assert manager.get_secret_value(VersionStage="AWSCURRENT", **get)["SecretString"] == "one"


def test_a_token_is_a_version(manager, secret, refused):
    """Does the same token with the same value do nothing, and with another fail?"""
    secret()
    put = {"SecretId": "db", "ClientRequestToken": "t" * 32}
    manager.put_secret_value(SecretString="two", **put)
    manager.put_secret_value(SecretString="two", **put)
    assert len(manager.list_secret_version_ids(SecretId="db", IncludeDeprecated=True)["Versions"]) == 2
    words = "because that value is already in use for a version of secret"
    refused(manager.put_secret_value, "ResourceExistsException", words, SecretString="three", **put)
    refused(manager.update_secret, "ResourceExistsException", words, SecretString="two", **put)


def test_at_most_20_labels(manager, secret, refused):
    """LimitExceededException for the 21st?"""
    secret()
    manager.put_secret_value(SecretId="db", SecretString="x", VersionStages=[f"L{n}" for n in range(19)])
    refused(
        manager.put_secret_value, "LimitExceededException", 20, SecretId="db", SecretString="y", VersionStages=["more"]
    )


@pytest.mark.parametrize("days", [1, 6, 31])
def test_recovery_windows_that_aws_does_not_offer(manager, secret, refused, days):
    """From 7 to 30 days?"""
    secret()
    words = "must be between 7 and 30 days (inclusive)."
    refused(manager.delete_secret, "InvalidParameterException", words, SecretId="db", RecoveryWindowInDays=days)


def test_deletion(manager, secret, refused):
    """Is a deleted secret neither read nor changed nor its name free, until it is restored?"""
    secret()
    both = {"RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": True}
    refused(manager.delete_secret, "InvalidParameterException", "in conjunction with", SecretId="db", **both)
    end = manager.delete_secret(SecretId="db", RecoveryWindowInDays=7)["DeletionDate"]
    assert timedelta(days=6) < end - datetime.now(UTC) <= timedelta(days=7)
    marked = "it was marked for deletion"
    refused(manager.get_secret_value, "InvalidRequestException", marked, SecretId="db")
    refused(manager.put_secret_value, "InvalidRequestException", marked, SecretId="db", SecretString="x")
    refused(manager.update_secret, "InvalidRequestException", marked, SecretId="db", Description="x")
    refused(manager.delete_secret, "InvalidRequestException", "currently marked deleted", SecretId="db")
    words = "because a secret with this name is already scheduled for deletion."
    refused(manager.create_secret, "InvalidRequestException", words, Name="db", SecretString="x")
    assert "DeletedDate" in manager.describe_secret(SecretId="db")
    assert not manager.list_secrets()["SecretList"]
    manager.restore_secret(SecretId="db")
    assert manager.get_secret_value(SecretId="db")["SecretString"] == "one"


def test_after_the_window_the_name_is_free(manager, secret):
    """Is the secret gone then?"""
    first = secret()
    manager.delete_secret(SecretId="db", RecoveryWindowInDays=7)
    with lab.context(time=datetime.now(UTC) + timedelta(days=8)):
        assert not manager.list_secrets(IncludePlannedDeletion=True)["SecretList"]
        assert secret() != first


def test_deletion_without_recovery(manager, secret):
    """At once, also for what is deleted or was never there?"""
    secret()
    manager.delete_secret(SecretId="db")
    manager.delete_secret(SecretId="db", ForceDeleteWithoutRecovery=True)
    manager.delete_secret(SecretId="db", ForceDeleteWithoutRecovery=True)
    secret()


def test_replicas(manager, secret, refused):
    """Are they read in their Region, changed in the primary's, and in the way of a deletion?"""
    arn = secret()
    where = {"SecretId": "db", "AddReplicaRegions": [{"Region": "eu-west-1"}]}
    for _ in range(2):
        made = manager.replicate_secret_to_regions(**where)
        assert made["ARN"] == arn and [one["Status"] for one in made["ReplicationStatus"]] == ["InSync"]
    call, own = manager.replicate_secret_to_regions, [{"Region": "us-east-1"}]
    refused(call, "InvalidParameterException", "Invalid replica region.", SecretId="db", AddReplicaRegions=own)
    there = client("secretsmanager", "eu-west-1")
    shown = there.get_secret_value(SecretId="db")
    assert shown["SecretString"] == "one" and shown["ARN"] == arn.replace("us-east-1", "eu-west-1")
    refused(there.put_secret_value, "InvalidParameterException", "replica", SecretId="db", SecretString="x")
    refused(manager.delete_secret, "InvalidParameterException", "replica regions [eu-west-1]", SecretId="db")
    call, where = manager.remove_regions_from_replication, {"RemoveReplicaRegions": ["eu-west-1"]}
    refused(call, "ResourceNotFoundException", SecretId="none", **where)
    assert call(SecretId="db", **where)["ReplicationStatus"] == []
    manager.delete_secret(SecretId="db")
    refused(there.get_secret_value, "ResourceNotFoundException", SecretId="db")


def test_a_replica_becomes_a_secret_of_its_own(manager, secret, refused):
    """Does it keep its value and go its own way, and is the primary free to be deleted?"""
    secret()
    there = client("secretsmanager", "eu-west-1")
    there.create_secret(Name="taken", SecretString="theirs")
    secret("taken")
    add = [{"Region": "eu-west-1"}]
    failed = manager.replicate_secret_to_regions(SecretId="taken", AddReplicaRegions=add)["ReplicationStatus"]
    assert failed[0]["Status"] == "Failed" and "Secret name taken already exists" in failed[0]["StatusMessage"]
    refused(manager.stop_replication_to_replica, "InvalidParameterException", "not a replica", SecretId="db")
    manager.replicate_secret_to_regions(SecretId="db", AddReplicaRegions=add)
    arn = there.stop_replication_to_replica(SecretId="db")["ARN"]
    manager.put_secret_value(SecretId="db", SecretString="two")
    assert there.get_secret_value(SecretId=arn)["SecretString"] == "one"
    there.put_secret_value(SecretId="db", SecretString="three")
    assert manager.get_secret_value(SecretId="db")["SecretString"] == "two"
    assert there.get_secret_value(SecretId="db")["SecretString"] == "three"
    assert "PrimaryRegion" not in there.describe_secret(SecretId="db")
    manager.delete_secret(SecretId="db")
    there.delete_secret(SecretId="db")


def test_batches(manager, secret, refused):
    """Values and errors side by side, by list or by filter?"""
    secret()
    secret("gone")
    manager.delete_secret(SecretId="gone")
    refused(manager.batch_get_secret_value, "InvalidParameterException", "not both")
    answer = manager.batch_get_secret_value(SecretIdList=["db", "gone", "none"])
    assert [one["SecretString"] for one in answer["SecretValues"]] == ["one"]
    codes = [one["ErrorCode"] for one in answer["Errors"]]
    assert codes == ["InvalidRequestException", "ResourceNotFoundException"]


@pytest.mark.parametrize(
    ("params", "code", "words"),
    [
        ({"PasswordLength": 3}, "InvalidParameterException", "too short"),
        ({"PasswordLength": 4097}, "ValidationException", "4096"),
        ({"ExcludeNumbers": True, "PasswordLength": 2}, "InvalidParameterException", "too short"),
        ({"ExcludeCharacters": "0123456789"}, "InvalidParameterException", "excluded"),
        (
            {"ExcludeLowercase": True, "ExcludeUppercase": True, "ExcludeNumbers": True, "ExcludePunctuation": True},
            "InvalidParameterException",
            "excluded",
        ),
    ],
)
def test_passwords_that_cannot_be(manager, refused, params, code, words):
    """Too short, too long, of nothing?"""
    refused(manager.get_random_password, code, words, **params)


def test_passwords(manager):
    """Is one of each kind in it, and nothing that is left out?"""
    plain = manager.get_random_password(PasswordLength=4)["RandomPassword"]
    assert (
        any(one.islower() for one in plain)
        and any(one.isupper() for one in plain)
        and any(one.isdigit() for one in plain)
    )
    assert len(manager.get_random_password()["RandomPassword"]) == 32
    digits = manager.get_random_password(
        ExcludeLowercase=True, ExcludeUppercase=True, ExcludePunctuation=True, ExcludeCharacters="01"
    )["RandomPassword"]
    assert set(digits) <= set("23456789")
    lab.reset()
    assert manager.get_random_password(PasswordLength=4)["RandomPassword"] == plain


def test_refused_on_the_command_line(secret):
    """Does `aws` show code and sentence?"""
    secret()
    command = ["secretsmanager", "delete-secret", "--secret-id", "db", "--recovery-window-in-days", "3"]
    answer = lab.aws(command)
    assert answer.exit_code and "(InvalidParameterException)" in answer.error
