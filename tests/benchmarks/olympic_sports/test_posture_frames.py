"""Frame lists, boxes and frames: the number in the name is what counts."""

import numpy as np
import pytest

from stpose.benchmarks.olympic_sports.frames import has_frames, read_frame, read_frames
from stpose.errors import InputError


@pytest.fixture
def frames(posture_folder):
    return read_frames(posture_folder.path, "jump")


def test_frames_and_boxes_go_by_number(frames, posture_folder):
    assert frames.sequences == ("-a_00001_00009", "B_0_9")
    assert frames.number.tolist() == [2, 3, 7, 0, 1, 4, 5]
    for frame, box in enumerate(frames.boxes.tolist()):
        key = frames.sequences[frames.sequence[frame]], int(frames.number[frame])
        assert tuple(box) == posture_folder.boxes[key]


def test_regions_count_from_zero_with_open_ends(frames):
    # Pixels 5 to 26 from 1 are pixels 4 to 25 from 0, whose edges are 4 and 26.
    assert frames.boxes[0, [0, 2]].tolist() == [5, 26]
    assert frames.regions()[0, [0, 2]].tolist() == [4, 26]


def test_aspect_is_that_of_the_published_corners(frames):
    xmin, ymin, xmax, ymax = frames.boxes[4]
    assert frames.aspect()[4] == pytest.approx(np.log((xmax - xmin) / (ymax - ymin)))


def test_time_is_the_rank_not_the_number(frames):
    expected = [0, 1 / 2, 1, 0, 1 / 3, 2 / 3, 1]
    np.testing.assert_allclose(frames.time(), expected)


def test_time_of_a_shuffled_list_and_of_a_single_frame(posture_folder):
    listing = posture_folder.path / "image_pathes" / "imagePaths_jump.txt"
    names = ["B_0_9/I00004", "-a_00001_00009/I00003", "B_0_9/I00000"]
    listing.write_text("".join(f"{name}.jpg\r\n" for name in names) + "\n")
    frames = read_frames(posture_folder.path, "jump")
    np.testing.assert_array_equal(frames.time(), [1, 0, 0])


def test_frames_are_found_by_number_as_png_or_jpg(posture_folder, frames, formats):
    assert has_frames(posture_folder.path)
    np.testing.assert_array_equal(
        read_frame(posture_folder.path, frames, 1), formats.draw_frame("-a_00001_00009", 3)
    )
    path = posture_folder.path / "frames/jump/B_0_9/I00004.png"
    path.rename(path.with_suffix(".jpg"))
    assert read_frame(posture_folder.path, frames, 5).shape == (40, 60, 3)


def test_missing_and_broken_frames_are_named(posture_folder, frames):
    path = posture_folder.path / "frames/jump/B_0_9/I00004.png"
    path.write_text("no picture")
    with pytest.raises(InputError, match=r"I00004\.png: unreadable"):
        read_frame(posture_folder.path, frames, 5)
    path.unlink()
    with pytest.raises(InputError, match=r"I00004\.png: no such frame"):
        read_frame(posture_folder.path, frames, 5)


BOXES = "bboxes/jump/B_0_9.bb"
LISTING = "image_pathes/imagePaths_jump.txt"


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        (BOXES, None, r"B_0_9\.bb: no such file"),
        (BOXES, "1 2 3 4\n", "expected lines of five numbers"),
        (BOXES, "1 2 3 4 five\n", "expected lines of five numbers"),
        (BOXES, "1 2 3 nan 5\n", "no numbers"),
        (BOXES, "1 2 3 9 9\n2 2 3 9 9\n", r"no box for frame I00004 \(index 5\), 2 of 4"),
        (BOXES, "1 2 3 9 9\n1 2 3 9 9\n", "two boxes of one frame"),
        (BOXES, "1 2 3 9 9\n2 2 3 9 9\n5 2 3 2 9\n6 2 3 9 9\n", "index 5: box .* no extent"),
        (LISTING, None, r"imagePaths_jump\.txt: no such file"),
        (LISTING, "", "line 1, expected ./SEQUENCE"),
        (LISTING, "./B_0_9/I00000.png\nB_0_9\n", "line 2, expected ./SEQUENCE"),
        (LISTING, "./B_0_9/I00000.png\n./B_0_9/I00000.png\n", "lists a frame twice"),
    ],
)
def test_wrong_files_are_explained(posture_folder, file, text, message):
    path = posture_folder.path / file
    path.unlink()
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError, match=message) as caught:
        read_frames(posture_folder.path, "jump")
    assert str(path) in str(caught.value)


def test_a_file_that_is_no_text_is_explained(posture_folder):
    (posture_folder.path / BOXES).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not a text file"):
        read_frames(posture_folder.path, "jump")
