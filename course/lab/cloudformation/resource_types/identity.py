"""AWS IAM: users, groups, roles, policies, instance profiles and access keys."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from ..caller import Failed
from ..shapes import attribute_text
from .resource import ResourceType, changed, retag


class _Holder(ResourceType):
    """A user, group or role: inline policies, attached policies, tags."""

    kind = ""  # user, group or role

    @property
    def _key(self) -> dict[str, str]:
        return {f"{self.kind.capitalize()}Name": self.id}

    def _bring_policies(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        before = {one["PolicyName"]: one["PolicyDocument"] for one in old.get("Policies", [])}
        after = {one["PolicyName"]: one["PolicyDocument"] for one in new.get("Policies", [])}
        for name, document in after.items():
            if before.get(name) != document:
                text = attribute_text(document)
                self.call("iam", f"put_{self.kind}_policy", PolicyName=name, PolicyDocument=text, **self._key)
        for name in before.keys() - after.keys():
            self.call("iam", f"delete_{self.kind}_policy", PolicyName=name, **self._key)
        attached, wanted = old.get("ManagedPolicyArns", []), new.get("ManagedPolicyArns", [])
        for arn in wanted:
            if arn not in attached:
                self.call("iam", f"attach_{self.kind}_policy", PolicyArn=arn, **self._key)
        for arn in attached:
            if arn not in wanted:
                self.call("iam", f"detach_{self.kind}_policy", PolicyArn=arn, **self._key)

    def _bring_boundary(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if changed(old, new, "PermissionsBoundary"):
            if new.get("PermissionsBoundary"):
                boundary = new["PermissionsBoundary"]
                self.call("iam", f"put_{self.kind}_permissions_boundary", PermissionsBoundary=boundary, **self._key)
            else:
                self.call("iam", f"delete_{self.kind}_permissions_boundary", **self._key)

    def _retag(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        put, gone = retag(self.tags(old), self.tags(new))
        if put:
            self.call("iam", f"tag_{self.kind}", Tags=put, **self._key)
        if gone:
            self.call("iam", f"untag_{self.kind}", TagKeys=gone, **self._key)

    def _strip(self) -> None:
        """Take away the policies that the template gave; others keep it from being deleted, as on AWS."""
        for policy in self.properties.get("Policies", []):
            self._quietly(f"delete_{self.kind}_policy", PolicyName=policy["PolicyName"])
        for arn in self.properties.get("ManagedPolicyArns", []):
            self._quietly(f"detach_{self.kind}_policy", PolicyArn=arn)

    def _quietly(self, operation: str, **more: Any) -> None:
        try:
            self.call("iam", operation, **more, **self._key)
        except Failed as failed:
            if failed.code != "NoSuchEntity":
                raise


class Role(_Holder):
    type, name, kind, longest = "AWS::IAM::Role", "RoleName", "role", 64
    gets = {"Arn": lambda self: self._shown()["Arn"], "RoleId": lambda self: self._shown()["RoleId"]}

    def _shown(self) -> dict[str, Any]:
        return self.call("iam", "get_role", RoleName=self.id)["Role"]

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "iam",
            "create_role",
            RoleName=self.physical_name(properties),
            AssumeRolePolicyDocument=attribute_text(properties["AssumeRolePolicyDocument"]),
            Path=properties.get("Path"),
            Description=properties.get("Description"),
            MaxSessionDuration=properties.get("MaxSessionDuration"),
            PermissionsBoundary=properties.get("PermissionsBoundary"),
            Tags=self.tags(properties) or None,
        )
        self.id = made["Role"]["RoleName"]
        self._bring_policies({}, properties)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if changed(old, new, "AssumeRolePolicyDocument"):
            text = attribute_text(new["AssumeRolePolicyDocument"])
            self.call("iam", "update_assume_role_policy", RoleName=self.id, PolicyDocument=text)
        if changed(old, new, "Description", "MaxSessionDuration"):
            self.call(
                "iam",
                "update_role",
                RoleName=self.id,
                Description=new.get("Description", ""),
                MaxSessionDuration=new.get("MaxSessionDuration", 3600),
            )
        self._bring_policies(old, new)
        self._bring_boundary(old, new)
        self._retag(old, new)

    def delete(self) -> None:
        self._strip()
        self.call("iam", "delete_role", RoleName=self.id)

    def read(self) -> dict[str, Any]:
        role = self._shown()
        seen = {
            "RoleName": role["RoleName"],
            "Path": role["Path"],
            "Description": role.get("Description"),
            "MaxSessionDuration": role.get("MaxSessionDuration"),
            "AssumeRolePolicyDocument": _document(role["AssumeRolePolicyDocument"]),
            "ManagedPolicyArns": [
                one["PolicyArn"]
                for one in self.call("iam", "list_attached_role_policies", RoleName=self.id)["AttachedPolicies"]
            ],
            "Policies": [],
            "Tags": role.get("Tags", []),
        }
        # Policies that are resources of the stack themselves are no drift of the role.
        put = {one["PolicyName"] for one in self.others("AWS::IAM::Policy") if self.id in one.get("Roles", [])}
        put |= {one["PolicyName"] for one in self.others("AWS::IAM::RolePolicy") if self.id == one.get("RoleName")}
        for name in self.call("iam", "list_role_policies", RoleName=self.id)["PolicyNames"]:
            if name in put:
                continue
            held = self.call("iam", "get_role_policy", RoleName=self.id, PolicyName=name)
            seen["Policies"].append({"PolicyName": name, "PolicyDocument": _document(held["PolicyDocument"])})
        return {key: one for key, one in seen.items() if one is not None}


def _document(value: Any) -> Any:
    return json.loads(unquote(value)) if isinstance(value, str) else value


class User(_Holder):
    type, name, kind, longest = "AWS::IAM::User", "UserName", "user", 64
    gets = {"Arn": lambda self: self.call("iam", "get_user", UserName=self.id)["User"]["Arn"]}

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "iam",
            "create_user",
            UserName=self.physical_name(properties),
            Path=properties.get("Path"),
            PermissionsBoundary=properties.get("PermissionsBoundary"),
            Tags=self.tags(properties) or None,
        )
        self.id = made["User"]["UserName"]
        self._bring_policies({}, properties)
        for group in properties.get("Groups", []):
            self.call("iam", "add_user_to_group", UserName=self.id, GroupName=group)
        self._login({}, properties)

    def _login(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        profile = new.get("LoginProfile")
        if profile:
            verb = "update" if old.get("LoginProfile") else "create"
            self.call(
                "iam",
                f"{verb}_login_profile",
                UserName=self.id,
                Password=profile["Password"],
                PasswordResetRequired=profile.get("PasswordResetRequired"),
            )
        elif old.get("LoginProfile"):
            self.call("iam", "delete_login_profile", UserName=self.id)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._bring_policies(old, new)
        self._bring_boundary(old, new)
        self._retag(old, new)
        before, after = old.get("Groups", []), new.get("Groups", [])
        for group in after:
            if group not in before:
                self.call("iam", "add_user_to_group", UserName=self.id, GroupName=group)
        for group in before:
            if group not in after:
                self.call("iam", "remove_user_from_group", UserName=self.id, GroupName=group)
        if changed(old, new, "LoginProfile"):
            self._login(old, new)

    def delete(self) -> None:
        self._strip()
        for group in self.properties.get("Groups", []):
            self._quietly("remove_user_from_group", GroupName=group)
        if self.properties.get("LoginProfile"):
            self._quietly("delete_login_profile")
        self.call("iam", "delete_user", UserName=self.id)


class Group(_Holder):
    type, name, kind = "AWS::IAM::Group", "GroupName", "group"
    longest = 128
    gets = {"Arn": lambda self: self.call("iam", "get_group", GroupName=self.id)["Group"]["Arn"]}

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        self.id = self.call("iam", "create_group", GroupName=name, Path=properties.get("Path"))["Group"]["GroupName"]
        self._bring_policies({}, properties)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._bring_policies(old, new)

    def delete(self) -> None:
        self._strip()
        self.call("iam", "delete_group", GroupName=self.id)
