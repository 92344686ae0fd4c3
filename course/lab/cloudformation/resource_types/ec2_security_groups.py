"""Security groups and their rules, inside the group and as resources of their own."""

from __future__ import annotations

from typing import Any

from .ec2_network import Ec2
from .resource import ResourceType, changed, differs


def permission(rule: dict[str, Any], source: str) -> dict[str, Any]:
    """A rule of a template as EC2's IpPermission. `source` is Source for ingress, Destination for egress."""
    made: dict[str, Any] = {"IpProtocol": str(rule["IpProtocol"])}
    for name in ("FromPort", "ToPort"):
        if name in rule:
            made[name] = int(rule[name])
    about = {"Description": rule["Description"]} if rule.get("Description") else {}
    if rule.get("CidrIp"):
        made["IpRanges"] = [{"CidrIp": rule["CidrIp"], **about}]
    if rule.get("CidrIpv6"):
        made["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"], **about}]
    group = {}
    if rule.get(f"{source}SecurityGroupId"):
        group["GroupId"] = rule[f"{source}SecurityGroupId"]
    if rule.get(f"{source}SecurityGroupName"):
        group["GroupName"] = rule[f"{source}SecurityGroupName"]
    if group:
        if rule.get("SourceSecurityGroupOwnerId"):
            group["UserId"] = str(rule["SourceSecurityGroupOwnerId"])
        made["UserIdGroupPairs"] = [{**group, **about}]
    if rule.get(f"{source}PrefixListId"):
        made["PrefixListIds"] = [{"PrefixListId": rule[f"{source}PrefixListId"], **about}]
    return made


def rules_of(permissions: list[dict[str, Any]], source: str) -> list[dict[str, Any]]:
    """EC2's permissions as rules of a template, one for each range or group."""
    found = []
    for one in permissions:
        base = {name: one[name] for name in ("IpProtocol", "FromPort", "ToPort") if name in one}
        sources = [
            *(("CidrIp", each["CidrIp"], each) for each in one.get("IpRanges", [])),
            *(("CidrIpv6", each["CidrIpv6"], each) for each in one.get("Ipv6Ranges", [])),
            *((f"{source}SecurityGroupId", each["GroupId"], each) for each in one.get("UserIdGroupPairs", [])),
            *((f"{source}PrefixListId", each["PrefixListId"], each) for each in one.get("PrefixListIds", [])),
        ]
        for name, value, each in sources:
            about = {"Description": each["Description"]} if each.get("Description") else {}
            found.append({**base, name: value, **about})
    return found


_EVERYTHING = [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]


class SecurityGroup(Ec2):
    """Ref is the group's id. Without SecurityGroupEgress everything may go out."""

    type, kind, name = "AWS::EC2::SecurityGroup", "security-group", "GroupName"
    gets = {
        "GroupId": lambda self: self.id,
        "Id": lambda self: self.id,
        "VpcId": lambda self: self._shown()["VpcId"],
    }

    def _shown(self) -> dict[str, Any]:
        return self.call("ec2", "describe_security_groups", GroupIds=[self.id])["SecurityGroups"][0]

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "ec2",
            "create_security_group",
            GroupName=self.physical_name(properties),
            Description=properties["GroupDescription"],
            VpcId=properties.get("VpcId"),
            TagSpecifications=self.specification(properties),
        )
        self.id = made["GroupId"]
        self._bring("ingress", "Source", [], properties.get("SecurityGroupIngress", []))
        if "SecurityGroupEgress" in properties:
            self._bring("egress", "Destination", _EVERYTHING, properties["SecurityGroupEgress"])

    def _bring(self, direction: str, source: str, before: list[dict], after: list[dict]) -> None:
        """Revoke what is no longer there, then authorize what is new."""
        gone = [rule for rule in before if all(differs(rule, other) for other in after)]
        new = [rule for rule in after if all(differs(rule, other) for other in before)]
        for rules, verb in ((gone, "revoke"), (new, "authorize")):
            if rules:
                self.call(
                    "ec2",
                    f"{verb}_security_group_{direction}",
                    GroupId=self.id,
                    IpPermissions=[permission(rule, source) for rule in rules],
                )

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._bring("ingress", "Source", old.get("SecurityGroupIngress", []), new.get("SecurityGroupIngress", []))
        if changed(old, new, "SecurityGroupEgress"):
            before, after = (one.get("SecurityGroupEgress", _EVERYTHING) for one in (old, new))
            self._bring("egress", "Destination", before, after)
        self.retag(old, new)

    def delete(self) -> None:
        self.call("ec2", "delete_security_group", GroupId=self.id)

    def read(self) -> dict[str, Any]:
        shown = self._shown()
        return {
            "GroupName": shown["GroupName"],
            "GroupDescription": shown["Description"],
            "VpcId": shown["VpcId"],
            "SecurityGroupIngress": self._own(rules_of(shown["IpPermissions"], "Source"), "Ingress"),
            "SecurityGroupEgress": self._own(rules_of(shown["IpPermissionsEgress"], "Destination"), "Egress"),
            "Tags": shown.get("Tags", []),
        }

    def _own(self, rules: list[dict[str, Any]], direction: str) -> list[dict[str, Any]]:
        """Without the rules that are resources of the stack themselves."""
        added = [
            {key: value for key, value in one.items() if key not in ("GroupId", "GroupName")}
            for one in self.others(f"AWS::EC2::SecurityGroup{direction}")
            if one.get("GroupId") == self.id
        ]
        return [rule for rule in rules if all(differs(rule, one) for one in added)]


class _Rule(ResourceType):
    direction = source = ""

    def _group(self, properties: dict[str, Any]) -> dict[str, Any]:
        if properties.get("GroupId"):
            return {"GroupId": properties["GroupId"]}
        return {"GroupName": properties.get("GroupName")}

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "ec2",
            f"authorize_security_group_{self.direction}",
            IpPermissions=[permission(properties, self.source)],
            **self._group(properties),
        )
        rules = made.get("SecurityGroupRules") or [{}]
        self.id = rules[0].get("SecurityGroupRuleId") or self.physical_name(properties)

    def replaced_by(self, old: dict[str, Any], new: dict[str, Any]) -> set[str]:
        return set(old) | set(new) - {"Description"}

    def delete(self) -> None:
        rule = {key: one for key, one in self.properties.items() if key != "Description"}
        self.call(
            "ec2",
            f"revoke_security_group_{self.direction}",
            IpPermissions=[permission(rule, self.source)],
            **self._group(self.properties),
        )


class SecurityGroupIngress(_Rule):
    type, direction, source = "AWS::EC2::SecurityGroupIngress", "ingress", "Source"
    gets = {"Id": lambda self: self.id}


class SecurityGroupEgress(_Rule):
    type, direction, source = "AWS::EC2::SecurityGroupEgress", "egress", "Destination"
    gets = {"Id": lambda self: self.id}
