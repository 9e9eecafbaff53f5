"""The paper's tables as they are printed, from `paper.yaml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from stpose.settings.benchmarks import BenchmarkName

PAPER = Path(__file__).parent / "paper.yaml"

Bounds = tuple[float, float]


class _Read(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PaperRow(_Read):
    """A row of a table.

    Attributes:
        row: Its name, as printed.
        kind: `own` was trained by the paper, `reference` anyone can measure, `other` is a method
            of others.
        figures: What is printed, by column.
        experiment: Name of our training of the same kind; empty if there is none.
        measured: Row of our benchmark that needs no training; empty if there is none.
        against: Row of the same table that it is compared with; empty if none.
    """

    row: str
    kind: Literal["own", "reference", "other"]
    figures: dict[str, float]
    experiment: str = ""
    measured: str = ""
    against: str = ""


class PaperTable(_Read):
    """A table.

    Attributes:
        table: Its number; S1 is the supplement's.
        title: What it shows.
        source: Where it is printed.
        benchmark: Our benchmark of the same measure.
        config: Settings of that benchmark on the published data, with names for its folders.
        evaluate: Command that measures what needs no training, up to its name; empty if none does.
        described: Format that turns what the benchmark says of its data into words.
        comparable: Bounds of what it says of its data, between which it is the paper's.
        metric: Name and unit of the figures.
        scale: What ours, 0 to 1, is multiplied by to be in that unit.
        headline: Column that a row is judged by.
        with_others: Whether trainings that are none of the paper's are listed too.
        notes: What a reader has to know about the printed figures.
        rows: Its rows.
    """

    table: str
    title: str
    source: str
    benchmark: BenchmarkName
    config: str
    evaluate: str = ""
    described: str
    comparable: dict[str, Bounds]
    metric: str
    scale: float
    headline: str
    with_others: bool = False
    notes: tuple[str, ...]
    rows: tuple[PaperRow, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, as printed."""
        return tuple(self.rows[0].figures)

    def find(self, row: str) -> PaperRow:
        """Return the row of a name.

        Raises:
            KeyError: There is none.
        """
        return {one.row: one for one in self.rows}[row]

    def is_comparable(self, data: Mapping[str, Any]) -> bool:
        """Tell whether what a benchmark says of its data fits the paper's data."""
        return all(
            low <= float(data.get(key, -1)) <= high for key, (low, high) in self.comparable.items()
        )

    @model_validator(mode="after")
    def _rows_fit(self) -> Self:
        names = {one.row for one in self.rows}
        for one in self.rows:
            if tuple(one.figures) != self.columns or self.headline not in one.figures:
                message = f"table {self.table}, {one.row}: columns {list(one.figures)}"
                raise ValueError(message)
            if one.against and one.against not in names:
                message = f"table {self.table}, {one.row}: no row {one.against!r}"
                raise ValueError(message)
        return self


class TrainingData(_Read):
    """What the paper trained on: bounds of the number of videos, and words."""

    videos: Bounds
    words: str


class Paper(_Read):
    """All tables, and where they are from."""

    source: str
    trained_on: TrainingData
    tables: tuple[PaperTable, ...]


@cache
def read_paper(path: Path = PAPER) -> Paper:
    """Read the paper's tables."""
    return Paper.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
