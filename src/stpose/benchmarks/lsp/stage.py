"""Runs Leeds Sports Pose for the workflow and writes its table."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stpose.artefacts.provenance import input_identity
from stpose.benchmarks.document import seeds_note, write_benchmark
from stpose.benchmarks.embedders import contenders
from stpose.benchmarks.lsp.data import load_lsp
from stpose.benchmarks.lsp.picture import write_sheet
from stpose.benchmarks.lsp.protocol import choose_images
from stpose.benchmarks.lsp.table import picture_rows, pixel_free_rows
from stpose.benchmarks.rows import differences
from stpose.settings.benchmarks import BenchmarkSettings, LspSettings


def run_lsp(
    weights_path: Path | None,
    data_folder: Path,
    out_path: Path,
    settings: BenchmarkSettings,
    code: str = "",
    inputs: Sequence[Path] = (),
    picture_path: Path | None = None,
) -> None:
    """Measure pose by nearest neighbour on Leeds Sports Pose and write its table.

    Values are strict PCP from 0 to 1: the mean of six parts, with a 95% interval over queries.

    Args:
        weights_path: The network to measure; without, the table has everything else.
        data_folder: `images/` and `joints.mat`.
        out_path: The document to write; the scores go into a .parquet beside it.
        settings: Settings; the extended set and the two lists of images are in them.
        code: Fingerprint of the code.
        inputs: Artefacts that the result depends on, such as the weights.
        picture_path: Where to write a sheet of queries and neighbours (PNG), if at all.

    Raises:
        InputError: A file of the data is missing or of another shape, or the lists do not fit.
        ArtefactError: The weights are missing or damaged.
    """
    lsp = settings.lsp or LspSettings()
    folders = [data_folder, *([Path(lsp.extended)] if lsp.extended else [])]
    sets = [load_lsp(folder) for folder in folders]
    gallery, queries = choose_images(sets[0], sets[1] if len(sets) > 1 else None, lsp)
    found = contenders(weights_path, settings)
    picture, neighbours = picture_rows(gallery, queries, found, settings)
    rows = [*pixel_free_rows(gallery, queries), *picture]
    shown = found[-1].name if weights_path is not None else "hog"
    nearest_of = neighbours[shown][:, 0]
    content: dict[str, Any] = {
        "benchmark": "lsp",
        "data": {
            "folder": str(data_folder),
            "extended": lsp.extended,
            "gallery": len(gallery),
            "queries": len(queries),
        },
        "metric": "pcp",
        "protocol": (
            "Strict PCP, 0 to 1, of the nearest image's joints: the mean of six parts; 95% "
            f"interval over queries. Gallery of {len(gallery)}, {len(queries)} queries, smallest "
            "square around all joints. k5 is the mean over the five nearest."
        ),
        "differences": differences(rows, settings),
        "neighbours": {
            "row": shown,
            "pairs": [
                [queries.members[query][1], gallery.members[row][1]]
                for query, row in enumerate(nearest_of.tolist())
            ],
        },
        "notes": [seeds_note(settings), "random-neighbour is the mean over all neighbours."],
    }
    sources = [
        (str(folder / "joints.mat"), input_identity(folder / "joints.mat")) for folder in folders
    ]
    if picture_path is not None:
        write_sheet(picture_path, queries, gallery, nearest_of)
    write_benchmark(out_path, content, rows, None, settings.only("lsp"), code, inputs, sources)
