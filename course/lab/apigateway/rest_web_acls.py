"""The web ACL that protects a stage of a REST API: what it blocks reaches neither authorizer nor integration.

A rate-based rule sees each request as the first of its window: AWS WAF counts with a delay, and its rates are hundreds.
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html
"""

from __future__ import annotations

import base64
from typing import Any

from moto.backends import get_backend

from course.serverless.dns_places import place_of_address
from course.serverless.web_acl import Request, evaluate

from ..gate import NotOffline
from .answers import GatewayError
from .rest_arrivals import Arrived


def require_let_in(arrived: Arrived) -> None:
    """403 Forbidden, the gateway response WAF_FILTERED, where the web ACL of the stage blocks the request."""
    api, sent = arrived.api, arrived.request
    stage = f"arn:aws:apigateway:{api.region_name}::/restapis/{api.id}/stages/{arrived.context.stage}"
    held = get_backend("wafv2")[api.account_id][api.region_name]
    acl = next((one for one in held.wacls.values() if stage in one.associated_resources), None)
    if acl is None:
        return
    request = Request(
        f"/{arrived.context.stage}{sent.path}",
        sent.query,
        sent.method,
        {name.lower(): text for name, text in sent.headers.pairs},
        sent.body.decode(errors="replace"),
        sent.source_ip,
        place_of_address(sent.source_ip).country,
    )
    try:
        verdict = evaluate(
            _decoded(acl.to_dict()),
            request,
            ip_sets={arn: one.addresses for arn, one in held.ip_sets.items()},
            regex_sets={arn: _patterns(one) for arn, one in held.regex_pattern_sets.items()},
        )
    except ValueError as unknown:
        raise NotOffline(f"the web ACL {acl.name} cannot be asked here: {unknown}") from None
    if verdict.action == "BLOCK":
        raise GatewayError("WAF_FILTERED", "Forbidden")


def _decoded(held: Any) -> Any:
    """The rules as a client shows them: moto keeps what is searched for in base64, as it was sent."""
    if isinstance(held, list):
        return [_decoded(one) for one in held]
    if not isinstance(held, dict):
        return held
    return {
        name: base64.b64decode(one) if name == "SearchString" and isinstance(one, str) else _decoded(one)
        for name, one in held.items()
    }


def _patterns(held: object) -> list[str]:
    return [one["RegexString"] if isinstance(one, dict) else one for one in held.regular_expressions]
