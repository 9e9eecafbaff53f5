"""Reading an artefact to its last byte, to find out whether it is whole."""

from pathlib import Path

import h5py
import pyarrow.parquet as pq

from stpose.artefacts import schemas
from stpose.artefacts.documents import verify_document
from stpose.artefacts.header import read_header
from stpose.artefacts.stores import StoreSchema, open_store
from stpose.artefacts.tables import TableSchema, read_table
from stpose.errors import ArtefactError

_SCHEMAS: dict[str, TableSchema | StoreSchema] = {
    one.kind: one for one in vars(schemas).values() if isinstance(one, TableSchema | StoreSchema)
}


def verify_file(path: Path) -> None:
    """Read a file whole and check its header, schema and checksums.

    Args:
        path: An artefact: Parquet table, HDF5 store, JSON document or safetensors file. Files
            of the last two that earlier versions wrote carry no checksums; what can be said of
            them is that they parse.

    Raises:
        ArtefactError: The file is damaged, truncated, not of this pipeline, or of a version that
            its readers do not know.
    """
    header = read_header(path)
    schema = _SCHEMAS.get(header.kind)
    try:
        if path.suffix == ".parquet":
            _read_table(path, schema)
        elif path.suffix == ".h5":
            _read_store(path, schema)
        elif path.suffix == ".json":
            verify_document(path)
        else:
            from stpose.artefacts.tensors import verify_tensors

            verify_tensors(path)
    except ArtefactError:
        raise
    # pyarrow and h5py raise about anything at damaged files.
    except Exception as error:
        message = f"{path}: damaged ({error})"
        raise ArtefactError(message) from error


def _read_table(path: Path, schema: TableSchema | StoreSchema | None) -> None:
    if isinstance(schema, TableSchema):
        read_table(path, schema)
    else:
        pq.read_table(path, page_checksum_verification=True, partitioning=None)


def _read_store(path: Path, schema: TableSchema | StoreSchema | None) -> None:
    if isinstance(schema, StoreSchema):
        with open_store(path, schema):
            pass
    with h5py.File(path, "r") as file:
        for name, dataset in file.items():
            if not isinstance(dataset, h5py.Dataset) or not dataset.chunks:
                message = f"{name} is no dataset in chunks"
                raise OSError(message)
            step = dataset.chunks[0]
            for start in range(0, len(dataset), step):
                dataset[start : start + step]
