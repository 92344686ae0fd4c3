"""Classic Load Balancers, the previous generation: listeners with certificates, instances that are there.

https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/Welcome.html
"""

from __future__ import annotations

from ..gate import Call, Refused, refuses

_SECURE = ("HTTPS", "SSL")
_PROTOCOLS = ("HTTP", "HTTPS", "TCP", "SSL")


@refuses("elb", "CreateLoadBalancer", "CreateLoadBalancerListeners")
def impossible_listeners(call: Call) -> None:
    """HTTP, HTTPS, TCP or SSL; the secure ones need a certificate; both sides speak on the same layer."""
    for one in call.params.get("Listeners", []):
        front, back = one["Protocol"].upper(), one.get("InstanceProtocol", one["Protocol"]).upper()
        for protocol in (front, back):
            if protocol not in _PROTOCOLS:
                raise Refused("UnsupportedProtocol", f"Protocol '{protocol}' is not one of {', '.join(_PROTOCOLS)}")
        if front in _SECURE and not one.get("SSLCertificateId"):
            raise Refused("InvalidConfigurationRequest", "Secure Listeners need to specify a SSLCertificateId")
        if front.startswith("HTTP") != back.startswith("HTTP"):
            message = f"Front-end protocol {front} and back-end protocol {back} are on different layers"
            raise Refused("InvalidConfigurationRequest", message)


@refuses("elb", "RegisterInstancesWithLoadBalancer", "DeregisterInstancesFromLoadBalancer")
def unknown_instances(call: Call) -> None:
    """InvalidInstance. A load balancer that is not there is moto's to refuse."""
    held = {one.id for one in call.backend_of("ec2").all_instances() if one.state != "terminated"}
    for one in call.params.get("Instances", []):
        if one["InstanceId"] not in held and call.params["LoadBalancerName"] in call.backend.load_balancers:
            message = f"Could not find EC2 instance {one['InstanceId']}."
            raise Refused("InvalidInstance", message)
