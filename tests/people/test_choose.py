"""The files a detector needs are asked for before work starts."""

import subprocess
import sys

import pytest

from stpose.errors import InputError
from stpose.people.choose import check, needed_files, open_detector
from stpose.people.hog import HogDetector
from stpose.settings.people import PeopleSettings


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"detector": "darknet"}, "people.weights: none given"),
        ({"detector": "darknet", "weights": "no.weights"}, "no.weights does not exist"),
        ({"detector": "darknet", "weights": "here"}, "people.network: none given"),
        ({"detector": "darknet", "weights": "here", "network": "no.cfg"}, "no.cfg does not exist"),
        ({"detector": "darknet", "weights": "folder"}, "folder is a folder"),
        ({"detector": "onnx"}, "people.weights: none given"),
        ({"detector": "onnx", "weights": "no.onnx"}, "no.onnx does not exist"),
        ({"detector": "torchvision", "weights": "no.pth"}, "no.pth does not exist"),
        ({"detector": "torchvision", "network": "fastrcnn"}, "found 'fastrcnn'"),
        ({"detector": "precomputed"}, "people.boxes: none given"),
        ({"detector": "precomputed", "boxes": "nowhere"}, "nowhere is no folder"),
        ({"detector": "precomputed", "boxes": "folder"}, "folder holds no such files"),
    ],
)
def test_missing_files_are_named(tmp_path, monkeypatch, settings, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError) as error:
        check(PeopleSettings(**settings))
    assert says in str(error.value)
    assert "expected" in str(error.value)


def test_every_file_of_boxes_is_checked(tmp_path):
    (tmp_path / "good.bb").write_text("1 1 1 9 9\n")
    check(PeopleSettings(detector="precomputed", boxes=str(tmp_path)))
    (tmp_path / "odd.bb").write_text("1 1 9 9\n")
    with pytest.raises(InputError, match=r"odd\.bb has 4 columns"):
        check(PeopleSettings(detector="precomputed", boxes=str(tmp_path)))


def test_needed_files(tmp_path):
    (tmp_path / "a.bb").touch()
    (tmp_path / "notes.txt").touch()
    boxes = PeopleSettings(detector="precomputed", boxes=str(tmp_path))
    assert needed_files(boxes) == [tmp_path / "a.bb"]
    darknet = PeopleSettings(detector="darknet", weights="b.weights", network="a.cfg")
    assert [path.name for path in needed_files(darknet)] == ["a.cfg", "b.weights"]
    assert needed_files(PeopleSettings(detector="torchvision")) == []
    assert needed_files(PeopleSettings(weights="left_over.weights")) == []


def test_hog_is_the_default():
    detector = open_detector(PeopleSettings(score_threshold=0.6))
    assert isinstance(detector, HogDetector)
    assert detector.threshold == 0.6


def test_asking_imports_no_large_library():
    code = (
        "import sys; from stpose.people.choose import check; "
        "from stpose.settings.people import PeopleSettings; check(PeopleSettings()); "
        "check(PeopleSettings(detector='torchvision')); "
        "print([name for name in ('cv2', 'torch', 'pyarrow') if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_an_even_smoothing_window_is_refused():
    with pytest.raises(ValueError, match="an odd number of frames"):
        PeopleSettings(smoothing=4)
