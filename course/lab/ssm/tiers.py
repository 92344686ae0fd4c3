"""Standard and advanced parameters, and Intelligent-Tiering, which chooses between them.

https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
"""

from __future__ import annotations

from course.data import value

from ..gate import Call, Refused, refuses
from .names import versions_of

STANDARD, ADVANCED, INTELLIGENT = "Standard", "Advanced", "Intelligent-Tiering"


def tier_of(call: Call) -> str:
    """The tier that a PutParameter request leads to: the one it names, the one the parameter has, or the default."""
    params, held = call.params, versions_of(call, call.params["Name"].strip())
    wanted = params.get("Tier") or call.backend.default_parameter_tier
    if held and held[-1].tier == ADVANCED and (wanted == INTELLIGENT or not params.get("Tier")):
        return ADVANCED
    if wanted == INTELLIGENT:
        return ADVANCED if _needs_advanced(call) else STANDARD
    return wanted


def _needs_advanced(call: Call) -> bool:
    params = call.params
    return (
        len(params["Value"].encode()) > value("ssm.parameters.standard")
        or bool(params.get("Policies"))
        or params.get("DataType") in value("ssm.parameters.advanced_data_types")
    )


@refuses("ssm", "PutParameter")
def impossible_tier(call: Call) -> None:
    """4 KB or 8 KB; policies in the advanced tier only; and no way back."""
    params, held = call.params, versions_of(call, call.params["Name"].strip())
    tier, size = tier_of(call), len(params["Value"].encode())
    standard, advanced = value("ssm.parameters.standard"), value("ssm.parameters.advanced")
    if tier == STANDARD and held and held[-1].tier == ADVANCED and params.get("Overwrite"):
        raise Refused(
            "ValidationException",
            "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the "
            "advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced "
            "parameter and recreate it as a standard parameter. Be aware that standard parameters have a value limit "
            f"of {standard} characters.",
        )
    if tier == STANDARD and size > standard:
        raise Refused(
            "ValidationException",
            f"Standard tier parameters support a maximum parameter value of {standard} characters. To create a larger "
            "parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see "
            "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html",
        )
    if size > advanced:
        raise Refused(
            "ValidationException",
            f"Advanced tier parameters support a maximum parameter value of {advanced} characters.",
        )
    if tier == STANDARD and params.get("Policies"):
        raise Refused(
            "ValidationException",
            "Parameter policies are supported for parameters in the advanced-parameter tier only.",
        )
    if tier == STANDARD and params.get("DataType") in value("ssm.parameters.advanced_data_types"):
        raise Refused(
            "ValidationException",
            f"The data type {params['DataType']} is supported for parameters in the advanced-parameter tier only.",
        )
    if tier == STANDARD and not held:
        own = [one for one in call.backend._parameters.values() if one and one[-1].tier == STANDARD]
        most = value("ssm.parameters.standard_per_region")
        if len(own) >= most:
            raise Refused(
                "ParameterLimitExceeded",
                f"You have reached the maximum number of standard parameters for this AWS account and Region ({most}). "
                "To add more parameters, either delete existing parameters or upgrade to the advanced-parameter tier "
                "(charges apply).",
            )
