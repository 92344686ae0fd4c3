"""Lambda function URLs: what AWS refuses, and who gets in."""

import json

import boto3
import pytest
from api_builders import ECHO
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from course import lab


@pytest.fixture
def url(awslambda, deploy):
    """Give a function a URL and give it; keyword arguments go to create_function_url_config."""

    def url(code=ECHO, auth="NONE", **more):
        deploy(code)
        return awslambda.create_function_url_config(FunctionName="f", AuthType=auth, **more)["FunctionUrl"]

    return url


@pytest.fixture
def public(awslambda):
    """The two permissions that the console gives."""

    def public():
        both = {"FunctionName": "f", "Principal": "*"}
        awslambda.add_permission(
            StatementId="url", Action="lambda:InvokeFunctionUrl", FunctionUrlAuthType="NONE", **both
        )
        awslambda.add_permission(
            StatementId="invoke", Action="lambda:InvokeFunction", InvokedViaFunctionUrl=True, **both
        )

    return public


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"AuthType": "COGNITO"}, "ValidationException", "COGNITO"),
        ({"InvokeMode": "FAST"}, "ValidationException", "FAST"),
        ({"Cors": {"MaxAge": 86401}}, "ValidationException", "86400"),
        ({"Cors": {"AllowMethods": ["OPTIONS"]}}, "ValidationException", "OPTIONS"),
        ({"Qualifier": "1"}, "ValidationException", "qualifier"),
        ({"FunctionName": "none"}, "ResourceNotFoundException", "none"),
        ({"Qualifier": "live"}, "ResourceNotFoundException", "live"),
    ],
)
def test_impossible_url(refused, awslambda, deploy, more, code, words):
    """Is a URL refused that AWS would not make?"""
    deploy(ECHO)
    status = 404 if code.startswith("Resource") else None
    given = {"FunctionName": "f", "AuthType": "NONE", **more}
    refused(awslambda.create_function_url_config, code, words, status=status, **given)


def test_one_url(refused, awslambda, url):
    """Has a function one URL, changed and deleted by its own operations?"""
    address = url()
    named = {"FunctionName": "f"}
    refused(
        awslambda.create_function_url_config,
        "ResourceConflictException",
        "exists",
        status=409,
        AuthType="NONE",
        **named,
    )
    changed = awslambda.update_function_url_config(AuthType="AWS_IAM", **named)
    assert (changed["FunctionUrl"], changed["AuthType"]) == (address, "AWS_IAM")
    assert [one["FunctionUrl"] for one in awslambda.list_function_url_configs(**named)["FunctionUrlConfigs"]] == [
        address
    ]
    awslambda.delete_function_url_config(**named)
    refused(awslambda.get_function_url_config, "ResourceNotFoundException", status=404, **named)
    assert lab.request("GET", address).status == 403


def test_public_needs_both_permissions(awslambda, url, public):
    """Is AuthType NONE closed until the policy gives both actions to everybody?"""
    address = url()
    closed = lab.request("GET", address)
    assert closed.status == 403 and "urls-auth" in closed.json()["Message"]
    public()
    assert lab.request("GET", address).status == 200
    awslambda.remove_permission(FunctionName="f", StatementId="invoke")
    assert lab.request("GET", address).status == 403


def test_permissions_about_urls(refused, awslambda, deploy, public):
    """Do the parameters become conditions, each of one action only?"""
    deploy(ECHO)
    public()
    statements = json.loads(awslambda.get_policy(FunctionName="f")["Policy"])["Statement"]
    assert [one["Condition"] for one in statements] == [
        {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
        {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}},
    ]
    wrong = {"FunctionName": "f", "StatementId": "x", "Principal": "*", "Action": "lambda:InvokeFunction"}
    refused(
        awslambda.add_permission, "InvalidParameterValueException", "InvokeFunctionUrl", FunctionUrlAuthType="NONE",
        **wrong,
    )  # fmt: skip


def test_event_and_answer(url, public):
    """Does a URL use format 2.0, without an account, and any path?"""
    address = url()
    public()
    event = lab.request("POST", f"{address}a/b?x=1", {"X-Own": "x"}, {"k": 1}).json()
    assert (event["version"], event["routeKey"], event["rawPath"]) == ("2.0", "$default", "/a/b")
    assert event["requestContext"]["accountId"] == "anonymous" and event["headers"]["x-own"] == "x"


def test_failing_function(url, public):
    """Is 502 what a client gets of a function that fails?"""
    address = url("def handler(event, context):\n    raise ValueError('secret')\n")
    public()
    response = lab.request("GET", address)
    assert (response.status, response.text) == (502, "Internal Server Error")


def test_cors(url, public):
    """Does Lambda answer preflights and add the headers?"""
    address = url(Cors={"AllowOrigins": ["https://shop.example"], "AllowMethods": ["GET"]})
    public()
    origin = {"Origin": "https://shop.example"}
    preflight = lab.request("OPTIONS", address, {**origin, "Access-Control-Request-Method": "GET"})
    assert preflight.headers["access-control-allow-methods"] == "GET"
    assert lab.request("GET", address, origin).headers["access-control-allow-origin"] == "https://shop.example"
    assert "access-control-allow-origin" not in lab.request("GET", address, {"Origin": "https://evil.example"}).headers


def test_iam(url):
    """Does AWS_IAM need a signature, and both actions in the caller's policies?"""
    address = url(auth="AWS_IAM")
    iam = boto3.client("iam")
    iam.create_user(UserName="ana")
    key = iam.create_access_key(UserName="ana")["AccessKey"]
    request = AWSRequest("GET", address)
    SigV4Auth(Credentials(key["AccessKeyId"], key["SecretAccessKey"]), "lambda", "us-east-1").add_auth(request)
    signed = dict(request.headers)
    assert lab.request("GET", address).status == lab.request("GET", address, signed).status == 403
    actions = ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"]
    for n, status in ((1, 403), (2, 200)):
        allow = {"Effect": "Allow", "Action": actions[:n], "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": allow})
        iam.put_user_policy(UserName="ana", PolicyName="p", PolicyDocument=policy)
        response = lab.request("GET", address, signed)
        assert response.status == status
    assert response.json()["requestContext"]["authorizer"]["iam"]["userArn"].endswith(":user/ana")


def test_alias(awslambda, deploy, public):
    """Does an alias have a URL of its own, and permissions of its own?"""
    deploy(ECHO)
    awslambda.publish_version(FunctionName="f")
    awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    made = awslambda.create_function_url_config(FunctionName="f", Qualifier="live", AuthType="NONE")
    assert made["FunctionArn"].endswith(":f:live")
    public()
    assert lab.request("GET", made["FunctionUrl"]).status == 403
    for action in ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"):
        awslambda.add_permission(
            FunctionName="f", Qualifier="live", StatementId=action[-3:], Action=action, Principal="*"
        )
    assert lab.request("GET", made["FunctionUrl"]).status == 200
