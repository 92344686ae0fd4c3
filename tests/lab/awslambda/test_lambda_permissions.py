"""Who may invoke a function besides its account, and what its role lets Lambda do."""

import json

import pytest
from conftest import client

from course.lab.awslambda.permissions import lets

PLAIN = "def handler(e, c): return 'ran'"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"
TOPIC = "arn:aws:sns:us-east-1:123456789012:t"


@pytest.fixture
def permit(awslambda, deploy):
    """Create the function and add permissions to it."""
    deploy(PLAIN)

    def permit(sid="s", **more):
        more = {"Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com", **more}
        return json.loads(awslambda.add_permission(FunctionName="f", StatementId=sid, **more)["Statement"])

    return permit


def test_statement(awslambda, permit):
    """Is the statement written as AWS writes it, with both conditions under one operator?"""
    made = permit(SourceArn=TOPIC, SourceAccount="123456789012", PrincipalOrgID="o-a1b2c3d4e5")
    assert made == {
        "Sid": "s",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": ARN,
        "Condition": {
            "ArnLike": {"AWS:SourceArn": TOPIC},
            "StringEquals": {"AWS:SourceAccount": "123456789012", "aws:PrincipalOrgID": "o-a1b2c3d4e5"},
        },
    }
    assert json.loads(awslambda.get_policy(FunctionName="f")["Policy"])["Statement"] == [made]
    assert permit("a", Principal="111122223333")["Principal"] == {"AWS": "arn:aws:iam::111122223333:root"}


@pytest.mark.parametrize(
    ("more", "code", "word"),
    [
        ({"StatementId": "s"}, "ResourceConflictException", "The statement id (s) provided already exists"),
        ({"Principal": "nobody"}, "InvalidParameterValueException", "The provided principal was invalid"),
        ({"Principal": "sns.amazonaw.com"}, "InvalidParameterValueException", "principal"),
        ({"Principal": "arn:aws:iam::123456789012:user/nobody"}, "InvalidParameterValueException", "principal"),
        ({"StatementId": "a b"}, "ValidationException", "statementId"),
        ({"Action": "s3:GetObject"}, "ValidationException", "action"),
        ({"FunctionUrlAuthType": "NONE"}, "InvalidParameterValueException", "FunctionUrlAuthType"),
        ({"RevisionId": "old"}, "PreconditionFailedException", "Revision Id"),
        ({"Qualifier": "$LATEST"}, "InvalidParameterValueException", "$LATEST"),
        ({"Qualifier": "9"}, "ResourceNotFoundException", "f:9"),
        ({"FunctionName": "g"}, "ResourceNotFoundException", "g"),
    ],
)
def test_impossible_permission(awslambda, permit, refused, more, code, word):
    """Is a statement that AWS refuses refused, and a like one taken?"""
    permit()
    given = {
        "FunctionName": "f",
        "StatementId": "new",
        "Action": "lambda:InvokeFunction",
        "Principal": "events.amazonaws.com",
    }
    status = {"ResourceConflictException": 409, "PreconditionFailedException": 412, "ResourceNotFoundException": 404}
    refused(awslambda.add_permission, code, word, status=status.get(code), **{**given, **more})
    awslambda.add_permission(**given)


def test_policy_has_a_largest_size(awslambda, permit, refused):
    """Does a policy over 20 KB fail?"""
    with pytest.raises(awslambda.exceptions.PolicyLengthExceededException):
        for number in range(200):
            permit(f"statement-{number}-{'x' * 60}", SourceArn=TOPIC)


def test_removing(awslambda, permit, refused):
    """Is a statement removed once, and is there no policy after the last?"""
    permit()
    revision = awslambda.get_policy(FunctionName="f")["RevisionId"]
    one = {"FunctionName": "f", "StatementId": "s"}
    refused(awslambda.remove_permission, "PreconditionFailedException", status=412, RevisionId="old", **one)
    awslambda.remove_permission(**one, RevisionId=revision)
    refused(awslambda.remove_permission, "ResourceNotFoundException", "Statement s is not found", status=404, **one)
    refused(awslambda.get_policy, "ResourceNotFoundException", "does not exist", status=404, FunctionName="f")


def test_policies_of_aliases(awslambda, permit):
    """Has each alias a policy of its own, which does not speak for the function?"""
    awslambda.publish_version(FunctionName="f")
    awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    permit(Qualifier="live", SourceArn=TOPIC)
    assert lets(f"{ARN}:live", "sns.amazonaws.com", TOPIC)
    assert not lets(ARN, "sns.amazonaws.com", TOPIC)
    assert "live" in awslambda.get_policy(FunctionName="f:live")["Policy"]
    with pytest.raises(awslambda.exceptions.ResourceNotFoundException):
        awslambda.get_policy(FunctionName="f")


def test_conditions_count(awslambda, permit):
    """Does a permission for one source say nothing about another service, source or account?"""
    permit(SourceArn=TOPIC, SourceAccount="123456789012")
    assert lets(ARN, "sns.amazonaws.com", TOPIC) and lets(f"{ARN}:$LATEST", "sns.amazonaws.com", TOPIC)
    assert not lets(ARN, "sns.amazonaws.com", TOPIC + "2")
    assert not lets(ARN, "events.amazonaws.com", TOPIC)
    assert not lets(ARN, "sns.amazonaws.com", TOPIC.replace("123456789012", "111122223333"))
    assert not lets(ARN + "x", "sns.amazonaws.com", TOPIC)


@pytest.fixture
def weak(awslambda, role, deploy):
    """A function whose role may write logs only; gives the role's name."""
    arn = role(name="weak")
    iam = client("iam")
    iam.detach_role_policy(RoleName="weak", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    iam.attach_role_policy(
        RoleName="weak", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    )
    deploy(PLAIN, Role=arn)
    return "weak"


def allow(name, *actions):
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client("iam").put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document)


def test_role_must_let_lambda_deliver(awslambda, weak, refused):
    """Does a destination need the role's permission, when it is set and when it is used?"""
    url = client("sqs").create_queue(QueueName="q")["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:123456789012:q"
    config = {"FunctionName": "f", "DestinationConfig": {"OnSuccess": {"Destination": arn}}}
    put = awslambda.put_function_event_invoke_config
    words = f"The function's execution role does not have permissions to call SendMessage on {arn}"
    refused(put, "InvalidParameterValueException", words, **config)
    dead = {"FunctionName": "f", "DeadLetterConfig": {"TargetArn": arn}}
    words = "The provided execution role does not have permissions to call SendMessage on SQS"
    refused(awslambda.update_function_configuration, "InvalidParameterValueException", words, **dead)
    allow(weak, "sqs:SendMessage")
    put(**config)
    awslambda.invoke(FunctionName="f", InvocationType="Event")
    assert len(client("sqs").receive_message(QueueUrl=url)["Messages"]) == 1
    client("iam").delete_role_policy(RoleName=weak, PolicyName="own")
    awslambda.invoke(FunctionName="f", InvocationType="Event")
    assert "Messages" not in client("sqs").receive_message(QueueUrl=url)


@pytest.mark.parametrize("own", [True, False])
def test_destination_function(awslambda, permit, refused, own):
    """Is a function no destination for itself, nor one that does not exist?"""
    arn = ARN if own else ARN + "x"
    word = "You can't specify the function as a destination for itself" if own else f"The destination ARN {arn} is"
    config = {"OnFailure": {"Destination": arn}}
    put = awslambda.put_function_event_invoke_config
    refused(put, "InvalidParameterValueException", word, FunctionName="f", DestinationConfig=config)
    refused(put, "InvalidParameterValueException", "at least one", FunctionName="f")


def test_one_sid_for_a_function_and_its_alias(awslambda, deploy):
    """May a statement id stand in the policy of a function and in that of its alias, and is each asked by itself?"""
    from course.lab.awslambda.permissions import lets

    deploy("def handler(e, c): return 1", Publish=True)
    awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    arn, topic = "arn:aws:lambda:us-east-1:123456789012:function:f", "arn:aws:sns:us-east-1:123456789012:t"
    for name in ("f", "f:live"):
        awslambda.add_permission(
            FunctionName=name,
            StatementId="sns",
            Action="lambda:InvokeFunction",
            Principal="sns.amazonaws.com",
            SourceArn=topic,
        )
    assert lets(arn, "sns.amazonaws.com", topic) and lets(f"{arn}:live", "sns.amazonaws.com", topic)
    assert not lets(f"{arn}:1", "sns.amazonaws.com", topic)
