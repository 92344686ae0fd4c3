"""Decisions as people and pictures see them: AWS's messages, the explanation, plain data, wrong arguments."""

import json
from datetime import datetime

import pytest

from course.iam.evaluation import Policies, Principal, Request, access_denied_message, evaluate

ACCOUNT = "111122223333"
JOHN, HR = f"arn:aws:iam::{ACCOUNT}:user/John", f"arn:aws:sts::{ACCOUNT}:assumed-role/HR/mary"
SECRET = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:db"
TARGET = f"arn:aws:iam::{ACCOUNT}:role/target"
ACTION = "secretsmanager:GetSecretValue"


def policy(effect="Allow", action="*", **more):
    return {"Version": "2012-10-17", "Statement": {"Effect": effect, "Action": action, "Resource": "*", **more}}


def trust(effect, principal):
    return {"Statement": {"Effect": effect, "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}}


OTHER = policy(action="iam:ListUsers")
NO, WITH = "because no {} allows the " + ACTION + " action", "with an explicit deny in {}"
REASONS = [
    (JOHN, {}, NO.format("identity-based policy")),
    (JOHN, dict(identity=policy("Deny")), WITH.format("an identity-based policy")),
    (JOHN, dict(identity=policy(), service_control=OTHER), NO.format("service control policy")),
    (JOHN, dict(service_control=policy("Deny")), WITH.format("a service control policy")),
    (JOHN, dict(resource_control=policy("Deny", Principal="*")), WITH.format("a resource control policy")),
    (JOHN, dict(identity=policy(), boundary=OTHER), NO.format("permissions boundary")),
    (JOHN, dict(boundary=policy("Deny")), WITH.format("a permissions boundary")),
    (HR, dict(identity=policy(), session=OTHER), NO.format("session policy")),
    (HR, dict(session=policy("Deny")), WITH.format("a session policy")),
    (JOHN, dict(resource=policy("Deny", Principal="*")), WITH.format("a resource-based policy")),
    ("sns.amazonaws.com", {}, NO.format("resource-based policy")),
]


@pytest.mark.parametrize(("principal", "policies", "reason"), REASONS)
def test_access_denied_says_why_in_the_words_of_aws(principal, policies, reason):
    """Is the message the one that AWS documents for this policy type?"""
    decision = evaluate(Request(principal, ACTION, SECRET), Policies(**policies))
    assert access_denied_message(decision) == (
        f"User: {principal} is not authorized to perform: {ACTION} on resource: {SECRET} {reason}"
    )


def test_access_denied_for_trust_policies_without_resource_and_with_a_policy_arn():
    """Are the variants that AWS documents there: role trust policy, no resource, the ARN of the policy?"""
    request = Request(JOHN, "sts:AssumeRole", TARGET)
    message = access_denied_message(evaluate(request, Policies(trust=trust("Allow", HR))), on_resource=False)
    assert message == (
        f"User: {JOHN} is not authorized to perform: sts:AssumeRole "
        "because no role trust policy allows the sts:AssumeRole action"
    )
    message = access_denied_message(evaluate(request, Policies(trust=trust("Deny", JOHN))))
    assert message.endswith("with an explicit deny in the role trust policy")
    arn = f"arn:aws:iam::{ACCOUNT}:policy/HRAccessPolicy"
    denied = evaluate(Request(JOHN, ACTION, SECRET), Policies(identity={arn: policy("Deny")}))
    assert access_denied_message(denied, policy_arn=True).endswith(f"in an identity-based policy: {arn}")
    assert access_denied_message(denied).endswith("in an identity-based policy")
    with pytest.raises(ValueError, match="is allowed"):
        access_denied_message(evaluate(Request(JOHN, ACTION, SECRET), Policies(identity=policy())))


def test_the_explanation_names_the_element_that_failed():
    """Does a learner see which element of which statement did not match, and what the request had instead?"""
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"},
            {
                "Effect": "Allow",
                "Action": ["s3:Get*", "s3:List*"],
                "Resource": "*",
                "Condition": {
                    "IpAddress": {"aws:SourceIp": "203.0.113.0/24"},
                    "Bool": {"aws:MultiFactorAuthPresent": "true"},
                },
            },
        ],
    }
    request = Request(JOHN, "s3:GetObject", "arn:aws:s3:::b/x", context={"aws:sourceip": "198.51.100.1"})
    decision = evaluate(request, Policies(identity={"photos": document}))
    (part,) = decision.explanation
    first, second = part.statements
    assert [element.element for element in first.failed] == ["Resource"]
    assert [(element.operator, element.key, element.seen) for element in second.failed] == [
        ("IpAddress", "aws:SourceIp", ["198.51.100.1"]),
        ("Bool", "aws:MultiFactorAuthPresent", None),
    ]
    assert repr(decision) == (
        f"implicitDeny: s3:GetObject on arn:aws:s3:::b/x by {JOHN}\n"
        "because no identity-based policy allows the s3:GetObject action\n"
        "identity-based policy: implicitDeny\n"
        '  photos, Statement[0] "Read" (Allow) does not apply: Resource "arn:aws:s3:::a/*" does not match "arn:aws:s3:::b/x"\n'
        '  photos, Statement[1] (Allow) does not apply: Condition IpAddress aws:SourceIp "203.0.113.0/24" fails: '
        'the request has "198.51.100.1"'
    )


def test_the_decision_is_plain_data_for_pictures():
    """Can a picture or a check read the decision without this package, and does every type say its part?"""
    decision = evaluate(
        Request(JOHN, ACTION, SECRET),
        Policies(identity={"admin": policy()}, boundary=OTHER, service_control=[[policy()], [policy()]], session=None),
    )
    data = json.loads(json.dumps(decision.as_data()))
    assert (data["decision"], data["decided_by"], data["deciding_statement"]) == ("implicitDeny", "boundary", None)
    assert [(part["policy_type"], part["verdict"], part["evaluated"]) for part in data["policy_types"]] == [
        ("scp", "allowed", True),
        ("identity", "allowed", True),
        ("boundary", "implicitDeny", True),
    ]
    action = data["policy_types"][2]["statements"][0]["elements"][0]
    assert (action["element"], action["matched"], action["expected"], action["seen"]) == (
        "Action",
        False,
        "iam:ListUsers",
        ACTION,
    )


def test_a_policy_type_that_does_not_restrict_the_principal_is_shown_as_such():
    """Does the explanation say that SCPs do not concern a service?"""
    decision = evaluate(Request("sns.amazonaws.com", ACTION, SECRET), Policies(service_control=policy("Deny")))
    (part,) = decision.explanation
    assert (part.verdict, part.evaluated) == ("explicitDeny", False)
    assert "does not restrict this principal" in repr(part)


def test_the_root_user_needs_no_reason():
    """What decides for the root user?"""
    decision = evaluate(Request(f"arn:aws:iam::{ACCOUNT}:root", ACTION, SECRET), Policies())
    assert decision.allowed and decision.reason == "because the root user of the account has full access"


def test_the_context_knows_the_principal():
    """Are the global condition keys about the principal filled in, and can they be set or taken out?"""
    keys = Request(Principal(HR, tags={"Team": "red"}, user_id="AROAX:mary"), ACTION, SECRET).keys
    assert keys["aws:principalarn"] == (f"arn:aws:iam::{ACCOUNT}:role/HR",)
    assert keys["aws:principaltype"] == ("AssumedRole",) and keys["aws:userid"] == ("AROAX:mary",)
    assert keys["aws:principaltag/team"] == ("red",) and "aws:username" not in keys
    assert keys["aws:resourceaccount"] == keys["aws:principalaccount"] == (ACCOUNT,)
    assert Request(JOHN, ACTION).keys["aws:username"] == ("John",)
    assert Request(f"arn:aws:iam::{ACCOUNT}:user/dev/John", ACTION).keys["aws:username"] == ("John",)
    service = Request("sns.amazonaws.com", ACTION).keys
    assert service["aws:principalisawsservice"] == ("true",) and "aws:principalarn" not in service
    assert Request(JOHN, ACTION, context={"AWS:Username": None}).keys["aws:username"] == ()
    moment = Request(JOHN, ACTION, context={"aws:CurrentTime": datetime(2026, 11, 23, 12)}).keys["aws:currenttime"]
    assert moment == ("2026-11-23T12:00:00Z",)


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: Request("ana", ACTION), ValueError, "'ana' is no principal"),
        (lambda: Request(f"arn:aws:iam::{ACCOUNT}:group/dev", ACTION), ValueError, "is no principal"),
        (lambda: Request(f"arn:aws:sts::{ACCOUNT}:role/app", ACTION), ValueError, "is no principal"),
        (lambda: Request(f"arn:aws:iam::{ACCOUNT}:user", ACTION), ValueError, "is no principal"),
        (lambda: Request(5, ACTION), TypeError, "text of an ARN"),
        (lambda: Principal(JOHN, tags=["a"]), TypeError, "dict of names and values"),
        (lambda: Request(JOHN, "GetObject"), ValueError, "such as 's3:GetObject'"),
        (lambda: Request(JOHN, "s3:*"), ValueError, "such as 's3:GetObject'"),
        (lambda: Request(JOHN, ACTION, ""), ValueError, "a resource is an ARN"),
        (lambda: Request(JOHN, ACTION, "*", "12"), ValueError, "12 digits"),
        (lambda: Request(JOHN, ACTION, context=[1]), TypeError, "dict of condition keys"),
        (lambda: Request(JOHN, ACTION, context={1: 2}), TypeError, "condition key is a text"),
        (lambda: Request(JOHN, ACTION, context={"aws:x": {}}), TypeError, "value of aws:x"),
        (lambda: Policies(identity=5), TypeError, "documents, a list of them or a dict"),
        (lambda: Policies(identity=[5]), TypeError, "not 5"),
        (lambda: Policies(identity=""), ValueError, "not JSON"),
        (lambda: Policies(resource=policy(Principal="*"), trust=trust("Allow", JOHN)), ValueError, "not both"),
        (lambda: Policies(boundary=[policy(), policy()]), ValueError, "one permissions boundary, not 2"),
        (lambda: Policies(service_control=[policy(), [policy()]]), TypeError, "not a mixture"),
        (lambda: evaluate(JOHN, Policies()), TypeError, "request must be a Request"),
        (lambda: evaluate(Request(JOHN, ACTION), policy()), TypeError, "policies must be a Policies"),
    ],
)  # fmt: skip
def test_wrong_arguments_get_one_clear_sentence(call, error, sentence):
    """Does a wrong argument raise at once, naming the value and the rule?"""
    with pytest.raises(error, match=sentence) as caught:
        call()
    assert "\n" not in str(caught.value)
