"""`stpose count`: how often the main person of a video repeats something."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from stpose.cli import counting
from stpose.cli.evaluate import options
from stpose.cli.pictures import check_picture_path, write_picture
from stpose.errors import InputError


def count(
    video: Annotated[Path, typer.Argument(help="A video.")],
    embedding: options.Embedding = "hog",
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
    picture: Annotated[
        Path | None,
        typer.Option(help="Draw self-similarity, cycles and repetitions here (.png or .jpg)."),
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Count the cycles of the main person in VIDEO; two steps, left and right, are one cycle.

    Example: stpose count skipping.mp4 --embedding hog --picture skipping.png
    """
    # Imported here because PyTorch takes seconds to load, and every command loads this file.
    from stpose.benchmarks.embedding_choice import choose_crop, choose_embedding
    from stpose.cli.evaluate.settings import benchmark_settings
    from stpose.counting.cutting import cut_people
    from stpose.counting.video import count_crops

    check_picture_path(picture)
    settings = counting.counting_settings(
        choose_crop(crop, embedding, results, like),
        detector,
        weights,
        network,
        boxes,
        score_threshold,
    )
    chosen = choose_embedding(
        embedding,
        benchmark_settings(seed=seed, random_seeds=1, batch=batch, device=device),
        results,
        like,
    )
    with TemporaryDirectory(prefix="stpose-") as folder:
        cut = cut_people(video, settings, Path(folder) if work is None else work)
        found = count_crops(cut, chosen.embedders[0], settings)
        if picture is not None and len(found.frames):
            from stpose.inspect.count import count_picture

            image = count_picture(cut / f"{found.view}.h5", found, settings.repetitions, video.name)
            write_picture(picture, image)
    if found.status.code not in ("ok", "no_person"):
        message = f"{video}: {found.status.code}, {found.status.reason}"
        raise InputError(message)
    if picture is not None and not len(found.frames):
        typer.echo(f"{picture}: not drawn, nobody was counted", err=True)
    content = {
        "count": found.count,
        "period": found.period,
        "strength": found.strength,
        "status": found.status.code,
    }
    if as_json:
        typer.echo(json.dumps(content))
        return
    if not found.status.is_ok:
        typer.echo(f"0 cycles: {found.status.reason}")
        return
    about = f" of {found.period:.1f} frames" if found.count else ""
    typer.echo(f"{found.count} cycles{about}, strength {found.strength:.2f}")
