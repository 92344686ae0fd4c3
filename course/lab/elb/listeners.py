"""Listeners: their protocols and ports by type of load balancer, and the certificates of HTTPS and TLS.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
"""

from __future__ import annotations

from typing import Any

from moto.elbv2.models import ELBv2Backend, FakeAction, FakeListener, FakeRule
from moto.elbv2.ssl_policies import SSL_POLICIES
from moto.moto_api._internal import mock_random

from course.data import value

from ..gate import Call, Refused, refuses, replaces
from .actions import require_actions
from .load_balancers import not_in


def listener_of(call: Call, arn: str) -> tuple[FakeListener, Any]:
    """A listener and its load balancer; Refused if it does not exist."""
    for balancer in call.backend.load_balancers.values():
        if arn in balancer.listeners:
            return balancer.listeners[arn], balancer
    raise Refused("ListenerNotFound", f"Listener '{arn}' not found")


def require_protocol(balancer: Any, protocol: str | None, port: int | None) -> None:
    """Raise Refused unless a load balancer of this type listens to the protocol; a GWLB takes every packet."""
    if balancer.type == "gateway":
        for name, given in (("port", port), ("protocol", protocol)):
            if given is not None:
                raise Refused("ValidationError", f"A {name} cannot be specified for gateway listeners")
        return
    if port is None:
        raise Refused("ValidationError", "A listener port must be specified")
    if protocol is None:
        raise Refused("ValidationError", "A listener protocol must be specified")
    known = value("elb.target_groups.protocols")
    if protocol not in known:
        raise not_in(known, protocol, "protocol")
    least, most = value("elb.listeners.ports")
    if not least <= port <= most:
        raise Refused("ValidationError", f"Listener port '{port}' must be between '{least}' and '{most}'")
    allowed = value(f"elb.listeners.{balancer.type}")
    if protocol not in allowed:
        raise Refused("ValidationError", f"Listener protocol '{protocol}' must be one of '{', '.join(allowed)}'")
    if protocol in value("elb.listeners.without_security_groups") and balancer.security_groups:
        raise Refused(
            "InvalidConfigurationRequest",
            f"Listeners with protocol '{protocol}' are not supported on load balancers with security groups",
        )


def require_free_port(balancer: Any, port: int | None, own: FakeListener | None = None) -> None:
    """Raise Refused if another listener of the load balancer has the port; a GWLB has one listener."""
    for other in balancer.listeners.values():
        if other is not own and (balancer.type == "gateway" or int(other.port) == port):
            raise Refused("DuplicateListener", "A listener already exists on this port for this load balancer")


def require_certificates(call: Call, protocol: str | None, certificates: list[dict], policy: str | None) -> None:
    """Raise Refused unless a secure listener has exactly one certificate that exists, and no other has any."""
    secure = protocol in value("elb.listeners.secure")
    if policy is not None and policy not in SSL_POLICIES:
        raise Refused("SSLPolicyNotFound", f"SSL policy '{policy}' not found")
    if not secure:
        if certificates or policy:
            what = "Certificates" if certificates else "An SSL policy"
            raise Refused("ValidationError", f"{what} cannot be specified for {protocol} listeners")
        return
    if not certificates:
        raise Refused("ValidationError", f"A certificate must be specified for {protocol} listeners")
    if len(certificates) > 1:
        raise Refused(
            "InvalidConfigurationRequest",
            f"You must provide a list containing exactly one certificate if the listener protocol is {protocol}.",
        )
    arn = certificates[0].get("CertificateArn", "")
    if not call.backend._certificate_exists(arn):
        raise Refused("CertificateNotFound", f"Certificate '{arn}' not found")


@refuses("elbv2", "CreateListener")
def impossible_listener(call: Call) -> None:
    """Protocol, port, certificate, then what it does with a request."""
    params = call.params
    balancer = call.backend.load_balancers.get(params["LoadBalancerArn"])
    if balancer is None:
        raise Refused("LoadBalancerNotFound", f"Load balancer '{params['LoadBalancerArn']}' not found")
    protocol, port = params.get("Protocol"), params.get("Port")
    require_protocol(balancer, protocol, port)
    require_free_port(balancer, port)
    most = value("elb.quotas.listeners")
    if len(balancer.listeners) >= most:
        raise Refused("TooManyListeners", f"The maximum number of listeners per load balancer is {most}")
    require_certificates(call, protocol, params.get("Certificates", []), params.get("SslPolicy"))
    require_actions(call, balancer, protocol or "GENEVE", port, params["DefaultActions"])


@refuses("elbv2", "ModifyListener")
def impossible_change(call: Call) -> None:
    """The rules of a new listener, for what the listener would be afterwards."""
    params = call.params
    listener, balancer = listener_of(call, params["ListenerArn"])
    if balancer.type == "gateway":
        require_protocol(balancer, params.get("Protocol"), params.get("Port"))
        protocol, port = "GENEVE", None
    else:
        protocol, port = params.get("Protocol", listener.protocol), params.get("Port", int(listener.port))
        require_protocol(balancer, protocol, port)
        require_free_port(balancer, port, listener)
        kept = [{"CertificateArn": one} for one in [listener.certificate] if one]
        secure = protocol in value("elb.listeners.secure")
        certificates = params.get("Certificates", kept if secure else [])
        require_certificates(call, protocol, certificates, params.get("SslPolicy"))
    # Protocol and port decide whether what the listener already does is still possible.
    actions = params.get("DefaultActions") or [one.data for one in listener.default_actions]
    require_actions(call, balancer, protocol, port, actions)
    for rule in listener._non_default_rules.values():
        require_actions(call, balancer, protocol, port, [one.data for one in rule.actions])


@refuses("elbv2", "DeleteListener", "DescribeRules")
def unknown_listener(call: Call) -> None:
    """moto forgets which ARN it did not find."""
    if call.params.get("ListenerArn"):
        listener_of(call, call.params["ListenerArn"])


@refuses("elbv2", "AddListenerCertificates")
def further_certificates(call: Call) -> None:
    """Certificates for SNI exist, and stand on a listener that has a default one; an ALB takes 25 of them."""
    listener, _ = listener_of(call, call.params["ListenerArn"])
    if listener.protocol not in value("elb.listeners.secure"):
        raise Refused(
            "InvalidConfigurationRequest",
            f"Certificates cannot be added to a listener with protocol {listener.protocol}",
        )
    for one in call.params["Certificates"]:
        if not call.backend._certificate_exists(one["CertificateArn"]):
            raise Refused("CertificateNotFound", f"Certificate '{one['CertificateArn']}' not found")


@replaces(ELBv2Backend, "_validate_port_and_protocol")
def newer_protocols(moto: Any, backend: ELBv2Backend, kind: str, port: Any, protocol: str | None) -> None:
    """moto does not know QUIC and TCP_QUIC."""
    if not (kind == "network" and protocol in value("elb.listeners.network")):
        moto(backend, kind, port, protocol)


@replaces(FakeListener, "__init__")
def only_secure_listeners_have_a_policy(moto: Any, listener: FakeListener, *args: Any, **kwargs: Any) -> None:
    """moto gives an SSL policy to every listener."""
    moto(listener, *args, **kwargs)
    if listener.protocol not in value("elb.listeners.secure"):
        listener.ssl_policy = None


@replaces(FakeRule, "__init__")
def repeatable_arn(moto: Any, rule: FakeRule, *args: Any, **kwargs: Any) -> None:
    """moto names a default rule after its place in memory."""
    moto(rule, *args, **kwargs)
    rule.arn = f"{rule.arn.rpartition('/')[0]}/{mock_random.get_random_hex(16)}"


@replaces(ELBv2Backend, "modify_listener")
def modified(
    moto: Any,
    backend: ELBv2Backend,
    arn: str,
    port: Any = None,
    protocol: str | None = None,
    ssl_policy: str | None = None,
    certificates: list[dict[str, Any]] | None = None,
    actions: list[dict[str, Any]] | None = None,
) -> FakeListener:
    """moto changes to HTTP, HTTPS and TCP only, and keeps the certificate of a listener that is no longer secure."""
    listener = backend.describe_listeners(None, [arn])[0]
    listener.port = port or listener.port
    listener.protocol = protocol or listener.protocol
    if listener.protocol not in value("elb.listeners.secure"):
        listener.ssl_policy, listener.certificate, listener.certificates = None, None, []
    else:
        listener.ssl_policy = ssl_policy or listener.ssl_policy or "ELBSecurityPolicy-2016-08"
        if certificates:
            listener.certificate = certificates[0]["CertificateArn"]
            listener.certificates = [one["CertificateArn"] for one in certificates]
    if actions:
        listener.default_actions = [FakeAction(one) for one in actions]
        listener._default_rule[0].actions = listener.default_actions
    return listener
