"""A table of facts with unit, date and source, for a lesson to print."""

from __future__ import annotations

from html import escape

from course.data import Figure, figures

_WORDS = {
    "gib": "GiB",
    "tib": "TiB",
    "gb": "GB",
    "iops": "IOPS",
    "io": "I/O",
    "ia": "Infrequent Access",
    "ebs:": "EBS:",
}


class FactTable:
    """The facts of one or more data tables; shows itself as text in a terminal and as HTML in a notebook."""

    def __init__(self, *names: str):
        self.figures: list[Figure] = [fact for name in names for fact in figures(name).values()]

    def _rows(self) -> list[tuple[str, str, str]]:
        rows = []
        for fact in self.figures:
            shown = ", ".join(map(str, fact.value)) if isinstance(fact.value, list) else _grouped(fact.value)
            what = " ".join(
                _WORDS.get(word, word)
                for word in fact.name.partition(".")[2].replace(".", ": ").replace("_", " ").split()
            )
            rows.append((what, f"{shown} {fact.unit}".strip(), fact.note))
        return rows

    def _dates(self) -> str:
        days = sorted({fact.as_of for fact in self.figures})
        first, last = f"{days[0]:%B %Y}", f"{days[-1]:%B %Y}"
        where = sorted({fact.region for fact in self.figures if fact.region})
        return f"As of {first if first == last else f'{first} to {last}'}{', ' + ', '.join(where) if where else ''}"

    def __repr__(self) -> str:
        rows = self._rows()
        width = max(len(what) for what, _, _ in rows)
        lines = [f"{what:<{width}}  {shown}{f' ({note})' if note else ''}" for what, shown, note in rows]
        sources = sorted({fact.source for fact in self.figures})
        return "\n".join([*lines, f"{self._dates()}. Sources: {' '.join(sources)}"])

    def _repr_html_(self) -> str:
        cell = 'style="text-align:left"'
        body = "".join(
            f'<tr><th scope="row" {cell}>{escape(what)}</th><td {cell}>{escape(shown)}</td><td {cell}>{escape(note)}</td></tr>'
            for what, shown, note in self._rows()
        )
        links = ", ".join(
            f'<a href="{escape(source)}">{escape(source.rpartition("/")[2] or source)}</a>'
            for source in sorted({fact.source for fact in self.figures})
        )
        return (
            f"<table><thead><tr><th {cell}>fact</th><th {cell}>value</th><th {cell}>note</th></tr></thead><tbody>{body}</tbody>"
            f"</table><p>{escape(self._dates())}. Sources: {links}</p>"
        )


def _grouped(value) -> str:
    # Whole numbers get thousands separators; a price keeps its digits.
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
