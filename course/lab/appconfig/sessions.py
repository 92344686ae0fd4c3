"""AWS AppConfig Data: an application starts a session, and polls with a token that is good for one call.

https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_appconfigdata_StartConfigurationSession.html
https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_appconfigdata_GetLatestConfiguration.html
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from course.data import value

from .. import ids
from ..gate import Call, Refused, answers, refuses
from ..iam.context import now
from .deployment_state import deployed_to
from .feature_flags import retrieved
from .profiles import FLAGS
from .store import Application, Deployment, Environment, Profile, by_id_or_name, checked, not_found, store


@dataclass
class Session:
    """One session: what it reads, its place among the targets (0 to 100 percent), and the token that is good now."""

    application: Application
    environment: Environment
    profile: Profile
    target: float
    minimum: int | None
    token: str
    issued: datetime
    polled: datetime | None = None
    has: Deployment | None = None


def _named(call: Call, application: str, environment: str, profile: str) -> tuple[Application, Environment, Profile]:
    """By id or name; Refused for what does not exist."""
    found = by_id_or_name(store(call).applications, application)
    if found is None:
        raise _missing("Application", "ApplicationIdentifier", application)
    where = by_id_or_name(found.environments, environment)
    if where is None:
        raise _missing("Environment", "EnvironmentIdentifier", environment)
    what = by_id_or_name(found.profiles, profile)
    if what is None:
        raise _missing("ConfigurationProfile", "ConfigurationProfileIdentifier", profile)
    return found, where, what


def _missing(kind: str, parameter: str, named: str) -> Refused:
    refusal = not_found(kind, named)
    refusal.ResourceType, refusal.ReferencedBy = kind, {parameter: named}
    return refusal


def session_of(call: Call) -> Session | None:
    """The session that a token of any age belongs to."""
    return store(call).sessions.get(call.params.get("ConfigurationToken", "").partition(".")[0])


def _new_token(identifier: str) -> str:
    drawn = ids.stream("appconfig tokens").getrandbits(384).to_bytes(48, "big")
    return f"{identifier}.{base64.urlsafe_b64encode(drawn).decode()}"


@refuses("appconfigdata", "StartConfigurationSession")
def impossible_session(call: Call) -> None:
    """Application, environment and profile exist; the interval is within its range."""
    checked(call)
    names = ("ApplicationIdentifier", "EnvironmentIdentifier", "ConfigurationProfileIdentifier")
    _named(call, *(call.params[name] for name in names))


@answers("appconfigdata", "StartConfigurationSession")
def start_session(call: Call) -> dict:
    """A token for the first call of GetLatestConfiguration."""
    params = call.params
    names = ("ApplicationIdentifier", "EnvironmentIdentifier", "ConfigurationProfileIdentifier")
    identifier = f"{ids.stream('appconfig tokens').getrandbits(64):016x}"
    token = _new_token(identifier)
    store(call).sessions[identifier] = Session(
        *_named(call, *(params[name] for name in names)),
        target=ids.stream("appconfig targets").random() * 100,
        minimum=params.get("RequiredMinimumPollIntervalInSeconds"),
        token=token,
        issued=now(),
    )
    return {"InitialConfigurationToken": token}


@refuses("appconfigdata", "GetLatestConfiguration")
def impossible_poll(call: Call) -> None:
    """A token is good for one call and 24 hours, and a session that set an interval keeps it.

    Before anything is deployed there is nothing to get: ResourceNotFoundException, whose type Deployment is AppConfig's
    own; that AWS answers so, and not with an empty configuration, is not documented.
    """
    token, session = call.params["ConfigurationToken"], session_of(call)
    if session is None:
        raise _invalid("Corrupted", "The configuration token is not valid.")
    if token != session.token or now() - session.issued > timedelta(hours=value("appconfig.sessions.token")):
        raise _invalid("Expired", "The configuration token is expired. A token is valid for one call.")
    if session.polled and session.minimum and now() < session.polled + timedelta(seconds=session.minimum):
        raise _invalid(
            "PollIntervalNotSatisfied",
            f"Request too early: the session's minimum poll interval is {session.minimum} seconds.",
        )
    if deployed_to(call, session.environment, session.profile, session.target) is None:
        refusal = not_found("Deployment", session.profile.name)
        refusal.ResourceType = "Deployment"
        raise refusal


def _invalid(problem: str, message: str) -> Refused:
    refusal = Refused("BadRequestException", message)
    refusal.Reason = "InvalidParameters"
    refusal.Details = {"InvalidParameters": {"ConfigurationToken": {"Problem": problem}}}
    return refusal


@answers("appconfigdata", "GetLatestConfiguration")
def get_latest(call: Call) -> dict:
    """The configuration of this target; empty when it has it already. With the token for the next call."""
    session = session_of(call)
    deployment = deployed_to(call, session.environment, session.profile, session.target)
    fresh = deployment is not session.has
    session.has, session.polled, session.issued = deployment, now(), now()
    session.token = _new_token(session.token.partition(".")[0])
    answer = {
        "NextPollConfigurationToken": session.token,
        "NextPollIntervalInSeconds": session.minimum or value("appconfig.sessions.poll"),
        "Configuration": _content(deployment) if fresh else b"",
        "ContentType": deployment.content_type if fresh else "application/octet-stream",
    }
    return {**answer, "VersionLabel": deployment.label} if fresh and deployment.label else answer


def _content(deployment: Deployment) -> bytes:
    return retrieved(deployment.content) if deployment.profile.type == FLAGS else deployment.content


@answers("appconfig", "GetConfiguration")
def get_configuration(call: Call) -> dict:
    """The older way, without a session; empty when the client says that it has this version."""
    params = call.params
    _, environment, profile = _named(call, params["Application"], params["Environment"], params["Configuration"])
    target = ids.stream(f"appconfig client {params['ClientId']}").random() * 100
    deployment = deployed_to(call, environment, profile, target)
    if deployment is None:
        raise not_found("Deployment", profile.name)
    has = params.get("ClientConfigurationVersion") == deployment.version
    return {
        "Content": b"" if has else _content(deployment),
        "ConfigurationVersion": deployment.version,
        "ContentType": deployment.content_type,
    }


def configuration_arn(call: Call) -> str:
    """The resource of a request for a configuration, which policies name; "" if nothing such exists."""
    params = call.params
    try:
        if call.operation == "GetLatestConfiguration":
            session = session_of(call)
            if session is None:
                return ""
            found = (session.application, session.environment, session.profile)
        else:
            names = ("ApplicationIdentifier", "EnvironmentIdentifier", "ConfigurationProfileIdentifier")
            found = _named(call, *(params[name] for name in names))
    except Refused:
        return ""
    application, environment, profile = found
    path = f"application/{application.id}/environment/{environment.id}/configuration/{profile.id}"
    return f"arn:aws:appconfig:{call.region}:{call.account_id}:{path}"
