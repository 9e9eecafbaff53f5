"""The search stage: all vectors as codes that a page can hold, and what that costs."""

import logging
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import EMBEDDINGS, SEARCH
from stpose.artefacts.stores import StoreReader, create_store, open_store
from stpose.embedding_rows import Rows, Vectors, read_vectors, spread, vector_blocks
from stpose.search.codes import Codes, principal_axes, quantise
from stpose.search.neighbours import nearest, other_videos
from stpose.settings.search import SearchSettings

CANDIDATES = (8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072)
NEAREST = 10
_SAMPLE = 4096  # vectors from which the axes are taken

_log = logging.getLogger(__name__)


def write_search(
    embeddings_path: Path, out_path: Path, settings: SearchSettings, code: str = ""
) -> None:
    """Reduce all vectors, scaled to length 1, to codes for the search in the report.

    The fewest axes are taken with which no more than the wanted part of the ten nearest
    crops of other videos is missed, measured against an exact search.

    Attributes of the artefact: axis and scale (of each column of the codes), recall (part of the
    ten nearest that is found), queries (that it was measured by), recalls (by axes tried).
    Rows are those of the embeddings.

    Args:
        embeddings_path: The vectors of all crops.
        out_path: The store to write.
        settings: Of the stage.
        code: Fingerprint of the code.

    Raises:
        ArtefactError: The embeddings are missing or damaged.
    """
    provenance = derive("search", settings, code, [embeddings_path])
    with (
        open_store(embeddings_path, EMBEDDINGS) as store,
        create_store(out_path, SEARCH, provenance) as out,
    ):
        if not len(store):
            out.attributes |= {"axis": [], "scale": [], "recall": 1.0, "queries": 0, "recalls": {}}
            return
        coordinates, energy = _project(store, settings.dimensions)
        queries = spread(len(store), settings.queries)
        allowed = other_videos(store["video"], queries)
        wanted = read_vectors(store, queries)
        exact = nearest(wanted, vector_blocks(store), NEAREST, allowed).rows
        recalls: dict[int, float] = {}
        largest = coordinates.shape[1]
        for dimensions in [*(size for size in CANDIDATES if size < largest), largest]:
            chosen = quantise(coordinates[:, :dimensions], energy)
            recalls[dimensions] = _recall(chosen, queries, exact, allowed)
            if recalls[dimensions] >= 1 - settings.loss:
                break
        out.attributes |= {
            "axis": chosen.axis.tolist(),
            "scale": chosen.scale.tolist(),
            "recall": recalls[dimensions],
            "queries": len(queries),
            "recalls": {str(size): recall for size, recall in recalls.items()},
        }
        out.extend(code=chosen.code, energy=chosen.energy)
    _log.info("%d dimensions, recall %.3f", dimensions, recalls[dimensions])


def _project(store: StoreReader, dimensions: int) -> tuple[Vectors, Vectors]:
    """Return coordinates (n, d) along the principal axes, and squared lengths less the mean."""
    axes = principal_axes(read_vectors(store, spread(len(store), _SAMPLE)), dimensions)
    coordinates, energy = [], []
    for block in vector_blocks(store):
        centred = block - axes.mean
        coordinates.append(centred @ axes.axes)
        energy.append(np.square(centred).sum(axis=1))
    return np.concatenate(coordinates), np.concatenate(energy)


def _recall(codes: Codes, queries: Rows, exact: Rows, allowed: NDArray[np.bool_]) -> float:
    distances = np.where(allowed, codes.distances(queries), np.inf)
    found = np.argsort(distances, axis=1, kind="stable")[:, :NEAREST]
    hits, wanted = 0, 0
    for mine, right in zip(found, exact, strict=True):
        known = right[right >= 0]
        hits += len(np.intersect1d(mine, known))
        wanted += len(known)
    return hits / wanted if wanted else 1.0
