"""`stpose make-jhmdb-posture` and `stpose evaluate jhmdb-posture`, as a user calls them."""

import json

import pytest
from typer.testing import CliRunner

from stpose.cli.main import app
from stpose.errors import InputError


def run(*arguments):
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout


def test_a_set_is_made_and_evaluated_as_its_source_is(jhmdb, tmp_path):
    out, sheet = tmp_path / "set", tmp_path / "sheet.png"
    words = run("make-jhmdb-posture", "--data", jhmdb[0], "--out", out, "--picture", sheet)
    assert "exemplars of 7 sources, each with 10 positives and 10 negatives" in words
    assert sheet.read_bytes().startswith(b"\x89PNG")
    command = ("evaluate", "jhmdb-posture", "--embedding", "pixels", "--json", "--data")
    found = json.loads(run(*command, out))
    assert found["benchmark"] == "jhmdb-posture"
    assert found["exemplars"] == found["n"] == found["categories"]["jhmdb"]["exemplars"]
    assert json.loads(run(*command, jhmdb[0])) == found


def test_a_cue_is_compared_with_an_embedding(jhmdb):
    command = ("evaluate", "jhmdb-posture", "--data", jhmdb[0], "--embedding", "aspect")
    found = json.loads(run(*command, "--against", "hog", "--crop", "square", "--json"))
    assert found["difference"]["against"] == "hog"
    assert 0 <= found["auc_exact"] <= 1


def test_a_folder_of_something_else_is_said(tmp_path):
    with pytest.raises(InputError, match="no posture labels"):
        run("evaluate", "jhmdb-posture", "--data", tmp_path, "--embedding", "aspect")
