"""The options that all benchmarks have."""

from pathlib import Path
from typing import Annotated

import typer

Embedding = Annotated[
    str,
    typer.Option(
        help="random, hog, pixels, a cue, a file of weights, or an experiment (st, st/1)."
    ),
]
Data = Annotated[Path, typer.Option(help="Folder with the data as it is published.")]
Against = Annotated[
    str | None, typer.Option(help="Another embedding; adds the paired difference to it.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Write one JSON object.")]
Seed = Annotated[int, typer.Option(help="Seed of random weights and of the intervals.", min=0)]
Seeds = Annotated[int, typer.Option(help="Networks that random is the mean of.", min=1, max=20)]
Like = Annotated[Path | None, typer.Option(help="Weights whose network gives random its shape.")]
Normalise = Annotated[str, typer.Option(help="Scaling of a network's vectors: l2 or none.")]
Crop = Annotated[
    str | None,
    typer.Option(
        help="How a box becomes a square: warp or square; left out, as the weights were trained, "
        "and warp without any."
    ),
]
Results = Annotated[Path, typer.Option(help="Results folder with the experiments.")]
Batch = Annotated[int, typer.Option(help="Pictures that go through a network at once.", min=1)]
Device = Annotated[str, typer.Option(help="auto, cpu or cuda.")]
