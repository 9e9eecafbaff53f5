"""The median filter of a batch of images, in PyTorch.

The median of a square window takes no more than minima and maxima of whole, shifted images. Once
the columns of the window are sorted, and then its rows, both are in order, and most numbers have
too many above or below them to be the median.
"""

from collections.abc import Iterable, Sequence
from functools import reduce

import torch
from torch import Tensor
from torch.nn import functional

from stpose.errors import InputError

# Numbers filtered at once on a processor: about thirty such lines fit in its cache.
_NUMBERS_IN_CACHE = 2**16

Network = tuple[tuple[int, int], ...]

# Which numbers to bring in order, one pair after the other.
_SORT_3: Network = ((0, 1), (1, 2), (0, 1))
_PAIRS_OF_5: Network = ((0, 1), (2, 3))
_SORT_5_OF_PAIRS: Network = ((1, 3), (0, 2), (1, 2), (3, 4), (2, 3), (1, 2), (0, 1))


def median(images: Tensor, side: int) -> Tensor:
    """Return the median of a window around each pixel; outside, the outermost pixels go on.

    Args:
        images: (count, height, width).
        side: Of the window: 3 or 5, px.

    Raises:
        InputError: The side is another.
    """
    if side not in (3, 5):
        message = f"median filter of side {side}, expected 3 or 5"
        raise InputError(message)
    around = side // 2
    padded = functional.pad(images[None], (around, around, around, around), mode="replicate")[0]
    rows = height = images.shape[1]
    if images.device.type == "cpu":
        rows = -(-height // -(-padded.numel() // _NUMBERS_IN_CACHE))
    parts = [padded[:, top : top + rows + side - 1] for top in range(0, height, rows)]
    return torch.cat([_median_inside(part.contiguous(), side) for part in parts], dim=1)


def _median_inside(images: Tensor, side: int) -> Tensor:
    """Return the medians of all windows that lie inside the images."""
    count, rows, row = images.shape
    # As one line every shift is a shift along it. Windows that reach from the end of a row or an
    # image into the next are computed like the others, and left out in the end.
    line = images.view(-1)
    length = len(line) - (side - 1) * row
    columns = _sort([line[i * row :] for i in range(side)], row, length, range(side))
    length -= side - 1
    # By its rank in its column and that column's rank, what can still be the median: the other
    # diagonal of the window and, in large ones, what lies beside it.
    at: dict[tuple[int, int], Tensor] = {}
    for rank, column in enumerate(columns):
        ranks = [k for k in range(side) if abs(rank + k - (side - 1)) <= side // 2 - 1]
        found = _sort([column[i:] for i in range(side)], 1, length, ranks)
        at |= {(rank, k): numbers for k, numbers in zip(ranks, found, strict=True)}
    diagonal, before, behind = (
        [numbers for (rank, k), numbers in at.items() if rank + k == side - 1 + beside]
        for beside in (0, -1, 1)
    )
    if side == 5:
        (middle,) = _exchange(diagonal, _PAIRS_OF_5 + _SORT_5_OF_PAIRS, [2])
        diagonal = [reduce(torch.maximum, before), middle, reduce(torch.minimum, behind)]
    (middle,) = _exchange(diagonal, _SORT_3, [1])
    return middle.as_strided((count, rows - side + 1, row - side + 1), (rows * row, row, 1))


def _sort(lines: list[Tensor], step: int, length: int, wanted: Sequence[int]) -> list[Tensor]:
    """Sort the numbers at each place of 3 or 5 lines; return those of the wanted ranks.

    Args:
        lines: Each begins `step` numbers further along the same line.
        step: See `lines`.
        length: Of the results.
        wanted: Ranks, from 0.
    """
    if len(lines) == 3:
        return _exchange([line[:length] for line in lines], _SORT_3, wanted)
    # The first two pairs are in order beforehand, as they are the same for both.
    longer = length + 2 * step
    one, two = lines[0][:longer], lines[1][:longer]
    low, high = torch.minimum(one, two), torch.maximum(one, two)
    pairs = [low[:length], high[:length], low[2 * step :], high[2 * step :]]
    return _exchange([*pairs, lines[4][:length]], _SORT_5_OF_PAIRS, wanted)


def _exchange(lines: Iterable[Tensor], network: Network, wanted: Sequence[int]) -> list[Tensor]:
    """Bring pairs of lines in order, place by place; leave out what does not matter in the end."""
    needed, steps = set(wanted), []
    for low, high in reversed(network):
        steps.append((low, high, low in needed, high in needed))
        if low in needed or high in needed:
            needed |= {low, high}
    found = list(lines)
    for low, high, takes_low, takes_high in reversed(steps):
        one, two = found[low], found[high]
        if takes_low:
            found[low] = torch.minimum(one, two)
        if takes_high:
            found[high] = torch.maximum(one, two)
    return [found[place] for place in wanted]
