"""The paper's printed figures hang together, and each of its trainings is shipped."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from stpose.settings.config import parse_config
from stpose.tables.paper import PaperTable, read_paper

PAPER = read_paper()
TABLES = {table.table: table for table in PAPER.tables}
CONFIG = Path(__file__).parent.parent.parent / "config"


def test_every_table_of_the_paper_is_there():
    assert {name: len(table.rows) for name, table in TABLES.items()} == {
        "1": 8,
        "2": 18,
        "3": 11,
        "4": 4,
        "S1": 5,
    }


@pytest.mark.parametrize("table", ["3", "4"])
def test_means_are_those_of_their_columns(table):
    """So no figure was mistyped; Alexnet's shifted columns have the same mean."""
    for row in TABLES[table].rows:
        figures = dict(row.figures)
        mean = figures.pop(TABLES[table].headline)
        # One row counts limbs on both sides, as its note says.
        sides = [2 if "_" in part and row.row == "Chu et al." else 1 for part in figures]
        assert mean == pytest.approx(np.average([*figures.values()], weights=sides), abs=0.07)


def test_tables_agree_where_they_print_the_same():
    once = {row.experiment: row.figures["AUC"] for row in TABLES["2"].rows if row.experiment}
    for table in ("1", "S1"):
        for row in TABLES[table].rows:
            if row.experiment in once:
                assert row.figures["AUC"] == once[row.experiment], row.row


def test_every_training_of_the_paper_is_a_shipped_experiment():
    wanted = {row.experiment for table in PAPER.tables for row in table.rows if row.experiment}
    shipped = {path.stem for path in (CONFIG / "experiments").glob("*.yaml")}
    assert wanted <= shipped | {"st"}


@pytest.mark.parametrize("table", PAPER.tables, ids=lambda table: table.table)
def test_settings_named_for_a_table_are_valid(table):
    benchmarks = yaml.safe_load(f"{{{table.config}}}")
    assert list(benchmarks) == [table.benchmark]
    parse_config({"benchmarks": benchmarks})


def test_rows_that_do_not_fit_are_named():
    raw = TABLES["3"].model_dump()
    raw["rows"][2]["figures"].pop("head")
    with pytest.raises(ValueError, match=r"table 3, Chu et al\.: columns"):
        PaperTable.model_validate(raw)
    raw = TABLES["1"].model_dump()
    raw["rows"][1]["against"] = "nothing"
    with pytest.raises(ValueError, match="no row 'nothing'"):
        PaperTable.model_validate(raw)
