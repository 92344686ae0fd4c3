"""API keys and usage plans: who may call how much. A key counts only in a plan of the stage.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
"""

from __future__ import annotations

from typing import Any

from course.data import value

from ..gate import Call, Refused, answers, corrects, refuses
from ..iam.context import now
from .found import missing
from .moto_models import rest
from .wire import shaped

_PERIODS = ("DAY", "WEEK", "MONTH")


@refuses("apigateway", "CreateApiKey")
def impossible_key(call: Call) -> None:
    """A value too short or too long; moto knows of the first."""
    given = call.params.get("value")
    longest = value("apigateway.keys.longest")
    if given and len(given) > longest:
        raise Refused("BadRequestException", f"API Key value should be at most {longest} characters")


@refuses("apigateway", "GetApiKey", "UpdateApiKey", "DeleteApiKey")
def missing_key(call: Call) -> None:
    """The key is there."""
    if call.params["apiKey"] not in call.backend.keys:
        raise missing("API Key")


@corrects("apigateway", "DeleteApiKey")
def key_leaves_its_plans(call: Call, result: Any) -> None:
    """A deleted key is in no plan."""
    for held in call.backend.usage_plan_keys.values():
        held.pop(call.params["apiKey"], None)


@refuses("apigateway", "CreateUsagePlan")
def impossible_plan(call: Call) -> None:
    """A stage that is not there, a rate or a quota that is none."""
    given = call.params
    if not given.get("name"):
        raise Refused("BadRequestException", "Usage Plan name cannot be blank")
    for one in given.get("apiStages") or ():
        require_stage(call, one.get("apiId"), one.get("stage"))
        for throttle in (one.get("throttle") or {}).values():
            _require_throttle(throttle)
    _require_throttle(given.get("throttle") or {})
    _require_quota(given.get("quota") or {})


def require_stage(call: Call, api_id: str | None, stage: str | None, plan: str = "") -> None:
    """The stage of a plan must be deployed."""
    api = call.backend.apis.get(api_id)
    if api is None or stage not in api.stages:
        of = f" specified for usageplan {plan}" if plan else " specified"
        raise Refused("NotFoundException", f"Invalid API Stage {{api: {api_id}, stage: {stage}}}{of}", 404)


def _require_throttle(throttle: dict[str, Any]) -> None:
    for name in ("rateLimit", "burstLimit"):
        if throttle.get(name) is not None and throttle[name] < 0:
            raise Refused("BadRequestException", f"Usage Plan throttle {name} must not be negative: {throttle[name]}")


def _require_quota(quota: dict[str, Any]) -> None:
    if not quota:
        return
    if quota.get("period") not in _PERIODS:
        raise Refused("BadRequestException", f"Usage Plan quota period must be one of {', '.join(_PERIODS)}")
    if quota.get("limit") is None or quota["limit"] <= 0:
        raise Refused("BadRequestException", "Usage Plan quota limit must be greater than 0")
    offset = quota.get("offset") or 0
    most = {"DAY": 0, "WEEK": 6, "MONTH": 27}[quota["period"]]
    if not 0 <= offset <= most:
        raise Refused(
            "BadRequestException",
            f"Usage Plan quota offset must be between 0 and {most} for the period {quota['period']}",
        )


@refuses(
    "apigateway",
    *("GetUsagePlan", "UpdateUsagePlan", "DeleteUsagePlan", "GetUsage", "UpdateUsage"),
    *("CreateUsagePlanKey", "GetUsagePlanKey", "GetUsagePlanKeys", "DeleteUsagePlanKey"),
)
def missing_plan(call: Call) -> None:
    """The plan is there."""
    if call.params["usagePlanId"] not in call.backend.usage_plans:
        raise missing("Usage Plan")


@refuses("apigateway", "DeleteUsagePlan")
def plan_with_stages(call: Call) -> None:
    """A plan is taken from its stages before it is deleted."""
    if call.backend.usage_plans[call.params["usagePlanId"]].api_stages:
        raise Refused("BadRequestException", "Usage Plan must not have any API stages before it is deleted")


@refuses("apigateway", "UpdateUsagePlan")
def impossible_plan_change(call: Call) -> None:
    """A stage that is not there is neither added nor removed; numbers are numbers."""
    plan = call.params["usagePlanId"]
    held = call.backend.usage_plans[plan].api_stages
    for one in call.params.get("patchOperations") or ():
        path, given = one.get("path") or "", one.get("value")
        if path == "/apiStages":
            api_id, colon, stage = (given or "").partition(":")
            if not colon or not stage:
                raise Refused("BadRequestException", "Invalid API Stage specified")
            require_stage(call, api_id, stage, plan)
            is_held = any((one["apiId"], one["stage"]) == (api_id, stage) for one in held)
            if one.get("op") == "remove" and not is_held:
                raise Refused(
                    "NotFoundException",
                    f"Invalid API Stage {{api: {api_id}, stage: {stage}}} specified for usageplan {plan}",
                    404,
                )
        elif path.startswith(("/throttle/", "/quota/limit", "/quota/offset")) and one.get("op") != "remove":
            if not str(given).replace(".", "", 1).isdigit():
                raise Refused("BadRequestException", f"Invalid value '{given}' for {path}")


@corrects("apigateway", "UpdateUsagePlan")
def numbers_of_a_plan(call: Call, result: Any) -> dict:
    """moto keeps a changed quota as text."""
    plan = call.backend.usage_plans[call.params["usagePlanId"]]
    for name in ("limit", "offset"):
        if name in plan.quota:
            plan.quota[name] = int(plan.quota[name])
    return shaped(call, plan.to_json())


@refuses("apigateway", "CreateUsagePlanKey")
def impossible_plan_key(call: Call) -> None:
    """A key of the account, once."""
    if call.params.get("keyType") != "API_KEY":
        raise Refused("BadRequestException", "Invalid key type specified. Valid options are API_KEY")
    key = call.params["keyId"]
    if key not in call.backend.keys:
        raise missing("API Key")
    if key in call.backend.usage_plan_keys.get(call.params["usagePlanId"], {}):
        raise Refused("ConflictException", f"Usage plan key {key} already exists in this usage plan", 409)


@refuses("apigateway", "GetUsagePlanKey", "DeleteUsagePlanKey")
def missing_plan_key(call: Call) -> None:
    """The plan has the key."""
    if call.params["keyId"] not in call.backend.usage_plan_keys.get(call.params["usagePlanId"], {}):
        raise missing("API Key")


def used(backend: rest.APIGatewayBackend) -> dict[tuple[str, str, str], int]:
    """Requests by plan, key and day (2026-11-28); they vanish with the account's state."""
    return backend.__dict__.setdefault("_usage", {})


@answers("apigateway", "GetUsage")
def get_usage(call: Call) -> dict:
    """How many requests each key has made on each day, and how many were left."""
    plan = call.params["usagePlanId"]
    first, last = call.params["startDate"], call.params["endDate"]
    limit = call.backend.usage_plans[plan].quota.get("limit")
    items: dict[str, list[list[int]]] = {}
    for key in call.backend.usage_plan_keys.get(plan, {}):
        if call.params.get("keyId") in (None, key):
            days = sorted(
                day for of, who, day in used(call.backend) if (of, who) == (plan, key) and first <= day <= last
            )
            counts = [used(call.backend)[plan, key, day] for day in days]
            left = [max(0, int(limit) - sum(counts[: n + 1])) if limit else -1 for n in range(len(counts))]
            items[key] = [list(pair) for pair in zip(counts, left, strict=True)]
    return {"usagePlanId": plan, "startDate": first, "endDate": last, "items": items}


def today() -> str:
    """The day on which a request counts, in UTC."""
    return f"{now():%Y-%m-%d}"
