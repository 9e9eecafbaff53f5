"""What the working resolution does to the ratio of foreground to background motion.

Run the pipeline on some footage first, at least to the people stage; then
`python bench/flow_ratio.py RESULTS` computes the ratios of a sample of its frames twice, at a
working resolution and at the stored frames' own, with the same solver.
"""

import argparse
import time
from pathlib import Path

import cv2
import numpy as np
from scipy.stats import spearmanr
from tqdm import tqdm

from stpose.artefacts.frame_reader import open_frames
from stpose.artefacts.schemas import PEOPLE
from stpose.artefacts.tables import read_table
from stpose.flow.parameters import Parameters
from stpose.flow.presets import find_preset
from stpose.flow.ratio import foreground_background_ratio
from stpose.flow.solve import optical_flow

EPSILON = 0.1  # px per frame, at source scale: the default of the settings


def ratios(
    images: list[np.ndarray], boxes: np.ndarray, longest_side: int, parameters: Parameters
) -> list[float | None]:
    """Ratios of all boxes (source px) between two grey images, computed at a longest side."""
    height, width = images[0].shape
    factor = min(1.0, longest_side / max(height, width))
    size = (round(width * factor), round(height * factor))
    if factor < 1:
        images = [cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in images]
    scale = np.array([size[0] / width, size[1] / height])
    flow = optical_flow(images[1], images[0], parameters)
    magnitude = np.hypot(flow[..., 0] / scale[0], flow[..., 1] / scale[1])
    found = foreground_background_ratio(magnitude, boxes * np.tile(scale, 2), EPSILON)
    return [one.ratio for one in found]


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path, nargs="+", help="folders with frames/ and people/")
    parser.add_argument("--longest-side", type=int, default=320)
    parser.add_argument("--every", type=int, default=8, help="one pair of so many frames")
    parser.add_argument("--preset", default="default")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    parameters = find_preset("cpu", given.preset)
    for results in given.results:
        pairs = []
        seconds = [0.0, 0.0]
        for path in tqdm(sorted(results.glob("people/*.parquet")), desc=results.name, disable=None):
            table = read_table(path, PEOPLE)
            frame = table["frame"].to_numpy()
            box = np.stack([table[side].to_numpy() for side in ("x1", "y1", "x2", "y2")], axis=-1)
            with open_frames(results / "frames" / f"{path.stem}.h5") as frames:
                for row in range(1, len(frames.numbers), given.every):
                    number = int(frames.numbers[row])
                    boxes = box[frame == number].astype(np.float64)
                    if not len(boxes) or frames.shots[row] != frames.shots[row - 1]:
                        continue
                    images = [
                        cv2.cvtColor(frames.at(int(frames.numbers[one])).image, cv2.COLOR_BGR2GRAY)
                        for one in (row - 1, row)
                    ]
                    if cv2.absdiff(*images).max() <= 2:
                        continue
                    found = []
                    for place, side in enumerate((given.longest_side, max(images[0].shape))):
                        start = time.process_time()
                        found.append(ratios(images, boxes, side, parameters))
                        seconds[place] += time.process_time() - start
                    pairs += [pair for pair in zip(*found, strict=True) if None not in pair]
        small, full = np.array(pairs, dtype=np.float64).T
        error = np.abs(small - full) / full
        print(
            f"{results.name}: {len(pairs)} ratios, {given.preset}, {given.longest_side} px against "
            f"full size: Spearman {spearmanr(small, full).statistic:.4f}, median error "
            f"{np.median(error):.3%}, 95th percentile {np.percentile(error, 95):.1%}; "
            f"CPU time {seconds[0]:.1f} s against {seconds[1]:.1f} s"
        )


if __name__ == "__main__":
    main()
