"""Reading videos whose cycles are labelled, as QUVA Repetition is published.

A folder holds `videos/NAME.mp4` (or another ending) and `annotations/NAME.npy`: whole numbers,
rising, the 0-based frame at which each cycle ends. Their number is the count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stpose.errors import InputError
from stpose.videos.discovery import ENDINGS


@dataclass(frozen=True)
class CountedVideo:
    """A video and its cycles.

    Attributes:
        name: Its name without ending.
        path: The file.
        ends: (n,) int64, frame at which each cycle ends, rising; n >= 1.
    """

    name: str
    path: Path
    ends: NDArray[np.int64]

    @property
    def count(self) -> int:
        """Number of cycles."""
        return len(self.ends)

    @property
    def period(self) -> float | None:
        """Median length of a cycle (frames); None if only one end is known."""
        return float(np.median(np.diff(self.ends))) if len(self.ends) > 1 else None


@dataclass(frozen=True)
class CountedSet:
    """The videos of a folder that are counted.

    Attributes:
        videos: Those with labels, sorted by name, at least one.
        labels_per_cycle: Labels that make one cycle.
        left_out: Names that have a video without labels or labels without a video.
    """

    videos: tuple[CountedVideo, ...]
    labels_per_cycle: int
    left_out: tuple[str, ...]


def load_videos(
    folder: Path, names: Sequence[str] | None = None, labels_per_cycle: int = 1
) -> CountedSet:
    """Find the videos of a folder and read their labels.

    Args:
        folder: The data folder.
        names: Names of the videos wanted, whole or up to the first `_` (`000` for
            `000_rope_beach`); without, all.
        labels_per_cycle: Labels that make one cycle, 2 where each step is labelled; labels after
            the last whole cycle are no cycle.

    Raises:
        InputError: A folder, a wanted video or its labels are missing, a name may mean two
            videos, or labels are not as published.
    """
    videos = _by_name(folder / "videos", ENDINGS)
    labels = _by_name(folder / "annotations", frozenset({".npy"}))
    known = sorted(videos.keys() & labels.keys())
    if not known:
        message = (
            f"{folder}: {len(videos)} videos and {len(labels)} annotations, none of the same "
            "name, expected videos/NAME.mp4 with annotations/NAME.npy"
        )
        raise InputError(message)
    chosen = known if names is None else sorted({_find(name, known, folder) for name in names})
    if not chosen:
        message = f"{folder}: the list of videos is empty, expected names such as {known[0]}"
        raise InputError(message)
    return CountedSet(
        tuple(
            CountedVideo(name, videos[name], _read_ends(labels[name], labels_per_cycle))
            for name in chosen
        ),
        labels_per_cycle,
        tuple(sorted(videos.keys() ^ labels.keys())),
    )


def read_names(text: str | None, path: Path | None) -> list[str] | None:
    """Return the names of videos in a text and in a file, or None if there is neither.

    Args:
        text: Names with commas between them.
        path: A file with a name a line.

    Raises:
        InputError: The file cannot be read.
    """
    if text is None and path is None:
        return None
    parts = text.split(",") if text is not None else []
    if path is not None:
        try:
            parts += path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            message = f"{path}: unreadable, expected a text file with the name of a video a line"
            raise InputError(message) from error
    return [part.strip() for part in parts if part.strip()]


def _by_name(folder: Path, endings: frozenset[str]) -> dict[str, Path]:
    if not folder.is_dir():
        message = f"{folder}: no such folder"
        raise InputError(message)
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in endings or path.name.startswith("."):
            continue
        if path.stem in found:
            message = f"{path}: {found[path.stem].name} has the same name, expected one of them"
            raise InputError(message)
        found[path.stem] = path
    return found


def _find(name: str, known: Sequence[str], folder: Path) -> str:
    if name in known:
        return name
    matching = [one for one in known if one.split("_")[0] == name]
    if len(matching) == 1:
        return matching[0]
    found = f"{', '.join(matching)} begin so" if matching else "no labelled video is called so"
    message = f"{folder}: video {name!r}: {found}, expected one of {', '.join(known)}"
    raise InputError(message)


def _read_ends(path: Path, labels_per_cycle: int) -> NDArray[np.int64]:
    try:
        with path.open("rb") as file:
            raw = np.load(file, allow_pickle=False)
    # NumPy raises about anything at damaged files.
    except Exception as error:
        message = f"{path}: unreadable, expected an array of whole numbers ({error})"
        raise InputError(message) from error
    if not isinstance(raw, np.ndarray) or raw.ndim != 1 or raw.dtype.kind not in "iu":
        found = f"{raw.dtype} {raw.shape}" if isinstance(raw, np.ndarray) else type(raw).__name__
        message = f"{path}: {found}, expected whole numbers (n,)"
        raise InputError(message)
    labels = raw.astype(np.int64)
    if (np.diff(labels) <= 0).any() or (labels < 0).any():
        message = f"{path}: frames {labels.tolist()}, expected them to rise from 0 or more"
        raise InputError(message)
    ends = labels[labels_per_cycle - 1 :: labels_per_cycle]
    if not len(ends):
        message = f"{path}: {len(labels)} labels, expected at least {labels_per_cycle}, one cycle"
        raise InputError(message)
    return ends
