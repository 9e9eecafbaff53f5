"""Counting from a video file."""

import numpy as np
import pytest

from stpose.counting import cutting
from stpose.counting.video import count_video
from stpose.errors import InputError


def test_cycles_are_counted(footage, flat):
    found = count_video(footage.write("wave", 120, 15), flat, footage.settings())
    assert found.status.is_ok
    assert found.count == 8
    assert found.period == pytest.approx(15, rel=0.03)
    assert found.strength > 0.5
    assert found.frames.tolist() == list(range(120))
    inside = np.isfinite(found.local_period)
    np.testing.assert_allclose(found.local_period[inside], 15, rtol=0.1)
    assert found.crops.tolist() == list(range(120))
    np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), 1, rtol=1e-5)


def test_periods_are_in_source_frames(footage, flat):
    path = footage.write("wave", 240, 24)
    found = count_video(path, flat, footage.settings(frames={"stride": 3}))
    assert found.count == 10
    assert found.period == pytest.approx(24, rel=0.05)
    assert np.diff(found.frames).tolist() == [3] * 79
    assert found.step == 3
    assert found.crops.tolist() == list(range(80))
    assert np.nanmedian(found.local_period) == pytest.approx(24, rel=0.05)


@pytest.mark.parametrize("crop", ["warp", "square"])
def test_the_embedder_sees_the_box_upright_in_rgb(footage, flat, crop):
    count_video(footage.write("wave", 60, 15), flat, footage.settings(crop=crop))
    picture = flat.seen[0].astype(int)
    low = picture[-2]
    # The figure is 20 px wide in the middle of a box of 60 x 90, red on the left.
    width = 90 if crop == "square" else 60
    columns = np.arange(16)
    left = (columns > 8 - 10 / width * 16) & (columns < 7)
    assert (low[left][:, 0] > 180).all()
    assert (low[left][:, 2] < 80).all()
    assert (low[15 - columns[left]][:, 2] > 180).all()
    assert np.abs(low[:2] - 90).max() < 25
    share = (np.ptp(low, axis=1) > 100).mean()
    assert share == pytest.approx(20 / width, abs=0.1)


def test_work_is_kept_for_the_next_embedder(footage, flat, tmp_path, monkeypatch):
    path, work = footage.write("wave", 120, 15), tmp_path / "work"
    first = count_video(path, flat, footage.settings(), work)
    again = count_again(path, flat, footage, work, monkeypatch)
    assert (again.count, again.period) == (first.count, first.period)
    np.testing.assert_array_equal(again.local_period, first.local_period)
    files = [file for file in work.rglob("*") if file.is_file()]
    assert sorted(file.name for file in files) == [
        "crops.h5",
        "people.parquet",
        "steady.h5",
        "window.parquet",
    ]


def count_again(path, flat, footage, work, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(cutting, "write_people", lambda *_: pytest.fail("people found again"))
        again = count_video(path, flat, footage.settings(), work)
        with pytest.raises(pytest.fail.Exception):
            count_video(path, flat, footage.settings(people={"detector": "hog"}), work)
    return again


def test_other_content_or_boxes_are_other_work(footage, flat, tmp_path):
    work = tmp_path / "work"
    count_video(footage.write("wave", 120, 15), flat, footage.settings(), work)
    path = footage.write("wave", 120, 20)
    assert count_video(path, flat, footage.settings(), work).count == 6
    (footage.boxes / "wave.bb").write_text("1 1 1 9 9\n")
    assert count_video(path, flat, footage.settings(), work).status.code == "no_person"
    assert len(list(work.iterdir())) == 3


def test_nobody_repeats_nothing(footage, flat):
    found = count_video(footage.write("wave", 60, 15, boxes=False), flat, footage.settings())
    assert found.status.code == "no_person"
    assert (found.count, found.period, len(found.frames)) == (0, 0, 0)


def test_a_file_that_is_no_video_has_a_status(footage, flat):
    path = footage.write("wave", 60, 15)
    path.write_bytes(b"no video")
    found = count_video(path, flat, footage.settings())
    assert (found.count, found.status.code) == (0, "unreadable")


def test_a_missing_file_is_an_error(footage, flat):
    footage.write("wave", 20, 15)
    with pytest.raises(InputError, match=r"none.mp4: no such file"):
        count_video(footage.folder / "none.mp4", flat, footage.settings())


class Blind:
    """Sees the same in all pictures."""

    input_px = 16

    def __call__(self, crops):
        return np.ones((len(crops), 4), np.float32)


@pytest.mark.parametrize(("cycles", "wanted"), [(6, 6), (5, 5), (3, 0), (0, 0)])
def test_where_no_picture_repeats_the_way_of_the_box_may(footage, cycles, wanted):
    path = footage.write("swing", 120, 20)
    left = 50 + 20 * np.sin(2 * np.pi * cycles * np.arange(120) / 120)
    lines = [f"{frame + 1} {x:.1f} 21 {x + 60:.1f} 110" for frame, x in enumerate(left)]
    (footage.boxes / "swing.bb").write_text("\n".join(lines) + "\n")
    found = count_video(path, Blind(), footage.settings())
    assert found.count == wanted
    if wanted:
        assert found.period == pytest.approx(120 / cycles, rel=0.05)
        assert (found.view, len(found.vectors)) == ("steady", len(found.local_period))


def test_pictures_are_believed_before_the_way_of_the_box(footage, flat):
    path = footage.write("wave", 120, 15)
    lines = (footage.boxes / "wave.bb").read_text().splitlines()
    moved = [line.split() for line in lines]
    for frame, parts in enumerate(moved):
        shift = round(4 * np.sin(2 * np.pi * frame / 24))
        parts[1], parts[3] = str(int(parts[1]) + shift), str(int(parts[3]) + shift)
    (footage.boxes / "wave.bb").write_text("\n".join(" ".join(one) for one in moved) + "\n")
    assert count_video(path, flat, footage.settings()).count == 8
