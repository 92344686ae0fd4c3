"""Findings: samples of the types that there are; moto has none. A Region's detector finds nothing by itself here.

https://docs.aws.amazon.com/guardduty/latest/ug/sample_findings.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.guardduty import urls
from moto.guardduty.models import Detector
from moto.moto_api._internal import mock_random

from course.data import figures, value

from ..gate import Call, answers
from ..iam.context import now
from .criteria import matches, sort_key
from .detectors import bad_request, detector_of, findings_of

_DETECTOR = r"{0}/detector/(?P<detector_id>[^/]+)/findings"
for _path in (_DETECTOR, _DETECTOR + "/(get|create|archive|unarchive|statistics|feedback)"):
    urls.url_paths[f"{_path}$"] = urls.GuardDutyResponse.dispatch

_TYPE = re.compile(r"(?P<purpose>[A-Za-z]+):(?P<resource>[A-Za-z0-9]+)/[A-Za-z0-9&.!-]+")
_RESOURCES = {"EC2": "Instance", "IAMUser": "AccessKey", "S3": "S3Bucket", "Lambda": "Lambda"}


@answers("guardduty", "CreateSampleFindings")
def create_sample_findings(call: Call) -> dict:
    """One finding of each type that is named, else of each type known here."""
    detector = detector_of(call)
    severities = _severities()
    wanted = call.params.get("FindingTypes") or list(severities)
    for kind in wanted:
        name = _TYPE.fullmatch(kind)
        if (
            not name
            or name["purpose"] not in value("guardduty.names.purposes")
            or name["resource"] not in value("guardduty.names.resources")
        ):
            raise bad_request("an invalid or out-of-range value is specified as an input parameter")
    for kind in wanted:
        severity = severities.get(kind, value("guardduty.sample_severities.varying"))
        finding = _sample(call, detector, kind, float(severity))
        finding["Service"]["Archived"] = any(
            one.action == "ARCHIVE" and matches(finding, one.finding_criteria) for one in detector.filters.values()
        )
        findings_of(detector)[finding["Id"]] = finding
    return {}


def _severities() -> dict[str, float]:
    """The severity of a sample of each type known here."""
    return {
        kind: value(f"guardduty.sample_severities.{level}")
        for level, kinds in figures("guardduty.finding_types").items()
        for kind in kinds.value
    }


def _sample(call: Call, detector: Detector, kind: str, severity: float) -> dict[str, Any]:
    identifier = mock_random.get_random_hex(32)
    moment = now().strftime("%Y-%m-%dT%H:%M:%S.000Z")
    arn = f"arn:aws:guardduty:{call.region}:{call.account_id}:detector/{detector.id}/finding/{identifier}"
    resource = kind.partition(":")[2].partition("/")[0]
    return {
        "AccountId": call.account_id,
        "Arn": arn,
        "CreatedAt": moment,
        "UpdatedAt": moment,
        "Description": f"This is a sample of the finding type {kind}.",
        "Id": identifier,
        "Partition": "aws",
        "Region": call.region,
        "Resource": _resource(_RESOURCES.get(resource, resource)),
        "SchemaVersion": "2.0",
        "Service": {
            "ServiceName": "guardduty",
            "DetectorId": detector.id,
            "Archived": False,
            "Count": 1,
            "EventFirstSeen": moment,
            "EventLastSeen": moment,
            "ResourceRole": "TARGET",
            "AdditionalInfo": {"Value": '{"sample":true}', "Type": "default"},
        },
        "Severity": severity,
        "Title": f"[SAMPLE] {kind}",
        "Type": kind,
    }


def _resource(kind: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"ResourceType": kind}
    if kind == "Instance":
        shown["InstanceDetails"] = {"InstanceId": "i-99999999", "InstanceType": "m3.xlarge"}
    elif kind == "AccessKey":
        shown["AccessKeyDetails"] = {
            "AccessKeyId": "GeneratedFindingAccessKeyId",
            "UserName": "GeneratedFindingUserName",
        }
    elif kind == "S3Bucket":
        shown["S3BucketDetails"] = [{"Name": "bucketName", "Arn": "arn:aws:s3:::bucketName"}]
    elif kind == "Lambda":
        shown["LambdaDetails"] = {"FunctionName": "GeneratedFindingLambdaFunctionName"}
    return shown


@answers("guardduty", "ListFindings")
def list_findings(call: Call) -> dict:
    """The ids of the findings that meet the criteria, in the wanted order."""
    chosen = [
        one for one in findings_of(detector_of(call)).values() if matches(one, call.params.get("FindingCriteria") or {})
    ]
    chosen = _ordered(chosen, call.params.get("SortCriteria"))
    most, start = (
        call.params.get("MaxResults") or value("guardduty.findings.page"),
        int(call.params.get("NextToken") or 0),
    )
    answer: dict[str, Any] = {"FindingIds": [one["Id"] for one in chosen[start : start + most]]}
    if len(chosen) > start + most:
        answer["NextToken"] = str(start + most)
    return answer


def _ordered(findings: list[dict[str, Any]], order: dict[str, str] | None) -> list[dict[str, Any]]:
    if not order or not order.get("AttributeName"):
        return findings
    return sorted(
        findings, key=lambda one: sort_key(one, order["AttributeName"]), reverse=order.get("OrderBy", "ASC") == "DESC"
    )


def _named(call: Call) -> list[dict[str, Any]]:
    findings = findings_of(detector_of(call))
    if any(one not in findings for one in call.params["FindingIds"]):
        raise bad_request("one or more input findingIds are invalid")
    return [findings[one] for one in call.params["FindingIds"]]


@answers("guardduty", "GetFindings")
def get_findings(call: Call) -> dict:
    """The findings with these ids; those that are none are left out."""
    findings = findings_of(detector_of(call))
    chosen = [findings[one] for one in call.params["FindingIds"] if one in findings]
    return {"Findings": _ordered(chosen, call.params.get("SortCriteria"))}


@answers("guardduty", "ArchiveFindings")
def archive_findings(call: Call) -> dict:
    """Archived findings stay and are listed under service.archived."""
    for finding in _named(call):
        finding["Service"]["Archived"] = True
    return {}


@answers("guardduty", "UnarchiveFindings")
def unarchive_findings(call: Call) -> dict:
    """Back among the current ones."""
    for finding in _named(call):
        finding["Service"]["Archived"] = False
    return {}


@answers("guardduty", "UpdateFindingsFeedback")
def update_findings_feedback(call: Call) -> dict:
    """Useful or not."""
    if call.params["Feedback"] not in ("USEFUL", "NOT_USEFUL"):
        raise bad_request("an invalid or out-of-range value is specified as an input parameter")
    for finding in _named(call):
        finding["Service"]["UserFeedback"] = call.params["Feedback"]
    return {}


@answers("guardduty", "GetFindingsStatistics")
def get_findings_statistics(call: Call) -> dict:
    """How many findings of each severity."""
    counts: dict[str, int] = {}
    for finding in findings_of(detector_of(call)).values():
        if matches(finding, call.params.get("FindingCriteria") or {}):
            key = str(finding["Severity"])
            counts[key] = counts.get(key, 0) + 1
    return {"FindingStatistics": {"CountBySeverity": counts}}
