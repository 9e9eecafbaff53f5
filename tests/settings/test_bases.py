"""Experiments told as what differs from another one, and those that are shipped."""

from pathlib import Path

import pytest
import yaml

from stpose.errors import InputError
from stpose.settings.bases import with_bases
from stpose.settings.config import Config, parse_config

CONFIG = Path(__file__).parent.parent.parent / "config"
SHIPPED = sorted((CONFIG / "experiments").glob("*.yaml"))


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def merged(below, above):
    """What Snakemake makes of several files of settings: mappings are merged, the rest replaced."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    keys = [*below, *(key for key in above if key not in below)]
    return {
        key: merged(below[key], above[key])
        if key in below and key in above
        else (above[key] if key in above else below[key])
        for key in keys
    }


def test_what_is_not_said_is_the_bases():
    found = with_bases(
        {
            "one": {"seed": 1, "network": {"width": 0.5, "input_px": 64}},
            "two": {"base": "one", "network": {"width": 0.25}},
            "three": {"base": "two", "seed": 3},
        }
    )
    assert found == {
        "one": {"seed": 1, "network": {"width": 0.5, "input_px": 64}},
        "two": {"seed": 1, "network": {"width": 0.25, "input_px": 64}},
        "three": {"seed": 3, "network": {"width": 0.25, "input_px": 64}},
    }


@pytest.mark.parametrize(
    ("experiments", "says"),
    [
        ({"a": {"base": "b"}, "c": {}}, "experiments.a.base: found 'b', expected another"),
        ({"a": {"base": "b"}, "b": {"base": "a"}}, "experiments.b.base: a -> b -> a is a circle"),
        ({"a": {"base": "a"}}, "a -> a is a circle"),
    ],
)
def test_bases_that_lead_nowhere_are_named(experiments, says):
    with pytest.raises(InputError) as caught:
        parse_config({"experiments": experiments})
    assert says in str(caught.value)


def test_a_mistake_in_a_base_is_told_as_any_other():
    with pytest.raises(InputError, match="experiments: found 3"):
        parse_config({"experiments": 3})
    with pytest.raises(InputError, match=r"experiments\.a: found 3"):
        parse_config({"experiments": {"a": 3, "b": {"base": "a"}}})


def test_the_paper_leaves_nothing_of_the_demo():
    """`paper.yaml` is read on top of `config.yaml`, whose values hold where it says nothing."""
    paper = read(CONFIG / "paper.yaml")
    alone = parse_config(paper).model_dump()
    together = parse_config(merged(read(CONFIG / "config.yaml"), paper)).model_dump()
    assert together | {"demo": None} == alone | {"demo": None}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize("scale", ["config", "paper"])
def test_shipped_experiments(path, scale):
    """Each is valid on top of the demo's settings and of the paper's, and differs from `st`."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../schema.json"
    below = merged(read(CONFIG / "config.yaml"), read(CONFIG / f"{scale}.yaml"))
    config = parse_config(merged(below, read(path)))
    assert list(read(path)["experiments"]) == [path.stem]
    assert config.experiments[path.stem] != config.experiments["st"]


def test_with_and_without_curriculum_differ_in_that_alone():
    for name in ("temporal", "temporal-spatial"):
        for end in ("", "-imagenet"):
            raw: dict[str, object] = read(CONFIG / "paper.yaml")
            for stem in (f"{name}{end}", f"{name}-no-curriculum{end}"):
                raw = merged(raw, read(CONFIG / "experiments" / f"{stem}.yaml"))
            config: Config = parse_config(raw)
            with_it = config.experiments[f"{name}{end}"]
            without = config.experiments[f"{name}-no-curriculum{end}"]
            assert with_it.curriculum
            assert without == with_it.model_copy(update={"curriculum": False})
