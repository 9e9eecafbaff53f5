"""The crops of all videos as one collection: pictures by number, and boxes cut out of them."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from stpose.artefacts.schemas import CROPS
from stpose.artefacts.stores import open_store
from stpose.crop_cutting import CropMode, box_transforms, cut_boxes, inside_boxes
from stpose.crop_index import Rows, read_crop_index
from stpose.crop_memory import ready_for, room_for_crops
from stpose.errors import ArtefactError


class CropCollection:
    """The crops of many videos.

    Decoded pictures are held where they all fit (`stpose.crop_memory`), and are otherwise decoded
    whenever they are asked for, by several threads.

    Attributes:
        index: Keys and boxes of all crops.
        size_px: Side of the crops.
        is_held: Whether the decoded pictures are held.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        resident_bytes: int = 0,
        device: str = "cpu",
        threads: int = 4,
        mapped_folder: Path | None = None,
    ) -> None:
        """Read the index, and the pictures if they fit.

        Args:
            paths: Crop stores, one a video; those without crops add nothing.
            resident_bytes: Memory that the decoded pictures may take; 0 decodes on demand.
            device: Where pictures are used.
            threads: Threads that decode.
            mapped_folder: Folder for a file with the decoded pictures, where memory is too small.

        Raises:
            ArtefactError: A store is damaged or something else.
            InputError: The stores hold crops of different sizes.
        """
        self._threads, self._device = threads, device
        self.index, self._files, self.size_px = read_crop_index(paths)
        shape = (len(self.index), 3, self.size_px, self.size_px)
        self._held = room_for_crops(shape, resident_bytes, mapped_folder, device)
        self.is_held = self._held is not None
        if self._held is not None:
            for start in range(0, len(self.index), 512):
                rows = np.arange(start, min(start + 512, len(self.index)))
                self._held[start : start + len(rows)] = self._decode(rows)

    def fetch(self, indices: Rows) -> Tensor:
        """Return crops as (N, 3, size_px, size_px) uint8 RGB, ready to go where they are used."""
        if self._held is not None:
            return ready_for(self._device, self._held, torch.from_numpy(indices))
        distinct, places = np.unique(indices, return_inverse=True)
        return ready_for(self._device, self._decode(distinct), torch.from_numpy(places))

    def sample(
        self,
        indices: Rows,
        boxes: NDArray[np.floating],
        input_px: int,
        mirror: NDArray[np.bool_],
        rotation: NDArray[np.floating],
        device: str,
        mode: CropMode = "warp",
    ) -> Tensor:
        """Cut a box out of each crop; see `cut_boxes`.

        Args:
            indices: (N,) numbers of crops; one may come several times.
            boxes: (N, 4) boxes in crop px.
            input_px: Side of the result.
            mirror: (N,) whether to flip left and right.
            rotation: (N,) turn, degrees.
            device: Where to compute.
            mode: How a box is made square.

        Returns:
            (N, 3, input_px, input_px) RGB in 0 to 1.
        """
        transforms = box_transforms(boxes, self.size_px, mirror, rotation, mode)
        if device != "cpu":
            return cut_boxes(self.fetch(indices).to(device), transforms, input_px)
        if self._held is not None:  # cut from where they lie, without a copy of whole crops
            return cut_boxes(self._held, transforms, input_px, indices)
        distinct, places = np.unique(indices, return_inverse=True)
        return cut_boxes(self._decode(distinct), transforms, input_px, places)

    def real_pixels(
        self,
        indices: Rows,
        boxes: NDArray[np.floating],
        input_px: int,
        mirror: NDArray[np.bool_],
        rotation: NDArray[np.floating],
        device: str,
        mode: CropMode = "warp",
    ) -> Tensor:
        """Return which pixels of `sample` come from the source and are not replicated.

        Returns:
            (N, 1, input_px, input_px) bool.
        """
        transforms = box_transforms(boxes, self.size_px, mirror, rotation, mode).to(device)
        valid = torch.from_numpy(self.index.valid[indices]).to(device)
        return inside_boxes(transforms, valid / self.size_px, input_px)[:, None]

    def _decode(self, indices: Rows) -> Tensor:
        out = np.empty((len(indices), self.size_px, self.size_px, 3), np.uint8)

        def decode(place: int, file: Path, data: bytes) -> None:
            picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
            if picture is None or picture.shape != out.shape[1:]:
                message = f"{file}: crop {self.index.row[indices[place]]} cannot be decoded"
                raise ArtefactError(message)
            cv2.cvtColor(picture, cv2.COLOR_BGR2RGB, dst=out[place])

        with ThreadPoolExecutor(self._threads) as pool:
            jobs = [pool.submit(decode, *encoded) for encoded in self._encoded(indices)]
            for job in jobs:
                job.result()
        return torch.from_numpy(out).permute(0, 3, 1, 2)

    def _encoded(self, indices: Rows) -> Iterator[tuple[int, Path, bytes]]:
        """Read the encoded pictures, each file being opened once."""
        with ExitStack() as stack:
            is_open = -1
            for place in np.argsort(self.index.video[indices], kind="stable"):
                video = int(self.index.video[indices[place]])
                if video != is_open:
                    stack.close()
                    store = stack.enter_context(open_store(self._files[video], CROPS))
                    is_open = video
                row = int(self.index.row[indices[place]])
                yield int(place), self._files[video], store.encoded("image", row)
