"""Amazon Route 53 hosted zones, record sets and health checks."""

from __future__ import annotations

from typing import Any

from ..caller import Failed
from ..state import new_uuid
from .resource import ResourceType, changed, differs


class HostedZone(ResourceType):
    """Ref is the zone's id."""

    type = "AWS::Route53::HostedZone"
    gets = {
        "Id": lambda self: self.id,
        "NameServers": lambda self: self.call("route53", "get_hosted_zone", Id=self.id)["DelegationSet"]["NameServers"],
    }

    def create(self, properties: dict[str, Any]) -> None:
        vpcs = properties.get("VPCs", [])
        made = self.call(
            "route53",
            "create_hosted_zone",
            Name=properties.get("Name"),
            CallerReference=str(new_uuid()),
            HostedZoneConfig=properties.get("HostedZoneConfig"),
            VPC=vpcs[0] if vpcs else None,
        )
        self.id = made["HostedZone"]["Id"].rpartition("/")[2]
        for vpc in vpcs[1:]:
            self.call("route53", "associate_vpc_with_hosted_zone", HostedZoneId=self.id, VPC=vpc)

    def replaced_by(self, old: dict[str, Any], new: dict[str, Any]) -> set[str]:
        return {"Name"}

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if changed(old, new, "HostedZoneConfig"):
            comment = (new.get("HostedZoneConfig") or {}).get("Comment", "")
            self.call("route53", "update_hosted_zone_comment", Id=self.id, Comment=comment)
        before, after = old.get("VPCs", []), new.get("VPCs", [])
        for vpc in after:
            if vpc not in before:
                self.call("route53", "associate_vpc_with_hosted_zone", HostedZoneId=self.id, VPC=vpc)
        for vpc in before:
            if vpc not in after:
                self.call("route53", "disassociate_vpc_from_hosted_zone", HostedZoneId=self.id, VPC=vpc)

    def delete(self) -> None:
        self.call("route53", "delete_hosted_zone", Id=self.id)


_SAME = (
    *("Type", "SetIdentifier", "Weight", "Region", "GeoLocation", "Failover", "MultiValueAnswer", "HealthCheckId"),
    *("CidrRoutingConfig", "GeoProximityLocation"),
)


class RecordSet(ResourceType):
    """Ref is the domain name."""

    type, name = "AWS::Route53::RecordSet", "Name"

    def _zone(self, properties: dict[str, Any]) -> str:
        if properties.get("HostedZoneId"):
            return properties["HostedZoneId"]
        name = properties.get("HostedZoneName", "")
        zones = self.call("route53", "list_hosted_zones_by_name", DNSName=name)["HostedZones"]
        found = [one for one in zones if one["Name"] == name]
        if not found:
            raise Failed(f"No hosted zones named {name} found")
        if len(found) > 1:
            raise Failed(f"Found multiple hosted zones named {name}")
        return found[0]["Id"].rpartition("/")[2]

    def _change(self, action: str, properties: dict[str, Any]) -> None:
        record: dict[str, Any] = {"Name": properties["Name"]}
        record |= {name: properties[name] for name in _SAME if name in properties}
        if "TTL" in properties:
            record["TTL"] = int(properties["TTL"])
        if "ResourceRecords" in properties:
            record["ResourceRecords"] = [{"Value": one} for one in properties["ResourceRecords"]]
        if "AliasTarget" in properties:
            record["AliasTarget"] = {"EvaluateTargetHealth": False, **properties["AliasTarget"]}
        self.call(
            "route53",
            "change_resource_record_sets",
            HostedZoneId=self._zone(properties),
            ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]},
        )

    def create(self, properties: dict[str, Any]) -> None:
        self._change("CREATE", properties)
        self.id = properties["Name"]

    def replaced_by(self, old: dict[str, Any], new: dict[str, Any]) -> set[str]:
        return {"Name"}

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if changed(old, new, "Type", "SetIdentifier"):
            self._change("DELETE", old)
        self._change("UPSERT", new)

    def delete(self) -> None:
        self._change("DELETE", self.properties)


class RecordSetGroup(RecordSet):
    type = "AWS::Route53::RecordSetGroup"

    def _each(self, properties: dict[str, Any]) -> list[dict[str, Any]]:
        zone = {name: properties[name] for name in ("HostedZoneId", "HostedZoneName") if name in properties}
        return [{**zone, **one} for one in properties.get("RecordSets", [])]

    def create(self, properties: dict[str, Any]) -> None:
        self.id = self.physical_name({})
        for one in self._each(properties):
            self._change("CREATE", one)

    def replaced_by(self, old: dict[str, Any], new: dict[str, Any]) -> set[str]:
        return set()

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        before, after = self._each(old), self._each(new)
        for one in before:
            if all(differs(_identity(one), _identity(other)) for other in after):
                self._change("DELETE", one)
        for one in after:
            self._change("UPSERT", one)

    def delete(self) -> None:
        for one in self._each(self.properties):
            self._change("DELETE", one)


def _identity(record: dict[str, Any]) -> dict[str, Any]:
    return {name: record.get(name) for name in ("Name", "Type", "SetIdentifier")}


class HealthCheck(ResourceType):
    type = "AWS::Route53::HealthCheck"
    gets = {"HealthCheckId": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "route53",
            "create_health_check",
            CallerReference=str(new_uuid()),
            HealthCheckConfig=properties["HealthCheckConfig"],
        )
        self.id = made["HealthCheck"]["Id"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        fixed = ("Type", "MeasureLatency", "RequestInterval")
        arguments = {key: one for key, one in new["HealthCheckConfig"].items() if key not in fixed}
        self.call("route53", "update_health_check", HealthCheckId=self.id, **arguments)

    def delete(self) -> None:
        self.call("route53", "delete_health_check", HealthCheckId=self.id)
