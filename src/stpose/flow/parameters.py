"""Parameters of the solvers."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class BroxParameters:
    """Parameters of the solver of Brox et al. 2004; grey levels are in [0, 1].

    Attributes:
        alpha: Weight of the smoothness.
        gamma: Weight of the constancy of the gradient against that of brightness.
        joint: One robust penalty around both constancies (as in the paper), or one each.
        epsilon: Of the penalty psi(s^2) = sqrt(s^2 + epsilon^2).
        scale: Size of a level of the pyramid by that of the finer one, in (0, 1).
        smallest_side: The shorter side at which the pyramid ends, px.
        levels: At most so many levels.
        warps: Outer fixed point iterations a level; the image is warped anew in each.
        inner: Inner fixed point iterations a warp; the robust weights are new in each.
        sweeps: Sweeps of successive over-relaxation an inner iteration.
        omega: Over-relaxation, in (0, 2).
        presmoothing: Standard deviation of the Gauss filter before all else, px; 0 for none.
        floor: Grey levels a px: each data term is divided by the length of its gradient, but by no
            less than this, so that its penalty is of px; 0 leaves it in grey levels (the paper's).
        median: Side of the median filter on the flow after each warp (3 or 5); 0 for none.
        steps: How images are resized, differentiated and warped: "own" or "opencv" (as in
            OpenCV's CUDA solver, whose results it reproduces).
    """

    alpha: float
    gamma: float
    joint: bool
    epsilon: float = 1e-3
    scale: float = 0.9
    smallest_side: int = 16
    levels: int = 200
    warps: int = 1
    inner: int = 7
    sweeps: int = 8
    omega: float = 1.85
    presmoothing: float = 0.6
    floor: float = 0.0
    median: int = 5
    steps: Literal["own", "opencv"] = "own"


@dataclass(frozen=True)
class TorchParameters:
    """Parameters of the solver of Brox et al. 2004 in PyTorch, on a GPU if there is one.

    Attributes:
        brox: Of the energy and of its minimisation; `steps` must be "own".
    """

    brox: BroxParameters


@dataclass(frozen=True)
class VariationalParameters:
    """Parameters of a pyramid around OpenCV's variational refinement; grey levels to 255.

    Attributes:
        alpha: Weight of the smoothness.
        delta: Weight of the constancy of brightness.
        gamma: Weight of the constancy of the gradient.
        scale: Size of a level of the pyramid by that of the finer one, in (0, 1).
        smallest_side: The shorter side at which the pyramid ends, px.
        inner: Fixed point iterations a level.
        sweeps: Sweeps of successive over-relaxation a fixed point iteration.
        omega: Over-relaxation, in (0, 2).
        presmoothing: Standard deviation of the Gauss filter before all else, px.
    """

    alpha: float = 4.0
    delta: float = 0.5 / 3
    gamma: float = 5.0 / 3
    scale: float = 0.95
    smallest_side: int = 25
    inner: int = 5
    sweeps: int = 25
    omega: float = 1.6
    presmoothing: float = 0.6


@dataclass(frozen=True)
class DisParameters:
    """Parameters of OpenCV's dense inverse search.

    Attributes:
        speed: OpenCV's preset.
    """

    speed: Literal["ultrafast", "fast", "medium"] = "medium"


Parameters = BroxParameters | TorchParameters | VariationalParameters | DisParameters
