"""Boxes on people and beside them, against a loop over the same proposals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stpose.recipes import placed_boxes
from stpose.recipes.placed_boxes import PlacedBoxes, Sigma, draw_boxes

SIZE = 100
SIGMA = Sigma((0.65, 0.95), (0.25, 0.55))


def slow_iou(one, two):
    width = min(one[2], two[2]) - max(one[0], two[0])
    height = min(one[3], two[3]) - max(one[1], two[1])
    shared = max(width, 0) * max(height, 0)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, two)]
    return shared / (sum(areas) - shared)


corner = st.floats(0, 60)
person = st.builds(
    lambda x, y, w, h: [x, y, x + w, y + h], corner, corner, st.floats(4, 40), st.floats(4, 40)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(person, min_size=1, max_size=12), st.integers(0, 1000))
def test_overlaps_are_in_range_and_boxes_in_the_crop(people, seed):
    placed = PlacedBoxes(np.arange(len(people)) + 7, np.array(people), SIZE, SIGMA, 3)
    places = np.repeat(np.arange(len(people)), 3)
    groups = placed.draw(np.random.default_rng(seed), places)
    assert groups.crops.tolist() == (places + 7).tolist()
    assert groups.boxes.shape == (len(places), 4, 4)
    for place, boxes in zip(places, groups.boxes, strict=True):
        for number, box in enumerate(boxes):
            low, high = SIGMA.negative if number else SIGMA.positive
            assert low - 1e-9 <= slow_iou(box, people[place]) <= high + 1e-9
            assert box.min() >= -1e-9
            assert box.max() <= SIZE + 1e-9


def test_the_first_proposal_that_fits_is_taken(monkeypatch):
    generator = np.random.default_rng(3)
    people = np.array([[30.0, 20, 60, 80]] * 30)
    proposals = people[:, None] + generator.uniform(-25, 25, (30, 5, 4))
    monkeypatch.setattr(placed_boxes, "_propose", lambda *_: proposals)
    wanted = np.array([SIGMA.positive, SIGMA.negative] * 15)
    drawn = draw_boxes(np.random.default_rng(0), people, wanted, SIZE)
    fallbacks = 0
    for number, box in enumerate(drawn):
        low, high = wanted[number]
        fitting = [
            proposal
            for proposal in proposals[number]
            if low <= slow_iou(proposal, people[number]) <= high
            and proposal.min() >= 0
            and proposal.max() <= SIZE
        ]
        if fitting:
            np.testing.assert_array_equal(box, fitting[0])
        else:
            fallbacks += 1
            assert (box >= [30, 20, 30, 20]).all()
            assert (box <= [60, 80, 60, 80]).all()
    assert 0 < fallbacks < 30


@pytest.mark.parametrize("shape", [(30, 55), (55, 20), (55, 55)])
def test_boxes_lie_on_all_sides_at_all_sizes_and_overlaps(shape):
    corner = (SIZE - np.array(shape)) / 2
    people = np.array([[*corner, *(corner + shape)]])
    placed = PlacedBoxes(np.array([0]), people, SIZE, SIGMA, 3)
    boxes = placed.draw(np.random.default_rng(0), np.zeros(500, np.int64)).boxes
    for part, (low, high) in ((boxes[:, :1], SIGMA.positive), (boxes[:, 1:], SIGMA.negative)):
        flat = part.reshape(-1, 4)
        offset = (flat[:, :2] + flat[:, 2:]) / 2 - SIZE / 2
        assert np.abs((offset > 0).mean(axis=0) - 0.5).max() < 0.1
        scale = (flat[:, 2] - flat[:, 0]) / shape[0]
        assert (scale > 1.05).mean() > 0.05
        assert (scale < 0.95).mean() > 0.05
        overlaps = np.array([slow_iou(box, people[0]) for box in flat])
        spread = np.histogram(overlaps, 3, (low, high))[0] / len(overlaps)
        assert spread.min() > 0.1
