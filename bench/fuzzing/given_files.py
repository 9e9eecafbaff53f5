"""Readers of what users bring: settings, boxes, flow, lists of sources, weights, archives."""

import shutil
import zipfile
from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from hypothesis import strategies as st
from snakemake.common.configfile import load_configfile
from snakemake_interface_common.exceptions import WorkflowError

from fuzzing.mutations import damaged, json_files, text_files, yaml_files
from fuzzing.reader import Reader
from stpose.datasets.unpack import unpack
from stpose.errors import InputError
from stpose.flow.files import read_flow, write_flow_file
from stpose.network.alexnet import PoseNetwork
from stpose.network.initial import load_caffe_weights, load_imagenet_weights
from stpose.people.darknet import input_size
from stpose.people.precomputed import read_boxes
from stpose.settings.config import Config, parse_config
from stpose.settings.network import NetworkSettings
from stpose.videos.sources import read_recordings

_ROOT = Path(__file__).parent.parent.parent


def _config(_: Path) -> st.SearchStrategy[bytes]:
    whole = [(_ROOT / "config" / name).read_bytes() for name in ("config.yaml", "paper.yaml")]
    known = [*Config.model_fields, "st", "rounds", "base", "changes", "network", "weights"]
    return st.one_of(damaged(whole), yaml_files(known))


def _read_config(folder: Path) -> None:
    """As Snakemake and then the pipeline read it; what Snakemake itself refuses is refused."""
    import yaml

    try:
        raw = load_configfile(folder / "a.yaml")
    except (WorkflowError, yaml.YAMLError, ValueError, TypeError, RecursionError, AttributeError):
        raise InputError from None  # Snakemake's own words
    except Exception as error:
        # What is wrong in Snakemake's reader is no find in this project's.
        if "yte" in type(error).__module__:
            raise InputError from error
        raise
    parse_config(raw)


def _boxes_bb(_: Path) -> st.SearchStrategy[bytes]:
    whole = b"".join(b"%d 1 2 30 40\n" % number for number in range(1, 5))
    return st.one_of(damaged([whole]), text_files(["1 1 1 5 5", "2 1 1 5 5"]))


def _read_given(ending: str, folder: Path) -> None:
    given = read_boxes(folder / f"a{ending}")
    assert np.isfinite(given.boxes).all()
    assert (given.frames >= 0).all()


def _boxes_parquet(_: Path) -> st.SearchStrategy[bytes]:
    columns = {name: [1.0, 2.0, 3.0] for name in ("x1", "y1", "x2", "y2", "score")}
    table = pa.table({"frame": [0, 1, 2], "track": [1, 1, 1], **columns})
    target = BytesIO()
    pq.write_table(table, target)
    return damaged([target.getvalue()])


def _flow(ending: str, folder: Path) -> st.SearchStrategy[bytes]:
    path = folder / f"whole{ending}"
    write_flow_file(path, np.ones((4, 6, 2), np.float32))
    return damaged([path.read_bytes()])


def _read_flow(ending: str, folder: Path) -> None:
    assert read_flow(folder / f"a{ending}").shape[2] == 2


def _recordings(_: Path) -> st.SearchStrategy[bytes]:
    return st.one_of(damaged([b'{"s": ["c/a", "c/b"]}']), json_files(["s", "c/a"]))


_SMALL = NetworkSettings(layout="caffe", input_px=227, width=0.05)


def _caffe(_: Path) -> st.SearchStrategy[bytes]:
    blobs = {}
    for number, convolution in enumerate(PoseNetwork(_SMALL).convolutions, start=1):
        blobs[f"conv{number}.weight"] = np.zeros(tuple(convolution.weight.shape), np.float32)
        blobs[f"conv{number}.bias"] = np.zeros(len(convolution.weight), np.float32)
    target = BytesIO()
    np.savez(target, **blobs)
    return damaged([target.getvalue()])


def _read_caffe(folder: Path) -> None:
    load_caffe_weights(PoseNetwork(_SMALL), folder / "a.npz", None)


def _pickles(_: Path) -> st.SearchStrategy[bytes]:
    target = BytesIO()
    torch.save({"features.0.weight": torch.zeros(2, 3)}, target)
    return damaged([target.getvalue()])


def _read_pickle(folder: Path) -> None:
    network = PoseNetwork(NetworkSettings(input_px=64, width=0.05))
    load_imagenet_weights(network, folder / "a.pth")


def _darknet(_: Path) -> st.SearchStrategy[bytes]:
    whole = b"[net]\nwidth=320\nheight=320\n[convolutional]\nfilters=8\n"
    return st.one_of(damaged([whole]), text_files(["[net]", "width=3", "height=3", "%(x)s"]))


def _archive(_: Path) -> st.SearchStrategy[bytes]:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("data/images/im1.jpg", b"x" * 200)
        file.writestr("data/joints.mat", b"y" * 200)
    return damaged([target.getvalue()])


def _read_archive(folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    before = {path for path in folder.rglob("*") if inner not in path.parents}
    try:
        unpack(folder / "a.zip", "zip", inner, ["images/im*"])
    finally:
        after = {path for path in folder.rglob("*") if inner not in path.parents}
        shutil.rmtree(inner)
        assert after == before


def _read_size(folder: Path) -> None:
    width, height = input_size(folder / "a.cfg")
    assert width > 0
    assert height > 0


READERS = [
    Reader("settings (.yaml)", "a.yaml", _read_config, _config),
    Reader("boxes (.bb)", "a.bb", partial(_read_given, ".bb"), _boxes_bb, weight=4),
    Reader("boxes (.parquet)", "a.parquet", partial(_read_given, ".parquet"), _boxes_parquet),
    Reader("flow (.flo)", "a.flo", partial(_read_flow, ".flo"), partial(_flow, ".flo"), weight=6),
    Reader(
        "flow (KITTI .png)", "a.png", partial(_read_flow, ".png"), partial(_flow, ".png"), weight=3
    ),
    Reader(
        "recordings (.json)",
        "a.json",
        lambda folder: read_recordings(folder / "a.json"),
        _recordings,
        weight=3,
    ),
    Reader("Caffe weights (.npz)", "a.npz", _read_caffe, _caffe, weight=0.5),
    Reader("torchvision weights (.pth)", "a.pth", _read_pickle, _pickles, weight=0.5),
    Reader("Darknet networks (.cfg)", "a.cfg", _read_size, _darknet, weight=3),
    Reader("archives (.zip)", "a.zip", _read_archive, _archive, weight=0.5),
]
