"""Requests to REST APIs: what comes back, and who sees what."""

import base64
import json

import boto3
import pytest
from api_builders import invocations

from course import lab


def answering(answer):
    """A function that returns this."""
    return f"def handler(event, context):\n    return {answer!r}\n"


def test_a_function_answers(api, function):
    """Does a request reach the function with its event, and its answer the client?"""
    one = api()
    one.method("/pets/{id}", "POST", function())
    deployment = one.deploy(variables={"colour": "red"})
    response = one.get("/pets/7?a=1&a=2", method="POST", headers={"X-Own": "x"}, body={"name": "Kim"})
    event = response.json()
    assert response.status == 200 and response.headers["content-type"] == "application/json"
    assert (event["resource"], event["path"], event["httpMethod"]) == ("/pets/{id}", "/pets/7", "POST")
    assert event["pathParameters"] == {"id": "7"} and event["stageVariables"] == {"colour": "red"}
    assert event["queryStringParameters"] == {"a": "2"}
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"]}
    assert json.loads(event["body"]) == {"name": "Kim"} and event["isBase64Encoded"] is False
    assert event["headers"]["X-Own"] == "x" and event["headers"]["Host"].startswith(one.id)
    context = event["requestContext"]
    assert (context["stage"], context["path"], context["deploymentId"]) == ("prod", "/prod/pets/7", deployment)


@pytest.mark.parametrize(
    ("path", "stage", "method", "status", "message"),
    [
        ("/dogs", "prod", "GET", 403, "Missing Authentication Token"),
        ("/pets", "prod", "POST", 403, "Missing Authentication Token"),
        ("/", "prod", "GET", 403, "Missing Authentication Token"),
        ("/pets", "test", "GET", 403, "Forbidden"),
        ("/pets/", "prod", "GET", 200, None),
    ],
)
def test_wrong_addresses(api, function, path, stage, method, status, message):
    """What does a client get where there is no such path, method or stage?"""
    one = api()
    one.method("/pets", "GET", function())
    one.deploy()
    response = one.get(path, stage, method)
    assert response.status == status
    assert message is None or response.json() == {"message": message}


def test_function_must_let_the_api_in(api, function, open_to):
    """Is the request 500 until the function's policy lets this method of this API in?"""
    one = api()
    one.method("/pets", "GET", function(permitted=False))
    one.deploy()
    arn = "arn:aws:execute-api:us-east-1:123456789012"
    for n, source in enumerate((f"{arn}:other/*/*/*", f"{arn}:{one.id}/*/POST/pets", f"{arn}:{one.id}/test/*/*")):
        open_to(source=source, sid=f"s{n}")
        response = one.get("/pets")
        assert (response.status, response.text) == (500, '{"message":"Internal server error"}')
    open_to(source=f"{arn}:{one.id}/*/GET/pets", sid="right")
    assert one.get("/pets").status == 200


@pytest.mark.parametrize(
    "answer",
    [
        "text",
        None,
        ["list"],
        {"statusCode": 200, "body": {"an": "object"}},
        {"statusCode": "OK"},
        {"statusCode": 200, "headers": ["no", "dict"]},
        {"statusCode": 200, "headers": {"a": {"b": 1}}},
        {"statusCode": 200, "message": "of no such key"},
    ],
)
def test_malformed_answers(api, function, answer):
    """Is 502 what a client gets of an answer that is no proxy response?"""
    one = api()
    one.method("/", "GET", function(answering(answer)))
    one.deploy()
    response = one.get()
    assert (response.status, response.json()) == (502, {"message": "Internal server error"})


def test_function_that_raises(api, function):
    """Is 502 what a client gets of a function that fails, and nothing of its error?"""
    one = api()
    one.method("/", "GET", function("def handler(event, context):\n    raise ValueError('secret')\n"))
    one.deploy()
    response = one.get()
    assert (response.status, response.text) == (502, '{"message":"Internal server error"}')


def test_slow_function(api, function, rest):
    """Is 504 what a client gets of a function that takes longer than the integration waits?"""
    one = api()
    place = one.method("/", "GET", function("import time\ndef handler(e, c):\n    time.sleep(1.5)\n", Timeout=10))
    change = [{"op": "replace", "path": "/timeoutInMillis", "value": "50"}]
    rest.update_integration(patchOperations=change, **place)
    one.deploy()
    response = one.get()
    assert (response.status, response.json()) == (504, {"message": "Endpoint request timed out"})


def test_headers_and_cookies(api, function):
    """Do headers arrive, several of one name too, and multiValueHeaders before headers?"""
    answer = {
        "statusCode": 201,
        "headers": {"X-One": "1", "X-Two": "lost"},
        "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"], "x-two": ["2"]},
    }
    one = api()
    one.method("/", "GET", function(answering(answer)))
    one.deploy()
    response = one.get()
    assert response.status == 201 and response.body == b""
    assert response.headers.all("set-cookie") == ["a=1", "b=2"]
    assert (response.headers["x-one"], response.headers["x-two"]) == ("1", "2")


def test_binary(api, function):
    """Are bodies of the API's binary media types base64 for the function, and bytes for the client?"""
    code = (
        "import base64\ndef handler(event, context):\n"
        "    body = base64.b64decode(event['body']) if event['isBase64Encoded'] else event['body'].encode()\n"
        "    return {'statusCode': 200, 'isBase64Encoded': True, 'body': base64.b64encode(body).decode()}\n"
    )
    one = api(binaryMediaTypes=["image/*"])
    one.method("/", "POST", function(code))
    one.deploy()
    picture = bytes(range(256))
    sent = {"Content-Type": "image/png", "Accept": "image/png"}
    assert one.get(method="POST", headers=sent, body=picture).body == picture
    # A client that accepts no such type gets the text of the base64.
    assert one.get(method="POST", headers={"Content-Type": "image/png", "Accept": "text/plain"}, body=picture).body == (
        base64.b64encode(picture)
    )


def test_a_stage_shows_what_was_deployed(api, function, rest):
    """Is a change invisible until it is deployed?"""
    one = api()
    one.method("/pets", "GET", function())
    one.deploy()
    one.method("/cats", "GET", function(name="g"))
    assert one.get("/cats").status == 403
    one.deploy("test")
    assert (one.get("/cats").status, one.get("/cats", "test").status) == (403, 200)
    one.deploy()
    assert one.get("/cats").status == 200


def test_stage_variable_names_the_function(api, function):
    """Does a stage variable choose the function?"""
    arn = function(answering({"statusCode": 200, "body": "blue"}), "blue")
    function(answering({"statusCode": 200, "body": "green"}), "green")
    one = api()
    one.method("/", "GET", arn.replace(":blue", ":${stageVariables.which}"))
    one.deploy("a", variables={"which": "blue"})
    one.deploy("b", variables={"which": "green"})
    assert (one.get(stage="a").text, one.get(stage="b").text) == ("blue", "green")


def test_alias_needs_its_own_permission(api, function, awslambda, open_to):
    """Is a permission on the function none for its alias?"""
    arn = function(answering({"statusCode": 200, "body": "x"}))
    awslambda.publish_version(FunctionName="f")
    awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    one = api()
    one.method("/", "GET", f"{arn}:live")
    one.deploy()
    assert one.get().status == 500
    open_to(sid="live", Qualifier="live")
    assert one.get().status == 200


def test_lambda_is_invoked_by_post(api, function, rest):
    """Is an integration with GET for a function accepted, and 500 when it is called?"""
    one = api()
    uri = invocations(function())
    one.method(integration={"type": "AWS_PROXY", "integrationHttpMethod": "GET", "uri": uri})
    one.deploy()
    assert (one.get().status, one.get().json()) == (500, {"message": "Internal server error"})


def test_large_body(api, function):
    """Is more than 10 MB refused before the function is asked?"""
    one = api()
    one.method("/", "POST", function())
    one.deploy()
    response = one.get(method="POST", body=b"x" * (10 * 1024 * 1024 + 1))
    assert (response.status, "10485760" in response.text) == (413, True)


PET = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string", "minLength": 1}},
}


def validated(rest, api, arn, **validator):
    one = api()
    schema = json.dumps(PET)
    rest.create_model(restApiId=one.id, name="Pet", contentType="application/json", schema=schema)
    made = rest.create_request_validator(restApiId=one.id, name="v", **validator)["id"]
    one.method(
        "/pets",
        "POST",
        arn,
        requestValidatorId=made,
        requestModels={"application/json": "Pet"},
        requestParameters={"method.request.querystring.page": True, "method.request.header.x-own": True},
    )
    one.deploy()
    return one


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"id": 1, "name": "Kim"}, 200),
        ({"id": "1", "name": "Kim"}, 400),
        ({"id": 1}, 400),
        ({"id": 1, "name": ""}, 400),
        ("no JSON", 400),
        (None, 400),
    ],
)
def test_body_is_validated(rest, api, function, body, status):
    """Is a body that its model refuses 400, before the function runs?"""
    one = validated(rest, api, function(), validateRequestBody=True)
    response = one.get("/pets", method="POST", headers={"Content-Type": "application/json"}, body=body)
    assert response.status == status
    assert status == 200 or response.json() == {"message": "Invalid request body"}


def test_parameters_are_validated(rest, api, function):
    """Are missing parameters 400 and named, and is nothing checked without a validator that does?"""
    one = validated(rest, api, function(), validateRequestParameters=True)
    response = one.get("/pets", method="POST", body="{")
    assert response.json() == {"message": "Missing required request parameters: [page, x-own]"}
    assert one.get("/pets?page=1", method="POST", headers={"X-Own": "1"}, body="{").status == 200


def test_api_key(rest, api, function):
    """Is a key needed that is enabled and in a usage plan of the stage, and is a quota kept day by day?"""
    one = api()
    one.method("/", "GET", function(), apiKeyRequired=True)
    one.deploy()
    forbidden = (403, {"message": "Forbidden"})

    def asked(key=None):
        response = one.get(headers={"x-api-key": key} if key else None)
        return response.status, response.json() if response.status != 200 else None

    key = rest.create_api_key(name="ana", enabled=True)
    disabled = rest.create_api_key(name="bob")
    assert asked() == asked("nonsense" * 4) == asked(key["value"]) == forbidden
    stages = [{"apiId": one.id, "stage": "prod"}]
    plan = rest.create_usage_plan(name="p", apiStages=stages, quota={"limit": 2, "period": "DAY"})["id"]
    for made in (key, disabled):
        rest.create_usage_plan_key(usagePlanId=plan, keyId=made["id"], keyType="API_KEY")
    assert asked(disabled["value"]) == forbidden
    with lab.context(time="2026-11-28T12:00:00Z"):
        assert [asked(key["value"])[0] for _ in range(3)] == [200, 200, 429]
        assert asked(key["value"]) == (429, {"message": "Limit Exceeded"})
    with lab.context(time="2026-11-29T12:00:00Z"):
        assert asked(key["value"])[0] == 200
    used = rest.get_usage(usagePlanId=plan, startDate="2026-11-28", endDate="2026-11-28")
    assert used["items"][key["id"]] == [[2, 0]]


def test_throttling(rest, api, function):
    """Is a request above the stage's rate and burst 429, and let through a second later?"""
    one = api()
    one.method("/", "GET", function())
    one.deploy()
    changes = [
        {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "1"},
        {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "2"},
    ]
    rest.update_stage(restApiId=one.id, stageName="prod", patchOperations=changes)
    with lab.context(time="2026-11-28T12:00:00Z"):
        assert [one.get().status for _ in range(3)] == [200, 200, 429]
        assert one.get().json() == {"message": "Too Many Requests"}
    with lab.context(time="2026-11-28T12:00:01Z"):
        assert [one.get().status for _ in range(2)] == [200, 429]


def test_resource_policy(rest, api, function):
    """Does a resource policy decide by the caller's address, and say no to what it does not allow?"""
    allow = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/prod/GET/*"}
    deny = {
        **{**allow, "Effect": "Deny", "Resource": "execute-api:/*"},
        "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    }
    one = api(policy=json.dumps({"Version": "2012-10-17", "Statement": [allow, deny]}))
    one.method("/pets", "ANY", function())
    one.deploy()
    response = one.get("/pets")
    assert response.status == 403
    assert response.json()["Message"].startswith(
        "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "
        f"arn:aws:execute-api:us-east-1:********9012:{one.id}/prod/GET/pets with an explicit deny"
    )
    with lab.context(source_ip="203.0.113.9"):
        assert one.get("/pets").status == 200
        assert one.get("/pets", method="POST").status == 403


def test_mock_integration(rest, api):
    """Does API Gateway answer by itself, with the status that the request's template gives?"""
    one = api()
    template = {"application/json": '{"statusCode": 200}'}
    place = one.method("/", "OPTIONS", integration={"type": "MOCK", "requestTemplates": template})
    headers = {"method.response.header.Access-Control-Allow-Origin": True}
    rest.put_method_response(statusCode="200", responseParameters=headers, **place)
    rest.put_integration_response(
        statusCode="200",
        responseParameters={"method.response.header.Access-Control-Allow-Origin": "'*'"},
        responseTemplates={"application/json": '{"stage": "$context.stage", "who": "$input.params(\'who\')"}'},
        **place,
    )
    one.deploy()
    response = one.get("/?who=Kim", method="OPTIONS")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.json() == {"stage": "prod", "who": "Kim"}


def test_function_without_proxy(rest, api, function):
    """Do templates make the event, and does the error's text choose the response?"""
    code = "def handler(event, context):\n    if event['n'] == '0':\n        raise ValueError('Bad: none')\n    return event\n"
    one = api()
    integration = {
        "type": "AWS",
        "integrationHttpMethod": "POST",
        "uri": invocations(function(code)),
        "requestTemplates": {"application/json": '{"n": "$input.params(\'n\')"}'},
    }
    place = one.method("/{n}", "GET", integration=integration)
    for status, pattern, template in (("200", "", None), ("400", "Bad:.*", "{\"m\": $input.json('$.errorMessage')}")):
        rest.put_method_response(statusCode=status, **place)
        templates = {"responseTemplates": {"application/json": template}} if template else {}
        rest.put_integration_response(statusCode=status, selectionPattern=pattern, **templates, **place)
    one.deploy()
    assert one.get("/5").json() == {"n": "5"}
    assert (one.get("/0").status, one.get("/0").json()) == (400, {"m": "Bad: none"})


def test_gateway_response_of_ones_own(rest, api, function):
    """Do an API's own responses change status, headers and body of what API Gateway answers?"""
    one = api()
    one.method("/pets", "GET", function())
    rest.put_gateway_response(
        restApiId=one.id,
        responseType="MISSING_AUTHENTICATION_TOKEN",
        statusCode="404",
        responseParameters={"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
        responseTemplates={"application/json": '{"error": $context.error.messageString, "id": "$context.requestId"}'},
    )
    one.deploy()
    response = one.get("/dogs")
    assert (response.status, response.headers["access-control-allow-origin"]) == (404, "*")
    assert response.json() == {"error": "Missing Authentication Token", "id": response.headers["x-amzn-requestid"]}


def test_disabled_endpoint(rest, api, function):
    """Is an API with its endpoint disabled closed at this address?"""
    one = api(disableExecuteApiEndpoint=True)
    one.method("/", "GET", function())
    one.deploy()
    assert one.get().status == 403


def test_api_in_front_of_an_api(rest, api, function):
    """Does HTTP_PROXY reach another API of the account, and no other address?"""
    behind = api()
    behind.method("/pets/{id}", "GET", function())
    behind.deploy()
    front = api()
    integration = {"type": "HTTP_PROXY", "integrationHttpMethod": "GET", "uri": behind.url("/pets/{id}")}
    front.method("/p/{id}", "GET", integration=integration)
    outside = {"type": "HTTP_PROXY", "integrationHttpMethod": "GET", "uri": "https://example.com/"}
    front.method("/out", "GET", integration=outside)
    front.deploy()
    assert front.get("/p/7?a=1").json()["pathParameters"] == {"id": "7"}
    with pytest.raises(lab.transport.NotOffline, match="example.com"):
        front.get("/out")


def test_test_button(rest, api, function, open_to):
    """Does the Test button call without a deployment, and say in its log what clients are not told?"""
    one = api()
    place = one.method("/pets/{id}", "GET", function(permitted=False))
    seen = rest.test_invoke_method(pathWithQueryString="/pets/7?a=1", **place)
    assert seen["status"] == 500 and "Invalid permissions on Lambda function" in seen["log"]
    open_to(source=f"arn:aws:execute-api:us-east-1:123456789012:{one.id}/test-invoke-stage/GET/pets/*")
    event = json.loads(rest.test_invoke_method(pathWithQueryString="/pets/7?a=1", **place)["body"])
    assert event["pathParameters"] == {"id": "7"} and event["queryStringParameters"] == {"a": "1"}
    bad = one.method("/bad", "GET", function(answering("no"), name="bad"))
    seen = rest.test_invoke_method(**bad)
    assert seen["status"] == 502 and "Malformed Lambda proxy response" in seen["log"]


def test_iam_authorization(rest, api, function, awslambda):
    """Does AWS_IAM ask the policies of the caller, on the method's ARN?"""
    import boto3
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    one = api()
    one.method("/pets", "ANY", function(), authorizationType="AWS_IAM")
    one.deploy()
    iam = boto3.client("iam")
    iam.create_user(UserName="ana")
    key = iam.create_access_key(UserName="ana")["AccessKey"]

    def signed(method):
        request = AWSRequest(method, one.url("/pets"))
        SigV4Auth(Credentials(key["AccessKeyId"], key["SecretAccessKey"]), "execute-api", "us-east-1").add_auth(request)
        return one.get("/pets", method=method, headers=dict(request.headers))

    assert one.get("/pets").json() == {"message": "Missing Authentication Token"}
    assert "is not authorized to perform: execute-api:Invoke" in signed("GET").json()["Message"]
    arn = f"arn:aws:execute-api:us-east-1:123456789012:{one.id}/*/GET/pets"
    allow = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": arn}}
    iam.put_user_policy(UserName="ana", PolicyName="p", PolicyDocument=json.dumps(allow))
    assert signed("GET").json()["requestContext"]["identity"]["userArn"].endswith(":user/ana")
    assert signed("POST").status == 403


def test_web_acl_of_a_stage(api, function):
    """Does the stage's web ACL block a client before the function is asked, and no other path or stage?"""
    waf = boto3.client("wafv2")
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
    admin = {
        "SearchString": b"/prod/admin",
        "FieldToMatch": {"UriPath": {}},
        "PositionalConstraint": "STARTS_WITH",
        "TextTransformations": [{"Priority": 0, "Type": "LOWERCASE"}],
    }
    rule = {"Name": "admin", "Priority": 0, "Action": {"Block": {}}, "VisibilityConfig": seen}
    arn = waf.create_web_acl(
        Name="acl",
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        VisibilityConfig=seen,
        Rules=[{**rule, "Statement": {"ByteMatchStatement": admin}}],
    )["Summary"]["ARN"]
    one = api()
    one.method("/{proxy+}", "GET", function())
    for stage in ("prod", "test"):
        one.deploy(stage)
    waf.associate_web_acl(WebACLArn=arn, ResourceArn=f"arn:aws:apigateway:us-east-1::/restapis/{one.id}/stages/prod")
    blocked = one.get("/Admin/users")
    assert blocked.status == 403 and blocked.json() == {"message": "Forbidden"}
    assert blocked.headers["x-amzn-errortype"] == "ForbiddenException"
    assert one.get("/pets").status == one.get("/admin/users", "test").status == 200


def test_one_sid_for_function_and_alias(api, function, awslambda, open_to):
    """Is an alias called whose permission has the statement id of the function's own?"""
    arn = function(answering({"statusCode": 200, "body": "x"}), permitted=False)
    awslambda.publish_version(FunctionName="f")
    awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    open_to(sid="api")
    open_to(sid="api", Qualifier="live")
    one = api()
    one.method("/", "GET", f"{arn}:live")
    one.deploy()
    assert one.get().status == 200
