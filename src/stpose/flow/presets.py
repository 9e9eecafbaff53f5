"""Named sets of parameters."""

from collections.abc import Mapping
from types import MappingProxyType

from stpose.errors import InputError
from stpose.flow.gpu import has_gpu
from stpose.flow.parameters import (
    BroxParameters,
    DisParameters,
    Parameters,
    TorchParameters,
    VariationalParameters,
)

# Chosen on three Middlebury pairs and on made ones (bench/made_pairs.py). Both weights lie above
# the published 0.07 and 7: where light changes or there is noise that takes a fifth off the error,
# and costs nothing elsewhere. The price is that where it is not known what moved, rounding decides
# which of several solutions is found: float32 and float64 differ by 0.005 to 0.05 px on
# average; by less than 0.0001 px for SEPARATE and JOINT.
DEFAULT = BroxParameters(alpha=0.15, gamma=30.0, joint=False, warps=3, inner=4, sweeps=8)
FAST = BroxParameters(alpha=0.15, gamma=30.0, joint=False, scale=0.87, warps=2, inner=2, sweeps=5)
SEPARATE = BroxParameters(alpha=0.07, gamma=7.0, joint=False, inner=7, sweeps=8)
JOINT = BroxParameters(alpha=0.197, gamma=50.0, joint=True, warps=2, inner=7, sweeps=10)

# The parameters of OpenCV's own regression test of its CUDA solver.
OPENCV = BroxParameters(
    alpha=0.197,
    gamma=50.0,
    joint=True,
    scale=0.8,
    levels=77,
    warps=1,
    inner=10,
    sweeps=10,
    omega=1.99,
    presmoothing=0.0,
    median=0,
    steps="opencv",
)

PRESETS: Mapping[str, Mapping[str, Parameters]] = MappingProxyType(
    {
        "cpu": MappingProxyType(
            {
                "default": DEFAULT,
                "joint": JOINT,
                "separate": SEPARATE,
                "fast": FAST,
                "opencv": OPENCV,
            }
        ),
        "torch": MappingProxyType(
            {
                "default": TorchParameters(DEFAULT),
                "joint": TorchParameters(JOINT),
                "separate": TorchParameters(SEPARATE),
                "fast": TorchParameters(FAST),
            }
        ),
        "variational": MappingProxyType(
            {
                "default": VariationalParameters(),
                "fast": VariationalParameters(scale=0.9, inner=5, sweeps=10, omega=1.8),
            }
        ),
        "dis": MappingProxyType(
            {"default": DisParameters("medium"), "fast": DisParameters("fast")}
        ),
    }
)


def find_preset(backend: str, preset: str) -> Parameters:
    """Return the parameters of a preset for a backend.

    The backend "auto" is "torch" where there is a GPU and torch has the preset, else "cpu".

    Raises:
        InputError: The backend or its preset does not exist.
    """
    name = backend
    if backend == "auto":
        name = "torch" if preset in PRESETS["torch"] and has_gpu() else "cpu"
    if name not in PRESETS:
        message = f"flow backend {backend!r}, expected auto, {', '.join(PRESETS)}"
        raise InputError(message)
    if preset not in PRESETS[name]:
        message = (
            f"flow preset {preset!r} with backend {backend!r}, expected {', '.join(PRESETS[name])}"
        )
        raise InputError(message)
    return PRESETS[name][preset]
