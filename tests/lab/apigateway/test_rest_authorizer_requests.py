"""Lambda authorizers of REST APIs at work: 401, 403, 500, and the cached policy."""

import json

import pytest
from api_builders import ECHO, invocations

from course import lab

AUTHORIZER = """
def handler(event, context):
    token = event.get("authorizationToken") or (event.get("headers") or {}).get("token", "")
    if token == "nobody":
        raise Exception("Unauthorized")
    if token == "broken":
        raise Exception("out of order")
    if token == "malformed":
        return {"principalId": "ana", "policyDocument": {"Statement": "none"}}
    if token == "anonymous":
        return {"policyDocument": {}}
    effect = {"deny": "Deny"}.get(token, "Allow")
    resource = event["methodArn"] if token != "wide" else "*"
    if token == "elsewhere":
        resource = "arn:aws:execute-api:us-east-1:123456789012:other/*/*/*"
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return {
        "principalId": "ana",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"plan": "gold", "level": 3, "beta": True},
    }
"""


@pytest.fixture
def guarded(rest, api, function):
    """An API whose methods /pets and /cats ask an authorizer; keyword arguments go to create_authorizer."""

    def guarded(code=AUTHORIZER, permitted=True, **more):
        one = api()
        target = function(ECHO)
        arn = function(code, name="auth", permitted=permitted)
        given = {
            "name": "auth",
            "type": "TOKEN",
            "identitySource": "method.request.header.token",
            "authorizerUri": invocations(arn),
            **more,
        }
        one.authorizer = rest.create_authorizer(restApiId=one.id, **given)["id"]
        for path in ("/pets", "/cats"):
            one.method(path, "GET", target, authorizationType="CUSTOM", authorizerId=one.authorizer)
        one.deploy()
        return one

    return guarded


@pytest.mark.parametrize(
    ("token", "status", "body"),
    [
        (None, 401, {"message": "Unauthorized"}),
        ("nobody", 401, {"message": "Unauthorized"}),
        ("broken", 500, {"message": None}),
        ("malformed", 500, {"message": None}),
        ("anonymous", 500, {"message": None}),
        ("deny", 403, "User is not authorized to access this resource with an explicit deny"),
        ("elsewhere", 403, "User is not authorized to access this resource"),
        ("ana", 200, None),
        ("wide", 200, None),
    ],
)
def test_what_the_authorizer_says(guarded, token, status, body):
    """Which status does a client get for each kind of answer?"""
    response = guarded().get("/pets", headers={"token": token} if token else None)
    assert response.status == status, response
    if isinstance(body, str):
        assert response.json()["Message"].startswith(body)
    elif body:
        assert response.json() == body


def test_context_reaches_the_function(guarded):
    """Does the function see who the caller is, and the context as texts?"""
    authorizer = guarded().get("/pets", headers={"token": "ana"}).json()["requestContext"]["authorizer"]
    assert authorizer["principalId"] == "ana"
    assert (authorizer["plan"], authorizer["level"], authorizer["beta"]) == ("gold", "3", "true")


def test_cached_policy_denies_the_next_method(guarded):
    """Does a policy for one method, cached by the token, deny the next method until it has run out?"""
    one = guarded()
    token = {"token": "ana"}
    with lab.context(time="2026-11-28T12:00:00Z"):
        assert one.get("/pets", headers=token).status == 200
        assert one.get("/cats", headers=token).status == 403
        assert one.get("/cats", headers={"token": "bob"}).status == 200
    with lab.context(time="2026-11-28T12:04:59Z"):
        assert one.get("/cats", headers=token).status == 403
    with lab.context(time="2026-11-28T12:05:00Z"):
        assert one.get("/cats", headers=token).status == 200


def test_cache_can_be_emptied_or_turned_off(guarded, rest):
    """Is nothing remembered with a TTL of 0, and after a flush?"""
    one = guarded()
    assert one.get("/pets", headers={"token": "ana"}).status == 200
    assert one.get("/cats", headers={"token": "ana"}).status == 403
    rest.flush_stage_authorizers_cache(restApiId=one.id, stageName="prod")
    assert one.get("/cats", headers={"token": "ana"}).status == 200
    off = [{"op": "replace", "path": "/authorizerResultTtlInSeconds", "value": "0"}]
    rest.update_authorizer(restApiId=one.id, authorizerId=one.authorizer, patchOperations=off)
    one.deploy()
    assert [one.get(path, headers={"token": "ana"}).status for path in ("/pets", "/cats")] == [200, 200]


def test_authorizer_needs_permission(guarded, open_to):
    """Is 500 what a client gets when the authorizer's function does not let API Gateway in?"""
    one = guarded(permitted=False)
    assert one.get("/pets", headers={"token": "ana"}).status == 500
    source = f"arn:aws:execute-api:us-east-1:123456789012:{one.id}/authorizers/{one.authorizer}"
    open_to("auth", source=source)
    assert one.get("/pets", headers={"token": "ana"}).status == 200


def test_expression_refuses_a_token_unseen(guarded):
    """Is a token that does not match 401 before the function is asked?"""
    one = guarded(identityValidationExpression="[a-z]{3}")
    assert one.get("/pets", headers={"token": "broken"}).status == 401
    assert one.get("/pets", headers={"token": "ana"}).status == 200


def test_request_authorizer(guarded):
    """Does a REQUEST authorizer need all its identity sources, and see the request?"""
    code = (
        "import json\ndef handler(event, context):\n"
        "    seen = {'Action': 'execute-api:Invoke', 'Effect': 'Allow', 'Resource': event['methodArn']}\n"
        "    return {'principalId': event['queryStringParameters']['user'], 'policyDocument': {'Statement': [seen]},\n"
        "            'context': {'seen': json.dumps(sorted(event))}}\n"
    )
    source = "method.request.header.token, method.request.querystring.user"
    one = guarded(code, type="REQUEST", identitySource=source)
    assert one.get("/pets", headers={"token": "x"}).status == 401
    assert one.get("/pets?user=", headers={"token": "x"}).status == 401
    authorizer = one.get("/pets?user=ana", headers={"token": "x"}).json()["requestContext"]["authorizer"]
    assert authorizer["principalId"] == "ana"
    assert {"type", "methodArn", "headers", "requestContext", "pathParameters"} <= set(json.loads(authorizer["seen"]))


def test_key_from_the_authorizer(rest, guarded):
    """Can the authorizer give the API key, where the API says so?"""
    code = AUTHORIZER.replace('"context"', '"usageIdentifierKey": "k" * 20, "context"')
    one = guarded(code)
    change = [{"op": "replace", "path": "/apiKeySource", "value": "AUTHORIZER"}]
    rest.update_rest_api(restApiId=one.id, patchOperations=change)
    place = {"restApiId": one.id, "resourceId": one.resource("/pets"), "httpMethod": "GET"}
    needed = [{"op": "replace", "path": "/apiKeyRequired", "value": "true"}]
    rest.update_method(patchOperations=needed, **place)
    one.deploy()
    assert one.get("/pets", headers={"token": "ana"}).json() == {"message": "Forbidden"}
    key = rest.create_api_key(name="k", value="k" * 20, enabled=True)["id"]
    plan = rest.create_usage_plan(name="p", apiStages=[{"apiId": one.id, "stage": "prod"}])["id"]
    rest.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")
    assert one.get("/pets", headers={"token": "ana"}).status == 200


def test_authorizers_test_button(guarded, rest):
    """Does the authorizer's Test button show the policy, and 401 without a token?"""
    one = guarded()
    named = {"restApiId": one.id, "authorizerId": one.authorizer}
    seen = rest.test_invoke_authorizer(headers={"token": "wide"}, **named)
    assert seen["clientStatus"] == 0 and seen["principalId"] == "ana"
    assert json.loads(seen["policy"])["Statement"][0]["Resource"] == "*"
    assert rest.test_invoke_authorizer(headers={}, **named)["clientStatus"] == 401
    assert rest.test_invoke_authorizer(headers={"token": "malformed"}, **named)["clientStatus"] == 500


def test_user_pool_authorizer_says_what_is_missing(rest, api, function):
    """Is a missing token 401, and does the account say that it cannot check one?"""
    one = api()
    pool = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc"
    given = {"identitySource": "method.request.header.Authorization", "providerARNs": [pool]}
    made = rest.create_authorizer(restApiId=one.id, name="p", type="COGNITO_USER_POOLS", **given)["id"]
    one.method("/", "GET", function(), authorizationType="COGNITO_USER_POOLS", authorizerId=made)
    one.deploy()
    assert one.get().json() == {"message": "Unauthorized"}
    with pytest.raises(lab.transport.NotOffline, match="Cognito"):
        one.get(headers={"Authorization": "a.b.c"})
