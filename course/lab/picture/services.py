"""One small function for each service: what there is, from its describe or list calls, a thing each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from .network import counted, facts, named
from .thing import Thing

# By the name of boto3's client. REGIONAL is asked in every Region in use, GLOBAL once.
Reader = Callable[[Any], Iterator[Thing]]
REGIONAL: dict[str, list[Reader]] = {}
GLOBAL: dict[str, list[Reader]] = {}


def _shows(service: str, everywhere: bool = False) -> Callable[[Reader], Reader]:
    def register(reader: Reader) -> Reader:
        (GLOBAL if everywhere else REGIONAL).setdefault(service, []).append(reader)
        return reader

    return register


def _last(arn: str) -> str:
    return arn.rpartition("/")[2].rpartition(":")[2]


@_shows("ec2")
def snapshots(ec2: Any) -> Iterator[Thing]:
    for one in ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]:
        encrypted = "encrypted" if one["Encrypted"] else "not encrypted"
        shown = facts(named(one), f"{one['VolumeSize']} GiB", encrypted, f"of {one['VolumeId']}")
        yield Thing("snapshot", one["SnapshotId"], shown)


@_shows("ec2")
def images(ec2: Any) -> Iterator[Thing]:
    for one in ec2.describe_images(Owners=["self"])["Images"]:
        yield Thing("AMI", one["ImageId"], facts(one["Name"], "public" if one["Public"] else "private"))


@_shows("ec2")
def addresses(ec2: Any) -> Iterator[Thing]:
    for one in ec2.describe_addresses()["Addresses"]:
        holder = one.get("InstanceId") or one.get("NetworkInterfaceId")
        yield Thing(
            "Elastic IP address", one["PublicIp"], facts(named(one), f"on {holder}" if holder else "on nothing")
        )


@_shows("ec2")
def small_things(ec2: Any) -> Iterator[Thing]:
    for one in ec2.describe_key_pairs()["KeyPairs"]:
        yield Thing("key pair", one["KeyName"], facts(one.get("KeyType")))
    for one in ec2.describe_launch_templates()["LaunchTemplates"]:
        yield Thing("launch template", one["LaunchTemplateName"], facts(f"version {one['LatestVersionNumber']}"))
    for one in ec2.describe_placement_groups()["PlacementGroups"]:
        yield Thing("placement group", one["GroupName"], facts(one["Strategy"]))
    for one in ec2.describe_capacity_reservations()["CapacityReservations"]:
        shown = facts(one["InstanceType"], f"{one['TotalInstanceCount']} in {one['AvailabilityZone']}", one["State"])
        yield Thing("Capacity Reservation", one["CapacityReservationId"], shown)
    for one in ec2.describe_spot_instance_requests()["SpotInstanceRequests"]:
        yield Thing("Spot Instance request", one["SpotInstanceRequestId"], facts(one["Type"], one["State"]))


@_shows("efs")
def file_systems(efs: Any) -> Iterator[Thing]:
    for one in efs.describe_file_systems()["FileSystems"]:
        targets = efs.describe_mount_targets(FileSystemId=one["FileSystemId"])["MountTargets"]
        inside = tuple(
            Thing("mount target", each["MountTargetId"], facts(each.get("AvailabilityZoneName"), each["IpAddress"]))
            for each in targets
        )
        shown = facts(one.get("Name"), one["ThroughputMode"], "encrypted" if one["Encrypted"] else "not encrypted")
        yield Thing("EFS file system", one["FileSystemId"], shown, inside)


@_shows("autoscaling")
def scaling_groups(scaling: Any) -> Iterator[Thing]:
    for one in scaling.describe_auto_scaling_groups()["AutoScalingGroups"]:
        size = f"{one['MinSize']} to {one['MaxSize']}, {one['DesiredCapacity']} wanted"
        inside = tuple(
            Thing("instance", each["InstanceId"], facts(each["AvailabilityZone"], each["LifecycleState"]))
            for each in one["Instances"]
        )
        shown = facts(size, f"{one['HealthCheckType']} health checks")
        yield Thing("Auto Scaling group", one["AutoScalingGroupName"], shown, inside)


@_shows("lambda")
def functions(client: Any) -> Iterator[Thing]:
    sources = client.list_event_source_mappings()["EventSourceMappings"]
    for one in client.list_functions()["Functions"]:
        name = one["FunctionName"]
        inside = [
            Thing("alias", each["Name"], facts(f"version {each['FunctionVersion']}", _weights(each)))
            for each in client.list_aliases(FunctionName=name)["Aliases"]
        ]
        inside += [
            Thing("reads", _last(each["EventSourceArn"]), facts(each["State"]))
            for each in sources
            if name in each["FunctionArn"].split(":") and each.get("EventSourceArn")
        ]
        versions = len(client.list_versions_by_function(FunctionName=name)["Versions"]) - 1
        shown = facts(
            one.get("Runtime"),
            f"{one['MemorySize']} MB",
            f"{one['Timeout']} s",
            versions and counted(versions, "version"),
        )
        yield Thing("function", name, shown, tuple(inside))


def _weights(alias: dict) -> str:
    weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
    return ", ".join(f"{weight:.0%} to version {version}" for version, weight in weights.items())


@_shows("stepfunctions")
def state_machines(client: Any) -> Iterator[Thing]:
    for one in client.list_state_machines()["stateMachines"]:
        yield Thing("state machine", one["name"], facts(one["type"]))


@_shows("sqs")
def queues(client: Any) -> Iterator[Thing]:
    for url in client.list_queues().get("QueueUrls", ()):
        seen = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        redrive = json.loads(seen.get("RedrivePolicy") or "{}").get("deadLetterTargetArn", "")
        shown = facts(
            counted(int(seen["ApproximateNumberOfMessages"]), "message"),
            redrive and f"failed ones go to {_last(redrive)}",
        )
        yield Thing("queue", _last(url), shown)


@_shows("sns")
def topics(client: Any) -> Iterator[Thing]:
    for one in client.list_topics()["Topics"]:
        subscriptions = client.list_subscriptions_by_topic(TopicArn=one["TopicArn"])["Subscriptions"]
        inside = tuple(Thing("notifies", f"{each['Protocol']} {_last(each['Endpoint'])}") for each in subscriptions)
        yield Thing("topic", _last(one["TopicArn"]), (), inside)


@_shows("events")
def rules(client: Any) -> Iterator[Thing]:
    for one in client.list_rules()["Rules"]:
        targets = client.list_targets_by_rule(Rule=one["Name"])["Targets"]
        inside = tuple(Thing("calls", _last(each["Arn"])) for each in targets)
        yield Thing("EventBridge rule", one["Name"], facts(one.get("ScheduleExpression"), one["State"]), inside)


@_shows("dynamodb")
def tables(client: Any) -> Iterator[Thing]:
    for name in client.list_tables()["TableNames"]:
        yield Thing("table", name, facts(counted(client.describe_table(TableName=name)["Table"]["ItemCount"], "item")))


@_shows("ssm")
def parameters(client: Any) -> Iterator[Thing]:
    for page in client.get_paginator("describe_parameters").paginate():
        for one in page["Parameters"]:
            if not one["Name"].startswith("/aws/"):
                yield Thing("parameter", one["Name"], facts(one["Type"], f"version {one['Version']}"))


@_shows("secretsmanager")
def secrets(client: Any) -> Iterator[Thing]:
    for one in client.list_secrets()["SecretList"]:
        yield Thing("secret", one["Name"], facts("rotates" if one.get("RotationEnabled") else ""))


@_shows("kms")
def keys(client: Any) -> Iterator[Thing]:
    aliases = {one.get("TargetKeyId"): one["AliasName"] for one in client.list_aliases()["Aliases"]}
    for one in client.list_keys()["Keys"]:
        seen = client.describe_key(KeyId=one["KeyId"])["KeyMetadata"]
        if seen["KeyManager"] == "CUSTOMER":
            yield Thing("KMS key", one["KeyId"], facts(aliases.get(one["KeyId"]), seen["KeyState"]))


@_shows("logs")
def log_groups(client: Any) -> Iterator[Thing]:
    for one in client.describe_log_groups()["logGroups"]:
        days = one.get("retentionInDays")
        yield Thing("log group", one["logGroupName"], facts(f"kept {days} days" if days else "kept forever"))


@_shows("cloudwatch")
def alarms(client: Any) -> Iterator[Thing]:
    for one in client.describe_alarms()["MetricAlarms"]:
        yield Thing("alarm", one["AlarmName"], facts(one.get("MetricName"), one["StateValue"]))


@_shows("cloudformation")
def stacks(client: Any) -> Iterator[Thing]:
    for one in client.describe_stacks()["Stacks"]:
        listed = client.list_stack_resources(StackName=one["StackName"])["StackResourceSummaries"]
        yield Thing("stack", one["StackName"], facts(one["StackStatus"], counted(len(listed), "resource")))


@_shows("apigateway")
def rest_apis(client: Any) -> Iterator[Thing]:
    for one in client.get_rest_apis()["items"]:
        stages = [each["stageName"] for each in client.get_stages(restApiId=one["id"])["item"]]
        yield Thing("REST API", one["id"], facts(one["name"], stages and f"stages {' '.join(stages)}"))


@_shows("apigatewayv2")
def http_apis(client: Any) -> Iterator[Thing]:
    for one in client.get_apis()["Items"]:
        routes = client.get_routes(ApiId=one["ApiId"])["Items"]
        inside = tuple(Thing("route", each["RouteKey"]) for each in routes)
        yield Thing(f"{one['ProtocolType']} API", one["ApiId"], facts(one["Name"]), inside)


@_shows("iam", everywhere=True)
def users(iam: Any) -> Iterator[Thing]:
    for one in iam.list_users()["Users"]:
        name = one["UserName"]
        member = [each["GroupName"] for each in iam.list_groups_for_user(UserName=name)["Groups"]]
        active = [
            each for each in iam.list_access_keys(UserName=name)["AccessKeyMetadata"] if each["Status"] == "Active"
        ]
        devices = iam.list_mfa_devices(UserName=name)["MFADevices"]
        yield Thing(
            "IAM user",
            name,
            facts(
                member and f"in {' '.join(member)}",
                active and counted(len(active), "active access key"),
                "MFA" if devices else "no MFA",
                *_policies(iam, "user", UserName=name),
            ),
        )


@_shows("iam", everywhere=True)
def groups(iam: Any) -> Iterator[Thing]:
    for one in iam.list_groups()["Groups"]:
        members = [each["UserName"] for each in iam.get_group(GroupName=one["GroupName"])["Users"]]
        shown = facts(counted(len(members), "user"), *_policies(iam, "group", GroupName=one["GroupName"]))
        yield Thing("IAM group", one["GroupName"], shown)


@_shows("iam", everywhere=True)
def roles(iam: Any) -> Iterator[Thing]:
    for one in iam.list_roles()["Roles"]:
        shown = facts(f"assumed by {_trusted(one)}", *_policies(iam, "role", RoleName=one["RoleName"]))
        yield Thing("IAM role", one["RoleName"], shown)


def _policies(iam: Any, kind: str, **whose: str) -> Iterator[str]:
    attached = getattr(iam, f"list_attached_{kind}_policies")(**whose)["AttachedPolicies"]
    inline = getattr(iam, f"list_{kind}_policies")(**whose)["PolicyNames"]
    names = [one["PolicyName"] for one in attached] + [f"{name} (inline)" for name in inline]
    if names:
        yield f"policies {' '.join(names)}"


def _trusted(role: dict) -> str:
    document = role["AssumeRolePolicyDocument"]
    named = []
    for statement in document.get("Statement", ()) if isinstance(document, dict) else ():
        principal = statement.get("Principal", "*")
        for value in principal.values() if isinstance(principal, dict) else [principal]:
            named += value if isinstance(value, list) else [value]
    return " ".join(named) or "nobody"


@_shows("iam", everywhere=True)
def policies(iam: Any) -> Iterator[Thing]:
    for one in iam.list_policies(Scope="Local")["Policies"]:
        yield Thing("IAM policy", one["PolicyName"], facts(f"attached {counted(one['AttachmentCount'], 'time')}"))


@_shows("s3", everywhere=True)
def buckets(s3: Any) -> Iterator[Thing]:
    for one in s3.list_buckets()["Buckets"]:
        held = s3.list_objects_v2(Bucket=one["Name"])
        count = "1,000 objects or more" if held["IsTruncated"] else counted(held["KeyCount"], "object")
        versioned = s3.get_bucket_versioning(Bucket=one["Name"]).get("Status") == "Enabled"
        where = s3.get_bucket_location(Bucket=one["Name"])["LocationConstraint"] or "us-east-1"
        yield Thing("bucket", one["Name"], facts(where, count, "versioned" if versioned else ""))


@_shows("route53", everywhere=True)
def zones(route53: Any) -> Iterator[Thing]:
    for one in route53.list_hosted_zones()["HostedZones"]:
        sets = route53.list_resource_record_sets(HostedZoneId=one["Id"])["ResourceRecordSets"]
        inside = tuple(
            Thing("record", f"{each['Name']} {each['Type']}", facts(each.get("SetIdentifier")))
            for each in sets
            if each["Type"] not in ("NS", "SOA")
        )
        yield Thing("hosted zone", one["Name"], (), inside)
