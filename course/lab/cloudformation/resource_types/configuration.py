"""Systems Manager parameters, Secrets Manager secrets and AWS KMS keys."""

from __future__ import annotations

import json
from typing import Any

from ..caller import Failed
from ..shapes import attribute_text
from .resource import ResourceType, changed, retag

_PARAMETER = ("Value", "Type", "Description", "AllowedPattern", "Tier", "Policies", "DataType")


class Parameter(ResourceType):
    """Ref is the name. CloudFormation makes no SecureString, since the value would stand in the template."""

    type, name = "AWS::SSM::Parameter", "Name"
    gets = {
        "Value": lambda self: self._shown()["Value"],
        "Type": lambda self: self._shown()["Type"],
    }

    def _shown(self) -> dict[str, Any]:
        return self.call("ssm", "get_parameter", Name=self.id)["Parameter"]

    def create(self, properties: dict[str, Any]) -> None:
        if properties.get("Type") == "SecureString":
            raise Failed("SSM Secure String type is not supported by CloudFormation.")
        name = self.physical_name(properties)
        tags = [{"Key": key, "Value": str(one)} for key, one in (properties.get("Tags") or {}).items()]
        self.call("ssm", "put_parameter", Name=name, Tags=tags or None, **self._settings(properties))
        self.id = name

    def _settings(self, properties: dict[str, Any]) -> dict[str, Any]:
        return {name: properties.get(name) for name in _PARAMETER}

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if changed(old, new, *_PARAMETER):
            self.call("ssm", "put_parameter", Name=self.id, Overwrite=True, **self._settings(new))
        put, gone = retag(self.tags(old), self.tags(new))
        if put:
            self.call("ssm", "add_tags_to_resource", ResourceType="Parameter", ResourceId=self.id, Tags=put)
        if gone:
            self.call("ssm", "remove_tags_from_resource", ResourceType="Parameter", ResourceId=self.id, TagKeys=gone)

    def delete(self) -> None:
        self.call("ssm", "delete_parameter", Name=self.id)

    def read(self) -> dict[str, Any]:
        held = self._shown()
        return {"Name": held["Name"], "Type": held["Type"], "Value": held["Value"]}


_PASSWORD = {
    "ExcludeCharacters": "ExcludeCharacters",
    "ExcludeLowercase": "ExcludeLowercase",
    "ExcludeNumbers": "ExcludeNumbers",
    "ExcludePunctuation": "ExcludePunctuation",
    "ExcludeUppercase": "ExcludeUppercase",
    "IncludeSpace": "IncludeSpace",
    "PasswordLength": "PasswordLength",
    "RequireEachIncludedType": "RequireEachIncludedType",
}


class Secret(ResourceType):
    """Ref is the ARN. GenerateSecretString makes the password, so that no template has it."""

    type, name = "AWS::SecretsManager::Secret", "Name"
    gets = {"Id": lambda self: self.id}

    def _value(self, properties: dict[str, Any]) -> str | None:
        if "SecretString" in properties:
            return properties["SecretString"]
        wanted = properties.get("GenerateSecretString")
        if wanted is None:
            return None
        arguments = {there: wanted[here] for here, there in _PASSWORD.items() if here in wanted}
        password = self.call("secretsmanager", "get_random_password", **arguments)["RandomPassword"]
        template, key = wanted.get("SecretStringTemplate"), wanted.get("GenerateStringKey")
        if bool(template) != bool(key):
            raise Failed("You must specify both GenerateStringKey and SecretStringTemplate.")
        if not template:
            return password
        try:
            held = json.loads(template)
        except ValueError:
            raise Failed("SecretStringTemplate must be valid JSON.") from None
        return json.dumps({**held, key: password})

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "secretsmanager",
            "create_secret",
            Name=self.physical_name(properties),
            Description=properties.get("Description"),
            KmsKeyId=properties.get("KmsKeyId"),
            SecretString=self._value(properties),
            Tags=self.tags(properties) or None,
        )
        self.id = made["ARN"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        arguments: dict[str, Any] = {}
        if changed(old, new, "Description", "KmsKeyId"):
            arguments = {name: new.get(name) for name in ("Description", "KmsKeyId")}
        if changed(old, new, "SecretString", "GenerateSecretString"):
            arguments["SecretString"] = self._value(new)
        if arguments:
            self.call("secretsmanager", "update_secret", SecretId=self.id, **arguments)
        put, gone = retag(self.tags(old), self.tags(new))
        if put:
            self.call("secretsmanager", "tag_resource", SecretId=self.id, Tags=put)
        if gone:
            self.call("secretsmanager", "untag_resource", SecretId=self.id, TagKeys=gone)

    def delete(self) -> None:
        self.call("secretsmanager", "delete_secret", SecretId=self.id, ForceDeleteWithoutRecovery=True)


class SecretResourcePolicy(ResourceType):
    type = "AWS::SecretsManager::ResourcePolicy"
    gets = {"Id": lambda self: self.id}

    def _put(self, properties: dict[str, Any]) -> None:
        self.call(
            "secretsmanager",
            "put_resource_policy",
            SecretId=properties["SecretId"],
            ResourcePolicy=attribute_text(properties["ResourcePolicy"]),
            BlockPublicPolicy=properties.get("BlockPublicPolicy"),
        )

    def create(self, properties: dict[str, Any]) -> None:
        self._put(properties)
        self.id = properties["SecretId"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._put(new)

    def delete(self) -> None:
        self.call("secretsmanager", "delete_resource_policy", SecretId=self.id)


class RotationSchedule(ResourceType):
    type = "AWS::SecretsManager::RotationSchedule"
    gets = {"Id": lambda self: self.id}

    def _rotate(self, properties: dict[str, Any]) -> None:
        if "HostedRotationLambda" in properties:
            raise Failed("the offline account has no hosted rotation functions; use RotationLambdaARN")
        self.call(
            "secretsmanager",
            "rotate_secret",
            SecretId=properties["SecretId"],
            RotationLambdaARN=properties.get("RotationLambdaARN"),
            RotationRules=properties.get("RotationRules"),
            RotateImmediately=properties.get("RotateImmediatelyOnUpdate"),
        )

    def create(self, properties: dict[str, Any]) -> None:
        self._rotate(properties)
        self.id = properties["SecretId"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._rotate(new)

    def delete(self) -> None:
        self.call("secretsmanager", "cancel_rotate_secret", SecretId=self.id)


class Key(ResourceType):
    """Ref is the key's id. Deleting it means that it waits, 30 days unless the template says less."""

    type = "AWS::KMS::Key"
    gets = {
        "Arn": lambda self: f"arn:aws:kms:{self.region}:{self.account_id}:key/{self.id}",
        "KeyId": lambda self: self.id,
    }

    def create(self, properties: dict[str, Any]) -> None:
        policy = properties.get("KeyPolicy")
        tags = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in self.tags(properties)]
        made = self.call(
            "kms",
            "create_key",
            Policy=attribute_text(policy) if policy else None,
            Description=properties.get("Description"),
            KeySpec=properties.get("KeySpec"),
            KeyUsage=properties.get("KeyUsage"),
            MultiRegion=properties.get("MultiRegion"),
            Origin=properties.get("Origin"),
            BypassPolicyLockoutSafetyCheck=properties.get("BypassPolicyLockoutSafetyCheck"),
            Tags=tags or None,
        )
        self.id = made["KeyMetadata"]["KeyId"]
        self._state({}, properties)

    def _state(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if changed(old, new, "EnableKeyRotation", "RotationPeriodInDays"):
            if str(new.get("EnableKeyRotation", False)).lower() == "true":
                period = new.get("RotationPeriodInDays")
                self.call("kms", "enable_key_rotation", KeyId=self.id, RotationPeriodInDays=period)
            elif old:
                self.call("kms", "disable_key_rotation", KeyId=self.id)
        if changed(old, new, "Enabled"):
            enabled = str(new.get("Enabled", True)).lower() == "true"
            if old or not enabled:
                self.call("kms", "enable_key" if enabled else "disable_key", KeyId=self.id)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if changed(old, new, "KeyPolicy") and new.get("KeyPolicy"):
            policy = attribute_text(new["KeyPolicy"])
            self.call("kms", "put_key_policy", KeyId=self.id, PolicyName="default", Policy=policy)
        if changed(old, new, "Description"):
            self.call("kms", "update_key_description", KeyId=self.id, Description=new.get("Description", ""))
        self._state(old, new)
        put, gone = retag(self.tags(old), self.tags(new))
        if put:
            tags = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in put]
            self.call("kms", "tag_resource", KeyId=self.id, Tags=tags)
        if gone:
            self.call("kms", "untag_resource", KeyId=self.id, TagKeys=gone)

    def delete(self) -> None:
        days = self.properties.get("PendingWindowInDays")
        self.call("kms", "schedule_key_deletion", KeyId=self.id, PendingWindowInDays=days)


class KeyAlias(ResourceType):
    """Ref is the name, alias/..."""

    type, name = "AWS::KMS::Alias", "AliasName"

    def create(self, properties: dict[str, Any]) -> None:
        self.call("kms", "create_alias", AliasName=properties["AliasName"], TargetKeyId=properties["TargetKeyId"])
        self.id = properties["AliasName"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.call("kms", "update_alias", AliasName=self.id, TargetKeyId=new["TargetKeyId"])

    def delete(self) -> None:
        self.call("kms", "delete_alias", AliasName=self.id)
