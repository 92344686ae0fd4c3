"""Saved queries, lists of log groups, and the fields of a log group."""

import time

import pytest


def test_a_query_is_saved_replaced_and_deleted(logs, refused):
    """Is a saved query found by the beginning of its name, replaced wholly, and forgotten?"""
    first = logs.put_query_definition(name="errors/api", queryString="fields @message", logGroupNames=["g"])
    logs.put_query_definition(name="slow", queryString="stats count()")
    name = first["queryDefinitionId"]
    logs.put_query_definition(name="errors/all", queryString="limit 1", queryDefinitionId=name)
    [shown] = logs.describe_query_definitions(queryDefinitionNamePrefix="errors")["queryDefinitions"]
    assert (shown["queryDefinitionId"], shown["name"], shown["queryString"]) == (name, "errors/all", "limit 1")
    assert "logGroupNames" not in shown and shown["queryLanguage"] == "CWLI"
    assert logs.delete_query_definition(queryDefinitionId=name)["success"]
    refused(logs.delete_query_definition, "ResourceNotFoundException", name, queryDefinitionId=name)
    refused(
        logs.put_query_definition,
        "ResourceNotFoundException",
        "other",
        name="x",
        queryString="limit 1",
        queryDefinitionId="other",
    )
    assert [one["name"] for one in logs.describe_query_definitions()["queryDefinitions"]] == ["slow"]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["/app/a", "/aws/lambda/f", "other"]),
        ({"logGroupNamePattern": "^/aws"}, ["/aws/lambda/f"]),
        ({"logGroupNamePattern": "lambda|^/app"}, ["/app/a", "/aws/lambda/f"]),
        ({"logGroupClass": "INFREQUENT_ACCESS"}, ["other"]),
        ({"logGroupTags": [{"key": "team", "values": ["shop", "x"]}]}, ["/app/a"]),
        ({"logGroupTags": [{"key": "team"}]}, ["/app/a", "other"]),
    ],
)
def test_log_groups_are_listed(logs, asked, names):
    """Are log groups chosen by pattern, class and tags?"""
    logs.create_log_group(logGroupName="/aws/lambda/f")
    logs.create_log_group(logGroupName="/app/a", tags={"team": "shop"})
    logs.create_log_group(logGroupName="other", logGroupClass="INFREQUENT_ACCESS", tags={"team": "data"})
    assert [one["logGroupName"] for one in logs.list_log_groups(**asked)["logGroups"]] == names


def test_pages_of_log_groups(logs):
    """Does a short list go on with its token?"""
    for name in "abc":
        logs.create_log_group(logGroupName=name)
    first = logs.list_log_groups(limit=2)
    rest = logs.list_log_groups(limit=2, nextToken=first["nextToken"])
    assert [one["logGroupName"] for one in first["logGroups"] + rest["logGroups"]] == ["a", "b", "c"]
    assert "nextToken" not in rest


def test_fields_of_a_log_group(logs, refused):
    """Is each field shown with the share of the latest events that have it?"""
    now = int(time.time() * 1000)
    logs.create_log_group(logGroupName="g")
    logs.create_log_stream(logGroupName="g", logStreamName="s")
    events = [(now - 3_600_000, '{"old": 1}'), (now - 1000, '{"status": 200}'), (now, "plain")]
    logs.put_log_events(
        logGroupName="g", logStreamName="s", logEvents=[{"timestamp": at, "message": text} for at, text in events]
    )
    found = logs.get_log_group_fields(logGroupName="g")["logGroupFields"]
    shares = {one["name"]: one["percent"] for one in found}
    assert shares["@message"] == 100 and shares["status"] == 50 and "old" not in shares
    earlier = logs.get_log_group_fields(logGroupIdentifier="g", time=now // 1000 - 3600)["logGroupFields"]
    assert {one["name"]: one["percent"] for one in earlier}["old"] == 100
    refused(logs.get_log_group_fields, "ResourceNotFoundException", "does not exist", logGroupName="other")
