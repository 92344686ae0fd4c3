"""Tests of the demo shell: one small chart and one small diagram, shown in every way."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from course.plots import Choice, Demo, Slider, Toggle
from course.plots.diagram import Box, Label, Line
from course.plots.style import BLUE, INK

SIZE = Slider("size", "Size", (1, 5, 9), start=5, unit="GiB")


def _tell(size, grid=True):
    return [f"The dot is at {size}."]


def _build(figure):
    axes = figure.add_axes((0.1, 0.2, 0.8, 0.6))
    axes.set(xlim=(0, 10), ylim=(0, 10), xlabel="size (GiB)")
    (dot,) = axes.plot([], [], "o", color=BLUE, animated=True)
    label = axes.text(0, 0, "", animated=True)

    def move(size, grid=True):
        dot.set_data([size], [size])
        label.set_text(f"<{size} & more>")
        label.set_position((size, size))

    return move


def _paint(size, grid=True):
    return [Box(10, 40, size * 10, 20, fill=BLUE, stroke=INK), Line(0, 30, 99, 30), Label(0, 90, f"<{size} & more>")]


@pytest.fixture(params=["chart", "diagram"])
def demo(request):
    """The same demo, once drawn by matplotlib and once by shapes."""
    drawn = {"chart": _build} if request.param == "chart" else {"diagram": _paint}
    return Demo("a-dot", "A dot & its size", [SIZE, Toggle("grid", "Grid")], _tell, width=300, height=120, **drawn)


def test_svg_is_one_accessible_image(demo):
    """Is the SVG well formed, one labelled image, in the reader's colours, with nothing that leaks into the page?"""
    drawn = demo.svg(size=9)
    root = ET.fromstring(drawn)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "A dot & its size. The dot is at 9."
    assert "".join(root.itertext()).count("<9 & more>") == 1
    assert "currentColor" in drawn
    assert INK not in drawn and "#000" not in drawn and "black" not in drawn
    assert "<style" not in drawn and "<script" not in drawn and "font-family: " not in drawn


def test_a_move_changes_only_the_picture_and_its_words(demo):
    """Does a control move what it should, and does going back give the same bytes?"""
    first = demo.svg(size=1)
    assert demo.svg(size=9) != first
    assert demo.svg(size=1) == first
    assert demo.png(size=1).startswith(b"\x89PNG") and demo.png(size=1) != demo.png(size=9)
    assert demo.svg(size=1) == first


def test_repr_is_the_text_twin(demo):
    """What does a terminal show?"""
    assert repr(demo) == "A dot & its size\nThe dot is at 5."
    assert demo._repr_mimebundle_() == {"text/plain": repr(demo)}


def test_wrong_parameters_name_value_and_rule(demo):
    """Is a wrong value or a wrong name refused in one sentence?"""
    with pytest.raises(ValueError, match="size must be one of 1, 5, 9, not 2"):
        demo.svg(size=2)
    with pytest.raises(ValueError, match="demo a-dot has no control 'sise'; it has: size, grid"):
        demo.text(sise=1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "A dot"}, "small letters"),
        ({"controls": []}, "at least one control"),
        ({"controls": [SIZE, SIZE]}, "name of its own"),
        ({"chart": None}, "either chart= or diagram="),
        ({"diagram": _paint}, "either chart= or diagram="),
    ],
)
def test_wrong_demos_are_refused(changes, words):
    """Does the author of a demo learn of a mistake at once?"""
    right = {"name": "a-dot", "title": "A dot", "controls": [SIZE], "tell": _tell, "chart": _build}
    with pytest.raises(ValueError, match=words):
        Demo(**{**right, **changes})


def test_static_page_has_still_picture_words_and_frames(demo, monkeypatch):
    """With COURSE_STATIC=1, is there a PNG with alt text, the twin, and one frame for each stop of the first control?"""
    monkeypatch.setenv("COURSE_STATIC", "1")
    bundle = demo._repr_mimebundle_()
    html = bundle["text/html"]
    assert bundle["text/plain"] == repr(demo)
    assert '<img alt="A dot &amp; its size. The dot is at 5." src="data:image/png;base64,' in html
    before, script = html.split("<script>")
    assert "<p>The dot is at 5.</p>" in before
    assert "<input" not in before and "<svg" not in before and "slider" not in before
    assert script.count("</") == 2, "only the ends of the script and of the whole may look like end tags"
    data = json.loads(script[script.rindex(')({"') + 2 : script.rindex(")</script>")])
    assert data["values"] == ["1 GiB", "5 GiB", "9 GiB"] and data["start"] == 1
    assert len(set(data["moving"])) == 3
    for frame in data["moving"]:
        ET.fromstring(data["svg"].replace('<g data-moving=""></g>', f"<g>{frame}</g>"))
    assert "lmSuppressShortcuts" in script


def test_live_view_follows_its_controls(demo):
    """Does moving a widget replace the picture, and can the same demo be shown twice without the two meeting?"""
    from course.plots.live import panel

    one, two = panel(demo), panel(demo)
    slider, value = one.children[0].children
    slider.value = 9
    assert "The dot is at 9." in one.children[-1].value and value.value == "9 GiB"
    assert "The dot is at 5." in two.children[-1].value


def test_a_running_kernel_gets_widgets_and_a_still_picture(demo, monkeypatch):
    """Does a notebook show controls, and keep a picture for GitHub when it is saved?"""
    monkeypatch.setattr("course.plots.demo._kernel_is_running", lambda: True)
    bundle = demo._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert bundle["text/plain"] == repr(demo)
    assert "<script" not in bundle["text/html"] and "<img alt=" in bundle["text/html"]


def test_first_control_may_be_a_choice(monkeypatch):
    """Do frames work for words as well as for numbers?"""
    monkeypatch.setenv("COURSE_STATIC", "1")
    kinds = Choice("size", "Type", ("st1", "sc1"), start="sc1")
    demo = Demo("kinds", "Kinds", [kinds], _tell, diagram=lambda size: [Label(0, 40, size)], height=60)
    assert '"values":["st1","sc1"]' in demo._repr_mimebundle_()["text/html"]


def test_two_charts_on_one_page_share_no_id():
    """Are ids different for two demos that draw the same?"""
    ids = []
    for name in ("one", "two"):
        drawn = Demo(name, "T", [SIZE], _tell, chart=_build).svg()
        ids.append({element.get("id") for element in ET.fromstring(drawn).iter() if element.get("id")})
    assert ids[0] and not ids[0] & ids[1]


def test_importing_the_package_loads_no_plotting():
    """Is `import course.plots` free of matplotlib, IPython and ipywidgets?"""
    code = "import course.plots, sys; print([m for m in ('matplotlib', 'numpy', 'IPython', 'ipywidgets') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_nothing_is_drawn_while_nbgrader_grades(demo, monkeypatch):
    """Is a class graded without pictures that nobody sees, and does the feedback page still say what there was?"""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.setenv("COURSE_STATIC", "1")
    assert demo._repr_mimebundle_() == {"text/plain": repr(demo)}
