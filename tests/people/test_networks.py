"""Darknet and ONNX detectors on the picture whose people are known, and files that are wrong."""

import json

import cv2
import numpy as np
import pytest

from stpose.errors import InputError
from stpose.geometry import box_iou
from stpose.people.darknet import DarknetDetector, input_size
from stpose.people.onnx import open_onnx, yolox_grid

DARKNET = {
    "yolo-fastest": "yolo-fastest-1.0/yolo-fastest",
    "yolo-fastest-1.1": "yolo-fastest-1.1/yolo-fastest-1.1",
    "yolo-fastest-1.1-xl": "yolo-fastest-1.1-xl/yolo-fastest-1.1-xl",
    "yolo-fastest-1.1_body": "yolo-fastest-1.1_body/yolo-fastest-1.1_body",
}
ONNX = {"yolox_nano": "yolox-nano/yolox_nano.onnx", "FastestDet": "fastestdet/FastestDet.onnx"}


@pytest.fixture(scope="module")
def folder(shared_data):
    return shared_data / "detector"


def open_network(folder, name):
    if name in ONNX:
        return open_onnx(folder / ONNX[name])
    stem = folder / DARKNET[name]
    return DarknetDetector(
        stem.with_name(stem.name + ".cfg"), stem.with_name(stem.name + ".weights")
    )


@pytest.mark.parametrize("name", [*DARKNET, *ONNX])
def test_finds_the_expected_person(folder, name):
    detector = open_network(folder, name)
    found = detector.detect(cv2.imread(str(folder / "person.jpg")))
    wanted = json.loads((folder / "expected_person.json").read_text())["detections"][name]
    sure = found.scores >= detector.threshold
    np.testing.assert_allclose(found.boxes[sure], [one["box_xyxy"] for one in wanted], atol=0.1)
    np.testing.assert_allclose(found.scores[sure], [one["score"] for one in wanted], atol=0.002)


@pytest.mark.parametrize("name", ["yolo-fastest-1.1", "yolox_nano", "FastestDet"])
@pytest.mark.parametrize("shape", [(16, 16), (900, 40), (40, 900)])
def test_odd_pictures_have_boxes_inside(folder, name, shape):
    noise = np.random.default_rng(1).integers(0, 255, (*shape, 3), dtype=np.uint8)
    boxes = open_network(folder, name).detect(noise).boxes
    assert (boxes >= 0).all()
    assert (boxes <= [shape[1], shape[0], shape[1], shape[0]]).all()


@pytest.mark.parametrize("name", ["yolo-fastest-1.1", "yolox_nano", "FastestDet"])
def test_boxes_follow_the_size_and_shape_of_the_picture(folder, name):
    detector = open_network(folder, name)
    picture = cv2.imread(str(folder / "person.jpg"))
    once = detector.detect(picture).boxes[0]
    twice = detector.detect(cv2.resize(picture, None, fx=2, fy=2)).boxes[0] / 2
    wide = detector.detect(cv2.copyMakeBorder(picture, 0, 0, 0, 80, cv2.BORDER_REPLICATE)).boxes[0]
    assert box_iou(once, twice) > 0.8
    assert box_iou(once, wide) > 0.75


def test_yolox_grid_against_loops():
    cells, strides = yolox_grid(416)
    slow = [
        (column, row, stride)
        for stride in (8, 16, 32)
        for row in range(416 // stride)
        for column in range(416 // stride)
    ]
    np.testing.assert_array_equal(np.concatenate([cells, strides], axis=1), slow)
    assert len(slow) == 3549


@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_truncated_weights_are_refused(folder, tmp_path, share):
    stem = "yolo-fastest-1.1"
    whole = (folder / stem / f"{stem}.weights").read_bytes()
    path = tmp_path / "half.weights"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError, match=r"half\.weights.*(expected 1384268|expected the weights)"):
        DarknetDetector(folder / stem / f"{stem}.cfg", path)


def test_weights_of_another_network_are_refused(folder):
    one, other = "yolo-fastest-1.1", "yolo-fastest-1.1-xl"
    with pytest.raises(InputError, match="of another network"):
        DarknetDetector(folder / one / f"{one}.cfg", folder / other / f"{other}.weights")


@pytest.mark.parametrize(
    "text",
    [
        *("no network", "[net]\nwidth=320\n", "[net]\nwidth=a\nheight=b\n"),
        "[net]\nwidth\n  goes on\nheight=3\n",
    ],
)
def test_what_is_no_configuration_is_refused(tmp_path, text):
    path = tmp_path / "odd.cfg"
    path.write_text(text)
    with pytest.raises(InputError, match=r"people\.network: .*odd\.cfg is no Darknet"):
        input_size(path)


def test_a_truncated_onnx_file_is_refused(folder, tmp_path):
    path = tmp_path / "half.onnx"
    path.write_bytes((folder / ONNX["yolox_nano"]).read_bytes()[:10_000])
    with pytest.raises(InputError, match=r"half\.onnx is no whole ONNX network"):
        open_onnx(path)
