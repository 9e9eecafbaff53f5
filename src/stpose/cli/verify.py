"""`stpose verify`: read every artefact below a folder to the last byte."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from tqdm import tqdm

from stpose.artefacts.verification import verify_file
from stpose.errors import ArtefactError, InputError

ENDINGS = (".parquet", ".h5", ".safetensors", ".json")


def verify(
    folder: Annotated[Path, typer.Argument(help="A results folder, or any folder in it.")],
) -> None:
    """Check that every artefact below FOLDER is whole: header, schema and checksums.

    Example: stpose verify results
    """
    if not folder.is_dir():
        message = f"{folder}: no such folder"
        raise InputError(message)
    files = [path for path in sorted(folder.rglob("*")) if _is_artefact(path)]
    console = Console()
    damaged = 0
    for path in tqdm(files, disable=None, unit="file"):
        try:
            verify_file(path)
        except ArtefactError as error:
            damaged += 1
            console.print(str(error), markup=False, highlight=False, soft_wrap=True)
    console.print(f"{len(files) - damaged} of {len(files)} files are whole", highlight=False)
    if damaged:
        console.print("`snakemake --forcerun FILE ...` makes the others anew.", highlight=False)
    if damaged or not files:
        raise typer.Exit(1)


def _is_artefact(path: Path) -> bool:
    return path.suffix in ENDINGS and path.is_file() and not path.name.startswith(".")
