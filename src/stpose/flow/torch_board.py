"""The order of a batch of images in the memory of the Brox solver in PyTorch.

Each image lies in a frame of at least one pixel, in rows of an odd length, and all images of a
batch follow each other as one line of pixels, each beginning at an even place. As the rows are odd,
the colours of a chequerboard alternate along the whole line: pixel i has colour i mod 2. The pixels
of each colour are packed next to each other, at place i div 2. So the pixel d further along the
line (1 is to the right, the length of a row is below) is seen from place j of colour c at place
j + (c + d) div 2 of colour (c + d) mod 2, wherever that is in the image: the neighbours of all
pixels of a colour are one unbroken, shifted piece of memory.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class Board:
    """Where the pixels of a batch of images lie; a field is a tensor (n, 2 colours, places).

    Attributes:
        count: Number of images.
        height: Of each, px.
        width: Of each, px.
    """

    count: int
    height: int
    width: int

    @property
    def row(self) -> int:
        """Length of a row and its frame: odd."""
        return self.width + 2 + (self.width + 1) % 2

    @property
    def rows(self) -> int:
        """Rows of an image and its frame: even, so that every image begins at an even place."""
        return self.height + 2 + self.height % 2

    @property
    def places(self) -> int:
        """Places of each colour."""
        return self.count * self.rows * self.row // 2

    def pack(self, images: Tensor, fields: Tensor) -> None:
        """Bring images (n, count, height, width) into fields, with 0 in the frame."""
        right, below = self.row - 1 - self.width, self.rows - 1 - self.height
        line = functional.pad(images, (1, right, 1, below)).view(len(images), self.places, 2)
        fields.copy_(line.transpose(1, 2))

    def unpack(self, fields: Tensor) -> Tensor:
        """Return fields as images (n, count, height, width)."""
        line = fields.transpose(1, 2).reshape(len(fields), self.count, self.rows, self.row)
        return line[:, :, 1 : self.height + 1, 1 : self.width + 1]

    def seen(self, fields: Tensor, colour: int, right: int = 0, down: int = 0) -> Tensor:
        """Return what the pixels of a colour see next to them, as a view (n, m) of fields.

        The m places are the same for both colours and all neighbours: from the first pixel outside
        the frame to the last, with those of the frame in between.
        """
        shift, other = divmod(colour + right + down * self.row, 2)
        margin = (self.row + 1) // 2
        return fields[:, other, margin + shift : self.places - margin + shift]

    def frame(self, device: torch.device) -> tuple[Tensor, Tensor]:
        """Return the places in the frame beside each image, and those of the pixels beside them.

        Both count along the colours and places of a field together.
        """
        y = torch.arange(1, self.height + 1, device=device) * self.row
        x = torch.arange(1, self.width + 1, device=device)
        last = self.height * self.row
        outer = torch.cat([y, y + self.width + 1, x, x + last + self.row])
        inner = torch.cat([y + 1, y + self.width, x + self.row, x + last])
        start = torch.arange(self.count, device=device)[:, None] * (self.rows * self.row)
        both = (start + outer).view(-1), (start + inner).view(-1)
        beside, pixels = ((i % 2) * self.places + i // 2 for i in both)
        return beside, pixels
