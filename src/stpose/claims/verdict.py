"""Whether a figure of the paper was reproduced, and why it is said so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from stpose.settings.tables import TablesSettings
from stpose.tables.paper import Paper, PaperTable

RULE = (
    "A figure is reproduced if it was measured on the paper's data, after training on about as "
    "many videos, and the paper's figure lies within the 95% interval of ours; for what the paper "
    "trained itself, ours may also be higher. On other data nothing is compared: the row is not "
    "run, and our figure stands there for itself."
)


@dataclass(frozen=True)
class Verdict:
    """What came of a figure.

    Attributes:
        verdict: Empty for a row that the paper does not have.
        why: In words.
    """

    verdict: Literal["reproduced", "not reproduced", "not run", ""]
    why: str


def judge(
    line: Mapping[str, Any], table: PaperTable, paper: Paper, settings: TablesSettings
) -> Verdict:
    """Judge the headline figure of a row.

    Args:
        line: Its line of the tables artefact.
        table: The paper's table.
        paper: The paper, for what it trained on.
        settings: Which experiments and benchmarks there are.
    """
    if line["paper"] is None:
        needs = "a training of ours" if line["experiments"] else "needs no training"
        return Verdict("", f"not in the paper: {needs}")
    if line["value"] is None:
        return Verdict("not run", _why_missing(line, table, settings))
    if not line["comparable"]:
        return Verdict("not run", "measured on other data than the paper's")
    if line["training_comparable"] is False:
        return Verdict("not run", f"trained on other videos; the paper: {paper.trained_on.words}")
    return _compared(line, table)


def _why_missing(line: Mapping[str, Any], table: PaperTable, settings: TablesSettings) -> str:
    row = table.find(line["row"])
    if row.kind == "other":
        return "a method of others, no part of this project"
    if table.benchmark not in settings.benchmarks:
        return f"benchmarks.{table.benchmark} is not configured"
    if row.experiment and row.experiment not in settings.experiments:
        return f"{row.experiment} is not among the experiments of this run"
    return "the data has no pictures"


def _compared(line: Mapping[str, Any], table: PaperTable) -> Verdict:
    paper, value, low, high = (float(line[key]) for key in ("paper", "value", "low", "high"))
    if low <= paper <= high:
        return Verdict("reproduced", "the paper's figure lies within our interval")
    digits = 3 if table.scale == 1 else 1
    apart = f"{abs(value - paper):.{digits}f}"
    if paper > high:
        return Verdict("not reproduced", f"ours is {apart} lower, beyond our interval")
    if line["kind"] == "own":
        return Verdict("reproduced", f"ours is {apart} higher")
    return Verdict("not reproduced", f"ours is {apart} higher, beyond our interval")
