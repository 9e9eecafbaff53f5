"""AlexNet's convolutions with fully connected layers that tell where the joints are."""

import torch
from torch import Tensor, nn

from stpose.benchmarks.mpii.people import JOINTS
from stpose.network.alexnet import PoseNetwork
from stpose.network.weights import draw_weights
from stpose.settings.deeppose import DeepPoseSettings


class JointRegressor(nn.Module):
    """DeepPose's first stage (Toshev and Szegedy, CVPR 2014).

    The stages that refine each joint in a picture of its own are left out: the paper does not say
    whether it trained them, and what is compared is where the first one starts from.

    Attributes:
        network: The convolutions.
        head: Two hidden layers, and one that gives x and y of each joint.
    """

    def __init__(self, network: PoseNetwork, settings: DeepPoseSettings, mean_pose: Tensor) -> None:
        """Put a head on a network; hidden layers are drawn at random by the seed.

        The last layer starts with the mean pose as its answer to every picture, which is what
        learning has to better.

        Args:
            network: The convolutions.
            settings: Units, dropout, seed.
            mean_pose: (16, 2) in the frame of the square.
        """
        super().__init__()
        self.network = network
        units = settings.hidden_units
        last = nn.Linear(units, 2 * len(JOINTS))
        self.head = nn.Sequential(
            nn.Linear(network.feature_size, units),
            nn.ReLU(inplace=True),
            nn.Dropout(settings.dropout),
            nn.Linear(units, units),
            nn.ReLU(inplace=True),
            nn.Dropout(settings.dropout),
            last,
        )
        draw_weights(self.head, settings.seed + 1)
        with torch.no_grad():
            last.weight.zero_()
            last.bias.copy_(mean_pose.flatten())

    def forward(self, images: Tensor) -> Tensor:
        """Return joints (N, 16, 2) in the frame of the square, for pictures (N, 3, S, S)."""
        joints: Tensor = self.head(self.network(images))
        return joints.view(len(images), len(JOINTS), 2)


def joint_loss(predicted: Tensor, true: Tensor, present: Tensor) -> Tensor:
    """Return the mean squared distance of the joints that are annotated.

    Args:
        predicted: (N, 16, 2) in the frame of the square.
        true: (N, 16, 2); anything finite where a joint is missing.
        present: (N, 16) which joints are annotated.
    """
    squared = ((predicted - true) ** 2).sum(dim=2)
    return (squared * present).sum() / present.sum().clamp(min=1)
