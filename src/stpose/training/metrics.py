"""Rows of the metrics table, from sums over iterations."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from stpose.errors import InputError
from stpose.recipes.recipe import MEASURES

Row = dict[str, Any]


@dataclass(frozen=True)
class Moment:
    """When metrics are taken.

    Attributes:
        step: Iterations done.
        block: Curriculum blocks in use.
        images_per_second: Pictures through the network in the last stretch.
        seconds: Wall time since training began.
        learning_rate: Of the layers above the convolutions.
    """

    step: int
    block: int
    images_per_second: float
    seconds: float
    learning_rate: float


def metric_rows(tasks: Sequence[str], sums: Tensor, moment: Moment) -> list[Row]:
    """Return one row for each task that had samples.

    A task whose answers are not right or wrong has no accuracy, and one without groups no rank.

    Args:
        tasks: Their names.
        sums: (tasks, measures) in the order of `MEASURES`, added up since the last rows.
        moment: When.

    Raises:
        InputError: A loss is not finite: the training has diverged.
    """
    rows: list[Row] = []
    for task, values in zip(tasks, sums.tolist(), strict=True):
        total = dict(zip(MEASURES, values, strict=True))
        if not total["samples"]:
            continue
        if not math.isfinite(total["loss"]):
            message = (
                f"the {task} loss is {total['loss']} at iteration {moment.step}: training has "
                "diverged; a lower learning_rate may help"
            )
            raise InputError(message)
        rows.append(
            {
                "step": moment.step,
                "block": moment.block,
                "task": task,
                "loss": total["loss"] / total["samples"],
                "trivial_loss": total["trivial_loss"] / total["samples"],
                "accuracy": _share(total["right"], total["judged"]),
                "chance": _share(total["chance"], total["judged"]),
                "rank1": _share(total["first"], total["groups"]),
                "images_per_second": moment.images_per_second,
                "seconds": moment.seconds,
                "learning_rate": moment.learning_rate,
            }
        )
    return rows


def row_in_words(row: Row) -> str:
    """Return what a row says, for the log."""
    parts = [f"loss {row['loss']:.4f} (without a picture {row['trivial_loss']:.4f})"]
    if row["accuracy"] is not None:
        parts.append(f"accuracy {row['accuracy']:.3f} (chance {row['chance']:.3f})")
    if row["rank1"] is not None:
        parts.append(f"first of its group {row['rank1']:.3f}")
    return ", ".join(parts)


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
