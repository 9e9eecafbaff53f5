"""The picture that says most about an artefact."""

from collections.abc import Callable, Mapping
from pathlib import Path

from stpose.artefacts.header import read_header
from stpose.inspect.canvas import Image
from stpose.inspect.footage import (
    crops_picture,
    flow_ratio_picture,
    frames_picture,
    motion_picture,
    people_picture,
    pictures_picture,
)
from stpose.inspect.found import neighbours_picture
from stpose.inspect.learning import benchmark_picture, curriculum_picture, metrics_picture
from stpose.inspect.repetition import embeddings_picture, repetitions_picture

PICTURES: Mapping[str, Callable[[Path], Image]] = {
    "frames": frames_picture,
    "people": people_picture,
    "crops": crops_picture,
    "flow": flow_ratio_picture,
    "motion": motion_picture,
    "curriculum": curriculum_picture,
    "metrics": metrics_picture,
    "embeddings": embeddings_picture,
    "repetition_tracks": repetitions_picture,
    "repetition_groups": repetitions_picture,
    "repetition_pairs": repetitions_picture,
    "benchmark": benchmark_picture,
    "pictures": pictures_picture,
    "neighbours": neighbours_picture,
}


def picture_of(path: Path) -> Image | None:
    """Return a BGR picture of an artefact; None for kinds that a picture says nothing about.

    Some pictures show neighbours too: people and flow need the frames of the same video,
    repetitions the embeddings and crops, where the pipeline puts them.

    Raises:
        ArtefactError: The file, or one that it is shown with, is missing or damaged.
    """
    make = PICTURES.get(read_header(path).kind)
    return None if make is None else make(Path(path))
