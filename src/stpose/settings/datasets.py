"""The names of the datasets that can be downloaded, as settings and rules use them."""

from typing import Literal

DatasetName = Literal[
    "lsp", "lsp_extended", "mpii", "olympic_sports_labels", "quva", "jhmdb", "middlebury"
]
