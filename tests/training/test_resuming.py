"""A round that is killed at any step and started again ends with the same bits."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from stpose.artefacts.schemas import METRICS
from stpose.artefacts.tables import read_table

UPDATE, KEPT, LENGTH = 5, 4, 18
SETTINGS = {
    "network": {"input_px": 44, "width": 0.25, "first_stride": 2, "convolution_batch_norm": True},
    "head_width": 0.05,
    "iterations": LENGTH,
    "curriculum_update": UPDATE,
    "checkpoint_every": KEPT,
    "log_every": 3,
    "batch_size": 8,
    "colour_jitter": 0.2,
    "shift": 0.05,
    "scale": 0.1,
    "rotation": 5,
    "schedule": "cosine",
    "optimiser": "adamw",
    "weight_decay": 0.01,
}
NONE = {"ordering_weight": 0, "placement_weight": 0}
RECIPES = {
    "the paper's two": {},
    "motion": {**NONE, "motion": {"weight": 1}},
    "contrast": {**NONE, "contrast": {"weight": 1}},
    "offset, and all others": {
        "motion": {"weight": 1},
        "offset": {"weight": 1},
        "contrast": {"weight": 1},
    },
}
# Around a step that adds a block of the curriculum, within a checkpoint, and after the last step.
PLACES = [(UPDATE - 1, "after"), (UPDATE, "before"), (2 * UPDATE, "between")]
PLACES += [(2 * KEPT - 1, "checkpoint"), (LENGTH - 1, "end")]
MOMENTS = ("before", "between", "after", "checkpoint", "end")


def anywhere(generator):
    return [(generator.randrange(LENGTH), generator.choice(MOMENTS[:3])) for _ in range(2)]


def run_job(world, folder, deaths, threads=1, **chosen):
    """Train undisturbed in one folder, and with deaths, one after another, in another."""
    killed = [(str(folder / "killed"), death) for death in deaths]
    job = {
        "arguments": {
            "curriculum": str(world.curriculum),
            "crops": [str(path) for path in world.crops],
            "motion": [str(path) for path in world.motion],
        },
        "settings": {**SETTINGS, **chosen},
        "threads": threads,
        "attempts": [(str(folder / "whole"), None), *killed, (str(folder / "killed"), None)],
    }
    path = folder / "job.json"
    path.write_text(json.dumps(job))
    script = Path(__file__).with_name("killed_rounds.py")
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    done = subprocess.run(
        [sys.executable, str(script), str(path)], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def assert_same(folder):
    whole, killed = folder / "whole", folder / "killed"
    names = sorted(path.name for path in whole.iterdir())
    assert sorted(path.name for path in killed.iterdir()) == names
    for name in ("weights.safetensors", "heads.safetensors"):
        assert (killed / name).read_bytes() == (whole / name).read_bytes(), name
    tables = [
        read_table(path / "metrics.parquet", METRICS).drop_columns(["seconds", "images_per_second"])
        for path in (whole, killed)
    ]
    assert tables[0].equals(tables[1])


@pytest.mark.parametrize("recipes", RECIPES)
def test_a_round_killed_several_times_ends_with_the_same_bits(world, tmp_path, recipes):
    generator = random.Random(recipes)
    deaths = sorted(PLACES + anywhere(generator), key=lambda at: (at[0], MOMENTS.index(at[1])))
    # On two threads in one case: sums are taken in the same order each time there, too.
    threads = 2 if recipes == "motion" else 1
    run_job(world, tmp_path, deaths, threads, **RECIPES[recipes])
    assert_same(tmp_path)
