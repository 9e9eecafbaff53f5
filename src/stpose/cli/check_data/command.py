"""`stpose check-data`: what is in a folder of data, and whether it is whole."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from stpose.cli.check_data.finding import Finding
from stpose.errors import InputError


def check_data(
    folder: Annotated[Path, typer.Argument(help="A dataset's folder, or a folder of such.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object.")] = False,
) -> None:
    """Say which datasets are in FOLDER or the folders in it, and what is wrong with them.

    Ends with status 1 if something is, or if there is none.

    Example: stpose check-data datasets
    """
    # Imported here because SciPy and OpenCV take a second, and every command loads this file.
    from stpose.cli.check_data.layouts import LAYOUTS, look_at

    if not folder.is_dir():
        message = f"{folder}: no such folder"
        raise InputError(message)
    found = look_at(folder)
    if as_json:
        typer.echo(json.dumps({"folder": str(folder), "datasets": list(map(_as_dict, found))}))
    else:
        console = Console(soft_wrap=True, highlight=False, markup=False)
        for finding in found:
            _print(finding, console)
        if not found:
            console.print(f"{folder}: no dataset that is known here. What they look like:")
            for layout in LAYOUTS:
                console.print(f"  {layout.name}: {layout.looks_like}")
    if not found or any(finding.problems for finding in found):
        raise typer.Exit(1)


def _print(finding: Finding, console: Console) -> None:
    counts = ", ".join(f"{number} {name}" for name, number in finding.counts.items())
    wrong = len(finding.problems)
    verdict = "good" if not wrong else "1 problem" if wrong == 1 else f"{wrong} problems"
    console.print(f"{finding.folder}: {finding.title}, {verdict}")
    if counts:
        console.print(f"  {counts}")
    for problem in finding.problems:
        console.print(f"  problem: {problem}")
    for note in finding.notes:
        console.print(f"  note: {note}")


def _as_dict(finding: Finding) -> dict[str, object]:
    return {**vars(finding), "folder": str(finding.folder), "good": not finding.problems}
