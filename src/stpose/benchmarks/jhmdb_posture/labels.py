"""Choosing exemplars, positives and negatives by the rule."""

from collections.abc import Iterable
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.posture_format import ExemplarLabels
from stpose.benchmarks.jhmdb_posture.candidates import Candidates
from stpose.benchmarks.jhmdb_posture.rule import Rule
from stpose.benchmarks.jhmdb_posture.skeletons import exchanged, mirrored
from stpose.benchmarks.metrics import pose_distances

Floats = NDArray[np.float64]


def choose_labels(candidates: Candidates, rule: Rule) -> list[ExemplarLabels]:
    """Choose exemplars and label frames for each, in numbers of candidates.

    Returns:
        Exemplars in the order of candidates, all with the same number of labels: as many as the
        rule asks for, or the most for which there is an exemplar; none if even the fewest
        cannot be had.
    """
    for wanted in range(rule.labels, rule.fewest_labels - 1, -1):
        chosen = _choose(candidates, rule, wanted)
        if chosen:
            return sorted(chosen, key=lambda one: one.anchor)
    return []


def posture_distance(candidates: Candidates, anchor: int) -> tuple[Floats, Floats]:
    """Return the pose distances (n,) of an exemplar to all candidates, as they are and mirrored."""
    posture = candidates.postures[anchor][None]
    plain = pose_distances(posture, candidates.postures)[0]
    return plain, pose_distances(posture, mirrored(candidates.postures))[0]


def _choose(candidates: Candidates, rule: Rule, wanted: int) -> list[ExemplarLabels]:
    """Take exemplars from all sources in turn."""
    rng = np.random.default_rng(rule.seed)
    sources = rng.permutation(np.unique(candidates.source))
    queues = [
        rng.permutation(np.flatnonzero(candidates.source == source)).tolist() for source in sources
    ]
    taken: list[list[ExemplarLabels]] = [[] for _ in queues]
    for _ in range(rule.source_exemplars):
        for queue, mine in zip(queues, taken, strict=True):
            found = _next_exemplar(candidates, rule, wanted, queue, mine)
            if found is not None:
                mine.append(found)
    return [one for mine in taken for one in mine]


def _next_exemplar(
    candidates: Candidates, rule: Rule, wanted: int, queue: list[int], mine: list[ExemplarLabels]
) -> ExemplarLabels | None:
    """Take candidates from a source's queue until one can be an exemplar."""
    while queue:
        anchor = queue.pop()
        plain, flipped = posture_distance(candidates, anchor)
        nearest = np.minimum(plain, flipped)
        if all(nearest[one.anchor] >= rule.exemplar_distance for one in mine):
            found = _label(candidates, rule, wanted, anchor)
            if found is not None:
                return found
    return None


def _label(candidates: Candidates, rule: Rule, wanted: int, anchor: int) -> ExemplarLabels | None:
    plain, flipped = posture_distance(candidates, anchor)
    nearest = np.minimum(plain, flipped)
    elsewhere = candidates.source != candidates.source[anchor]
    order = np.argsort(nearest, kind="stable")
    near = order[elsewhere[order] & (nearest[order] <= rule.same_posture)]
    positives = _spread(near.tolist(), candidates, rule, wanted)
    if len(positives) < wanted:
        return None
    posture = candidates.postures[anchor][None]
    for other in (exchanged(candidates.postures), exchanged(mirrored(candidates.postures))):
        nearest = np.minimum(nearest, pose_distances(posture, other)[0])
    far = np.flatnonzero(elsewhere & (nearest >= rule.other_posture))
    found = _negatives(candidates, rule, anchor, positives, far)
    if found is None:
        return None
    flips = (flipped < plain)[positives]
    return ExemplarLabels(anchor, np.array(positives), flips, *found)


def _negatives(
    candidates: Candidates,
    rule: Rule,
    anchor: int,
    positives: list[int],
    far: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]] | None:
    """Return one far candidate for each positive, and which are mirrored; None if too few."""
    looks = candidates.looks[far] - candidates.looks[anchor, 0]
    unlike = np.linalg.norm(looks, axis=2)
    aspect = np.abs(candidates.aspect - candidates.aspect[anchor])
    time = np.abs(candidates.time - candidates.time[anchor])
    chosen: list[int] = []
    places: list[int] = []
    for positive in positives:
        odds = np.abs(aspect[far] - aspect[positive])
        odds += rule.time_weight * np.abs(time[far] - time[positive])
        order = np.argsort(odds, kind="stable")
        usable = (place for place in order if _may_join(far[place], chosen, candidates, rule))
        matched = list(islice(usable, rule.matched))
        if not matched:
            return None
        best = min(matched, key=lambda place: float(unlike[place].min()))
        places.append(int(best))
        chosen.append(int(far[best]))
    return np.array(chosen), unlike[places, 1] < unlike[places, 0]


def _spread(ordered: Iterable[int], candidates: Candidates, rule: Rule, count: int) -> list[int]:
    """Return the first `count` that may stand beside those before them."""
    kept: list[int] = []
    for row in ordered:
        if len(kept) == count:
            break
        if _may_join(row, kept, candidates, rule):
            kept.append(row)
    return kept


def _may_join(row: int, kept: list[int], candidates: Candidates, rule: Rule) -> bool:
    """Tell whether a frame may be labelled beside others: not too many of a clip or source."""
    mates = [one for one in kept if candidates.clip[one] == candidates.clip[row]]
    kin = sum(candidates.source[one] == candidates.source[row] for one in kept)
    apart = [abs(int(candidates.number[one] - candidates.number[row])) for one in mates]
    return (
        len(mates) < rule.clip_labels
        and kin < rule.source_labels
        and all(gap >= rule.frames_apart for gap in apart)
    )
