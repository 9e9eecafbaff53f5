"""Cut the people of one video out of its frames."""

from pathlib import Path

from stpose.crops import write_crops
from stpose.log import logging_to
from stpose.settings.crops import CropsSettings

with logging_to(Path(snakemake.log[0])):
    write_crops(
        Path(snakemake.input.frames),
        Path(snakemake.input.people),
        Path(snakemake.output[0]),
        CropsSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
    )
