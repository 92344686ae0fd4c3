"""What API Gateway answers by itself: errors as gateway responses of REST APIs, and the short ones of HTTP APIs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from course.serverless.http_messages import Headers, HttpResponse

_ERROR_TYPES = {
    "ACCESS_DENIED": "AccessDeniedException",
    "API_CONFIGURATION_ERROR": "InternalServerErrorException",
    "AUTHORIZER_CONFIGURATION_ERROR": "AuthorizerConfigurationException",
    "AUTHORIZER_FAILURE": "AuthorizerConfigurationException",
    "BAD_REQUEST_BODY": "BadRequestException",
    "BAD_REQUEST_PARAMETERS": "BadRequestException",
    "DEFAULT_5XX": "InternalServerErrorException",
    "INTEGRATION_FAILURE": "InternalServerErrorException",
    "INTEGRATION_TIMEOUT": "InternalServerErrorException",
    "INVALID_API_KEY": "ForbiddenException",
    "MISSING_AUTHENTICATION_TOKEN": "MissingAuthenticationTokenException",
    "QUOTA_EXCEEDED": "LimitExceededException",
    "REQUEST_TOO_LARGE": "RequestTooLargeException",
    "THROTTLED": "TooManyRequestsException",
    "UNAUTHORIZED": "UnauthorizedException",
    "UNSUPPORTED_MEDIA_TYPE": "BadRequestException",
}


class GatewayError(Exception):
    """A REST API ends a request with this gateway response. status: where it is not the kind's own, as 502 is."""

    def __init__(self, kind: str, message: str | None, status: int = 0, reason: str = ""):
        super().__init__(message)
        self.kind, self.message, self.status, self.reason = kind, message, status, reason

    @property
    def error_type(self) -> str:
        """What stands in x-amzn-ErrorType."""
        return _ERROR_TYPES.get(self.kind, "ForbiddenException")


class Ended(Exception):
    """An HTTP API ends a request with this response."""

    def __init__(self, response: HttpResponse):
        super().__init__(response.status)
        self.response = response


def said(status: int, message: str | None, key: str = "message", error_type: str = "", **more: str) -> HttpResponse:
    """A response of one sentence: {"message": "..."}."""
    headers = {"Content-Type": "application/json", **more}
    if error_type:
        headers["x-amzn-ErrorType"] = error_type
    return HttpResponse(status, Headers(headers), json.dumps({key: message}, separators=(",", ":")).encode())


def with_ids(response: HttpResponse, ids: Mapping[str, Any]) -> HttpResponse:
    """The response with the headers that every response of an API has."""
    kept = [(name, value) for name, value in response.headers.pairs if name.lower() not in {one.lower() for one in ids}]
    return HttpResponse(response.status, Headers([*kept, *ids.items()]), response.body)
