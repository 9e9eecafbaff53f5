"""Rows of the metrics table, from sums over iterations."""

import math
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from stpose.errors import InputError
from stpose.training.tasks import TASKS

Row = dict[str, Any]


@dataclass(frozen=True)
class Moment:
    """When metrics are taken.

    Attributes:
        step: Iterations done.
        block: Curriculum blocks in use.
        images_per_second: Pictures through the network in the last stretch.
        seconds: Wall time since training began.
        learning_rate: Of the fully connected layers.
    """

    step: int
    block: int
    images_per_second: float
    seconds: float
    learning_rate: float


def metric_rows(sums: Tensor, moment: Moment) -> list[Row]:
    """Return one row for each task that had samples.

    Args:
        sums: (tasks, measures) of `stpose.training.tasks.judge`, added up since the last rows.
        moment: When.

    Raises:
        InputError: A loss is not finite: the training has diverged.
    """
    rows: list[Row] = []
    for task, (loss, right, samples, firsts, groups) in zip(TASKS, sums.tolist(), strict=True):
        if not samples:
            continue
        if not math.isfinite(loss):
            message = (
                f"the {task} loss is {loss} at iteration {moment.step}: training has diverged; "
                "a lower learning_rate may help"
            )
            raise InputError(message)
        negatives_share = 1 - groups / samples
        rows.append(
            {
                "step": moment.step,
                "block": moment.block,
                "task": task,
                "loss": loss / samples,
                "accuracy": right / samples,
                "chance": max(negatives_share, 1 - negatives_share),
                "rank1": firsts / groups,
                "images_per_second": moment.images_per_second,
                "seconds": moment.seconds,
                "learning_rate": moment.learning_rate,
            }
        )
    return rows
