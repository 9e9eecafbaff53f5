"""Named sets of parameters."""

from collections.abc import Mapping
from dataclasses import replace
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

# Data terms in px, as in DeepFlow: where there is noise, other light or large motion this takes
# a third off the error of the published weights, and one warp a level is enough. Chosen on three
# Middlebury pairs and on made ones (bench/made_pairs.py).
DEFAULT = BroxParameters(alpha=12.0, gamma=8.0, joint=False, epsilon=0.01, floor=0.0005)
FAST = replace(DEFAULT, inner=3, sweeps=5)
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
