from dataclasses import replace

import numpy as np
import pytest

from stpose.demo.limbs import Tube
from stpose.demo.plan import MOTIONS, planned_videos
from stpose.demo.rendering import locate_people, render_frame
from stpose.demo.scene import NEAR, stage_scene
from stpose.demo.skeleton import INDEX
from stpose.demo.wardrobe import Cloth
from stpose.settings.demo import DemoSettings

SETTINGS = DemoSettings(frames=24, two_people=0, occluders=0)
SIZE = (SETTINGS.width, SETTINGS.height)
VIDEOS = planned_videos(SETTINGS)


def scene_of(motion, settings=SETTINGS):
    return stage_scene(VIDEOS[MOTIONS.index(motion)], settings)


def test_frames_do_not_depend_on_the_order_they_are_painted_in():
    forward = scene_of("running")
    first = [render_frame(forward, frame, *SIZE).image for frame in (3, 9)]
    again = scene_of("running")
    second = [render_frame(again, frame, *SIZE).image for frame in (9, 3)]
    np.testing.assert_array_equal(first[0], second[1])
    np.testing.assert_array_equal(first[1], second[0])
    assert (first[0] != first[1]).any()


@pytest.mark.parametrize("motion", ["running", "squats", "jumping_jacks"])
def test_a_person_is_painted_within_its_box_and_fills_it(motion):
    scene = scene_of(motion)
    picture = render_frame(scene, 5, *SIZE)
    nobody = render_frame(replace(scene, actors=()), 5, *SIZE).image
    x1, y1, x2, y2 = picture.people[0].box
    foot = int(y2 - 0.08 * (y2 - y1))  # below that the shadow is painted too
    changed = (np.abs(picture.image.astype(int) - nobody).max(axis=2) > 12)[:foot]
    rows, columns = np.nonzero(changed)
    assert rows.min() >= y1 - 2
    assert rows.min() <= y1 + 6
    assert columns.min() >= x1 - 3
    assert columns.max() <= x2 + 3
    assert columns.max() - columns.min() >= 0.8 * (x2 - x1)


def test_joints_are_told_without_painting():
    scene = scene_of("lift")
    painted = render_frame(scene, 7, *SIZE).people[0]
    told = locate_people(scene, 7, *SIZE)[0]
    np.testing.assert_array_equal(told.points, painted.points)
    assert told.box == painted.box
    assert not (painted.visible & ~told.visible).any()


def test_standing_person_is_half_to_three_quarters_of_the_frame():
    for video in VIDEOS:
        stature = locate_people(stage_scene(video, SETTINGS), 0, *SIZE)[0].stature
        assert 0.48 * SETTINGS.height < stature < 0.75 * SETTINGS.height


def test_what_stands_in_front_hides_joints():
    scene = scene_of("squats")
    person = render_frame(scene, 4, *SIZE).people[0]
    assert person.visible[INDEX["left_wrist"]]
    cloth = Cloth((0.0, 0.0, 255.0), (0.0, 0.0, 255.0))
    wrist = person.points[INDEX["left_wrist"]]
    post = Tube(wrist, wrist, (9.0, 9.0), (NEAR, NEAR), cloth, cloth.colour)
    hidden = render_frame(replace(scene, occluder=(post,) * 24), 4, *SIZE).people[0]
    assert not hidden.visible[INDEX["left_wrist"]]
    assert hidden.visible[INDEX["head_top"]]


def test_far_arm_is_hidden_in_a_profile():
    scene = scene_of("walking")
    hidden = [~render_frame(scene, frame, *SIZE).people[0].visible for frame in range(0, 24, 4)]
    assert np.any(hidden)
    assert np.mean(hidden) < 0.4


def test_second_people_and_occluders_come_as_often_as_asked():
    both = DemoSettings(frames=24, two_people=1)
    assert len(render_frame(scene_of("throws", both), 0, *SIZE).people) == 2
    hidden = DemoSettings(frames=24, two_people=0, occluders=1)
    assert len(scene_of("throws", hidden).occluder) == 24
    heldout = planned_videos(both, heldout=True)[0]
    assert len(stage_scene(heldout, both).actors) == 1


@pytest.mark.parametrize("size", [(64, 64), (240, 426), (640, 360)])
@pytest.mark.parametrize("number", range(7))
def test_other_sizes_work(size, number):
    settings = DemoSettings(frames=24, width=size[0], height=size[1])
    scene = stage_scene(planned_videos(settings)[number], settings)
    picture = render_frame(scene, 23, *size)
    assert picture.image.shape == (size[1], size[0], 3)
    assert picture.image.std() > 3
    assert picture.people[0].visible.any()
