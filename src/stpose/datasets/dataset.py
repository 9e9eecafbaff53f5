"""What is known of a published dataset before it is there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from stpose.settings.datasets import DatasetName


@dataclass(frozen=True)
class File:
    """A file that a dataset's publisher offers.

    Attributes:
        url: The official address.
        name: Its path below a mirror and below the folder of downloads; for a file that is no
            archive, also its path in the dataset's folder.
        checksum: "sha256:..." or "md5:...", only where a published source states it.
        size: Bytes, from the same source.
        holds: For an archive: patterns, below the one folder in it that is wanted.
        into: For an archive: where in the dataset's folder that folder's content goes.
    """

    url: str
    name: str
    checksum: str | None = None
    size: int | None = None
    holds: tuple[str, ...] = ()
    into: str = "."

    @property
    def archive(self) -> Literal["zip", "tar"] | None:
        """Kind of archive, by the name; None for a file that is taken as it is."""
        if self.name.endswith(".zip"):
            return "zip"
        return "tar" if self.name.endswith((".tar.gz", ".tgz", ".tar")) else None


@dataclass(frozen=True)
class Dataset:
    """A published dataset.

    Attributes:
        name: Its name in settings, rules and folders.
        title: Its name in sentences.
        files: What is downloaded.
        licence: What may be done with it, as its publisher says.
        by_hand: What to do where an address is dead, or about parts that have none.
        citation: The paper to cite.
        counts: Published numbers of things by their plural, such as 2000 images.
    """

    name: DatasetName
    title: str
    files: tuple[File, ...]
    licence: str
    by_hand: str
    citation: str
    counts: Mapping[str, int] = field(default_factory=dict)
