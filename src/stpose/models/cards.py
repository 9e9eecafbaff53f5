"""Names and cards of the weights that come with the package; the weights themselves stay unread."""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from stpose.errors import ArtefactError, InputError
from stpose.settings.experiment import ExperimentSettings
from stpose.settings.network import NetworkSettings

# The names under which they are asked for, and the recipe each of them stands for. A name that has
# no file in the package yet stands for nothing.
SHIPPED: Mapping[str, str] = {
    "paper": "the paper's two tasks, temporal ordering and spatial placement",
    "best": "what learned best from the same footage",
}


def shipped_names() -> tuple[str, ...]:
    """Return the names of the weights that come with the package."""
    return tuple(name for name in SHIPPED if shipped_file(name).is_file())


def shipped_file(name: str) -> Path:
    """Return where the weights of a name are, or would be."""
    return _file(f"{name}.safetensors")


def initial_files(settings: ExperimentSettings) -> tuple[Path, ...]:
    """Return the files that round 1 of an experiment starts from, those of the package too.

    Raises:
        InputError: Weights of the package are asked for in another network than theirs.
        ArtefactError: They have no card.
    """
    name = settings.initial_weights
    if name not in SHIPPED:
        return settings.initial_files
    theirs = NetworkSettings.model_validate(model_card(name)["network"])
    if theirs.with_pictures_of(settings.network) != settings.network:
        shape = theirs.model_dump(mode="json", exclude={"input_px", "window"})
        message = f"initial_weights {name}: another network than theirs, {json.dumps(shape)}"
        raise InputError(message)
    return (shipped_file(name),)


def model_card(name: str) -> dict[str, Any]:
    """Return the card of weights that come with the package.

    Raises:
        ArtefactError: It is missing or damaged.
    """
    path = _file(f"{name}.json")
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"{path}: no card of the weights {name!r} ({error})"
        raise ArtefactError(message) from error
    return content


def _file(name: str) -> Path:
    return Path(str(files("stpose.models") / name))
