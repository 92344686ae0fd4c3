"""APIs from OpenAPI documents, as SAM writes them."""

import json

import pytest
import yaml
from api_builders import ECHO, invocations

from course import lab

BAD = "BadRequestException"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"
AUTH = invocations("arn:aws:lambda:us-east-1:123456789012:function:auth")
AUTHORIZER = """
def handler(event, context):
    allow = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": "*"}
    return {"principalId": "ana", "policyDocument": {"Version": "2012-10-17", "Statement": [allow]}}
"""


def integration(**more):
    return {"type": "aws_proxy", "httpMethod": "POST", "uri": invocations(ARN), **more}


def swagger(**more):
    """What AWS::Serverless::Api becomes."""
    operation = {"x-amazon-apigateway-integration": integration(), "responses": {"200": {"description": "ok"}}}
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}
    return {
        "openapi": "3.0.1",
        "info": {"title": "pets", "version": "1.0"},
        "x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": True}},
        "paths": {
            "/pets": {
                "get": {**operation, "security": [{"auth": []}]},
                "post": {**operation, "requestBody": body, "x-amazon-apigateway-request-validator": "all"},
                "options": {
                    "x-amazon-apigateway-integration": {
                        "type": "mock",
                        "requestTemplates": {"application/json": '{"statusCode": 200}'},
                        "responses": {
                            "default": {
                                "statusCode": "200",
                                "responseParameters": {"method.response.header.Access-Control-Allow-Origin": "'*'"},
                            }
                        },
                    }
                },
            },
            "/keys/{id}": {"x-amazon-apigateway-any-method": {**operation, "security": [{"api_key": []}]}},
        },
        "components": {
            "schemas": {"Pet": {"type": "object", "required": ["name"]}},
            "securitySchemes": {
                "auth": {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "x-amazon-apigateway-authtype": "custom",
                    "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": AUTH},
                },
                "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
            },
        },
        **more,
    }


@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump])
def test_import_and_call(rest, function, write):
    """Does an imported API, in JSON or YAML, ask its authorizer, validate, answer preflights and want its key?"""
    function(ECHO)
    function(AUTHORIZER, name="auth")
    made = rest.import_rest_api(body=write(swagger()).encode())
    assert (made["name"], made["version"]) == ("pets", "1.0")
    rest.create_deployment(restApiId=made["id"], stageName="Prod")
    url = f"https://{made['id']}.execute-api.us-east-1.amazonaws.com/Prod"
    assert lab.request("GET", f"{url}/pets").status == 401
    assert lab.request("GET", f"{url}/pets", {"authorization": "x"}).status == 200
    assert lab.request("POST", f"{url}/pets", body={}).json() == {"message": "Invalid request body"}
    assert lab.request("POST", f"{url}/pets", body={"name": "Kim"}).status == 200
    assert lab.request("OPTIONS", f"{url}/pets").headers["access-control-allow-origin"] == "*"
    assert lab.request("PUT", f"{url}/keys/1").json() == {"message": "Forbidden"}


def test_put_merges_or_overwrites(rest, api):
    """Does merge keep what the document does not name, and overwrite not?"""
    one = api()
    one.method("/own")
    rest.put_rest_api(restApiId=one.id, mode="merge", body=json.dumps(swagger()).encode())
    paths = {each["path"] for each in rest.get_resources(restApiId=one.id)["items"]}
    assert paths == {"/", "/own", "/pets", "/keys", "/keys/{id}"}
    rest.put_rest_api(restApiId=one.id, mode="overwrite", body=json.dumps(swagger()).encode())
    assert {each["path"] for each in rest.get_resources(restApiId=one.id)["items"]} == paths - {"/own"}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"openapi": "1.0"}, "Invalid OpenAPI input"),
        ({"paths": {}}, "Invalid OpenAPI input"),
        (
            swagger(paths={"/a": {"get": {"x-amazon-apigateway-integration": integration(timeoutInMillis=90000)}}}),
            "Unable to put integration on 'GET' for resource at path '/a': Timeout should be between 50 ms and 29000",
        ),
        (
            swagger(paths={"/a": {"get": {"x-amazon-apigateway-integration": integration(uri="f")}}}),
            "Invalid ARN specified in the request",
        ),
        (swagger(paths={"/{a}": {}, "/{b}": {"get": {}}, "/{a}/x": {"get": {}}}), "already has a variable path part"),
        (swagger(**{"x-amazon-apigateway-policy": {"Statement": 1}}), "Invalid policy document"),
    ],
)
def test_impossible_document(refused, rest, api, document, words):
    """Is a document refused as a whole, for a new API and for one that is there?"""
    body = json.dumps(document).encode()
    refused(rest.import_rest_api, BAD, words, body=body)
    one = api()
    one.method("/own")
    refused(rest.put_rest_api, BAD, words, restApiId=one.id, mode="overwrite", body=body)


def openapi(**more):
    """What AWS::Serverless::HttpApi becomes."""
    operation = {"x-amazon-apigateway-integration": integration(payloadFormatVersion="2.0"), "responses": {}}
    authorizer = {
        "type": "request",
        "authorizerUri": AUTH,
        "authorizerPayloadFormatVersion": "2.0",
        "identitySource": "$request.header.Authorization",
        "enableSimpleResponses": True,
    }
    scheme = {"type": "apiKey", "in": "header", "name": "x", "x-amazon-apigateway-authorizer": authorizer}
    return {
        "openapi": "3.0.1",
        "info": {"title": "pets", "version": "1.0"},
        "x-amazon-apigateway-cors": {"allowOrigins": ["*"]},
        "paths": {
            "/pets": {"get": operation},
            "/mine": {"get": {**operation, "security": [{"auth": []}]}},
            "/$default": {"x-amazon-apigateway-any-method": operation},
        },
        "components": {"securitySchemes": {"auth": scheme}},
        **more,
    }


def test_http_api_from_a_document(http, function):
    """Does an imported HTTP API route, ask its authorizer and add the headers of CORS?"""
    function(ECHO)
    function("def handler(event, context):\n    return {'isAuthorized': True}\n", name="auth")
    made = http.import_api(Body=json.dumps(openapi()))
    http.create_stage(ApiId=made["ApiId"], StageName="$default", AutoDeploy=True)
    url = made["ApiEndpoint"]
    assert lab.request("GET", f"{url}/pets").json()["routeKey"] == "GET /pets"
    assert lab.request("PUT", f"{url}/else").json()["routeKey"] == "$default"
    assert lab.request("GET", f"{url}/mine").status == 401
    assert lab.request("GET", f"{url}/mine", {"Authorization": "x"}).status == 200
    answer = lab.request("GET", f"{url}/pets", {"Origin": "https://shop.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    http.reimport_api(ApiId=made["ApiId"], Body=json.dumps(openapi(paths={})))
    assert lab.request("GET", f"{url}/pets").status == 404


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"swagger": "2.0", "info": {}, "paths": {}}, "OpenAPI 3.0"),
        (
            openapi(paths={"/a": {"get": {"x-amazon-apigateway-integration": integration(timeoutInMillis=90000)}}}),
            "Timeout should be between 50 ms and 30000 ms",
        ),
    ],
)
def test_impossible_http_document(refused, http, http_api, document, words):
    """Is a document refused as a whole?"""
    refused(http.import_api, BAD, words, Body=json.dumps(document))
    refused(http.reimport_api, BAD, words, ApiId=http_api().id, Body=json.dumps(document))
