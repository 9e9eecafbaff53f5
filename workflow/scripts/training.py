"""Train one round of one experiment."""

from pathlib import Path

from stpose.log import logging_to
from stpose.settings.experiment import ExperimentSettings
from stpose.training.launch import Round, launch

with logging_to(Path(snakemake.log[0])):
    pairs = [Path(path) for path in snakemake.input.repetitions]
    before = [Path(path) for path in snakemake.input.weights]
    given = Round(
        Path(snakemake.input.curriculum),
        tuple(Path(path) for path in snakemake.input.crops),
        pairs[0] if pairs else None,
        before[0] if before else None,
        Path(snakemake.output.weights).parent,
        ExperimentSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
        tuple(Path(path) for path in snakemake.input.motion),
        tuple(snakemake.params.held_out),
        snakemake.threads,
    )
    launch(given)
