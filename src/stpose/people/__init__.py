"""People: where they are in each frame, and who is who over time."""
