"""VPCs with their Availability Zones, and what stands in each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .thing import Thing


def named(described: dict) -> str:
    """The Name tag of something of EC2, in quotes; empty without one."""
    name = next((tag["Value"] for tag in described.get("Tags", ()) if tag["Key"] == "Name"), "")
    return f'"{name}"' if name else ""


def facts(*some: Any) -> tuple[str, ...]:
    """Those that say something."""
    return tuple(str(one) for one in some if one)


def counted(number: int, noun: str) -> str:
    """A number of things: "1 rule", "2 rules", "no rules"."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


class Region:
    """What EC2, EFS and ELB describe of a Region, read once and turned into things by VPC and zone."""

    def __init__(self, client: Any, has: Any):
        ec2 = client("ec2")
        self.vpcs = ec2.describe_vpcs()["Vpcs"]
        self.subnets = ec2.describe_subnets()["Subnets"]
        reservations = ec2.describe_instances()["Reservations"]
        self.instances = [one for each in reservations for one in each["Instances"]]
        self.volumes = ec2.describe_volumes()["Volumes"]
        self.groups = ec2.describe_security_groups()["SecurityGroups"]
        self.interfaces = ec2.describe_network_interfaces()["NetworkInterfaces"]
        self.nat_gateways = [one for one in ec2.describe_nat_gateways()["NatGateways"] if one["State"] != "deleted"]
        self.elb = client("elbv2") if has("elbv2") else None
        self.balancers = self.elb.describe_load_balancers()["LoadBalancers"] if self.elb else []

    def things(self) -> Iterator[Thing]:
        for vpc in self.vpcs:
            inside = [*self._zones(vpc["VpcId"]), *self._balancers(vpc["VpcId"]), *self._groups(vpc["VpcId"])]
            if inside or not vpc["IsDefault"]:
                kind = "default VPC" if vpc["IsDefault"] else "VPC"
                yield Thing(kind, vpc["VpcId"], facts(named(vpc), vpc["CidrBlock"]), tuple(inside))
        loose = [self._volume(one) for one in self.volumes if not self._vpc_of_zone(one)]
        yield from loose

    def _vpc_of_zone(self, volume: dict) -> str:
        """The VPC under whose zone a volume is shown: of its instance, else the first with a subnet in the zone."""
        attached = {one["InstanceId"] for one in volume["Attachments"]}
        for one in self.instances:
            if one["InstanceId"] in attached:
                return one.get("VpcId", "")
        zone = volume["AvailabilityZone"]
        return next((one["VpcId"] for one in self.subnets if one["AvailabilityZone"] == zone), "")

    def _zones(self, vpc: str) -> Iterator[Thing]:
        for zone in sorted({one["AvailabilityZone"] for one in self.subnets if one["VpcId"] == vpc}):
            inside = (*self._instances(vpc, zone), *self._unattached(vpc, zone), *self._others(vpc, zone))
            subnets = [one for one in self.subnets if one["VpcId"] == vpc and one["AvailabilityZone"] == zone]
            own = [one for one in subnets if not one["DefaultForAz"]]
            shown = [Thing("subnet", one["SubnetId"], facts(named(one), one["CidrBlock"])) for one in own]
            if inside or shown:
                yield Thing("Availability Zone", zone, (), (*shown, *inside), side_by_side=True)

    def _instances(self, vpc: str, zone: str) -> Iterator[Thing]:
        for one in self.instances:
            if one.get("VpcId") != vpc or one["Placement"]["AvailabilityZone"] != zone:
                continue
            volumes = [
                self._volume(volume, attachment["Device"])
                for volume in self.volumes
                for attachment in volume["Attachments"]
                if attachment["InstanceId"] == one["InstanceId"]
            ]
            groups = "security groups " + " ".join(group["GroupName"] for group in one.get("SecurityGroups", ()))
            shown = facts(
                named(one), one["InstanceType"], one["State"]["Name"], one.get("PrivateIpAddress"),
                one.get("PublicIpAddress") and f"public {one['PublicIpAddress']}",
                groups if one.get("SecurityGroups") else "",
            )  # fmt: skip
            yield Thing("instance", one["InstanceId"], shown, tuple(volumes))

    def _volume(self, one: dict, device: str = "") -> Thing:
        state = f"at {device}" if device else "attached to nothing"
        shown = facts(
            named(one),
            f"{one['Size']} GiB",
            one["VolumeType"],
            "encrypted" if one["Encrypted"] else "not encrypted",
            state,
        )
        return Thing("volume", one["VolumeId"], shown)

    def _unattached(self, vpc: str, zone: str) -> Iterator[Thing]:
        for one in self.volumes:
            if not one["Attachments"] and one["AvailabilityZone"] == zone and self._vpc_of_zone(one) == vpc:
                yield self._volume(one)

    def _others(self, vpc: str, zone: str) -> Iterator[Thing]:
        here = {one["SubnetId"] for one in self.subnets if one["VpcId"] == vpc and one["AvailabilityZone"] == zone}
        for one in self.nat_gateways:
            if one["SubnetId"] in here:
                yield Thing("NAT gateway", one["NatGatewayId"], facts(named(one), one["State"]))
        primary = {each["NetworkInterfaceId"] for one in self.instances for each in one.get("NetworkInterfaces", ())}
        for one in self.interfaces:
            if one.get("SubnetId") in here and one["NetworkInterfaceId"] not in primary:
                shown = facts(one.get("Description"), one["Status"], one.get("PrivateIpAddress"))
                yield Thing("network interface", one["NetworkInterfaceId"], shown)

    def _balancers(self, vpc: str) -> Iterator[Thing]:
        for one in self.balancers:
            if one.get("VpcId") != vpc:
                continue
            zones = " ".join(sorted(zone["ZoneName"] for zone in one["AvailabilityZones"]))
            listeners = self.elb.describe_listeners(LoadBalancerArn=one["LoadBalancerArn"])["Listeners"]
            groups = self.elb.describe_target_groups()["TargetGroups"]
            used = [each for each in groups if one["LoadBalancerArn"] in each["LoadBalancerArns"]]
            inside = [self._listener(each) for each in listeners] + [self._target_group(each) for each in used]
            shown = facts(one["Type"], one.get("Scheme"), one["State"]["Code"], f"in {zones}")
            yield Thing("load balancer", one["LoadBalancerName"], shown, tuple(inside))

    def _listener(self, one: dict) -> Thing:
        rules = len(self.elb.describe_rules(ListenerArn=one["ListenerArn"])["Rules"])
        return Thing(
            "listener", f"{one['Protocol']} {one.get('Port', '')}".strip(), facts(rules > 1 and counted(rules, "rule"))
        )

    def _target_group(self, one: dict) -> Thing:
        port = f"{one['Protocol']} {one['Port']}" if one.get("Port") else one["TargetType"]
        targets = self.elb.describe_target_health(TargetGroupArn=one["TargetGroupArn"])["TargetHealthDescriptions"]
        inside = tuple(
            Thing("target", each["Target"]["Id"].rpartition(":")[2], (each["TargetHealth"]["State"],))
            for each in targets
        )
        return Thing("target group", one["TargetGroupName"], (port,), inside)

    def _groups(self, vpc: str) -> Iterator[Thing]:
        by_id = {one["GroupId"]: one["GroupName"] for one in self.groups}
        for one in self.groups:
            if one["VpcId"] == vpc and one["GroupName"] != "default":
                rules = tuple(Thing("lets in", _rule(rule, by_id)) for rule in one["IpPermissions"])
                yield Thing("security group", one["GroupName"], facts(one["GroupId"]), rules)


def _rule(rule: dict, names: dict[str, str]) -> str:
    protocol = "everything" if rule["IpProtocol"] == "-1" else rule["IpProtocol"].upper()
    first, last = rule.get("FromPort"), rule.get("ToPort")
    ports = "" if first in (None, -1) else f" {first}" if first == last else f" {first}-{last}"
    peers = [one["CidrIp"] for one in rule["IpRanges"]] + [one["CidrIpv6"] for one in rule.get("Ipv6Ranges", ())]
    peers += [one["PrefixListId"] for one in rule.get("PrefixListIds", ())]
    peers += [names.get(one.get("GroupId", ""), one.get("GroupId", "")) for one in rule["UserIdGroupPairs"]]
    return f"{protocol}{ports} from {', '.join(peers)}"
