"""The curves of retrieval by pose over the number of neighbours (figure 4 of the paper)."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from stpose.artefacts.files import replace_atomically
from stpose.benchmarks.mpii.figures import Retrieval
from stpose.benchmarks.mpii.retrieval import NEIGHBOURS
from stpose.errors import InputError

_PANELS = {
    "mean_pose_distance": "mean pose distance (px of 227)",
    "hit_rate_nearest": "hit rate, nearest neighbour",
    "hit_rate_relative": "hit rate, relative distance",
}
# What needs no picture is drawn in the background.
_BOUNDS = {"pose": "#444444", "random-neighbour": "#aaaaaa"}
_FORMATS = (".png", ".jpg", ".svg", ".pdf")


def check_curves_path(path: Path) -> None:
    """Check that curves can be drawn there.

    Raises:
        InputError: The name has another ending.
    """
    if path.suffix.lower() not in _FORMATS:
        message = f"{path}: ends in {path.suffix!r}, expected one of {', '.join(_FORMATS)}"
        raise InputError(message)


def curves_figure(found: Sequence[Retrieval]) -> Figure:
    """Return a figure of three panels, with a line for each embedding in each."""
    figure = Figure(figsize=(11.0, 3.6), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, len(_PANELS))
    ranks = np.arange(1, NEIGHBOURS + 1)
    for axes, (metric, label) in zip(panels, _PANELS.items(), strict=True):
        for one in found:
            colour = _BOUNDS.get(one.embedding)
            style = {"color": colour, "linestyle": "--"} if colour else {}
            axes.plot(ranks, one.curves()[metric], label=one.embedding, **style)
        axes.set(xlabel="neighbours K", ylabel=label, xlim=(1, NEIGHBOURS))
        if metric != "mean_pose_distance":
            axes.set_ylim(0, 1.02)
    panels[-1].legend(loc="lower right", fontsize="small")
    return figure


def draw_curves(path: Path, found: Sequence[Retrieval]) -> None:
    """Draw the curves of embeddings into one picture.

    Args:
        path: A .png, .jpg, .svg or .pdf file.
        found: The embeddings, in the order of the legend.

    Raises:
        InputError: The name has another ending.
    """
    check_curves_path(path)
    with replace_atomically(path) as temporary:
        curves_figure(found).savefig(temporary)
