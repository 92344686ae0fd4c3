"""Thousands of small random policies: does the evaluator agree with the naive one?"""

import os
import random

from policy_oracle import decide

from course.iam.evaluation import Policies, Principal, Request, evaluate
from course.iam.grammar import problems

ACCOUNT, OTHER = "111122223333", "444455556666"
USER, ROLE = f"arn:aws:iam::{ACCOUNT}:user/ana", f"arn:aws:iam::{ACCOUNT}:role/app"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/run"
ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "sqs:SendMessage"]
PATTERNS = [*ACTIONS, "*", "s3:*", "S3:get*", "s3:?etObject", "s3:*Object", "*:*", "sqs:*", "s3:Put?bject"]
RESOURCES = [
    "arn:aws:s3:::b/ana/x",
    "arn:aws:s3:::b/bob/x",
    "arn:aws:s3:::b",
    f"arn:aws:sqs:eu-west-1:{OTHER}:q",
    f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q",
    "*",
]
RESOURCE_PATTERNS = [
    *RESOURCES,
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/${aws:username}/*",
    "arn:aws:s3:::b/${aws:PrincipalTag/team, 'bob'}/?",
    "arn:aws:s3:::b/${aws:none}*",
    "arn:aws:s3:::?",
    "arn:aws:s3:::b/a${*}a/x",
    "arn:aws:sqs",
    "arn:aws:sqs:eu-*:*:q",
    "arn:*:s3:::*n*x",
]
VALUES = {
    "StringEquals": ["a", "${aws:username}", "ana", "", "${aws:none}", "A"],
    "StringNotEquals": ["a", "${aws:username}", "b", "${aws:none, 'a'}"],
    "StringEqualsIgnoreCase": ["A", "ANA"],
    "StringLike": ["a*", "?", "*a", "${aws:username}*", "a${*}", "*"],
    "StringNotLike": ["a*", "?n?", "${aws:none}"],
}
# COURSE_ORACLE_CASES=50000 looks longer than the tests do.
CASES = int(os.environ.get("COURSE_ORACLE_CASES", "1500"))
KEYS = ["aws:K1", "aws:K2", "AWS:k1"]


def some(rng, things, most=2):
    found = rng.sample(things, rng.randint(1, most))
    return found[0] if len(found) == 1 and rng.random() < 0.5 else found


def condition(rng):
    kind = rng.random()
    if kind < 0.1:
        return {"Null": {rng.choice(KEYS): rng.choice(["true", "false"])}}
    if kind < 0.2:
        return {
            rng.choice(["IpAddress", "NotIpAddress"]): {"aws:SourceIp": rng.choice(["10.0.0.0/8", "10.1.2.3", "::/0"])}
        }
    if kind < 0.3:
        return {rng.choice(["NumericLessThan", "NumericNotEqualsIfExists"]): {"aws:N": rng.choice(["1", "2.0", "3"])}}
    if kind < 0.4:
        return {rng.choice(["Bool", "BoolIfExists"]): {"aws:B": rng.choice(["true", "false"])}}
    operator = rng.choice(list(VALUES))
    values = some(rng, VALUES[operator])
    name = rng.choice(["", "", "ForAllValues:", "ForAnyValue:"]) + operator + rng.choice(["", "", "IfExists"])
    return {name: {key: values for key in rng.sample(KEYS, rng.randint(1, 2))}}


def document(rng, principal=False, session=False):
    resources = [text for text in RESOURCE_PATTERNS if not session or text == "*" or text.count(":") >= 5]
    statements = []
    for _ in range(rng.randint(1, 3)):
        statement = {"Effect": rng.choice(["Allow", "Allow", "Allow", "Deny"])}
        statement[rng.choice(["Action", "Action", "Action", "NotAction"])] = some(rng, PATTERNS)
        statement[rng.choice(["Resource", "Resource", "Resource", "NotResource"])] = some(rng, resources)
        if principal:
            names = [USER, ROLE, SESSION, ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{OTHER}:root"]
            statement["Principal"] = rng.choice(["*", {"AWS": [rng.choice(names)]}, {"AWS": rng.sample(names, 2)}])
        if rng.random() < 0.4 or statement["Effect"] == "Deny":
            statement["Condition"] = condition(rng)
        statements.append(statement)
    version = {"Version": rng.choice(["2012-10-17", "2012-10-17", "2008-10-17"])} if rng.random() < 0.9 else {}
    return {**version, "Statement": statements}


def random_case(rng):
    principal = rng.choice([USER, SESSION])
    context = {"aws:N": rng.choice(["1", "2", "2.5"])} if rng.random() < 0.7 else {}
    for key, values in (("aws:K1", ["a", "ana", "b", "A"]), ("AWS:K2", ["a", "ana*", "ana"])):
        if rng.random() < 0.7:
            context[key] = rng.sample(values, rng.randint(0, 2))
    if rng.random() < 0.7:
        context |= {"aws:SourceIp": rng.choice(["10.1.2.3", "192.0.2.1"]), "aws:B": rng.choice(["true", "false"])}
    policies = {"identity": [document(rng) for _ in range(rng.randint(0, 2))]}
    for kind, chance in (("boundary", 0.3), ("session", 0.3), ("scp", 0.3)):
        if rng.random() < chance:
            policies[kind] = [document(rng, session=kind == "session")]
    if rng.random() < 0.6:
        policies["resource"] = [document(rng, principal=True)]
    return (
        principal,
        rng.choice(ACTIONS),
        rng.choice(RESOURCES),
        rng.choice([ACCOUNT, ACCOUNT, OTHER]),
        context,
        policies,
    )


def test_the_evaluator_agrees_with_the_oracle():
    """Do two evaluators, written in different ways, decide all random cases alike?"""
    rng, seen = random.Random(20261123), {}
    for number in range(CASES):
        principal, action, resource, owner, context, policies = random_case(rng)
        request = Request(Principal(principal, tags={"team": "red"}), action, resource, owner, context)
        case = {
            "principal": principal,
            "role": ROLE if principal == SESSION else None,
            "account": ACCOUNT,
            "resource_account": owner,
            "action": action,
            "resource": resource,
            "context": {key: list(values) for key, values in request.keys.items()},
            "policies": policies,
        }
        given = {"service_control" if kind == "scp" else kind: documents for kind, documents in policies.items()}
        for kind, documents in policies.items():
            assert not [problem for document in documents for problem in problems(document, kind)]
        decision = evaluate(request, Policies(**given))
        assert decision.decision == decide(case), (number, case, decision)
        seen[decision.decision, decision.decided_by] = seen.get((decision.decision, decision.decided_by), 0) + 1
        assert_explained(decision)
    assert (
        min(sum(n for (d, _), n in seen.items() if d == kind) for kind in ("allowed", "explicitDeny", "implicitDeny"))
        > CASES // 15
    )
    assert len(seen) >= 9, seen


def assert_explained(decision):
    """Is the deciding statement one that exists, and does the explanation say the same?"""
    data = decision.as_data()
    listed = [(part, statement) for part in data["policy_types"] for statement in part["statements"]]
    deciding = data["deciding_statement"]
    if deciding is None:
        assert decision.decision == "implicitDeny"
        return
    (statement,) = [
        statement
        for part, statement in listed
        if part["policy_type"] == data["decided_by"]
        and (statement["policy"], statement["position"]) == (deciding["policy"], deciding["position"])
    ]
    assert statement["matched"] and statement["effect"] == ("Allow" if decision.allowed else "Deny")
