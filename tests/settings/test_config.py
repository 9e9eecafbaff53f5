"""The configuration as a whole, and the messages for mistakes in it."""

from pathlib import Path

import pytest
import yaml

from stpose.errors import InputError
from stpose.settings.config import Config, parse_config
from stpose.settings.documents import schema_text, settings_page
from stpose.settings.merging import merged

CONFIG = Path(__file__).parent.parent.parent / "config"
SHIPPED = sorted(path.name for path in CONFIG.glob("*.yaml"))
# What a file says it is on top of, beside the demo's.
BELOW = dict.fromkeys(["questions.yaml", "mined.yaml"], "paper-small.yaml")


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_files_are_valid(name):
    """On top of `config.yaml`, which Snakemake always reads, and of what their heads name."""
    raw: dict[str, object] = {}
    for each in dict.fromkeys(["config.yaml", BELOW.get(name, "config.yaml"), name]):
        raw = merged(raw, yaml.safe_load((CONFIG / each).read_text(encoding="utf-8")))
    parse_config(raw)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_files_name_their_schema(name):
    first = (CONFIG / name).read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=schema.json"


def test_generated_files_have_not_drifted():
    assert (CONFIG / "README.md").read_text(encoding="utf-8") == settings_page()
    assert (CONFIG / "schema.json").read_text(encoding="utf-8") == schema_text()


def test_every_setting_says_what_it_is():
    def check(model, key):
        for name, field in model.model_fields.items():
            assert field.description, f"{key}.{name} has no description"
            for part in (field.annotation, *getattr(field.annotation, "__args__", ())):
                if hasattr(part, "model_fields"):
                    check(part, f"{key}.{name}")

    check(Config, "config")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({"flows": {}}, "flows: unknown key, perhaps 'flow' is meant"),
        ({"flow": {"longest": 3}}, "flow.longest: unknown key, perhaps 'longest_side' is meant"),
        ({"flow": {"longest_side": -3}}, "flow.longest_side: found -3, expected greater than"),
        ({"people": {"detector": "yolo"}}, "people.detector: found 'yolo', expected 'hog'"),
        ({"frames": {"stride": "many"}}, "frames.stride: found 'many', expected a valid integer"),
        ({"frames": 3}, "frames: found 3"),
        ({"mirrors": {"lps": "http://x"}}, "mirrors.lps.[key]: found 'lps', expected 'lsp', "),
        ({"mirrors": {"lsp": "/x"}}, "expected an address that begins with http:// or https://"),
        ({"experiments": {}}, "experiments: found {}"),
        ({"experiments": {"a b": {}}}, "name 'a b' may hold letters, digits, _ and - only"),
        (
            {"experiments": {"x": {"iterationes": 1}}},
            "experiments.x.iterationes: unknown key, perhaps 'iterations' is meant",
        ),
    ],
)
def test_mistakes_are_named_with_what_was_expected(raw, says):
    with pytest.raises(InputError) as caught:
        parse_config(raw)
    assert says in str(caught.value)


def test_all_mistakes_are_told_at_once():
    with pytest.raises(InputError) as caught:
        parse_config({"flows": 1, "frames": {"stride": 0}})
    assert len(str(caught.value).splitlines()) == 3


def test_numbers_may_be_text_as_the_command_line_gives_them():
    assert parse_config({"frames": {"stride": "3"}}).frames.stride == 3


def test_equal_settings_have_equal_text():
    one = parse_config({"frames": {"stride": 2, "quality": 90}}).frames
    two = parse_config({"frames": {"quality": "90", "stride": "2"}}).frames
    assert one.canonical() == two.canonical()


def test_null_may_be_text_as_the_command_line_gives_it():
    assert parse_config({"benchmarks": {"lsp": "null"}}).benchmarks.lsp is None


def test_an_experiment_that_is_null_is_left_out():
    config = parse_config({"experiments": {"st": None, "x": {}, "y": "null"}})
    assert list(config.experiments) == ["x"]


@pytest.mark.parametrize("path", sorted(CONFIG.glob("experiments/*.yaml")), ids=lambda p: p.stem)
def test_experiments_that_come_with_the_project_are_valid(path):
    base = yaml.safe_load((CONFIG / "config.yaml").read_text(encoding="utf-8"))
    own = yaml.safe_load(path.read_text(encoding="utf-8"))
    experiments = {**base["experiments"], **own["experiments"]}
    assert set(parse_config({**base, **own, "experiments": experiments}).experiments)
