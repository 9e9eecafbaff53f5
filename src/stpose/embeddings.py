"""The embeddings stage: pool5 of every crop (paper 3.4)."""

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import EMBEDDINGS
from stpose.artefacts.stores import create_store
from stpose.crop_collection import CropCollection
from stpose.gpu_memory import in_parts_that_fit
from stpose.network.devices import choose_device
from stpose.network.features import ADVICE, load_network
from stpose.network.weights import read_weights_header
from stpose.settings.embeddings import EmbeddingsSettings

_log = logging.getLogger(__name__)


def write_embeddings(
    weights_path: Path,
    crops_paths: Sequence[Path],
    out_path: Path,
    settings: EmbeddingsSettings,
    code: str = "",
) -> None:
    """Compute pool5 of the person in every crop, batch by batch.

    The person's box is cut as in the training that made the weights.

    Args:
        weights_path: Weights of the training stage.
        crops_paths: Crops of all videos.
        out_path: The store to write, rows sorted by video, track and frame.
        settings: How it is computed.
        code: Fingerprint of the code.

    Raises:
        ArtefactError: An input is damaged or something else.
        InputError: The crops differ in size, there is no GPU where one is asked for, or a single
            crop does not fit in its memory. A batch that does not is computed in halves.
    """
    device = choose_device(settings.device)
    network = load_network(weights_path, device)
    crop_mode = read_weights_header(weights_path).attributes["crop_mode"]
    collection = CropCollection(crops_paths)
    index = collection.index
    provenance = derive("embeddings", settings, code, [weights_path, *crops_paths])

    @torch.inference_mode()
    def compute(batch: NDArray[np.int64], part: slice) -> NDArray[np.float32]:
        rows = batch[part]
        upright = np.zeros(len(rows))
        side, boxes = network.settings.input_px, index.box[rows]
        images = collection.sample(rows, boxes, side, upright > 0, upright, device, crop_mode)
        return np.asarray(network(images).cpu())

    with create_store(out_path, EMBEDDINGS, provenance) as store:
        store.attributes["videos"] = list(index.videos)
        starts = range(0, len(index), settings.batch)
        for start in tqdm(starts, unit="batch", disable=None):
            rows = np.arange(start, min(start + settings.batch, len(index)))
            parts = in_parts_that_fit(partial(compute, rows), len(rows), ADVICE)
            vectors = np.concatenate([found for _, found in parts])
            store.extend(
                video=index.video[rows],
                track=index.track[rows],
                frame=index.frame[rows],
                vector=vectors.astype(np.float16),
            )
    _log.info("%d crops of %d videos", len(index), len(index.videos))
