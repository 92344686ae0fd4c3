"""Distributions: changed and deleted by whoever knows their latest version, and deleted only while disabled.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteDistribution.html
"""

from __future__ import annotations

from ..gate import Call, Refused, refuses


@refuses("cloudfront", "DeleteDistribution", "UpdateDistribution")
def another_version(call: Call) -> None:
    """IfMatch is the ETag of what is there now. Without it, and without a distribution, moto refuses."""
    distribution = call.backend_of("cloudfront", "aws").distributions.get(call.params["Id"])
    given = call.params.get("IfMatch")
    if distribution is not None and given and given != distribution.etag:
        message = "The request failed because it didn't meet the preconditions in one or more request-header fields."
        raise Refused("PreconditionFailed", message, 412)


@refuses("cloudfront", "DeleteDistribution")
def still_enabled(call: Call) -> None:
    """DistributionNotDisabled."""
    distribution = call.backend_of("cloudfront", "aws").distributions.get(call.params["Id"])
    if distribution is not None and str(distribution.distribution_config.__dict__.get("Enabled")).lower() != "false":
        message = "The distribution you are trying to delete has not been disabled."
        raise Refused("DistributionNotDisabled", message, 409)
