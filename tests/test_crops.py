"""Crops: the geometry, the resampling, and what is written."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from stpose.artefacts.header import read_header
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CROPS, FRAMES, PEOPLE
from stpose.artefacts.status import Status
from stpose.artefacts.stores import create_store, open_store
from stpose.artefacts.tables import write_table
from stpose.crops import crop_to_source, cut_square, source_to_crop, valid_part, write_crops
from stpose.errors import ArtefactError
from stpose.geometry import box_iou, square_around
from stpose.settings.crops import CropsSettings

Image = NDArray[np.uint8]

lengths = st.floats(1, 2000)
places = st.floats(-500, 4000)
boxes = st.tuples(places, places, lengths, lengths).map(
    lambda b: np.array([b[0], b[1], b[0] + b[2], b[1] + b[3]])
)


# The geometry


@given(boxes, st.floats(1, 4), st.integers(16, 1000), st.tuples(places, places))
def test_places_go_to_the_crop_and_back(
    box: Any, context: float, size_px: int, point: tuple[float, float]
) -> None:
    region = square_around(box, context)
    for coordinates in (np.array(point), box):
        there = source_to_crop(coordinates, region, size_px)
        assert there.shape == coordinates.shape
        assert crop_to_source(there, region, size_px) == pytest.approx(coordinates, abs=1e-6)


@given(boxes, st.floats(1, 4), st.integers(16, 1000))
def test_the_person_is_in_the_middle_at_the_right_size(
    box: Any, context: float, size_px: int
) -> None:
    region = square_around(box, context)
    inside = source_to_crop(box, region, size_px)
    assert (inside[:2] + inside[2:]) / 2 == pytest.approx([size_px / 2] * 2, abs=1e-6)
    assert (inside[2:] - inside[:2]).max() == pytest.approx(size_px / context)
    assert source_to_crop(region, region, size_px) == pytest.approx([0, 0, size_px, size_px])


@given(boxes, boxes, st.integers(16, 1000))
def test_overlaps_are_the_same_in_crop_and_source(box: Any, other: Any, size_px: int) -> None:
    region = square_around(box, 1.8)
    both = source_to_crop(np.stack([box, other]), region, size_px)
    assert box_iou(*both) == pytest.approx(box_iou(box, other), abs=1e-6)


def test_many_at_once() -> None:
    regions = np.array([[0, 0, 10, 10], [5, 10, 25, 30]])
    points = np.array([[5, 5], [5, 10]])
    assert source_to_crop(points, regions, 100).tolist() == [[50, 50], [0, 0]]
    assert crop_to_source([[50, 50], [0, 0]], regions, 100).tolist() == points.tolist()


@pytest.mark.parametrize(
    ("region", "valid"),
    [
        pytest.param([10, 10, 50, 50], [0, 0, 100, 100], id="inside"),
        pytest.param([-20, 10, 20, 50], [50, 0, 100, 100], id="beyond the left"),
        pytest.param([60, 20, 100, 60], [0, 0, 50, 75], id="beyond the right and the bottom"),
        pytest.param([-50, -75, 150, 125], [25, 37.5, 65, 62.5], id="around the whole frame"),
        pytest.param([200, 10, 240, 50], [0, 0, 0, 100], id="outside"),
    ],
)
def test_valid_part(region: list[float], valid: list[float]) -> None:
    found = valid_part(region, 80, 50, 100)
    if valid[0] == valid[2]:
        assert (found[2] - found[0]) * (found[3] - found[1]) == 0
    else:
        assert found.tolist() == valid


def test_size() -> None:
    assert CropsSettings().size_px == 409
    assert CropsSettings(person_px=100, context=1.1).size_px == 110
    assert CropsSettings(person_px=100, context=1.0).size_px == 100


# The resampling


def slow_cut(image: Image, square: list[float], size_px: int, samples: int) -> NDArray[np.float64]:
    """Return the square, each pixel the mean of samples x samples bilinear look-ups in its area."""
    height, width = image.shape[:2]
    step = (square[2] - square[0]) / size_px
    within = (np.arange(size_px * samples) + 0.5) / samples * step - 0.5
    axes = []
    for start, length in ((square[1], height), (square[0], width)):
        place = np.clip(within + start, 0, length - 1)
        low = np.minimum(np.floor(place).astype(int), length - 1)
        axes.append((low, np.minimum(low + 1, length - 1), place - low))
    (y0, y1, fy), (x0, x1, fx) = axes
    rows = image[y0] * (1 - fy)[:, None, None] + image[y1] * fy[:, None, None]
    full = rows[:, x0] * (1 - fx)[:, None] + rows[:, x1] * fx[:, None]
    return full.reshape(size_px, samples, size_px, samples, 3).mean(axis=(1, 3))


def smooth_picture() -> Image:
    noise = np.random.default_rng(0).integers(0, 256, (12, 16, 3), np.uint8)
    return np.asarray(cv2.resize(noise, (160, 120), interpolation=cv2.INTER_CUBIC), np.uint8)


@pytest.mark.parametrize(
    ("square", "size_px"),
    [
        pytest.param([40.0, 30.0, 100.0, 90.0], 60, id="at its size"),
        pytest.param([40.3, 30.7, 100.3, 90.7], 60, id="moved by a fraction"),
        pytest.param([40.3, 30.7, 70.3, 60.7], 100, id="enlarged"),
        pytest.param([20.3, 10.7, 110.3, 100.7], 37, id="shrunk"),
        pytest.param([-30.6, -20.2, 49.4, 59.8], 64, id="beyond the corner"),
        pytest.param([-50.5, -70.5, 209.5, 189.5], 50, id="around the whole frame, shrunk"),
        pytest.param([130.0, 90.0, 190.0, 150.0], 160, id="beyond the far corner, enlarged"),
    ],
)
def test_against_a_slow_version(square: list[float], size_px: int) -> None:
    image = smooth_picture()
    shrinks = square[2] - square[0] > size_px
    wanted = slow_cut(image, square, size_px, samples=8 if shrinks else 1)
    difference = np.abs(cut_square(image, square, size_px) - wanted)
    assert difference.mean() < 1.0
    assert difference.max() < 8


@given(
    st.tuples(st.floats(30, 130), st.floats(30, 90)),
    st.floats(60, 300),
    st.integers(32, 200),
)
def test_a_spot_lands_where_the_geometry_says(
    centre: tuple[float, float], side: float, size_px: int
) -> None:
    y, x = np.mgrid[:120, :160] + 0.5
    spot = 250 * np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / (2 * 5.0**2))
    image = np.repeat(spot.round().astype(np.uint8)[..., None], 3, axis=2)
    square = square_around([centre[0] - 3, centre[1], centre[0] + 5, centre[1] + 1], side / 8)
    crop = cut_square(image, square, size_px)[..., 0].astype(float)
    rows, columns = np.mgrid[:size_px, :size_px] + 0.5
    found = np.array([(crop * columns).sum(), (crop * rows).sum()]) / crop.sum()
    wanted = source_to_crop(np.array(centre), square, size_px)
    assert found == pytest.approx(wanted, abs=0.05 * max(1, size_px / side))


def test_fine_patterns_do_not_turn_into_coarse_ones() -> None:
    y, x = np.mgrid[:400, :400]
    image = np.repeat((255 * ((x + y) % 2)).astype(np.uint8)[..., None], 3, axis=2)
    assert cut_square(image, [3.3, 5.1, 393.3, 395.1], 90).std() < 3


def test_beyond_the_frame_its_border_is_repeated() -> None:
    image = smooth_picture()
    crop = cut_square(image, [-40, -40, 80, 80], 60)
    assert np.array_equal(crop[:19], np.repeat(crop[19:20], 19, axis=0))
    assert np.array_equal(crop[:, :19], np.repeat(crop[:, 19:20], 19, axis=1))
    assert not np.array_equal(crop[30], crop[31])


def test_a_square_outside_the_frame_still_gives_a_crop() -> None:
    crop = cut_square(smooth_picture(), [500, 500, 540, 540], 20)
    assert crop.shape == (20, 20, 3)
    assert np.ptp(crop, axis=(0, 1)).max() == 0


# The stage

SIZE = (160, 120)


def scene(number: int) -> Image:
    """Return a grey frame with a light box: 20 x 40 px, moving two pixels a frame."""
    image = np.full((SIZE[1], SIZE[0], 3), 60, np.uint8)
    image[50:90, 40 + 2 * number : 60 + 2 * number] = 220
    return image


def store_frames(
    path: Path, numbers: list[int], status: Status | None = None, shrink: int = 1
) -> Path:
    with create_store(path, FRAMES, derive("frames", CropsSettings())) as store:
        for number in numbers:
            small = cv2.resize(
                scene(number), (SIZE[0] // shrink, SIZE[1] // shrink), interpolation=cv2.INTER_AREA
            )
            image = cv2.imencode(".png", small)[1].tobytes()
            store.append(frame=number, time=number / 25, shot=0, image=image)
        store.attributes |= {"video_id": "a", "fps": 25.0, "stride": 2}
        store.attributes |= {"width": SIZE[0], "height": SIZE[1]}
        store.attributes |= {"stored_width": SIZE[0] // shrink, "stored_height": SIZE[1] // shrink}
        store.status = status or Status.ok()
    return path


def store_people(path: Path, rows: list[tuple[float, ...]], status: Status | None = None) -> Path:
    """Write rows of (frame, track, x1, y1, x2, y2)."""
    columns = list(zip(*rows, strict=True)) or [()] * 6
    names = ("frame", "track", "x1", "y1", "x2", "y2")
    dtypes = (np.int64, np.int32, *[np.float32] * 4)
    table: dict[str, Any] = {
        name: np.array(column, dtype)
        for name, column, dtype in zip(names, columns, dtypes, strict=True)
    }
    table["score"] = [None] * len(rows)
    table["filled"] = [True] * len(rows)
    table["shot"] = np.zeros(len(rows), np.int32)
    write_table(path, PEOPLE, table, derive("people", CropsSettings()), status)
    return path


def person(number: int, track: int = 1) -> tuple[float, ...]:
    return (number, track, 40 + 2 * number, 50, 60 + 2 * number, 90)


SETTINGS = CropsSettings(person_px=60, context=2.0)


@pytest.mark.parametrize("shrink", [1, 2])
def test_crops_show_the_person(tmp_path: Path, shrink: int) -> None:
    frames = store_frames(tmp_path / "frames.h5", [0, 2, 4], shrink=shrink)
    people = store_people(tmp_path / "people.parquet", [person(0), person(2), person(4)])
    write_crops(frames, people, tmp_path / "crops.h5", SETTINGS, "code")
    with open_store(tmp_path / "crops.h5", CROPS) as crops:
        assert crops.status.is_ok
        assert crops.attributes == {
            "video_id": "a",
            "size_px": 120,
            "person_px": 60,
            "context": 2.0,
            "fps": 25.0,
            "stride": 2,
            "left_out": 0,
        }
        assert crops["frame"].tolist() == [0, 2, 4]
        assert crops["region"].tolist() == [[10 + 2 * n, 30, 90 + 2 * n, 110] for n in (0, 2, 4)]
        assert crops["box"].tolist() == [[45, 30, 75, 90]] * 3
        assert crops["valid"].tolist() == [[0, 0, 120, 120]] * 3
        for row in range(3):
            encoded = np.frombuffer(crops.encoded("image", row), np.uint8)
            image = cv2.imdecode(encoded, cv2.IMREAD_COLOR)
            assert image.shape == (120, 120, 3)
            light = np.argwhere(image[..., 0] > 140)
            assert light.min(axis=0).tolist() == pytest.approx([30, 45], abs=1)
            assert light.max(axis=0).tolist() == pytest.approx([89, 74], abs=1)


def test_several_people_are_sorted_by_frame_and_track(tmp_path: Path) -> None:
    frames = store_frames(tmp_path / "frames.h5", [0, 1, 2, 3])
    rows = [person(1, 1), person(3, 1), person(0, 4), person(1, 4), person(3, 2)]
    people = store_people(tmp_path / "people.parquet", rows)
    write_crops(frames, people, tmp_path / "crops.h5", SETTINGS)
    with open_store(tmp_path / "crops.h5", CROPS) as crops:
        found = list(zip(crops["frame"].tolist(), crops["track"].tolist(), strict=True))
    assert found == [(0, 4), (1, 1), (1, 4), (3, 1), (3, 2)]


def test_a_person_at_the_border(tmp_path: Path) -> None:
    frames = store_frames(tmp_path / "frames.h5", [0])
    people = store_people(tmp_path / "people.parquet", [(0, 1, 0, 0, 20, 40)])
    write_crops(frames, people, tmp_path / "crops.h5", SETTINGS)
    with open_store(tmp_path / "crops.h5", CROPS) as crops:
        assert crops["region"].tolist() == [[-30, -20, 50, 60]]
        assert crops["valid"].tolist() == [[45, 30, 120, 120]]


def test_small_people_are_left_out_and_counted(tmp_path: Path) -> None:
    frames = store_frames(tmp_path / "frames.h5", [0, 1])
    small = (0, 2, 10, 10, 20, 25.9)
    people = store_people(tmp_path / "people.parquet", [person(0), person(1), small])
    write_crops(frames, people, tmp_path / "crops.h5", CropsSettings())
    with open_store(tmp_path / "crops.h5", CROPS) as crops:
        assert crops["track"].tolist() == [1, 1]
        assert crops.attributes["left_out"] == 1
        assert crops.status.is_ok
    people = store_people(tmp_path / "people.parquet", [small, small])
    write_crops(frames, people, tmp_path / "crops.h5", CropsSettings())
    header = read_header(tmp_path / "crops.h5")
    assert header.attributes["left_out"] == 2
    assert header.status == Status("no_person", "none of 2 boxes has a side of 16 px or more")


@pytest.mark.parametrize(
    ("of_frames", "of_people"),
    [
        (Status("too_short", "3 frames, 9 needed"), Status("too_short", "3 frames, 9 needed")),
        (Status("unreadable", "the file is empty"), Status("unreadable", "the file is empty")),
        (Status.ok(), Status("no_person", "nobody was found")),
    ],
)
def test_a_bad_status_is_carried_on(tmp_path: Path, of_frames: Status, of_people: Status) -> None:
    frames = store_frames(tmp_path / "frames.h5", [0], of_frames)
    people = store_people(tmp_path / "people.parquet", [], of_people)
    write_crops(frames, people, tmp_path / "crops.h5", CropsSettings())
    with open_store(tmp_path / "crops.h5", CROPS) as crops:
        assert len(crops) == 0
        assert crops.status == of_people
        assert crops.attributes["video_id"] == "a"


def test_a_person_in_a_frame_that_is_not_there(tmp_path: Path) -> None:
    frames = store_frames(tmp_path / "frames.h5", [0, 2])
    people = store_people(tmp_path / "people.parquet", [person(0), person(1)])
    with pytest.raises(ArtefactError, match=r"people.parquet: a person in frame 1, which is not"):
        write_crops(frames, people, tmp_path / "crops.h5", SETTINGS)
    assert not (tmp_path / "crops.h5").exists()
