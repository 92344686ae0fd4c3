"""One offline account for all tests of the lab, emptied before each of them."""

import io
import json
import zipfile
from functools import cache

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from course import lab


@pytest.fixture(scope="package", autouse=True)
def _started():
    lab.start()
    yield
    lab.stop()


@pytest.fixture(autouse=True)
def _fresh(_started):
    lab.reset() if lab._started else lab.start()
    yield


@cache
def client(name, region="us-east-1"):
    """Clients survive a reset, and making one costs more than most tests. None tries again what is refused."""
    return boto3.client(name, region_name=region, config=Config(retries={"max_attempts": 0}))


@pytest.fixture
def ec2(_fresh):
    return client("ec2")


@pytest.fixture
def efs(_fresh):
    return client("efs")


@pytest.fixture
def rbin(_fresh):
    return client("rbin")


@pytest.fixture
def image(ec2):
    """Amazon Linux 2023 for x86_64: root volume /dev/xvda, 8 GiB, gp3."""
    found = ec2.describe_images(Filters=[{"Name": "name", "Values": ["al2023-ami-2023*-kernel-6.1-x86_64"]}])["Images"]
    return found[0]["ImageId"]


@pytest.fixture
def launch(ec2, image):
    """Launch one instance and give its id; keyword arguments go to run_instances."""

    def launch(zone="us-east-1a", **more):
        more = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, **more}
        return ec2.run_instances(Placement={"AvailabilityZone": zone}, **more)["Instances"][0]["InstanceId"]

    return launch


@pytest.fixture
def volume(ec2):
    """Create a volume and give its id; keyword arguments go to create_volume."""

    def volume(**more):
        if "SnapshotId" not in more:
            more.setdefault("Size", 10)
        if "AvailabilityZoneId" not in more:
            more.setdefault("AvailabilityZone", "us-east-1a")
        return ec2.create_volume(**more)["VolumeId"]

    return volume


@pytest.fixture
def shown(ec2):
    """Describe one volume."""
    return lambda volume_id: ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]


EC2 = {
    "Volumes": "describe_volumes",
    "VolumesModifications": "describe_volumes_modifications",
    "Snapshots": "describe_snapshots",
    "Reservations": "describe_instances",
    "NetworkInterfaces": "describe_network_interfaces",
    "FastSnapshotRestores": "describe_fast_snapshot_restores",
    "Bin": "list_snapshots_in_recycle_bin",
}


def account(service, regions):
    """What a call to the service could change in these Regions, as plain data."""
    seen = {}
    for region in regions:
        ec2, efs, rbin = (client(name, region) for name in ("ec2", "efs", "rbin"))
        if service == "lambda":
            seen[region] = functions(client("lambda", region))
        elif service == "stepfunctions":
            seen[region] = client("stepfunctions", region).list_state_machines()
        elif service == "ec2":
            seen[region] = {name: getattr(ec2, call)() for name, call in EC2.items()}
            seen[region]["Images"] = ec2.describe_images(Owners=["self"])
        elif service == "rbin":
            seen[region] = {
                "Rules": [rbin.list_rules(ResourceType=one) for one in ("EBS_SNAPSHOT", "EC2_IMAGE", "EBS_VOLUME")]
            }
        else:
            seen[region] = {"Files": efs.describe_file_systems(), "Interfaces": ec2.describe_network_interfaces()}
            for fs in seen[region]["Files"]["FileSystems"]:
                fs["SizeInBytes"].pop("Timestamp", None)
                one = {"FileSystemId": fs["FileSystemId"]}
                seen[region][one["FileSystemId"]] = [
                    efs.describe_mount_targets(**one),
                    efs.describe_lifecycle_configuration(**one),
                ]
    return _without_metadata(seen)


def functions(awslambda):
    """Everything a call to Lambda could change."""
    seen = {
        "Functions": awslambda.list_functions(FunctionVersion="ALL"),
        "Sources": awslambda.list_event_source_mappings(),
    }
    for name in {one["FunctionName"] for one in seen["Functions"]["Functions"]}:
        one = {"FunctionName": name}
        seen[name] = [
            awslambda.list_aliases(**one),
            awslambda.list_function_event_invoke_configs(**one),
            awslambda.get_function_concurrency(**one),
        ]
    return seen


def _without_metadata(answer):
    if isinstance(answer, dict):
        return {key: _without_metadata(one) for key, one in answer.items() if key != "ResponseMetadata"}
    return [_without_metadata(one) for one in answer] if isinstance(answer, list) else answer


@pytest.fixture
def refused(_fresh):
    """Make a call that must be refused with this code and these words, and leave the account as it was."""

    def refused(call, code, *words, status=None, **params):
        meta = call.__self__.meta
        service, regions = meta.service_model.service_name, {"us-east-1", meta.region_name}
        before = account(service, regions)
        with pytest.raises(ClientError) as caught:
            call(**params)
        error, meta = caught.value.response["Error"], caught.value.response["ResponseMetadata"]
        assert error["Code"] == code, error
        for word in words:
            assert str(word) in error["Message"], error
        assert len(meta["RequestId"]) == 36
        assert meta["HTTPStatusCode"] == (status or 400)
        assert account(service, regions) == before
        return caught.value

    return refused


@pytest.fixture
def awslambda(_fresh):
    return client("lambda")


@pytest.fixture
def role(_fresh):
    """Make a role that a service can assume and give its ARN."""

    def role(service="lambda.amazonaws.com", name="role"):
        statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        return client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=policy)["Role"]["Arn"]

    return role


def zipped(code, name="index.py"):
    """A deployment package of one file."""
    contents = io.BytesIO()
    with zipfile.ZipFile(contents, "w") as archive:
        archive.writestr(name, code)
    return contents.getvalue()


@pytest.fixture
def deploy(awslambda, role):
    """Create a function whose file index.py holds the code; keyword arguments go to create_function."""
    arn = role()

    def deploy(code, name="f", **more):
        more = {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Role": arn,
            "Code": {"ZipFile": zipped(code)},
            **more,
        }
        return awslambda.create_function(FunctionName=name, **more)

    return deploy


@pytest.fixture
def invoke(awslambda):
    """Invoke and give (payload, response); the payload is parsed."""

    def invoke(name="f", event=None, **more):
        response = awslambda.invoke(FunctionName=name, Payload=json.dumps(event or {}), **more)
        text = response["Payload"].read()
        return (json.loads(text) if text else None), response

    return invoke
