"""The tables stage: the paper's tables, with our figures beside them."""
