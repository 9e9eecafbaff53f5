"""Throughput of training: the real way of the data against one batch that lies ready.

    PYTHONPATH=src python bench/training_throughput.py --network paper --crops 80000

The same network is trained in short segments, by turns on pictures that are drawn, fetched, cut and
changed in colour as in any training, and on one random batch on the device. The ratio is what the
data cost. One iteration before each segment does not count, so that what was read ahead for one way
burdens the other with nothing. Medians over segments; on a GPU the clock
waits for it. On a processor that others use too, its own time says more than that on the wall.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
import yaml
from torch import Tensor

from made_crops import MadeCrops, make_crops
from stpose.crop_collection import CropCollection
from stpose.network.alexnet import PoseNetwork
from stpose.network.devices import choose_device
from stpose.network.weights import draw_weights
from stpose.recipes.footage import read_footage
from stpose.recipes.registry import recipes_in_use
from stpose.settings.experiment import ExperimentSettings
from stpose.training.batches import pictures_ahead
from stpose.training.iteration import iterate
from stpose.training.loop import new_progress
from stpose.training.sampler import Batch, Sampler
from stpose.training.tasks import JointModel

CONFIG = Path(__file__).parent.parent / "config"
NETWORKS = {"paper": "st", "best": "best"}  # file of settings, and the experiment in it
TASKS = {
    "ordering and placement": {"ordering_weight": 1.0, "placement_weight": 0.1},
    "motion": {"ordering_weight": 0.0, "placement_weight": 0.0, "motion": {"weight": 1.0}},
}
Pictures = tuple[Batch, Tensor]


@dataclass(frozen=True)
class Throughput:
    """Images a second of wall time, and of the processor's time, which others do not disturb."""

    wall: float
    processor: float


def experiment(network: str, tasks: str, batch_size: int) -> ExperimentSettings:
    """Return the settings of an experiment of `config`, with other tasks."""
    text = (CONFIG / f"{network}.yaml").read_text(encoding="utf-8")
    values = yaml.safe_load(text)["experiments"][NETWORKS[network]]
    values = {**values, **TASKS[tasks], "rounds": 1, "changes": {}, "iterations": 10**6}
    if batch_size:
        values["batch_size"] = batch_size
    return ExperimentSettings(**values)


def measure(
    made: MadeCrops,
    collection: CropCollection,
    settings: ExperimentSettings,
    device: str,
    iterations: int,
    segments: int,
) -> tuple[Throughput, Throughput]:
    """Train by turns in both ways, and return what the real one and the resident batch reach.

    Args:
        made: What is trained on.
        collection: Its crops.
        settings: The training.
        device: Where to compute.
        iterations: Length of a segment.
        segments: Segments of each way.
    """
    parts = (made.curriculum, None, made.crops, made.motion)
    footage = read_footage(collection.index, collection.size_px, *parts)
    recipes = recipes_in_use(footage, settings)
    sampler = Sampler(recipes, footage.blocks, settings)
    network = PoseNetwork(settings.network)
    draw_weights(network, 0)
    progress = new_progress(JointModel(network, recipes, settings), settings, device)
    real = pictures_ahead(sampler, collection, 0, device)
    batch, pictures = next(real)
    resident = batch, torch.rand_like(pictures)

    def segment(following: Callable[[], Pictures]) -> tuple[float, float]:
        start, processor, images = 0.0, 0.0, 0
        for number in range(-1, iterations):
            if number == 0:
                _wait(device)
                start, processor = time.perf_counter(), time.process_time()
            batch, pictures = following()
            iterate(progress, batch, pictures, settings)
            progress.step += 1
            images += len(pictures) * (number >= 0)
        _wait(device)
        wall = images / (time.perf_counter() - start)
        return wall, images / (time.process_time() - processor)

    rates = [(segment(lambda: next(real)), segment(lambda: resident)) for _ in range(segments)]
    found = (
        Throughput(*(statistics.median(clock) for clock in zip(*way, strict=True)))
        for way in zip(*rates, strict=True)
    )
    return next(found), next(found)


def _wait(device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()


def asked() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--network", choices=[*NETWORKS, "both"], default="both")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    parser.add_argument("--crops", type=int, default=400)
    parser.add_argument("--crop-px", type=int, default=256)
    parser.add_argument("--batch-size", type=int, default=0, help="0: that of the settings")
    parser.add_argument("--iterations", type=int, default=3, help="of a segment")
    parser.add_argument("--segments", type=int, default=5, help="of each way")
    parser.add_argument("--resident-gb", type=float, default=64.0, help="0: decoded for each batch")
    return parser.parse_args()


def figures(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    """Yield a line for each network and its tasks."""
    device = choose_device(options.device)
    made = make_crops(folder, options.crops, options.crop_px)
    collection = CropCollection(
        made.crops, int(options.resident_gb * 10**9), device, mapped_folder=folder
    )
    threads = f"{torch.get_num_threads()} threads"
    place = torch.cuda.get_device_name() if device == "cuda" else threads
    held = "decoded once" if collection.is_held else "decoded for each batch"
    yield f"{options.crops} crops of {options.crop_px} px, {held}; {device}, {place}"
    for network in NETWORKS if options.network == "both" else [options.network]:
        for tasks in TASKS:
            settings = experiment(network, tasks, options.batch_size)
            given = (settings, device, options.iterations, options.segments)
            real, resident = measure(made, collection, *given)
            yield (
                f"{network}, {tasks}: {real.wall:.1f} images/s with the real data, "
                f"{resident.wall:.1f} with a resident batch, ratio {real.wall / resident.wall:.3f}"
                + f", in processor time {real.processor / resident.processor:.3f}"
                * (device == "cpu")
            )


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        for line in figures(asked(), Path(folder)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
