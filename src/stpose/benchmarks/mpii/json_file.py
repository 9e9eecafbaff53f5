"""The annotations as a JSON list, as HRNet and MMPose read them (`annot/valid.json`).

One object a person: `image`, `joints` (16 pairs, as in the release), `joints_vis` (16 flags, 0
where a joint is missing; its coordinates are then (0, 0) or (-1, -1)), `center` and `scale` (as in
the release). The head box is not in it.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.json_text import parse_json
from stpose.benchmarks.mpii.people import JOINTS, MpiiPeople, make_people
from stpose.errors import InputError

_EXPECTED = (
    "a list of people with image, joints, joints_vis, center and scale, as annot/valid.json of "
    "HRNet and MMPose"
)
_SHAPES = {"joints": (len(JOINTS), 2), "joints_vis": (len(JOINTS),), "center": (2,), "scale": ()}


def read_json(path: Path) -> MpiiPeople:
    """Read the people of a JSON list.

    Raises:
        InputError: It is no JSON, no such list, or a person has other fields or shapes.
    """
    try:
        content = parse_json(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        message = f"{path}: unreadable as JSON ({error}), expected {_EXPECTED}"
        raise InputError(message) from error
    if not isinstance(content, list) or not content:
        kind = f"an object with {', '.join(content)}" if isinstance(content, dict) else "no people"
        message = f"{path}: holds {kind}, expected {_EXPECTED}"
        raise InputError(message)
    columns: dict[str, list[NDArray[np.float64]]] = {name: [] for name in _SHAPES}
    images: list[str] = []
    for number, person in enumerate(content):
        if not isinstance(person, dict) or not isinstance(person.get("image"), str):
            message = f"{path}: entry {number} names no image, expected {_EXPECTED}"
            raise InputError(message)
        images.append(person["image"])
        for name, shape in _SHAPES.items():
            columns[name].append(_array(person, name, shape, f"{path}: entry {number}"))
    seen: dict[str, int] = {}
    ranks = []
    for image in images:
        ranks.append(seen.get(image, 0))
        seen[image] = ranks[-1] + 1
    present = np.stack(columns["joints_vis"]) != 0
    return make_people(
        path,
        images,
        ranks,
        columns["joints"],
        present,
        present,
        scale=columns["scale"],
        centre=columns["center"],
    )


def _array(
    person: dict[str, Any], name: str, shape: tuple[int, ...], where: str
) -> NDArray[np.float64]:
    if name not in person:
        message = f"{where} ({person['image']}): no {name!r}, expected {_EXPECTED}"
        raise InputError(message)
    try:
        values = np.asarray(person[name], dtype=np.float64)
    except (ValueError, TypeError, OverflowError):
        values = np.full((0, 0), np.nan)
    if values.shape != shape:
        message = f"{where} ({person['image']}): {name} is not numbers of shape {shape}"
        raise InputError(message)
    return values
