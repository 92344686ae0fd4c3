"""The account kept aside and put back, whole."""

import json
import threading
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError
from conftest import account, client
from moto.core.base_backend import BackendDict

from course import lab
from course.lab import saved_accounts


@pytest.fixture
def lived_in(ec2, launch, deploy, role):
    """Something in many services and two Regions, so that all kinds of moto's models are kept aside."""
    deploy("n = 0\ndef handler(event, context):\n    global n\n    n += 1\n    return n")
    server = launch(BlockDeviceMappings=[{"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 5}}])
    client("ec2", "eu-west-1").create_volume(AvailabilityZone="eu-west-1a", Size=3)
    client("s3").create_bucket(Bucket="kept-bucket")
    client("s3").put_object(Bucket="kept-bucket", Key="large", Body=b"x" * 3_000_000)
    client("sqs").create_queue(QueueName="orders")
    client("sqs").send_message(QueueUrl=client("sqs").get_queue_url(QueueName="orders")["QueueUrl"], MessageBody="one")
    client("ssm").put_parameter(Name="/a/b", Value="1", Type="String")
    client("secretsmanager").create_secret(Name="s", SecretString="x")
    client("kms").create_key()
    client("kms").create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    client("efs").create_file_system(CreationToken="t")
    client("dynamodb").create_table(
        TableName="t",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client("route53").create_hosted_zone(Name="example.com", CallerReference="1")
    machine = client("stepfunctions").create_state_machine(
        name="m",
        roleArn=role("states.amazonaws.com", "machine"),
        definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}),
    )
    user = client("iam")
    user.create_user(UserName="ana")
    key = user.create_access_key(UserName="ana")["AccessKey"]
    return SimpleNamespace(server=server, key=key, machine=machine["stateMachineArn"])


SERVICES = ("ec2", "lambda", "stepfunctions", "efs")


def seen():
    """What four services show in two Regions, and the names of everything else."""
    listed = [account(one, ["us-east-1", "eu-west-1"]) for one in SERVICES]
    names = [
        client("s3").get_object(Bucket="kept-bucket", Key="large")["ETag"],
        [one["Name"] for one in client("ssm").describe_parameters()["Parameters"]],
        [one["UserName"] for one in client("iam").list_users()["Users"]],
        [one["Name"] for one in client("secretsmanager").list_secrets()["SecretList"]],
        client("dynamodb").list_tables()["TableNames"],
        [one["KeyId"] for one in client("kms").list_keys()["Keys"]],
        [one["Name"] for one in client("route53").list_hosted_zones()["HostedZones"]],
        client("sqs").get_queue_attributes(QueueUrl=QUEUE, AttributeNames=["All"])["Attributes"]["QueueArn"],
    ]
    return json.dumps([listed, names], default=str, sort_keys=True)


QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/orders"


def test_everything_is_as_it_was(ec2, lived_in):
    """Does the account look the same after other changes, a reset and two restores?"""
    before = seen()
    saved = lab.snapshot()
    ec2.terminate_instances(InstanceIds=[lived_in.server])
    client("s3").delete_object(Bucket="kept-bucket", Key="large")
    lab.restore(saved)
    assert seen() == before
    client("iam").delete_access_key(UserName="ana", AccessKeyId=lived_in.key["AccessKeyId"])
    client("iam").delete_user(UserName="ana")
    lab.reset()
    lab.restore(saved)
    assert seen() == before
    assert "KiB" in repr(saved)


def test_what_is_restored_is_alive(ec2, lived_in, invoke):
    """Does everything work as in an account that was never kept aside: changes, functions, messages, keys?"""
    saved = lab.snapshot()
    assert [invoke()[0], invoke()[0]] == [1, 2]
    lab.restore(saved)
    assert invoke()[0] == 1
    ec2.stop_instances(InstanceIds=[lived_in.server])
    assert len(client("sqs").receive_message(QueueUrl=QUEUE)["Messages"]) == 1
    (zone,) = client("route53").list_hosted_zones()["HostedZones"]
    client("route53").delete_hosted_zone(Id=zone["Id"])
    assert client("kms").encrypt(KeyId=client("kms").list_keys()["Keys"][0]["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    client("ssm").put_parameter(Name="/a/c", Value="1", Type="String")
    keys = {"aws_access_key_id": lived_in.key["AccessKeyId"], "aws_secret_access_key": lived_in.key["SecretAccessKey"]}
    import boto3

    assert boto3.client("sts", **keys).get_caller_identity()["Arn"].endswith("user/ana")
    with pytest.raises(ClientError, match="AccessDenied"):
        boto3.client("iam", **keys).list_users()


def test_the_same_ids_come_again(volume, launch):
    """Do the same calls after each restore give the same ids as the first time?"""
    saved = lab.snapshot()
    first = [volume(), launch(), client("iam").create_user(UserName="u")["User"]["UserId"]]
    for _ in range(2):
        lab.restore(saved)
        assert [volume(), launch(), client("iam").create_user(UserName="u")["User"]["UserId"]] == first


def test_a_saved_account_changes_with_nothing(ec2, volume):
    """Is what was saved apart from the account it was taken from, and from the one it became?"""
    one = volume()
    saved = lab.snapshot()
    for _ in range(2):
        lab.restore(saved)
        ec2.delete_volume(VolumeId=one)
    lab.restore(saved)
    assert [found["VolumeId"] for found in ec2.describe_volumes()["Volumes"]] == [one]


def test_an_old_account_does_not_come_through(volume, ec2):
    """Is something made after the snapshot gone, in a Region that was untouched then, too?"""
    saved = lab.snapshot()
    client("ec2", "ap-southeast-2").create_volume(AvailabilityZone="ap-southeast-2a", Size=1)
    client("sns").create_topic(Name="new")
    lab.restore(saved)
    assert client("ec2", "ap-southeast-2").describe_volumes()["Volumes"] == []
    assert client("sns").list_topics()["Topics"] == []


def test_a_running_execution_is_not_kept_aside(role):
    """Is a snapshot refused, in a sentence, while something runs that could not go on afterwards?"""
    machines = client("stepfunctions")
    arn = machines.create_state_machine(
        name="m",
        roleArn=role("states.amazonaws.com", "machine"),
        definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 60, "End": True}}}),
    )["stateMachineArn"]
    execution = machines.start_execution(stateMachineArn=arn)["executionArn"]
    with pytest.raises(RuntimeError, match="has not ended"):
        lab.snapshot()
    machines.stop_execution(executionArn=execution)


def test_only_what_snapshot_gave_is_taken(volume, ec2):
    """Does anything else get one sentence, with the account intact?"""
    volume()
    with pytest.raises(TypeError, match=r"lab.snapshot\(\) gave, not 'yesterday'"):
        lab.restore("yesterday")
    assert len(ec2.describe_volumes()["Volumes"]) == 1


def test_kinds_that_pickle_does_not_know():
    """Do locks, weak references, inner functions and dictionaries with constructors of their own survive a copy?"""
    import io
    import pickle
    import weakref
    from collections import defaultdict

    class Owner:
        def __init__(self):
            self.lock, self.reentrant = threading.Lock(), threading.RLock()
            self.itself = lambda: self
            self.seen = weakref.ref(self)

    Owner.__qualname__ = "Owner"
    globals()["Owner"] = Owner
    Own.__init__ = lambda self, region: defaultdict.__init__(self, list)
    one = Owner()
    named = Own("here")
    named["a"].append(one)
    written = io.BytesIO()
    pickler = saved_accounts._Pickler(written)
    pickler.dump((one, named))
    copied, names = saved_accounts._Unpickler(io.BytesIO(written.getvalue()), tuple(pickler.kept)).load()
    assert copied is not one and copied.itself() is copied and copied.seen() is copied and names["a"] == [copied]
    assert copied.lock.acquire(blocking=False) and copied.reentrant.acquire(blocking=False)
    assert names["b"] == [] and pickle.HIGHEST_PROTOCOL >= 5


class Own(__import__("collections").defaultdict):
    """A dictionary that cannot be made from its factory alone, as moto's ParameterDict."""


def test_prepared_accounts(volume, ec2):
    """Is an account built once for each argument and seed, then put back with what its builder returned?"""
    built = []

    @lab.prepared
    def account_with(size, **more):
        """One volume."""
        built.append(size)
        return {"volume": volume(Size=size, **more)}

    first = account_with(5)
    first["volume"] = "changed"
    volume()
    again = account_with(5)
    assert [(one["VolumeId"], one["Size"]) for one in ec2.describe_volumes()["Volumes"]] == [(again["volume"], 5)]
    other = account_with(5, seed=1)
    assert other != again and account_with(6, VolumeType="gp2")
    assert account_with(5) == again and built == [5, 5, 6]
    assert account_with.__doc__ == "One volume."


def test_a_restored_account_is_whole(lived_in):
    """Is no service left out: do all of moto's dictionaries hold the same accounts and Regions afterwards?"""

    def places():
        return sorted(
            (services.service_name, account, region)
            for services in BackendDict._instances
            for account, regions in services.items()
            for region in regions.keys()
        )

    before = places()
    lab.restore(lab.snapshot())
    assert places() == before
