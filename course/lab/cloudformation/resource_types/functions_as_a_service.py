"""AWS Lambda: functions, versions, aliases, permissions, layers, event sources, URLs."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from ..caller import Failed
from . import response_module
from .resource import ResourceType, changed, changed_properties, retag

_CONFIGURATION = (
    *("DeadLetterConfig", "Description", "Environment", "EphemeralStorage", "FileSystemConfigs", "Handler"),
    *("ImageConfig", "KmsKeyArn", "Layers", "LoggingConfig", "MemorySize", "Role", "Runtime", "SnapStart", "Timeout"),
    *("TracingConfig", "VpcConfig"),
)


def deployment_package(code: dict[str, Any], runtime: str) -> dict[str, Any]:
    """The property Code as Lambda takes it. ZipFile is the text of one file, index, put into an archive with cfnresponse."""
    if "ZipFile" not in code:
        names = {"S3Bucket": "S3Bucket", "S3Key": "S3Key", "S3ObjectVersion": "S3ObjectVersion", "ImageUri": "ImageUri"}
        return {there: code[here] for here, there in names.items() if here in code}
    extension = "py" if runtime.startswith("python") else "js"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            (f"index.{extension}", code["ZipFile"]),
            (f"cfnresponse.{extension}", response_module.SOURCE),
        ):
            if name != "cfnresponse.js":
                # A fixed date: the same code is the same archive, so that its hash stays.
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), str(text))
    return {"ZipFile": packed.getvalue()}


class Function(ResourceType):
    type, name, longest = "AWS::Lambda::Function", "FunctionName", 64
    gets = {"Arn": lambda self: f"arn:aws:lambda:{self.region}:{self.account_id}:function:{self.id}"}

    def create(self, properties: dict[str, Any]) -> None:
        code = properties["Code"]
        if "ZipFile" in code and not str(properties.get("Runtime", "")).startswith(("python", "nodejs")):
            raise Failed("ZipFile can only be used when Runtime is set to either of nodejs or python.")
        made = self.call(
            "lambda",
            "create_function",
            FunctionName=self.physical_name(properties),
            Code=deployment_package(code, str(properties.get("Runtime", ""))),
            Architectures=properties.get("Architectures"),
            PackageType=properties.get("PackageType"),
            CodeSigningConfigArn=properties.get("CodeSigningConfigArn"),
            Tags=self.tag_map(properties) or None,
            **{name: properties.get(name) for name in _CONFIGURATION},
        )
        self.id = made["FunctionName"]
        self._concurrency({}, properties)

    def _concurrency(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        name = "ReservedConcurrentExecutions"
        if not changed(old, new, name):
            return
        if name in new:
            self.call("lambda", "put_function_concurrency", FunctionName=self.id, **{name: new[name]})
        else:
            self.call("lambda", "delete_function_concurrency", FunctionName=self.id)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if changed(old, new, "Code", "Architectures"):
            self.call(
                "lambda",
                "update_function_code",
                FunctionName=self.id,
                Architectures=new.get("Architectures"),
                **deployment_package(new["Code"], str(new.get("Runtime", ""))),
            )
        names = [name for name in changed_properties(old, new) if name in _CONFIGURATION]
        if names:
            arguments = {name: new.get(name, _EMPTY.get(name)) for name in names}
            self.call("lambda", "update_function_configuration", FunctionName=self.id, **arguments)
        self._concurrency(old, new)
        put, gone = retag(self.tags(old), self.tags(new))
        arn = self.attribute("Arn")
        if put:
            self.call("lambda", "tag_resource", Resource=arn, Tags={tag["Key"]: tag["Value"] for tag in put})
        if gone:
            self.call("lambda", "untag_resource", Resource=arn, TagKeys=gone)

    def delete(self) -> None:
        self.call("lambda", "delete_function", FunctionName=self.id)

    def read(self) -> dict[str, Any]:
        found = self.call("lambda", "get_function", FunctionName=self.id)
        held = found["Configuration"]
        seen = {name: held[name] for name in _CONFIGURATION if held.get(name) not in (None, "", [])}
        seen["Layers"] = [one["Arn"] for one in held.get("Layers", [])]
        seen["FunctionName"] = held["FunctionName"]
        if found.get("Tags"):
            seen["Tags"] = [{"Key": key, "Value": one} for key, one in found["Tags"].items()]
        seen["Architectures"] = held.get("Architectures", ["x86_64"])
        return seen


_EMPTY: dict[str, Any] = {
    "Description": "",
    "Environment": {"Variables": {}},
    "Layers": [],
    "MemorySize": 128,
    "Timeout": 3,
    "DeadLetterConfig": {"TargetArn": ""},
    "TracingConfig": {"Mode": "PassThrough"},
    "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []},
    "EphemeralStorage": {"Size": 512},
}


class Version(ResourceType):
    """Ref is the ARN with the version. Deleted versions are those of functions that go with them."""

    type = "AWS::Lambda::Version"
    gets = {"Version": lambda self: self.id.rpartition(":")[2], "FunctionArn": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "lambda",
            "publish_version",
            FunctionName=properties["FunctionName"],
            Description=properties.get("Description"),
            CodeSha256=properties.get("CodeSha256"),
        )
        self.id = made["FunctionArn"]
        concurrency = properties.get("ProvisionedConcurrencyConfig")
        if concurrency:
            self.call(
                "lambda",
                "put_provisioned_concurrency_config",
                FunctionName=properties["FunctionName"],
                Qualifier=made["Version"],
                ProvisionedConcurrentExecutions=concurrency["ProvisionedConcurrentExecutions"],
            )

    def delete(self) -> None:
        name, _, version = self.id.rpartition(":")
        if version.isdigit():
            self.call("lambda", "delete_function", FunctionName=name, Qualifier=version)


class Permission(ResourceType):
    """Ref is the statement's id."""

    type = "AWS::Lambda::Permission"
    gets = {"Id": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        names = (
            *("Action", "Principal", "SourceArn", "SourceAccount", "EventSourceToken", "PrincipalOrgID"),
            *("FunctionUrlAuthType", "InvokedViaFunctionUrl"),
        )
        function, _, qualifier = self._target(properties)
        self.call(
            "lambda",
            "add_permission",
            FunctionName=function,
            Qualifier=qualifier or None,
            StatementId=name,
            **{each: properties.get(each) for each in names},
        )
        self.id = name

    def _target(self, properties: dict[str, Any]) -> tuple[str, str, str]:
        """The function and the alias or version behind it, which a Ref of an alias brings along."""
        name = properties["FunctionName"]
        if name.startswith("arn:") and name.count(":") == 7:
            return name.rpartition(":")
        if not name.startswith("arn:"):
            return name.partition(":")
        return name, "", ""

    def delete(self) -> None:
        function, _, qualifier = self._target(self.properties)
        self.call(
            "lambda", "remove_permission", FunctionName=function, Qualifier=qualifier or None, StatementId=self.id
        )
