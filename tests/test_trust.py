"""What files may not do: no code of theirs is run, nothing of theirs reaches a shell."""

import ast
from pathlib import Path

import pytest
from snakemake.common.configfile import load_configfile
from snakemake_interface_common.exceptions import WorkflowError

from stpose.errors import InputError
from stpose.settings.config import parse_config

ROOT = Path(__file__).parent.parent
SOURCES = [*sorted((ROOT / "src").rglob("*.py")), *sorted((ROOT / "workflow").rglob("*.py"))]
RULES = [ROOT / "Snakefile", *sorted((ROOT / "workflow" / "rules").glob("*.smk"))]

# Calls that run code out of a file or give text to a shell, and what makes them harmless.
NEEDED = {
    "torch.load": ("weights_only", True),
    "np.load": ("allow_pickle", False),
    "Environment": ("autoescape", True),
}
FORBIDDEN = {
    *("pickle.load", "pickle.loads", "pickle.Unpickler", "joblib.load", "eval", "exec"),
    *("yaml.load", "yaml.load_all", "yaml.unsafe_load", "yaml.full_load"),
    *("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"),
}


def calls(path: Path) -> list[tuple[str, ast.Call]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [(ast.unparse(node.func), node) for node in found]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_read_in_a_way_that_runs_code(path):
    for name, call in calls(path):
        assert name not in FORBIDDEN, f"{path}:{call.lineno}: {name}"
        given = {one.arg: ast.unparse(one.value) for one in call.keywords}
        assert given.get("shell", "False") == "False", f"{path}:{call.lineno}: a shell"
        if name in NEEDED:
            keyword, value = NEEDED[name]
            assert given.get(keyword) == str(value), f"{path}:{call.lineno}: {keyword}={value}"


def test_the_search_finds_the_calls_that_there_are():
    names = {name for path in SOURCES for name, _ in calls(path)}
    assert set(NEEDED) <= names


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_rules_have_scripts_and_no_shell_commands(path):
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    assert not any(line.startswith(("shell:", "run:")) for line in lines)


@pytest.mark.parametrize(
    "tag",
    ["!!python/object/apply:os.mkdir [made]", "!!python/name:os.system", "!!python/tuple [1]"],
)
def test_tags_for_objects_are_refused_in_settings(tmp_path, monkeypatch, tag):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(f"videos: {tag}\n")
    # Snakemake refuses calls, and knows names and tuples; neither is a value of any setting.
    with pytest.raises((InputError, WorkflowError)):
        parse_config(load_configfile(tmp_path / "a.yaml"))
    assert not (tmp_path / "made").exists()
