"""Detectors: one for an account in a Region.

https://docs.aws.amazon.com/guardduty/latest/APIReference/API_CreateDetector.html
"""

from __future__ import annotations

from typing import Any

from moto.guardduty.models import Detector

from ..gate import Call, Refused, refuses


def bad_request(why: str) -> Refused:
    """GuardDuty has one error for whatever is wrong with a request."""
    return Refused("BadRequestException", f"The request is rejected because {why}.")


def detector_of(call: Call) -> Detector:
    """The detector of the request; Refused(BadRequestException) if it is not the account's."""
    found = call.backend.detectors.get(call.params["DetectorId"])
    if found is None:
        raise bad_request("the input detectorId is not owned by the current account")
    return found


def findings_of(detector: Detector) -> dict[str, dict[str, Any]]:
    """The findings of a detector by id, oldest first."""
    return detector.__dict__.setdefault("findings", {})


@refuses("guardduty", "CreateDetector")
def second_detector(call: Call) -> None:
    """A Region has one detector; moto makes more."""
    if call.backend.detectors:
        raise bad_request("a detector already exists for the current account")
    frequency = call.params.get("FindingPublishingFrequency", "SIX_HOURS")
    if frequency not in ("FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS"):
        raise bad_request("an invalid or out-of-range value is specified as an input parameter")


@refuses("guardduty", "GetDetector", "UpdateDetector", "DeleteDetector")
def unknown_detector(call: Call) -> None:
    """moto deletes what does not exist, and calls its error otherwise."""
    detector_of(call)
