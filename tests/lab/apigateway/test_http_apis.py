"""HTTP APIs: what AWS refuses, quick create, and requests."""

import base64
import json

import pytest
from api_builders import invocations

from course import lab

BAD = "BadRequestException"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"Name": ""}, "name"),
        ({"ProtocolType": "GRPC"}, "Must be one of [HTTP, WEBSOCKET]"),
        ({"ProtocolType": "WEBSOCKET"}, "RouteSelectionExpression"),
        ({"Target": "function"}, "Invalid HTTP endpoint"),
        ({"Target": "arn:aws:sqs:us-east-1:123456789012:q"}, "Invalid function ARN"),
        ({"RouteKey": "GET /"}, "Target is required"),
        ({"Target": ARN, "RouteKey": "GET"}, "route key is not formatted properly"),
        ({"CorsConfiguration": {"AllowOrigins": ["example.com"]}}, "Origin should start with http"),
        ({"CorsConfiguration": {"AllowOrigins": ["*"], "AllowCredentials": True}}, "credentials"),
        ({"CorsConfiguration": {"AllowMethods": ["FETCH"]}}, "FETCH"),
    ],
)
def test_impossible_api(refused, http, more, words):
    """Is an API refused that AWS would not make?"""
    refused(http.create_api, BAD, words, **{"Name": "shop", "ProtocolType": "HTTP", **more})


def test_quick_create(http, http_api, function):
    """Does a target give a route for everything, an integration of format 2.0 and a stage that deploys by itself?"""
    one = http_api(Target=function())
    assert [route["RouteKey"] for route in http.get_routes(ApiId=one.id)["Items"]] == ["$default"]
    made = http.get_integrations(ApiId=one.id)["Items"][0]
    assert (made["IntegrationType"], made["PayloadFormatVersion"]) == ("AWS_PROXY", "2.0")
    stage = http.get_stages(ApiId=one.id)["Items"][0]
    assert (stage["StageName"], stage["AutoDeploy"]) == ("$default", True)
    assert one.get("/any/path", method="PATCH").json()["rawPath"] == "/any/path"


def test_missing_api(refused, http):
    """Is an API that is not there refused, also when it is deleted?"""
    for call in (http.get_api, http.delete_api, http.get_routes, http.get_stages, http.get_deployments):
        refused(call, "NotFoundException", "Invalid API identifier specified", status=404, ApiId="nothing")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"RouteKey": "/pets"}, "route key is not formatted properly"),
        ({"RouteKey": "FETCH /pets"}, "route key is not formatted properly"),
        ({"RouteKey": "GET pets"}, "route key is not formatted properly"),
        ({"RouteKey": "GET /{proxy+}/more"}, "route key is not formatted properly"),
        ({"Target": "integrations/none"}, "Invalid route target"),
        ({"AuthorizationType": "COGNITO"}, "Invalid authorization type"),
        ({"AuthorizationType": "JWT"}, "requires a valid JWT authorizer"),
        ({"AuthorizationType": "CUSTOM", "AuthorizerId": "none"}, "requires a valid"),
        ({"AuthorizationScopes": ["read"]}, "scopes"),
        ({"ApiKeyRequired": True}, "ApiKeyRequired"),
    ],
)
def test_impossible_route(refused, http, http_api, more, words):
    """Is a route refused whose key, target or authorization is none?"""
    refused(http.create_route, BAD, words, **{"ApiId": http_api().id, "RouteKey": "GET /pets", **more})


def test_routes_and_integrations_hold_together(refused, http, http_api, function):
    """Is a route once, changed by its own operation, and its integration kept?"""
    one = http_api()
    route = one.route("GET /pets", function())
    refused(http.create_route, "ConflictException", "GET /pets", status=409, ApiId=one.id, RouteKey="GET /pets")
    wanted = http.get_route(ApiId=one.id, RouteId=route)["Target"].partition("/")[2]
    refused(http.delete_integration, "ConflictException", "referenced", status=409, ApiId=one.id, IntegrationId=wanted)
    refused(http.update_route, BAD, "formatted", ApiId=one.id, RouteId=route, RouteKey="pets")
    assert http.update_route(ApiId=one.id, RouteId=route, RouteKey="GET /cats")["RouteKey"] == "GET /cats"
    http.delete_route(ApiId=one.id, RouteId=route)
    http.delete_integration(ApiId=one.id, IntegrationId=wanted)
    refused(http.get_route, "NotFoundException", "Route", status=404, ApiId=one.id, RouteId=route)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"IntegrationType": "LAMBDA"}, "LAMBDA"),
        ({"IntegrationType": "MOCK"}, "not supported for HTTP APIs"),
        ({"IntegrationUri": "f"}, "Invalid function ARN"),
        ({"PayloadFormatVersion": "3.0"}, "PayloadFormatVersion"),
        ({"TimeoutInMillis": 30001}, "Timeout should be between 50 ms and 30000 ms"),
        (
            {"IntegrationType": "HTTP_PROXY", "IntegrationUri": "https://example.com", "PayloadFormatVersion": "1.0"},
            "HttpMethod",
        ),
        (
            {"IntegrationType": "HTTP_PROXY", "IntegrationUri": "https://example.com", "IntegrationMethod": "ANY",
             "PayloadFormatVersion": "2.0"},
            "PayloadFormatVersion",
        ),
        ({"IntegrationSubtype": "SQS-SendMessage", "PayloadFormatVersion": "1.0"}, "CredentialsArn"),
    ],
)  # fmt: skip
def test_impossible_integration(refused, http, http_api, more, words):
    """Is an integration refused that an HTTP API cannot have?"""
    given = {"IntegrationType": "AWS_PROXY", "IntegrationUri": ARN, "PayloadFormatVersion": "2.0"}
    refused(http.create_integration, BAD, words, ApiId=http_api().id, **{**given, **more})
    assert http.create_integration(ApiId=http_api().id, **{**given, "IntegrationUri": invocations(ARN)})


REQUEST = {
    "Name": "auth",
    "AuthorizerType": "REQUEST",
    "AuthorizerUri": invocations(ARN),
    "AuthorizerPayloadFormatVersion": "2.0",
    "IdentitySource": ["$request.header.token"],
}
JWT = {
    "AuthorizerType": "JWT",
    "JwtConfiguration": {"Issuer": "https://id.example.com", "Audience": ["shop"]},
    "IdentitySource": ["$request.header.Authorization"],
}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"Name": ""}, "blank"),
        ({"AuthorizerType": "TOKEN"}, "TOKEN"),
        ({"AuthorizerUri": ARN}, "Invalid Authorizer URI"),
        ({"AuthorizerPayloadFormatVersion": None}, "AuthorizerPayloadFormatVersion is a required parameter"),
        ({"AuthorizerPayloadFormatVersion": "3.0"}, "3.0"),
        ({"AuthorizerPayloadFormatVersion": "1.0", "EnableSimpleResponses": True}, "EnableSimpleResponses"),
        ({"AuthorizerResultTtlInSeconds": 3601}, "3600"),
        ({"AuthorizerResultTtlInSeconds": 60, "IdentitySource": []}, "Identity source"),
        ({"IdentitySource": ["method.request.header.token"]}, "Invalid identity source"),
        ({**JWT, "JwtConfiguration": {"Audience": ["shop"]}}, "issuer"),
        ({**JWT, "JwtConfiguration": {"Issuer": "https://id.example.com"}}, "Audience"),
    ],
)
def test_impossible_authorizer(refused, http, http_api, more, words):
    """Is an authorizer refused that cannot work?"""
    given = {key: one for key, one in {**REQUEST, **more}.items() if one is not None}
    refused(http.create_authorizer, BAD, words, ApiId=http_api().id, **given)


def test_authorizers_are_listed(refused, http, http_api):
    """Are authorizers kept, listed, named once, and kept while a route asks them?"""
    one = http_api()
    made = http.create_authorizer(ApiId=one.id, **{"Name": "jwt", **JWT})["AuthorizerId"]
    http.create_authorizer(ApiId=one.id, **REQUEST)
    assert [each["Name"] for each in http.get_authorizers(ApiId=one.id)["Items"]] == ["jwt", "auth"]
    refused(http.create_authorizer, BAD, "must be unique", ApiId=one.id, **REQUEST)
    http.create_route(ApiId=one.id, RouteKey="GET /", AuthorizationType="JWT", AuthorizerId=made)
    refused(http.delete_authorizer, "ConflictException", "referenced", status=409, ApiId=one.id, AuthorizerId=made)


def test_stages_and_deployments(refused, http, http_api, function):
    """Does a stage without automatic deployment show what was deployed to it?"""
    one = http_api()
    stage = {"ApiId": one.id, "StageName": "dev"}
    http.create_stage(**stage)
    refused(http.create_deployment, BAD, "At least one route is required before deploying the Api.", **stage)
    one.route("GET /pets", function())
    assert one.get("/dev/pets").status == 404
    made = http.create_deployment(**stage)["DeploymentId"]
    assert http.get_stage(**stage)["DeploymentId"] == made
    one.route("GET /cats", function(name="g"))
    assert [one.get(path).status for path in ("/dev/pets", "/dev/cats", "/cats")] == [200, 404, 200]
    http.update_stage(AutoDeploy=True, **stage)
    assert one.get("/dev/cats").status == 200
    refused(http.create_deployment, BAD, "AutoDeploy", **stage)
    refused(http.delete_deployment, BAD, "Active stages", ApiId=one.id, DeploymentId=made)
    refused(http.create_stage, "ConflictException", "already exists", status=409, **stage)
    refused(http.create_stage, BAD, "Stage name only allows", ApiId=one.id, StageName="a.b")
    refused(http.update_stage, "NotFoundException", "Stage", status=404, ApiId=one.id, StageName="none")


@pytest.mark.parametrize(
    ("method", "path", "key", "parameters"),
    [
        ("GET", "/pets/dog/1", "GET /pets/dog/1", None),
        ("GET", "/pets/dog/2", "GET /pets/dog/{id}", {"id": "2"}),
        ("GET", "/pets/cat/1", "GET /pets/{proxy+}", {"proxy": "cat/1"}),
        ("POST", "/test/5", "ANY /{proxy+}", {"proxy": "test/5"}),
        ("GET", "/", "$default", None),
    ],
)
def test_route_selection(http_api, function, method, path, key, parameters):
    """Which route does AWS's own example choose?"""
    one, arn = http_api(), function()
    for route in ("GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default"):
        one.route(route, arn)
    event = one.get(path, method).json()
    assert (event["routeKey"], event.get("pathParameters")) == (key, parameters)


def test_event_of_format_2(http, http_api, function):
    """Does format 2.0 have lower-case headers, joined values, cookies, and the stage in the path?"""
    one = http_api()
    one.route("POST /pets/{id}", function())
    http.create_stage(ApiId=one.id, StageName="dev", AutoDeploy=True, StageVariables={"a": "1"})
    headers = {"X-Own": "x", "Cookie": "a=1; b=2", "Content-Type": "application/x-www-form-urlencoded"}
    event = one.get("/dev/pets/7?q=1&q=2&r=", "POST", headers, "name=Kim").json()
    assert (event["version"], event["rawPath"], event["rawQueryString"]) == ("2.0", "/dev/pets/7", "q=1&q=2&r=")
    assert event["queryStringParameters"] == {"q": "1,2", "r": ""} and event["cookies"] == ["a=1", "b=2"]
    assert event["headers"]["x-own"] == "x" and "cookie" not in event["headers"]
    assert event["pathParameters"] == {"id": "7"} and event["stageVariables"] == {"a": "1"}
    # What a form sends arrives in base64.
    assert event["isBase64Encoded"] and base64.b64decode(event["body"]) == b"name=Kim"
    assert event["requestContext"]["http"]["method"] == "POST" and event["requestContext"]["stage"] == "dev"


def test_event_of_format_1(http_api, function):
    """Does format 1.0 look like a REST API's, and say its version?"""
    one = http_api()
    one.route("GET /pets", function(), version="1.0")
    event = one.get("/pets?q=1&q=2").json()
    assert event["version"] == "1.0" and event["multiValueQueryStringParameters"] == {"q": ["1", "2"]}
    assert event["requestContext"]["resourcePath"] == "/pets" and event["httpMethod"] == "GET"


@pytest.mark.parametrize(
    ("version", "code", "status", "text"),
    [
        ("2.0", "return 'hello'", 200, "hello"),
        ("2.0", "return {'a': 1}", 200, '{"a": 1}'),
        ("2.0", "return {'statusCode': 201, 'body': 'made'}", 201, "made"),
        ("2.0", "return {'statusCode': 200, 'body': {'a': 1}}", 500, '{"message":"Internal Server Error"}'),
        ("2.0", "raise ValueError('secret')", 500, '{"message":"Internal Server Error"}'),
        ("1.0", "return 'hello'", 500, '{"message":"Internal Server Error"}'),
        ("1.0", "return {'statusCode': 200, 'body': 'x'}", 200, "x"),
    ],
)
def test_answers(http_api, function, version, code, status, text):
    """What does a client get of each kind of answer in each format?"""
    one = http_api()
    one.route("GET /", function(f"def handler(event, context):\n    {code}\n"), version=version)
    response = one.get()
    assert (response.status, response.text) == (status, text)


def test_cookies_of_an_answer(http_api, function):
    """Do the answer's cookies become headers?"""
    one = http_api()
    one.route("GET /", function("def handler(e, c):\n    return {'statusCode': 200, 'cookies': ['a=1', 'b=2']}\n"))
    assert one.get().headers.all("set-cookie") == ["a=1", "b=2"]


def test_who_gets_in(http_api, function, open_to, http):
    """Is it 404 without a route or a stage, 500 without permission, and closed when the endpoint is disabled?"""
    one = http_api()
    assert (one.get("/none").status, one.get("/none").json()) == (404, {"message": "Not Found"})
    one.route("GET /pets/{id}", function(permitted=False))
    assert (one.get("/pets/1").status, one.get("/pets/1").json()) == (500, {"message": "Internal Server Error"})
    open_to(source=f"arn:aws:execute-api:us-east-1:123456789012:{one.id}/*/*/pets/{{id}}")
    assert one.get("/pets/1").status == 200
    http.update_api(ApiId=one.id, DisableExecuteApiEndpoint=True)
    assert one.get("/pets/1").status == 404


def test_slow_function(http, http_api, function):
    """Is 503 what a client gets of a function that takes longer than the integration waits?"""
    one = http_api()
    arn = function("import time\ndef handler(e, c):\n    time.sleep(1.5)\n", Timeout=10)
    made = one.integration(arn, TimeoutInMillis=50)
    http.create_route(ApiId=one.id, RouteKey="GET /", Target=f"integrations/{made}")
    assert (one.get().status, one.get().json()) == (503, {"message": "Service Unavailable"})


def test_cors(http_api, function):
    """Does API Gateway answer preflights itself, and replace the function's own headers?"""
    cors = {"AllowOrigins": ["https://shop.example"], "AllowMethods": ["GET"], "AllowHeaders": ["x-own"], "MaxAge": 60}
    one = http_api(CorsConfiguration=cors)
    answer = "{'statusCode': 200, 'headers': {'Access-Control-Allow-Origin': 'https://evil.example'}}"
    one.route("GET /", function(f"def handler(e, c):\n    return {answer}\n"))
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "GET"}
    preflight = one.get("/anything", "OPTIONS", asked)
    assert (preflight.status, preflight.headers["access-control-allow-methods"]) == (204, "GET")
    assert preflight.headers["access-control-max-age"] == "60"
    response = one.get("/", headers={"Origin": "https://shop.example"})
    assert response.headers["access-control-allow-origin"] == "https://shop.example"
    assert (
        "access-control-allow-origin"
        not in one.get("/", "OPTIONS", {**asked, "Origin": "https://evil.example"}).headers
    )


SIMPLE = """
def handler(event, context):
    token = event["headers"].get("token")
    if token == "nobody":
        raise Exception("Unauthorized")
    if token == "broken":
        return {"authorized": True}
    return {"isAuthorized": token == "ana", "context": {"roles": ["a", "b"]}}
"""


def guarded(http, one, function, code=SIMPLE, **more):
    uri = invocations(function(code, name="auth"))
    given = {**REQUEST, "AuthorizerUri": uri, "EnableSimpleResponses": True, **more}
    made = http.create_authorizer(ApiId=one.id, **given)["AuthorizerId"]
    for key in ("GET /pets", "GET /cats"):
        one.route(key, function() if key == "GET /pets" else ARN, AuthorizationType="CUSTOM", AuthorizerId=made)


@pytest.mark.parametrize(
    ("token", "status", "message"),
    [
        (None, 401, "Unauthorized"),
        ("nobody", 401, "Unauthorized"),
        ("bob", 403, "Forbidden"),
        ("broken", 500, "Internal Server Error"),
        ("ana", 200, None),
    ],
)
def test_simple_responses(http, http_api, function, token, status, message):
    """Which status does a client get for each answer of an authorizer with simple responses?"""
    one = http_api()
    guarded(http, one, function)
    response = one.get("/pets", headers={"token": token} if token else None)
    assert response.status == status
    if message:
        assert response.json() == {"message": message}
    else:
        assert response.json()["requestContext"]["authorizer"] == {"lambda": {"roles": ["a", "b"]}}


def test_policy_is_cached_by_the_token(http, http_api, function):
    """Does a cached policy for one route deny the next, with a TTL, and not without?"""
    code = (
        "def handler(event, context):\n"
        "    s = {'Action': 'execute-api:Invoke', 'Effect': 'Allow', 'Resource': event['routeArn']}\n"
        "    return {'principalId': 'ana', 'policyDocument': {'Version': '2012-10-17', 'Statement': [s]}}\n"
    )
    one = http_api()
    guarded(http, one, function, code, EnableSimpleResponses=False)
    token = {"token": "ana"}
    assert [one.get(path, headers=token).status for path in ("/pets", "/cats")] == [200, 200]
    made = http.get_authorizers(ApiId=one.id)["Items"][0]["AuthorizerId"]
    http.update_authorizer(ApiId=one.id, AuthorizerId=made, AuthorizerResultTtlInSeconds=300)
    assert [one.get(path, headers=token).status for path in ("/pets", "/cats")] == [200, 403]
    http.reset_authorizers_cache(ApiId=one.id, StageName="$default")
    assert one.get("/cats", headers=token).status == 200


def token(**claims):
    parts = [base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in ({}, claims)]
    return {"Authorization": f"Bearer {'.'.join(parts)}.signature"}


def test_tokens(http, http_api, function):
    """Are wrong claims 401, missing scopes 403, and does the account say that it cannot check a signature?"""
    one = http_api()
    made = http.create_authorizer(ApiId=one.id, **{"Name": "jwt", **JWT})["AuthorizerId"]
    one.route("GET /", function(), AuthorizationType="JWT", AuthorizerId=made, AuthorizationScopes=["read"])
    right = {"iss": "https://id.example.com", "aud": "shop", "exp": 4102444800, "scope": "read write"}
    assert one.get().status == one.get(headers={"Authorization": "x"}).status == 401
    for wrong in ({"iss": "https://other"}, {"aud": "app"}, {"exp": 1}):
        assert one.get(headers=token(**{**right, **wrong})).json() == {"message": "Unauthorized"}
    assert one.get(headers=token(**{**right, "scope": "write"})).status == 403
    with pytest.raises(lab.transport.NotOffline, match="signature"):
        one.get(headers=token(**right))


def test_throttled_route(http, http_api, function):
    """Is a route's own limit kept?"""
    one = http_api()
    one.route("GET /", function())
    limits = {"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 1}
    http.update_stage(ApiId=one.id, StageName="$default", RouteSettings={"GET /": limits})
    with lab.context(time="2026-11-28T12:00:00Z"):
        assert [one.get().status for _ in range(2)] == [200, 429]


def test_http_proxy_stays_in_the_account(http, http_api, function):
    """Does an address of the account answer behind HTTP_PROXY, and no other?"""
    behind, front = http_api(Target=function()), http_api()
    for key, uri in (("GET /in/{id}", f"{behind.endpoint}/x/{{id}}"), ("GET /out", "https://example.com")):
        made = http.create_integration(
            ApiId=front.id,
            IntegrationType="HTTP_PROXY",
            IntegrationUri=uri,
            IntegrationMethod="ANY",
            PayloadFormatVersion="1.0",
        )
        target = f"integrations/{made['IntegrationId']}"
        http.create_route(ApiId=front.id, RouteKey=key, Target=target)
    assert front.get("/in/7").json()["rawPath"] == "/x/7"
    with pytest.raises(lab.transport.NotOffline, match="example.com"):
        front.get("/out")
