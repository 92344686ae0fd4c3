"""Headers for other origins."""

import pytest

from course.serverless.cors import cors_headers, is_preflight, with_cors
from course.serverless.http_messages import Headers, HttpRequest

ORIGIN = "https://shop.example"


def asked(method="GET", origin=ORIGIN, **more):
    return HttpRequest(method, "/", headers=Headers({"Origin": origin, **more} if origin else more))


@pytest.mark.parametrize(
    ("allowed", "origin", "answer"),
    [
        (["*"], ORIGIN, "*"),
        ([ORIGIN], ORIGIN, ORIGIN),
        (["https://*"], ORIGIN, ORIGIN),
        (["http://*"], ORIGIN, None),
        (["https://other.example"], ORIGIN, None),
        (["https://shop.example.evil"], ORIGIN, None),
        (["*"], "", None),
    ],
)
def test_origins(allowed, origin, answer):
    """Which origins are let in?"""
    assert cors_headers(asked(origin=origin), {"AllowOrigins": allowed}).get("access-control-allow-origin") == answer


def test_preflight_and_request():
    """Has a preflight the methods, and the request itself what may be read?"""
    settings = {
        "AllowOrigins": [ORIGIN],
        "AllowMethods": ["GET", "PUT"],
        "ExposeHeaders": ["x"],
        "AllowCredentials": True,
    }
    preflight = asked("OPTIONS", **{"Access-Control-Request-Method": "PUT"})
    assert is_preflight(preflight) and not is_preflight(asked("OPTIONS"))
    assert cors_headers(preflight, settings)["access-control-allow-methods"] == "GET,PUT"
    found = cors_headers(asked(), settings)
    assert found["access-control-expose-headers"] == "x" and found["access-control-allow-credentials"] == "true"
    assert "access-control-allow-methods" not in found


def test_own_headers_are_replaced():
    """Do the function's own headers of this kind give way?"""
    headers = with_cors(
        Headers({"Access-Control-Allow-Origin": "evil", "A": "1"}), {"access-control-allow-origin": "*"}
    )
    assert dict(headers) == {"A": "1", "access-control-allow-origin": "*"}
