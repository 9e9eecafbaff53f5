"""Mining groups and pairs out of a track that repeats."""

import numpy as np
import pytest
from pydantic import ValidationError

from stpose.repetitions.mining import mine, row_maxima, similarity_scale
from stpose.repetitions.similarity import filter_diagonals, normalise, similarity
from stpose.settings.repetitions import RepetitionsSettings

SETTINGS = RepetitionsSettings()


def mined(features, period, settings=SETTINGS, inside=slice(None)):
    local = np.full(len(features), np.nan)
    local[inside] = period
    return mine(normalise(features), local, settings)


def phase_difference(first, second, period):
    """Distance in phase, 0 to 0.5 cycles."""
    part = ((second - first) / period) % 1
    return np.minimum(part, 1 - part)


def test_similar_pairs_are_whole_cycles_apart_and_others_between(periodic):
    found = mined(periodic([20] * 10), 20)
    apart = phase_difference(found.anchor, found.candidate, 20)
    assert found.similar.sum() > 300
    assert (~found.similar).sum() > 300
    assert apart[found.similar].max() <= 0.1
    assert apart[~found.similar].min() >= 0.3
    assert (found.anchor != found.candidate).all()
    alike = found.pair_similarity
    assert alike[found.similar].min() > alike[~found.similar].max()
    assert ((alike >= 0) & (alike <= 1)).all()


def test_every_repetition_of_a_query_is_found(periodic):
    found = mined(periodic([20] * 10), 20)
    queries, sizes = np.unique(found.query, return_counts=True)
    assert len(queries) == pytest.approx(80, abs=2)
    assert np.median(sizes) == 9
    anchors = np.unique(found.anchor[found.similar])
    assert (anchors == queries).all()


def test_the_most_alike_are_kept_of_a_large_group(periodic):
    features = periodic([20] * 10)
    many, few = (mined(features, 20, RepetitionsSettings(largest_group=size)) for size in (16, 3))
    sizes = np.unique(few.query, return_counts=True)[1]
    assert sizes.max() == 3
    filtered = filter_diagonals(similarity(normalise(features), normalise(features)), 5)
    for query in np.unique(few.query):
        everything = many.repetition[many.query == query]
        best = everything[np.argsort(-filtered[query, everything])[:3]]
        assert set(best) == set(few.repetition[few.query == query])


def test_nothing_is_taken_from_outside_the_part_that_repeats(periodic):
    features = periodic([20] * 6, still=60)
    found = mined(features, 20, inside=slice(60, 180))
    everything = np.concatenate([found.query, found.repetition, found.anchor, found.candidate])
    assert len(everything)
    assert (everything.min(), everything.max() < 180) == (pytest.approx(60, abs=3), True)
    assert everything.min() >= 60


def test_without_repetitions_nothing_is_mined():
    found = mined(np.random.default_rng(0).normal(size=(50, 8)), np.nan)
    assert len(found.query) == len(found.anchor) == 0


def test_a_high_threshold_lets_less_through(periodic):
    features = periodic([20] * 10, noise=0.5)
    sizes = [
        len(mined(features, 20, RepetitionsSettings(threshold=threshold)).query)
        for threshold in (-0.5, 0.4, 0.99)
    ]
    assert sizes[0] >= sizes[1] > sizes[2]


def test_row_maxima_against_a_slow_version():
    rng = np.random.default_rng(2)
    row = rng.random(120).astype(np.float32)
    query, period, least = 40, 12.0, 0.6
    reach = int(0.4 * period)
    slow = [
        place
        for place in range(120)
        if row[place] == row[max(0, place - reach) : place + reach + 1].max()
        and row[place] >= least
        and abs(place - query) > reach
    ]
    assert row_maxima(row, query, period, least).tolist() == slow
    assert len(slow) > 3


def test_the_scale_of_similarities(periodic):
    vectors = normalise(periodic([30] * 6, noise=0.01))
    scale = similarity_scale(vectors, np.arange(180), 5)
    filtered = filter_diagonals(similarity(vectors, vectors), 5)
    assert scale.neighbours == pytest.approx(np.median(np.diagonal(filtered, 1)))
    assert scale.at(0) == scale.unrelated < scale.at(0.5) < scale.at(1) == scale.neighbours


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"filter_size": 4}, "`filter_size` to be odd"),
        ({"shortest_period": 50, "longest_period": 20}, "at least `shortest_period`"),
    ],
)
def test_settings_that_make_no_sense_are_refused(values, says):
    with pytest.raises(ValidationError, match=says):
        RepetitionsSettings(**values)
