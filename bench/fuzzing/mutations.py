"""What is done to files: damage to whole ones, and files made of odd but well-formed content."""

import json
import warnings
from io import BytesIO
from typing import Any

import h5py
import numpy as np
import scipy.io
import yaml
from hypothesis import strategies as st

# Numbers at which sizes and offsets break.
_EDGES = [
    *(b"\x00", b"\xff", b"\x7f", b"\x80", b"\x00" * 4, b"\xff" * 4, b"\xff\xff\xff\x7f"),
    *(b"\x7f\xff\xff\xff", b"\x00\x00\x00\x80", b"\x00" * 8, b"\xff" * 8, b"\x01\x00\x00\x00"),
    *(b"nan", b"inf", b"-1", b"1e300", b"9" * 25, b"\n", b"[" * 40),
]
# Headers and footers decide how the rest is read.
_NEAR_AN_END = 1024


@st.composite
def damaged(draw: st.DrawFn, whole: list[bytes]) -> bytes:
    """Draw one of some whole files, damaged in one to four places."""
    content = bytearray(draw(st.sampled_from(whole)))
    for _ in range(draw(st.integers(1, 4))):
        if not content:
            break
        last = len(content) - 1
        near = min(_NEAR_AN_END, last)
        place = draw(
            st.one_of(st.integers(0, near), st.integers(last - near, last), st.integers(0, last))
        )
        match draw(st.sampled_from(["flip", "edge", "cut", "insert", "drop", "repeat"])):
            case "flip":
                content[place] ^= draw(st.integers(1, 255))
            case "edge":
                edge = draw(st.sampled_from(_EDGES))
                content[place : place + len(edge)] = edge
            case "cut":
                del content[place:]
            case "insert":
                content[place:place] = draw(st.binary(min_size=1, max_size=16))
            case "drop":
                del content[place : place + draw(st.integers(1, 64))]
            case "repeat":
                piece = content[place : place + draw(st.integers(1, 64))]
                content[place:place] = piece
    return bytes(content)


_DTYPES = ["f8", "f4", "f2", "i8", "i4", "u1", "u8", "bool", "c16", "S3"]
_SIDES = [0, 1, 2, 3, 4, 5, 14, 16]
_NUMBERS = [0, 1, -1, 0.5, 2**31, 2**53, -(2**63), 1e300, float("nan"), float("inf")]


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray:
    """Draw an array of any type and shape, filled with one or two numbers at the edges."""
    shape = tuple(draw(st.lists(st.sampled_from(_SIDES), max_size=3)))
    dtype = draw(st.sampled_from(_DTYPES))
    pool = np.array(draw(st.lists(st.sampled_from(_NUMBERS), min_size=1, max_size=3)))
    with np.errstate(all="ignore"):
        values = np.resize(pool, shape)
        return values.astype("f8").astype(dtype) if dtype != "S3" else np.full(shape, b"abc")


def named(names: list[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a mapping with some of the names that a reader looks for, and others."""
    keys = st.one_of(st.sampled_from(names), st.text("abz_", min_size=1, max_size=3))
    some = st.dictionaries(keys, values, max_size=len(names) + 1)
    return st.one_of(some, st.fixed_dictionaries(dict.fromkeys(names, values)))


@st.composite
def hdf5_files(draw: st.DrawFn, names: list[str]) -> bytes:
    """Draw an HDF5 file with arrays, texts or groups under the names that a reader looks for."""
    texts = st.sampled_from(["", "im1.jpg", "naïve", "\x00"])
    content = draw(named(names, st.one_of(arrays(), texts, st.none())))
    target = BytesIO()
    with h5py.File(target, "w") as file:
        for name, value in content.items():
            if name in file:
                continue
            try:
                file.create_group(name) if value is None else file.create_dataset(name, data=value)
            except (ValueError, TypeError):  # a path through something that is no group
                continue
    return target.getvalue()


@st.composite
def matlab_files(draw: st.DrawFn, names: list[str]) -> bytes:
    """Draw a MATLAB file of version 5 with arrays, texts, cells and structures."""
    leaf = st.one_of(arrays(), st.sampled_from(["", "a.jpg", "1"]))
    fields = ["annolist", "img_train", "image", "name", "annorect", "annopoints", "point", "id"]
    fields += ["x", "y", "x1", "y1", "x2", "y2", "scale", "objpos", "is_visible"]
    tree = st.recursive(leaf, lambda inner: named(draw(st.just(fields)), inner), max_leaves=12)
    target = BytesIO()
    try:
        with warnings.catch_warnings(action="ignore"):  # of names that MATLAB cannot have
            scipy.io.savemat(target, draw(named(names, tree)))
    except (ValueError, TypeError, OverflowError):
        return b""
    return target.getvalue()


def json_values(names: list[str]) -> st.SearchStrategy[Any]:
    """Draw values of JSON in which a reader's own keys occur."""
    leaf = st.one_of(
        st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=4)
    )
    return st.recursive(
        leaf, lambda inner: st.lists(inner, max_size=4) | named(names, inner), max_leaves=20
    )


def json_files(names: list[str]) -> st.SearchStrategy[bytes]:
    """Draw JSON text: of any values, or nested deeper than a parser goes."""
    deep = st.sampled_from([b"[" * 100_000, b'{"a":' * 100_000, b"[" * 5000 + b"]" * 5000])
    plain = json_values(names).map(lambda value: json.dumps(value).encode())
    return st.one_of(plain, plain, plain, plain, plain, plain, plain, deep)


def yaml_files(names: list[str]) -> st.SearchStrategy[bytes]:
    """Draw YAML text of any values, with tags that ask for Python objects now and then."""
    plain = json_values(names).map(lambda value: yaml.safe_dump(value).encode())
    hostile = st.sampled_from(
        [
            b"videos: !!python/object/apply:os.system ['true']\n",
            b"videos: !!python/name:os.system\n",
            b"a: &a [x, x]\nb: &b [*a, *a]\nvideos: *b\n",
            b"? [1, 2]\n: 3\n",
            b"? {a: 1}\n: 3\n",
            b"<<: 3\n",
            b"videos: !!timestamp 99999-99-99\n",
            b"videos: 2001-01-01\nresults: 0x_\n",
            b"&a a: *a\n",
            b"a: &a [*a]\n",
            b"[" * 3000,
        ]
    )
    return st.one_of(plain, plain, plain, hostile)


def text_files(words: list[str]) -> st.SearchStrategy[bytes]:
    """Draw lines of words: numbers at the edges, words of the format, other text."""
    numbers = [str(number) for number in _NUMBERS] + ["1", "2", "3", "10", "20", "1_0", "٣", "0x1"]
    word = st.one_of(st.sampled_from(numbers), st.sampled_from(words), st.text(max_size=3))
    line = st.lists(word, max_size=6).map(" ".join)
    return st.lists(line, max_size=6).map(lambda lines: "\n".join(lines).encode("utf-8", "replace"))
