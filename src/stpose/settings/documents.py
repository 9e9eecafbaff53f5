"""Makes `config/schema.json` and `config/README.md` out of the settings models.

Run as `python -m stpose.settings.documents` in the repository; a test fails when they drift.
"""

import json
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from stpose.settings.config import Config

INTRODUCTION = """\
# Settings

Made from the models in `src/stpose/settings` by `make docs`; do not edit.

Every setting has a default, for the most part the paper's value. `config.yaml` is what a bare
`snakemake` reads: it scales the run down to a demo that two cores finish in minutes.
`paper.yaml` is the paper's own run, `paper-small.yaml` and `best.yaml` are those behind the weights
that come with the package. On top of `paper-small.yaml`, `questions.yaml` answers the paper's
questions as well as was found, and `mined.yaml` shows what mined repetitions add. `ready.yaml`
trains nothing and uses these weights. Give your own values in one of three ways; later ones win,
and what they do not say stays as it is:

```console
$ snakemake --configfile my.yaml
$ snakemake --config videos=/my/videos results=/my/results
$ snakemake --config 'people={detector: darknet, weights: y.weights, network: y.cfg}'
```

A key that is not listed here is refused, and so is a value out of its range; the message names
the key, what was found and what was expected. Editors that know JSON Schema complete and check
`config.yaml` while you type (`schema.json` is named in its first line).

## Experiments

An experiment is a training. All experiments of a run share its videos, crops and curriculum. The
files in `experiments/` are the paper's ablations, one a file, each told as what differs from `st`
(its `base`): so they are the paper's on top of `paper.yaml`, and scaled down as `st` is on top of
`config.yaml` alone, for the demo or for videos of yours.

```console
$ snakemake --configfile config/paper.yaml config/experiments/spatial.yaml --config videos=DIR
$ snakemake --configfile config/experiments/temporal.yaml config/experiments/spatial.yaml
$ snakemake tables --configfile config/experiments/temporal-repetitions.yaml
```

| experiment | what it is | paper |
|---|---|---|
| `st` | both tasks, then again with mined repetitions | tables 2 to 4: S&T with repetitions |
| `temporal`, `spatial`, `temporal-spatial` | one task, or both, once | table 2: T, S, S&T |
| `temporal-repetitions` | ordering, then again with repetitions | table 2: T with repetitions |
| `temporal-no-curriculum` (also with `-spatial`) | the same frames in no order | table 1 |
| `random` | random weights, untrained | tables 3 and 4 |
| `imagenet` | AlexNet as trained on ImageNet | tables 2 to 4: Alexnet |
| all but these two, with `-imagenet` | the same, from those weights | rows with * |
| `temporal-imagenet-tau-P-MIN-MAX` | other sampling ranges | supplement, table 1 |

Those that start from ImageNet have AlexNet's full width at any scale. They take torchvision's
weights, downloaded or from a file that you name
(`--config 'experiments={imagenet: {weights_file: alexnet.pth}}'`).

For several seeds, add experiments that differ in the seed alone. The tables make one row of them,
with mean and spread:

```console
$ snakemake --config 'experiments={st-1: {base: st, seed: 1}, st-2: {base: st, seed: 2}}'
```
"""


def settings_page() -> str:
    """Return the Markdown page that lists every setting of every stage."""
    top, sections = [], []
    for name, field in Config.model_fields.items():
        model = _model_of(field)
        if model is None:
            top.append(_row(name, field))
        else:
            sections.append(_section(name, field, model))
    parts = [INTRODUCTION, _table(top), *sections]
    return "\n".join(parts)


def schema_text() -> str:
    """Return the JSON schema of the configuration file."""
    return json.dumps(Config.model_json_schema(), indent=2) + "\n"


def _section(name: str, field: FieldInfo, model: type[BaseModel]) -> str:
    key = f"{name}.NAME" if get_origin(field.annotation) is dict else name
    rows, inner = [], []
    for child, child_field in model.model_fields.items():
        child_model = _model_of(child_field)
        if child_model is None:
            rows.append(_row(child, child_field))
        else:
            inner.append(_section(f"{key}.{child}", child_field, child_model))
    return "\n".join([f"## `{key}`\n", f"{field.description}\n", _table(rows), *inner])


def _table(rows: list[str]) -> str:
    head = ["| key | default | allowed | unit | meaning |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def _row(name: str, field: FieldInfo) -> str:
    extra = field.json_schema_extra
    unit = extra.get("unit", "") if isinstance(extra, dict) else ""
    default = "none: to be given"
    if not field.is_required():
        default = f"`{json.dumps(field.get_default(call_default_factory=True), default=_plain)}`"
    return f"| `{name}` | {default} | {_allowed(field)} | {unit} | {field.description} |"


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else str(value)


def _allowed(field: FieldInfo) -> str:
    options = [
        str(option)
        for part in (field.annotation, *get_args(field.annotation))
        if get_origin(part) is Literal
        for option in get_args(part)
    ]
    if options:
        return ", ".join(f"`{option}`" for option in options)
    signs = {Ge: ("≥", "ge"), Gt: (">", "gt"), Le: ("≤", "le"), Lt: ("<", "lt")}
    limits = [
        f"{sign} {getattr(bound, attribute)}"
        for bound in field.metadata
        for kind, (sign, attribute) in signs.items()
        if isinstance(bound, kind)
    ]
    kinds = [_type_name(part) for part in _alternatives(field.annotation)]
    return " or ".join(kinds) + (f" {', '.join(limits)}" if limits else "")


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, UnionType):
        return get_args(annotation)
    return (annotation,)


def _type_name(kind: Any) -> str:
    names = {int: "whole number", float: "number", str: "text", bool: "true, false"}
    names[NoneType] = "null"
    return names.get(kind, str(kind).replace("typing.", "").replace("|", "\\|"))


def _model_of(field: FieldInfo) -> type[BaseModel] | None:
    candidates = (*_alternatives(field.annotation), *get_args(field.annotation))
    for part in candidates:
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part
    return None


def main(folder: Path = Path("config")) -> None:
    """Write the schema and the page."""
    (folder / "schema.json").write_text(schema_text(), encoding="utf-8")
    (folder / "README.md").write_text(settings_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
