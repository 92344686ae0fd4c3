"""Deployment strategies: one's own, and the four that every account has.

https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_CreateDeploymentStrategy.html
"""

from __future__ import annotations

from typing import Any

from course.data import figures, value

from ..gate import Call, Refused, answers, refuses
from .store import arn, bad_request, checked, new_id, not_found, page, store, tag

_MEMBERS = (
    *("Name", "Description", "DeploymentDurationInMinutes", "GrowthType"),
    *("GrowthFactor", "FinalBakeTimeInMinutes"),
)


def predefined() -> dict[str, dict[str, Any]]:
    """AWS's strategies by id, which is their name."""
    found = {}
    for fact in figures("appconfig.strategies").values():
        strategy = dict(zip(_MEMBERS, fact.value))
        strategy["GrowthFactor"] = float(strategy["GrowthFactor"])
        found[strategy["Name"]] = {"Id": strategy["Name"], **strategy, "ReplicateTo": "NONE"}
    return found


def strategy_of(call: Call) -> dict[str, Any]:
    """The strategy with the id in the request; Refused if there is none."""
    named = call.params["DeploymentStrategyId"]
    found = store(call).strategies.get(named) or predefined().get(named)
    if found is None:
        raise not_found("DeploymentStrategy", named)
    return found


@refuses("appconfig", "CreateDeploymentStrategy", "UpdateDeploymentStrategy", "ListDeploymentStrategies")
def outside_the_model(call: Call) -> None:
    """BadRequestException for ranges and growth types."""
    checked(call)


@refuses("appconfig", "CreateDeploymentStrategy")
def too_many_strategies(call: Call) -> None:
    """A quota per Region."""
    most = value("appconfig.quotas.strategies")
    if len(store(call).strategies) >= most:
        raise Refused("ServiceQuotaExceededException", f"At most {most} deployment strategies per Region.", 402)


@refuses("appconfig", "UpdateDeploymentStrategy", "DeleteDeploymentStrategy")
def strategies_of_aws(call: Call) -> None:
    """AWS's own stay as they are."""
    named = strategy_of(call)["Id"]
    if named in predefined():
        verb = call.operation.removesuffix("DeploymentStrategy").lower()
        raise bad_request(f"Cannot {verb} predefined Deployment Strategy {named}.")


@answers("appconfig", "CreateDeploymentStrategy")
def create_strategy(call: Call) -> dict:
    """Linear growth and no bake time unless said otherwise."""
    params = call.params
    made = {name: params[name] for name in _MEMBERS if name in params}
    made = {
        "GrowthType": "LINEAR",
        "FinalBakeTimeInMinutes": 0,
        "ReplicateTo": params.get("ReplicateTo", "NONE"),
        **made,
    }
    made["Id"] = new_id()
    store(call).strategies[made["Id"]] = made
    tag(call, arn(call, "deploymentstrategy", made["Id"]))
    return made


@answers("appconfig", "GetDeploymentStrategy")
def get_strategy(call: Call) -> dict:
    """By id."""
    return strategy_of(call)


@answers("appconfig", "ListDeploymentStrategies")
def list_strategies(call: Call) -> dict:
    """One's own, then AWS's."""
    return page(call, [*store(call).strategies.values(), *predefined().values()])


@answers("appconfig", "UpdateDeploymentStrategy")
def update_strategy(call: Call) -> dict:
    """A deployment in progress keeps what it began with."""
    strategy = strategy_of(call)
    strategy.update({name: call.params[name] for name in _MEMBERS if name in call.params})
    return strategy


@answers("appconfig", "DeleteDeploymentStrategy")
def delete_strategy(call: Call) -> dict:
    """Deployments that used it stay."""
    del store(call).strategies[strategy_of(call)["Id"]]
    return {}
