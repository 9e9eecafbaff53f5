"""Looking at J-HMDB: clips and the joints in their frames."""

from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from stpose.benchmarks.matlab_file import load_matlab
from stpose.cli.check_data.finding import Finding, Layout, differences, some
from stpose.datasets.catalogue import JHMDB
from stpose.errors import InputError

_VIDEOS = ("videos", "ReCompress_Videos")  # ours, and the published archive's
_MATLAB = "joint_positions/*/*/joint_positions.mat"  # published, one a clip
_NUMPY = "joints.npz"  # all clips: CLASS/CLIP/pos_img


def _is_in(folder: Path) -> bool:
    clips = (f"{name}/*/*_np[0-9]_*.avi" for name in _VIDEOS)
    return any(any(folder.glob(pattern)) for pattern in (_MATLAB, *clips))


def _check(folder: Path) -> Finding:
    clips = {
        f"{path.parent.name}/{path.stem}"
        for name in _VIDEOS
        for path in folder.glob(f"{name}/*/*.avi")
        if not path.name.startswith(".")
    }
    joints, problems = _joints(folder)
    mute, lost = clips - set(joints), set(joints) - clips
    problems += [
        *some("clips without joints", mute),
        *some("joints without clip", lost),
    ]
    counts = {
        "classes": len({name.partition("/")[0] for name in clips | set(joints)}),
        "clips": len(clips),
        "annotated clips": len(joints),
        "annotated frames": sum(_frames(array) or 0 for array in joints.values()),
    }
    problems += [
        f"{folder}: joints of {name} {array.shape}, expected numbers 2 x 15 x T or T x 15 x 2"
        for name, array in joints.items()
        if _frames(array) is None
    ]
    problems += differences(counts, JHMDB)
    return Finding(JHMDB.title, folder, counts, tuple(problems))


def _joints(folder: Path) -> tuple[dict[str, "np.ndarray[Any, Any]"], list[str]]:
    """Return the joints of each CLASS/CLIP, and which files are unreadable."""
    joints, problems = {}, []
    for path in tqdm(sorted(folder.glob(_MATLAB)), desc=folder.name, disable=None):
        clip = path.parent.relative_to(folder / "joint_positions").as_posix()
        try:
            content = load_matlab(path, ("pos_img",))
        except InputError as error:
            problems.append(str(error))
        else:
            joints[clip] = np.asarray(content.get("pos_img", ()))
    if (folder / _NUMPY).is_file():
        try:
            with (folder / _NUMPY).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                keys = [name for name in arrays.files if name.endswith("/pos_img")]
                joints |= {name.removesuffix("/pos_img"): arrays[name] for name in keys}
        # So do NumPy and zipfile.
        except Exception as error:
            problems.append(f"{folder / _NUMPY}: unreadable, expected arrays of NumPy ({error})")
    return joints, problems


def _frames(joints: "np.ndarray[Any, Any]") -> int | None:
    """Return how many frames have joints, in the published layout or ours; None in no layout."""
    if joints.ndim != 3 or joints.dtype.kind not in "iuf" or not np.isfinite(joints).all():
        return None
    if joints.shape[:2] == (2, 15):
        return int(joints.shape[2])
    return len(joints) if joints.shape[1:] == (15, 2) else None


LAYOUT = Layout(
    JHMDB.title, f"videos/CLASS/CLIP.avi with joint_positions/ or {_NUMPY}", _is_in, _check
)
