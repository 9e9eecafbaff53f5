"""Counting the cycles of a video's main person, from the file to a number."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.schemas import CROPS
from stpose.artefacts.status import Status
from stpose.artefacts.stores import StoreReader, open_store
from stpose.counting.box_path import box_path
from stpose.counting.cutting import cut_people
from stpose.counting.looks import Count, clearer
from stpose.counting.main_person import main_person, main_rows
from stpose.counting.steady import people_of
from stpose.crops import cut_square
from stpose.errors import ArtefactError
from stpose.geometry import square_around
from stpose.repetitions.counting import find_repetition
from stpose.repetitions.stage import even_track
from stpose.settings.counting import CountingSettings

# Pictures that are in memory at once.
_CHUNK = 64

_PATH_CYCLES = 4  # that a box's way must hold: three to and fro are common by chance


class Embedder(Protocol):
    """Turns RGB pictures (N, input_px, input_px, 3) into vectors (N, D)."""

    @property
    def input_px(self) -> int:
        """Side of the pictures it takes (px)."""

    def __call__(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the vectors (N, D)."""


def count_video(
    path: Path, embedder: Embedder, settings: CountingSettings, work: Path | None = None
) -> Count:
    """Count the cycles of the main person in a video (paper 3.3).

    The video goes through the stages frames, people and crops; the crops of the main person
    (`stpose.counting.main_person`) become vectors, in which the repetitions stage looks for what
    repeats. So do crops through a steady window (`stpose.counting.steady`); which of both counts
    says `clearer`. Where neither repeats, the way of their box may (`stpose.counting.box_path`).
    Two steps, left and right, are one cycle.

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
    followed = _count(folder, "crops", "people.parquet", embedder, settings)
    if not followed.status.is_ok:
        return followed
    steady = _count(folder, "steady", "window.parquet", embedder, settings)
    seen = clearer(followed, steady)
    return seen if seen.count else _by_path(folder, seen, steady, settings)


def _count(
    folder: Path, view: str, people: str, embedder: Embedder, settings: CountingSettings
) -> Count:
    with open_store(folder / f"{view}.h5", CROPS) as store:
        if not store.status.is_ok:
            return _nothing(store.status, view)
        person = main_person(people_of(folder / people))
        rows = main_rows(store["frame"], store["track"], person)
        if not len(rows):
            return _nothing(Status("no_person", "the main person is too small to be cut out"), view)
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
        view,
        rows[np.searchsorted(frames, even.frames)],
        even.vectors,
    )


def _by_path(folder: Path, seen: Count, steady: Count, settings: CountingSettings) -> Count:
    """Return what the way of the box repeats, with the pictures of the steady window."""
    if not len(steady.frames):
        return seen
    path = box_path(main_person(people_of(folder / "people.parquet")), steady.frames)
    cycles = max(_PATH_CYCLES, settings.repetitions.minimum_cycles)
    stricter = settings.repetitions.model_copy(update={"minimum_cycles": cycles})
    found = find_repetition(path, stricter, steady.step)
    if not found.count:
        return seen
    return replace(
        steady,
        count=found.count,
        period=found.period * steady.step,
        strength=found.strength,
        local_period=found.local_period * steady.step,
    )


def _nothing(status: Status, view: str) -> Count:
    none = np.empty(0, np.int64)
    vectors = np.empty((0, 0), np.float32)
    return Count(0, 0.0, 0.0, status, none, np.empty(0), 1.0, view, none, vectors)


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
