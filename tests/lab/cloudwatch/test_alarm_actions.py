"""What alarms do: topics, functions, scaling policies, instances, events; and whose policy must let them."""

import json

import boto3
import pytest

ALARM = {
    "AlarmName": "errors",
    "Namespace": "shop",
    "MetricName": "errors",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 5.0,
    "ComparisonOperator": "GreaterThanThreshold",
}
ACCOUNT = "123456789012"


@pytest.fixture
def inbox(_fresh):
    """A topic with a queue behind it: the topic's ARN, and a function that reads the queue."""
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    topic = sns.create_topic(Name="ops")["TopicArn"]
    url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:inbox"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": ["sns.amazonaws.com", "events.amazonaws.com"]},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def read():
        found = []
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found.append(json.loads(message["Body"]))
        return found

    return topic, read


def fire(cloudwatch, value="ALARM"):
    cloudwatch.set_alarm_state(AlarmName="errors", StateValue=value, StateReason="test")


def last_action(cloudwatch):
    return cloudwatch.describe_alarm_history(AlarmName="errors", HistoryItemType="Action")["AlarmHistoryItems"][0]


def test_a_topic_is_told(cloudwatch, inbox):
    """Does the notification hold what AWS's holds, and come once for each change of state?"""
    topic, read = inbox
    cloudwatch.put_metric_alarm(**ALARM, AlarmActions=[topic], OKActions=[topic], AlarmDescription="too many")
    fire(cloudwatch)
    fire(cloudwatch)
    [notification] = read()
    assert notification["Subject"] == 'ALARM: "errors" in US East (N. Virginia)'
    message = json.loads(notification["Message"])
    assert (message["NewStateValue"], message["OldStateValue"]) == ("ALARM", "INSUFFICIENT_DATA")
    assert (message["AlarmDescription"], message["Region"]) == ("too many", "US East (N. Virginia)")
    assert message["Trigger"]["Statistic"] == "SUM" and message["Trigger"]["Threshold"] == 5.0
    assert last_action(cloudwatch)["HistorySummary"] == f"Successfully executed action {topic}"
    fire(cloudwatch, "OK")
    assert [json.loads(one["Message"])["NewStateValue"] for one in read()] == ["OK"]


def test_metric_data_alone_set_it_off(cloudwatch, inbox):
    """Does putting data evaluate the alarm, without anybody looking?"""
    topic, read = inbox
    cloudwatch.put_metric_alarm(**ALARM, AlarmActions=[topic])
    cloudwatch.put_metric_data(Namespace="shop", MetricData=[{"MetricName": "errors", "Value": 9}])
    assert json.loads(read()[0]["Message"])["NewStateReason"].startswith("Threshold Crossed: 1 datapoint [9.0 (")


def test_a_topic_of_its_own_policy_must_let_cloudwatch_in(cloudwatch, inbox):
    """Is a policy that names another service not enough, and one that names the alarm?"""
    topic, read = inbox
    cloudwatch.put_metric_alarm(**ALARM, AlarmActions=[topic])

    def allow(service, alarm):
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sns:Publish",
            "Resource": topic,
            "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:{alarm}"}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
        boto3.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
        fire(cloudwatch)
        fire(cloudwatch, "OK")
        return len(read())

    assert allow("events.amazonaws.com", "*") == 0
    assert "Failed to execute action" in last_action(cloudwatch)["HistorySummary"]
    assert allow("cloudwatch.amazonaws.com", "other") == 0
    assert allow("cloudwatch.amazonaws.com", "errors") == 1


def test_an_encrypted_topic_needs_a_key_that_lets_cloudwatch_in(cloudwatch, inbox):
    """Does AWS's own key for SNS keep alarms out?"""
    topic, read = inbox
    sns = boto3.client("sns")
    sns.set_topic_attributes(TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue="alias/aws/sns")
    cloudwatch.put_metric_alarm(**ALARM, AlarmActions=[topic])
    fire(cloudwatch)
    assert read() == [] and "encryption key" in last_action(cloudwatch)["HistorySummary"]


def test_actions_can_be_switched_off(cloudwatch, inbox):
    """Is nothing sent while actions are disabled, though the state changes?"""
    topic, read = inbox
    cloudwatch.put_metric_alarm(**ALARM, AlarmActions=[topic])
    cloudwatch.disable_alarm_actions(AlarmNames=["errors"])
    fire(cloudwatch)
    assert read() == [] and cloudwatch.describe_alarms()["MetricAlarms"][0]["StateValue"] == "ALARM"


CODE = "def handler(event, context):\n    print('GOT', event['alarmData']['alarmName'], event['alarmData']['state']['value'])\n"


def test_a_function_is_invoked_if_its_policy_allows(cloudwatch, deploy, awslambda, logs):
    """Is the principal that of CloudWatch alarms, and no other?"""
    arn = deploy(CODE)["FunctionArn"]
    cloudwatch.put_metric_alarm(**ALARM, AlarmActions=[arn])
    fire(cloudwatch)
    assert "Failed" in last_action(cloudwatch)["HistorySummary"]
    fire(cloudwatch, "OK")
    permission = {"Action": "lambda:InvokeFunction", "Principal": "lambda.alarms.cloudwatch.amazonaws.com"}
    awslambda.add_permission(FunctionName="f", StatementId="a", SourceAccount=ACCOUNT, **permission)
    fire(cloudwatch)
    found = logs.filter_log_events(logGroupName="/aws/lambda/f", filterPattern="GOT")["events"]
    assert [one["message"].strip() for one in found] == ["GOT errors ALARM"]


def test_scaling_policies_are_executed(cloudwatch, scaling, asg):
    """Does an alarm scale a group out, by the step that its metric's value falls into?"""
    asg()
    common = {"AutoScalingGroupName": "web", "AdjustmentType": "ChangeInCapacity"}
    scaling.put_scaling_policy(**common, PolicyName="out", ScalingAdjustment=1)
    steps = [
        {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10, "ScalingAdjustment": 1},
        {"MetricIntervalLowerBound": 10, "ScalingAdjustment": 2},
    ]
    scaling.put_scaling_policy(**common, PolicyName="steps", PolicyType="StepScaling", StepAdjustments=steps)
    arns = {one["PolicyName"]: one["PolicyARN"] for one in scaling.describe_policies()["ScalingPolicies"]}
    cloudwatch.put_metric_alarm(**ALARM, AlarmActions=[arns["out"]])
    fire(cloudwatch)
    assert asg.shown("web")["DesiredCapacity"] == 2
    cloudwatch.put_metric_alarm(**{**ALARM, "AlarmName": "far"}, AlarmActions=[arns["steps"]])
    cloudwatch.put_metric_data(Namespace="shop", MetricData=[{"MetricName": "errors", "Value": 25}])
    assert asg.shown("web")["DesiredCapacity"] == 4


def test_an_instance_is_stopped(cloudwatch, ec2, launch):
    """Does the instance of the alarm's dimension stop?"""
    instance = launch()
    dimension = {"Dimensions": [{"Name": "InstanceId", "Value": instance}]}
    cloudwatch.put_metric_alarm(**ALARM, **dimension, AlarmActions=["arn:aws:automate:us-east-1:ec2:stop"])
    fire(cloudwatch)
    found = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    assert found["State"]["Name"] in ("stopping", "stopped")


def test_eventbridge_hears_of_it(cloudwatch, events, inbox):
    """Is there an event for every change of state?"""
    _, read = inbox
    pattern = {"source": ["aws.cloudwatch"], "detail": {"state": {"value": ["ALARM"]}}}
    events.put_rule(Name="alarms", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="alarms", Targets=[{"Id": "q", "Arn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:inbox"}])
    cloudwatch.put_metric_alarm(**ALARM)
    fire(cloudwatch)
    fire(cloudwatch, "OK")
    [event] = read()
    assert event["detail-type"] == "CloudWatch Alarm State Change" and event["detail"]["alarmName"] == "errors"
