"""Sheets of small pictures hold what they say, where they say."""

import cv2
import numpy as np
import pytest

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CROPS, FRAMES, PICTURES
from stpose.artefacts.status import Status
from stpose.artefacts.stores import create_store, open_store
from stpose.pictures import CELLS, SHOWS, sheet_of, shown_rows, write_pictures
from stpose.settings.pictures import PicturesSettings

PROVENANCE = derive("made", "{}")
SETTINGS = PicturesSettings(frames=20, frame_px=48, flow_px=32, crop_px=16, quality=95)


def jpeg(value, width=64, height=48):
    image = np.full((height, width, 3), value, np.uint8)
    return cv2.imencode(".jpg", image)[1].tobytes()


def write_footage(folder, frames, crops, status=None):
    with create_store(folder / "frames.h5", FRAMES, PROVENANCE) as store:
        store.attributes |= {"video_id": "v-00000000", "stored_width": 64, "stored_height": 48}
        store.attributes |= {"width": 64, "height": 48}
        for frame in range(frames):
            store.append(frame=2 * frame, time=frame / 10, shot=frame // 10, image=jpeg(5 * frame))
    with create_store(folder / "crops.h5", CROPS, PROVENANCE) as store:
        store.status = status or Status.ok()
        box = [8, 8, 24, 24]
        for number in range(crops):
            # Two tracks in turn, as the crops stage writes them: by frame, then track.
            store.append(
                frame=2 * (number // 2),
                track=1 + number % 2,
                box=box,
                region=box,
                valid=[0, 0, 32, 32],
                image=jpeg(100 * (number % 2) + number // 2, 32, 32),
            )


def sheets(folder):
    write_pictures(folder / "frames.h5", folder / "crops.h5", folder / "out.h5", SETTINGS)
    with open_store(folder / "out.h5", PICTURES) as store:
        found = {name: [] for name in SHOWS}
        for row, shows in enumerate(store["shows"]):
            encoded = np.frombuffer(store.encoded("image", row), np.uint8)
            image = cv2.imdecode(encoded, cv2.IMREAD_COLOR)
            found[SHOWS[shows]].append((int(store["cells"][row]), image))
        return found, store.attributes, store.status


def test_frames_are_spread_and_told(tmp_path):
    write_footage(tmp_path, frames=40, crops=4)
    found, about, _ = sheets(tmp_path)
    assert len(about["frame"]) == 20
    assert (about["frame"][0], about["frame"][-1]) == (0, 78)
    assert about["frame_size"] == [48, 36]
    assert [cells for cells, _ in found["frames"]] == [16, 4]
    (_, first), (_, last) = found["frames"]
    assert first.shape == (4 * 36, 4 * 48, 3)
    assert last.shape == (36, 4 * 48, 3)
    for place, frame in enumerate(about["frame"][:16]):
        cell = first[place // 4 * 36 :, place % 4 * 48 :][:36, :48]
        assert abs(float(cell.mean()) - 5 * frame / 2) < 3


def test_crops_come_by_track_then_frame(tmp_path):
    write_footage(tmp_path, frames=40, crops=60)
    found, _, _ = sheets(tmp_path)
    ((cells, sheet),) = found["crops"]
    assert cells == 60
    values = [sheet[p // 16 * 16 :, p % 16 * 16 :][:16, :16].mean() for p in range(60)]
    assert np.abs(np.array(values) - [*range(30), *range(100, 130)]).max() < 4


def test_a_first_frame_and_one_behind_a_cut_have_no_flow(tmp_path):
    write_footage(tmp_path, frames=12, crops=2)
    found, about, _ = sheets(tmp_path)
    ((cells, sheet),) = found["flow"]
    assert cells == 12
    width, height = about["flow_size"]
    for place in (0, 10):
        cell = sheet[place // 4 * height :, place % 4 * width :][:height, :width]
        assert cell.mean() > 250


@pytest.mark.parametrize("frames", [0, 5])
def test_a_bad_status_is_carried_on(tmp_path, frames):
    write_footage(tmp_path, frames, 0, Status("no_person", "nobody"))
    found, _, status = sheets(tmp_path)
    assert status == Status("no_person", "nobody")
    assert sum(cells for cells, _ in found["frames"]) == frames
    assert found["crops"] == []


@pytest.mark.parametrize(("count", "wanted"), [(0, 5), (1, 5), (5, 5), (100, 5)])
def test_shown_rows_differ_and_rise(count, wanted):
    rows = shown_rows(count, wanted)
    assert rows == sorted(set(rows))
    assert len(rows) == min(count, wanted)
    assert not count or (rows[0] == 0 and (rows[-1] == count - 1 or len(rows) == 1))


def test_a_sheet_of_one_row_is_as_wide_as_its_pictures():
    cells = [np.full((2, 3, 3), value, np.uint8) for value in (1, 2)]
    assert sheet_of(cells, CELLS["crops"]).shape == (2, 6, 3)
