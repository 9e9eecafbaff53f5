"""Samples from mined repetitions, against dictionaries."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stpose.recipes.footage import MinedPairs
from stpose.recipes.repetition_pairs import sort_mined_pairs

CROPS = 24

pair = st.tuples(st.integers(0, CROPS - 1), st.integers(0, CROPS - 1), st.booleans())


@settings(max_examples=60, deadline=None)
@given(st.lists(pair, max_size=80))
def test_groups_hold_mined_pairs_only(mined):
    columns = np.array([[a, c, s] for a, c, s in mined], np.int64).reshape(-1, 3)
    pairs = sort_mined_pairs(MinedPairs(columns[:, 0], columns[:, 1], columns[:, 2] > 0), 3)
    slow = {}
    for anchor, candidate, similar in mined:
        lists = slow.setdefault(anchor, (set(), set()))
        lists[0 if similar else 1].add(candidate)
    slow = {anchor: lists for anchor, lists in slow.items() if all(lists)}
    assert pairs.anchors.tolist() == sorted(slow)
    if not slow:
        return
    places = np.repeat(np.arange(len(slow)), 60)
    groups = pairs.draw(np.random.default_rng(0), places)
    seen = {anchor: (set(), set()) for anchor in slow}
    for anchor, candidates in zip(groups.anchors.tolist(), groups.candidates, strict=True):
        seen[anchor][0].add(int(candidates[0]))
        seen[anchor][1].update(candidates[1:].tolist())
    for anchor, (similar, dissimilar) in slow.items():
        assert seen[anchor][0] <= similar
        assert seen[anchor][1] <= dissimilar
        if len(dissimilar) < 8:
            assert seen[anchor][1] == dissimilar
