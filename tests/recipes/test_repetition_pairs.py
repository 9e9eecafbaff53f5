"""Samples from mined repetitions, against dictionaries."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stpose.crop_index import CropIndex
from stpose.recipes.repetition_pairs import repetition_recipe

FRAMES = 12


def index_of_two_videos():
    columns = np.array([(v, 1, f) for v in range(2) for f in range(FRAMES)], np.int64)
    nothing = np.zeros((len(columns), 4), np.float32)
    return CropIndex(
        ("a", "b"),
        columns[:, 0].astype(np.int32),
        columns[:, 1].astype(np.int32),
        columns[:, 2],
        np.zeros(len(columns), np.int64),
        nothing,
        nothing,
        np.ones(2, np.int64),
    )


# Frames beyond the last and videos that are not there stand for crops that are missing.
pair = st.tuples(st.integers(-1, 1), st.integers(0, FRAMES), st.integers(0, FRAMES), st.booleans())


@settings(max_examples=60, deadline=None)
@given(st.lists(pair, max_size=80))
def test_groups_hold_mined_pairs_only(pairs):
    columns = np.array([[v, a, c, s] for v, a, c, s in pairs], np.int64).reshape(-1, 4)
    track = np.ones(len(columns), np.int64)
    recipe = repetition_recipe(
        index_of_two_videos(), columns[:, 0], track, *columns[:, 1:3].T, columns[:, 3] > 0, 3
    )
    slow = {}
    for video, anchor, candidate, similar in pairs:
        if video >= 0 and anchor < FRAMES and candidate < FRAMES:
            lists = slow.setdefault(video * FRAMES + anchor, (set(), set()))
            lists[0 if similar else 1].add(video * FRAMES + candidate)
    slow = {anchor: lists for anchor, lists in slow.items() if all(lists)}
    assert recipe.anchors.tolist() == sorted(slow)
    if not slow:
        return
    places = np.repeat(np.arange(len(slow)), 60)
    groups = recipe.draw(np.random.default_rng(0), places)
    seen = {anchor: (set(), set()) for anchor in slow}
    for anchor, candidates in zip(groups.anchors.tolist(), groups.candidates, strict=True):
        seen[anchor][0].add(int(candidates[0]))
        seen[anchor][1].update(candidates[1:].tolist())
    for anchor, (similar, dissimilar) in slow.items():
        assert seen[anchor][0] <= similar
        assert seen[anchor][1] <= dissimilar
        if len(dissimilar) < 8:
            assert seen[anchor][1] == dissimilar
