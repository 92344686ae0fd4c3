"""Filter patterns of CloudWatch Logs: AWS's documented examples, and properties of all three kinds."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.serverless.filter_patterns import InvalidFilterPattern, filter_pattern

# The log events of AWS's page on filter patterns.
REQUESTS = [
    "[ERROR 400] BAD REQUEST",
    "[ERROR 401] UNAUTHORIZED REQUEST",
    "[ERROR 419] MISSING ARGUMENTS",
    "[SUCCESS 200] AUTHORIZED REQUEST",
]
ACCESS = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'
EVENT = json.dumps(
    {
        "eventType": "UpdateTrail",
        "sourceIPAddress": "111.111.111.111",
        "arrayKey": ["value", "another value"],
        "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
        "SomeObject": None,
        "ThisFlag": True,
        "latency": 50,
        "cluster.name": "c",
    }
)


def fitting(pattern, messages):
    return [place for place, message in enumerate(messages, 1) if filter_pattern(pattern).matches(message)]


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("", [1, 2, 3, 4]),
        (" ", [1, 2, 3, 4]),
        ("ERROR", [1, 2, 3]),
        ("error", []),
        ("ERROR ARGUMENTS", [3]),
        ("?ERROR ?SUCCESS", [1, 2, 3, 4]),
        ("?ARGUMENTS ?SUCCESS", [3, 4]),
        ("ERROR -ARGUMENTS", [1, 2]),
        ('"ERROR" - "ARGUMENTS"', [1, 2]),
        ("-ERROR", [4]),
        # Together with another term the question mark is ignored.
        ("?ARGUMENTS REQUEST", [1, 2, 4]),
        ('"BAD REQUEST"', [1]),
        ("%AUTHORIZED%", [2, 4]),
        (r"%^\[ERROR 4[01]%", [1, 2, 3]),
        ("%4(00)%", None),
        ("[code=ERROR*, ...]", [1, 2, 3]),
        ("[code, request, word]", [1, 2, 3, 4]),
        ("[code, request]", []),
    ],
)
def test_terms(pattern, fits):
    """Do terms, optional and excluded ones, phrases and regular expressions mean what AWS's page says?"""
    if fits is None:
        with pytest.raises(InvalidFilterPattern):
            filter_pattern(pattern)
    else:
        assert fitting(pattern, REQUESTS) == fits


@pytest.mark.parametrize(
    "pattern",
    [
        '{ $.eventType = "UpdateTrail" }',
        "{ $.eventType = UpdateTrail }",
        "{ $.eventType = Update* }",
        '{ $.eventType = "*date*" }',
        "{ $.sourceIPAddress != 123.123.* }",
        r"{ $.sourceIPAddress = %^111\.111% }",
        '{ $.arrayKey[0] = "value" }',
        '{ $.arrayKey[*] = "another value" }',
        "{ $.objectList[1].id = 2 }",
        "{ $.SomeObject IS NULL }",
        "{ $.SomeOtherObject NOT EXISTS }",
        "{ $.ThisFlag IS TRUE }",
        "{ $.latency > 49.5 }",
        "{ $.latency >= +5e1 }",
        "{ $.latency <= 50 && $.latency >= 50 }",
        "{ $.latency = 50 || $.latency = 60 }",
        "{ $.latency = * }",
        "{ $.['cluster.name'] = c }",
        '{ $.["cluster.name"] = c }',
        "{($.latency=1&&$.latency=2)||$.eventType=UpdateTrail}",
        "{ $.eventType = UpdateTrail || $.latency = 1 && $.latency = 2 }",
    ],
)
def test_json_patterns_that_fit(pattern):
    """Does each operator, selector and connective find the log event?"""
    assert filter_pattern(pattern).matches(EVENT)


@pytest.mark.parametrize(
    "pattern",
    [
        "{ $.eventType = updatetrail }",
        "{ $.eventType = Up*Trail }",
        "{ $.eventType IS NULL }",
        "{ $.eventType NOT EXISTS }",
        "{ $.SomeObject NOT EXISTS }",
        "{ $.ThisFlag IS FALSE }",
        # An array or an object is no value: both = and != fail.
        "{ $.arrayKey = value }",
        "{ $.arrayKey != value }",
        "{ $.missing != 1 }",
        "{ $.latency < 50 }",
        "{ $.eventType > 1 }",
        "{ ($.eventType = UpdateTrail || $.latency = 1) && $.latency = 2 }",
        "[a, b = 4*]",
    ],
)
def test_json_patterns_that_do_not_fit(pattern):
    """Is the log event left alone by what is false, or asks for a value where none is?"""
    assert not filter_pattern(pattern).matches(EVENT)


def test_a_json_pattern_needs_json():
    """Does a line with words before the JSON not fit?"""
    pattern = filter_pattern("{ $.a = 1 }")
    assert pattern.matches('{"a": 1}\n')
    assert not pattern.matches('INFO {"a": 1}') and not pattern.matches("1")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("[ip, user, username, timestamp, request, status_code, bytes]", {"$ip": "127.0.0.1", "$bytes": "1534"}),
        ("[ip, ..., status = 4*, bytes > 1000]", {"$2": "-", "$4": "10/Oct/2000:13:25:15 -0700", "$status": "404"}),
        ("[..., request=*.html*, status_code=4*,]", {"$request": "GET /index.html HTTP/1.0", "$7": "1534"}),
        ("[..., status_code = 4* && status_code != 403, bytes]", {"$status_code": "404"}),
        ("[..., status_code = 5* || status_code = 404, bytes]", {"$status_code": "404"}),
        (r"[ip=%127\.0\.0\.[1-9]%, ...]", {"$ip": "127.0.0.1", "$7": "1534"}),
        ("[]", {"$1": "127.0.0.1"}),
        ("[ip, user]", None),
        ("[..., status_code = 4* && status_code != 404, bytes]", None),
        ("[ip, ..., bytes > 2000]", None),
        ("[a, b, c, d, e, f, g, h, ...]", None),
    ],
)
def test_fields(pattern, found):
    """Are brackets and quotation marks one field, and fields extracted by name or number?"""
    extracted = filter_pattern(pattern).extracted(ACCESS)
    if found is None:
        assert extracted is None
    else:
        assert len(extracted) == 7 and found.items() <= extracted.items()


@pytest.mark.parametrize(
    "pattern",
    [
        "my-term",
        "ERROR: x",
        '"open',
        "%open",
        "%no!%",
        "%[%",
        "{}",
        "{ $.a }",
        "{ $.a = }",
        "{ a = 1 }",
        "{ $.a = 1 && }",
        "{ $.a = 1 $.b = 2 }",
        "{ ($.a = 1 }",
        "{ $.a > x }",
        "{ $.a == 1 }",
        "{ $.a = 'Root' }",
        "{ $.a EXISTS }",
        "{ $.a = 1",
        "{ $.*.* = 1 }",
        "{ $.a[*] = 1 && $.b[*] = 1 && $.c[*] = 1 && $.d[*] = 1 }",
        "{ $.a = %1% && $.b = %2% && $.c = %3% }",
        "[a, a]",
        "[a, ..., b, ...]",
        "[a = ]",
        "[a = 1 b]",
        "[a b]",
        "[a",
    ],
)
def test_what_is_no_pattern(pattern):
    """Is each refused with a sentence?"""
    with pytest.raises(InvalidFilterPattern, match=r"\w+ \w+"):
        filter_pattern(pattern)


NAMES = st.text("abcXYZ_", min_size=1, max_size=4)
SCALARS = st.one_of(st.integers(-9, 9), st.text("ab*", max_size=3), st.booleans(), st.none())
DOCUMENTS = st.dictionaries(NAMES, SCALARS, max_size=4)


@st.composite
def conditions(draw, depth=2):
    """A condition as text, and a function that says of a document whether it holds."""
    if depth and draw(st.booleans()):
        by = draw(st.sampled_from(["&&", "||"]))
        (one, left), (other, right) = draw(conditions(depth - 1)), draw(conditions(depth - 1))
        join = all if by == "&&" else any
        return f"({one}) {by} ({other})", lambda document: join((left(document), right(document)))
    name, number = draw(NAMES), draw(st.integers(-9, 9))
    operator = draw(st.sampled_from(["=", "!=", "<", ">", "<=", ">=", "NOT EXISTS", "IS NULL"]))

    def holds(document):
        if operator == "NOT EXISTS":
            return name not in document
        found = document.get(name, "")
        if operator == "IS NULL":
            return found is None
        if isinstance(found, bool) or found is None or name not in document:
            return False
        if isinstance(found, str):
            return operator == "!="
        return {
            "=": found == number,
            "!=": found != number,
            "<": found < number,
            ">": found > number,
            "<=": found <= number,
            ">=": found >= number,
        }[operator]

    return f"$.{name} {operator}" + ("" if operator in ("NOT EXISTS", "IS NULL") else f" {number}"), holds


@given(conditions(), DOCUMENTS)
def test_conditions_mean_what_their_parts_mean(condition, document):
    """Does a pattern of any depth fit exactly the documents for which it is true?"""
    text, holds = condition
    assert filter_pattern(f"{{ {text} }}").matches(json.dumps(document)) == holds(document)


@given(st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=4), st.text("abc ", max_size=12))
def test_terms_are_looked_for_anywhere(terms, message):
    """Are several terms all needed, any needed with ?, and none allowed with -?"""
    within = [term in message for term in terms]
    assert filter_pattern(" ".join(terms)).matches(message) == all(within)
    assert filter_pattern(" ".join(f"?{term}" for term in terms)).matches(message) == any(within)
    assert filter_pattern(" ".join(f"-{term}" for term in terms)).matches(message) == (not any(within))


@given(st.text(max_size=40) | st.text('{}[]"%$.=!<>&|()*,? aE1', max_size=20), st.text(max_size=20))
def test_any_text_is_a_pattern_or_refused(text, message):
    """Is there no text that breaks the reader, and no message that breaks a pattern?"""
    try:
        pattern = filter_pattern(text)
    except InvalidFilterPattern:
        return
    assert pattern.matches(message) == (pattern.extracted(message) is not None)
