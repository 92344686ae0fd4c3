"""IAM policies of every kind, instance profiles, access keys and memberships."""

from __future__ import annotations

from typing import Any

from ..caller import Failed
from ..shapes import attribute_text
from .resource import ResourceType, changed

_HOLDERS = {"Roles": ("role", "RoleName"), "Users": ("user", "UserName"), "Groups": ("group", "GroupName")}


class Policy(ResourceType):
    """An inline policy, put into roles, users and groups."""

    type = "AWS::IAM::Policy"
    gets = {"Id": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        if not any(properties.get(one) for one in _HOLDERS):
            raise Failed("At least one of [Groups,Roles,Users] must be non-empty.")
        self.id = self.physical_name(properties)
        for holder, name in _holders(properties):
            self._put(holder, name, properties)

    def _put(self, kind: str, name: str, properties: dict[str, Any]) -> None:
        document = attribute_text(properties["PolicyDocument"])
        key = {f"{kind.capitalize()}Name": name}
        self.call("iam", f"put_{kind}_policy", PolicyName=properties["PolicyName"], PolicyDocument=document, **key)

    def _drop(self, kind: str, name: str, policy: str) -> None:
        try:
            self.call("iam", f"delete_{kind}_policy", PolicyName=policy, **{f"{kind.capitalize()}Name": name})
        except Failed as failed:
            if failed.code != "NoSuchEntity":
                raise

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        renamed = changed(old, new, "PolicyName")
        for holder, name in _holders(new):
            self._put(holder, name, new)
        for holder, name in _holders(old):
            if renamed or (holder, name) not in _holders(new):
                self._drop(holder, name, old["PolicyName"])

    def delete(self) -> None:
        for holder, name in _holders(self.properties):
            self._drop(holder, name, self.properties["PolicyName"])


def _holders(properties: dict[str, Any]) -> list[tuple[str, str]]:
    return [(kind, name) for key, (kind, _) in _HOLDERS.items() for name in properties.get(key, [])]


class RolePolicy(ResourceType):
    """One inline policy of a role."""

    type, kind = "AWS::IAM::RolePolicy", "role"

    def _key(self, properties: dict[str, Any]) -> dict[str, str]:
        name = f"{self.kind.capitalize()}Name"
        return {name: properties[name]}

    def create(self, properties: dict[str, Any]) -> None:
        self._put(properties)
        self.id = f"{properties['PolicyName']}|{next(iter(self._key(properties).values()))}"

    def _put(self, properties: dict[str, Any]) -> None:
        document = attribute_text(properties.get("PolicyDocument", {}))
        self.call(
            "iam",
            f"put_{self.kind}_policy",
            PolicyName=properties["PolicyName"],
            PolicyDocument=document,
            **self._key(properties),
        )

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._put(new)

    def delete(self) -> None:
        name = self.properties["PolicyName"]
        self.call("iam", f"delete_{self.kind}_policy", PolicyName=name, **self._key(self.properties))


class UserPolicy(RolePolicy):
    type, kind = "AWS::IAM::UserPolicy", "user"


class GroupPolicy(RolePolicy):
    type, kind = "AWS::IAM::GroupPolicy", "group"


class ManagedPolicy(ResourceType):
    """Ref is the ARN. A change makes a new default version, and takes the oldest away when there are five."""

    type, name, longest = "AWS::IAM::ManagedPolicy", "ManagedPolicyName", 128
    gets = {
        "PolicyArn": lambda self: self.id,
        "PolicyId": lambda self: self._shown()["PolicyId"],
        "DefaultVersionId": lambda self: self._shown()["DefaultVersionId"],
        "AttachmentCount": lambda self: self._shown()["AttachmentCount"],
        "IsAttachable": lambda self: self._shown()["IsAttachable"],
    }

    def _shown(self) -> dict[str, Any]:
        return self.call("iam", "get_policy", PolicyArn=self.id)["Policy"]

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "iam",
            "create_policy",
            PolicyName=self.physical_name(properties),
            PolicyDocument=attribute_text(properties["PolicyDocument"]),
            Path=properties.get("Path"),
            Description=properties.get("Description"),
        )
        self.id = made["Policy"]["Arn"]
        for kind, name in _holders(properties):
            self._attach(kind, name)

    def _attach(self, kind: str, name: str) -> None:
        self.call("iam", f"attach_{kind}_policy", PolicyArn=self.id, **{f"{kind.capitalize()}Name": name})

    def _detach(self, kind: str, name: str) -> None:
        try:
            self.call("iam", f"detach_{kind}_policy", PolicyArn=self.id, **{f"{kind.capitalize()}Name": name})
        except Failed as failed:
            if failed.code != "NoSuchEntity":
                raise

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if changed(old, new, "PolicyDocument"):
            versions = self.call("iam", "list_policy_versions", PolicyArn=self.id)["Versions"]
            spare = [one["VersionId"] for one in versions if not one["IsDefaultVersion"]]
            if len(versions) >= 5:
                oldest = min(spare, key=lambda one: int(one[1:]))
                self.call("iam", "delete_policy_version", PolicyArn=self.id, VersionId=oldest)
            text = attribute_text(new["PolicyDocument"])
            self.call("iam", "create_policy_version", PolicyArn=self.id, PolicyDocument=text, SetAsDefault=True)
        before, after = _holders(old), _holders(new)
        for one in after:
            if one not in before:
                self._attach(*one)
        for one in before:
            if one not in after:
                self._detach(*one)

    def delete(self) -> None:
        for one in _holders(self.properties):
            self._detach(*one)
        for version in self.call("iam", "list_policy_versions", PolicyArn=self.id)["Versions"]:
            if not version["IsDefaultVersion"]:
                self.call("iam", "delete_policy_version", PolicyArn=self.id, VersionId=version["VersionId"])
        self.call("iam", "delete_policy", PolicyArn=self.id)


class InstanceProfile(ResourceType):
    type, name, longest = "AWS::IAM::InstanceProfile", "InstanceProfileName", 128
    gets = {
        "Arn": lambda self: self.call("iam", "get_instance_profile", InstanceProfileName=self.id)["InstanceProfile"][
            "Arn"
        ]
    }

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        self.call("iam", "create_instance_profile", InstanceProfileName=name, Path=properties.get("Path"))
        self.id = name
        for role in properties["Roles"]:
            self.call("iam", "add_role_to_instance_profile", InstanceProfileName=name, RoleName=role)

    def _remove(self, roles: list[str]) -> None:
        for role in roles:
            try:
                self.call("iam", "remove_role_from_instance_profile", InstanceProfileName=self.id, RoleName=role)
            except Failed as failed:
                if failed.code != "NoSuchEntity":
                    raise

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._remove([role for role in old["Roles"] if role not in new["Roles"]])
        for role in new["Roles"]:
            if role not in old["Roles"]:
                self.call("iam", "add_role_to_instance_profile", InstanceProfileName=self.id, RoleName=role)

    def delete(self) -> None:
        self._remove(self.properties["Roles"])
        self.call("iam", "delete_instance_profile", InstanceProfileName=self.id)


class AccessKey(ResourceType):
    """Ref is the key's id; the secret is an attribute and nowhere else."""

    type = "AWS::IAM::AccessKey"
    gets = {"Id": lambda self: self.id, "SecretAccessKey": lambda self: self.record.data["SecretAccessKey"]}

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call("iam", "create_access_key", UserName=properties["UserName"])["AccessKey"]
        self.id = made["AccessKeyId"]
        self.record.data["SecretAccessKey"] = made["SecretAccessKey"]
        if properties.get("Status", "Active") != "Active":
            self.update({}, properties)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        status = new.get("Status", "Active")
        self.call("iam", "update_access_key", UserName=new["UserName"], AccessKeyId=self.id, Status=status)

    def delete(self) -> None:
        self.call("iam", "delete_access_key", UserName=self.properties["UserName"], AccessKeyId=self.id)


class UserToGroupAddition(ResourceType):
    type = "AWS::IAM::UserToGroupAddition"
    gets = {"Id": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        self.id = self.physical_name(properties)
        self._each("add_user_to_group", properties["Users"], properties["GroupName"])

    def _each(self, operation: str, users: list[str], group: str) -> None:
        for user in users:
            try:
                self.call("iam", operation, UserName=user, GroupName=group)
            except Failed as failed:
                if failed.code != "NoSuchEntity" or operation.startswith("add"):
                    raise

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        same = old["GroupName"] == new["GroupName"]
        self._each(
            "remove_user_from_group", [u for u in old["Users"] if not same or u not in new["Users"]], old["GroupName"]
        )
        self._each(
            "add_user_to_group", [u for u in new["Users"] if not same or u not in old["Users"]], new["GroupName"]
        )

    def delete(self) -> None:
        self._each("remove_user_from_group", self.properties["Users"], self.properties["GroupName"])
