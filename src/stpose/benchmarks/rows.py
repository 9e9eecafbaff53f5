"""The rows of a benchmark's table, and the paired differences between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from stpose.benchmarks.embedders import Contender, Kind
from stpose.benchmarks.intervals import bootstrap_interval
from stpose.benchmarks.vectors import Scaling
from stpose.settings.benchmarks import BenchmarkSettings

Floats = NDArray[np.float64]
_SCALING_NAMES: Mapping[Scaling, str] = {"l2": "L2", "none": "raw", "whitened": "whitened"}


@dataclass(frozen=True)
class Row:
    """What one contender scored, sample by sample.

    Attributes:
        name: What the table calls it.
        kind: What sort of thing it is.
        samples: (n,) score of every exemplar or query, 0 to 1.
        by: Mean score by category or part.
        headline: Whether it is the form of the contender that counts, chosen in the settings.
        further: Other figures of the row, JSON values.
    """

    name: str
    kind: Kind
    samples: Floats
    by: Mapping[str, float]
    headline: bool = True
    further: Mapping[str, Any] = field(default_factory=dict)


def row_content(
    row: Row, settings: BenchmarkSettings, groups: NDArray[np.int64] | None = None
) -> dict[str, Any]:
    """Return a row as JSON values, with its 95% interval over the samples."""
    interval = bootstrap_interval(row.samples, settings.bootstrap_samples, settings.seed, groups)
    return {
        "name": row.name,
        "kind": row.kind,
        "headline": row.headline,
        "value": interval.value,
        "low": interval.low,
        "high": interval.high,
        "n": interval.n,
        "by": dict(row.by),
        **row.further,
    }


def differences(
    rows: Sequence[Row], settings: BenchmarkSettings, groups: NDArray[np.int64] | None = None
) -> list[dict[str, Any]]:
    """Return by how much the trained headline row beats every other, paired sample by sample."""
    trained = next((row for row in rows if row.kind == "trained" and row.headline), None)
    found = []
    for other in rows if trained else ():
        if trained is None or other is trained:
            continue
        gain = trained.samples - other.samples
        interval = bootstrap_interval(gain, settings.bootstrap_samples, settings.seed, groups)
        found.append(
            {
                "name": trained.name,
                "against": other.name,
                "value": interval.value,
                "low": interval.low,
                "high": interval.high,
            }
        )
    return found


def scalings(
    contender: Contender, settings: BenchmarkSettings
) -> tuple[Literal["l2", "none"], ...]:
    """Return the scalings of a contender's vectors that get a row, the headline's first."""
    if not contender.is_network:
        return ("none",)
    return ("l2", "none") if settings.normalise == "l2" else ("none", "l2")


def row_name(contender: Contender, scaling: Scaling, is_headline: bool) -> str:
    """Return what the table calls a contender with vectors scaled so."""
    if is_headline:
        return contender.name
    return f"{contender.name} ({_SCALING_NAMES[scaling]})"


def mean_over_seeds(scores: Sequence[Floats]) -> Floats:
    """Return the mean over seeds of scores that are otherwise alike."""
    return np.asarray(np.mean(scores, axis=0), dtype=np.float64)
