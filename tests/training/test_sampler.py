"""Batches by seed and step."""

from dataclasses import fields, replace

import numpy as np
import pytest

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import REPETITION_PAIRS
from stpose.artefacts.tables import write_table
from stpose.crop_index import read_crop_index
from stpose.errors import InputError
from stpose.geometry import box_iou
from stpose.recipes.footage import read_footage
from stpose.recipes.registry import recipes_in_use
from stpose.settings.experiment import ExperimentSettings
from stpose.training.sampler import Sampler


def sampler_of(world, pairs=None, **chosen):
    settings = ExperimentSettings(**{"curriculum_update": 10, "batch_size": 16, **chosen})
    index, _, size = read_crop_index(world.crops)
    footage = read_footage(index, size, world.curriculum, pairs)
    return Sampler(recipes_in_use(footage, settings), footage.blocks, settings)


def index_of(sampler):
    return sampler.recipes[0].footage.index


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
    names = [field.name for field in fields(one) if field.name != "parts"]
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


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
    index, batch = index_of(sampler), sampler.batch(0)
    assert [len(part.crops) for part in batch.parts] == [4 + 16, 16]
    assert batch.parts[0].truth["is_repetition"].tolist() == [False] * 4
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
    assert sampler.blocks == 2
    assert [sampler.block_at(step) for step in (0, 9, 10, 19, 20, 500)] == [1, 1, 2, 2, 2, 2]
    video = index_of(sampler).video
    first = {int(number) for step in range(10) for number in video[sampler.batch(step).crops]}
    later = {int(number) for step in range(10, 40) for number in video[sampler.batch(step).crops]}
    assert first <= {0, 1, 2, 3}
    assert later == set(range(8))


def test_some_blocks_may_be_open_from_the_start(world):
    sampler = sampler_of(world, first_blocks=2)
    assert [sampler.block_at(step) for step in (0, 10, 500)] == [2, 2, 2]


def test_a_recipe_draws_the_same_beside_any_others(world):
    both, alone = sampler_of(world), sampler_of(world, ordering_weight=0)
    one, other = both.batch(3).parts[1], alone.batch(3).parts[0]
    assert np.array_equal(one.crops, other.crops)
    assert np.array_equal(one.boxes, other.boxes)
    assert np.array_equal(one.mirror, other.mirror)


def test_anchors_are_drawn_evenly(world):
    sampler = sampler_of(world, placement_weight=0, batch_size=48)
    drawn = np.concatenate([sampler.batch(step).crops[:12] for step in range(10, 410)])
    counts = np.bincount(index_of(sampler).video[drawn], minlength=8)
    assert np.abs(counts / counts.mean() - 1).max() < 0.15


@pytest.mark.parametrize(("task", "size"), [("ordering", 16), ("placement", 20)])
def test_a_task_without_weight_is_not_drawn(world, task, size):
    weights = {f"{task}_weight": 0}
    batch = sampler_of(world, **weights).batch(0)
    assert len(batch.crops) == size
    assert len(batch.parts) == 1


def test_repetitions_share_the_first_blocks(world, pairs):
    sampler = sampler_of(world, pairs, repetition_share=0.5, repetition_blocks=1)
    index = index_of(sampler)
    for step in range(20):
        batch = sampler.batch(step)
        repetitions = int(batch.parts[0].truth["is_repetition"].sum())
        assert repetitions == (2 if step < 10 else 0)
        anchors, candidates = batch.crops[:4], batch.crops[4:20].reshape(4, 4)
        distance = index.frame[candidates] - index.frame[anchors][:, None]
        mined = distance[:repetitions]
        assert (mined[:, 0] == 40).all()
        assert (mined[:, 1:] == 20).all()
        assert (index.video[anchors[:repetitions]] < 2).all()
        assert (distance[repetitions:, 0] == 4).all()
        if repetitions:
            # Ordering is asked of tracks without repetitions only, as long as there are any.
            assert (index.video[anchors[repetitions:]] >= 2).all()


def test_too_few_samples_are_counted(make_world, tmp_path):
    short = make_world(tmp_path, videos=1, frames=12, blocks=1)
    with pytest.raises(InputError, match=r"curriculum.parquet: 2 of its 12 frames .* at least 4"):
        sampler_of(short, negatives=3)


def test_frames_without_a_crop_are_left_out(make_world, tmp_path):
    world = make_world(tmp_path, videos=3, frames=60)
    less = replace(world, crops=world.crops[1:])
    placement = sampler_of(less).recipes[1]
    assert len(placement.boxes.crops) == 120


def test_stride_is_counted_in_stored_frames(make_world, tmp_path):
    sampler = sampler_of(make_world(tmp_path, videos=2, frames=60, stride=3))
    batch = sampler.batch(0)
    frame = index_of(sampler).frame
    assert (frame[batch.crops[4:20:4]] - frame[batch.crops[:4]] == 12).all()


def test_without_curriculum_the_same_frames_come_in_no_order(world):
    """All blocks from the first iteration; with it, as many frames in the end."""
    ordered = sampler_of(world)
    loose = sampler_of(world, curriculum=False)
    assert [ordered.block_at(step) for step in (0, 9, 10, 999)] == [1, 1, 2, 2]
    assert {loose.block_at(step) for step in (0, 9, 10, 999)} == {2}
    assert same(loose.batch(500), ordered.batch(500))
    hard = set(range(4, 8))  # the second block's videos
    drawn = [set(index_of(s).video[s.batch(0).crops].tolist()) for s in (ordered, loose)]
    assert not drawn[0] & hard
    assert drawn[1] & hard


def test_without_curriculum_repetitions_are_mixed_in_all_along(world, pairs):
    for curriculum, counts in ((True, [2, 2, 0]), (False, [2, 2, 2])):
        sampler = sampler_of(world, pairs, curriculum=curriculum, repetition_blocks=1)
        parts = [sampler.batch(step).parts[0] for step in (0, 9, 10)]
        assert [int(part.truth["is_repetition"].sum()) for part in parts] == counts
