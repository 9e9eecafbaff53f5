"""One embedding on retrieval by pose, and what it is compared with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.benchmarks.embedders import Contender
from stpose.benchmarks.intervals import bootstrap_interval
from stpose.benchmarks.mpii.people import MpiiPeople
from stpose.benchmarks.mpii.pools import Pool, aspect_neighbours, make_pool, picture_neighbours
from stpose.benchmarks.mpii.retrieval import (
    METRICS,
    NEIGHBOURS,
    RetrievalScore,
    pose_neighbours,
    score_neighbours,
    score_random,
)
from stpose.benchmarks.mpii.split import PARTS, Split
from stpose.errors import InputError
from stpose.settings.benchmarks import BenchmarkSettings

PICTURE_FREE = ("pose", "random-neighbour", "aspect")
# The numbers of neighbours that stand in tables.
SUMMARY = (1, 10, 50)

Floats = NDArray[np.float64]


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


@dataclass(frozen=True)
class RetrievalTask:
    """Who is asked for and who is searched.

    Attributes:
        folder: The data folder.
        queries: Who is asked for.
        gallery: Who is searched.
        split: Where the two come from.
    """

    folder: Path
    queries: Pool
    gallery: Pool
    split: Split


def make_task(folder: Path, people: MpiiPeople, split: Split) -> RetrievalTask:
    """Cut out the people of a split.

    Raises:
        InputError: There is no query, or there are fewer people to search than neighbours.
    """
    if not len(split.queries) or len(split.gallery) < NEIGHBOURS:
        message = (
            f"{people.source}: {len(split.queries)} queries and {len(split.gallery)} people to "
            f"search ({split.origin}), expected at least 1 and {NEIGHBOURS}"
        )
        raise InputError(message)
    queries, gallery = (make_pool(people.take(rows)) for rows in (split.queries, split.gallery))
    return RetrievalTask(folder, queries, gallery, split)


def evaluate_retrieval(
    task: RetrievalTask,
    embedding: str,
    settings: BenchmarkSettings,
    choose: Callable[[str], Contender],
) -> Retrieval:
    """Measure the neighbours that an embedding finds.

    Args:
        task: Who is asked for and who is searched; `images/` is needed unless the embedding is one
            of `PICTURE_FREE`.
        embedding: One of `PICTURE_FREE`, or what `choose` knows.
        settings: Scaling of vectors, seeds.
        choose: Returns the embedding of a name.

    Raises:
        InputError: A picture is missing or unreadable, or there is no such embedding.
    """
    asked, searched = task.queries.joints, task.gallery.joints
    if embedding == "random-neighbour":
        return _retrieval(embedding, [score_random(asked, searched)], {})
    if embedding in PICTURE_FREE:
        rows = (
            pose_neighbours(asked, searched)
            if embedding == "pose"
            else aspect_neighbours(task.queries, task.gallery)
        )
        return _retrieval(embedding, [score_neighbours(asked, searched, rows)], {})
    contender = choose(embedding)
    found = picture_neighbours(task.folder, task.queries, task.gallery, contender, settings)
    by_scaling = {
        scaling: _retrieval(
            embedding, [score_neighbours(asked, searched, rows) for rows in several], {}
        )
        for scaling, several in found.items()
    }
    first = next(iter(by_scaling.values()))
    how: dict[str, Any] = {
        "by_scaling": {
            scaling: {
                f"{name}@{k}": value
                for name, values in _summary(one.samples).items()
                for k, value in values.items()
            }
            for scaling, one in by_scaling.items()
        }
    }
    if len(contender.embedders) > 1:
        how["networks"] = len(contender.embedders)
    return Retrieval(embedding, first.samples, how)


def retrieval_content(
    task: RetrievalTask, found: Retrieval, settings: BenchmarkSettings
) -> dict[str, Any]:
    """Return all as one JSON object: distances in px of the 227 px frame, hit rates 0 to 1."""
    counts = task.split.counts()
    return {
        "benchmark": "mpii",
        "embedding": found.embedding,
        **counts,
        "split": task.split.origin,
        "note": _size_note(counts),
        "summary": _summary(found.samples),
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
        "difference": {"against": other.embedding, **_summary(gain)},
        "difference_intervals": _intervals(gain, settings),
    }


def _retrieval(name: str, scores: Sequence[RetrievalScore], how: Mapping[str, Any]) -> Retrieval:
    """Return the mean over several networks, query by query."""
    samples = {
        metric: np.asarray(np.mean([getattr(score, metric) for score in scores], axis=0))
        for metric in METRICS
    }
    return Retrieval(name, samples, how)


def _summary(samples: Mapping[str, Floats]) -> dict[str, dict[str, float]]:
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
    if all(counts[part] >= count for part, count in PARTS.items()):
        return "As many people as in the paper."
    return (
        "Fewer people than the paper's 10000 to train on, 1919 queries and 8000 to search: "
        "figures cannot be compared with figure 4."
    )
