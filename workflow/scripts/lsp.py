"""Measure pose by nearest neighbour on Leeds Sports Pose."""

from pathlib import Path

import torch

from stpose.benchmarks.lsp.stage import run_lsp
from stpose.log import logging_to
from stpose.settings.benchmarks import BenchmarkSettings

with logging_to(Path(snakemake.log[0])):
    torch.set_num_threads(snakemake.threads)
    run_lsp(
        Path(snakemake.input.weights),
        Path(snakemake.params.folder),
        Path(snakemake.output.table),
        BenchmarkSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
        [Path(snakemake.input.weights), *map(Path, snakemake.input.data)],
        Path(snakemake.output.picture),
    )
