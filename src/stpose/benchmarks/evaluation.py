"""One embedding on one benchmark: its figures for a person or a program to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.benchmarks.intervals import Interval, bootstrap_interval
from stpose.errors import InputError
from stpose.settings.benchmarks import BenchmarkSettings


@dataclass(frozen=True)
class Evaluation:
    """What an embedding scored.

    Attributes:
        benchmark: Name of the benchmark.
        embedding: Name of the embedding.
        samples: (n,) score of every exemplar, query or video, in the unit of the figures.
        groups: (n,) group of each sample, whose means are averaged; None for one group.
        figures: JSON values, what the benchmark reports.
    """

    benchmark: str
    embedding: str
    samples: NDArray[np.float64]
    groups: NDArray[np.int64] | None
    figures: Mapping[str, Any]

    def interval(self, settings: BenchmarkSettings) -> Interval:
        """Return the mean score with its 95% interval."""
        return bootstrap_interval(
            self.samples, settings.bootstrap_samples, settings.seed, self.groups
        )

    def content(self, settings: BenchmarkSettings) -> dict[str, Any]:
        """Return all as one JSON object."""
        interval = self.interval(settings)
        return {
            "benchmark": self.benchmark,
            "embedding": self.embedding,
            **self.figures,
            "interval": [interval.low, interval.high],
            "n": interval.n,
        }


def difference(one: Evaluation, other: Evaluation, settings: BenchmarkSettings) -> dict[str, Any]:
    """Return by how much `one` is above `other`, paired sample by sample, with its interval.

    Raises:
        InputError: They are not of the same samples.
    """
    if one.benchmark != other.benchmark or len(one.samples) != len(other.samples):
        message = (
            f"{one.benchmark} of {len(one.samples)} samples and {other.benchmark} of "
            f"{len(other.samples)}: expected the same samples to pair"
        )
        raise InputError(message)
    gain = bootstrap_interval(
        one.samples - other.samples, settings.bootstrap_samples, settings.seed, one.groups
    )
    return {
        "against": other.embedding,
        "value": gain.value,
        "interval": [gain.low, gain.high],
    }
