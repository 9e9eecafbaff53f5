"""What people look like: skin, hair and clothes."""

import colorsys
from dataclasses import dataclass

import numpy as np

Colour = tuple[float, float, float]  # blue, green, red, 0 to 255

SKINS: tuple[Colour, ...] = (
    (165, 195, 235),
    (130, 165, 215),
    (105, 145, 195),
    (70, 105, 155),
    (45, 65, 100),
)
HAIRS: tuple[Colour, ...] = (
    (20, 22, 28),
    (30, 45, 70),
    (45, 80, 125),
    (110, 170, 205),
    (150, 150, 155),
)
PATTERNS = ("plain", "plain", "plain", "plain", "stripes", "checks", "sides", "sides")


@dataclass(frozen=True)
class Cloth:
    """A piece of clothing.

    Attributes:
        colour: Its main colour.
        second: The other colour of its pattern.
        pattern: "plain", "stripes" (around the limb), "checks" or "sides" (along the seams).
        length: Share of the limb that it covers; 1 for long sleeves and trousers.
    """

    colour: Colour
    second: Colour
    pattern: str = "plain"
    length: float = 1.0


@dataclass(frozen=True)
class Look:
    """A dressed person."""

    skin: Colour
    hair: Colour
    long_hair: bool
    shirt: Cloth
    trousers: Cloth
    shoes: Colour


def luminance(colour: Colour) -> float:
    """Return how bright a colour is, 0 to 255."""
    return 0.114 * colour[0] + 0.587 * colour[1] + 0.299 * colour[2]


def random_look(rng: np.random.Generator, background: float) -> Look:
    """Draw a person's looks, with clothes that stand out.

    Args:
        rng: Source of chance.
        background: Mean luminance behind the person; clothes keep a distance from it.
    """
    skin, hair = SKINS[rng.integers(len(SKINS))], HAIRS[rng.integers(len(HAIRS))]
    sleeves = 1.0 if rng.uniform() < 0.5 else float(rng.uniform(0.45, 0.7))
    legs = 1.0 if rng.uniform() < 0.6 else float(rng.uniform(0.5, 0.85))
    bright = background < 105
    shirt = _cloth(rng, background, bright, sleeves, PATTERNS[rng.integers(len(PATTERNS))])
    also = bright if rng.uniform() < 0.85 else not bright
    trousers = _cloth(rng, background, also, legs, "sides" if rng.uniform() < 0.3 else "plain")
    shoes = _colour(rng, 225.0 if rng.uniform() < 0.5 else 35.0)
    return Look(skin, hair, bool(rng.uniform() < 0.45), shirt, trousers, shoes)


def _cloth(
    rng: np.random.Generator, background: float, bright: bool, length: float, pattern: str
) -> Cloth:
    level = background + rng.uniform(85, 130) if bright else background - rng.uniform(80, 120)
    level = float(np.clip(level, 22, 238))
    away = 24.0 if level < 150 else -24.0
    return Cloth(_colour(rng, level), _colour(rng, level + away), pattern, length)


def _colour(rng: np.random.Generator, level: float) -> Colour:
    """Draw a colour of a given luminance."""
    red, green, blue = colorsys.hsv_to_rgb(rng.uniform(), rng.uniform(0.1, 0.7), 1.0)
    colour = np.array([blue, green, red]) * 255
    colour *= level / luminance((colour[0], colour[1], colour[2]))
    spare = colour.max() - 250
    if spare > 0:  # too bright for this hue: mix with white at the same luminance
        share = (250 - level) / max(colour.max() - level, 1e-6)
        colour = level + (colour - level) * share
    return float(colour[0]), float(colour[1]), float(colour[2])
