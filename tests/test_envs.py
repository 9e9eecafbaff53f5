"""The recipes in envs/ give the same Python and the same versions as the lock."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
ENVS = ROOT / "envs"
LOCK = ROOT / "requirements" / "dev.txt"
RECIPES = [path for path in sorted(ENVS.iterdir()) if path.is_file()]


def locked() -> dict[str, str]:
    """Versions by package, as `make env` installs them."""
    pins = re.findall(r"^([\w.-]+)==(\S+)", LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(pins)


def locked_python() -> str:
    found = re.search(r"--python-version (\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert found
    return found.group(1)


def test_the_lock_is_read():
    assert {"torch", "snakemake", "opencv-python-headless"} <= set(locked())


def test_conda_has_the_python_of_the_lock_and_leaves_packages_to_it():
    recipe = yaml.safe_load((ENVS / "stpose.yaml").read_text(encoding="utf-8"))
    assert recipe["dependencies"] == [f"python={locked_python()}", "pip"]


def test_the_image_has_the_python_of_the_lock():
    recipe = (ENVS / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^FROM python:(\d+\.\d+)", recipe, flags=re.MULTILINE) == [locked_python()]


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_a_version_named_in_a_recipe_is_the_locked_one(path):
    versions = locked()
    named = re.findall(r"([\w.-]+)==([\w.]+)", path.read_text(encoding="utf-8"))
    assert all(versions.get(name) == version for name, version in named), named


@pytest.mark.parametrize("name", ["stpose.post-deploy.sh", "Dockerfile"])
def test_packages_come_from_the_lock(name):
    recipe = (ENVS / name).read_text(encoding="utf-8")
    assert "requirements/dev.txt" in recipe or "make env" in recipe


def test_every_named_dependency_is_locked():
    """Pins are made anew when a dependency is added: `make lock`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(one for extra in extras for one in extra)]
    names = {re.split(r"[<>=]", one)[0].lower() for one in wanted}
    assert len(names) > 20
    assert names <= set(locked()), names - set(locked())
