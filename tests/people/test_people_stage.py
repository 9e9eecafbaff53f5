"""The people stage on frames whose people are bright rectangles, and on real footage."""

import cv2
import numpy as np
import pytest

from stpose.artefacts.header import read_header
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import FRAMES, PEOPLE
from stpose.artefacts.status import Status
from stpose.artefacts.stores import create_store
from stpose.artefacts.tables import read_table
from stpose.errors import InputError
from stpose.people.detections import keep_best
from stpose.people.stage import write_people
from stpose.settings.people import PeopleSettings


class Rectangles:
    """Finds bright rectangles; the brighter, the surer."""

    threshold = 0.5

    def detect(self, image):
        grey = image[:, :, 0]
        count, _, stats, _ = cv2.connectedComponentsWithStats((grey > 20).astype(np.uint8))
        corners = stats[1:, :2]
        boxes = np.concatenate([corners, corners + stats[1:, 2:4]], axis=1)
        scores = [
            grey[box[1] + 1 : box[3] - 1, box[0] + 1 : box[2] - 1].mean() / 255 for box in boxes
        ]
        size = (image.shape[1], image.shape[0])
        assert count == len(boxes) + 1
        return keep_best(boxes, scores, size, 0.1, 0.5)


@pytest.fixture
def rectangles(monkeypatch):
    monkeypatch.setattr("stpose.people.stage.open_detector", lambda _settings: Rectangles())


def picture(people, width=160, height=120):
    image = np.zeros((height, width, 3), np.uint8)
    for x, y, wide, high in people:
        cv2.rectangle(image, (x, y), (x + wide - 1, y + high - 1), (230, 230, 230), -1)
    return image


def write_frames(path, pictures, shots=None, stride=1, status=None, shrunk=1, video="a/clip.avi"):
    with create_store(path, FRAMES, derive("frames", "{}")) as store:
        height, width = pictures[0].shape[:2] if pictures else (0, 0)
        for row, image in enumerate(pictures):
            encoded = cv2.imencode(".png", image)[1].tobytes()
            shot = shots[row] if shots else 0
            store.append(frame=row * stride, time=row / 25, shot=shot, image=encoded)
        store.attributes |= {"video_id": "clip-00000000", "path": video, "fps": 25.0}
        store.attributes |= {"stored_width": width, "stored_height": height}
        store.attributes |= {"width": width * shrunk, "height": height * shrunk}
        store.status = status or Status.ok()
    return path


def run(tmp_path, frames, **settings):
    out = tmp_path / "people.parquet"
    write_people(frames, out, PeopleSettings(**settings))
    return read_table(out, PEOPLE).to_pandas(), read_header(out)


def walker(rows, hidden=()):
    return [picture([] if row in hidden else [(2 * row, 30, 20, 60)]) for row in range(rows)]


@pytest.mark.usefixtures("rectangles")
def test_boxes_are_in_source_pixels_and_frames_keep_their_numbers(tmp_path):
    frames = write_frames(tmp_path / "f.h5", walker(20), stride=3, shrunk=2)
    table, header = run(tmp_path, frames)
    assert header.status.is_ok
    assert table["frame"].tolist() == list(range(0, 60, 3))
    assert table["track"].unique().tolist() == [1]
    np.testing.assert_allclose(table["x1"], 4 * np.arange(20), atol=1e-4)
    np.testing.assert_allclose(table["x2"] - table["x1"], 40, atol=1e-4)
    np.testing.assert_allclose(table[["y1", "y2"]], [[60, 180]] * 20, atol=1e-4)
    assert not table["filled"].any()
    wanted = {"fps": 25.0, "width": 320, "height": 240, "frames": 20, "frames_with_person": 20}
    wanted |= {"video_id": "clip-00000000", "tracks": 1, "splits": 0, "meetings": 0}
    assert header.attributes == wanted


@pytest.mark.usefixtures("rectangles")
@pytest.mark.parametrize(("max_gap", "tracks"), [(4, [9, 11]), (5, [25]), (6, [25])])
def test_gaps_are_filled_up_to_the_limit_and_marked(tmp_path, max_gap, tracks):
    hidden = range(9, 14)
    frames = write_frames(tmp_path / "f.h5", walker(25, hidden))
    table, header = run(tmp_path, frames, max_gap=max_gap, smoothing=1)
    assert table.groupby("track").size().tolist() == tracks
    filled = table[table["filled"]]
    assert filled["frame"].tolist() == (list(hidden) if len(tracks) == 1 else [])
    assert filled["score"].isna().all()
    assert table[~table["filled"]]["score"].notna().all()
    np.testing.assert_allclose(table["x1"], 2 * table["frame"], atol=1e-4)
    assert header.attributes["frames_with_person"] == len(table)


@pytest.mark.usefixtures("rectangles")
def test_a_track_never_crosses_a_cut(tmp_path):
    frames = write_frames(tmp_path / "f.h5", walker(24), shots=[0] * 12 + [1] * 12)
    table, _ = run(tmp_path, frames)
    assert table["track"].tolist() == [1] * 12 + [2] * 12
    assert table["shot"].tolist() == [0] * 12 + [1] * 12


@pytest.mark.usefixtures("rectangles")
def test_two_people_are_numbered_by_first_appearance(tmp_path):
    late = [(100, 40, 20, 60)]
    people = [[(10 + row, 20, 20, 60)] + (late if row >= 5 else []) for row in range(20)]
    frames = write_frames(tmp_path / "f.h5", [picture(some) for some in people])
    table, header = run(tmp_path, frames)
    assert table["track"].tolist() == [1] * 20 + [2] * 15
    assert table[table["track"] == 2]["x1"].unique().tolist() == [100]
    assert header.attributes["frames_with_person"] == 20


@pytest.mark.usefixtures("rectangles")
@pytest.mark.parametrize("every", [2, 5, 8])
def test_looking_at_every_nth_frame_fills_the_others(tmp_path, every):
    frames = write_frames(tmp_path / "f.h5", walker(41), shots=[0] * 20 + [1] * 21)
    table, _ = run(tmp_path, frames, every=every, max_gap=3, smoothing=1, minimum_track=1)
    # A shot's first frame is always looked at, so each ends with its last looked-at frame.
    seen = [row for row in range(41) if (row if row < 20 else row - 20) % every == 0]
    assert table[~table["filled"]]["frame"].tolist() == seen
    last = max(row for row in seen if row < 20)
    assert table["frame"].tolist() == [*range(last + 1), *range(20, max(seen) + 1)]
    np.testing.assert_allclose(table["x1"], 2 * table["frame"], atol=1e-4)


@pytest.mark.usefixtures("rectangles")
def test_short_tracks_are_dropped_and_the_reason_is_told(tmp_path):
    people = [picture([(10, 10, 20, 60)] if row < 5 else []) for row in range(30)]
    frames = write_frames(tmp_path / "f.h5", people)
    table, header = run(tmp_path, frames)
    assert len(table) == 0
    assert header.status == Status("no_person", "boxes in 5 of 30 frames, no track of 9 frames")
    assert header.attributes["frames_with_person"] == 0
    table, header = run(tmp_path, frames, minimum_track=5)
    assert len(table) == 5
    assert header.status.is_ok


@pytest.mark.usefixtures("rectangles")
def test_people_who_are_seldom_found_are_dropped(tmp_path):
    pictures = [picture([(10, 10, 20, 60)] if row % 4 == 0 else []) for row in range(41)]
    frames = write_frames(tmp_path / "f.h5", pictures)
    assert len(run(tmp_path, frames, minimum_share=0.3)[0]) == 0
    assert len(run(tmp_path, frames, minimum_share=0.2)[0]) == 41


@pytest.mark.usefixtures("rectangles")
def test_a_sudden_change_of_size_splits_the_track_and_is_counted(tmp_path):
    pictures = [picture([(10, 5, 20, 30 if row < 15 else 110)]) for row in range(30)]
    frames = write_frames(tmp_path / "f.h5", pictures)
    table, header = run(tmp_path, frames)
    assert table["track"].tolist() == [1] * 15 + [2] * 15
    assert header.attributes["splits"] == 1


@pytest.mark.usefixtures("rectangles")
def test_only_so_many_people_are_kept(tmp_path):
    people = [(10 + 30 * number, 10, 12, 60) for number in range(5)]
    frames = write_frames(tmp_path / "f.h5", [picture(people)] * 10)
    assert run(tmp_path, frames)[1].attributes["tracks"] == 5
    assert run(tmp_path, frames, max_people=3)[1].attributes["tracks"] == 3


@pytest.mark.parametrize("code", ["unreadable", "no_frames", "too_short"])
def test_a_bad_status_is_carried_on(tmp_path, code):
    status = Status(code, "as it was")
    pictures = walker(3) if code == "too_short" else []
    table, header = run(tmp_path, write_frames(tmp_path / "f.h5", pictures, status=status))
    assert len(table) == 0
    assert header.status == status


def test_a_16_by_16_video_holds_nobody(tmp_path):
    pictures = [np.full((16, 16, 3), 7 * row, np.uint8) for row in range(12)]
    table, header = run(tmp_path, write_frames(tmp_path / "f.h5", pictures))
    assert len(table) == 0
    assert header.status == Status("no_person", "boxes in 0 of 12 frames, no track of 9 frames")


def test_bb_files_are_taken_as_they_are(tmp_path):
    boxes = tmp_path / "boxes" / "a"
    boxes.mkdir(parents=True)
    rough = np.random.default_rng(0).integers(0, 4, 20)
    lines = [f"{row + 1} {11 + rough[row]} 21 40 100" for row in range(20) if row != 7]
    (boxes / "clip.bb").write_text("\n".join([*lines, "99 1 1 9 9"]))
    frames = write_frames(tmp_path / "f.h5", walker(20), shots=[0] * 10 + [1] * 10)
    settings = {"detector": "precomputed", "boxes": str(tmp_path / "boxes")}
    table, header = run(tmp_path, frames, **settings)
    assert header.status.is_ok
    assert table["frame"].tolist() == list(range(20))
    assert table["track"].tolist() == [1] * 10 + [2] * 10
    given = table[~table["filled"]]
    np.testing.assert_array_equal(given["x1"], 10 + np.delete(rough, 7))
    np.testing.assert_array_equal(given[["y1", "x2", "y2"]], [[20, 40, 100]] * 19)
    assert table[table["filled"]]["frame"].tolist() == [7]
    assert [name for name in header.provenance["inputs"] if name.endswith("bb")] == ["clip.bb"]


@pytest.mark.usefixtures("rectangles")
def test_our_own_tables_come_back_unchanged(tmp_path):
    frames = write_frames(tmp_path / "f.h5", walker(25, hidden=range(9, 14)))
    table, _ = run(tmp_path, frames)
    folder = tmp_path / "boxes"
    folder.mkdir()
    (tmp_path / "people.parquet").rename(folder / "clip-00000000.parquet")
    again, _ = run(tmp_path, frames, detector="precomputed", boxes=str(folder))
    assert again.equals(table)


@pytest.mark.usefixtures("rectangles")
def test_boxes_without_tracks_are_linked(tmp_path):
    people = [(10, 20, 20, 60), (80, 20, 20, 60)]
    frames = write_frames(tmp_path / "f.h5", [picture(people)] * 12)
    folder = tmp_path / "boxes"
    folder.mkdir()
    table, _ = run(tmp_path, frames)
    sides = ["frame", "x1", "y1", "x2", "y2"]
    table.sort_values(["frame", "x1"])[sides].to_parquet(folder / "clip.parquet")
    again, _ = run(tmp_path, frames, detector="precomputed", boxes=str(folder))
    assert again["track"].tolist() == table["track"].tolist()
    np.testing.assert_array_equal(again[sides], table[sides])


def test_a_video_without_given_boxes_has_nobody(tmp_path):
    (tmp_path / "other.bb").write_text("1 1 1 9 9\n")
    frames = write_frames(tmp_path / "f.h5", walker(12))
    _, header = run(tmp_path, frames, detector="precomputed", boxes=str(tmp_path))
    assert header.status == Status("no_person", f"{tmp_path} holds no boxes for this video")


def test_missing_weights_end_the_job_before_frames_are_read(tmp_path):
    with pytest.raises(InputError, match=r"people\.weights: no\.onnx does not exist"):
        write_people(
            tmp_path / "none.h5",
            tmp_path / "out.parquet",
            PeopleSettings(detector="onnx", weights="no.onnx"),
        )


@pytest.mark.parametrize("detector", ["hog", "darknet"])
def test_a_real_person_is_followed(tmp_path, shared_data, detector):
    settings = {"detector": detector}
    if detector == "darknet":
        stem = str(shared_data / "detector" / "yolo-fastest-1.1" / "yolo-fastest-1.1")
        settings |= {"weights": f"{stem}.weights", "network": f"{stem}.cfg"}
    video = cv2.VideoCapture(
        str(shared_data / "quva_repetition" / "videos" / "060_jumping_rope.mp4")
    )
    frames = write_frames(tmp_path / "f.h5", [video.read()[1] for _ in range(15)])
    table, header = run(tmp_path, frames, **settings)
    again, _ = run(tmp_path, frames, **settings)
    assert header.attributes["tracks"] == 1
    assert header.attributes["frames_with_person"] >= 12
    assert (table["y2"] - table["y1"]).between(180, 260).all()
    assert again.equals(table)
