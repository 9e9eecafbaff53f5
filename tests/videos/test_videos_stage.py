"""The table of videos."""

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import FRAMES, PEOPLE, VIDEOS
from stpose.artefacts.status import Status
from stpose.artefacts.stores import create_store
from stpose.artefacts.tables import read_table, write_table
from stpose.videos.stage import write_videos

PROVENANCE = derive("stage", "{}")


def made(tmp_path, name, status, **people):
    frames_path = tmp_path / "frames" / f"{name}.h5"
    with create_store(frames_path, FRAMES, PROVENANCE) as store:
        store.status = status
        store.attributes |= {"video_id": name, "path": f"{name}.mp4", "sha256": "ab"}
        store.attributes |= {"fps": 25.0, "width": 320, "height": 240, "warning": "odd"}
    people_path = tmp_path / "people" / f"{name}.parquet"
    rows = {column.name: [] for column in PEOPLE.columns}
    write_table(people_path, PEOPLE, rows, PROVENANCE, status, people)
    return frames_path, people_path


def test_each_video_has_a_row_with_its_status(tmp_path):
    good = made(tmp_path, "b", Status.ok(), frames=9, frames_with_person=7, tracks=2)
    bad = made(tmp_path, "a", Status("unreadable", "the file is empty"))
    out = tmp_path / "videos.parquet"
    write_videos([good[0], bad[0]], [good[1], bad[1]], out, "")
    rows = read_table(out, VIDEOS).to_pylist()
    assert [row["video_id"] for row in rows] == ["a", "b"]
    assert (rows[0]["status"], rows[0]["reason"]) == ("unreadable", "the file is empty")
    assert rows[1] == {
        "video_id": "b",
        "path": "b.mp4",
        "status": "ok",
        "reason": "",
        "frames": 9,
        "fps": 25.0,
        "width": 320,
        "height": 240,
        "sha256": "ab",
        "frames_with_person": 7,
        "tracks": 2,
        "warning": "odd",
    }
