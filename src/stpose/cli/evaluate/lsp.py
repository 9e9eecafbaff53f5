"""`stpose evaluate lsp`."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from stpose.cli.evaluate import options


def lsp(
    data: options.Data,
    embedding: options.Embedding,
    against: options.Against = None,
    gallery: Annotated[
        str, typer.Option(help='Images searched, such as "1-1000", or first-half.')
    ] = "first-half",
    queries: Annotated[
        str, typer.Option(help='Images asked for, such as "1001-2000", or second-half.')
    ] = "second-half",
    extended: Annotated[
        Path | None,
        typer.Option(help="Folder of LSP-extended; its fully visible images join the gallery."),
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Draw queries and their neighbours here (.png, .jpg).")
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
    """PCP of the nearest neighbour's pose; pose, random-neighbour and aspect need no images.

    Example: stpose evaluate lsp --data lsp --embedding hog --gallery 1-500 --queries 501-1000
    """
    # Imported here because PyTorch takes seconds to load, and every command loads this file.
    from stpose.benchmarks.embedding_choice import choose_embedding
    from stpose.benchmarks.lsp.evaluation import evaluate_lsp
    from stpose.cli.evaluate.printing import report
    from stpose.cli.evaluate.settings import benchmark_settings

    settings = benchmark_settings(
        normalise=normalise,
        seed=seed,
        random_seeds=seeds,
        batch=batch,
        device=device,
        lsp={
            "folder": str(data),
            "extended": None if extended is None else str(extended),
            "gallery": gallery,
            "queries": queries,
        },
    )
    choose = partial(choose_embedding, settings=settings, results=results, like=like)
    report(
        # Only the first embedding is drawn.
        lambda name: evaluate_lsp(
            data, name, settings, choose, picture if name == embedding else None
        ),
        embedding,
        against,
        settings,
        as_json,
    )
