"""The claims as Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

from stpose.claims.verdict import RULE
from stpose.tables.paper import Paper

Claims = Sequence[Mapping[str, Any]]
FIGURE_4 = (
    "Figure 4 shows curves and prints no figures, so nothing of it is listed: "
    "`stpose evaluate mpii --picture curves.png` draws ours."
)


def summary(claims: Claims) -> str:
    """Count the verdicts in one sentence."""
    counts = {
        verdict: sum(claim["verdict"] == verdict for claim in claims)
        for verdict in ("reproduced", "not reproduced", "not run")
    }
    total = sum(counts.values())
    said = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    return f"Of {total} rows of the paper's tables: {said}."


def claims_markdown(claims: Claims, paper: Paper, source: str) -> str:
    """Return the claims as Markdown.

    Args:
        claims: Rows of the claims artefact.
        paper: The paper.
        source: What footage was trained on, in words.
    """
    parts = [f"# Claims of the paper\n\n{summary(claims)} Trained on {source}.\n\n{RULE}\n"]
    for table in paper.tables:
        lines = [
            f"## Table {table.table}: {table.title}\n",
            f"{table.metric}, {paper.source}: {table.source}.\n",
            *(f"- {note}" for note in table.notes),
            "",
            "| row | paper | here | verdict | why | measured on | trained on | command |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for claim in claims:
            if claim["table"] == table.table:
                command = f"`{claim['command']}`" if claim["command"] else ""
                digits = 3 if table.scale == 1 else 1
                cells = (
                    claim["row"],
                    figure_words(claim["paper"], digits),
                    our_words(claim, digits),
                    claim["verdict"],
                    claim["why"],
                    claim["measured_on"],
                    claim["trained_on"],
                    command,
                )
                lines.append("| " + " | ".join(cells) + " |")
        parts.append("\n".join(lines) + "\n")
    return "\n".join([*parts, FIGURE_4 + "\n"])


def figure_words(value: float | None, digits: int) -> str:
    """Return a figure with so many digits; a dash for none."""
    return "-" if value is None else f"{value:.{digits}f}"


def our_words(claim: Mapping[str, Any], digits: int) -> str:
    """Return our figure with interval, samples and spread of seeds."""
    if claim["value"] is None:
        return "-"
    low, high = (figure_words(claim[key], digits) for key in ("low", "high"))
    words = f"{figure_words(claim['value'], digits)} [{low}, {high}], n {claim['n']}"
    if claim["spread"] is not None:
        words += f", {claim['seeds']} seeds ± {figure_words(claim['spread'], digits)}"
    return words
