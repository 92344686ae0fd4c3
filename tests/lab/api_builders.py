"""REST APIs and HTTP APIs as tests build them, path by path, and the fixtures that give them."""

from functools import cache

import boto3
import pytest
from botocore.config import Config

from course import lab

ECHO = """
import json
def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event)}
"""


def invocations(function_arn):
    """The URI by which API Gateway invokes a function."""
    return f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function_arn}/invocations"


class Api:
    """A REST API that is built path by path."""

    def __init__(self, rest, **more):
        self.rest = rest
        made = rest.create_rest_api(name="shop", **more)
        self.id, self.root = made["id"], made["rootResourceId"]

    def resource(self, path):
        """The id of the resource at a path; it is created with its parents."""
        found = {one["path"]: one["id"] for one in self.rest.get_resources(restApiId=self.id, limit=500)["items"]}
        here, so_far = self.root, ""
        for part in path.strip("/").split("/") if path != "/" else ():
            so_far += f"/{part}"
            if so_far not in found:
                made = self.rest.create_resource(restApiId=self.id, parentId=here, pathPart=part)
                found[so_far] = made["id"]
            here = found[so_far]
        return here

    def method(self, path="/", verb="GET", uri=None, integration=None, **more):
        """A method with an integration: a function by its ARN, or the arguments of put_integration."""
        place = {"restApiId": self.id, "resourceId": self.resource(path), "httpMethod": verb}
        self.rest.put_method(**place, **{"authorizationType": "NONE", **more})
        if uri:
            integration = {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": invocations(uri)}
        self.rest.put_integration(**place, **(integration or {"type": "MOCK"}))
        return place

    def deploy(self, stage="prod", **more):
        return self.rest.create_deployment(restApiId=self.id, stageName=stage, **more)["id"]

    def url(self, path="/", stage="prod"):
        return f"https://{self.id}.execute-api.us-east-1.amazonaws.com/{stage}{path}"

    def get(self, path="/", stage="prod", method="GET", headers=None, body=None):
        return lab.request(method, self.url(path, stage), headers, body)


class HttpApi:
    """An HTTP API that is built route by route, with a stage that deploys by itself."""

    def __init__(self, http, **more):
        self.http = http
        made = http.create_api(Name="shop", ProtocolType="HTTP", **more)
        self.id, self.endpoint = made["ApiId"], made["ApiEndpoint"]
        if "Target" not in more:
            http.create_stage(ApiId=self.id, StageName="$default", AutoDeploy=True)

    def integration(self, arn, version="2.0", **more):
        made = self.http.create_integration(
            ApiId=self.id, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion=version, **more
        )
        return made["IntegrationId"]

    def route(self, key, arn, version="2.0", **more):
        target = f"integrations/{self.integration(arn, version)}"
        return self.http.create_route(ApiId=self.id, RouteKey=key, Target=target, **more)["RouteId"]

    def get(self, path="/", method="GET", headers=None, body=None):
        return lab.request(method, self.endpoint + path, headers, body)


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
