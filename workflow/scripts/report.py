"""Show what the run made: a site of static pages."""

from pathlib import Path

from stpose.log import logging_to
from stpose.report.stage import ReportInputs, write_report

with logging_to(Path(snakemake.log[0])):
    inputs = ReportInputs(
        results=Path(snakemake.input.videos).parent,
        source=snakemake.params.source,
        settings=snakemake.params.settings,
        metrics=[Path(path) for path in snakemake.input.metrics],
        benchmarks=[Path(path) for path in snakemake.input.benchmarks],
        claims=True,  # the rule `all` asks for both
    )
    write_report(inputs, Path(snakemake.output.page))
