"""Log groups: creation, classes, retention, deletion protection, descriptions.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.logs.models import LogGroup, logs_backends

from course.data import value

from ..gate import Call, Refused, answers, corrects, refuses, replaces
from .names import invalid, log_group, log_group_of


@refuses("logs", "CreateLogGroup")
def impossible_log_group(call: Call) -> None:
    """Names that AWS keeps for itself, and names that are taken."""
    name = call.params["logGroupName"]
    reserved = value("logs.groups.reserved_prefix")
    if name.lower().startswith(reserved):
        raise invalid(f"Log groups starting with {reserved.upper()} are reserved for AWS.")
    if name in call.backend.groups:
        raise Refused("ResourceAlreadyExistsException", "The specified log group already exists")


@corrects("logs", "CreateLogGroup")
def class_and_protection(call: Call, result: Any) -> None:
    """moto forgets the class and the deletion protection of a new group."""
    group = call.backend.groups[call.params["logGroupName"]]
    group.log_group_class = call.params.get("logGroupClass", "STANDARD")
    group.deletion_protection = bool(call.params.get("deletionProtectionEnabled"))


@refuses("logs", "DeleteLogGroup")
def protected_log_group(call: Call) -> None:
    """A group with deletion protection stays until the protection is taken away. AWS's code is not documented."""
    group = log_group(call.backend, call.params["logGroupName"])
    if getattr(group, "deletion_protection", False):
        raise Refused(
            "ValidationException",
            f"The log group {group.name} cannot be deleted because deletion protection is enabled.",
        )


@corrects("logs", "DeleteLogGroup")
def filters_end_with_the_log_group(call: Call, result: Any) -> None:
    """moto would give the metric filters of a deleted group to the next group of that name."""
    filters = call.backend.filters
    name = call.params["logGroupName"]
    filters.metric_filters = [one for one in filters.metric_filters if one["logGroupName"] != name]


@answers("logs", "PutLogGroupDeletionProtection")
def protect(call: Call) -> dict:
    """Switch deletion protection on or off."""
    group = log_group(call.backend, call.params["logGroupIdentifier"])
    group.deletion_protection = call.params["deletionProtectionEnabled"]
    return {}


@refuses("logs", "PutRetentionPolicy")
def unknown_retention(call: Call) -> None:
    """Events are kept for one of AWS's numbers of days; for ever is no number, but no policy."""
    log_group_of(call)
    days, known = call.params["retentionInDays"], value("logs.retention.days")
    if days not in known:
        raise invalid(
            f"1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{', '.join(map(str, known))}]"
        )


def _class(group: LogGroup) -> str:
    return getattr(group, "log_group_class", "STANDARD")


@replaces(LogGroup, "to_describe_dict")
def described(moto: Any, group: LogGroup) -> dict:
    """moto counts no metric filters and knows neither classes nor deletion protection."""
    filters = logs_backends[group.account_id][group.region].filters
    return {
        **moto(group),
        "metricFilterCount": len(filters.get_matching_filters(log_group_name=group.name)),
        "logGroupClass": _class(group),
        "deletionProtectionEnabled": getattr(group, "deletion_protection", False),
    }


@answers("logs", "DescribeLogGroups")
def describe_log_groups(call: Call) -> dict:
    """By prefix, pattern, identifiers or class; moto knows the prefix only."""
    params = call.params
    prefix, pattern = params.get("logGroupNamePrefix"), params.get("logGroupNamePattern")
    if prefix and pattern:
        raise invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
    wanted = params.get("logGroupIdentifiers")
    groups = [log_group(call.backend, one) for one in wanted] if wanted else list(call.backend.groups.values())
    found = [
        shown
        for shown in (one.to_describe_dict() for one in sorted(groups, key=lambda one: one.name))
        if shown["logGroupName"].startswith(prefix or "")
        and (pattern or "").lower() in shown["logGroupName"].lower()
        and params.get("logGroupClass", shown["logGroupClass"]) == shown["logGroupClass"]
    ]
    return page(found, params, "logGroups", 50)


@answers("logs", "ListLogGroups")
def list_log_groups(call: Call) -> dict:
    """By a pattern such as `^/aws/lambda|error`, by class, and by tags; moto has no such operation."""
    params = call.params
    pattern = re.compile(params.get("logGroupNamePattern") or "")
    found = [
        {"logGroupName": group.name, "logGroupArn": group.arn, "logGroupClass": _class(group)}
        for group in sorted(call.backend.groups.values(), key=lambda one: one.name)
        if pattern.search(group.name)
        and params.get("logGroupClass") in (None, _class(group))
        and _has_tags(call, group, params.get("logGroupTags") or [])
    ]
    return page(found, params, "logGroups", 50)


def _has_tags(call: Call, group: LogGroup, wanted: list[dict]) -> bool:
    tags = call.backend.list_tags_log_group(group.name)
    return all(one["key"] in tags and (not one.get("values") or tags[one["key"]] in one["values"]) for one in wanted)


def page(found: list, params: dict, name: str, most: int) -> dict:
    """One page of a list, with the token of the next one."""
    token = params.get("nextToken") or "0"
    if not token.isdigit() or int(token) > len(found):
        raise invalid("The specified nextToken is invalid.")
    start, limit = int(token), params.get("limit") or most
    end = start + limit
    return {name: found[start:end], **({"nextToken": str(end)} if end < len(found) else {})}
