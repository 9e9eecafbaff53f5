"""The training loop: batches in, weights and metrics out (paper 3.4 and 4.1)."""

import logging
import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor
from tqdm import tqdm

from stpose.crop_collection import CropCollection
from stpose.crop_cutting import box_transforms, cut_boxes
from stpose.recipes.augmentation import jitter_colours
from stpose.recipes.recipe import MEASURES
from stpose.settings.experiment import ExperimentSettings
from stpose.training.checkpoint import Progress
from stpose.training.metrics import Moment, metric_rows, row_in_words
from stpose.training.sampler import Batch, Sampler
from stpose.training.tasks import Answers, JointModel, task_names

_log = logging.getLogger(__name__)


def new_progress(model: JointModel, settings: ExperimentSettings, device: str) -> Progress:
    """Return the state before the first iteration; the model is moved to the device."""
    model.to(device)
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
    return Progress(model, optimiser, scaler, sums)


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
    batches = _batches(sampler, collection, progress.step)
    bar = tqdm(
        batches, total=settings.iterations, initial=progress.step, unit="iteration", disable=None
    )
    # Dropout draws from PyTorch's own generator; what it was outside is put back at the end.
    with torch.random.fork_rng([torch.cuda.current_device()] if device == "cuda" else []):
        for batch, crops in bar:
            _set_rates(progress, settings)
            _iterate(progress, batch, cut_pictures(batch, crops, settings, device), settings)
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


def _iterate(
    progress: Progress, batch: Batch, images: Tensor, settings: ExperimentSettings
) -> None:
    torch.manual_seed(settings.seed << 32 | progress.step)
    precision = getattr(torch, settings.gpu_precision)
    is_mixed = images.is_cuda and precision is not torch.float32
    progress.model.train()
    with torch.autocast(images.device.type, precision if is_mixed else None, enabled=is_mixed):
        answers: Answers = progress.model(images, batch)
    progress.optimiser.zero_grad()
    progress.scaler.scale(answers.loss).backward()  # type: ignore[no-untyped-call]
    progress.scaler.step(progress.optimiser)
    progress.scaler.update()
    progress.sums += answers.sums


def cut_pictures(batch: Batch, crops: Tensor, settings: ExperimentSettings, device: str) -> Tensor:
    """Return the pictures (N, 3, S, S) of a batch, in 0 to 1, cut out of its crops.

    Args:
        batch: What is drawn.
        crops: (N, 3, size, size) uint8 crops, those of the batch.
        settings: How boxes are made square, and how much colours change.
        device: Where to compute.
    """
    input_px = settings.network.input_px
    transforms = box_transforms(
        batch.boxes, crops.shape[-1], batch.mirror, batch.rotation, settings.crop_mode
    )
    images = cut_boxes(crops.to(device, non_blocking=True), transforms, input_px)
    if settings.colour_jitter:
        images = jitter_colours(images, torch.from_numpy(batch.colours).float().to(device))
    return images


def _batches(
    sampler: Sampler, collection: CropCollection, start: int
) -> Iterator[tuple[Batch, Tensor]]:
    """Yield batches and their crops, drawn and fetched one batch ahead of the network.

    On a GPU, drawing a batch takes up to half the time of an iteration (3 of 7 ms, measured).
    """

    def prepare(step: int) -> tuple[Batch, Tensor]:
        batch = sampler.batch(step)
        return batch, collection.fetch(batch.crops)

    steps = range(start, sampler.settings.iterations)
    with ThreadPoolExecutor(1) as pool:
        submitted = (pool.submit(prepare, step) for step in steps)
        following = next(submitted, None)
        while following is not None:
            ready, following = following, next(submitted, None)
            yield ready.result()


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
