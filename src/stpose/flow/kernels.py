"""The equations of the Brox solver and their relaxation.

The solver's arrays are in chequerboard order: the pixels of each colour of the board are packed
next to each other, so that a sweep over one colour runs over unbroken memory. Pixel (y, x) has
colour c = (y + x) mod 2 and lies in row y at place k = x div 2. With p = (y + c) mod 2, its
neighbours are
- left and right: the other colour, the same row, places k - 1 + p and k + p;
- above and below: the other colour, place k;
- diagonal: the same colour, places k - 1 + p and k + p.

`state` (2 colours, height + 2, 11 fields, places + 2) holds the unknowns and the coefficients of
their equations inside a border of one pixel. `terms` (2, height, 8 fields, places) holds the
derivatives of the images. The type of the arrays, float32 or float64, is the type of all sums.

Kernels that call each other are in one file: numba's cache notices changes of that file only.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.flow.compiled import compiled, inlined

Floats = NDArray[Any]
Number = Any  # a scalar of the arrays' type

# Fields of `state`: flow; the flow that the second image was warped with; weights of the
# smoothness towards the right and the lower neighbour; the two equations of a pixel.
U, V, BASE_U, BASE_V, RIGHT, DOWN, CROSS, INVERSE_U, INVERSE_V, SIDE_U, SIDE_V = range(11)
STATE_FIELDS = 11

# Fields of `terms`: differences in time of grey level and gradient, derivatives in space.
T, TX, TY, X, Y, XX, XY, YY = range(8)
TERM_FIELDS = 8


@compiled
def pack_terms(derivatives: Floats, inside: Floats, terms: Floats) -> None:
    """Bring derivatives (8, height, width) into `terms`; 0 (no data) where not `inside`."""
    _, height, width = derivatives.shape
    for y in range(height):
        for colour in range(2):
            first = (y + colour) & 1
            for field in range(TERM_FIELDS):
                source, mask = derivatives[field, y], inside[y]
                target = terms[colour, y, field]
                for k in range((width - first + 1) // 2):
                    target[k] = source[2 * k + first] * mask[2 * k + first]


@compiled
def pack_flow(flow: Floats, state: Floats) -> None:
    """Bring a flow into `state`, as the present one and as that of the warping."""
    _, height, width = flow.shape
    for y in range(height):
        for colour in range(2):
            first = (y + colour) & 1
            row = state[colour, y + 1]
            for k in range((width - first + 1) // 2):
                u, v = flow[0, y, 2 * k + first], flow[1, y, 2 * k + first]
                row[U, k + 1] = u
                row[V, k + 1] = v
                row[BASE_U, k + 1] = u
                row[BASE_V, k + 1] = v


@compiled
def unpack_flow(state: Floats, flow: Floats) -> None:
    """Bring the present flow of `state` back into the order of an image."""
    _, height, width = flow.shape
    for y in range(height):
        for colour in range(2):
            first = (y + colour) & 1
            row = state[colour, y + 1]
            for k in range((width - first + 1) // 2):
                flow[0, y, 2 * k + first] = row[U, k + 1]
                flow[1, y, 2 * k + first] = row[V, k + 1]


@inlined
def _replicate_border(state: Floats, width: int) -> None:
    """Repeat the outermost pixels of the flow in the border."""
    last = state.shape[1] - 2
    for y in range(1, last + 1):
        first = (y - 1) & 1
        after = (y + width) & 1
        for field in range(2):
            state[1 - first, y, field, 0] = state[first, y, field, 1]
            state[1 - after, y, field, width // 2 + 1] = state[after, y, field, (width + 1) // 2]
    for colour in range(2):
        for field in range(2):
            for k in range(state.shape[3]):
                state[colour, 0, field, k] = state[1 - colour, 1, field, k]
                state[colour, last + 1, field, k] = state[1 - colour, last, field, k]


@inlined
def _weigh(
    own: Floats,
    other: Floats,
    above: Floats,
    below: Floats,
    own_above: Floats,
    own_below: Floats,
    count: int,
    p: int,
    epsilon2: Number,
) -> None:
    """Set the weights psi' of the smoothness of one colour of a row, halfway between pixels."""
    number = own.dtype.type
    one, quarter = number(1), number(0.25)
    for k in range(1, count + 1):
        u, v = own[U, k], own[V, k]
        right_u, right_v = other[U, k + p], other[V, k + p]
        below_u, below_v = below[U, k], below[V, k]
        corner_u, corner_v = own_below[U, k + p], own_below[V, k + p]
        ux, vx = right_u - u, right_v - v
        uy = quarter * (below_u + corner_u - above[U, k] - own_above[U, k + p])
        vy = quarter * (below_v + corner_v - above[V, k] - own_above[V, k + p])
        own[RIGHT, k] = one / np.sqrt(ux * ux + vx * vx + uy * uy + vy * vy + epsilon2)
        uy, vy = below_u - u, below_v - v
        ux = quarter * (right_u + corner_u - other[U, k - 1 + p] - own_below[U, k - 1 + p])
        vx = quarter * (right_v + corner_v - other[V, k - 1 + p] - own_below[V, k - 1 + p])
        own[DOWN, k] = one / np.sqrt(ux * ux + vx * vx + uy * uy + vy * vy + epsilon2)


@compiled
def weigh_smoothness(state: Floats, width: int, epsilon: Number) -> None:
    """Set RIGHT and DOWN to psi'(|grad u|^2 + |grad v|^2) = 1 / sqrt(s^2 + epsilon^2).

    Between pixels of a row the gradient is their difference, and across it the mean of the
    central differences at both (and likewise in a column). 0 across the edge of the image.
    """
    _replicate_border(state, width)
    height = state.shape[1] - 2
    epsilon2 = epsilon * epsilon
    for y in range(1, height + 1):
        for c in range(2):
            own, other = state[c, y], state[1 - c, y]
            above, below = state[1 - c, y - 1], state[1 - c, y + 1]
            own_above, own_below = state[c, y - 1], state[c, y + 1]
            # Spelled out for both parities so that each loop is compiled for constant offsets.
            if (y - 1 + c) & 1:
                count = width // 2
                _weigh(own, other, above, below, own_above, own_below, count, 1, epsilon2)
            else:
                count = (width + 1) // 2
                _weigh(own, other, above, below, own_above, own_below, count, 0, epsilon2)
        state[(y + width) & 1, y, RIGHT, (width + 1) // 2] = 0
    for c in range(2):
        for k in range(state.shape[3]):
            state[c, height, DOWN, k] = 0


@inlined
def _assemble(
    term: Floats,
    own: Floats,
    left: Floats,
    above: Floats,
    count: int,
    joint: bool,
    data: Number,
    gamma: Number,
    epsilon2: Number,
) -> None:
    """Set the equations of one colour of a row."""
    number = own.dtype.type
    one, tiny = number(1), number(1e-20)
    for k in range(count):
        t, tx, ty = term[T, k], term[TX, k], term[TY, k]
        x, y = term[X, k], term[Y, k]
        xx, xy, yy = term[XX, k], term[XY, k], term[YY, k]
        base_u, base_v = own[BASE_U, k + 1], own[BASE_V, k + 1]
        du, dv = own[U, k + 1] - base_u, own[V, k + 1] - base_v
        r = t + x * du + y * dv
        rx = tx + xx * du + xy * dv
        ry = ty + xy * du + yy * dv
        if joint:
            f = data / np.sqrt(r * r + gamma * (rx * rx + ry * ry) + epsilon2)
            g = gamma * f
        else:
            f = data / np.sqrt(r * r + epsilon2)
            g = gamma * data / np.sqrt(rx * rx + ry * ry + epsilon2)
        uu = f * x * x + g * (xx * xx + xy * xy)
        vv = f * y * y + g * (yy * yy + xy * xy)
        uv = f * x * y + g * xy * (xx + yy)
        smooth = left[k] + own[RIGHT, k + 1] + above[DOWN, k + 1] + own[DOWN, k + 1]
        own[CROSS, k + 1] = uv
        own[INVERSE_U, k + 1] = one / (uu + smooth + tiny)
        own[INVERSE_V, k + 1] = one / (vv + smooth + tiny)
        own[SIDE_U, k + 1] = uu * base_u + uv * base_v - f * x * t - g * (xx * tx + xy * ty)
        own[SIDE_V, k + 1] = uv * base_u + vv * base_v - f * y * t - g * (xy * tx + yy * ty)


@compiled
def assemble(
    terms: Floats,
    state: Floats,
    width: int,
    joint: bool,
    alpha: Number,
    gamma: Number,
    epsilon: Number,
) -> None:
    """Set up the equations of all pixels, linear in the flow, with the present robust weights.

    Args:
        terms: The derivatives of the images.
        state: Flow and weights of the smoothness are read; the other fields are written.
        width: Width of the image, px.
        joint: Whether one psi stands around both data terms (as in the paper), or one each.
        alpha: Weight of the smoothness.
        gamma: Weight of the constancy of the gradient.
        epsilon: Of psi in the data terms.
    """
    height = state.shape[1] - 2
    epsilon2 = epsilon * epsilon
    data = state.dtype.type(1) / alpha
    for y in range(1, height + 1):
        for c in range(2):
            p = (y - 1 + c) & 1
            count = (width - p + 1) // 2
            term, own, above = terms[c, y - 1], state[c, y], state[1 - c, y - 1]
            left = state[1 - c, y, RIGHT, p:]
            # Spelled out so that each loop is compiled for its own case.
            if joint:
                _assemble(term, own, left, above, count, True, data, gamma, epsilon2)
            else:
                _assemble(term, own, left, above, count, False, data, gamma, epsilon2)


@inlined
def _relax(
    own: Floats, other: Floats, above: Floats, below: Floats, count: int, p: int, omega: Number
) -> None:
    """Relax the flow of one colour of a row."""
    for k in range(1, count + 1):
        left, right = other[RIGHT, k - 1 + p], own[RIGHT, k]
        up, down = above[DOWN, k], own[DOWN, k]
        around_u = left * other[U, k - 1 + p] + right * other[U, k + p]
        around_u += up * above[U, k] + down * below[U, k]
        around_v = left * other[V, k - 1 + p] + right * other[V, k + p]
        around_v += up * above[V, k] + down * below[V, k]
        u, v, cross = own[U, k], own[V, k], own[CROSS, k]
        u += omega * (own[INVERSE_U, k] * (own[SIDE_U, k] + around_u - cross * v) - u)
        v += omega * (own[INVERSE_V, k] * (own[SIDE_V, k] + around_v - cross * u) - v)
        own[U, k] = u
        own[V, k] = v


@compiled
def relax(state: Floats, omega: Number, sweeps: int) -> None:
    """Solve the equations by `sweeps` red-black sweeps of successive over-relaxation.

    Several half sweeps run over the image at once, each one row behind the one before it, which
    it needs. So the rows are still in the cache, and the result is that of one after the other.
    """
    height = state.shape[1] - 2
    # In odd widths a row of one colour ends one place earlier: there is border, without weight.
    count = state.shape[3] - 2
    halves = 2 * sweeps
    for front in range(height + halves):
        for half in range(max(0, front - height + 1), min(front + 1, halves)):
            y = front - half
            c = half & 1
            own, other = state[c, y + 1], state[1 - c, y + 1]
            above, below = state[1 - c, y], state[1 - c, y + 2]
            if (y + c) & 1:
                _relax(own, other, above, below, count, 1, omega)
            else:
                _relax(own, other, above, below, count, 0, omega)
