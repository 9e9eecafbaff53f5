"""Train one round of one experiment."""

from pathlib import Path

import torch

from stpose.log import logging_to
from stpose.settings.experiment import ExperimentSettings
from stpose.training.stage import train

with logging_to(Path(snakemake.log[0])):
    torch.set_num_threads(snakemake.threads)
    pairs = [Path(path) for path in snakemake.input.repetitions]
    before = [Path(path) for path in snakemake.input.weights]
    train(
        Path(snakemake.input.curriculum),
        [Path(path) for path in snakemake.input.crops],
        pairs[0] if pairs else None,
        before[0] if before else None,
        Path(snakemake.output.weights).parent,
        ExperimentSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
        [Path(path) for path in snakemake.input.motion],
        snakemake.params.held_out,
    )
