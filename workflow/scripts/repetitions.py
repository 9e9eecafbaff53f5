"""Find what repeats in each track."""

from pathlib import Path

from stpose.log import logging_to
from stpose.repetitions.stage import write_repetitions
from stpose.settings.repetitions import RepetitionsSettings

with logging_to(Path(snakemake.log[0])):
    write_repetitions(
        Path(snakemake.input[0]),
        Path(snakemake.output.tracks).parent,
        RepetitionsSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
    )
