"""Decode one video into encoded frames."""

from pathlib import Path

from stpose.frames.guarded import write_frames_guarded
from stpose.log import logging_to
from stpose.settings.frames import FramesSettings

with logging_to(Path(snakemake.log[0])):
    write_frames_guarded(
        Path(snakemake.params.path),
        snakemake.wildcards.video,
        Path(snakemake.output[0]),
        FramesSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
        snakemake.params.relative,
    )
