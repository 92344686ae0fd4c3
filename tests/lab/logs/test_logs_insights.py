"""Logs Insights in the account: StartQuery, GetQueryResults and their company."""

import json
import time

import pytest


@pytest.fixture
def query(logs):
    """Three log events, and a function that runs a query and gives its rows."""
    at = int(time.time() * 1000) - 5000
    logs.create_log_group(logGroupName="/app")
    logs.create_log_stream(logGroupName="/app", logStreamName="s")
    events = [
        {"timestamp": at + n, "message": json.dumps({"level": "INFO" if n else "ERROR", "n": n})} for n in range(3)
    ]
    logs.put_log_events(logGroupName="/app", logStreamName="s", logEvents=events)

    def query(text, **more):
        call = {"logGroupName": "/app", "startTime": int(time.time()) - 600, "endTime": int(time.time()) + 60, **more}
        call = {name: one for name, one in call.items() if one is not None}
        started = logs.start_query(queryString=text, **call)["queryId"]
        answer = logs.get_query_results(queryId=started)
        assert answer["status"] == "Complete"
        return [{one["field"]: one["value"] for one in row} for row in answer["results"]], answer["statistics"]

    return query


def test_a_query_runs(query):
    """Are rows, and the numbers of scanned and matched events, there?"""
    rows, numbers = query("filter level = 'INFO' | stats count(*) as n, sum(n) as total by level")
    assert rows == [{"level": "INFO", "n": "2", "total": "3"}]
    assert (numbers["recordsScanned"], numbers["recordsMatched"]) == (3.0, 2.0)


def test_the_fields_of_the_account(query):
    """Do @log and @logStream say where an event lies?"""
    rows, _ = query("fields @logStream, @log, @message | limit 1")
    assert (rows[0]["@logStream"], rows[0]["@log"]) == ("s", "123456789012:/app")


def test_time_and_groups(logs, query):
    """Does the time range count, and can groups be named by ARN?"""
    assert query("fields n", startTime=1, endTime=2)[0] == []
    arn = logs.describe_log_groups()["logGroups"][0]["logGroupArn"]
    assert len(query("fields n", logGroupName=None, logGroupIdentifiers=[arn])[0]) == 3
    assert len(query("fields n", limit=2)[0]) == 2


def test_a_record_by_its_pointer(logs, query):
    """Does @ptr lead to the whole event?"""
    rows, _ = query("filter n = 2")
    found = logs.get_log_record(logRecordPointer=rows[0]["@ptr"])["logRecord"]
    assert found["level"] == "INFO" and json.loads(found["@message"])["n"] == 2


CALL = {"logGroupName": "/app", "startTime": 1, "endTime": 2, "queryString": "fields n"}


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"queryString": "fields n | count()"}, "MalformedQueryException", "mismatched input 'count'"),
        ({"queryString": "stats n by"}, "MalformedQueryException", ""),
        ({"logGroupName": "/gone"}, "ResourceNotFoundException", "Log group '/gone' does not exist for account ID"),
        ({"logGroupNames": ["/app"]}, "InvalidParameterException", "Exactly one"),
        ({"startTime": 3}, "InvalidParameterException", "end time"),
        ({"queryString": "x" * 10_001}, "InvalidParameterException", "10000"),
    ],
)
def test_impossible_queries(logs, query, refused, more, code, words):
    """Are wrong queries, unknown groups and times in the wrong order refused?"""
    refused(logs.start_query, code, words, **{**CALL, **more})
    logs.start_query(**CALL)


def test_queries_are_remembered(logs, query, refused):
    """Are they described, and are unknown and ended ones refused where AWS does?"""
    query("fields n")
    [shown] = logs.describe_queries(logGroupName="/app", status="Complete")["queries"]
    assert shown["queryString"] == "fields n"
    refused(logs.get_query_results, "ResourceNotFoundException", queryId="none")
    refused(logs.stop_query, "InvalidParameterException", "not running", queryId=shown["queryId"])
