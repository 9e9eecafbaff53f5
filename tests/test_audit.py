"""No pinned package has a known vulnerability that nobody has answered."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
# By the vulnerability's name: why it does not matter here, as docs/dependencies.md says too.
ANSWERED: dict[str, str] = {}


def findings(dependencies: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Vulnerabilities without an answer, by package, of what pip-audit found."""
    found = {
        f"{one['name']} {one['version']}": [vulnerability["id"] for vulnerability in one["vulns"]]
        for one in dependencies
        if one.get("vulns")
    }
    open_ones = {name: [one for one in ids if one not in ANSWERED] for name, ids in found.items()}
    return {name: ids for name, ids in open_ones.items() if ids}


def audit(requirements: Path) -> list[dict[str, Any]]:
    """What pip-audit says of each pin; skips where it cannot be run or asks in vain."""
    own = ROOT / ".uv" / "bin" / "uv"
    uv = shutil.which("uv") or (str(own) if own.is_file() else None)
    if uv is None:
        pytest.skip("no uv to run pip-audit with")
    command = [*(uv, "tool", "run", "pip-audit", "--requirement", str(requirements))]
    command += ["--disable-pip", "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        return list(json.loads(done.stdout)["dependencies"])
    except (subprocess.TimeoutExpired, ValueError) as error:
        pytest.skip(f"pip-audit gives no answer: {str(error)[-200:]}")


def test_findings_are_those_without_an_answer(monkeypatch):
    monkeypatch.setitem(ANSWERED, "CVE-1", "only on Windows")
    dependencies = [
        {"name": "unknown", "skip_reason": "not found"},
        {"name": "sound", "version": "1", "vulns": []},
        {"name": "answered", "version": "1", "vulns": [{"id": "CVE-1"}]},
        {"name": "bad", "version": "2", "vulns": [{"id": "CVE-1"}, {"id": "CVE-2"}]},
    ]
    assert findings(dependencies) == {"bad 2": ["CVE-2"]}


def test_no_pin_has_a_known_vulnerability():
    dependencies = audit(ROOT / "requirements" / "dev.txt")
    if all("skip_reason" in one for one in dependencies):
        pytest.skip("no server with advisories can be reached")
    assert findings(dependencies) == {}
