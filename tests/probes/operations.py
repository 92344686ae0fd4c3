"""Running it: Amazon Route 53, CloudWatch and Logs, X-Ray, EventBridge, AWS Config, GuardDuty, WAF and the Code services."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

from .account import ACCOUNT
from .notation import Probes

probes = Probes()
probe = probes
# Not answered as AWS answers, so far; each is taken out of here as soon as it is.
not_yet: set[str] = set()


# Route 53


def zone(aws, name="example.com"):
    return aws.route53.create_hosted_zone(Name=name, CallerReference=name)["HostedZone"]["Id"]


def change(aws, zone_id, action="CREATE", kind="A", name="www.example.com", values=("192.0.2.1",), **more):
    record = {"Name": name, "Type": kind}
    if values is not None:
        record |= {"TTL": more.pop("TTL", 60), "ResourceRecords": [{"Value": one} for one in values]}
    aws.route53.change_resource_record_sets(
        HostedZoneId=zone_id, ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": {**record, **more}}]}
    )


def records(aws, zone_id, name="www.example.com."):
    found = aws.route53.list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]
    return [one for one in found if one["Name"] == name]


@probe("traffic-with-route53")
def a_hosted_zone(aws):
    id = zone(aws)
    found = aws.route53.list_resource_record_sets(HostedZoneId=id)["ResourceRecordSets"]
    assert {one["Type"] for one in found} == {"NS", "SOA"}
    change(aws, id)
    assert records(aws, id)[0]["ResourceRecords"] == [{"Value": "192.0.2.1"}]


@probe("traffic-with-route53", "NoSuchHostedZone")
def a_hosted_zone_that_is_not_there(aws):
    aws.route53.get_hosted_zone(Id="Z0123456789ABC")


@probe("traffic-with-route53", "HostedZoneAlreadyExists")
def the_same_hosted_zone_twice(aws):
    zone(aws)
    yield
    aws.route53.create_hosted_zone(Name="other.com", CallerReference="example.com")


@probe("traffic-with-route53", "HostedZoneNotEmpty")
def delete_a_hosted_zone_with_records(aws):
    id = zone(aws)
    change(aws, id)
    yield
    aws.route53.delete_hosted_zone(Id=id)


@probe("traffic-with-route53")
def upsert_a_record(aws):
    id = zone(aws)
    change(aws, id)
    change(aws, id, "UPSERT", values=["192.0.2.2"])
    assert records(aws, id)[0]["ResourceRecords"] == [{"Value": "192.0.2.2"}]


@probe("traffic-with-route53", "InvalidChangeBatch")
def create_a_record_twice(aws):
    id = zone(aws)
    change(aws, id)
    yield
    change(aws, id)


@probe("traffic-with-route53", "InvalidChangeBatch")
def delete_a_record_that_is_not_there(aws):
    id = zone(aws)
    yield
    change(aws, id, "DELETE")


@probe("traffic-with-route53", "InvalidChangeBatch")
def delete_a_record_with_other_values(aws):
    id = zone(aws)
    change(aws, id)
    yield
    change(aws, id, "DELETE", values=["192.0.2.9"])


def _change(aws, **params):
    id = zone(aws)
    yield
    change(aws, id, **params)


WEIGHTED = {"SetIdentifier": "blue", "Weight": 90}
for _name, _expected, _params in [
    ("record_of_an_address_that_is_none", "InvalidChangeBatch", {"values": ["300.1.1.1"]}),
    ("record_of_a_name_as_address", "InvalidChangeBatch", {"values": ["example.org"]}),
    ("record_of_ipv6", "ok", {"kind": "AAAA", "values": ["2001:db8::1"]}),
    ("record_of_ipv4_as_ipv6", "InvalidChangeBatch", {"kind": "AAAA", "values": ["192.0.2.1"]}),
    ("record_of_another_zone", "InvalidChangeBatch", {"name": "www.example.org"}),
    ("cname", "ok", {"kind": "CNAME", "values": ["example.org"]}),
    ("cname_at_the_apex", "InvalidChangeBatch", {"kind": "CNAME", "name": "example.com", "values": ["example.org"]}),
    ("cname_with_two_values", "InvalidChangeBatch", {"kind": "CNAME", "values": ["a.example.org", "b.example.org"]}),
    ("mx_without_priority", "InvalidChangeBatch", {"kind": "MX", "values": ["mail.example.com"]}),
    ("txt_without_quotes", "InvalidChangeBatch", {"kind": "TXT", "values": ["hello"]}),
    ("record_of_a_type_that_is_none", "InvalidInput", {"kind": "XYZ"}),
    ("weighted_record", "ok", WEIGHTED),
    ("weighted_record_of_weight_0", "ok", {**WEIGHTED, "Weight": 0}),
    ("weighted_record_of_weight_300", "InvalidInput", {**WEIGHTED, "Weight": 300}),
    ("weighted_record_without_identifier", "InvalidInput|InvalidChangeBatch", {"Weight": 90}),
    ("identifier_without_policy", "InvalidInput|InvalidChangeBatch", {"SetIdentifier": "blue"}),
    ("record_of_two_policies", "InvalidInput|InvalidChangeBatch", {**WEIGHTED, "Region": "us-east-1"}),
    ("record_by_continent", "ok", {"SetIdentifier": "eu", "GeoLocation": {"ContinentCode": "EU"}}),
    ("record_by_default_location", "ok", {"SetIdentifier": "any", "GeoLocation": {"CountryCode": "*"}}),
    ("record_by_latency", "ok", {"SetIdentifier": "use1", "Region": "us-east-1"}),
    (
        "record_of_an_alias_and_a_ttl",
        "InvalidInput|InvalidChangeBatch",
        {
            "AliasTarget": {
                "HostedZoneId": "Z35SXDOTRQ7X7K",
                "DNSName": "web.elb.amazonaws.com",
                "EvaluateTargetHealth": False,
            }
        },
    ),
]:
    probes.add(_name, "traffic-with-route53", _expected, lambda aws, a=_params: (yield from _change(aws, **a)))


@probe("traffic-with-route53", "InvalidChangeBatch")
def a_simple_beside_a_weighted_record(aws):
    id = zone(aws)
    change(aws, id)
    yield
    change(aws, id, **WEIGHTED)


@probe("traffic-with-route53")
def ninety_to_ten(aws):
    id = zone(aws)
    change(aws, id, **WEIGHTED)
    change(aws, id, values=["192.0.2.2"], SetIdentifier="green", Weight=10)
    assert {one["SetIdentifier"]: one["Weight"] for one in records(aws, id)} == {"blue": 90, "green": 10}


@probe("traffic-with-route53")
def an_alias_to_a_load_balancer(aws):
    id = zone(aws)
    arn = aws.balancer()
    found = aws.elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]
    alias = {"HostedZoneId": found["CanonicalHostedZoneId"], "DNSName": found["DNSName"], "EvaluateTargetHealth": True}
    change(aws, id, name="example.com", values=None, AliasTarget=alias)
    assert records(aws, id, "example.com.")[0]["Type"] == "A"


@probe("traffic-with-route53")
def fail_over(aws):
    id = zone(aws)
    check = aws.route53.create_health_check(
        CallerReference="1", HealthCheckConfig={"Type": "HTTP", "FullyQualifiedDomainName": "a.example.com", "Port": 80}
    )["HealthCheck"]["Id"]
    change(aws, id, SetIdentifier="one", Failover="PRIMARY", HealthCheckId=check)
    change(aws, id, values=["192.0.2.2"], SetIdentifier="two", Failover="SECONDARY")
    assert {one["Failover"] for one in records(aws, id)} == {"PRIMARY", "SECONDARY"}


@probe("traffic-with-route53", "NoSuchHealthCheck|InvalidInput|InvalidChangeBatch")
def a_health_check_that_is_not_there(aws):
    id = zone(aws)
    yield
    change(aws, id, SetIdentifier="one", Failover="PRIMARY", HealthCheckId="12345678-1234-1234-1234-123456789012")


@probe("traffic-with-route53")
def ask_what_a_name_is(aws):
    id = zone(aws)
    change(aws, id)
    found = aws.route53.test_dns_answer(
        HostedZoneId=id.rpartition("/")[2], RecordName="www.example.com", RecordType="A"
    )
    assert found["RecordData"] == ["192.0.2.1"] and found["ResponseCode"] == "NOERROR"


# CloudWatch


def alarm(aws, **more):
    given = {
        "AlarmName": "errors",
        "Namespace": "App",
        "MetricName": "Errors",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 5,
        "ComparisonOperator": "GreaterThanThreshold",
        **more,
    }
    aws.alarms.put_metric_alarm(**{key: one for key, one in given.items() if one is not None})


def data(aws, *values, name="Errors", ago=30):
    moment = datetime.now(UTC) - timedelta(seconds=ago)
    aws.alarms.put_metric_data(
        Namespace="App", MetricData=[{"MetricName": name, "Value": one, "Timestamp": moment} for one in values]
    )


def state(aws, name="errors"):
    for _ in range(20):
        found = aws.alarms.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"]
        if found != "INSUFFICIENT_DATA":
            return found
        time.sleep(0.05)
    return found


@probe("observability")
def statistics_of_a_metric(aws):
    data(aws, 1, 2, 6)
    now = datetime.now(UTC)
    found = aws.alarms.get_metric_statistics(
        Namespace="App",
        MetricName="Errors",
        StartTime=now - timedelta(minutes=10),
        EndTime=now + timedelta(minutes=1),
        Period=3600,
        Statistics=["Sum", "Average", "Maximum", "SampleCount"],
    )["Datapoints"]
    assert sum(one["Sum"] for one in found) == 9 and sum(one["SampleCount"] for one in found) == 3


@probe("observability")
def a_percentile(aws):
    data(aws, *range(1, 101), name="Latency")
    now = datetime.now(UTC)
    found = aws.alarms.get_metric_statistics(
        Namespace="App",
        MetricName="Latency",
        StartTime=now - timedelta(minutes=10),
        EndTime=now + timedelta(minutes=1),
        Period=3600,
        ExtendedStatistics=["p95"],
    )["Datapoints"]
    assert 94 <= found[0]["ExtendedStatistics"]["p95"] <= 96


@probe("observability")
def metric_math(aws):
    data(aws, 5)
    data(aws, 100, name="Requests")
    now = datetime.now(UTC)
    metric = lambda id, name: {
        "Id": id,
        "ReturnData": False,
        "MetricStat": {"Metric": {"Namespace": "App", "MetricName": name}, "Period": 3600, "Stat": "Sum"},
    }  # noqa: E731
    found = aws.alarms.get_metric_data(
        MetricDataQueries=[metric("e", "Errors"), metric("r", "Requests"), {"Id": "rate", "Expression": "100 * e / r"}],
        StartTime=now - timedelta(hours=2),
        EndTime=now + timedelta(minutes=1),
    )["MetricDataResults"]
    assert [(one["Id"], one["Values"]) for one in found] == [("rate", [5.0])]


@probe("observability", "InvalidParameterValue")
def a_metric_below_aws(aws):
    aws.alarms.put_metric_data(Namespace="AWS/EC2", MetricData=[{"MetricName": "Errors", "Value": 1}])


@probe("observability")
def an_alarm_without_data(aws):
    alarm(aws)
    found = aws.alarms.describe_alarms(AlarmNames=["errors"])["MetricAlarms"][0]
    assert found["StateValue"] == "INSUFFICIENT_DATA" and found["ActionsEnabled"]


@probe("observability")
def an_alarm_goes_off(aws):
    alarm(aws, EvaluationPeriods=1, Period=300)
    data(aws, 3, 4)
    assert state(aws) == "ALARM"


@probe("observability")
def an_alarm_is_quiet(aws):
    alarm(aws, Period=300)
    data(aws, 1)
    assert state(aws) == "OK"


@probe("observability")
def an_alarm_tells_a_topic(aws):
    topic, url = aws.topic(), aws.queue()
    arn = aws.queue_arn(url)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    aws.sqs.set_queue_attributes(
        QueueUrl=url, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}
    )
    aws.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    alarm(aws, AlarmActions=[topic])
    aws.alarms.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    message = json.loads(json.loads(aws.received(url)[0]["Body"])["Message"])
    assert (message["AlarmName"], message["NewStateValue"]) == ("errors", "ALARM")


for _name, _expected, _params in [
    ("alarm_of_a_statistic_that_is_none", "ValidationError|InvalidParameterValue", {"Statistic": "Median"}),
    ("alarm_of_a_comparison_that_is_none", "ValidationError|InvalidParameterValue", {"ComparisonOperator": "MoreThan"}),
    ("alarm_of_two_statistics", "ValidationError|InvalidParameterCombination", {"ExtendedStatistic": "p99"}),
    ("alarm_of_no_statistic", "ValidationError|InvalidParameterCombination|MissingParameter", {"Statistic": None}),
    ("alarm_every_7_seconds", "ValidationError|InvalidParameterValue", {"Period": 7}),
    ("alarm_of_more_datapoints_than_periods", "ValidationError|InvalidParameterCombination", {"DatapointsToAlarm": 3}),
    (
        "alarm_that_treats_missing_data_as_nothing",
        "ValidationError|InvalidParameterValue",
        {"TreatMissingData": "nothing"},
    ),
    ("alarm_of_a_percentile", "ok", {"Statistic": None, "ExtendedStatistic": "p99"}),
]:
    probes.add(_name, "observability", _expected, lambda aws, a=_params: alarm(aws, **a))


@probe("observability", "ResourceNotFound")
def set_an_alarm_that_is_not_there(aws):
    aws.alarms.set_alarm_state(AlarmName="none", StateValue="ALARM", StateReason="test")


@probe("observability")
def an_alarm_of_alarms(aws):
    alarm(aws)
    alarm(aws, AlarmName="latency")
    aws.alarms.put_composite_alarm(AlarmName="both", AlarmRule='ALARM("errors") AND ALARM("latency")')
    for name in ("errors", "latency"):
        aws.alarms.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="test")
    found = aws.alarms.describe_alarms(AlarmNames=["both"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"][0]
    assert found["StateValue"] == "ALARM"


@probe("observability", "ValidationError")
def an_alarm_of_an_alarm_that_is_not_there(aws):
    aws.alarms.put_composite_alarm(AlarmName="both", AlarmRule='ALARM("none")')


@probe("observability", "InvalidParameterInput|DashboardInvalidInputError|InvalidParameterValue")
def a_dashboard_that_is_none(aws):
    aws.alarms.put_dashboard(DashboardName="app", DashboardBody="{")


# Logs


def stream(aws, *messages, group="/app"):
    aws.logs.create_log_group(logGroupName=group)
    aws.logs.create_log_stream(logGroupName=group, logStreamName="s")
    now = int(time.time() * 1000)
    if messages:
        aws.logs.put_log_events(
            logGroupName=group, logStreamName="s", logEvents=[{"timestamp": now, "message": one} for one in messages]
        )


def found(aws, pattern):
    events = aws.logs.filter_log_events(logGroupName="/app", filterPattern=pattern)["events"]
    return [one["message"] for one in events]


@probe("observability")
def log_and_read(aws):
    stream(aws, "one", "two")
    events = aws.logs.get_log_events(logGroupName="/app", logStreamName="s", startFromHead=True)["events"]
    assert [one["message"] for one in events] == ["one", "two"]
    assert "retentionInDays" not in aws.logs.describe_log_groups()["logGroups"][0]


@probe("observability", "ResourceAlreadyExistsException")
def the_same_log_group_twice(aws):
    stream(aws)
    yield
    stream(aws)


@probe("observability", "ResourceNotFoundException")
def log_to_no_group(aws):
    aws.logs.put_log_events(logGroupName="/none", logStreamName="s", logEvents=[{"timestamp": 1, "message": "x"}])


@probe("observability")
def keep_logs_for_14_days(aws):
    stream(aws)
    aws.logs.put_retention_policy(logGroupName="/app", retentionInDays=14)
    assert aws.logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == 14


@probe("observability", "InvalidParameterException")
def keep_logs_for_17_days(aws):
    stream(aws)
    yield
    aws.logs.put_retention_policy(logGroupName="/app", retentionInDays=17)


@probe("observability")
def find_a_term(aws):
    stream(aws, "ERROR no stock", "INFO sold", "error in lower case")
    assert found(aws, "ERROR") == ["ERROR no stock"]
    assert found(aws, "?ERROR ?INFO") == ["ERROR no stock", "INFO sold"]
    assert found(aws, "ERROR -stock") == []


JSON_LINES = ['{"status": 404, "path": "/a"}', '{"status": 200, "path": "/b"}', '{"status": 500, "path": "/c"}']


@probe("observability")
def find_in_json(aws):
    stream(aws, *JSON_LINES)
    assert found(aws, "{ $.status >= 400 && $.status < 500 }") == JSON_LINES[:1]
    assert found(aws, '{ $.path = "/b" }') == JSON_LINES[1:2]


@probe("observability")
def find_in_columns(aws):
    stream(aws, "127.0.0.1 GET 404", "127.0.0.1 GET 200", "127.0.0.1 GET 302")
    assert found(aws, "[ip, method, status=4*]") == ["127.0.0.1 GET 404"]


@probe("observability", "InvalidParameterException")
def find_with_a_pattern_that_is_none(aws):
    stream(aws, "x")
    yield
    found(aws, "{ $.status = ")


@probe("observability")
def test_a_pattern(aws):
    answer = aws.logs.test_metric_filter(filterPattern="{ $.status >= 400 }", logEventMessages=JSON_LINES)
    assert [one["eventNumber"] for one in answer["matches"]] == [1, 3]


def metric_filter(aws, pattern="{ $.status = 4* }", name="4xx", **more):
    transformation = {"metricName": name, "metricNamespace": "App", "metricValue": "1", **more}
    aws.logs.put_metric_filter(
        logGroupName="/app", filterName=name, filterPattern=pattern, metricTransformations=[transformation]
    )


@probe("observability")
def count_4xx(aws):
    stream(aws)
    metric_filter(aws, "{ $.status >= 400 && $.status < 500 }")
    now = datetime.now(UTC)
    aws.logs.put_log_events(
        logGroupName="/app",
        logStreamName="s",
        logEvents=[{"timestamp": int(now.timestamp() * 1000), "message": one} for one in JSON_LINES],
    )
    points = aws.alarms.get_metric_statistics(
        Namespace="App",
        MetricName="4xx",
        StartTime=now - timedelta(minutes=5),
        EndTime=now + timedelta(minutes=5),
        Period=3600,
        Statistics=["Sum"],
    )["Datapoints"]
    assert sum(one["Sum"] for one in points) == 1


@probe("observability", "InvalidParameterException")
def a_metric_filter_that_is_none(aws):
    stream(aws)
    yield
    metric_filter(aws, "{ $.status = ")


@probe("observability", "ResourceNotFoundException")
def a_metric_filter_of_no_group(aws):
    metric_filter(aws)


def query(aws, text):
    now = int(time.time())
    id = aws.logs.start_query(logGroupName="/app", startTime=now - 3600, endTime=now + 60, queryString=text)["queryId"]
    for _ in range(40):
        answer = aws.logs.get_query_results(queryId=id)
        if answer["status"] in ("Complete", "Failed"):
            break
        time.sleep(0.05)
    return [{one["field"]: one["value"] for one in row} for row in answer["results"]]


@probe("observability")
def insights_filter(aws):
    stream(aws, *JSON_LINES)
    assert [one["@message"] for one in query(aws, "fields @message | filter status = 404")] == JSON_LINES[:1]


@probe("observability")
def insights_count(aws):
    stream(aws, *JSON_LINES)
    assert query(aws, "filter status >= 400 | stats count(*) as n")[0]["n"] == "2"


@probe("observability", "MalformedQueryException")
def insights_of_what_is_no_query(aws):
    stream(aws)
    yield
    query(aws, "fields @message | multiply status")


@probe("observability")
def metrics_in_a_log_line(aws):
    now = datetime.now(UTC)
    line = {
        "_aws": {
            "Timestamp": int(now.timestamp() * 1000),
            "CloudWatchMetrics": [
                {"Namespace": "App", "Dimensions": [["service"]], "Metrics": [{"Name": "Sold", "Unit": "Count"}]}
            ],
        },
        "service": "shop",
        "Sold": 3,
    }
    stream(aws, json.dumps(line))
    points = aws.alarms.get_metric_statistics(
        Namespace="App",
        MetricName="Sold",
        Dimensions=[{"Name": "service", "Value": "shop"}],
        StartTime=now - timedelta(minutes=5),
        EndTime=now + timedelta(minutes=5),
        Period=3600,
        Statistics=["Sum"],
    )["Datapoints"]
    assert sum(one["Sum"] for one in points) == 3


# X-Ray


@probe("observability")
def a_trace(aws):
    now = time.time()
    trace = f"1-{int(now):08x}-{'a' * 24}"
    segment = {
        "name": "shop",
        "id": "b" * 16,
        "trace_id": trace,
        "start_time": now - 1,
        "end_time": now,
        "annotations": {"user": "ana"},
    }
    assert aws.xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(segment)])["UnprocessedTraceSegments"] == []
    found = aws.xray.batch_get_traces(TraceIds=[trace])["Traces"]
    assert json.loads(found[0]["Segments"][0]["Document"])["name"] == "shop"


@probe("observability")
def a_segment_that_is_none(aws):
    answer = aws.xray.put_trace_segments(TraceSegmentDocuments=['{"name": "shop"}'])
    assert len(answer["UnprocessedTraceSegments"]) == 1


@probe("observability")
def the_default_sampling_rule(aws):
    rules = {
        one["SamplingRule"]["RuleName"]: one["SamplingRule"]
        for one in aws.xray.get_sampling_rules()["SamplingRuleRecords"]
    }
    assert (rules["Default"]["ReservoirSize"], rules["Default"]["FixedRate"]) == (1, 0.05)


# EventBridge


@probe("orchestration")
def an_event_reaches_its_queue(aws):
    url = aws.queue()
    arn = aws.queue_arn(url)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    aws.sqs.set_queue_attributes(
        QueueUrl=url, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}
    )
    aws.events.put_rule(
        Name="sold", EventPattern=json.dumps({"source": ["shop"], "detail": {"total": [{"numeric": [">", 5]}]}})
    )
    aws.events.put_targets(Rule="sold", Targets=[{"Id": "q", "Arn": arn}])
    for total in (3, 7):
        aws.events.put_events(
            Entries=[{"Source": "shop", "DetailType": "Sold", "Detail": json.dumps({"total": total})}]
        )
    assert [json.loads(one["Body"])["detail"] for one in aws.received(url)] == [{"total": 7}]


@probe("orchestration", "InvalidEventPatternException")
def an_event_pattern_that_is_none(aws):
    aws.events.put_rule(Name="sold", EventPattern='{"source": "shop"}')


@probe("orchestration", "ValidationException")
def a_schedule_that_is_none(aws):
    aws.events.put_rule(Name="daily", ScheduleExpression="every day")


@probe("orchestration", "ResourceNotFoundException")
def a_target_of_no_rule(aws):
    aws.events.put_targets(Rule="none", Targets=[{"Id": "q", "Arn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"}])


@probe("orchestration")
def does_an_event_fit(aws):
    event = {
        "id": "1",
        "account": ACCOUNT,
        "source": "shop",
        "time": "2026-11-28T00:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail-type": "Sold",
        "detail": {},
    }
    answers = [
        aws.events.test_event_pattern(EventPattern=json.dumps({"source": [one]}), Event=json.dumps(event))["Result"]
        for one in ("shop", "bank")
    ]
    assert answers == [True, False]


# AWS Config


def recorder(aws):
    role = aws.role("config", {"Service": "config.amazonaws.com"})
    aws.bucket()
    aws.config.put_configuration_recorder(
        ConfigurationRecorder={"name": "default", "roleARN": role, "recordingGroup": {"allSupported": True}}
    )


@probe("detective-controls", "NoAvailableDeliveryChannelException")
def record_without_a_channel(aws):
    recorder(aws)
    yield
    aws.config.start_configuration_recorder(ConfigurationRecorderName="default")


@probe("detective-controls")
def record(aws):
    recorder(aws)
    aws.config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "ana-files"})
    aws.config.start_configuration_recorder(ConfigurationRecorderName="default")
    assert aws.config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"][0]["recording"]


@probe("detective-controls", "MaxNumberOfConfigurationRecordersExceededException")
def a_second_recorder(aws):
    recorder(aws)
    role = aws.role("other", {"Service": "config.amazonaws.com"})
    yield
    aws.config.put_configuration_recorder(ConfigurationRecorder={"name": "other", "roleARN": role})


@probe("detective-controls", "NoAvailableConfigurationRecorderException")
def a_rule_without_a_recorder(aws):
    aws.config.put_config_rule(
        ConfigRule={"ConfigRuleName": "ssh", "Source": {"Owner": "AWS", "SourceIdentifier": "INCOMING_SSH_DISABLED"}}
    )


def config_rule(aws, **source):
    recorder(aws)
    aws.config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "ana-files"})
    aws.config.start_configuration_recorder(ConfigurationRecorderName="default")
    aws.config.put_config_rule(ConfigRule={"ConfigRuleName": "rule", "Source": {"Owner": "AWS", **source}})


@probe("detective-controls")
def a_managed_rule(aws):
    config_rule(aws, SourceIdentifier="INCOMING_SSH_DISABLED")
    assert [one["ConfigRuleName"] for one in aws.config.describe_config_rules()["ConfigRules"]] == ["rule"]


@probe("detective-controls", "InvalidParameterValueException")
def a_managed_rule_that_is_none(aws):
    config_rule(aws, SourceIdentifier="SSH_IS_FINE")


@probe("detective-controls", "NoSuchConfigRuleException")
def a_rule_that_is_not_there(aws):
    aws.config.describe_config_rules(ConfigRuleNames=["none"])


@probe("detective-controls")
def a_managed_rule_finds_open_ssh(aws):
    good, bad = aws.security_group("good"), aws.security_group("bad")
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    aws.ec2.authorize_security_group_ingress(GroupId=bad, IpPermissions=[ssh])
    config_rule(aws, SourceIdentifier="INCOMING_SSH_DISABLED")
    aws.config.start_config_rules_evaluation(ConfigRuleNames=["rule"])
    results = aws.config.get_compliance_details_by_config_rule(ConfigRuleName="rule")["EvaluationResults"]
    by_id = {
        one["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]: one["ComplianceType"]
        for one in results
    }
    assert by_id[bad] == "NON_COMPLIANT" and by_id[good] == "COMPLIANT"


# GuardDuty, Inspector, Security Hub


@probe("detective-controls")
def a_detector(aws):
    id = aws.guardduty.create_detector(Enable=True)["DetectorId"]
    assert aws.guardduty.list_detectors()["DetectorIds"] == [id]
    assert aws.guardduty.get_detector(DetectorId=id)["Status"] == "ENABLED"
    assert aws.guardduty.list_findings(DetectorId=id)["FindingIds"] == []


@probe("detective-controls", "BadRequestException")
def a_second_detector(aws):
    aws.guardduty.create_detector(Enable=True)
    yield
    aws.guardduty.create_detector(Enable=True)


@probe("detective-controls", "BadRequestException")
def a_detector_that_is_not_there(aws):
    aws.guardduty.get_detector(DetectorId="12abc34d567e8fa901bc2d34e56789f0")


@probe("detective-controls")
def sample_findings(aws):
    id = aws.guardduty.create_detector(Enable=True)["DetectorId"]
    kind = "UnauthorizedAccess:EC2/SSHBruteForce"
    aws.guardduty.create_sample_findings(DetectorId=id, FindingTypes=[kind])
    ids = aws.guardduty.list_findings(DetectorId=id)["FindingIds"]
    found = aws.guardduty.get_findings(DetectorId=id, FindingIds=ids)["Findings"]
    assert [one["Type"] for one in found] == [kind]


@probe("detective-controls")
def inspector_for_functions(aws):
    aws.inspector2.enable(resourceTypes=["LAMBDA"])
    found = aws.inspector2.batch_get_account_status()["accounts"][0]
    assert found["resourceState"]["lambda"]["status"] in ("ENABLED", "ENABLING")


@probe("detective-controls")
def security_hub(aws):
    aws.securityhub.enable_security_hub()
    assert aws.securityhub.describe_hub()["HubArn"].endswith(":hub/default")


@probe("detective-controls", "ResourceConflictException")
def security_hub_twice(aws):
    aws.securityhub.enable_security_hub()
    yield
    aws.securityhub.enable_security_hub()


# WAF


VISIBLE = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}


def rate(limit=100, priority=0, name="rate"):
    return {
        "Name": name,
        "Priority": priority,
        "Statement": {"RateBasedStatement": {"Limit": limit, "AggregateKeyType": "IP"}},
        "Action": {"Block": {}},
        "VisibilityConfig": VISIBLE,
    }


def acl(aws, *rules, name="web", **more):
    return aws.wafv2.create_web_acl(
        Name=name, Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=VISIBLE, Rules=list(rules), **more
    )["Summary"]


@probe("defense-in-depth")
def a_web_acl(aws):
    made = acl(aws, rate())
    found = aws.wafv2.get_web_acl(Name="web", Scope="REGIONAL", Id=made["Id"])["WebACL"]
    assert [one["Name"] for one in found["Rules"]] == ["rate"] and found["Capacity"] > 0


@probe("defense-in-depth", "WAFDuplicateItemException")
def the_same_web_acl_twice(aws):
    acl(aws)
    yield
    acl(aws)


@probe("defense-in-depth", "WAFInvalidParameterException")
def two_rules_of_one_priority(aws):
    acl(aws, rate(), rate(name="other"))


@probe("defense-in-depth", "WAFNonexistentItemException")
def a_web_acl_that_is_not_there(aws):
    aws.wafv2.get_web_acl(Name="web", Scope="REGIONAL", Id="12345678-1234-1234-1234-123456789012")


@probe("defense-in-depth", "WAFOptimisticLockException")
def delete_a_web_acl_of_another_version(aws):
    made = acl(aws)
    yield
    aws.wafv2.delete_web_acl(
        Name="web", Scope="REGIONAL", Id=made["Id"], LockToken="12345678-1234-1234-1234-123456789012"
    )


@probe("defense-in-depth")
def a_web_acl_of_a_load_balancer(aws):
    made, arn = acl(aws), aws.balancer()
    aws.wafv2.associate_web_acl(WebACLArn=made["ARN"], ResourceArn=arn)
    assert aws.wafv2.get_web_acl_for_resource(ResourceArn=arn)["WebACL"]["Id"] == made["Id"]


@probe("defense-in-depth", "WAFInvalidParameterException|WAFNonexistentItemException|WAFUnavailableEntityException")
def a_web_acl_of_a_network_load_balancer(aws):
    made, arn = acl(aws), aws.balancer(Type="network")
    yield
    aws.wafv2.associate_web_acl(WebACLArn=made["ARN"], ResourceArn=arn)


@probe("defense-in-depth", "WAFAssociatedItemException")
def delete_a_web_acl_in_use(aws):
    made, arn = acl(aws), aws.balancer()
    aws.wafv2.associate_web_acl(WebACLArn=made["ARN"], ResourceArn=arn)
    yield
    aws.wafv2.delete_web_acl(Name="web", Scope="REGIONAL", Id=made["Id"], LockToken=made["LockToken"])


def ip_set(aws, *addresses):
    return aws.wafv2.create_ip_set(Name="bad", Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=list(addresses))


@probe("defense-in-depth")
def a_set_of_addresses(aws):
    made = ip_set(aws, "192.0.2.0/24")["Summary"]
    found = aws.wafv2.get_ip_set(Name="bad", Scope="REGIONAL", Id=made["Id"])["IPSet"]
    assert found["Addresses"] == ["192.0.2.0/24"]


@probe("defense-in-depth", "WAFInvalidParameterException")
def a_set_of_what_is_no_address(aws):
    ip_set(aws, "everywhere")


@probe("defense-in-depth")
def capacity_of_rules(aws):
    assert aws.wafv2.check_capacity(Scope="REGIONAL", Rules=[rate()])["Capacity"] == 2


# CodePipeline, CodeBuild, CodeDeploy


def action(name, category, provider, inputs=(), outputs=(), **configuration):
    return {
        "name": name,
        "actionTypeId": {"category": category, "owner": "AWS", "provider": provider, "version": "1"},
        "inputArtifacts": [{"name": one} for one in inputs],
        "outputArtifacts": [{"name": one} for one in outputs],
        "configuration": configuration,
    }


SOURCE = action("get", "Source", "S3", outputs=["code"], S3Bucket="ana-files", S3ObjectKey="code.zip")
BUILD = action("build", "Build", "CodeBuild", ["code"], ["built"], ProjectName="app")
DEPLOY = action("put", "Deploy", "S3", ["built"], BucketName="ana-files", Extract="true")


def pipeline(aws, *stages, name="app"):
    aws.bucket()
    role = aws.role("pipeline", {"Service": "codepipeline.amazonaws.com"})
    stages = stages or ([SOURCE], [BUILD], [DEPLOY])
    return aws.codepipeline.create_pipeline(
        pipeline={
            "name": name,
            "roleArn": role,
            "artifactStore": {"type": "S3", "location": "ana-files"},
            "stages": [{"name": f"stage{n}", "actions": one} for n, one in enumerate(stages)],
        }
    )["pipeline"]


@probe("release-process")
def a_pipeline(aws):
    assert pipeline(aws)["version"] == 1
    assert [one["name"] for one in aws.codepipeline.list_pipelines()["pipelines"]] == ["app"]


@probe("release-process")
def the_state_of_a_pipeline(aws):
    pipeline(aws)
    states = aws.codepipeline.get_pipeline_state(name="app")["stageStates"]
    assert [one["stageName"] for one in states] == ["stage0", "stage1", "stage2"]


STRUCTURE = (
    "InvalidStructureException|InvalidStageDeclarationException|InvalidActionDeclarationException|ValidationException"
)


def _pipeline(aws, *stages):
    pipeline(aws, *stages)


for _name, _stages in [
    ("pipeline_of_one_stage", ([SOURCE],)),
    ("pipeline_that_begins_with_a_build", ([BUILD], [DEPLOY])),
    ("pipeline_that_deploys_what_nobody_made", ([SOURCE], [{**DEPLOY, "inputArtifacts": [{"name": "none"}]}])),
    ("pipeline_with_a_source_later", ([SOURCE], [{**SOURCE, "name": "again", "outputArtifacts": [{"name": "more"}]}])),
    ("pipeline_with_an_artifact_made_twice", ([SOURCE], [{**BUILD, "outputArtifacts": [{"name": "code"}]}])),
    ("pipeline_with_a_category_that_is_none", ([SOURCE], [action("x", "Magic", "S3", ["code"])])),
]:
    probes.add(_name, "release-process", STRUCTURE, lambda aws, a=_stages: pipeline(aws, *a))


@probe("release-process", "PipelineNameInUseException")
def the_same_pipeline_twice(aws):
    made = pipeline(aws)
    made.pop("version", None)
    yield
    aws.codepipeline.create_pipeline(pipeline=made)


@probe("release-process", "PipelineNotFoundException")
def start_a_pipeline_that_is_not_there(aws):
    aws.codepipeline.start_pipeline_execution(name="none")


def project(aws, **more):
    role = aws.role("build", {"Service": "codebuild.amazonaws.com"})
    given = {
        "name": "app",
        "serviceRole": role,
        "artifacts": {"type": "NO_ARTIFACTS"},
        "source": {
            "type": "NO_SOURCE",
            "buildspec": "version: 0.2\nphases:\n  build:\n    commands:\n      - echo hello\n",
        },
        "environment": {
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/amazonlinux-x86_64-standard:5.0",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        **more,
    }
    return aws.codebuild.create_project(**given)


@probe("release-process")
def a_build(aws):
    project(aws)
    id = aws.codebuild.start_build(projectName="app")["build"]["id"]
    found = aws.codebuild.batch_get_builds(ids=[id])["builds"][0]
    assert id.startswith("app:") and found["buildStatus"] in ("IN_PROGRESS", "SUCCEEDED")


@probe("release-process", "ResourceNotFoundException")
def build_a_project_that_is_not_there(aws):
    aws.codebuild.start_build(projectName="none")


@probe("release-process", "ResourceAlreadyExistsException")
def the_same_project_twice(aws):
    project(aws)
    role = aws.role("other", {"Service": "codebuild.amazonaws.com"})
    yield
    aws.codebuild.create_project(
        name="app",
        serviceRole=role,
        artifacts={"type": "NO_ARTIFACTS"},
        source={"type": "NO_SOURCE", "buildspec": "version: 0.2"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
    )


@probe("release-process", "InvalidInputException")
def a_project_without_source(aws):
    project(aws, source={"type": "NO_SOURCE"})


@probe("deployment-strategies")
def configurations_of_a_deployment(aws):
    names = aws.codedeploy.list_deployment_configs()["deploymentConfigsList"]
    assert "CodeDeployDefault.LambdaLinear10PercentEvery1Minute" in names
    found = aws.codedeploy.get_deployment_config(deploymentConfigName="CodeDeployDefault.LambdaCanary10Percent5Minutes")
    assert found["deploymentConfigInfo"]["trafficRoutingConfig"]["timeBasedCanary"] == {
        "canaryPercentage": 10,
        "canaryInterval": 5,
    }


@probe("deployment-strategies", "DeploymentConfigDoesNotExistException")
def a_configuration_that_is_not_there(aws):
    aws.codedeploy.get_deployment_config(deploymentConfigName="Canary10Percent")


def deployment_group(aws, **more):
    aws.codedeploy.create_application(applicationName="app", computePlatform="Lambda")
    role = aws.role("deploy", {"Service": "codedeploy.amazonaws.com"})
    given = {
        "applicationName": "app",
        "deploymentGroupName": "prod",
        "serviceRoleArn": role,
        "deploymentStyle": {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
        "deploymentConfigName": "CodeDeployDefault.LambdaAllAtOnce",
        **more,
    }
    return aws.codedeploy.create_deployment_group(**given)


@probe("deployment-strategies")
def a_deployment_group(aws):
    deployment_group(aws)
    found = aws.codedeploy.get_deployment_group(applicationName="app", deploymentGroupName="prod")[
        "deploymentGroupInfo"
    ]
    assert found["deploymentConfigName"] == "CodeDeployDefault.LambdaAllAtOnce"


@probe("deployment-strategies", "DeploymentConfigDoesNotExistException")
def a_deployment_group_of_no_configuration(aws):
    deployment_group(aws, deploymentConfigName="Canary10Percent")


@probe("deployment-strategies", "ApplicationDoesNotExistException")
def a_deployment_group_of_no_application(aws):
    role = aws.role("deploy", {"Service": "codedeploy.amazonaws.com"})
    yield
    aws.codedeploy.create_deployment_group(applicationName="none", deploymentGroupName="prod", serviceRoleArn=role)


@probe("deployment-strategies", "ApplicationAlreadyExistsException")
def the_same_deployment_application_twice(aws):
    aws.codedeploy.create_application(applicationName="app", computePlatform="Lambda")
    yield
    aws.codedeploy.create_application(applicationName="app", computePlatform="Lambda")


@probe("deployment-strategies")
def a_configuration_of_ones_own(aws):
    aws.codedeploy.create_deployment_config(
        deploymentConfigName="Linear25",
        computePlatform="Lambda",
        trafficRoutingConfig={
            "type": "TimeBasedLinear",
            "timeBasedLinear": {"linearPercentage": 25, "linearInterval": 1},
        },
    )
    found = aws.codedeploy.get_deployment_config(deploymentConfigName="Linear25")["deploymentConfigInfo"]
    assert found["trafficRoutingConfig"]["timeBasedLinear"]["linearPercentage"] == 25


# CodeCommit


@probe("release-process", "RepositoryNameExistsException")
def the_same_repository_twice(aws):
    aws.codecommit.create_repository(repositoryName="app")
    yield
    aws.codecommit.create_repository(repositoryName="app")


@probe("release-process", "RepositoryDoesNotExistException")
def a_repository_that_is_not_there(aws):
    aws.codecommit.get_repository(repositoryName="app")
