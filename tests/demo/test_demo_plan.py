import subprocess
import sys

import pytest
from pydantic import ValidationError

from stpose.demo.plan import MOTIONS, planned_videos
from stpose.settings.demo import DemoSettings


def test_every_motion_is_shown_and_names_differ():
    videos = planned_videos(DemoSettings())
    assert len(videos) == len({video.name for video in videos}) == 24
    assert {video.motion for video in videos} == set(MOTIONS)
    assert all(video.name.split("/")[0] == video.motion for video in videos)
    assert videos[0].stem + ".mp4" == videos[0].name


def test_heldout_people_are_others():
    settings = DemoSettings(videos=100)
    training, heldout = planned_videos(settings), planned_videos(settings, heldout=True)
    assert not {video.person for video in training} & {video.person for video in heldout}
    assert not {video.seed for video in training} & {video.seed for video in heldout}
    assert all(video.heldout for video in heldout)
    assert not any(video.heldout for video in training)


def test_more_videos_leave_the_first_as_they_are():
    few, many = DemoSettings(videos=5), DemoSettings(videos=50)
    assert planned_videos(many)[:5] == planned_videos(few)


def test_plan_needs_no_opencv():
    code = "import sys, stpose.demo.plan; sys.exit('cv2' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("bad", [{"width": 321}, {"frames": 3}, {"people": 2}, {"videos": 0}])
def test_bad_settings_are_refused(bad):
    with pytest.raises(ValidationError):
        DemoSettings(**bad)
