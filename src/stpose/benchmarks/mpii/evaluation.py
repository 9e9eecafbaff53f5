"""One embedding on retrieval by pose, and what it is compared with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stpose.benchmarks.embedders import Contender
from stpose.benchmarks.mpii.figures import Retrieval, summarise
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
from stpose.benchmarks.mpii.split import Split
from stpose.errors import InputError
from stpose.settings.benchmarks import BenchmarkSettings

PICTURE_FREE = ("pose", "random-neighbour", "aspect")


@dataclass(frozen=True)
class RetrievalTask:
    """Who is asked for and who is searched.

    Attributes:
        folder: The data folder.
        queries: Who is asked for.
        gallery: Who is searched.
    """

    folder: Path
    queries: Pool
    gallery: Pool


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
    return RetrievalTask(folder, queries, gallery)


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
        return _retrieval(embedding, [score_random(asked, searched)])
    if embedding in PICTURE_FREE:
        rows = (
            pose_neighbours(asked, searched)
            if embedding == "pose"
            else aspect_neighbours(task.queries, task.gallery)
        )
        return _retrieval(embedding, [score_neighbours(asked, searched, rows)])
    contender = choose(embedding)
    found = picture_neighbours(task.folder, task.queries, task.gallery, contender, settings)
    by_scaling = {
        scaling: _retrieval(
            embedding, [score_neighbours(asked, searched, rows) for rows in several]
        )
        for scaling, several in found.items()
    }
    first = next(iter(by_scaling.values()))
    how: dict[str, Any] = {
        "by_scaling": {
            scaling: {
                f"{name}@{k}": value
                for name, values in summarise(one.samples).items()
                for k, value in values.items()
            }
            for scaling, one in by_scaling.items()
        }
    }
    if len(contender.embedders) > 1:
        how["networks"] = len(contender.embedders)
    return Retrieval(embedding, first.samples, how)


def _retrieval(name: str, scores: Sequence[RetrievalScore]) -> Retrieval:
    """Return the mean over several networks, query by query."""
    samples = {
        metric: np.asarray(np.mean([getattr(score, metric) for score in scores], axis=0))
        for metric in METRICS
    }
    return Retrieval(name, samples, {})
