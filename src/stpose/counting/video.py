"""Counting the cycles of a video's main person, from the file to a number."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.schemas import CROPS, PEOPLE
from stpose.artefacts.status import Status
from stpose.artefacts.stores import StoreReader, open_store
from stpose.artefacts.tables import read_table
from stpose.counting.cutting import cut_people
from stpose.counting.main_person import PersonTrack, main_person, main_rows
from stpose.crops import cut_square
from stpose.errors import ArtefactError
from stpose.geometry import square_around
from stpose.repetitions.counting import find_repetition
from stpose.repetitions.similarity import Matrix
from stpose.repetitions.stage import even_track
from stpose.settings.counting import CountingSettings

Floats = NDArray[np.float64]

# Pictures that are in memory at once.
_CHUNK = 64


class Embedder(Protocol):
    """Turns RGB pictures (N, input_px, input_px, 3) into vectors (N, D)."""

    @property
    def input_px(self) -> int:
        """Side of the pictures it takes (px)."""

    def __call__(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the vectors (N, D)."""


@dataclass(frozen=True)
class Count:
    """What the main person of a video repeats.

    Attributes:
        count: Cycles; 0 if nothing repeats, or nobody is there.
        period: Median length of a cycle, in source frames; 0 if nothing repeats.
        strength: How clear the repetition is, 0 to 1.
        status: How the video fared.
        frames: (n,) source frame numbers at which the person was looked at, rising.
        local_period: (n,) length of the cycle there, in source frames; NaN where nothing repeats.
        step: Source frames from one of them to the next.
        crops: (n,) rows of the person's pictures in the crops.
        vectors: (n, D) what the embedder made of them, of length 1.
    """

    count: int
    period: float
    strength: float
    status: Status
    frames: NDArray[np.int64]
    local_period: Floats
    step: float
    crops: NDArray[np.int64]
    vectors: Matrix


def count_video(
    path: Path, embedder: Embedder, settings: CountingSettings, work: Path | None = None
) -> Count:
    """Count the cycles of the main person in a video (paper 3.3).

    The video goes through the stages frames, people and crops; the crops of the main person
    (`stpose.counting.main_person`) become vectors, in which the repetitions stage looks for what
    repeats. Two steps, left and right, are one cycle.

    Args:
        path: The video.
        embedder: What turns pictures of the person into vectors.
        settings: Settings of the stages.
        work: Folder in which people and crops are kept, so that another embedder on the same
            video does not find them again; without, nothing is kept.

    Raises:
        InputError: There is no such file, or a file that the detector needs is missing.
        ArtefactError: What `work` holds is damaged.
    """
    if work is None:
        with TemporaryDirectory(prefix="stpose-") as folder:
            return count_crops(cut_people(path, settings, Path(folder)), embedder, settings)
    return count_crops(cut_people(path, settings, work), embedder, settings)


def count_crops(folder: Path, embedder: Embedder, settings: CountingSettings) -> Count:
    """Count the cycles of the main person in crops that were cut before.

    Args:
        folder: What `cut_people` returned.
        embedder: What turns pictures of the person into vectors.
        settings: Settings of the stages.

    Raises:
        ArtefactError: An artefact in the folder is missing or damaged.
    """
    with open_store(folder / "crops.h5", CROPS) as store:
        if not store.status.is_ok:
            return _nothing(store.status)
        person = main_person(_tracks(folder / "people.parquet"))
        rows = main_rows(store["frame"], store["track"], person)
        if not len(rows):
            return _nothing(Status("no_person", "the main person is too small to be cut out"))
        vectors = _vectors(store, rows, embedder, settings)
        frames = store["frame"][rows]
        even = even_track(frames, vectors)
    found = find_repetition(even.vectors, settings.repetitions, even.step)
    return Count(
        found.count,
        found.period * even.step,
        found.strength,
        Status.ok(),
        even.frames,
        found.local_period * even.step,
        even.step,
        rows[np.searchsorted(frames, even.frames)],
        even.vectors,
    )


def _nothing(status: Status) -> Count:
    none = np.empty(0, np.int64)
    vectors = np.empty((0, 0), np.float32)
    return Count(0, 0.0, 0.0, status, none, np.empty(0), 1.0, none, vectors)


def _tracks(path: Path) -> list[PersonTrack]:
    table = read_table(path, PEOPLE)
    numbers, frames = table["track"].to_numpy(), table["frame"].to_numpy()
    shots = table["shot"].to_numpy()
    boxes = np.stack([table[side].to_numpy() for side in ("x1", "y1", "x2", "y2")], axis=1)
    found = []
    for number in np.unique(numbers):
        rows = np.flatnonzero(numbers == number)
        shot = int(shots[rows[0]])
        found.append(PersonTrack(int(number), shot, frames[rows], boxes[rows].astype(np.float64)))
    return found


def _vectors(
    store: StoreReader, rows: NDArray[np.int64], embedder: Embedder, settings: CountingSettings
) -> NDArray[np.float32]:
    boxes = store["box"][rows].astype(np.float64)
    regions = square_around(boxes) if settings.crop == "square" else boxes
    parts = []
    for start in range(0, len(rows), _CHUNK):
        chunk = range(start, min(start + _CHUNK, len(rows)))
        pictures = [
            cut_square(_picture(store, int(rows[place])), regions[place], embedder.input_px)
            for place in chunk
        ]
        parts.append(embedder(np.stack([picture[..., ::-1] for picture in pictures])))
    return np.concatenate(parts)


def _picture(store: StoreReader, row: int) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(store.encoded("image", row), np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        message = f"{store.path}: crop {row} cannot be decoded"
        raise ArtefactError(message)
    return np.asarray(picture, dtype=np.uint8)
