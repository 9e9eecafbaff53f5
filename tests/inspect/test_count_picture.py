"""The picture of a count shows the person between cycles."""

import cv2
import numpy as np
import pytest

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CROPS
from stpose.artefacts.status import Status
from stpose.artefacts.stores import create_store
from stpose.counting.looks import Count
from stpose.inspect.count import count_picture
from stpose.settings.repetitions import RepetitionsSettings

PERIOD = 10
SETTINGS = RepetitionsSettings()


@pytest.fixture
def crops(tmp_path):
    """Crops whose grey tells the phase: 60 at the beginning of a cycle, 15 more each frame."""
    path = tmp_path / "crops.h5"
    with create_store(path, CROPS, derive("made", "{}")) as store:
        for row in range(400):
            image = np.full((64, 64, 3), 60 + 15 * (row % PERIOD), np.uint8)
            box = [12, 2, 52, 62]
            encoded = cv2.imencode(".png", image)[1].tobytes()
            store.append(frame=row, track=1, box=box, region=box, valid=box, image=encoded)
    return path


def made_count(frames, repeats=True):
    turn = 2 * np.pi * np.arange(frames) / PERIOD
    period = np.full(frames, float(PERIOD) if repeats else np.nan)
    return Count(
        count=frames // PERIOD if repeats else 0,
        period=float(PERIOD) if repeats else 0.0,
        strength=0.9,
        status=Status.ok(),
        frames=np.arange(frames),
        local_period=period,
        step=1.0,
        view="crops",
        crops=np.arange(frames),
        vectors=np.stack([np.cos(turn), np.sin(turn)], axis=1).astype(np.float32),
    )


def people(picture):
    """What is right of the matrix: a row of pictures is 112 px high, one 112 px wide."""
    return picture[:, 648:]


def test_at_the_boundaries_is_the_same_pose(crops):
    cells = people(count_picture(crops, made_count(40), SETTINGS, "made"))
    middles = [int(cells[60, 112 * number + 55, 0]) for number in range(5)]
    assert middles[:4] == [60, 60, 60, 60]
    assert middles[4] == 60 + 15 * 9  # the last frame there is


def test_of_many_cycles_some_are_shown(crops):
    picture = count_picture(crops, made_count(400), SETTINGS, "made")
    cells = people(picture)
    assert cells.shape[1] == 6 * 112
    assert picture.shape[0] <= 6 * 112
    # At least half of what is shown is the pose at the beginning of a cycle.
    assert (cells == 60).mean() > 0.5


@pytest.mark.parametrize("frames", [1, 2, 30])
def test_where_nothing_repeats_there_is_the_matrix_alone(crops, frames):
    picture = count_picture(crops, made_count(frames, repeats=False), SETTINGS, "made")
    assert picture.shape == (560, 640, 3)


def test_repetitions_and_boundaries_are_marked(crops):
    with_cycles = count_picture(crops, made_count(40), SETTINGS, "made")[:, :640].astype(int)
    without = count_picture(crops, made_count(40, repeats=False), SETTINGS, "made").astype(int)
    red = (np.abs(with_cycles - (32, 64, 255)).max(axis=2) < 30).sum()
    assert red > 50
    assert not (np.abs(without - (32, 64, 255)).max(axis=2) < 30).any()
