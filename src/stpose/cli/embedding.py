"""Vectors of pictures and videos from anywhere, as one file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import EMBEDDED, EMBEDDED_TABLE
from stpose.artefacts.stores import create_store
from stpose.artefacts.tables import write_table
from stpose.cli.detecting import Box, people_in
from stpose.errors import InputError
from stpose.frames.decoding import open_video
from stpose.people.detections import Detector
from stpose.pose_embedder import PoseEmbedder, read_image
from stpose.videos.discovery import ENDINGS

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})

Image = NDArray[np.uint8]


@dataclass(frozen=True)
class Person:
    """A person to embed: input and frame it is in, the RGB picture, and the box (px)."""

    source: Path
    frame: int
    image: Image
    box: Box


def find_inputs(inputs: Sequence[Path]) -> list[Path]:
    """Return the pictures and videos that are named or lie in folders that are, in order.

    Raises:
        InputError: One does not exist, is of no known kind, or is a folder without any.
    """
    found: list[Path] = []
    for path in inputs:
        known = PICTURES | ENDINGS
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.suffix.lower() in known)
            if not inside:
                message = f"{path}: a folder without pictures or videos"
                raise InputError(message)
            found += inside
        elif not path.is_file():
            message = f"{path}: no such file or folder"
            raise InputError(message)
        elif path.suffix.lower() not in known:
            message = f"{path}: ends in {path.suffix!r}, expected a picture or video"
            raise InputError(message)
        else:
            found.append(path)
    return found


def people_of(path: Path, detector: Detector | None) -> Iterator[Person]:
    """Yield the people of a picture or video; without a detector each frame is one.

    Raises:
        InputError: The file cannot be read.
    """
    for number, image in _frames(path):
        height, width = image.shape[:2]
        whole = (0.0, 0.0, float(width), float(height))
        for box in [whole] if detector is None else people_in(image, detector):
            yield Person(path, number, image, box)


def _frames(path: Path) -> Iterator[tuple[int, Image]]:
    if path.suffix.lower() in PICTURES:
        yield 0, read_image(path)
        return
    try:
        with open_video(path) as video:
            for frame in video:
                yield frame.number, np.ascontiguousarray(frame.image[..., ::-1])
    except InputError as error:
        message = f"{path}: {error}"
        raise InputError(message) from error


def write_vectors(
    files: Sequence[Path],
    embedder: PoseEmbedder,
    detector: Detector | None,
    weights: Path,
    out: Path,
    batch: int,
) -> tuple[int, list[Path]]:
    """Embed the people of pictures and videos and write their vectors.

    Args:
        files: Pictures and videos.
        embedder: The network.
        detector: What finds people; None takes whole pictures.
        weights: The file that the network was read from.
        out: Where to: .parquet or .h5.
        batch: Pictures that go through the network at once.

    Returns:
        The number of vectors, and the files in which nobody was found.

    Raises:
        InputError: A file cannot be read.
    """
    empty: list[Path] = []
    keys: list[tuple[str, int, Box]] = []
    parts = [np.zeros((0, embedder.dimensions), np.float32)]
    waiting: list[Person] = []

    def embed_waiting() -> None:
        if waiting:
            images = [person.image for person in waiting]
            parts.append(embedder.embed(images, [person.box for person in waiting], batch))
            keys.extend((str(person.source), person.frame, person.box) for person in waiting)
            waiting.clear()

    for path in tqdm(files, unit="file", disable=None):
        is_empty = True
        for person in people_of(path, detector):
            is_empty = False
            waiting.append(person)
            if len(waiting) == batch:
                embed_waiting()
        if is_empty:
            empty.append(path)
    embed_waiting()
    vectors = np.concatenate(parts)
    provenance = derive("embed", "{}", inputs=[weights])
    boxes = np.array([box for _, _, box in keys], np.float32).reshape(-1, 4)
    if out.suffix == ".h5":
        names = sorted({name for name, _, _ in keys})
        with create_store(out, EMBEDDED, provenance) as store:
            store.attributes["inputs"] = names
            store.extend(
                input=[names.index(name) for name, _, _ in keys],
                frame=[frame for _, frame, _ in keys],
                box=boxes,
                vector=vectors,
            )
        return len(keys), empty
    columns: dict[str, Any] = {
        "input": [name for name, _, _ in keys],
        "frame": [frame for _, frame, _ in keys],
        **{side: boxes[:, place] for place, side in enumerate(("x1", "y1", "x2", "y2"))},
        "vector": list(vectors),
    }
    write_table(out, EMBEDDED_TABLE, columns, provenance)
    return len(keys), empty
