"""The plan of a run."""

import inspect
import json

import pytest

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import VIDEOS
from stpose.artefacts.tables import write_table
from stpose.errors import InputError
from stpose.flow import presets
from stpose.workflow import read_plan

RAW = {"results": "out", "experiments": {"a": {"rounds": 1}, "b": {"rounds": 2}}}


@pytest.fixture
def plan(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "x.mp4").write_text("x")
    return read_plan({**RAW, "videos": "v"}, tmp_path)


def test_the_demo_needs_no_videos(tmp_path):
    plan = read_plan(RAW, tmp_path)
    assert plan.is_demo
    assert all(str(source.path).startswith("out/demo/videos/") for source in plan.videos.values())


def test_the_number_of_rounds_is_no_setting_of_a_training(plan, tmp_path):
    more = read_plan({**RAW, "videos": "v", "experiments": {"a": {"rounds": 3}}}, tmp_path)
    assert plan.training_settings("a", "1") == more.training_settings("a", "1")
    assert "rounds" not in json.loads(plan.training_settings("a", "1"))


def test_what_a_round_changes_is_no_setting_of_the_others(plan, tmp_path):
    second = {"motion": {"weight": 1}, "ordering_weight": 0, "processes": 4, "resident_gb": 12.5}
    changed = {"rounds": 2, "changes": {2: second}}
    more = read_plan({**RAW, "videos": "v", "experiments": {"b": changed}}, tmp_path)
    assert more.training_settings("b", "1") == plan.training_settings("b", "1")
    assert json.loads(more.training_settings("b", "2"))["motion"]["weight"] == 1
    assert [more.training_processes("b", number) for number in "12"] == [1, 4]
    assert [more.training_megabytes("b", number) for number in "12"] == [8000, 16_500]
    # Round 2 learns from motion maps, and asks for no mined pairs.
    assert more.motion_maps("b", "1") == []
    assert more.motion_maps("b", "2") == [f"out/flow/{video}.h5" for video in more.videos]
    assert plan.mined_before("b", "2") == ["out/repetitions/b/1/pairs.parquet"]
    assert more.mined_before("b", "2") == []


def test_every_round_of_every_experiment(plan):
    assert plan.every_round("EXPERIMENT/ROUND") == ["a/1", "b/1", "b/2"]
    assert plan.last_weights("b") == "out/training/b/2/weights.safetensors"
    assert plan.shown_round("EXPERIMENT/ROUND") == "b/2"


def test_a_round_needs_the_one_before(plan):
    assert plan.mined_before("b", "1") == []
    assert plan.mined_before("b", "2") == ["out/repetitions/b/1/pairs.parquet"]
    assert plan.weights_before("b", "2") == ["out/training/b/1/weights.safetensors"]
    assert plan.heads_before("b", "2") == ["out/training/b/1/heads.safetensors"]
    assert plan.heads_before("b", "1") == []


def test_videos_that_are_held_out_are_known_before_the_run(tmp_path, monkeypatch):
    def held(share):
        return read_plan(
            {**RAW, "experiments": {"a": {"held_out_share": share}}}, tmp_path
        ).held_out("a")

    assert held(0) == ()
    monkeypatch.setattr("stpose.videos.sources._draw", lambda _: 0.1)
    with pytest.raises(InputError, match=r"experiments.a.held_out_share: all 24 videos"):
        held(0.5)
    with pytest.raises(InputError, match=r"sources: .*none.json"):
        read_plan({**RAW, "sources": "none.json"}, tmp_path)


def test_an_unknown_experiment_is_named(plan):
    with pytest.raises(InputError, match="there is no 'c', only a, b"):
        plan.last_weights("c")


def test_a_file_that_cannot_be_read_is_no_input(plan, tmp_path):
    (video,) = plan.videos
    assert plan.video_files(video, str) == ["v/x.mp4"]
    (tmp_path / "v" / "x.mp4").unlink()
    assert plan.video_files(video, str) == []


def test_flow_takes_a_gpu_where_it_is_computed_on_one(tmp_path, monkeypatch):
    monkeypatch.setattr(presets, "has_gpu", lambda: True)
    for backend, gpus in (("auto", 1), ("torch", 1), ("cpu", 0)):
        assert read_plan({**RAW, "flow": {"backend": backend}}, tmp_path).flow_gpus == gpus
    monkeypatch.setattr(presets, "has_gpu", lambda: False)
    assert read_plan(RAW, tmp_path).flow_gpus == 0


def test_benchmarks_that_are_left_out_are_not_wanted(tmp_path):
    plan = read_plan({**RAW, "benchmarks": {"lsp": None}}, tmp_path)
    assert plan.benchmark_files == [
        "out/benchmarks/a/olympic_sports.json",
        "out/benchmarks/b/olympic_sports.json",
    ]


def test_datasets_go_into_the_folder_that_is_set(tmp_path):
    plan = read_plan({**RAW, "datasets": "data"}, tmp_path)
    assert plan.download_source("lsp") == "data/lsp/SOURCE.json"
    assert plan.downloads["mpii"].startswith("MPII Human Pose. Licence: annotations under")


def test_the_last_words_name_what_was_left_out(plan, tmp_path):
    rows = {column.name: [0, 0] for column in VIDEOS.columns}
    rows |= {"video_id": ["a", "b"], "path": ["a.mp4", "b.mp4"], "status": ["ok", "unreadable"]}
    rows |= {"reason": ["", "the file is empty"], "sha256": ["", ""], "warning": ["", ""]}
    write_table(tmp_path / "out" / "videos.parquet", VIDEOS, rows, derive("videos", "{}"))
    words = plan.closing_words()
    assert "1 of 2 videos are used." in words
    assert "b.mp4: unreadable, the file is empty" in words
    assert "report" not in words


def test_the_hook_that_frees_the_scheduler_still_has_something_to_free():
    from snakemake.scheduling.job_scheduler import JobScheduler

    assert "job_rate_limiter" in inspect.getsource(JobScheduler.schedule)
