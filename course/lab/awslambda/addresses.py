"""Addresses of operations of Lambda that moto does not know; the account answers them itself."""

from __future__ import annotations

from moto.awslambda.responses import LambdaResponse
from moto.awslambda.urls import url_paths

_PATHS = (
    "functions/(?P<function_name>[^/]+)/provisioned-concurrency$",
    "functions/(?P<function_name>[^/]+)/recursion-config$",
    "functions/(?P<function_name>[^/]+)/runtime-management-config$",
    "account-settings/?$",
)
for _path in _PATHS:
    url_paths.setdefault(f"{{0}}/(?P<api_version>[^/]+)/{_path}", LambdaResponse.dispatch)
