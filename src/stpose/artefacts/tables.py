"""Parquet tables with a schema, units, checksums and a header."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stpose.artefacts.files import replace_atomically
from stpose.artefacts.header import KEY, expect, parse_header
from stpose.artefacts.provenance import Provenance
from stpose.artefacts.status import Status
from stpose.errors import ArtefactError


@dataclass(frozen=True)
class Column:
    """A column of a table: its type, unit and meaning."""

    name: str
    dtype: pa.DataType
    unit: str = ""
    description: str = ""
    nullable: bool = False


@dataclass(frozen=True)
class TableSchema:
    """The columns of one kind of table; `version` grows when their meaning changes."""

    kind: str
    version: int
    columns: tuple[Column, ...]

    def arrow(self) -> pa.Schema:
        """Return it as an Arrow schema with unit and description beside each column."""
        return pa.schema(
            [
                pa.field(
                    column.name,
                    column.dtype,
                    column.nullable,
                    {"unit": column.unit, "description": column.description},
                )
                for column in self.columns
            ]
        )


def write_table(
    path: Path,
    schema: TableSchema,
    rows: Mapping[str, Any] | pa.Table,
    provenance: Provenance,
    status: Status | None = None,
    attributes: dict[str, Any] | None = None,
) -> None:
    """Write a table: whole, or not at all.

    Args:
        path: Where to; the ending is .parquet.
        schema: Its columns; `rows` must have exactly these.
        rows: A column of values by name, all of one length (None where a value is missing).
        provenance: What it was derived from.
        status: How the video fared.
        attributes: Further JSON values for the header.

    Raises:
        ArtefactError: The rows do not fit the schema.
    """
    names = list(rows.column_names if isinstance(rows, pa.Table) else rows)
    wanted = [column.name for column in schema.columns]
    if sorted(names) != sorted(wanted):
        message = f"{path}: columns {names}, expected {wanted}"
        raise ArtefactError(message)
    arrow = schema.arrow()
    try:
        table = pa.table({name: rows[name] for name in wanted}, schema=arrow)
    except (pa.ArrowException, ValueError, TypeError) as error:
        message = f"{path}: rows do not fit the {schema.kind} schema ({error})"
        raise ArtefactError(message) from error
    for column in schema.columns:
        if not column.nullable and table[column.name].null_count:
            message = f"{path}: column {column.name!r} holds missing values, none are allowed"
            raise ArtefactError(message)
    header = provenance.header(schema.kind, schema.version, status or Status.ok(), attributes or {})
    table = table.replace_schema_metadata({KEY: header.to_json()})
    with replace_atomically(Path(path)) as temporary:
        pq.write_table(table, temporary, compression="zstd", write_page_checksum=True)


def read_table(path: Path, schema: TableSchema) -> pa.Table:
    """Read a table and check that it is whole and of this schema.

    Raises:
        ArtefactError: It is missing, damaged, or of another kind, version or set of columns.
    """
    path = Path(path)
    if not path.is_file():
        message = f"{path}: no such file, expected a {schema.kind} table"
        raise ArtefactError(message)
    try:
        table = pq.read_table(path, page_checksum_verification=True, partitioning=None)
        names = table.schema.names
    # pyarrow raises about anything at damaged files.
    except Exception as error:
        message = f"{path}: damaged or truncated Parquet file ({error})"
        raise ArtefactError(message) from error
    header = parse_header((table.schema.metadata or {}).get(KEY.encode()), path)
    expect(header, path, schema.kind, schema.version)
    wanted = schema.arrow()
    if names != wanted.names or table.schema.types != wanted.types:
        message = f"{path}: columns {names}, expected {wanted.names}"
        raise ArtefactError(message)
    return table
