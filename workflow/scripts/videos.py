"""Gather how each video fared into one table."""

from pathlib import Path

from stpose.log import logging_to
from stpose.videos.stage import write_videos

with logging_to(Path(snakemake.log[0])):
    write_videos(
        [Path(path) for path in snakemake.input.frames],
        [Path(path) for path in snakemake.input.people],
        Path(snakemake.output[0]),
        snakemake.params.code,
    )
