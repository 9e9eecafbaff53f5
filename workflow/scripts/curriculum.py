"""Sort the training frames from easy to hard."""

from pathlib import Path

from stpose.curriculum import write_curriculum
from stpose.log import logging_to
from stpose.settings.curriculum import CurriculumSettings

with logging_to(Path(snakemake.log[0])):
    write_curriculum(
        [Path(path) for path in snakemake.input],
        Path(snakemake.output[0]),
        CurriculumSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
    )
