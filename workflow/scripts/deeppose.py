"""Measure how DeepPose does on MPII when it starts from the weights."""

from pathlib import Path

import torch

from stpose.benchmarks.mpii.deeppose.stage import run_deeppose
from stpose.log import logging_to
from stpose.settings.benchmarks import BenchmarkSettings

with logging_to(Path(snakemake.log[0])):
    torch.set_num_threads(snakemake.threads)
    run_deeppose(
        Path(snakemake.input.weights),
        Path(snakemake.output.table),
        BenchmarkSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
        [Path(snakemake.input.weights)],
    )
