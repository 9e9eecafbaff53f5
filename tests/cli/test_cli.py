"""The command line."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CURRICULUM
from stpose.artefacts.tables import write_table
from stpose.cli.main import app
from stpose.version import VERSION


@pytest.fixture
def table(tmp_path):
    rows = {
        "video_id": ["a--x-00000000"] * 6,
        "track": [1] * 6,
        "frame": range(6),
        "ratio": [6.0, 5.0, 4.0, 3.0, 2.0, 1.0],
        "block": [0, 1, 1, 2, 2, 2],
    }
    path = tmp_path / "curriculum.parquet"
    write_table(path, CURRICULUM, rows, derive("curriculum", '{"share":0.5}', "c0de"))
    return path


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_version():
    assert run("--version").stdout.strip() == f"stpose {VERSION}"


@pytest.mark.parametrize(
    "command",
    [
        *("inspect", "verify", "flow", "check-data", "count", "make-jhmdb-posture"),
        *("search", "embed", "export"),
    ],
)
def test_help_has_an_example(command):
    assert f"Example: stpose {command}" in " ".join(run(command, "--help").stdout.split())


def test_inspect_says_what_a_table_is(table):
    done = run("inspect", table)
    assert done.exit_code == 0
    for words in ("curriculum, version 1, 6 rows", "1 to 6", "share: 0.5", "Curriculum block"):
        assert words in " ".join(done.stdout.split()), words


def test_inspect_as_json(table):
    found = json.loads(run("inspect", table, "--json").stdout)
    assert found["kind"] == "curriculum"
    assert found["settings"] == {"share": 0.5}
    assert [column["name"] for column in found["columns"]][:2] == ["video_id", "track"]


def test_inspect_draws_a_picture(table, tmp_path):
    assert run("inspect", table, "--picture", tmp_path / "c.png").exit_code == 0
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")


def test_verify_finds_the_damaged_file(table):
    assert run("verify", table.parent).exit_code == 0
    raw = bytearray(table.read_bytes())
    raw[len(raw) // 4] ^= 0xFF
    table.write_bytes(raw)
    done = run("verify", table.parent)
    assert done.exit_code == 1
    assert "curriculum.parquet" in done.stdout


@pytest.mark.parametrize("name", ["none.parquet", "x.txt"])
def test_mistakes_end_with_a_message_and_status_2(tmp_path, name):
    (tmp_path / "x.txt").write_text("x")
    command = [sys.executable, "-c", "from stpose.cli.main import main; main()"]
    done = subprocess.run(
        [*command, "inspect", str(tmp_path / name)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert name in done.stderr
    assert "Traceback" not in done.stderr
