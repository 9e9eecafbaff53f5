"""Fills the paper's tables with what was measured here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stpose.settings.tables import TablesSettings
from stpose.tables.measured import Measured, over_seeds
from stpose.tables.paper import PaperRow, PaperTable
from stpose.tables.seeds import alike

# What needs no training, in the order in which it stands below the paper's rows.
_UNTRAINED = ("no-pixel", "hand-made", "random")


@dataclass(frozen=True)
class Filled:
    """A row of a table.

    Attributes:
        name: Its name.
        paper: The paper's row; None if it is ours alone.
        ours: What was measured here; None if nothing was.
    """

    name: str
    paper: PaperRow | None
    ours: Measured | None


@dataclass(frozen=True)
class Difference:
    """By how much one row is above another, in the table's unit.

    Attributes:
        row: The row.
        against: The other.
        paper: The difference of the paper's figures; None if it has not both.
        value: Ours, paired sample by sample.
        low: Lower bound of its 95% interval.
        high: Upper bound.
        n: Samples.
    """

    row: str
    against: str
    paper: float | None
    value: float
    low: float
    high: float
    n: int


def fill(
    table: PaperTable,
    measured: Mapping[str, Sequence[Measured]],
    settings: TablesSettings,
) -> list[Filled]:
    """Return the rows of a table: the paper's, other trainings of ours, and what needs none.

    Args:
        table: The table.
        measured: By experiment, what its benchmark measured; empty where it did not run.
        settings: The experiments.
    """
    groups = alike(settings.experiments)
    untrained = _untrained(measured)
    rows, used = [], set()
    for row in table.rows:
        ours = untrained.get(row.measured)
        if row.experiment in measured:
            ours = _trained(groups[row.experiment], measured)
        if ours is not None:
            used |= {ours.name, *ours.experiments}
        rows.append(Filled(row.row, row, ours))
    for name in measured if table.with_others else ():
        ours = None if name in used else _trained(groups[name], measured)
        if ours is not None:
            used |= set(ours.experiments)
            rows.append(Filled(name, None, ours))
    rest = [one for one in untrained.values() if one.kind in _UNTRAINED and one.name not in used]
    rest.sort(key=lambda one: _UNTRAINED.index(one.kind))
    return [*rows, *(Filled(one.name, None, one) for one in rest)]


def compare(
    table: PaperTable, rows: Sequence[Filled], settings: TablesSettings
) -> list[Difference]:
    """Return how each training differs from its counterpart, random weights and the best cue.

    Args:
        table: The table.
        rows: Its rows, from `fill`.
        settings: How intervals are drawn.
    """
    by_name = {row.name: row for row in rows}
    found = []
    for row in rows:
        for other in _counterparts(row, by_name):
            if row.ours is None or other.ours is None:
                continue
            gain = row.ours.gain(other.ours, settings)
            if gain is not None:
                found.append(
                    Difference(
                        row=row.name,
                        against=other.name,
                        paper=_printed(table, row, other),
                        value=table.scale * gain.value,
                        low=table.scale * gain.low,
                        high=table.scale * gain.high,
                        n=gain.n,
                    )
                )
    return found


def _untrained(measured: Mapping[str, Sequence[Measured]]) -> dict[str, Measured]:
    """Return what needs no training, by name, as the first experiment's benchmark has it."""
    found: dict[str, Measured] = {}
    for rows in measured.values():
        for row in rows:
            if not row.experiments:
                found.setdefault(row.name, row)
    return found


def _trained(names: Sequence[str], measured: Mapping[str, Sequence[Measured]]) -> Measured | None:
    """Return the mean over seeds; None where the benchmark had no pictures to measure it on."""
    rows = [row for name in names for row in measured[name] if row.experiments]
    return over_seeds(rows) if rows else None


def _counterparts(row: Filled, by_name: Mapping[str, Filled]) -> Iterator[Filled]:
    if row.ours is None or not row.ours.experiments:
        return
    if row.paper is not None and row.paper.against:
        yield by_name[row.paper.against]
    named = row.paper.against if row.paper is not None else ""
    others = [one for one in by_name.values() if one.ours is not None and one.name != named]
    yield from (one for one in others if one.ours is not None and one.ours.kind == "random")
    cues = [one for one in others if one.ours is not None and one.ours.kind == "no-pixel"]
    if cues:
        yield max(cues, key=lambda one: one.ours.value if one.ours is not None else 0.0)


def _printed(table: PaperTable, row: Filled, other: Filled) -> float | None:
    if row.paper is None or other.paper is None:
        return None
    difference = row.paper.figures[table.headline] - other.paper.figures[table.headline]
    # As printed: three digits, without what subtraction of binary fractions adds.
    return round(difference, 3)
