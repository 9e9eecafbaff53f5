"""The document that a benchmark leaves: its table, where its data came from, what made it."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.documents import write_document
from stpose.artefacts.provenance import derive
from stpose.benchmarks.rows import Row, row_content
from stpose.benchmarks.scores import write_scores
from stpose.settings.benchmarks import BenchmarkSettings

KIND, VERSION = "benchmark", 1

_log = logging.getLogger(__name__)


def write_benchmark(
    path: Path,
    content: dict[str, Any],
    rows: Sequence[Row],
    groups: NDArray[np.int64] | None,
    settings: BenchmarkSettings,
    code: str,
    inputs: Sequence[Path],
    sources: Sequence[tuple[str, str]],
) -> None:
    """Write a benchmark's table, the scores behind it, and a line a row to the log.

    Args:
        path: The document to write (.json); beside it the scores go into a table of the same
            name (.parquet).
        content: JSON values with "benchmark", the name; "rows" are added.
        rows: The table's rows.
        groups: (n,) group of each sample; None for one group.
        settings: The part of the settings that it depends on.
        code: Fingerprint of the code.
        inputs: Artefacts that it depends on, such as the weights.
        sources: Names and hashes of the data's files.
    """
    provenance = derive("benchmarks", settings, code, inputs, sources)
    content = {**content, "rows": [row_content(row, settings, groups) for row in rows]}
    write_scores(path.with_suffix(".parquet"), rows, groups, provenance)
    write_document(path, KIND, VERSION, content, provenance)
    for row in content["rows"]:
        figures = (row["name"], row["value"], row["low"], row["high"])
        _log.info("%s: %s %.4f [%.4f, %.4f]", content["benchmark"], *figures)


def seeds_note(settings: BenchmarkSettings) -> str:
    """Say of how many networks the row of random weights is the mean."""
    return f"Random weights: the mean of {settings.random_seeds} seeds, for each sample."
