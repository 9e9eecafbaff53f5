"""The fields of the Brox solver in PyTorch, and what each colour of the chequerboard sees of them.

All views are made once for a size: making one takes as long as an operation on some thousand
pixels.
"""

from dataclasses import dataclass

from torch import Tensor

from stpose.flow.torch_board import Board


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    """Views (n, m) of fields, or (m,) of a single one, from the m pixels of one colour.

    Attributes:
        flow: u, v.
        u: Of the flow.
        v: Of the flow.
        left: Flow of the neighbour on the left; likewise of the other neighbours.
        right: See `left`.
        above: See `left`.
        below: See `left`.
        above_right: See `left`.
        below_left: See `left`.
        below_right: See `left`.
        base: The flow that the second image was warped with.
        base_turned: The same, v before u.
        links: Weight of the smoothness in the energy, to the right and downwards; 0 across the
            edge of an image.
        weights: `links`, each times the robust weight.
        weight_left: Weight of the smoothness towards the left; likewise of the other directions.
        weight_right: See `weight_left`.
        weight_above: See `weight_left`.
        weight_below: See `weight_left`.
        t: Change of the grey level in time.
        x: Its derivative in space.
        y: Its derivative in space.
        gradient_t: Change of both derivatives in time.
        gradient_x: Their derivatives in space.
        gradient_y: Their derivatives in space.
        grey_products: What the constancy of the grey level gives a pixel's equations, before the
            robust weight: u in that of u, v in that of v, v in that of u, both right sides.
        gradient_products: The same of the gradient; without fields if both have one weight.
        side: Right sides of the equations of u and v.
        inverse: omega, divided by the factors of u and v.
        cross_u: `inverse` times the factor of v in the equation of u.
        cross_v: `inverse` times the factor of u in the equation of v.
        cross: Both.
    """

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
    inverse: Tensor
    cross_u: Tensor
    cross_v: Tensor
    cross: Tensor


class Fields:
    """All fields of a batch of pairs: (n, 2 colours, places).

    Attributes:
        flow: u, v: the unknowns.
        base: u, v, u of the flow that the second image was warped with.
        links: See `Colour`.
        terms: T, X, Y, TX, TY, XX, XY, YY: derivatives of the images.
        products: See `Colour`.
        colours: What the pixels of either colour see.
    """

    def __init__(self, board: Board, joint: bool, like: Tensor) -> None:
        """Allocate them, all 0.

        Args:
            board: Where the pixels lie.
            joint: Whether both data terms have one robust weight.
            like: Has the type and the device of all fields.
        """

        def fields(count: int) -> Tensor:
            return like.new_zeros((count, 2, board.places))

        self.flow = fields(2)
        self.base = fields(3)
        self.links = fields(2)
        self.terms = fields(8)
        self.products = fields(5 if joint else 10)
        self._weights = fields(2)
        self._side = fields(2)
        self._inverse = fields(2)
        self._cross = fields(2)
        self.colours = self._look(board, 0), self._look(board, 1)

    def _look(self, board: Board, colour: int) -> Colour:
        def see(fields: Tensor, right: int = 0, down: int = 0) -> Tensor:
            return board.seen(fields, colour, right, down)

        flow, base, weights = see(self.flow), see(self.base), see(self._weights)
        terms, products, cross = see(self.terms), see(self.products), see(self._cross)
        return Colour(
            flow=flow,
            u=flow[0],
            v=flow[1],
            left=see(self.flow, -1),
            right=see(self.flow, 1),
            above=see(self.flow, 0, -1),
            below=see(self.flow, 0, 1),
            above_right=see(self.flow, 1, -1),
            below_left=see(self.flow, -1, 1),
            below_right=see(self.flow, 1, 1),
            base=base[:2],
            base_turned=base[1:],
            links=see(self.links),
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
            inverse=see(self._inverse),
            cross_u=cross[0],
            cross_v=cross[1],
            cross=cross,
        )
