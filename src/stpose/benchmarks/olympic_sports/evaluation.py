"""One embedding on the posture benchmark of Olympic Sports."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from stpose.benchmarks.embedders import Contender
from stpose.benchmarks.evaluation import Evaluation
from stpose.benchmarks.intervals import spread
from stpose.benchmarks.olympic_sports.frames import has_frames
from stpose.benchmarks.olympic_sports.protocol import NO_PIXEL_CUES, load_categories
from stpose.benchmarks.olympic_sports.table import no_pixel_rows, pixel_rows
from stpose.errors import InputError
from stpose.settings.benchmarks import BenchmarkSettings, OlympicSportsSettings


def evaluate_posture(
    folder: Path,
    embedding: str,
    settings: BenchmarkSettings,
    choose: Callable[[str], Contender],
    benchmark: str = "olympic-sports",
) -> Evaluation:
    """Measure posture AUC, 0 to 1.

    Args:
        folder: Labels, frame lists and boxes; frames too, unless the embedding is a cue.
        embedding: A cue of `NO_PIXEL_CUES`, or what `choose` knows.
        settings: Settings.
        choose: Returns the embedding of a name.
        benchmark: What the set is called.

    Raises:
        InputError: A file is missing or not as published, or there is no such embedding.
    """
    categories = load_categories(folder)
    posture = settings.olympic_sports or OlympicSportsSettings()
    if embedding in NO_PIXEL_CUES:
        rows = no_pixel_rows(categories)
        row = next(row for row in rows if row.name == embedding)
        how: dict[str, Any] = {}
    else:
        contender = choose(embedding)
        if not has_frames(folder):
            cues = ", ".join(NO_PIXEL_CUES)
            message = f"{folder / 'frames'}: no such folder; without frames only {cues} can be used"
            raise InputError(message)
        rows = pixel_rows(folder, categories, (contender,), settings, posture)
        row = next(row for row in rows if row.headline)
        scalings = {str(one.further["scaling"]): one.further["auc_exact"] for one in rows}
        how = {"crop": posture.crop, "distance": posture.distance, "by_scaling": scalings}
    if "seeds" in row.further:
        how["spread"] = spread(row.further["seeds"])
    counts = [len(category.labels.anchors) for category in categories]
    figures = {
        **{
            key: row.further[key]
            for key in ("auc_exact", "auc_published", "seeds")
            if key in row.further
        },
        "exemplars": sum(counts),
        "categories": {
            category.name: {
                "auc_exact": row.by[category.name],
                "auc_published": row.further["published_by"][category.name],
                "exemplars": count,
            }
            for category, count in zip(categories, counts, strict=True)
        },
        **how,
    }
    groups = np.repeat(np.arange(len(counts)), counts)
    return Evaluation(benchmark, embedding, row.samples, groups, figures)
