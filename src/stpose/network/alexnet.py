"""The convolutions that all tasks share: AlexNet up to pool5 (paper 3.4)."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from stpose.settings.network import NetworkSettings

# Mean and spread of ImageNet's pictures in RGB, 0 to 1: torchvision's weights expect them.
RGB_MEAN = (0.485, 0.456, 0.406)
RGB_STD = (0.229, 0.224, 0.225)
_CHANNELS_MULTIPLE = 8


@dataclass(frozen=True)
class _Layer:
    """One convolution and what follows it."""

    channels: int
    kernel: int
    padding: int
    groups: int
    pool: bool
    response_norm: bool = False


_LAYOUTS = {
    "torchvision": (
        _Layer(64, 11, 2, 1, pool=True),
        _Layer(192, 5, 2, 1, pool=True),
        _Layer(384, 3, 1, 1, pool=False),
        _Layer(256, 3, 1, 1, pool=False),
        _Layer(256, 3, 1, 1, pool=True),
    ),
    "caffe": (
        _Layer(96, 11, 0, 1, pool=True, response_norm=True),
        _Layer(256, 5, 2, 2, pool=True, response_norm=True),
        _Layer(384, 3, 1, 1, pool=False),
        _Layer(384, 3, 1, 2, pool=False),
        _Layer(256, 3, 1, 2, pool=True),
    ),
}


class PoseNetwork(nn.Module):
    """AlexNet's five convolutions, with a negative slope behind the last one.

    Attributes:
        settings: Its shape.
        feature_size: Length of a flattened pool5.
        centre: (C,) what is taken off the channels of pool5; 0 in training (`training.centre`).
        bell: (1, 1, 1, `settings.pool5_side`) weights of pool5's columns.
    """

    mean: Tensor
    std: Tensor
    centre: Tensor
    bell: Tensor

    def __init__(self, settings: NetworkSettings) -> None:
        """Build it; the weights are PyTorch's defaults until some are loaded or drawn."""
        super().__init__()
        self.settings = settings
        layers = _LAYOUTS[settings.layout]
        self.convolutions = nn.ModuleList()
        self.following = nn.ModuleList()
        channels = 3
        for number, layer in enumerate(layers):
            wanted = _scaled(layer.channels, settings.width)
            self.convolutions.append(
                nn.Conv2d(
                    channels,
                    wanted,
                    layer.kernel,
                    stride=settings.first_stride if number == 0 else 1,
                    padding=layer.padding,
                    groups=layer.groups,
                    bias=not settings.convolution_batch_norm,
                )
            )
            is_last = number == len(layers) - 1
            self.following.append(_following(layer, wanted, settings, is_last))
            channels = wanted
        self.feature_size = channels * settings.pool5_side**2
        self.register_buffer("mean", torch.tensor(RGB_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(RGB_STD).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("centre", torch.zeros(channels))
        self.register_buffer("bell", _bell(settings), persistent=False)
        self.to(memory_format=torch.channels_last)

    def forward(self, images: Tensor) -> Tensor:
        """Return pool5, its channels about their centres and its columns weighted.

        Args:
            images: (N, 3, S, S) RGB in 0 to 1, S = `settings.input_px`.

        Returns:
            (N, `feature_size`), ordered by channel, then row, then column.
        """
        maps = self.maps(images) - self.centre.view(1, -1, 1, 1)
        return (maps * self.bell if self.settings.window else maps).flatten(1)

    def maps(self, images: Tensor) -> Tensor:
        """Return pool5 as it is, (N, C, side, side), of pictures (N, 3, S, S) of any side."""
        maps = ((images - self.mean) / self.std).contiguous(memory_format=torch.channels_last)
        for convolution, following in zip(self.convolutions, self.following, strict=True):
            maps = following(convolution(maps))
        return maps


def _bell(settings: NetworkSettings) -> Tensor:
    """Return the weight of each column of pool5 (1, 1, 1, side); 1 without a window."""
    side = settings.pool5_side
    if not settings.window:
        return torch.ones(1, 1, 1, side)
    from_middle = (torch.arange(side) - (side - 1) / 2) / side
    return torch.exp(-0.5 * (from_middle / settings.window) ** 2).view(1, 1, 1, side)


def _following(
    layer: _Layer, channels: int, settings: NetworkSettings, is_last: bool
) -> nn.Sequential:
    parts: list[nn.Module] = []
    if settings.convolution_batch_norm:
        parts.append(nn.BatchNorm2d(channels))
    slope = settings.negative_slope if is_last else 0.0
    parts.append(nn.LeakyReLU(slope, inplace=True) if slope else nn.ReLU(inplace=True))
    if layer.response_norm and not settings.convolution_batch_norm:
        parts.append(nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=1.0))
    if layer.pool:
        parts.append(nn.MaxPool2d(3, stride=2, ceil_mode=settings.layout == "caffe"))
    return nn.Sequential(*parts)


def _scaled(channels: int, width: float) -> int:
    """Return a multiple of eight near the wanted number: such sizes divide and run well."""
    return max(1, round(channels * width / _CHANNELS_MULTIPLE)) * _CHANNELS_MULTIPLE
