"""What a call to some services could change, as plain data: used to check that a refusal changes nothing."""


def dns(route53):
    """Hosted zones with their records and VPCs, and health checks."""
    seen = {"Zones": route53.list_hosted_zones()["HostedZones"], "Checks": route53.list_health_checks()["HealthChecks"]}
    for zone in seen["Zones"]:
        one = {"HostedZoneId": zone["Id"]}
        seen[zone["Id"]] = [
            route53.list_resource_record_sets(**one)["ResourceRecordSets"],
            route53.get_hosted_zone(Id=zone["Id"]).get("VPCs"),
        ]
    return seen


def pipelines(codepipeline):
    """Pipelines with their states and executions."""
    seen = {}
    for one in codepipeline.list_pipelines()["pipelines"]:
        name = one["name"]
        seen[name] = [
            codepipeline.get_pipeline(name=name),
            codepipeline.get_pipeline_state(name=name),
            codepipeline.list_pipeline_executions(pipelineName=name),
        ]
    return seen


def builds(codebuild):
    """Projects and builds."""
    names = codebuild.list_projects()["projects"]
    seen = codebuild.batch_get_projects(names=names)["projects"] if names else []
    return [seen, codebuild.list_builds()["ids"]]


def deployments(codedeploy):
    """Applications, groups, configurations and deployments."""
    seen = [codedeploy.list_deployment_configs()["deploymentConfigsList"], codedeploy.list_deployments()["deployments"]]
    for name in codedeploy.list_applications()["applications"]:
        groups = codedeploy.list_deployment_groups(applicationName=name)["deploymentGroups"]
        seen += [codedeploy.get_deployment_group(applicationName=name, deploymentGroupName=one) for one in groups]
    return seen


def firewalls(waf):
    """Web ACLs, rule groups and sets; their lock tokens change with each change."""
    scopes = ("REGIONAL", "CLOUDFRONT") if waf.meta.region_name == "us-east-1" else ("REGIONAL",)
    return [
        [
            waf.list_web_acls(Scope=one)["WebACLs"],
            waf.list_rule_groups(Scope=one)["RuleGroups"],
            waf.list_ip_sets(Scope=one)["IPSets"],
        ]
        for one in scopes
    ]


def detectors(guardduty):
    """Detectors with their filters and findings."""
    seen = {}
    for one in guardduty.list_detectors()["DetectorIds"]:
        found = guardduty.list_findings(DetectorId=one)["FindingIds"]
        seen[one] = [
            guardduty.get_detector(DetectorId=one)["Status"],
            guardduty.list_filters(DetectorId=one)["FilterNames"],
            guardduty.get_findings(DetectorId=one, FindingIds=found)["Findings"] if found else [],
        ]
    return seen


def recorders(config):
    """Recorders, channels and rules."""
    return [
        config.describe_configuration_recorders()["ConfigurationRecorders"],
        config.describe_delivery_channels()["DeliveryChannels"],
        config.describe_config_rules()["ConfigRules"],
    ]


def scans(inspector):
    """Which scans are on."""
    return inspector.batch_get_account_status()


def hubs(securityhub):
    """Whether Security Hub is on: what it refuses without a subscription."""
    try:
        return securityhub.describe_hub()
    except securityhub.exceptions.InvalidAccessException:
        return None


LOOKS = {
    "route53": dns,
    "codepipeline": pipelines,
    "codebuild": builds,
    "codedeploy": deployments,
    "wafv2": firewalls,
    "guardduty": detectors,
    "config": recorders,
    "inspector2": scans,
    "securityhub": hubs,
}
