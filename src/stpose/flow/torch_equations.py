"""The equations of the Brox solver and their relaxation on a batch of pairs, in PyTorch.

The numbers are those of `kernels`, up to rounding; the order in memory is that of `torch_board`.
Every half sweep is plain arithmetic on shifted views of the packed colours. After the start next to
nothing is allocated, and nothing waits for the device.

Factors that `kernels` applies in its loops are in the fields from the beginning: the weights of the
smoothness have that of the energy, alpha, so that the data terms need none, and the derivatives of
the gradient are scaled such that their robust weight needs none.
"""

import torch
from torch import Tensor

from stpose.flow.parameters import BroxParameters
from stpose.flow.torch_board import Board
from stpose.flow.torch_fields import Fields

# What is 0 and to be divided by in the frame of an image becomes this.
_TINY = 1e-20


class Equations:
    """The equations of a batch of pairs.

    Their fields take 4 x 38 bytes a pixel of float32; 4 x 5 less with joint data terms.

    Attributes:
        board: Where the pixels lie.
    """

    def __init__(self, board: Board, parameters: BroxParameters, like: Tensor) -> None:
        """Allocate all that is needed.

        Args:
            board: Where the pixels lie.
            parameters: Of the energy and of its minimisation.
            like: Has the type and the device of all fields.
        """
        self.board = board
        self._parameters = parameters
        self._fields = Fields(board, parameters.joint, like)
        self._frame, self._edge = board.frame(like.device)
        links = like.new_full((2, board.count, board.height, board.width), parameters.alpha)
        links[0, :, :, -1] = 0
        links[1, :, -1] = 0
        board.pack(links, self._fields.links)

        self._gradient_scale = parameters.gamma ** (0.5 if parameters.joint else 1)
        # With gamma = 0 the gradient's products are 0, and their weight must not be infinite.
        gradient_epsilon = max(parameters.epsilon * self._gradient_scale, 1e-15)
        self._epsilon2 = like.new_full((), parameters.epsilon**2)
        self._gradient_epsilon2 = like.new_full((), gradient_epsilon**2)
        self._omega = like.new_full((), parameters.omega)

        # Intermediate results on the pixels of one colour, under all names that they go by.
        m = len(self._fields.colours[0].u)
        self._parts, self._two, self._rest = (like.new_empty((n, m)) for n in (5, 2, 3))
        self._factors, self._cross, self._sides = self._parts[:2], self._parts[2], self._parts[3:]
        self._two_u, self._two_v = self._two
        self._across = self._rest[:2]
        self._across_u, self._across_v = self._across
        self._grey, self._gradient_x, self._gradient_y = self._rest
        self._gradient = self._rest[1:]

    def linearise(self, derivatives: Tensor, flow: Tensor) -> None:
        """Linearise the data terms around a flow, and begin with that flow.

        Args:
            derivatives: (8, count, height, width): T, X, Y, TX, TY, XX, XY, YY; see `kernels`.
            flow: (2, count, height, width): u, v; px.
        """
        fields = self._fields
        self.board.pack(flow, fields.flow)
        fields.base[:2] = fields.flow
        fields.base[2] = fields.flow[0]
        self.board.pack(derivatives, fields.terms)
        fields.terms[3:] *= self._gradient_scale
        t, x, y, tx, ty, xx, xy, yy = fields.terms
        grey, gradient = fields.products[:5], fields.products[-5:]
        torch.mul(x, x, out=grey[0]).add_(_TINY)
        torch.mul(y, y, out=grey[1]).add_(_TINY)
        torch.mul(x, y, out=grey[2])
        torch.mul(x, t, out=grey[3]).neg_()
        torch.mul(y, t, out=grey[4]).neg_()
        if not self._parameters.joint:
            gradient.zero_()
        gradient[0].addcmul_(xx, xx).addcmul_(xy, xy)
        gradient[1].addcmul_(yy, yy).addcmul_(xy, xy)
        gradient[2].addcmul_(xx, xy).addcmul_(xy, yy)
        gradient[3].addcmul_(xx, tx, value=-1).addcmul_(xy, ty, value=-1)
        gradient[4].addcmul_(xy, tx, value=-1).addcmul_(yy, ty, value=-1)

    def flow(self) -> Tensor:
        """Return the present flow, (2, count, height, width): u, v; px."""
        return self.board.unpack(self._fields.flow)

    def weigh_smoothness(self) -> None:
        """Set the robust weights of the smoothness, as `kernels.weigh_smoothness`."""
        line = self._fields.flow.view(2, -1)
        line.index_copy_(1, self._frame, line.index_select(1, self._edge))
        along, across = self._two, self._across
        for c in self._fields.colours:
            torch.sub(c.right, c.flow, out=along)
            torch.add(c.below, c.below_right, out=across).sub_(c.above).sub_(c.above_right)
            self._weigh(c.weight_right)
            torch.sub(c.below, c.flow, out=along)
            torch.add(c.right, c.below_right, out=across).sub_(c.left).sub_(c.below_left)
            self._weigh(c.weight_below)
            c.weights.mul_(c.links)

    def _weigh(self, weight: Tensor) -> None:
        """Set one weight from the gradient: its part along the way, and 4 times that across."""
        torch.addcmul(self._epsilon2, self._two_u, self._two_u, out=weight)
        weight.addcmul_(self._two_v, self._two_v)
        weight.addcmul_(self._across_u, self._across_u, value=1 / 16)
        weight.addcmul_(self._across_v, self._across_v, value=1 / 16).rsqrt_()

    def assemble(self) -> None:
        """Set up the equations with the present robust weights, as `kernels.assemble`."""
        step, grey, gradient = self._two, self._grey, self._gradient
        factors, parts = self._factors, self._parts
        for c in self._fields.colours:
            torch.sub(c.flow, c.base, out=step)
            torch.addcmul(c.t, c.x, self._two_u, out=grey).addcmul_(c.y, self._two_v)
            torch.addcmul(c.gradient_t, c.gradient_x, self._two_u, out=gradient)
            gradient.addcmul_(c.gradient_y, self._two_v)
            self._weigh_data()
            torch.mul(c.grey_products, grey, out=parts)
            if not self._parameters.joint:
                parts.addcmul_(c.gradient_products, self._gradient_x)
            torch.addcmul(self._sides, factors, c.base, out=c.side)
            c.side.addcmul_(c.base_turned, self._cross)
            smoothness = torch.add(c.weight_left, c.weight_right, out=grey)
            smoothness.add_(c.weight_above).add_(c.weight_below)
            torch.div(self._omega, factors.add_(smoothness), out=c.inverse)
            torch.mul(c.inverse, self._cross, out=c.cross)

    def _weigh_data(self) -> None:
        """Turn what is left of the data terms into their robust weights: one or one each."""
        grey, x, y = self._grey, self._gradient_x, self._gradient_y
        torch.addcmul(self._epsilon2, grey, grey, out=grey)
        if self._parameters.joint:
            grey.addcmul_(x, x).addcmul_(y, y).rsqrt_()
        else:
            grey.rsqrt_()
            torch.addcmul(self._gradient_epsilon2, x, x, out=x).addcmul_(y, y).rsqrt_()

    def relax(self) -> None:
        """Solve the equations by red-black sweeps of successive over-relaxation.

        A sweep moves 52 numbers a pixel through memory (15 would have to be, if one operation did
        it all: 6 of the flow, 4 weights, 2 right sides, 3 factors).
        """
        total, total_u, total_v = self._two, self._two_u, self._two_v
        keep = 1 - self._parameters.omega
        for _ in range(self._parameters.sweeps):
            for c in self._fields.colours:
                torch.addcmul(c.side, c.weight_left, c.left, out=total)
                total.addcmul_(c.weight_right, c.right)
                total.addcmul_(c.weight_above, c.above)
                total.addcmul_(c.weight_below, c.below)
                total.mul_(c.inverse).add_(c.flow, alpha=keep)
                torch.addcmul(total_u, c.cross_u, c.v, value=-1, out=c.u)
                torch.addcmul(total_v, c.cross_v, c.u, value=-1, out=c.v)
