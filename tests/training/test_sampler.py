"""Batches by seed and step."""

from dataclasses import fields

import numpy as np
import pytest

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import REPETITION_PAIRS
from stpose.artefacts.tables import write_table
from stpose.crop_index import read_crop_index
from stpose.errors import InputError
from stpose.geometry import box_iou
from stpose.settings.experiment import ExperimentSettings
from stpose.training.sampler import Sampler
from stpose.training.samples import collect_samples


def sampler_of(world, pairs=None, **chosen):
    settings = ExperimentSettings(**{"curriculum_update": 10, "batch_size": 16, **chosen})
    index, _, size = read_crop_index(world.crops)
    return Sampler(index, collect_samples(index, size, world.curriculum, pairs, settings), settings)


@pytest.fixture
def pairs(tmp_path):
    """Repetitions in the first two videos: frame t looks like t + 40, and t + 20 does not."""
    rows = [
        (f"video-{video}", 1, frame, frame + 2 * half, half == 20, 0.5)
        for video in range(2)
        for frame in range(20)
        for half in (10, 20)
    ]
    names = [column.name for column in REPETITION_PAIRS.columns]
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    write_table(tmp_path / "pairs.parquet", REPETITION_PAIRS, columns, derive("repetitions", "{}"))
    return tmp_path / "pairs.parquet"


def same(one, other):
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name))
        for field in fields(one)
    )


def test_a_batch_depends_on_seed_and_step_alone(world):
    sampler = sampler_of(world, rotation=10)
    later = sampler.batch(7)
    for step in (3, 8, 0):
        sampler.batch(step)
    assert same(sampler.batch(7), later)
    assert same(sampler_of(world, rotation=10).batch(7), later)
    assert not same(sampler.batch(8), later)
    assert not same(sampler_of(world, rotation=10, seed=1).batch(7), later)


def test_layout_of_a_batch(world):
    sampler = sampler_of(world)
    index, batch = sampler.index, sampler.batch(0)
    assert (batch.pairs, batch.placements, batch.repetitions) == (4, 4, 0)
    assert len(batch.crops) == 4 + 16 + 16
    anchors, candidates = batch.crops[:4], batch.crops[4:20].reshape(4, 4)
    assert (index.video[candidates] == index.video[anchors][:, None]).all()
    distance = index.frame[candidates] - index.frame[anchors][:, None]
    assert (distance[:, 0] == 4).all()
    assert ((np.abs(distance[:, 1:]) >= 8) & (np.abs(distance[:, 1:]) <= 16)).all()
    np.testing.assert_allclose(batch.boxes[:20], index.box[batch.crops[:20]])
    overlap = box_iou(batch.boxes[20:], index.box[batch.crops[20:]]).reshape(4, 4)
    assert ((overlap[:, 0] >= 0.65) & (overlap[:, 0] <= 0.95)).all()
    assert ((overlap[:, 1:] >= 0.25) & (overlap[:, 1:] <= 0.55)).all()


def test_the_pictures_of_a_group_are_turned_alike(world):
    sampler = sampler_of(world, rotation=20)
    batch = sampler.batch(2)
    for values in (batch.mirror, batch.rotation):
        assert (values[4:20].reshape(4, 4) == values[:4, None]).all()
        assert (values[20:].reshape(4, 4) == values[20::4, None]).all()
    assert len(set(batch.rotation)) == 8


def test_blocks_open_one_after_another(world):
    sampler = sampler_of(world)
    assert sampler.samples.blocks == 2
    assert [sampler.block_at(step) for step in (0, 9, 10, 19, 20, 500)] == [1, 1, 2, 2, 2, 2]
    first = {int(v) for step in range(10) for v in sampler.index.video[sampler.batch(step).crops]}
    later = {int(v) for s in range(10, 40) for v in sampler.index.video[sampler.batch(s).crops]}
    assert first <= {0, 1, 2, 3}
    assert later == set(range(8))


def test_anchors_are_drawn_evenly(world):
    sampler = sampler_of(world, placement_weight=0, batch_size=48)
    drawn = np.concatenate([sampler.batch(step).crops[:12] for step in range(10, 410)])
    counts = np.bincount(sampler.index.video[drawn], minlength=8)
    assert np.abs(counts / counts.mean() - 1).max() < 0.15


@pytest.mark.parametrize(("task", "size"), [("ordering", 16), ("placement", 20)])
def test_a_task_without_weight_is_not_drawn(world, task, size):
    weights = {f"{task}_weight": 0}
    batch = sampler_of(world, **weights).batch(0)
    assert len(batch.crops) == size
    assert (batch.pairs == 0) == (task == "ordering")


def test_repetitions_share_the_first_blocks(world, pairs):
    sampler = sampler_of(world, pairs, repetition_share=0.5, repetition_blocks=1)
    index = sampler.index
    for step in range(20):
        batch = sampler.batch(step)
        assert batch.repetitions == (2 if step < 10 else 0)
        anchors, candidates = batch.crops[:4], batch.crops[4:20].reshape(4, 4)
        distance = index.frame[candidates] - index.frame[anchors][:, None]
        mined = distance[: batch.repetitions]
        assert (mined[:, 0] == 40).all()
        assert (mined[:, 1:] == 20).all()
        assert (index.video[anchors[: batch.repetitions]] < 2).all()
        assert (distance[batch.repetitions :, 0] == 4).all()
        if batch.repetitions:
            # Ordering is asked of tracks without repetitions only, as long as there are any.
            assert (index.video[anchors[batch.repetitions :]] >= 2).all()


def test_too_few_samples_are_counted(make_world, tmp_path):
    short = make_world(tmp_path, videos=1, frames=12, blocks=1)
    with pytest.raises(InputError, match=r"curriculum.parquet: 2 of its 12 frames .* at least 4"):
        sampler_of(short, negatives=3)


def test_frames_without_a_crop_are_left_out(make_world, tmp_path):
    world = make_world(tmp_path, videos=3, frames=60)
    less = type(world)(world.curriculum, world.crops[1:])
    samples = sampler_of(less).samples
    assert len(samples.placement.crops) == 120


def test_stride_is_counted_in_stored_frames(make_world, tmp_path):
    sampler = sampler_of(make_world(tmp_path, videos=2, frames=60, stride=3))
    batch = sampler.batch(0)
    frame = sampler.index.frame
    assert (frame[batch.crops[4:20:4]] - frame[batch.crops[:4]] == 12).all()


def test_without_curriculum_the_same_frames_come_in_no_order(world):
    """All blocks from the first iteration; with it, as many frames in the end."""
    ordered = sampler_of(world)
    loose = sampler_of(world, curriculum=False)
    assert [ordered.block_at(step) for step in (0, 9, 10, 999)] == [1, 1, 2, 2]
    assert {loose.block_at(step) for step in (0, 9, 10, 999)} == {2}
    assert same(loose.batch(500), ordered.batch(500))
    hard = set(range(4, 8))  # the second block's videos
    drawn = [set(s.index.video[s.batch(0).crops].tolist()) for s in (ordered, loose)]
    assert not drawn[0] & hard
    assert drawn[1] & hard


def test_repetitions_come_by_time_without_curriculum_too(world, pairs):
    for curriculum in (True, False):
        sampler = sampler_of(world, pairs, curriculum=curriculum, repetition_blocks=1)
        assert [sampler.batch(step).repetitions for step in (0, 9, 10)] == [2, 2, 0]
