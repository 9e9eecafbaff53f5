"""Two processes on a CPU, and one with the same batches: the same curve of the loss."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from stpose.artefacts.schemas import METRICS
from stpose.artefacts.tables import read_table
from stpose.settings.experiment import ExperimentSettings
from stpose.training.launch import Round, launch
from stpose.training.processes import Processes

SETTINGS = {
    "network": {"input_px": 44, "width": 0.25, "first_stride": 2, "convolution_batch_norm": True},
    "head_width": 0.05,
    "iterations": 12,
    "curriculum_update": 5,
    "batch_size": 12,
    "log_every": 1,
    "checkpoint_every": 5,
    "colour_jitter": 0.2,
    "rotation": 5,
    "motion": {"weight": 1},
    "contrast": {"weight": 1},
    "resident_gb": 0,
}


def round_of(world, out, **chosen):
    return Round(
        world.curriculum,
        world.crops,
        None,
        None,
        out,
        ExperimentSettings(**{**SETTINGS, **chosen}),
        "code",
        world.motion,
        ("video-3",),
        2,
    )


def curve(folder):
    table = read_table(folder / "metrics.parquet", METRICS).to_pandas()
    return table.set_index(["step", "task"])[["loss", "trivial_loss", "rank1"]]


def test_shares_are_all_pictures():
    for pictures in (0, 1, 7, 108):
        shares = [Processes(rank, 3).share(pictures) for rank in range(3)]
        taken = [number for share in shares for number in range(pictures)[share]]
        assert taken == list(range(pictures))
        assert max(s.stop - s.start for s in shares) - min(s.stop - s.start for s in shares) <= 1


def test_a_round_is_the_same_as_text(world, tmp_path):
    given = round_of(world, tmp_path)
    assert Round.from_json(given.to_json()) == given


@pytest.fixture
def _threads_as_before():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("_threads_as_before")
def test_two_processes_have_the_losses_of_one(world, tmp_path, capfd):
    for count in (1, 2):
        launch(round_of(world, tmp_path / str(count), processes=count))
        said = capfd.readouterr().err
    assert said.count("training on cpu") == 1
    assert sorted(path.name for path in (tmp_path / "2").iterdir()) == [
        "heads.safetensors",
        "metrics.parquet",
        "model.json",
        "weights.safetensors",
    ]
    one, two = curve(tmp_path / "1"), curve(tmp_path / "2")
    assert set(one.index.get_level_values("task")) == {
        "ordering",
        "placement",
        "motion",
        "contrast",
    }
    assert one.index.equals(two.index)
    # Rounding differs, and grows from step to step.
    np.testing.assert_allclose(two, one, rtol=2e-3, atol=1e-6)


def test_gradients_and_statistics_are_those_of_the_whole_batch(world, tmp_path):
    """Adam hides a factor in all gradients, so the curve alone is not enough."""
    file = tmp_path / "round.json"
    file.write_text(round_of(world, tmp_path / "out").to_json())
    script = Path(__file__).with_name("shared_gradients.py")
    torchrun = ["torch.distributed.run", "--standalone", "--local-addr", "127.0.0.1"]
    command = [sys.executable, "-m", *torchrun, "--nproc-per-node", "3", str(script), str(file)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("the same") == 3
