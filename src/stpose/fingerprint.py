"""Fingerprints of code: a hash that changes when code changes and not when its text does.

Snakemake does not notice edits in modules that a script imports. So every rule carries the
fingerprint of its script, of its stage's module, and of all project modules that these import,
directly or not, as a parameter. Comments, docstrings, blank lines and formatting leave it alone.
"""

import ast
import hashlib
from functools import cache
from pathlib import Path

PACKAGE = "stpose"
SOURCE = Path(__file__).parent
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def code_fingerprint(script: Path) -> str:
    """Return the fingerprint of a script with every project module it reaches.

    Args:
        script: A Python file, for example of `workflow/scripts`.

    Raises:
        FileNotFoundError: There is no such file.
        SyntaxError: The script or a module it imports is not Python.
    """
    texts = [_normalised(script)]
    texts += [f"{module} {_normalised(_file_of(module))}" for module in reached_modules(script)]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def reached_modules(script: Path) -> tuple[str, ...]:
    """Return the names of all project modules that a script imports, transitively, sorted.

    Imports inside functions count too.
    """
    waiting = list(_imports(script, package=""))
    reached: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module in reached:
            continue
        reached.add(module)
        path = _file_of(module)
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        waiting.extend(_imports(path, package))
    return tuple(sorted(reached))


@cache
def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def _normalised(path: Path) -> str:
    tree = _parse(path)  # docstrings go from the shared tree: imports are all that it is asked for
    for node in ast.walk(tree):
        if not isinstance(node, _DOCUMENTED):
            continue
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree, include_attributes=False)


@cache
def _imports(path: Path, package: str) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(_parse(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found |= _with_parents(alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, package)
            found |= _with_parents(base)
            for alias in node.names:
                found |= _with_parents(f"{base}.{alias.name}")
    return frozenset(found)


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    parents = parts[: len(parts) - node.level + 1]
    return ".".join([*parents, *([node.module] if node.module else [])])


def _with_parents(name: str) -> set[str]:
    """Return `name` and the packages above it, as far as they are modules of the project."""
    parts = name.split(".")
    if parts[0] != PACKAGE:
        return set()
    names = {".".join(parts[: count + 1]) for count in range(len(parts))}
    return {module for module in names if _file_of(module).is_file()}


def _file_of(module: str) -> Path:
    folder = SOURCE.joinpath(*module.split(".")[1:])
    return folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
