"""A request that has arrived at a stage of a REST API, with all that is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from course.serverless.api_events import ApiContext
from course.serverless.http_messages import HttpRequest
from course.serverless.lambda_authorizers import method_arn
from course.serverless.mapping_templates import TemplateInput

from .moto_models import rest
from .rest_deployments import Deployed


@dataclass(frozen=True)
class Arrived:
    """A request at a stage: `path` is the resource's, `verb` the method's (perhaps ANY)."""

    backend: rest.APIGatewayBackend
    api: rest.RestAPI
    stage: rest.Stage
    deployed: Deployed
    request: HttpRequest
    context: ApiContext
    verb: str = ""
    method: rest.Method | None = None

    @property
    def arn(self) -> str:
        """The method ARN, with the path as it was requested."""
        return method_arn(
            self.api.region_name,
            self.api.account_id,
            self.api.id,
            self.context.stage,
            self.request.method,
            self.request.path.rstrip("/") or "/",
        )

    @property
    def source_arns(self) -> list[str]:
        """The ARNs that a function's policy may name: with the path as it was defined, and the method."""
        verbs = ["*", self.request.method] if self.verb == "ANY" else [self.verb]
        api, stage, path = self.api, self.context.stage, self.context.resource_path
        return [method_arn(api.region_name, api.account_id, api.id, stage, verb, path) for verb in verbs]

    @property
    def seen(self) -> TemplateInput:
        """What mapping templates see."""
        request = self.request
        body = request.body.decode(errors="replace")
        return TemplateInput(body, self.parameters, self.variables, self.context.stage_variables)

    @property
    def parameters(self) -> dict[str, dict[str, str]]:
        """The parameters by place."""
        return {
            "path": dict(self.context.path_parameters),
            "querystring": {name: values[-1] for name, values in self.request.parameters.items()},
            "header": dict(self.request.headers),
        }

    @property
    def variables(self) -> dict[str, Any]:
        """$context, as far as templates and access logs ask for it."""
        context = self.context
        return {
            "accountId": context.account_id,
            "apiId": context.api_id,
            "authorizer": dict(context.authorizer or {}),
            "domainName": context.domain_name,
            "httpMethod": self.request.method,
            "identity": {
                "sourceIp": self.request.source_ip,
                "userAgent": self.request.headers.get("user-agent", ""),
                **context.identity,
            },
            "path": f"/{context.stage}{self.request.path}",
            "protocol": "HTTP/1.1",
            "requestId": context.request_id,
            "requestTime": context.clock,
            "requestTimeEpoch": context.epoch,
            "resourceId": context.resource_id,
            "resourcePath": context.resource_path,
            "stage": context.stage,
        }
