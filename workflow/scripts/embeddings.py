"""Compute the vectors of all crops."""

from pathlib import Path

import torch

from stpose.embeddings import write_embeddings
from stpose.log import logging_to
from stpose.settings.embeddings import EmbeddingsSettings

with logging_to(Path(snakemake.log[0])):
    torch.set_num_threads(snakemake.threads)
    write_embeddings(
        Path(snakemake.input.weights),
        [Path(path) for path in snakemake.input.crops],
        Path(snakemake.output[0]),
        EmbeddingsSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
    )
