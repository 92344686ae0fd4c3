"""Tests of course.plots.controls."""

import pytest

from course.plots import Choice, Slider, Toggle

SIZE = Slider("size_gib", "Size", (1, 100, 16384), start=100, unit="GiB")


@pytest.mark.parametrize("value", [0, 2, True, "100", None, float("nan"), [100]])
def test_slider_refuses_what_it_does_not_have(value):
    """Does a wrong value raise one sentence with the value and what is allowed?"""
    with pytest.raises(ValueError) as error:
        SIZE.check(value)
    assert str(error.value) == f"size_gib must be one of 1, 100, 16,384, not {value!r}"


def test_values_are_shown_with_unit():
    """Does a reader see 16,384 GiB?"""
    assert SIZE.show(16384) == "16,384 GiB"
    assert Choice("kind", "Type", ("st1", "sc1"), start="st1").show("sc1") == "sc1"
    assert Toggle("nitro", "Nitro").show(True) == "yes"


@pytest.mark.parametrize("value", [0, 1, "yes", None])
def test_toggle_takes_only_truth_values(value):
    """Is 1 refused where True is meant?"""
    with pytest.raises(ValueError, match=f"nitro must be True or False, not {value!r}"):
        Toggle("nitro", "Nitro").check(value)


@pytest.mark.parametrize(
    ("values", "start", "words"),
    [
        ((1,), 1, "at least two"),
        ((1, 1), 1, "different"),
        ((2, 1), 1, "must rise"),
        ((1, 2), 3, "must be one of 1, 2, not 3"),
    ],
)
def test_slider_that_makes_no_sense(values, start, words):
    """Does the author of a demo learn of a wrong slider at once?"""
    with pytest.raises(ValueError, match=words):
        Slider("size_gib", "Size", values, start=start)


def test_widgets_carry_value_and_label():
    """Do the live controls start where the plain ones do?"""
    slider = SIZE.widget()
    assert (slider.value, slider.description, slider.options[2]) == (100, "Size", ("16,384 GiB", 16384))
    assert Choice("kind", "Type", ("st1", "sc1"), start="sc1").widget().value == "sc1"
    assert Toggle("nitro", "Nitro", start=True).widget().value is True
