"""The world that training is tested on is what recipes draw from, too."""

from ..training.conftest import make_world, world

__all__ = ["make_world", "world"]
