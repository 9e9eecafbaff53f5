"""The floors of the library: a module imports only from floors below its own."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "stpose"

FLOORS = [
    {"settings", "artefacts", "geometry", "fingerprint", "log", "errors", "version", "models"}
    | {"attempts", "auc", "child_process", "gpu_memory"},
    {"videos", "frames", "people", "crops", "flow", "demo", "datasets"},
    {"curriculum", "recipes", "network", "crop_collection", "crop_cutting", "crop_index"}
    | {"crop_kernel", "crop_memory", "embedding_rows"},
    {"training", "embeddings", "repetitions", "pictures", "search", "retrieval"},
    {"counting", "pose_embedder"},
    {"benchmarks"},
    {"tables"},
    {"cli", "report", "claims", "inspect", "workflow"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).with_suffix("").parts[0]


def imported_rooms(path: Path) -> set[str]:
    """Rooms that a module imports, also inside functions."""
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        rooms |= {name.split(".")[1] for name in names if name.startswith("stpose.")}
    return rooms


MODULES = [path for path in sorted(SOURCE.rglob("*.py")) if path != SOURCE / "__init__.py"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_go_down(path):
    room = room_of(path)
    for other in imported_rooms(path) - {room}:
        same_floor = FLOOR[other] == FLOOR[room]
        if same_floor and FLOOR[room] in (0, 2, 7):
            continue  # within these floors rooms are parts of each other, not stages
        assert FLOOR[other] < FLOOR[room], f"{room} (floor {FLOOR[room]}) imports {other}"


def test_every_room_has_a_floor():
    assert {room_of(path) for path in MODULES} <= set(FLOOR)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_packages_export_nothing(path):
    if path.name == "__init__.py":
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert len(tree.body) == 1, f"{path} holds more than its docstring"
        assert ast.get_docstring(tree)
