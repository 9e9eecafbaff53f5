"""Whether two runs came to the same results: by what artefacts hold, not by bytes or times."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pyarrow.parquet as pq
from safetensors.numpy import load_file

from stpose.artefacts.header import KEY, read_header
from stpose.errors import ArtefactError

_TIMES = ("seconds", "images_per_second")


def _table(path: Path) -> Any:
    table = pq.read_table(path, partitioning=None)
    names = [name for name in table.column_names if name not in _TIMES]
    return table.select(names).replace_schema_metadata(None)


def _store(path: Path) -> Any:
    with h5py.File(path) as file:
        return {name: file[name][()] for name in file}


def _document(path: Path) -> Any:
    content = json.loads(path.read_text(encoding="utf-8"))
    return {name: value for name, value in content.items() if name not in (KEY, *_TIMES)}


_READERS: dict[str, Callable[[Path], Any]] = {
    ".parquet": _table,
    ".h5": _store,
    ".safetensors": load_file,
    ".json": _document,
}
_WITH_ARRAYS = (".h5", ".safetensors")


def artefacts(results: Path) -> set[str]:
    """Return the names of all artefacts below a folder of results, but for the demo's inputs."""
    found = set()
    for path in results.rglob("*"):
        name = path.relative_to(results)
        if path.suffix in _READERS and path.name[0] != "." and name.parts[0] != "demo":
            found.add(name.as_posix())
    return found


def same(one: Path, two: Path) -> bool:
    """Tell whether two artefacts hold the same and were derived from the same."""
    headers = [read_header(path) for path in (one, two)]
    if headers[0].identity != headers[1].identity or headers[0].status != headers[1].status:
        return False
    first, second = (_READERS[path.suffix](path) for path in (one, two))
    if one.suffix not in _WITH_ARRAYS:
        return bool(first == second)
    return first.keys() == second.keys() and all(
        np.array_equal(values, second[name]) for name, values in first.items()
    )


def different(expected: Path, found: Path, names: set[str]) -> list[str]:
    """Return the artefacts, of some names, that are there in both results and differ."""
    wrong = []
    for name in sorted(names):
        if (expected / name).is_file() and (found / name).is_file():
            try:
                is_same = same(expected / name, found / name)
            except (ArtefactError, OSError, ValueError):
                is_same = False
            if not is_same:
                wrong.append(name)
    return wrong
