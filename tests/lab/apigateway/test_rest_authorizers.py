"""Authorizers, API keys and usage plans: what AWS refuses of their configuration."""

import pytest
from api_builders import invocations

BAD = "BadRequestException"
URI = invocations("arn:aws:lambda:us-east-1:123456789012:function:auth")
TOKEN = {
    "name": "auth",
    "type": "TOKEN",
    "authorizerUri": URI,
    "identitySource": "method.request.header.Authorization",
}


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"name": ""}, BAD, "blank"),
        ({"type": "JWT"}, "ValidationException", "'JWT'"),
        ({"authorizerUri": "arn:aws:lambda:us-east-1:123456789012:function:auth"}, BAD, "Invalid Authorizer URI"),
        ({"authorizerResultTtlInSeconds": 3601}, BAD, "between 0 and 3600"),
        ({"authorizerResultTtlInSeconds": -1}, BAD, "between 0 and 3600"),
        ({"identitySource": None}, BAD, "Identity source"),
        ({"identitySource": "method.request.querystring.token"}, BAD, "Invalid identity source"),
        ({"identitySource": "Authorization"}, BAD, "Invalid identity source"),
        ({"type": "REQUEST", "identitySource": None}, BAD, "when caching is enabled"),
        ({"type": "COGNITO_USER_POOLS"}, BAD, "user pool"),
        ({"type": "COGNITO_USER_POOLS", "providerARNs": ["pool"]}, BAD, "Invalid Cognito User Pool ARN"),
    ],
)
def test_impossible_authorizer(refused, rest, api, more, code, words):
    """Is an authorizer refused that cannot work?"""
    given = {key: one for key, one in {**TOKEN, **more}.items() if one is not None}
    refused(rest.create_authorizer, code, words, restApiId=api().id, **given)


def test_authorizer_is_kept(refused, rest, api):
    """Does an authorizer show its default TTL and its expression, and have a name of its own?"""
    one = {"restApiId": api().id}
    made = rest.create_authorizer(identityValidationExpression="Bearer .+", **TOKEN, **one)
    assert made["authorizerResultTtlInSeconds"] == 300
    assert rest.get_authorizer(authorizerId=made["id"], **one)["identityValidationExpression"] == "Bearer .+"
    refused(rest.create_authorizer, BAD, "Authorizer name must be unique", **TOKEN, **one)
    refused(rest.get_authorizer, "NotFoundException", "Authorizer", status=404, authorizerId="none", **one)
    named = {"authorizerId": made["id"], **one}
    change = [{"op": "replace", "path": "/authorizerResultTtlInSeconds", "value": "0"}]
    assert rest.update_authorizer(patchOperations=change, **named)["authorizerResultTtlInSeconds"] == 0
    wrong = [{"op": "replace", "path": "/authorizerResultTtlInSeconds", "value": "9999"}]
    refused(rest.update_authorizer, BAD, "3600", patchOperations=wrong, **named)
    no_cache = {"name": "request", "type": "REQUEST", "authorizerUri": URI, "authorizerResultTtlInSeconds": 0}
    assert rest.create_authorizer(**no_cache, **one)


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"apiStages": [{"apiId": "none", "stage": "prod"}]}, "NotFoundException", "Invalid API Stage"),
        ({"throttle": {"rateLimit": -1}}, BAD, "rateLimit"),
        ({"quota": {"limit": 0, "period": "DAY"}}, BAD, "limit"),
        ({"quota": {"limit": 5, "period": "YEAR"}}, BAD, "period"),
        ({"quota": {"limit": 5, "period": "WEEK", "offset": 7}}, BAD, "offset"),
    ],
)
def test_impossible_plan(refused, rest, more, code, words):
    """Is a usage plan refused for a stage, a rate or a quota that is none?"""
    refused(rest.create_usage_plan, code, words, status=404 if code != BAD else None, name="plan", **more)


def test_keys_of_a_plan(refused, rest, api):
    """Are keys put into a plan once, and does a plan let its stages go before it is deleted?"""
    one = api()
    one.method()
    one.deploy()
    stages = [{"apiId": one.id, "stage": "prod"}]
    plan = rest.create_usage_plan(name="plan", apiStages=stages, quota={"limit": 5, "period": "DAY"})["id"]
    key = rest.create_api_key(name="ana", enabled=True)["id"]
    named = {"usagePlanId": plan, "keyId": key, "keyType": "API_KEY"}
    refused(rest.create_usage_plan_key, BAD, "key type", **{**named, "keyType": "KEY"})
    refused(rest.create_usage_plan_key, "NotFoundException", "API Key", status=404, **{**named, "keyId": "none"})
    refused(
        rest.create_usage_plan_key, "NotFoundException", "Usage Plan", status=404, **{**named, "usagePlanId": "none"}
    )
    rest.create_usage_plan_key(**named)
    refused(rest.create_usage_plan_key, "ConflictException", "already exists", status=409, **named)
    refused(rest.delete_usage_plan, BAD, "API stages", usagePlanId=plan)
    change = [{"op": "replace", "path": "/quota/limit", "value": "7"}]
    assert rest.update_usage_plan(usagePlanId=plan, patchOperations=change)["quota"]["limit"] == 7
    wrong = [{"op": "add", "path": "/apiStages", "value": f"{one.id}:test"}]
    refused(rest.update_usage_plan, "NotFoundException", "test", status=404, usagePlanId=plan, patchOperations=wrong)
    change = [{"op": "remove", "path": "/apiStages", "value": f"{one.id}:prod"}]
    rest.update_usage_plan(usagePlanId=plan, patchOperations=change)
    rest.delete_usage_plan(usagePlanId=plan)
    refused(rest.get_api_key, "NotFoundException", "API Key", status=404, apiKey="none")
    refused(rest.create_api_key, BAD, "at least 20 characters", name="short", value="short")
