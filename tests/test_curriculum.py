"""The curriculum: blocks of growing size, sorted by flow ratio."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from stpose.artefacts.header import read_header
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CURRICULUM, FLOW
from stpose.artefacts.status import Status
from stpose.artefacts.tables import read_table, write_table
from stpose.curriculum import block_numbers, block_shares, write_curriculum
from stpose.errors import InputError
from stpose.settings.curriculum import CurriculumSettings


def write_flow(path, frames, ratios, tracks=None, status=None):
    number = len(frames)
    columns = {
        "frame": frames,
        "track": tracks or [1] * number,
        "inside": ratios,
        "outside": [None if ratio is None else 1.0 for ratio in ratios],
        "ratio": ratios,
        "note": ["first frame" if ratio is None else None for ratio in ratios],
    }
    attributes = {"video_id": path.stem}
    write_table(path, FLOW, columns, derive("flow", "{}"), status, attributes)
    return path


def rows_of(path):
    return read_table(path, CURRICULUM).to_pydict()


def test_the_papers_blocks():
    shares = block_shares()
    assert len(shares) == 7
    assert shares[0] == 0.05
    assert max(shares) == 0.25
    growth = np.array(shares[1:5]) / shares[:4]
    assert np.allclose(growth, growth[0])
    assert 1.3 < growth[0] < 1.45


@st.composite
def possible_blocks(draw):
    steps = draw(st.integers(2, 40))
    first = draw(st.floats(0.05, 1)) / steps
    smallest_limit = (1 - first) / (steps - 1)
    largest = smallest_limit + draw(st.floats(1e-6, 1)) * (1 - smallest_limit)
    return first, steps, largest


@given(possible_blocks(), st.integers(0, 3000))
def test_blocks_grow_within_their_limit_and_hold_everything(blocks, samples):
    first, steps, largest = blocks
    shares = np.array(block_shares(first, steps, largest))
    assert len(shares) == steps
    assert shares.sum() == pytest.approx(1, abs=1e-9)
    assert shares[0] == pytest.approx(min(first, largest))
    assert shares.max() <= largest
    assert (np.diff(shares) >= 0).all()
    below = shares[shares < largest]
    if len(below) > 2:
        assert np.allclose(below[1:] / below[:-1], below[1] / below[0])
    blocks = block_numbers(samples, tuple(shares))
    assert len(blocks) == samples
    assert (np.diff(blocks) >= 0).all()
    sizes = np.bincount(blocks, minlength=steps)
    assert len(sizes) == steps
    assert (np.abs(sizes - shares * samples) <= 1 + 1e-6).all()


@pytest.mark.parametrize(("first", "steps", "largest"), [(0.2, 7, 0.25), (0.05, 3, 0.25)])
def test_blocks_that_cannot_add_up_are_refused(first, steps, largest):
    with pytest.raises(InputError, match="cannot sum to 1"):
        block_shares(first, steps, largest)
    with pytest.raises(ValidationError, match="at most `largest`"):
        CurriculumSettings(first=first, blocks=steps, largest=largest)


def test_a_single_block_holds_everything():
    assert block_shares(0.05, 1, 0.25) == (1.0,)


def test_few_samples_begin_in_the_first_block():
    assert block_numbers(0, block_shares()).tolist() == []
    assert block_numbers(1, block_shares()).tolist() == [0]
    assert block_numbers(3, block_shares())[0] == 0


def test_whole_limits_are_not_rounded_up():
    assert np.bincount(block_numbers(30, (0.1, 0.2, 0.7))).tolist() == [3, 6, 21]


def test_rows_are_the_clearest_frames_in_order(tmp_path):
    rng = np.random.default_rng(0)
    values = {name: rng.uniform(0.1, 10, 200).astype(np.float32) for name in ("a", "b", "c")}
    flows = []
    for name, ratios in values.items():
        with_holes = [None, *ratios.tolist()]
        flows.append(write_flow(tmp_path / f"{name}.parquet", list(range(201)), with_holes))
    out = tmp_path / "curriculum.parquet"
    write_curriculum(flows, out, CurriculumSettings(share=0.5))
    rows = rows_of(out)
    everything = sorted(
        ((-r, name, frame + 1) for name in values for frame, r in enumerate(values[name]))
    )
    assert len(rows["frame"]) == 300
    found = list(zip(rows["ratio"], rows["video_id"], rows["frame"], strict=True))
    assert found == [(-r, name, frame) for r, name, frame in everything[:300]]
    assert np.bincount(rows["block"]).tolist() == [15, 21, 28, 38, 52, 71, 75]
    header = read_header(out)
    assert header.attributes["frames_with_ratio"] == 600
    assert sum(header.attributes["block_sizes"]) == 300


def test_ties_go_by_video_track_and_frame_whatever_the_order_of_files(tmp_path):
    flows = [
        write_flow(tmp_path / "b.parquet", [1, 2], [1.0, 1.0], [2, 1]),
        write_flow(tmp_path / "a.parquet", [5, 4, 3], [1.0, 1.0, 2.0], [1, 1, 1]),
    ]
    found = []
    for name, order in (("one", flows), ("two", flows[::-1])):
        write_curriculum(order, tmp_path / f"{name}.parquet", CurriculumSettings(share=1))
        found.append(rows_of(tmp_path / f"{name}.parquet"))
    assert found[0] == found[1]
    assert found[0]["video_id"] == ["a", "a", "a", "b", "b"]
    assert found[0]["frame"] == [3, 4, 5, 2, 1]
    assert found[0]["track"] == [1, 1, 1, 1, 2]


@pytest.mark.parametrize("videos", [0, 1])
def test_without_a_usable_frame_the_status_says_so(tmp_path, videos):
    flows = [
        write_flow(tmp_path / f"{number}.parquet", [], [], [], Status("no_person", "nobody"))
        for number in range(videos)
    ]
    out = tmp_path / "curriculum.parquet"
    write_curriculum(flows, out, CurriculumSettings())
    header = read_header(out)
    assert header.status.code == "no_person"
    assert f"none of {videos} videos" in header.status.reason
    assert rows_of(out)["frame"] == []


def test_a_single_frame_is_enough(tmp_path):
    flow = write_flow(tmp_path / "a.parquet", [7, 8], [None, 3.5])
    write_curriculum([flow], tmp_path / "curriculum.parquet", CurriculumSettings())
    rows = rows_of(tmp_path / "curriculum.parquet")
    assert (rows["video_id"], rows["frame"], rows["block"]) == (["a"], [8], [0])
