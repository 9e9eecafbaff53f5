"""The table of Leeds Sports Pose: ground truth, chance, cues without pixels, and embeddings."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.benchmarks.cutting import cut_region
from stpose.benchmarks.embedders import Contender, Kind, embed
from stpose.benchmarks.lsp.protocol import (
    NEIGHBOURS,
    Pool,
    PoseScore,
    aspect_neighbours,
    pose_neighbours,
    random_neighbour_score,
    score_neighbours,
)
from stpose.benchmarks.metrics import PARTS
from stpose.benchmarks.rows import Row, mean_over_seeds, row_name, scalings
from stpose.benchmarks.vectors import (
    Scaling,
    Vectors,
    nearest,
    scale_vectors,
    whiten_vectors,
)
from stpose.settings.benchmarks import BenchmarkSettings

Neighbours = NDArray[np.int64]

# Directions kept in whitening; with more the noise of the last ones counts as much as the rest.
_WHITENED = 128


def pixel_free_rows(gallery: Pool, queries: Pool) -> list[Row]:
    """Return the rows that need no pictures: the best possible, chance, and the box's shape."""
    best = score_neighbours(gallery, queries, pose_neighbours(gallery, queries))
    aspect = score_neighbours(gallery, queries, aspect_neighbours(gallery, queries))
    return [
        _row("pose", "oracle", [best]),
        _row("random-neighbour", "no-pixel", [random_neighbour_score(gallery, queries)]),
        _row("aspect", "no-pixel", [aspect]),
    ]


def picture_rows(
    gallery: Pool, queries: Pool, contenders: Sequence[Contender], settings: BenchmarkSettings
) -> tuple[list[Row], dict[str, Neighbours]]:
    """Return the rows of embeddings, and the neighbours behind each.

    Args:
        gallery: The images searched.
        queries: The images whose pose is asked for.
        contenders: What is compared.
        settings: Which scaling makes the headline.

    Returns:
        A row a contender and scaling, and by the row's name the neighbours (Q, 5) that its first
        embedder finds, as rows of the gallery.

    Raises:
        InputError: An image is missing or unreadable.
    """
    embedders = tuple(part for one in contenders for part in one.embedders)
    members = (*gallery.members, *queries.members)
    regions = np.concatenate([gallery.regions, queries.regions])

    def open_picture(row: int) -> Callable[[int], NDArray[np.uint8]]:
        known, number = members[row]
        image = known.read_image(number)
        return lambda side: cut_region(image, regions[row], side)

    vectors = embed(embedders, len(members), open_picture, "Leeds Sports Pose")
    rows, neighbours = [], {}
    for contender in contenders:
        for place, scaling in enumerate(_scalings(contender, settings)):
            found = []
            for part in contender.embedders:
                scaled = _scaled(vectors[part.name], scaling, len(gallery))
                found.append(nearest(scaled[len(gallery) :], scaled[: len(gallery)], NEIGHBOURS))
            name = row_name(contender, scaling, place == 0)
            scores = [score_neighbours(gallery, queries, each) for each in found]
            rows.append(_row(name, contender.kind, scores, scaling, place == 0))
            neighbours[name] = found[0]
    return rows, neighbours


def _scalings(contender: Contender, settings: BenchmarkSettings) -> tuple[Scaling, ...]:
    # Whitening is the best that random weights can do, so networks are judged by it too.
    more: tuple[Scaling, ...] = ("whitened",) if contender.is_network else ()
    return (*scalings(contender, settings), *more)


def _scaled(vectors: Vectors, scaling: Scaling, gallery: int) -> Vectors:
    """Return vectors scaled; they are whitened, after L2, by the first `gallery` of them."""
    if scaling != "whitened":
        return scale_vectors(vectors, scaling)
    unit = scale_vectors(vectors, "l2")
    directions = max(1, min(_WHITENED, gallery // 4))
    return whiten_vectors(unit, unit[:gallery], directions)


def _row(
    name: str,
    kind: Kind,
    scores: Sequence[PoseScore],
    scaling: Scaling | None = None,
    headline: bool = True,
) -> Row:
    first = mean_over_seeds([score.first for score in scores])
    five = mean_over_seeds([score.five for score in scores])
    further: dict[str, Any] = {"k5": float(five.mean())}
    if scaling is not None:
        further["scaling"] = scaling
    if len(scores) > 1:
        further["seeds"] = [float(score.first.mean()) for score in scores]
    by = dict(zip(PARTS, first.mean(axis=0).tolist(), strict=True))
    return Row(name, kind, first.mean(axis=1), by, headline, further)
