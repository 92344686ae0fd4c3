"""The health of targets."""

import pytest

from course import lab


@pytest.fixture
def look(elb):
    """State and reason of each target of a group, by id."""

    def look(arn, **more):
        found = elb.describe_target_health(TargetGroupArn=arn, **more)["TargetHealthDescriptions"]
        return {one["Target"]["Id"]: (one["TargetHealth"]["State"], one["TargetHealth"].get("Reason")) for one in found}

    return look


UNUSED = ("unused", "Target.NotInUse")
INITIAL = ("initial", "Elb.RegistrationInProgress")
HEALTHY = ("healthy", None)


def test_a_target_waits_for_a_listener(elb, balancer, listener, target_group, launch, look):
    """Is a target unused until a listener forwards to its group, then initial, then healthy?"""
    arn, one = target_group(), launch()
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": one}])
    assert look(arn)[one] == look(arn)[one] == UNUSED
    used = listener(balancer(), arn)
    assert [look(arn)[one] for _ in range(3)] == [INITIAL, HEALTHY, HEALTHY]
    elb.delete_listener(ListenerArn=used)
    assert look(arn)[one] == UNUSED


def test_a_rule_is_enough(elb, balancer, listener, target_group, launch, look):
    """Is a group that only a rule forwards to in use?"""
    arn, one = target_group(), launch()
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": one}])
    elb.create_rule(
        ListenerArn=listener(balancer()),
        Priority=1,
        Conditions=[{"Field": "path-pattern", "Values": ["/a"]}],
        Actions=[{"Type": "forward", "TargetGroupArn": arn}],
    )
    assert look(arn)[one] == INITIAL


def test_a_zone_that_is_not_enabled(elb, balancer, listener, target_group, launch, look, subnets):
    """Does a target in a zone without the load balancer get no traffic until the zone is added?"""
    arn, near, far = target_group(), launch("us-east-1a"), launch("us-east-1c")
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": near}, {"Id": far}])
    alb = balancer()
    listener(alb, arn)
    assert look(arn) == {near: INITIAL, far: UNUSED}
    elb.set_subnets(LoadBalancerArn=alb, Subnets=subnets[:3])
    assert look(arn) == {near: HEALTHY, far: INITIAL}


def test_stopped_and_started_again(elb, ec2, balancer, listener, target_group, launch, look):
    """Is a stopped instance unused, and initial again once it runs?"""
    arn, one = target_group(), launch()
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": one}])
    listener(balancer(), arn)
    assert [look(arn)[one] for _ in range(2)] == [INITIAL, HEALTHY]
    ec2.stop_instances(InstanceIds=[one])
    assert look(arn)[one] == ("unused", "Target.InvalidState")
    ec2.start_instances(InstanceIds=[one])
    assert look(arn)[one] == INITIAL


def test_draining(elb, ec2, balancer, listener, target_group, launch, look):
    """Does a target with traffic drain for the deregistration delay, and one without leave at once?"""
    arn, one, two = target_group(), launch(), launch()
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": one}, {"Id": two}])
    listener(balancer(), arn)
    elb.deregister_targets(TargetGroupArn=arn, Targets=[{"Id": one}])
    assert look(arn)[one] == ("draining", "Target.DeregistrationInProgress")
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": one}])
    assert look(arn)[one] == INITIAL
    delay = [{"Key": "deregistration_delay.timeout_seconds", "Value": "0"}]
    elb.modify_target_group_attributes(TargetGroupArn=arn, Attributes=delay)
    elb.deregister_targets(TargetGroupArn=arn, Targets=[{"Id": one}])
    assert set(look(arn)) == {two}
    ec2.terminate_instances(InstanceIds=[two])
    assert look(arn) == {}


def test_draining_ends(elb, balancer, listener, target_group, launch, look, monkeypatch):
    """Is the target gone when the delay is over?"""
    from datetime import timedelta

    from moto.core.utils import utcnow

    from course.lab.elb import target_health

    arn, one = target_group(), launch()
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": one}])
    listener(balancer(), arn)
    elb.deregister_targets(TargetGroupArn=arn, Targets=[{"Id": one}])
    monkeypatch.setattr(target_health, "utcnow", lambda: utcnow() + timedelta(seconds=299))
    assert look(arn)[one][0] == "draining"
    monkeypatch.setattr(target_health, "utcnow", lambda: utcnow() + timedelta(seconds=301))
    assert look(arn) == {}


def test_a_stranger_is_not_registered(elb, target_group, launch, look):
    """Does asking for a target that was never registered say so?"""
    arn, one = target_group(), launch()
    assert look(arn, Targets=[{"Id": one}])[one] == ("unused", "Target.NotRegistered")


def test_addresses_show_their_zone_and_port(elb, target_group):
    """Is the zone of an address shown, and the port its health is checked on?"""
    arn = target_group(TargetType="ip")
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": "10.9.9.9", "AvailabilityZone": "all", "Port": 81}])
    (shown,) = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    assert shown["Target"] == {"Id": "10.9.9.9", "Port": 81, "AvailabilityZone": "all"}
    assert shown["HealthCheckPort"] == "81"


def test_a_health_check_must_get_through(elb, ec2, balancer, listener, target_group, launch, look):
    """Is a target unhealthy whose security group keeps the load balancer out, or on which nothing listens?"""
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    closed = ec2.create_security_group(GroupName="closed", Description="closed", VpcId=vpc)["GroupId"]
    arn, one = target_group(), launch(SecurityGroupIds=[closed])
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": one}])
    alb = balancer()
    listener(alb, arn)
    assert [look(arn)[one] for _ in range(2)] == [INITIAL, ("unhealthy", "Target.Timeout")]
    (described,) = elb.describe_load_balancers(LoadBalancerArns=[alb])["LoadBalancers"]
    (group,) = described["SecurityGroups"]
    port = elb.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]["Port"]
    permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": [{"GroupId": group}]}
    ec2.authorize_security_group_ingress(GroupId=closed, IpPermissions=[permission])
    assert look(arn)[one] == HEALTHY
    lab.listen(one, port + 1)
    assert look(arn)[one] == ("unhealthy", "Target.FailedHealthChecks")
    lab.listen(one, port)
    assert look(arn)[one] == HEALTHY
