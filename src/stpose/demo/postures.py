"""Which postures are the same: labels for the posture benchmark, from the true joints.

The rule, for every exemplar:

- Postures are compared by 14 joints in 2D, centred between the hips and divided by the person's
  stature in pixels; their distance is the mean over the joints.
- Positives are the nearest frames of other videos, nearest first, below a distance, at most half
  of them from one video. A frame whose mirror image is nearer (with left and right exchanged) is
  labelled with a flip.
- Negatives are frames of other videos above a larger distance, however one looks at them:
  mirrored or not, and with left and right exchanged or not, since a leg in front looks nearly
  the same whichever it is.
- There are as many negatives as positives. Each is chosen to match one of the positives: among
  all frames that are far enough, it is the one whose box differs from the exemplar's in aspect,
  and whose moment in its video differs from the exemplar's, by most nearly as much as the
  positive's; and it has the same flip. Frames of the exemplar's own motion are preferred, up to
  a limit. So neither box, time nor flip, and not the motion alone, gives the answer away.
- Exemplars are drawn from all videos in turn; two of the same video differ in posture.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.posture_format import ExemplarLabels
from stpose.demo.skeleton import INDEX, LSP_JOINTS, FloatArray
from stpose.settings.demo import DemoSettings

# How much a difference of one in log aspect weighs, in shares of a video's length.
ASPECT_WEIGHT = 1.0
# How much worse a frame of the exemplar's own motion may match than one of another motion.
MOTION_WEIGHT = 0.25
FEWEST_POSITIVES = 4
_SWAP = [
    LSP_JOINTS.index(name.replace("left", "?").replace("right", "left").replace("?", "right"))
    for name in LSP_JOINTS
]


@dataclass(frozen=True)
class Candidates:
    """Frames that may be labelled.

    Attributes:
        video: (n,) number of the video.
        motion: (n,) number of the motion that is shown.
        postures: (n, 14, 2) from `normalised_posture`.
        aspect: (n,) log of width over height of the box.
        time: (n,) moment in the video, 0 to 1.
    """

    video: NDArray[np.int64]
    motion: NDArray[np.int64]
    postures: FloatArray
    aspect: FloatArray
    time: FloatArray


def normalised_posture(points: FloatArray, stature: float) -> FloatArray:
    """Return the 14 joints of LSP around the middle of the hips, in statures.

    Args:
        points: (joints, 2) pixels, in the order of `stpose.demo.skeleton.JOINTS`.
        stature: The person's stature in pixels.
    """
    joints = points[[INDEX[name] for name in LSP_JOINTS]]
    hips = points[[INDEX["left_hip"], INDEX["right_hip"]]].mean(axis=0)
    return np.asarray((joints - hips) / stature)


def mirrored(postures: FloatArray) -> FloatArray:
    """Return postures as in a mirror: x reversed, left and right exchanged."""
    return np.asarray(postures[..., _SWAP, :] * np.array([-1.0, 1.0]))


def exchanged(postures: FloatArray) -> FloatArray:
    """Return postures with left and right exchanged, which looks nearly the same."""
    return np.asarray(postures[..., _SWAP, :])


def posture_distance(posture: FloatArray, others: FloatArray) -> FloatArray:
    """Return the mean joint distance of a posture (14, 2) to others (n, 14, 2)."""
    return np.asarray(np.linalg.norm(others - posture, axis=-1).mean(axis=-1))


def choose_labels(
    candidates: Candidates, settings: DemoSettings, rng: np.random.Generator
) -> list[ExemplarLabels]:
    """Choose exemplars, and label frames for each, by the rule of this module.

    Returns:
        At most `settings.exemplars`, sorted by anchor; fewer where postures are too rare.
    """
    chosen: list[ExemplarLabels] = []
    videos = rng.permutation(np.unique(candidates.video))
    queues = [list(rng.permutation(np.flatnonzero(candidates.video == v))) for v in videos]
    while any(queues) and len(chosen) < settings.exemplars:
        for queue in queues:
            labels = _next_exemplar(candidates, settings, chosen, queue)
            if labels is not None and len(chosen) < settings.exemplars:
                chosen.append(labels)
    return sorted(chosen, key=lambda labels: labels.anchor)


def _next_exemplar(
    candidates: Candidates,
    settings: DemoSettings,
    chosen: list[ExemplarLabels],
    queue: list[int],
) -> ExemplarLabels | None:
    """Take frames from a video's queue until one can be an exemplar."""
    while queue:
        anchor = int(queue.pop())
        same = [c.anchor for c in chosen if candidates.video[c.anchor] == candidates.video[anchor]]
        posture = candidates.postures[anchor]
        near = posture_distance(posture, candidates.postures[same]) < settings.same_posture
        if near.any():
            continue
        labels = _label(candidates, settings, anchor)
        if labels is not None:
            return labels
    return None


def _label(candidates: Candidates, settings: DemoSettings, anchor: int) -> ExemplarLabels | None:
    posture, postures = candidates.postures[anchor], candidates.postures
    plain = posture_distance(posture, postures)
    flipped = posture_distance(posture, mirrored(postures))
    nearest = np.minimum(plain, flipped)
    swapped = np.minimum(
        posture_distance(posture, exchanged(postures)),
        posture_distance(posture, exchanged(mirrored(postures))),
    )
    elsewhere = candidates.video != candidates.video[anchor]
    order = np.argsort(nearest, kind="stable")
    positives = order[elsewhere[order] & (nearest[order] < settings.same_posture)]
    positives = _spread(positives, candidates.video, settings.labels)
    far = np.flatnonzero(elsewhere & (np.minimum(nearest, swapped) > settings.other_posture))
    if len(positives) < min(FEWEST_POSITIVES, settings.labels) or len(far) < len(positives):
        return None
    aspect = np.abs(candidates.aspect - candidates.aspect[anchor])
    time = np.abs(candidates.time - candidates.time[anchor])
    other = MOTION_WEIGHT * (candidates.motion != candidates.motion[anchor])
    negatives: list[int] = []
    for positive in positives:
        odds = ASPECT_WEIGHT * np.abs(aspect[far] - aspect[positive])
        odds += np.abs(time[far] - time[positive]) + other[far]
        pick = int(np.argmin(odds))
        negatives.append(int(far[pick]))
        far = np.delete(far, pick)
    flips = (flipped < plain)[positives]
    return ExemplarLabels(anchor, positives, flips, np.array(negatives), flips)


def _spread(ordered: NDArray[np.int64], video: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return the first of some candidates, at most half of `count` from one video."""
    kept: list[int] = []
    for row in ordered:
        if len(kept) < count and (video[kept] == video[row]).sum() < max(1, count // 2):
            kept.append(int(row))
    return np.array(kept, dtype=np.int64)
