"""Reduce all vectors to codes for the search by pose."""

from pathlib import Path

from stpose.log import logging_to
from stpose.search.stage import write_search
from stpose.settings.search import SearchSettings

with logging_to(Path(snakemake.log[0])):
    write_search(
        Path(snakemake.input[0]),
        Path(snakemake.output[0]),
        SearchSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
    )
