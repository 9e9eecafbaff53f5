"""The posture protocol: cues without pixels, and the published reference figures."""

import numpy as np
import pytest

from stpose.benchmarks.olympic_sports.protocol import (
    NO_PIXEL_CUES,
    aspect_distances,
    aspect_time_distances,
    load_categories,
    mean_of_categories,
    score_distances,
    time_distances,
)

# Exact and published AUC by box aspect, exact AUC by time.
REFERENCE = {
    "basketball_layup": (0.7173, 0.7209, 0.6639),
    "bowling": (0.6908, 0.6947, 0.6536),
    "clean_and_jerk": (0.6668, 0.6707, 0.6365),
    "diving_springboard_3m": (0.7645, 0.7678, 0.8006),
    "high_jump": (0.6056, 0.6099, 0.6901),
    "javelin_throw": (0.6137, 0.6179, 0.7440),
    "pole_vault": (0.6513, 0.6553, 0.7238),
    "shot_put": (0.7240, 0.7278, 0.6953),
    "snatch": (0.6745, 0.6784, 0.7354),
    "triple_jump": (0.6578, 0.6615, 0.7410),
}


def test_distances_are_between_a_labelled_frame_and_its_exemplar(posture_folder):
    (category,) = load_categories(posture_folder.path)
    time, aspect = category.frames.time(), category.frames.aspect()
    row = int(np.flatnonzero((category.labels.exemplar == 1) & (category.labels.frame == 2))[0])
    assert time_distances(category)[row] == pytest.approx(abs(time[5] - time[2]))
    assert aspect_distances(category)[row] == pytest.approx(abs(aspect[5] - aspect[2]))
    both = time_distances(category) / time_distances(category).mean()
    both = both + aspect_distances(category) / aspect_distances(category).mean()
    np.testing.assert_allclose(aspect_time_distances(category), both)


def test_scores_worked_by_hand(posture_folder):
    (category,) = load_categories(posture_folder.path)
    labels = category.labels
    distances = np.zeros(len(labels.frame))
    # Exemplar 0: positives at 1 and 3, negatives at 2 and 3: 1 + 1 + 0 + 1/2 of 4 pairs.
    distances[(labels.exemplar == 0) & labels.positive] = [1, 3]
    distances[(labels.exemplar == 0) & ~labels.positive] = [2, 3]
    # Exemplar 1 with its one positive: behind one negative, before the other.
    distances[(labels.exemplar == 1) & labels.positive] = [5]
    distances[(labels.exemplar == 1) & ~labels.positive] = [4, 6]
    score = score_distances([category, category], [distances, distances])
    np.testing.assert_allclose(score.exact, [0.625, 0.5] * 2)
    assert score.category.tolist() == [0, 0, 1, 1]
    assert mean_of_categories(score.exact, score.category) == pytest.approx(0.5625)


def test_categories_weigh_the_same():
    values, category = np.array([1.0, 0.0, 0.0, 0.0]), np.array([0, 1, 1, 1])
    assert mean_of_categories(values, category) == 0.5


@pytest.fixture(scope="module")
def scores(shared_data):
    categories = load_categories(shared_data / "olympic_sports")
    return categories, {
        name: score_distances(categories, [cue(category) for category in categories])
        for name, cue in NO_PIXEL_CUES.items()
    }


def test_reference_figures_of_the_ten_categories(scores):
    _, by_cue = scores
    means = {
        name: [
            round(mean_of_categories(values, score.category), 4)
            for values in (score.exact, score.published)
        ]
        for name, score in by_cue.items()
    }
    assert means["aspect"] == [0.6766, 0.6805]
    assert means["time"][0] == 0.7084
    assert max(means["aspect"][0], means["time"][0]) < means["aspect+time"][0]


@pytest.mark.parametrize("name", REFERENCE)
def test_reference_figures_by_category(scores, name):
    categories, by_cue = scores
    mine = by_cue["aspect"].category == [one.name for one in categories].index(name)
    found = (
        by_cue["aspect"].exact[mine].mean(),
        by_cue["aspect"].published[mine].mean(),
        by_cue["time"].exact[mine].mean(),
    )
    assert tuple(round(float(value), 4) for value in found) == REFERENCE[name]


def test_a_frame_in_both_classes_keeps_its_exemplar_from_one(shared_data):
    categories = {one.name: one for one in load_categories(shared_data / "olympic_sports")}
    labels = categories["triple_jump"].labels
    mine = labels.exemplar == int(np.flatnonzero(labels.anchors == 141)[0])
    both = (labels.frame == 1821) & mine
    assert labels.positive[both].tolist() == [True, False]
    assert labels.flip[both][0] == labels.flip[both][1]
