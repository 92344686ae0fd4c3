"""Stacks: made whole or not at all, updated in place or by replacement, deleted, kept."""

import json
import pickle
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from conftest import client
from iam_learners import allow, user

from course import lab
from course.lab.cloudformation import state

QUEUE = {"Queue": {"Type": "AWS::SQS::Queue"}}


def queue(**properties):
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def parameter(value="v", name="/p", **more):
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Name": name, "Value": value}, **more}


# SQS keeps a message at most 43,200 seconds invisible.
BROKEN = queue(QueueName="no spaces allowed")


def test_events(stack):
    """In which order does a stack tell what it does?"""
    assert stack({"B": {**queue(), "DependsOn": "A"}, "A": queue()}) == "CREATE_COMPLETE"
    assert [(one, status) for one, status, _ in stack.events()] == [
        ("s", "CREATE_IN_PROGRESS"),
        ("A", "CREATE_IN_PROGRESS"),
        ("A", "CREATE_IN_PROGRESS"),
        ("A", "CREATE_COMPLETE"),
        ("B", "CREATE_IN_PROGRESS"),
        ("B", "CREATE_IN_PROGRESS"),
        ("B", "CREATE_COMPLETE"),
        ("s", "CREATE_COMPLETE"),
    ]
    times = [one["Timestamp"] for one in stack.api.describe_stack_events(StackName="s")["StackEvents"]]
    assert times == sorted(set(times), reverse=True)


def test_rollback(stack):
    """What is left of a stack when one of its resources cannot be made?"""
    template = {"Good": queue(QueueName="good"), "Bad": {**BROKEN, "DependsOn": "Good"}}
    assert stack(template) == "ROLLBACK_COMPLETE"
    assert client("sqs").list_queues().get("QueueUrls", []) == []
    assert "Can only include alphanumeric characters, hyphens, or underscores" in stack.reason("Bad", "CREATE_FAILED")
    words = "The following resource(s) failed to create: [Bad]. Rollback requested by user."
    assert stack.reason("s", "ROLLBACK_IN_PROGRESS") == words
    assert ("Good", "DELETE_COMPLETE", "") in stack.events()


def test_on_failure(stack, cloudformation, refused):
    """Can a stack that failed be left as it is, or be deleted at once?"""
    template = {"Good": queue(QueueName="good"), "Bad": {**BROKEN, "DependsOn": "Good"}}
    assert stack(template, OnFailure="DO_NOTHING") == "CREATE_FAILED"
    assert len(client("sqs").list_queues()["QueueUrls"]) == 1
    cloudformation.rollback_stack(StackName="s")
    assert stack.status() == "ROLLBACK_COMPLETE"
    made = cloudformation.create_stack(StackName="t", TemplateBody=stack.body(template), OnFailure="DELETE")
    assert stack.status(made["StackId"]) == "DELETE_COMPLETE"
    more = {"StackName": "u", "TemplateBody": stack.body(QUEUE), "OnFailure": "DELETE", "DisableRollback": True}
    words = "either DisableRollback or OnFailure, but not both"
    refused(cloudformation.create_stack, "ValidationError", words, **more)


def test_properties(stack):
    """Who finds a property that a type does not have, and when?"""
    template = {"A": queue(), "B": queue(VisibilityTimout=3), "C": queue(VisibilityTimeout="soon")}
    assert stack(template) == "ROLLBACK_COMPLETE"
    words = "Properties validation failed for resource B with message:\n[#: extraneous key [VisibilityTimout] is not permitted]"
    assert stack.reason("B", "CREATE_FAILED") == words
    assert "#/VisibilityTimeout: expected type: Integer, found: String" in stack.reason("C", "CREATE_FAILED")
    words = "Validation failed for following resources: [B, C]. Rollback requested by user."
    assert stack.reason("s", "ROLLBACK_IN_PROGRESS") == words
    assert not [one for one in stack.events() if one[0] == "A"]  # nothing was begun
    assert stack({"F": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "python3.13"}}}, "t") == "ROLLBACK_COMPLETE"  # fmt: skip
    assert "#: required key [Code] not found" in stack.reason("F", "CREATE_FAILED", "t")


def test_names(stack, cloudformation, refused):
    """Which names may a stack have, and may two have the same?"""
    words = "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
    refused(cloudformation.create_stack, "ValidationError", words, StackName="1_a", TemplateBody=stack.body(QUEUE))
    stack(QUEUE)
    words = "Stack [s] already exists"
    refused(cloudformation.create_stack, "AlreadyExistsException", words, StackName="s", TemplateBody=stack.body(QUEUE))
    refused(cloudformation.describe_stacks, "ValidationError", "Stack with id t does not exist", StackName="t")
    cloudformation.delete_stack(StackName="s")
    refused(cloudformation.describe_stacks, "ValidationError", "Stack with id s does not exist", StackName="s")
    assert stack(QUEUE) == "CREATE_COMPLETE"


def test_name_taken(stack):
    """What if a queue with the template's name is there already?"""
    client("sqs").create_queue(QueueName="mine")
    assert stack({"Queue": queue(QueueName="mine")}) == "ROLLBACK_COMPLETE"
    assert "with identifier 'mine' already exists" in stack.reason("Queue", "CREATE_FAILED")
    assert client("sqs").get_queue_url(QueueName="mine")


def test_update(stack, cloudformation, refused):
    """What is changed in place, and what is not an update at all?"""
    stack({"P": parameter("1"), "Queue": queue()})
    before = stack.ids()
    body = stack.body({"P": parameter("1"), "Queue": queue()})
    refused(cloudformation.update_stack, "ValidationError", "No updates are to be performed.", StackName="s", TemplateBody=body)  # fmt: skip
    assert stack.update({"P": parameter("2"), "Queue": queue(DelaySeconds=3)}) == "UPDATE_COMPLETE"
    assert stack.ids() == before
    assert client("ssm").get_parameter(Name="/p")["Parameter"]["Value"] == "2"
    statuses = [status for one, status, _ in stack.events() if one == "s"]
    assert statuses[2:] == ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"]
    refused(cloudformation.update_stack, "ValidationError", "Stack [t] does not exist", StackName="t", TemplateBody=body)  # fmt: skip


def test_replacement(stack):
    """Which change makes a new resource, and what becomes of the old one?"""
    stack({"Queue": queue(QueueName="one"), "P": parameter({"Ref": "Queue"})})
    assert stack.update({"Queue": queue(QueueName="two"), "P": parameter({"Ref": "Queue"})}) == "UPDATE_COMPLETE"
    urls = client("sqs").list_queues()["QueueUrls"]
    assert [url.rpartition("/")[2] for url in urls] == ["two"]
    assert client("ssm").get_parameter(Name="/p")["Parameter"]["Value"] == urls[0]
    words = "Requested update requires the creation of a new physical resource; hence creating one."
    order = [(one, status, reason) for one, status, reason in stack.events() if one == "Queue"][3:]
    assert order == [
        ("Queue", "UPDATE_IN_PROGRESS", words),
        ("Queue", "UPDATE_IN_PROGRESS", "Resource creation Initiated"),
        ("Queue", "UPDATE_COMPLETE", ""),
        ("Queue", "DELETE_IN_PROGRESS", ""),
        ("Queue", "DELETE_COMPLETE", ""),
    ]


def test_custom_name_blocks_replacement(stack):
    """Why can a table with a name of its own not get another key?"""

    def table(key):
        return {
            "Table": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "TableName": "items",
                    "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
                },
            }
        }

    stack(table("id"))
    assert stack.update(table("sku")) == "UPDATE_ROLLBACK_COMPLETE"
    words = "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename items and update the stack again."
    assert stack.reason("Table", "UPDATE_FAILED") == words
    assert client("dynamodb").describe_table(TableName="items")["Table"]["KeySchema"][0]["AttributeName"] == "id"


def test_update_rollback(stack, cloudformation):
    """What is undone when an update fails?"""
    stack({"P": parameter("1"), "Queue": queue(QueueName="one"), "Gone": queue()})
    gone = stack.ids()["Gone"]
    bad = {"P": parameter("2"), "Queue": queue(QueueName="two"), "New": queue(QueueName="new"), "Bad": {**BROKEN, "DependsOn": ["P", "Queue", "New"]}}  # fmt: skip
    assert stack.update(bad) == "UPDATE_ROLLBACK_COMPLETE"
    assert client("ssm").get_parameter(Name="/p")["Parameter"]["Value"] == "1"
    names = {url.rpartition("/")[2] for url in client("sqs").list_queues()["QueueUrls"]}
    assert names == {"one", gone.rpartition("/")[2]}
    assert set(stack.ids()) == {"P", "Queue", "Gone"}
    assert stack.reason("s", "UPDATE_ROLLBACK_IN_PROGRESS") == "The following resource(s) failed to update: [Bad]. "
    statuses = [status for one, status, _ in stack.events() if one == "s"][2:]
    assert statuses == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]
    assert "Bad" not in cloudformation.get_template(StackName="s")["TemplateBody"]["Resources"]


def test_failed_update_left(stack, cloudformation):
    """Can a failed update be left, and rolled back later?"""
    stack({"P": parameter("1")})
    bad = {"P": parameter("2"), "Bad": {**BROKEN, "DependsOn": "P"}}
    assert stack.update(bad, DisableRollback=True) == "UPDATE_FAILED"
    assert client("ssm").get_parameter(Name="/p")["Parameter"]["Value"] == "2"
    cloudformation.rollback_stack(StackName="s")
    assert stack.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert client("ssm").get_parameter(Name="/p")["Parameter"]["Value"] == "1"


def test_states(stack, cloudformation, refused):
    """Can a stack that was rolled back be updated?"""
    stack({"Bad": BROKEN})
    words = f"Stack:{stack.shown()['StackId']} is in ROLLBACK_COMPLETE state and can not be updated."
    more = {"StackName": "s", "TemplateBody": stack.body(QUEUE)}
    refused(cloudformation.update_stack, "ValidationError", words, **more)
    refused(cloudformation.create_change_set, "ValidationError", words, ChangeSetName="c", **more)
    words = "Drift detection cannot be performed"
    refused(cloudformation.detect_stack_drift, "ValidationError", words, StackName="s")


def test_another_type(stack, cloudformation, refused):
    """May a logical id get another type?"""
    stack({"One": queue()})
    words = "Update of resource type is not permitted. The new template modifies resource type of the following resources: [One]"
    body = stack.body({"One": parameter()})
    refused(cloudformation.update_stack, "ValidationError", words, StackName="s", TemplateBody=body)


def test_delete(stack, cloudformation):
    """In which order are resources deleted?"""
    stack({"A": queue(), "P": parameter({"Ref": "A"})})
    made = stack.shown()["StackId"]
    cloudformation.delete_stack(StackName="s")
    cloudformation.get_waiter("stack_delete_complete").wait(StackName="s")
    assert [one for one, status, _ in stack.events(made) if status == "DELETE_COMPLETE"] == ["P", "A", "s"]
    assert client("sqs").list_queues().get("QueueUrls", []) == []
    cloudformation.delete_stack(StackName="s")  # what is not there is deleted


def test_policies(stack, cloudformation):
    """What do DeletionPolicy and UpdateReplacePolicy keep?"""
    kept = {**queue(QueueName="one"), "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    volume = {"AvailabilityZone": "us-east-1a", "Size": 1}
    stack({"Queue": kept, "Disk": {"Type": "AWS::EC2::Volume", "DeletionPolicy": "Snapshot", "Properties": volume}})
    stack.update({"Queue": {**kept, "Properties": {"QueueName": "two"}}})
    assert len(client("ec2").describe_snapshots(OwnerIds=["self"])["Snapshots"]) == 1
    assert client("ec2").describe_volumes()["Volumes"] == []
    made = stack.shown()["StackId"]
    cloudformation.delete_stack(StackName="s")
    assert ("Queue", "DELETE_SKIPPED", "") in stack.events(made)
    assert len(client("sqs").list_queues()["QueueUrls"]) == 2


def test_full_bucket(stack, cloudformation, refused):
    """What of a stack whose bucket has objects in it?"""
    stack({"Bucket": {"Type": "AWS::S3::Bucket"}})
    bucket = stack.ids()["Bucket"]
    client("s3").put_object(Bucket=bucket, Key="k", Body=b"x")
    words = "only when the stack is in the DELETE_FAILED state"
    refused(cloudformation.delete_stack, "ValidationError", words, StackName="s", RetainResources=["Bucket"])
    cloudformation.delete_stack(StackName="s")
    assert stack.status() == "DELETE_FAILED"
    assert stack.shown()["StackStatusReason"] == "The following resource(s) failed to delete: [Bucket]. "
    assert "The bucket you tried to delete is not empty" in stack.reason("Bucket", "DELETE_FAILED")
    made = stack.shown()["StackId"]
    cloudformation.delete_stack(StackName="s", RetainResources=["Bucket"])
    assert stack.status(made) == "DELETE_COMPLETE"
    assert client("s3").head_bucket(Bucket=bucket)


def test_termination_protection(stack, cloudformation, refused):
    """Who deletes a protected stack?"""
    stack(QUEUE, EnableTerminationProtection=True)
    words = "Stack [s] cannot be deleted while TerminationProtection is enabled"
    refused(cloudformation.delete_stack, "ValidationError", words, StackName="s")
    cloudformation.update_termination_protection(StackName="s", EnableTerminationProtection=False)
    cloudformation.delete_stack(StackName="s")


def test_exports(stack, cloudformation, refused):
    """How do stacks share values, and what do imports forbid?"""
    exported = {"Url": {"Value": {"Ref": "Queue"}, "Export": {"Name": "url"}}}
    stack(QUEUE, Outputs=exported)
    assert stack({"P": parameter({"Fn::ImportValue": "url"})}, "user") == "CREATE_COMPLETE"
    assert client("ssm").get_parameter(Name="/p")["Parameter"]["Value"] == stack.ids()["Queue"]
    assert cloudformation.list_imports(ExportName="url")["Imports"] == ["user"]
    assert cloudformation.list_exports()["Exports"][0]["Name"] == "url"
    assert stack({"P": parameter({"Fn::ImportValue": "no"}, "/q")}, "t") == "ROLLBACK_COMPLETE"
    assert stack.reason("t", "ROLLBACK_IN_PROGRESS", "t") == "No export named no found. Rollback requested by user."
    assert stack(QUEUE, "u", Outputs=exported) == "ROLLBACK_COMPLETE"
    words = "Export with name url is already exported by stack s. Rollback requested by user."
    assert stack.reason("u", "ROLLBACK_IN_PROGRESS", "u") == words
    cloudformation.delete_stack(StackName="s")
    assert stack.status() in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
    words = "Delete canceled. Cannot delete export url as it is in use by user."
    assert stack.shown()["StackStatusReason"] == words
    assert stack.update({**QUEUE, "Other": queue()}) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.reason("s", "UPDATE_ROLLBACK_IN_PROGRESS") == words
    cloudformation.delete_stack(StackName="user")
    words = "Export 'url' is not imported by any stack."
    refused(cloudformation.list_imports, "ValidationError", words, ExportName="url")
    made = stack.shown()["StackId"]
    cloudformation.delete_stack(StackName="s")
    assert stack.status(made) == "DELETE_COMPLETE"


def test_tags(stack):
    """Which resources get the tags of a stack, and when?"""

    def tags():
        return client("sqs").list_queue_tags(QueueUrl=stack.ids()["Queue"]).get("Tags", {})

    template = {"Queue": queue(Tags=[{"Key": "own", "Value": "1"}])}
    stack(template, Tags=[{"Key": "team", "Value": "blue"}])
    assert tags() == {"own": "1", "team": "blue"}
    stack.update(template, Tags=[{"Key": "team", "Value": "red"}])
    assert tags() == {"own": "1", "team": "red"}


def test_caller(stack, cloudformation):
    """Whose permissions does a stack have?"""
    learner = user(allow("cloudformation:*"), allow("ssm:*"))
    template = {"P": parameter(), "Queue": {**queue(), "DependsOn": "P"}}
    learner("cloudformation").create_stack(StackName="s", TemplateBody=stack.body(template))
    assert stack.status() == "ROLLBACK_COMPLETE"
    words = "is not authorized to perform: sqs:createqueue"
    assert words in stack.reason("Queue", "CREATE_FAILED")
    assert "HandlerErrorCode: AccessDenied" in stack.reason("Queue", "CREATE_FAILED")


def test_permissions(stack, cloudformation):
    """Can a policy be about some stacks only?"""
    learner = user(
        allow("cloudformation:*", on="arn:aws:cloudformation:us-east-1:123456789012:stack/dev-*/*"), allow("sqs:*")
    )("cloudformation")
    learner.create_stack(StackName="dev-a", TemplateBody=stack.body(QUEUE))
    assert learner.describe_stacks(StackName="dev-a")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    body = stack.body({"Queue": queue(DelaySeconds=1)})
    made = learner.create_change_set(StackName="dev-a", ChangeSetName="c", TemplateBody=body)
    assert learner.describe_change_set(ChangeSetName=made["Id"])["Changes"]
    stack(QUEUE, "prod-a")
    for call, action in ((learner.delete_stack, "DeleteStack"), (learner.describe_stacks, "DescribeStacks")):
        with pytest.raises(learner.exceptions.ClientError) as refused:
            call(StackName="prod-a")
        error = refused.value.response["Error"]
        assert error["Code"] == "AccessDenied"
        assert f"not authorized to perform: cloudformation:{action} on resource: arn:aws:cloudformation:" in error["Message"]  # fmt: skip


def test_saved(stack, cloudformation):
    """Can stacks be kept aside, and which cannot?"""
    stack(QUEUE)
    cloudformation.create_change_set(
        StackName="s", ChangeSetName="c", TemplateBody=stack.body({"Queue": queue(DelaySeconds=1)})
    )
    held = state.backend("123456789012", "us-east-1")
    assert pickle.loads(pickle.dumps(held.stacks)).keys() == held.stacks.keys()
    wait = {"Type": "AWS::CloudFormation::WaitCondition", "CreationPolicy": {"ResourceSignal": {"Timeout": "PT1H"}}}
    assert stack({"Wait": wait}, "t") == "CREATE_IN_PROGRESS"
    with pytest.raises(RuntimeError, match="stack t waits for a signal"):
        pickle.dumps(held.stacks)


def test_service_role(stack, cloudformation, refused, role):
    """Which role may a stack be given?"""
    wrong = role("lambda.amazonaws.com", "wrong")
    more = {"StackName": "s", "TemplateBody": stack.body(QUEUE), "RoleARN": wrong}
    words = f"Role {wrong} is invalid or cannot be assumed"
    refused(cloudformation.create_stack, "ValidationError", words, **more)
    right = role("cloudformation.amazonaws.com", "right")
    assert stack(QUEUE, RoleARN=right) == "CREATE_COMPLETE"
    assert stack.shown()["RoleARN"] == right
    client("iam").detach_role_policy(RoleName="right", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    cloudformation.delete_stack(StackName="s")
    assert stack.status() == "DELETE_FAILED"  # the role may not do it any more


def test_stack_policy(stack, cloudformation, refused):
    """What does a stack policy protect?"""
    protect = {"Statement": [
        {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "Update:Replace", "Principal": "*", "Resource": "LogicalResourceId/Queue"},
    ]}  # fmt: skip
    stack({"Queue": queue(QueueName="one")}, StackPolicyBody=json.dumps(protect))
    assert stack.update({"Queue": queue(QueueName="one", DelaySeconds=1)}) == "UPDATE_COMPLETE"
    assert stack.update({"Queue": queue(QueueName="two")}) == "UPDATE_ROLLBACK_COMPLETE"
    words = "Action denied by stack policy: Statement [#2] does not allow [Update:Replace] for resource [LogicalResourceId/Queue]"
    assert stack.reason("Queue", "UPDATE_FAILED") == words
    once = json.dumps({"Statement": protect["Statement"][:1]})
    assert stack.update({"Queue": queue(QueueName="two")}, StackPolicyDuringUpdateBody=once) == "UPDATE_COMPLETE"
    words = "Error validating stack policy: Invalid stack policy"
    refused(cloudformation.set_stack_policy, "ValidationError", words, StackName="s", StackPolicyBody="{")


@pytest.mark.parametrize("kind", ["CreationPolicy", "WaitCondition"])
def test_signals(stack, cloudformation, launch, image, kind):
    """Until when does a stack wait for a signal?"""
    if kind == "CreationPolicy":
        instance = {"ImageId": image, "InstanceType": "t3.micro"}
        policy = {"ResourceSignal": {"Count": 2, "Timeout": "PT10M"}}
        template = {"Web": {"Type": "AWS::EC2::Instance", "CreationPolicy": policy, "Properties": instance}}
    else:
        wait = {"Handle": {"Ref": "Handle"}, "Timeout": "600", "Count": 2}
        template = {
            "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
            "Web": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": wait},
        }
    assert stack(template) == "CREATE_IN_PROGRESS"
    signal = {"StackName": "s", "LogicalResourceId": "Web", "Status": "SUCCESS"}
    cloudformation.signal_resource(UniqueId="a", **signal)
    assert stack.status() == "CREATE_IN_PROGRESS"
    cloudformation.signal_resource(UniqueId="b", **signal)
    assert stack.status() == "CREATE_COMPLETE"
    stack(template, "t")
    cloudformation.signal_resource(UniqueId="a", **{**signal, "StackName": "t", "Status": "FAILURE"})
    assert stack.status("t") == "ROLLBACK_COMPLETE"
    stack(template, "u")
    with lab.context(time="2099-01-01T00:00:00Z"):
        assert stack.status("u") == "ROLLBACK_COMPLETE"


def test_signal_to_a_handle(stack):
    """Does a wait condition hear what is PUT to the URL of its handle?"""
    wait = {"Handle": {"Ref": "Handle"}, "Timeout": "600"}
    outputs = {"Data": {"Value": {"Fn::GetAtt": ["Wait", "Data"]}}}
    template = {
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Wait": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": wait},
    }
    assert stack(template, Outputs=outputs) == "CREATE_IN_PROGRESS"
    url = urlsplit(stack.ids()["Handle"])
    signal = {"Status": "SUCCESS", "UniqueId": "a", "Data": "ready", "Reason": "done"}
    for path, status in (("/wait/unknown", 403), (url.path, 200)):
        connection = HTTPConnection(url.netloc)
        connection.request("PUT", path, json.dumps(signal))
        assert connection.getresponse().status == status
        connection.close()
    assert stack.status() == "CREATE_COMPLETE"
    assert stack.outputs() == {"Data": '{"a": "ready"}'}


def test_rollback_triggers(stack, cloudformation, refused):
    """Which alarms may roll a stack back?"""
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:a"
    good = {"Arn": arn, "Type": "AWS::CloudWatch::Alarm"}
    more = {"StackName": "s", "TemplateBody": stack.body(QUEUE)}
    for triggers, words in (
        ([{**good, "Type": "AWS::SNS::Topic"}], "Rollback Trigger Type not supported"),
        ([{**good, "Arn": "arn:aws:sns:us-east-1:123456789012:a"}], "RelativeId of a Rollback Trigger's ARN is incorrect"),
        ([good] * 6, "Member must have length less than or equal to 5"),
    ):  # fmt: skip
        configuration = {"RollbackTriggers": triggers}
        refused(cloudformation.create_stack, "ValidationError", words, RollbackConfiguration=configuration, **more)
    assert stack(QUEUE, RollbackConfiguration={"RollbackTriggers": [good]}) == "CREATE_COMPLETE"


def test_list(stack, cloudformation):
    """Which stacks are listed?"""
    stack(QUEUE)
    stack({"Bad": BROKEN}, "t")
    cloudformation.delete_stack(StackName="t")
    listed = cloudformation.list_stacks()["StackSummaries"]
    assert {one["StackName"]: one["StackStatus"] for one in listed} == {"s": "CREATE_COMPLETE", "t": "DELETE_COMPLETE"}
    assert [one["StackName"] for one in cloudformation.describe_stacks()["Stacks"]] == ["s"]
    some = cloudformation.list_stacks(StackStatusFilter=["CREATE_COMPLETE"])["StackSummaries"]
    assert [one["StackName"] for one in some] == ["s"]


def test_reset(stack, cloudformation):
    """Are stacks gone after lab.reset(), and are ids the same again?"""
    stack(QUEUE)
    first = stack.shown()["StackId"], stack.ids()
    lab.reset()
    assert cloudformation.list_stacks()["StackSummaries"] == []
    stack(QUEUE)
    assert (stack.shown()["StackId"], stack.ids()) == first


def test_physical_resource(stack, cloudformation, refused):
    """Which stack does a queue belong to?"""
    stack(QUEUE)
    url = stack.ids()["Queue"]
    found = cloudformation.describe_stack_resources(PhysicalResourceId=url)["StackResources"]
    assert [(one["StackName"], one["LogicalResourceId"]) for one in found] == [("s", "Queue")]
    refused(cloudformation.describe_stack_resources, "ValidationError", "does not exist", PhysicalResourceId="x")
    words = "Resource No does not exist for stack s"
    refused(cloudformation.describe_stack_resource, "ValidationError", words, StackName="s", LogicalResourceId="No")
