"""One iteration: pictures in, weights moved."""

import torch
from torch import Tensor

from stpose.settings.experiment import ExperimentSettings
from stpose.training.checkpoint import Progress
from stpose.training.sampler import Batch
from stpose.training.tasks import Answers


def iterate(progress: Progress, batch: Batch, images: Tensor, settings: ExperimentSettings) -> None:
    """Move the weights by the gradient of one batch, and add up what goes into the metrics.

    Args:
        progress: The state; changed in place, but for its `step`.
        batch: What the pictures are.
        images: (N, 3, S, S) in 0 to 1, on the device of the model; this process's share.
        settings: Those of the round.
    """
    torch.manual_seed(settings.seed << 32 | progress.step)
    precision = getattr(torch, settings.gpu_precision)
    is_mixed = images.is_cuda and precision is not torch.float32
    progress.model.train()
    with torch.autocast(images.device.type, precision if is_mixed else None, enabled=is_mixed):
        answers: Answers = progress.answering(images, batch)
    progress.optimiser.zero_grad()
    progress.scaler.scale(answers.loss).backward()  # type: ignore[no-untyped-call]
    progress.scaler.step(progress.optimiser)
    progress.scaler.update()
    progress.sums += answers.sums
