"""One embedding on Leeds Sports Pose."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from stpose.benchmarks.embedders import Contender
from stpose.benchmarks.evaluation import Evaluation
from stpose.benchmarks.intervals import spread
from stpose.benchmarks.lsp.data import load_lsp
from stpose.benchmarks.lsp.picture import write_sheet
from stpose.benchmarks.lsp.protocol import choose_images
from stpose.benchmarks.lsp.table import picture_rows, pixel_free_rows
from stpose.benchmarks.rows import Row
from stpose.errors import InputError
from stpose.settings.benchmarks import BenchmarkSettings, LspSettings

PICTURE_FREE = ("pose", "random-neighbour", "aspect")


def evaluate_lsp(
    folder: Path,
    embedding: str,
    settings: BenchmarkSettings,
    choose: Callable[[str], Contender],
    picture: Path | None = None,
) -> Evaluation:
    """Measure the strict PCP of the nearest neighbour's pose, in percent.

    Args:
        folder: `joints.mat`; `images/` too, unless the embedding is one of `PICTURE_FREE`.
        embedding: One of `PICTURE_FREE`, or what `choose` knows.
        settings: Settings; the extended set and the lists of images are in them.
        choose: Returns the embedding of a name.
        picture: Where to draw queries and their neighbours (.png, .jpg), if at all.

    Raises:
        InputError: A file is missing or of another shape, or there is no such embedding.
    """
    lsp = settings.lsp or LspSettings()
    extended = load_lsp(Path(lsp.extended)) if lsp.extended else None
    gallery, queries = choose_images(load_lsp(folder), extended, lsp)
    how: dict[str, Any] = {}
    if embedding in PICTURE_FREE:
        if picture is not None:
            message = f"--picture shows pictures; {embedding!r} looks at none"
            raise InputError(message)
        rows = pixel_free_rows(gallery, queries)
        row = next(row for row in rows if row.name == embedding)
    else:
        rows, neighbours = picture_rows(gallery, queries, (choose(embedding),), settings)
        row = next(row for row in rows if row.headline)
        how["by_scaling"] = {
            str(one.further["scaling"]): {"mean": _mean(one), "k5": 100 * one.further["k5"]}
            for one in rows
        }
        if picture is not None:
            write_sheet(picture, queries, gallery, neighbours[row.name][:, 0])
    if "seeds" in row.further:
        how["seeds"] = [100 * score for score in row.further["seeds"]]
        how["spread"] = spread(how["seeds"])
    figures = {
        "pcp": {part: 100 * value for part, value in row.by.items()},
        "mean": _mean(row),
        "k5": 100 * row.further["k5"],
        "gallery": len(gallery),
        "queries": len(queries),
        **how,
    }
    return Evaluation("lsp", embedding, 100 * row.samples, None, figures)


def _mean(row: Row) -> float:
    return 100 * float(row.samples.mean())
