"""The figures of retrieval by pose, for a person or a program to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.benchmarks.intervals import bootstrap_interval
from stpose.benchmarks.mpii.split import PARTS, Split
from stpose.settings.benchmarks import BenchmarkSettings

Floats = NDArray[np.float64]

# The numbers of neighbours that stand in tables.
SUMMARY = (1, 10, 50)


@dataclass(frozen=True)
class Retrieval:
    """What an embedding scored.

    Attributes:
        embedding: Its name.
        samples: By metric (Q, 50): of each query, for K = 1 to 50.
        how: Further JSON values: scalings and seeds.
    """

    embedding: str
    samples: Mapping[str, Floats]
    how: Mapping[str, Any]

    def curves(self) -> dict[str, list[float]]:
        """Return the mean over queries by metric, for K = 1 to 50."""
        return {name: values.mean(axis=0).tolist() for name, values in self.samples.items()}


def retrieval_content(
    split: Split, found: Retrieval, settings: BenchmarkSettings
) -> dict[str, Any]:
    """Return all as one JSON object: distances in px of the 227 px frame, hit rates 0 to 1."""
    counts = split.counts()
    return {
        "benchmark": "mpii",
        "embedding": found.embedding,
        **counts,
        "split": split.origin,
        "note": _size_note(counts),
        "summary": summarise(found.samples),
        "intervals": _intervals(found.samples, settings),
        "curves": found.curves(),
        **found.how,
    }


def retrieval_difference(
    one: Retrieval, other: Retrieval, settings: BenchmarkSettings
) -> dict[str, Any]:
    """Return by how much `one` is above `other`, paired query by query, as further JSON values.

    Of pose distances, less is better.
    """
    gain = {name: values - other.samples[name] for name, values in one.samples.items()}
    return {
        "difference": {"against": other.embedding, **summarise(gain)},
        "difference_intervals": _intervals(gain, settings),
    }


def summarise(samples: Mapping[str, Floats]) -> dict[str, dict[str, float]]:
    """Return the mean over queries by metric and number of neighbours, of samples (Q, 50)."""
    return {
        name: {str(k): float(values[:, k - 1].mean()) for k in SUMMARY}
        for name, values in samples.items()
    }


def _intervals(
    samples: Mapping[str, Floats], settings: BenchmarkSettings
) -> dict[str, dict[str, list[float]]]:
    found: dict[str, dict[str, list[float]]] = {}
    for name, values in samples.items():
        found[name] = {}
        for k in SUMMARY:
            interval = bootstrap_interval(
                values[:, k - 1], settings.bootstrap_samples, settings.seed
            )
            found[name][str(k)] = [interval.low, interval.high]
    return found


def _size_note(counts: Mapping[str, int]) -> str:
    if all(counts[part] >= PARTS[part] for part in ("queries", "gallery")):
        return "As many people are asked for and searched as in the paper."
    return (
        "Fewer people than the paper's 10000 to train on, 1919 queries and 8000 to search: "
        "figures cannot be compared with figure 4."
    )
