"""X-Ray: segments, traces, sampling rules, groups; moto has hardly any of it."""

import json
import time

import boto3
import pytest

from course import lab

TRACE = "1-58406520-a006649127e371903a2de97"


@pytest.fixture
def xray(_fresh):
    return boto3.client("xray")


@pytest.fixture
def put(xray):
    """Put a segment of the trace with this last digit."""

    def put(digit=0, **more):
        start = time.time() - 10
        segment = {"name": "shop", "id": f"70de5b6f19ff9a0{digit}", "trace_id": f"{TRACE}{digit}", "start_time": start}
        segment = {**segment, "end_time": start + 1, **more}
        segment = {name: one for name, one in segment.items() if one is not None}
        return xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(segment)])["UnprocessedTraceSegments"]

    return put


def search(xray, expression=None):
    more = {"FilterExpression": expression} if expression else {}
    found = xray.get_trace_summaries(StartTime=time.time() - 60, EndTime=time.time() + 5, **more)["TraceSummaries"]
    return sorted(one["Id"][-1] for one in found)


def test_bad_segments_are_given_back_one_by_one(xray, put):
    """Is a good document taken beside bad ones, and is it said what is wrong with those?"""
    documents = [
        "{",
        json.dumps({"id": "1"}),
        json.dumps({"id": "70de5b6f19ff9a0a", "name": "n", "trace_id": "x", "start_time": 1}),
    ]
    found = xray.put_trace_segments(TraceSegmentDocuments=documents)["UnprocessedTraceSegments"]
    assert [one["ErrorCode"] for one in found] == ["JSONFormatError", "MissingParam", "InvalidParam"]
    assert found[1]["Id"] == "1" and "Id" not in found[0]
    assert put() == [] and put(end_time=None)[0]["ErrorCode"] == "MissingParam"


def test_annotations_are_searched_and_metadata_are_not(xray, put):
    """Is an annotation found, the same key in metadata not, and is only the annotation in the summary?"""
    put(1, annotations={"plan": "gold"})
    put(2, metadata={"default": {"plan": "gold"}})
    assert search(xray) == ["1", "2"]
    assert search(xray, 'annotation.plan = "gold"') == ["1"]
    [summary] = xray.get_trace_summaries(
        StartTime=time.time() - 60, EndTime=time.time() + 5, FilterExpression="annotation.plan"
    )["TraceSummaries"]
    assert summary["Annotations"]["plan"][0]["AnnotationValue"] == {"StringValue": "gold"}


def test_faults_errors_and_times(xray, put):
    """Do keywords find traces by how they ended?"""
    put(1, fault=True, http={"request": {"url": "https://shop/pay"}, "response": {"status": 502}})
    put(2, error=True, throttle=True, http={"response": {"status": 429}})
    put(3)
    put(4, in_progress=True, end_time=None)
    assert search(xray, "fault") == ["1"] and search(xray, "error") == ["2"] == search(xray, "throttle")
    assert search(xray, 'http.status >= 500 AND http.url CONTAINS "pay"') == ["1"]
    assert search(xray, "partial") == ["4"] and search(xray, "ok AND responsetime >= 0.5") == ["3"]


def test_a_finished_segment_takes_the_place_of_the_one_in_progress(xray, put):
    """Is it one segment in the end, whichever comes last?"""
    put(1, in_progress=True, end_time=None)
    put(1)
    put(1, in_progress=True, end_time=None)
    [trace] = xray.batch_get_traces(TraceIds=[f"{TRACE}1"])["Traces"]
    assert [json.loads(one["Document"]).get("in_progress") for one in trace["Segments"]] == [None]
    assert search(xray, "partial") == []


def test_traces_by_id(xray, put, refused):
    """Are unknown ids named, and six at a time refused?"""
    put(1)
    found = xray.batch_get_traces(TraceIds=[f"{TRACE}1", f"{TRACE}9"])
    assert len(found["Traces"]) == 1 and found["UnprocessedTraceIds"] == [f"{TRACE}9"]
    refused(xray.batch_get_traces, "InvalidRequestException", "5", TraceIds=[f"{TRACE}{n}" for n in range(6)])


def test_impossible_searches(xray, refused):
    """Are expressions that are none, and times in the wrong order, refused?"""
    call = {"StartTime": 1, "EndTime": 2}
    for expression in ("fine", 'metadata.plan = "x"', "annotation.plan =", "fault AND"):
        refused(
            xray.get_trace_summaries,
            "InvalidRequestException",
            "filter expression",
            **call,
            FilterExpression=expression,
        )
    refused(xray.get_trace_summaries, "InvalidRequestException", "StartTime", StartTime=2, EndTime=1)


def test_the_service_graph(xray, put):
    """Who calls whom, and how often did it fail?"""
    put(1, id="a" * 16)
    put(1, id="b" * 16, parent_id="a" * 16, name="stock", fault=True)
    services = xray.get_service_graph(StartTime=time.time() - 60, EndTime=time.time() + 5)["Services"]
    by_name = {one["Name"]: one for one in services}
    assert by_name["shop"]["Root"] and by_name["shop"]["Edges"][0]["ReferenceId"] == by_name["stock"]["ReferenceId"]
    assert by_name["stock"]["SummaryStatistics"]["FaultStatistics"]["TotalCount"] == 1
    assert xray.get_trace_graph(TraceIds=[f"{TRACE}1"])["Services"][0]["SummaryStatistics"]["OkCount"] == 1


RULE = {
    "RuleName": "checkout",
    "ResourceARN": "*",
    "Priority": 10,
    "FixedRate": 0.1,
    "ReservoirSize": 1,
    "ServiceName": "*",
    "ServiceType": "*",
    "Host": "*",
    "HTTPMethod": "*",
    "URLPath": "/checkout",
    "Version": 1,
}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"Priority": 10_000}, "less than or equal to 9999"),
        ({"FixedRate": 1.5}, "less than or equal to 1"),
        ({"Version": 2}, "version"),
        ({"RuleName": "x" * 33}, "less than or equal to 32"),
        ({"RuleName": "Default"}, "already exists"),
        ({"HTTPMethod": "POSTPOSTPOST"}, "less than or equal to 10"),
    ],
)
def test_impossible_sampling_rules(xray, refused, more, words):
    """Are priorities, rates and names outside AWS's ranges refused?"""
    refused(xray.create_sampling_rule, "InvalidRequestException", words, SamplingRule={**RULE, **more})
    record = xray.create_sampling_rule(SamplingRule=RULE)["SamplingRuleRecord"]["SamplingRule"]
    assert record["RuleARN"] == "arn:aws:xray:us-east-1:123456789012:sampling-rule/checkout"
    refused(xray.create_sampling_rule, "InvalidRequestException", "already exists", SamplingRule=RULE)


def test_the_life_of_a_sampling_rule(xray, refused):
    """Are rules tried by priority, the default one last, which stays?"""
    names = lambda: [one["SamplingRule"]["RuleName"] for one in xray.get_sampling_rules()["SamplingRuleRecords"]]
    xray.create_sampling_rule(SamplingRule={**RULE, "RuleName": "late", "Priority": 900})
    xray.create_sampling_rule(SamplingRule=RULE)
    assert names() == ["checkout", "late", "Default"]
    xray.update_sampling_rule(SamplingRuleUpdate={"RuleName": "late", "Priority": 1, "FixedRate": 1.0})
    assert names() == ["late", "checkout", "Default"]
    update = {"SamplingRuleUpdate": {"RuleName": "late", "FixedRate": 2.0}}
    refused(xray.update_sampling_rule, "InvalidRequestException", "between 0 and 1", **update)
    update = {"SamplingRuleUpdate": {"RuleName": "Default", "Priority": 5}}
    refused(xray.update_sampling_rule, "InvalidRequestException", "Default", **update)
    xray.update_sampling_rule(SamplingRuleUpdate={"RuleName": "Default", "FixedRate": 0.2})
    refused(xray.delete_sampling_rule, "InvalidRequestException", "Default", RuleName="Default")
    refused(xray.delete_sampling_rule, "InvalidRequestException", "does not exist", RuleName="gone")
    xray.delete_sampling_rule(RuleName="late")
    assert names() == ["checkout", "Default"]


def test_25_sampling_rules(xray, refused):
    """Is the 26th refused?"""
    for number in range(25):
        xray.create_sampling_rule(SamplingRule={**RULE, "RuleName": f"r{number}", "Priority": number + 1})
    refused(xray.create_sampling_rule, "RuleLimitExceededException", SamplingRule=RULE)


def test_groups(xray, put, refused):
    """Does a group have a name of its own and an expression, and a graph of its traces?"""
    arn = xray.create_group(GroupName="slow", FilterExpression="responsetime > 5")["Group"]["GroupARN"]
    refused(xray.create_group, "InvalidRequestException", "already exists", GroupName="slow")
    refused(xray.create_group, "InvalidRequestException", "reserved", GroupName="Default")
    refused(xray.create_group, "InvalidRequestException", "filter expression", GroupName="x", FilterExpression="slow")
    refused(xray.get_group, "InvalidRequestException", "Group not found", GroupName="gone")
    put(1)
    times = {"StartTime": time.time() - 60, "EndTime": time.time() + 5, "GroupName": "slow"}
    assert xray.get_service_graph(**times)["Services"] == []
    xray.update_group(GroupARN=arn, FilterExpression="responsetime > 0.5")
    assert len(xray.get_service_graph(**times)["Services"]) == 1
    xray.delete_group(GroupName="slow")
    assert xray.get_groups()["Groups"] == []


def test_the_command_line_and_a_reset(xray):
    """Does the real aws command reach X-Ray, and an emptied account hold nothing?"""
    assert lab.aws("xray create-group --group-name g --filter-expression fault").exit_code == 0
    assert "(InvalidRequestException)" in lab.aws("xray create-group --group-name g").error
    lab.reset()
    assert xray.get_groups()["Groups"] == []
