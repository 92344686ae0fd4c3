"""Route 53, CodeBuild, CodeDeploy and CodePipeline, AWS WAF, AWS Config, GuardDuty and Inspector."""

from __future__ import annotations

import datetime
import json
import time

from course import lab

from .account import ACCOUNT, allow, policy, zipped
from .notation import Probes

probes = Probes()
probe = probes
# Not answered as AWS answers, so far; each is taken out of here as soon as it is.
not_yet: set[str] = {"an_answer_by_country"}


# Route 53


def zone(aws):
    return aws.route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]


def change(aws, zone, *changes):
    return aws.route53.change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": a, "ResourceRecordSet": r} for a, r in changes]}
    )


def A(value, name="www.example.com", ttl=60, **more):
    return {"Name": name, "Type": "A", "TTL": ttl, "ResourceRecords": [{"Value": value}], **more}


def dns(aws, zone, name="www.example.com", kind="A", **more):
    return aws.route53.test_dns_answer(HostedZoneId=zone, RecordName=name, RecordType=kind, **more)


@probe("traffic-with-route53")
def a_new_zone(aws):
    made = aws.route53.create_hosted_zone(Name="example.com", CallerReference="1")
    assert made["HostedZone"]["Id"].startswith("/hostedzone/") and made["HostedZone"]["Name"] == "example.com."
    assert len(made["DelegationSet"]["NameServers"]) == 4 and made["ChangeInfo"]["Status"] == "PENDING"
    found = aws.route53.list_resource_record_sets(HostedZoneId=made["HostedZone"]["Id"])["ResourceRecordSets"]
    assert [(one["Type"], one["TTL"]) for one in found] == [("NS", 172800), ("SOA", 900)]
    aws.route53.get_waiter("resource_record_sets_changed").wait(
        Id=made["ChangeInfo"]["Id"], WaiterConfig={"Delay": 0, "MaxAttempts": 5}
    )


@probe("traffic-with-route53")
def a_plain_record_is_answered(aws):
    z = zone(aws)
    change(aws, z, ("CREATE", A("192.0.2.1")))
    got = dns(aws, z)
    assert got["RecordData"] == ["192.0.2.1"] and got["ResponseCode"] == "NOERROR" and got["Protocol"] == "UDP"
    assert dns(aws, z, "no.example.com")["ResponseCode"] == "NXDOMAIN"


@probe("traffic-with-route53")
def nine_to_one(aws):
    z = zone(aws)
    change(
        aws,
        z,
        ("CREATE", A("192.0.2.1", SetIdentifier="blue", Weight=9)),
        ("CREATE", A("192.0.2.2", SetIdentifier="green", Weight=1)),
    )
    got = [dns(aws, z)["RecordData"][0] for _ in range(200)]
    assert 3 <= got.count("192.0.2.2") <= 45, got.count("192.0.2.2")


@probe("traffic-with-route53")
def a_weight_of_zero_gets_nothing(aws):
    z = zone(aws)
    change(
        aws,
        z,
        ("CREATE", A("192.0.2.1", SetIdentifier="blue", Weight=1)),
        ("CREATE", A("192.0.2.2", SetIdentifier="green", Weight=0)),
    )
    assert {dns(aws, z)["RecordData"][0] for _ in range(30)} == {"192.0.2.1"}
    change(aws, z, ("UPSERT", A("192.0.2.1", SetIdentifier="blue", Weight=0)))
    assert {dns(aws, z)["RecordData"][0] for _ in range(60)} == {"192.0.2.1", "192.0.2.2"}


def check(aws, inverted=False):
    return aws.route53.create_health_check(
        CallerReference=str(inverted),
        HealthCheckConfig={
            "Type": "HTTPS",
            "FullyQualifiedDomainName": "a.example.com",
            "Port": 443,
            "ResourcePath": "/",
            "Inverted": inverted,
        },
    )["HealthCheck"]["Id"]


@probe("traffic-with-route53")
def fail_over_to_the_second(aws):
    z = zone(aws)
    good = check(aws)
    change(
        aws,
        z,
        ("CREATE", A("192.0.2.1", SetIdentifier="one", Failover="PRIMARY", HealthCheckId=good)),
        ("CREATE", A("192.0.2.2", SetIdentifier="two", Failover="SECONDARY")),
    )
    assert dns(aws, z)["RecordData"] == ["192.0.2.1"]
    aws.route53.update_health_check(HealthCheckId=good, Inverted=True)
    assert dns(aws, z)["RecordData"] == ["192.0.2.2"]


@probe("traffic-with-route53")
def an_answer_by_country(aws):
    z = zone(aws)
    change(
        aws,
        z,
        ("CREATE", A("192.0.2.1", SetIdentifier="de", GeoLocation={"CountryCode": "DE"})),
        ("CREATE", A("192.0.2.2", SetIdentifier="eu", GeoLocation={"ContinentCode": "EU"})),
        ("CREATE", A("192.0.2.3", SetIdentifier="all", GeoLocation={"CountryCode": "*"})),
    )
    places = aws.route53.list_geo_locations()["GeoLocationDetailsList"]
    assert any(one.get("CountryCode") == "DE" for one in places) or places
    got = aws.route53.list_resource_record_sets(HostedZoneId=z)["ResourceRecordSets"]
    assert len(got) == 5
    assert aws.route53.get_geo_location(CountryCode="DE")["GeoLocationDetails"]["CountryName"] == "Germany"


def records(aws, *changes, first=()):
    z = zone(aws)
    if first:
        change(aws, z, *first)
    change(aws, z, *changes)


C = lambda name, target="other.example.org": {
    "Name": name,
    "Type": "CNAME",
    "TTL": 60,
    "ResourceRecords": [{"Value": target}],
}
for _id, (_expected, _changes, _first) in {
    "the_same_record_twice": ("InvalidChangeBatch", [("CREATE", A("192.0.2.1"))], [("CREATE", A("192.0.2.1"))]),
    "a_cname_at_the_top": ("InvalidChangeBatch", [("CREATE", C("example.com"))], []),
    "a_cname_beside_a_record": ("InvalidChangeBatch", [("CREATE", C("www.example.com"))], [("CREATE", A("192.0.2.1"))]),
    "weighted_beside_simple": (
        "InvalidChangeBatch",
        [("CREATE", A("192.0.2.2", SetIdentifier="x", Weight=1))],
        [("CREATE", A("192.0.2.1"))],
    ),
    "weighted_beside_failover": (
        "InvalidChangeBatch",
        [("CREATE", A("192.0.2.2", SetIdentifier="x", Weight=1))],
        [("CREATE", A("192.0.2.1", SetIdentifier="y", Failover="PRIMARY"))],
    ),
    "a_weight_of_256": (
        "InvalidInput|InvalidChangeBatch",
        [("CREATE", A("192.0.2.2", SetIdentifier="x", Weight=256))],
        [],
    ),
    "a_weight_without_identifier": ("InvalidInput|InvalidChangeBatch", [("CREATE", A("192.0.2.2", Weight=1))], []),
    "an_identifier_without_routing": (
        "InvalidInput|InvalidChangeBatch",
        [("CREATE", A("192.0.2.2", SetIdentifier="x"))],
        [],
    ),
    "two_primaries": (
        "InvalidChangeBatch",
        [("CREATE", A("192.0.2.2", SetIdentifier="b", Failover="PRIMARY"))],
        [("CREATE", A("192.0.2.1", SetIdentifier="a", Failover="PRIMARY"))],
    ),
    "an_address_that_is_none": ("InvalidChangeBatch", [("CREATE", A("192.0.2.300"))], []),
    "a_record_of_another_zone": ("InvalidChangeBatch", [("CREATE", A("192.0.2.1", name="www.example.org"))], []),
    "delete_a_record_with_another_value": (
        "InvalidChangeBatch",
        [("DELETE", A("192.0.2.9"))],
        [("CREATE", A("192.0.2.1"))],
    ),
    "delete_a_record": ("ok", [("DELETE", A("192.0.2.1"))], [("CREATE", A("192.0.2.1"))]),
    "delete_the_name_servers": (
        "InvalidChangeBatch",
        [("DELETE", {"Name": "example.com", "Type": "SOA", "TTL": 900, "ResourceRecords": [{"Value": "x"}]})],
        [],
    ),
    "a_text_without_quotes": (
        "InvalidChangeBatch",
        [("CREATE", {"Name": "example.com", "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": "hello"}]})],
        [],
    ),
    "a_mail_exchanger_without_priority": (
        "InvalidChangeBatch",
        [
            (
                "CREATE",
                {"Name": "example.com", "Type": "MX", "TTL": 60, "ResourceRecords": [{"Value": "mail.example.com"}]},
            )
        ],
        [],
    ),
    "a_record_without_ttl": (
        "InvalidInput|InvalidChangeBatch",
        [("CREATE", {"Name": "www.example.com", "Type": "A", "ResourceRecords": [{"Value": "192.0.2.1"}]})],
        [],
    ),
    "a_health_check_that_is_not_there": (
        "InvalidChangeBatch|InvalidInput|NoSuchHealthCheck",
        [("CREATE", A("192.0.2.1", SetIdentifier="x", Weight=1, HealthCheckId="11111111-2222-3333-4444-555555555555"))],
        [],
    ),
}.items():
    probes.add(_id, "traffic-with-route53", _expected, lambda aws, c=_changes, f=_first: records(aws, *c, first=f))


@probe("traffic-with-route53", "HostedZoneNotEmpty")
def delete_a_zone_with_records(aws):
    z = zone(aws)
    change(aws, z, ("CREATE", A("192.0.2.1")))
    yield
    aws.route53.delete_hosted_zone(Id=z)


@probe("traffic-with-route53", "NoSuchHostedZone")
def a_zone_that_is_not_there(aws):
    aws.route53.list_resource_record_sets(HostedZoneId="Z0000000000000")


@probe("traffic-with-route53", "HostedZoneAlreadyExists")
def the_same_caller_reference(aws):
    zone(aws)
    yield
    zone(aws)


@probe("traffic-with-route53")
def one_bad_change_undoes_the_batch(aws):
    z = zone(aws)
    try:
        change(aws, z, ("CREATE", A("192.0.2.1", name="a.example.com")), ("CREATE", C("example.com")))
    except aws.route53.exceptions.InvalidChangeBatch:
        pass
    assert len(aws.route53.list_resource_record_sets(HostedZoneId=z)["ResourceRecordSets"]) == 2


@probe("traffic-with-route53")
def an_alias_to_a_balancer(aws):
    z = zone(aws)
    arn = aws.balancer()
    found = aws.elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]
    change(
        aws,
        z,
        (
            "CREATE",
            {
                "Name": "example.com",
                "Type": "A",
                "AliasTarget": {
                    "HostedZoneId": found["CanonicalHostedZoneId"],
                    "DNSName": found["DNSName"],
                    "EvaluateTargetHealth": False,
                },
            },
        ),
    )
    got = aws.route53.list_resource_record_sets(HostedZoneId=z, StartRecordName="example.com", StartRecordType="A")[
        "ResourceRecordSets"
    ][0]
    assert got["AliasTarget"]["DNSName"].rstrip(".").endswith(found["DNSName"].lower()) or got["AliasTarget"][
        "DNSName"
    ].rstrip(".").endswith(found["DNSName"])


# CodeBuild, CodeDeploy, CodePipeline


def project(aws, name="build", spec="version: 0.2\nphases:\n  build:\n    commands:\n      - echo hi\n", **more):
    role = aws._once("build role", lambda: aws.role("build", {"Service": "codebuild.amazonaws.com"}, allow("*")))
    more = {
        "source": {"type": "NO_SOURCE", "buildspec": spec},
        "artifacts": {"type": "NO_ARTIFACTS"},
        "environment": {
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/amazonlinux-x86_64-standard:5.0",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        "serviceRole": role,
        **more,
    }
    return aws.codebuild.create_project(name=name, **more)["project"]


@probe("release-process")
def a_build_succeeds(aws):
    made = project(aws)
    assert (
        made["timeoutInMinutes"] == 60
        and made["queuedTimeoutInMinutes"] == 480
        and made["arn"].endswith(":project/build")
    )
    build = aws.codebuild.start_build(
        projectName="build", environmentVariablesOverride=[{"name": "STAGE", "value": "test"}]
    )["build"]
    assert build["buildStatus"] == "IN_PROGRESS" and build["id"].startswith("build:") and build["buildNumber"] == 1
    for _ in range(20):
        found = aws.codebuild.batch_get_builds(ids=[build["id"]])["builds"][0]
        if found["buildComplete"]:
            break
    assert found["buildStatus"] == "SUCCEEDED" and found["phases"][-1]["phaseType"] == "COMPLETED"
    assert aws.codebuild.list_builds_for_project(projectName="build")["ids"] == [build["id"]]


@probe("release-process", "ResourceNotFoundException")
def build_what_is_not_there(aws):
    aws.codebuild.start_build(projectName="no")


probes.table(
    "release-process",
    lambda aws, **more: project(aws, **more),
    {
        "an_unknown_compute_type": (
            "InvalidInputException",
            {"environment": {"type": "LINUX_CONTAINER", "image": "x", "computeType": "HUGE"}},
        ),
        "a_build_of_37_hours": ("InvalidInputException|ValidationException", {"timeoutInMinutes": 2220}),
        "no_source_without_buildspec": ("InvalidInputException", {"source": {"type": "NO_SOURCE"}}),
    },
)


def bucket(aws):
    aws.bucket("artifacts-ana")
    aws.s3.put_bucket_versioning(Bucket="artifacts-ana", VersioningConfiguration={"Status": "Enabled"})


def source(out="Src", bucket="artifacts-ana"):
    return {
        "name": "Source",
        "actions": [
            {
                "name": "S3",
                "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"},
                "configuration": {"S3Bucket": bucket, "S3ObjectKey": "app.zip", "PollForSourceChanges": "false"},
                "outputArtifacts": [{"name": out}],
            }
        ],
    }


BUILD = {
    "name": "Build",
    "actions": [
        {
            "name": "Make",
            "actionTypeId": {"category": "Build", "owner": "AWS", "provider": "CodeBuild", "version": "1"},
            "configuration": {"ProjectName": "build"},
            "inputArtifacts": [{"name": "Src"}],
            "outputArtifacts": [{"name": "Built"}],
        }
    ],
}
APPROVE = {
    "name": "Approve",
    "actions": [
        {
            "name": "Ask",
            "actionTypeId": {"category": "Approval", "owner": "AWS", "provider": "Manual", "version": "1"},
            "configuration": {"CustomData": "ok?"},
        }
    ],
}
DEPLOY = {
    "name": "Deploy",
    "actions": [
        {
            "name": "Copy",
            "actionTypeId": {"category": "Deploy", "owner": "AWS", "provider": "S3", "version": "1"},
            "configuration": {"BucketName": "artifacts-ana", "Extract": "true"},
            "inputArtifacts": [{"name": "Built"}],
        }
    ],
}


def pipeline(aws, *stages, name="p"):
    bucket(aws)
    aws.s3.put_object(Bucket="artifacts-ana", Key="app.zip", Body=zipped("x = 1"))
    project(aws)
    role = aws._once("pipe role", lambda: aws.role("pipe", {"Service": "codepipeline.amazonaws.com"}, allow("*")))
    aws.codepipeline.create_pipeline(
        pipeline={
            "name": name,
            "roleArn": role,
            "artifactStore": {"type": "S3", "location": "artifacts-ana"},
            "stages": list(stages),
        }
    )


def stage_states(aws):
    return {
        one["stageName"]: one.get("latestExecution", {}).get("status")
        for one in aws.codepipeline.get_pipeline_state(name="p")["stageStates"]
    }


def waits_for_approval(aws):
    for _ in range(50):
        found = [
            one for one in aws.codepipeline.get_pipeline_state(name="p")["stageStates"] if one["stageName"] == "Approve"
        ][0]
        action = found["actionStates"][0].get("latestExecution", {})
        if action.get("token"):
            return action["token"]
        time.sleep(0.05)
    raise AssertionError(found)


@probe("release-process")
def a_pipeline_with_approval(aws):
    pipeline(aws, source(), BUILD, APPROVE, DEPLOY)
    execution = aws.codepipeline.list_pipeline_executions(pipelineName="p")["pipelineExecutionSummaries"][0][
        "pipelineExecutionId"
    ]
    token = waits_for_approval(aws)
    states = stage_states(aws)
    assert (
        states["Source"] == states["Build"] == "Succeeded"
        and states["Approve"] == "InProgress"
        and states["Deploy"] in (None, "InProgress")
        and states["Deploy"] is None
    ), states
    aws.codepipeline.put_approval_result(
        pipelineName="p",
        stageName="Approve",
        actionName="Ask",
        token=token,
        result={"summary": "fine", "status": "Approved"},
    )
    for _ in range(50):
        if (
            aws.codepipeline.get_pipeline_execution(pipelineName="p", pipelineExecutionId=execution)[
                "pipelineExecution"
            ]["status"]
            == "Succeeded"
        ):
            break
        time.sleep(0.05)
    assert stage_states(aws)["Deploy"] == "Succeeded"
    assert [
        one["status"]
        for one in aws.codepipeline.list_pipeline_executions(pipelineName="p")["pipelineExecutionSummaries"]
        if one["pipelineExecutionId"] == execution
    ] == ["Succeeded"]


@probe("release-process")
def a_pipeline_that_is_rejected(aws):
    pipeline(aws, source(), BUILD, APPROVE, DEPLOY)
    execution = aws.codepipeline.list_pipeline_executions(pipelineName="p")["pipelineExecutionSummaries"][0][
        "pipelineExecutionId"
    ]
    token = waits_for_approval(aws)
    aws.codepipeline.put_approval_result(
        pipelineName="p",
        stageName="Approve",
        actionName="Ask",
        token=token,
        result={"summary": "no", "status": "Rejected"},
    )
    assert (
        aws.codepipeline.get_pipeline_execution(pipelineName="p", pipelineExecutionId=execution)["pipelineExecution"][
            "status"
        ]
        == "Failed"
    )
    assert stage_states(aws)["Approve"] == "Failed" and stage_states(aws)["Deploy"] is None


@probe("release-process", "InvalidApprovalTokenException")
def approve_with_another_token(aws):
    pipeline(aws, source(), BUILD, APPROVE, DEPLOY)
    waits_for_approval(aws)
    yield
    aws.codepipeline.put_approval_result(
        pipelineName="p",
        stageName="Approve",
        actionName="Ask",
        token="11111111-2222-3333-4444-555555555555",
        result={"summary": "x", "status": "Approved"},
    )


@probe("release-process")
def a_closed_transition(aws):
    pipeline(aws, source(), BUILD)
    aws.codepipeline.disable_stage_transition(
        pipelineName="p", stageName="Build", transitionType="Inbound", reason="freeze"
    )
    execution = aws.codepipeline.start_pipeline_execution(name="p")["pipelineExecutionId"]
    found = [
        one for one in aws.codepipeline.get_pipeline_state(name="p")["stageStates"] if one["stageName"] == "Build"
    ][0]
    assert (
        found["inboundTransitionState"]["enabled"] is False
        and found["inboundTransitionState"]["disabledReason"] == "freeze"
    )
    assert found.get("latestExecution", {}).get("pipelineExecutionId") != execution
    aws.codepipeline.enable_stage_transition(pipelineName="p", stageName="Build", transitionType="Inbound")
    assert stage_states(aws)["Build"] in ("InProgress", "Succeeded")


for _id, (_expected, _stages) in {
    "a_pipeline_of_one_stage": ("InvalidStructureException|ValidationException", [source()]),
    "a_pipeline_that_begins_with_a_build": (
        "InvalidStructureException|InvalidStageDeclarationException",
        [BUILD, DEPLOY],
    ),
    "an_artifact_nobody_makes": (
        "InvalidStructureException|InvalidStageDeclarationException|InvalidActionDeclarationException",
        [source("Other"), BUILD],
    ),
    "an_artifact_before_it_is_made": (
        "InvalidStructureException|InvalidStageDeclarationException|InvalidActionDeclarationException",
        [source(), DEPLOY, BUILD],
    ),
    "two_stages_of_one_name": (
        "InvalidStructureException|InvalidStageDeclarationException",
        [source(), BUILD, {**APPROVE, "name": "Build"}],
    ),
    "an_approval_with_artifacts": (
        "InvalidStructureException|InvalidStageDeclarationException|InvalidActionDeclarationException",
        [source(), {"name": "A", "actions": [{**APPROVE["actions"][0], "inputArtifacts": [{"name": "Src"}]}]}],
    ),
    "two_actions_that_make_the_same": (
        "InvalidStructureException|InvalidStageDeclarationException|InvalidActionDeclarationException",
        [source(), BUILD, {"name": "Again", "actions": BUILD["actions"]}],
    ),
}.items():
    probes.add(_id, "release-process", _expected, lambda aws, s=_stages: pipeline(aws, *s))


@probe("release-process", "PipelineNotFoundException")
def a_pipeline_that_is_not_there(aws):
    aws.codepipeline.start_pipeline_execution(name="no")


@probe("release-process", "PipelineNameInUseException")
def a_pipeline_of_the_same_name(aws):
    pipeline(aws, source(), BUILD)
    yield
    aws.codepipeline.create_pipeline(
        pipeline={
            "name": "p",
            "roleArn": f"arn:aws:iam::{ACCOUNT}:role/pipe",
            "artifactStore": {"type": "S3", "location": "artifacts-ana"},
            "stages": [source(), BUILD],
        }
    )


def canary(aws, config="CodeDeployDefault.LambdaCanary10Percent5Minutes", **more):
    aws.function("def handler(e, c): return c.function_version", Publish=True)
    aws.awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    aws.awslambda.update_function_code(
        FunctionName="f", ZipFile=zipped("def handler(e, c): return c.function_version + '!'"), Publish=True
    )
    role = aws.role("deploy", {"Service": "codedeploy.amazonaws.com"}, allow("*"))
    aws.codedeploy.create_application(applicationName="a", computePlatform="Lambda")
    more = {"deploymentConfigName": config, **more}
    aws.codedeploy.create_deployment_group(
        applicationName="a",
        deploymentGroupName="g",
        serviceRoleArn=role,
        deploymentStyle={"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
        **more,
    )


def deploy(aws, **more):
    spec = {
        "version": 0.0,
        "Resources": [
            {
                "f": {
                    "Type": "AWS::Lambda::Function",
                    "Properties": {"Name": "f", "Alias": "live", "CurrentVersion": "1", "TargetVersion": "2", **more},
                }
            }
        ],
    }
    return aws.codedeploy.create_deployment(
        applicationName="a",
        deploymentGroupName="g",
        revision={"revisionType": "AppSpecContent", "appSpecContent": {"content": json.dumps(spec)}},
    )["deploymentId"]


def alias(aws):
    found = aws.awslambda.get_alias(FunctionName="f", Name="live")
    return found["FunctionVersion"], found.get("RoutingConfig", {}).get("AdditionalVersionWeights") or {}


def status(aws, id):
    return aws.codedeploy.get_deployment(deploymentId=id)["deploymentInfo"]["status"]


@probe("deployment-strategies")
def a_canary_shifts_a_tenth_then_all(aws):
    canary(aws)
    id = deploy(aws)
    assert id.startswith("d-") and status(aws, id) == "InProgress" and alias(aws) == ("1", {"2": 0.1}), alias(aws)
    with lab.context(
        time=(datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=6)).strftime("%Y-%m-%dT%H:%M:%SZ")
    ):
        assert status(aws, id) == "Succeeded" and alias(aws) == ("2", {}), alias(aws)


@probe("deployment-strategies")
def all_at_once(aws):
    canary(aws, "CodeDeployDefault.LambdaAllAtOnce")
    id = deploy(aws)
    assert status(aws, id) == "Succeeded" and alias(aws) == ("2", {})
    assert aws.codedeploy.get_deployment(deploymentId=id)["deploymentInfo"]["computePlatform"] == "Lambda"


@probe("deployment-strategies")
def an_alarm_rolls_a_canary_back(aws):
    aws.alarms.put_metric_alarm(
        AlarmName="errors",
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )
    canary(
        aws,
        alarmConfiguration={"enabled": True, "alarms": [{"name": "errors"}]},
        autoRollbackConfiguration={"enabled": True, "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]},
    )
    id = deploy(aws)
    aws.alarms.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    found = aws.codedeploy.get_deployment(deploymentId=id)["deploymentInfo"]
    assert found["status"] == "Stopped" and found["errorInformation"]["code"] == "ALARM_ACTIVE", found
    assert alias(aws) == ("1", {}) and found["rollbackInfo"]["rollbackDeploymentId"], found.get("rollbackInfo")


@probe("deployment-strategies")
def stop_a_canary_and_roll_back(aws):
    canary(aws)
    id = deploy(aws)
    got = aws.codedeploy.stop_deployment(deploymentId=id, autoRollbackEnabled=True)
    assert got["status"] in ("Succeeded", "Pending") and status(aws, id) == "Stopped" and alias(aws) == ("1", {})


@probe("deployment-strategies")
def a_hook_that_refuses(aws):
    code = "import boto3\ndef handler(e, c): boto3.client('codedeploy').put_lifecycle_event_hook_execution_status(deploymentId=e['DeploymentId'], lifecycleEventHookExecutionId=e['LifecycleEventHookExecutionId'], status='Failed')"
    canary(aws, "CodeDeployDefault.LambdaAllAtOnce")
    aws.function(code, name="CodeDeployHook_check", Timeout=20)
    spec = {
        "version": 0.0,
        "Resources": [
            {
                "f": {
                    "Type": "AWS::Lambda::Function",
                    "Properties": {"Name": "f", "Alias": "live", "CurrentVersion": "1", "TargetVersion": "2"},
                }
            }
        ],
        "Hooks": [{"BeforeAllowTraffic": "CodeDeployHook_check"}],
    }
    id = aws.codedeploy.create_deployment(
        applicationName="a",
        deploymentGroupName="g",
        revision={"revisionType": "AppSpecContent", "appSpecContent": {"content": json.dumps(spec)}},
    )["deploymentId"]
    assert status(aws, id) == "Failed" and alias(aws) == ("1", {}), (status(aws, id), alias(aws))


@probe("deployment-strategies", "DeploymentConfigDoesNotExistException")
def a_way_to_deploy_that_is_not_there(aws):
    canary(aws, "CodeDeployDefault.LambdaCanary11Percent5Minutes")


@probe(
    "deployment-strategies",
    "InvalidComputePlatformException|DeploymentConfigDoesNotExistException|InvalidDeploymentConfigNameException",
)
def a_way_for_servers(aws):
    canary(aws, "CodeDeployDefault.OneAtATime")


@probe("deployment-strategies", "DeploymentGroupDoesNotExistException")
def deploy_to_no_group(aws):
    aws.codedeploy.create_application(applicationName="a", computePlatform="Lambda")
    yield
    deploy(aws)


@probe("deployment-strategies", "DeploymentDoesNotExistException")
def a_deployment_that_is_not_there(aws):
    aws.codedeploy.get_deployment(deploymentId="d-ABCDEF123")


@probe("deployment-strategies", "DeploymentAlreadyCompletedException")
def stop_what_is_done(aws):
    canary(aws, "CodeDeployDefault.LambdaAllAtOnce")
    id = deploy(aws)
    yield
    aws.codedeploy.stop_deployment(deploymentId=id)


# WAF


VIS = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}


def rule(name="r", priority=0, statement=None, **action):
    action = action or {"Action": {"Block": {}}}
    return {
        "Name": name,
        "Priority": priority,
        "Statement": statement or {"GeoMatchStatement": {"CountryCodes": ["DE"]}},
        "VisibilityConfig": VIS,
        **action,
    }


def acl(aws, *rules, scope="REGIONAL", default=None, name="acl", **more):
    return aws.wafv2.create_web_acl(
        Name=name, Scope=scope, DefaultAction=default or {"Allow": {}}, VisibilityConfig=VIS, Rules=list(rules), **more
    )["Summary"]


RATE = lambda n: {"RateBasedStatement": {"Limit": n, "AggregateKeyType": "IP"}}
MANAGED = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}
for _id, (_expected, _rules) in {
    "a_rate_above_two_thousand_millions": ("WAFInvalidParameterException", [rule(statement=RATE(2_000_000_001))]),
    "a_rate_of_ten": ("ok", [rule(statement=RATE(10))]),
    "two_rules_of_one_priority": ("WAFInvalidParameterException", [rule("a"), rule("b")]),
    "two_rules_of_one_name": ("WAFInvalidParameterException", [rule("a"), rule("a", 1)]),
    "a_managed_group_with_action": ("WAFInvalidParameterException", [rule(statement=MANAGED)]),
    "a_managed_group_with_override": ("ok", [rule(statement=MANAGED, OverrideAction={"None": {}})]),
    "a_group_nobody_has": (
        "WAFInvalidParameterException|WAFNonexistentItemException",
        [
            rule(
                statement={"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesNoSuch"}},
                OverrideAction={"None": {}},
            )
        ],
    ),
    "a_country_that_is_none": (
        "WAFInvalidParameterException",
        [rule(statement={"GeoMatchStatement": {"CountryCodes": ["ZZ"]}})],
    ),
    "a_set_that_is_not_there": (
        "WAFNonexistentItemException|WAFInvalidParameterException",
        [
            rule(
                statement={
                    "IPSetReferenceStatement": {
                        "ARN": f"arn:aws:wafv2:us-east-1:{ACCOUNT}:regional/ipset/x/11111111-2222-3333-4444-555555555555"
                    }
                }
            )
        ],
    ),
}.items():
    probes.add(_id, "defense-in-depth", _expected, lambda aws, r=_rules: acl(aws, *r))


@probe("defense-in-depth")
def a_list_of_addresses_with_its_lock(aws):
    made = aws.wafv2.create_ip_set(Name="bad", Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=["192.0.2.0/24"])[
        "Summary"
    ]
    where = {"Name": "bad", "Scope": "REGIONAL", "Id": made["Id"]}
    aws.wafv2.update_ip_set(**where, Addresses=["198.51.100.7/32"], LockToken=made["LockToken"])
    got = aws.wafv2.get_ip_set(**where)
    assert got["IPSet"]["Addresses"] == ["198.51.100.7/32"] and got["LockToken"] != made["LockToken"]
    try:
        aws.wafv2.update_ip_set(**where, Addresses=[], LockToken=made["LockToken"])
    except aws.wafv2.exceptions.WAFOptimisticLockException:
        return
    raise AssertionError("an old lock token was taken")


@probe("defense-in-depth", "WAFInvalidParameterException")
def addresses_without_mask(aws):
    aws.wafv2.create_ip_set(Name="bad", Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=["192.0.2.1"])


@probe("defense-in-depth", "WAFAssociatedItemException")
def delete_a_set_in_use(aws):
    made = aws.wafv2.create_ip_set(Name="bad", Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=["192.0.2.0/24"])[
        "Summary"
    ]
    acl(aws, rule(statement={"IPSetReferenceStatement": {"ARN": made["ARN"]}}))
    yield
    aws.wafv2.delete_ip_set(Name="bad", Scope="REGIONAL", Id=made["Id"], LockToken=made["LockToken"])


@probe("defense-in-depth")
def a_web_acl_before_an_api(aws):
    made = aws.wafv2.create_ip_set(
        Name="bad", Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=["198.51.100.7/32"]
    )["Summary"]
    web = acl(aws, rule(statement={"IPSetReferenceStatement": {"ARN": made["ARN"]}}))
    api = aws.apigateway.create_rest_api(name="m")["id"]
    root = aws.apigateway.get_resources(restApiId=api)["items"][0]["id"]
    where = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    aws.apigateway.put_method(**where, authorizationType="NONE")
    aws.apigateway.put_integration(**where, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    aws.apigateway.put_method_response(**where, statusCode="200")
    aws.apigateway.put_integration_response(**where, statusCode="200")
    aws.apigateway.create_deployment(restApiId=api, stageName="s")
    stage = f"arn:aws:apigateway:us-east-1::/restapis/{api}/stages/s"
    aws.wafv2.associate_web_acl(WebACLArn=web["ARN"], ResourceArn=stage)
    assert aws.wafv2.get_web_acl_for_resource(ResourceArn=stage)["WebACL"]["Name"] == "acl"
    assert aws.wafv2.list_resources_for_web_acl(WebACLArn=web["ARN"], ResourceType="API_GATEWAY")["ResourceArns"] == [
        stage
    ]
    got = lab.request("GET", f"https://{api}.execute-api.us-east-1.amazonaws.com/s")
    assert got.status == 403 and got.json() == {"message": "Forbidden"}, (got.status, got.text)


@probe("defense-in-depth", "WAFAssociatedItemException")
def delete_a_web_acl_in_use(aws):
    web = acl(aws)
    aws.wafv2.associate_web_acl(WebACLArn=web["ARN"], ResourceArn=aws.balancer())
    yield
    aws.wafv2.delete_web_acl(Name="acl", Scope="REGIONAL", Id=web["Id"], LockToken=web["LockToken"])


@probe("defense-in-depth")
def the_capacity_of_rules(aws):
    got = aws.wafv2.check_capacity(
        Scope="REGIONAL", Rules=[rule(statement=MANAGED, OverrideAction={"None": {}}), rule("b", 1, RATE(100))]
    )["Capacity"]
    assert got == 702, got


@probe("defense-in-depth", "WAFDuplicateItemException")
def a_web_acl_of_the_same_name(aws):
    acl(aws)
    yield
    acl(aws)


# Config, GuardDuty, Inspector


def recording(aws):
    aws.bucket("config-ana")
    aws.s3.put_bucket_policy(
        Bucket="config-ana",
        Policy=policy(
            allow(
                "s3:*",
                on=["arn:aws:s3:::config-ana", "arn:aws:s3:::config-ana/*"],
                Principal={"Service": "config.amazonaws.com"},
            )
        ),
    )
    role = aws.role("recorder", {"Service": "config.amazonaws.com"}, allow("*"))
    aws.config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": role,
            "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
        }
    )


@probe("detective-controls")
def record_and_judge(aws):
    recording(aws)
    aws.config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "config-ana"})
    aws.config.start_configuration_recorder(ConfigurationRecorderName="default")
    found = aws.config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"][0]
    assert found["recording"] is True and found["lastStatus"] in ("SUCCESS", "PENDING")
    open_ = aws.security_group("open")
    closed = aws.security_group("closed")
    aws.ec2.authorize_security_group_ingress(
        GroupId=open_, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0"
    )
    aws.config.put_config_rule(
        ConfigRule={
            "ConfigRuleName": "no-ssh",
            "Source": {"Owner": "AWS", "SourceIdentifier": "INCOMING_SSH_DISABLED"},
            "Scope": {"ComplianceResourceTypes": ["AWS::EC2::SecurityGroup"]},
        }
    )
    got = aws.config.get_compliance_details_by_config_rule(ConfigRuleName="no-ssh")["EvaluationResults"]
    kinds = {
        one["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]: one["ComplianceType"]
        for one in got
    }
    assert kinds[open_] == "NON_COMPLIANT" and kinds[closed] == "COMPLIANT", kinds
    assert (
        aws.config.describe_compliance_by_config_rule(ConfigRuleNames=["no-ssh"])["ComplianceByConfigRules"][0][
            "Compliance"
        ]["ComplianceType"]
        == "NON_COMPLIANT"
    )


@probe("detective-controls", "NoAvailableDeliveryChannelException")
def record_without_a_channel(aws):
    recording(aws)
    yield
    aws.config.start_configuration_recorder(ConfigurationRecorderName="default")


@probe("detective-controls", "NoAvailableConfigurationRecorderException")
def a_channel_without_recorder(aws):
    aws.bucket("config-ana")
    yield
    aws.config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "config-ana"})


@probe("detective-controls", "NoSuchConfigRuleException")
def a_rule_that_is_not_there(aws):
    aws.config.describe_config_rules(ConfigRuleNames=["no"])


@probe("detective-controls", "InvalidParameterValueException")
def a_managed_rule_nobody_has(aws):
    recording(aws)
    yield
    aws.config.put_config_rule(
        ConfigRule={"ConfigRuleName": "x", "Source": {"Owner": "AWS", "SourceIdentifier": "NO_SUCH_RULE"}}
    )


@probe("detective-controls", "MaxNumberOfConfigurationRecordersExceededException")
def a_second_recorder(aws):
    recording(aws)
    yield
    aws.config.put_configuration_recorder(
        ConfigurationRecorder={"name": "two", "roleARN": f"arn:aws:iam::{ACCOUNT}:role/recorder"}
    )


@probe("detective-controls", "BadRequestException")
def a_second_detector(aws):
    aws.guardduty.create_detector(Enable=True)
    yield
    aws.guardduty.create_detector(Enable=True)


@probe("detective-controls")
def sample_findings_are_filtered_and_archived(aws):
    g = aws.guardduty
    d = g.create_detector(Enable=True, FindingPublishingFrequency="FIFTEEN_MINUTES")["DetectorId"]
    assert len(d) == 32 and g.get_detector(DetectorId=d)["Status"] == "ENABLED"
    g.create_sample_findings(
        DetectorId=d, FindingTypes=["UnauthorizedAccess:EC2/SSHBruteForce", "CryptoCurrency:EC2/BitcoinTool.B!DNS"]
    )
    ids = g.list_findings(DetectorId=d)["FindingIds"]
    assert len(ids) == 2
    high = g.list_findings(DetectorId=d, FindingCriteria={"Criterion": {"severity": {"GreaterThanOrEqual": 7}}})[
        "FindingIds"
    ]
    found = g.get_findings(DetectorId=d, FindingIds=high)["Findings"]
    assert all(one["Severity"] >= 7 for one in found) and len(high) == 1, [one["Severity"] for one in found]
    assert (
        found[0]["Title"]
        and found[0]["Resource"]["ResourceType"] == "Instance"
        and found[0]["Service"]["Archived"] is False
    )
    g.archive_findings(DetectorId=d, FindingIds=high)
    left = g.list_findings(DetectorId=d, FindingCriteria={"Criterion": {"service.archived": {"Eq": ["false"]}}})[
        "FindingIds"
    ]
    assert len(left) == 1


@probe("detective-controls", "BadRequestException")
def a_detector_that_is_not_there(aws):
    aws.guardduty.get_detector(DetectorId="0" * 32)


@probe("detective-controls")
def inspector_is_switched_on(aws):
    i = aws("inspector2")
    got = i.enable(resourceTypes=["LAMBDA", "EC2"])
    assert got["failedAccounts"] == [] and got["accounts"][0]["accountId"] == ACCOUNT
    state = i.batch_get_account_status()["accounts"][0]
    assert (
        state["state"]["status"] in ("ENABLED", "ENABLING")
        and state["resourceState"]["lambda"]["status"] in ("ENABLED", "ENABLING")
        and state["resourceState"]["ecr"]["status"] == "DISABLED"
    )
    assert i.list_findings()["findings"] == []


@probe("tools-today")
def releases_from_the_command_line(aws):
    got = lab.aws(
        "route53 create-hosted-zone --name example.com --caller-reference x --query HostedZone.Name --output text"
    )
    assert got.output == "example.com.\n"
    assert lab.aws("codepipeline list-pipelines").output.strip() and json.loads(
        lab.aws("codepipeline list-pipelines").output
    ) == {"pipelines": []}
    got = lab.aws("wafv2 list-web-acls --scope CLOUDFRONT --region eu-west-1")
    assert got.exit_code and "WAFInvalidParameterException" in got.error
    assert json.loads(lab.aws("guardduty list-detectors").output) == {"DetectorIds": []}
    got = lab.aws("deploy get-deployment --deployment-id d-123456789")
    assert got.exit_code in (254, 255) and "DeploymentDoesNotExistException" in got.error
