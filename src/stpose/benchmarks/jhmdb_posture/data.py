"""Reading clips whose joints are known, from J-HMDB (Jhuang et al., ICCV 2013).

A folder holds:

- `videos/CLASS/CLIP.avi` (or another ending);
- `joints.npz` with, for each clip, `CLASS/CLIP/pos_world` and `CLASS/CLIP/pos_img` (T, 15, 2),
  one row a frame from the first. The shape of the skeleton in `pos_world` is exact; `pos_img`
  are pixels of the picture, a few pixels off;
- `sources.json`, which names the source video of every clip: source to list of clips, possibly
  within further levels, such as one for each part of the data.

Whose joints or source are unknown is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.json_text import parse_json
from stpose.benchmarks.jhmdb_posture.skeletons import JOINTS
from stpose.errors import InputError
from stpose.videos.discovery import ENDINGS, walk_once

Floats = NDArray[np.float64]
JOINTS_FILE, SOURCES_FILE = "joints.npz", "sources.json"


@dataclass(frozen=True)
class AnnotatedClip:
    """A clip of one person.

    Attributes:
        name: Class and clip, with a slash between them.
        source: The video that it was cut from.
        path: The file.
        world: (T, 15, 2) joints in a unit of the clip's own.
        image: (T, 15, 2) joints in px of the picture; some may lie outside of it.
    """

    name: str
    source: str
    path: Path
    world: Floats
    image: Floats


@dataclass(frozen=True)
class AnnotatedSet:
    """The clips of a folder.

    Attributes:
        clips: Those with joints, source and video, sorted by name; at least one.
        without: How many videos have no `joints`, how many clips with joints no `source` and no
            `video`.
    """

    clips: tuple[AnnotatedClip, ...]
    without: dict[str, int]


def is_annotated(folder: Path) -> bool:
    """Tell whether a folder holds J-HMDB's joints."""
    return (folder / JOINTS_FILE).is_file()


def load_clips(folder: Path) -> AnnotatedSet:
    """Read joints and sources, and find the videos.

    Raises:
        InputError: A file is missing or not as the module describes, or no clip is left.
    """
    source_of = _read_sources(folder / SOURCES_FILE)
    videos = _find_videos(folder / "videos")
    clips = []
    without = dict.fromkeys(("joints", "source", "video"), 0)
    known = _read_joints(folder / JOINTS_FILE)
    for name, (world, image) in known.items():
        if name not in source_of:
            without["source"] += 1
        elif name not in videos:
            without["video"] += 1
        else:
            clips.append(AnnotatedClip(name, source_of[name], videos[name], world, image))
    without["joints"] = len(videos.keys() - known.keys())
    if not clips:
        message = (
            f"{folder}: {len(videos)} videos, joints of {len(known)} clips and sources of "
            f"{len(source_of)}, no clip has all three; expected videos/CLASS/CLIP.avi"
        )
        raise InputError(message)
    return AnnotatedSet(tuple(clips), without)


def _find_videos(folder: Path) -> dict[str, Path]:
    """Return the videos below a folder by class and clip."""
    paths = [
        parent / name
        for parent, _, names in walk_once(folder)
        for name in names
        if Path(name).suffix.lower() in ENDINGS and not name.startswith(".")
    ]
    return {path.relative_to(folder).with_suffix("").as_posix(): path for path in sorted(paths)}


def _read_sources(path: Path) -> dict[str, str]:
    """Return the source of every clip."""
    try:
        content = parse_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"{path}: no such file, expected the source video of every clip"
        raise InputError(message) from error
    except ValueError as error:
        message = f"{path}: unreadable, expected JSON ({error})"
        raise InputError(message) from error
    found = {}
    for source, clips in _lists(content, path):
        found.update(dict.fromkeys(clips, source))
    return found


def _lists(content: Any, path: Path) -> Iterator[tuple[str, list[str]]]:
    if not isinstance(content, dict):
        message = f"{path}: {type(content).__name__}, expected objects of source: list of clips"
        raise InputError(message)
    for key, value in content.items():
        if not isinstance(value, list):
            yield from _lists(value, path)
        elif all(isinstance(clip, str) for clip in value):
            yield key, value
        else:
            message = f"{path}: {key}: expected a list of clips, such as CLASS/CLIP"
            raise InputError(message)


def _read_joints(path: Path) -> dict[str, tuple[Floats, Floats]]:
    """Return `pos_world` and `pos_img` of every clip that has both, sorted by name."""
    try:
        # Opened here: of a file that is no zip, NumPy closes nothing that it has opened.
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {key: file[key] for key in sorted(file) if key.rpartition("/")[2] in _WANTED}
    except FileNotFoundError as error:
        message = f"{path}: no such file, expected the joints of the clips"
        raise InputError(message) from error
    # NumPy and zipfile raise about anything at damaged files.
    except Exception as error:
        message = f"{path}: unreadable, expected arrays in NumPy's .npz ({error})"
        raise InputError(message) from error
    found = {}
    for name in dict.fromkeys(key.rpartition("/")[0] for key in arrays):
        keys = [f"{name}/{part}" for part in _WANTED]
        if all(key in arrays for key in keys):
            shape = (*arrays[keys[0]].shape[:1], len(JOINTS), 2)
            for key in keys:
                if arrays[key].shape != shape or arrays[key].dtype.kind != "f":
                    have = f"{arrays[key].dtype} {arrays[key].shape}"
                    message = f"{path}: {key} {have}, expected numbers {shape}"
                    raise InputError(message)
            world, image = (arrays[key].astype(np.float64) for key in keys)
            found[name] = world, image
    return found


_WANTED = ("pos_world", "pos_img")
