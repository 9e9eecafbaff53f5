"""What was measured: rows of the benchmarks' documents, with the scores behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.documents import read_document
from stpose.artefacts.schemas import SCORES
from stpose.artefacts.tables import read_table
from stpose.benchmarks.intervals import Interval, bootstrap_interval, spread
from stpose.errors import ArtefactError
from stpose.settings.tables import TablesSettings

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """A row: a training, several that differ in the seed, or what needs no training.

    Attributes:
        name: What it is called.
        kind: "trained", "random", "hand-made", "no-pixel" or "oracle".
        value: Its figure, 0 to 1; the mean over seeds.
        by: Further figures by category or part, 0 to 1.
        samples: (n,) scores whose mean the value is, or, by groups, the mean of the groups' means.
        groups: (n,) group of each.
        data: What the benchmark says of its data.
        experiments: Names of the trainings; empty if it needs none.
        seeds: Values of the seeds, 0 to 1; one if there is one.
    """

    name: str
    kind: str
    value: float
    by: Mapping[str, float]
    samples: Floats
    groups: NDArray[np.int64]
    data: Mapping[str, Any]
    experiments: tuple[str, ...] = ()
    seeds: tuple[float, ...] = field(default=())

    @property
    def spread(self) -> float | None:
        """Standard deviation over seeds, 0 to 1; None of a single one."""
        return spread(self.seeds)

    def interval(self, settings: TablesSettings) -> Interval:
        """Return the value with its 95% interval over the samples."""
        return bootstrap_interval(
            self.samples, settings.bootstrap_samples, settings.seed, self.groups
        )

    def gain(self, other: "Measured", settings: TablesSettings) -> Interval | None:
        """Return by how much this is above another, paired; None if the samples are others."""
        if self.samples.shape != other.samples.shape or (self.groups != other.groups).any():
            return None
        return bootstrap_interval(
            self.samples - other.samples, settings.bootstrap_samples, settings.seed, self.groups
        )


def read_measured(path: Path, experiment: str) -> tuple[Measured, ...]:
    """Read the headline rows of one benchmark of one experiment.

    Args:
        path: The benchmark's document; its scores lie beside it.
        experiment: Name of the training.

    Raises:
        ArtefactError: One of the files is missing or damaged, or they do not belong together.
    """
    content = read_document(path, "benchmark")
    scores = read_table(path.with_suffix(".parquet"), SCORES).to_pandas()
    found = []
    for row in content["rows"]:
        if not row["headline"]:
            continue
        mine = scores[scores["row"] == row["name"]]
        if len(mine) != row["n"]:
            message = (
                f"{path.with_suffix('.parquet')}: {len(mine)} scores of {row['name']!r}, "
                f"expected {row['n']} as in {path.name}"
            )
            raise ArtefactError(message)
        is_trained = row["kind"] == "trained"
        found.append(
            Measured(
                name=experiment if is_trained else str(row["name"]),
                kind=str(row["kind"]),
                value=float(row["value"]),
                by={part: float(value) for part, value in row["by"].items()},
                samples=mine["score"].to_numpy(dtype=np.float64),
                groups=mine["group"].to_numpy(dtype=np.int64),
                data=content["data"],
                experiments=(experiment,) if is_trained else (),
                seeds=tuple(row.get("seeds", [row["value"]])),
            )
        )
    return tuple(found)


def over_seeds(rows: Sequence[Measured]) -> Measured:
    """Return the mean of trainings that differ in the seed alone.

    Raises:
        ValueError: They were measured on different samples.
    """
    first = rows[0]
    if any(row.samples.shape != first.samples.shape for row in rows):
        message = f"{[row.name for row in rows]}: measured on different samples"
        raise ValueError(message)
    return Measured(
        name=first.name,
        kind=first.kind,
        value=float(np.mean([row.value for row in rows])),
        by={part: float(np.mean([row.by[part] for row in rows])) for part in first.by},
        samples=np.asarray(np.mean([row.samples for row in rows], axis=0)),
        groups=first.groups,
        data=first.data,
        experiments=tuple(name for row in rows for name in row.experiments),
        seeds=tuple(row.value for row in rows),
    )
