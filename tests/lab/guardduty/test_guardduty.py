"""GuardDuty: one detector, sample findings, filters."""

import boto3
import pytest

from course.data import figures, value

BRUTE, TOR = "UnauthorizedAccess:EC2/SSHBruteForce", "UnauthorizedAccess:EC2/TorClient"


@pytest.fixture
def guardduty(_fresh):
    return boto3.client("guardduty")


@pytest.fixture
def detector(guardduty):
    return guardduty.create_detector(Enable=True)["DetectorId"]


def listed(guardduty, detector, **criterion):
    """The types of the findings that meet a criterion, the worst first."""
    order = {"AttributeName": "severity", "OrderBy": "DESC"}
    pages = guardduty.get_paginator("list_findings").paginate(
        DetectorId=detector,
        FindingCriteria={"Criterion": {name.replace("__", "."): one for name, one in criterion.items()}},
        SortCriteria=order,
    )
    found = []
    for ids in (page["FindingIds"] for page in pages if page["FindingIds"]):
        found += guardduty.get_findings(DetectorId=detector, FindingIds=ids, SortCriteria=order)["Findings"]
    return [one["Type"] for one in found]


def test_a_region_has_one_detector(refused, guardduty, detector):
    """Is a second one refused here, and not elsewhere?"""
    words = "The request is rejected because a detector already exists for the current account."
    refused(guardduty.create_detector, "BadRequestException", words, Enable=True)
    boto3.client("guardduty", region_name="eu-west-1").create_detector(Enable=True)
    guardduty.delete_detector(DetectorId=detector)
    refused(guardduty.delete_detector, "BadRequestException", "not owned", DetectorId=detector)
    guardduty.create_detector(Enable=True)


def test_sample_findings(refused, guardduty, detector):
    """Are findings of the named types made, marked as samples, and unknown types refused?"""
    guardduty.create_sample_findings(DetectorId=detector, FindingTypes=[BRUTE, TOR])
    assert listed(guardduty, detector) == [TOR, BRUTE]
    (one,) = guardduty.list_findings(DetectorId=detector, FindingCriteria={"Criterion": {"type": {"Eq": [TOR]}}})[
        "FindingIds"
    ]
    finding = guardduty.get_findings(DetectorId=detector, FindingIds=[one])["Findings"][0]
    assert finding["Title"].startswith("[SAMPLE]") and finding["Severity"] == 8.0
    assert finding["Resource"]["ResourceType"] == "Instance" and finding["Service"]["Archived"] is False
    for wrong in ("SSHBruteForce", "Attack:EC2/SSHBruteForce", "Recon:EC3/Portscan"):
        refused(guardduty.create_sample_findings, "BadRequestException", DetectorId=detector, FindingTypes=[wrong])
    refused(guardduty.create_sample_findings, "BadRequestException", DetectorId="0" * 32)


def test_all_samples_by_severity(guardduty, detector):
    """Are there findings of every severity, counted and chosen by number?"""
    guardduty.create_sample_findings(DetectorId=detector)
    counts = guardduty.get_findings_statistics(DetectorId=detector, FindingStatisticTypes=["COUNT_BY_SEVERITY"])
    counts = counts["FindingStatistics"]["CountBySeverity"]
    assert set(counts) == {"2.0", "5.0", "8.0", "9.0"}
    assert len(listed(guardduty, detector, severity={"Gte": 7, "Lt": 9})) == counts["8.0"]
    critical = listed(guardduty, detector, severity={"Gte": 9})
    assert len(critical) == counts["9.0"] and all(one.startswith("AttackSequence:") for one in critical)
    assert len(listed(guardduty, detector, severity={"Gte": 4, "Lt": 7})) == counts["5.0"]
    pages = guardduty.get_paginator("list_findings").paginate(DetectorId=detector, PaginationConfig={"PageSize": 20})
    assert sum(len(page["FindingIds"]) for page in pages) == sum(counts.values())


def test_types_that_aws_gives_no_default_severity(guardduty, detector):
    """Are samples made of types whose severity varies, and of those of Custom Detection Rules?"""
    types = ["Execution:Runtime/SuspiciousTool", "LateralMovement:EC2/RemoteServices", "Impact:SES/ResourceHijacking"]
    guardduty.create_sample_findings(DetectorId=detector, FindingTypes=types)
    assert sorted(listed(guardduty, detector)) == sorted(types)


def test_sample_severities_lie_within_their_levels():
    """Is the number of each level in the range that AWS gives the level, and each type in one level?"""
    begins = {level: one.value for level, one in figures("guardduty.severities").items()}
    levels = list(begins)
    for level, ends in zip(levels, [*(begins[one] for one in levels[1:]), 10], strict=True):
        assert begins[level] <= value(f"guardduty.sample_severities.{level}") < ends
    types = [kind for one in figures("guardduty.finding_types").values() for kind in one.value]
    assert len(types) == len(set(types))
    for kind in types:
        purpose, _, resource = kind.partition("/")[0].partition(":")
        assert purpose in value("guardduty.names.purposes") and resource in value("guardduty.names.resources")


def test_archiving(refused, guardduty, detector):
    """Are archived findings told from current ones, and can they come back?"""
    guardduty.create_sample_findings(DetectorId=detector, FindingTypes=[BRUTE, TOR])
    found = guardduty.list_findings(DetectorId=detector, FindingCriteria={"Criterion": {"type": {"Eq": [BRUTE]}}})
    guardduty.archive_findings(DetectorId=detector, FindingIds=found["FindingIds"])
    assert listed(guardduty, detector, service__archived={"Eq": ["false"]}) == [TOR]
    assert listed(guardduty, detector, service__archived={"Eq": ["true"]}) == [BRUTE]
    guardduty.unarchive_findings(DetectorId=detector, FindingIds=found["FindingIds"])
    assert len(listed(guardduty, detector, service__archived={"Eq": ["false"]})) == 2
    refused(guardduty.archive_findings, "BadRequestException", DetectorId=detector, FindingIds=["0" * 32])


def test_a_filter_archives_new_findings(refused, guardduty, detector):
    """Does a suppression rule archive what it matches and nothing else?"""
    low = {"Criterion": {"severity": {"Lt": 4}}}
    one = {"DetectorId": detector, "Name": "low", "Action": "ARCHIVE", "FindingCriteria": low}
    guardduty.create_filter(**one)
    refused(guardduty.create_filter, "BadRequestException", "already exists", **one)
    refused(guardduty.create_filter, "BadRequestException", **{**one, "Name": "other", "Action": "DELETE"})
    refused(guardduty.get_filter, "BadRequestException", DetectorId=detector, FilterName="none")
    assert guardduty.list_filters(DetectorId=detector)["FilterNames"] == ["low"]
    guardduty.create_sample_findings(DetectorId=detector, FindingTypes=[BRUTE, TOR])
    assert listed(guardduty, detector, service__archived={"Eq": ["true"]}) == [BRUTE]
    assert listed(guardduty, detector, service__archived={"Eq": ["false"]}) == [TOR]
