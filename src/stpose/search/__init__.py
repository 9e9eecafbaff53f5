"""Search by pose: exact among all vectors, and by codes small enough for a page."""
