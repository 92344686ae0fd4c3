"""Validators of a profile: a JSON schema, a Lambda function that raises, and the schema of feature flags.

https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-configuration-and-profile-validators.html
"""

from __future__ import annotations

import base64
import json

from moto.backends import get_backend
from moto.core.exceptions import HTTPException, ServiceException

from ..awslambda import aliases, execution
from ..gate import Call
from ..iam.service_principals import service_may
from . import feature_flags
from .profiles import FLAGS
from .store import Profile, bad_request

SERVICE = "appconfig.amazonaws.com"


def require_valid(call: Call, profile: Profile, version: str, content: bytes) -> None:
    """Raise Refused(BadRequestException) unless all validators accept the configuration."""
    if profile.type == FLAGS:
        require_flags(content)
    for validator in profile.validators:
        if validator["Type"] == "JSON_SCHEMA":
            _against_schema(validator["Content"], content)
        else:
            _by_function(call, profile, validator["Content"], version, content)


def require_flags(content: bytes) -> None:
    """Raise Refused for what is no document of feature flags."""
    found = feature_flags.problems(content)
    if found:
        raise bad_request(f"Invalid feature flag configuration: {found[0]['Reason']} at {found[0]['Location']}.", found)


def _against_schema(schema: str, content: bytes) -> None:
    from jsonschema.validators import validator_for

    try:
        document = json.loads(content)
    except ValueError as error:
        raise bad_request(f"Error in validating the configuration: it is not valid JSON: {error}", []) from None
    parsed = json.loads(schema)
    errors = sorted(validator_for(parsed)(parsed).iter_errors(document), key=lambda one: list(map(str, one.path)))
    if errors:
        details = [
            {
                "Constraint": str(one.validator),
                "Location": one.json_path,
                "Reason": one.message,
                "Type": "INVALID",
                "Value": json.dumps(one.instance),
            }
            for one in errors
        ]
        raise bad_request(f"Error in validating the configuration: {errors[0].message}", details)


def _by_function(call: Call, profile: Profile, arn: str, version: str, content: bytes) -> None:
    fields = arn.split(":")
    event = {
        "applicationId": call.params["ApplicationId"],
        "configurationProfileId": profile.id,
        "configurationVersion": version,
        "content": base64.b64encode(content).decode(),
        "uri": profile.location,
    }
    try:
        function, invoked = aliases.target(get_backend("lambda")[fields[4]][fields[3]], arn)
    except (ServiceException, HTTPException):
        raise bad_request(f"Error in validating the configuration: the function {arn} does not exist.") from None
    statements = function.policy.statements
    policy = {"Version": "2012-10-17", "Statement": statements} if statements else None
    keys = {"aws:SourceAccount": call.account_id}
    if not service_may(SERVICE, "lambda:InvokeFunction", arn, policy, fields[4], keys):
        raise bad_request(
            f"Error in validating the configuration: {SERVICE} is not authorized to perform lambda:InvokeFunction on {arn}."
        )
    invocation = execution.run(function, json.dumps(event), invoked)
    if invocation.failed:
        answer = json.loads(invocation.payload)
        raise bad_request(f"Error in validating the configuration: {answer.get('errorMessage')}", [])
