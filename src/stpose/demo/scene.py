"""Everything that is decided about a video before its first frame is painted."""

from dataclasses import dataclass, replace

import numpy as np

from stpose.demo.background import Background, random_background
from stpose.demo.camera import CameraPath, View, random_path
from stpose.demo.limbs import Tube
from stpose.demo.motions import perform
from stpose.demo.plan import DemoVideo
from stpose.demo.skeleton import (
    INDEX,
    Body,
    FloatArray,
    Motion3D,
    pose_body,
    random_body,
)
from stpose.demo.wardrobe import Cloth, Colour, Look, random_look
from stpose.settings.demo import DemoSettings

NEAR = 5.0  # metres towards the camera: in front of everybody


@dataclass(frozen=True)
class Actor:
    """A person in a scene, for all its frames.

    Attributes:
        motion: Joints in metres, in the world.
        anchor: (frames,) metres along x of the place where the person is.
        depth: Metres towards the camera of that place.
        body, look: Proportions and clothes.
        prop: "", "ball" or "barbell".
        ball: (frames, 3) metres: the path of the ball, in the hand and in flight.
    """

    motion: Motion3D
    anchor: FloatArray
    depth: float
    body: Body
    look: Look
    prop: str
    ball: FloatArray


@dataclass(frozen=True)
class Scene:
    """A video before it is painted.

    Attributes:
        actors: The main person, and perhaps a second one.
        view: From metres to pixels of the background.
        camera: From the background to the frames.
        background: The static world.
        occluder: Things in front of everybody, one a frame, in pixels of the frame; empty if none.
        ambient: Brightness of the shade on people.
        ball_colour: Colour of a ball.
    """

    actors: tuple[Actor, ...]
    view: View
    camera: CameraPath
    background: Background
    occluder: tuple[Tube, ...]
    ambient: float
    ball_colour: Colour


def stage_scene(video: DemoVideo, settings: DemoSettings) -> Scene:
    """Decide about a video: the same for the same video and settings, whoever asks."""
    rng = np.random.default_rng(video.seed)
    time = np.arange(settings.frames) / settings.fps
    body = random_body(rng)
    scale = float(rng.uniform(0.53, 0.62)) * settings.height / body.stature
    eye = float(rng.uniform(1.0, 1.5))
    two = not video.heldout and rng.uniform() < settings.two_people
    hidden = not video.heldout and not two and rng.uniform() < settings.occluders
    actors = [_act(rng, video.motion, body, settings)]
    if two:
        side = float(rng.choice([-1.0, 1.0]) * rng.uniform(0.85, 1.1))
        motion = str(rng.choice(["walking", "squats", "jumping_jacks", "lift"]))
        other = _act(rng, motion, random_body(rng), settings)
        actors.append(_move(other, actors[0].anchor + side, -float(rng.uniform(0.8, 1.6))))

    foot = int(1.13 * settings.height)  # row of the ground below the main person
    view = View(scale, foot - scale * eye, 0.0, eye)
    reach = actors[0].anchor * scale
    margin = 0.75 * settings.width
    view = replace(view, origin=float(margin - reach.min()))
    middle = foot - 0.54 * scale * body.stature
    camera = random_path(rng, time, view.origin + reach, middle, settings.height)
    size = (int(2 * margin + np.ptp(reach)), int(1.45 * settings.height))
    border = int(view.horizon + scale * eye * view.enlargement(-float(rng.uniform(2.5, 4.5))))
    background = random_background(rng, size, border, int(view.horizon))
    actors = [replace(actor, look=random_look(rng, background.luminance)) for actor in actors]
    colour = (float(rng.uniform(20, 230)), float(rng.uniform(20, 230)), float(rng.uniform(20, 230)))
    return Scene(
        tuple(actors),
        view,
        camera,
        background,
        _passing(rng, time, settings) if hidden else (),
        float(rng.uniform(0.5, 0.72)),
        colour,
    )


def _act(rng: np.random.Generator, motion: str, body: Body, settings: DemoSettings) -> Actor:
    frames = settings.frames
    performance = perform(motion, rng, frames, settings.fps)
    yaw = performance.angles.get("yaw", np.zeros(frames)) + performance.heading
    posed = pose_body(body, performance.angles | {"yaw": yaw}, frames)
    forward = np.sign(np.sin(np.radians(performance.heading)))
    travel = performance.speed * forward * np.arange(frames) / settings.fps
    actor = Actor(
        posed,
        np.zeros(frames),
        0.0,
        body,
        random_look(rng, 128.0),
        performance.prop,
        _ball(posed.joints, yaw, performance.release, settings.fps),
    )
    return _move(actor, travel, 0.0)


def _move(actor: Actor, x: FloatArray, depth: float) -> Actor:
    """Put an actor at another place."""
    shift = np.stack([x - actor.anchor, 0 * x, 0 * x + depth - actor.depth], axis=1)
    moved = replace(actor.motion, joints=actor.motion.joints + shift[:, None])
    return replace(actor, motion=moved, anchor=x, depth=depth, ball=actor.ball + shift)


def _ball(joints: FloatArray, yaw: FloatArray, release: int, fps: float) -> FloatArray:
    """Return the path of a ball: with the faster hand until its release, then in flight."""
    hands = joints[:, [INDEX["right_hand"], INDEX["left_hand"]]]
    last = int(np.clip(release, 1, len(joints)))
    hand = int(np.argmax(np.abs(np.diff(hands[:last], axis=0)).sum(axis=(0, 2)))) if last > 1 else 0
    path = hands[:, hand].copy()
    flight = np.arange(1, len(joints) - last + 1) / fps
    turned = np.radians(yaw[last - 1])
    path[last:] = path[last - 1] + np.stack(
        [
            9.0 * np.sin(turned) * flight,
            2.5 * flight - 4.9 * flight**2,
            1.0 * np.cos(turned) * flight,
        ],
        axis=1,
    )
    return path


def _passing(
    rng: np.random.Generator, time: FloatArray, settings: DemoSettings
) -> tuple[Tube, ...]:
    """Let a post or a bush pass in front of the camera, once."""
    width, height = settings.width, settings.height
    wide = float(rng.uniform(0.035, 0.06)) * width
    low = bool(rng.uniform() < 0.5)  # a bush hides the legs, a post a strip of the whole person
    top = 0.8 * height if low else -0.2 * height
    if low:
        wide *= 2.0
    start, takes = rng.uniform(0.1, 0.5), rng.uniform(0.4, 0.7)
    share = (time / time[-1] - start) / takes
    columns = -2 * wide + share * (width + 4 * wide)
    if rng.uniform() < 0.5:
        columns = width - columns
    level = float(rng.uniform(30, 200))
    cloth = Cloth((level, level, level), (0.7 * level, 0.75 * level, 0.7 * level), "checks")
    return tuple(
        Tube(
            np.array([x, top]),
            np.array([x, 1.2 * height]),
            (wide, wide),
            (NEAR, NEAR),
            cloth,
            cloth.colour,
        )
        for x in columns
    )
