"""What pool5 is on average, so that vectors can be compared by how they differ from it."""

import numpy as np
import torch
from torch import Tensor

from stpose.crop_collection import CropCollection
from stpose.network.alexnet import PoseNetwork
from stpose.recipes.footage import Footage
from stpose.settings.experiment import ExperimentSettings

# With 700 people the means did what those of every place did (docs/learning.md, entry 12).
PEOPLE = 1024
_BATCH = 32


@torch.inference_mode()
def channel_means(
    network: PoseNetwork,
    footage: Footage,
    collection: CropCollection,
    settings: ExperimentSettings,
    device: str,
) -> Tensor:
    """Return the means of pool5's channels (C,) over people spread evenly over the curriculum.

    Activations are positive for the most part, so all vectors point into one corner and their
    angles tell little; about the mean they point in all directions (docs/learning.md, entry 12).
    One number a channel serves pictures of any size.

    Args:
        network: The trained network; its mode is left as it is found.
        footage: What the training drew from.
        collection: The crops.
        settings: Those of the training; vectors are taken as they say.
        device: Where the network is.

    Raises:
        InputError: No frame of the curriculum shows a person.
        ArtefactError: A crop is damaged.
    """
    crops, _ = footage.people(1, "the centre of vectors")
    chosen = crops[np.linspace(0, len(crops) - 1, min(len(crops), PEOPLE)).astype(np.int64)]
    side = settings.vector_network.input_px
    was_training = network.training
    network.eval()
    total = torch.zeros(len(network.centre), dtype=torch.float64)
    for start in range(0, len(chosen), _BATCH):
        rows = chosen[start : start + _BATCH]
        upright = np.zeros(len(rows))
        boxes = footage.index.box[rows]
        pictures = collection.sample(
            rows, boxes, side, upright > 0, upright, device, settings.crop_mode
        )
        maps = network.maps(pictures).float().cpu().double()
        total += maps.mean((2, 3)).sum(0)
    network.train(was_training)
    return (total / len(chosen)).float()
