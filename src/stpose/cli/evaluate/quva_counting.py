"""`stpose evaluate quva-counting`."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from stpose.cli import counting
from stpose.cli.evaluate import options


def quva_counting(
    data: options.Data,
    embedding: options.Embedding,
    against: options.Against = None,
    videos: Annotated[
        str | None,
        typer.Option(help="Names of the videos wanted, such as 000,005; without, all."),
    ] = None,
    names: Annotated[
        Path | None, typer.Option("--list", help="File with such names, one a line.")
    ] = None,
    labels_per_cycle: Annotated[
        int, typer.Option(help="Labels that make one cycle: 2 where each step is labelled.", min=1)
    ] = 1,
    detector: counting.Detector = "hog",
    weights: counting.Weights = None,
    network: counting.Network = None,
    boxes: counting.Boxes = None,
    score_threshold: counting.ScoreThreshold = None,
    crop: options.Crop = None,
    work: counting.Work = None,
    seed: options.Seed = 0,
    like: options.Like = None,
    results: options.Results = Path("results"),
    batch: options.Batch = 64,
    device: options.Device = "auto",
    as_json: options.AsJson = False,
) -> None:
    """Counting of cycles; mean-count and pixel-peak look at no person.

    Example: stpose evaluate quva-counting --data quva_repetition --embedding hog --work work
    """
    # Imported here because PyTorch takes seconds to load, and every command loads this file.
    from stpose.benchmarks.embedding_choice import choose_crop, choose_embedding
    from stpose.benchmarks.quva_counting.data import load_videos, read_names
    from stpose.benchmarks.quva_counting.evaluation import evaluate_counting
    from stpose.cli.evaluate.printing import report
    from stpose.cli.evaluate.settings import benchmark_settings

    how = counting.counting_settings(
        choose_crop(crop, embedding, results, like),
        detector,
        weights,
        network,
        boxes,
        score_threshold,
    )
    settings = benchmark_settings(seed=seed, random_seeds=1, batch=batch, device=device)
    known = load_videos(data, read_names(videos, names), labels_per_cycle)
    choose = partial(choose_embedding, settings=settings, results=results, like=like)
    report(
        lambda name: evaluate_counting(known, name, how, choose, work),
        embedding,
        against,
        settings,
        as_json,
    )
