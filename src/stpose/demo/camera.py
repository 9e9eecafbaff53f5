"""The camera: perspective around each person, and pan, zoom and shake over time."""

from dataclasses import dataclass

import numpy as np

from stpose.demo.skeleton import FloatArray


@dataclass(frozen=True)
class View:
    """How metres become pixels of the background.

    Attributes:
        scale: Pixels a metre at depth 0.
        horizon: Row of the horizon, which is as high as the camera.
        origin: Column of x = 0.
        eye: Height of the camera in metres.
        distance: Metres from the camera to depth 0.
    """

    scale: float
    horizon: float
    origin: float
    eye: float = 1.2
    distance: float = 7.5

    def enlargement(self, depth: FloatArray | float) -> FloatArray:
        """Return how much larger things at a depth look than at depth 0."""
        return np.asarray(self.distance / (self.distance - np.asarray(depth)))

    def project(self, points: FloatArray, anchor: FloatArray | float) -> FloatArray:
        """Project (..., 3) metres to (..., 2) pixels of the background.

        Each person is seen from straight ahead of `anchor`, metres along x: as by a camera that
        follows, which a flat background cannot show otherwise.
        """
        larger = self.enlargement(points[..., 2])
        x = self.origin + self.scale * (anchor + (points[..., 0] - anchor) * larger)
        y = self.horizon + self.scale * (self.eye - points[..., 1]) * larger
        return np.stack([x, y], axis=-1)


@dataclass(frozen=True)
class CameraPath:
    """Where the camera looks: (frames,) centre in pixels of the background, zoom, roll."""

    x: FloatArray
    y: FloatArray
    zoom: FloatArray
    roll: FloatArray

    def affine(self, frame: int, width: int, height: int) -> FloatArray:
        """Return the (2, 3) matrix from the background to a frame of a size."""
        zoom, roll = self.zoom[frame], np.radians(self.roll[frame])
        turn = zoom * np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
        centre = np.array([self.x[frame], self.y[frame]])
        shift = np.array([width / 2, height / 2]) - turn @ centre
        return np.concatenate([turn, shift[:, None]], axis=1)


def random_path(
    rng: np.random.Generator, time: FloatArray, target: FloatArray, row: float, unit: float
) -> CameraPath:
    """Draw a camera that follows a target with a lag, drifts, zooms and shakes.

    Args:
        rng: Source of chance.
        time: (frames,) seconds.
        target: (frames,) columns of what is followed.
        row: Row that is kept in the middle.
        unit: Pixels to which the size of the movements refers: the height of a frame.
    """

    def wave(size: float, low: float, high: float) -> FloatArray:
        period, start = rng.uniform(low, high), rng.uniform(0, 2 * np.pi)
        return np.asarray(size * np.sin(2 * np.pi * time / period + start))

    hand_held = float(rng.choice([0.0, 0.4, 1.0]))
    pan = float(rng.uniform(0.0, 0.07)) * unit
    shake = 0.0035 * unit * hand_held
    x = target + wave(pan, 3.0, 6.0) + wave(shake, 0.25, 0.5) + wave(shake, 0.6, 1.1)
    y = row + wave(0.2 * pan, 3.0, 6.0) + wave(shake, 0.3, 0.6) + wave(shake, 0.5, 0.9)
    zoom = 1 + wave(float(rng.uniform(0.0, 0.07)), 3.5, 7.0)
    return CameraPath(x, y, zoom, wave(0.5 * hand_held, 0.6, 1.4))
