"""Filling of the templates: every page has the same head, and everything in it is escaped."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stpose.version import VERSION

TEMPLATES = Path(__file__).parent / "templates"

PAGES = (
    ("index.html", "Overview", ""),
    ("pages/videos.html", "Videos", "All of them in a table; each has a page to scrub through."),
    ("pages/curriculum.html", "Curriculum", "Which frames were learned from first."),
    ("pages/training.html", "Training", "Loss, accuracy and throughput of every round."),
    ("pages/repetitions.html", "Repetitions", "What repeats, how often, and the frames of it."),
    ("pages/retrieval.html", "Retrieval", "Nearest poses in other videos, beside random weights."),
    ("pages/search.html", "Search", "Pick any pose and see where else it occurs."),
)
CLAIMS = ("claims.html", "Claims", "What the paper claims, and what was found here.")


@dataclass(frozen=True)
class PageMaker:
    """Writes pages of one report.

    Attributes:
        source: What footage the run was on, in words.
        entries: Address, title and words about each page, for navigation.
    """

    source: str
    entries: Sequence[tuple[str, str, str]]

    def render(self, template: str, here: str, **values: Any) -> bytes:
        """Return a filled page.

        Args:
            template: Name of the template, without its ending.
            here: The page's address below the report's folder.
            values: What the template names.
        """
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        text = environment.get_template(f"{template}.html.jinja").render(
            root="../" * here.count("/"),
            here=here,
            navigation=[(address, title) for address, title, _ in self.entries],
            source=self.source,
            version=VERSION,
            **values,
        )
        return text.encode("utf-8", "replace")


def page_entries(*, claims: bool) -> list[tuple[str, str, str]]:
    """Return all pages of a report.

    Args:
        claims: Whether the page of claims, a stage of its own, lies beside the report.
    """
    return [*PAGES, *([CLAIMS] if claims else [])]
