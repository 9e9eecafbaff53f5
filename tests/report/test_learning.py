"""What the overview says of benchmarks."""

import pytest

from stpose.artefacts.documents import write_document
from stpose.artefacts.provenance import derive
from stpose.report.learning import benchmark_table, gain_in_words

ROWS = [
    ("aspect", "no-pixel", 0.55),
    ("time", "no-pixel", 0.5),
    ("trained", "trained", 0.7),
    ("random weights", "random", 0.6),
]


def written(path, folder, rows=ROWS):
    trained = {name: value for name, _, value in rows}.get("trained")
    content = {
        "benchmark": "lsp",
        "data": {"folder": str(folder)},
        "rows": [
            {"name": name, "kind": kind, "value": value, "headline": True}
            for name, kind, value in rows
        ],
        "differences": [
            {"against": name, "value": trained - value, "low": -0.01, "high": 0.25}
            for name, _, value in rows
            if trained is not None
        ],
    }
    write_document(path, "benchmark", 1, content, derive("benchmarks", "{}"))
    return path


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        ("demo/benchmarks/lsp", "rendered people of the demo"),
        ("elsewhere/lsp", "the data in {}/elsewhere/lsp"),
    ],
)
def test_the_best_is_first_and_what_it_was_measured_on_is_said(tmp_path, folder, words):
    found = benchmark_table(written(tmp_path / "lsp.json", tmp_path / folder), tmp_path)
    names = [row["name"] for row in found["rows"]]
    assert names == ["trained", "random weights", "aspect", "time"]
    assert found["measured_on"] == words.format(tmp_path)


def test_the_gain_is_over_random_weights_and_the_best_cue(tmp_path):
    path = written(tmp_path / "lsp.json", tmp_path / "demo/benchmarks/lsp")
    said = gain_in_words(benchmark_table(path, tmp_path))
    assert said == (
        "lsp, on rendered people of the demo: 0.700; difference "
        "+0.100 [-0.010, +0.250] to random weights and "
        "+0.150 [-0.010, +0.250] to the best cue without pixels."
    )


def test_without_a_trained_row_there_is_nothing_to_say(tmp_path):
    path = written(tmp_path / "lsp.json", tmp_path, rows=ROWS[:2])
    assert gain_in_words(benchmark_table(path, tmp_path)) == ""
