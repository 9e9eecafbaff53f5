"""The motion recipe: maps that go with their pictures."""

import cv2
import numpy as np
import pytest
import torch
from pydantic import ValidationError

from stpose.artefacts.motion_maps import encode_motion
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CROPS, CURRICULUM, MOTION
from stpose.artefacts.stores import create_store
from stpose.artefacts.tables import write_table
from stpose.crop_collection import CropCollection
from stpose.errors import ArtefactError, InputError
from stpose.recipes.footage import read_footage
from stpose.recipes.motion import LocalHead, Motion, motion
from stpose.recipes.motion_crops import SIDE, motion_crops
from stpose.recipes.recipe import MEASURES
from stpose.settings.experiment import ExperimentSettings

WIDTH, HEIGHT, SIZE = 120, 80, 60
REGION = np.array([-10.0, 10.0, 70.0, 90.0])  # leaves the frame to the left and below
# What moves is bright in the picture: the one must come out wherever the other does.
MOVING = (slice(30, 50), slice(20, 36))


def frame_maps():
    lengths = np.zeros((HEIGHT, WIDTH), np.float32)
    lengths[MOVING] = 4
    return lengths


@pytest.fixture
def stores(tmp_path):
    folders = tmp_path / "crops", tmp_path / "flow"
    for folder in folders:
        folder.mkdir()
    crops, maps = (folder / "clip.h5" for folder in folders)
    provenance = derive("test", "{}")
    scale = SIZE / 80
    picture = np.zeros((SIZE, SIZE, 3), np.uint8)
    rows, columns = (
        slice(round((part.start - corner) * scale), round((part.stop - corner) * scale))
        for part, corner in zip(MOVING, (10, -10), strict=True)
    )
    picture[rows, columns] = 255
    with create_store(crops, CROPS, provenance) as store:
        store.attributes.update(video_id="clip", size_px=SIZE, stride=1)
        for frame in range(6):
            store.append(
                frame=frame,
                track=1,
                box=[10, 10, 50, 50],
                region=REGION,
                valid=[7.5, 0, SIZE, 52.5],
                image=cv2.imencode(".png", picture)[1].tobytes(),
            )
    with create_store(maps, MOTION, provenance) as store:
        store.attributes.update(video_id="clip", width=WIDTH, height=HEIGHT, largest=10.0)
        for frame in range(1, 6):  # the first frame has none
            lengths = frame_maps() if frame < 5 else np.zeros((HEIGHT, WIDTH), np.float32)
            store.append(frame=frame, map=encode_motion(lengths, WIDTH, 10.0))
    curriculum = tmp_path / "curriculum.parquet"
    table = {
        "video_id": ["clip"] * 6,
        "track": [1] * 6,
        "frame": list(range(6)),
        "ratio": [2.0] * 6,
        "block": [0] * 6,
    }
    write_table(curriculum, CURRICULUM, table, provenance)
    return curriculum, crops, maps


def recipe_of(stores, **chosen):
    curriculum, crops, maps = stores
    collection = CropCollection([crops])
    footage = read_footage(collection.index, SIZE, curriculum, None, [crops], [maps])
    values = {"batch_size": 4, "negatives": 3, "crop_mode": "square", **chosen}
    settings = ExperimentSettings(**values, motion={"weight": 1, "side": 16})
    return motion(footage, settings), collection


def test_a_crop_has_the_part_of_the_map_that_it_shows(stores):
    _, crops, maps = stores
    index = CropCollection([crops]).index
    found, known = motion_crops(index, np.arange(6), [crops], [maps])
    assert known.tolist() == [False, True, True, True, True, False]
    lengths = frame_maps()
    for row in range(0, SIDE, 5):
        for column in range(0, SIDE, 5):
            x, y = (REGION[:2] + (np.array([column, row]) + 0.5) * 80 / SIDE - 0.5).round()
            inside = 0 <= x < WIDTH and 0 <= y < HEIGHT
            wanted = 255 * bool(inside and lengths[int(y), int(x)])
            # Edges are blurred by interpolation; they are no test.
            near = lengths[max(0, int(y) - 2) : int(y) + 3, max(0, int(x) - 2) : int(x) + 3]
            if near.size and np.ptp(near) == 0:
                assert abs(int(found[1, row, column]) - wanted) <= 3


def test_maps_move_with_their_pictures(stores):
    recipe, collection = recipe_of(stores, shift=0.1, scale=0.2, rotation=25)
    flips = set()
    for seed in range(8):
        drawn = recipe.draw(np.random.default_rng(seed), 1)
        found, valid = (part.numpy() for part in recipe.maps_of(drawn, torch.device("cpu")))
        assert found.shape == valid.shape == (4, 16, 16)
        arguments = (drawn.crops, drawn.boxes, 64, drawn.mirror, drawn.rotation, "cpu", "square")
        pictures = collection.sample(*arguments)[:, :1]
        real = collection.real_pixels(*arguments).float()
        bright = torch.nn.functional.avg_pool2d(pictures, 4)[:, 0].numpy()
        known = torch.nn.functional.avg_pool2d(real, 4)[:, 0].numpy()
        flips |= set(drawn.mirror.tolist())
        assert valid[known == 1].all()
        assert not valid[known == 0].any()
        inner = valid & ((bright > 0.99) | (bright < 0.01))
        assert inner.sum() > 400
        # Maps are coarser than pictures, so what moves reaches a little further there.
        assert np.abs(found - bright)[inner].mean() < 0.02
        assert (np.abs(found - bright)[inner] < 0.3).mean() > 0.98
    assert flips == {True, False}


def test_losses_are_those_of_a_loop(stores):
    recipe, _ = recipe_of(stores)
    drawn = recipe.draw(np.random.default_rng(0), 1)
    generator = torch.Generator().manual_seed(0)
    head = recipe.head(10)
    features = torch.randn((4, 10), generator=generator)
    judged = recipe.judge(head, features, drawn)
    guess = torch.sigmoid(head(features)).detach().double().numpy()
    maps = recipe.maps_of(drawn, torch.device("cpu"))
    truth, known = (part.flatten(1).numpy() for part in maps)
    losses, trivial = [], []
    for place in range(256):
        seen = known[:, place]
        usual = truth[seen, place].mean() if seen.any() else 0.0
        for number in np.flatnonzero(seen):
            right = truth[number, place]
            for said, out in ((guess[number, place], losses), (usual, trivial)):
                yes, no = np.log(max(said, 1e-44)), np.log(max(1 - said, 1e-44))
                out.append(-right * yes - (1 - right) * no)
    assert judged.loss.item() == pytest.approx(np.mean(losses), rel=1e-4)
    sums = dict(zip(MEASURES, judged.sums["motion"].tolist(), strict=True))
    assert sums["samples"] == 4
    assert sums["loss"] == pytest.approx(4 * np.mean(losses), rel=1e-4)
    assert sums["trivial_loss"] == pytest.approx(4 * np.mean(trivial), rel=1e-3, abs=1e-6)
    assert sums["judged"] == sums["groups"] == 0


def test_nothing_is_asked_where_no_pixel_is_real(stores, monkeypatch):
    recipe, _ = recipe_of(stores, shift=0.3)
    drawn = recipe.draw(np.random.default_rng(0), 1)
    features = torch.zeros((4, 10))
    head = recipe.head(10)
    right = recipe.judge(head, features, drawn).loss
    maps, known = recipe.maps_of(drawn, torch.device("cpu"))
    wrong = torch.where(known, maps, 1 - maps)
    assert not torch.equal(wrong, maps)
    monkeypatch.setattr(Motion, "maps_of", lambda *_: (wrong, known))
    assert torch.equal(recipe.judge(head, features, drawn).loss, right)


def test_a_local_head_speaks_of_its_own_place_only():
    head = LocalHead(channels=8, places=3, cells=4)
    features = torch.randn((2, 8 * 9), generator=torch.Generator().manual_seed(0))
    before = head(features).view(2, 12, 12)
    changed = features.view(2, 8, 3, 3).clone()
    changed[1, :, 2, 0] += 1
    moved = (head(changed.flatten(1)).view(2, 12, 12) != before).nonzero()
    assert set(map(tuple, moved.tolist())) == {
        (1, row, column) for row in range(8, 12) for column in range(4)
    }


def test_a_local_head_needs_whole_places():
    settings = {"network": {"input_px": 100, "first_stride": 2}, "motion": {"weight": 1}}
    assert ExperimentSettings(**settings).network.pool5_side == 5
    settings["motion"] |= {"head": "local", "side": 10}
    assert ExperimentSettings(**settings).motion.side == 10
    settings["motion"]["side"] = 12
    with pytest.raises(ValidationError, match=r"side 12 is no multiple of the 5 places of pool5"):
        ExperimentSettings(**settings)


def test_half_precision_judges_as_single_does(stores):
    recipe, _ = recipe_of(stores)
    drawn = recipe.draw(np.random.default_rng(0), 1)
    head = recipe.head(10)
    features = torch.randn((4, 10), generator=torch.Generator().manual_seed(1))
    single = recipe.judge(head, features, drawn)
    with torch.autocast("cpu", torch.bfloat16):
        half = recipe.judge(head, features, drawn)
    assert half.loss.item() == pytest.approx(single.loss.item(), rel=0.02)
    assert half.sums["motion"][2] == single.sums["motion"][2]


def test_too_few_maps_are_counted(stores):
    with pytest.raises(InputError, match=r"curriculum.parquet: 4 of its 6 frames .* at least 8"):
        recipe_of(stores, batch_size=8)


def test_a_video_without_maps_is_named(stores):
    with pytest.raises(ArtefactError, match="clip: it has crops, but no motion maps"):
        motion_crops(CropCollection([stores[1]]).index, np.arange(2), [stores[1]], [])
