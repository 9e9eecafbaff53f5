"""Pose embeddings learned from nothing but videos."""

from importlib import import_module
from typing import Any

__all__ = ["PoseEmbedder"]


def __getattr__(name: str) -> Any:
    # Not an import statement: PyTorch takes seconds to load, and every stage's fingerprint
    # covers this file with all that it imports.
    if name == "PoseEmbedder":
        return import_module("stpose.pose_embedder").PoseEmbedder
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
