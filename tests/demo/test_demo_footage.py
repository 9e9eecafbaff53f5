import cv2
import numpy as np
import pytest

from stpose.artefacts.header import read_header
from stpose.artefacts.tables import read_table
from stpose.demo.footage import DEMO_JOINTS, write_demo_video
from stpose.demo.plan import planned_videos
from stpose.demo.rendering import render_frame
from stpose.demo.scene import stage_scene
from stpose.demo.skeleton import JOINTS
from stpose.settings.demo import DemoSettings

SETTINGS = DemoSettings(frames=24, width=160, height=120, two_people=1)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    paths = []
    for copy in ("first", "second"):
        for video in planned_videos(SETTINGS)[: 2 if copy == "first" else 1]:
            path = folder / copy / video.name
            write_demo_video(video, SETTINGS, path, path.with_suffix(".parquet"), "code")
            paths.append(path)
    return paths


def decoded(path):
    reader = cv2.VideoCapture(str(path))
    frames = []
    while (read := reader.read())[0]:
        frames.append(read[1])
    return reader.get(cv2.CAP_PROP_FPS), np.stack(frames)


def test_video_has_the_frames_size_and_rate_asked_for(written):
    fps, frames = decoded(written[0])
    assert fps == pytest.approx(25)
    assert frames.shape == (24, 120, 160, 3)
    scene = stage_scene(planned_videos(SETTINGS)[0], SETTINGS)
    true = np.stack([render_frame(scene, frame, 160, 120).image for frame in range(24)])
    assert np.abs(frames.astype(int) - true).mean() < 8
    wrong = np.abs(frames[:-8].astype(int) - true[8:]).mean()
    assert wrong > 1.5 * np.abs(frames[:-8].astype(int) - true[:-8]).mean()


def test_the_same_video_is_the_same_file(written):
    first, other, again = written
    assert first.read_bytes() == again.read_bytes()
    assert first.read_bytes() != other.read_bytes()
    assert first.with_suffix(".parquet").read_bytes() == again.with_suffix(".parquet").read_bytes()


def test_joints_lie_beside_the_video(written):
    path = written[0].with_suffix(".parquet")
    table = read_table(path, DEMO_JOINTS).to_pandas()
    assert len(table) == 24 * 2 * len(JOINTS)
    scene = stage_scene(planned_videos(SETTINGS)[0], SETTINGS)
    people = render_frame(scene, 11, 160, 120).people
    for number, person in enumerate(people):
        rows = table[(table.frame == 11) & (table.person == number)]
        assert list(rows.joint) == list(JOINTS)
        np.testing.assert_allclose(rows[["x", "y"]], person.points, rtol=1e-5)
        np.testing.assert_allclose(rows[["x3", "y3", "z3"]], person.spatial, atol=1e-6)
        assert list(rows.visible) == list(person.visible)
    header = read_header(path)
    assert header.attributes["motion"] == "running"
    assert header.provenance["code"] == "code"
