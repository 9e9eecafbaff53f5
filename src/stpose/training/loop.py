"""The training loop: batches in, weights and metrics out (paper 3.4 and 4.1)."""

import logging
import math
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from tqdm import tqdm

from stpose.crop_collection import CropCollection
from stpose.recipes.recipe import MEASURES
from stpose.settings.experiment import ExperimentSettings
from stpose.training.batches import pictures_ahead
from stpose.training.checkpoint import Progress
from stpose.training.iteration import iterate
from stpose.training.metrics import Moment, metric_rows, row_in_words
from stpose.training.sampler import Sampler
from stpose.training.shared_batch import share_statistics
from stpose.training.tasks import JointModel, task_names

_log = logging.getLogger(__name__)


def new_progress(model: JointModel, settings: ExperimentSettings, device: str) -> Progress:
    """Return the state before the first iteration; the model is moved to the device."""
    model.to(device)
    answering: nn.Module = model
    if model.processes.count > 1:
        share_statistics(model.network)
        own = [torch.cuda.current_device()] if device == "cuda" else None
        answering = DistributedDataParallel(model, own)
    groups = [
        {"params": list(model.network.parameters()), "lr": settings.convolution_learning_rate},
        {"params": list(model.heads.parameters()), "lr": settings.learning_rate},
    ]
    kinds = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
    optimiser = kinds[settings.optimiser](groups, weight_decay=settings.weight_decay, fused=True)
    uses_scaler = device == "cuda" and settings.gpu_precision == "float16"
    scaler = torch.amp.GradScaler(device, enabled=uses_scaler)
    shape = (len(task_names(model.recipes)), len(MEASURES))
    sums = torch.zeros(shape, dtype=torch.float64, device=device)
    return Progress(model, answering, optimiser, scaler, sums)


def run(
    progress: Progress,
    sampler: Sampler,
    collection: CropCollection,
    device: str,
    keep: Callable[[Progress], None],
) -> None:
    """Train from where `progress` stands to the last iteration.

    Args:
        progress: The state; changed in place.
        sampler: Draws the batch of each iteration.
        collection: The crops.
        device: Where to compute.
        keep: Called every `checkpoint_every` iterations to save the state.

    Raises:
        InputError: The loss is not finite any more.
    """
    settings = sampler.settings
    clock = _Clock(progress.seconds)
    images = 0
    processes = progress.model.processes
    batches = pictures_ahead(sampler, collection, progress.step, device, processes)
    bar = tqdm(
        batches,
        total=settings.iterations,
        initial=progress.step,
        unit="iteration",
        disable=None if processes.is_first else True,
    )
    # Dropout draws from PyTorch's own generator; what it was outside is put back at the end.
    with torch.random.fork_rng([torch.cuda.current_device()] if device == "cuda" else []):
        for batch, pictures in bar:
            _set_rates(progress, settings)
            iterate(progress, batch, pictures, settings)
            images += len(batch.crops)
            progress.step += 1
            is_last = progress.step == settings.iterations
            if progress.step % settings.log_every == 0 or is_last:
                sums = progress.sums.cpu()
                rate, images = images / clock.lap(), 0
                progress.seconds = clock.total
                learning_rate = progress.optimiser.param_groups[1]["lr"]
                moment = Moment(progress.step, batch.block, rate, clock.total, learning_rate)
                _record(progress, sums, moment, settings)
            if progress.step % settings.checkpoint_every == 0 and not is_last:
                progress.seconds = clock.total
                keep(progress)


def _set_rates(progress: Progress, settings: ExperimentSettings) -> None:
    factor = 1.0
    if settings.schedule == "cosine":
        factor = 0.5 * (1 + math.cos(math.pi * progress.step / settings.iterations))
    rates = (settings.convolution_learning_rate, settings.learning_rate)
    for group, rate in zip(progress.optimiser.param_groups, rates, strict=True):
        group["lr"] = rate * factor


def _record(progress: Progress, sums: Tensor, moment: Moment, settings: ExperimentSettings) -> None:
    rows = metric_rows(task_names(progress.model.recipes), sums, moment)
    progress.rows.extend(rows)
    progress.sums.zero_()
    for row in rows:
        _log.info(
            "iteration %d of %d, block %d, %s: %s, %.0f images/s",
            row["step"],
            settings.iterations,
            row["block"],
            row["task"],
            row_in_words(row),
            row["images_per_second"],
        )


class _Clock:
    """Wall time, that of earlier runs included."""

    def __init__(self, before: float) -> None:
        self._start = time.monotonic() - before
        self._lap = time.monotonic()

    @property
    def total(self) -> float:
        return time.monotonic() - self._start

    def lap(self) -> float:
        """Return the time since the last call."""
        now = time.monotonic()
        self._lap, lap = now, now - self._lap
        return max(lap, 1e-9)
