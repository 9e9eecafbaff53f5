"""Verdicts on the paper's figures, and the page of them."""

import pytest

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CLAIMS, TABLES
from stpose.artefacts.tables import read_table, write_table
from stpose.claims.command import command_for
from stpose.claims.stage import write_claims
from stpose.claims.verdict import judge
from stpose.settings.experiment import ExperimentSettings
from stpose.settings.tables import TablesSettings
from stpose.tables.paper import read_paper
from stpose.tables.stage import write_tables

PAPER = read_paper()
TABLE = {table.table: table for table in PAPER.tables}
SETTINGS = TablesSettings(
    experiments={"st": ExperimentSettings(), "imagenet": ExperimentSettings(iterations=0)},
    benchmarks=("olympic_sports", "lsp"),
)


def line(**changes):
    """A line of the tables artefact: S&T with repetitions, as in the paper."""
    known = {
        "table": "2",
        "row": "S&T with repetitions",
        "kind": "own",
        "paper": 0.701,
        "value": 0.70,
        "low": 0.69,
        "high": 0.71,
        "experiments": "st",
        "measured_on": "all",
        "comparable": True,
        "trained_on": "enough",
        "training_comparable": True,
    }
    return {**known, **changes}


@pytest.mark.parametrize(
    ("changes", "verdict", "why"),
    [
        ({}, "reproduced", "the paper's figure lies within our interval"),
        ({"value": 0.73, "low": 0.72, "high": 0.74}, "reproduced", "ours is 0.029 higher"),
        ({"value": 0.66, "low": 0.65, "high": 0.67}, "not reproduced", "ours is 0.041 lower"),
        (
            {"kind": "reference", "value": 0.73, "low": 0.72, "high": 0.74},
            "not reproduced",
            "ours is 0.029 higher, beyond our interval",
        ),
        ({"comparable": False}, "not run", "measured on other data than the paper's"),
        ({"training_comparable": False}, "not run", "trained on other videos; the paper: 680"),
        ({"training_comparable": None, "kind": "reference"}, "reproduced", "lies within"),
        ({"paper": None}, "", "not in the paper: a training of ours"),
        ({"paper": None, "experiments": ""}, "", "not in the paper: needs no training"),
    ],
)
def test_verdicts(changes, verdict, why):
    found = judge(line(**changes), TABLE["2"], PAPER, SETTINGS)
    assert found.verdict == verdict
    assert why in found.why


@pytest.mark.parametrize(
    ("table", "row", "why"),
    [
        ("2", "Shuffle&Learn", "a method of others"),
        ("2", "temporal (T)", "temporal is not among the experiments of this run"),
        ("4", "Ours", "benchmarks.deeppose is not configured"),
        ("3", "S&T with repetitions", "the data has no pictures"),
    ],
)
def test_what_was_not_run_says_why(table, row, why):
    kind = TABLE[table].find(row).kind
    missing = line(table=table, row=row, kind=kind, value=None, comparable=None)
    found = judge(missing, TABLE[table], PAPER, SETTINGS)
    assert found.verdict == "not run"
    assert why in found.why


@pytest.mark.parametrize(
    ("table", "changes", "command"),
    [
        ("2", {"row": "Shuffle&Learn"}, ""),
        (
            "2",
            {"row": "temporal (T)"},
            "snakemake tables --configfile config/paper.yaml config/experiments/temporal.yaml "
            "--config videos=OLYMPIC_SPORTS_VIDEOS "
            "'benchmarks={olympic_sports: {folder: OLYMPIC_SPORTS}}'",
        ),
        (
            "3",
            {"row": "random weights", "experiments": ""},
            "stpose evaluate lsp --data LSP --extended LSP_EXTENDED --gallery 1-1000 "
            "--queries 1001-2000 --embedding random",
        ),
        (
            "1",
            {"row": "aspect", "paper": None, "experiments": ""},
            "stpose evaluate olympic-sports --data OLYMPIC_SPORTS --embedding aspect",
        ),
    ],
)
def test_commands(table, changes, command):
    assert command_for(line(table=table, **changes), TABLE[table]) == command


def test_the_best_of_the_paper_needs_no_file_of_its_own():
    command = command_for(line(), TABLE["2"])
    assert "--configfile config/paper.yaml --config" in command


@pytest.fixture
def tables_path(tmp_path):
    """Tables of a run in which nothing was measured."""
    settings = TablesSettings(experiments={}, benchmarks=())
    write_tables(tmp_path, tmp_path / "tables", settings)
    return tmp_path / "tables" / "tables.parquet"


def test_the_page_the_text_and_the_table_say_the_same(tables_path, tmp_path):
    lines = read_table(tables_path, TABLES).to_pylist()
    for one in lines:
        if (one["table"], one["row"], one["column"]) == ("3", "ground truth", "mean"):
            one |= {"value": 70.0, "low": 68.3, "high": 71.6, "n": 1000, "seeds": 1}
            one |= {"comparable": True, "measured_on": "gallery of 4945 <all>"}
    columns = {column.name: [one[column.name] for one in lines] for column in TABLES.columns}
    write_table(tables_path, TABLES, columns, derive("tables", "{}"))
    out = tmp_path / "report" / "claims.html"
    settings = SETTINGS.model_copy(update={"benchmarks": ("lsp",)})
    write_claims(tables_path, out, "the demo", settings, "code")
    claims = read_table(out.with_suffix(".parquet"), CLAIMS).to_pylist()
    assert len(claims) == sum(len(table.rows) for table in PAPER.tables)
    verdicts = {(one["table"], one["row"]): one["verdict"] for one in claims}
    assert verdicts.pop(("3", "ground truth")) == "reproduced"
    assert set(verdicts.values()) == {"not run"}
    text, page = out.with_suffix(".md").read_text("utf-8"), out.read_text("utf-8")
    for words in (
        "Of 46 rows of the paper&#39;s tables: 1 reproduced, 0 not reproduced, 45 not run.",
        "70.0 [68.3, 71.6], n 1000",
        "gallery of 4945 &lt;all&gt;",
        "Alexnet&#39;s columns are shifted in print.",
        "1033",
    ):
        assert words in page
        plain = words.replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">")
        assert plain in text
    assert "http" not in page.replace("http-equiv", "")
