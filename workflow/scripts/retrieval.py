"""Find the nearest poses of some crops in other videos, learned and by chance."""

from pathlib import Path

import torch

from stpose.log import logging_to
from stpose.retrieval import write_retrieval
from stpose.settings.retrieval import RetrievalSettings

with logging_to(Path(snakemake.log[0])):
    torch.set_num_threads(snakemake.threads)
    write_retrieval(
        Path(snakemake.input.weights),
        Path(snakemake.input.embeddings),
        [Path(path) for path in snakemake.input.crops],
        Path(snakemake.output[0]),
        RetrievalSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
    )
