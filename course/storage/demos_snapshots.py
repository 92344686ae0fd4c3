"""Demo of incremental snapshots: which blocks each one stores, and what deleting one frees."""

from __future__ import annotations

from course.plots import Choice, Demo, Slider, style
from course.plots.diagram import Box, Label
from course.storage.snapshots import SnapshotChain

_BLOCKS = 12
_SNAPSHOTS = (1, 2, 3, 4)
_DELETION = len(_SNAPSHOTS) + 1
_LEFT, _CELL, _ROW, _SMALL = 150, 33, 34, 11
_RIGHT = _LEFT + _BLOCKS * _CELL + 10
_KEY = "number: the write that made the block · filled: stored for this snapshot · dashed: stored before"


def incremental_snapshots() -> Demo:
    """Four snapshots of a small volume, block by block, and then the deletion of one."""
    return Demo(
        "incremental-snapshots",
        "EBS snapshots: only changed blocks are stored again",
        [
            Slider("moment", "Moment", (*_SNAPSHOTS, _DELETION), start=4, show_value=_moment),
            Slider("changed", "Changed between two snapshots", (1, 2, 3, 4, 6, 8, 12), start=3, unit="blocks"),
            Choice("deleted", "Delete at the end", _SNAPSHOTS, start=2, show_value=_name),
        ],
        tell=_tell,
        diagram=_paint,
        height=356,
    )


def _name(number: int) -> str:
    return f"snapshot {number}"


def _moment(number: int) -> str:
    return "one deleted" if number == _DELETION else f"{_name(number)} taken"


def _written_before(number: int, changed: int) -> list[int]:
    # 7 shares no factor with 12, so the steps never meet the same block twice.
    return list(range(_BLOCKS)) if number == 1 else sorted((number * 5 + step * 7) % _BLOCKS for step in range(changed))


def _history(
    moment: int, changed: int, deleted: int
) -> tuple[SnapshotChain, dict[int, list[int]], dict[int, tuple], list[int]]:
    """The chain, the blocks each snapshot had to store, its contents, and the blocks that the deletion freed."""
    chain, stored = SnapshotChain(_BLOCKS), {}
    for number in _SNAPSHOTS[:moment]:
        chain.write(*_written_before(number, changed))
        stored[number] = chain.snapshot(_name(number))
    contents = {number: chain.restore(_name(number)) for number in stored}
    freed = chain.delete(_name(deleted)) if moment == _DELETION else []
    return chain, stored, contents, freed


def _blocks(number: int) -> str:
    return f"{number} block" if number == 1 else f"{number} blocks"


def _tell(moment: int, changed: int, deleted: int) -> list[str]:
    chain, stored, _, freed = _history(moment, changed, deleted)
    total = f"Stored in all: {_blocks(len(chain.stored()))}; full copies would be {chain.full_copies()}."
    if moment < _DELETION:
        return [f"{_name(moment).capitalize()} is taken and stores {_blocks(len(stored[moment]))} of {_BLOCKS}.", total]
    kept = len(stored[deleted]) - len(freed)
    why = f"{kept} that it stored stay for the others" if kept else "no other snapshot needs what it stored"
    return [
        f"Deleting {_name(deleted)} frees {_blocks(len(freed))}; {why}.",
        total + f" Every other snapshot still restores all {_BLOCKS} blocks.",
    ]


def _paint(moment: int, changed: int, deleted: int) -> list:
    chain, stored, contents, freed = _history(moment, changed, deleted)
    gone = deleted if moment == _DELETION else None
    newest = max(contents)
    written = _written_before(newest, changed)
    shapes = [Label(0, 57, "volume now", bold=True), Label(_RIGHT, 57, "thick: just written", size=_SMALL)]
    for position, content in enumerate(chain.content):
        shapes += _cell(position, 40, content, line_width=2.6 if position in written else 1)

    holder = _holders(contents, gone)
    any_inherited = False
    for number, content in contents.items():
        y = 50 + number * _ROW
        if number == gone:
            shapes += _deleted_row(y, number, freed)
            continue
        held = [position for position in range(_BLOCKS) if holder[position, content[position]] == number]
        inherited = [position for position in held if position not in stored[number]]
        any_inherited |= bool(inherited)
        shapes += _row(y, number, content, held, inherited, bold=number == newest)

    y = 50 + _DELETION * _ROW
    shapes.append(Label(_LEFT, y + 16, _KEY, size=_SMALL))
    if any_inherited:
        shapes.append(Label(_LEFT, y + 32, f"↓ orange: stored for {_name(gone)}, kept for this one", size=_SMALL))
    return shapes + _totals(y + 44, len(chain.stored()), chain.full_copies())


def _row(y: float, number: int, content: tuple, held: list[int], inherited: list[int], bold: bool) -> list:
    shapes = [Label(0, y + 17, _name(number), bold=bold), Label(_RIGHT, y + 17, f"stores {_blocks(len(held))}")]
    for position, block in enumerate(content):
        if position in inherited:
            shapes += _cell(position, y, f"↓{block}", fill=style.ORANGE, strength=0.45)
        elif position in held:
            shapes += _cell(position, y, block, fill=style.BLUE, strength=0.45)
        else:
            shapes += _cell(position, y, block, dashed=True)
    return shapes


def _deleted_row(y: float, number: int, freed: list[int]) -> list:
    shapes = [Label(0, y + 17, f"{_name(number)} ✗ deleted"), Label(_RIGHT, y + 17, f"frees {_blocks(len(freed))}")]
    for position in freed:
        shapes += _cell(position, y, "✗", dashed=True)
    return shapes


def _holders(contents: dict[int, tuple], gone: int | None) -> dict[tuple[int, int], int]:
    """Each stored block, as (position, content), and the earliest snapshot left that has it: it is drawn there."""
    holder = {}
    for number, kept in contents.items():
        if number != gone:
            for block in enumerate(kept):
                holder.setdefault(block, number)
    return holder


def _cell(position: int, y: float, text, **box) -> list:
    x = _LEFT + position * _CELL
    return [
        Box(x, y, _CELL - 5, _ROW - 9, stroke=style.INK, **box),
        Label(x + (_CELL - 5) / 2, y + 17, str(text), anchor="middle"),
    ]


def _totals(y: float, stored: int, full_copies: int) -> list:
    shapes = []
    most = _BLOCKS * len(_SNAPSHOTS)
    for row, (words, amount, colour) in enumerate(
        (("stored", stored, style.BLUE), ("full copies", full_copies, style.PINK))
    ):
        length = (_BLOCKS * _CELL - 5) * amount / most
        shapes += [
            Label(0, y + 16 + row * 26, words),
            Box(_LEFT, y + 3 + row * 26, length, 17, fill=colour),
            Label(_LEFT + length + 8, y + 16 + row * 26, _blocks(amount)),
        ]
    return shapes
