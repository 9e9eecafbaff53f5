"""The equations of the Brox solver on a batch of pairs, in PyTorch.

The numbers are those of `kernels`; the order in memory is another, in which the neighbours of
all pixels lie equally far away, so that a half sweep is plain arithmetic on shifted views:
- Each image lies in a frame of at least one pixel, in rows of an odd length; all images of a batch
  follow each other as one line of pixels, each beginning at an even place.
- As the rows are odd, the colours of the chequerboard alternate along the whole line. The pixels
  of each colour are packed next to each other: pixel i has colour i mod 2 and place i div 2.

So the pixel d further along the line (1 is right, the length of a row is below) is found from place
j of colour c at place j + (c + d) div 2 of colour (c + d) mod 2, wherever that is in the image.
A field is a tensor (n, 2 colours, places).

All is written into tensors that are allocated once for a size; nothing waits for the device.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from stpose.flow.parameters import BroxParameters


@dataclass(frozen=True)
class Board:
    """Where the pixels of a batch of images lie.

    Attributes:
        count: Number of images.
        height: Of each, px.
        width: Of each, px.
    """

    count: int
    height: int
    width: int

    @property
    def row(self) -> int:
        """Length of a row with its frame: odd."""
        return self.width + 2 + (self.width + 1) % 2

    @property
    def rows(self) -> int:
        """Rows of an image with its frame: an even number, so that each image begins alike."""
        return self.height + 2 + self.height % 2

    @property
    def places(self) -> int:
        """Places of one colour."""
        return self.count * self.rows * self.row // 2

    def pack(self, images: Tensor) -> Tensor:
        """Return images (n, count, height, width) as fields, with 0 in the frame."""
        right, below = self.row - 1 - self.width, self.rows - 1 - self.height
        line = functional.pad(images, (1, right, 1, below)).view(len(images), self.places, 2)
        return line.transpose(1, 2).contiguous()

    def unpack(self, fields: Tensor) -> Tensor:
        """Return fields as images (n, count, height, width)."""
        line = fields.transpose(1, 2).reshape(len(fields), self.count, self.rows, self.row)
        return line[:, :, 1 : self.height + 1, 1 : self.width + 1]

    def seen(self, fields: Tensor, colour: int, right: int = 0, down: int = 0) -> Tensor:
        """Return a view (n, m) of what the pixels of a colour see next to them.

        The m places are the same for every colour and neighbour: from the first pixel that is not
        in the frame to the last one.
        """
        shift, other = divmod(colour + right + down * self.row, 2)
        margin = (self.row + 1) // 2
        return fields[:, other, margin + shift : self.places - margin + shift]

    def frame(self, device: torch.device) -> tuple[Tensor, Tensor]:
        """Return the places next to the outermost pixels, and those of these pixels.

        Both count through the last two axes of a field.
        """
        y = torch.arange(1, self.height + 1, device=device) * self.row
        x = torch.arange(1, self.width + 1, device=device)
        last_x, last_y = self.width, self.height * self.row
        outer = torch.cat([y, y + last_x + 1, x, x + last_y + self.row])
        inner = torch.cat([y + 1, y + last_x, x + self.row, x + last_y])
        start = torch.arange(self.count, device=device)[:, None] * (self.rows * self.row)
        both = (start + outer).view(-1), (start + inner).view(-1)
        first, second = ((at % 2) * self.places + at // 2 for at in both)
        return first, second


class Equations:
    """The equations of a batch of pairs, linearised around the flow of a warping.

    The fields of one pixel in eight of a batch are in the cache of a processor

    Attributes:
        flow: (2, 2, places): the unknowns u and v.
    """

    def __init__(self, board: Board, parameters: BroxParameters, like: Tensor) -> None:
        """Allocate all fields.

        Args:
            board: Where the pixels lie.
            parameters: Of the energy and of its minimisation.
            like: Of the type and on the device of all fields.
        """
        self._board = board
        self._parameters = parameters
        fields = like.new_zeros
        shape = (2, board.places)
        self.flow = fields((2, *shape))
        self._base = fields((3, *shape))  # u, v, u
        self._links = fields((2, *shape))
        size = (board.count, board.height, board.width)
        links = like.new_full((2, *size), parameters.alpha)
        links[0, ..., -1] = 0
        links[1, :, -1] = 0
        self._links = board.pack(links)
        self._weights = fields((2, *shape))  # RIGHT DOWN
        self._terms = fields((8, *shape))
        self._products = fields((5 if parameters.joint else 10, *shape))
        self._around = fields((8, *shape))
        self._side = fields((2, *shape))
        self._cross = fields((2, *shape))
        m = board.seen(self.flow, 0).shape[1]
        self._scratch = fields((5, m)), fields((2, m)), fields((3, m))
        self._outer, self._inner = board.frame(like.device)
        self._gamma = parameters.gamma**0.5 if parameters.joint else parameters.gamma

    def linearise(self, derivatives: Tensor, flow: Tensor) -> None:
        """T,X,Y,TX,TY,XX,XY,YY."""
        derivatives[3:] *= self._gamma
        self._terms = t = self._board.pack(derivatives)
        self.flow.copy_(self._board.pack(flow))
        self._base[:2] = self.flow
        self._base[2] = self.flow[0]
        p = self._products
        # uu, vv, uv, -ut, -vt
        torch.mul(t[1:3], t[1:3], out=p[:2])
        torch.mul(t[1], t[2], out=p[2])
        torch.mul(t[1:3], t[0], out=p[3:5]).neg_()
        p[:2] += 1e-20
        g = p[-5:] if not self._parameters.joint else torch.zeros_like(p)
        tx, ty, xx, xy, yy = t[3:]
        torch.mul(t[5:7], t[5:7], out=g[:2])
        g[:2].addcmul_(t[6:8], t[6:8])
        torch.mul(xx + yy, xy, out=g[2])
        torch.mul(t[5:7], tx, out=g[3:5])
        g[3:5].addcmul_(t[6:8], ty).neg_()
        if self._parameters.joint:
            p += g

    def weigh(self) -> None:
        flat = self.flow.view(2, -1)
        flat.index_copy_(1, self._outer, flat.index_select(1, self._inner))
        _, along, across = self._scratch
        across = across[:2]
        for colour in (0, 1):
            own, right, left = (self._see(self.flow, colour, x) for x in (0, 1, -1))
            below, above = (self._see(self.flow, colour, 0, y) for y in (1, -1))
            br, bl, ar = (self._see(self.flow, colour, x, y) for x, y in ((1, 1), (-1, 1), (1, -1)))
            w = self._see(self._weights, colour)
            torch.sub(right, own, out=along)
            torch.add(below, br, out=across).sub_(above).sub_(ar)
            self._weight(along, across, w[0])
            torch.sub(below, own, out=along)
            torch.add(right, br, out=across).sub_(left).sub_(bl)
            self._weight(along, across, w[1])
            w *= self._see(self._links, colour)

    def _see(self, *args):
        return self._board.seen(*args)

    def _weight(self, along, across, out):
        along.mul_(along).addcmul_(across, across, value=1 / 16)
        torch.add(along[0], along[1], out=out).add_(self._parameters.epsilon**2).rsqrt_()

    def assemble(self) -> None:
        e, step, res = self._scratch
        par = self._parameters
        for colour in (0, 1):
            flow, base, t, p = (self._see(f, colour) for f in (self.flow, self._base, self._terms, self._products))
            torch.sub(flow, base[:2], out=step)
            torch.addcmul(t[0], t[1], step[0], out=res[2]).addcmul_(t[2], step[1])
            torch.addcmul(t[3:5], t[5:7], step[0], out=res[:2]).addcmul_(t[6:8], step[1])
            res.mul_(res)
            res[0].add_(res[1])
            if par.joint:
                res[2].add_(res[0]).add_(par.epsilon**2).rsqrt_()
                torch.mul(p, res[2], out=e)
            else:
                res[2].add_(par.epsilon**2).rsqrt_()
                res[0].add_(max(par.epsilon * self._gamma, 1e-15)**2).rsqrt_()
                torch.mul(p[:5], res[2], out=e).addcmul_(p[5:], res[0])
            own, around = self._see(self._weights, colour), self._see(self._around, colour)
            left, above = self._see(self._weights, colour, -1)[0], self._see(self._weights, colour, 0, -1)[1]
            side, cross = self._see(self._side, colour), self._see(self._cross, colour)
            torch.addcmul(e[3:5], e[:2], base[:2], out=side).addcmul_(base[1:3], e[2])
            inverse = e[:2]
            total = torch.add(own[0], own[1], out=res[0]).add_(left).add_(above)
            inverse.add_(total).reciprocal_().mul_(par.omega)
            side.mul_(inverse)
            torch.mul(inverse, e[2], out=cross)
            for i, weight in enumerate((left, own[0], above, own[1])):
                torch.mul(inverse, weight, out=around[2 * i : 2 * i + 2])

    def relax(self) -> None:
        (_, total, _) = self._scratch
        total_u, total_v = total
        halves = []
        for colour in (0, 1):
            own = self._see(self.flow, colour)
            w = self._see(self._around, colour)
            ns = [self._see(self.flow, colour, x, y) for x, y in ((-1, 0), (1, 0), (0, -1), (0, 1))]
            halves.append((own, own[0], own[1], self._see(self._side, colour), *self._see(self._cross, colour), [(w[2 * i : 2 * i + 2], n) for i, n in enumerate(ns)]))
        keep = 1 - self._parameters.omega
        for _ in range(self._parameters.sweeps):
            for own, u, v, side, cross_u, cross_v, around in halves:
                torch.add(side, own, alpha=keep, out=total)
                for weight, neighbour in around:
                    total.addcmul_(weight, neighbour)
                torch.addcmul(total_u, cross_u, v, value=-1, out=u)
                torch.addcmul(total_v, cross_v, u, value=-1, out=v)
