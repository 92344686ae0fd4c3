"""State machines that AWS would not create or change, their versions and aliases."""

import json

import pytest
from conftest import client
from machine_runs import END, machine, run

DEFINITION = json.dumps(machine(A=END))
ROLE = "arn:aws:iam::123456789012:role/machine"
ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:m"
CANNOT = (
    "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the "
    "provided role."
)


@pytest.fixture
def sfn(_fresh):
    return client("stepfunctions")


@pytest.mark.parametrize(
    ("more", "code", "word"),
    [
        ({"name": "a b"}, "InvalidName", "Invalid Name: 'a b'"),
        ({"name": "a/b"}, "InvalidName", "a/b"),
        ({"name": "x" * 81}, "ValidationException", "less than or equal to 80"),
        ({"type": "FAST"}, "ValidationException", "[STANDARD, EXPRESS]"),
        ({"roleArn": "machine"}, "InvalidArn", "Invalid Role Arn: 'machine'"),
        ({"roleArn": ROLE + "x"}, "AccessDeniedException", CANNOT),
        ({"roleArn": "arn:aws:iam::123456789012:role/role"}, "AccessDeniedException", CANNOT),
        ({"roleArn": "arn:aws:iam::111122223333:role/r"}, "AccessDeniedException", "Cross-account"),
        ({"loggingConfiguration": {"level": "ALL"}}, "InvalidLoggingConfiguration", "exactly one"),
        ({"loggingConfiguration": {"level": "MUCH"}}, "ValidationException", "[ALL, ERROR, FATAL, OFF]"),
        ({"definition": "{" + "x" * 1048576}, "ValidationException", "1048576"),
        ({"name": "m", "definition": json.dumps(machine(B=END))}, "StateMachineAlreadyExists", ARN),
        ({"name": "m", "type": "EXPRESS"}, "StateMachineAlreadyExists", ARN),
    ],
)
def test_impossible_machine(sfn, state_machine, role, refused, more, code, word):
    """Is a state machine that AWS refuses refused, and is one like it made?"""
    role()
    state_machine(DEFINITION)
    given = {"name": "n", "definition": DEFINITION, "roleArn": ROLE}
    refused(sfn.create_state_machine, code, word, **{**given, **more})
    sfn.create_state_machine(**given)


def test_the_same_again(sfn, state_machine):
    """Does the same request give the same state machine?"""
    assert state_machine(DEFINITION) == state_machine(DEFINITION)
    assert len(sfn.list_state_machines()["stateMachines"]) == 1


def test_conditions_of_the_trust_policy(sfn, role):
    """Do conditions of the trust policy count, and the regional name of the service?"""
    role("states.amazonaws.com", "machine")
    statement = {"Effect": "Allow", "Principal": {"Service": "states.us-east-1.amazonaws.com"}}
    statement |= {"Action": "sts:AssumeRole", "Condition": {"ArnLike": {"aws:SourceArn": ARN}}}
    trust = json.dumps({"Version": "2012-10-17", "Statement": statement})
    client("iam").update_assume_role_policy(RoleName="machine", PolicyDocument=trust)
    with pytest.raises(sfn.exceptions.ClientError, match="Neither the global"):
        sfn.create_state_machine(name="other", definition=DEFINITION, roleArn=ROLE)
    assert sfn.create_state_machine(name="m", definition=DEFINITION, roleArn=ROLE)["stateMachineArn"] == ARN


def test_role_must_let_the_log_be_delivered(sfn, role, refused):
    """Is a log refused whose role may not deliver it?"""
    role("states.amazonaws.com", "machine")
    client("logs").create_log_group(logGroupName="/states/m")
    group = {"logGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:/states/m:*"}
    log = {"level": "ALL", "destinations": [{"cloudWatchLogsLogGroup": group}]}
    given = {"name": "m", "definition": DEFINITION, "roleArn": ROLE, "loggingConfiguration": log}
    iam = client("iam")
    iam.detach_role_policy(RoleName="machine", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    words = "The state machine IAM Role is not authorized to access the Log Destination"
    refused(sfn.create_state_machine, "AccessDeniedException", words, **given)
    iam.attach_role_policy(RoleName="machine", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    sfn.create_state_machine(**given)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "MissingRequiredParameter"),
        ({"stateMachineArn": ARN + "x", "definition": DEFINITION}, "StateMachineDoesNotExist"),
        ({"stateMachineArn": "m", "definition": DEFINITION}, "InvalidArn"),
        ({"roleArn": ROLE + "x"}, "AccessDeniedException"),
    ],
)
def test_impossible_update(sfn, state_machine, refused, more, code):
    """Is an update that AWS refuses refused?"""
    state_machine(DEFINITION)
    refused(sfn.update_state_machine, code, **{"stateMachineArn": ARN, **more})


def test_executions_keep_their_definition(sfn, state_machine):
    """Does an update give a revision, and are versions executed as they were published?"""
    state_machine(machine(A={**END, "Result": 1}))
    first = sfn.publish_state_machine_version(stateMachineArn=ARN)["stateMachineVersionArn"]
    assert sfn.publish_state_machine_version(stateMachineArn=ARN)["stateMachineVersionArn"] == first
    revision = sfn.update_state_machine(stateMachineArn=ARN, definition=json.dumps(machine(A={**END, "Result": 2})))
    with pytest.raises(sfn.exceptions.ConflictException):
        sfn.publish_state_machine_version(stateMachineArn=ARN, revisionId="old")
    second = sfn.publish_state_machine_version(stateMachineArn=ARN, revisionId=revision["revisionId"])
    assert second["stateMachineVersionArn"] == f"{ARN}:2"
    shown = run(first)
    assert (shown["output"], shown["stateMachineArn"], shown["stateMachineVersionArn"]) == ("1", ARN, first)
    assert [
        one["stateMachineVersionArn"][-1]
        for one in sfn.list_state_machine_versions(stateMachineArn=ARN)["stateMachineVersions"]
    ] == ["2", "1"]


def test_alias_splits(sfn, state_machine, refused):
    """Does an alias send executions to its versions by weight, and keep them from being deleted?"""
    state_machine(DEFINITION)
    sfn.publish_state_machine_version(stateMachineArn=ARN)
    sfn.update_state_machine(stateMachineArn=ARN, definition=json.dumps(machine(B=END)))
    sfn.publish_state_machine_version(stateMachineArn=ARN)
    routes = [{"stateMachineVersionArn": f"{ARN}:{number}", "weight": 50} for number in (1, 2)]
    create = sfn.create_state_machine_alias
    heavy = [{**routes[0], "weight": 101}]
    refused(create, "ValidationException", "between 0 and 100", name="live", routingConfiguration=heavy)
    gone = [{"stateMachineVersionArn": f"{ARN}:9", "weight": 100}]
    refused(create, "ResourceNotFound", f"{ARN}:9", name="live", routingConfiguration=gone)
    refused(create, "ValidationException", "sum of the weights", name="live", routingConfiguration=routes[:1])
    refused(create, "ValidationException", "pattern", name="7", routingConfiguration=routes)
    create(name="live", routingConfiguration=routes)
    seen = {run(f"{ARN}:live")["stateMachineVersionArn"][-1] for _ in range(12)}
    assert seen == {"1", "2"}
    delete = sfn.delete_state_machine_version
    refused(delete, "ConflictException", "live", stateMachineVersionArn=f"{ARN}:1")
    sfn.delete_state_machine_alias(stateMachineAliasArn=f"{ARN}:live")
    delete(stateMachineVersionArn=f"{ARN}:1")
    refused(sfn.start_execution, "StateMachineDoesNotExist", f"{ARN}:1", stateMachineArn=f"{ARN}:1")


def test_definition_can_be_validated(sfn):
    """Are the faults told with code and place, without a state machine?"""
    shown = sfn.validate_state_machine_definition(definition=json.dumps(machine(A={"Type": "Pass", "Next": "Z"})))
    assert shown["result"] == "FAIL"
    (fault,) = shown["diagnostics"]
    assert fault == {
        "severity": "ERROR",
        "code": "MISSING_TRANSITION_TARGET",
        "message": "Missing 'Next' target: Z",
        "location": "/States/A/Next",
    }
    assert sfn.validate_state_machine_definition(definition=DEFINITION)["result"] == "OK"
