"""Decoding: order, numbers, turning, damage, and an end."""

import itertools
import struct
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from stpose.errors import InputError
from stpose.frames.decoding import NoFramesError, VideoDecoder, open_video, resize
from stpose.frames.messages import NativeMessages

Image = NDArray[np.uint8]
MakeVideo = Callable[..., Path]


def scripted(
    images: Iterable[Image | None], properties: dict[int, float] | None = None
) -> VideoDecoder:
    """Return a decoder of a capture that plays pictures; None where decoding fails."""
    pictures = iter(images)
    known = {cv2.CAP_PROP_FPS: 10.0, **(properties or {})}

    def read() -> tuple[bool, Image | None]:
        image = next(pictures, None)
        return image is not None, image

    capture = SimpleNamespace(read=read, get=lambda name: known.get(name, 0.0))
    messages = SimpleNamespace(captured=nullcontext, lines=tuple)
    return VideoDecoder(cast("cv2.VideoCapture", capture), cast("NativeMessages", messages))


GREY = np.full((12, 16, 3), 90, np.uint8)


def test_frames_come_in_order_with_their_times(make_video: MakeVideo) -> None:
    images = [np.full((48, 64, 3), 12 * n, np.uint8) for n in range(20)]
    with open_video(make_video("a.mp4", images)) as video:
        frames = list(video)
        assert [frame.number for frame in frames] == list(range(20))
        assert [frame.time for frame in frames] == pytest.approx(np.arange(20) / 25)
        for frame in frames:
            assert frame.image.mean() == pytest.approx(12 * frame.number, abs=4)
        assert (video.fps, video.announced, video.decoded, video.lost) == (25, 20, 20, 0)
        assert video.warnings() == []


@pytest.mark.parametrize(
    "codec", [".mp4 mp4v", ".avi MJPG", ".avi XVID", ".mkv mp4v", ".webm VP80"]
)
def test_containers(make_video: MakeVideo, codec: str) -> None:
    ending, code = codec.split()
    with open_video(make_video("a" + ending, 15, code)) as video:
        assert [frame.number for frame in video] == list(range(15))


def test_only_what_is_asked_for_is_decoded() -> None:
    endless = scripted(itertools.repeat(GREY))
    assert [frame.number for frame in itertools.islice(endless, 5)] == [0, 1, 2, 3, 4]
    assert endless.decoded == 5


def test_lost_frames_keep_their_numbers() -> None:
    video = scripted([GREY, None, None, GREY, GREY, None, GREY])
    frames = list(video)
    assert [frame.number for frame in frames] == [0, 3, 4, 6]
    assert [frame.time for frame in frames] == pytest.approx([0, 0.3, 0.4, 0.6])
    assert video.lost == 3
    assert "damaged frames passed over: 3" in video.warnings()


def test_decoding_ends_in_a_long_damaged_stretch() -> None:
    failures = itertools.repeat(None)
    video = scripted(itertools.chain([GREY, GREY], failures), {cv2.CAP_PROP_FRAME_COUNT: 900.0})
    assert len(list(video)) == 2
    assert video.lost == 0
    assert "900 frames announced, 2 came" in video.warnings()


def test_damaged_pictures_inside_a_stream(jpeg_stream: MakeVideo, picture: Any) -> None:
    images = [picture(n) for n in range(20)]
    damaged = cv2.imencode(".jpg", images[7])[1].tobytes()[:60] + bytes(200)
    path = jpeg_stream("a.mjpeg", [*images[:7], damaged, damaged, *images[9:]])
    with open_video(path) as video:
        frames = {frame.number: frame.image for frame in video}
    assert sorted(frames) == [*range(7), *range(9, 20)]
    assert abs(frames[15].astype(int) - images[15]).mean() < 3


def test_frames_of_another_size_take_that_of_the_first(
    jpeg_stream: MakeVideo, picture: Any
) -> None:
    large, small = (picture(10, 160, 120), picture(5, 80, 60))
    with open_video(jpeg_stream("a.mp4", [large] * 6 + [small] * 6)) as video:
        shapes = [frame.image.shape for frame in video]
    assert shapes == [(120, 160, 3)] * 12


def test_a_decoder_that_hands_out_another_size_is_corrected() -> None:
    video = scripted([GREY, np.zeros((6, 20, 3), np.uint8), GREY])
    assert {frame.image.shape for frame in video} == {GREY.shape}
    assert "frames of another size, resized to that of the first: 1" in video.warnings()


def turned(path: Path, degrees: int) -> Path:
    """Write the turn into the display matrix of the track header of an MP4 file."""
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 4 + 4 + 20 + 16
    assert struct.unpack_from(">9i", data, matrix) == (65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
    cosine, sine = {90: (0, 1), 180: (-1, 0), 270: (0, -1)}[degrees]
    values = (cosine << 16, sine << 16, 0, -sine << 16, cosine << 16, 0, 0, 0, 1 << 30)
    struct.pack_into(">9i", data, matrix, *values)
    target = path.with_stem(f"turned{degrees}")
    target.write_bytes(data)
    return target


@pytest.mark.parametrize(
    ("degrees", "turn"),
    [(90, cv2.ROTATE_90_CLOCKWISE), (180, cv2.ROTATE_180), (270, cv2.ROTATE_90_COUNTERCLOCKWISE)],
)
def test_frames_come_upright(make_video: MakeVideo, picture: Any, degrees: int, turn: int) -> None:
    path = turned(make_video("a.mp4", 10), degrees)
    upright = cv2.rotate(picture(4), turn)
    with open_video(path) as video:
        frames = list(video)
        assert video.rotation == degrees
    assert frames[4].image.shape == upright.shape
    assert abs(frames[4].image.astype(int) - upright).mean() < 4


def with_durations(path: Path, durations: list[int]) -> Path:
    """Write one duration a frame into the time table (stts) of an MP4 file."""

    def rewrite(data: bytes, inside: tuple[bytes, ...]) -> bytes:
        parts, at = [], 0
        while at < len(data):
            size, kind = struct.unpack_from(">I4s", data, at)
            body = data[at + 8 : at + size]
            if kind == b"stts":
                entries = b"".join(struct.pack(">II", 1, step) for step in durations)
                body = struct.pack(">II", 0, len(durations)) + entries
            elif kind == b"edts":  # the edit list would cut the video at its old length
                kind = b"free"
            elif kind in inside:
                body = rewrite(body, inside)
            parts.append(struct.pack(">I4s", len(body) + 8, kind) + body)
            at += size
        return b"".join(parts)

    target = path.with_stem("variable")
    target.write_bytes(rewrite(path.read_bytes(), (b"moov", b"trak", b"mdia", b"minf", b"stbl")))
    return target


def test_variable_frame_rates_keep_the_times_of_the_container(make_video: MakeVideo) -> None:
    plain = make_video("a.mp4", 12)
    scale = struct.unpack_from(">I", plain.read_bytes(), plain.read_bytes().index(b"mdhd") + 16)[0]
    steps = [scale // 25 * factor for factor in (1, 1, 3, 1, 1, 5, 1, 2, 1, 1, 1, 1)]
    with open_video(with_durations(plain, steps)) as video:
        times = [frame.time for frame in video]
    assert times == pytest.approx([0, *(np.cumsum(steps[:-1]) / scale)], abs=1e-4)


def test_half_an_avi_gives_the_frames_that_there_are(make_video: MakeVideo) -> None:
    path = make_video("a.avi", 40, "MJPG")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with open_video(path) as video:
        numbers = [frame.number for frame in video]
        assert 10 < len(numbers) < 30
        assert numbers == list(range(len(numbers)))
        assert f"40 frames announced, {len(numbers)} came" in video.warnings()


@pytest.mark.parametrize("ending", [".mp4", ".avi", ".mkv", ".mpg", ".ts", ".gif", ".h264"])
def test_text_and_noise_are_refused_with_a_reason(
    tmp_path: Path, ending: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"a{ending}"
    for content in (b"not a video\n" * 99, np.random.default_rng(1).bytes(20_000)):
        path.write_bytes(content)
        with (
            pytest.raises(InputError, match="OpenCV cannot open it: ") as failure,
            open_video(path),
        ):
            pass
        assert "0x5" not in str(failure.value)
        assert "0x7" not in str(failure.value)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name", ["a.mp4", "a.mov"])
def test_a_container_without_frames(make_video: MakeVideo, name: str) -> None:
    with pytest.raises(NoFramesError), open_video(make_video(name, 0)):
        pass


@pytest.mark.parametrize("name", ["two words %03d: ünï #1?.mp4", "bad\udcff.mp4", "漢字.mp4"])
def test_any_file_name(make_video: MakeVideo, name: str) -> None:
    path = make_video("plain.mp4", 9)
    with open_video(path.rename(path.with_name(name))) as video:
        assert len(list(video)) == 9


@pytest.mark.parametrize(
    ("properties", "found"),
    [
        ({cv2.CAP_PROP_FPS: 0.0}, 0.0),
        ({cv2.CAP_PROP_FPS: float("nan")}, 0.0),
        ({cv2.CAP_PROP_FPS: 90_000.0}, 0.0),
        ({cv2.CAP_PROP_FPS: 29.97, cv2.CAP_PROP_FRAME_COUNT: -9.2e18}, 29.97),
    ],
)
def test_rates_and_counts_without_sense(properties: dict[int, float], found: float) -> None:
    video = scripted([GREY, GREY], properties)
    assert video.fps == found
    assert video.announced == 0
    assert np.isfinite([frame.time for frame in video]).all()


def test_resize_averages_where_it_shrinks() -> None:
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::2] = 200
    assert resize(stripes, 16, 16).std() < 1
    assert resize(stripes, 128, 128).shape == (128, 128, 3)
