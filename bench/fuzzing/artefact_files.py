"""Readers of the files that the pipeline itself writes: what was damaged is never taken."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import cv2
import numpy as np
import torch
from hypothesis import strategies as st

from fuzzing.mutations import damaged, hdf5_files, json_files
from fuzzing.reader import Reader
from stpose.artefacts import stores
from stpose.artefacts.documents import read_document, write_document
from stpose.artefacts.frame_reader import open_frames
from stpose.artefacts.header import KEY
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import FRAMES, PEOPLE
from stpose.artefacts.stores import create_store
from stpose.artefacts.tables import read_table, write_table
from stpose.artefacts.verification import verify_file
from stpose.network.alexnet import PoseNetwork
from stpose.network.weights import draw_weights, read_network, save_weights
from stpose.settings.frames import FramesSettings
from stpose.settings.network import NetworkSettings
from stpose.training.heads_file import load_heads, save_heads

_ROWS = 5
_PEOPLE = {
    "frame": list(range(_ROWS)),
    "track": [1] * _ROWS,
    **{name: [float(index)] * _ROWS for index, name in enumerate(("x1", "y1", "x2", "y2"))},
    "score": [0.5] * _ROWS,
    "filled": [False] * _ROWS,
    "shot": [0] * _ROWS,
}
_PROVENANCE = partial(derive, "frames", FramesSettings(), "code", [])


def _write_table(path: Path) -> None:
    rows = {column.name: _PEOPLE[column.name] for column in PEOPLE.columns}
    write_table(path, PEOPLE, rows, _PROVENANCE())


def _write_store(path: Path) -> None:
    picture = cv2.imencode(".jpg", np.full((8, 8, 3), 90, np.uint8))[1].tobytes()
    # Small chunks, so that damage hits what is stored and not the room behind it.
    small = patch.object(stores, "_CHUNK_BYTES", 256)
    with small, create_store(path, FRAMES, _PROVENANCE()) as store:
        store.attributes |= {"width": 8, "height": 8, "stored_width": 8, "stored_height": 8}
        for number in range(_ROWS):
            store.append(frame=number, time=number / 25, shot=0, image=picture)


def _write_document(path: Path) -> None:
    write_document(path, "card", 1, {"rows": [{"name": "a", "value": 1.5}]}, _PROVENANCE())


def _network() -> PoseNetwork:
    torch.manual_seed(0)
    network = PoseNetwork(NetworkSettings(input_px=32, width=0.05, first_stride=1))
    draw_weights(network, 0)
    return network


def _write_weights(path: Path) -> None:
    save_weights(path, _network(), _PROVENANCE(), {})


def _heads() -> torch.nn.ModuleDict:
    torch.manual_seed(0)
    return torch.nn.ModuleDict({"ordering": torch.nn.Linear(4, 2)})


def _write_heads(path: Path) -> None:
    save_heads(path, _heads(), _PROVENANCE())


def _read_table(folder: Path) -> None:
    assert read_table(folder / "a.parquet", PEOPLE).to_pydict() == _PEOPLE


def _read_store(folder: Path) -> None:
    with open_frames(folder / "a.h5") as frames:
        assert frames.numbers.tolist() == list(range(_ROWS))
        assert frames.times.tolist() == [number / 25 for number in range(_ROWS)]
        assert all(frame.image.shape == (8, 8, 3) for frame in frames)


def _read_document(folder: Path) -> None:
    read_document(folder / "a.json", "card")


def _read_weights(folder: Path) -> None:
    found, written = read_network(folder / "a.safetensors").state_dict(), _network().state_dict()
    assert all(torch.equal(found[name], values) for name, values in written.items())


def _read_heads(folder: Path) -> None:
    heads, written = _heads(), _heads().state_dict()
    load_heads(folder / "a.safetensors", heads)
    assert all(torch.equal(heads.state_dict()[name], values) for name, values in written.items())


def _of(write: Callable[[Path], None], ending: str, folder: Path) -> list[bytes]:
    path = folder / f"whole{ending}"
    write(path)
    return [path.read_bytes()]


def _damaged(write: Callable[[Path], None], ending: str, folder: Path) -> st.SearchStrategy[bytes]:
    return damaged(_of(write, ending, folder))


def _stores(folder: Path) -> st.SearchStrategy[bytes]:
    names = [*(dataset.name for dataset in FRAMES.datasets), "image_offsets"]
    return st.one_of(damaged(_of(_write_store, ".h5", folder)), hdf5_files(names))


def _documents(folder: Path) -> st.SearchStrategy[bytes]:
    whole = _of(_write_document, ".json", folder)
    keys = [KEY, *json.loads(whole[0])[KEY]]
    return st.one_of(damaged(whole), json_files(keys))


def _verify(ending: str, folder: Path) -> Any:
    return verify_file(folder / f"a{ending}")


READERS = [
    Reader(
        "tables (.parquet)",
        "a.parquet",
        _read_table,
        partial(_damaged, _write_table, ".parquet"),
    ),
    Reader("stores (.h5)", "a.h5", _read_store, _stores),
    Reader("documents (.json)", "a.json", _read_document, _documents),
    Reader(
        "weights (.safetensors)",
        "a.safetensors",
        _read_weights,
        partial(_damaged, _write_weights, ".safetensors"),
    ),
    Reader(
        "heads (.safetensors)",
        "a.safetensors",
        _read_heads,
        partial(_damaged, _write_heads, ".safetensors"),
    ),
    Reader(
        "verify (.parquet)",
        "a.parquet",
        partial(_verify, ".parquet"),
        partial(_damaged, _write_table, ".parquet"),
    ),
    Reader("verify (.h5)", "a.h5", partial(_verify, ".h5"), _stores),
]
