"""Fingerprints follow code, not text."""

from pathlib import Path

import pytest

from stpose import fingerprint
from stpose.fingerprint import code_fingerprint, reached_modules


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A package of three modules, and a script that reaches two of them."""
    package = tmp_path / "stpose"
    (package / "flow").mkdir(parents=True)
    (package / "__init__.py").write_text('"""Package."""\n')
    (package / "flow" / "__init__.py").write_text("")
    (package / "flow" / "stage.py").write_text(
        '"""Stage."""\nfrom ..geometry import area\n\ndef run():\n    """Run."""\n    return area\n'
    )
    (package / "geometry.py").write_text("area = 1\n")
    (package / "report.py").write_text("title = 'x'\n")
    script = tmp_path / "flow.py"
    script.write_text("from stpose.flow.stage import run\nrun()\n")
    monkeypatch.setattr(fingerprint, "SOURCE", package)
    return tmp_path


def value(house: Path) -> str:
    fingerprint._parse.cache_clear()
    fingerprint._normalised.cache_clear()
    fingerprint._imports.cache_clear()
    return code_fingerprint(house / "flow.py")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_reaches_packages_and_relative_imports(house):
    assert value(house)
    assert reached_modules(house / "flow.py") == (
        "stpose",
        "stpose.flow",
        "stpose.flow.stage",
        "stpose.geometry",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""Stage."""', '"""Stage, told otherwise."""'),
        ('"""Run."""', '"""Go."""'),
        ("return area", "return area  # remark"),
        ("return area", "return (area)"),
        ("\n\ndef", "\n\n\n\ndef"),
    ],
)
def test_text_changes_nothing(house, old, new):
    before = value(house)
    edit(house / "stpose" / "flow" / "stage.py", old, new)
    assert value(house) == before


def test_a_line_of_code_counts(house):
    before = value(house)
    edit(house / "stpose" / "flow" / "stage.py", "return area", "return area + 1")
    assert value(house) != before


def test_a_module_reached_indirectly_counts(house):
    before = value(house)
    edit(house / "stpose" / "geometry.py", "1", "2")
    assert value(house) != before


def test_a_module_that_is_not_reached_does_not_count(house):
    before = value(house)
    edit(house / "stpose" / "report.py", "x", "y")
    assert value(house) == before


def test_the_script_itself_counts(house):
    before = value(house)
    edit(house / "flow.py", "run()", "run(); run()")
    assert value(house) != before


def test_an_import_inside_a_function_counts(house):
    stage = house / "stpose" / "flow" / "stage.py"
    edit(stage, "    return area", "    import stpose.report\n    return area")
    assert value(house)
    assert "stpose.report" in reached_modules(house / "flow.py")


def test_a_string_that_is_no_docstring_counts(house):
    edit(house / "stpose" / "flow" / "stage.py", "return area", "return 'a'")
    before = value(house)
    edit(house / "stpose" / "flow" / "stage.py", "return 'a'", "return 'b'")
    assert value(house) != before
