"""One offline account for all tests of the lab, emptied before each of them."""

import contextlib
import io
import json
import zipfile
from functools import cache

import boto3
import pytest
from api_builders import api, function, http, http_api, open_to, rest  # noqa: F401  fixtures
from botocore.config import Config
from botocore.exceptions import ClientError
from looks import LOOKS
from stack_builders import cloudformation, every_stack, stack  # noqa: F401  fixtures

from course import lab


@pytest.fixture(scope="package", autouse=True)
def _started():
    lab.start()
    yield
    lab.stop()


@pytest.fixture(autouse=True)
def _fresh(_started):
    lab.reset() if lab._started else lab.start()
    yield


@cache
def client(name, region="us-east-1"):
    """Clients survive a reset, and making one costs more than most tests. None tries again what is refused."""
    return boto3.client(name, region_name=region, config=Config(retries={"max_attempts": 0}))


@pytest.fixture
def ec2(_fresh):
    return client("ec2")


@pytest.fixture
def efs(_fresh):
    return client("efs")


@pytest.fixture
def rbin(_fresh):
    return client("rbin")


@pytest.fixture
def elb(_fresh):
    return client("elbv2")


@pytest.fixture
def scaling(_fresh):
    return client("autoscaling")


@pytest.fixture
def acm(_fresh):
    return client("acm")


@pytest.fixture
def sqs(_fresh):
    return client("sqs")


@pytest.fixture
def queue(sqs):
    """Create a queue and give its URL; keyword arguments are attributes, FIFO where the name says so."""

    def queue(name="q", **attributes):
        if name.endswith(".fifo"):
            attributes = {"FifoQueue": "true", **attributes}
        given = {key: one if isinstance(one, str) else json.dumps(one) for key, one in attributes.items()}
        return sqs.create_queue(QueueName=name, Attributes=given)["QueueUrl"]

    return queue


@pytest.fixture
def sns(_fresh):
    return client("sns")


@pytest.fixture
def kms(_fresh):
    return client("kms")


@pytest.fixture
def manager(_fresh):
    return client("secretsmanager")


@pytest.fixture
def ssm(_fresh):
    return client("ssm")


@pytest.fixture
def appconfig(_fresh):
    return client("appconfig")


@pytest.fixture
def appconfigdata(_fresh):
    return client("appconfigdata")


@pytest.fixture
def key(kms):
    """Create a KMS key and give its id; keyword arguments go to create_key."""
    return lambda **more: kms.create_key(**more)["KeyMetadata"]["KeyId"]


@pytest.fixture
def logs(_fresh):
    return client("logs")


@pytest.fixture
def cloudwatch(_fresh):
    return client("cloudwatch")


@pytest.fixture
def events(_fresh):
    return client("events")


@pytest.fixture
def subnets(ec2):
    """The default subnets of us-east-1a, us-east-1b, ... in this order."""
    found = ec2.describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"]
    return [one["SubnetId"] for one in sorted(found, key=lambda one: one["AvailabilityZone"])]


@pytest.fixture
def vpc(ec2):
    """The default VPC."""
    return ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]


@pytest.fixture
def elsewhere_subnets(ec2):
    """Two subnets, in us-east-1a and us-east-1b, of a VPC without an internet gateway."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"][
            "SubnetId"
        ]
        for n, zone in enumerate("ab")
    ]


@pytest.fixture
def balancer(elb, subnets):
    """Create a load balancer in two zones and give its ARN; keyword arguments go to create_load_balancer."""

    def balancer(name="web", **more):
        if "SubnetMappings" not in more:
            more.setdefault("Subnets", subnets[:2])
        return elb.create_load_balancer(Name=name, **more)["LoadBalancers"][0]["LoadBalancerArn"]

    return balancer


@pytest.fixture
def target_group(elb, vpc):
    """Create a target group and give its ARN; HTTP on port 80 unless said otherwise."""

    def target_group(name="app", **more):
        if more.get("TargetType") != "lambda":
            more = {"Protocol": "HTTP", "Port": 80, "VpcId": vpc, **more}
        return elb.create_target_group(Name=name, **more)["TargetGroups"][0]["TargetGroupArn"]

    return target_group


@pytest.fixture
def listener(elb):
    """Create a listener that forwards to a target group and give its ARN; keyword arguments go to create_listener."""

    def listener(balancer, group=None, **more):
        if group:
            more["DefaultActions"] = [{"Type": "forward", "TargetGroupArn": group}]
        else:
            more.setdefault("DefaultActions", [OK])
        more = {"Protocol": "HTTP", "Port": 80, **more}
        more = {key: one for key, one in more.items() if one is not None}
        return elb.create_listener(LoadBalancerArn=balancer, **more)["Listeners"][0]["ListenerArn"]

    return listener


class Groups:
    """Creates Auto Scaling groups of one launch template over two zones, and looks at them."""

    def __init__(self, scaling, subnets):
        self.scaling, self.subnets = scaling, subnets

    def arguments(self, name="web", **more):
        """Of create_auto_scaling_group: one instance, at most four; None leaves an argument out."""
        given = {
            "AutoScalingGroupName": name,
            "MinSize": 1,
            "MaxSize": 4,
            "LaunchTemplate": {"LaunchTemplateName": "web"},
            "VPCZoneIdentifier": ",".join(self.subnets[:2]),
            **more,
        }
        return {key: one for key, one in given.items() if one is not None}

    def __call__(self, name="web", **more):
        self.scaling.create_auto_scaling_group(**self.arguments(name, **more))

    def shown(self, name):
        return self.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]

    def ids(self, name):
        return [one["InstanceId"] for one in self.shown(name)["Instances"]]


@pytest.fixture
def asg(scaling, ec2, image, subnets):
    """Create an Auto Scaling group; see Groups."""
    data = {"ImageId": image, "InstanceType": "t3.micro"}
    ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data)
    return Groups(scaling, subnets)


OK = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}


@pytest.fixture
def image(ec2):
    """Amazon Linux 2023 for x86_64: root volume /dev/xvda, 8 GiB, gp3."""
    found = ec2.describe_images(Filters=[{"Name": "name", "Values": ["al2023-ami-2023*-kernel-6.1-x86_64"]}])["Images"]
    return found[0]["ImageId"]


@pytest.fixture
def launch(ec2, image):
    """Launch one instance and give its id; keyword arguments go to run_instances."""

    def launch(zone="us-east-1a", **more):
        more = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, **more}
        return ec2.run_instances(Placement={"AvailabilityZone": zone}, **more)["Instances"][0]["InstanceId"]

    return launch


@pytest.fixture
def spot_request(ec2):
    """Request a Spot Instance and give the request as it is once it was evaluated."""

    def spot_request(**more):
        (made,) = ec2.request_spot_instances(**more)["SpotInstanceRequests"]
        assert (made["State"], made["Status"]["Code"]) == ("open", "pending-evaluation") and "InstanceId" not in made
        ids = {"SpotInstanceRequestIds": [made["SpotInstanceRequestId"]]}
        return ec2.describe_spot_instance_requests(**ids)["SpotInstanceRequests"][0]

    return spot_request


@pytest.fixture
def volume(ec2):
    """Create a volume and give its id; keyword arguments go to create_volume."""

    def volume(**more):
        if "SnapshotId" not in more:
            more.setdefault("Size", 10)
        if "AvailabilityZoneId" not in more:
            more.setdefault("AvailabilityZone", "us-east-1a")
        return ec2.create_volume(**more)["VolumeId"]

    return volume


@pytest.fixture
def shown(ec2):
    """Describe one volume."""
    return lambda volume_id: ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]


EC2 = {
    "Volumes": "describe_volumes",
    "VolumesModifications": "describe_volumes_modifications",
    "Snapshots": "describe_snapshots",
    "Reservations": "describe_instances",
    "NetworkInterfaces": "describe_network_interfaces",
    "FastSnapshotRestores": "describe_fast_snapshot_restores",
    "Bin": "list_snapshots_in_recycle_bin",
    "SecurityGroups": "describe_security_groups",
    "Addresses": "describe_addresses",
    "KeyPairs": "describe_key_pairs",
    "Hosts": "describe_hosts",
    "PlacementGroups": "describe_placement_groups",
    "CapacityReservations": "describe_capacity_reservations",
    "SpotFleetRequestConfigs": "describe_spot_fleet_requests",
    "SpotInstanceRequests": "describe_spot_instance_requests",
}


def account(service, regions):
    """What a call to the service could change in these Regions, as plain data."""
    seen = {}
    for region in regions:
        ec2, efs, rbin = (client(name, region) for name in ("ec2", "efs", "rbin"))
        if service in LOOKS:
            seen[region] = LOOKS[service](client(service, region))
        elif service == "lambda":
            seen[region] = functions(client("lambda", region))
        elif service in ("apigateway", "apigatewayv2"):
            seen[region] = apis(client(service, region))
        elif service in OBSERVED:
            seen[region] = observed(service, client(service, region))
        elif service == "stepfunctions":
            seen[region] = client("stepfunctions", region).list_state_machines()
        elif service in ("sqs", "sns"):
            seen[region] = {"queues": queues(client("sqs", region)), "topics": topics(client("sns", region))}
        elif service == "cloudformation":
            seen[region] = every_stack(client("cloudformation", region))
        elif service == "ec2":
            seen[region] = {name: getattr(ec2, call)() for name, call in EC2.items()}
            seen[region]["Images"] = ec2.describe_images(Owners=["self"])
        elif service == "elbv2":
            seen[region] = load_balancing(client("elbv2", region))
        elif service == "autoscaling":
            scaling = client("autoscaling", region)
            seen[region] = {name: getattr(scaling, call)() for name, call in SCALING.items()}
            seen[region]["Reservations"] = ec2.describe_instances()
        elif service in KEPT:
            seen[region] = KEPT[service](region)
        elif service == "rbin":
            seen[region] = {
                "Rules": [rbin.list_rules(ResourceType=one) for one in ("EBS_SNAPSHOT", "EC2_IMAGE", "EBS_VOLUME")]
            }
        else:
            seen[region] = {"Files": efs.describe_file_systems(), "Interfaces": ec2.describe_network_interfaces()}
            for fs in seen[region]["Files"]["FileSystems"]:
                fs["SizeInBytes"].pop("Timestamp", None)
                one = {"FileSystemId": fs["FileSystemId"]}
                seen[region][one["FileSystemId"]] = [
                    efs.describe_mount_targets(**one),
                    efs.describe_lifecycle_configuration(**one),
                ]
    return _without_metadata(seen)


def keys(region):
    """Everything of AWS KMS: keys with policies and grants, and aliases."""
    kms = client("kms", region)
    seen = {"Aliases": kms.list_aliases()["Aliases"]}
    for one in kms.list_keys()["Keys"]:
        key = {"KeyId": one["KeyId"]}
        seen[one["KeyId"]] = [
            call(**key) for call in (kms.describe_key, kms.get_key_policy, kms.list_grants, kms.list_resource_tags)
        ]
    return seen


def secrets(region):
    """Everything of Secrets Manager but the time at which a secret was last looked at."""
    manager = client("secretsmanager", region)
    seen = {"Secrets": manager.list_secrets(IncludePlannedDeletion=True)["SecretList"]}
    for one in seen["Secrets"]:
        if "PrimaryRegion" not in one:
            seen[one["ARN"]] = manager.get_resource_policy(SecretId=one["ARN"])
    return seen


def parameters(region):
    """Every parameter with its versions and tags."""
    ssm = client("ssm", region)
    seen = {"Parameters": ssm.describe_parameters()["Parameters"]}
    for one in seen["Parameters"]:
        seen[one["Name"]] = [
            ssm.get_parameter_history(Name=one["Name"]),
            ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=one["Name"]),
        ]
    return seen


def applications(region):
    """Everything of AppConfig but its sessions."""
    appconfig = client("appconfig", region)
    seen = {"Strategies": appconfig.list_deployment_strategies(), "Applications": appconfig.list_applications()}
    for application in seen["Applications"]["Items"]:
        of = {"ApplicationId": application["Id"]}
        environments = appconfig.list_environments(**of)["Items"]
        profiles = appconfig.list_configuration_profiles(**of)["Items"]
        seen[application["Id"]] = [environments, profiles]
        for one in environments:
            seen[one["Id"]] = appconfig.list_deployments(EnvironmentId=one["Id"], **of)
        for one in profiles:
            seen[one["Id"]] = appconfig.list_hosted_configuration_versions(ConfigurationProfileId=one["Id"], **of)
    return seen


KEPT = {
    "kms": keys,
    "secretsmanager": secrets,
    "ssm": parameters,
    "appconfig": applications,
    "appconfigdata": applications,
}


SCALING = {
    "Groups": "describe_auto_scaling_groups",
    "Policies": "describe_policies",
    "Schedules": "describe_scheduled_actions",
}


def load_balancing(elb):
    """Everything of ELB but the health of targets, which looking at moves on."""
    seen = {"Groups": elb.describe_target_groups(), "Balancers": elb.describe_load_balancers()}
    for group in seen["Groups"]["TargetGroups"]:
        arn = {"TargetGroupArn": group["TargetGroupArn"]}
        health = elb.describe_target_health(**arn)["TargetHealthDescriptions"]
        seen[group["TargetGroupArn"]] = [
            elb.describe_target_group_attributes(**arn),
            [one["Target"] for one in health],
        ]
    for balancer in seen["Balancers"]["LoadBalancers"]:
        arn = {"LoadBalancerArn": balancer["LoadBalancerArn"]}
        listeners = elb.describe_listeners(**arn)
        seen[balancer["LoadBalancerArn"]] = [listeners, elb.describe_load_balancer_attributes(**arn)]
        for listener in listeners["Listeners"]:
            seen[listener["ListenerArn"]] = elb.describe_rules(ListenerArn=listener["ListenerArn"])
    return seen


def functions(awslambda):
    """Everything a call to Lambda could change."""
    seen = {
        "Functions": awslambda.list_functions(FunctionVersion="ALL"),
        "Sources": awslambda.list_event_source_mappings(),
    }
    for name in {one["FunctionName"] for one in seen["Functions"]["Functions"]}:
        one = {"FunctionName": name}
        seen[name] = [
            awslambda.list_function_url_configs(**one),
            awslambda.list_aliases(**one),
            awslambda.list_function_event_invoke_configs(**one),
            awslambda.get_function_concurrency(**one),
        ]
        with contextlib.suppress(ClientError):
            seen[name].append(awslambda.get_policy(**one))
    return seen


def queues(sqs):
    """Every queue with its attributes (so also how many messages it has) and tags."""
    urls = sqs.list_queues().get("QueueUrls", [])
    return {
        url: [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"]), sqs.list_queue_tags(QueueUrl=url)]
        for url in urls
    }


def topics(sns):
    """Every topic with its attributes and tags, and the subscriptions with theirs."""
    arns = [one["TopicArn"] for one in sns.list_topics()["Topics"]]
    seen = {arn: [sns.get_topic_attributes(TopicArn=arn), sns.list_tags_for_resource(ResourceArn=arn)] for arn in arns}
    seen["Subscriptions"] = sns.list_subscriptions()
    for arn in [one["SubscriptionArn"] for one in seen["Subscriptions"]["Subscriptions"]]:
        if arn.startswith("arn:"):
            seen[arn] = sns.get_subscription_attributes(SubscriptionArn=arn)
    return seen


def apis(gateway):
    """Everything that describes the APIs of a Region: whatever the service lists, API by API."""
    is_rest = gateway.meta.service_model.service_name == "apigateway"
    found = (gateway.get_rest_apis() if is_rest else gateway.get_apis()).get("items" if is_rest else "Items", [])
    names = ("resources", "authorizers", "deployments", "stages", "models", "request_validators", "gateway_responses")
    key = "restApiId" if is_rest else "ApiId"
    if not is_rest:
        names = ("routes", "integrations", "authorizers", "stages", "deployments")
    seen = {"Apis": found}
    for one in found:
        named = {key: one["id" if is_rest else key]}
        seen[named[key]] = [getattr(gateway, f"get_{name}")(**named) for name in names]
    if is_rest:
        seen["Keys"] = [gateway.get_api_keys(includeValues=True), gateway.get_usage_plans(), gateway.get_account()]
    return seen


OBSERVED = {
    "logs": ("describe_log_groups", "describe_metric_filters", "describe_queries", "describe_resource_policies"),
    "cloudwatch": ("list_metrics", "describe_alarm_history", "list_dashboards", "describe_anomaly_detectors"),
    "events": ("list_event_buses", "list_rules"),
    "scheduler": ("list_schedules", "list_schedule_groups"),
    "xray": ("get_sampling_rules", "get_groups"),
}


def observed(service, one):
    """Everything that a call to one of the services of observability could change."""
    seen = {call: getattr(one, call)() for call in OBSERVED[service]}
    if service == "logs":
        for group in seen["describe_log_groups"]["logGroups"]:
            name = {"logGroupName": group["logGroupName"]}
            seen[group["logGroupName"]] = [
                one.describe_log_streams(**name),
                one.describe_subscription_filters(**name),
                one.filter_log_events(**name),
            ]
    elif service == "cloudwatch":
        seen["Alarms"] = one.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    elif service == "events":
        for rule in seen["list_rules"]["Rules"]:
            seen[rule["Name"]] = one.list_targets_by_rule(Rule=rule["Name"])
    return seen


def _without_metadata(answer):
    if isinstance(answer, dict):
        return {key: _without_metadata(one) for key, one in answer.items() if key != "ResponseMetadata"}
    return [_without_metadata(one) for one in answer] if isinstance(answer, list) else answer


@pytest.fixture
def refused(_fresh):
    """Make a call that must be refused with this code and these words, and leave the account as it was."""

    def refused(call, code, *words, status=None, **params):
        meta = call.__self__.meta
        service, regions = meta.service_model.service_name, {"us-east-1", meta.region_name}
        before = account(service, regions)
        with pytest.raises(ClientError) as caught:
            call(**params)
        error, meta = caught.value.response["Error"], caught.value.response["ResponseMetadata"]
        assert error["Code"] == code, error
        for word in words:
            assert str(word) in error["Message"], error
        assert len(meta["RequestId"]) == 36
        assert meta["HTTPStatusCode"] == (status or 400)
        assert account(service, regions) == before
        return caught.value

    return refused


@pytest.fixture
def awslambda(_fresh):
    return client("lambda")


@pytest.fixture
def role(_fresh):
    """Make a role that a service can assume and give its ARN."""

    def role(service="lambda.amazonaws.com", name="role"):
        statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        arn = client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=policy)["Role"]["Arn"]
        client("iam").attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
        return arn

    return role


def zipped(code, name="index.py"):
    """A deployment package of one file."""
    contents = io.BytesIO()
    with zipfile.ZipFile(contents, "w") as archive:
        archive.writestr(name, code)
    return contents.getvalue()


@pytest.fixture
def deploy(awslambda, role):
    """Create a function whose file index.py holds the code; keyword arguments go to create_function."""
    arn = role()

    def deploy(code, name="f", **more):
        more = {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Role": arn,
            "Code": {"ZipFile": zipped(code)},
            **more,
        }
        return awslambda.create_function(FunctionName=name, **more)

    return deploy


@pytest.fixture
def invoke(awslambda):
    """Invoke and give (payload, response); the payload is parsed."""

    def invoke(name="f", event=None, **more):
        response = awslambda.invoke(FunctionName=name, Payload=json.dumps(event or {}), **more)
        text = response["Payload"].read()
        return (json.loads(text) if text else None), response

    return invoke


@pytest.fixture
def state_machine(role):
    """Create a state machine of states or of a definition and give its ARN; its role may do everything."""
    arn = role("states.amazonaws.com", "machine")

    def state_machine(definition, name="m", **more):
        text = definition if isinstance(definition, str) else json.dumps(definition)
        more = {"roleArn": arn, **more}
        return client("stepfunctions").create_state_machine(name=name, definition=text, **more)["stateMachineArn"]

    return state_machine
