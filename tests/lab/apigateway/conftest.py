"""APIs as tests need them: a function, an API in front of it, a deployed stage."""

from functools import cache

import boto3
import pytest
from apis import ECHO, Api, HttpApi
from botocore.config import Config


@cache
def client(name):
    return boto3.client(name, region_name="us-east-1", config=Config(retries={"max_attempts": 0}))


@pytest.fixture
def rest(_fresh):
    return client("apigateway")


@pytest.fixture
def http(_fresh):
    return client("apigatewayv2")


@pytest.fixture
def open_to(awslambda):
    """Let a service invoke a function, for any of the account's APIs unless a source ARN is given."""

    def open_to(name="f", source="arn:aws:execute-api:us-east-1:123456789012:*", sid="api", **more):
        return awslambda.add_permission(
            FunctionName=name,
            StatementId=sid,
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=source,
            **more,
        )

    return open_to


@pytest.fixture
def function(deploy, open_to):
    """Create a function that API Gateway may invoke and give its ARN; it echoes the event unless it has code."""

    def function(code=ECHO, name="f", permitted=True, **more):
        arn = deploy(code, name, **more)["FunctionArn"]
        if permitted:
            open_to(name)
        return arn

    return function


@pytest.fixture
def api(rest):
    return lambda **more: Api(rest, **more)


@pytest.fixture
def http_api(http):
    return lambda **more: HttpApi(http, **more)
