"""Queries of CloudWatch Logs Insights over plain log events."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.serverless.insights_query import MalformedQuery, insights_query

MINUTE = 60_000
START = 1_764_288_000_000  # 28 November 2025, 00:00 UTC
REPORT = (
    "REPORT RequestId: 4b\tDuration: 12.50 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB\t"
    "Init Duration: 99.10 ms\t\n"
)
EVENTS = [
    {
        "@timestamp": START + number * MINUTE,
        "@ptr": str(number),
        "@message": json.dumps(
            {
                "level": "ERROR" if number % 3 == 0 else "INFO",
                "service": "pay" if number % 2 else "cart",
                "latency": number * 10,
                "user": {"id": number},
                "ok": number > 4,
            }
        ),
    }
    for number in range(10)
]


def run(query, events=EVENTS, **more):
    return insights_query(query).run(events, **more)


def column(query, name, events=EVENTS):
    return [row.get(name) for row in run(query, events)]


def test_without_fields_time_and_message_are_shown_newest_first():
    """Does a query that chooses no columns show what the console shows?"""
    rows = run("limit 2")
    assert [row["@timestamp"] for row in rows] == ["2025-11-28 00:09:00.000", "2025-11-28 00:08:00.000"]
    assert list(rows[0]) == ["@timestamp", "@message", "@ptr"]


@pytest.mark.parametrize(
    ("condition", "numbers"),
    [
        ("level = 'ERROR'", [9, 6, 3, 0]),
        ('level = "ERROR" and service = "pay"', [9, 3]),
        ("level = 'ERROR' or latency > 70", [9, 8, 6, 3, 0]),
        ("not (latency > 10)", [1, 0]),
        ("latency >= 20 and latency <= 40", [4, 3, 2]),
        ("latency in [10, 20]", [2, 1]),
        ("service not in ['pay']", [8, 6, 4, 2, 0]),
        ('@message like /"id": [12]/', [2, 1]),
        ("@message like 'pay'", [9, 7, 5, 3, 1]),
        ("@message not like 'pay'", [8, 6, 4, 2, 0]),
        ("service =~ /^p/", [9, 7, 5, 3, 1]),
        ("ok = 1 and latency / 10 % 2 = 0", [8, 6]),
        ("ispresent(user.id) and strlen(service) = 4 and latency < 30", [2, 0]),
        ("missing != 'x'", []),
        ("isempty(missing) and latency = 0", [0]),
    ],
)
def test_filter(condition, numbers):
    """Do comparisons, like, in, and, or, not and functions keep the right events?"""
    assert column(f"filter {condition} | fields user.id as n", "n") == [str(one) for one in numbers]


def test_stats_by_a_field():
    """Are events counted, averaged and sorted by group, under their aliases?"""
    rows = run("stats count(*) as n, avg(latency), max(latency) by service | sort n desc, service asc")
    assert rows == [
        {"service": "cart", "n": "5", "avg(latency)": "40", "max(latency)": "80"},
        {"service": "pay", "n": "5", "avg(latency)": "50", "max(latency)": "90"},
    ]


def test_stats_by_time():
    """Does bin() cut time into whole periods?"""
    rows = run("stats sum(latency) as s, pct(latency, 50) as p by bin(5m) | sort s asc")
    assert [(row["bin(5m)"], row["s"], row["p"]) for row in rows] == [
        ("2025-11-28 00:00:00.000", "100", "20"),
        ("2025-11-28 00:05:00.000", "350", "70"),
    ]


def test_stats_without_groups_sum_everything_up():
    """Is there one row, with arithmetic on sums, distinct counts, first and last values?"""
    query = "stats count(*), sum(latency) / count(*) as mean, count_distinct(level), earliest(latency), latest(latency)"
    assert run(query) == [
        {
            "count(*)": "10",
            "mean": "45",
            "count_distinct(level)": "2",
            "earliest(latency)": "0",
            "latest(latency)": "90",
        }
    ]
    assert run("filter latency > 1000 | stats count(*)") == [{"count(*)": "0"}]


def test_parse_takes_values_out_of_a_text():
    """Do globs and regular expressions with names give new fields?"""
    events = [{"@message": "user=ana, took 12 ms, path /a b"}, {"@message": "nothing"}]
    assert run("parse @message 'user=*, took * ms, path *' as who, ms, path | fields who, ms, path", events)[0] == {
        "who": "ana",
        "ms": "12",
        "path": "/a b",
    }
    assert column(r"parse @message /took (?<ms>\d+) ms/ | filter ms > 10 | fields ms", "ms", events) == ["12"]


def test_dedup_display_and_sort():
    """Is the newest event of each value kept, and are only the chosen columns shown?"""
    assert [{**row, "@ptr": ""} for row in run("dedup level | display level | sort level asc")] == [
        {"level": "ERROR", "@ptr": ""},
        {"level": "INFO", "@ptr": ""},
    ]


def test_fields_of_lambda_logs():
    """Do Lambda's own lines have their fields, and JSON behind other words in Lambda's logs too?"""
    events = [
        {"@message": REPORT, "@log": "1:/aws/lambda/f"},
        {"@message": 'INFO {"a": {"b": [1, 2]}}', "@log": "1:/aws/lambda/f"},
    ]
    query = "filter @type = 'REPORT' | fields @duration, @billedDuration, @initDuration, @maxMemoryUsed / 1000000 as mb"
    assert list(run(query, events)[0].values())[:4] == ["12.5", "13", "99.1", "40"]
    assert column("filter ispresent(a.b.1) | fields a.b.1 as x", "x", events) == ["2"]


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("concat(level, '-', service)", "ERROR-pay"),
        ("toupper(service)", "PAY"),
        ("substr(level, 0, 3)", "ERR"),
        ("replace(level, 'R', 'r')", "ErrOr"),
        ("if(latency > 50, 'slow', 'fast')", "slow"),
        ("coalesce(missing, service)", "pay"),
        ("abs(-3) + ceil(1.2) + floor(1.8) + sqrt(9)", "9"),
        ("greatest(latency, 100)", "100"),
        ("2 ^ 3 - 1 * 2", "6"),
        ("isIpv4InSubnet('10.0.0.7', '10.0.0.0/24')", "1"),
        ("dateFloor(@timestamp, 1h)", "2025-11-28 00:00:00.000"),
    ],
)
def test_functions(expression, shown):
    """Do functions and arithmetic give what their names say?"""
    assert column(f"fields {expression} as x | limit 1", "x") == [shown]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "fields @timestamp | count()",
        "filter",
        "fields a b",
        "fields !",
        "limit many",
        "stats latency",
        "stats count(*) by",
        "stats count(*) as n by service | sort level",
        "stats count(*) as n | filter service = 'pay'",
        "filter count(*) > 3",
        "filter a like 3",
        "filter a = (1",
        "parse @message 'a*b*' as x",
        "parse @message /(/",
        "fields nofunction(a)",
        "fields abs(1, 2)",
        "stats count(*) by bin(five)",
        "wherever a = 1",
    ],
)
def test_what_is_no_query(query):
    """Is each refused before it runs, with a sentence?"""
    with pytest.raises(MalformedQuery, match=r"\w+ \w+"):
        insights_query(query)


@given(st.lists(st.integers(0, 50), max_size=20), st.integers(0, 50))
def test_filter_and_count_agree_with_counting(values, limit):
    """Does stats count what filter lets through, whatever the values?"""
    events = [{"@message": json.dumps({"v": value})} for value in values]
    [row] = run(f"filter v > {limit} | stats count(*) as n, sum(v) as s", events)
    kept = [value for value in values if value > limit]
    assert row["n"] == str(len(kept)) and row.get("s", "0") == str(sum(kept))


@given(st.text("fields @message|stats count()*,'\"/a1=<>", max_size=40))
def test_any_text_is_a_query_or_refused(text):
    """Is there no text that breaks the reader?"""
    try:
        query = insights_query(text)
    except MalformedQuery:
        return
    query.run(EVENTS)
