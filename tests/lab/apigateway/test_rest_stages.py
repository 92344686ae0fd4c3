"""Deployments and stages: what AWS refuses, and what a stage shows."""

import json

import boto3
import pytest

BAD = "BadRequestException"


def test_nothing_to_deploy(refused, rest, api):
    """Does a deployment need a method, and every method an integration?"""
    one = api()
    refused(rest.create_deployment, BAD, "The REST API doesn't contain any methods", restApiId=one.id)
    one.method("/pets")
    place = {"restApiId": one.id, "resourceId": one.root, "httpMethod": "GET"}
    rest.put_method(authorizationType="NONE", **place)
    refused(rest.create_deployment, BAD, "No integration defined for method", restApiId=one.id)
    rest.put_integration(type="MOCK", **place)
    assert one.deploy()


def test_private_api_needs_a_policy(refused, rest, api):
    """Is a private API deployed only with a resource policy?"""
    one = api(endpointConfiguration={"types": ["PRIVATE"]})
    one.method()
    refused(rest.create_deployment, BAD, "Private REST API doesn't have a resource policy", restApiId=one.id)
    allow = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    change = [{"op": "replace", "path": "/policy", "value": policy}]
    rest.update_rest_api(restApiId=one.id, patchOperations=change)
    assert one.deploy()


def test_impossible_stage(refused, rest, api):
    """Is a stage refused with a name that is none or taken, or with a deployment that is not there?"""
    one = api()
    one.method()
    made = {"restApiId": one.id, "deploymentId": one.deploy()}
    refused(rest.create_stage, "ConflictException", "Stage already exists", status=409, stageName="prod", **made)
    refused(rest.create_stage, BAD, "Stage name only allows a-zA-Z0-9_-", stageName="a.b", **made)
    refused(rest.create_deployment, BAD, "Stage name only", restApiId=one.id, stageName="a b")
    refused(
        rest.create_stage, BAD, "Deployment id does not exist", stageName="x", restApiId=one.id, deploymentId="none"
    )
    refused(rest.create_stage, BAD, "Stage variable", stageName="x", variables={"a-b": "c"}, **made)
    refused(rest.create_stage, BAD, "Stage variable", stageName="x", variables={"a": "c d"}, **made)
    refused(
        rest.get_stage, "NotFoundException", "Invalid Stage identifier", status=404, restApiId=one.id, stageName="x"
    )
    assert rest.create_stage(stageName="x", variables={"a": "c"}, **made)["deploymentId"] == made["deploymentId"]


def test_deploying_again_keeps_the_stage(rest, api):
    """Does a stage keep its settings when another deployment comes to it?"""
    one = api()
    one.method()
    first = one.deploy(variables={"a": "1"})
    change = [{"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "5"}]
    rest.update_stage(restApiId=one.id, stageName="prod", patchOperations=change)
    second = one.deploy(variables={"b": "2"})
    stage = rest.get_stage(restApiId=one.id, stageName="prod")
    assert stage["deploymentId"] == second != first
    assert stage["variables"] == {"a": "1", "b": "2"}
    assert stage["methodSettings"]["*/*"]["throttlingRateLimit"] == 5


def test_deployment_in_use(refused, rest, api):
    """Is a deployment kept while a stage shows it?"""
    one = api()
    one.method()
    first = one.deploy()
    gone = {"restApiId": one.id, "deploymentId": first}
    refused(rest.delete_deployment, BAD, "Active stages pointing to this deployment", **gone)
    one.deploy()
    rest.delete_deployment(**gone)
    refused(rest.get_deployment, "NotFoundException", "Deployment", status=404, **gone)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"op": "replace", "path": "/deploymentId", "value": "none"}, "Deployment id does not exist"),
        ({"op": "replace", "path": "/nothing", "value": "x"}, "Invalid patch path"),
        ({"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "fast"}, "fast"),
        ({"op": "replace", "path": "/*/*/logging/loglevel", "value": "DEBUG"}, "DEBUG"),
        ({"op": "replace", "path": "/variables/a", "value": "b c"}, "Stage variable"),
    ],
)
def test_impossible_stage_change(refused, rest, api, change, words):
    """Is a change of a stage refused that is none, whatever stands before it?"""
    one = api()
    one.method()
    one.deploy()
    changes = [{"op": "replace", "path": "/description", "value": "new"}, change]
    refused(rest.update_stage, BAD, words, restApiId=one.id, stageName="prod", patchOperations=changes)


def test_settings_of_one_method(rest, api):
    """Is a method named by its path with ~1 for the slash, and are settings taken away again?"""
    one = api()
    one.method("/pets/{id}")
    one.deploy()
    stage = {"restApiId": one.id, "stageName": "prod"}
    change = [{"op": "replace", "path": "/~1pets~1{id}/GET/throttling/burstLimit", "value": "2"}]
    seen = rest.update_stage(patchOperations=change, **stage)
    assert seen["methodSettings"]["pets/{id}/GET"]["throttlingBurstLimit"] == 2
    change = [{"op": "remove", "path": "/~1pets~1{id}/GET"}]
    assert rest.update_stage(patchOperations=change, **stage)["methodSettings"] == {}


def trusting(service):
    """A role that this service can assume."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    made = boto3.client("iam").create_role(RoleName=service.partition(".")[0], AssumeRolePolicyDocument=policy)
    return made["Role"]["Arn"]


def test_logs_need_the_accounts_role(refused, rest, api):
    """Is logging refused until the account names a role that API Gateway can assume, and written then?"""
    one = api()
    one.method(integration={"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}})
    one.deploy()
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="access")
    arn = "arn:aws:logs:us-east-1:123456789012:log-group:access"
    changes = [
        {"op": "replace", "path": "/accessLogSettings/destinationArn", "value": arn},
        {
            "op": "replace",
            "path": "/accessLogSettings/format",
            "value": "$context.httpMethod $context.path $context.status",
        },
        {"op": "replace", "path": "/*/*/logging/loglevel", "value": "INFO"},
    ]
    stage = {"restApiId": one.id, "stageName": "prod", "patchOperations": changes}
    refused(rest.update_stage, BAD, "CloudWatch Logs role ARN must be set in account settings", **stage)
    role = [{"op": "replace", "path": "/cloudwatchRoleArn", "value": trusting("lambda.amazonaws.com")}]
    refused(rest.update_account, BAD, "role ARN does not have required permissions", patchOperations=role)
    role[0]["value"] = trusting("apigateway.amazonaws.com")
    rest.update_account(patchOperations=role)
    rest.update_stage(**stage)
    one.get("/")
    one.get("/none")
    events = logs.filter_log_events(logGroupName="access")["events"]
    assert [event["message"] for event in events] == ["GET /prod/ 500", "GET /prod/none 403"]


def test_tags(refused, rest, api):
    """Are APIs and stages tagged by their ARN?"""
    one = api(tags={"a": "1"})
    one.method()
    one.deploy()
    arn = f"arn:aws:apigateway:us-east-1::/restapis/{one.id}"
    rest.tag_resource(resourceArn=arn, tags={"b": "2"})
    rest.untag_resource(resourceArn=arn, tagKeys=["a"])
    rest.tag_resource(resourceArn=f"{arn}/stages/prod", tags={"c": "3"})
    assert rest.get_tags(resourceArn=arn)["tags"] == {"b": "2"}
    assert rest.get_tags(resourceArn=f"{arn}/stages/prod")["tags"] == {"c": "3"}
    refused(rest.get_tags, "NotFoundException", status=404, resourceArn=f"{arn}x")
