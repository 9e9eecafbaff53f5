"""DeepPose learns joints, the same ones each time."""

import json

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from stpose.artefacts.provenance import derive
from stpose.benchmarks.mpii.data import load_mpii
from stpose.benchmarks.mpii.deeppose.evaluation import make_deeppose_task
from stpose.benchmarks.mpii.deeppose.initial import initial_network
from stpose.benchmarks.mpii.deeppose.model import JointRegressor, joint_loss
from stpose.benchmarks.mpii.deeppose.pictures import cut_training_pictures
from stpose.benchmarks.mpii.deeppose.training import mean_pose, train_regressor
from stpose.cli.main import app
from stpose.errors import ArtefactError, InputError
from stpose.network.features import random_network
from stpose.network.weights import save_weights
from stpose.settings.deeppose import DeepPoseSettings
from stpose.settings.network import NetworkSettings

SHAPE = NetworkSettings(input_px=64, width=0.2)
TINY = ("--input-px", 96, "--width", 0.2, "--hidden-units", 512, "--dropout", 0, "--device", "cpu")


def evaluate(*arguments):
    done = CliRunner().invoke(app, ["evaluate", *[str(one) for one in arguments]])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture(scope="module")
def data(tmp_path_factory, mpii):
    """Four people, each in a picture that shows every joint in its own colour."""
    folder = tmp_path_factory.mktemp("deeppose")
    generator = np.random.default_rng(2)
    people = []
    for number in range(4):
        one = mpii.draw_person(generator, f"{number}.png", width=120, height=120)
        head = (10.0, 10.0, 40.0, 50.0)
        people.append(mpii.replace(one, head=head, scale=0.5, centre=(61.0, 53.5)))
    mpii.write_release(folder / "mpii_human_pose_v1_u12_1.mat", people)
    mpii.write_pictures(folder, people, size=(120, 120))
    return folder


def test_the_loss_is_over_annotated_joints_alone():
    generator = torch.Generator().manual_seed(0)
    predicted = torch.randn((5, 16, 2), generator=generator, requires_grad=True)
    true = torch.randn((5, 16, 2), generator=generator)
    present = torch.rand((5, 16), generator=generator) < 0.6
    expected = [
        sum((predicted[n, j, axis] - true[n, j, axis]).item() ** 2 for axis in range(2))
        for n in range(5)
        for j in range(16)
        if present[n, j]
    ]
    loss = joint_loss(predicted, true, present)
    assert loss.item() == pytest.approx(np.mean(expected), rel=1e-5)
    loss.backward()
    assert (predicted.grad[~present] == 0).all()
    assert (predicted.grad[present] != 0).all()
    assert joint_loss(predicted, true, torch.zeros_like(present)).item() == 0


def test_the_first_answer_is_the_mean_pose():
    pose = torch.randn((16, 2), generator=torch.Generator().manual_seed(1))
    settings = DeepPoseSettings(hidden_units=32)
    model = JointRegressor(random_network(SHAPE, 0), settings, pose).eval()
    answers = model(torch.rand((3, 3, 64, 64)))
    assert answers.shape == (3, 16, 2)
    for answer in answers:
        assert torch.equal(answer, pose)


def test_overfitting_a_few_people(data):
    found = json.loads(
        evaluate(
            *("deeppose", "--data", data, "--initial", "random", "--json"),
            *("--test", "mpii_human_pose_v1_u12_1.mat", "--iterations", 150, "--batch", 8),
            *("--learning-rate", 1e-3, "--shift", 0.02, "--scale", 0.02, "--mirror", 0, *TINY),
        ).stdout
    )
    assert (found["train"], found["test"]) == (4, 4)
    assert found["images_trained_on_and_tested"] == 4
    total = found["pckh_head_box"]["total"]
    # 0.5 * 0.6 * 50 px of squares of 125 px.
    assert total["mean_pose"] < 30
    assert total["training_people"] > 90
    assert total["test"] == total["training_people"]
    low, high = found["intervals"]["head_box"]
    assert low <= total["test"] <= high
    assert found["left_out"]["train"] == {"without_scale_or_centre": 0, "without_picture": 0}
    assert list(found["pckh_head_segment"])[:3] == ["head", "neck", "shoulder"]


def trained(data, seed):
    settings = DeepPoseSettings(iterations=3, batch_size=4, hidden_units=32, seed=seed)
    people = load_mpii(data / "mpii_human_pose_v1_u12_1.mat")
    pictures = cut_training_pictures(data, people, 64, settings)
    network = random_network(SHAPE, seed)
    outside = torch.random.get_rng_state()
    model, loss = train_regressor(network, pictures, mean_pose(people), settings, "cpu")
    assert loss > 0
    assert torch.equal(outside, torch.random.get_rng_state())
    return torch.cat([values.flatten() for values in model.state_dict().values()])


def test_equal_seeds_give_equal_weights(data):
    first, again = trained(data, 0), trained(data, 0)
    assert torch.equal(first, again)
    assert not torch.equal(first, trained(data, 1))


def test_all_layers_are_trained(data):
    settings = DeepPoseSettings(iterations=2, batch_size=4, hidden_units=32)
    people = load_mpii(data / "mpii_human_pose_v1_u12_1.mat")
    network = random_network(SHAPE, 0)
    before = [parameter.detach().clone() for parameter in network.parameters()]
    pictures = cut_training_pictures(data, people, 64, settings)
    train_regressor(network, pictures, mean_pose(people), settings, "cpu")
    for old, new in zip(before, network.parameters(), strict=True):
        assert not torch.equal(old, new)


def test_diverging_is_said(data):
    settings = DeepPoseSettings(iterations=50, batch_size=4, hidden_units=32, learning_rate=1.0)
    people = load_mpii(data / "mpii_human_pose_v1_u12_1.mat")
    pictures = cut_training_pictures(data, people, 64, settings)
    pose = np.full((16, 2), 1e30)
    with pytest.raises(InputError, match=r"the loss is .* learning_rate 1 is too high"):
        train_regressor(random_network(SHAPE, 0), pictures, pose, settings, "cpu")


def test_the_mean_pose_is_of_annotated_joints(tmp_path, mpii, crowd):
    mpii.write_json(tmp_path / "list.json", crowd)
    people = load_mpii(tmp_path / "list.json")
    pose = mean_pose(people)
    squares = people.squares()
    places = [
        (people.joints[row, 3] - squares[row, :2]) / (squares[row, 2] - squares[row, 0]) - 0.5
        for row in np.flatnonzero(people.present[:, 3])
    ]
    np.testing.assert_allclose(pose[3], np.mean(places, axis=0))
    alone = people.take(np.flatnonzero(~people.present[:, 3])[:1])
    with pytest.raises(InputError, match="of none of 1 people to train on"):
        mean_pose(alone)


def test_images_are_held_out_whole(tmp_path, mpii):
    generator = np.random.default_rng(0)
    people = [mpii.draw_person(generator, f"{n // 3}.jpg", n % 3) for n in range(60)]
    mpii.write_json(tmp_path / "list.json", people)
    mpii.write_pictures(tmp_path, people)
    read = load_mpii(tmp_path / "list.json")
    task = make_deeppose_task(tmp_path, read, None, DeepPoseSettings(test_share=0.2))
    assert (len(task.train), len(task.test), task.shared_images()) == (48, 12, 0)
    other = make_deeppose_task(tmp_path, read, None, DeepPoseSettings(test_share=0.2, seed=1))
    assert set(task.test.images) != set(other.test.images)


def test_people_that_cannot_be_cut_out_are_left_out(tmp_path, mpii, crowd):
    mpii.write_csv(tmp_path / "first.csv", crowd)
    mpii.write_hdf5(tmp_path / "valid.h5", crowd)
    mpii.write_pictures(tmp_path, crowd[:3])
    listed, settings = load_mpii(tmp_path / "valid.h5"), DeepPoseSettings()
    with pytest.raises(InputError, match=r"c\.jpg: no such picture; 3 of 5 are missing"):
        make_deeppose_task(tmp_path, listed, None, settings)
    task = make_deeppose_task(tmp_path, listed, listed, settings, only_with_pictures=True)
    assert task.train.images == ("a.jpg", "b.jpg", "b.jpg")
    assert task.left_out["test"] == {"without_scale_or_centre": 0, "without_picture": 4}
    # The table has no centres.
    with pytest.raises(InputError, match="0 people to train on and 0 to test"):
        make_deeppose_task(tmp_path, load_mpii(tmp_path / "first.csv"), None, settings, True)


def test_our_weights_at_another_size(tmp_path, tiny_network):
    path = tmp_path / "results" / "training" / "st" / "1" / "weights.safetensors"
    path.parent.mkdir(parents=True)
    save_weights(path, tiny_network, derive("training", "{}"), {})
    for name in ("st", "st/1", str(path)):
        found = initial_network(name, SHAPE, 0, tmp_path / "results", input_px=96)
        assert found.settings.input_px == 96
        assert found.settings.width == tiny_network.settings.width
        for one, other in zip(found.parameters(), tiny_network.parameters(), strict=True):
            assert torch.equal(one, other)
    assert initial_network("st", SHAPE, 0, tmp_path / "results").settings == tiny_network.settings


def test_random_weights_hang_on_the_seed(tmp_path):
    first, again, other = (initial_network("random", SHAPE, n, tmp_path) for n in (0, 0, 1))
    assert torch.equal(first.convolutions[2].weight, again.convolutions[2].weight)
    assert not torch.equal(first.convolutions[2].weight, other.convolutions[2].weight)


@pytest.mark.parametrize("ending", [".pth", ".npz"])
def test_weights_of_others_are_told_by_their_ending(tmp_path, ending):
    path = tmp_path / f"alexnet{ending}"
    layout = "torchvision" if ending == ".pth" else "caffe"
    network = random_network(NetworkSettings(layout=layout, input_px=96), 5)
    names = range(1, 6) if layout == "caffe" else (0, 3, 6, 8, 10)
    pairs = list(zip(names, network.convolutions, strict=True))
    if layout == "caffe":
        arrays = {}
        for name, layer in pairs:
            arrays[f"conv{name}.weight"] = layer.weight.detach().numpy()
            arrays[f"conv{name}.bias"] = layer.bias.detach().numpy()
        np.savez(path, **arrays)
    else:
        state = {f"features.{name}.weight": layer.weight for name, layer in pairs}
        state |= {f"features.{name}.bias": layer.bias for name, layer in pairs}
        torch.save(state, path)
    found = initial_network(str(path), NetworkSettings(input_px=96), 0, tmp_path)
    assert found.settings.layout == layout
    # Caffe's first layer sees other pixels and is rewritten.
    for one, other in list(zip(found.convolutions, network.convolutions, strict=True))[1:]:
        assert torch.equal(one.weight, other.weight)


def test_initial_weights_that_are_none_are_explained(tmp_path):
    for name in ("nothing", "nothing.safetensors", "st/9"):
        with pytest.raises(InputError, match=r"no such file, and no weights.*expected random"):
            initial_network(name, SHAPE, 0, tmp_path)
    for name in ("nothing.npz", "nothing.caffemodel"):
        with pytest.raises(InputError, match="no such file"):
            initial_network(name, SHAPE, 0, tmp_path)
    bad = tmp_path / "bad.safetensors"
    bad.write_bytes(b"no weights")
    with pytest.raises((InputError, ArtefactError), match=r"bad\.safetensors"):
        initial_network(str(bad), SHAPE, 0, tmp_path)


def test_deeppose_options_out_of_range_are_said(data):
    common = ("deeppose", "--data", data, "--initial", "random")
    with pytest.raises(InputError, match=r"dropout: 3\.0, Input should be less than"):
        evaluate(*common, "--dropout", 3)
    with pytest.raises(InputError, match="input_px: 8, Input should be greater than"):
        evaluate(*common, "--input-px", 8)


def test_help_of_deeppose_has_an_example():
    words = " ".join(evaluate("deeppose", "--help").stdout.split())
    assert "Example: stpose evaluate deeppose --data" in words


def test_deeppose_runs_on_published_people(shared_data):
    """Two iterations on the five people whose pictures are there."""
    lists = ("--train", "annot/test_mpii.json", "--test", "annot/valid_first_half.h5")
    done = evaluate(
        *("deeppose", "--data", shared_data / "mpii", "--initial", "random", *lists, *TINY),
        *("--only-with-pictures", "--iterations", 2, "--batch", 2, "--json"),
    )
    found = json.loads(done.stdout)
    assert (found["train"], found["test"]) == (5, 5)
    assert found["left_out"]["test"]["without_picture"] == 1474
    assert found["pckh_head_box"]["total"]["test"] is not None
    # The list has no head boxes.
    assert found["pckh_head_box"]["total"]["training_people"] is None
    assert found["pckh_head_segment"]["total"]["training_people"] is not None
