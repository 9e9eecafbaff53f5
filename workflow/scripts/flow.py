"""Measure how the people of one video move against their background."""

from pathlib import Path

from stpose.flow.stage import write_flow
from stpose.log import logging_to
from stpose.settings.flow import FlowSettings

with logging_to(Path(snakemake.log[0])):
    write_flow(
        Path(snakemake.input.frames),
        Path(snakemake.input.people),
        Path(snakemake.output.table),
        Path(snakemake.output.maps),
        FlowSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
    )
