"""What must hold for all policies and requests, whatever they say."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from course.iam.conditions import Condition
from course.iam.evaluation import Policies, Request, evaluate
from course.iam.grammar import problems
from course.iam.malformed import MalformedPolicyDocument

ACCOUNT, OTHER = "111122223333", "444455556666"
PRINCIPALS = [
    f"arn:aws:iam::{ACCOUNT}:user/ana",
    f"arn:aws:sts::{ACCOUNT}:assumed-role/app/run",
    f"arn:aws:iam::{ACCOUNT}:root",
    "sns.amazonaws.com",
]
ACTIONS = st.sampled_from(["s3:GetObject", "s3:PutObject", "iam:ListUsers", "iam:GetUser"])
PATTERNS = st.lists(
    st.sampled_from(["s3:GetObject", "s3:*", "*", "iam:Get*", "S3:PUT*", "iam:?ist*"]), min_size=1, max_size=2
)
RESOURCES = st.sampled_from(["arn:aws:s3:::b/x", "arn:aws:s3:::b", "*"])
RESOURCE_PATTERNS = st.sampled_from(["*", "arn:aws:s3:::*", "arn:aws:s3:::b/?", "arn:aws:s3:::b/${aws:username}"])
VALUES = st.lists(st.sampled_from(["a", "b", "a*", "", "ana"]), min_size=1, max_size=3)
SEEN = st.lists(st.sampled_from(["a", "b", "ab", "ana", ""]), max_size=3)
OPERATORS = ["StringEquals", "StringLike", "StringEqualsIgnoreCase"]
CONDITIONS = st.one_of(
    st.just({}),
    st.dictionaries(
        st.sampled_from(["StringEquals", "StringNotEquals", "StringLikeIfExists", "ForAllValues:StringLike"]),
        st.dictionaries(st.sampled_from(["aws:K1", "aws:K2"]), VALUES, min_size=1, max_size=2),
        max_size=2,
    ),
)


@st.composite
def statement(draw, effects=("Allow", "Deny"), principal=False):
    made = {
        "Effect": draw(st.sampled_from(effects)),
        draw(st.sampled_from(["Action", "NotAction"])): draw(PATTERNS),
        draw(st.sampled_from(["Resource", "NotResource"])): draw(RESOURCE_PATTERNS),
        "Condition": draw(CONDITIONS),
    }
    if principal:
        made["Principal"] = draw(st.sampled_from(["*", {"AWS": ACCOUNT}, *({"AWS": name} for name in PRINCIPALS[:3])]))
    return made


def documents(principal=False):
    made = st.lists(statement(principal=principal), min_size=1, max_size=3)
    return st.builds(lambda statements: {"Version": "2012-10-17", "Statement": statements}, made)


@st.composite
def cases(draw):
    context = {key: draw(SEEN) for key in ("aws:K1", "aws:K2")}
    owner = draw(st.sampled_from([ACCOUNT, OTHER]))
    request = Request(draw(st.sampled_from(PRINCIPALS)), draw(ACTIONS), draw(RESOURCES), owner, context)
    given = {
        "identity": draw(st.lists(documents(), max_size=2)),
        "resource": draw(st.lists(documents(True), max_size=1)),
        "boundary": draw(st.lists(documents(), max_size=1)),
        "service_control": draw(st.lists(documents(), max_size=2)),
        "session": draw(st.one_of(st.none(), st.lists(documents(), max_size=1))),
    }
    return request, given


def one(effect_statement):
    return {"Version": "2012-10-17", "Statement": effect_statement}


def allowed(request, given):
    return evaluate(request, Policies(**given)).allowed


quick = settings(max_examples=120, deadline=None, derandomize=True)


@quick
@given(cases(), st.sampled_from(["identity", "resource", "boundary", "service_control", "session"]), st.data())
def test_a_deny_never_allows_more(case, kind, data):
    """Can adding a Deny statement to any policy ever allow a request?"""
    request, given = case
    deny = one(data.draw(statement(("Deny",), kind == "resource")))
    before = allowed(request, given)
    if kind == "boundary":
        assume(given["boundary"])
        statements = [*given["boundary"][0]["Statement"], deny["Statement"]]
        given = {**given, "boundary": [one(statements)]}
    else:
        assume(kind not in ("service_control", "session") or given[kind])
        given = {**given, kind: [*given[kind], deny]}
    assert before or not allowed(request, given)


@quick
@given(cases(), statement(("Allow",)))
def test_an_allow_in_an_identity_policy_takes_nothing_away(case, extra):
    """Can adding an Allow to the identity-based policies ever refuse a request that was allowed?"""
    request, given = case
    after = {**given, "identity": [*given["identity"], one(extra)]}
    assert not allowed(request, given) or allowed(request, after)


@quick
@given(cases(), st.sampled_from(["boundary", "service_control", "session"]))
def test_boundaries_scps_and_session_policies_only_restrict(case, kind):
    """Does taking such a policy away ever refuse a request?"""
    request, given = case
    without = {**given, kind: None if kind == "session" else []}
    assert not allowed(request, given) or allowed(request, without)


@quick
@given(cases(), st.randoms(use_true_random=False))
def test_order_is_irrelevant(case, shuffler):
    """Is the decision the same whatever the order of statements and policies?"""
    request, given = case

    def shuffled(listed):
        return shuffler.sample(listed, len(listed))

    other = {
        kind: None if named is None else shuffled([one(shuffled(document["Statement"])) for document in named])
        for kind, named in given.items()
    }
    first, second = evaluate(request, Policies(**given)), evaluate(request, Policies(**other))
    assert (first.decision, first.decided_by) == (second.decision, second.decided_by)


@quick
@given(cases())
def test_the_explanation_names_a_statement_that_exists_and_applies(case):
    """Is the deciding statement listed in the explanation, as one that applies?"""
    request, given = case
    decision = evaluate(request, Policies(**given))
    assert repr(decision).startswith(decision.decision)
    if decision.found is None:
        assert decision.decision == "implicitDeny" or decision.decided_by == "root"
        return
    parts = {part.policy_type: part for part in decision.explanation}
    named = [
        statement
        for statement in parts[decision.decided_by].statements
        if (statement.policy, statement.position) == (decision.found.policy, decision.found.statement.position)
    ]
    assert any(statement.matched for statement in named)
    assert decision.found.statement.applies(request, bool(given["boundary"]))


@quick
@given(ACTIONS, RESOURCES, st.sampled_from(PRINCIPALS[:2]))
def test_star_matches_everything(action, resource, principal):
    """Does * on * allow whatever is asked?"""
    everything = one({"Effect": "Allow", "Action": "*", "Resource": "*"})
    assert allowed(Request(principal, action, resource, ACCOUNT), {"identity": everything})


@quick
@given(ACTIONS, PATTERNS, st.data())
def test_actions_ignore_case_and_notaction_is_the_complement(action, patterns, data):
    """Does case never matter in actions, and does NotAction match exactly what Action does not?"""
    recased = data.draw(st.sampled_from([str.upper, str.lower, str.swapcase]))
    request = Request(PRINCIPALS[0], action)
    matches = allowed(request, {"identity": one({"Effect": "Allow", "Action": patterns, "Resource": "*"})})
    other = one({"Effect": "Allow", "Action": [recased(text) for text in patterns], "Resource": "*"})
    complement = one({"Effect": "Allow", "NotAction": patterns, "Resource": "*"})
    assert allowed(request, {"identity": other}) == matches != allowed(request, {"identity": complement})


@quick
@given(st.sampled_from(["", "ForAllValues:", "ForAnyValue:"]), st.sampled_from(OPERATORS), VALUES, SEEN)
def test_ifexists_only_widens(prefix, operator, values, seen):
    """Does IfExists hold wherever the plain operator holds, and differ only where the key is missing?"""
    context = {"aws:k": tuple(seen)} if seen else {}
    plain = Condition(prefix + operator, "aws:K", values, True).holds(context)
    widened = Condition(f"{prefix}{operator}IfExists", "aws:K", values, True).holds(context)
    assert widened or not plain
    assert widened == plain if seen else widened


@quick
@given(st.sampled_from(OPERATORS), VALUES, SEEN)
def test_forallvalues_is_the_opposite_of_foranyvalue_of_the_negation(operator, values, seen):
    """Do all values match exactly when not any value fails to match?"""
    context = {"aws:k": tuple(seen)}
    negated = operator.replace("String", "StringNot")
    every = Condition(f"ForAllValues:{operator}", "aws:K", values, True).holds(context)
    some = Condition(f"ForAnyValue:{negated}", "aws:K", values, True).holds(context)
    assert every != some


@quick
@given(st.sampled_from(OPERATORS), VALUES, SEEN)
def test_a_negated_operator_is_the_complement(operator, values, seen):
    """Is StringNotEquals true exactly where StringEquals is false, missing keys included?"""
    context = {"aws:k": tuple(seen)}
    negated = operator.replace("String", "StringNot")
    plain = Condition(operator, "aws:K", values, True).holds(context)
    assert plain != Condition(negated, "aws:K", values, True).holds(context)


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        st.sampled_from(["Allow", "*", "s3:*", "a"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["Version", "Statement", "Effect", "Action", "Resource", "Principal", "Condition", "Bool", "aws:x", "x"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(JSON, st.sampled_from(["identity", "resource", "trust", "session"]))
def test_no_document_whatever_breaks_the_grammar(document, policy_type):
    """Is every JSON either refused with a place, or compiled and evaluated?"""
    wrapped = document if isinstance(document, dict) else {"Statement": document}
    found = problems(wrapped, policy_type)
    assert all(problem.message and problem.place for problem in found)
    field = policy_type
    try:
        evaluate(Request(PRINCIPALS[0], "s3:GetObject"), Policies(**{field: [wrapped]}))
    except MalformedPolicyDocument as error:
        assert error.problem == found[0]
    else:
        assert not found


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text("*?ab:/${}", max_size=14), st.text("*?ab:/${}", max_size=14))
def test_wildcards_match_as_a_naive_matcher_does(pattern_text, text):
    """Does the compiled pattern agree with letter-by-letter matching?"""
    from policy_oracle import glob, letters

    from course.iam.matching import pattern

    assert pattern(((pattern_text, False),))(text) == glob(letters(pattern_text, False, {}), text)
