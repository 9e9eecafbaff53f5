"""Settings of the benchmarks."""

import pytest
from pydantic import ValidationError

from stpose.settings.benchmarks import BenchmarkSettings, LspSettings, parse_image_numbers


@pytest.mark.parametrize(
    ("text", "images", "expected"),
    [
        ("1-3,7", 9, (1, 2, 3, 7)),
        ("7, 2", 9, (7, 2)),
        ("first-half", 9, (1, 2, 3, 4)),
        ("second-half", 9, (5, 6, 7, 8, 9)),
    ],
)
def test_lists_of_images(text, images, expected):
    assert parse_image_numbers(text, images) == expected


@pytest.mark.parametrize("text", ["", "0-3", "3-1", "1..3", "a", "1,,2", "1-3,2", "1-10"])
def test_lists_that_are_none(text):
    with pytest.raises(ValueError, match="expected"):
        parse_image_numbers(text, 9)


def test_lists_are_checked_with_the_settings():
    assert LspSettings(gallery="1-4000").gallery == "1-4000"
    with pytest.raises(ValidationError, match="expected numbers from 1"):
        LspSettings(queries="one")


def test_the_defaults_split_a_set_in_two():
    settings = LspSettings()
    halves = [parse_image_numbers(text, 11) for text in (settings.gallery, settings.queries)]
    assert sorted(sum(halves, ())) == list(range(1, 12))


def test_one_benchmark_does_not_depend_on_the_settings_of_another():
    changed = BenchmarkSettings(lsp=LspSettings(gallery="1-7"))
    plain = BenchmarkSettings()
    assert changed.only("olympic_sports") == plain.only("olympic_sports")
    assert changed.only("lsp") != plain.only("lsp")
    assert plain.only("lsp").lsp == plain.lsp


def test_a_benchmark_can_be_left_out():
    assert BenchmarkSettings.model_validate({"lsp": None}).lsp is None
