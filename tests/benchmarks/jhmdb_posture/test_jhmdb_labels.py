"""Choosing exemplars and labels by the rule, on random skeletons and on J-HMDB's own."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stpose.auc import exact_auc
from stpose.benchmarks.jhmdb_posture.candidates import Candidates
from stpose.benchmarks.jhmdb_posture.data import load_clips
from stpose.benchmarks.jhmdb_posture.labels import choose_labels
from stpose.benchmarks.jhmdb_posture.rule import Rule
from stpose.benchmarks.jhmdb_posture.skeletons import normalised

SMALL = Rule(labels=3, fewest_labels=2, matched=3, source_exemplars=2)
PAIRS = [(3, 4), (5, 6), (7, 8), (9, 10), (11, 12), (13, 14)]


def random_candidates(seed, sources=6):
    """Clips of a few postures, some mirrored, with random looks, boxes and times."""
    rng = np.random.default_rng(seed)
    postures = rng.normal(size=(4, 15, 2))
    columns = {"clip": [], "source": [], "number": [], "joints": []}
    for clip in range(2 * sources):
        shape = postures[rng.integers(4)]
        for number in range(0, 15, 3):
            joints = shape + rng.normal(0, 0.05, (15, 2))
            columns["joints"].append(swapped(joints, x=-1) if rng.random() < 0.3 else joints)
            columns["clip"].append(clip)
            columns["source"].append(clip // 2)
            columns["number"].append(number)
    count = len(columns["clip"])
    return Candidates(
        clip=np.array(columns["clip"]),
        source=np.array(columns["source"]),
        frame=np.arange(count),
        number=np.array(columns["number"]),
        postures=normalised(np.array(columns["joints"])),
        aspect=rng.normal(size=count),
        time=rng.random(count),
        looks=rng.normal(size=(count, 2, 8)).astype(np.float32),
    )


def swapped(joints, x=1):
    """Exchange left and right, and turn x around if it is -1."""
    found = joints.copy()
    for right, left in PAIRS:
        found[[right, left]] = joints[[left, right]]
    return found * np.array([x, 1])


def slow_distance(one, other):
    return sum(np.linalg.norm(a - b) for a, b in zip(one, other, strict=True)) / 15


def check(candidates, labels, rule, wanted):
    """Hold each exemplar against the rule, one joint at a time."""
    shapes = candidates.postures
    for one in labels:
        anchor = shapes[one.anchor]
        scores = {}
        for kind, rows, flips in (
            ("positive", one.positives, one.positive_flips),
            ("negative", one.negatives, one.negative_flips),
        ):
            assert len(rows) == len(set(rows.tolist())) == len(flips) == wanted
            assert (candidates.source[rows] != candidates.source[one.anchor]).all()
            assert max(Counter(candidates.source[rows].tolist()).values()) <= rule.source_labels
            for clip, count in Counter(candidates.clip[rows].tolist()).items():
                assert count <= rule.clip_labels
                numbers = np.sort(candidates.number[rows[candidates.clip[rows] == clip]])
                assert (np.diff(numbers) >= rule.frames_apart).all()
            scores[kind] = []
            for row, flip in zip(rows, flips, strict=True):
                plain = slow_distance(anchor, shapes[row])
                turned = slow_distance(anchor, swapped(shapes[row], x=-1))
                if kind == "positive":
                    assert flip == (turned < plain)
                    assert min(plain, turned) <= rule.same_posture + 1e-9
                else:
                    looks = candidates.looks[row] - candidates.looks[one.anchor, 0]
                    unlike = np.linalg.norm(looks, axis=1)
                    assert flip == (unlike[1] < unlike[0])
                    exchanged = slow_distance(anchor, swapped(shapes[row]))
                    both = slow_distance(anchor, shapes[row] * [-1, 1])
                    assert min(plain, turned, exchanged, both) >= rule.other_posture - 1e-9
                scores[kind].append(-min(plain, turned))
        assert exact_auc(scores["positive"], scores["negative"]) == 1


@settings(max_examples=15)
@given(st.integers(0, 1000))
def test_labels_keep_the_rule(seed):
    candidates = random_candidates(seed)
    labels = choose_labels(candidates, SMALL)
    if labels:
        check(candidates, labels, SMALL, len(labels[0].positives))
    assert [one.anchor for one in labels] == sorted(one.anchor for one in labels)
    for source, count in Counter(candidates.source[[one.anchor for one in labels]]).items():
        assert count <= SMALL.source_exemplars, source


def test_positives_are_the_nearest():
    candidates = random_candidates(3)
    free = replace(SMALL, clip_labels=99, source_labels=99, frames_apart=0)
    labels = choose_labels(candidates, free)
    assert labels
    for one in labels:
        anchor = candidates.postures[one.anchor]
        distances = {
            row: min(slow_distance(anchor, shape), slow_distance(anchor, swapped(shape, x=-1)))
            for row, shape in enumerate(candidates.postures)
            if candidates.source[row] != candidates.source[one.anchor]
        }
        assert one.positives.tolist() == sorted(distances, key=distances.__getitem__)[:3]


def test_negatives_are_the_likest_of_those_that_match():
    """With two that match, the nearer in HOG is taken; far ones in aspect are never looked at."""
    rng = np.random.default_rng(0)
    shapes = rng.normal(size=(2, 15, 2))
    # An exemplar, a positive, and three candidates of another posture, each of its own source.
    which = [0, 0, 1, 1, 1]
    looks = np.zeros((5, 2, 1), np.float32)
    looks[:, 0, 0], looks[:, 1, 0] = [0, 9, 5, 4, 1], [9, 9, 3, 8, 9]
    candidates = Candidates(
        clip=np.arange(5),
        source=np.arange(5),
        frame=np.arange(5),
        number=np.zeros(5, np.int64),
        postures=normalised(shapes[which]),
        aspect=np.array([0.0, 0.1, 0.12, -0.09, 3.0]),
        time=np.zeros(5),
        looks=looks,
    )
    rule = Rule(labels=1, fewest_labels=1, matched=2)
    first = choose_labels(candidates, rule)[0]
    assert (first.anchor, first.positives.tolist()) == (0, [1])
    assert (first.negatives.tolist(), first.negative_flips.tolist()) == ([2], [True])
    wide = choose_labels(candidates, replace(rule, matched=3))[0]
    assert (wide.negatives.tolist(), wide.negative_flips.tolist()) == ([4], [False])


def test_fewer_are_asked_for_where_there_are_no_more():
    candidates = random_candidates(3, sources=4)
    many = replace(SMALL, labels=12)
    labels = choose_labels(candidates, many)
    found = len(labels[0].positives)
    assert SMALL.fewest_labels <= found < 12
    assert choose_labels(candidates, replace(SMALL, labels=12, fewest_labels=found + 1)) == []
    check(candidates, labels, many, found)


def test_a_single_source_gives_none():
    candidates = random_candidates(5, sources=1)
    assert choose_labels(candidates, SMALL) == []


def test_seeds_decide():
    candidates = random_candidates(3)
    chosen = [choose_labels(candidates, replace(SMALL, seed=seed)) for seed in (0, 0, 1)]
    anchors = [[one.anchor for one in labels] for labels in chosen]
    assert anchors[0] == anchors[1] != anchors[2]


@pytest.fixture(scope="module")
def real_candidates(shared_data):
    """J-HMDB's skeletons without its pictures: looks and boxes are random."""
    known = load_clips(shared_data / "annotated" / "jhmdb")
    rng = np.random.default_rng(0)
    sources = sorted({clip.source for clip in known.clips})
    rows = [
        (number, sources.index(clip.source), frame)
        for number, clip in enumerate(known.clips)
        for frame in range(0, len(clip.world), 3)
        if ((clip.image[frame] >= 0) & (clip.image[frame] < (320, 240))).all()
    ]
    clip, source, number = (np.array(column) for column in zip(*rows, strict=True))
    shapes = np.array([known.clips[c].world[frame] for c, _, frame in rows])
    return Candidates(
        clip=clip,
        source=source,
        frame=np.arange(len(rows)),
        number=number,
        postures=normalised(shapes),
        aspect=rng.normal(0, 0.3, len(rows)),
        time=rng.random(len(rows)),
        looks=rng.normal(size=(len(rows), 2, 4)).astype(np.float32),
    )


def test_real_skeletons_give_exemplars_of_many_sources(real_candidates):
    rule = Rule(source_exemplars=1)
    labels = choose_labels(real_candidates, rule)
    check(real_candidates, labels, rule, 10)
    sources = real_candidates.source[[one.anchor for one in labels]]
    assert len(sources) == len(set(sources.tolist())) >= 30
