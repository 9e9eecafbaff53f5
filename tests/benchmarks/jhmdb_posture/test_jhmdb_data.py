"""Reading J-HMDB's joints, sources and videos."""

import json

import numpy as np
import pytest

from stpose.benchmarks.jhmdb_posture.data import is_annotated, load_clips
from stpose.benchmarks.jhmdb_posture.skeletons import normalised
from stpose.errors import InputError


def test_clips_have_joints_sources_and_videos(jhmdb):
    folder, arrays = jhmdb
    known = load_clips(folder)
    assert [clip.name for clip in known.clips] == sorted(clip.name for clip in known.clips)
    assert len(known.clips) == 14
    assert known.without == {"joints": 0, "source": 0, "video": 0}
    clip = next(one for one in known.clips if one.name == "reach/s3_clip (1)")
    assert clip.source == "source3"
    assert clip.path == folder / "videos" / "reach" / "s3_clip (1).avi"
    np.testing.assert_array_equal(clip.world, arrays["reach/s3_clip (1)/pos_world"])
    np.testing.assert_array_equal(clip.image, arrays["reach/s3_clip (1)/pos_img"])
    assert is_annotated(folder)
    assert not is_annotated(folder / "videos")


def test_what_is_not_known_is_left_out(tmp_path, clips):
    make, usual, _ = clips
    arrays = make(tmp_path, usual(3), parts=False)
    names = sorted({key.rpartition("/")[0] for key in arrays})
    del arrays[f"{names[0]}/pos_img"]
    np.savez(tmp_path / "joints.npz", **arrays)
    (tmp_path / "videos" / f"{names[1]}.avi").unlink()
    sources = json.loads((tmp_path / "sources.json").read_text())
    (tmp_path / "sources.json").write_text(
        json.dumps(
            {key: [one for one in value if one != names[2]] for key, value in sources.items()}
        )
    )
    known = load_clips(tmp_path)
    assert [clip.name for clip in known.clips] == names[3:]
    assert known.without == {"joints": 1, "source": 1, "video": 1}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("sources.json", None, "sources.json: no such file"),
        ("sources.json", "{", "sources.json: unreadable, expected JSON"),
        ("sources.json", "[]", "sources.json: list, expected objects"),
        ("sources.json", '{"a": {"b": 3}}', "sources.json: int, expected objects"),
        ("sources.json", '{"a": [3]}', "sources.json: a: expected a list of clips"),
        ("sources.json", "{}", "no clip has all three"),
        ("joints.npz", None, "joints.npz: no such file"),
        ("joints.npz", "x", "joints.npz: unreadable"),
    ],
)
def test_mistakes_are_named(tmp_path, clips, name, content, says):
    make, usual, _ = clips
    make(tmp_path, usual(1))
    path = tmp_path / name
    path.unlink()
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=says):
        load_clips(tmp_path)


def test_another_number_of_joints_is_named(tmp_path, clips):
    make, usual, _ = clips
    arrays = make(tmp_path, usual(1))
    arrays["crouch/s0_clip (1)/pos_img"] = arrays["crouch/s0_clip (1)/pos_img"][:, :14]
    np.savez(tmp_path / "joints.npz", **arrays)
    with pytest.raises(InputError, match=r"pos_img float32 \(14, 14, 2\), expected numbers"):
        load_clips(tmp_path)


def test_real_joints_have_the_same_shape_in_both_arrays(shared_data):
    known = load_clips(shared_data / "annotated" / "jhmdb")
    assert len(known.clips) == 107
    assert len({clip.source for clip in known.clips}) == 55
    for clip in known.clips[::10]:
        # The world's coordinates have three decimals.
        difference = normalised(clip.world) - normalised(clip.image)
        assert np.abs(difference).max() < 0.01
