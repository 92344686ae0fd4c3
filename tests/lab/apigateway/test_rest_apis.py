"""What AWS refuses of REST APIs, and what it answers."""

import json

import pytest
from api_builders import invocations
from botocore.exceptions import ClientError

from course import lab

BAD = "BadRequestException"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"
URI = invocations(ARN)
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}],
}


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"description": ""}, BAD, "Description cannot be an empty string"),
        ({"minimumCompressionSize": 10485761}, BAD, "between 0 and 10485760"),
        ({"endpointConfiguration": {"types": ["GLOBAL"]}}, "ValidationException", "GLOBAL"),
        ({"endpointConfiguration": {"types": ["REGIONAL", "EDGE"]}}, BAD, "multiple Endpoint Types"),
        ({"endpointConfiguration": {"types": ["EDGE"], "vpcEndpointIds": ["vpce-1"]}}, BAD, "PRIVATE"),
        ({"policy": "no JSON"}, BAD, "Invalid policy document"),
        ({"policy": json.dumps({"Statement": [{"Effect": "Allow"}]})}, BAD, "Invalid policy document"),
        ({"apiKeySource": "QUERY"}, "ValidationException", "QUERY"),
    ],
)
def test_impossible_api(refused, rest, more, code, words):
    """Is an API refused that AWS would not make?"""
    refused(rest.create_rest_api, code, words, name="shop", **more)


def test_api_is_made_whole(rest):
    """Does an API keep what it was made with, and begin with two models?"""
    made = rest.create_rest_api(
        name="shop",
        description="d",
        version="1",
        binaryMediaTypes=["image~1*"],
        policy=json.dumps(POLICY),
        endpointConfiguration={"types": ["REGIONAL"]},
        minimumCompressionSize=0,
    )
    seen = rest.get_rest_api(restApiId=made["id"])
    assert (seen["binaryMediaTypes"], seen["version"]) == (["image/*"], "1")
    assert [one["name"] for one in rest.get_models(restApiId=made["id"])["items"]] == ["Empty", "Error"]
    assert [one["path"] for one in rest.get_resources(restApiId=made["id"])["items"]] == ["/"]


def test_missing_api(refused, rest):
    """Is an API that is not there named in AWS's words, by every operation?"""
    words = "Invalid API identifier specified 123456789012:nothing"
    for call in (rest.get_rest_api, rest.delete_rest_api, rest.get_resources, rest.create_deployment, rest.get_stages):
        refused(call, "NotFoundException", words, status=404, restApiId="nothing")


def test_change_an_api(refused, rest, api):
    """Are settings changed one by one, false being false, and all refused if one is?"""
    one = api(binaryMediaTypes=["a/b"])
    changes = [
        {"op": "replace", "path": "/name", "value": "new"},
        {"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "false"},
        {"op": "add", "path": "/binaryMediaTypes/image~1png"},
        {"op": "remove", "path": "/binaryMediaTypes/a~1b"},
        {"op": "replace", "path": "/endpointConfiguration/types/EDGE", "value": "REGIONAL"},
    ]
    seen = rest.update_rest_api(restApiId=one.id, patchOperations=changes)
    assert (seen["name"], seen["disableExecuteApiEndpoint"]) == ("new", False)
    assert (seen["binaryMediaTypes"], seen["endpointConfiguration"]["types"]) == (["image/png"], ["REGIONAL"])
    wrong = [{"op": "replace", "path": "/name", "value": "x"}, {"op": "replace", "path": "/colour", "value": "red"}]
    refused(rest.update_rest_api, BAD, "Invalid patch path  '/colour'", restApiId=one.id, patchOperations=wrong)
    wrong = [{"op": "add", "path": "/name", "value": "x"}]
    refused(rest.update_rest_api, BAD, "Must be one of: [replace]", restApiId=one.id, patchOperations=wrong)
    wrong = [{"op": "change", "path": "/name", "value": "x"}]
    refused(rest.update_rest_api, "ValidationException", "'change'", restApiId=one.id, patchOperations=wrong)


@pytest.mark.parametrize(
    ("part", "code", "words"),
    [
        ("pets", "ConflictException", "already has this name: pets"),
        ("a b", BAD, "path part only allow"),
        ("a/b", BAD, "path part only allow"),
        ("{id", BAD, "path part only allow"),
        ("{other}", BAD, "A sibling ({id}) of this resource already has a variable path part"),
    ],
)
def test_impossible_resource(refused, rest, api, part, code, words):
    """Is a path part refused that is none, or taken?"""
    one = api()
    one.resource("/pets")
    one.resource("/{id}")
    status = 409 if code == "ConflictException" else None
    refused(rest.create_resource, code, words, status=status, restApiId=one.id, parentId=one.root, pathPart=part)
    assert one.resource("/cats.v1_2-3")


def test_tree_of_resources(refused, rest, api):
    """Does a tree have parents that are there, none of them greedy, and go with its root's child?"""
    one = api()
    pets, leaf = one.resource("/pets"), one.resource("/pets/{id}/toys/{toy+}")
    refused(rest.create_resource, BAD, "greedy path variable: {toy+}", restApiId=one.id, parentId=leaf, pathPart="more")
    missing = ("NotFoundException", "Invalid Resource identifier specified")
    refused(rest.create_resource, *missing, status=404, restApiId=one.id, parentId="none", pathPart="x")
    refused(rest.delete_resource, *missing, status=404, restApiId=one.id, resourceId="none")
    refused(rest.delete_resource, BAD, "root", restApiId=one.id, resourceId=one.root)
    moved = [{"op": "replace", "path": "/parentId", "value": leaf}]
    refused(
        rest.update_resource, BAD, "Resources cannot be cyclical", restApiId=one.id, resourceId=pets,
        patchOperations=moved,
    )  # fmt: skip
    named = [{"op": "replace", "path": "/pathPart", "value": "animals"}]
    assert rest.update_resource(restApiId=one.id, resourceId=pets, patchOperations=named)["path"] == "/animals"
    rest.delete_resource(restApiId=one.id, resourceId=pets)
    assert len(rest.get_resources(restApiId=one.id)["items"]) == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"httpMethod": "FETCH"}, "Invalid HttpMethod specified"),
        ({"authorizationType": "OPEN"}, "Invalid authorization type specified"),
        ({"authorizationType": "CUSTOM"}, "requires a valid authorizer"),
        ({"authorizationType": "CUSTOM", "authorizerId": "none"}, "requires a valid authorizer"),
        ({"authorizationType": "COGNITO_USER_POOLS"}, "requires a valid authorizer"),
        ({"requestValidatorId": "none"}, "Invalid Request Validator identifier"),
        ({"requestModels": {"application/json": "Pet"}}, "Invalid model identifier specified: Pet"),
        ({"requestParameters": {"querystring.page": True}}, "querystring.page"),
        (
            {"requestParameters": {"method.request.header.a": True, "method.request.querystring.a": True}},
            "Parameter names must be unique",
        ),
    ],
)
def test_impossible_method(refused, rest, api, more, words):
    """Is a method refused whose settings are none?"""
    one = api()
    place = {"restApiId": one.id, "resourceId": one.root, "httpMethod": "GET", "authorizationType": "NONE"}
    refused(rest.put_method, BAD, words, **{**place, **more})


def test_method_once(refused, rest, api):
    """Is the same method refused a second time, and changed by its own operation?"""
    one = api()
    place = one.method("/pets")
    refused(
        rest.put_method, "ConflictException", "Method already exists for this resource", status=409,
        authorizationType="NONE", **place,
    )  # fmt: skip
    changes = [
        {"op": "replace", "path": "/apiKeyRequired", "value": "true"},
        {"op": "add", "path": "/requestParameters/method.request.querystring.page", "value": "true"},
    ]
    seen = rest.update_method(patchOperations=changes, **place)
    assert seen["apiKeyRequired"] and seen["requestParameters"] == {"method.request.querystring.page": True}
    wrong = [{"op": "replace", "path": "/authorizationType", "value": "CUSTOM"}]
    refused(rest.update_method, BAD, "valid authorizer", patchOperations=wrong, **place)
    refused(rest.get_method, "NotFoundException", "Method", status=404, **{**place, "httpMethod": "POST"})


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"type": "LAMBDA"}, "ValidationException", "'LAMBDA'"),
        ({"type": "AWS_PROXY", "uri": URI}, BAD, "HttpMethod must be non-empty"),
        ({"type": "AWS_PROXY", "integrationHttpMethod": "POST"}, BAD, "Invalid ARN specified"),
        (
            {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": ARN},
            BAD,
            "AWS ARN for integration must contain path or action",
        ),
        (
            {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": "arn:aws:apigateway:us-east-1:sqs:path/x"},
            BAD,
            "currently only supports Lambda function",
        ),
        ({"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": URI.replace(ARN, "f")}, BAD, "Invalid function ARN"),
        ({"type": "HTTP_PROXY", "integrationHttpMethod": "GET", "uri": "example"}, BAD, "Invalid HTTP endpoint"),
        ({"type": "MOCK", "timeoutInMillis": 49}, BAD, "Timeout should be between 50 ms and 29000 ms"),
        ({"type": "MOCK", "timeoutInMillis": 30000}, BAD, "Timeout should be between 50 ms and 29000 ms"),
        ({"type": "MOCK", "passthroughBehavior": "ALWAYS"}, BAD, "passthrough"),
    ],
)  # fmt: skip
def test_impossible_integration(refused, rest, api, more, code, words):
    """Is an integration refused that API Gateway cannot call?"""
    one = api()
    place = {"restApiId": one.id, "resourceId": one.root, "httpMethod": "GET"}
    rest.put_method(authorizationType="NONE", **place)
    refused(rest.put_integration, code, words, **place, **more)


def test_integration_of_a_method(refused, rest, api):
    """Does an integration need its method, show AWS's defaults, change, and go?"""
    one = api()
    place = {"restApiId": one.id, "resourceId": one.root, "httpMethod": "GET"}
    refused(rest.put_integration, "NotFoundException", "Method", status=404, type="MOCK", **place)
    rest.put_method(authorizationType="NONE", **place)
    refused(rest.get_integration, "NotFoundException", "Integration", status=404, **place)
    made = rest.put_integration(type="AWS_PROXY", integrationHttpMethod="POST", uri=URI, **place)
    assert (made["timeoutInMillis"], made["passthroughBehavior"]) == (29000, "WHEN_NO_MATCH")
    stage = URI.replace(":function:f", ":function:${stageVariables.name}")
    changes = [
        {"op": "replace", "path": "/uri", "value": stage},
        {"op": "replace", "path": "/timeoutInMillis", "value": "3000"},
    ]
    seen = rest.update_integration(patchOperations=changes, **place)
    assert (seen["uri"], seen["timeoutInMillis"]) == (stage, 3000)
    wrong = [{"op": "replace", "path": "/timeoutInMillis", "value": "60000"}]
    refused(rest.update_integration, BAD, "29000", patchOperations=wrong, **place)
    rest.delete_integration(**place)
    refused(rest.delete_integration, "NotFoundException", "Integration", status=404, **place)


def test_responses_belong_together(refused, rest, api):
    """Does an integration response need a response of the method with its status?"""
    one = api()
    place = one.method("/pets")
    missing = ("NotFoundException", "Invalid Response status code specified")
    refused(rest.put_integration_response, *missing, status=404, statusCode="200", **place)
    rest.put_method_response(statusCode="200", responseModels={"application/json": "Empty"}, **place)
    refused(rest.put_method_response, "ConflictException", "already exists", status=409, statusCode="200", **place)
    refused(rest.put_method_response, BAD, "Cat", statusCode="201", responseModels={"application/json": "Cat"}, **place)
    made = rest.put_integration_response(statusCode="200", selectionPattern="", **place)
    assert made["selectionPattern"] == ""
    refused(rest.get_integration_response, *missing, status=404, statusCode="404", **place)
    refused(rest.delete_model, "ConflictException", "referenced", status=409, restApiId=one.id, modelName="Empty")


def test_gateway_responses(refused, rest, api):
    """Are API Gateway's own responses shown, changed and reset, and unknown kinds refused?"""
    one = {"restApiId": api().id}
    assert rest.get_gateway_response(responseType="THROTTLED", **one)["statusCode"] == "429"
    assert len(rest.get_gateway_responses(**one)["items"]) == 21
    refused(rest.put_gateway_response, "ValidationException", "TEAPOT", responseType="TEAPOT", **one)
    rest.put_gateway_response(responseType="DEFAULT_4XX", statusCode="418", **one)
    assert rest.get_gateway_response(responseType="THROTTLED", **one)["statusCode"] == "418"
    rest.delete_gateway_response(responseType="DEFAULT_4XX", **one)
    refused(rest.delete_gateway_response, "NotFoundException", status=404, responseType="DEFAULT_4XX", **one)


def test_models_and_validators(refused, rest, api):
    """Are models JSON schemas with names of their own, and validators named?"""
    one = {"restApiId": api().id}
    made = {"name": "Pet", "contentType": "application/json", "schema": '{"type": "object"}', **one}
    rest.create_model(**made)
    refused(rest.create_model, "ConflictException", "already exists", status=409, **made)
    refused(rest.create_model, BAD, "alphanumeric", **{**made, "name": "Big-Pet"})
    refused(rest.create_model, BAD, "Invalid model", **{**made, "name": "Cat", "schema": "no JSON"})
    refused(rest.create_model, BAD, "Invalid model", **{**made, "name": "Cat", "schema": '{"type": "thing"}'})
    refused(rest.get_model, "NotFoundException", "Cat", status=404, modelName="Cat", **one)
    refused(rest.create_request_validator, BAD, "blank", name="", **one)
    made = rest.create_request_validator(name="body", validateRequestBody=True, **one)
    assert (made["validateRequestBody"], made["validateRequestParameters"]) == (True, False)
    changes = [{"op": "replace", "path": "/validateRequestParameters", "value": "true"}]
    seen = rest.update_request_validator(requestValidatorId=made["id"], patchOperations=changes, **one)
    assert seen["validateRequestParameters"]


def test_refusals_in_the_aws_command(api):
    """Does the command end with AWS's code and words?"""
    one = api()
    command = f"apigateway create-deployment --rest-api-id {one.id} --stage-name prod"
    done = lab.aws(command)
    assert done.exit_code == 255
    assert "(BadRequestException)" in done.error and "The REST API doesn't contain any methods" in done.error


def test_an_operation_that_is_not_here_says_so(rest, api):
    """Does an operation that the account lacks fail with its name?"""
    with pytest.raises((lab.transport.NotOffline, ClientError), match="GetSdk"):
        rest.get_sdk(restApiId=api().id, stageName="prod", sdkType="java")


def test_iam_on_the_apis_paths(rest, api):
    """Do policies on apigateway:POST and the API's paths decide who may change it?"""
    import boto3

    iam = boto3.client("iam")
    iam.create_user(UserName="ana")
    key = iam.create_access_key(UserName="ana")["AccessKey"]
    keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    hers, one = boto3.client("apigateway", **keys), api()
    arn = f"arn:aws:apigateway:us-east-1::/restapis/{one.id}/*"
    allow = {"Effect": "Allow", "Action": ["apigateway:POST", "apigateway:GET"], "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": allow})
    iam.put_user_policy(UserName="ana", PolicyName="p", PolicyDocument=policy)
    made = hers.create_resource(restApiId=one.id, parentId=one.root, pathPart="pets")["id"]
    with pytest.raises(ClientError, match="not authorized to perform: apigateway:DELETE"):
        hers.delete_resource(restApiId=one.id, resourceId=made)
    with pytest.raises(ClientError, match="AccessDenied"):
        hers.create_rest_api(name="other")
