"""Judge what the paper claims by what was measured here."""

from pathlib import Path

from stpose.claims.stage import write_claims
from stpose.log import logging_to
from stpose.settings.tables import TablesSettings

with logging_to(Path(snakemake.log[0])):
    write_claims(
        Path(snakemake.input[0]),
        Path(snakemake.output.page),
        snakemake.params.source,
        TablesSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
    )
