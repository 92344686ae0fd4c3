"""The action of a request and the ARNs of its resources, as the Service Authorization Reference lists them.

`actions.json` says which resource types an action has; here stands which parameter names a resource of that type.
An action that is not in the table, or whose request names no resource, is evaluated against "*".
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator

from moto.core.utils import get_service_model

from ..gate import Call
from .action_table import table as _table
from .action_table import texts
from .ec2_resources import ec2_arns
from .identity_resources import iam_arns, sts_arns

# Service names of boto3 whose actions have another prefix in policies.
PREFIXES = {
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "stepfunctions": "states",
    "resourcegroupstaggingapi": "tag",
    "cognito-idp": "cognito-idp",
    "cloudwatch": "cloudwatch",
    "apigatewayv2": "apigateway",
    "appconfigdata": "appconfig",
    "opensearch": "es",
    "ses": "ses",
    "sesv2": "ses",
}
# Operations whose action has another name.
_OTHER_NAMES = {
    "lambda:Invoke": "lambda:InvokeFunction",
    "lambda:InvokeAsync": "lambda:InvokeFunction",
    "sns:PublishBatch": "sns:Publish",
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "dynamodb:TransactGetItems": "dynamodb:GetItem",
    "dynamodb:TransactWriteItems": "dynamodb:PutItem",
    "dynamodb:ExecuteStatement": "dynamodb:PartiQLSelect",
}
# Lists that are evaluated against the kind itself, as AWS's own message shows it: ...:user/ for ListUsers.
_LISTS = {
    "ListUsers": "user/",
    "ListRoles": "role/",
    "ListGroups": "group/",
    "ListInstanceProfiles": "instance-profile/",
}


def action_of(service: str, operation: str) -> str:
    """ "elasticfilesystem:CreateFileSystem" for boto3's service "efs" and the operation CreateFileSystem."""
    if service in _BY_HTTP_METHOD:
        return f"{PREFIXES.get(service, service)}:{_request_of(service, operation)['method']}"
    # Lambda's and CloudFront's models add the date of an older API version to some names.
    action = f"{PREFIXES.get(service, service)}:{re.sub('20[0-9]{6}$', '', operation)}"
    return _OTHER_NAMES.get(action, action)


def resources_of(action: str, call: Call, caller_arn: str = "") -> list[str]:
    """The ARNs that the request is evaluated against, each by itself; ["*"] for an action without resources."""
    prefix, name = action.split(":", 1)
    if prefix == "iam" and name in _LISTS:
        return [f"arn:aws:iam::{call.account_id}:{_LISTS[name]}"]
    if call.service in _BY_HTTP_METHOD:
        return [_address_of(call)]
    table = _table().get(prefix)
    kinds = table["actions"].get(name, "").split(", ") if table else []
    if not kinds or kinds == [""]:
        return ["*"]
    if prefix == "ec2":
        found = ec2_arns(name, kinds, call, table["types"])
    else:
        found = (
            list(dict.fromkeys(_NAMED[prefix](name, call, caller_arn))) if prefix in _NAMED else _own_arns(prefix, call)
        )
    return found or ["*"]


# API Gateway's actions are GET, POST, PUT, PATCH and DELETE, its resources the paths of its API.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-create-and-manage-apis.html
_BY_HTTP_METHOD = {"apigateway", "apigatewayv2"}


def _request_of(service: str, operation: str) -> dict[str, str]:
    # Both services have one prefix, by which what was last accessed is remembered.
    models = (get_service_model(one) for one in (service, *sorted(_BY_HTTP_METHOD - {service})))
    known = (model for model in models if operation in model.operation_names)
    return next((model.operation_model(operation).http for model in known), {"method": "*", "requestUri": "/*"})


def _address_of(call: Call) -> str:
    shape = get_service_model(call.service).operation_model(call.operation).input_shape
    named = {member.serialization.get("name", name): call.params.get(name) for name, member in shape.members.items()}
    path = _request_of(call.service, call.operation)["requestUri"].partition("?")[0].removeprefix("/v2")
    path = re.sub(r"\{(\w+)\}", lambda found: str(named.get(found[1])), path)
    return f"arn:aws:apigateway:{call.region}::{path}"


def _own_arns(prefix: str, call: Call) -> list[str]:
    """ARNs of the service among the parameters: ELB, Step Functions and others name their resources so."""
    return [value for value in texts(call.params) if value.startswith(f"arn:aws:{prefix}:")]


def _sqs(name: str, call: Call, caller_arn: str) -> Iterator[str]:
    if "SourceArn" in call.params:
        yield call.params["SourceArn"]
    if "TaskHandle" in call.params:
        yield from _source_of_task(call.params["TaskHandle"])
    url = call.params.get("QueueUrl", "")
    fields = url.rstrip("/").split("/")
    queue = call.params.get("QueueName") or fields[-1]
    account = fields[-2] if len(fields) > 2 and fields[-2].isdigit() else call.account_id
    account = call.params.get("QueueOwnerAWSAccountId", account)
    if queue:
        yield f"arn:aws:sqs:{call.region}:{account}:{queue}"


def _source_of_task(handle: str) -> Iterator[str]:
    """The queue that a redrive takes its messages from stands in the handle of the task."""
    try:
        yield str(json.loads(base64.b64decode(handle, validate=True))["sourceArn"])
    except (ValueError, KeyError, TypeError):
        return


def _sns(name: str, call: Call, caller_arn: str) -> Iterator[str]:
    if name == "CreateTopic":
        yield f"arn:aws:sns:{call.region}:{call.account_id}:{call.params['Name']}"
    for parameter in ("TopicArn", "TargetArn", "ResourceArn", "SubscriptionArn"):
        if call.params.get(parameter, "").startswith("arn:"):
            # A subscription's ARN is the topic's with an id behind it.
            yield ":".join(call.params[parameter].split(":")[:6])


def _lambda(name: str, call: Call, caller_arn: str) -> Iterator[str]:
    function = call.params.get("FunctionName") or call.params.get("Resource", "")
    if "layer" in _table()["lambda"]["actions"].get(name, "") and "LayerName" in call.params:
        yield f"arn:aws:lambda:{call.region}:{call.account_id}:layer:{call.params['LayerName']}"
    if not function:
        return
    if not function.startswith("arn:"):
        # Also 123456789012:function:name, and name:qualifier.
        function = function.rpartition("function:")[2]
        function = f"arn:aws:lambda:{call.region}:{call.account_id}:function:{function}"
    qualifier = call.params.get("Qualifier")
    # A qualifier counts where AWS lists alias and version, and for an invocation.
    if qualifier and function.count(":") == 6:
        function = f"{function}:{qualifier}"
    yield function


def _dynamodb(name: str, call: Call, caller_arn: str) -> Iterator[str]:
    tables = [call.params[key] for key in ("TableName", "TableArn", "ResourceArn") if key in call.params]
    tables += list(call.params.get("RequestItems", {}))
    for item in call.params.get("TransactItems", ()):
        tables += [one["TableName"] for one in item.values()]
    for table in tables:
        arn = table if table.startswith("arn:") else f"arn:aws:dynamodb:{call.region}:{call.account_id}:table/{table}"
        yield f"{arn}/index/{call.params['IndexName']}" if "IndexName" in call.params else arn


def _kms(name: str, call: Call, caller_arn: str) -> Iterator[str]:
    from ..kms.condition_keys import arns_of

    yield from arns_of(call)


def _secretsmanager(name: str, call: Call, caller_arn: str) -> Iterator[str]:
    wanted = call.params.get("SecretId") or call.params.get("Name")
    if not wanted:
        return
    backend = call.backend
    found = backend.secrets.get(wanted) if wanted in backend.secrets else None
    if found is not None:
        yield found.arn
    elif wanted.startswith("arn:"):
        yield wanted
    else:
        yield f"arn:aws:secretsmanager:{call.region}:{call.account_id}:secret:{wanted}"


def _ssm(name: str, call: Call, caller_arn: str) -> Iterator[str]:
    start = f"arn:aws:ssm:{call.region}:{call.account_id}:"
    kinds = _table()["ssm"]["actions"].get(name, "")
    if "parameter" in kinds:
        names = [call.params[key] for key in ("Name", "Path") if key in call.params] + call.params.get("Names", [])
        for parameter in names:
            # Public parameters belong to no account.
            own = f"arn:aws:ssm:{call.region}::" if parameter.startswith("/aws/service/") else start
            yield (
                parameter if parameter.startswith("arn:") else f"{own}parameter/{parameter.lstrip('/').split(':')[0]}"
            )
    if "document" in kinds and call.params.get("DocumentName"):
        # AWS's own documents belong to no account.
        account = "" if call.params["DocumentName"].startswith("AWS-") else call.account_id
        yield f"arn:aws:ssm:{call.region}:{account}:document/{call.params['DocumentName']}"
    for instance in [call.params.get("Target"), *call.params.get("InstanceIds", ())]:
        if instance and "instance" in kinds:
            yield f"arn:aws:ec2:{call.region}:{call.account_id}:instance/{instance}"


def _efs(name: str, call: Call, caller_arn: str) -> Iterator[str]:
    start = f"arn:aws:elasticfilesystem:{call.region}:{call.account_id}:"
    for parameter in ("FileSystemId", "ResourceId", "SourceFileSystemId"):
        value = call.params.get(parameter, "")
        if value:
            kind = "access-point" if value.startswith("fsap-") else "file-system"
            yield value if value.startswith("arn:") else f"{start}{kind}/{value}"
    if call.params.get("AccessPointId"):
        yield f"{start}access-point/{call.params['AccessPointId']}"
    target = call.backend.mount_targets_by_id.get(call.params.get("MountTargetId", ""))
    if target is not None:
        yield f"{start}file-system/{target.file_system_id}"


def _autoscaling(name: str, call: Call, caller_arn: str) -> Iterator[str]:
    start = f"arn:aws:autoscaling:{call.region}:{call.account_id}:"
    group = call.params.get("AutoScalingGroupName")
    if group and "autoScalingGroup" in _table()["autoscaling"]["actions"][name]:
        yield f"{start}autoScalingGroup:*:autoScalingGroupName/{group}"
    if call.params.get("LaunchConfigurationName") and "launchConfiguration" in _table()["autoscaling"]["actions"][name]:
        yield f"{start}launchConfiguration:*:launchConfigurationName/{call.params['LaunchConfigurationName']}"


def _logs(name: str, call: Call, caller_arn: str) -> Iterator[str]:
    group = call.params.get("logGroupName") or call.params.get("logGroupNamePrefix")
    if not group:
        yield from _own_arns("logs", call)
        return
    arn = f"arn:aws:logs:{call.region}:{call.account_id}:log-group:{group}"
    stream = call.params.get("logStreamName")
    yield f"{arn}:log-stream:{stream if stream and 'log-stream' in _table()['logs']['actions'][name] else ''}"


def _elasticloadbalancing(name: str, call: Call, caller_arn: str) -> Iterator[str]:
    yield from _own_arns("elasticloadbalancing", call)
    start = f"arn:aws:elasticloadbalancing:{call.region}:{call.account_id}:"
    if name == "CreateLoadBalancer" and "Name" in call.params:
        kind = {"network": "net", "gateway": "gwy"}.get(call.params.get("Type", ""), "app")
        yield f"{start}loadbalancer/{kind}/{call.params['Name']}/*"
    elif name == "CreateTargetGroup":
        yield f"{start}targetgroup/{call.params['Name']}/*"


def _states(name: str, call: Call, caller_arn: str) -> Iterator[str]:
    yield from _own_arns("states", call)
    if name == "CreateStateMachine":
        yield f"arn:aws:states:{call.region}:{call.account_id}:stateMachine:{call.params['name']}"


def _events(name: str, call: Call, caller_arn: str) -> Iterator[str]:
    start = f"arn:aws:events:{call.region}:{call.account_id}:"
    rule = call.params.get("Rule") or (call.params.get("Name") if name.endswith("Rule") else None)
    if rule:
        bus = call.params.get("EventBusName", "default")
        yield f"{start}rule/{rule}" if bus == "default" else f"{start}rule/{bus}/{rule}"
    for entry in call.params.get("Entries", ()):
        bus = entry.get("EventBusName", "default")
        yield bus if bus.startswith("arn:") else f"{start}event-bus/{bus}"


def _appconfig(name: str, call: Call, caller_arn: str) -> Iterator[str]:
    from ..appconfig.sessions import configuration_arn

    if call.service == "appconfigdata":
        found = configuration_arn(call)
        if found:
            yield found
        return
    params, start = call.params, f"arn:aws:appconfig:{call.region}:{call.account_id}:"
    if params.get("ResourceArn"):
        yield params["ResourceArn"]
    application = f"{start}application/{params.get('ApplicationId', '*')}"
    kinds = [one.rstrip("*") for one in _table()["appconfig"]["actions"][name].split(", ")]
    wanted = {
        "application": (application, "ApplicationId"),
        "environment": (f"{application}/environment/{params.get('EnvironmentId', '*')}", "EnvironmentId"),
        "configurationprofile": (
            f"{application}/configurationprofile/{params.get('ConfigurationProfileId', '*')}",
            "ConfigurationProfileId",
        ),
        "deploymentstrategy": (
            f"{start}deploymentstrategy/{params.get('DeploymentStrategyId', '*')}",
            "DeploymentStrategyId",
        ),
    }
    deployment, version = params.get("DeploymentNumber", "*"), params.get("VersionNumber", "*")
    wanted["deployment"] = (f"{wanted['environment'][0]}/deployment/{deployment}", "DeploymentNumber")
    wanted["hostedconfigurationversion"] = (
        f"{wanted['configurationprofile'][0]}/hostedconfigurationversion/{version}",
        "VersionNumber",
    )
    for kind in kinds:
        arn, parameter = wanted.get(kind, ("", ""))
        if parameter in params:
            yield arn


def _cloudformation(name: str, call: Call, caller_arn: str) -> Iterator[str]:
    from ..cloudformation.state import stack_arn

    stack = stack_arn(call)
    if stack:
        yield stack


_NAMED: dict[str, Callable[[str, Call, str], Iterator[str]]] = {
    "iam": iam_arns,
    "sts": sts_arns,
    "sqs": _sqs,
    "sns": _sns,
    "lambda": _lambda,
    "dynamodb": _dynamodb,
    "kms": _kms,
    "secretsmanager": _secretsmanager,
    "ssm": _ssm,
    "elasticfilesystem": _efs,
    "autoscaling": _autoscaling,
    "logs": _logs,
    "elasticloadbalancing": _elasticloadbalancing,
    "states": _states,
    "appconfig": _appconfig,
    "events": _events,
    "cloudformation": _cloudformation,
}
