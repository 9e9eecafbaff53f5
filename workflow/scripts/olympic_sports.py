"""Measure posture similarity on the Olympic Sports benchmark."""

from pathlib import Path

import torch

from stpose.benchmarks.olympic_sports.stage import run_posture
from stpose.log import logging_to
from stpose.settings.benchmarks import BenchmarkSettings

with logging_to(Path(snakemake.log[0])):
    torch.set_num_threads(snakemake.threads)
    run_posture(
        Path(snakemake.input.weights),
        Path(snakemake.params.folder),
        Path(snakemake.output.table),
        BenchmarkSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
        [Path(snakemake.input.weights), *map(Path, snakemake.input.data)],
    )
