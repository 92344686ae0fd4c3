"""Applications, deployment groups and deployment configurations."""

import pytest

from course.serverless.traffic_shifting import TrafficShift, predefined, share

pytest_plugins = ("deployment_fixtures",)


def routing(kind, **block):
    name = {"TimeBasedCanary": "timeBasedCanary", "TimeBasedLinear": "timeBasedLinear"}.get(kind)
    return {"type": kind, **({name: block} if block else {})}


def canary(percent, minutes):
    return routing("TimeBasedCanary", canaryPercentage=percent, canaryInterval=minutes)


def linear(percent, minutes):
    return routing("TimeBasedLinear", linearPercentage=percent, linearInterval=minutes)


HALF = {"type": "FLEET_PERCENT", "value": 50}
CONFIGS = {
    "a reserved name": (
        {"deploymentConfigName": "CodeDeployDefault.Mine"},
        "InvalidDeploymentConfigNameException",
        "The prefix CodeDeployDefault. is reserved for predefined configuration names",
    ),
    "an unknown platform": ({"computePlatform": "Fargate"}, "InvalidComputePlatformException", "'Fargate'"),
    "no routing": (
        {"trafficRoutingConfig": None},
        "InvalidTrafficRoutingConfigurationException",
        "cannot be null nor empty",
    ),
    "hosts of a function": ({"minimumHealthyHosts": HALF}, "InvalidMinimumHealthyHostValueException", "should be null"),
    "100 per cent": (
        {"trafficRoutingConfig": canary(100, 5)},
        "InvalidTrafficRoutingConfigurationException",
        "1 to 99",
    ),
    "0 per cent": ({"trafficRoutingConfig": linear(0, 5)}, "InvalidTrafficRoutingConfigurationException", "1 to 99"),
    "more than two days": (
        {"trafficRoutingConfig": canary(10, 2881)},
        "InvalidTrafficRoutingConfigurationException",
        "between 1 and 2880 minutes",
    ),
    "more than two days in steps": (
        {"trafficRoutingConfig": linear(10, 321)},
        "InvalidTrafficRoutingConfigurationException",
        "up to 2880 minutes",
    ),
    "the wrong block": (
        {"trafficRoutingConfig": {**canary(10, 5), "type": "TimeBasedLinear"}},
        "InvalidTrafficRoutingConfigurationException",
        "TimeBasedCanaryConfiguration should be null for TimeBasedLinear type",
    ),
    "no block": (
        {"trafficRoutingConfig": routing("TimeBasedLinear")},
        "InvalidTrafficRoutingConfigurationException",
        "TimeBasedLinearConfiguration should not be null for TimeBasedLinear type",
    ),
    "a kind of hosts that only AWS sets": (
        {
            "computePlatform": "Server",
            "trafficRoutingConfig": None,
            "minimumHealthyHosts": {"type": "MOST_CONCURRENCY", "value": 1},
        },
        "InvalidMinimumHealthyHostValueException",
        "must be HOST_COUNT or FLEET_PERCENT",
    ),
    "no hosts of servers": (
        {"computePlatform": "Server", "trafficRoutingConfig": None},
        "InvalidMinimumHealthyHostValueException",
        "minimum healthy hosts argument is missing",
    ),
    "traffic of servers": (
        {"computePlatform": "Server", "minimumHealthyHosts": HALF},
        "InvalidTrafficRoutingConfigurationException",
        "should be null for Server",
    ),
}


def config(**more):
    """Of create_deployment_config; None leaves an argument out."""
    given = {"deploymentConfigName": "Mine", "computePlatform": "Lambda", "trafficRoutingConfig": canary(20, 3), **more}
    return {key: one for key, one in given.items() if one is not None}


@pytest.mark.parametrize("which", CONFIGS)
def test_an_impossible_configuration_is_refused(refused, codedeploy, which):
    """Does AWS's error name the rule?"""
    wrong, code, words = CONFIGS[which]
    refused(codedeploy.create_deployment_config, code, words, **config(**wrong))


@pytest.mark.parametrize("traffic", [canary(99, 2880), linear(10, 320), linear(33, 960), routing("AllAtOnce")])
def test_a_configuration_of_ones_own(refused, codedeploy, group, traffic):
    """Is it listed, shown, used, and deleted only when no group uses it?"""
    codedeploy.create_deployment_config(**config(trafficRoutingConfig=traffic))
    assert "Mine" in codedeploy.list_deployment_configs()["deploymentConfigsList"]
    shown = codedeploy.get_deployment_config(deploymentConfigName="Mine")["deploymentConfigInfo"]
    assert shown["trafficRoutingConfig"] == traffic and shown["computePlatform"] == "Lambda"
    refused(codedeploy.create_deployment_config, "DeploymentConfigAlreadyExistsException", **config())
    codedeploy.create_deployment_group(**group(deploymentConfigName="Mine"))
    refused(codedeploy.delete_deployment_config, "DeploymentConfigInUseException", deploymentConfigName="Mine")
    codedeploy.delete_deployment_group(applicationName="app", deploymentGroupName="live")
    codedeploy.delete_deployment_config(deploymentConfigName="Mine")
    refused(codedeploy.get_deployment_config, "DeploymentConfigDoesNotExistException", deploymentConfigName="Mine")


def test_the_predefined_configurations(refused, codedeploy):
    """Are the 17 of AWS there, with their traffic or their hosts, and safe?"""
    names = codedeploy.list_deployment_configs()["deploymentConfigsList"]
    assert len(names) == 17 and all(one.startswith("CodeDeployDefault.") for one in names)
    shown = codedeploy.get_deployment_config(deploymentConfigName="CodeDeployDefault.LambdaCanary10Percent5Minutes")
    assert shown["deploymentConfigInfo"]["trafficRoutingConfig"] == canary(10, 5)
    shown = codedeploy.get_deployment_config(deploymentConfigName="CodeDeployDefault.OneAtATime")
    assert shown["deploymentConfigInfo"]["minimumHealthyHosts"] == {"type": "MOST_CONCURRENCY", "value": 1}
    refused(
        codedeploy.delete_deployment_config,
        "InvalidOperationException",
        deploymentConfigName="CodeDeployDefault.OneAtATime",
    )


GROUPS = {
    "an unknown configuration": (
        {"deploymentConfigName": "Canary10Percent5Minutes"},
        "DeploymentConfigDoesNotExistException",
        "No deployment configuration found for name: Canary10Percent5Minutes",
    ),
    "a configuration of servers": (
        {"deploymentConfigName": "CodeDeployDefault.OneAtATime"},
        "InvalidDeploymentConfigNameException",
        "correct compute platform should be Lambda.",
    ),
    "in place": (
        {"deploymentStyle": {"deploymentType": "IN_PLACE"}},
        "InvalidDeploymentStyleException",
        "For LAMBDA deployment, the deployment type must be BLUE_GREEN",
    ),
    "no role": (
        {"serviceRoleArn": "arn:aws:iam::123456789012:role/none"},
        "InvalidRoleException",
        "Cannot assume role",
    ),
    "51 alarms": (
        {"alarmConfiguration": {"enabled": True, "alarms": [{"name": f"a{n}"} for n in range(51)]}},
        "AlarmsLimitExceededException",
        "at most 50",
    ),
    "alarms without names": ({"alarmConfiguration": {"enabled": True}}, "InvalidAlarmConfigException", "no alarm"),
    "roll back without events": (
        {"autoRollbackConfiguration": {"enabled": True}},
        "InvalidAutoRollbackConfigException",
        "at least one event",
    ),
    "an unknown event": (
        {"autoRollbackConfiguration": {"enabled": True, "events": ["ALARM"]}},
        "InvalidAutoRollbackConfigException",
        "'ALARM'",
    ),
    "instances of a function": ({"autoScalingGroups": ["web"]}, "InvalidInputException", "autoScalingGroups"),
}


@pytest.mark.parametrize("which", GROUPS)
def test_an_impossible_group_is_refused(refused, codedeploy, group, which):
    """Does AWS's error name the rule, on creation and on update?"""
    wrong, code, words = GROUPS[which]
    refused(codedeploy.create_deployment_group, code, words, **group(**wrong))
    codedeploy.create_deployment_group(**group())
    update = {"applicationName": "app", "currentDeploymentGroupName": "live"}
    refused(codedeploy.update_deployment_group, code, words, **update, **wrong)


def test_applications_and_groups(refused, codedeploy, group, service_role):
    """Are names unique, defaults those of the platform, and updates kept?"""
    refused(codedeploy.create_application, "ApplicationAlreadyExistsException", "app", applicationName="app")
    refused(
        codedeploy.create_application, "InvalidComputePlatformException", applicationName="x", computePlatform="EC2"
    )
    refused(codedeploy.create_deployment_group, "ApplicationDoesNotExistException", **group(applicationName="none"))
    codedeploy.create_deployment_group(**group())
    refused(codedeploy.create_deployment_group, "DeploymentGroupAlreadyExistsException", "live", **group())
    one = {"applicationName": "app", "deploymentGroupName": "live"}
    shown = codedeploy.get_deployment_group(**one)["deploymentGroupInfo"]
    assert shown["deploymentConfigName"] == "CodeDeployDefault.LambdaAllAtOnce"
    codedeploy.update_deployment_group(
        applicationName="app", currentDeploymentGroupName="live", newDeploymentGroupName="prod"
    )
    refused(codedeploy.get_deployment_group, "DeploymentGroupDoesNotExistException", "live", **one)
    codedeploy.create_application(applicationName="web")
    codedeploy.create_deployment_group(applicationName="web", deploymentGroupName="fleet", serviceRoleArn=service_role)
    shown = codedeploy.get_deployment_group(applicationName="web", deploymentGroupName="fleet")["deploymentGroupInfo"]
    assert shown["deploymentConfigName"] == "CodeDeployDefault.OneAtATime" and shown["computePlatform"] == "Server"
    codedeploy.delete_application(applicationName="web")
    refused(codedeploy.get_application, "ApplicationDoesNotExistException", applicationName="web")


def test_shares_of_traffic():
    """Do a canary, a linear shift and all at once end where AWS says?"""
    assert predefined("LambdaCanary10Percent5Minutes").plan() == [(0, 10), (5, 100)]
    assert [
        predefined(f"LambdaLinear10PercentEvery{n}").duration for n in ("1Minute", "2Minutes", "3Minutes", "10Minutes")
    ] == [
        9,
        18,
        27,
        90,
    ]
    assert TrafficShift("TimeBasedLinear", 33, 1).plan() == [(0, 33), (1, 66), (2, 99), (3, 100)]
    assert predefined("CodeDeployDefault.ECSAllAtOnce").plan() == [(0, 100)]
    assert (share("LambdaCanary10Percent5Minutes", -1), share("LambdaCanary10Percent5Minutes", 4.9)) == (0, 10)
    with pytest.raises(KeyError, match="no predefined traffic shift 'Linear10%Every1Min'"):
        predefined("Linear10%Every1Min")
