"""Printing what an embedding scored."""

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from stpose.benchmarks.evaluation import Evaluation, difference
from stpose.settings.benchmarks import BenchmarkSettings

Evaluate = Callable[[str], Evaluation]


def report(
    evaluate: Evaluate,
    embedding: str,
    against: str | None,
    settings: BenchmarkSettings,
    as_json: bool,
) -> None:
    """Evaluate an embedding, and another one to compare it with, and print the figures.

    Args:
        evaluate: Evaluates the embedding of a name.
        embedding: Its name.
        against: Name of the other one, if any.
        settings: Resamplings and seed of the intervals.
        as_json: Whether to print one JSON object, or tables for a person.
    """
    found = evaluate(embedding)
    content = found.content(settings)
    if against is not None:
        content["difference"] = difference(found, evaluate(against), settings)
    show(content, as_json)


def show(content: Mapping[str, Any], as_json: bool, only_json: Collection[str] = ()) -> None:
    """Print figures.

    Args:
        content: JSON values.
        as_json: Whether to print one JSON object, or tables for a person.
        only_json: Keys that tables leave out, since they are too long to read.
    """
    if as_json:
        typer.echo(json.dumps(content, ensure_ascii=False))
        return
    console = Console()
    shown = {key: value for key, value in content.items() if key not in only_json}
    for key, value in shown.items():
        if not isinstance(value, Mapping):
            console.print(f"{key}: {_text(value)}", markup=False, highlight=False)
    for key, value in shown.items():
        if isinstance(value, Mapping):
            console.print(_table(key, value))


def _table(title: str, values: Mapping[str, Any]) -> Table:
    nested = [value for value in values.values() if isinstance(value, Mapping)]
    names = list(dict.fromkeys(name for value in nested for name in value))
    table = Table(title, *(names or [""]))
    for key, value in values.items():
        cells = [value.get(name) for name in names] if isinstance(value, Mapping) else [value]
        table.add_row(key, *(_text(cell) for cell in cells))
    return table


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, list):
        return f"[{', '.join(_text(one) for one in value)}]"
    return "" if value is None else str(value)
