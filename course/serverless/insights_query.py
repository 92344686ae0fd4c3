"""Queries of CloudWatch Logs Insights: fields, filter, parse, stats, sort, limit, dedup and display, piped.

>>> query = insights_query("filter level = 'ERROR' | stats count(*) as errors by service | sort errors desc")
>>> query.run([{"@message": '{"level": "ERROR", "service": "pay"}'}, {"@message": '{"level": "INFO"}'}])
[{'service': 'pay', 'errors': '1'}]

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from course.data import value
from course.serverless.insights_expressions import Expression, MalformedQuery, Reader
from course.serverless.insights_fields import discovered
from course.serverless.insights_functions import Moment, number, shown_time

__all__ = ["InsightsQuery", "MalformedQuery", "insights_query"]

_TIMES = ("@timestamp", "@ingestionTime")
_KNOWN = ("fields", "filter", "parse", "stats", "sort", "limit", "dedup", "display")
_ALIASES = {"where": "filter", "order": "sort", "head": "limit"}
# Commands that AWS has and this subset has not.
_ELSEWHERE = ("pattern", "diff", "anomaly", "unmask", "unnest", "join", "lookup", "source", "filterindex", "expand")


@dataclass
class _State:
    """What the commands so far made of the records; `columns` None stands for those of a query without `fields`."""

    records: list[dict[str, Any]]
    columns: list[str] | None = None
    summed: bool = False
    matched: int = 0


Command = Callable[[_State], None]


@dataclass(frozen=True)
class InsightsQuery:
    """A query, ready to be run. `run` gives the rows, `matched` counts the log events that reach the last command."""

    text: str
    commands: list[Command] = field(repr=False)

    def run(self, events: Iterable[dict[str, Any]], limit: int | None = None) -> list[dict[str, str]]:
        """The rows of the result: names and values as texts, in the order in which Logs Insights shows them.

        events: log events with @message and, where wanted, @timestamp (milliseconds), @logStream, @log, @ptr.
        """
        return self.rows(events, limit)[0]

    def rows(self, events: Iterable[dict[str, Any]], limit: int | None = None) -> tuple[list[dict[str, str]], int]:
        """The rows, and how many log events matched the query."""
        records = [
            {**discovered(one.get("@message", ""), one.get("@log", "").partition(":")[2]), **one} for one in events
        ]
        records.sort(key=lambda one: one.get("@timestamp") or 0, reverse=True)
        state = _State(records, matched=len(records))
        for command in self.commands:
            command(state)
        columns = state.columns if state.columns is not None else ["@timestamp", "@message"]
        if not state.summed:
            columns = [*columns, "@ptr"]
        most = min(limit or value("logs.insights.default_limit"), value("logs.insights.most_results"))
        rows = [
            {name: _shown(name, record[name]) for name in dict.fromkeys(columns) if record.get(name) is not None}
            for record in state.records[:most]
        ]
        return rows, state.matched


def insights_query(text: str) -> InsightsQuery:
    """The query in this text; MalformedQuery (a ValueError) says where it is not one."""
    if not isinstance(text, str):
        raise TypeError(f"a query is a text, not {text!r}")
    reader, commands, known = Reader(text), [], None
    while True:
        while reader.takes("|"):
            pass
        kind, word = reader.next()
        if kind == "end":
            break
        command = _ALIASES.get(word.lower(), word.lower())
        if command in _ELSEWHERE:
            raise MalformedQuery(f"the command {command} is not part of the offline account's Logs Insights")
        if kind != "name" or command not in _KNOWN:
            raise MalformedQuery(f"mismatched input '{word}' expecting {{{', '.join(_KNOWN)}}}")
        try:
            made, reads, writes = _COMMANDS[command](reader)
        except RecursionError:
            raise MalformedQuery("the query is nested too deeply") from None
        if known is not None:
            unknown = sorted(name for name in reads if name not in known)
            if unknown:
                raise MalformedQuery(f"Unknown symbols found in or after stats: {', '.join(unknown)}")
        if command == "stats":
            known = set(writes)
        elif known is not None:
            known |= set(writes)
        commands.append(made)
        if reader.peek()[0] != "end" and reader.peek() != ("operator", "|"):
            raise MalformedQuery(f"unexpected symbol found {reader.peek()[1]} at position {reader.position}")
    if not commands:
        raise MalformedQuery("the query is empty")
    return InsightsQuery(text, commands)


Made = tuple[Command, Iterable[str], Iterable[str]]


def _listed(reader: Reader) -> list[tuple[str, Expression]]:
    """Expressions separated by commas, each with its alias or its own text as name."""
    found = []
    while True:
        expression = reader.expression()
        alias = reader.name() if reader.takes("as") else ""
        found.append((alias or expression.text.strip("`"), expression))
        if not reader.takes(","):
            return found


def _reads(listed: list[tuple[str, Expression]]) -> set[str]:
    return set().union(*(expression.fields for _, expression in listed))


def _projected(reader: Reader, replace: bool) -> Made:
    listed = _listed(reader)
    _forbid_aggregates(listed)

    def command(state: _State) -> None:
        state.records = [{**record, **{name: one.evaluate(record) for name, one in listed}} for record in state.records]
        names = [name for name, _ in listed]
        state.columns = names if replace or state.columns is None else [*state.columns, *names]

    return command, _reads(listed), [name for name, _ in listed]


def _forbid_aggregates(listed: list[tuple[str, Expression]]) -> None:
    for name, expression in listed:
        if expression.aggregate:
            raise MalformedQuery(f"{name} is possible in stats only")


def _filter(reader: Reader) -> Made:
    condition = reader.expression()
    _forbid_aggregates([(condition.text, condition)])

    def command(state: _State) -> None:
        state.records = [record for record in state.records if condition.evaluate(record)]
        if not state.summed:
            state.matched = len(state.records)

    return command, condition.fields, ()


def _parse(reader: Reader) -> Made:
    source = "@message"
    pattern = reader.takes_regex()
    if pattern is None and reader.peek()[0] in ("name", "quoted"):
        source = reader.name()
        pattern = reader.takes_regex()
    if pattern is not None:
        names = list(pattern.groupindex)
        if not names:
            reader.require("as")
            names = _names(reader)
    else:
        pattern = _glob(reader.string())
        reader.require("as")
        names = _names(reader)
    if pattern.groups != len(names):
        raise MalformedQuery(f"parse finds {pattern.groups} values and names {len(names)}")

    def command(state: _State) -> None:
        for place, record in enumerate(state.records):
            found = pattern.search(f"{record.get(source) or ''}")
            if found:
                state.records[place] = {**record, **dict(zip(names, found.groups()))}

    return command, [source], names


def _glob(text: str) -> re.Pattern:
    """Each `*` is a value, as short as possible; one at the end takes all that is left."""
    first, *parts = text.split("*")
    values = "".join(("(.*?)" if part else "(.*)") + re.escape(part) for part in parts)
    return re.compile(re.escape(first) + values, re.DOTALL)


def _names(reader: Reader) -> list[str]:
    names = [reader.name()]
    while reader.takes(","):
        names.append(reader.name())
    return names


def _stats(reader: Reader) -> Made:
    listed = _listed(reader)
    plain = [name for name, expression in listed if not expression.aggregate]
    if plain:
        raise MalformedQuery(f"{plain[0]} sums nothing up: stats takes count, avg, sum, min, max, pct and the like")
    groups = _listed(reader) if reader.takes("by") else []
    _forbid_aggregates(groups)

    def command(state: _State) -> None:
        held: dict[tuple, list[dict]] = {}
        for record in state.records:
            held.setdefault(tuple(one.evaluate(record) for _, one in groups), []).append(record)
        if not groups:
            held = {(): state.records}
        state.records = [
            {
                **dict(zip([name for name, _ in groups], key)),
                **{name: one.evaluate(records) for name, one in listed},
            }
            for key, records in held.items()
        ]
        state.columns = [name for name, _ in groups + listed]
        state.summed = True

    return command, _reads(listed + groups), [name for name, _ in groups + listed]


def _sort(reader: Reader) -> Made:
    keys = []
    while True:
        expression = reader.expression()
        keys.append((expression, reader.takes("asc", "desc") == "desc"))
        if not reader.takes(","):
            break

    def command(state: _State) -> None:
        for expression, descending in reversed(keys):
            name = expression.text.strip("`")
            state.records = sorted(
                state.records,
                key=lambda one, name=name, expression=expression: _order(
                    one[name] if name in one else expression.evaluate(one)
                ),
                reverse=descending,
            )

    written = {expression.text.strip("`") for expression, _ in keys}
    # `sort count(*)` names a column of stats.
    return command, [name for name in written if re.fullmatch(r"[@\w.]+", name)], ()


def _order(found: Any) -> tuple:
    as_number = number(found)
    return (0, 0, "") if found is None else (1, as_number, "") if as_number is not None else (2, 0, f"{found}")


def _limit(reader: Reader) -> Made:
    most = reader.number()

    def command(state: _State) -> None:
        del state.records[most:]

    return command, (), ()


def _dedup(reader: Reader) -> Made:
    names = [reader.name()]
    while reader.takes(","):
        names.append(reader.name())

    def command(state: _State) -> None:
        seen: dict[tuple, dict] = {}
        for record in state.records:
            seen.setdefault(tuple(f"{record.get(name)}" for name in names), record)
        state.records = list(seen.values())

    return command, names, ()


_COMMANDS: dict[str, Callable[[Reader], Made]] = {
    "fields": lambda reader: _projected(reader, replace=False),
    "display": lambda reader: _projected(reader, replace=True),
    "filter": _filter,
    "parse": _parse,
    "stats": _stats,
    "sort": _sort,
    "limit": _limit,
    "dedup": _dedup,
}


def _shown(name: str, found: Any) -> str:
    if isinstance(found, Moment) or (name in _TIMES and isinstance(found, (int, float))):
        return shown_time(found)
    if isinstance(found, bool):
        return str(int(found))
    if isinstance(found, float):
        return f"{found:.10g}" if not found.is_integer() else str(int(found))
    return f"{found}"
