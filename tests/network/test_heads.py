"""The two heads."""

import pytest
import torch
from torch import nn

from stpose.network.heads import OrderingHead, PlacementHead


@pytest.mark.parametrize(
    ("width", "sizes"), [(1.0, [20, 2048, 1024, 2]), (0.25, [20, 512, 256, 2])]
)
def test_sizes_are_the_paper_times_width(width, sizes):
    head = OrderingHead(10, width, dropout=0.5)
    linear = [part for part in head.layers if isinstance(part, nn.Linear)]
    assert [linear[0].in_features, *(part.out_features for part in linear)] == sizes


def test_ordering_is_not_symmetric():
    torch.manual_seed(0)
    head = OrderingHead(10, 0.1, dropout=0.0).eval()
    first, second = torch.rand(3, 10), torch.rand(3, 10)
    assert not torch.allclose(head(first, second), head(second, first))


def test_placement_takes_single_pictures():
    assert PlacementHead(10, 0.1, dropout=0.0)(torch.rand(5, 10)).shape == (5, 2)
