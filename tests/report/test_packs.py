"""Packs hold every code once, in files that are plain scripts."""

import base64
import json

import numpy as np
import pytest

from stpose.report.collection import Collection
from stpose.report.packs import packs_of, write_packs
from stpose.report.videos import VideoRow


@pytest.fixture
def collection():
    sizes = [5, 1, 9, 4]
    stops = np.cumsum(sizes).tolist()
    rows = {
        f"v{n}": (stop - size, stop)
        for n, (size, stop) in enumerate(zip(sizes, stops, strict=True))
    }
    random = np.random.default_rng(0)
    return Collection(
        rows=rows,
        track=np.ones(19, np.int32),
        frame=np.arange(19),
        code=random.integers(-127, 128, (19, 3)).astype(np.int8),
        energy=random.random(19).astype(np.float32),
        axis=np.arange(3, dtype=np.int32),
        scale=np.ones(3, np.float32),
        recall=1.0,
        queries=1,
    )


def row(video_id):
    path = f'{video_id}/</script><img onerror="x">.mp4'
    return VideoRow(video_id, path, "ok", "", 1, 1.0, 1, None, None, None, 25.0, 1, 1)


@pytest.mark.parametrize(("most", "count"), [(1, 4), (20, 3), (10_000, 1)])
def test_packs_divide_the_videos(collection, most, count):
    packs = packs_of(collection, most)
    assert len(packs) == count
    assert [video for pack in packs for video in pack.videos] == list(collection.rows)
    assert [pack.stop for pack in packs] == [*(pack.start for pack in packs[1:]), 19]
    for pack in packs:
        assert len(pack.videos) == 1 or (pack.stop - pack.start) * 3 <= max(most, 27)


def test_files_hold_all_codes(collection, tmp_path):
    packs = packs_of(collection, 20)
    write_packs(collection, packs, [row(video) for video in collection.rows], tmp_path)
    parts = []
    for pack in packs:
        text = (tmp_path / f"pack-{pack.number}.js").read_text()
        number, start, content = json.loads(f"[{text.removeprefix('stpose.takePack(')[:-3]}]")
        assert (number, start) == (pack.number, pack.start)
        parts.append(np.frombuffer(base64.b64decode(content), np.int8).reshape(-1, 3))
    np.testing.assert_array_equal(np.concatenate(parts), collection.code)
    text = (tmp_path / "collection.js").read_text()
    about = json.loads(text.removeprefix("stpose.takeCollection(")[:-3])
    assert about["videos"][2][:4] == ["v2", row("v2").path, 6, 9]
    energy = np.frombuffer(base64.b64decode(about["energy"]), "<f4")
    np.testing.assert_array_equal(energy, collection.energy)
