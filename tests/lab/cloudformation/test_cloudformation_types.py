"""Resource types: each is made, changed, replaced where AWS replaces it, and deleted."""

import json
from pathlib import Path

import pytest
from botocore.validate import ParamValidator
from conftest import client

from course.lab.cloudformation import caller, resource_types
from course.lab.cloudformation.resource_types.resource import TYPES
from course.lab.cloudformation.state import Stack, StackResource

EVERY = Path(__file__).with_name("every_type.yaml").read_text()
NAMED = {"Capabilities": ["CAPABILITY_NAMED_IAM"]}


@pytest.fixture
def every(stack, image):
    """A stack with one resource of nearly every type."""
    stack.image = {"Parameters": [{"ParameterKey": "Image", "ParameterValue": image}], **NAMED}
    assert stack(EVERY, **stack.image) == "CREATE_COMPLETE", [one for one in stack.events() if "FAILED" in one[1]]
    return stack


def test_every_type(every, cloudformation):
    """Does each type make its resource, with working references, and take it away again?"""
    ids = every.ids()
    assert all(ids.values()) and len(ids) > 60 and "Nothing" not in ids
    instance = client("ec2").describe_instances(InstanceIds=[ids["Instance"]])["Reservations"][0]["Instances"][0]
    assert instance["PublicIpAddress"] == every.outputs()["Ip"]
    assert [one["DeviceName"] for one in instance["BlockDeviceMappings"]] == ["/dev/xvda", "/dev/sdf"]
    assert instance["IamInstanceProfile"]["Arn"].endswith(ids["Profile"])
    data = client("ec2").describe_instance_attribute(InstanceId=ids["Instance"], Attribute="userData")["UserData"]
    assert data["Value"] == "IyEvYmluL2Jhc2gKZWNobyBz"  # base64 once: "#!/bin/bash\necho s"
    group = client("ec2").describe_security_groups(GroupIds=[ids["Group"]])["SecurityGroups"][0]
    assert sorted(one["FromPort"] for one in group["IpPermissions"]) == [80, 8080]
    targets = client("elbv2").describe_target_health(TargetGroupArn=ids["Targets"])["TargetHealthDescriptions"]
    assert len(targets) == 1  # of the Auto Scaling group
    queue = client("sqs").get_queue_attributes(QueueUrl=ids["Queue"], AttributeNames=["All"])["Attributes"]
    assert json.loads(queue["RedrivePolicy"])["maxReceiveCount"] in (3, "3")
    assert json.loads(client("lambda").invoke(FunctionName=ids["Alias"])["Payload"].read()) == 1
    secret = json.loads(client("secretsmanager").get_secret_value(SecretId=ids["Secret"])["SecretString"])
    assert secret["username"] == "u" and len(secret["password"]) == 32
    assert client("ssm").get_parameter(Name=ids["FromSecret"])["Parameter"]["Value"] == "u"
    records = client("route53").list_resource_record_sets(HostedZoneId=ids["Zone"])["ResourceRecordSets"]
    assert "www.example.com." in [one["Name"] for one in records]
    cloudformation.delete_stack(StackName="s")
    made = cloudformation.list_stacks()["StackSummaries"][0]
    assert made["StackStatus"] == "DELETE_COMPLETE", [
        one for one in every.events(made["StackId"]) if "FAILED" in one[1]
    ]
    assert len(client("ec2").describe_vpcs()["Vpcs"]) == 1
    assert client("s3").list_buckets()["Buckets"] == []
    assert client("dynamodb").list_tables()["TableNames"] == []
    assert client("lambda").list_functions()["Functions"] == []
    assert client("elbv2").describe_load_balancers()["LoadBalancers"] == []
    assert client("efs").describe_file_systems()["FileSystems"] == []
    roles = [one["RoleName"] for one in client("iam").list_roles()["Roles"] if "/aws-service-role/" not in one["Path"]]
    assert roles == []


CHANGES = [
    # (logical id, before, after, whether AWS makes a new one)
    ("Vpc", "EnableDnsHostnames: true", "EnableDnsHostnames: false", False),
    ("SubnetB", "MapPublicIpOnLaunch: true", "MapPublicIpOnLaunch: false", False),
    ("Group", "FromPort: 80, ToPort: '80'", "FromPort: 81, ToPort: '81'", False),
    ("Instance", "small: {type: t3.micro}", "small: {type: t3.small}", False),
    ("Instance", "echo ${AWS::StackName}", "echo hello", False),
    ("Template", "InstanceType: t3.micro, S", "InstanceType: t3.small, S", False),
    ("Scaling", "MaxSize: '3'", "MaxSize: '4'", False),
    ("Policy", "TargetValue: 50", "TargetValue: 60", False),
    ("Balancer", "Value: 50", "Value: 40", False),
    ("Targets", "HealthCheckPath: /health", "HealthCheckPath: /up", False),
    ("Listener", "Port: 80, Protocol: HTTP, D", "Port: 81, Protocol: HTTP, D", False),
    ("Rule", "/api/*", "/v2/*", False),
    ("Files", "AFTER_30_DAYS", "AFTER_60_DAYS", False),
    ("Access", "Uid: '1000'", "Uid: '2000'", True),
    ("Role", "PolicyName: p", "PolicyName: q", False),
    ("Inline", "'sqs:*', Resource: !GetAtt Queue.Arn", "'sqs:SendMessage', Resource: !GetAtt Queue.Arn", False),
    ("Managed", "'sqs:*', Resource: '*'", "'sns:*', Resource: '*'", False),
    ("Bucket", "ExpirationInDays: 30", "ExpirationInDays: 60", False),
    ("Items", "AttributeName: t, Enabled: true", "AttributeName: t, Enabled: false", False),
    ("Queue", "maxReceiveCount: 3", "maxReceiveCount: 4", False),
    ("Topic", "DisplayName: hello", "DisplayName: world", False),
    ("Subscription", "RawMessageDelivery: true", "RawMessageDelivery: false", False),
    ("Function", "return 1", "return 2", False),
    ("Function", "Timeout: 10", "Timeout: 20", False),
    ("Mapping", "BatchSize: 5", "BatchSize: 6", False),
    ("Schedule", "rate(5 minutes)", "rate(6 minutes)", False),
    ("Machine", "End: true}}}", "End: true, Comment: c}}}", False),
    ("Log", "RetentionInDays: 7", "RetentionInDays: 14", False),
    ("Filter", "FilterPattern: ERROR", "FilterPattern: WARN", False),
    ("Alarm", "Threshold: 1,", "Threshold: 2,", False),
    ("Parameter", "Value: x,", "Value: y,", False),
    ("Parameter", "Name: /big/p", "Name: /big/q", True),
    ("Kms", "EnableKeyRotation: true", "EnableKeyRotation: false", False),
    ("Record", "TTL: '60'", "TTL: '90'", False),
    ("Record", "Name: www.example.com", "Name: web.example.com", True),
]


def test_updates(every, cloudformation):
    """Which changes are made in place, and which make a new resource, as the change set says before?"""
    body = EVERY
    for number, (name, before, after, replaced) in enumerate(CHANGES):
        assert before in body, before
        body = body.replace(before, after, 1)
        old = every.ids()[name]
        new = {"StackName": "s", "TemplateBody": body, "ChangeSetName": f"c{number}", **every.image}
        cloudformation.create_change_set(**new)
        told = cloudformation.describe_change_set(StackName="s", ChangeSetName=f"c{number}")
        found = {one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"] for one in told["Changes"]}
        assert (found[name]["Replacement"] == "True") == replaced, found[name]
        cloudformation.execute_change_set(StackName="s", ChangeSetName=f"c{number}")
        failed = [one for one in every.events() if "FAILED" in one[1]]
        assert every.status() == "UPDATE_COMPLETE", (name, failed)
        assert (every.ids()[name] != old) == replaced, name
    assert json.loads(client("lambda").invoke(FunctionName=every.ids()["Function"])["Payload"].read()) == 2
    attributes = client("ec2").describe_instances(InstanceIds=[every.ids()["Instance"]])["Reservations"][0][
        "Instances"
    ][0]
    assert (attributes["InstanceType"], attributes["State"]["Name"]) == ("t3.small", "running")


def test_instance_replaced(every):
    """Does a replaced instance take its address along, and a disk that is attached to the old one?"""
    old = every.ids()["Instance"]
    other = EVERY.replace("InstanceType: !FindInMap", "KeyName: !Ref Key\n      InstanceType: !FindInMap")
    # As on AWS: the disk cannot be attached to the new instance while the old one has it.
    assert every.update(other, **every.image) == "UPDATE_ROLLBACK_COMPLETE"
    assert "is already attached to an instance" in every.reason("VolumeOn", "UPDATE_FAILED")
    assert every.ids()["Instance"] == old
    assert client("ec2").describe_addresses()["Addresses"][0]["InstanceId"] == old
    other = "\n".join(line for line in other.splitlines() if not line.startswith("  VolumeOn:"))
    assert every.update(other, **every.image) == "UPDATE_COMPLETE", [
        one for one in every.events() if "FAILED" in one[1]
    ]
    new = every.ids()["Instance"]
    assert new != old
    states = {
        one["InstanceId"]: one["State"]["Name"]
        for each in client("ec2").describe_instances(InstanceIds=[old, new])["Reservations"]
        for one in each["Instances"]
    }
    assert states == {old: "terminated", new: "running"}
    assert client("ec2").describe_addresses()["Addresses"][0]["InstanceId"] == new


class Recorder:
    """Takes the calls of resource types, checks them against AWS's models, and answers with ids."""

    def __init__(self):
        self.calls = []

    def __call__(self, service, region, operation, **params):
        from course.lab.cloudformation.shapes import shaped

        api = client(service)
        params = shaped(api, operation, {key: one for key, one in params.items() if one is not None})
        model = api.meta.service_model.operation_model(api.meta.method_to_api_mapping[operation])
        report = ParamValidator().validate(params, model.input_shape)
        assert not report.has_errors(), (operation, report.generate_report())
        self.calls.append((operation, params))
        shape = model.output_shape
        return {name: "an-id" for name, one in shape.members.items() if one.type_name == "string"} if shape else {}


URI = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations"
API, HTTP = {"RestApiId": "a"}, {"ApiId": "a"}
APIS = [
    ("AWS::ApiGateway::RestApi", {"Name": "n", "EndpointConfiguration": {"Types": ["REGIONAL"]}}, {"Name": "m", "Body": {"swagger": "2.0"}}),
    ("AWS::ApiGateway::RestApi", {"Body": {"info": {"title": "t"}}}, {"Body": {"info": {"title": "u"}}}),
    ("AWS::ApiGateway::Resource", {**API, "ParentId": "p", "PathPart": "items"}, None),
    ("AWS::ApiGateway::Method", {**API, "ResourceId": "r", "HttpMethod": "GET", "Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": URI}, "MethodResponses": [{"StatusCode": 200}]}, {**API, "ResourceId": "r", "HttpMethod": "GET", "ApiKeyRequired": "true"}),
    ("AWS::ApiGateway::Deployment", {**API, "Description": "d"}, None),
    ("AWS::ApiGateway::Stage", {**API, "DeploymentId": "d", "StageName": "prod", "MethodSettings": [{"ResourcePath": "/*", "HttpMethod": "*", "ThrottlingRateLimit": 5}]}, {**API, "DeploymentId": "e", "StageName": "prod", "Variables": {"a": "b"}}),
    ("AWS::ApiGateway::Authorizer", {**API, "Name": "a", "Type": "TOKEN", "AuthorizerUri": URI, "AuthorizerResultTtlInSeconds": "0"}, {**API, "Name": "b", "Type": "TOKEN"}),
    ("AWS::ApiGateway::UsagePlan", {"ApiStages": [{"ApiId": "a", "Stage": "prod"}], "Throttle": {"RateLimit": 5}}, None),
    ("AWS::ApiGatewayV2::Api", {"Name": "n", "ProtocolType": "HTTP", "CorsConfiguration": {"AllowOrigins": ["*"]}}, {"Name": "m", "ProtocolType": "HTTP"}),
    ("AWS::ApiGatewayV2::Api", {"Body": {"openapi": "3.0.1"}}, {"Body": {"openapi": "3.0.2"}}),
    ("AWS::ApiGatewayV2::Integration", {**HTTP, "IntegrationType": "AWS_PROXY", "TimeoutInMillis": "500"}, {**HTTP, "IntegrationType": "HTTP_PROXY"}),
    ("AWS::ApiGatewayV2::Route", {**HTTP, "RouteKey": "GET /"}, {**HTTP, "RouteKey": "GET /a"}),
    ("AWS::ApiGatewayV2::Stage", {**HTTP, "StageName": "$default", "AutoDeploy": True}, {**HTTP, "StageName": "$default", "AutoDeploy": False}),
    ("AWS::ApiGatewayV2::Authorizer", {**HTTP, "Name": "a", "AuthorizerType": "JWT", "IdentitySource": ["$request.header.Authorization"]}, {**HTTP, "Name": "b", "AuthorizerType": "JWT"}),
    ("AWS::CodeDeploy::Application", {"ComputePlatform": "Lambda"}, None),
    ("AWS::CodeDeploy::DeploymentGroup", {"ApplicationName": "a", "ServiceRoleArn": "r", "DeploymentStyle": {"DeploymentType": "BLUE_GREEN"}, "Ec2TagFilters": [{"Key": "k", "Type": "KEY_ONLY"}]}, {"ApplicationName": "a", "ServiceRoleArn": "q"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "first", "second"), APIS, ids=[f"{kind}-{n}" for n, (kind, _, _) in enumerate(APIS)])
def test_calls(monkeypatch, kind, first, second):
    """Are the calls of these types such that AWS's models take them?"""
    resource_types.load()
    recorder = Recorder()
    monkeypatch.setattr(caller, "ask", recorder)
    stack = Stack("arn:aws:cloudformation:us-east-1:123456789012:stack/s/1", "s", "us-east-1", "123456789012", None)
    record = StackResource("Thing", kind, properties=first)
    resource = TYPES[kind](stack, record)
    resource.create(first)
    assert record.physical_id
    if second is not None:
        resource.update(first, second)
        record.properties = second
    resource.delete()
    verbs = [operation.split("_")[0] for operation, _ in recorder.calls]
    assert {"create", "import", "put"} & set(verbs[:1]) and verbs[-1] == "delete"
