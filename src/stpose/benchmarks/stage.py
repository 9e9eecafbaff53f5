"""Runs a benchmark and writes its table."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from stpose.artefacts.documents import write_document
from stpose.artefacts.files import replace_atomically
from stpose.artefacts.provenance import derive, input_identity
from stpose.benchmarks.embedders import contenders
from stpose.benchmarks.lsp import choose_images
from stpose.benchmarks.lsp_data import load_lsp
from stpose.benchmarks.lsp_picture import evenly_spaced, neighbour_sheet
from stpose.benchmarks.lsp_table import picture_rows, pixel_free_rows
from stpose.benchmarks.olympic_sports import load_categories
from stpose.benchmarks.posture_frames import has_frames
from stpose.benchmarks.posture_labels import find_label_files
from stpose.benchmarks.posture_table import no_pixel_rows, pixel_rows
from stpose.benchmarks.rows import differences, row_content
from stpose.settings.benchmarks import BenchmarkSettings, LspSettings, OlympicSportsSettings

KIND, VERSION = "benchmark", 1
_SHEET_QUERIES = 24

log = logging.getLogger(__name__)


def run_posture(
    weights_path: Path | None,
    data_folder: Path,
    out_path: Path,
    settings: BenchmarkSettings,
    code: str = "",
    inputs: Sequence[Path] = (),
) -> None:
    """Measure posture AUC in the format of Olympic Sports and write its table.

    Values are AUCs from 0 to 1: the mean over categories of the mean over exemplars, with a
    95% interval over exemplars. Without frames only the rows that need no pixels are written.

    Args:
        weights_path: The network to measure; without, the table has everything else.
        data_folder: Labels, frame lists, boxes and, if there are any, frames.
        out_path: The document to write.
        settings: Settings.
        code: Fingerprint of the code.
        inputs: Artefacts that the result depends on, such as the weights.

    Raises:
        InputError: A file of the data is missing or not as published.
        ArtefactError: The weights are missing or damaged.
    """
    posture = settings.olympic_sports or OlympicSportsSettings()
    categories = load_categories(data_folder)
    rows = no_pixel_rows(categories)
    notes = []
    if has_frames(data_folder):
        found = contenders(weights_path, settings)
        rows += pixel_rows(data_folder, categories, found, settings, posture)
    else:
        notes.append("There are no frames here, so only the rows that need no pixels are filled.")
    counts = [len(category.labels.anchors) for category in categories]
    groups = np.repeat(np.arange(len(counts)), counts)
    content: dict[str, Any] = {
        "benchmark": "olympic-sports",
        "data": {
            "folder": str(data_folder),
            "categories": len(categories),
            "exemplars": sum(counts),
            "positives": sum(int(one.labels.positive.sum()) for one in categories),
            "negatives": sum(int((~one.labels.positive).sum()) for one in categories),
        },
        "metric": "auc_exact",
        "protocol": (
            "Posture AUC, 0 to 1: the probability that a frame of the exemplar's posture is nearer "
            "than one of another, ties half; mean over exemplars, then categories; 95% interval "
            f"over exemplars. Crop {posture.crop}, distance {posture.distance}."
        ),
        "rows": [row_content(row, settings, groups) for row in rows],
        "differences": differences(rows, settings, groups),
        "notes": [*notes, _seeds_note(settings)],
    }
    labels = find_label_files(data_folder)
    sources = [(path.name, input_identity(path)) for path in labels.values()]
    provenance = derive("benchmarks", settings.only("olympic_sports"), code, inputs, sources)
    write_document(out_path, KIND, VERSION, content, provenance)
    _log_rows(content)


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
        out_path: The document to write.
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
        "rows": [row_content(row, settings) for row in rows],
        "differences": differences(rows, settings),
        "neighbours": {
            "row": shown,
            "pairs": [
                [queries.members[query][1], gallery.members[row][1]]
                for query, row in enumerate(nearest_of.tolist())
            ],
        },
        "notes": [_seeds_note(settings), "random-neighbour is the mean over all neighbours."],
    }
    sources = [
        (str(folder / "joints.mat"), input_identity(folder / "joints.mat")) for folder in folders
    ]
    provenance = derive("benchmarks", settings.only("lsp"), code, inputs, sources)
    if picture_path is not None:
        some = evenly_spaced(len(queries), _SHEET_QUERIES)
        pairs = [(int(query), int(nearest_of[query])) for query in some]
        with replace_atomically(picture_path) as temporary:
            cv2.imwrite(str(temporary), neighbour_sheet(queries, gallery, pairs))
    write_document(out_path, KIND, VERSION, content, provenance)
    _log_rows(content)


def _seeds_note(settings: BenchmarkSettings) -> str:
    return f"Random weights: the mean of {settings.random_seeds} seeds, for each sample."


def _log_rows(content: dict[str, Any]) -> None:
    for row in content["rows"]:
        figures = (row["name"], row["value"], row["low"], row["high"])
        log.info("%s: %s %.4f [%.4f, %.4f]", content["benchmark"], *figures)
