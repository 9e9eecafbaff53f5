"""The command that gives a figure of ours on the paper's data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stpose.tables.paper import PaperTable

# Rows of benchmarks whose embedding has another name on the command line.
_EMBEDDINGS = {"random weights": "random"}
_IN_PAPER_YAML = "st"


def command_for(line: Mapping[str, Any], table: PaperTable) -> str:
    """Return the command; empty for what others did.

    Args:
        line: A line of the tables artefact.
        table: The paper's table; names in capitals stand for folders.
    """
    row = None if line["paper"] is None else table.find(line["row"])
    if row is not None and row.kind == "other":
        return ""
    untrained = line["row"] if row is None else row.measured
    if untrained and not line["experiments"] and table.evaluate:
        return f"{table.evaluate} {_EMBEDDINGS.get(untrained, untrained)}"
    experiment = _IN_PAPER_YAML
    if row is not None and row.experiment:
        experiment = row.experiment
    files = ["config/paper.yaml"]
    if experiment != _IN_PAPER_YAML:
        files.append(str(Path("config/experiments") / f"{experiment}.yaml"))
    return (
        f"snakemake tables --configfile {' '.join(files)} --config videos=OLYMPIC_SPORTS_VIDEOS "
        f"'benchmarks={{{table.config}}}'"
    )
