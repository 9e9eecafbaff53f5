"""`stpose evaluate mpii` and `stpose evaluate mpii-split`."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from stpose.cli.evaluate import options

Annotations = Annotated[
    Path | None,
    typer.Option(
        help="The .mat release, a .json list, .h5 or .csv; also a path below --data. Without: the "
        "release, or the only such file."
    ),
]


def mpii_split(
    data: options.Data,
    out: Annotated[Path, typer.Option(help="Write the lists of people here (.json).")],
    annotations: Annotations = None,
    seed: Annotated[int, typer.Option(help="What the lists are drawn with.", min=0)] = 0,
) -> None:
    """Draw who is trained on, asked for and searched in retrieval on MPII, and write it.

    Example: stpose evaluate mpii-split --data mpii --out split.json --seed 0
    """
    # Imported here because the libraries behind it take seconds to load.
    from stpose.benchmarks.mpii.data import find_annotations, load_mpii
    from stpose.benchmarks.mpii.split import draw_split, write_split

    people = load_mpii(find_annotations(data, annotations))
    split = draw_split(people, seed)
    write_split(out, people, split, seed)
    counts = ", ".join(f"{part} {count}" for part, count in split.counts().items())
    typer.echo(f"{out}: {counts}")


def mpii(
    data: options.Data,
    embedding: options.Embedding,
    against: options.Against = None,
    annotations: Annotations = None,
    split: Annotated[
        Path | None,
        typer.Option(help="Lists of mpii-split; without, they are drawn with --seed."),
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Draw the curves over K here (.png, .jpg, .svg, .pdf).")
    ] = None,
    overlay: Annotated[
        list[str] | None,
        typer.Option(help="A further embedding for the picture; may be given several times."),
    ] = None,
    normalise: options.Normalise = "l2",
    seed: options.Seed = 0,
    seeds: options.Seeds = 1,
    like: options.Like = None,
    results: options.Results = Path("results"),
    batch: options.Batch = 64,
    device: options.Device = "auto",
    as_json: options.AsJson = False,
) -> None:
    """Retrieval by pose on MPII; pose, random-neighbour and aspect need no images.

    Example: stpose evaluate mpii --data mpii --embedding hog --split split.json --picture a.png
    """
    # Imported here because PyTorch takes seconds to load, and every command loads this file.
    from stpose.benchmarks.embedding_choice import choose_embedding
    from stpose.benchmarks.mpii.curves import check_curves_path, draw_curves
    from stpose.benchmarks.mpii.data import find_annotations, load_mpii
    from stpose.benchmarks.mpii.evaluation import evaluate_retrieval, make_task
    from stpose.benchmarks.mpii.figures import retrieval_content, retrieval_difference
    from stpose.benchmarks.mpii.split import draw_split, read_split
    from stpose.cli.evaluate.printing import show
    from stpose.cli.evaluate.settings import benchmark_settings

    if picture is not None:
        check_curves_path(picture)
    settings = benchmark_settings(
        normalise=normalise, seed=seed, random_seeds=seeds, batch=batch, device=device
    )
    people = load_mpii(find_annotations(data, annotations))
    parts = draw_split(people, seed) if split is None else read_split(split, people)
    task = make_task(data, people, parts)
    choose = partial(choose_embedding, settings=settings, results=results, like=like)
    # What is possible and what chance gives frame every picture.
    drawn = [*(overlay or []), "pose", "random-neighbour"] if picture is not None else []
    names = [embedding, *([] if against is None else [against]), *drawn]
    found = {
        name: evaluate_retrieval(task, name, settings, choose) for name in dict.fromkeys(names)
    }
    content = retrieval_content(parts, found[embedding], settings)
    if against is not None:
        content |= retrieval_difference(found[embedding], found[against], settings)
    if picture is not None:
        draw_curves(picture, list(found.values()))
    show(content, as_json, only_json=("curves",))
