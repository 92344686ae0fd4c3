"""What belongs to a function's configuration, and what AWS refuses to set."""

import base64
import json

import pytest
from conftest import client, zipped

ECHO = "def handler(e, c): return e"
INVALID = "InvalidParameterValueException"


@pytest.mark.parametrize(
    ("more", "code", "word"),
    [
        ({"TracingConfig": {"Mode": "On"}}, "ValidationException", "[Active, PassThrough]"),
        ({"LoggingConfig": {"LogFormat": "XML"}}, "ValidationException", "[JSON, Text]"),
        ({"LoggingConfig": {"ApplicationLogLevel": "INFO"}}, INVALID, "LogFormat is JSON"),
        ({"SnapStart": {"ApplyOn": "All"}}, "ValidationException", "[None, PublishedVersions]"),
        (
            {"SnapStart": {"ApplyOn": "PublishedVersions"}, "Runtime": "python3.11"},
            INVALID,
            "python3.11 is not supported",
        ),
        ({"SnapStart": {"ApplyOn": "PublishedVersions"}, "EphemeralStorage": {"Size": 1024}}, INVALID, "512"),
        ({"VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": []}}, INVALID, "security group is required"),
        (
            {"VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}},
            INVALID,
            "'subnet-1' does not exist",
        ),
        ({"Layers": ["arn:aws:lambda:us-east-1:123456789012:layer:none:1"]}, INVALID, "does not exist"),
        ({"Architectures": ["mips"]}, "ValidationException", "arm64"),
        ({"PackageType": "Image"}, INVALID, "valid source image"),
        ({"Code": {}}, INVALID, "source for function code"),
        ({"Code": {"S3Bucket": "nobucket", "S3Key": "k"}}, INVALID, "NoSuchBucket"),
        ({"Tags": {"aws:x": "1"}}, INVALID, "aws:x"),
        ({"Tags": {f"t{number}": "" for number in range(51)}}, INVALID, "50"),
    ],
)
def test_impossible_function(awslambda, deploy, refused, more, code, word):
    """Is a function that AWS does not create refused?"""
    deploy(ECHO)
    given = {
        "FunctionName": "g",
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": "arn:aws:iam::123456789012:role/role",
        "Code": {"ZipFile": zipped(ECHO)},
    }
    refused(awslambda.create_function, code, word, **{**given, **more})
    awslambda.create_function(**given)


def test_configuration_is_kept(awslambda, deploy):
    """Is what moto forgets shown, changed by an update, and as it was in a version published before?"""
    made = deploy(
        ECHO,
        TracingConfig={"Mode": "Active"},
        LoggingConfig={"LogFormat": "JSON"},
        Architectures=["arm64"],
        Publish=True,
    )
    assert (made["State"], made["StateReasonCode"], made["Version"]) == ("Pending", "Creating", "1")
    changed = awslambda.update_function_configuration(
        FunctionName="f",
        TracingConfig={"Mode": "PassThrough"},
        LoggingConfig={"LogFormat": "Text", "LogGroup": "/own"},
        EphemeralStorage={"Size": 1024},
    )
    assert changed["LastUpdateStatus"] == "InProgress"
    shown = awslambda.get_function_configuration(FunctionName="f")
    assert (shown["State"], shown["LastUpdateStatus"]) == ("Active", "Successful")
    assert shown["TracingConfig"] == {"Mode": "PassThrough"} and shown["EphemeralStorage"] == {"Size": 1024}
    assert shown["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/own"}
    first = awslambda.get_function_configuration(FunctionName="f", Qualifier="1")
    assert first["TracingConfig"] == {"Mode": "Active"} and first["LoggingConfig"]["LogFormat"] == "JSON"
    assert first["Architectures"] == ["arm64"]


def test_revisions(awslambda, deploy, refused):
    """Is a change refused whose revision is not the latest, and has each change a new one?"""
    deploy(ECHO)
    shown = awslambda.get_function_configuration(FunctionName="f")
    one = {"FunctionName": "f", "RevisionId": shown["RevisionId"]}
    changed = awslambda.update_function_configuration(**one, Description="new")
    assert changed["RevisionId"] != shown["RevisionId"]
    words = "does not match the latest Revision Id"
    refused(awslambda.update_function_configuration, "PreconditionFailedException", words, status=412, **one)
    refused(awslambda.publish_version, "PreconditionFailedException", words, status=412, **one)
    refused(awslambda.publish_version, INVALID, "CodeSHA256 (x) is different", FunctionName="f", CodeSha256="x")
    published = awslambda.publish_version(
        FunctionName="f", CodeSha256=shown["CodeSha256"], RevisionId=changed["RevisionId"]
    )
    assert published["Version"] == "1"
    alias = awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    update = {"FunctionName": "f", "Name": "live", "Description": "d"}
    renewed = awslambda.update_alias(**update, RevisionId=alias["RevisionId"])
    assert renewed["RevisionId"] != alias["RevisionId"]
    refused(
        awslambda.update_alias,
        "PreconditionFailedException",
        words,
        status=412,
        **update,
        RevisionId=alias["RevisionId"],
    )


def test_snapstart_is_on_for_versions(awslambda, deploy):
    """Is SnapStart off for $LATEST and on for what is published?"""
    deploy(ECHO, SnapStart={"ApplyOn": "PublishedVersions"}, Publish=True)
    shown = [
        awslambda.get_function_configuration(FunctionName="f", Qualifier=one)["SnapStart"] for one in ("$LATEST", "1")
    ]
    assert [one["OptimizationStatus"] for one in shown] == ["Off", "On"]


def test_network_needs_the_role(awslambda, deploy, refused, ec2, subnets, vpc, role):
    """Must the role let Lambda make network interfaces, and is the VPC that of the subnets?"""
    group = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["SecurityGroups"][0]["GroupId"]
    config = {"SubnetIds": subnets[:2], "SecurityGroupIds": [group]}
    shown = deploy(ECHO, VpcConfig=config)
    assert shown["VpcConfig"]["VpcId"] == vpc
    weak = role(name="weak")
    client("iam").detach_role_policy(RoleName="weak", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    words = "does not have permissions to call CreateNetworkInterface on EC2"
    refused(awslambda.update_function_configuration, INVALID, words, FunctionName="f", Role=weak, VpcConfig=config)
    apart = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    other = ec2.create_security_group(GroupName="g", Description="d", VpcId=apart)["GroupId"]
    config = {**config, "SecurityGroupIds": [other]}
    refused(awslambda.update_function_configuration, INVALID, "same VPC", FunctionName="f", VpcConfig=config)


def test_layers(awslambda, deploy, invoke, refused):
    """Is a layer on the path, and are two versions of one refused?"""
    arns = [
        awslambda.publish_layer_version(LayerName="own", Content={"ZipFile": zipped(f"X = {number}", "python/own.py")})[
            "LayerVersionArn"
        ]
        for number in (1, 2)
    ]
    deploy("import own\ndef handler(e, c): return own.X", Layers=arns[1:])
    assert invoke()[0] == 2
    words = "Two different versions of the same layer"
    refused(awslambda.update_function_configuration, INVALID, words, FunctionName="f", Layers=arns)


def test_site_packages_of_a_layer(awslambda, deploy, invoke):
    """Are packages found where pip puts them in a layer, too?"""
    import sys

    folder = f"python/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    content = {"ZipFile": zipped("X = 5", f"{folder}/own.py")}
    arn = awslambda.publish_layer_version(LayerName="own", Content=content)["LayerVersionArn"]
    deploy("import own\ndef handler(e, c): return own.X", Layers=[arn])
    assert invoke()[0] == 5


def test_log_in_json(deploy, invoke):
    """Are the platform's lines and the logger's JSON, and prints as they are?"""
    deploy(
        "import logging\nlog = logging.getLogger()\n"
        "def handler(e, c):\n    log.info('hello')\n    log.debug('hidden')\n    print('plain')\n    return 1 / e['by']",
        LoggingConfig={"LogFormat": "JSON"},
    )
    _, response = invoke(event={"by": 1}, LogType="Tail")
    lines = base64.b64decode(response["LogResult"]).decode().splitlines()
    told = [json.loads(line) for line in lines if line.startswith("{")]
    assert [one.get("type", one.get("message")) for one in told] == [
        "platform.initStart",
        "platform.start",
        "hello",
        "platform.report",
    ]
    assert told[2]["level"] == "INFO" and told[3]["record"]["metrics"]["memorySizeMB"] == 128 and "plain" in lines
    _, response = invoke(event={"by": 0}, LogType="Tail")
    text = base64.b64decode(response["LogResult"]).decode()
    assert any(json.loads(line).get("errorType") == "ZeroDivisionError" for line in text.splitlines() if line[0] == "{")


def test_image_must_be_there(awslambda, refused, role):
    """Is an image that is not in ECR refused, and is one that is there a function that needs Docker?"""
    from course.lab.gate import NotOffline

    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/own:latest"
    given = {"FunctionName": "g", "PackageType": "Image", "Code": {"ImageUri": image}, "Role": role()}
    words = f"Source image {image} does not exist"
    refused(awslambda.create_function, INVALID, words, **given)
    both = {**given, "Runtime": "python3.13"}
    refused(awslambda.create_function, INVALID, "don't provide Handler or Runtime", **both)
    ecr = client("ecr")
    ecr.create_repository(repositoryName="own")
    kind = "application/vnd.docker.distribution.manifest.v2+json"
    manifest = {
        "schemaVersion": 2,
        "mediaType": kind,
        "config": {"digest": "sha256:" + "0" * 64, "size": 1},
        "layers": [],
    }
    ecr.put_image(repositoryName="own", imageTag="latest", imageManifest=json.dumps(manifest))
    awslambda.create_function(**given)
    with pytest.raises(NotOffline, match="Docker"):
        awslambda.invoke(FunctionName="g")


def test_tags_belong_to_the_function(awslambda, deploy, refused):
    """Are tags of a version refused?"""
    arn = deploy(ECHO, Publish=True)["FunctionArn"]
    refused(awslambda.tag_resource, INVALID, "versions are not supported", Resource=arn, Tags={"a": "b"})
    awslambda.tag_resource(Resource=arn.removesuffix(":1"), Tags={"a": "b"})
    assert awslambda.list_tags(Resource=arn.removesuffix(":1"))["Tags"] == {"a": "b"}


def test_invocation_type(awslambda, deploy, refused):
    """Is a kind of invocation that there is not refused?"""
    deploy(ECHO)
    refused(awslambda.invoke, "ValidationException", "DryRun", FunctionName="f", InvocationType="Later")


def test_settings(awslambda, deploy, refused):
    """Are limits, usage, recursion and runtime settings told?"""
    deploy(ECHO)
    awslambda.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=100)
    shown = awslambda.get_account_settings()
    assert shown["AccountLimit"]["UnreservedConcurrentExecutions"] == 900
    assert shown["AccountUsage"]["FunctionCount"] == 1
    assert awslambda.get_function_recursion_config(FunctionName="f")["RecursiveLoop"] == "Terminate"
    awslambda.put_function_recursion_config(FunctionName="f", RecursiveLoop="Allow")
    assert awslambda.get_function_recursion_config(FunctionName="f")["RecursiveLoop"] == "Allow"
    assert awslambda.get_runtime_management_config(FunctionName="f")["UpdateRuntimeOn"] == "Auto"
    put = awslambda.put_runtime_management_config
    refused(put, INVALID, "RuntimeVersionArn", FunctionName="f", UpdateRuntimeOn="Manual")
    assert put(FunctionName="f", UpdateRuntimeOn="FunctionUpdate")["UpdateRuntimeOn"] == "FunctionUpdate"


def test_pages(awslambda, deploy, refused):
    """Do lists come in pages?"""
    for name in "abc":
        deploy(ECHO, name)
    page = awslambda.list_functions(MaxItems=2)
    rest = awslambda.list_functions(MaxItems=2, Marker=page["NextMarker"])
    assert [one["FunctionName"] for one in page["Functions"] + rest["Functions"]] == ["a", "b", "c"]
    assert "NextMarker" not in rest
    pages = awslambda.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 1})
    assert len(list(pages)) == 3


def test_version_of_the_runtime(deploy, awslambda):
    """Does a function show the version of its runtime and its state, and a list of functions neither?"""
    deploy(ECHO)
    shown = awslambda.get_function_configuration(FunctionName="f")
    assert shown["RuntimeVersionConfig"]["RuntimeVersionArn"].startswith("arn:aws:lambda:us-east-1::runtime:")
    assert shown["State"] == "Active"
    (listed,) = awslambda.list_functions()["Functions"]
    assert not {"RuntimeVersionConfig", "State", "LastUpdateStatus"} & set(listed)


def test_package_in_s3(deploy, awslambda, refused, invoke):
    """Must the object be there that the package is taken from?"""
    s3 = client("s3")
    s3.create_bucket(Bucket="packages")
    s3.put_object(Bucket="packages", Key="app.zip", Body=zipped("def handler(e, c): return 's3'"))
    deploy(ECHO)
    update = {"FunctionName": "f", "S3Bucket": "packages"}
    refused(awslambda.update_function_code, INVALID, "NoSuchKey", **update, S3Key="other.zip")
    awslambda.update_function_code(**update, S3Key="app.zip")
    assert invoke()[0] == "s3"


def test_layer_without_version(deploy, awslambda, refused):
    """Must a layer be named with its version?"""
    deploy(ECHO)
    arn = awslambda.publish_layer_version(LayerName="l", Content={"ZipFile": zipped("x = 1")})["LayerVersionArn"]
    call = awslambda.update_function_configuration
    refused(call, "ValidationException", "layers", FunctionName="f", Layers=[arn.rpartition(":")[0]])
    assert call(FunctionName="f", Layers=[arn])["Layers"][0]["Arn"] == arn
