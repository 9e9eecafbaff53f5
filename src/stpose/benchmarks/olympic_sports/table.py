"""The posture benchmark's table: cues without pixels, and embeddings if there are frames."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from stpose.benchmarks.embedders import Contender, Kind
from stpose.benchmarks.olympic_sports.pixels import posture_distances
from stpose.benchmarks.olympic_sports.protocol import (
    NO_PIXEL_CUES,
    PostureCategory,
    PostureScore,
    mean_of_categories,
    score_distances,
)
from stpose.benchmarks.rows import Row, mean_over_seeds, row_name, scalings
from stpose.settings.benchmarks import BenchmarkSettings, OlympicSportsSettings

Floats = NDArray[np.float64]


def no_pixel_rows(categories: Sequence[PostureCategory]) -> list[Row]:
    """Return the rows of the cues that need no pixels; they are exact."""
    rows = []
    for name, cue in NO_PIXEL_CUES.items():
        score = score_distances(categories, [cue(category) for category in categories])
        rows.append(_row(name, "no-pixel", [score], categories, {}))
    return rows


def pixel_rows(
    folder: Path,
    categories: Sequence[PostureCategory],
    contenders: Sequence[Contender],
    settings: BenchmarkSettings,
    posture: OlympicSportsSettings,
) -> list[Row]:
    """Return the rows of embeddings, one a contender and scaling of its vectors.

    Args:
        folder: The data folder, with frames.
        categories: Its categories.
        contenders: What is compared.
        settings: Which scaling makes the headline.
        posture: Crop and distance.

    Raises:
        InputError: A labelled frame is missing or unreadable.
    """
    wanted = {one.name: _scalings(one, settings, posture) for one in contenders}
    embedders = tuple(part for one in contenders for part in one.embedders)
    variants = {part.name: wanted[one.name] for one in contenders for part in one.embedders}
    distances: dict[Any, list[Floats]] = defaultdict(list)
    for category in categories:
        found = posture_distances(
            folder, category, embedders, variants, posture.crop, posture.distance
        )
        for key, values in found.items():
            distances[key].append(values)
    rows = []
    for contender in contenders:
        for place, scaling in enumerate(wanted[contender.name]):
            scores = [
                score_distances(categories, distances[part.name, scaling])
                for part in contender.embedders
            ]
            is_headline = place == 0
            name = row_name(contender, scaling, is_headline)
            further = {"scaling": scaling}
            rows.append(_row(name, contender.kind, scores, categories, further, is_headline))
    return rows


def _scalings(
    contender: Contender, settings: BenchmarkSettings, posture: OlympicSportsSettings
) -> tuple[Literal["l2", "none"], ...]:
    # Correlation does not change with the length of a vector.
    return scalings(contender, settings)[: 1 if posture.distance == "correlation" else None]


def _row(
    name: str,
    kind: Kind,
    scores: Sequence[PostureScore],
    categories: Sequence[PostureCategory],
    further: Mapping[str, Any],
    headline: bool = True,
) -> Row:
    owner = scores[0].category
    exact = mean_over_seeds([score.exact for score in scores])
    published = mean_over_seeds([score.published for score in scores])
    figures: dict[str, Any] = {
        **further,
        "auc_exact": mean_of_categories(exact, owner),
        "auc_published": mean_of_categories(published, owner),
        "published_by": _by_category(published, owner, categories),
    }
    if len(scores) > 1:
        figures["seeds"] = [mean_of_categories(score.exact, owner) for score in scores]
    return Row(name, kind, exact, _by_category(exact, owner, categories), headline, figures)


def _by_category(
    values: Floats, owner: NDArray[np.int64], categories: Sequence[PostureCategory]
) -> dict[str, float]:
    return {
        category.name: float(values[owner == number].mean())
        for number, category in enumerate(categories)
    }
