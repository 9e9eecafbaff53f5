"""Getting a dataset: its files downloaded, unpacked to where loaders look, its source recorded."""

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stpose.artefacts.documents import read_document, write_document
from stpose.artefacts.files import temporary_folder
from stpose.artefacts.provenance import derive
from stpose.datasets.dataset import Dataset, File
from stpose.datasets.download import PATIENCE, Fetched, Patience, download
from stpose.datasets.unpack import merge, unpack
from stpose.errors import InputError

SOURCE = "SOURCE.json"
DOWNLOADS = "downloads"
KIND = "source"

_log = logging.getLogger(__name__)


def fetch_dataset(
    dataset: Dataset, folder: Path, mirror: str | None = None, patience: Patience = PATIENCE
) -> None:
    """Download a dataset into a folder of its own.

    The files come into `downloads/NAME` beside the folder; they are kept until the dataset is
    complete. `SOURCE.json`, written last, says where everything came from, its checksums, and
    the licence. Where it is there already, the same files are wanted again, and what else lies
    in the folder is left alone.

    Args:
        dataset: What to download.
        folder: Where it goes.
        mirror: Address that stands in for the official one.
        patience: How long to bear with the server.

    Raises:
        InputError: A file cannot be had or is not what it should be, or the folder holds
            something that was not downloaded.
        ArtefactError: `SOURCE.json` is damaged.
    """
    source = folder / SOURCE
    if not source.is_file() and folder.is_dir() and any(folder.iterdir()):
        message = (
            f"{folder}: holds files that were not downloaded (no {SOURCE}), expected an empty "
            f"folder; look at them with `stpose check-data {folder}`, or move them away"
        )
        raise InputError(message)
    _log.info("%s. Licence: %s", dataset.title, dataset.licence)
    _log.info("To be cited: %s", dataset.citation)
    recorded = _recorded(source)
    downloads = folder.parent / DOWNLOADS / dataset.name
    by_hand = f"{dataset.title} by hand: {dataset.by_hand}"
    fetched = [
        download(file, downloads, by_hand, source, recorded.get(file.name), mirror, patience)
        for file in dataset.files
    ]
    with temporary_folder(folder) as temporary:
        for file, known in zip(dataset.files, fetched, strict=True):
            _put(file, known, temporary, by_hand)
        _record(dataset, fetched, temporary / SOURCE)
        _move_in(temporary, folder)
    _remove_downloads(fetched, downloads)
    _log.info("%s is in %s", dataset.title, folder)


def _recorded(source: Path) -> dict[str, str]:
    """Return the sha256 of each file at the first download."""
    if not source.is_file():
        return {}
    return {file["name"]: file["sha256"] for file in read_document(source, KIND)["files"]}


def _put(file: File, fetched: Fetched, folder: Path, by_hand: str) -> None:
    """Put a file, or what is in it, where it belongs in the dataset's folder."""
    if file.archive is None:
        target = folder / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(fetched.path, target)
        return
    with temporary_folder(folder / "archive") as inside:
        try:
            wanted = unpack(fetched.path, file.archive, inside, file.holds)
        except InputError as error:
            fate = "remove it"
            if fetched.url is not None and fetched.verified is None:
                fetched.path.unlink()  # or the next run would take it for good
                fate = "it has been removed"
            message = f"{error}; {fate}\n{by_hand}"
            raise InputError(message) from error
        merge(wanted, folder / file.into)


def _record(dataset: Dataset, fetched: Sequence[Fetched], path: Path) -> None:
    files: list[dict[str, Any]] = [
        {
            "name": file.name,
            "official": file.url,
            "from": known.url or "found in the folder of downloads",
            "bytes": known.size,
            "sha256": known.sha256,
            "verified": known.verified or "first download, trusted",
        }
        for file, known in zip(dataset.files, fetched, strict=True)
    ]
    content = {
        "dataset": dataset.name,
        "title": dataset.title,
        "licence": dataset.licence,
        "citation": dataset.citation,
        "files": files,
    }
    sources = [
        (file.name, known.sha256) for file, known in zip(dataset.files, fetched, strict=True)
    ]
    write_document(path, KIND, 1, content, derive("download", "{}", sources=sources))


def _move_in(temporary: Path, folder: Path) -> None:
    """Move all that was made into place: at once if nothing is there, else one by one."""
    if not (folder / SOURCE).is_file():
        temporary.rename(folder)
        return
    for entry in sorted(temporary.iterdir(), key=lambda entry: entry.name == SOURCE):
        goal = folder / entry.name
        if goal.is_dir():
            shutil.rmtree(goal)
        entry.replace(goal)


def _remove_downloads(fetched: Sequence[Fetched], downloads: Path) -> None:
    """Remove what was downloaded and has been unpacked; files that were there before stay."""
    for known in fetched:
        if known.url is None:
            _log.info("%s: no longer needed, but was there before, so it is kept", known.path)
        else:
            known.path.unlink()
    folders = [path for path in downloads.rglob("*") if path.is_dir()]
    for folder in (*sorted(folders, reverse=True), downloads, downloads.parent):
        if not any(folder.iterdir()):
            folder.rmdir()
