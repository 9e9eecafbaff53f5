"""DeepPose from one initialisation: trained on some people of MPII, measured on others."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.benchmarks.mpii.data import expect_pictures, missing_pictures
from stpose.benchmarks.mpii.deeppose.model import JointRegressor
from stpose.benchmarks.mpii.deeppose.pictures import (
    cut_test_pictures,
    cut_training_pictures,
    from_frame,
)
from stpose.benchmarks.mpii.deeppose.training import mean_pose, predict_joints, train_regressor
from stpose.benchmarks.mpii.pckh import found_joints, head_segments, pckh, pckh_interval
from stpose.benchmarks.mpii.people import MpiiPeople
from stpose.errors import InputError
from stpose.network.alexnet import PoseNetwork
from stpose.network.devices import choose_device
from stpose.settings.deeppose import DeepPoseSettings

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DeepPoseTask:
    """Who is trained on and who is tested.

    Attributes:
        folder: The data folder, with `images/`.
        train: People to train on.
        test: People to test on.
        left_out: How many people of each list were left out, by reason.
    """

    folder: Path
    train: MpiiPeople
    test: MpiiPeople
    left_out: dict[str, dict[str, int]]

    def shared_images(self) -> int:
        """Return how many images are trained on and tested."""
        return len(set(self.train.images) & set(self.test.images))


@dataclass(frozen=True)
class TrainedDeepPose:
    """How a training went.

    Attributes:
        loss: Its last loss.
        found: By head size ("head_box", "head_segment"), then by column ("test", "mean_pose",
            "training_people") the joints found (N, 16): 1, 0, or NaN where they cannot be judged.
    """

    loss: float
    found: dict[str, dict[str, Floats]]


def make_deeppose_task(
    folder: Path,
    people: MpiiPeople,
    test: MpiiPeople | None,
    settings: DeepPoseSettings,
    only_with_pictures: bool = False,
) -> DeepPoseTask:
    """Choose whom to train on and whom to test.

    People without scale or centre are left out: nothing else tells where to look for them.

    Args:
        folder: The data folder.
        people: People to train on.
        test: People to test; without, those of a share of the images of `people`, drawn at random.
        settings: Share and seed.
        only_with_pictures: Leave people out whose picture is not there, for a sample of the set.

    Raises:
        InputError: Pictures are missing, or nobody is left to train on or to test.
    """
    left_out: dict[str, dict[str, int]] = {}
    train, left_out["train"] = _usable(folder, people, only_with_pictures)
    if test is None:
        names = sorted(set(train.images))
        order = np.random.default_rng(settings.seed).permutation(len(names))
        held_out = {names[one] for one in order[: max(1, round(settings.test_share * len(names)))]}
        is_held_out = np.array([name in held_out for name in train.images], dtype=np.bool_)
        tested = train.take(np.flatnonzero(is_held_out))
        train = train.take(np.flatnonzero(~is_held_out))
    else:
        tested, left_out["test"] = _usable(folder, test, only_with_pictures)
    if not len(train) or not len(tested):
        message = (
            f"{folder}: {len(train)} people to train on and {len(tested)} to test "
            f"({left_out}), expected at least one of each"
        )
        raise InputError(message)
    return DeepPoseTask(folder, train, tested, left_out)


def evaluate_deeppose(
    task: DeepPoseTask, initial: str, network: PoseNetwork, settings: DeepPoseSettings
) -> dict[str, Any]:
    """Train and measure; return all as one JSON object, PCKh from 0 to 100.

    The mean pose of the people trained on, the same for every picture, is measured too: what is
    above it was learned from pictures.

    Args:
        task: Who is trained on and tested.
        initial: What the initialisation is called.
        network: The convolutions as they start; changed in place.
        settings: How.

    Raises:
        InputError: A picture is unreadable, or the training diverges.
    """
    trained = train_deeppose(task, network, settings)
    content: dict[str, Any] = {
        "benchmark": "deeppose",
        "initial": initial,
        "train": len(task.train),
        "test": len(task.test),
        "images_trained_on_and_tested": task.shared_images(),
        "final_loss": trained.loss,
        "left_out": task.left_out,
        "intervals": {},
    }
    for size, found in trained.found.items():
        columns = {column: pckh(flags) for column, flags in found.items()}
        content[f"pckh_{size}"] = {
            group: {column: values[group] for column, values in columns.items()}
            for group in columns["test"]
        }
        interval = pckh_interval(found["test"], settings.bootstrap_samples, settings.seed)
        content["intervals"][size] = None if interval is None else [interval.low, interval.high]
    return {
        **content,
        "network": network.settings.model_dump(mode="json"),
        "settings": settings.model_dump(mode="json"),
    }


def train_deeppose(
    task: DeepPoseTask, network: PoseNetwork, settings: DeepPoseSettings
) -> TrainedDeepPose:
    """Train and find out which joints are found.

    Args:
        task: Who is trained on and tested.
        network: The convolutions as they start; changed in place.
        settings: How.

    Raises:
        InputError: A picture is unreadable, or the training diverges.
    """
    device = choose_device(settings.device)
    pictures = cut_training_pictures(task.folder, task.train, network.settings.input_px, settings)
    pose = mean_pose(task.train)
    model, loss = train_regressor(network, pictures, pose, settings, device)
    heads = {
        name: {"head_box": people.head_size, "head_segment": head_segments(people.joints)}
        for name, people in (("test", task.test), ("training_people", task.train))
    }
    same = from_frame(np.repeat(pose[None], len(task.test), axis=0), task.test.squares())
    on_test = _predicted(task.folder, task.test, model, settings, device)
    on_train = _predicted(task.folder, task.train, model, settings, device)
    found = {
        size: {
            "test": found_joints(on_test, task.test.joints, head),
            "mean_pose": found_joints(same, task.test.joints, head),
            "training_people": found_joints(
                on_train, task.train.joints, heads["training_people"][size]
            ),
        }
        for size, head in heads["test"].items()
    }
    return TrainedDeepPose(loss, found)


def _usable(
    folder: Path, people: MpiiPeople, only_with_pictures: bool
) -> tuple[MpiiPeople, dict[str, int]]:
    """Return the people with scale, centre and picture, and how many lack which."""
    placed = np.isfinite(people.squares()).all(axis=1)
    known = people.take(np.flatnonzero(placed))
    missing = set(missing_pictures(folder, known.images)) if only_with_pictures else set()
    here = np.array([name not in missing for name in known.images], dtype=np.bool_)
    usable = known.take(np.flatnonzero(here))
    expect_pictures(folder, usable.images)
    lacking = {
        "without_scale_or_centre": int((~placed).sum()),
        "without_picture": int((~here).sum()),
    }
    return usable, lacking


def _predicted(
    folder: Path, people: MpiiPeople, model: JointRegressor, settings: DeepPoseSettings, device: str
) -> Floats:
    """Return joints (N, 16, 2) in px of the images."""
    input_px = model.network.settings.input_px
    crops = cut_test_pictures(folder, people, input_px, settings.batch_size)
    return from_frame(predict_joints(model, crops, device), people.squares())
