"""Findings about the account as it is: open ports of instances, and a few weaknesses in the code of functions.

Inspector's own detectors and its database of vulnerable packages are AWS's. Here a scan looks for ports that a security
group opens to everyone, and in Python code for access keys, `eval` and shells.

https://docs.aws.amazon.com/inspector/latest/user/findings-types.html
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from ..gate import Call, Refused, answers
from ..iam.context import now
from .scans import scans

# Pattern, detector, severity, weakness.
_DETECTORS = (
    (re.compile(r"\bAKIA[A-Z0-9]{16}\b"), "Hardcoded credentials", "CRITICAL", "CWE-798"),
    (re.compile(r"(?<![\w.])(eval|exec)\("), "Unsanitized input is run as code", "HIGH", "CWE-94"),
    (re.compile(r"\bos\.system\(|shell\s*=\s*True"), "OS command injection", "HIGH", "CWE-78"),
)
_ADMIN_PORTS = (22, 3389)
_ANYWHERE = {"0.0.0.0/0", "::/0"}
_ORDER = ("UNTRIAGED", "INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL")


@answers("inspector2", "ListFindings")
def list_findings(call: Call) -> dict:
    """What the enabled scans find now, that meets the criteria."""
    on = scans(call)
    found = [*(_open_ports(call) if "EC2" in on else ()), *(_code(call) if "LAMBDA_CODE" in on else ())]
    criteria = call.params.get("filterCriteria") or {}
    found = [one for one in found if all(_meets(one, name, wanted) for name, wanted in criteria.items())]
    order = call.params.get("sortCriteria")
    if order and order["field"] == "SEVERITY":
        found.sort(key=lambda one: _ORDER.index(one["severity"]), reverse=order["sortOrder"] == "DESC")
    start, most = int(call.params.get("nextToken") or 0), call.params.get("maxResults") or 100
    answer: dict[str, Any] = {"findings": found[start : start + most]}
    if len(found) > start + most:
        answer["nextToken"] = str(start + most)
    return answer


def _meets(finding: dict[str, Any], name: str, wanted: list[dict[str, str]]) -> bool:
    """Any of the filters of a field; those with NOT_EQUALS all."""
    values = {
        "severity": [finding["severity"]],
        "findingType": [finding["type"]],
        "findingStatus": [finding["status"]],
        "findingArn": [finding["findingArn"]],
        "title": [finding["title"]],
        "awsAccountId": [finding["awsAccountId"]],
        "resourceType": [one["type"] for one in finding["resources"]],
        "resourceId": [one["id"] for one in finding["resources"]],
        "lambdaFunctionName": [
            one["details"]["awsLambdaFunction"]["functionName"]
            for one in finding["resources"]
            if "awsLambdaFunction" in one["details"]
        ],
    }
    if name not in values:
        raise Refused("ValidationException", f"The offline account does not filter findings by {name}.")
    given = values[name]
    for one in wanted:
        if one["comparison"] == "NOT_EQUALS" and one["value"] in given:
            return False
    positive = [one for one in wanted if one["comparison"] != "NOT_EQUALS"]
    return not positive or any(
        value == one["value"] or (one["comparison"] == "PREFIX" and value.startswith(one["value"]))
        for one in positive
        for value in given
    )


def _finding(call: Call, kind: str, title: str, severity: str, resource: dict[str, Any], **more: Any) -> dict[str, Any]:
    moment = now()
    # The same weakness of the same resource is the same finding, whenever one looks.
    number = zlib.crc32(f"{kind} {title} {resource['id']} {more}".encode())
    return {
        "findingArn": f"arn:aws:inspector2:{call.region}:{call.account_id}:finding/{number:032x}",
        "awsAccountId": call.account_id,
        "type": kind,
        "title": title,
        "description": f"{title}: {resource['id']}",
        "remediation": {"recommendation": {"text": "None Provided"}},
        "severity": severity,
        "status": "ACTIVE",
        "firstObservedAt": moment,
        "lastObservedAt": moment,
        "updatedAt": moment,
        "resources": [{"partition": "aws", "region": call.region, "tags": {}, **resource}],
        **more,
    }


def _open_ports(call: Call) -> Iterator[dict[str, Any]]:
    for instance in call.backend_of("ec2").all_instances():
        if instance.state != "running":
            continue
        resource = {
            "type": "AWS_EC2_INSTANCE",
            "id": instance.id,
            "details": {"awsEc2Instance": {"type": instance.instance_type, "imageId": instance.image_id}},
        }
        rules = [rule for group in instance.security_groups for rule in group.ingress_rules]
        for port in _ADMIN_PORTS:
            if any(_opens(rule, port) for rule in rules):
                yield _finding(
                    call,
                    "NETWORK_REACHABILITY",
                    f"Port {port} is reachable from an Internet Gateway - TCP",
                    "MEDIUM",
                    resource,
                    networkReachabilityDetails={
                        "openPortRange": {"begin": port, "end": port},
                        "protocol": "TCP",
                        "networkPath": {"steps": []},
                    },
                )


def _opens(rule: Any, port: int) -> bool:
    anyone = {rule.ip_range.get(key) for key in ("CidrIp", "CidrIpv6")} & _ANYWHERE
    covers = rule.ip_protocol == "-1" or (
        rule.ip_protocol == "tcp" and int(rule.from_port) <= port <= int(rule.to_port)
    )
    return bool(anyone) and covers


def _code(call: Call) -> Iterator[dict[str, Any]]:
    for function in call.backend_of("lambda").list_functions():
        details = {
            "functionName": function.function_name,
            "runtime": (function.run_time or "").upper().replace(".", "_"),
            "codeSha256": function.code_sha_256,
            "version": "$LATEST",
            "executionRoleArn": function.role,
        }
        resource = {
            "type": "AWS_LAMBDA_FUNCTION",
            "id": f"{function.function_arn}:$LATEST",
            "details": {"awsLambdaFunction": details},
        }
        for name, number, (_, detector, severity, weakness) in _weak_lines(function.code_bytes):
            place = {"fileName": name.rpartition("/")[2], "filePath": name, "startLine": number, "endLine": number}
            yield _finding(
                call,
                "CODE_VULNERABILITY",
                f"{weakness} - {detector}",
                severity,
                resource,
                codeVulnerabilityDetails={
                    "cwes": [weakness],
                    "detectorId": f"python/{detector.lower().replace(' ', '-')}@v1.0",
                    "detectorName": detector,
                    "filePath": place,
                },
            )


def _weak_lines(package: bytes | None) -> Iterator[tuple[str, int, tuple]]:
    if not package or not zipfile.is_zipfile(io.BytesIO(package)):
        return
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        for name in archive.namelist():
            if name.endswith(".py"):
                for number, line in enumerate(archive.read(name).decode(errors="replace").splitlines(), 1):
                    yield from ((name, number, one) for one in _DETECTORS if one[0].search(line))
