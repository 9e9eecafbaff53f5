"""What an artefact is: its columns with units and ranges, and where it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from safetensors import safe_open

from stpose.artefacts.header import Header, read_header
from stpose.artefacts.store_texts import read_text
from stpose.artefacts.stores import OFFSETS


@dataclass(frozen=True)
class ColumnDescription:
    """A column of a table, a dataset of a store, or a tensor of weights.

    Attributes:
        name: Its name.
        dtype: Type of a value.
        shape: Shape of the whole, as text.
        unit: Unit of the values; empty for none.
        values: Smallest and largest value, or how many differ, as text.
        meaning: What a value is.
    """

    name: str
    dtype: str
    shape: str
    unit: str
    values: str
    meaning: str


@dataclass(frozen=True)
class Description:
    """What an artefact is.

    Attributes:
        path: The file.
        header: Kind, status, provenance and attributes.
        rows: Number of rows, or of tensors for weights; None for a document.
        columns: Its columns, datasets or tensors.
    """

    path: Path
    header: Header
    rows: int | None
    columns: tuple[ColumnDescription, ...]


def describe(path: Path) -> Description:
    """Describe any artefact of the pipeline.

    Stores are read in pieces, so this needs little memory for files of any size.

    Raises:
        ArtefactError: The file is missing, damaged, or not an artefact.
    """
    path = Path(path)
    header = read_header(path)
    match path.suffix:
        case ".parquet":
            table = pq.read_table(path, partitioning=None)
            columns = [_table_column(table, name) for name in table.column_names]
            return Description(path, header, table.num_rows, tuple(columns))
        case ".h5":
            with h5py.File(path, "r") as file:
                names = [name for name in file if not name.endswith(OFFSETS)]
                stored = [_store_column(file, name) for name in names]
                rows = max((_rows(file, name) for name in names), default=0)
            return Description(path, header, rows, tuple(stored))
        case ".safetensors":
            with safe_open(path, framework="np") as file:
                tensors = [_tensor(name, file.get_tensor(name)) for name in file.keys()]  # noqa: SIM118
            return Description(path, header, len(tensors), tuple(tensors))
        case _:
            return Description(path, header, None, ())


def _table_column(table: pa.Table, name: str) -> ColumnDescription:
    field, values = table.schema.field(name), table[name]
    metadata = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
    return ColumnDescription(
        name,
        str(field.type),
        f"({len(values)},)",
        metadata.get("unit", ""),
        _table_values(values),
        metadata.get("description", ""),
    )


def _table_values(values: pa.ChunkedArray) -> str:
    missing = f", {values.null_count} missing" if values.null_count else ""
    if values.null_count == len(values):
        return "none" if len(values) == 0 else f"{values.null_count} missing"
    if pa.types.is_string(values.type):
        return f"{pc.count_distinct(values).as_py()} different{missing}"
    if pa.types.is_boolean(values.type):
        return f"{pc.sum(values).as_py()} true{missing}"
    limits = pc.min_max(values).as_py()
    return f"{limits['min']:.5g} to {limits['max']:.5g}{missing}"


def _rows(file: h5py.File, name: str) -> int:
    return int(file[name + OFFSETS if name + OFFSETS in file else name].shape[0])


def _store_column(file: h5py.File, name: str) -> ColumnDescription:
    dataset = file[name]
    unit, meaning = (read_text(dataset, key) or "" for key in ("unit", "description"))
    if name + OFFSETS in file:
        rows = _rows(file, name)
        mean = f"{dataset.shape[0] / rows / 1000:.1f} kB each" if rows else "none"
        return ColumnDescription(name, "encoded", f"({rows},)", unit, mean, meaning)
    shape = str(tuple(dataset.shape))
    limits = _limits(_pieces(dataset))
    return ColumnDescription(name, str(dataset.dtype), shape, unit, limits, meaning)


def _pieces(dataset: h5py.Dataset) -> Iterable[Any]:
    step = dataset.chunks[0]
    return (dataset[start : start + step] for start in range(0, len(dataset), step))


def _tensor(name: str, values: Any) -> ColumnDescription:
    return ColumnDescription(name, str(values.dtype), str(values.shape), "", _limits([values]), "")


def _limits(pieces: Iterable[Any]) -> str:
    limits = [(np.min(piece), np.max(piece)) for piece in pieces if piece.size]
    if not limits:
        return "none"
    low, high = (
        float(edge(side)) for edge, side in zip((min, max), zip(*limits, strict=True), strict=True)
    )
    return f"{low:.5g} to {high:.5g}"
