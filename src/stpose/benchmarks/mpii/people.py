"""The people of MPII Human Pose, whatever file they were published in.

Every form of the annotations counts pixels as the release does. These are taken as MATLAB's,
where the centre of the first pixel is 1; the data's own description does not say so, common
converters assume it. Joints are moved to continuous coordinates, in which the first pixel reaches
from 0 to 1, as for Leeds Sports Pose; scale and centre keep the release's numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stpose.errors import InputError

Floats = NDArray[np.float64]

# By the joint's id in the release.
JOINTS = (
    "r ankle",
    "r knee",
    "r hip",
    "l hip",
    "l knee",
    "l ankle",
    "pelvis",
    "thorax",
    "upper neck",
    "head top",
    "r wrist",
    "r elbow",
    "r shoulder",
    "l shoulder",
    "l elbow",
    "l wrist",
)
UPPER_NECK, HEAD_TOP = JOINTS.index("upper neck"), JOINTS.index("head top")
# The unit of PCKh is this share of the head box's diagonal.
HEAD_SHARE = 0.6

# The centre of the first pixel at 1 becomes its middle at 0.5.
_MOST_PEOPLE = 1e9  # no person in a picture has such a number
_TO_CONTINUOUS = -0.5
# A person of scale 1 is about 200 px tall. The square that stands for the person is a quarter
# larger, and lower by 15 px: the release's centre lies above the middle of the body.
_BODY_PX, _ROOM, _LOWER_PX = 200.0, 1.25, 15.0


@dataclass(frozen=True)
class MpiiPeople:
    """People with joints, N of them; several may be in one image.

    Attributes:
        source: The file they were read from.
        images: N names of image files.
        person: (N,) number of the person in the image, from 0, as the release counts them. The
            JSON form does not tell; there it is the rank among the file's people of the image.
        joints: (N, 16, 2) x, y in continuous pixel coordinates of the image, in the order of
            `JOINTS`; NaN where a joint is not annotated. They may lie outside the image.
        present: (N, 16) whether a joint is annotated.
        visible: (N, 16) whether it is annotated and not hidden. JSON and CSV do not tell; there
            every annotated joint counts as visible.
        head_size: (N,) the unit of PCKh: 0.6 times the diagonal of the head box (px); NaN where
            the file has none.
        scale: (N,) height of the person over 200 px, as in the release; NaN where unknown.
        centre: (N, 2) rough middle of the person, as in the release: pixels from 1, not lowered;
            NaN where unknown.
    """

    source: Path
    images: tuple[str, ...]
    person: NDArray[np.int64]
    joints: Floats
    present: NDArray[np.bool_]
    visible: NDArray[np.bool_]
    head_size: Floats
    scale: Floats
    centre: Floats

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.images)

    def complete(self) -> NDArray[np.int64]:
        """Return the rows of the people whose joints are all annotated."""
        return np.flatnonzero(self.present.all(axis=1))

    def take(self, rows: NDArray[np.int64]) -> "MpiiPeople":
        """Return the people of some rows, in that order."""
        return MpiiPeople(
            self.source,
            tuple(self.images[row] for row in rows.tolist()),
            self.person[rows],
            self.joints[rows],
            self.present[rows],
            self.visible[rows],
            self.head_size[rows],
            self.scale[rows],
            self.centre[rows],
        )

    def squares(self) -> Floats:
        """Return squares (N, 4) about the people, from scale and centre alone (px).

        They are those of the stacked hourglass networks: 250 px times the scale wide, 15 px times
        the scale below the centre. In continuous coordinates; NaN where scale or centre are.
        """
        middle = self.centre + self.scale[:, None] * [0.0, _LOWER_PX] + _TO_CONTINUOUS
        half = self.scale[:, None] * _BODY_PX * _ROOM / 2
        return np.concatenate([middle - half, middle + half], axis=1)

    def name(self, row: int) -> str:
        """Return what an error calls a person."""
        return f"{self.source}: person {self.person[row]} of {self.images[row]}"


def make_people(
    source: Path,
    images: Sequence[str],
    person: ArrayLike,
    published: ArrayLike,
    present: ArrayLike,
    visible: ArrayLike,
    head_size: ArrayLike | None = None,
    scale: ArrayLike | None = None,
    centre: ArrayLike | None = None,
) -> MpiiPeople:
    """Return people from arrays in the release's convention.

    Args:
        source: The file.
        images: N names of image files.
        person: (N,) number of the person in the image.
        published: (N, 16, 2) joints in pixels from 1; anything where a joint is missing.
        present: (N, 16).
        visible: (N, 16).
        head_size: (N,) 0.6 times the diagonal of the head box (px), not positive where unknown.
        scale: (N,) not positive where unknown.
        centre: (N, 2) NaN where unknown.

    Raises:
        InputError: A joint that is there is no number.
    """
    count = len(images)
    numbers = np.asarray(person, dtype=np.float64).reshape(count)
    if not (np.isfinite(numbers).all() and (np.abs(numbers) < _MOST_PEOPLE).all()):
        message = f"{source}: numbers of people {numbers}, expected whole numbers from 0"
        raise InputError(message)
    here = np.asarray(present, dtype=np.bool_).reshape(count, len(JOINTS))
    places = np.asarray(published, dtype=np.float64).reshape(count, len(JOINTS), 2)
    joints = np.where(here[..., None], places + _TO_CONTINUOUS, np.nan)
    middle = np.full((count, 2), np.nan) if centre is None else np.asarray(centre, np.float64)
    people = MpiiPeople(
        source,
        tuple(images),
        numbers.astype(np.int64),
        joints,
        here,
        np.asarray(visible, dtype=np.bool_).reshape(here.shape) & here,
        _positive(head_size, count),
        _positive(scale, count),
        middle.reshape(count, 2),
    )
    bad = here & ~np.isfinite(joints).all(axis=2)
    if bad.any():
        row, joint = np.argwhere(bad)[0].tolist()
        message = f"{people.name(row)}: {JOINTS[joint]} at {places[row, joint]}, expected numbers"
        raise InputError(message)
    return people


def mirror_order() -> NDArray[np.int64]:
    """Return for each joint the one that takes its place when left and right are swapped."""
    swap = {"r": "l", "l": "r"}
    names = [f"{swap[name[0]]}{name[1:]}" if name[:2] in ("r ", "l ") else name for name in JOINTS]
    return np.array([JOINTS.index(name) for name in names], dtype=np.int64)


def _positive(values: ArrayLike | None, count: int) -> Floats:
    if values is None:
        return np.full(count, np.nan)
    known = np.asarray(values, dtype=np.float64).reshape(count)
    return np.where(known > 0, known, np.nan)
