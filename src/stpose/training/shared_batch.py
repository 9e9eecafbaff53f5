"""A batch whose pictures are shared out over processes, trained on as if one had them all.

Each process sends its share of the pictures through the convolutions. Their batch normalisation
takes mean and variance of the whole batch, summed over the processes. Then pool5 of all pictures
is brought together, and every process computes the heads and the loss of the whole batch: recipes
know nothing of processes, and normalisation in the heads needs no further exchange.

Gradients: a sum over processes hands back the sum of what all of them make of it. As each of n
processes has the same loss, that is n times the gradient of its share. The mean over processes,
which DistributedDataParallel takes, is the gradient of one process with the whole batch.
"""

from typing import Any

import torch
import torch.distributed as distributed
from torch import Tensor, nn

from stpose.training.processes import Processes


class _Sum(torch.autograd.Function):
    """The sum over processes; PyTorch's own one with a gradient is deprecated from 2.13 on."""

    @staticmethod
    def forward(_: Any, values: Tensor) -> Tensor:
        total = values.contiguous().clone()
        distributed.all_reduce(total)
        return total

    @staticmethod
    def backward(_: Any, *gradients: Tensor) -> Tensor:
        total = gradients[0].contiguous().clone()
        distributed.all_reduce(total)
        return total


def summed_over_processes(values: Tensor) -> Tensor:
    """Return the sum of a tensor over all processes, the same in each; gradients pass through."""
    total: Tensor = _Sum.apply(values)
    return total


def whole_batch(features: Tensor, processes: Processes, pictures: int) -> Tensor:
    """Return the features (N, D) of all pictures of a batch.

    Args:
        features: (n, D) those of this process's share.
        processes: Which share that is.
        pictures: N, in the batch.
    """
    share = processes.share(pictures)
    before = features.new_zeros((share.start, features.shape[1]))
    behind = features.new_zeros((pictures - share.stop, features.shape[1]))
    return summed_over_processes(torch.cat([before, features, behind]))


class SharedBatchNorm2d(nn.BatchNorm2d):
    """Batch normalisation by the statistics of the whole batch; PyTorch's own needs GPUs."""

    def forward(self, maps: Tensor) -> Tensor:
        """Normalise maps (n, C, H, W), those of this process's share."""
        if not self.training:
            return super().forward(maps)
        values = maps.to(torch.promote_types(maps.dtype, torch.float32))
        own = values.new_full((1,), values.numel() / values.shape[1])
        sums = summed_over_processes(torch.cat([values.sum(dim=(0, 2, 3)), own]))
        mean, count = sums[:-1] / sums[-1].detach(), sums[-1].detach()
        centred = values - mean[:, None, None]
        variance = summed_over_processes(centred.square().sum(dim=(0, 2, 3))) / count
        self._remember(mean.detach(), (variance * count / (count - 1)).detach())
        scale = self.weight * (variance + self.eps).rsqrt()
        return (centred * scale[:, None, None] + self.bias[:, None, None]).to(maps.dtype)

    def _remember(self, mean: Tensor, variance: Tensor) -> None:
        momentum = self.momentum or 0.0
        assert self.running_mean is not None
        assert self.running_var is not None
        assert self.num_batches_tracked is not None
        self.running_mean.lerp_(mean, momentum)
        self.running_var.lerp_(variance, momentum)
        self.num_batches_tracked.add_(1)


def share_statistics(network: nn.Module) -> None:
    """Let all batch normalisation of a network take statistics of the whole batch, in place."""
    for module in list(network.modules()):
        for name, child in module.named_children():
            if type(child) is nn.BatchNorm2d:
                shared = SharedBatchNorm2d(child.num_features, child.eps, child.momentum)
                shared.load_state_dict(child.state_dict())
                setattr(module, name, shared.to(child.weight))
