"""Put our figures beside the paper's tables."""

from pathlib import Path

from stpose.log import logging_to
from stpose.settings.tables import TablesSettings
from stpose.tables.stage import write_tables

with logging_to(Path(snakemake.log[0])):
    folder = Path(snakemake.output.rows).parent
    write_tables(
        folder.parent,
        folder,
        TablesSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
    )
