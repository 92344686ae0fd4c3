"""Elastic Load Balancing version 2: load balancers, target groups, listeners and their rules."""

from __future__ import annotations

from typing import Any

from ..caller import Failed
from .resource import ResourceType, changed, changed_properties, retag


class _Elb(ResourceType):
    """Ref is the ARN."""

    longest = 32

    def retag(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        put, gone = retag(self.tags(old), self.tags(new))
        if put:
            self.call("elbv2", "add_tags", ResourceArns=[self.id], Tags=put)
        if gone:
            self.call("elbv2", "remove_tags", ResourceArns=[self.id], TagKeys=gone)


def _texts(attributes: list[dict[str, Any]]) -> list[dict[str, str]]:
    from ..shapes import attribute_text

    return [{"Key": one["Key"], "Value": attribute_text(one["Value"])} for one in attributes]


class LoadBalancer(_Elb):
    type, name = "AWS::ElasticLoadBalancingV2::LoadBalancer", "Name"
    gets = {
        "LoadBalancerArn": lambda self: self.id,
        "DNSName": lambda self: self._shown()["DNSName"],
        "CanonicalHostedZoneID": lambda self: self._shown()["CanonicalHostedZoneId"],
        "LoadBalancerFullName": lambda self: self.id.partition("loadbalancer/")[2],
        "LoadBalancerName": lambda self: self._shown()["LoadBalancerName"],
        "SecurityGroups": lambda self: self._shown().get("SecurityGroups", []),
    }

    def _shown(self) -> dict[str, Any]:
        return self.call("elbv2", "describe_load_balancers", LoadBalancerArns=[self.id])["LoadBalancers"][0]

    def exists_already(self, properties: dict[str, Any]) -> bool:
        if "Name" not in properties:
            return False
        try:
            self.call("elbv2", "describe_load_balancers", Names=[properties["Name"]])
        except Failed:
            return False
        return True

    def create(self, properties: dict[str, Any]) -> None:
        names = ("Subnets", "SubnetMappings", "SecurityGroups", "Scheme", "Type", "IpAddressType")
        made = self.call(
            "elbv2",
            "create_load_balancer",
            Name=self.physical_name(properties),
            Tags=self.tags(properties) or None,
            **{name: properties.get(name) for name in names},
        )
        self.id = made["LoadBalancers"][0]["LoadBalancerArn"]
        self._attributes(properties)

    def _attributes(self, properties: dict[str, Any]) -> None:
        if properties.get("LoadBalancerAttributes"):
            attributes = _texts(properties["LoadBalancerAttributes"])
            self.call("elbv2", "modify_load_balancer_attributes", LoadBalancerArn=self.id, Attributes=attributes)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if changed(old, new, "SecurityGroups"):
            self.call(
                "elbv2", "set_security_groups", LoadBalancerArn=self.id, SecurityGroups=new.get("SecurityGroups", [])
            )
        if changed(old, new, "Subnets", "SubnetMappings"):
            names = {name: new.get(name) for name in ("Subnets", "SubnetMappings")}
            self.call("elbv2", "set_subnets", LoadBalancerArn=self.id, **names)
        if changed(old, new, "IpAddressType"):
            self.call(
                "elbv2", "set_ip_address_type", LoadBalancerArn=self.id, IpAddressType=new.get("IpAddressType", "ipv4")
            )
        if changed(old, new, "LoadBalancerAttributes"):
            self._attributes(new)
        self.retag(old, new)

    def delete(self) -> None:
        self.call("elbv2", "delete_load_balancer", LoadBalancerArn=self.id)


_HEALTH = (
    *("HealthCheckEnabled", "HealthCheckIntervalSeconds", "HealthCheckPath", "HealthCheckPort", "HealthCheckProtocol"),
    *("HealthCheckTimeoutSeconds", "HealthyThresholdCount", "UnhealthyThresholdCount", "Matcher"),
)


class TargetGroup(_Elb):
    type, name = "AWS::ElasticLoadBalancingV2::TargetGroup", "Name"
    gets = {
        "TargetGroupArn": lambda self: self.id,
        "TargetGroupFullName": lambda self: self.id.rpartition(":")[2],
        "TargetGroupName": lambda self: self.id.split("/")[1],
        "LoadBalancerArns": lambda self: self._shown().get("LoadBalancerArns", []),
    }

    def _shown(self) -> dict[str, Any]:
        return self.call("elbv2", "describe_target_groups", TargetGroupArns=[self.id])["TargetGroups"][0]

    def exists_already(self, properties: dict[str, Any]) -> bool:
        if "Name" not in properties:
            return False
        try:
            self.call("elbv2", "describe_target_groups", Names=[properties["Name"]])
        except Failed:
            return False
        return True

    def create(self, properties: dict[str, Any]) -> None:
        names = ("Port", "Protocol", "ProtocolVersion", "VpcId", "TargetType", "IpAddressType", *_HEALTH)
        made = self.call(
            "elbv2",
            "create_target_group",
            Name=self.physical_name(properties),
            Tags=self.tags(properties) or None,
            **{name: properties.get(name) for name in names},
        )
        self.id = made["TargetGroups"][0]["TargetGroupArn"]
        self._attributes(properties)
        if properties.get("Targets"):
            self.call("elbv2", "register_targets", TargetGroupArn=self.id, Targets=properties["Targets"])

    def _attributes(self, properties: dict[str, Any]) -> None:
        if properties.get("TargetGroupAttributes"):
            attributes = _texts(properties["TargetGroupAttributes"])
            self.call("elbv2", "modify_target_group_attributes", TargetGroupArn=self.id, Attributes=attributes)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        health = {name: new.get(name) for name in changed_properties(old, new) if name in _HEALTH}
        if health:
            self.call("elbv2", "modify_target_group", TargetGroupArn=self.id, **health)
        if changed(old, new, "TargetGroupAttributes"):
            self._attributes(new)
        if changed(old, new, "Targets"):
            before, after = old.get("Targets", []), new.get("Targets", [])
            for targets, verb in (
                ([one for one in before if one not in after], "deregister"),
                ([one for one in after if one not in before], "register"),
            ):
                if targets:
                    self.call("elbv2", f"{verb}_targets", TargetGroupArn=self.id, Targets=targets)
        self.retag(old, new)

    def delete(self) -> None:
        self.call("elbv2", "delete_target_group", TargetGroupArn=self.id)


class Listener(_Elb):
    type = "AWS::ElasticLoadBalancingV2::Listener"
    gets = {"ListenerArn": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        names = ("LoadBalancerArn", "Port", "Protocol", "DefaultActions", "Certificates", "SslPolicy", "AlpnPolicy")
        made = self.call("elbv2", "create_listener", **{name: properties.get(name) for name in names})
        self.id = made["Listeners"][0]["ListenerArn"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        names = ("Port", "Protocol", "DefaultActions", "Certificates", "SslPolicy", "AlpnPolicy")
        self.call("elbv2", "modify_listener", ListenerArn=self.id, **{name: new.get(name) for name in names})

    def delete(self) -> None:
        self.call("elbv2", "delete_listener", ListenerArn=self.id)


class ListenerRule(_Elb):
    type = "AWS::ElasticLoadBalancingV2::ListenerRule"
    gets = {"RuleArn": lambda self: self.id, "IsDefault": lambda self: False}

    def create(self, properties: dict[str, Any]) -> None:
        names = ("ListenerArn", "Priority", "Conditions", "Actions")
        made = self.call("elbv2", "create_rule", **{name: properties.get(name) for name in names})
        self.id = made["Rules"][0]["RuleArn"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if changed(old, new, "Priority"):
            priorities = [{"RuleArn": self.id, "Priority": new["Priority"]}]
            self.call("elbv2", "set_rule_priorities", RulePriorities=priorities)
        if changed(old, new, "Conditions", "Actions"):
            self.call("elbv2", "modify_rule", RuleArn=self.id, Conditions=new["Conditions"], Actions=new["Actions"])

    def delete(self) -> None:
        self.call("elbv2", "delete_rule", RuleArn=self.id)
