"""The results of an exercise, shown as a card in a notebook and as text in a terminal.

Plain HTML with inline styles only: it survives kernel restarts, saved files and untrusted notebooks. Words and
signs carry the meaning; the badge brings its own background, everything else the colours of the theme.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import Enum
from html import escape

MOST_SHOWN = 300  # characters of one learner value in a message


class Outcome(Enum):
    """What became of a check; the value is the word shown."""

    PASSED = "passed"
    NOT_YET = "not yet"
    NOT_ATTEMPTED = "not attempted"


# White text on these has a contrast of at least 4.5 (5.08, 6.57, 6.39).
_BADGES = {
    Outcome.PASSED: ("✓", "#1a7f37"),
    Outcome.NOT_YET: ("✗", "#b42318"),
    Outcome.NOT_ATTEMPTED: ("–", "#57606a"),
}


@dataclass(frozen=True)
class Result:
    """One check: the rule it stands for, what became of it, what was seen, and its share of the points."""

    rule: str
    outcome: Outcome
    seen: str = ""
    weight: float = 1
    hint: str = ""


@dataclass
class Report:
    """All results of one exercise. `points` is what it is worth; `score` what the results seen so far earn."""

    exercise: str
    points: float
    results: list[Result] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    output: str = ""
    aborted: bool = False

    @property
    def seen_weight(self) -> float:
        return sum(result.weight for result in self.results)

    @property
    def score(self) -> float:
        """Points earned, from 0 to `points`, to two decimals.

        A released notebook lacks the hidden checks, so the share is of the checks that are there:
        nbgrader's Validate then agrees with what the learner sees.
        """
        earned = sum(result.weight for result in self.results if result.outcome is Outcome.PASSED)
        total = max(self.seen_weight, self.points) if self.aborted else self.seen_weight
        score = round(self.points * earned / total, 2) if total else 0
        return int(score) if score == int(score) else score

    @property
    def _headline(self) -> str:
        passed = sum(result.outcome is Outcome.PASSED for result in self.results)
        text = f"{passed} of {len(self.results)} checks passed"
        hidden = self.points - self.seen_weight
        if hidden > 1e-9 and not self.aborted:
            text += f"; when this is graded, more checks decide {hidden:g} of the {self.points:g} points"
        else:
            text += f": {self.score:g} of {self.points:g} points"
        return text

    def as_data(self) -> dict:
        """The report as plain data, kept in the output's metadata for graders."""
        results = [{**asdict(result), "outcome": result.outcome.value} for result in self.results]
        return {
            "exercise": self.exercise,
            "points": self.points,
            "score": self.score,
            "checks": results,
            "remarks": self.remarks,
        }

    def __repr__(self) -> str:
        lines = [f"{self.exercise}: {self._headline}"]
        for result in self.results:
            sign, _ = _BADGES[result.outcome]
            lines.append(f"  {sign} {result.outcome.value}: {result.rule}")
            if result.seen:
                lines.append(f"      {result.seen}")
            if result.hint and result.outcome is Outcome.NOT_YET:
                lines.append(f"      Hint: {result.hint}")
        lines += [f"  {remark}" for remark in self.remarks]
        if self.output:
            lines += ["  Your code printed:", *(f"    | {line}" for line in self.output.splitlines())]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = []
        for result in self.results:
            sign, colour = _BADGES[result.outcome]
            badge = (
                f'<span style="background:{colour};color:#fff;border-radius:4px;padding:1px 8px;white-space:nowrap">'
                f"{sign} {result.outcome.value}</span>"
            )
            detail = f'<div style="margin:2px 0 0 1em">{escape(result.seen)}</div>' if result.seen else ""
            if result.hint and result.outcome is Outcome.NOT_YET:
                detail += f'<details style="margin-left:1em"><summary>Hint</summary>{escape(result.hint)}</details>'
            rows.append(f'<li style="margin:6px 0;list-style:none">{badge} {escape(result.rule)}{detail}</li>')
        rest = "".join(f"<p>{escape(remark)}</p>" for remark in self.remarks)
        if self.output:
            rest += f"<details><summary>What your code printed</summary><pre>{escape(self.output)}</pre></details>"
        return (
            f'<div role="group" aria-label="Checks of {escape(self.exercise)}" '
            'style="border:1px solid #8c959f;border-radius:6px;padding:8px 14px;max-width:60em">'
            f"<strong>{escape(self.exercise)}</strong>: {escape(self._headline)}"
            f'<ul style="padding:0;margin:4px 0">{"".join(rows)}</ul>{rest}</div>'
        )


def shortened(text: str, limit: int = MOST_SHOWN) -> str:
    """`text` cut to `limit` characters, saying so."""
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text):,} characters in all)"
