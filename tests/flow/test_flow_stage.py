from typing import get_args

import cv2
import numpy as np
import pytest
from pydantic import ValidationError

from stpose.artefacts.header import read_header
from stpose.artefacts.motion_maps import decode_motion
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import FLOW, FRAMES, MOTION, PEOPLE
from stpose.artefacts.status import Status
from stpose.artefacts.stores import create_store, open_store
from stpose.artefacts.tables import read_table, write_table
from stpose.errors import ArtefactError, InputError
from stpose.flow import motion
from stpose.flow.presets import find_preset
from stpose.flow.solve import optical_flow_batch
from stpose.flow.stage import write_flow
from stpose.settings.flow import Backend, FlowSettings, Preset

WIDTH, HEIGHT = 96, 64
PERSON = (30.0, 16.0, 54.0, 48.0)


def picture(person=0, background=0, seed=0, size=1):
    """A textured patch, `person` px to the right, before a background moved by `background`."""
    random = np.random.default_rng(seed)
    far = cv2.GaussianBlur(random.random((HEIGHT, WIDTH + 40)), (0, 0), 1.5)
    near = cv2.GaussianBlur(random.random((32, 24)), (0, 0), 1.5)
    image = np.clip((far - 0.5) * 4 + 0.3, 0, 1)[:, 20 - background : 20 - background + WIDTH]
    image = image.copy()
    image[16:48, 30 + person : 54 + person] = np.clip((near - 0.5) * 4 + 0.7, 0, 1)
    return cv2.resize((image * 255).astype(np.uint8), None, fx=size, fy=size)


def write_frames(path, images, frames=None, shots=None, size=1):
    numbers = list(range(len(images))) if frames is None else frames
    with create_store(path, FRAMES, derive("frames", "{}")) as store:
        store.attributes.update(video_id="clip", width=WIDTH * size, height=HEIGHT * size)
        for row, image in enumerate(images):
            store.append(
                frame=numbers[row],
                time=numbers[row] / 25,
                shot=0 if shots is None else shots[row],
                image=cv2.imencode(".png", image)[1].tobytes(),
            )


def write_people(path, rows, status=None):
    """Rows are (frame, track, box)."""
    rows = sorted(rows, key=lambda row: (row[1], row[0]))
    columns = {
        "frame": [row[0] for row in rows],
        "track": [row[1] for row in rows],
        **{name: [row[2][i] for row in rows] for i, name in enumerate(("x1", "y1", "x2", "y2"))},
        "score": [None for _ in rows],
        "filled": [False for _ in rows],
        "shot": [0 for _ in rows],
    }
    write_table(path, PEOPLE, columns, derive("people", "{}"), status)


@pytest.fixture
def run(tmp_path):
    def write_and_read(settings=None, **overrides):
        options = {"images": [], "rows": [], "status": None, **overrides}
        names = ("f.h5", "p.parquet", "o.parquet", "maps.h5")
        frames, people, out, maps = (tmp_path / name for name in names)
        kinds = ("frames", "shots", "size")
        known = {key: options[key] for key in kinds if key in options}
        write_frames(frames, options["images"], **known)
        write_people(people, options["rows"], options["status"])
        write_flow(frames, people, out, maps, settings or FlowSettings(), "code")
        return read_table(out, FLOW).to_pylist(), read_header(out)

    return write_and_read


def test_moving_person_before_still_background(run):
    table, header = run(images=[picture(), picture(person=2)], rows=[(1, 1, PERSON)])
    assert [row["track"] for row in table] == [-1, 1]
    row = table[1]
    assert row["frame"] == 1
    assert row["note"] is None
    assert row["inside"] == pytest.approx(2, abs=0.4)
    assert row["outside"] < 0.3
    assert row["ratio"] == pytest.approx((row["inside"] + 0.1) / (row["outside"] + 0.1), rel=1e-5)
    assert header.status.is_ok
    assert header.attributes["video_id"] == "clip"


def test_moving_camera(run):
    images = [picture(), picture(background=3)]
    table, _ = run(images=images, rows=[(1, 1, PERSON)])
    assert table[1]["inside"] < 0.5
    assert table[1]["outside"] == pytest.approx(3, abs=0.5)
    assert table[1]["ratio"] < 0.3


def test_notes(run):
    images = [picture(), picture(person=1), picture(seed=1), picture(seed=1), picture(seed=1)]
    images[4] = np.roll(images[4], 1, axis=1)
    whole = (0.0, 0.0, float(WIDTH), float(HEIGHT))
    rows = [(0, 1, PERSON), (2, 2, PERSON), (3, 2, PERSON), (4, 2, whole), (4, 3, PERSON)]
    table, _ = run(images=images, rows=rows, shots=[0, 0, 1, 1, 1])
    notes = [(row["frame"], row["track"], row["note"], row["ratio"]) for row in table]
    assert notes == [
        (0, 1, "first frame", None),
        (1, -1, "no person", None),
        (2, 2, "after a cut", None),
        (3, 2, "repeated frame", None),
        (4, 2, "box fills the frame", None),
        (4, 3, "box fills the frame", None),
    ]
    assert table[1]["outside"] > 0.02
    assert table[2]["inside"] is None
    assert table[4]["inside"] == pytest.approx(1, abs=0.3)


def test_reencoded_repetition_is_still_one(run):
    noise = np.random.default_rng(0).integers(0, 3, (HEIGHT, WIDTH), dtype=np.uint8)
    again = np.maximum(picture(), 2) - noise
    table, _ = run(images=[np.maximum(picture(), 2), again], rows=[(1, 1, PERSON)])
    assert table[1]["note"] == "repeated frame"


def test_lengths_are_in_source_pixels_and_by_frame_distance(run):
    # Stored at the source's size of 384x256, computed at 96x64.
    big = [picture(size=4), picture(person=2, size=4)]
    box = tuple(4 * edge for edge in PERSON)
    settings = FlowSettings(longest_side=96)
    table, _ = run(settings, images=big, rows=[(17, 1, box)], size=4, frames=[15, 17])
    assert table[1]["frame"] == 17
    assert table[1]["inside"] == pytest.approx(2 * 4 / 2, abs=0.8)


def test_frames_stored_smaller_than_the_source(run):
    small = [picture(), picture(person=2)]
    box = tuple(4 * edge for edge in PERSON)
    table, _ = run(images=small, rows=[(1, 1, box)], size=4)
    assert table[1]["inside"] == pytest.approx(2 * 4, abs=1.6)


@pytest.mark.parametrize("backend", ["torch", "variational", "dis"])
def test_backends(run, backend):
    settings = FlowSettings(backend=backend)
    table, _ = run(settings, images=[picture(), picture(person=2)], rows=[(1, 1, PERSON)])
    assert table[1]["ratio"] > 3


def test_batches_give_the_table_of_single_frames(run):
    images = [picture(person=n) for n in range(3)] + [picture(person=2)] * 2 + [picture(seed=1)]
    images += [np.roll(images[-1], n, axis=1) for n in (1, 2)]
    options = {
        "images": images,
        "rows": [(n, 1, PERSON) for n in (0, 1, 3, 4, 6, 7, 8)],
        "shots": [0, 0, 0, 0, 0, 1, 1, 1],
        "frames": [0, 1, 3, 4, 5, 6, 7, 8],
    }
    # A preset that does not amplify rounding: both solvers must find the same motion.
    wanted, _ = run(FlowSettings(backend="cpu", preset="separate"), **options)
    notes = [row["note"] for row in wanted]
    assert [n for n, note in enumerate(notes) if note is None] == [1, 2, 6, 7]
    for batch in (1, 2, 3, 8, 256):
        found, _ = run(FlowSettings(backend="torch", preset="separate", batch=batch), **options)
        assert [row["note"] for row in found] == notes
        for n in (1, 2, 6, 7):
            assert found[n]["ratio"] == pytest.approx(wanted[n]["ratio"], rel=1e-3)


def test_batches_are_no_larger_than_asked_for(run, monkeypatch):
    sizes = []

    def counted(first, second, parameters):
        sizes.append(len(first))
        return optical_flow_batch(first, second, parameters)

    monkeypatch.setattr(motion, "optical_flow_batch", counted)
    images = [picture(person=n) for n in range(6)]
    for backend, wanted in (("torch", [3, 2]), ("dis", [1] * 5)):
        sizes.clear()
        run(FlowSettings(backend=backend, batch=4), images=images)
        assert sizes == wanted


def test_status_is_carried_on(run):
    status = Status("no_person", "no box in 2 frames")
    table, header = run(images=[picture(), picture(person=2)], status=status)
    assert table == []
    assert header.status == status


def test_no_frames(run):
    status = Status("no_frames", "nothing decoded")
    table, header = run(status=status)
    assert table == []
    assert header.status == status


def test_one_frame(run):
    table, _ = run(images=[picture()], rows=[(0, 1, PERSON)])
    assert [row["note"] for row in table] == ["first frame"]


def test_tiny_video(run):
    images = [picture()[:16, :16], np.roll(picture()[:16, :16], 1, axis=1)]
    table, _ = run(images=images, rows=[(1, 1, (2.0, 2.0, 9.0, 9.0))], size=16 / WIDTH)
    assert np.isfinite(table[1]["ratio"])


def test_preset_of_another_backend_is_refused():
    for backend in get_args(Backend):
        for preset in get_args(Preset):
            try:
                known = find_preset(backend, preset)
            except InputError:
                known = None
            if known is None:
                with pytest.raises(ValidationError, match=f"with backend {backend}, not {preset}"):
                    FlowSettings(backend=backend, preset=preset)
            else:
                assert FlowSettings(backend=backend, preset=preset).preset == preset


def test_damaged_image_is_named(run):
    broken = [picture(), picture(person=1)]
    encode = cv2.imencode
    try:
        cv2.imencode = lambda *_: (True, np.frombuffer(b"no image", np.uint8))
        with pytest.raises(ArtefactError, match=r"f\.h5: the image of row 0"):
            run(images=broken)
    finally:
        cv2.imencode = encode


def maps_of(path):
    with open_store(path, MOTION) as store:
        largest = store.attributes["largest"]
        return {
            int(frame): decode_motion(store.encoded("map", row), largest, "map")
            for row, frame in enumerate(store["frame"])
        }, store.attributes


def test_motion_maps_show_the_person_without_the_camera(run, tmp_path):
    images = [picture(), picture(person=3), picture(person=5, background=4), picture()]
    rows = [(frame, 1, PERSON) for frame in (0, 1, 2)]
    settings = FlowSettings(map_side=48)
    run(settings, images=images, rows=rows)
    maps, attributes = maps_of(tmp_path / "maps.h5")
    # None for the first frame, which has no flow, and none for the last, which has no person.
    assert sorted(maps) == [1, 2]
    assert (attributes["width"], attributes["height"]) == (96, 64)
    assert attributes["largest"] == pytest.approx(9.6)
    for found in maps.values():
        assert found.shape == (32, 48)
        assert found[10:22, 17:26].mean() > 1.5
        far = np.ones(found.shape, bool)
        far[4:28, 10:34] = False
        assert found[far].mean() < 0.3


def test_motion_maps_carry_the_status(run, tmp_path):
    status = Status("no_person", "no box in 2 frames")
    run(images=[picture(), picture(person=2)], status=status)
    assert maps_of(tmp_path / "maps.h5")[0] == {}
    assert read_header(tmp_path / "maps.h5").status == status
