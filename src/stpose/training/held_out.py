"""How well a round answers its questions on videos that it has not learned from."""

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from stpose.auc import exact_auc
from stpose.crop_collection import CropCollection
from stpose.errors import InputError
from stpose.recipes.footage import Footage
from stpose.recipes.registry import recipes_in_use
from stpose.settings.experiment import ExperimentSettings
from stpose.training.batches import cut_pictures
from stpose.training.metrics import Moment, metric_rows
from stpose.training.sampler import Sampler
from stpose.training.tasks import JointModel, task_names

_log = logging.getLogger(__name__)

_SHOWN = ("loss", "trivial_loss", "accuracy", "chance", "rank1")
# Pictures as they are: what is changed in training to have more of them is left alone here.
_UNCHANGED = dict.fromkeys(
    ("mirror", "rotation", "shift", "scale", "colour_jitter", "grey_share"), 0.0
)
_SAMPLES = 1000


def measure_held_out(
    model: JointModel,
    footage: Footage,
    collection: CropCollection,
    settings: ExperimentSettings,
    device: str,
) -> dict[str, dict[str, Any]] | None:
    """Ask a trained network its questions about footage that was held out.

    Args:
        model: Network and heads; left in training mode.
        footage: What was held out; all its curriculum blocks are drawn from.
        collection: All crops.
        settings: Those of the round.
        device: Where to compute.

    Returns:
        For each task its mean loss, the loss without a picture, accuracy, chance and rank 1, the
        number of samples and, where it answers yes or no, `auc` with `auc_low` and `auc_high`,
        95% over videos. None if there is too little to draw from.

    Raises:
        ArtefactError: A crop or a motion map is damaged.
    """
    plain = settings.model_copy(update={**_UNCHANGED, "curriculum": False})
    try:
        recipes = recipes_in_use(footage, plain)
    except InputError as error:
        _log.warning("nothing is measured on the videos held out: %s", error)
        return None
    asked = JointModel(model.network, recipes, plain)
    asked.heads = model.heads
    asked.eval()
    sampler = Sampler(recipes, footage.blocks, plain)
    scores: dict[str, list[tuple[Tensor, NDArray[np.int64]]]] = {}
    sums = torch.zeros((), dtype=torch.float64, device=device)
    with torch.inference_mode():
        for step in range(settings.held_out_batches):
            batch = sampler.batch(step)
            images = cut_pictures(batch, collection, plain, device)
            answers = asked(images, batch)
            sums = sums + answers.sums
            for task, found in answers.scores.items():
                videos = footage.index.video[found.crops].astype(np.int64)
                scores.setdefault(task, []).append((found.values.float().cpu(), videos))
    model.train()
    rows = metric_rows(task_names(recipes), sums.cpu(), Moment(0, 0, 0.0, 0.0, 0.0))
    samples = dict(zip(task_names(recipes), sums[:, 0].tolist(), strict=True))
    return {
        row["task"]: {name: row[name] for name in _SHOWN}
        | {"samples": int(samples[row["task"]])}
        | _auc(scores.get(row["task"], ()))
        for row in rows
    }


def _auc(parts: Sequence[tuple[Tensor, NDArray[np.int64]]]) -> dict[str, Any]:
    """Return the AUC of groups whose first member is right, and its interval over videos."""
    if not parts:
        return {}
    values = torch.cat([values for values, _ in parts]).numpy()
    videos = np.concatenate([videos for _, videos in parts])
    members = [np.flatnonzero(videos == video) for video in np.unique(videos)]
    generator = np.random.default_rng(0)
    resampled = []
    for _ in range(_SAMPLES):
        drawn = generator.integers(len(members), size=len(members))
        rows = values[np.concatenate([members[place] for place in drawn])]
        resampled.append(exact_auc(rows[:, 0], rows[:, 1:].ravel()))
    low, high = np.percentile(resampled, (2.5, 97.5))
    return {
        "auc": exact_auc(values[:, 0], values[:, 1:].ravel()),
        "auc_low": float(low),
        "auc_high": float(high),
        "videos": len(members),
    }
