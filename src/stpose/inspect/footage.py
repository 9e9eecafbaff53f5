"""Pictures of frames, people, crops and flow."""

from pathlib import Path

import cv2
import numpy as np

from stpose.artefacts.frame_reader import open_frames
from stpose.artefacts.motion_maps import decode_motion
from stpose.artefacts.schemas import CROPS, FLOW, MOTION, PEOPLE, PICTURES
from stpose.artefacts.stores import open_store
from stpose.artefacts.tables import read_table
from stpose.flow.picture import flow_picture
from stpose.flow.presets import find_preset
from stpose.flow.solve import optical_flow
from stpose.inspect.canvas import Image, colour_of, draw, evenly, fit, label, new_figure, sheet

_CELL = 240
_MANY = 24


def frames_picture(path: Path) -> Image:
    """Return a sheet of frames spread over the video, with number, time and shot."""
    with open_frames(path) as frames:
        cells = []
        for row in evenly(len(frames), _MANY):
            frame = frames.at(int(frames.numbers[row]))
            text = f"{frame.number}  {frame.time:.2f} s  shot {frame.shot}"
            cells.append(label(fit(frame.image, _CELL), text))
    return sheet(cells, 6)


def people_picture(path: Path, count: int = 12) -> Image:
    """Return frames with their boxes and track numbers; boxes that were filled in are thin."""
    table = read_table(path, PEOPLE).to_pandas()
    with open_frames(_beside(path, "frames", ".h5")) as frames:
        numbers = table["frame"].unique() if len(table) else frames.numbers
        cells = []
        for row in evenly(len(numbers), count):
            frame = frames.at(int(numbers[row]))
            picture = frame.image.copy()
            scale = np.array([*frames.scale, *frames.scale])
            for person in table[table["frame"] == frame.number].itertuples():
                box = np.array([person.x1, person.y1, person.x2, person.y2]) * scale
                draw_box(picture, box, int(person.track), thin=bool(person.filled))
            cells.append(label(fit(picture, _CELL), str(frame.number)))
    return sheet(cells, 6)


def draw_box(
    picture: Image, box: "np.ndarray[tuple[int], np.dtype[np.float64]]", track: int, thin: bool
) -> None:
    """Draw a person's box and track number into a picture, in the track's colour."""
    x1, y1, x2, y2 = (round(float(side)) for side in box)
    width = max(1, round(max(picture.shape[:2]) / 240))
    cv2.rectangle(picture, (x1, y1), (x2, y2), colour_of(track), 1 if thin else 2 * width)
    place, font = (x1 + 2, y1 + 14 * width), cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(picture, str(track), place, font, 0.5 * width, colour_of(track), width, cv2.LINE_AA)


def crops_picture(path: Path, count: int = 48) -> Image:
    """Return a sheet of crops with the person's box, labelled by track and frame."""
    cells = []
    with open_store(path, CROPS) as store:
        for row in evenly(len(store), count):
            box, track = (
                store.rows("box", row, row + 1)[0],
                int(store.rows("track", row, row + 1)[0]),
            )
            picture = decode(store.encoded("image", row))
            draw_box(picture, box.astype(np.float64), track, thin=True)
            frame = int(store.rows("frame", row, row + 1)[0])
            cells.append(label(fit(picture, 120), f"{track}:{frame}"))
    return sheet(cells, 12)


def decode(encoded: bytes) -> Image:
    """Return the BGR picture held in JPEG or PNG bytes."""
    return np.asarray(cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def flow_ratio_picture(path: Path) -> Image:
    """Return the ratio over time, and the frame of the median ratio beside its flow in colours."""
    table = read_table(path, FLOW).to_pandas()
    figure = new_figure()
    axes = figure.subplots()
    for track, rows in table[table["track"] >= 0].groupby("track"):
        blue, green, red = (side / 255 for side in colour_of(int(track)))
        axes.plot(
            rows["frame"], rows["ratio"], ".-", color=(red, green, blue), label=f"track {track}"
        )
    axes.set(xlabel="frame", ylabel="foreground / background flow", title=path.stem)
    if axes.lines:
        axes.legend(loc="upper right", fontsize="small")
    plot = draw(figure)
    known = table.dropna(subset=["ratio"]).sort_values("ratio")
    frames_path = _beside(path, "frames", ".h5")
    if known.empty or not frames_path.is_file():
        return plot
    row = known.iloc[len(known) // 2]
    with open_frames(frames_path) as frames:
        place = int(np.searchsorted(frames.numbers, int(row["frame"])))
        pair = [frames.at(int(frames.numbers[index])) for index in (place, place - 1)]
    grey = [cv2.cvtColor(fit(frame.image, 320), cv2.COLOR_BGR2GRAY) for frame in pair]
    colours = flow_picture(optical_flow(grey[0], grey[1], find_preset("dis", "default")))
    text = f"frame {pair[0].number}: ratio {row['ratio']:.2f}"
    below = sheet([label(fit(pair[0].image, 440), text), fit(colours, 440)], 2)
    page = np.full((plot.shape[0] + below.shape[0], plot.shape[1], 3), 255, dtype=np.uint8)
    page[: plot.shape[0]] = plot
    page[plot.shape[0] :, : below.shape[1]] = below[:, : plot.shape[1]]
    return page


def pictures_picture(path: Path) -> Image:
    """Return the first sheet of each kind: frames, flow and crops."""
    with open_store(path, PICTURES) as store:
        shows = store["shows"]
        _, first = np.unique(shows, return_index=True)
        return sheet([decode(store.encoded("image", int(row))) for row in first], 1)


def motion_picture(path: Path, count: int = _MANY) -> Image:
    """Return motion maps spread over the video, each scaled to its largest speed, which is told."""
    cells = []
    with open_store(path, MOTION) as store:
        largest = float(store.attributes["largest"])
        for row in evenly(len(store), count):
            lengths = decode_motion(store.encoded("map", row), largest, f"{path}: map {row}")
            most = float(lengths.max())
            grey = np.rint(255 * lengths / max(most, 1e-6)).astype(np.uint8)
            picture = np.asarray(cv2.applyColorMap(grey, cv2.COLORMAP_INFERNO), np.uint8)
            frame = int(store.rows("frame", row, row + 1)[0])
            cells.append(label(fit(picture, _CELL), f"{frame}: up to {most:.1f} px"))
    return sheet(cells, 6)


def _beside(path: Path, stage: str, ending: str) -> Path:
    """Return the artefact of another stage for the same video: results/STAGE/ID.ending."""
    return path.parent.parent / stage / f"{path.stem}{ending}"
