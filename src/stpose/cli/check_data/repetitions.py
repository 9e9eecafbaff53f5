"""Looking at videos with the ends of their cycles, in the format of QUVA Repetition."""

import re
from pathlib import Path

import numpy as np

from stpose.cli.check_data.finding import Finding, Layout, differences, some
from stpose.datasets.catalogue import QUVA
from stpose.videos.discovery import ENDINGS

# QUVA's own names, such as 000_rope_beach; others' videos come in the same format.
_QUVA_NAME = re.compile(r"\d{3}_\w+")


def _is_in(folder: Path) -> bool:
    return (folder / "videos").is_dir() and any(folder.glob("annotations/*.npy"))


def _check(folder: Path) -> Finding:
    annotations = {path.stem: path for path in folder.glob("annotations/*.npy")}
    videos = {
        path.stem
        for path in folder.glob("videos/*")
        if path.suffix.lower() in ENDINGS and not path.name.startswith(".")
    }
    problems, cycles = [], 0
    for path in sorted(annotations.values()):
        ends = _read_ends(path)
        if isinstance(ends, str):
            problems.append(ends)
        else:
            cycles += len(ends)
    mute, lost = videos - set(annotations), set(annotations) - videos
    problems += [
        *some("videos without annotation", mute),
        *some("annotations without video", lost),
    ]
    counts = {"videos": len(videos), "annotations": len(annotations), "cycles": cycles}
    if all(_QUVA_NAME.fullmatch(name) for name in annotations):
        problems += differences(counts, QUVA)
        return Finding(QUVA.title, folder, counts, tuple(problems))
    return Finding(f"cycles in the format of {QUVA.title}", folder, counts, tuple(problems))


def _read_ends(path: Path) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]] | str":
    """Return the ends of cycles (n,), frame numbers from 0, or what is wrong with the file."""
    try:
        ends = np.load(path, allow_pickle=False)
    # NumPy raises about anything at damaged files.
    except Exception as error:
        return f"{path}: unreadable, expected an array of NumPy ({error})"
    if ends.ndim != 1 or ends.dtype.kind not in "iu" or not len(ends):
        return f"{path}: {ends.dtype} {ends.shape}, expected whole numbers (n,), ends of cycles"
    if ends[0] < 0 or (np.diff(ends.astype(np.int64)) <= 0).any():
        return f"{path}: ends of cycles do not grow from one to the next"
    return np.asarray(ends, dtype=np.int64)


LAYOUT = Layout(QUVA.title, "videos/ and annotations/*.npy", _is_in, _check)
