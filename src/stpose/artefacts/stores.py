"""HDF5 stores: growable columns of dense rows or encoded pictures, checksummed, with a header."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.files import replace_atomically
from stpose.artefacts.header import KEY, Header, expect, parse_header
from stpose.artefacts.provenance import Provenance
from stpose.artefacts.status import Status
from stpose.artefacts.store_disk import StoreDisk, new_store_file
from stpose.artefacts.store_texts import read_text, write_text
from stpose.errors import ArtefactError

ENCODED = "encoded"
OFFSETS = "_offsets"
_CHUNK_BYTES = 1 << 18
_BUFFERED_ROWS = 64


@dataclass(frozen=True)
class Dataset:
    """A column of a store: the type and shape of one row, its unit and meaning.

    A `dtype` of "encoded" holds one byte string a row, stored end to end beside their offsets.
    """

    name: str
    dtype: str
    shape: tuple[int, ...] = ()
    unit: str = ""
    description: str = ""


@dataclass(frozen=True)
class StoreSchema:
    """The datasets of one kind of store; a shape entry of 0 is settled by the first row."""

    kind: str
    version: int
    datasets: tuple[Dataset, ...]


@dataclass
class StoreWriter:
    """Takes rows and writes them in chunks; made by `create_store`."""

    path: Path
    file: h5py.File
    schema: StoreSchema
    disk: StoreDisk
    attributes: dict[str, Any] = field(default_factory=dict)
    status: Status = field(default_factory=Status.ok)
    _pending: dict[str, list[Any]] = field(default_factory=dict)
    _shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def append(self, **row: Any) -> None:
        """Add one row: a value for every dataset of the schema.

        Raises:
            ArtefactError: A dataset is missing, unknown, or the value has another shape.
        """
        self.extend(**{name: [value] for name, value in row.items()})

    def extend(self, **rows: Any) -> None:
        """Add rows: for every dataset an array or list of the same length.

        Raises:
            ArtefactError: Datasets are missing or unknown, or lengths or shapes differ.
        """
        wanted = {dataset.name for dataset in self.schema.datasets}
        if rows.keys() != wanted:
            message = f"{self.path}: row has {sorted(rows)}, expected {sorted(wanted)}"
            raise ArtefactError(message)
        if len({len(values) for values in rows.values()}) > 1:
            lengths = {name: len(values) for name, values in rows.items()}
            message = f"{self.path}: columns of unequal length {lengths}"
            raise ArtefactError(message)
        for dataset in self.schema.datasets:
            values = rows[dataset.name]
            if dataset.dtype != ENCODED:
                values = np.asarray(values, dtype=dataset.dtype)
                if len(values):
                    self._check_shape(dataset, values.shape[1:])
            self._pending.setdefault(dataset.name, []).extend(values)
        if any(len(values) >= _BUFFERED_ROWS for values in self._pending.values()):
            self._flush()

    def _check_shape(self, dataset: Dataset, found: tuple[int, ...]) -> None:
        wanted = self._shapes.get(dataset.name, dataset.shape)
        fits = len(found) == len(wanted) and all(
            want in (0, have) for have, want in zip(found, wanted, strict=True)
        )
        if not fits:
            message = f"{self.path}: {dataset.name} rows of shape {found}, expected {wanted}"
            raise ArtefactError(message)
        self._shapes[dataset.name] = found

    def _flush(self) -> None:
        self.disk.check()  # a long video on a full disk ends here
        for dataset in self.schema.datasets:
            values = self._pending.pop(dataset.name, [])
            if dataset.dtype == ENCODED:
                self._flush_encoded(dataset, values)
            else:
                unsettled = tuple(side or 1 for side in dataset.shape)
                shape = self._shapes.get(dataset.name, unsettled)
                block = np.asarray(values, dtype=dataset.dtype).reshape(len(values), *shape)
                _grow(self._column(dataset.name, dataset.dtype, shape, dataset), block)

    def _flush_encoded(self, dataset: Dataset, values: list[bytes]) -> None:
        column = self._column(dataset.name, "uint8", (), dataset)
        offsets = self._column(dataset.name + OFFSETS, "int64", (), None)
        ends = column.shape[0] + np.cumsum([len(value) for value in values], dtype=np.int64)
        _grow(column, np.frombuffer(b"".join(values), dtype=np.uint8))
        _grow(offsets, ends)

    def _column(
        self, name: str, dtype: str, shape: tuple[int, ...], dataset: Dataset | None
    ) -> h5py.Dataset:
        if name in self.file:
            return self.file[name]
        row_bytes = max(1, np.dtype(dtype).itemsize * int(np.prod(shape, initial=1)))
        column = self.file.create_dataset(
            name,
            shape=(0, *shape),
            maxshape=(None, *shape),
            chunks=(max(1, _CHUNK_BYTES // row_bytes), *shape),
            dtype=dtype,
            fletcher32=True,
        )
        if dataset is not None:
            write_text(column, "unit", dataset.unit)
            write_text(column, "description", dataset.description)
        return column

    def close(self, provenance: Provenance) -> None:
        """Write what is pending and the header."""
        self._flush()
        header = provenance.header(
            self.schema.kind, self.schema.version, self.status, self.attributes
        )
        write_text(self.file, KEY, header.to_json())


def _grow(column: h5py.Dataset, block: NDArray[Any]) -> None:
    if len(block):
        start = column.shape[0]
        column.resize(start + len(block), axis=0)
        column[start:] = block


@contextmanager
def create_store(path: Path, schema: StoreSchema, provenance: Provenance) -> Iterator[StoreWriter]:
    """Open a new store for writing; it appears at `path` whole, on a clean exit.

    Raises:
        OSError: The disk is full, or does not take it for another reason.
    """
    with replace_atomically(Path(path)) as temporary, new_store_file(temporary) as (file, disk):
        writer = StoreWriter(Path(path), file, schema, disk)
        yield writer
        writer.close(provenance)


@dataclass(frozen=True)
class StoreReader(Mapping[str, NDArray[Any]]):
    """Reads rows of a store; made by `open_store`. `len` is its number of rows."""

    path: Path
    file: h5py.File
    schema: StoreSchema
    header: Header

    @property
    def attributes(self) -> dict[str, Any]:
        """Further values of the store."""
        return self.header.attributes

    @property
    def status(self) -> Status:
        """How the video fared."""
        return self.header.status

    def __len__(self) -> int:
        """Return the number of rows."""
        first = self.schema.datasets[0]
        return int(self.file[first.name + (OFFSETS if first.dtype == ENCODED else "")].shape[0])

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the datasets."""
        return (dataset.name for dataset in self.schema.datasets)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return a whole column (n, ...)."""
        return self.rows(name, 0, len(self))

    def rows(self, name: str, start: int, stop: int) -> NDArray[Any]:
        """Return rows start to stop (exclusive) of a column that is not encoded.

        Raises:
            ArtefactError: The stored bytes do not match their checksum.
        """
        try:
            return np.asarray(self.file[name][start:stop])
        # h5py raises about anything at damaged files.
        except Exception as error:
            message = f"{self.path}: {name} is damaged ({error})"
            raise ArtefactError(message) from error

    def encoded(self, name: str, row: int) -> bytes:
        """Return the byte string of one row of an encoded column.

        Raises:
            IndexError: There is no such row.
            ArtefactError: The stored bytes do not match their checksum.
        """
        if not 0 <= row < len(self):
            message = f"{self.path}: row {row} of {len(self)}"
            raise IndexError(message)
        limits = self.rows(name + OFFSETS, max(0, row - 1), row + 1)
        start = 0 if row == 0 else int(limits[0])
        return self.rows(name, start, int(limits[-1])).tobytes()


@contextmanager
def open_store(path: Path, schema: StoreSchema) -> Iterator[StoreReader]:
    """Open a store for reading and check that it is of this schema.

    Raises:
        ArtefactError: It is missing, truncated, or of another kind, version or set of datasets.
    """
    path = Path(path)
    if not path.is_file():
        message = f"{path}: no such file, expected a {schema.kind} store"
        raise ArtefactError(message)
    with ExitStack() as stack:
        try:
            file = stack.enter_context(h5py.File(path, "r"))
            text, found = read_text(file, KEY), _columns(file, schema)
        # h5py raises about anything at damaged files.
        except Exception as error:
            message = f"{path}: damaged or truncated HDF5 file ({error})"
            raise ArtefactError(message) from error
        header = parse_header(text, path)
        expect(header, path, schema.kind, schema.version)
        _check_columns(found, schema, path)
        yield StoreReader(path, file, schema, header)


def _columns(file: h5py.File, schema: StoreSchema) -> dict[str, h5py.Dataset]:
    """Return the datasets of a schema, by name, that are there."""
    names = [dataset.name for dataset in schema.datasets]
    names += [dataset.name + OFFSETS for dataset in schema.datasets if dataset.dtype == ENCODED]
    found = {name: file[name] for name in names if name in file}
    return {name: one for name, one in found.items() if isinstance(one, h5py.Dataset)}


def _check_columns(found: Mapping[str, h5py.Dataset], schema: StoreSchema, path: Path) -> None:
    """Check type, shape and length of all columns, which no checksum covers.

    Raises:
        ArtefactError: One is missing, differs from the schema, or is longer than the file.
    """
    lengths = set()
    for dataset in schema.datasets:
        encoded = dataset.dtype == ENCODED
        wanted = [(dataset.name, "uint8" if encoded else dataset.dtype, dataset.shape)]
        wanted += [(dataset.name + OFFSETS, "int64", ())] if encoded else []
        missing = [name for name, _, _ in wanted if name not in found]
        if missing:
            message = f"{path}: lacks the datasets {missing}"
            raise ArtefactError(message)
        for name, dtype, shape in wanted:
            have = found[name]
            sides = zip(have.shape[1:], shape, strict=False)
            fits = have.ndim == 1 + len(shape) and all(want in (0, side) for side, want in sides)
            if have.dtype != dtype or not fits or have.nbytes > path.stat().st_size:
                described = f"{have.dtype} {have.shape}"
                message = f"{path}: {name} is {described}, expected {dtype} (n, {shape})"
                raise ArtefactError(message)
        lengths.add(found[wanted[-1][0]].shape[0])
    if len(lengths) > 1:
        message = f"{path}: columns of unequal length {sorted(lengths)}"
        raise ArtefactError(message)
