"""The pyramid of the Brox solver."""

# Shorter side, px, of the levels that are solved in double precision. What rounding does to a
# coarse level grows from level to level where it is not known what moved, and these cost little.
DOUBLE_BELOW = 160


def level_sizes(
    height: int, width: int, scale: float, smallest_side: int, levels: int
) -> list[tuple[int, int]]:
    """Return the (height, width) of all levels of a pyramid, the finest first.

    Args:
        height: Of the finest level, px.
        width: Of the finest level, px.
        scale: Size of a level by that of the finer one, in (0, 1).
        smallest_side: No level but the finest has a shorter side than this, px.
        levels: At most so many levels.
    """
    sizes = [(height, width)]
    for level in range(1, levels):
        factor = scale**level
        size = (round(height * factor), round(width * factor))
        if min(size) < smallest_side:
            break
        sizes.append(size)
    return sizes
