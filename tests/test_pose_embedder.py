"""The network as an object: pictures in, vectors out."""

import cv2
import numpy as np
import pytest

import stpose
from stpose.artefacts.provenance import derive
from stpose.crop_collection import CropCollection
from stpose.crops import write_crops
from stpose.embeddings import write_embeddings
from stpose.errors import InputError
from stpose.network.alexnet import PoseNetwork
from stpose.network.weights import draw_weights, save_weights
from stpose.pose_embedder import PoseEmbedder
from stpose.settings.crops import CropsSettings
from stpose.settings.embeddings import EmbeddingsSettings
from stpose.settings.network import NetworkSettings

SETTINGS = NetworkSettings(input_px=64, width=0.125, first_stride=2)
BOX = (30.0, 12.0, 90.0, 100.0)


@pytest.fixture(params=["warp", "square"])
def weights(request, tmp_path):
    network = PoseNetwork(SETTINGS)
    draw_weights(network, 3)
    path = tmp_path / "weights.safetensors"
    save_weights(path, network, derive("training", "{}"), {"crop_mode": request.param})
    return path


@pytest.fixture
def picture():
    random = np.random.default_rng(0)
    small = random.integers(0, 255, (12, 14, 3), dtype=np.uint8)
    return cv2.resize(small, (140, 120), interpolation=cv2.INTER_CUBIC)


def test_the_package_gives_it_without_loading_torch_for_others():
    assert stpose.PoseEmbedder is PoseEmbedder
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = stpose.Nothing


def test_vectors_are_those_of_the_pipeline(weights, picture, tmp_path):
    from stpose.artefacts.schemas import EMBEDDINGS, FRAMES, PEOPLE
    from stpose.artefacts.stores import create_store, open_store
    from stpose.artefacts.tables import write_table

    made = derive("made", "{}")
    frames, people = tmp_path / "frames.h5", tmp_path / "people.parquet"
    with create_store(frames, FRAMES, made) as store:
        store.attributes |= {"video_id": "v-00000000", "fps": 25.0, "stride": 1}
        store.attributes |= {"width": 140, "height": 120, "stored_width": 140, "stored_height": 120}
        image = cv2.imencode(".png", picture[..., ::-1])[1].tobytes()
        store.append(frame=0, time=0.0, shot=0, image=image)
    rows = dict(zip(("x1", "y1", "x2", "y2"), ([side] for side in BOX), strict=True))
    rows |= {"frame": [0], "track": [1], "score": [1.0], "filled": [False], "shot": [0]}
    write_table(people, PEOPLE, rows, made)
    crops, out = tmp_path / "crops.h5", tmp_path / "embeddings.h5"
    write_crops(frames, people, crops, CropsSettings(person_px=64, quality=100))
    write_embeddings(weights, [crops], out, EmbeddingsSettings(device="cpu"))
    with open_store(out, EMBEDDINGS) as store:
        wanted = store["vector"].astype(np.float32)
    wanted /= np.linalg.norm(wanted)
    found = PoseEmbedder.load(weights, "cpu").embed([picture], [BOX])
    assert len(CropCollection([crops]).index) == 1
    assert float((found @ wanted.T)[0, 0]) > 0.999


def test_files_and_arrays_give_the_same(weights, picture, tmp_path):
    path = tmp_path / "ä b.png"
    cv2.imencode(".png", picture[..., ::-1])[1].tofile(path)
    embedder = PoseEmbedder.load(str(weights), "cpu")
    found = embedder.embed([picture, path, str(path)], batch=2)
    assert found.shape == (3, embedder.dimensions)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)
    np.testing.assert_allclose(found[0], found[2], atol=1e-6)
    whole = embedder.embed([picture], [(0, 0, 140, 120)])
    np.testing.assert_allclose(found[:1], whole, atol=1e-6)
    nearest = embedder.nearest(found[:1], found, 2)
    assert nearest.rows[0, 0] == 0
    assert nearest.distances[0, 0] < 1e-3


def test_no_pictures_give_no_vectors(weights):
    embedder = PoseEmbedder.load(weights, "cpu")
    assert embedder.embed([]).shape == (0, embedder.dimensions)


@pytest.mark.parametrize(
    ("images", "boxes", "words"),
    [
        (["none.jpg"], None, "none.jpg: no such file"),
        ([np.zeros((4, 4), np.uint8)], None, "image 0: uint8 .4, 4."),
        ([np.zeros((4, 4, 3))], None, "image 0: float64"),
        ([np.zeros((4, 4, 3), np.uint8)], [(3, 0, 3, 4)], "image 0: box"),
        ([np.zeros((4, 4, 3), np.uint8)], [], "0 boxes for 1 images"),
    ],
)
def test_what_cannot_be_embedded_is_named(weights, images, boxes, words):
    with pytest.raises(InputError, match=words):
        PoseEmbedder.load(weights, "cpu").embed(images, boxes)
