"""Puts our figures beside the paper's tables and writes both."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stpose.artefacts.files import replace_atomically
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import DIFFERENCES, TABLES
from stpose.artefacts.tables import write_table
from stpose.settings.tables import TablesSettings
from stpose.tables.filling import Difference, Filled, compare, fill
from stpose.tables.markdown import HEADING, LEGEND, measured_on, our_figures, table_markdown
from stpose.tables.measured import read_measured
from stpose.tables.paper import Paper, PaperTable, read_paper
from stpose.tables.trained import TrainedOn, read_trained_on

TABLES_FILE = "tables.parquet"
DIFFERENCES_FILE = "differences.parquet"
MARKDOWN_FILE = "tables.md"


def write_tables(results: Path, out_folder: Path, settings: TablesSettings, code: str = "") -> None:
    """Write all tables, as far as they can be filled.

    Args:
        results: The results folder, with the benchmarks and model cards of all experiments.
        out_folder: Gets tables.parquet, differences.parquet and tables.md (last).
        settings: Which experiments and benchmarks there are.
        code: Fingerprint of the code.

    Raises:
        ArtefactError: A document, scores or a model card are missing or damaged.
    """
    paper = read_paper()
    cards = {
        name: [
            results / "training" / name / str(number) / "model.json"
            for number in range(1, experiment.rounds + 1)
        ]
        for name, experiment in settings.experiments.items()
    }
    trained = {name: read_trained_on(paths) for name, paths in cards.items()}
    documents = [
        results / "benchmarks" / name / f"{benchmark}.json"
        for name in settings.experiments
        for benchmark in settings.benchmarks
    ]
    lines: list[dict[str, Any]] = []
    gains: list[dict[str, Any]] = []
    texts = [HEADING, LEGEND + "\n"]
    for table in paper.tables:
        measured = {
            path.parent.name: read_measured(path, path.parent.name)
            for path in documents
            if path.stem == table.benchmark
        }
        rows = fill(table, measured, settings)
        differences = compare(table, rows, settings)
        for row in rows:
            lines += _lines(table, row, trained, paper, settings)
        gains += [_gain(table, one) for one in differences]
        texts.append(table_markdown(table, rows, differences, settings))
    inputs = [*documents, *(path for paths in cards.values() for path in paths)]
    provenance = derive("tables", settings, code, inputs)
    columns = {column.name: [line[column.name] for line in lines] for column in TABLES.columns}
    write_table(out_folder / TABLES_FILE, TABLES, columns, provenance)
    columns = {column.name: [gain[column.name] for gain in gains] for column in DIFFERENCES.columns}
    write_table(out_folder / DIFFERENCES_FILE, DIFFERENCES, columns, provenance)
    with replace_atomically(out_folder / MARKDOWN_FILE) as temporary:
        temporary.write_text("\n".join(texts), encoding="utf-8")


def _lines(
    table: PaperTable,
    row: Filled,
    trained: Mapping[str, TrainedOn],
    paper: Paper,
    settings: TablesSettings,
) -> list[dict[str, Any]]:
    ours = row.ours
    figures = our_figures(table, row)
    lines = []
    for column in table.columns:
        is_headline = column == table.headline
        has_interval = is_headline and ours is not None
        interval = ours.interval(settings) if has_interval and ours is not None else None
        spread = ours.spread if has_interval and ours is not None else None
        lines.append(
            {
                "table": table.table,
                "row": row.name,
                "kind": _kind(row),
                "column": column,
                "headline": is_headline,
                "metric": table.metric,
                "paper": None if row.paper is None else row.paper.figures[column],
                "value": figures[column],
                "low": None if interval is None else table.scale * interval.low,
                "high": None if interval is None else table.scale * interval.high,
                "n": None if ours is None else len(ours.samples),
                "seeds": None if ours is None else len(ours.seeds),
                "spread": None if spread is None else table.scale * spread,
                "experiments": "" if ours is None else ", ".join(ours.experiments),
                "measured_on": measured_on(table, row),
                "comparable": None if ours is None else table.is_comparable(ours.data),
                **_training(row, trained, paper),
            }
        )
    return lines


def _kind(row: Filled) -> str:
    if row.paper is not None:
        return row.paper.kind
    return "" if row.ours is None else row.ours.kind


def _training(row: Filled, trained: Mapping[str, TrainedOn], paper: Paper) -> dict[str, Any]:
    names: Sequence[str] = () if row.ours is None else row.ours.experiments
    if not names:
        return {"trained_on": "", "training_comparable": None}
    low, high = paper.trained_on.videos
    first = trained[names[0]]
    is_alike = None if first.videos is None else low <= first.videos <= high
    return {"trained_on": first.words, "training_comparable": is_alike}


def _gain(table: PaperTable, one: Difference) -> dict[str, Any]:
    return {
        "table": table.table,
        "row": one.row,
        "against": one.against,
        "paper": one.paper,
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "n": one.n,
    }
