"""moto's models of API Gateway. moto imports a validator of OpenAPI documents that the course does not need."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType


def _stand_in() -> None:
    """Let moto's import succeed without openapi-spec-validator: OpenAPI documents are read by `rest_import`."""
    if "openapi_spec_validator" in sys.modules or importlib.util.find_spec("openapi_spec_validator"):
        return
    package = ModuleType("openapi_spec_validator")
    package.validate = lambda document: None
    validation, exceptions = (ModuleType(f"{package.__name__}.validation{part}") for part in ("", ".exceptions"))
    exceptions.OpenAPIValidationError = type("OpenAPIValidationError", (ValueError,), {})
    for module in (package, validation, exceptions):
        sys.modules[module.__name__] = module


_stand_in()

from moto.apigateway import models as rest  # noqa: E402
from moto.apigateway.responses import APIGatewayResponse  # noqa: E402
from moto.apigatewayv2 import models as http  # noqa: E402
from moto.apigatewayv2.responses import ApiGatewayV2Response  # noqa: E402

__all__ = ["APIGatewayResponse", "ApiGatewayV2Response", "http", "rest"]
