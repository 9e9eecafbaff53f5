"""Boxes from files."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stpose.errors import InputError
from stpose.people.precomputed import box_files, check_file, find_boxes, read_boxes


def test_frames_and_pixels_of_bb_files_count_from_1(tmp_path):
    path = tmp_path / "clip.bb"
    path.write_text("6 11 21 30 60\n1\t1 1\t10 20\n\n")
    given = read_boxes(path)
    assert given.frames.tolist() == [0, 5]
    # The first pixel of a picture alone spans 0 to 1.
    np.testing.assert_array_equal(given.boxes, [[0, 0, 10, 20], [10, 20, 30, 60]])
    assert given.scores.tolist() == [1, 1]
    assert given.tracks.tolist() == [1, 1]


def test_olympic_boxes_fit_their_frame_lists(shared_data):
    folder = shared_data / "olympic_sports"
    path = folder / "bboxes" / "snatch" / "-38xT-m3Fr4_01080_01414.bb"
    lines = (folder / "image_pathes" / "imagePaths_snatch.txt").read_text().split()
    numbers = [int(line[-9:-4]) for line in lines if path.stem in line]
    given = read_boxes(path)
    assert given.frames.tolist() == sorted(numbers)
    assert (given.boxes[:, :2] >= 0).all()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1 2 3 4\n", "has 4 columns"),
        ("1 2 3 4 5\n1 2 3\n", "columns changed from 5 to 3"),
        ("1 2 3 4 five\n", "could not convert string 'five'"),
        ("0 1 2 3 4\n", "has '0 1 2 3 4'"),
        ("1 9 2 3 4\n", "has '1 9 2 3 4'"),
        ("1 nan 2 3 4\n", "nan"),
        ("1 1 1 5 5\n1 1 1 6 6\n", "1 frames twice"),
    ],
)
def test_wrong_bb_files_are_refused(tmp_path, text, says):
    path = tmp_path / "odd.bb"
    path.write_text(text)
    for function in (read_boxes, check_file):
        with pytest.raises(InputError, match=r"odd\.bb .*frame_index xmin ymin xmax ymax") as error:
            function(path)
        assert says in str(error.value)


def test_bb_files_that_are_not_text_are_refused(tmp_path):
    path = tmp_path / "odd.bb"
    path.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(InputError, match=r"odd\.bb cannot be read"):
        check_file(path)


def write_parquet(path, **columns):
    pq.write_table(pa.table(columns), path)
    return path


def test_parquet_with_and_without_score_and_track(tmp_path):
    sides = {"x1": [1, 2, 3], "y1": [0, 0, 0], "x2": [5.5, 6, 7], "y2": [9, 9, 9]}
    plain = read_boxes(write_parquet(tmp_path / "a.parquet", frame=[7, 5, 5], **sides))
    assert plain.frames.tolist() == [5, 5, 7]
    assert plain.tracks is None
    assert plain.scores.tolist() == [1, 1, 1]
    full = write_parquet(
        tmp_path / "b.parquet", frame=[7, 5, 5], track=[2, 2, 1], score=[0.5, None, 0.25], **sides
    )
    given = read_boxes(full)
    assert given.tracks.tolist() == [1, 2, 2]
    assert given.frames.tolist() == [5, 5, 7]
    np.testing.assert_array_equal(given.scores, [0.25, np.nan, 0.5])
    np.testing.assert_array_equal(given.boxes[2], [1, 0, 5.5, 9])


def test_wrong_parquet_files_are_refused(tmp_path):
    sides = {"x1": [1], "y1": [0], "x2": [5], "y2": [9]}
    missing = write_parquet(tmp_path / "missing.parquet", frame=[1], x1=[2], y1=[3])
    turned = write_parquet(tmp_path / "turned.parquet", frame=[1], **(sides | {"x2": [0]}))
    words = write_parquet(tmp_path / "words.parquet", frame=[1], **(sides | {"x2": ["wide"]}))
    empty = write_parquet(tmp_path / "empty.parquet", frame=[None], **sides)
    twice = {name: side * 2 for name, side in sides.items()}
    twins = write_parquet(tmp_path / "twins.parquet", frame=[1, 1], track=[3, 3], **twice)
    torn = tmp_path / "torn.parquet"
    torn.write_bytes(turned.read_bytes()[:50])
    huge = write_parquet(tmp_path / "huge.parquet", frame=[1], score=[1e300], **sides)
    for path in (missing, turned, words, empty, twins, torn, huge):
        with pytest.raises(InputError, match=rf"people\.boxes: .*{path.name}"):
            read_boxes(path)
    with pytest.raises(InputError, match="expected frame, x1, y1, x2, y2"):
        check_file(missing)


def test_boxes_are_found_by_path_then_id_then_name(tmp_path):
    names = ["snatch/one.bb", "other/one.bb", "two.bb", "three-12345678.parquet", "deep/er/four.bb"]
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert len(box_files(tmp_path)) == 5

    def found(video, video_id="id"):
        path = find_boxes(tmp_path, video, video_id)
        return path and path.relative_to(tmp_path).as_posix()

    assert found("/videos/snatch/one.avi") == "snatch/one.bb"
    assert found("snatch/two.avi") == "two.bb"
    assert found("somewhere/three.avi", "three-12345678") == "three-12345678.parquet"
    assert found("four.avi") == "deep/er/four.bb"
    assert found("five.avi") is None
    with pytest.raises(InputError, match=r"one\.bb, .*one\.bb may all be meant for one\.avi"):
        found("one.avi")
