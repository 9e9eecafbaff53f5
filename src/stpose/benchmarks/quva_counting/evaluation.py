"""One embedding, or a trivial row, on counting."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from stpose.benchmarks.embedders import Contender
from stpose.benchmarks.evaluation import Evaluation
from stpose.benchmarks.quva_counting.data import CountedSet, CountedVideo
from stpose.benchmarks.quva_counting.protocol import (
    Prediction,
    count_errors,
    off_by_one,
    period_errors,
)
from stpose.benchmarks.quva_counting.trivial import mean_counts, pixel_peak
from stpose.counting.video import count_video
from stpose.settings.counting import CountingSettings

TRIVIAL = ("mean-count", "pixel-peak")


def evaluate_counting(
    known: CountedSet,
    embedding: str,
    settings: CountingSettings,
    choose: Callable[[str], Contender],
    work: Path | None = None,
) -> Evaluation:
    """Measure how well the cycles in videos are counted.

    A video in which nobody is found counts as 0 predicted and says so in its status.

    Args:
        known: The videos and their cycles.
        embedding: One of `TRIVIAL`, or what `choose` knows.
        settings: Settings of the stages that count.
        choose: Returns the embedding of a name.
        work: Folder in which people and crops are kept between embeddings, if at all.

    Raises:
        InputError: There is no such embedding, or a file that the detector needs is missing.
    """
    predictions = _predictions(known.videos, embedding, settings, choose, work)
    predicted = [one.count for one in predictions]
    true = [video.count for video in known.videos]
    errors = [
        period_errors(one, video.ends) for one, video in zip(predictions, known.videos, strict=True)
    ]
    hits = off_by_one(predicted, true)
    figures: dict[str, Any] = {
        "off_by_one": float(hits.mean()),
        "mae": float(count_errors(predicted, true).mean()),
        "period_error": _median(np.concatenate(errors)),
        "videos": {
            video.name: {
                "true": video.count,
                "predicted": one.count,
                "true_period": video.period,
                "period": one.period,
                "period_error": _median(error),
                "status": one.status,
            }
            for video, one, error in zip(known.videos, predictions, errors, strict=True)
        },
        "counted": _counted(known.labels_per_cycle),
        "left_out": list(known.left_out),
    }
    return Evaluation("quva-counting", embedding, hits, None, figures)


def _predictions(
    videos: tuple[CountedVideo, ...],
    embedding: str,
    settings: CountingSettings,
    choose: Callable[[str], Contender],
    work: Path | None,
) -> list[Prediction]:
    if embedding == "mean-count":
        return mean_counts(videos)
    if embedding == "pixel-peak":
        return [pixel_peak(video) for video in tqdm(videos, unit="video", disable=None)]
    embedder = choose(embedding).embedders[0]
    found = []
    for video in tqdm(videos, unit="video", disable=None):
        count = count_video(video.path, embedder, settings, work)
        status = count.status.code
        found.append(
            Prediction(count.count, count.period, count.frames, count.local_period, status)
        )
    return found


def _counted(labels_per_cycle: int) -> str:
    labels = "each one label" if labels_per_cycle == 1 else f"each {labels_per_cycle} labels"
    return f"cycles, {labels}"


def _median(errors: np.ndarray[Any, np.dtype[np.float64]]) -> float | None:
    return float(np.median(errors)) if len(errors) else None
