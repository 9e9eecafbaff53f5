"""Reading an artefact to its last byte, to find out whether it is whole."""

from pathlib import Path

import h5py
import pyarrow.parquet as pq

from stpose.artefacts.header import read_header
from stpose.errors import ArtefactError


def verify_file(path: Path) -> None:
    """Read a file whole and check its header and checksums.

    Args:
        path: An artefact: Parquet table, HDF5 store, JSON document or safetensors file. The
            last two carry no checksums; what can be said of them is that they parse.

    Raises:
        ArtefactError: The file is damaged, truncated, or not of this pipeline.
    """
    read_header(path)
    try:
        if path.suffix == ".parquet":
            pq.read_table(path, page_checksum_verification=True, partitioning=None)
        elif path.suffix == ".h5":
            _read_store(path)
    # pyarrow and h5py raise about anything at damaged files.
    except Exception as error:
        message = f"{path}: damaged ({error})"
        raise ArtefactError(message) from error


def _read_store(path: Path) -> None:
    with h5py.File(path, "r") as file:
        for name, dataset in file.items():
            if not isinstance(dataset, h5py.Dataset) or not dataset.chunks:
                message = f"{name} is no dataset in chunks"
                raise OSError(message)
            step = dataset.chunks[0]
            for start in range(0, len(dataset), step):
                dataset[start : start + step]
