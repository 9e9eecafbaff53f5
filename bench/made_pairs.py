"""Makes pairs of images with known flow, for `bench/flow.py --data`.

Six layers, cut from photographs, lie over each other; each moves by an affine map and a smooth
deformation of its own and hides those below. Both images are drawn at twice their size. Noise and
a change of light are added: the published pairs have little of either, footage has both.
"""

import argparse
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from stpose.flow.files import write_flow_file

HEIGHT, WIDTH, FINER = 384, 512, 2
MARGIN = 10  # px of a photograph around the image
LAYERS = 6
MOTIONS = (1.5, 3, 5, 8, 2, 4, 10, 6)  # longest shift of a layer, px, by pair

Image = np.ndarray[Any, Any]


def photograph(paths: list[Path], generator: np.random.Generator) -> Image:
    """Read one of the photographs, enlarged to more than the pair's size."""
    while True:
        image = cv2.imread(str(paths[generator.integers(len(paths))]))
        if image is not None and min(image.shape[:2]) > 150:
            height, width = image.shape[:2]
            factor = max(900 / width, 700 / height)
            return cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)


def look_up(image: Image, x: Image, y: Image, mode: int = cv2.INTER_LINEAR) -> Image:
    """Return an image at other places."""
    return cv2.remap(
        image.astype(np.float32),
        x.astype(np.float32),
        y.astype(np.float32),
        mode,
        borderMode=cv2.BORDER_REFLECT,
    )


def motion(generator: np.random.Generator, longest: float, x: Image, y: Image) -> list[Image]:
    """Draw the displacement (u, v) of a layer."""
    matrix = generator.normal(0, 0.012, (2, 2)) * longest / 3
    shift = generator.uniform(-longest, longest, 2)
    centre = generator.uniform((100, 100), (WIDTH - 100, HEIGHT - 100))
    found = []
    for row in range(2):
        coarse = generator.normal(0, 0.25, (4, 5)).astype(np.float32)
        waves = cv2.resize(coarse, x.shape[::-1], interpolation=cv2.INTER_CUBIC)
        linear = matrix[row, 0] * (x - centre[0]) + matrix[row, 1] * (y - centre[1])
        found.append((linear + shift[row] + waves).astype(np.float32))
    return found


def outline(generator: np.random.Generator, shape: tuple[int, int]) -> Image:
    """Draw the shape of a layer: 1 inside a random polygon."""
    centre = generator.uniform((60, 60), (WIDTH - 60, HEIGHT - 60))
    corners = generator.integers(5, 11)
    radius = generator.uniform(30, 110) * generator.uniform(0.5, 1.2, corners)
    angle = np.sort(generator.uniform(0, 2 * np.pi, corners))
    points = centre + radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    mask = np.zeros(shape, np.uint8)
    cv2.fillPoly(mask, [(points * FINER).astype(np.int32)], 1)
    return mask.astype(np.float32)


def make_pair(
    paths: list[Path], generator: np.random.Generator, longest: float, noise: float, light: float
) -> tuple[Image, Image, Image]:
    """Return the first image, the second, and the flow (height, width, 2) between them."""
    rows, columns = np.mgrid[0 : HEIGHT * FINER, 0 : WIDTH * FINER].astype(np.float32)
    x, y = columns / FINER, rows / FINER
    images = [np.zeros((*x.shape, 3), np.float32), np.zeros((*x.shape, 3), np.float32)]
    flow = np.zeros((*x.shape, 2), np.float32)
    for layer in range(LAYERS):
        texture = photograph(paths, generator)
        moved = motion(generator, longest if layer else longest / 2, x, y)
        # Where a place of the second image lay in the first: the inverse, by iteration.
        back = [x, y]
        for _ in range(15):
            there = [look_up(part, back[0] * FINER, back[1] * FINER) for part in moved]
            back = [x - there[0], y - there[1]]
        mask = outline(generator, x.shape) if layer else np.ones(x.shape, np.float32)
        free = np.array(texture.shape[1::-1]) - (WIDTH, HEIGHT) - 2 * MARGIN
        corner = generator.uniform(0, np.maximum(free, 1)) + MARGIN
        covers = [mask, look_up(mask, back[0] * FINER, back[1] * FINER)]
        for place, (across, down) in enumerate(((x, y), back)):
            seen = look_up(texture, across + corner[0], down + corner[1], cv2.INTER_CUBIC)
            cover = covers[place][..., None]
            images[place] = images[place] * (1 - cover) + seen * cover
        flow[mask > 0.5] = np.stack(moved, axis=-1)[mask > 0.5]
    finished = []
    for place, image in enumerate(images):
        small = cv2.resize(image, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        small = small * (generator.uniform(1 - light, 1 + light) if place else 1.0)
        small = small + generator.normal(0, noise, small.shape)
        finished.append(np.clip(small, 0, 255).round().astype(np.uint8))
    return finished[0], finished[1], flow[FINER // 2 :: FINER, FINER // 2 :: FINER]


def main() -> None:
    """Read the arguments, make the pairs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pictures", type=Path, help="folder of photographs (.jpg, .png)")
    parser.add_argument("out", type=Path, help="folder for the pairs")
    parser.add_argument("--noise", type=float, default=1.2, help="grey levels of 255")
    parser.add_argument("--light", type=float, default=0.03, help="largest change, a share")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    paths = sorted(path for path in given.pictures.rglob("*") if path.suffix in (".jpg", ".png"))
    generator = np.random.default_rng(given.seed)
    for number, longest in enumerate(MOTIONS):
        folder = given.out / f"pair{number}"
        folder.mkdir(parents=True, exist_ok=True)
        first, second, flow = make_pair(paths, generator, longest, given.noise, given.light)
        cv2.imwrite(str(folder / "frame10.png"), first)
        cv2.imwrite(str(folder / "frame11.png"), second)
        write_flow_file(folder / "flow10.flo", flow)


if __name__ == "__main__":
    main()
