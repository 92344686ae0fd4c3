"""Every operation of API Gateway reaches the gate: moto knows the addresses of those it has only."""

from __future__ import annotations

from typing import Any

from ..gate import replaces
from .moto_models import APIGatewayResponse, ApiGatewayV2Response, rest

_ANY = r"https?://apigateway\.(.+)\.amazonaws\.com"


@replaces(rest.APIGatewayBackend, "urls")
def urls(original: Any, backend: rest.APIGatewayBackend) -> dict[str, Any]:
    """moto's addresses, then all others of this service."""
    return {
        **original(backend),
        f"{_ANY}/v2/.*": ApiGatewayV2Response.dispatch,
        f"{_ANY}/.*": APIGatewayResponse.dispatch,
    }


@replaces(rest.RestAPI, "update_integration_mocks")
def no_mocks_of_requests(original: Any, api: rest.RestAPI, stage_name: str) -> None:
    """moto would answer for an API in the library `requests`, by an echo; the account answers itself."""
