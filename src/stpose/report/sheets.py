"""Where a small picture lies on its sheet, and the sheets themselves as files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stpose.artefacts.schemas import PICTURES
from stpose.artefacts.stores import open_store
from stpose.pictures import CELLS, COLUMNS, SHOWS


@dataclass(frozen=True)
class Cell:
    """A small picture on a sheet.

    Attributes:
        file: Name of the sheet below `pictures/`.
        across: Pictures in a row of the sheet.
        down: Rows of the sheet.
        x: How far right it lies, percent as CSS places backgrounds.
        y: How far down, likewise.
    """

    file: str
    across: int
    down: int
    x: float
    y: float

    @property
    def style(self) -> str:
        """Return the CSS variables that show it."""
        return f"--across:{self.across};--down:{self.down};--x:{self.x:g}%;--y:{self.y:g}%"


def cell_of(video_id: str, shows: str, place: int, count: int) -> Cell:
    """Return where a picture lies.

    Args:
        video_id: Its video.
        shows: "frames", "flow" or "crops".
        place: Its number among those pictures of the video, below `count`.
        count: How many there are.
    """
    sheet, within = divmod(place, CELLS[shows])
    cells = min(CELLS[shows], count - sheet * CELLS[shows])
    across = min(COLUMNS[shows], cells)
    down = -(-cells // COLUMNS[shows])
    row, column = divmod(within, COLUMNS[shows])
    return Cell(
        f"{video_id}-{shows}-{sheet}.jpg",
        across,
        down,
        100 * column / max(across - 1, 1),
        100 * row / max(down - 1, 1),
    )


def copy_sheets(pictures_path: Path, folder: Path) -> Mapping[str, Any]:
    """Write the sheets of a video as files and return what is known of them.

    Args:
        pictures_path: The video's pictures.
        folder: Where `ID-frames-0.jpg`, `ID-flow-0.jpg`, `ID-crops-0.jpg` and so on are written.

    Raises:
        ArtefactError: The store is missing or damaged.
    """
    with open_store(pictures_path, PICTURES) as store:
        video_id = store.attributes["video_id"]
        numbers = dict.fromkeys(SHOWS, 0)
        for row, shows in enumerate(store["shows"].tolist()):
            name = SHOWS[shows]
            path = folder / f"{video_id}-{name}-{numbers[name]}.jpg"
            path.write_bytes(store.encoded("image", row))
            numbers[name] += 1
        return store.attributes
