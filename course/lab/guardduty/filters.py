"""Filters: saved criteria, which may archive new findings.

https://docs.aws.amazon.com/guardduty/latest/APIReference/API_CreateFilter.html
"""

from __future__ import annotations

from ..gate import Call, answers, refuses
from .criteria import matches
from .detectors import bad_request, detector_of


@refuses("guardduty", "CreateFilter")
def impossible_filter(call: Call) -> None:
    """A name that is free, an action that there is, and criteria that can be read."""
    detector = detector_of(call)
    if call.params["Name"] in detector.filters:
        raise bad_request("a filter with the given name already exists")
    _require_possible(call)


@refuses("guardduty", "UpdateFilter", "GetFilter", "DeleteFilter")
def unknown_filter(call: Call) -> None:
    """moto deletes what does not exist."""
    if call.params["FilterName"] not in detector_of(call).filters:
        raise bad_request("no such resource was found")
    _require_possible(call)


def _require_possible(call: Call) -> None:
    if call.params.get("Action", "NOOP") not in ("NOOP", "ARCHIVE"):
        raise bad_request("an invalid or out-of-range value is specified as an input parameter")
    matches({}, call.params.get("FindingCriteria") or {})


@answers("guardduty", "ListFilters")
def list_filters(call: Call) -> dict:
    """The names; moto has no such operation."""
    return {"FilterNames": list(detector_of(call).filters)}
