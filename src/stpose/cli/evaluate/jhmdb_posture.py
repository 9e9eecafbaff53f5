"""`stpose evaluate jhmdb-posture`."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from stpose.cli.evaluate import options


def jhmdb_posture(
    data: Annotated[
        Path,
        typer.Option(
            help="What make-jhmdb-posture made; or J-HMDB itself, from which it is then made."
        ),
    ],
    embedding: options.Embedding,
    against: options.Against = None,
    crop: options.Crop = None,
    distance: Annotated[str, typer.Option(help="euclidean or correlation.")] = "euclidean",
    normalise: options.Normalise = "l2",
    seed: options.Seed = 0,
    seeds: options.Seeds = 1,
    like: options.Like = None,
    results: options.Results = Path("results"),
    batch: options.Batch = 64,
    device: options.Device = "auto",
    as_json: options.AsJson = False,
) -> None:
    """Posture AUC on J-HMDB; the cues aspect, time and aspect+time need no frames.

    Example: stpose evaluate jhmdb-posture --data jhmdb_posture --embedding hog --json
    """
    # Imported here because PyTorch takes seconds to load, and every command loads this file.
    from stpose.benchmarks.embedding_choice import choose_crop, choose_embedding
    from stpose.benchmarks.jhmdb_posture.evaluation import BENCHMARK, posture_set
    from stpose.benchmarks.olympic_sports.evaluation import evaluate_posture
    from stpose.cli.evaluate.printing import report
    from stpose.cli.evaluate.settings import benchmark_settings

    settings = benchmark_settings(
        normalise=normalise,
        seed=seed,
        random_seeds=seeds,
        batch=batch,
        device=device,
        olympic_sports={
            "folder": str(data),
            "crop": choose_crop(crop, embedding, results, like),
            "distance": distance,
        },
    )
    choose = partial(choose_embedding, settings=settings, results=results, like=like)
    with posture_set(data) as folder:
        report(
            lambda name: evaluate_posture(folder, name, settings, choose, BENCHMARK),
            embedding,
            against,
            settings,
            as_json,
        )
