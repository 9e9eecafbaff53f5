"""Texts beside what a store holds: its header, units and descriptions."""

import h5py


def write_text(owner: h5py.HLObject, name: str, text: str) -> None:
    """Attach a text to a file or dataset, with its length in its type.

    Texts without a length would lie in a heap that has no checksum; a flipped byte there lets
    HDF5 loop for ever.
    """
    encoded = text.encode()
    dtype = h5py.string_dtype("utf-8", max(1, len(encoded)))
    owner.attrs.create(name, encoded, dtype=dtype)


def read_text(owner: h5py.HLObject, name: str) -> str | None:
    """Return a text of a file or dataset; None if there is none. Earlier versions' texts too.

    Raises:
        Exception: h5py raises about anything at damaged files.
    """
    text = owner.attrs.get(name)
    return text.decode() if isinstance(text, bytes) else None if text is None else str(text)
