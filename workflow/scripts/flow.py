"""Measure how the people of one video move against their background."""

from pathlib import Path

from snakemake.script import snakemake
from stpose.flow.stage import write_flow
from stpose.settings.flow import FlowSettings

from stpose.log import logging_to

with logging_to(Path(snakemake.log[0])):
    write_flow(
        Path(snakemake.input.frames),
        Path(snakemake.input.people),
        Path(snakemake.output[0]),
        FlowSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
    )
