"""The tables as Markdown."""

from collections.abc import Sequence

from stpose.settings.tables import TablesSettings
from stpose.tables.filling import Difference, Filled
from stpose.tables.paper import PaperTable

HEADING = "# The paper's tables, with ours beside them\n"
LEGEND = (
    'Printed figures are the paper\'s. Ours stand under "here", with a 95% interval over n '
    "exemplars, queries or people. Several seeds are a mean, and ± is their standard deviation. "
    "* starts from ImageNet's weights. Below each table are differences, paired sample by sample."
)


def table_markdown(
    table: PaperTable,
    rows: Sequence[Filled],
    differences: Sequence[Difference],
    settings: TablesSettings,
) -> str:
    """Return one table as Markdown.

    Args:
        table: The table.
        rows: Its rows.
        differences: Differences between them.
        settings: How intervals are drawn.
    """
    parts = [
        f"## Table {table.table}: {table.title}\n",
        f"{table.metric}, from the {table.source}.\n",
        _figures(table, rows, settings),
    ]
    if len(table.columns) > 1:
        parts.append(_by_column(table, rows))
    if differences:
        parts.append(_differences(table, differences))
    parts += [f"- {note}" for note in table.notes]
    return "\n".join(parts) + "\n"


def figure(table: PaperTable, value: float | None) -> str:
    """Return a figure with the paper's digits; a dash for none."""
    if value is None:
        return "-"
    return f"{value:.3f}" if table.scale == 1 else f"{value:.1f}"


def measured_on(table: PaperTable, row: Filled) -> str:
    """Say on what data a row was measured here; empty if it was not."""
    return "" if row.ours is None else table.described.format(**row.ours.data)


def _figures(table: PaperTable, rows: Sequence[Filled], settings: TablesSettings) -> str:
    lines = [
        "| row | paper | here | 95% interval | n | seeds | measured on |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        paper = None if row.paper is None else row.paper.figures[table.headline]
        cells = [row.name, figure(table, paper)]
        if row.ours is None:
            cells += ["-", "", "", "", ""]
        else:
            interval = row.ours.interval(settings)
            spread = row.ours.spread
            cells += [
                figure(table, table.scale * row.ours.value)
                + ("" if spread is None else f" ± {figure(table, table.scale * spread)}"),
                " to ".join(figure(table, table.scale * b) for b in (interval.low, interval.high)),
                str(interval.n),
                str(len(row.ours.seeds)),
                measured_on(table, row),
            ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _by_column(table: PaperTable, rows: Sequence[Filled]) -> str:
    lines = [
        "| row | whose | " + " | ".join(name.replace("_", " ") for name in table.columns) + " |",
        "|---|---|" + "---|" * len(table.columns),
    ]
    for row in rows:
        if row.paper is not None:
            printed = [figure(table, value) for value in row.paper.figures.values()]
            lines.append(f"| {row.name} | paper | " + " | ".join(printed) + " |")
        if row.ours is not None:
            ours = [figure(table, value) for value in our_figures(table, row).values()]
            lines.append(f"| {row.name} | here | " + " | ".join(ours) + " |")
    return "\n".join(lines) + "\n"


def our_figures(table: PaperTable, row: Filled) -> dict[str, float | None]:
    """Return our figure for each column of a table, in its unit; None where there is none."""
    found: dict[str, float | None] = dict.fromkeys(table.columns)
    if row.ours is not None:
        for column in table.columns:
            if column in row.ours.by:
                found[column] = table.scale * row.ours.by[column]
        found[table.headline] = table.scale * row.ours.value
    return found


def _differences(table: PaperTable, differences: Sequence[Difference]) -> str:
    lines = ["| row | against | paper | here | 95% interval | n |", "|---|---|---|---|---|---|"]
    for one in differences:
        printed = "-" if one.paper is None else _signed(table, one.paper)
        ours, low, high = (_signed(table, value) for value in (one.value, one.low, one.high))
        lines.append(
            f"| {one.row} | {one.against} | {printed} | {ours} | {low} to {high} | {one.n} |"
        )
    return "\n".join(lines) + "\n"


def _signed(table: PaperTable, value: float) -> str:
    return f"{value:+.3f}" if table.scale == 1 else f"{value:+.1f}"
