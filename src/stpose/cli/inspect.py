"""`stpose inspect`: what a file of the pipeline is, and what it looks like."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from stpose.artefacts.header import Header
from stpose.artefacts.provenance import parse_settings
from stpose.cli.pictures import check_picture_path, write_picture
from stpose.errors import InputError
from stpose.inspect.description import Description, describe
from stpose.inspect.picture import picture_of


def inspect(
    path: Annotated[Path, typer.Argument(help="Any file that the pipeline made.")],
    picture: Annotated[
        Path | None, typer.Option(help="Write a picture of it here (.png or .jpg).")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write the description as one JSON object.")
    ] = False,
) -> None:
    """Say what PATH is, what is in it, and which settings and version made it.

    Example: stpose inspect results/curriculum.parquet --picture curriculum.png
    """
    found = describe(path)
    if as_json:
        typer.echo(json.dumps(_as_dict(found), ensure_ascii=False))
    else:
        _print(found, Console())
    if picture is not None:
        _write_picture(path, picture)


def _print(found: Description, console: Console) -> None:
    header = found.header
    size = "" if found.rows is None else f", {found.rows} rows"
    console.print(f"{found.path}: {header.kind}, version {header.version}{size}", highlight=False)
    if not header.status.is_ok:
        console.print(f"status {header.status.code}: {header.status.reason}", markup=False)
    if found.columns:
        table = Table("name", "type", "shape", "unit", "values", "meaning")
        for column in found.columns:
            table.add_row(*(str(value) for value in vars(column).values()))
        console.print(table)
    for title, values in _origins(header).items():
        if values:
            console.print(f"{title}:", highlight=False)
            for key, value in values.items():
                console.print(f"  {key}: {value}", markup=False, highlight=False, soft_wrap=True)


def _origins(header: Header) -> dict[str, dict[str, Any]]:
    made = header.provenance
    by = {"stage": made["stage"], "stpose": made["stpose"], "code": made["code"][:12] or "none"}
    return {
        "attributes": header.attributes,
        "made by": by,
        "settings": parse_settings(header),
        "inputs": {name: identity[:12] for name, identity in made["inputs"].items()},
        "libraries": made["libraries"],
    }


def _as_dict(found: Description) -> dict[str, Any]:
    return {
        "path": str(found.path),
        "kind": found.header.kind,
        "version": found.header.version,
        "status": found.header.status.code,
        "reason": found.header.status.reason,
        "rows": found.rows,
        "columns": [vars(column) for column in found.columns],
        "identity": found.header.identity,
        **_origins(found.header),
    }


def _write_picture(path: Path, picture: Path) -> None:
    check_picture_path(picture)
    image = picture_of(path)
    if image is None:
        message = f"{path}: there is no picture of this kind of file"
        raise InputError(message)
    write_picture(picture, image)
