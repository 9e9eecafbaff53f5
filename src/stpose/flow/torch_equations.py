"""The equations of the Brox solver and their relaxation on a batch of pairs, in PyTorch.

The numbers are those of `kernels`, up to rounding; the order in memory is that of `torch_board`.
Nothing here waits for the device, and but for the frame's places nothing is allocated after the
start. Factors that `kernels` applies in the loops are in the fields from the beginning: the weights
of the smoothness have that of the energy, alpha, and so the data terms need none; the derivatives
of the gradient are scaled such that their data term needs none either.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from stpose.flow.parameters import BroxParameters
from stpose.flow.torch_board import Board

# Added to the diagonal where there is no data, so that pixels of the frame can be divided by it.
_TINY = 1e-20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Colour:
    """What the pixels of one colour see of all fields: views (n, m), or (m,) of a single one."""

    flow: Tensor
    u: Tensor
    v: Tensor
    left: Tensor
    right: Tensor
    above: Tensor
    below: Tensor
    above_right: Tensor
    below_left: Tensor
    below_right: Tensor
    base: Tensor
    base_turned: Tensor
    links: Tensor
    weights: Tensor
    weight_left: Tensor
    weight_right: Tensor
    weight_above: Tensor
    weight_below: Tensor
    t: Tensor
    x: Tensor
    y: Tensor
    gradient_t: Tensor
    gradient_x: Tensor
    gradient_y: Tensor
    grey_products: Tensor
    gradient_products: Tensor
    side: Tensor
    cross: Tensor
    cross_u: Tensor
    cross_v: Tensor
    inverse: Tensor


class Equations:
    """The equations of a batch of pairs.

    All fields together take 176 bytes a pixel of float32.

    Attributes:
        board: Where the pixels lie.
    """

    def __init__(self, board: Board, parameters: BroxParameters, like: Tensor) -> None:
        """Allocate all fields.

        Args:
            board: Where the pixels lie.
            parameters: Of the energy and of its minimisation.
            like: Has the type and the device of all fields.
        """
        self.board = board
        self._parameters = parameters

        def fields(count: int) -> Tensor:
            return like.new_zeros((count, 2, board.places))

        self._flow = fields(2)
        self._base = fields(3)  # the flow that the second image was warped with: u, v, u
        self._links = fields(2)  # alpha; 0 across the edge of an image
        self._weights = fields(2)  # of the smoothness to the right and downwards
        self._terms = fields(8)  # derivatives
        self._products = fields(5 if parameters.joint else 10)
        # The equations, divided by their diagonal and multiplied by omega.
        self._inverse = fields(2)
        self._side = fields(2)
        self._cross = fields(2)
        self._colours = tuple(self._look(colour) for colour in (0, 1))
        m = len(self._colours[0].u)
        self._parts, self._along, rest = (like.new_empty((n, m)) for n in (5, 2, 3))
        self._diagonal, self._cross_part, self._side_part = self._parts[:2], self._parts[2], self._parts[3:]
        self._along_u, self._along_v = self._along
        self._across = rest[:2]
        self._across_u, self._across_v = self._across
        self._grey, self._gradient, self._other = rest
        self._gradients = rest[1:]
        self._frame, self._edge = board.frame(like.device)
        self._gradient_scale = parameters.gamma ** (0.5 if parameters.joint else 1)
        # With gamma = 0 the gradient's products are 0, and their weight must not be infinite.
        self._epsilon2, self._gradient_epsilon2, self._omega = (
            like.new_tensor(value)
            for value in (
                parameters.epsilon**2,
                max(parameters.epsilon * self._gradient_scale, 1e-15) ** 2,
                parameters.omega,
            )
        )
        links = like.new_full((2, board.count, board.height, board.width), parameters.alpha)
        links[0, :, :, -1] = 0
        links[1, :, -1] = 0
        board.pack(links, self._links)

    def linearise(self, derivatives: Tensor, flow: Tensor) -> None:
        """Begin anew around a flow.

        Args:
            derivatives: (8, count, height, width): T, X, Y, TX, XX, XY, TY, ... of `kernels`.
            flow: (2, count, height, width): u, v; px.
        """
        self.board.pack(flow, self._flow)
        self._base[:2] = self._flow
        self._base[2] = self._flow[0]
        self.board.pack(derivatives, self._terms)
        self._terms[3:] *= self._gradient_scale
        t, x, y = self._terms[:3]
        tx, ty, xx, xy, yy = self._terms[3:]
        grey = self._products[:5]
        torch.mul(x, x, out=grey[0]).add_(_TINY)
        torch.mul(y, y, out=grey[1]).add_(_TINY)
        torch.mul(x, y, out=grey[2])
        torch.mul(x, t, out=grey[3]).neg_()
        torch.mul(y, t, out=grey[4]).neg_()
        gradient = self._products[-5:]
        if not self._parameters.joint:
            gradient.zero_()
        gradient[0].addcmul_(xx, xx).addcmul_(xy, xy)
        gradient[1].addcmul_(yy, yy).addcmul_(xy, xy)
        gradient[2].addcmul_(xx, xy).addcmul_(xy, yy)
        gradient[3].addcmul_(xx, tx, value=-1).addcmul_(xy, ty, value=-1)
        gradient[4].addcmul_(xy, tx, value=-1).addcmul_(yy, ty, value=-1)

    def flow(self) -> Tensor:
        """Return the present flow, (2, count, height, width): u, v; px."""
        return self.board.unpack(self._flow)

    def weigh_smoothness(self) -> None:
        """Set the weights of the smoothness, see `kernels.weigh_smoothness`."""
        line = self._flow.view(2, -1)
        line.index_copy_(1, self._frame, line.index_select(1, self._edge))
        along, across = self._along, self._across
        for c in self._colours:
            torch.sub(c.right, c.flow, out=along)
            torch.add(c.below, c.below_right, out=across).sub_(c.above).sub_(c.above_right)
            self._weigh(c.weight_right)
            torch.sub(c.below, c.flow, out=along)
            torch.add(c.right, c.below_right, out=across).sub_(c.left).sub_(c.below_left)
            self._weigh(c.weight_below)
            c.weights.mul_(c.links)

    def _weigh(self, weight: Tensor) -> None:
        torch.addcmul(self._epsilon2, self._along_u, self._along_u, out=weight)
        weight.addcmul_(self._along_v, self._along_v)
        weight.addcmul_(self._across_u, self._across_u, value=1 / 16)
        weight.addcmul_(self._across_v, self._across_v, value=1 / 16).rsqrt_()

    def assemble(self) -> None:
        """Set up the equations of all pixels with the present robust weights of the data."""
        parts, diagonal, cross, side = self._parts, self._diagonal, self._cross_part, self._side_part
        grey, gradient, other = self._grey, self._gradient, self._other
        for c in self._colours:
            torch.sub(c.flow, c.base, out=self._along)
            torch.addcmul(c.t, c.x, self._along_u, out=grey).addcmul_(c.y, self._along_v)
            torch.addcmul(c.gradient_t, c.gradient_x, self._along_u, out=self._gradients)
            self._gradients.addcmul_(c.gradient_y, self._along_v)
            if self._parameters.joint:
                torch.addcmul(self._epsilon2, grey, grey, out=grey)
                grey.addcmul_(gradient, gradient).addcmul_(other, other).rsqrt_()
                torch.mul(c.grey_products, grey, out=parts)
            else:
                torch.addcmul(self._epsilon2, grey, grey, out=grey).rsqrt_()
                torch.addcmul(self._gradient_epsilon2, gradient, gradient, out=gradient)
                gradient.addcmul_(other, other).rsqrt_()
                torch.mul(c.grey_products, grey, out=parts)
                parts.addcmul_(c.gradient_products, gradient)
            torch.addcmul(side, diagonal, c.base, out=c.side).addcmul_(c.base_turned, cross)
            torch.add(c.weight_left, c.weight_right, out=other)
            other.add_(c.weight_above).add_(c.weight_below)
            torch.div(self._omega, diagonal.add_(other), out=c.inverse)
            torch.mul(c.inverse, cross, out=c.cross)

    def relax(self) -> None:
        """Solve the equations by red-black sweeps of successive over-relaxation.

        A half sweep moves 52 numbers a pixel of its colour through memory.
        """
        total, total_u, total_v = self._along, self._along_u, self._along_v
        keep = 1 - self._parameters.omega
        for _ in range(self._parameters.sweeps):
            for c in self._colours:
                torch.addcmul(c.side, c.weight_left, c.left, out=total)
                total.addcmul_(c.weight_right, c.right)
                total.addcmul_(c.weight_above, c.above)
                total.addcmul_(c.weight_below, c.below)
                total.mul_(c.inverse).add_(c.flow, alpha=keep)
                torch.addcmul(total_u, c.cross_u, c.v, value=-1, out=c.u)
                torch.addcmul(total_v, c.cross_v, c.u, value=-1, out=c.v)

    def _look(self, colour: int) -> _Colour:
        def see(fields: Tensor, right: int = 0, down: int = 0) -> Tensor:
            return self.board.seen(fields, colour, right, down)

        flow, base, weights = see(self._flow), see(self._base), see(self._weights)
        terms, products, cross = see(self._terms), see(self._products), see(self._cross)
        return _Colour(
            flow=flow,
            u=flow[0],
            v=flow[1],
            left=see(self._flow, -1),
            right=see(self._flow, 1),
            above=see(self._flow, 0, -1),
            below=see(self._flow, 0, 1),
            above_right=see(self._flow, 1, -1),
            below_left=see(self._flow, -1, 1),
            below_right=see(self._flow, 1, 1),
            base=base[:2],
            base_turned=base[1:],
            links=see(self._links),
            weights=weights,
            weight_left=see(self._weights, -1)[0],
            weight_right=weights[0],
            weight_above=see(self._weights, 0, -1)[1],
            weight_below=weights[1],
            t=terms[0],
            x=terms[1],
            y=terms[2],
            gradient_t=terms[3:5],
            gradient_x=terms[5:7],
            gradient_y=terms[6:],
            grey_products=products[:5],
            gradient_products=products[5:],
            side=see(self._side),
            cross=cross,
            cross_u=cross[0],
            cross_v=cross[1],
            inverse=see(self._inverse),
        )
