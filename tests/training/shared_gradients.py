"""Compares what processes that share out a batch make of it with what one makes of the whole.

python -m torch.distributed.run --nproc-per-node 3 shared_gradients.py ROUND.json
"""

import sys
from copy import deepcopy
from pathlib import Path

import torch

from stpose.crop_collection import CropCollection
from stpose.network.alexnet import PoseNetwork
from stpose.network.weights import draw_weights
from stpose.recipes.footage import read_footage
from stpose.recipes.registry import recipes_in_use
from stpose.training.batches import pictures_ahead
from stpose.training.launch import Round
from stpose.training.loop import new_progress
from stpose.training.processes import ALONE, joined_processes
from stpose.training.sampler import Sampler
from stpose.training.tasks import JointModel


# In double precision: rounding would move maxima of pooling, and with them whole gradients.
def answer(network, given, processes):
    collection = CropCollection(given.crops)
    parts = (given.curriculum, None, given.crops, given.motion)
    footage = read_footage(collection.index, collection.size_px, *parts)
    settings = given.settings
    recipes = recipes_in_use(footage, settings)
    model = JointModel(deepcopy(network), recipes, settings, processes).double().train()
    progress = new_progress(model, settings, "cpu")
    sampler = Sampler(recipes, footage.blocks, settings)
    batch, pictures = next(pictures_ahead(sampler, collection, 0, "cpu", processes))
    torch.manual_seed(0)  # of dropout
    answers = progress.answering(pictures.double(), batch)
    answers.loss.backward()
    gradients = {name: values.grad for name, values in model.named_parameters()}
    return answers.loss.detach(), gradients, dict(model.named_buffers())


def main():
    torch.set_num_threads(1)
    given = Round.from_json(Path(sys.argv[1]).read_text())
    network = PoseNetwork(given.settings.network)
    draw_weights(network, 0)
    with joined_processes("cpu") as processes:
        shared = answer(network, given, processes)
        alone = answer(network, given, ALONE)
    for one, other in zip(shared, alone, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)
    sizes = [float(values.abs().max()) for values in alone[1].values()]
    assert min(sizes) > 1e-4  # gradients are none of the tolerance's size
    print("the same", flush=True)


if __name__ == "__main__":
    main()
