"""Find the people of one video and follow them."""

from pathlib import Path

from stpose.log import logging_to
from stpose.people.stage import write_people
from stpose.settings.people import PeopleSettings

with logging_to(Path(snakemake.log[0])):
    write_people(
        Path(snakemake.input[0]),
        Path(snakemake.output[0]),
        PeopleSettings.model_validate_json(snakemake.params.settings),
        snakemake.params.code,
    )
