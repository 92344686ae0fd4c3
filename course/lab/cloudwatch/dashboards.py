"""Dashboards: their names and bodies are checked, and every Region shows the same ones.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from moto.cloudwatch.models import CloudWatchBackend, Dashboard, cloudwatch_backends

from course.data import value
from course.serverless.dashboard_bodies import problems

from ..gate import Call, Refused, refuses, replaces


@refuses("cloudwatch", "PutDashboard")
def impossible_dashboard(call: Call) -> None:
    """A name of letters, digits, - and _, and a body with widgets as the documentation has them."""
    name, most = call.params["DashboardName"], value("cloudwatch.dashboards.name_length")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise Refused(
            "InvalidParameterValue",
            f"The value {name} for field DashboardName contains invalid characters. It can only contain "
            "alphanumerics, dash (-) and underscore (_).",
        )
    if len(name) > most:
        raise Refused(
            "InvalidParameterValue", f"The value {name} for field DashboardName is longer than {most} characters."
        )
    try:
        found = problems(call.params["DashboardBody"])
    except ValueError:
        raise Refused("InvalidParameterInput", "The field DashboardBody must be a valid JSON object") from None
    if found:
        count = "is 1 validation error" if len(found) == 1 else f"are {len(found)} validation errors"
        shown = [{"dataPath": path, "message": message} for path, message in found]
        raise Refused(
            "InvalidParameterInput", f"The dashboard body is invalid, there {count}:\n{json.dumps(shown, indent=2)}"
        )


@refuses("cloudwatch", "GetDashboard")
def unknown_dashboard(call: Call) -> None:
    """moto's sentence does not name the dashboard."""
    name = call.params["DashboardName"]
    if name not in _shared(call.backend).dashboards:
        raise Refused("ResourceNotFound", f"Dashboard {name} does not exist", 404)


def _shared(backend: CloudWatchBackend) -> CloudWatchBackend:
    """Where the dashboards of an account are kept: they belong to no Region."""
    return cloudwatch_backends[backend.account_id]["us-east-1"]


@replaces(CloudWatchBackend, "put_dashboard")
def put_dashboard(moto: Any, backend: CloudWatchBackend, name: str, body: str) -> Dashboard:
    return moto(_shared(backend), name, body)


@replaces(CloudWatchBackend, "get_dashboard")
def get_dashboard(moto: Any, backend: CloudWatchBackend, dashboard: str) -> Dashboard | None:
    return moto(_shared(backend), dashboard)


@replaces(CloudWatchBackend, "list_dashboards")
def list_dashboards(moto: Any, backend: CloudWatchBackend, prefix: str = "") -> Any:
    return moto(_shared(backend), prefix)


@replaces(CloudWatchBackend, "delete_dashboards")
def delete_dashboards(moto: Any, backend: CloudWatchBackend, dashboards: list[str]) -> str | None:
    return moto(_shared(backend), dashboards)
