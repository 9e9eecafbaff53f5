"""Download a dataset."""

from pathlib import Path

from stpose.datasets.catalogue import find_dataset
from stpose.datasets.fetch import fetch_dataset
from stpose.log import logging_to
from stpose.settings.config import parse_config

with logging_to(Path(snakemake.log[0])):
    name = snakemake.params.dataset
    # Not a parameter of the rule: another mirror is no reason to download again.
    mirrors = parse_config(snakemake.config).mirrors
    fetch_dataset(find_dataset(name), Path(snakemake.output[0]).parent, mirrors.get(name))
