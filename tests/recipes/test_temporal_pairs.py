"""Pairs by distance in time, against a search through all frames."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stpose.crop_index import CropIndex
from stpose.recipes.temporal_pairs import Tau, find_temporal_pairs

NEGATIVES = 3


def index_of(keys, strides=(1, 1)):
    columns = np.array(sorted(keys), np.int64).reshape(-1, 3)
    nothing = np.zeros((len(columns), 4), np.float32)
    video, track = columns[:, 0].astype(np.int32), columns[:, 1].astype(np.int32)
    rows = np.zeros(len(columns), np.int64)
    names = tuple(f"v{number}" for number in range(len(strides)))
    stride = np.array(strides, np.int64)
    return CropIndex(names, video, track, columns[:, 2], rows, nothing, nothing, stride)


def slow_candidates(keys, anchor, tau, stride):
    """Return the positive and the set of negatives of an anchor, by looking at every frame."""
    video, track, frame = anchor
    positive, negatives = None, set()
    for other in keys:
        if other[:2] != (video, track) or (other[2] - frame) % stride:
            continue
        distance = (other[2] - frame) / stride
        if distance == tau.positive:
            positive = other
        if tau.negative_min <= abs(distance) <= tau.negative_max:
            negatives.add(other)
    return positive, negatives


keys = st.sets(st.tuples(st.integers(0, 1), st.integers(1, 2), st.integers(0, 40)), max_size=120)


@settings(max_examples=40, deadline=None)
@given(keys, st.integers(1, 3), st.integers(1, 4), st.integers(2, 6), st.integers(0, 4))
def test_draws_are_what_a_search_allows(found, stride, positive, lowest, more):
    tau = Tau(positive, lowest, lowest + more)
    strides = (stride, 1)
    index = index_of(found, strides)
    listed = sorted(found)
    crops = np.arange(len(index))
    pairs = find_temporal_pairs(index, crops, tau, NEGATIVES)
    wanted = {}
    for number, key in enumerate(listed):
        right, wrong = slow_candidates(found, key, tau, strides[key[0]])
        if right and len(wrong) >= NEGATIVES:
            wanted[number] = right, wrong
    assert pairs.anchors.tolist() == sorted(wanted)
    assert crops[pairs.kept].tolist() == sorted(wanted)
    if not wanted:
        return
    places = np.random.default_rng(0).integers(len(pairs.anchors), size=40)
    groups = pairs.draw(np.random.default_rng(1), places)
    for anchor, candidates in zip(groups.anchors, groups.candidates.tolist(), strict=True):
        right, wrong = wanted[int(anchor)]
        first, *others = [listed[number] for number in candidates]
        assert first == right
        assert set(others) <= wrong
        assert len(set(others)) == NEGATIVES


def test_all_negatives_are_drawn_equally_often():
    index = index_of({(0, 1, frame) for frame in range(60)}, strides=(1,))
    pairs = find_temporal_pairs(index, np.array([30]), Tau(4, 8, 16), NEGATIVES)
    groups = pairs.draw(np.random.default_rng(0), np.zeros(6000, np.int64))
    distances = groups.candidates[:, 1:].ravel() - 30
    values, counts = np.unique(distances, return_counts=True)
    assert values.tolist() == [*range(-16, -7), *range(8, 17)]
    assert np.abs(counts / 1000 - 1).max() < 0.15
    # Nor does the place within the group say anything of the distance.
    assert np.abs((groups.candidates[:, 1:] - 30).mean(axis=0)).max() < 0.7


def test_order_of_the_anchors_is_kept():
    index = index_of({(0, 1, frame) for frame in range(60)}, strides=(1,))
    crops = np.array([40, 0, 20, 59])
    pairs = find_temporal_pairs(index, crops, Tau(4, 8, 16), NEGATIVES)
    assert pairs.anchors.tolist() == [40, 0, 20]
    assert pairs.kept.tolist() == [0, 1, 2]
