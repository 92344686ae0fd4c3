"""A request to an HTTP API, from the stage and the route that match to the response.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from course.data import value
from course.serverless.api_events import ApiContext
from course.serverless.api_routes import route_for
from course.serverless.cors import cors_headers, is_preflight, with_cors
from course.serverless.http_messages import Headers, HttpRequest, HttpResponse
from course.serverless.lambda_authorizers import method_arn
from course.serverless.throttling import TokenBucket

from ..awslambda.execution import new_id
from ..iam.context import now
from . import access_logs, http_authorization, http_integration_calls
from .answers import Ended, said, with_ids
from .http_apis import cors_of
from .http_deployments import shown_by
from .moto_models import http


@dataclass(frozen=True)
class Arrived:
    """A request at a stage; `parts` are the routes, integrations and authorizers that the stage shows."""

    api: http.Api
    stage: http.Stage
    parts: dict[str, dict[str, Any]]
    request: HttpRequest
    context: ApiContext
    path: str
    route: http.Route | None = None

    def arn(self, method: str) -> str:
        """The ARN of the route in this stage, with the path as it was requested."""
        region, account_id = self.api.backend.region_name, self.context.account_id
        return method_arn(region, account_id, self.api.api_id, self.context.stage, method, self.path)

    @property
    def source_arns(self) -> list[str]:
        """The ARNs that a function's policy may name: the route as it was defined."""
        region, account_id = self.api.backend.region_name, self.context.account_id
        start = f"arn:aws:execute-api:{region}:{account_id}:{self.api.api_id}/{self.context.stage}"
        if self.route.route_key == "$default":
            return [f"{start}/$default"]
        verb, _, path = self.route.route_key.partition(" ")
        return [f"{start}/{one}{path}" for one in (["*", self.request.method] if verb == "ANY" else [verb])]


def answer(api: http.Api, request: HttpRequest, domain_name: str) -> HttpResponse:
    """The response of an HTTP API, with the headers of CORS if it has the setting."""
    request_id = new_id()
    route: list[Arrived] = []
    try:
        response = _answered(api, request, domain_name, request_id, route)
    except Ended as ended:
        response = ended.response
    cors = cors_of(api)
    if cors and not is_preflight(request):
        added = cors_headers(request, cors)
        if added:
            response = HttpResponse(response.status, with_cors(response.headers, added), response.body)
    for arrived in route:
        _log(arrived, response)
    return with_ids(response, {"apigw-requestid": request_id})


def _log(arrived: Arrived, response: HttpResponse) -> None:
    context, request = arrived.context, arrived.request
    seen = {
        "accountId": context.account_id,
        "apiId": context.api_id,
        "domainName": context.domain_name,
        "httpMethod": request.method,
        "identity": {"sourceIp": request.source_ip, "userAgent": request.headers.get("user-agent"), **context.identity},
        "path": request.path,
        "protocol": "HTTP/1.1",
        "requestId": context.request_id,
        "requestTime": context.clock,
        "requestTimeEpoch": context.epoch,
        "responseLength": len(response.body),
        "routeKey": context.route_key,
        "stage": context.stage,
        "status": response.status,
    }
    access_logs.write(context.account_id, arrived.api.backend.region_name, arrived.stage.access_log_settings, seen)


def _answered(
    api: http.Api, request: HttpRequest, domain_name: str, request_id: str, seen: list[Arrived]
) -> HttpResponse:
    """`seen` takes in the request once its route is known."""
    if api.disable_execute_api_endpoint:
        raise Ended(said(404, "Not Found"))
    if len(request.body) > value("apigateway.http.payload"):
        raise Ended(said(413, "Request Entity Too Large"))
    cors = cors_of(api)
    if cors and is_preflight(request):
        # API Gateway answers a preflight itself, with a route or without.
        return HttpResponse(204, Headers(cors_headers(request, cors)))
    arrived = _at_stage(api, request, domain_name, request_id)
    key = route_for([one.route_key for one in arrived.parts["routes"].values()], request.method, arrived.path)
    if key is None:
        raise Ended(said(404, "Not Found"))
    route_key, values = key
    route = next(one for one in arrived.parts["routes"].values() if one.route_key == route_key)
    template = route_key.partition(" ")[2] or "$default"
    context = replace(arrived.context, route_key=route_key, resource_path=template, path_parameters=values)
    arrived = replace(arrived, context=context, route=route)
    seen.append(arrived)
    _require_rate(arrived)
    arrived = http_authorization.authorised(arrived)
    return http_integration_calls.answer(arrived)


def _at_stage(api: http.Api, request: HttpRequest, domain_name: str, request_id: str) -> Arrived:
    """The stage that the path names, else $default; 404 where there is neither."""
    _, name, *rest_of_path = request.path.split("/", 2)
    if name and name in api.stages and name != "$default":
        stage, path = api.stages[name], "/" + (rest_of_path[0] if rest_of_path else "")
    else:
        name, stage, path = "$default", api.stages.get("$default"), request.path
    parts = shown_by(api, stage) if stage is not None else None
    if parts is None:
        raise Ended(said(404, "Not Found"))
    variables = {key: str(text) for key, text in (stage.stage_variables or {}).items()}
    account_id = api.backend.account_id
    context = ApiContext(account_id, api.api_id, domain_name, name, request_id, now(), stage_variables=variables)
    return Arrived(api, stage, parts, request, context, path)


def _require_rate(arrived: Arrived) -> None:
    settings = {**(arrived.stage.default_route_settings or {})}
    settings |= (arrived.stage.route_settings or {}).get(arrived.route.route_key) or {}
    rate, burst = settings.get("throttlingRateLimit"), settings.get("throttlingBurstLimit")
    if rate is None and burst is None:
        return
    buckets = arrived.stage.__dict__.setdefault("_buckets", {})
    key = arrived.route.route_key
    limits = float(rate or 0), float(burst or 0)
    if key not in buckets or (buckets[key].rate, buckets[key].burst) != limits:
        buckets[key] = TokenBucket(*limits)
    if not buckets[key].take(now().timestamp()):
        raise Ended(said(429, "Too Many Requests"))
