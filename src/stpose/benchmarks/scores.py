"""The scores behind a benchmark's table, sample by sample, so that tables can be paired."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.provenance import Provenance
from stpose.artefacts.schemas import SCORES
from stpose.artefacts.tables import write_table
from stpose.benchmarks.rows import Row


def write_scores(
    path: Path,
    rows: Sequence[Row],
    groups: NDArray[np.int64] | None,
    provenance: Provenance,
) -> None:
    """Write the scores of every headline row.

    Args:
        path: The table to write (.parquet).
        rows: Rows of one benchmark, each with (n,) scores.
        groups: (n,) group of each sample; one group if left out.
        provenance: What they were derived from.
    """
    shown = [row for row in rows if row.headline]
    count = len(shown[0].samples) if shown else 0
    known = np.zeros(count, np.int64) if groups is None else groups
    columns = {
        "row": [row.name for row in shown for _ in range(count)],
        "sample": np.tile(np.arange(count), len(shown)),
        "group": np.tile(known, len(shown)),
        "score": np.concatenate([row.samples for row in shown]) if shown else np.empty(0),
    }
    write_table(path, SCORES, columns, provenance)
