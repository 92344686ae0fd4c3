"""Cross-origin resource sharing of HTTP APIs and function URLs: API Gateway answers preflights and adds the headers.

REST APIs have no such setting: there OPTIONS is a method like others, and the function sends the headers.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
https://docs.aws.amazon.com/lambda/latest/api/API_Cors.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .http_messages import Headers, HttpRequest

__all__ = ["cors_headers", "is_preflight", "with_cors"]


def is_preflight(request: HttpRequest) -> bool:
    """Does a browser ask with this request whether it may send another one?"""
    return request.method == "OPTIONS" and "origin" in request.headers and _ASKS in request.headers


_ASKS = "access-control-request-method"


def cors_headers(request: HttpRequest, settings: Mapping[str, Any]) -> dict[str, str]:
    """The headers for a request's origin, {} if it has none or is not allowed.

    settings: AllowOrigins, AllowMethods, AllowHeaders, ExposeHeaders, MaxAge, AllowCredentials.
    """
    origin = request.headers.get("origin")
    allowed = settings.get("AllowOrigins") or []
    if not origin or not any(_is_allowed(origin, one) for one in allowed):
        return {}
    headers = {
        "access-control-allow-origin": "*" if "*" in allowed and not settings.get("AllowCredentials") else origin
    }
    if settings.get("AllowCredentials"):
        headers["access-control-allow-credentials"] = "true"
    if is_preflight(request):
        for name, key in (("allow-methods", "AllowMethods"), ("allow-headers", "AllowHeaders")):
            if settings.get(key):
                headers[f"access-control-{name}"] = ",".join(settings[key])
        if settings.get("MaxAge") is not None:
            headers["access-control-max-age"] = str(settings["MaxAge"])
    elif settings.get("ExposeHeaders"):
        headers["access-control-expose-headers"] = ",".join(settings["ExposeHeaders"])
    return headers


def _is_allowed(origin: str, pattern: str) -> bool:
    # Also http://* and https://*, as HTTP APIs take them.
    return pattern in ("*", origin) or (pattern in ("http://*", "https://*") and origin.startswith(pattern[:-1]))


def with_cors(headers: Headers, added: Mapping[str, str]) -> Headers:
    """The headers with those of CORS; what the function sent under these names is dropped, as API Gateway does."""
    kept = [(name, value) for name, value in headers.pairs if not name.lower().startswith("access-control-")]
    return Headers([*kept, *added.items()])
