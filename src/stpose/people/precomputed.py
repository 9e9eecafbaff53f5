"""Boxes of people that are given in files: Olympic Sports' .bb, or Parquet."""

from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np
from numpy.typing import NDArray

from stpose.errors import InputError

ENDINGS = (".bb", ".parquet")
BB_LINE = "frame_index xmin ymin xmax ymax"
REQUIRED = ("frame", "x1", "y1", "x2", "y2")
OPTIONAL = ("score", "track")
_LARGEST = 1e9  # no frame, track or pixel has such a number


@dataclass(frozen=True)
class GivenBoxes:
    """Boxes of one video as they stand in a file.

    Attributes:
        frames: (n,) int64, source frame numbers, 0-based.
        boxes: (n, 4) float64, x1, y1, x2, y2 (source px, 0-based, x2 and y2 exclusive edges).
        scores: (n,) float32 in [0, 1]; NaN for boxes that were filled in.
        tracks: (n,) int64, who is who; None when the file does not say.
    """

    frames: NDArray[np.int64]
    boxes: NDArray[np.float64]
    scores: NDArray[np.float32]
    tracks: NDArray[np.int64] | None


def box_files(folder: Path) -> list[Path]:
    """Return all files of boxes below a folder, sorted."""
    return sorted(path for path in folder.rglob("*") if path.suffix in ENDINGS and path.is_file())


def find_boxes(folder: Path, video_path: str, video_id: str) -> Path | None:
    """Return the file with the boxes of a video, or None if there is none.

    Looked for, in this order: the video's path without its ending, as much of it as there is
    below `folder` (`snatch/clip.avi` has `snatch/clip.bb`, else `clip.bb`); its id; its name
    anywhere below `folder`.

    Raises:
        InputError: The name is there several times and the path does not tell which is meant.
    """
    parts = PurePath(video_path).with_suffix("").parts if video_path else ()
    tails = [PurePath(*parts[start:]) for start in range(len(parts))]
    for name in [*(str(tail) for tail in tails if not tail.is_absolute()), video_id]:
        for ending in ENDINGS:
            if (path := folder / f"{name}{ending}").is_file():
                return path
    stem = parts[-1] if parts else video_id
    same = [path for path in box_files(folder) if path.stem == stem]
    if len(same) > 1:
        message = (
            f"people.boxes: {', '.join(map(str, same))} may all be meant for {video_path}, "
            "expected one, or folders as those of the videos"
        )
        raise InputError(message)
    return same[0] if same else None


def read_boxes(path: Path) -> GivenBoxes:
    """Read the boxes of one video.

    Raises:
        InputError: The file is not what its ending says.
    """
    return _read_bb(path) if path.suffix == ".bb" else _read_parquet(path)


def check_file(path: Path) -> None:
    """Check a file without reading what is large: a .bb as a whole, of Parquet the columns.

    Raises:
        InputError: It is not what its ending says.
    """
    if path.suffix == ".bb":
        _read_bb(path)
    else:
        _parquet_columns(path)


def _read_bb(path: Path) -> GivenBoxes:
    """Read a line of integers a frame; frames and pixels count from 1, and far edges are pixels."""
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        table = np.loadtxt(lines, ndmin=2, comments=None) if lines else np.zeros((0, 5))
    except (OSError, ValueError) as error:
        reason = str(error).split(";")[0].rstrip(".")
        raise _not_bb(path, f"cannot be read ({reason})") from error
    if table.shape[1] != 5:
        raise _not_bb(path, f"has {table.shape[1]} columns")
    whole = (np.abs(table) < _LARGEST).all(axis=1) & (table[:, 0] >= 1)
    whole &= table[:, 0] == np.round(table[:, 0])
    wrong = ~whole | (table[:, 3] < table[:, 1]) | (table[:, 4] < table[:, 2])
    if wrong.any():
        raise _not_bb(path, f"has {lines[int(np.argmax(wrong))]!r}")
    frames = table[:, 0].astype(np.int64) - 1
    repeated = len(frames) - len(np.unique(frames))
    if repeated:
        raise _not_bb(path, f"has {repeated} frames twice")
    # The pixel x of the file, counted from 1, spans x - 1 to x.
    boxes = table[:, 1:] - [1, 1, 0, 0]
    order = np.argsort(frames)
    scores, tracks = np.ones(len(frames), np.float32), np.ones(len(frames), np.int64)
    return GivenBoxes(frames[order], boxes[order], scores, tracks)


def _not_bb(path: Path, found: str) -> InputError:
    message = f"people.boxes: {path} {found}; expected lines of 5 numbers, {BB_LINE}, from 1"
    return InputError(message)


def _parquet_columns(path: Path) -> list[str]:
    import pyarrow.parquet as pq

    try:
        names = pq.read_schema(path).names
    except Exception as error:
        message = f"people.boxes: {path} is no whole Parquet file ({error})"
        raise InputError(message) from error
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        message = (
            f"people.boxes: {path} has columns {', '.join(names)}; expected {', '.join(REQUIRED)} "
            f"and, if known, {', '.join(OPTIONAL)}"
        )
        raise InputError(message)
    return [name for name in (*REQUIRED, *OPTIONAL) if name in names]


def _read_parquet(path: Path) -> GivenBoxes:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    names = _parquet_columns(path)
    try:
        table = pq.read_table(
            path, columns=names, partitioning=None, page_checksum_verification=True
        )
        columns = {
            name: pc.cast(table[name], pa.float64()).to_numpy(zero_copy_only=False)
            for name in names
        }
    # Damaged files bring up errors of other kinds too: of decoding, of sizes, of keys.
    except Exception as error:
        message = f"people.boxes: {path} cannot be read ({error}), expected columns of numbers"
        raise InputError(message) from error
    boxes = np.stack([columns[name] for name in REQUIRED[1:]], axis=1)
    whole = np.stack([columns[name] for name in ("frame", "track") if name in names])
    upright = (boxes[:, 2:] >= boxes[:, :2]).all(axis=1)
    numbered = (np.abs(whole) < _LARGEST).all() and (whole == np.round(whole)).all()
    in_range = numbered and (np.abs(boxes) < _LARGEST).all() and (whole[0] >= 0).all()
    given = columns.get("score", np.ones(len(boxes)))
    scored = not (np.abs(given) >= _LARGEST).any()  # empty ones are no numbers, and fine
    if not (in_range and scored and upright.all()):
        message = (
            f"people.boxes: {path} has empty cells, numbers of frames or tracks that are none, or "
            "boxes with x2 < x1 or y2 < y1, or scores beyond all size, expected whole rows; only "
            "score may be empty, where a box was filled in"
        )
        raise InputError(message)
    frames = columns["frame"].astype(np.int64)
    scores = given.astype(np.float32)
    tracks = columns["track"].astype(np.int64) if "track" in columns else None
    order = np.lexsort((frames,) if tracks is None else (frames, tracks))
    if tracks is not None and len(np.unique(np.stack([frames, tracks]), axis=1).T) < len(frames):
        message = f"people.boxes: {path} has a track twice in one frame, expected once at most"
        raise InputError(message)
    given = tracks if tracks is None else tracks[order]
    return GivenBoxes(frames[order], boxes[order], scores[order], given)
