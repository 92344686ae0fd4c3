"""Saved queries of CloudWatch Logs Insights; moto has none.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
"""

from __future__ import annotations

from typing import Any

from moto.moto_api._internal import mock_random

from ..gate import Call, Refused, answers, refuses
from .log_events import milliseconds
from .log_groups import page


def _definitions(call: Call) -> dict[str, dict[str, Any]]:
    """The saved queries of a Region by their ids."""
    return call.backend.__dict__.setdefault("query_definitions", {})


@refuses("logs", "PutQueryDefinition", "DeleteQueryDefinition")
def unknown_definition(call: Call) -> None:
    """An id that a request names must be one."""
    named = call.params.get("queryDefinitionId")
    if named and named not in _definitions(call):
        raise Refused("ResourceNotFoundException", f"Query definition {named} does not exist.")


@answers("logs", "PutQueryDefinition")
def put_query_definition(call: Call) -> dict:
    """Save a query, or replace a saved one wholly. AWS does not look whether it can be run."""
    params = call.params
    name = params.get("queryDefinitionId") or str(mock_random.uuid4())
    more = {key: params[key] for key in ("logGroupNames", "parameters") if params.get(key)}
    _definitions(call)[name] = {
        "queryLanguage": params.get("queryLanguage", "CWLI"),
        "queryDefinitionId": name,
        "name": params["name"],
        "queryString": params["queryString"],
        "lastModified": milliseconds(),
        **more,
    }
    return {"queryDefinitionId": name}


@answers("logs", "DescribeQueryDefinitions")
def describe_query_definitions(call: Call) -> dict:
    """The saved queries whose names begin so, by name."""
    params = call.params
    found = [
        one
        for one in sorted(_definitions(call).values(), key=lambda one: one["name"])
        if one["name"].startswith(params.get("queryDefinitionNamePrefix") or "")
        and params.get("queryLanguage", one["queryLanguage"]) == one["queryLanguage"]
    ]
    return page(found, {**params, "limit": params.get("maxResults")}, "queryDefinitions", 1000)


@answers("logs", "DeleteQueryDefinition")
def delete_query_definition(call: Call) -> dict:
    """Forget a saved query."""
    del _definitions(call)[call.params["queryDefinitionId"]]
    return {"success": True}
