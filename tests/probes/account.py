"""The account as a probe sees it: clients by service, and what probes need to have there first."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import boto3
from botocore.config import Config

ACCOUNT = "123456789012"
NAMES = {
    "awslambda": "lambda",
    "elb": "elbv2",
    "classic": "elb",
    "scaling": "autoscaling",
    "sfn": "stepfunctions",
    "alarms": "cloudwatch",
}


def policy(*statements: dict) -> str:
    """A policy document as JSON text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions: str, on: Any = "*", **more: Any) -> dict:
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}


def deny(*actions: str, on: Any = "*", **more: Any) -> dict:
    return {"Effect": "Deny", "Action": list(actions), "Resource": on, **more}


def trust(principal: Any, **more: Any) -> str:
    """A trust policy for one principal, {"Service": ...} or {"AWS": ...}."""
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more})


def zipped(code: str, name: str = "index.py") -> bytes:
    """A deployment package of one file."""
    contents = io.BytesIO()
    with zipfile.ZipFile(contents, "w") as archive:
        archive.writestr(name, code)
    return contents.getvalue()


HANDLER = "def handler(event, context):\n    return event\n"


class Caller:
    """Clients with the keys of one caller: `ana.ec2`, or `ana("ec2", "eu-west-1")`."""

    def __init__(self, key: str | None = None, secret: str | None = None, token: str | None = None):
        self._keys = (key, secret, token)
        self._clients: dict[tuple[str, str], Any] = {}
        self.key = key

    def __call__(self, service: str, region: str = "us-east-1") -> Any:
        service = NAMES.get(service, service)
        if (service, region) not in self._clients:
            key, secret, token = self._keys
            self._clients[service, region] = boto3.client(
                service,
                region_name=region,
                aws_access_key_id=key,
                aws_secret_access_key=secret,
                aws_session_token=token,
                config=Config(retries={"max_attempts": 0}),
            )
        return self._clients[service, region]

    def __getattr__(self, service: str) -> Any:
        if service.startswith("_"):
            raise AttributeError(service)
        return self(service)


class Account(Caller):
    """The administrator, and set-ups in one line each. What one set-up made is made once in a probe."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, Any] = {}

    def forget(self) -> None:
        """The account was emptied."""
        self._made.clear()

    def _once(self, name: str, make: Any) -> Any:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    # IAM

    def user(self, name: str = "ana", *statements: dict) -> Caller:
        """A new user with an inline policy and an access key."""
        self.iam.create_user(UserName=name)
        if statements:
            self.iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy(*statements))
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return Caller(key["AccessKeyId"], key["SecretAccessKey"])

    def session(self, answer: dict) -> Caller:
        """The caller with the temporary credentials that STS answered."""
        given = answer["Credentials"]
        return Caller(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])

    def role(self, name: str = "role", principal: Any = None, *statements: dict, **more: Any) -> str:
        """A role and its ARN; Lambda may assume it unless another principal is given."""
        principal = principal or {"Service": "lambda.amazonaws.com"}
        document = trust(principal, **more)
        arn = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        if statements:
            self.iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy(*statements))
        return arn

    def managed(self, name: str, *statements: dict) -> str:
        """A customer managed policy and its ARN."""
        return self.iam.create_policy(PolicyName=name, PolicyDocument=policy(*statements))["Policy"]["Arn"]

    # EC2

    def image(self, region: str = "us-east-1", architecture: str = "x86_64") -> str:
        """Amazon Linux 2023."""
        found = self("ssm", region).get_parameter(
            Name=f"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{architecture}"
        )
        return found["Parameter"]["Value"]

    def vpc(self) -> str:
        """The default VPC."""
        found = self.ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])
        return self._once("vpc", lambda: found["Vpcs"][0]["VpcId"])

    def subnets(self, zones: str = "ab") -> list[str]:
        """The default subnets in these zones of us-east-1."""
        found = self._once("subnets", lambda: self.ec2.describe_subnets()["Subnets"])
        by_zone = {one["AvailabilityZone"][-1]: one["SubnetId"] for one in found if one["DefaultForAz"]}
        return [by_zone[zone] for zone in zones]

    def instances(self, count: int = 1, zone: str = "a", **more: Any) -> list[str]:
        """Launch t3.micro instances; keyword arguments go to run_instances."""
        if "NetworkInterfaces" not in more and "SubnetId" not in more:
            more["SubnetId"] = self.subnets(zone)[0]
        more = {"ImageId": self._once("image", self.image), "InstanceType": "t3.micro", **more}
        found = self.ec2.run_instances(MinCount=count, MaxCount=count, **more)["Instances"]
        return [one["InstanceId"] for one in found]

    def instance(self, zone: str = "a", **more: Any) -> str:
        return self.instances(1, zone, **more)[0]

    def shown(self, instance: str) -> dict:
        return self.ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]

    def volume(self, zone: str = "a", **more: Any) -> str:
        """Create a volume of 10 GiB unless said otherwise."""
        if "SnapshotId" not in more:
            more.setdefault("Size", 10)
        return self.ec2.create_volume(AvailabilityZone=f"us-east-1{zone}", **more)["VolumeId"]

    def attached_volume(self, instance: str | None = None, device: str = "/dev/sdf", **more: Any) -> str:
        volume = self.volume(**more)
        self.ec2.attach_volume(VolumeId=volume, InstanceId=instance or self.instance(), Device=device)
        return volume

    def snapshot(self, volume: str | None = None, **more: Any) -> str:
        return self.ec2.create_snapshot(VolumeId=volume or self.volume(), **more)["SnapshotId"]

    def root_volume(self, instance: str) -> str:
        return self.shown(instance)["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]

    def security_group(self, name: str = "web", vpc: str | None = None) -> str:
        vpc = vpc or self.vpc()
        return self.ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]

    def other_vpc(self, zones: str = "ab") -> tuple[str, list[str]]:
        """Another VPC, 10.0.0.0/16, without an internet gateway, and its subnets."""
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            self.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")
            for n, zone in enumerate(zones)
        ]
        return vpc, [one["Subnet"]["SubnetId"] for one in subnets]

    def interface(self, zone: str = "a", **more: Any) -> str:
        more = {"SubnetId": self.subnets(zone)[0], **more}
        return self.ec2.create_network_interface(**more)["NetworkInterface"]["NetworkInterfaceId"]

    def address(self) -> str:
        """The allocation id of a new Elastic IP address."""
        return self.ec2.allocate_address(Domain="vpc")["AllocationId"]

    # EFS

    def file_system(self, **more: Any) -> str:
        more.setdefault("CreationToken", "files")
        return self.efs.create_file_system(**more)["FileSystemId"]

    # Load balancing and scaling

    def balancer(self, name: str = "web", **more: Any) -> str:
        if "SubnetMappings" not in more:
            more.setdefault("Subnets", self.subnets())
        return self.elb.create_load_balancer(Name=name, **more)["LoadBalancers"][0]["LoadBalancerArn"]

    def target_group(self, name: str = "app", **more: Any) -> str:
        if more.get("TargetType") != "lambda":
            more = {"Protocol": "HTTP", "Port": 80, "VpcId": self.vpc(), **more}
        return self.elb.create_target_group(Name=name, **more)["TargetGroups"][0]["TargetGroupArn"]

    def listener(self, balancer: str | None = None, **more: Any) -> str:
        """A listener on HTTP 80 that answers 200 unless said otherwise."""
        ok = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}
        more = {"Protocol": "HTTP", "Port": 80, "DefaultActions": [ok], **more}
        balancer = balancer or self.balancer()
        return self.elb.create_listener(LoadBalancerArn=balancer, **more)["Listeners"][0]["ListenerArn"]

    def launch_template(self, name: str = "web", **data: Any) -> str:
        data = {"ImageId": self.image(), "InstanceType": "t3.micro", **data}
        made = self.ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)
        return made["LaunchTemplate"]["LaunchTemplateId"]

    def scaling_group(self, name: str = "web", **more: Any) -> None:
        """An Auto Scaling group of 1 to 4 instances over two zones; None leaves an argument out."""
        self._once("template", self.launch_template)
        given = {
            "AutoScalingGroupName": name,
            "MinSize": 1,
            "MaxSize": 4,
            "LaunchTemplate": {"LaunchTemplateName": "web"},
            "VPCZoneIdentifier": ",".join(self.subnets()),
            **more,
        }
        self.scaling.create_auto_scaling_group(**{key: one for key, one in given.items() if one is not None})

    def shown_group(self, name: str = "web") -> dict:
        return self.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]

    # Serverless

    def function(self, code: str = HANDLER, name: str = "f", **more: Any) -> str:
        """A function whose file index.py holds the code, and its ARN."""
        more = {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Role": self._once("lambda role", self._execution_role),
            "Code": {"ZipFile": zipped(code)},
            **more,
        }
        return self.awslambda.create_function(FunctionName=name, **more)["FunctionArn"]

    def _execution_role(self) -> str:
        return self.role("execution", {"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]}, allow("*"))

    def invoked(self, name: str = "f", event: Any = None, **more: Any) -> tuple[Any, dict]:
        """(payload, response) of an invocation."""
        response = self.awslambda.invoke(FunctionName=name, Payload=json.dumps(event or {}), **more)
        text = response["Payload"].read()
        return (json.loads(text) if text else None), response

    # Messages and keys

    def queue(self, name: str = "q", **attributes: str) -> str:
        """The URL of a new queue."""
        return self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def queue_arn(self, url: str) -> str:
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return found["Attributes"]["QueueArn"]

    def received(self, url: str, **more: Any) -> list[dict]:
        more = {"MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"], **more}
        return self.sqs.receive_message(QueueUrl=url, **more).get("Messages", [])

    def topic(self, name: str = "t", **attributes: str) -> str:
        return self.sns.create_topic(Name=name, Attributes=attributes)["TopicArn"]

    def kms_key(self, **more: Any) -> str:
        return self.kms.create_key(**more)["KeyMetadata"]["KeyId"]

    def bucket(self, name: str = "ana-files") -> str:
        self.s3.create_bucket(Bucket=name)
        return name
