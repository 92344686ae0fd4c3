"""Listeners: protocols, ports, certificates."""

import pytest

OK = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}


@pytest.fixture
def certificate(acm):
    return acm.request_certificate(DomainName="shop.example.com")["CertificateArn"]


@pytest.mark.parametrize(
    ("kind", "protocol"),
    [
        ("application", "TCP"),
        ("application", "GENEVE"),
        ("network", "HTTP"),
        ("network", "HTTPS"),
        ("network", "GENEVE"),
        ("application", "SSL"),
    ],
)
def test_protocols_that_a_type_lacks(elb, balancer, refused, kind, protocol):
    """Is the protocol one of the type's own?"""
    arn = balancer(Type=kind)
    listen = {"LoadBalancerArn": arn, "Protocol": protocol, "Port": 80, "DefaultActions": [OK]}
    refused(elb.create_listener, "ValidationError", protocol, **listen)


@pytest.mark.parametrize("protocol", ["TCP", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"])
def test_protocols_of_an_nlb(elb, balancer, target_group, listener, protocol):
    """Does an NLB listen to each of them, with a target group of the same protocol?"""
    group = target_group(Protocol=protocol, Port=443)
    arn = listener(balancer(Type="network"), group, Protocol=protocol, Port=443)
    assert elb.describe_listeners(ListenerArns=[arn])["Listeners"][0]["Protocol"] == protocol


def test_a_gwlb_listens_to_everything(elb, balancer, target_group, listener, subnets, refused):
    """Has the one listener of a GWLB neither port nor protocol?"""
    arn, group = balancer(Type="gateway", Subnets=subnets[:1]), target_group(Protocol="GENEVE", Port=6081)
    forward = [{"Type": "forward", "TargetGroupArn": group}]
    given = {"LoadBalancerArn": arn, "DefaultActions": forward}
    refused(elb.create_listener, "ValidationError", "port", Port=6081, Protocol="GENEVE", **given)
    refused(elb.create_listener, "ValidationError", "protocol", Protocol="GENEVE", **given)
    listener(arn, group, Protocol=None, Port=None)
    refused(elb.create_listener, "DuplicateListener", **given)


def test_ports(elb, balancer, listener, refused):
    """Has a load balancer one listener per port, from 1 to 65535?"""
    arn = balancer()
    listen = {"LoadBalancerArn": arn, "Protocol": "HTTP", "DefaultActions": [OK]}
    refused(elb.create_listener, "ValidationError", "port", **listen)
    refused(elb.create_listener, "ValidationError", 65536, Port=65536, **listen)
    listener(arn)
    refused(elb.create_listener, "DuplicateListener", "already exists on this port", Port=80, **listen)
    listener(arn, Port=8080)
    listener(balancer("other"))


def test_what_must_exist(elb, balancer, refused):
    """Is a load balancer that is not there refused, and a listener without protocol?"""
    arn = balancer()
    refused(elb.create_listener, "ValidationError", "protocol", LoadBalancerArn=arn, Port=80, DefaultActions=[OK])
    gone = arn.replace("web", "gone")
    refused(
        elb.create_listener, "LoadBalancerNotFound", LoadBalancerArn=gone, Protocol="HTTP", Port=80, DefaultActions=[OK]
    )


def test_https_needs_one_certificate_that_exists(elb, balancer, listener, certificate, refused):
    """Is a secure listener without certificate refused, and a plain one with?"""
    arn = balancer()
    listen = {"LoadBalancerArn": arn, "Port": 443, "DefaultActions": [OK]}
    create, https = elb.create_listener, {**listen, "Protocol": "HTTPS"}
    refused(create, "ValidationError", "A certificate must be specified for HTTPS listeners", **https)
    unknown = certificate[:-4] + "0000"
    refused(create, "CertificateNotFound", unknown, Certificates=[{"CertificateArn": unknown}], **https)
    one = [{"CertificateArn": certificate}]
    refused(create, "InvalidConfigurationRequest", "exactly one", Certificates=one * 2, **https)
    refused(create, "SSLPolicyNotFound", "Best", Certificates=one, SslPolicy="Best", **https)
    refused(create, "ValidationError", "HTTP listeners", Protocol="HTTP", Certificates=one, **listen)
    refused(create, "ValidationError", "SSL policy", Protocol="HTTP", SslPolicy="ELBSecurityPolicy-2016-08", **listen)
    shown = create(Certificates=one, **https)["Listeners"][0]
    assert shown["Certificates"] == one and shown["SslPolicy"] == "ELBSecurityPolicy-2016-08"


def test_tls_needs_a_certificate_and_a_plain_listener_has_no_policy(elb, balancer, target_group, certificate, refused):
    """Do the rules of HTTPS hold for the TLS listener of an NLB?"""
    forward = [{"Type": "forward", "TargetGroupArn": target_group(Protocol="TCP")}]
    listen = {"LoadBalancerArn": balancer(Type="network"), "DefaultActions": forward}
    refused(elb.create_listener, "ValidationError", "TLS", Protocol="TLS", Port=443, **listen)
    elb.create_listener(Protocol="TLS", Port=443, Certificates=[{"CertificateArn": certificate}], **listen)
    assert "SslPolicy" not in elb.create_listener(Protocol="TCP", Port=80, **listen)["Listeners"][0]


def test_quic_and_security_groups_exclude_each_other(elb, ec2, balancer, target_group, refused):
    """Has an NLB with a QUIC listener no security groups?"""
    group = ec2.create_security_group(GroupName="nlb", Description="nlb")["GroupId"]
    forward = [{"Type": "forward", "TargetGroupArn": target_group(Protocol="QUIC", Port=443)}]
    arn = balancer(Type="network", SecurityGroups=[group])
    listen = {"Protocol": "QUIC", "Port": 443, "DefaultActions": forward}
    refused(elb.create_listener, "InvalidConfigurationRequest", "QUIC", LoadBalancerArn=arn, **listen)


def test_changing_a_listener(elb, balancer, listener, certificate, refused):
    """Do the rules of a new listener hold for a changed one?"""
    arn = balancer()
    web, other = listener(arn), listener(arn, Port=8080)
    change = elb.modify_listener
    refused(change, "DuplicateListener", ListenerArn=other, Port=80)
    refused(change, "ValidationError", "certificate", ListenerArn=web, Protocol="HTTPS", Port=443)
    refused(change, "ValidationError", "TCP", ListenerArn=web, Protocol="TCP")
    refused(change, "ListenerNotFound", ListenerArn=web[:-4] + "0000", Port=81)
    one = [{"CertificateArn": certificate}]
    assert change(ListenerArn=web, Protocol="HTTPS", Port=443, Certificates=one)["Listeners"][0]["Port"] == 443
    assert change(ListenerArn=web, Port=8443)["Listeners"][0]["Certificates"] == one
    plain = change(ListenerArn=web, Protocol="HTTP", Port=80)["Listeners"][0]
    assert "SslPolicy" not in plain and not plain.get("Certificates")


def test_further_certificates(elb, balancer, listener, certificate, refused):
    """Are certificates for SNI added to secure listeners only, and must they exist?"""
    arn, one = balancer(), [{"CertificateArn": certificate}]
    plain, secure = listener(arn), listener(arn, Protocol="HTTPS", Port=443, Certificates=one)
    add = elb.add_listener_certificates
    refused(add, "InvalidConfigurationRequest", "HTTP", ListenerArn=plain, Certificates=one)
    unknown = [{"CertificateArn": certificate[:-4] + "0000"}]
    refused(add, "CertificateNotFound", ListenerArn=secure, Certificates=unknown)
    add(ListenerArn=secure, Certificates=one)


def test_default_rules_have_repeatable_names(elb, balancer, listener, ec2):
    """Does the ARN of a default rule not depend on this process?"""
    from course import lab

    seen = []
    for _ in range(2):
        lab.reset()
        found = sorted(ec2.describe_subnets()["Subnets"], key=lambda one: one["AvailabilityZone"])
        arn = balancer(Subnets=[one["SubnetId"] for one in found[:2]])
        seen.append(elb.describe_rules(ListenerArn=listener(arn))["Rules"][0]["RuleArn"])
    assert seen[0] == seen[1]
