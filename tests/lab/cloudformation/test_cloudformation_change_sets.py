"""Change sets: what an update would do, and that nothing is done before it is executed."""

import json

from conftest import client


def queue(**properties):
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def parameter(value="v", name="/p"):
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Name": name, "Value": value}}


def changes(cloudformation, name="c", **more):
    """Logical id -> (action, replacement) of a change set, with its whole answer."""
    told = cloudformation.describe_change_set(ChangeSetName=name, StackName="s", **more)
    found = {one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"] for one in told["Changes"]}
    return {key: (one["Action"], one.get("Replacement")) for key, one in found.items()}, found, told


def test_update(stack, cloudformation):
    """Which changes are shown, and which of them replace?"""
    stack({"Queue": queue(QueueName="one"), "P": parameter("1"), "Gone": queue()})
    new = {"Queue": queue(QueueName="two"), "P": parameter("2"), "New": queue()}
    cloudformation.create_change_set(StackName="s", ChangeSetName="c", TemplateBody=stack.body(new))
    short, found, told = changes(cloudformation)
    assert short == {
        "Gone": ("Remove", None),
        "New": ("Add", None),
        "P": ("Modify", "False"),
        "Queue": ("Modify", "True"),
    }
    assert (told["Status"], told["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    assert found["Queue"]["Scope"] == ["Properties"]
    assert found["Queue"]["Details"] == [
        {
            "Target": {"Attribute": "Properties", "Name": "QueueName", "RequiresRecreation": "Always"},
            "Evaluation": "Static",
            "ChangeSource": "DirectModification",
        }
    ]
    assert found["P"]["Details"][0]["Target"]["RequiresRecreation"] == "Never"
    assert stack.status() == "CREATE_COMPLETE"
    assert client("ssm").get_parameter(Name="/p")["Parameter"]["Value"] == "1"
    cloudformation.execute_change_set(StackName="s", ChangeSetName="c")
    assert stack.status() == "UPDATE_COMPLETE"
    assert client("ssm").get_parameter(Name="/p")["Parameter"]["Value"] == "2"
    assert set(stack.ids()) == {"Queue", "P", "New"}
    assert stack.shown()["ChangeSetId"] == told["ChangeSetId"]
    assert changes(cloudformation)[2]["ExecutionStatus"] == "EXECUTE_COMPLETE"


def test_causes(stack, cloudformation):
    """Why does a property change: the template, a parameter, or another resource?"""
    template = {
        "P": parameter({"Ref": "Value"}),
        "Q": parameter({"Fn::GetAtt": ["P", "Value"]}, "/q"),
        "R": parameter({"Ref": "Queue"}, "/r"),
        "Queue": queue(QueueName={"Ref": "Name"}),
    }
    declared = {"Value": {"Type": "String"}, "Name": {"Type": "String"}}

    def given(value, name):
        return [{"ParameterKey": "Value", "ParameterValue": value}, {"ParameterKey": "Name", "ParameterValue": name}]

    stack(template, Declared=declared, Parameters=given("1", "one"))
    cloudformation.create_change_set(
        StackName="s", ChangeSetName="c", UsePreviousTemplate=True, Parameters=given("2", "two")
    )
    short, found, _ = changes(cloudformation)
    assert short == {name: ("Modify", "True" if name == "Queue" else "False") for name in ("P", "Q", "R", "Queue")}

    def causes(name):
        return [(one["Evaluation"], one["ChangeSource"], one.get("CausingEntity")) for one in found[name]["Details"]]

    assert causes("P") == [("Static", "ParameterReference", "Value"), ("Dynamic", "DirectModification", None)]
    assert causes("Q") == [("Dynamic", "ResourceAttribute", "P.Value")]
    assert causes("R") == [("Dynamic", "ResourceReference", "Queue")]


def test_conditional(stack, cloudformation):
    """When can AWS not know yet whether a resource is replaced?"""
    zone = {"AvailabilityZone": "us-east-1a", "Size": 1}
    disk = {"Type": "AWS::EC2::Volume", "Properties": zone}
    user = {"Type": "AWS::IAM::UserToGroupAddition", "Properties": {"GroupName": "g", "Users": ["u"]}}
    assert user  # no replacement ever
    template = {"P": parameter("1"), "Q": {**queue(), "Properties": {"QueueName": {"Fn::GetAtt": ["P", "Value"]}}}}
    stack({**template, "Disk": disk})
    new = {"P": parameter("2"), "Q": template["Q"], "Disk": disk}
    cloudformation.create_change_set(StackName="s", ChangeSetName="c", TemplateBody=stack.body(new))
    assert changes(cloudformation)[0] == {"P": ("Modify", "False"), "Q": ("Modify", "Conditional")}


def test_values(stack, cloudformation):
    """Can the values before and after be seen?"""
    stack({"P": parameter("1")})
    cloudformation.create_change_set(StackName="s", ChangeSetName="c", TemplateBody=stack.body({"P": parameter("2")}))
    _, found, _ = changes(cloudformation, IncludePropertyValues=True)
    target = found["P"]["Details"][0]["Target"]
    assert (target["BeforeValue"], target["AfterValue"], target["Path"]) == ("1", "2", "/Properties/Value")
    assert json.loads(found["P"]["AfterContext"])["Properties"]["Value"] == "2"


def test_nothing(stack, cloudformation, refused):
    """What of a change set without changes?"""
    stack({"P": parameter("1")})
    cloudformation.create_change_set(StackName="s", ChangeSetName="c", TemplateBody=stack.body({"P": parameter("1")}))
    _, _, told = changes(cloudformation)
    assert (told["Status"], told["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert told["StatusReason"].startswith("The submitted information didn't contain changes.")
    words = "cannot be executed in its current status of [FAILED]"
    refused(cloudformation.execute_change_set, "InvalidChangeSetStatus", words, StackName="s", ChangeSetName="c")


def test_create(stack, cloudformation, refused):
    """What is there between a change set of type CREATE and its execution?"""
    body = stack.body({"Queue": queue()})
    new = {"StackName": "s", "ChangeSetName": "c", "TemplateBody": body}
    words = "Stack [s] does not exist"
    refused(cloudformation.create_change_set, "ValidationError", words, **new)  # UPDATE, unless it says otherwise
    cloudformation.create_change_set(ChangeSetType="CREATE", **new)
    assert stack.status() == "REVIEW_IN_PROGRESS"
    assert changes(cloudformation)[0] == {"Queue": ("Add", None)}
    assert client("sqs").list_queues().get("QueueUrls", []) == []
    words = "ChangeSet c cannot be created as it already exists"
    refused(cloudformation.create_change_set, "AlreadyExistsException", words, ChangeSetType="CREATE", **new)
    cloudformation.execute_change_set(StackName="s", ChangeSetName="c")
    assert stack.status() == "CREATE_COMPLETE"
    words = "Stack [s] already exists and cannot be created again with the changeSet [d]."
    new["ChangeSetName"] = "d"
    refused(cloudformation.create_change_set, "ValidationError", words, ChangeSetType="CREATE", **new)


def test_others_are_obsolete(stack, cloudformation, refused):
    """What becomes of the other change sets of a stack?"""
    stack({"P": parameter("1")})
    for name, value in (("c", "2"), ("d", "3")):
        body = stack.body({"P": parameter(value)})
        cloudformation.create_change_set(StackName="s", ChangeSetName=name, TemplateBody=body)
    assert len(cloudformation.list_change_sets(StackName="s")["Summaries"]) == 2
    cloudformation.execute_change_set(StackName="s", ChangeSetName="d")
    words = "ChangeSet [c] does not exist"
    code = "ChangeSetNotFound"
    refused(cloudformation.describe_change_set, code, words, status=404, StackName="s", ChangeSetName="c")
    cloudformation.delete_change_set(StackName="s", ChangeSetName="d")
    assert cloudformation.list_change_sets(StackName="s")["Summaries"] == []
    words = "StackName must be specified if ChangeSetName is not specified as an ARN."
    refused(cloudformation.describe_change_set, "ValidationError", words, ChangeSetName="c")


def test_failing_execution(stack, cloudformation):
    """Is a change set that fails rolled back?"""
    stack({"P": parameter("1")})
    body = stack.body({"P": parameter("2"), "Bad": {**queue(QueueName="a b"), "DependsOn": "P"}})
    cloudformation.create_change_set(StackName="s", ChangeSetName="c", TemplateBody=body)
    cloudformation.execute_change_set(StackName="s", ChangeSetName="c")
    assert stack.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert client("ssm").get_parameter(Name="/p")["Parameter"]["Value"] == "1"
    assert changes(cloudformation)[2]["ExecutionStatus"] == "EXECUTE_FAILED"
