"""Documents that AWS refuses: its message, and the place."""

import json

import pytest

from course.data import value
from course.iam.grammar import POLICY_TYPES, problems, validate
from course.iam.malformed import MalformedPolicyDocument
from course.iam.policy_document import PolicyDocument, policy_document

SYNTAX, LEGACY = "Syntax errors in policy.", "The policy failed legacy parsing"
PREFACED = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
GOOD = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def document(**changes):
    statement = {name: element for name, element in {**GOOD, **changes}.items() if element != ()}
    return {"Version": "2012-10-17", "Statement": [GOOD, statement]}


def when(**operators):
    return document(Condition=operators)


BROKEN = {
    "not JSON": ('{"Version": "2012-10-17",\n "Statement": [,]}', SYNTAX, "line 2, column 16"),
    "an open brace": ('{"Version": "2012-10-17"', SYNTAX, "line 1, column 25"),
    "single quotes": ("{'Version': 1}", SYNTAX, "line 1, column 2"),
    "nothing": ("", SYNTAX, "line 1, column 1"),
    "a list": ("[]", SYNTAX, "the document"),
    "NaN": ('{"Statement": NaN}', SYNTAX, "the document"),
    "an element twice": ('{"Statement": {"Effect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*"}}', SYNTAX, "Statement"),
    "an unknown element": ({**document(), "Statements": []}, SYNTAX, "Statements"),
    "no statement": ({"Version": "2012-10-17"}, SYNTAX, "the document"),
    "no statements": ({"Version": "2012-10-17", "Statement": []}, SYNTAX, "Statement"),
    "an empty statement": ({"Version": "2012-10-17", "Statement": [GOOD, {}]}, SYNTAX, "Statement[1]"),
    "a statement that is text": ({"Version": "2012-10-17", "Statement": ["Allow"]}, SYNTAX, "Statement[0]"),
    "a bad version": ({**document(), "Version": "2012-10-18"}, SYNTAX, "Version"),
    "an Id in an identity-based policy": ({**document(), "Id": "x"}, SYNTAX, "Id"),
    "Version in a statement": (document(Version="2012-10-17"), SYNTAX, "Statement[1].Version"),
    "an element in lower case": (document(action="s3:*"), SYNTAX, "Statement[1].action"),
    "Conditions": (document(Conditions={}), SYNTAX, "Statement[1].Conditions"),
    "no Effect": (document(Effect=()), SYNTAX, "Statement[1]"),
    "allow": (document(Effect="allow"), LEGACY, "Statement[1].Effect"),
    "Permit": (document(Effect="Permit"), SYNTAX, "Statement[1].Effect"),
    "no Action": (document(Action=()), "Policy statement must contain actions.", "Statement[1]"),
    "no actions": (document(Action=[]), "Policy statement must contain actions.", "Statement[1].Action"),
    "no Resource": (document(Resource=()), "Policy statement must contain resources.", "Statement[1]"),
    "Action and NotAction": (document(NotAction="iam:*"), SYNTAX, "Statement[1].NotAction"),
    "Resource and NotResource": (document(NotResource="*"), SYNTAX, "Statement[1].NotResource"),
    "an action without service": (document(Action=["s3:*", "ListUsers"]), PREFACED, "Statement[1].Action[1]"),
    "two colons": (document(Action="s3:Get:Object"), "Actions/Condition can contain only one colon.", "Statement[1].Action"),
    "a wildcard in the service": (document(Action="s*:Get"), "Vendor s* is not valid", "Statement[1].Action"),
    "an action that is a number": (document(Action=3), SYNTAX, "Statement[1].Action"),
    "a bucket's name": (document(Resource="photos"), 'Resource photos must be in ARN format or "*".', "Statement[1].Resource"),
    "an empty resource": (document(Resource=["*", ""]), 'Resource  must be in ARN format or "*".', "Statement[1].Resource[1]"),
    "a bad partition": (document(Resource="arn:amazon:s3:::b"), 'Partition "amazon" is not valid for resource "arn:amazon:s3:::b".', "Statement[1].Resource"),
    "a wildcard for the service": (document(Resource="arn:aws:*:::b"), "Resource vendor must be fully qualified and cannot contain regexes.", "Statement[1].Resource"),
    "a Region for IAM": (document(Resource="arn:aws:iam:eu-west-1:111122223333:user/x"), "IAM resource arn:aws:iam:eu-west-1:111122223333:user/x cannot contain region information.", "Statement[1].Resource"),
    "Principal in an identity-based policy": (document(Principal="*"), "Policy document should not specify a principal.", "Statement[1].Principal"),
    "the same Sid twice": ({"Version": "2012-10-17", "Statement": [{**GOOD, "Sid": "A"}, {**GOOD, "Sid": "A"}]}, "Statement IDs (SID) in a single policy must be unique.", "Statement[1].Sid"),
    "a Sid with a space": (document(Sid="read it"), "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*", "Statement[1].Sid"),
    "an unknown operator": (when(StringEqual={"aws:username": "a"}), SYNTAX, "Statement[1].Condition.StringEqual"),
    "Null with IfExists": (when(NullIfExists={"aws:username": "true"}), SYNTAX, "Statement[1].Condition.NullIfExists"),
    "an unknown set operator": (when(**{"ForSomeValues:StringEquals": {"aws:TagKeys": "a"}}), SYNTAX, "Statement[1].Condition.ForSomeValues:StringEquals"),
    "a condition that is a list": (document(Condition=[]), SYNTAX, "Statement[1].Condition"),
    "an operator without keys": (when(Bool="true"), SYNTAX, "Statement[1].Condition.Bool"),
    "a key without prefix": (when(Bool={"SecureTransport": "true"}), PREFACED, "Statement[1].Condition.Bool.SecureTransport"),
    "a value that is an object": (when(Bool={"aws:x": {}}), SYNTAX, "Statement[1].Condition.Bool.aws:x"),
    "a value that is null": (when(StringEquals={"aws:x": ["a", None]}), SYNTAX, "Statement[1].Condition.StringEquals.aws:x[1]"),
    "a Bool that is yes": (when(Bool={"aws:x": "yes"}), LEGACY, "Statement[1].Condition.Bool.aws:x"),
    "a number that is text": (when(NumericLessThan={"aws:x": "ten"}), LEGACY, "Statement[1].Condition.NumericLessThan.aws:x"),
    "a date that does not exist": (when(DateLessThan={"aws:CurrentTime": "2026-02-30"}), LEGACY, "Statement[1].Condition.DateLessThan.aws:CurrentTime"),
    "an IP address that is none": (when(IpAddress={"aws:SourceIp": ["10.0.0.0/8", "10.0.0.256"]}), LEGACY, "Statement[1].Condition.IpAddress.aws:SourceIp[1]"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_malformed_identity_policy_gets_the_message_and_the_place(case):
    """Does a wrong document raise AWS's message, and say where in the JSON?"""
    wrong, message, place = BROKEN[case]
    with pytest.raises(MalformedPolicyDocument) as caught:
        validate(wrong)
    assert (caught.value.message, caught.value.place) == (message, place)
    assert caught.value.code == "MalformedPolicyDocument" and place in str(caught.value)
    with pytest.raises(MalformedPolicyDocument):
        policy_document(wrong)


TRUST = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}
OTHERS = {
    "trust without Principal": ("trust", {**TRUST, "Principal": ()}, "Missing required field Principal", "Statement"),
    "trust with Resource": ("trust", {**TRUST, "Resource": "*"}, "Has prohibited field Resource", "Statement.Resource"),
    "trust with NotPrincipal": ("trust", {**TRUST, "Principal": (), "NotPrincipal": "*", "Effect": "Deny"}, "Has prohibited field NotPrincipal", "Statement.NotPrincipal"),
    "trust for S3": ("trust", {**TRUST, "Action": "s3:GetObject"}, "AssumeRole policy may only specify STS AssumeRole actions.", "Statement.Action"),
    "resource without Principal": ("resource", GOOD, "Missing required field Principal", "Statement"),
    "a group as principal": ("resource", {**GOOD, "Principal": {"AWS": "arn:aws:iam::111122223333:group/dev"}}, 'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:group/dev"', "Statement.Principal.AWS"),
    "all users of an account": ("resource", {**GOOD, "Principal": {"AWS": ["*", "arn:aws:iam::111122223333:user/*"]}}, 'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:user/*"', "Statement.Principal.AWS[1]"),
    "a principal without its kind": ("resource", {**GOOD, "Principal": "111122223333"}, "Invalid principal in policy.", "Statement.Principal"),
    "an unknown kind": ("resource", {**GOOD, "Principal": {"User": "ana"}}, "Invalid principal in policy.", "Statement.Principal.User"),
    "NotPrincipal with Allow": ("resource", {**GOOD, "NotPrincipal": "*"}, SYNTAX, "Statement.NotPrincipal"),
    "Principal in an SCP": ("scp", {**GOOD, "Principal": "*"}, "Policy document should not specify a principal.", "Statement.Principal"),
    "an RCP that allows": ("rcp", {**GOOD, "Principal": "*"}, "The provided policy document does not meet the requirements of the specified policy type.", "Statement"),
    "an incomplete ARN in a session policy": ("session", {**GOOD, "Resource": "arn:aws:s3"}, 'Resource arn:aws:s3 must be in ARN format or "*".', "Statement.Resource"),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERS)
def test_each_policy_type_has_its_own_rules(case):
    """Do trust, resource-based, session and organization policies refuse what does not belong in them?"""
    policy_type, statement, message, place = OTHERS[case]
    wrong = {"Version": "2012-10-17", "Statement": {n: e for n, e in statement.items() if e != ()}}
    found = problems(json.dumps(wrong), policy_type)
    assert found and (found[0].message, found[0].place) == (message, place)


@pytest.mark.parametrize(
    ("policy_type", "good"),
    [
        ("identity", document(Action="*", Sid="Read1")),
        ("identity", {"Statement": {**GOOD, "Condition": {"Bool": {"aws:SecureTransport": True}}}}),
        ("identity", document(Resource=["arn:aws:sqs", "arn:aws-cn:s3:::b", "arn:*:s3:::b", "arn:aws:iam::*:user/${aws:username}"])),
        ("identity", document(Condition={"NumericLessThan": {"s3:max-keys": 10}})),
        ("resource", {**document(Principal="*", Sid="read it"), "Id": "x", "Statement": [{**GOOD, "Principal": {"AWS": ["111122223333", "arn:aws:sts::111122223333:assumed-role/a/b"], "Service": "sns.amazonaws.com", "CanonicalUser": "79a5"}}]}),
        ("resource", {"Statement": {**GOOD, "Effect": "Deny", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}}}),
        ("trust", {"Version": "2012-10-17", "Statement": [{**TRUST, "Action": ["sts:AssumeRole", "sts:TagSession"]}]}),
        ("trust", {"Statement": {**TRUST, "Principal": {"Federated": "accounts.google.com"}, "Action": "sts:AssumeRoleWithWebIdentity"}}),
        ("scp", document(Effect="Deny", Action=(), NotAction=["iam:*"])),
        ("rcp", {"Statement": {**GOOD, "Action": "*", "Principal": "*"}}),
        ("session", document()),
        ("boundary", document()),
    ],
)  # fmt: skip
def test_good_documents_pass(policy_type, good):
    """Does the grammar accept what AWS accepts?"""
    assert problems(good, policy_type) == problems(json.dumps(good), policy_type) == []


def test_all_problems_are_found_at_once_syntax_first():
    """Can a learner see everything that is wrong, in the order in which AWS would say it?"""
    wrong = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ListUsers", "Resource": "x"}, {}]}
    assert [problem.place for problem in problems(wrong)] == [
        "Statement[1]",
        "Statement[0].Action",
        "Statement[0].Resource",
    ]


@pytest.mark.parametrize(
    ("stored_as", "message"),
    [
        ("managed", "Cannot exceed quota for PolicySize: 6144"),
        ("user", "Maximum policy size of 2048 bytes exceeded for user"),
        ("trust", "Cannot exceed quota for ACLSizePerRole: 2048"),
    ],
)
def test_size_limits_do_not_count_white_space(stored_as, message):
    """Is a document of the maximum size accepted however it is indented, and one character more refused?"""
    limit = value(f"iam.policy_size.{stored_as}")
    frame = len(json.dumps(document(Resource="arn:aws:s3:::"), separators=(",", ":")))
    exact = document(Resource="arn:aws:s3:::" + "x" * (limit - frame))
    assert problems(json.dumps(exact, indent=8), "identity", stored_as) == []
    exact["Statement"][1]["Resource"] += "x"
    (found,) = problems(exact, "identity", stored_as)
    assert (found.code, found.message) == ("LimitExceeded", message)


def test_a_managed_policy_needs_the_current_version():
    """Does AWS's CreatePolicy refuse the older version of the language?"""
    old = {"Statement": GOOD}
    assert problems(old) == []
    assert problems(old, stored_as="managed")[0].message == "Policy document must be version 2012-10-17 or greater."


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: policy_document(5), TypeError, "JSON text, a dict or a PolicyDocument, not 5"),
        (lambda: validate([1]), TypeError, "JSON text or a dict"),
        (lambda: problems({"Statement": {1, 2}}), TypeError, "what JSON can hold"),
        (lambda: validate({}, "bucket"), ValueError, f"one of {', '.join(POLICY_TYPES)}"),
        (lambda: validate({}, "identity", "queue"), ValueError, "stored as one of managed"),
    ],
)
def test_wrong_types_get_one_clear_sentence(call, error, sentence):
    """What does a wrong argument say?"""
    with pytest.raises(error, match=sentence):
        call()


def test_a_document_is_compiled_once():
    """Is the same text, or the same dict, compiled only once, and a changed dict anew?"""
    source = document()
    compiled = policy_document(source)
    assert policy_document(source) is compiled is policy_document(compiled)
    assert policy_document(json.dumps(source)) is compiled
    source["Statement"][0]["Action"] = "s3:PutObject"
    assert policy_document(source) is not compiled
    assert policy_document(compiled, "boundary").policy_type == "boundary"
    assert repr(PolicyDocument(GOOD_ONE)) == "identity-based policy, 1 statement, 2008-10-17"


GOOD_ONE = {"Statement": dict(GOOD)}
