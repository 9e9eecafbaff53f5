"""Render the demo's benchmarks: postures and an LSP-format set."""

from pathlib import Path

from stpose.demo.benchmarks import write_demo_benchmarks
from stpose.log import logging_to
from stpose.settings.demo import DemoSettings

with logging_to(Path(snakemake.log[0])):
    write_demo_benchmarks(
        DemoSettings.model_validate_json(snakemake.params.settings),
        Path(snakemake.output[0]).parent,
        snakemake.params.code,
    )
