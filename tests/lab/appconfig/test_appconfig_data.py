"""Reading a deployed configuration: sessions, tokens, intervals, what each target gets."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.exceptions import ClientError
from iam_learners import allow, user
from iam_learners import refused as denied
from test_appconfig import FLAG, Shop, later

from course import lab


@pytest.fixture
def shop(_fresh):
    return Shop()


@pytest.fixture
def session(appconfigdata):
    """Start a session and give its first token."""

    def session(**more):
        names = {
            "ApplicationIdentifier": "shop",
            "EnvironmentIdentifier": "prod",
            "ConfigurationProfileIdentifier": "limits",
        }
        return appconfigdata.start_configuration_session(**{**names, **more})["InitialConfigurationToken"]

    return session


def read(answer):
    return answer["Configuration"].read()


def test_by_name_or_id(appconfigdata, shop, session, refused):
    """Application, environment and profile, each of which must exist?"""
    shop.version()
    shop.deploy()
    token = session(ApplicationIdentifier=shop.application, ConfigurationProfileIdentifier=shop.profile)
    assert json.loads(read(appconfigdata.get_latest_configuration(ConfigurationToken=token))) == {"limit": 1}
    names = {
        "ApplicationIdentifier": "shop",
        "EnvironmentIdentifier": "prod",
        "ConfigurationProfileIdentifier": "limits",
    }
    for name, kind in zip(names, ("Application", "Environment", "ConfigurationProfile")):
        call, wrong = appconfigdata.start_configuration_session, {**names, name: "none"}
        caught = refused(call, "ResourceNotFoundException", status=404, **wrong)
        assert caught.response["ResourceType"] == kind and caught.response["ReferencedBy"] == {name: "none"}


def test_empty_when_nothing_changed(appconfigdata, shop, session):
    """The configuration once, then nothing, then the next one?"""
    shop.version(VersionLabel="v1")
    now = shop.at_once()
    shop.deploy(strategy=now)
    first = appconfigdata.get_latest_configuration(ConfigurationToken=session())
    assert (read(first), first["ContentType"], first["VersionLabel"]) == (b'{"limit": 1}', "application/json", "v1")
    assert first["NextPollIntervalInSeconds"] == 60
    second = appconfigdata.get_latest_configuration(ConfigurationToken=first["NextPollConfigurationToken"])
    assert read(second) == b"" and "VersionLabel" not in second
    shop.version(b'{"limit": 2}')
    shop.deploy("2", now)
    third = appconfigdata.get_latest_configuration(ConfigurationToken=second["NextPollConfigurationToken"])
    assert read(third) == b'{"limit": 2}'


def test_a_token_is_good_for_one_call(appconfigdata, shop, session, refused):
    """And for 24 hours, and is one?"""
    shop.version()
    shop.deploy()
    token = session()
    appconfigdata.get_latest_configuration(ConfigurationToken=token)
    call = appconfigdata.get_latest_configuration
    caught = refused(call, "BadRequestException", "expired", ConfigurationToken=token)
    assert caught.response["Details"]["InvalidParameters"]["ConfigurationToken"]["Problem"] == "Expired"
    caught = refused(call, "BadRequestException", ConfigurationToken="token")
    assert caught.response["Details"]["InvalidParameters"]["ConfigurationToken"]["Problem"] == "Corrupted"
    token = session()
    with later(hours=25), pytest.raises(ClientError, match="expired"):
        appconfigdata.get_latest_configuration(ConfigurationToken=token)
    appconfigdata.get_latest_configuration(ConfigurationToken=token)


def test_polling_too_early(appconfigdata, shop, session, refused):
    """Is it refused for a session with an interval, without spending the token?"""
    shop.version()
    shop.deploy()
    first = appconfigdata.get_latest_configuration(ConfigurationToken=session(RequiredMinimumPollIntervalInSeconds=30))
    assert first["NextPollIntervalInSeconds"] == 30
    token = first["NextPollConfigurationToken"]
    call = appconfigdata.get_latest_configuration
    caught = refused(call, "BadRequestException", "too early", ConfigurationToken=token)
    assert (
        caught.response["Details"]["InvalidParameters"]["ConfigurationToken"]["Problem"] == "PollIntervalNotSatisfied"
    )
    with later(seconds=31):
        appconfigdata.get_latest_configuration(ConfigurationToken=token)
    names = {
        "ApplicationIdentifier": "shop",
        "EnvironmentIdentifier": "prod",
        "ConfigurationProfileIdentifier": "limits",
    }
    start = appconfigdata.start_configuration_session
    refused(start, "BadRequestException", 86400, RequiredMinimumPollIntervalInSeconds=86401, **names)


def test_before_anything_is_deployed(appconfigdata, shop, session, refused):
    """Nothing to get, also when the only deployment was rolled back?"""
    shop.version()
    token, call = session(), appconfigdata.get_latest_configuration
    refused(call, "ResourceNotFoundException", "Deployment", status=404, ConfigurationToken=token)
    shop.deploy()
    shop.config.stop_deployment(DeploymentNumber=1, **shop.there)
    refused(call, "ResourceNotFoundException", "Deployment", status=404, ConfigurationToken=token)


def test_a_rollback_brings_the_old_one_back(appconfigdata, shop, session):
    """Does a target that had the new configuration get the one before?"""
    shop.version()
    shop.version(b'{"limit": 2}')
    shop.deploy("1", shop.at_once())
    shop.deploy("2")
    answer = appconfigdata.get_latest_configuration(ConfigurationToken=session())
    assert read(answer) == b'{"limit": 2}'
    shop.config.stop_deployment(DeploymentNumber=2, **shop.there)
    answer = appconfigdata.get_latest_configuration(ConfigurationToken=answer["NextPollConfigurationToken"])
    assert read(answer) == b'{"limit": 1}'


def test_a_share_of_the_targets_has_the_new_one(appconfigdata, shop, session):
    """At 40 %, do about 40 of 100 sessions, and do those that had it keep it?"""
    shop.version()
    shop.version(b'{"limit": 2}')
    shop.deploy("1", shop.at_once())
    tokens = [session() for _ in range(100)]
    shop.deploy("2", "AppConfig.Linear20PercentEvery6Minutes")
    shares = []
    for minutes in (7, 13, 31):
        with later(minutes=minutes):
            answers = [appconfigdata.get_latest_configuration(ConfigurationToken=token) for token in tokens]
        tokens = [one["NextPollConfigurationToken"] for one in answers]
        shares.append(sum(read(one) == b'{"limit": 2}' for one in answers))
    assert 5 <= shares[0] <= 35 and sum(shares) == 100 and 25 <= shares[0] + shares[1] <= 55


def test_flags_are_read_as_values(appconfigdata, session):
    """State and attributes, the attributes of enabled flags only?"""
    shop = Shop(Type="AWS.AppConfig.FeatureFlags")
    document = {
        "version": "1",
        "flags": {"checkout": FLAG, "search": {"name": "Search"}, "old": FLAG},
        "values": {"checkout": {"enabled": True, "limit": 3}, "old": {"enabled": False, "limit": 5}},
    }
    shop.version(json.dumps(document).encode())
    shop.deploy()
    found = json.loads(read(appconfigdata.get_latest_configuration(ConfigurationToken=session())))
    assert found == {"checkout": {"enabled": True, "limit": 3}, "search": {"enabled": False}, "old": {"enabled": False}}


def test_a_configuration_that_lies_elsewhere(appconfigdata, session, role):
    """In Parameter Store, by version?"""
    ssm = boto3.client("ssm")
    ssm.put_parameter(Name="/limits", Value='{"limit": 7}', Type="String")
    shop = Shop(LocationUri="ssm-parameter:///limits", RetrievalRoleArn=role("appconfig.amazonaws.com", "reader"))
    with pytest.raises(ClientError, match="BadRequestException"):
        shop.deploy("2")
    shop.deploy("1")
    assert read(appconfigdata.get_latest_configuration(ConfigurationToken=session())) == b'{"limit": 7}'


def test_the_older_way(appconfig, shop):
    """GetConfiguration, empty for a client that has the version?"""
    shop.version()
    shop.deploy()
    ask = {"Application": "shop", "Environment": "prod", "Configuration": "limits", "ClientId": "me"}
    first = appconfig.get_configuration(**ask)
    assert (first["Content"].read(), first["ConfigurationVersion"]) == (b'{"limit": 1}', "1")
    assert appconfig.get_configuration(ClientConfigurationVersion="1", **ask)["Content"].read() == b""


def test_permissions_name_the_configuration(shop):
    """Is the resource application, environment and configuration?"""
    shop.version()
    shop.deploy()
    start = "arn:aws:appconfig:us-east-1:123456789012:application"
    mine = f"{start}/{shop.application}/environment/{shop.environment}/configuration/{shop.profile}"
    names = {
        "ApplicationIdentifier": "shop",
        "EnvironmentIdentifier": "prod",
        "ConfigurationProfileIdentifier": "limits",
    }
    actions = ("appconfig:StartConfigurationSession", "appconfig:GetLatestConfiguration")
    ana = user(allow(*actions, on=mine))("appconfigdata")
    token = ana.start_configuration_session(**names)["InitialConfigurationToken"]
    assert read(ana.get_latest_configuration(ConfigurationToken=token)) == b'{"limit": 1}'
    bob = user(allow(*actions, on=f"{start}/other/*"), name="bob")
    denied(bob("appconfigdata").start_configuration_session, "AccessDeniedException", mine, **names)
    environment = f"{start}/{shop.application}/environment/{shop.environment}"
    carol = user(allow("appconfig:GetEnvironment", on=[f"{start}/{shop.application}", environment]), name="carol")
    carol("appconfig").get_environment(**shop.there)
    denied(carol("appconfig").list_deployments, "AccessDeniedException", **shop.there)


def test_the_same_seed_gives_the_same_sessions(appconfigdata):
    """Are tokens repeatable?"""
    seen = []
    for _ in range(2):
        lab.reset(seed=5)
        Shop()
        names = {
            "ApplicationIdentifier": "shop",
            "EnvironmentIdentifier": "prod",
            "ConfigurationProfileIdentifier": "limits",
        }
        seen.append(appconfigdata.start_configuration_session(**names)["InitialConfigurationToken"])
    assert seen[0] == seen[1]


def test_times_are_the_accounts(shop):
    """Does a deployment start at the time that is set?"""
    shop.version()
    moment = datetime.now(UTC) + timedelta(days=3)
    with lab.context(time=moment):
        shop.deploy()
    assert abs((shop.deployment()["StartedAt"] - moment).total_seconds()) < 1


def test_a_function_reads_its_configuration(shop, deploy, invoke):
    """And a child process, through the account's address?"""
    shop.version()
    shop.deploy()
    reads = (
        "import boto3\n"
        "def handler(event, context):\n"
        "    data = boto3.client('appconfigdata', region_name='us-east-1')\n"
        "    started = data.start_configuration_session(ApplicationIdentifier='shop', EnvironmentIdentifier='prod',\n"
        "        ConfigurationProfileIdentifier='limits')\n"
        "    token = started['InitialConfigurationToken']\n"
        "    return data.get_latest_configuration(ConfigurationToken=token)['Configuration'].read().decode()\n"
    )
    deploy(reads)
    assert invoke()[0] == '{"limit": 1}'
    lab.serve()
    try:
        child = subprocess.run(
            [sys.executable, "-c", reads + "print(handler({}, None))"], capture_output=True, text=True
        )
    finally:
        lab.stop()
    assert child.stdout == '{"limit": 1}\n', child.stderr
