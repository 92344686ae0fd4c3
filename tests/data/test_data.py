"""The dated facts: complete, well formed, and read as the package promises."""

from datetime import date
from importlib import resources

import pytest

from course.data import figure, figures, table, value

FILES = sorted(path.name[:-5] for path in resources.files("course.data").iterdir() if path.name.endswith(".toml"))


def _tables():
    import tomllib

    for stem in FILES:
        content = tomllib.loads(resources.files("course.data").joinpath(f"{stem}.toml").read_text(encoding="utf-8"))
        yield from (f"{stem}.{name}" for name in content)


@pytest.mark.parametrize("name", list(_tables()))
def test_every_fact_has_a_source_and_a_date_that_is_not_in_the_future(name):
    """Does each fact say where it was read, and when?"""
    for fact in figures(name).values():
        assert fact.source.startswith("https://"), fact
        assert isinstance(fact.as_of, date) and date(2023, 1, 1) <= fact.as_of <= date(2026, 12, 31), fact


def test_numbers_have_a_unit_and_prices_a_region():
    """Can a number be printed without guessing what it counts, and a price without guessing where?"""
    unitless_by_nature = {"efs.bursting.read_divisor"}
    for name in _tables():
        for fact in figures(name).values():
            if isinstance(fact.value, (int, float)):
                assert fact.unit or fact.name in unitless_by_nature, fact
            if name.startswith("prices."):
                assert fact.region == "us-east-1", fact


def test_limits_of_a_type_are_in_order():
    """Is every minimum below its maximum?"""
    for kind in ("gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"):
        facts = figures(f"ebs.{kind}")
        for name, fact in facts.items():
            if name.startswith("min_") and f"max_{name[4:]}" in facts:
                assert fact.value < facts[f"max_{name[4:]}"].value, fact


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nothing.at.all", "no data file 'nothing'"),
        ("ebs.gp9.size", "no table 'gp9'"),
        ("ebs.gp2.colour", "no fact 'colour'"),
    ],
)
def test_an_unknown_name_says_what_there_is_instead(name, sentence):
    """Does a typing error in a name get a sentence that helps?"""
    with pytest.raises(KeyError, match=sentence):
        figure(name)


def test_a_figure_shows_its_date_and_unit():
    """What does a reader see when a cell ends with a figure?"""
    assert repr(figure("ebs.gp3.max_iops")) == "80000 IOPS (as of November 2026)"
    assert value("ebs.gp3.max_iops") == 80_000


def test_a_table_names_facts_dates_and_sources_in_text_and_in_html():
    """Is the table complete where no HTML is shown, and safe where it is?"""
    shown = table("ebs.gp3", "prices.efs")
    text, html = repr(shown), shown._repr_html_()
    for part in (
        "80,000 IOPS",
        "general-purpose.html",
        "As of June 2026 to November 2026, us-east-1",
        "max IOPS per GiB",
    ):
        assert part in text
    assert 'scope="row"' in html and "https://aws.amazon.com/efs/pricing/" in html
    assert "<script" not in html
