"""Lay out the small pictures of one video."""

from pathlib import Path

from stpose.log import logging_to
from stpose.pictures import write_pictures
from stpose.settings.pictures import PicturesSettings

with logging_to(Path(snakemake.log[0])):
    write_pictures(
        Path(snakemake.input.frames),
        Path(snakemake.input.crops),
        Path(snakemake.output[0]),
        PicturesSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
    )
