"""pool5 of every crop."""

import cv2
import numpy as np
import pytest

from stpose.artefacts.header import read_header
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CROPS, EMBEDDINGS
from stpose.artefacts.status import Status
from stpose.artefacts.stores import create_store, open_store
from stpose.embeddings import write_embeddings
from stpose.network.features import pool5_features, random_network
from stpose.network.weights import save_weights
from stpose.settings.embeddings import EmbeddingsSettings
from stpose.settings.network import NetworkSettings

SIZE, INPUT = 72, 48
NETWORK = random_network(NetworkSettings(width=0.125, input_px=INPUT, first_stride=2), seed=0)


def write_crops(path, video, keys):
    generator = np.random.default_rng(len(keys))
    pictures = {}
    with create_store(path, CROPS, derive("crops", "{}", sources=[(video, video)])) as store:
        store.attributes.update(video_id=video, size_px=SIZE)
        if not keys:
            store.status = Status("no_person", "nobody in sight")
        for track, frame in keys:
            picture = generator.integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8)
            pictures[track, frame] = picture[..., ::-1]
            whole = [0, 0, SIZE, SIZE]
            image = cv2.imencode(".png", picture)[1].tobytes()
            # In both modes these are whole pixels: the box, or twice its width.
            box = [12 + 12, 12, 12 + 36, 12 + 48]
            store.append(frame=frame, track=track, box=box, region=whole, valid=whole, image=image)
    return pictures


@pytest.fixture
def crops(tmp_path):
    keys = [(2, 0), (1, 5), (1, 3), (2, 1), (1, 4)]
    first = write_crops(tmp_path / "b.h5", "b", keys)
    write_crops(tmp_path / "none.h5", "none", [])
    second = write_crops(tmp_path / "a.h5", "a", [(1, 0)])
    pictures = [second[1, 0], *[first[key] for key in sorted(keys)]]
    return [tmp_path / f"{name}.h5" for name in ("b", "none", "a")], pictures


@pytest.mark.parametrize("batch", [1, 4, 100])
@pytest.mark.parametrize("mode", ["square", "warp"])
def test_vectors_are_pool5_of_the_person(tmp_path, crops, batch, mode):
    paths, pictures = crops
    weights, out = tmp_path / "weights.safetensors", tmp_path / "embeddings.h5"
    save_weights(weights, NETWORK, derive("training", "{}"), {"crop_mode": mode})
    write_embeddings(weights, paths, out, EmbeddingsSettings(batch=batch, device="cpu"), "code")
    with open_store(out, EMBEDDINGS) as store:
        assert store.attributes["videos"] == ["a", "b"]
        keys = np.stack([store["video"], store["track"], store["frame"]], axis=1).tolist()
        vectors = store["vector"]
    assert keys == [[0, 1, 0], [1, 1, 3], [1, 1, 4], [1, 1, 5], [1, 2, 0], [1, 2, 1]]
    assert vectors.dtype == np.float16
    if mode == "square":
        cut = np.stack([picture[12:60, 12:60] for picture in pictures])
    else:
        cut = np.stack([cv2.resize(p[12:60, 24:48], (INPUT, INPUT)) for p in pictures])
    wanted = pool5_features(NETWORK, np.ascontiguousarray(cut), 8, "cpu")
    error = np.abs(vectors - wanted).mean() / np.abs(wanted).mean()
    # At the edge of a stretched box the collection looks at pixels beyond it, OpenCV cannot.
    assert error < (0.001 if mode == "square" else 0.03)


def test_no_crops_give_an_empty_store(tmp_path, crops):
    paths, _ = crops
    weights, out = tmp_path / "weights.safetensors", tmp_path / "embeddings.h5"
    save_weights(weights, NETWORK, derive("training", "{}"), {"crop_mode": "warp"})
    write_embeddings(weights, [paths[1]], out, EmbeddingsSettings(), "code")
    with open_store(out, EMBEDDINGS) as store:
        assert len(store) == 0
        assert store.attributes["videos"] == []


def test_provenance_names_weights_and_crops(tmp_path, crops):
    paths, _ = crops
    weights, out = tmp_path / "weights.safetensors", tmp_path / "embeddings.h5"
    save_weights(weights, NETWORK, derive("training", "{}"), {"crop_mode": "warp"})
    write_embeddings(weights, paths, out, EmbeddingsSettings(), "code")
    header = read_header(out)
    assert set(header.provenance["inputs"]) == {weights.name, *(path.name for path in paths)}
    assert header.provenance["code"] == "code"
