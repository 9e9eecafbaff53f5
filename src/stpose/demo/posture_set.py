"""The demo's posture benchmark, in the files published for Olympic Sports (CliqueCNN, 2016).

All motions make one category: within one motion, frames of another posture also have boxes of
another shape, so that negatives could not be matched in aspect (see `stpose.demo.postures`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import cv2
import numpy as np

from stpose.artefacts.posture_format import (
    Box,
    PostureSequence,
    frame_path,
    published_box,
    write_category,
)
from stpose.demo.plan import MOTIONS, DemoVideo, planned_videos
from stpose.demo.postures import Candidates, choose_labels, normalised_posture
from stpose.demo.rendering import Person, locate_people, render_frame
from stpose.demo.scene import stage_scene
from stpose.errors import InputError
from stpose.settings.demo import DemoSettings

CATEGORY = "demo"


@dataclass(frozen=True)
class _Sequence:
    """A held-out video as a sequence of the benchmark."""

    name: str
    video: DemoVideo
    people: tuple[Person, ...]  # the main person in every frame
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class PostureCounts:
    """How large a posture benchmark is."""

    frames: int
    sequences: int
    exemplars: int
    positives: int
    negatives: int


def write_posture_set(settings: DemoSettings, folder: Path) -> PostureCounts:
    """Render the posture benchmark from the held-out videos.

    Frame lists and boxes name every frame; only labelled frames have pixels.

    Args:
        settings: Which videos, how many labels.
        folder: An empty one; gets `labels_hdf5/`, `image_pathes/`, `bboxes/` and `frames/`.

    Raises:
        InputError: The videos hold too few like postures for a single exemplar.
    """
    size = (settings.width, settings.height)
    sequences = [_sequence(video, settings) for video in planned_videos(settings, heldout=True)]
    sequences.sort(key=lambda sequence: sequence.name.encode())
    usable = [
        (number, frame)
        for number, sequence in enumerate(sequences)
        for frame in range(number % settings.label_stride, settings.frames, settings.label_stride)
        if _whole(sequence.people[frame], *size)
    ]
    labels = choose_labels(
        _candidates(sequences, usable), settings, np.random.default_rng([settings.seed, 1])
    )
    if not labels:
        message = (
            f"demo: no exemplars among {len(usable)} frames of {len(sequences)} held-out videos, "
            "expected like postures in different videos; more heldout_videos or frames give them"
        )
        raise InputError(message)
    ids = np.array([number * settings.frames + frame for number, frame in usable])
    listed = [PostureSequence(s.name, range(settings.frames), s.boxes) for s in sequences]
    write_category(folder, CATEGORY, listed, [one.renumbered(ids) for one in labels], ".png")
    used = {row for one in labels for row in (one.anchor, *one.positives, *one.negatives)}
    for number, sequence in enumerate(sequences):
        frames = sorted(usable[row][1] for row in used if usable[row][0] == number)
        _write_frames(folder, sequence, frames, settings)
    return PostureCounts(
        len(sequences) * settings.frames,
        len(sequences),
        len(labels),
        sum(len(one.positives) for one in labels),
        sum(len(one.negatives) for one in labels),
    )


def _sequence(video: DemoVideo, settings: DemoSettings) -> _Sequence:
    scene = stage_scene(video, settings)
    size = (settings.width, settings.height)
    people = tuple(locate_people(scene, frame, *size)[0] for frame in range(settings.frames))
    name = f"{video.motion}-person{video.person}_{0:05d}_{settings.frames - 1:05d}"
    return _Sequence(name, video, people, tuple(published_box(p.box, *size) for p in people))


def _whole(person: Person, width: int, height: int) -> bool:
    """Tell whether a person is wholly in the frame."""
    x1, y1, x2, y2 = person.box
    return x1 >= 0 and y1 >= 0 and x2 <= width and y2 <= height


def _candidates(sequences: Sequence[_Sequence], usable: list[tuple[int, int]]) -> Candidates:
    people = [sequences[number].people[frame] for number, frame in usable]
    boxes = [sequences[number].boxes[frame] for number, frame in usable]
    return Candidates(
        np.array([number for number, _ in usable], dtype=np.int64),
        np.array([MOTIONS.index(sequences[number].video.motion) for number, _ in usable]),
        np.array([normalised_posture(p.points, p.stature) for p in people]).reshape(-1, 14, 2),
        np.array([log((x2 - x1) / (y2 - y1)) for x1, y1, x2, y2 in boxes]),
        np.array([frame / max(len(sequences[number].people) - 1, 1) for number, frame in usable]),
    )


def _write_frames(
    folder: Path, sequence: _Sequence, frames: list[int], settings: DemoSettings
) -> None:
    if not frames:
        return
    scene = stage_scene(sequence.video, settings)
    for frame in frames:
        path = frame_path(folder, CATEGORY, sequence.name, frame, ".png")
        path.parent.mkdir(parents=True, exist_ok=True)
        image = render_frame(scene, frame, settings.width, settings.height).image
        _, encoded = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 3])
        path.write_bytes(encoded.tobytes())
