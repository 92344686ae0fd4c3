"""What AWS refuses when a function is created or changed."""

import io
import json
import zipfile

import pytest
from conftest import client, zipped

HANDLER = "def handler(event, context): return 1"


@pytest.fixture
def create(awslambda, role, refused):
    """Try to create a function, which must be refused."""
    arn = role(name="creator")

    def create(code, *words, status=None, **more):
        good = {"Runtime": "python3.13", "Handler": "index.handler", "Role": arn, "Code": {"ZipFile": zipped(HANDLER)}}
        params = {key: one for key, one in {"FunctionName": "g", **good, **more}.items() if one is not None}
        return refused(awslambda.create_function, code, *words, status=status, **params)

    return create


@pytest.mark.parametrize(
    ("limit", "code", "words"),
    [
        ({"Timeout": 901}, "ValidationException", ["901", "less than or equal to 900"]),
        ({"MemorySize": 10241}, "ValidationException", ["10241", "less than or equal to 10240"]),
        ({"EphemeralStorage": {"Size": 10241}}, "ValidationException", ["less than or equal to 10240"]),
        ({"Runtime": "python3.7"}, "InvalidParameterValueException", ["python3.7", "no longer supported"]),
        ({"Runtime": "nodejs14.x"}, "InvalidParameterValueException", ["no longer supported"]),
        ({"Runtime": "python2.6"}, "InvalidParameterValueException", ["python2.6", "enum value set"]),
        ({"Handler": "index handler"}, "ValidationException", [r"[^\s]+"]),
        ({"Layers": ["arn:aws:lambda:us-east-1:123456789012:layer:x:1"] * 6}, "InvalidParameterValueException", ["5"]),
        ({"Environment": {"Variables": {"A" * 9: "x" * 4096}}}, "InvalidParameterValueException", ["4KB limit"]),
        ({"Environment": {"Variables": {"AWS_REGION": "x"}}}, "InvalidParameterValueException", ["AWS_REGION"]),
        ({"Environment": {"Variables": {"1x": "x"}}}, "ValidationException", ["[a-zA-Z]"]),
        ({"Role": "arn:aws:iam::123456789012:role/none"}, "InvalidParameterValueException", ["cannot be assumed"]),
        ({"Role": "none"}, "ValidationException", ["none"]),
    ],
)
def test_quotas(deploy, create, awslambda, refused, limit, code, words):
    """Is what AWS refuses refused, at creation and at the change?"""
    create(code, *words, **limit)
    deploy(HANDLER)
    refused(awslambda.update_function_configuration, code, *words, FunctionName="f", **limit)


def test_the_limits_themselves(deploy, awslambda):
    """Is the largest function that AWS allows allowed?"""
    deploy(HANDLER, Timeout=900, MemorySize=10240, EphemeralStorage={"Size": 10240})
    shown = awslambda.get_function_configuration(FunctionName="f")
    assert (shown["Timeout"], shown["MemorySize"], shown["EphemeralStorage"]["Size"]) == (900, 10240, 10240)
    awslambda.update_function_configuration(FunctionName="f", EphemeralStorage={"Size": 512})
    assert awslambda.get_function_configuration(FunctionName="f")["EphemeralStorage"]["Size"] == 512


def test_role(create, role):
    """Must the role's trust policy name lambda.amazonaws.com?"""
    words = "The role defined for the function cannot be assumed by Lambda."
    create("InvalidParameterValueException", words, Role=role("ec2.amazonaws.com", "server"))
    denies = {"Effect": "Deny", "Principal": "*", "Action": "sts:*"}
    allows = {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allows, denies]})
    arn = client("iam").create_role(RoleName="denied", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
    create("InvalidParameterValueException", words, Role=arn)


def test_code(create, awslambda, deploy, refused):
    """Is code refused that is no zip, empty, or too large once it is unzipped?"""
    empty, bomb = io.BytesIO(), io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("big", "w") as big:
            for _ in range(251):
                big.write(bytes(1024 * 1024))
    deploy(HANDLER)
    for contents, word in (
        (b"def handler(): pass", "Could not unzip"),
        (empty.getvalue(), "non-empty zip"),
        (bomb.getvalue(), "262144000 bytes"),
    ):
        create("InvalidParameterValueException", word, Code={"ZipFile": contents})
        refused(
            awslambda.update_function_code, "InvalidParameterValueException", word, FunctionName="f", ZipFile=contents
        )


def test_mandatory(create):
    """Are Runtime and Handler needed for a zip?"""
    for missing in ("Runtime", "Handler"):
        create("InvalidParameterValueException", "mandatory", **{missing: None})


def test_names(create):
    """Is a function name at most 64 characters, without a qualifier?"""
    for name in ("x" * 65, "f:1"):
        create("ValidationException", name, FunctionName=name)


def test_reserved_concurrency(deploy, awslambda, refused):
    """Must a hundred concurrent executions stay unreserved?"""
    deploy(HANDLER)
    deploy(HANDLER, "g")
    put = awslambda.put_function_concurrency
    put(FunctionName="f", ReservedConcurrentExecutions=900)
    refused(put, "InvalidParameterValueException", "[100]", FunctionName="g", ReservedConcurrentExecutions=1)
    put(FunctionName="f", ReservedConcurrentExecutions=899)
    put(FunctionName="g", ReservedConcurrentExecutions=1)
