"""The retrieval stage: some crops with the nearest of other videos, learned and by chance.

These are the rows of figure 5 of the supplement, beside the same by random weights.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import EMBEDDINGS, NEIGHBOURS
from stpose.artefacts.stores import open_store
from stpose.artefacts.tables import write_table
from stpose.crop_collection import CropCollection
from stpose.crop_cutting import CropMode
from stpose.embedding_rows import Rows, Vectors, read_vectors, spread, unit_vectors
from stpose.network.alexnet import PoseNetwork
from stpose.network.features import load_network, random_network
from stpose.network.weights import read_weights_header
from stpose.settings.retrieval import RetrievalSettings

_BATCH = 64


def write_retrieval(
    weights_path: Path,
    embeddings_path: Path,
    crops_paths: Sequence[Path],
    out_path: Path,
    settings: RetrievalSettings,
    code: str = "",
) -> None:
    """Find for some crops the nearest ones of other videos, twice.

    Once by the learned vectors and once by a network of the same shape with random weights. Of a
    video only its nearest crop counts.

    Args:
        weights_path: The weights behind the embeddings.
        embeddings_path: The vectors of all crops.
        crops_paths: Crops of all videos.
        out_path: The table to write, sorted by weights, query and rank.
        settings: Of the stage.
        code: Fingerprint of the code.

    Raises:
        ArtefactError: An input is damaged or something else.
    """
    provenance = derive("retrieval", settings, code, [weights_path, embeddings_path, *crops_paths])
    columns: dict[str, list[Any]] = {column.name: [] for column in NEIGHBOURS.columns}
    with open_store(embeddings_path, EMBEDDINGS) as store:
        keys = {name: store[name] for name in ("video", "track", "frame")}
        names = store.attributes["videos"]
        gallery = spread(len(store), settings.gallery)
        learned = read_vectors(store, gallery)
    if len(gallery):
        network = random_network(load_network(weights_path).settings, settings.seed)
        mode = read_weights_header(weights_path).attributes["crop_mode"]
        drawn = unit_vectors(crop_vectors(network, CropCollection(crops_paths), gallery, mode))
        queries = spread(len(gallery), settings.queries)
        video = keys["video"][gallery]
        for weights, vectors in (("random", drawn), ("trained", learned)):
            for number, query in enumerate(queries.tolist()):
                distance = np.linalg.norm(vectors - vectors[query], axis=1)
                found = one_a_video(distance, video, query, settings.neighbours)
                for rank, place in enumerate([query, *found]):
                    row = gallery[place]
                    columns["weights"].append(weights)
                    columns["query"].append(number)
                    columns["rank"].append(rank)
                    columns["video_id"].append(names[keys["video"][row]])
                    columns["track"].append(keys["track"][row])
                    columns["frame"].append(keys["frame"][row])
                    columns["distance"].append(distance[place])
    write_table(out_path, NEIGHBOURS, columns, provenance)


def one_a_video(
    distance: NDArray[np.floating], video: NDArray[np.integer], query: int, count: int
) -> list[int]:
    """Return the nearest places, each in another video than the query and than each other.

    Args:
        distance: (n,) from the query to each.
        video: (n,) number of each one's video.
        query: The place of the query itself.
        count: Most that are wanted.
    """
    taken = {int(video[query])}
    found: list[int] = []
    for place in np.argsort(distance, kind="stable").tolist():
        if len(found) == count:
            break
        if int(video[place]) not in taken:
            taken.add(int(video[place]))
            found.append(place)
    return found


def crop_vectors(
    network: PoseNetwork, collection: CropCollection, rows: Rows, mode: CropMode
) -> Vectors:
    """Return pool5 (n, D) of the people in some crops, cut as in the embeddings."""
    side, box = network.settings.input_px, collection.index.box
    parts = []
    for start in range(0, len(rows), _BATCH):
        part = rows[start : start + _BATCH]
        upright = np.zeros(len(part))
        with torch.inference_mode():
            images = collection.sample(part, box[part], side, upright > 0, upright, "cpu", mode)
            parts.append(network(images).numpy())
    return np.concatenate(parts)
