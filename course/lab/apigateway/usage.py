"""Throttling and quotas of REST APIs: the stage's method settings, then the usage plan of the API key.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from course.serverless.throttling import TokenBucket

from ..iam.context import now
from .answers import GatewayError
from .moto_models import rest
from .rest_keys import today, used


def require_stage_rate(stage: rest.Stage, path: str, verb: str) -> None:
    """429 when the stage's own limit for the method, or for all methods, is reached."""
    settings = stage.method_settings or {}
    key = next((one for one in (f"{path.lstrip('/')}/{verb}", "*/*") if one in settings), None)
    if key is None:
        return
    held = settings[key]
    _take(stage, key, held.get("throttlingRateLimit", 0), held.get("throttlingBurstLimit", 0))


def _take(holder: Any, key: Any, rate: float, burst: float) -> None:
    buckets = holder.__dict__.setdefault("_buckets", {})
    bucket = buckets.get(key)
    if bucket is None or (bucket.rate, bucket.burst) != (rate, burst):
        bucket = buckets[key] = TokenBucket(float(rate), float(burst))
    if not bucket.take(now().timestamp()):
        raise GatewayError("THROTTLED", "Too Many Requests")


def key_and_plan(
    backend: rest.APIGatewayBackend, given: str, api_id: str, stage: str
) -> tuple[rest.ApiKey, Any] | None:
    """The enabled key with this value, and its plan for the stage; None if there is none."""
    for plan in backend.usage_plans.values():
        if not any((one.get("apiId"), one.get("stage")) == (api_id, stage) for one in plan.api_stages):
            continue
        for key_id in backend.usage_plan_keys.get(plan.id, {}):
            key = backend.keys.get(key_id)
            if key is not None and key.value == given and key.enabled:
                return key, plan
    return None


def require_key(
    backend: rest.APIGatewayBackend, given: str | None, api_id: str, stage: str, path: str, verb: str
) -> rest.ApiKey:
    """403 without a key of the stage's usage plans, 429 above the plan's rate or quota; counts the request."""
    found = key_and_plan(backend, given, api_id, stage) if given else None
    if found is None:
        raise GatewayError("INVALID_API_KEY", "Forbidden")
    key, plan = found
    quota = plan.quota or {}
    if quota.get("limit") and _counted(backend, plan.id, key.id, quota) >= int(quota["limit"]):
        raise GatewayError("QUOTA_EXCEEDED", "Limit Exceeded")
    of_stage = next(one for one in plan.api_stages if (one.get("apiId"), one.get("stage")) == (api_id, stage))
    own = (of_stage.get("throttle") or {}).get(f"{path}/{verb}")
    throttle = own or plan.throttle or {}
    if throttle.get("rateLimit") is not None or throttle.get("burstLimit") is not None:
        rate = throttle.get("rateLimit") or 0
        _take(plan, (key.id, f"{path}/{verb}" if own else ""), rate, throttle.get("burstLimit") or max(rate, 1))
    counted = used(backend)
    counted[plan.id, key.id, today()] = counted.get((plan.id, key.id, today()), 0) + 1
    return key


def _counted(backend: rest.APIGatewayBackend, plan: str, key: str, quota: dict[str, Any]) -> int:
    """Requests of a key since the quota's period began: a day, a week from Sunday, a month."""
    day = now().date()
    back = {"DAY": 0, "WEEK": (day.weekday() + 1) % 7, "MONTH": day.day - 1}[quota.get("period", "DAY")]
    first = f"{day - timedelta(days=back):%Y-%m-%d}"
    return sum(count for (of, who, when), count in used(backend).items() if (of, who) == (plan, key) and when >= first)
