"""The notebooks of the documentation run from top to bottom, on what they make themselves."""

import json
from pathlib import Path

import numpy as np
import pytest

DOCS = Path(__file__).parent.parent.parent / "docs"
NOTEBOOKS = sorted(DOCS.glob("*.ipynb"))


def code_cells(path):
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["nbformat"] == 4
    return [cell for cell in content["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_are_kept_without_what_they_showed(path):
    for cell in code_cells(path):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


def test_the_embedder_is_shown(tmp_path, monkeypatch, capsys):
    """Each cell is run as Jupyter would, in a folder beside which there are no results."""
    here = tmp_path / "docs"
    here.mkdir()
    monkeypatch.chdir(here)
    shown = {}
    for number, cell in enumerate(code_cells(DOCS / "pose_embedder.ipynb")):
        source = compile("".join(cell["source"]), f"cell {number}", "exec")
        exec(source, shown)
    vectors = shown["vectors"]
    assert len(vectors) == 200
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (np.abs(shown["nearest"] - shown["query"]) > 12).all()
    assert shown["repetition"].count >= 3
    said = capsys.readouterr().out
    assert "untrained.safetensors: vectors of" in said
    assert "at distances" in said
