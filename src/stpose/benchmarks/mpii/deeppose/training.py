"""Learning joints from annotated people, and telling them for others."""

import math
from collections.abc import Iterable

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from stpose.benchmarks.mpii.deeppose.model import JointRegressor, joint_loss
from stpose.benchmarks.mpii.deeppose.pictures import TrainingPictures, draw_batch, in_frame
from stpose.benchmarks.mpii.people import JOINTS, MpiiPeople
from stpose.errors import InputError
from stpose.network.alexnet import PoseNetwork
from stpose.settings.deeppose import DeepPoseSettings

Floats = NDArray[np.float64]

# The loss that is reported is the mean over the last so many iterations.
_LAST = 100


def mean_pose(people: MpiiPeople) -> Floats:
    """Return the mean place (16, 2) of each joint in the frame of people's squares.

    Raises:
        InputError: Nobody has one of the joints.
    """
    known = people.present.any(axis=0)
    if not known.all():
        message = (
            f"{people.source}: the {JOINTS[int(np.argmin(known))]} of none of {len(people)} people "
            "to train on is annotated, expected every joint at least once"
        )
        raise InputError(message)
    return np.asarray(np.nanmean(in_frame(people.joints, people.squares()), axis=0))


def train_regressor(
    network: PoseNetwork,
    pictures: TrainingPictures,
    pose: Floats,
    settings: DeepPoseSettings,
    device: str,
) -> tuple[JointRegressor, float]:
    """Fine-tune a network and its new head on joints.

    On one kind of machine and with one number of threads, equal seeds give equal weights.

    Args:
        network: The convolutions as they start; changed in place.
        pictures: People to train on.
        pose: (16, 2) the answer to begin with.
        settings: How.
        device: Where to compute.

    Returns:
        The regression, ready for use, and its mean loss over the last hundred iterations.

    Raises:
        InputError: The loss is not finite any more.
    """
    losses: list[float] = []
    # Layers and dropout draw from PyTorch's own generator; what it was is put back at the end.
    with torch.random.fork_rng([torch.cuda.current_device()] if device == "cuda" else []):
        model = JointRegressor(network, settings, torch.from_numpy(pose).float()).to(device)
        model.train()
        optimiser = torch.optim.Adam(model.parameters(), lr=settings.learning_rate)
        bar = tqdm(range(settings.iterations), desc="DeepPose", unit="iteration", disable=None)
        for step in bar:
            rate = 0.5 * (1 + math.cos(math.pi * step / settings.iterations))
            optimiser.param_groups[0]["lr"] = settings.learning_rate * rate
            torch.manual_seed(settings.seed << 32 | step)
            batch = draw_batch(pictures, network.settings.input_px, step, settings)
            predicted = model(batch.images.to(device))
            loss = joint_loss(predicted, batch.joints.to(device), batch.present.to(device))
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            losses = [*losses[1 - _LAST :], float(loss.detach())]
            if not math.isfinite(losses[-1]):
                message = (
                    f"the loss is {losses[-1]} at iteration {step + 1}: learning_rate "
                    f"{settings.learning_rate:g} is too high"
                )
                raise InputError(message)
    return model.eval(), float(np.mean(losses))


def predict_joints(
    model: JointRegressor, batches: Iterable[NDArray[np.uint8]], device: str
) -> Floats:
    """Return joints (N, 16, 2) in the frame of the square.

    Args:
        model: The regression.
        batches: Pictures (B, S, S, 3) RGB that go through together, at least one batch.
        device: Where to compute.
    """
    model.to(device).eval()
    found = []
    with torch.inference_mode():
        for crops in batches:
            pixels = torch.from_numpy(np.ascontiguousarray(crops)).to(device)
            joints = model(pixels.permute(0, 3, 1, 2).float() / 255)
            found.append(joints.cpu().double().numpy())
    return np.concatenate(found)
