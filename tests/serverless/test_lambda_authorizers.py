"""What an authorizer's answer allows."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.serverless.api_events import ApiContext
from course.serverless.http_messages import Headers, HttpRequest
from course.serverless.lambda_authorizers import (
    decide,
    identity_values,
    method_arn,
    read_policy_answer,
    read_simple_answer,
)
from course.serverless.proxy_responses import Malformed

CONTEXT = ApiContext(
    "123456789012",
    "a1",
    "a1.example",
    "prod",
    "id",
    datetime(2026, 11, 28, tzinfo=UTC),
    stage_variables={"colour": "red"},
)
PETS = method_arn("us-east-1", "123456789012", "a1", "prod", "GET", "/pets/7")
START = "arn:aws:execute-api:us-east-1:123456789012:a1/prod"


def answer(*statements, **more):
    document = {"Version": "2012-10-17", "Statement": [{"Action": "execute-api:Invoke", **one} for one in statements]}
    return json.dumps({"principalId": "ana", "policyDocument": document, **more})


@pytest.mark.parametrize(
    ("effect", "resource", "outcome"),
    [
        ("Allow", PETS, "allow"),
        ("Allow", "*", "allow"),
        ("Allow", f"{START}/GET/*", "allow"),
        ("Allow", f"{START}/*/pets/*", "allow"),
        ("Allow", f"{START}/POST/*", "deny"),
        ("Allow", f"{START}/GET/pets", "deny"),
        ("Allow", PETS.replace("prod", "test"), "deny"),
        ("Deny", "*", "explicitDeny"),
        ("Deny", f"{START}/POST/*", "deny"),
    ],
)
def test_policy_on_the_method_arn(effect, resource, outcome):
    """Does the policy decide by the ARN of the method and the path as it was requested?"""
    assert PETS == f"{START}/GET/pets/7"
    assert decide(read_policy_answer(answer({"Effect": effect, "Resource": resource})), PETS) == outcome


def test_deny_wins_and_conditions_count():
    """Does a deny win over an allow, and a condition on the address count?"""
    allow = {"Effect": "Allow", "Resource": "*"}
    deny = {"Effect": "Deny", "Resource": PETS}
    assert decide(read_policy_answer(answer(allow, deny)), PETS) == "explicitDeny"
    near = {**allow, "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}
    found = read_policy_answer(answer(near))
    assert [decide(found, PETS, {"aws:SourceIp": ip}) for ip in ("203.0.113.9", "198.51.100.7")] == ["allow", "deny"]


@pytest.mark.parametrize(
    "payload",
    [
        "no JSON",
        "[]",
        "{}",
        json.dumps({"principalId": "ana"}),
        json.dumps({"policyDocument": {"Statement": []}}),
        answer({"Effect": "Permit", "Resource": "*"}),
        answer({"Effect": "Allow"}),
        answer({"Effect": "Allow", "Resource": "*"}, context={"roles": ["a"]}),
        answer({"Effect": "Allow", "Resource": "*"}, context="gold"),
    ],
)
def test_malformed_answers(payload):
    """Is an answer that API Gateway would not take refused?"""
    with pytest.raises(Malformed):
        read_policy_answer(payload)


@pytest.mark.parametrize(("given", "outcome"), [(True, "allow"), (False, "deny")])
def test_simple_answers(given, outcome):
    """Is yes yes and no no, with a context of any form?"""
    found = read_simple_answer(json.dumps({"isAuthorized": given, "context": {"a": {"b": [1]}}}))
    assert decide(found, PETS) == outcome and found.context == {"a": {"b": [1]}}


@given(st.one_of(st.none(), st.integers(), st.text(), st.lists(st.booleans()), st.just("true")))
def test_only_true_is_simple(given):
    """Is nothing but a Boolean a simple answer?"""
    with pytest.raises(Malformed):
        read_simple_answer(json.dumps({"isAuthorized": given}))


@pytest.mark.parametrize(
    ("sources", "values"),
    [
        (["method.request.header.Token"], ["t"]),
        (["$request.header.TOKEN"], ["t"]),
        (["method.request.querystring.user"], ["ana"]),
        (["$request.querystring.user", "$context.stage"], ["ana", "prod"]),
        (["stageVariables.colour", "context.identity.sourceIp"], ["red", "198.51.100.7"]),
        (["method.request.header.Token", "method.request.header.Other"], None),
        (["method.request.querystring.empty"], None),
        ([], []),
    ],
)
def test_identity_sources(sources, values):
    """Where does an authorizer find who asks, and is one that is missing or empty nobody?"""
    request = HttpRequest("GET", "/", "user=ana&empty=", Headers({"token": "t"}))
    assert identity_values(sources, request, CONTEXT) == values
