"""The search stage keeps to the wanted loss with few dimensions."""

import numpy as np
import pytest

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import EMBEDDINGS, SEARCH
from stpose.artefacts.stores import create_store, open_store
from stpose.search.codes import Codes
from stpose.search.stage import write_search
from stpose.settings.search import SearchSettings


@pytest.fixture
def embeddings(tmp_path):
    random = np.random.default_rng(0)
    mixes = random.normal(size=(6, 50))
    vectors = random.normal(size=(200, 6)) @ mixes + 0.05 * random.normal(size=(200, 50))
    path = tmp_path / "embeddings.h5"
    with create_store(path, EMBEDDINGS, derive("made", "{}")) as store:
        store.attributes["videos"] = ["a", "b"]
        store.extend(
            video=np.repeat([0, 1], 100), track=[1] * 200, frame=range(200), vector=vectors
        )
    return path


def slow_recall(embeddings, codes):
    """Part of the ten nearest of the other video that the codes find, one query at a time."""
    with open_store(embeddings, EMBEDDINGS) as store:
        vectors, video = store["vector"].astype(np.float64), store["video"]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    found = []
    for query in range(len(vectors)):
        others = np.flatnonzero(video != video[query])
        exact = others[np.argsort(np.linalg.norm(vectors[others] - vectors[query], axis=1))[:10]]
        coded = codes.distances(np.array([query]))[0][others]
        found.append(len(np.intersect1d(exact, others[np.argsort(coded)[:10]])) / 10)
    return np.mean(found)


def test_recall_is_as_measured_slowly(embeddings, tmp_path):
    write_search(embeddings, tmp_path / "codes.h5", SearchSettings(loss=0.02))
    with open_store(tmp_path / "codes.h5", SEARCH) as store:
        axis = np.array(store.attributes["axis"])
        codes = Codes(
            store["code"], axis, np.array(store.attributes["scale"], np.float32), store["energy"]
        )
        said, tried = store.attributes["recall"], store.attributes["recalls"]
    assert said == pytest.approx(slow_recall(embeddings, codes), abs=0.005)
    assert said >= 0.98
    sizes = [int(size) for size in tried]
    assert codes.code.shape == (200, sizes[-1] + -(-sizes[-1] // 4))
    assert all(tried[str(size)] < 0.98 for size in sizes[:-1])


def test_no_crops_give_no_codes(tmp_path):
    path = tmp_path / "embeddings.h5"
    with create_store(path, EMBEDDINGS, derive("made", "{}")) as store:
        store.attributes["videos"] = []
        store.extend(video=[], track=[], frame=[], vector=np.zeros((0, 4)))
    write_search(path, tmp_path / "codes.h5", SearchSettings())
    with open_store(tmp_path / "codes.h5", SEARCH) as store:
        assert len(store) == 0
        assert store.attributes["scale"] == []
