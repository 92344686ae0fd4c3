"""Configuration profiles: hosted configurations, or those in Parameter Store, Secrets Manager and S3, with validators.

https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_CreateConfigurationProfile.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from course.data import value

from ..gate import Call, Refused, answers, refuses
from ..iam.caller import entity_by_arn
from .store import Profile, application_of, arn, bad_request, checked, new_id, page, profile_of, shown, tag

FLAGS, FREEFORM = "AWS.AppConfig.FeatureFlags", "AWS.Freeform"
_LOCATION = re.compile(
    r"hosted|(ssm-parameter|ssm-document|secretsmanager|s3|codepipeline)://.+|arn:aws[a-z-]*:(ssm|secretsmanager|s3):.+"
)
_WITHOUT_ROLE = ("hosted", "codepipeline://")


@refuses("appconfig", "CreateConfigurationProfile", "UpdateConfigurationProfile", "ListConfigurationProfiles")
def outside_the_model(call: Call) -> None:
    """BadRequestException for lengths and ranges."""
    checked(call)


@refuses("appconfig", "CreateConfigurationProfile")
def impossible_profile(call: Call) -> None:
    """A location that AppConfig reads, with the role it needs; feature flags are hosted."""
    params, application = call.params, application_of(call)
    most = value("appconfig.quotas.profiles")
    if len(application.profiles) >= most:
        raise Refused("ServiceQuotaExceededException", f"At most {most} configuration profiles per application.", 402)
    location, kind = params["LocationUri"], params.get("Type", FREEFORM)
    if not _LOCATION.fullmatch(location):
        raise bad_request(f"The location URI {location} is not one that AWS AppConfig supports.")
    if kind not in (FLAGS, FREEFORM):
        raise bad_request(f"The type {kind} is not one of {FLAGS}, {FREEFORM}.")
    if kind == FLAGS and location != "hosted":
        raise bad_request(f"A configuration profile of type {FLAGS} must have the location URI hosted.")
    if not location.startswith(_WITHOUT_ROLE) and not params.get("RetrievalRoleArn"):
        raise bad_request(f"RetrievalRoleArn is required for the location URI {location}.")


@refuses("appconfig", "CreateConfigurationProfile", "UpdateConfigurationProfile")
def impossible_validators(call: Call) -> None:
    """One JSON schema that is one, one function that is named by its ARN; a role that exists."""
    from moto.iam.models import iam_backends

    params = call.params
    if call.operation == "UpdateConfigurationProfile":
        profile_of(call)
    kinds = [one["Type"] for one in params.get("Validators", ())]
    if len(set(kinds)) != len(kinds):
        raise bad_request("A configuration profile has at most one validator of each type.")
    for one in params.get("Validators", ()):
        if one["Type"] == "JSON_SCHEMA":
            _require_schema(one["Content"])
        elif not re.fullmatch(r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:.+", one["Content"]):
            raise bad_request(f"The validator {one['Content']} is not the ARN of a Lambda function.")
    role = params.get("RetrievalRoleArn")
    if role and entity_by_arn(iam_backends[call.account_id]["aws"], role) is None and f":{call.account_id}:" in role:
        raise bad_request(f"The role {role} does not exist.")


def _require_schema(text: str) -> None:
    from jsonschema import SchemaError
    from jsonschema.validators import validator_for

    try:
        schema = json.loads(text)
        validator_for(schema).check_schema(schema)
    except (ValueError, SchemaError, TypeError, AttributeError) as error:
        words = getattr(error, "message", str(error))
        raise bad_request(f"The JSON schema of the validator is not valid: {words}") from None


def _shown(application_id: str, profile: Profile) -> dict[str, Any]:
    return shown(
        ApplicationId=application_id,
        Id=profile.id,
        Name=profile.name,
        Description=profile.description,
        LocationUri=profile.location,
        RetrievalRoleArn=profile.role,
        Validators=profile.validators,
        Type=profile.type,
        KmsKeyIdentifier=profile.key,
    )


@answers("appconfig", "CreateConfigurationProfile")
def create_profile(call: Call) -> dict:
    """Free-form unless said otherwise."""
    params, application = call.params, application_of(call)
    made = Profile(
        new_id(),
        params["Name"],
        params["LocationUri"],
        params.get("Type", FREEFORM),
        params.get("Description"),
        params.get("RetrievalRoleArn"),
        list(params.get("Validators", ())),
        params.get("KmsKeyIdentifier"),
    )
    application.profiles[made.id] = made
    tag(call, arn(call, "application", application.id, "configurationprofile", made.id))
    return _shown(application.id, made)


@answers("appconfig", "GetConfigurationProfile")
def get_profile(call: Call) -> dict:
    """By id."""
    return _shown(call.params["ApplicationId"], profile_of(call))


@answers("appconfig", "ListConfigurationProfiles")
def list_profiles(call: Call) -> dict:
    """Of an application, of one type if asked."""
    application, kind = application_of(call), call.params.get("Type")
    items = [
        shown(
            ApplicationId=application.id,
            Id=one.id,
            Name=one.name,
            LocationUri=one.location,
            ValidatorTypes=[validator["Type"] for validator in one.validators],
            Type=one.type,
        )
        for one in application.profiles.values()
        if kind in (None, one.type)
    ]
    return page(call, items)


@answers("appconfig", "UpdateConfigurationProfile")
def update_profile(call: Call) -> dict:
    """All but the location and the type."""
    profile, params = profile_of(call), call.params
    profile.name = params.get("Name", profile.name)
    profile.description = params.get("Description", profile.description)
    profile.role = params.get("RetrievalRoleArn", profile.role)
    profile.validators = list(params.get("Validators", profile.validators))
    profile.key = params.get("KmsKeyIdentifier", profile.key) or None
    return _shown(params["ApplicationId"], profile)


@refuses("appconfig", "DeleteConfigurationProfile")
def profile_in_use(call: Call) -> None:
    """Its hosted versions go first."""
    profile = profile_of(call)
    if profile.versions:
        raise bad_request(
            f"Cannot delete configuration profile {profile.id} because there are still hosted configuration versions "
            "existing under it."
        )


@answers("appconfig", "DeleteConfigurationProfile")
def delete_profile(call: Call) -> dict:
    """What is deployed of it stays deployed to nobody."""
    del application_of(call).profiles[profile_of(call).id]
    return {}
