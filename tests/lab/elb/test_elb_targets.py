"""Registering and deregistering targets."""

import io
import json
import zipfile

import boto3
import pytest


@pytest.fixture
def ids(elb):
    """The ids and ports of the targets of a group."""

    def ids(arn):
        found = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        return [(one["Target"]["Id"], one["Target"].get("Port")) for one in found]

    return ids


@pytest.fixture
def awslambda(_fresh):
    return boto3.client("lambda")


@pytest.fixture
def function(awslambda):
    """The ARN of a Lambda function called shop."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = boto3.client("iam").create_role(RoleName="shop", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as file:
        file.writestr("shop.py", "def handler(event, context): return {'statusCode': 200}")
    made = awslambda.create_function(
        FunctionName="shop", Runtime="python3.13", Role=role, Handler="shop.handler", Code={"ZipFile": code.getvalue()}
    )
    return made["FunctionArn"]


def test_instances_exist_run_and_are_in_the_vpc(elb, ec2, target_group, launch, image, elsewhere_subnets, ids, refused):
    """Is an instance that is not there, stopped, or in another VPC refused?"""
    arn, register = target_group(), elb.register_targets
    here, stopped, gone = launch(), launch(), launch()
    ec2.stop_instances(InstanceIds=[stopped])
    ec2.terminate_instances(InstanceIds=[gone])
    there = ec2.run_instances(
        ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=elsewhere_subnets[0]
    )["Instances"][0]["InstanceId"]
    refused(register, "InvalidTarget", "do not exist", TargetGroupArn=arn, Targets=[{"Id": "i-0123456789abcdef0"}])
    refused(register, "ValidationError", "10.0.0.1", TargetGroupArn=arn, Targets=[{"Id": "10.0.0.1"}])
    refused(register, "InvalidTarget", stopped, TargetGroupArn=arn, Targets=[{"Id": here}, {"Id": stopped}])
    refused(register, "InvalidTarget", gone, TargetGroupArn=arn, Targets=[{"Id": gone}])
    refused(register, "InvalidTarget", there, TargetGroupArn=arn, Targets=[{"Id": there}])
    zoned = [{"Id": here, "AvailabilityZone": "us-east-1a"}]
    refused(register, "ValidationError", "Availability Zone", TargetGroupArn=arn, Targets=zoned)
    register(TargetGroupArn=arn, Targets=[{"Id": here}])
    assert ids(arn) == [(here, 80)]


def test_an_instance_may_have_many_ports(elb, target_group, launch, ids, refused):
    """Are two ports two targets, and the same one twice a mistake?"""
    arn, one = target_group(), launch()
    twice = [{"Id": one}, {"Id": one, "Port": 80}]
    refused(elb.register_targets, "ValidationError", one, TargetGroupArn=arn, Targets=twice)
    high = [{"Id": one, "Port": 65536}]
    refused(elb.register_targets, "ValidationError", "65536", TargetGroupArn=arn, Targets=high)
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": one}, {"Id": one, "Port": 8080}])
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": one}])
    assert ids(arn) == [(one, 80), (one, 8080)]
    elb.deregister_targets(TargetGroupArn=arn, Targets=[{"Id": one, "Port": 8080}])
    assert ids(arn) == [(one, 80)]


def test_public_addresses_are_no_targets(elb, ec2, target_group, vpc, ids, refused):
    """Are addresses private, with a zone where they lie outside the VPC?"""
    arn, register = target_group(TargetType="ip"), elb.register_targets
    no = lambda *words, **one: refused(register, "ValidationError", *words, TargetGroupArn=arn, Targets=[one])
    no("8.8.8.8", "publicly routable", Id="8.8.8.8", AvailabilityZone="all")
    no("i-0123456789abcdef0", Id="i-0123456789abcdef0")
    no("10.9.9.9", "'all'", Id="10.9.9.9")
    no("us-east-9z", Id="10.9.9.9", AvailabilityZone="us-east-9z")
    subnet = ec2.describe_subnets(Filters=[{"Name": "availability-zone", "Values": ["us-east-1b"]}])["Subnets"][0]
    inside = subnet["CidrBlock"].rsplit(".", 1)[0] + ".77"
    no(inside, "overridden to 'all' from 'us-east-1b'", Id=inside, AvailabilityZone="all")
    legal = [{"Id": inside}, *({"Id": one, "AvailabilityZone": "all"} for one in ("10.9.9.9", "100.64.0.1"))]
    register(TargetGroupArn=arn, Targets=legal)
    assert [one for one, _ in ids(arn)] == [inside, "10.9.9.9", "100.64.0.1"]


def test_appliances_behind_a_gwlb(elb, target_group, launch, refused):
    """Is 6081 the only port of GENEVE?"""
    arn, one = target_group(Protocol="GENEVE", Port=6081), launch()
    refused(elb.register_targets, "ValidationError", "6081", TargetGroupArn=arn, Targets=[{"Id": one, "Port": 80}])
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": one, "Port": 6081}])


def test_functions_must_exist(elb, target_group, refused):
    """Is a lambda target the ARN of a function in the account?"""
    arn = target_group(TargetType="lambda")
    function = "arn:aws:lambda:us-east-1:123456789012:function:shop"
    refused(elb.register_targets, "ValidationError", "shop", TargetGroupArn=arn, Targets=[{"Id": "shop"}])
    refused(elb.register_targets, "InvalidTarget", function, TargetGroupArn=arn, Targets=[{"Id": function}])
    ported = [{"Id": function, "Port": 80}]
    refused(elb.register_targets, "ValidationError", "port", TargetGroupArn=arn, Targets=ported)


def test_a_function_must_let_the_load_balancer_call_it(elb, function, awslambda, target_group, ids, refused):
    """Is a function without a permission for this target group refused?"""
    arn, other = target_group(TargetType="lambda"), target_group("other", TargetType="lambda")
    given = {"TargetGroupArn": arn, "Targets": [{"Id": function}]}
    refused(elb.register_targets, "AccessDenied", "does not have permission to invoke", status=403, **given)
    for n, source in enumerate((other, arn)):
        refused(elb.register_targets, "AccessDenied", function, status=403, **given)
        awslambda.add_permission(
            FunctionName="shop",
            StatementId=f"elb{n}",
            Action="lambda:InvokeFunction",
            Principal="elasticloadbalancing.amazonaws.com",
            SourceArn=source,
        )
    elb.register_targets(**given)
    assert ids(arn) == [(function, None)]


def test_an_alb_behind_an_nlb(elb, balancer, listener, target_group, refused):
    """Is the target one ALB that listens on the port of the group, and does it stay while it is a target?"""
    arn, register = target_group(TargetType="alb", Protocol="TCP"), elb.register_targets
    alb, nlb, other = balancer(), balancer("nlb", Type="network"), balancer("other")
    refused(register, "InvalidTarget", nlb, TargetGroupArn=arn, Targets=[{"Id": nlb}])
    refused(register, "InvalidTarget", "port '80'", TargetGroupArn=arn, Targets=[{"Id": alb}])
    listener(alb), listener(other)
    register(TargetGroupArn=arn, Targets=[{"Id": alb}])
    refused(register, "TooManyTargets", "alb", TargetGroupArn=arn, Targets=[{"Id": other}])
    refused(elb.delete_load_balancer, "ResourceInUse", alb, LoadBalancerArn=alb)
    elb.deregister_targets(TargetGroupArn=arn, Targets=[{"Id": alb}])
    elb.delete_load_balancer(LoadBalancerArn=alb)


def test_quic_targets_have_a_server_id(elb, target_group, launch, refused):
    """Is a QUIC target without its server ID refused?"""
    arn, one = target_group(Protocol="QUIC", Port=443), launch()
    refused(elb.register_targets, "ValidationError", "server ID", TargetGroupArn=arn, Targets=[{"Id": one}])
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": one, "QuicServerId": "0x0123456789abcdef"}])


def test_only_registered_targets_are_deregistered(elb, target_group, launch, refused):
    """Is deregistering a stranger refused, and an unknown group not found?"""
    arn, one = target_group(), [{"Id": launch()}]
    refused(elb.deregister_targets, "InvalidTarget", one[0]["Id"], TargetGroupArn=arn, Targets=one)
    refused(elb.register_targets, "TargetGroupNotFound", TargetGroupArn=arn.replace("app", "gone"), Targets=one)
    elb.register_targets(TargetGroupArn=arn, Targets=one)
    elb.deregister_targets(TargetGroupArn=arn, Targets=one)
