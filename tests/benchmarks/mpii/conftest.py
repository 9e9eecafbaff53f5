"""The same people written in every form of MPII's annotations."""

import csv
import json
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import cv2
import h5py
import numpy as np
import pytest
import scipy.io

from stpose.benchmarks.mpii.people import JOINTS

NOTHING = np.zeros((0, 0))
HEADBOX_ORDER = "rank rkne rhip lhip lkne lank pelv thor neck head rwri relb rsho lsho lelb lwri"


@dataclass(frozen=True)
class Person:
    """A person as the release has it: pixels from 1."""

    image: str
    number: int
    joints: np.ndarray  # (16, 2)
    present: np.ndarray  # (16,)
    visible: np.ndarray  # (16,)
    head: tuple[float, float, float, float]
    scale: float
    centre: tuple[float, float]


def draw_person(generator, image, number=0, missing=0.0, width=640, height=480) -> Person:
    """Return someone whose head joints have fractions, as they were made from the head box."""
    joints = generator.integers((5, 5), (width - 5, height - 5), (16, 2)).astype(float)
    joints[8:10] += generator.uniform(0.01, 0.99, (2, 2))
    present = generator.random(16) >= missing
    present[7] = True
    head = (*generator.integers(10, 100, 2), *generator.integers(150, 300, 2))
    middle = (joints[7] + generator.integers(-9, 9, 2)).tolist()
    return Person(
        image,
        number,
        joints,
        present,
        present & (generator.random(16) < 0.7),
        tuple(float(edge) for edge in head),
        float(generator.uniform(0.8, 3)),
        tuple(middle),
    )


def structures(rows: list[dict]) -> np.ndarray:
    """Return MATLAB's array of structures, with the fields of any of the rows."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    array = np.empty((1, len(rows)), dtype=[(name, object) for name in names])
    for place, row in enumerate(rows):
        for name in names:
            array[0, place][name] = row.get(name, NOTHING)
    return array


def points(person: Person, hidden_as=0) -> np.ndarray:
    rows = []
    for joint in np.flatnonzero(person.present)[::-1].tolist():
        flag = 1 if person.visible[joint] else hidden_as
        # Head top and upper neck have no flag; others have numbers, or characters.
        flag = NOTHING if joint in (8, 9) else str(flag) if joint % 2 else flag
        x, y = person.joints[joint].tolist()
        rows.append({"x": x, "y": y, "id": joint, "is_visible": flag})
    return structures([{"point": structures(rows)}])


def rectangle(person: Person) -> dict:
    x, y = person.centre
    return {
        **dict(zip(("x1", "y1", "x2", "y2"), person.head, strict=True)),
        "annopoints": points(person),
        "scale": person.scale,
        "objpos": structures([{"x": x, "y": y}]),
    }


def write_release(path: Path, people: list[Person], more_images: list[dict] = ()) -> None:
    """Write people, numbers that nobody has as rectangles without joints, and a test image."""
    images, training = [], []
    for name in dict.fromkeys(person.image for person in people):
        here = {person.number: rectangle(person) for person in people if person.image == name}
        empty = {"objpos": structures([{"x": 3, "y": 4}]), "scale": 1.5}
        rectangles = [here.get(number, empty) for number in range(max(here) + 1)]
        image = {"image": structures([{"name": name}]), "annorect": structures(rectangles)}
        images.append({**image, "frame_sec": 12, "vidx": 1})
        training.append(1)
    test = {"image": structures([{"name": "test.jpg"}]), "annorect": structures([empty])}
    nobody = {"image": structures([{"name": "nobody.jpg"}]), "annorect": NOTHING}
    images += [test, nobody, *more_images]
    training += [0, 1, *(1 for _ in more_images)]
    single = np.empty((len(images), 1), dtype=object)
    single[:] = [[NOTHING] for _ in images]
    single[0, 0] = 1
    act = structures([{"cat_name": NOTHING, "act_name": "curling", "act_id": 5} for _ in images])
    release = {
        "annolist": structures(images),
        "img_train": np.array([training]),
        "version": "12",
        "single_person": single,
        "act": act.T,
        "video_list": np.array([["abc"]], dtype=object),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    scipy.io.savemat(path, {"RELEASE": structures([release])}, do_compression=True)


def write_json(path: Path, people: list[Person], missing=-1.0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = [
        {
            "joints_vis": person.present.astype(int).tolist(),
            "joints": np.where(person.present[:, None], person.joints, missing).tolist(),
            "image": person.image,
            "scale": person.scale,
            "center": list(person.centre),
        }
        for person in people
    ]
    path.write_text(json.dumps(content))


def write_hdf5(path: Path, people: list[Person]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    joints = np.trunc([np.where(one.present[:, None], one.joints, 0) for one in people])
    scale = np.array([person.scale for person in people])
    lower = np.stack([np.zeros_like(scale), 15 * scale], axis=1)
    diagonal = [np.hypot(one.head[2] - one.head[0], one.head[3] - one.head[1]) for one in people]
    with h5py.File(path, "w") as file:
        file["imgname"] = np.array([person.image.encode() for person in people])
        file["person"] = np.array([person.number for person in people], dtype=float)
        file["part"] = joints
        file["visible"] = np.array([one.visible & one.present for one in people], dtype=float)
        file["scale"] = 1.25 * scale
        file["center"] = np.array([person.centre for person in people]) + lower
        file["normalize"] = 0.6 * np.array(diagonal)


def write_head_boxes(path: Path, people: list[Person], order=HEADBOX_ORDER) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(0).uniform(-9e-4, 9e-4, (len(people), 16, 2))
    joints = noise + [np.where(one.present[:, None], one.joints, 0) for one in people]
    names = np.empty((1, 16), dtype=object)
    names[0] = order.split()
    content = {
        "headboxes_src": np.array([np.reshape(one.head, (2, 2)) for one in people]),
        "pos_gt_src": joints,
        "jnt_missing": np.array([~one.present for one in people], dtype=np.uint8),
    }
    last = {name: np.moveaxis(values, 0, -1) for name, values in content.items()}
    scipy.io.savemat(path, {**last, "dataset_joints": names})


def write_csv(path: Path, people: list[Person]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [f"{joint}_{axis}" for joint in JOINTS for axis in "XY"]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ID", "NAME", *columns, "Scale", "Activity", "Category"])
        for row, one in enumerate(people):
            joints = np.where(one.present[:, None], one.joints, -1).ravel()
            numbers = [int(value) if value == int(value) else value for value in joints.tolist()]
            writer.writerow([row + 1, one.image, *numbers, one.scale, "curling, wheel", "sports"])


def write_pictures(folder: Path, people: list[Person], size=(480, 640)) -> None:
    """Draw every joint of the people as a disc in a colour of its own."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    for name in dict.fromkeys(person.image for person in people):
        image = np.full((*size, 3), 90, np.uint8)
        for person in people:
            if person.image == name:
                for joint, (x, y) in enumerate(person.joints):
                    colour = cv2.applyColorMap(np.uint8([[joint * 16]]), cv2.COLORMAP_JET)[0, 0]
                    place = (round(x - 1), round(y - 1))
                    cv2.circle(image, place, max(2, size[0] // 40), colour.tolist(), -1)
        assert cv2.imwrite(str(folder / "images" / name), image)


@pytest.fixture(scope="session")
def mpii() -> SimpleNamespace:
    """What draws people and writes them."""
    return SimpleNamespace(
        Person=Person,
        replace=replace,
        draw_person=draw_person,
        structures=structures,
        points=points,
        rectangle=rectangle,
        write_release=write_release,
        write_json=write_json,
        write_hdf5=write_hdf5,
        write_head_boxes=write_head_boxes,
        write_csv=write_csv,
        write_pictures=write_pictures,
    )


@pytest.fixture
def crowd() -> list[Person]:
    """Seven people in five images: some alone, one behind a rectangle without joints."""
    generator = np.random.default_rng(4)
    places = [("a.jpg", 0), ("b.jpg", 0), ("b.jpg", 2), ("c.jpg", 0), ("d.jpg", 0), ("d.jpg", 1)]
    people = [draw_person(generator, *place, missing=0.25) for place in places]
    full = draw_person(generator, "e.jpg")
    outside = full.joints.copy()
    outside[0] = (-14, 77)
    outside[9] = (33.5, -0.75)
    return [*people, replace(full, joints=outside)]
