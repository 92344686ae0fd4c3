"""AppConfig: applications, environments, profiles, versions, strategies, deployments."""

import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.exceptions import ClientError
from conftest import client
from hypothesis import given
from hypothesis import strategies as st

from course import lab
from course.lab.appconfig.growth import percentage, steps

SCHEMA = json.dumps({"type": "object", "required": ["limit"], "properties": {"limit": {"type": "number"}}})


class Shop:
    """An application with an environment and a hosted free-form profile."""

    def __init__(self, **profile):
        self.config = client("appconfig")
        self.application = self.config.create_application(Name="shop")["Id"]
        self.environment = self.config.create_environment(ApplicationId=self.application, Name="prod")["Id"]
        self.of = {"ApplicationId": self.application}
        self.there = {**self.of, "EnvironmentId": self.environment}
        made = {"Name": "limits", "LocationUri": "hosted", **profile}
        self.profile = self.config.create_configuration_profile(**self.of, **made)["Id"]
        self.what = {**self.of, "ConfigurationProfileId": self.profile}

    def version(self, content=b'{"limit": 1}', **more):
        more = {"ContentType": "application/json", **more}
        return self.config.create_hosted_configuration_version(Content=content, **self.what, **more)["VersionNumber"]

    def deploy(self, version="1", strategy="AppConfig.AllAtOnce", **more):
        start = {**self.there, **self.what, "DeploymentStrategyId": strategy, "ConfigurationVersion": str(version)}
        return self.config.start_deployment(**start, **more)

    def deployment(self, number=1):
        return self.config.get_deployment(DeploymentNumber=number, **self.there)

    def at_once(self):
        """A strategy without duration or bake time."""
        made = {"DeploymentDurationInMinutes": 0, "GrowthFactor": 100, "FinalBakeTimeInMinutes": 0}
        return self.config.create_deployment_strategy(Name="now", **made)["Id"]


@pytest.fixture
def shop(_fresh):
    return Shop()


def later(**more):
    return lab.context(time=datetime.now(UTC) + timedelta(**more))


def test_what_is_not_there(appconfig, shop, refused):
    """Each kind in its own words, with 404?"""
    code = "ResourceNotFoundException"
    refused(appconfig.get_application, code, "Application not found", status=404, ApplicationId="none123")
    refused(appconfig.get_environment, code, "Environment", status=404, EnvironmentId="none123", **shop.of)
    refused(
        appconfig.get_configuration_profile, code, "ConfigurationProfile", status=404, ConfigurationProfileId="none123",
        **shop.of,
    )  # fmt: skip
    refused(appconfig.get_hosted_configuration_version, code, status=404, VersionNumber=9, **shop.what)
    refused(appconfig.get_deployment_strategy, code, status=404, DeploymentStrategyId="none123")
    refused(appconfig.get_deployment, code, status=404, DeploymentNumber=1, **shop.there)


def test_lengths(appconfig, refused):
    """BadRequestException for what the model does not allow?"""
    refused(appconfig.create_application, "BadRequestException", 64, Name="a" * 65)
    made = {"Name": "s", "DeploymentDurationInMinutes": 1441, "GrowthFactor": 10, "ReplicateTo": "NONE"}
    refused(appconfig.create_deployment_strategy, "BadRequestException", 1440, **made)
    made |= {"DeploymentDurationInMinutes": 10, "GrowthFactor": 101}
    refused(appconfig.create_deployment_strategy, "BadRequestException", 100, **made)
    made |= {"GrowthFactor": 10, "GrowthType": "QUADRATIC"}
    refused(appconfig.create_deployment_strategy, "BadRequestException", "enum value set", **made)


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        ({"LocationUri": "ftp://x"}, "location URI"),
        ({"LocationUri": "ssm-parameter://limits"}, "RetrievalRoleArn"),
        ({"LocationUri": "hosted", "Type": "Flags"}, "AWS.AppConfig.FeatureFlags"),
        (
            {"LocationUri": "s3://b/k", "Type": "AWS.AppConfig.FeatureFlags"},
            "must have the location URI hosted",
        ),
        ({"LocationUri": "hosted", "Validators": [{"Type": "JSON_SCHEMA", "Content": "{"}]}, "schema"),
        ({"LocationUri": "hosted", "Validators": [{"Type": "JSON_SCHEMA", "Content": '{"type": "thing"}'}]}, "schema"),
        ({"LocationUri": "hosted", "Validators": [{"Type": "LAMBDA", "Content": "check"}]}, "ARN"),
        ({"LocationUri": "hosted", "Validators": [{"Type": "JSON_SCHEMA", "Content": SCHEMA}] * 2}, "at most one"),
    ],
)
def test_profiles_that_cannot_be(appconfig, shop, refused, profile, words):
    """Location, role, type and validators?"""
    call = appconfig.create_configuration_profile
    refused(call, "BadRequestException", words, Name="p", **shop.of, **profile)


def test_versions(appconfig, shop, refused):
    """Numbered, locked by the latest number, labelled once, and not too large?"""
    assert shop.version(VersionLabel="v1") == 1
    new = {**shop.what, "Content": b"{}", "ContentType": "application/json"}
    call = appconfig.create_hosted_configuration_version
    refused(call, "ConflictException", "latest version number is 1", status=409, LatestVersionNumber=0, **new)
    refused(call, "ConflictException", "v1", status=409, VersionLabel="v1", **new)
    refused(call, "BadRequestException", "versionLabel", VersionLabel="12", **new)
    too_large = {**new, "Content": b"x" * (2 * 1024 * 1024 + 1)}
    refused(call, "PayloadTooLargeException", status=413, **too_large)
    assert shop.version(LatestVersionNumber=1) == 2
    shown = appconfig.get_hosted_configuration_version(VersionNumber=1, **shop.what)
    assert (shown["Content"].read(), shown["ContentType"]) == (b'{"limit": 1}', "application/json")
    listed = appconfig.list_hosted_configuration_versions(VersionLabel="v*", **shop.what)["Items"]
    assert [one["VersionNumber"] for one in listed] == [1]
    appconfig.delete_hosted_configuration_version(VersionNumber=2, **shop.what)
    assert shop.version() == 3


def test_what_is_in_use_stays(appconfig, shop, refused):
    """A profile with versions, an application with anything in it, AWS's own strategies?"""
    shop.version()
    words = f"Cannot delete configuration profile {shop.profile} because there are still hosted configuration versions"
    refused(appconfig.delete_configuration_profile, "BadRequestException", words, **shop.what)
    refused(appconfig.delete_application, "BadRequestException", "environments", **shop.of)
    words = "Cannot delete predefined Deployment Strategy AppConfig.AllAtOnce"
    refused(
        appconfig.delete_deployment_strategy, "BadRequestException", words, DeploymentStrategyId="AppConfig.AllAtOnce"
    )
    appconfig.delete_hosted_configuration_version(VersionNumber=1, **shop.what)
    appconfig.delete_configuration_profile(**shop.what)
    appconfig.delete_environment(**shop.there)
    appconfig.delete_application(**shop.of)
    appconfig.delete_deployment_strategy(DeploymentStrategyId=shop.at_once())


def test_the_strategies_of_aws(appconfig):
    """Are the four there, with their times?"""
    found = {one["Id"]: one for one in appconfig.list_deployment_strategies()["Items"]}
    canary = found["AppConfig.Canary10Percent20Minutes"]
    assert (canary["GrowthType"], canary["GrowthFactor"], canary["DeploymentDurationInMinutes"]) == (
        "EXPONENTIAL",
        10,
        20,
    )
    assert found["AppConfig.AllAtOnce"]["FinalBakeTimeInMinutes"] == 10
    assert {"AppConfig.Linear50PercentEvery30Seconds", "AppConfig.Linear20PercentEvery6Minutes"} <= set(found)


def test_a_deployment_all_at_once(shop):
    """DEPLOYING in the answer, BAKING at once, COMPLETE after ten minutes?"""
    shop.version()
    assert (shop.deploy()["State"], shop.config.get_environment(**shop.there)["State"]) == ("DEPLOYING", "DEPLOYING")
    assert (shop.deployment()["State"], shop.deployment()["PercentageComplete"]) == ("BAKING", 100)
    with later(minutes=11):
        shown = shop.deployment()
        assert shown["State"] == "COMPLETE" and shown["EventLog"][0]["EventType"] == "DEPLOYMENT_COMPLETED"
        assert shop.config.get_environment(**shop.there)["State"] == "READY_FOR_DEPLOYMENT"


def test_a_deployment_grows_with_time(shop):
    """20 % every six minutes, then half an hour of bake time?"""
    shop.version()
    shop.deploy(strategy="AppConfig.Linear20PercentEvery6Minutes")
    seen = []
    for minutes in (1, 7, 13, 29, 31, 61):
        with later(minutes=minutes):
            shown = shop.deployment()
            seen.append((shown["State"], shown["PercentageComplete"]))
    assert seen == [
        *(("DEPLOYING", 0), ("DEPLOYING", 20), ("DEPLOYING", 40), ("DEPLOYING", 80)),
        *(("BAKING", 100), ("COMPLETE", 100)),
    ]


@given(
    kind=st.sampled_from(["LINEAR", "EXPONENTIAL"]),
    factor=st.floats(1, 100),
    duration=st.integers(0, 1440),
    moments=st.tuples(st.floats(0, 1500), st.floats(0, 1500)),
)
def test_growth_is_monotone_and_ends_at_100(kind, factor, duration, moments):
    """Whatever the strategy, is nothing taken back, and everything reached at the end?"""
    earlier, after = sorted(moments)
    assert percentage(kind, factor, duration, earlier) <= percentage(kind, factor, duration, after) <= 100
    assert steps(kind, factor, duration)[-1] == (duration, 100)
    assert percentage(kind, factor, duration, duration) == 100


def test_one_deployment_at_a_time(shop, refused):
    """Is an environment busy until the bake time is over?"""
    shop.version()
    shop.deploy()
    start = {**shop.there, **shop.what, "DeploymentStrategyId": "AppConfig.AllAtOnce", "ConfigurationVersion": "1"}
    call = shop.config.start_deployment
    refused(call, "ConflictException", "Deployment number 1 already exists", status=409, **start)
    refused(shop.config.delete_environment, "ConflictException", status=409, **shop.there)
    with later(minutes=11):
        assert shop.deploy()["DeploymentNumber"] == 2


def test_deployments_that_cannot_start(shop, refused):
    """Version, strategy, profile and the expected number?"""
    shop.version()
    start = {**shop.there, **shop.what, "DeploymentStrategyId": "AppConfig.AllAtOnce", "ConfigurationVersion": "1"}
    call, missing = shop.config.start_deployment, "ResourceNotFoundException"
    refused(call, missing, status=404, **{**start, "ConfigurationVersion": "9"})
    refused(call, missing, status=404, **{**start, "DeploymentStrategyId": "AppConfig.Unknown99"})
    refused(call, missing, status=404, **{**start, "ConfigurationProfileId": "none123"})
    refused(call, "ConflictException", status=409, LatestDeploymentNumber=3, **start)
    shop.deploy(LatestDeploymentNumber=0)


def test_stopping(shop, refused):
    """Rolled back in progress, reverted within 72 hours when asked for, and nothing else?"""
    shop.version()
    stop = {**shop.there, "DeploymentNumber": 1}
    shop.deploy(strategy="AppConfig.Linear20PercentEvery6Minutes")
    assert shop.config.stop_deployment(**stop)["State"] == "ROLLED_BACK"
    refused(shop.config.stop_deployment, "BadRequestException", "ROLLED_BACK", **stop)
    shop.deploy(strategy=shop.at_once())
    stop["DeploymentNumber"] = 2
    refused(shop.config.stop_deployment, "BadRequestException", "COMPLETE", **stop)
    with later(hours=73), pytest.raises(ClientError, match="72 hours"):
        shop.config.stop_deployment(AllowRevert=True, **stop)
    assert shop.config.stop_deployment(AllowRevert=True, **stop)["State"] == "REVERTED"
    states = [one["State"] for one in shop.config.list_deployments(**shop.there)["Items"]]
    assert states == ["REVERTED", "ROLLED_BACK"]


def test_an_alarm_rolls_back(shop, refused):
    """Must the alarm exist, and does it end a deployment in progress?"""
    alarms = boto3.client("cloudwatch")
    gone = [{"AlarmArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors"}]
    refused(shop.config.update_environment, "BadRequestException", "alarm", Monitors=gone, **shop.there)
    alarms.put_metric_alarm(
        AlarmName="errors", MetricName="Errors", Namespace="Shop", Statistic="Sum", Period=60, EvaluationPeriods=1,
        Threshold=1, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    shop.config.update_environment(Monitors=gone, **shop.there)
    shop.version()
    shop.deploy()
    assert shop.deployment()["State"] == "BAKING"
    alarms.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    shown = shop.deployment()
    assert shown["State"] == "ROLLED_BACK" and shown["EventLog"][0]["TriggeredBy"] == "CLOUDWATCH_ALARM"


def test_a_schema_is_asked_before_a_deployment(refused):
    """Is a configuration that does not fit neither deployed nor valid?"""
    shop = Shop(Validators=[{"Type": "JSON_SCHEMA", "Content": SCHEMA}])
    shop.version(b'{"limit": "many"}')
    shop.version(b"limit: 1")
    shop.version()
    validate = shop.config.validate_configuration
    caught = refused(validate, "BadRequestException", "is not of type 'number'", ConfigurationVersion="1", **shop.what)
    assert caught.response["Reason"] == "InvalidConfiguration"
    assert caught.response["Details"]["InvalidConfiguration"][0]["Location"] == "$.limit"
    start = {**shop.there, **shop.what, "DeploymentStrategyId": "AppConfig.AllAtOnce", "ConfigurationVersion": "2"}
    refused(shop.config.start_deployment, "BadRequestException", "not valid JSON", **start)
    validate(ConfigurationVersion="3", **shop.what)
    shop.deploy("3")


CHECK = """
import base64, json

def handler(event, context):
    if json.loads(base64.b64decode(event["content"]))["limit"] > 10:
        raise ValueError("limit is too high")
"""


def test_a_function_is_asked_too(deploy, awslambda, refused):
    """May AppConfig invoke it, and does its error stop the deployment?"""
    arn = deploy(CHECK)["FunctionArn"]
    shop = Shop(Validators=[{"Type": "LAMBDA", "Content": arn}])
    shop.version()
    shop.version(b'{"limit": 11}')
    start = {**shop.there, **shop.what, "DeploymentStrategyId": "AppConfig.AllAtOnce"}
    call = shop.config.start_deployment
    refused(
        call,
        "BadRequestException",
        "not authorized to perform lambda:InvokeFunction",
        ConfigurationVersion="1",
        **start,
    )
    who = {"Action": "lambda:InvokeFunction", "Principal": "appconfig.amazonaws.com"}
    awslambda.add_permission(FunctionName="f", StatementId="appconfig", **who)
    refused(call, "BadRequestException", "limit is too high", ConfigurationVersion="2", **start)
    assert shop.deploy("1")["DeploymentNumber"] == 1


FLAG = {
    "name": "Checkout",
    "attributes": {"limit": {"constraints": {"type": "number", "required": True, "maximum": 9}}},
}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{", "not valid JSON"),
        ({"flags": {}}, "version"),
        ({"version": "1", "flags": {"Checkout": {"name": "x"}}}, "small letter"),
        ({"version": "1", "flags": {}, "values": {"checkout": {"enabled": True}}}, "no definition"),
        ({"version": "1", "flags": {"checkout": FLAG}, "values": {"checkout": {"enabled": "yes"}}}, "enabled"),
        ({"version": "1", "flags": {"checkout": FLAG}, "values": {"checkout": {"enabled": True}}}, "required"),
        (
            {"version": "1", "flags": {"checkout": FLAG}, "values": {"checkout": {"enabled": True, "limit": 10}}},
            "at most 9",
        ),
        (
            {"version": "1", "flags": {"checkout": FLAG}, "values": {"checkout": {"enabled": True, "limit": "3"}}},
            "number",
        ),
        (
            {"version": "1", "flags": {"checkout": FLAG}, "values": {"checkout": {"enabled": False, "size": 1}}},
            "no attribute size",
        ),
        ({"version": "1", "extra": 1}, "extra"),
    ],
)
def test_flags_that_are_none(refused, document, words):
    """Keys, values, attributes and their constraints?"""
    shop = Shop(Type="AWS.AppConfig.FeatureFlags")
    content = document if isinstance(document, str) else json.dumps(document)
    new = {**shop.what, "Content": content.encode(), "ContentType": "application/json"}
    refused(shop.config.create_hosted_configuration_version, "BadRequestException", words, **new)


def test_tags(appconfig, shop, refused):
    """On what exists, and given at creation?"""
    arn = f"arn:aws:appconfig:us-east-1:123456789012:application/{shop.application}"
    appconfig.tag_resource(ResourceArn=arn, Tags={"team": "blue", "a": "b"})
    appconfig.untag_resource(ResourceArn=arn, TagKeys=["a"])
    assert appconfig.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"team": "blue"}
    gone = arn.replace(shop.application, "none123")
    refused(appconfig.tag_resource, "ResourceNotFoundException", status=404, ResourceArn=gone, Tags={"a": "b"})
    made = appconfig.create_application(Name="tagged", Tags={"team": "red"})["Id"]
    assert appconfig.list_tags_for_resource(ResourceArn=arn.replace(shop.application, made))["Tags"] == {"team": "red"}


def test_refused_on_the_command_line(shop):
    """Does `aws` show code and sentence?"""
    command = ["appconfig", "get-environment", "--application-id", shop.application, "--environment-id", "none123"]
    answer = lab.aws(command)
    assert (
        answer.exit_code and "(ResourceNotFoundException)" in answer.error and "Environment not found" in answer.error
    )


def test_what_the_account_does_not_have(appconfig):
    """Does it say so, and send nothing?"""
    from course.lab.gate import NotOffline

    with pytest.raises(NotOffline, match="ListExtensions"):
        appconfig.list_extensions()
