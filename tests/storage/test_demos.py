"""Tests of the pictures of the storage section, at every stop of every control and at all corners."""

import functools
import itertools
import os
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from course.storage import demos, gp2

NAMES = demos.__all__
CHARTS = ("efs_throughput_and_lifecycle", "gp2_burst_bucket", "gp2_iops_against_size", "hdd_burst")


def _corners(demo):
    """Each combination of first, middle and last value of all controls."""
    stops = [sorted({0, len(c.values) // 2, len(c.values) - 1}) for c in demo.controls]
    for chosen in itertools.product(*stops):
        yield {control.name: control.values[stop] for control, stop in zip(demo.controls, chosen, strict=True)}


def _each_stop(demo):
    """Every stop of each control, the others where they start."""
    return [{control.name: value} for control in demo.controls for value in control.values]


@pytest.fixture(scope="module", params=NAMES)
def demo(request):
    """Each demo of the section."""
    return getattr(demos, request.param)()


def test_every_corner_is_an_accessible_picture(demo):
    """At all extremes: well-formed, labelled with the words, in the reader's colours?"""
    for values in _corners(demo):
        drawn = demo.svg(**values)
        root = ET.fromstring(drawn)
        assert (root.get("role"), root.get("aria-label")) == ("img", demo.label(**values))
        assert "currentColor" in drawn and "#000" not in drawn and "#1b1f24" not in drawn
        assert "nan" not in drawn and "inf " not in drawn and "inf<" not in drawn


def test_words_are_few_and_plain(demo):
    """Is the twin two to four lines that fit under the picture, without $ (MathJax would typeset it)?"""
    for values in _each_stop(demo):
        twin = demo.text(**values)
        lines = twin.splitlines()
        assert 2 <= len(lines) <= 4
        assert all(len(line) <= 112 for line in lines), lines
        assert "$" not in twin and "$" not in demo.svg(**values) and "inf" not in twin and "nan" not in twin


def test_every_control_moves_the_picture(demo):
    """Is there no control that does nothing?"""
    for control in demo.controls:
        if (demo.name, control.name) == ("incremental-snapshots", "deleted"):
            continue  # it moves the last moment only, tested below
        assert len({demo.svg(**{control.name: value}) for value in control.values}) > 1, control.name


def test_wrong_values_are_refused(demo):
    """Does each demo name a value it does not allow?"""
    for control in demo.controls:
        with pytest.raises(ValueError, match=f"^{control.name} must be one of .*, not -1$"):
            demo.svg(**{control.name: -1})


def test_static_bundle_is_small(demo, monkeypatch):
    """Does the kernel-free page of a demo stay under 120 kB, with picture and twin?"""
    monkeypatch.setenv("COURSE_STATIC", "1")
    bundle = demo._repr_mimebundle_()
    assert len(bundle["text/html"].encode()) < 120_000
    assert "<img alt=" in bundle["text/html"] and bundle["text/plain"] == repr(demo)


def test_bundles_are_the_same_in_two_processes():
    """Are frames and pictures the same bytes each time, whatever Python's hash seed is?"""
    code = (
        "import hashlib; from course.storage import demos\n"
        "for name in demos.__all__:\n"
        "    print(name, hashlib.sha256(repr(getattr(demos, name)()._repr_mimebundle_()).encode()).hexdigest())"
    )
    seen = set()
    for seed in ("1", "2"):
        env = {**os.environ, "COURSE_STATIC": "1", "PYTHONHASHSEED": seed}
        seen.add(
            subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout
        )
    assert len(seen) == 1 and seen.pop().count("\n") == len(NAMES)


def test_importing_the_demos_loads_no_plotting():
    """Is `import course.storage.demos`, and the twin of each demo, free of matplotlib, Jupyter and boto3?"""
    code = (
        "import sys; from course.storage import demos\n"
        "for name in demos.__all__: repr(getattr(demos, name)())\n"
        "print([m for m in ('matplotlib', 'numpy', 'IPython', 'ipywidgets', 'boto3', 'moto') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize("name", CHARTS)
def test_no_label_of_a_chart_overlaps_or_is_cut(name):
    """At every stop and every corner: is all text inside the picture, and on no other text?"""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    demo = getattr(demos, name)()
    chart = demo.picture
    with matplotlib.rc_context(chart._rc):
        renderer = FigureCanvasAgg(chart._figure).get_renderer()
        chart._figure.draw(renderer)  # ticks and axis labels have a place only then
        for values in [*_each_stop(demo), *_corners(demo)]:
            chart._move(**demo.parameters(**values))
            texts = [text for text in chart._figure.findobj(Text) if text.get_visible() and text.get_text()]
            boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts]
            for words, box in boxes:
                assert box.x0 >= -0.5 and box.x1 <= demo.picture.width + 0.5, (values, words, box)
                assert box.y0 >= -0.5 and box.y1 <= demo.picture.height + 0.5, (values, words, box)
            for (one, a), (two, b) in itertools.combinations(boxes, 2):
                apart = a.x1 <= b.x0 + 1 or b.x1 <= a.x0 + 1 or a.y1 <= b.y0 + 3 or b.y1 <= a.y0 + 3
                assert apart, (values, one, two)


@functools.cache
def _letter(letter):
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    return (
        text_to_path.get_text_width_height_descent(letter, FontProperties(family="DejaVu Sans", size=100), False)[0]
        / 100
    )


def _width(words):
    return sum(map(_letter, words))


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(CHARTS)))
def test_no_label_of_a_diagram_is_cut(name):
    """Does every line of text and every box end inside the picture?"""
    from course.plots.diagram import Box, Label

    demo = getattr(demos, name)()
    for values in [*_each_stop(demo), *_corners(demo)]:
        for shape in demo._diagram(**demo.parameters(**values)):
            if isinstance(shape, Label):
                width = _width(shape.text) * shape.size * (1.12 if shape.bold else 1)
                end = shape.x + {"start": width, "middle": width / 2, "end": 0}[shape.anchor]
                assert end <= demo.picture.width and shape.y <= demo.picture.height - 4, (values, shape)
            elif isinstance(shape, Box):
                assert shape.x + shape.width <= demo.picture.width and shape.y + shape.height <= demo.picture.height


@pytest.mark.parametrize(
    ("name", "values", "numbers"),
    [
        ("gp2_iops_against_size", {"size_gib": 1}, ["baseline 100 IOPS", "burst 3,000 IOPS", "31 min 2 s", "15 h"]),
        ("gp2_iops_against_size", {"size_gib": 750}, ["baseline 2,250 IOPS", "2 h"]),
        ("gp2_iops_against_size", {"size_gib": 1000}, ["baseline 3,000 IOPS for ever", "no credits"]),
        ("gp2_iops_against_size", {"size_gib": 5333}, ["15,999"]),
        ("gp2_iops_against_size", {"size_gib": 5334}, ["16,000"]),
        ("gp2_burst_bucket", {"size_gib": 100, "demand_iops": 3000, "minutes": 60}, ["33 min 20 s", "then 300", "5 h"]),
        (
            "gp2_burst_bucket",
            {"size_gib": 1500, "demand_iops": 4000},
            ["4,000 IOPS delivered to the end", "5.4 of 5.4"],
        ),
        (
            "ssd_limits_and_cost",
            {"size_gib": 500, "iops": 5000, "throughput": 250},
            ["gp3 for 55.00 USD", "Not by gp2"],
        ),
        (
            "ssd_limits_and_cost",
            {"size_gib": 65536, "iops": 256000, "throughput": 4000},
            ["by io2 for", "Not by gp2, gp3, io1"],
        ),
        ("ssd_limits_and_cost", {"size_gib": 1, "iops": 256000, "throughput": 4000}, ["by none of them"]),
        (
            "hdd_burst",
            {"size_gib": 5120},
            ["base 200, burst 500 MiB/s, full scan in 2 h 55 min", "full scan in 5 h 50 min"],
        ),
        ("incremental_snapshots", {"moment": 4, "changed": 3}, ["stores 3 blocks of 12", "21 blocks", "48"]),
        ("incremental_snapshots", {"moment": 5, "deleted": 2}, ["frees 2 blocks; 1 that it stored stay", "19 blocks"]),
        (
            "efs_throughput_and_lifecycle",
            {"stored_gib": 1024, "cold_percent": 0},
            ["baseline 50 MiBps, burst 100 MiBps"],
        ),
        (
            "efs_throughput_and_lifecycle",
            {"stored_gib": 1024, "cold_percent": 80},
            ["205 in Standard", "baseline 10 MiBps"],
        ),
    ],
)
def test_pictures_say_the_documented_numbers(name, values, numbers):
    """Do the words (and so the aria-label) hold AWS's reference points?"""
    label = getattr(demos, name)().label(**values)
    assert [number for number in numbers if number not in label] == []


def test_gp2_corners_of_the_drawn_curve_are_those_of_the_model():
    """Does the curve of the archetype bend where the model does, not where someone typed it?"""
    chart = demos.gp2_iops_against_size().picture
    curve = max(chart._figure.axes[0].lines, key=lambda line: len(line.get_xdata()))
    assert list(curve.get_ydata()) == [gp2.baseline_iops(size) for size in curve.get_xdata()]
    assert list(curve.get_xdata()) == [1, 33, 34, 1000, 5334, 16384]


def test_the_deleted_snapshot_is_chosen_by_its_control():
    """Does each choice delete another snapshot at the last moment?"""
    demo = demos.incremental_snapshots()
    assert len({demo.svg(moment=5, deleted=number) for number in (1, 2, 3, 4)}) == 4
