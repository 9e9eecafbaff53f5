"""Show what the run made on one page."""

from pathlib import Path

from stpose.log import logging_to
from stpose.report.stage import write_report

with logging_to(Path(snakemake.log[0])):
    write_report(
        Path(snakemake.input.videos).parent,
        Path(snakemake.output[0]),
        snakemake.params.source,
        [Path(path) for path in snakemake.input.metrics],
        [Path(path) for path in snakemake.input.benchmarks],
        snakemake.params.settings,
    )
